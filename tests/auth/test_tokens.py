"""Tokens of programs end with the sign-ins of their owner, stand on the pages, and are ended there."""

import pytest

from app.auth import queries, services
from app.auth.rules import Role
from tests.auth.conftest import PASSWORD

NEW = "sawah di tepi sungai"


@pytest.fixture
def token(officer):
    user = officer(Role.TKSK, "63.05.06")
    return user, services.make_access_token(user, "rekap kecamatan", days=30, by=user)


def by_change(user, make, browser):
    services.change_password(user, PASSWORD, NEW)


def by_link(user, make, browser):
    link = services.issue_reset_link(user, by=make.user(Role.KABUPATEN_DINAS))
    services.reset_password(link.rsplit("/", 1)[1], NEW)


def by_closing(user, make, browser):
    admin = make.user(Role.KABUPATEN_DINAS)
    services.disable_user(user, by=admin)
    services.enable_user(user, by=admin)


def by_the_page(user, make, browser):
    browser.sign_in(user)
    assert "rekap kecamatan" in browser.get("auth.show_account").text
    browser.post("auth.end_other_sign_ins")


@pytest.mark.parametrize("end", [by_change, by_link, by_closing, by_the_page])
def test_what_ends_sign_ins_ends_tokens(token, make, browser, end):
    user, secret = token
    assert services.user_by_access_token(secret)
    end(user, make, browser)
    assert services.user_by_access_token(secret) is None
    assert queries.list_access_tokens(user) == []


def test_a_program_is_ended_by_its_owner_and_by_nobody_else(token, make, browser, new_browser):
    user, secret = token
    (row,) = queries.list_access_tokens(user)
    stranger = new_browser()
    stranger.sign_in(make.user(Role.KABUPATEN_DINAS))
    stranger.post("auth.end_access_token", token_id=row.id, expect=404)
    assert "0 perangkat, 1 program" in stranger.get("auth.show_user", user_id=user.id).text
    assert services.user_by_access_token(secret)
    browser.sign_in(user)
    browser.post("auth.end_access_token", token_id=row.id)
    assert services.user_by_access_token(secret) is None
    assert "rekap kecamatan" not in browser.get("auth.show_account").text


def test_no_token_is_made_by_a_password_that_is_changed_at_the_same_moment(app, officer, monkeypatch):
    user = officer(Role.TKSK, "63.05.06")
    proven = services.sign_in

    def changed_after(*args, **kwargs):
        found = proven(*args, **kwargs)
        services.change_password(user, PASSWORD, NEW)
        return found

    monkeypatch.setattr(services, "sign_in", changed_after)
    answer = app.test_client().post("/api/v1/tokens", json={"name": user.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert queries.list_access_tokens(user) == []
