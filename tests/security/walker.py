"""Sends requests as one of the people of the world, each in a savepoint, and says what came back and what was
changed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection, event, select

from app.extensions import db
from tests.security.world import Person, World

SECRET = "q7Zk2mXv9LsT4wBnR8yD"
# Tables that may be written by a refused request: what was tried, what was answered, that somebody is there,
# that it was refused.
NOTED = frozenset({"idempotency_records", "tries", "sign_ins", "events", "person_keys"})
_WRITTEN = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_MASKED = re.compile(r"(?:[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{12,})|\b[0-9a-f]{32}\b")
# Draw a sheet: asked for by few, since each costs as much as many pages.
SLOW = {
    "certificates.save_pdf",
    "certificates.save_own_pdf",
    "certificates.save_own_picture",
    "certificates.draw_own_certificate",
    "api.download_certificate",
    "api.draw_own_certificate",
}


@dataclass
class Answer:
    """What came back, and which tables are not what they were."""

    status: int
    body: str
    headers: Any
    changed: list[str]
    path: str

    @property
    def masked(self) -> str:
        """Return the body without what differs on each request."""
        return _MASKED.sub("·", self.body).replace(self.path, "PATH")


@dataclass(frozen=True)
class Route:
    """One rule with one method."""

    endpoint: str
    method: str
    names: frozenset[str]
    access: str
    is_api: bool

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def routes(app: Flask, *methods: str) -> list[Route]:
    """Return every route that production has but the static files, in the order of their names."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.endpoint.startswith("gallery."):
            continue
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add(
                Route(rule.endpoint, method, frozenset(rule.arguments), access, rule.rule.startswith("/api/"))
            )
    wanted = [route for route in found if not methods or route.method in methods]
    return sorted(wanted, key=lambda route: (route.endpoint, route.method))


class Walker:
    """Every request begins with the same world and leaves it as it was."""

    def __init__(self, app: Flask, connection: Connection, world: World) -> None:
        self.app, self.connection, self.world = app, connection, world
        self.client = app.test_client(use_cookies=False)
        self.adapter = app.url_map.bind("localhost")
        self.written: set[str] = set()
        self.before = {
            table.name: self._digest(table) for table in db.metadata.sorted_tables if table.name not in NOTED
        }
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._cookie = lambda values: f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(values)}"

    def path(self, route: Route, values: dict[str, Any]) -> str:
        return self.adapter.build(route.endpoint, values)

    def cookie(self, person: Person | None, secret: str = SECRET) -> str:
        """Return the cookie of somebody's browser."""
        who = {"_user_id": person.session, "_fresh": True} if person else {}
        return self._cookie({**who, "csrf_token": secret})

    def token(self, secret: str = SECRET) -> str:
        """Return the token that this browser's forms carry."""
        return URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(secret)

    def send(
        self,
        person: Person | None,
        method: str,
        path: str,
        *,
        data: Any = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        bare: bool = False,
        keep: bool = False,
        **options: Any,
    ) -> Answer:
        """Send one request: a page with cookie and token, the API with a bearer token; `bare` adds nothing,
        `keep` keeps what it did.
        """
        is_api = path.startswith("/api/")
        sent = dict(headers or {})
        if not bare and is_api and person:
            sent.setdefault("Authorization", f"Bearer {person.bearer}")
        if not bare and not is_api:
            sent.setdefault("Cookie", self.cookie(person))
            if method != "GET" and not isinstance(data, str | bytes):
                data = {"csrf_token": self.token(), "idempotency_key": uuid4().hex, **(data or {})}
        if is_api and method != "GET" and json is None and data is None and not bare:
            json = {}
        savepoint = None if keep else self.connection.begin_nested()
        self.written = set()
        event.listen(self.connection, "before_cursor_execute", self._remember)
        try:
            response = self.client.open(path, method=method, data=data, json=json, headers=sent, **options)
        finally:
            event.remove(self.connection, "before_cursor_execute", self._remember)
        changed = self.changed() if self.written - NOTED else []
        if savepoint is not None:
            savepoint.rollback()
        body = response.get_data()
        text = (
            body.decode()
            if "text" in response.mimetype or "json" in response.mimetype
            else f"{len(body)} bytes"
        )
        answer = Answer(response.status_code, text, response.headers, changed, path)
        response.close()
        return answer

    def changed(self) -> list[str]:
        """Return the tables written by the last request that are not what they were."""
        tables = {table.name: table for table in db.metadata.sorted_tables}
        return sorted(
            name for name in self.written - NOTED if self._digest(tables[name]) != self.before[name]
        )

    def count(self, *names: str) -> dict[str, int]:
        """Return how many rows these tables have now, all but the noted ones when none is named."""
        tables = [
            table
            for table in db.metadata.sorted_tables
            if (table.name in names if names else table.name not in NOTED)
        ]
        return {table.name: len(self.connection.execute(select(table)).all()) for table in tables}

    def _digest(self, table: Any) -> str:
        rows = self.connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def _remember(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITTEN.match(statement)
        if found:
            self.written.add(found[1].lower())

    def kept(self) -> Iterator[None]:
        """Undo at the end what requests with `keep` did."""
        savepoint = self.connection.begin_nested()
        yield
        savepoint.rollback()
