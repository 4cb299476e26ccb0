"""What HTTP itself refuses: a problem in Indonesian for programs, a page for people, and no word of a library
for either.
"""

import pytest
from werkzeug.exceptions import RequestedRangeNotSatisfiable, default_exceptions
from werkzeug.routing import RequestRedirect

from tests.api.test_description import ENGLISH

LIBRARY = ("The ", "This ", "Redirecting", "You ", "should be", "server", "URL", "Bad Request", "Not Found")


def check(answer, *, is_program):
    said = answer.get_data(as_text=True)
    assert not any(words in said for words in LIBRARY), said[:500]
    if is_program:
        assert answer.mimetype == "application/problem+json"
        assert (answer.json["status"], bool(answer.json["title"]), bool(answer.json["detail"])) == (
            answer.status_code,
            True,
            True,
        )
        assert not ENGLISH.search(answer.json["title"] + answer.json["detail"])
    else:
        assert answer.mimetype == "text/html"
        assert '<html lang="id"' in said


@pytest.mark.parametrize("address", ["/api/v1//batches", "/api/v1/batches/%00", "/api//", "/api/v1/%ff%fe"])
def test_a_bad_address_of_a_program(dinas, address):
    for method in ("GET", "POST"):
        answer = dinas.client.open(address, method=method, headers=dinas.headers)
        assert answer.status_code in (400, 404)
        assert "Location" not in answer.headers
        check(answer, is_program=True)


@pytest.mark.parametrize(
    ("address", "status"), [("//batches", 308), ("/batches/%00", 400), ("/%ff%fe", 404), ("/me/account", 302)]
)
def test_a_bad_address_of_a_page_and_every_redirect(app, db, address, status):
    answer = app.test_client().get(address)
    assert answer.status_code == status
    check(answer, is_program=False)


@pytest.mark.parametrize("status", sorted(set(default_exceptions) | {308}))
def test_every_error_of_http(app, db, status):
    error = RequestRedirect("http://localhost/batches") if status == 308 else default_exceptions[status]()
    for path, is_program in (("/api/v1/batches", True), ("/batches", False)):
        with app.test_request_context(path):
            answer = app.process_response(app.make_response(app.handle_user_exception(error)))
        assert answer.status_code == (404 if status == 308 and is_program else status)
        check(answer, is_program=is_program)


def test_the_length_of_what_is_there_is_said(app, db):
    with app.test_request_context("/api/v1/batches"):
        answer = app.make_response(app.handle_user_exception(RequestedRangeNotSatisfiable(length=7)))
    assert answer.headers["Content-Range"] == "bytes */7"


def test_a_host_that_is_none_of_ours_is_a_problem_for_programs(app, db, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["bekal.example.go.id"])
    client = app.test_client()
    client.looks = False
    answer = client.get("/api/v1/batches", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    check(answer, is_program=True)
    assert client.get("/batches", headers={"Host": "evil.example"}).mimetype == "text/plain"
