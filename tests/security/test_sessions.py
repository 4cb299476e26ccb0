"""The cookie by which a browser is known: what the server says of it, what a changed or planted one opens."""

import pytest

from app import create_app
from tests.conftest import settings_for_tests


@pytest.fixture
def production(tmp_path):
    return create_app(settings_for_tests(f"sqlite:///{tmp_path}/none.db", tmp_path, app_env="production"))


def test_in_production_no_script_no_other_host_and_no_plain_line_gets_the_cookie(production):
    response = production.test_client().get("/sign-in", base_url="https://bekal.example.go.id")
    cookie = next(
        each
        for each in response.headers.getlist("Set-Cookie")
        if "csrf" in each or each.startswith("__Host-bekal=")
    )
    name, *marks = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-bekal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(marks)
    assert not [mark for mark in marks if mark.startswith("Domain")]
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_in_production_a_form_that_comes_from_elsewhere_is_refused(production):
    client = production.test_client()
    for referrer in (
        None,
        "https://evil.example/",
        "https://bekal.example.go.id.evil.example/",
        "http://bekal.example.go.id/",
    ):
        headers = {"Referer": referrer} if referrer else {}
        assert (
            client.post(
                "/sign-in", base_url="https://bekal.example.go.id", headers=headers, data={}
            ).status_code
            == 403
        )


def test_every_cookie_of_every_answer_is_kept_from_scripts(walker, world):
    for path in ("/", "/sign-in", "/register", "/batches", "/trainees", "/reset-password"):
        answer = walker.send(None, "GET", path)
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie, path
            assert "SameSite=Lax" in cookie, path


def test_the_cookie_says_nothing_that_opens_more(walker, world):
    """A changed cookie is none; an account's number or the digest kept in the database opens nothing."""
    from app.core import crypto

    dinas = world.people["dinas"]
    good = walker.cookie(dinas)
    assert walker.send(None, "GET", "/trainees", bare=True, headers={"Cookie": good}).status == 200
    for secret in (
        str(dinas.user_id),
        crypto.token_digest(dinas.session),
        dinas.session[:-1],
        "",
        "0",
        dinas.bearer,
    ):
        forged = walker._cookie({"_user_id": secret, "_fresh": True, "csrf_token": "x"})
        assert walker.send(None, "GET", "/trainees", bare=True, headers={"Cookie": forged}).status == 302
    name, _equals, value = good.partition("=")
    broken = value[:5] + ("A" if value[5] != "A" else "B") + value[6:]
    for changed in (broken, value + "x", value.rsplit(".", 1)[0], value[:-2]):
        assert (
            walker.send(None, "GET", "/trainees", bare=True, headers={"Cookie": f"{name}={changed}"}).status
            == 302
        )
