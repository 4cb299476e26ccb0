"""Walks through the whole site as everybody, without a browser: every link, every form empty, hostile and
filled, every failure.

What is kept: of each template and status every page that shows some kind of element which the earlier ones
did not; and every word. Requests run inside one transaction; what a form sends is undone after the page that
answers it.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask, template_rendered
from sqlalchemy import Connection, event
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.routing import BuildError, RequestRedirect

from app.core import clock
from app.notifications.models import Message
from app.trainees.rules import Sex, sample_nik
from tests.face.content import GUEST, Content
from tests.face.reading import Field, Form, Reading, folded, read
from tests.security.conftest import one_transaction

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
OFFICER = "Dinas sosial kabupaten/kota (Tapin)"
PAGES_OF_A_KIND = {
    OFFICER: 5,
    "dinas (Semarang)": 6,
    "penandatangan (Semarang)": 3,
    GUEST: 6,
}  # by endpoint and query names; 1 for others
LONG_WORD = "Panjangsekali" * 9
FILLED = {
    "email": "baru@contoh.id",
    "tel": "0812-0000-7777",
    "number": "5",
    "password": "sapi-biru-makan-rumput",
    "time": "09:00",
}
NAMED = {
    "nik": sample_nik("33.74.01", date(1990, 5, 5), Sex.FEMALE, 9777),
    "name": "Siti Rahmah",
    "birth_date": "5 Mei 1990",
}
HOSTILE = {"date": "31 Februari", "number": "-5", "email": "bukan alamat", "tel": "nol delapan"}
EXTENDS = re.compile(r"{%-?\s*extends\s+\"([^\"]+)\"")
FOR_MACHINES = ("dashboard.show_health", "dashboard.show_readiness")
MAIL = "emails/_frame.html"  # an HTML mail as the gallery shows it: no page, but read like one
FAILURES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


@dataclass
class Visit:
    """One page as somebody got it."""

    who: str
    how: str
    path: str
    status: int
    template: str
    body: str
    headers: list[tuple[str, str]]
    is_known: bool = (
        False  # its template met with this answer before, each kind of element on some page or other
    )

    def __str__(self) -> str:
        return f"{self.template} ({self.status}), {self.how} as {self.who}"


@dataclass
class Crawl:
    """All that was seen."""

    visits: list[Visit] = field(default_factory=list)
    words: dict[tuple[str, bool], str] = field(
        default_factory=dict
    )  # a text, whether volunteers read it; where
    acts: dict[str, str] = field(default_factory=dict)  # what stands on links and buttons; where
    unlabelled: dict[str, str] = field(default_factory=dict)
    disorder: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def met(self) -> set[str]:
        """Return the templates that somebody met."""
        return {visit.template for visit in self.visits}

    def first_of(self, template: str) -> Visit:
        """Return the page of a template as it is met first."""
        return next(visit for visit in self.visits if visit.template == template)

    def is_first_of_state(self, visit: Visit) -> bool:
        """Say whether a template is met here for the first time with this answer: the page itself, and the
        page that refuses.
        """
        return visit is next(
            each for each in self.visits if (each.template, each.status) == (visit.template, visit.status)
        )


def pages() -> set[str]:
    """Return the templates that can be a page: no parts, no mails, no frames of others."""
    texts = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    frames = {name for text in texts.values() for name in EXTENDS.findall(text)}
    whole = {name for name, text in texts.items() if EXTENDS.search(text) or "<!doctype" in text.lower()}
    return {
        name
        for name in whole - frames
        if not name.startswith(("components/", "emails/")) and "/_" not in name
    }


def crawl(app: Flask, content: Content) -> Crawl:
    """Walk as everybody."""
    with one_transaction(app) as connection:
        crawler = Crawler(app, content, connection)
        with crawler.reading_mails():
            for name in [GUEST, *content.sessions]:
                crawler.walk(name, ["/"])
            crawler.links_of_mails()
            crawler.registering()
            crawler.failures()
            crawler.addresses_without_link()
    return crawler.seen


class Crawler:
    """Opens pages and sends forms."""

    def __init__(self, app: Flask, content: Content, connection: Connection) -> None:
        self.app, self.content, self.connection = app, content, connection
        self.seen = Crawl()
        self.adapter = app.url_map.bind("localhost")
        self.serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self.not_pages: set[tuple[str, ...]] = set()
        self.tried: Counter[Any] = Counter()
        self.kinds: dict[tuple[str, bool], set[str]] = {}
        self.kept: set[tuple[str, int]] = set()
        self.opened: Counter[tuple[str, ...]] = Counter()

    def walk(self, name: str, begin: Iterable[str]) -> None:
        """Follow every link from here, and try every form on the way."""
        waiting, known = deque(begin), set(begin)
        while waiting:
            path = waiting.popleft()
            kind = self.kind_of(path)
            if kind is None or kind in self.not_pages:
                continue
            if self.opened[name, *kind] >= (PAGES_OF_A_KIND.get(name, 1)):
                continue
            self.opened[name, *kind] += 1
            page = self.open(name, path)
            if page is None:
                continue
            visit, reading = page
            for link in reading.links:
                target = urlsplit(urljoin(visit.path, link))
                where = target.path + (f"?{target.query}" if target.query else "")
                if target.netloc in ("", "localhost") and where not in known:
                    known.add(where)
                    waiting.append(where)
            for form in reading.forms:
                if form.method == "post":
                    self.try_form(name, visit, form)
                elif form.typed:
                    asked = urlencode({each.name: hostile(each) or "" for each in form.fields})
                    waiting.append(f"{urljoin(visit.path, form.action).split('?')[0]}?{asked}")

    def kind_of(self, path: str) -> tuple[str, ...] | None:
        """Return the endpoint of an address and the names of its query; None for files, programs and other
        sites.

        Of the gallery every address is a kind of its own.
        """
        parts = urlsplit(path)
        try:
            endpoint, _values = self.adapter.match(parts.path, method="GET")
        except (HTTPException, RequestRedirect):
            return None
        if endpoint == "static" or endpoint in FOR_MACHINES or endpoint.startswith("api."):
            return None
        if endpoint.startswith("gallery."):
            return endpoint, parts.path
        return endpoint, *sorted({key for key, _value in parse_qsl(parts.query)})

    def client(self, name: str) -> Any:
        """Return somebody's browser; its forms carry a token that stays the same."""
        client = self.app.test_client()
        own = {"_user_id": self.content.sessions[name], "_fresh": True} if name != GUEST else {}
        client.set_cookie(
            self.app.config["SESSION_COOKIE_NAME"], self.serializer.dumps({**own, "csrf_token": "s" * 20})
        )
        return client

    def open(self, name: str, path: str, how: str = "") -> tuple[Visit, Reading] | None:
        """Open an address, going on where it leads."""
        with self.undone():
            return self.keep(name, how or f"GET {path}", self.client(name), "GET", path)

    def keep(
        self, name: str, how: str, client: Any, method: str, path: str, data: Any = None
    ) -> tuple[Visit, Reading] | None:
        """Send a request, follow it to a page, keep the page when its like was not seen; None when the answer
        is no page.
        """
        rendered: list[str] = []

        def remember(_app: Flask, template: Any, **_more: Any) -> None:
            if template.name and not template.name.startswith("emails/"):
                rendered.append(template.name)

        with template_rendered.connected_to(remember, self.app):
            response = client.open(path, method=method, data=data)
            for _step in range(4):
                if not 300 <= response.status_code < 400:
                    break
                target = urlsplit(response.headers["Location"])
                path = target.path + (f"?{target.query}" if target.query else "")
                response = client.get(path)
        self.seen.requests[f"{method} {response.status_code}"] += 1
        if response.status_code >= 500 and "failure" not in how:
            self.seen.faults.append(f"{response.status_code}: {how} as {name}")
        kind = self.kind_of(path)
        if kind and kind[0] == "gallery.show_mail":
            rendered.append(MAIL)
        if response.mimetype != "text/html" or not rendered:
            if kind and response.status_code == 200:
                self.not_pages.add(kind)
            return None
        body = response.get_data(as_text=True)
        reading = read(body)
        visit = Visit(name, how, path, response.status_code, rendered[-1], body, list(response.headers))
        for piece in reading.pieces:
            self.seen.words.setdefault((folded(piece), is_volunteer(name)), str(visit))
        for piece in reading.acts:
            self.seen.acts.setdefault(folded(piece), str(visit))
        for cell in reading.unlabelled:
            self.seen.unlabelled.setdefault(f"{visit.template}: {cell}", str(visit))
        for fault in reading.disorder if visit.template != MAIL else []:
            self.seen.disorder.setdefault(f"{visit.template}: {fault}", str(visit))
        known = self.kinds.setdefault((visit.template, visit.status < 400), set())
        if not known or reading.kinds - known:
            state = visit.template, visit.status
            visit.is_known = state in self.kept and reading.kinds <= set().union(*self.kinds.values())
            self.kept.add(state)
            known |= reading.kinds
            self.seen.visits.append(visit)
        return visit, reading

    def try_form(self, name: str, visit: Visit, form: Form) -> None:
        """Send a posting form empty, with nonsense, and filled by each of its buttons; each once for a form
        of this kind.
        """
        action = urljoin(visit.path, form.action) if form.action else visit.path
        try:
            endpoint, _values = self.adapter.match(urlsplit(action).path, method="POST")
        except (HTTPException, RequestRedirect):
            return
        key = endpoint, visit.template, tuple(sorted({each.name for each in form.fields}))
        if endpoint == "auth.sign_out" or self.tried[key] >= 2:
            return
        self.tried[key] += 1
        buttons = [button for button in form.submits if button[0]] or [("", "")]
        tries = [("filled", filled, button) for button in buttons]
        if form.typed:
            tries = [("empty", empty, buttons[-1]), ("hostile", hostile, buttons[-1]), *tries]
        for word, value_of, button in tries:
            data: dict[str, list[str]] = {}
            for each in form.fields:
                if (value := value_of(each)) is not None:
                    data.setdefault(each.name, []).append(value)
            if button[0]:
                data[button[0]] = [button[1]]
            with self.undone():
                self.keep(
                    name,
                    f"POST {action} {word}{' ' + button[0] if button[0] else ''}",
                    self.client(name),
                    "POST",
                    action,
                    data,
                )

    def links_of_mails(self) -> None:
        """Open links that are not known, links that still work, and what else is typed or pasted."""
        for rule in self.app.url_map.iter_rules():
            if rule.arguments == {"token"} and not rule.rule.startswith("/api/"):
                self.walk(GUEST, [self.adapter.build(rule.endpoint, {"token": "x" * 43})])
        for name, paths in self.content.paths.items():
            for path in paths:
                self.opened[name, *(self.kind_of(path) or ("",))] = 0
                self.walk(name, [path])

    def registering(self) -> None:
        """Go through the questions to somebody new, from nowhere and from a course, answering each badly
        first.
        """
        for begin in ("/register", f"/register?batch={self.content.ids['batch_id']}"):
            with self.undone():
                client, path = self.client(GUEST), begin
                for _question in range(14):
                    page = self.keep(GUEST, f"GET {path} registering", client, "GET", path)
                    ways = [link for link in page[1].links if "within=" in link] if page else []
                    forms = [form for form in page[1].forms if form.method == "post"] if page else []
                    if page is None or not (forms or ways):
                        break
                    if not forms:
                        path = urljoin(path, ways[0])
                        continue
                    action = urljoin(page[0].path, forms[0].action) if forms[0].action else page[0].path
                    for word, value_of in (("empty", empty), ("hostile", hostile), ("filled", filled)):
                        data = {
                            each.name: value
                            for each in forms[0].fields
                            if (value := value_of(each)) is not None
                        }
                        page = self.keep(
                            GUEST, f"POST {action} {word}, registering", client, "POST", action, data
                        )
                    path = page[0].path if page else begin
                    self.keep(GUEST, "GET /register, begun", client, "GET", begin)

    def failures(self) -> None:
        """Meet every failure that there is a sentence for, too many tries and a form kept open too long."""
        view = self.app.view_functions["courses.list_open_batches"]
        for name in (GUEST, OFFICER):
            for status in FAILURES:
                error = RuntimeError("failure") if status == 500 else default_exceptions[status]()
                self.app.view_functions["courses.list_open_batches"] = failing_with(error)
                self.open(name, "/batches", how=f"failure {status}")
            self.app.view_functions["courses.list_open_batches"] = view
            self.open(name, "/tidak-ada")
            with self.undone():
                self.keep(
                    name,
                    "POST /sign-in without a token",
                    self.app.test_client(),
                    "POST",
                    "/sign-in",
                    {"typed": "a"},
                )
        sign_in = next(
            form for form in read(self.app.test_client().get("/sign-in").text).forms if form.method == "post"
        )
        with self.undone():
            for _try in range(12):
                page = self.client(GUEST)
                token = next(
                    each for each in read(page.get("/sign-in").text).forms if each.method == "post"
                ).fields
                data = {
                    each.name: each.value if each.kind == "hidden" else filled(each)
                    for each in token or sign_in.fields
                }
                self.keep(GUEST, "POST /sign-in too often", page, "POST", "/sign-in", data)

    def addresses_without_link(self) -> None:
        """Open by its address what no link led to, as those who may."""
        met = {kind[1] for kind in self.opened}
        ids = [
            self.content.ids,
            *(
                {
                    **self.content.ids,
                    "batch_id": self.content.more[name],
                    "block": self.content.more["running_block"],
                }
                for name in ("running", "done", "passed", "draft_batch")
            ),
        ]
        for rule in self.app.url_map.iter_rules():
            if (
                "GET" not in (rule.methods or ())
                or rule.endpoint in met
                or (rule.endpoint,) in self.not_pages
            ):
                continue
            for values in ids:
                try:
                    path = self.adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
                except (KeyError, BuildError):
                    continue
                for name in (name for name in self.content.sessions if "Semarang" in name):
                    self.walk(name, [path])

    @contextmanager
    def reading_mails(self) -> Any:
        """Keep the words of every mail that is queued."""

        def remember(_mapper: Any, _connection: Any, mail: Message) -> None:
            for piece in [
                mail.subject,
                *mail.body.splitlines(),
                *(read(mail.html).pieces if mail.html else []),
            ]:
                self.seen.words.setdefault((folded(piece), True), f"mail “{mail.subject}”")

        event.listen(Message, "after_insert", remember)
        try:
            yield
        finally:
            event.remove(Message, "after_insert", remember)

    @contextmanager
    def undone(self) -> Any:
        """Undo what happens inside."""
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()


