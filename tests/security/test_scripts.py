"""Nothing that people type is ever read as a page, a script or a template."""

from itertools import cycle
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from tests.security import world as worlds
from tests.security.conftest import one_transaction
from tests.security.walker import Walker, routes

MARK = "bahaya"
EVALUATED = "1234321"  # what the template payloads come to
PAYLOADS = (
    "<script>bahaya(1)</script>",
    "<img src=x onerror=bahaya()>",
    '"><svg onload=bahaya()>',
    "'><b class=bahaya>",
    '" onfocus=bahaya() x="',
    "javascript:bahaya()",
    "<svg><script>bahaya()</script>",
    "{{1111*1111}}",
    "${1111*1111}",
    "{% raw %}{{1111*1111}}",
    "<a href=javascript:bahaya()>x",
    "</title><bahaya>",
    "</textarea><bahaya>",
    "</script><bahaya>",
    "<!--<bahaya>",
    "#{1111*1111}<bahaya x=`",
    '\\"><bahaya>',
    "&lt;bahaya&gt;<bahaya>",
    "%(name)s<bahaya>",
    "<iframe srcdoc=bahaya>",
    "<style>bahaya{}</style>",
    "<base href=//bahaya>",
    "<form action=//bahaya>",
)


@pytest.fixture(scope="module")
def poisoned(app):
    """The world with a payload in every text column of both kabupaten."""
    payloads = cycle(PAYLOADS)
    with one_transaction(app) as connection:
        with app.app_context():
            built = worlds.build()
            columns = worlds.write_everywhere(lambda _column: next(payloads), since={})
        assert columns >= 60
        yield Walker(app, connection, built)


@pytest.mark.parametrize("person", ["dinas", "provinsi", "graduate", "host_contact", None])
def test_payloads_are_shown_as_they_were_typed(app, poisoned, person):
    world, problems, shown = poisoned.world, [], 0
    who = world.people[person] if person else None
    for route in routes(app, "GET"):
        path = poisoned.path(route, world.fill(set(route.names), world.own))
        answer = poisoned.send(who, "GET", path)
        assert answer.status < 500 or route.endpoint == "dashboard.show_readiness", path
        if "text/html" in answer.headers["Content-Type"]:
            shown += "bahaya" in answer.body
            problems += [f"{path}: {found}" for found in faults(answer.body)]
        elif "bahaya" in answer.body:
            assert "html" not in answer.headers["Content-Type"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not problems, "\n".join(problems)
    assert shown > {"dinas": 40, "provinsi": 20, "graduate": 3, "host_contact": 2, None: 1}[person]


def test_a_refused_form_gives_back_what_was_typed_as_text(app, poisoned):
    world, problems = poisoned.world, []
    for route in routes(app, "POST"):
        if route.is_api:
            continue
        path = poisoned.path(route, world.fill(set(route.names), world.own))
        page = poisoned.send(world.people["dinas"], "GET", path)
        names = {field.get("name") for field in BeautifulSoup(page.body, "html.parser").select("[name]")} - {
            "csrf_token",
            "idempotency_key",
        }
        for payload in PAYLOADS[1:3]:
            answer = poisoned.send(world.people["dinas"], "POST", path, data=dict.fromkeys(names, payload))
            assert answer.status < 500, f"{path}: {answer.status}"
            if "text/html" in answer.headers["Content-Type"]:
                problems += [f"{path}: {found}" for found in faults(answer.body)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_an_address_says_is_text_too(poisoned, payload):
    world = poisoned.world
    dinas = world.people["dinas"]
    for path in (
        "/trainees",
        "/users",
        "/certificates",
        "/coverage/63.05",
        "/coverage/63.05/gaps",
        "/coverage/63.05/names",
        "/batches",
        "/courses",
        "/sign-in",
        f"/batches/{world.own.ids['batch_id']}/enrollments/add",
        "/trainees/merge",
        "/v/",
        "/regions/children",
        "/nowhere",
    ):
        names = (
            "q",
            "words",
            "name",
            "number",
            "region",
            "as_of",
            "which",
            "who",
            "after",
            "next",
            "code",
            "duplicate",
            "parent",
            "month",
            "year",
        )
        answer = poisoned.send(
            dinas if path != "/sign-in" else None, "GET", path, query_string=dict.fromkeys(names, payload)
        )
        assert answer.status < 500, path
        if "text/html" in answer.headers["Content-Type"]:
            assert not faults(answer.body), path
    for path in (
        f"/v/{quote(payload, safe='')}",
        f"/d/{quote(payload, safe='')}",
        f"/{quote(payload, safe='')}",
    ):
        answer = poisoned.send(dinas, "GET", path)
        assert answer.status in (302, 404, 429), path
        assert not faults(answer.body) if answer.status != 302 else True


def faults(body: str) -> list[str]:
    """Return what a page holds that somebody typed and a browser would read as more than text."""
    page = BeautifulSoup(body, "html.parser")
    found = [
        f"script {str(each)[:60]}"
        for each in page.find_all("script")
        if not each.get("src", "").startswith("/static/")
    ]
    for tag in page.find_all(True):
        if tag.name in ("bahaya", "iframe", "base", "style", "object", "embed") or MARK in (
            tag.get("class") or []
        ):
            found.append(f"element {tag.name}: {str(tag)[:80]}")
        for name, value in tag.attrs.items():
            words = value if isinstance(value, str) else " ".join(value)
            if (
                name.startswith("on")
                or name == "srcdoc"
                or (name in ("href", "src", "action", "formaction") and unsafe_address(words))
            ):
                found.append(f"attribute {name}={words[:40]} of {tag.name}")
    if EVALUATED in body:
        found.append("a template was evaluated")
    return found


def unsafe_address(value: str) -> bool:
    """Say whether a link leaves this site or runs something."""
    return not value.startswith(
        ("/", "#", "?", "tel:", "mailto:", "https://wa.me/", "https://bekal.example.go.id/", "data:image/")
    ) and bool(value)


def test_a_template_that_somebody_types_stays_a_word(app, poisoned):
    """{{1111*1111}} is shown as typed, in a page and in the mail that the name stands in."""
    from app.extensions import db

    world, savepoint = poisoned.world, poisoned.connection.begin_nested()
    with app.app_context():
        worlds.write_everywhere(lambda _column: "{{1111*1111}}${1111*1111}", since={})
        db.session.remove()
    answer = poisoned.send(world.people["dinas"], "GET", f"/trainees/{world.own.ids['trainee_id']}")
    savepoint.rollback()
    assert "{{1111*1111}}${1111*1111}" in answer.body
    assert EVALUATED not in answer.body


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>&lt;script&gt;</p>", False),
        ("<script>x()</script>", True),
        ("<img onerror=x>", True),
        ("<a href='javascript:x'>", True),
        ("<bahaya>", True),
        ("<p>1234321</p>", True),
        ("<a href='/trainees'>", False),
        ("<a href='//evil'>", False),
        ("<form action='http://evil'>", True),
    ],
)
def test_the_eye_that_looks_sees(body, fault):
    """The control: a page that was broken into is told from one that was not."""
    assert bool(faults(body)) is fault
