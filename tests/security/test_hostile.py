"""Whatever is sent, the answer is a sentence and not a fault: hostile addresses, queries, forms and JSON."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.security.submissions import PROGRAMS
from tests.security.walker import routes

MAY_BE_SILENT = "dashboard.show_readiness"  # 503 while no worker runs
NUMBERS = ("0", "-1", str(2**31), str(2**63), "9" * 400, "abc", "٣", "1%00", "..%2f..%2fetc")
WORDS = (
    "0",
    "zzz",
    "63.05.",
    "63.05.06.2001.1",
    "..",
    "%2e%2e",
    "%00",
    "%ff%fe",
    "2026-13-45-9",
    "2026-01-01-9",
    "٦٣",
    "x" * 3000,
    "'--",
    "%F0%9F%98%80",
)
QUERIES = (
    "after=garbage",
    "after=%00",
    "after=WzEsMl0",
    "after=W10",
    "after=W251bGwsbnVsbF0",
    "after=WyJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTld",
    "after=%ff",
    "as_of=garbage",
    "as_of=9999-99-99",
    "as_of=0001-01-01",
    "as_of=10000-01-01",
    "per_page=-1",
    "per_page=99999999999999999999",
    "per_page=x",
    "format=xyz",
    "format=csv&as_of=0001-01-01",
    "which=zzz",
    "who=zzz",
    "year=99999999999999999999",
    "year=-1",
    "year=0",
    "month=2026-99",
    "month=zzz",
    "region=%F0%9F%98%80",
    "tier=%00",
    "words=%25%5f%5c%27%22",
    "q=" + "x" * 5000,
    "name=" + "%E2%80%AE" * 50,
    "number=%25",
    "number=" + "9" * 400,
    "duplicate=99999999999999999999&canonical=x",
    "duplicate=-1&canonical=0",
    "kind=zzz",
    "batch=" + "z" * 500,
    "parent=zzz",
    "parent=" + "6" * 300,
    "organiser=0",
    "organiser=99999999999999999999",
    "%00=1",
    "a[]=1&a[]=2",
    "&&&=&",
    "issued_on=zzz",
    "code=" + "A" * 3000,
    "next=//evil",
)
GARBAGE = (
    "\ud800",
    "﷽" * 3000,
    "-1",
    str(2**63),
    "9" * 400,
    "1e999",
    "NaN",
    "2026-02-30",
    "0000-00-00",
    "25:99",
    "\x07",
    "‮",
    "😀" * 300,
    "[]",
    "0",
    " ",
)
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    float("nan"),
    "",
    "x" * 20_000,
    "\ud800",
    "\x00",
    "2026-99-99",
    "0001-01-01",
    [],
    [None],
    {"a": 1},
    ["x"] * 500,
)


def test_no_address_is_a_fault(app, walker, world):
    fallen = []
    for route in routes(app):
        own = world.fill(set(route.names), world.own)
        for name in sorted(route.names):
            is_number = isinstance(own[name], int)
            marked = walker.path(route, {**own, name: 1234567890 if is_number else "marke"})
            for value in NUMBERS if is_number else WORDS:
                path = marked.replace("1234567890" if is_number else "marke", value)
                if route.method != "GET" and value not in (NUMBERS[2], WORDS[1], "%00"):
                    continue
                answer = walker.send(world.people["dinas"], route.method, path)
                if answer.status >= 500 or answer.changed:
                    fallen.append(f"{route.method} {path[:100]}: {answer.status} {answer.changed}")
    assert not fallen, "\n".join(fallen)


def rounds() -> list[str]:
    """Return the queries such that each name stands once in each."""
    alone = [
        query
        for query in QUERIES
        if query.startswith(("which", "who", "format", "%00", "after=%00", "tier=%00"))
    ]
    found: list[dict[str, str]] = []
    for query in [each for each in QUERIES if each not in alone]:
        name = query.partition("=")[0]
        place = next((each for each in found if name not in each), None)
        if place is None:
            found.append(place := {})
        place[name] = query
    return [*alone[:3], *("&".join(each.values()) for each in found)]


def test_no_query_is_a_fault(app, walker, world):
    """Every list with a bad value of each name at once, then with the next ones; alone what ends the reading;
    other pages two of these.
    """
    fallen, everything = [], rounds()
    for route in routes(app, "GET"):
        path = walker.path(route, world.fill(set(route.names), world.own))
        is_list = route.endpoint.split(".")[1].startswith(
            ("list_", "find_", "merge_", "enroll_others", "choose_", "make_", "show_coverage", "show_gaps")
        )
        for query in everything if is_list else everything[4:6]:
            answer = walker.send(world.people["dinas"], "GET", f"{path}?{query}")
            if answer.status >= 500 and route.endpoint != MAY_BE_SILENT:
                fallen.append(f"{path}?{query[:60]}: {answer.status}")
    assert not fallen, "\n".join(fallen)


def test_no_form_is_a_fault(app, walker, world):
    """Each form with every kind of garbage: all fields at once, another kind in each, four times; empty is
    sent elsewhere.
    """
    fallen = []
    for route in [each for each in routes(app, "POST") if not each.is_api]:
        path = walker.path(route, world.fill(set(route.names), world.own))
        who = world.people["dinas"]
        page = BeautifulSoup(walker.send(who, "GET", path).body, "html.parser")
        if page.find("form") is None:  # a form of the signer, or one that has no page of its own
            who = world.people["signer"]
            page = BeautifulSoup(walker.send(who, "GET", path).body, "html.parser")
        names = sorted(
            {field["name"] for field in page.select("form[method=post] [name]")}
            - {"csrf_token", "idempotency_key"}
        )
        bodies: list[dict[str, Any]] = [
            {"idempotency_key": "x" * 5000},
            {name: ["1", "2", "x"] for name in names},
        ]
        bodies += [
            {name: GARBAGE[(n + shift) % len(GARBAGE)] for n, name in enumerate(names)}
            for shift in range(0, len(GARBAGE), 4)
        ]
        for body in bodies if names else bodies[:1]:
            sent = {name: encoded(value) for name, value in body.items()}
            answer = walker.send(who, "POST", path, data=sent)
            if answer.status >= 500:
                fallen.append(f"{path} {str(body)[:80]}: {answer.status}")
    assert not fallen, "\n".join(fallen)


def encoded(value: Any) -> Any:
    """Return a text as bytes, with what no encoding allows as it would come over the line."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


