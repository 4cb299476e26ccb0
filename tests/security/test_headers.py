"""No answer, not even a failure, can be framed, sniffed, kept or read by another site, and none is
given to a foreign host.
"""

import pytest

from app import STATIC, create_app
from app.core.errors import TooManyTries
from app.core.text import _
from app.web.headers import ALWAYS
from tests.conftest import settings_for_tests
from tests.contract import ContractClient
from tests.security.walker import SLOW, Answer, routes

# Kept by browsers on purpose: the same for everybody, and changed a few times a year.
PUBLIC_CACHE = {"regions.list_children"}
# Kept by the browser of the reader alone, who is asked for every time (private, no-cache).
OWN_CACHE = {"certificates.draw_sample", "certificates.draw_own_certificate"}


def lacking(answer: Answer, *, kept: bool = False) -> list[str]:
    """Return the headers that an answer should carry and does not."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "frame-ancestors": "frame-ancestors 'none'" in policy,
        "object-src": "object-src 'none'" in policy,
        "base-uri": "base-uri 'none'" in policy,
        "form-action": "form-action 'self'" in policy,
        "no unsafe": "unsafe-" not in policy and "*" not in policy,
        "X-Frame-Options": headers.get("X-Frame-Options") == "DENY",
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": headers.get("Referrer-Policy") in ("same-origin", "no-referrer"),
        "Cache-Control": kept or "no-store" in headers.get("Cache-Control", "") or is_form_again(answer),
        "no CORS": "Access-Control-Allow-Origin" not in headers,
    }
    return [name for name, present in wanted.items() if not present]


def is_form_again(answer: Answer) -> bool:
    """Say whether a press was refused with a page: kept for going back to it, by this browser alone."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return (
        answer.status in (400, 403, 404, 405, 409, 413, 422, 429, 500)
        and is_page
        and answer.headers["Cache-Control"] == "private, no-cache"
    )


def stays(location: str) -> bool:
    """Say whether a redirect leads to a page of this site, whatever host the request named."""
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def check(answers: list[tuple[str, Answer]], *statuses: int) -> None:
    """Assert that all of these statuses were met and that every answer carries every header."""
    faulty = [
        f"{name}: {answer.status} lacks {lacking(answer)}" for name, answer in answers if lacking(answer)
    ]
    assert not faulty, "\n".join(faulty)
    away = [
        f"{name}: {answer.headers['Location']}"
        for name, answer in answers
        if not stays(answer.headers.get("Location", "/"))
    ]
    assert not away, "\n".join(away)
    assert set(statuses) <= {answer.status for _name, answer in answers}


def test_every_answer_of_every_route_carries_them(app, walker, world):
    answers = []
    for route in routes(app):
        path = walker.path(route, world.fill(set(route.names), world.own))
        for person in ("dinas", None):
            if route.endpoint in SLOW and not person:
                continue
            answer = walker.send(world.people[person] if person else None, route.method, path)
            if route.endpoint in PUBLIC_CACHE | OWN_CACHE:
                assert not lacking(answer, kept=True)
                assert route.endpoint in PUBLIC_CACHE or answer.headers["Cache-Control"] in (
                    "private, no-cache",
                    "no-store",
                )
            else:
                answers.append((f"{person} {route}", answer))
    check(answers, 200, 302, 303, 401, 404, 409, 422)


def test_every_refused_method_and_token_carries_them(app, walker, world):
    answers = []
    for route in routes(app):
        path = walker.path(route, world.fill(set(route.names), world.own))
        answers.append((f"DELETE {path}", walker.send(world.people["dinas"], "DELETE", path)))
        if route.method == "POST" and not route.is_api:
            cookie = {"Cookie": walker.cookie(world.people["dinas"])}
            answers.append((str(route), walker.send(None, "POST", path, data={}, bare=True, headers=cookie)))
    check(answers, 403, 405)
    assert all(answer.headers.get("Allow") for _name, answer in answers if answer.status == 405)


