"""A test client that looks at the page: every page it opens has one h1, a title that begins with it, unique
ids, a label for each input, a token in each form that posts, and is valid HTML.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from bs4 import BeautifulSoup, Tag
from flask import Flask, g, url_for
from itsdangerous import URLSafeTimedSerializer

from app.auth.models import SignIn, User
from app.core import crypto
from app.extensions import db
from tests.validity import faults_of


@dataclass
class Page:
    """What came back."""

    response: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def json(self) -> Any:
        return self.response.json

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def text(self) -> str:
        """Return the words of the page, white space folded."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def h1(self) -> str:
        return " ".join(self.soup.h1.get_text(" ").split())

    @property
    def errors(self) -> list[str]:
        """Return every sentence of the error summary."""
        return [" ".join(item.get_text(" ").split()) for item in self.soup.select(".error-summary li")]

    @property
    def error(self) -> str:
        """Return the one sentence of the error summary."""
        assert len(self.errors) == 1, f"expected one error, found {self.errors} in {self.text[:2000]}"
        return self.errors[0]


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.csrf = uuid4().hex

    def sign_in(self, user: User) -> None:
        """Sign in without a password, as the cookie of an earlier sign-in would."""
        token = crypto.new_token()
        db.session.add(SignIn(token_digest=crypto.token_digest(token), user_id=user.id, device="test"))
        db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    def sign_out(self) -> None:
        """Forget every cookie."""
        self.client = self.app.test_client()

    def get(self, endpoint: str, *, expect: int = 200, **values: Any) -> Page:
        """Open a page by its endpoint (or by a path that begins with a slash) and look at it."""
        return self._look(self._send("get", self._path(endpoint, values), expect))

    def post(
        self,
        endpoint: str,
        *,
        expect: int = 303,
        data: dict[str, Any] | None = None,
        key: str | None = None,
        **values: Any,
    ) -> Page:
        """Send a form; unknown address values become the query."""
        form = {"csrf_token": self._token(), "idempotency_key": key or uuid4().hex, **(data or {})}
        return self._look(self._send("post", self._path(endpoint, values), expect, data=form))

    def _path(self, endpoint: str, values: dict[str, Any]) -> str:
        if endpoint.startswith("/"):
            return endpoint
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def _token(self) -> str:
        with self.client.session_transaction() as session:
            session["csrf_token"] = self.csrf
        return URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(self.csrf)

    def _send(self, method: str, path: str, expect: int, **kwargs: Any) -> Page:
        for name in ("_login_user", "csrf_token", "csrf_valid", "_flashes"):
            g.pop(name, None)  # the context of the test outlives a request
        db.session.expire_all()
        page = Page(getattr(self.client, method)(path, **kwargs))
        assert page.status == expect, (
            f"{method} {path}: {page.status}, not {expect}: {page.location} {page.text[:3000]}"
        )
        return page

    def _look(self, page: Page) -> Page:
        if page.response.mimetype != "text/html" or 300 <= page.status < 400:
            return page
        tags = page.soup.find_all(True)
        named: defaultdict[str, list[Tag]] = defaultdict(list)
        for tag in tags:
            named[tag.name].append(tag)
        assert len(named["h1"]) == 1, f"{len(named['h1'])} h1"
        title = " ".join(page.soup.title.get_text().split())
        assert title.startswith(page.h1), f"title '{title}' does not begin with '{page.h1}'"
        ids = [tag["id"] for tag in tags if tag.get("id")]
        assert len(ids) == len(set(ids)), f"id twice: {sorted(i for i in ids if ids.count(i) > 1)}"
        labelled = {label.get("for") for label in named["label"]}
        for field in (*named["input"], *named["select"], *named["textarea"]):
            if field.get("type") in ("hidden", "submit"):
                continue
            has_name = (
                field.get("id") in labelled
                or field.get("aria-label")
                or field.get("aria-labelledby")
                or field.find_parent("label")
            )
            assert has_name, f"no label: {field}"
        for form in named["form"]:
            is_safe = (form.get("method") or "").lower() != "post" or form.find(
                "input", attrs={"name": "csrf_token"}
            )
            assert is_safe, f"no token in {form.get('action')}"
        assert faults_of(page.soup) == []
        assert not any(tag.get("style") for tag in tags), "inline style"
        assert all(tag.get("src") for tag in named["script"]), "inline script"
        return page