@pytest.mark.parametrize("submission", PROGRAMS, ids=str)
def test_no_json_is_a_fault(walker, world, submission):
    facts = submission.facts(world)
    person, path = world.people[submission.person], submission.path(world)
    for name in facts:
        for value in WRONG:
            body = json.dumps({**facts, name: value}).encode()
            answer = walker.send(
                person, submission.method, path, data=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status < 500, f"{name}={str(value)[:60]!r}: {answer.status}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{}" * 2,
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": 1, "a": 2}',
        b"\x00",
        b'{"__proto__": {}}',
    ],
)
def test_no_body_is_a_fault(app, walker, world, body):
    fallen = []
    for route in [each for each in routes(app, "POST", "PUT", "PATCH") if each.is_api][::3]:
        path = walker.path(route, world.fill(set(route.names), world.own))
        answer = walker.send(
            world.people["dinas"], route.method, path, data=body, headers={"Content-Type": "application/json"}
        )
        if answer.status >= 500:
            fallen.append(f"{route}: {answer.status}")
    assert not fallen, "\n".join(fallen)


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": "x" * 5000},
        {"Idempotency-Key": "\xff"},
        {"Accept": "\xff;q=zzz"},
        {"Accept-Language": "x" * 3000},
        {"Range": "bytes=zzz"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Bearer " + "x" * 8000},
        {"Cookie": "bekal=garbage"},
        {"Cookie": "bekal=" + "x" * 8000},
        {"Content-Length": "-1"},
        {"X-Forwarded-For": "' OR 1=1"},
        {"If-None-Match": "zzz"},
        {"User-Agent": "\xff" * 500},
        {"If-Modified-Since": "zzz"},
        {"Content-Encoding": "gzip"},
        {"Referer": "\xff"},
    ],
    ids=str,
)
def test_no_header_is_a_fault(walker, world, headers):
    for method, path in (
        ("GET", "/"),
        ("GET", "/trainees"),
        ("GET", "/v/AAAA"),
        ("GET", "/api/v1/tiers"),
        ("POST", "/api/v1/trainees"),
        ("POST", "/sign-in"),
    ):
        assert walker.send(world.people["dinas"], method, path, headers=headers).status < 500