def test_too_much_too_often_and_unreadable_carry_them(walker, world, keeping):
    dinas = world.people["dinas"]
    large = {"reason": "x" * (9 * 1024 * 1024)}
    answers = [
        (
            "large form",
            walker.send(dinas, "POST", f"/enrollments/{world.own.ids['enrollment_id']}/reject", data=large),
        ),
        (
            "large JSON",
            walker.send(
                dinas, "POST", f"/api/v1/enrollments/{world.own.ids['enrollment_id']}/reject", json=large
            ),
        ),
        ("null sign", walker.send(dinas, "GET", "/trainees?words=%00")),
        (
            "other body",
            walker.send(dinas, "POST", "/api/v1/trainees", data=b"x", headers={"Content-Type": "text/plain"}),
        ),
    ]
    answers += [
        ("code", walker.send(None, "GET", f"/v/AAAAAAAAAAA{letter}{digit}", keep=True))
        for letter in "ABCDEFGH"
        for digit in "23456789"
    ]
    check(answers, 413, 400, 415, 404, 429)
    assert all(answer.headers.get("Retry-After") for _name, answer in answers if answer.status == 429)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (ValueError("rahasia dalam galat"), 500),
        (TooManyTries(_("Tunggu."), retry_after=60), 429),
        (KeyError("rahasia dalam galat"), 500),
    ],
)
def test_a_fault_carries_them_and_tells_nothing(app, walker, world, monkeypatch, fault, status):
    """Every route, made to fall over."""

    def fall(**_values):
        raise fault

    monkeypatch.setattr(ContractClient, "looks", False)
    answers = []
    for route in routes(app)[:: 1 if isinstance(fault, ValueError) else 10]:
        monkeypatch.setitem(app.view_functions, route.endpoint, fall)
        path = walker.path(route, world.fill(set(route.names), world.own))
        answers.append((str(route), walker.send(world.people["dinas"], route.method, path)))
    check(answers, status)
    assert {answer.status for _name, answer in answers} == {status}
    assert not [name for name, answer in answers if "rahasia" in answer.body or "Traceback" in answer.body]


def test_a_foreign_host_is_answered_by_nothing_but_a_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(ContractClient, "looks", False)
    folder = tmp_path
    application = create_app(
        settings_for_tests(f"sqlite:///{folder}/none.db", folder, trusted_hosts=("bekal.example.go.id",))
    )
    client = application.test_client()
    for host in ("evil.example", "bekal.example.go.id.evil.example", "evil.example:80", "localhost", ""):
        for path in ("/healthz", "/sign-in", "/api/v1/tiers", "/nowhere"):
            response = client.get(path, headers={"Host": host})
            answer = Answer(response.status_code, response.text, response.headers, [], path)
            assert (answer.status, lacking(answer)) == (400, []), f"{host} {path}"
            assert not host or host not in answer.body
    assert client.get("/healthz", headers={"Host": "bekal.example.go.id"}).status_code == 200


def test_the_eye_that_looks_sees(walker):
    """The control: an answer without the headers is found."""
    assert len(lacking(Answer(200, "", {}, [], "/"))) >= 6


def test_static_files_carry_what_pages_carry(app):
    """They are answered before any view, so they are asked one of each kind; they are kept for a year and
    hold nothing personal.
    """
    files = [
        path.relative_to(STATIC).as_posix()
        for path in STATIC.rglob("*")
        if path.suffix in (".css", ".js", ".svg", ".woff2")
    ]
    kinds = {name.rpartition(".")[2]: name for name in sorted(files)}
    assert {"css", "js", "svg"} <= set(kinds)
    page = app.test_client().get("/sign-in").headers
    for name in kinds.values():
        for address in (f"/static/{name}", f"/static/{name}?v=1"):
            answer = app.test_client().get(address, headers={"Accept-Encoding": "br, gzip"})
            assert answer.status_code == 200
            assert {each: answer.headers.get(each) for each in ALWAYS} == {
                each: page[each] for each in ALWAYS
            }, address
            assert "max-age=31536000" in answer.headers["Cache-Control"]
            answer.close()
    missing = app.test_client().get("/static/none.css")
    assert missing.headers["X-Content-Type-Options"] == "nosniff"
