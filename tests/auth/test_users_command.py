"""flask users: exit codes, JSON, safe to repeat, no secret but the one asked for."""

import json

import pytest

from app.auth import queries, services
from app.auth.rules import Role
from tests.auth.conftest import PASSWORD

HOME = "203.0.113.7"


@pytest.fixture
def run(app, db):
    def invoke(*arguments, expect=0, stdin=None):
        result = app.test_cli_runner().invoke(args=["users", *arguments], input=stdin)
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return json.loads(result.stdout) if "--json" in arguments and expect == 0 else result.output

    return invoke


def test_the_first_administrator_is_made_with_a_password_printed_once(run):
    made = run(
        "create",
        "Ratna",
        "--email",
        "ratna@contoh.id",
        "--role",
        "administrator",
        "--region",
        "00",
        "--print-password",
        "--json",
    )
    user, _token = services.sign_in("ratna@contoh.id", made["password"], address=HOME)
    assert user.roles() == {Role.ADMINISTRATOR}
    again = run(
        "create",
        "Ratna",
        "--email",
        "ratna@contoh.id",
        "--role",
        "administrator",
        "--region",
        "00",
        "--print-password",
        "--json",
    )
    assert (again["created"], "password" in again, len(queries.list_grants(user))) == (False, False, 1)


def test_a_password_comes_from_standard_input_and_is_not_printed(run):
    out = run("create", "Ratna", "--email", "ratna@contoh.id", "--password-stdin", stdin=PASSWORD + "\n")
    assert PASSWORD not in out
    assert services.sign_in("ratna@contoh.id", PASSWORD, address=HOME)


def test_without_a_password_an_invitation_is_mailed(run, outbox):
    assert "Undangan" in run(
        "create", "Budi", "--email", "budi@contoh.id", "--role", "tksk", "--region", "63.05.06"
    )
    assert outbox()[0].recipient == "budi@contoh.id"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["create", "Budi"], 2),
        (["create", "Budi", "--email", "b@contoh.id", "--role", "tksk"], 2),
        (["create", "Budi", "--email", "b@contoh.id", "--role", "raja", "--region", "00"], 2),
        (["create", "Budi", "--email", "b@contoh.id", "--password-stdin", "--print-password"], 2),
        (["create", "Budi", "--email", "b@contoh.id", "--role", "pusat", "--region", "63.05"], 1),
        (["create", "Budi", "--email", "b@contoh.id", "--role", "tksk", "--region", "99.99"], 1),
        (["create", "Budi", "--email", "bukan email"], 1),
        (["grant", "siapa@contoh.id", "--role", "tksk", "--region", "63.05.06"], 1),
        (["grant", "siapa@contoh.id"], 2),
        (["revoke", "siapa@contoh.id", "--role", "tksk", "--region", "63.05.06"], 1),
        (["reset-link", "siapa@contoh.id"], 1),
        (["token", "siapa@contoh.id", "--days", "0"], 2),
        (["token", "siapa@contoh.id"], 1),
    ],
)
def test_refusals_end_with_one_and_wrong_use_with_two(run, arguments, code):
    run(*arguments, expect=code)
    assert queries.find_user_by_email("b@contoh.id") is None


def test_a_weak_password_is_refused(run):
    assert "mudah ditebak" in run(
        "create", "Budi", "--email", "b@contoh.id", "--password-stdin", stdin="password123\n", expect=1
    )


def test_roles_are_given_and_ended_twice_without_harm(run, make):
    user = make.user(email="budi@contoh.id")
    arguments = ("budi@contoh.id", "--role", "tksk", "--region", "63.05.06", "--json")
    assert run("grant", *arguments)["id"] == run("grant", *arguments)["id"]
    assert (run("revoke", *arguments)["ended"], run("revoke", *arguments)["ended"]) == (True, False)
    user.granted = None
    assert user.roles() == set()


def test_a_reset_link_and_a_token_are_printed(run, make):
    make.user(email="budi@contoh.id")
    link = run("reset-link", "budi@contoh.id", "--json")["link"]
    assert link.startswith("https://bekal.example.go.id/reset-password/")
    token = run("token", "budi@contoh.id", "--days", "7", "--json")["token"]
    assert services.user_by_access_token(token).email == "budi@contoh.id"


def test_everything_that_is_signed_in_is_ended_from_the_terminal(run, make):
    user = make.user(email="budi@contoh.id")
    services.open_sign_in(user)
    token = run("token", "budi@contoh.id", "--json")["token"]
    assert run("sign-out", "budi@contoh.id", "--json") == {"name": user.name, "devices": 1, "programs": 1}
    assert services.user_by_access_token(token) is None
    assert "0 perangkat dan 0 program" in run("sign-out", "budi@contoh.id")