def is_volunteer(name: str) -> bool:
    """Say whether somebody is no officer: the words for volunteers are simpler."""
    return name == GUEST or ("PSM" in name and "IPSM" not in name)


def failing_with(error: Exception) -> Any:
    """Return a view that fails."""

    def view(**_values: Any) -> Any:
        raise error

    return view


def empty(each: Field) -> str | None:
    """Return what is sent when nothing was filled in."""
    if each.kind == "hidden":
        return each.value
    return None if each.kind.startswith(("checkbox", "radio", "file")) else ""


def hostile(each: Field) -> str | None:
    """Return nonsense of the right kind: markup, quotes, a word without end, a choice that does not exist."""
    if each.kind in ("hidden", "file"):
        return each.value if each.kind == "hidden" else None
    if each.kind.startswith(("checkbox", "radio")):
        return "tidak-ada"
    return HOSTILE.get(
        each.kind, "tidak-ada" if each.kind == "select" else f"<b>Tebal</b> & 'kutip' \"ganda\" {LONG_WORD}"
    )


def filled(each: Field) -> str | None:
    """Return what is there, or else something that may well be right."""
    if each.kind == "file":
        return None
    if each.name in NAMED:
        return NAMED[each.name]
    if each.value or each.kind == "hidden":
        return each.value
    if each.kind == "select":
        return next((option for option in each.options if option), "")
    if each.kind == "date":
        return (clock.now().date() + timedelta(days=8)).isoformat()
    return FILLED.get(each.kind, "Catatan percobaan")
