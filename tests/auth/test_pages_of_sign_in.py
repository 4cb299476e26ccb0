"""The pages of sign-in, links and the own account: fixation, redirects, the same page for everybody, hostile
hosts.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from app.auth import services
from app.auth.models import OneTimeLink, SignIn
from app.auth.rules import PASSWORD_LEAST, SIGN_IN_PER_NAME, NameKind, Role
from app.auth.services import passwords
from app.core import clock
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.core.typed import clean_text, has_unreadable_character
from app.regions.rules import WIB
from app.web.access import is_local_path
from tests.auth.conftest import PASSWORD

NEW = "kopi sore di margasari"

HOSTILE = [
    "//e.example",
    "///e.example",
    "////e.example",
    "/\\e.example",
    "\\\\e.example",
    "\\/e.example",
    "/\t/e.example",
    "/\n/e.example",
    "/\r/e.example",
    "\t//e.example",
    " //e.example",
    "/ /e.example",
    "/%09/e.example",
    "/%09//e.example",
    "https://e.example",
    "http://e.example",
    "HTTPS://e.example",
    "https:e.example",
    "https:/e.example",
    "https:///e.example",
    "http:\\\\e.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://e.example",
    "mailto:a@e.example",
    "blob:https://e.example/1",
    "@e.example",
    "user@e.example",
    "https://bekal.example.go.id@e.example/",
    "bekal.example.go.id.e.example",
    "e.example",
    "e.example/x",
    "//bekal.example.go.id@e.example",
    "／／e.example",
    "\u2215\u2215e.example",
    "https://e。example",
    "/\x00/e.example",
    "/x\r\nLocation: https://e.example",
    "/x\r\nSet-Cookie: a=b",
    "?next=//e.example",
    "#//e.example",
    ".",
    "..",
    "../x",
    "",
    "/\\/e.example",
    "/\x0b/e.example",
    "/\x7f\\e.example",
    "//e.example\\@b",
    "https://[::1]/",
    "//[::1]/",
    "//127.0.0.1:1/",
    "/\u0085/\\e.example",
    "\u00a0//e.example",
    "/.\\e.example",
]


def enter(browser, user, expect=303, password=PASSWORD, **data):
    return browser.post(
        "auth.sign_in", expect=expect, data={"typed": user.email, "password": password, **data}
    )


def masked(page) -> str:
    """Return the page without its tokens and without what was typed."""
    html = re.sub(r'(name="(?:csrf_token|idempotency_key)"[^>]*value=")[^"]*', r"\1", page.response.text)
    html = re.sub(r'(value=")[^"]*("[^>]*name="(?:csrf_token|idempotency_key)")', r"\1\2", html)
    return re.sub(r'(id="typed"[^>]*value=")[^"]*', r"\1", html)


def the_cookie(browser) -> str:
    return browser.client.get_cookie("bekal").value


def test_somebody_signs_in_goes_on_and_signs_out(browser, officer):
    user = officer(Role.KABUPATEN_DINAS)
    assert "/sign-in?next=" in browser.get("auth.list_users", expect=302).location
    assert enter(browser, user, next="/users").location == "/users"
    assert browser.get("auth.list_users").h1 == "Pengguna"
    assert browser.get("auth.sign_in", expect=302, next="/users").location == "/users"
    browser.post("auth.sign_out")
    browser.get("auth.list_users", expect=302)


def test_a_wrong_password_is_said_without_saying_what_was_wrong(browser, officer):
    page = enter(browser, officer(), expect=422, password="salah sama sekali")
    assert "tidak cocok" in page.error
    assert "salah sama sekali" not in page.response.text


def test_known_and_unknown_see_one_page_at_sign_in_and_after_asking_for_a_reset(browser, officer):
    user, disabled = officer(), officer()
    services.disable_user(disabled, by=SYSTEM)
    names = [user.email, "siapa@contoh.id", disabled.email, "0812-0000-1111", "6305064101859001"]
    pages = {
        masked(
            browser.post("auth.sign_in", expect=422, data={"typed": name, "password": "salah sama sekali"})
        )
        for name in names
    }
    assert len(pages) == 1
    resets = [
        browser.post("auth.request_reset", data={"typed": name})
        for name in names
        if not name.startswith("6305")
    ]
    assert {(page.status, page.location, page.response.text) for page in resets} == {
        (303, resets[0].location, resets[0].response.text)
    }
    page = browser.get(resets[0].location)
    assert page.h1 == "Jalan masuk yang baru"
    assert "Permintaan Anda sudah kami terima." in page.text


def test_a_known_and_an_unknown_nik_are_led_to_the_office_of_its_own_figures(browser, make):
    known = make.trainee("63.72.05.1001", nik="6305064101859001")
    services.open_account("Siti", password=None, names={NameKind.NIK: known.nik}, by=SYSTEM)
    pages = [
        browser.post("auth.request_reset", data={"typed": nik}) for nik in (known.nik, "6305064101859002")
    ]
    assert {page.location for page in pages} == {"/reset-password/requested?region=63.05"}
    assert "dinas sosial Kabupaten Tapin" in browser.get(pages[0].location).text


def test_the_page_says_when_to_come_back(browser, officer):
    user = officer()
    for _ in range(SIGN_IN_PER_NAME):
        enter(browser, user, expect=422, password="salah sama sekali")
    page = enter(browser, user, expect=429)
    assert 0 < int(page.response.headers["Retry-After"]) <= 901
    assert "Coba lagi dalam" in page.error


def test_the_owner_on_a_known_browser_goes_in_while_strangers_knock(browser, new_browser, officer):
    user, stranger = officer(), new_browser()
    enter(browser, user)
    browser.post("auth.sign_out")
    for _ in range(SIGN_IN_PER_NAME):
        enter(stranger, user, expect=422, password="salah sama sekali")
    enter(stranger, user, expect=429)
    enter(browser, user, expect=303)  # same address, same name


def test_the_cookie_of_a_known_browser_is_kept_from_scripts_and_opens_nothing_alone(browser, officer):
    answer = enter(browser, officer(Role.KABUPATEN_DINAS))
    cookie = next(
        line for line in answer.response.headers.getlist("Set-Cookie") if line.startswith("bekal-known=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    browser.client.delete_cookie("bekal")
    browser.get("auth.list_users", expect=302)


@pytest.mark.parametrize("target", HOSTILE)
def test_next_never_leads_away(browser, officer, target):
    assert not is_local_path(target)
    user = officer()
    browser.sign_in(user)
    if "\0" not in target:
        assert browser.get("auth.sign_in", expect=302, next=target).location == "/"
    browser.sign_out()
    readable = not has_unreadable_character(clean_text(target))
    assert enter(browser, user, expect=303 if readable else 422, next=target).location == (
        "/" if readable else ""
    )


@pytest.mark.parametrize(
    "target", ["/users", "/users?name=a&after=b", "/d/TAPIN-D-2026-01", "/x?next=https://e.example"]
)
def test_next_leads_to_pages_of_this_site(browser, officer, target):
    assert enter(browser, officer(), next=target).location == target


def test_a_planted_session_is_nobodys_after_sign_in(browser, new_browser, officer):
    attacker, user = new_browser(), officer(Role.KABUPATEN_DINAS)
    attacker.get("auth.sign_in")
    planted = the_cookie(attacker)
    with attacker.client.session_transaction() as session:
        before = dict(session)
    browser.client.set_cookie("bekal", planted)
    with browser.client.session_transaction() as session:
        session["planted"] = "yes"
    enter(browser, user)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before["csrf_token"]
    attacker.client.set_cookie("bekal", planted)
    attacker.get("auth.list_users", expect=302)


def test_signing_in_again_ends_the_sign_in_before(browser, db, officer):
    first, second = officer(), officer()
    enter(browser, first)
    enter(browser, second)
    still_open = db.session.scalars(select(SignIn.user_id).where(SignIn.ended_at.is_(None))).all()
    assert still_open == [second.id]


def test_the_old_cookie_is_dead_after_sign_out(browser, officer):
    enter(browser, officer(Role.KABUPATEN_DINAS))
    old = the_cookie(browser)
    browser.post("auth.sign_out")
    browser.client.set_cookie("bekal", old)
    browser.get("auth.list_users", expect=302)


def test_old_cookies_are_dead_after_a_change_of_password(browser, new_browser, officer):
    user, elsewhere = officer(Role.KABUPATEN_DINAS), new_browser()
    enter(elsewhere, user)
    enter(browser, user)
    old = the_cookie(browser)
    browser.post("auth.change_password", data={"old": PASSWORD, "password": NEW, "again": NEW})
    browser.get("auth.show_account")
    elsewhere.get("auth.show_account", expect=302)
    browser.client.set_cookie("bekal", old)
    browser.get("auth.show_account", expect=302)


def test_a_disabled_account_is_out_on_its_next_request(browser, officer):
    user = officer(Role.TKSK, "63.05.06")
    enter(browser, user)
    browser.get("auth.show_account")
    services.disable_user(user, by=SYSTEM)
    browser.get("auth.show_account", expect=302)


def test_a_right_taken_away_is_gone_on_the_next_request(browser, db, officer, make):
    user = officer()
    grant = make.grant(user, Role.KABUPATEN_DINAS, make.region())
    enter(browser, user)
    browser.get("auth.list_users")
    grant.ends_on = clock.today(WIB) - timedelta(days=1)  # by another process: nothing here was told
    db.session.commit()
    browser.get("auth.list_users", expect=404)


def test_a_sign_in_notes_that_it_is_alive_at_most_every_five_minutes(browser, db, officer, at):
    began = at(2026, 3, 2, 2)
    enter(browser, officer())
    row = db.session.scalars(select(SignIn)).one()
    at(2026, 3, 2, 2, 4)
    browser.get("auth.show_account")
    assert (row.last_seen_at - began).total_seconds() < 5
    moment = at(2026, 3, 2, 2, 6)
    browser.get("auth.show_account")
    assert abs((row.last_seen_at - moment).total_seconds()) < 5


def test_a_stolen_database_opens_no_sign_in(browser, db, officer):
    enter(browser, officer(Role.KABUPATEN_DINAS))
    digest = db.session.scalar(select(SignIn.token_digest))
    with browser.client.session_transaction() as session:
        assert session["_user_id"] != digest
        session["_user_id"] = digest
    browser.get("auth.list_users", expect=302)


def link_of(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "e.example"},
        {"X-Forwarded-Host": "e.example"},
        {"Forwarded": "host=e.example"},
        {"X-Host": "e.example"},
        {"Host": "bekal.example.go.id:1@e.example"},
        {"Host": "bekal.example.go.id.e.example"},
        {"X-Forwarded-Server": "e.example"},
        {"X-Original-URL": "//e.example"},
        {"Host": "localhost:99"},
    ],
)
def test_no_host_that_a_request_names_gets_into_a_mail(browser, officer, outbox, headers):
    user = officer()
    data = {"typed": user.email, "csrf_token": browser._token()}
    cookie = f"bekal={the_cookie(browser)}"  # as a poisoned cache or a careless proxy would pass it on
    answer = browser.app.test_client(use_cookies=False).post(
        "/reset-password", data=data, headers={**headers, "Cookie": cookie}
    )
    assert answer.status_code in (303, 400)
    assert len(outbox()) == (answer.status_code == 303)
    assert all(
        urlsplit(link).netloc == "bekal.example.go.id"
        for message in outbox()
        for link in re.findall(r"\S+://\S+", message.body)
    )


def test_a_link_from_the_mail_sets_a_password_once(browser, officer, outbox):
    user = officer()
    browser.post("auth.request_reset", data={"typed": user.email})
    path = link_of(outbox()[0])
    for _ in range(2):  # looking does not use it up
        page = browser.get(path)
        assert page.response.headers["Referrer-Policy"] == "no-referrer"
        assert user.name in page.text
    assert "tidak sama" in browser.post(path, expect=422, data={"password": NEW, "again": NEW + "x"}).error
    assert (
        str(PASSWORD_LEAST)
        in browser.post(path, expect=422, data={"password": "pendek", "again": "pendek"}).error
    )
    assert browser.post(path, data={"password": NEW, "again": NEW}).location == "/sign-in"
    dead = browser.get(path, expect=404)
    assert dead.h1 == "Tautan tidak berlaku lagi"
    assert dead.response.headers["Referrer-Policy"] == "no-referrer"
    assert browser.post(path, expect=404, data={"password": NEW, "again": NEW}).h1 == dead.h1
    enter(browser, user, password=NEW)


def test_a_link_works_over_https_although_its_page_names_no_referrer_and_still_needs_the_token(
    browser, db, officer
):
    path = services.issue_reset_link(officer(), by=SYSTEM).removeprefix("https://bekal.example.go.id")
    data = {"password": NEW, "again": NEW}
    refused = browser.client.post(path, data=data, base_url="https://localhost")
    assert refused.status_code == 422
    assert db.session.scalars(select(OneTimeLink)).one().used_at is None
    page = browser.client.get(path, base_url="https://localhost")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
    answer = browser.client.post(path, data={**data, "csrf_token": token}, base_url="https://localhost")
    assert answer.status_code == 303


def test_the_secret_of_a_link_is_in_no_log(browser, officer, outbox, caplog):
    caplog.set_level("DEBUG", logger="app")
    user = officer()
    browser.post("auth.request_reset", data={"typed": user.email})
    path = link_of(outbox()[0])
    browser.get(path)
    browser.post(path, data={"password": NEW, "again": NEW})
    assert path.rpartition("/")[2] not in caplog.text


def test_an_invitation_leads_in(browser, make, outbox):
    officer, kecamatan = make.user(Role.KABUPATEN_DINAS), make.region("63.05.06")
    user = services.invite_user(
        "Budi", "budi@contoh.id", Role.TKSK, scope_kind=ScopeKind.REGION, scope_id=kecamatan.id, by=officer
    )
    path = link_of(outbox()[0])
    assert "Budi" in browser.get(path).text
    assert browser.post(path, data={"password": NEW, "again": NEW}).location == "/"
    assert browser.get("auth.show_account").text.count("Budi")
    assert user.roles() == {Role.TKSK}


@pytest.mark.parametrize("path", ["/reset-password/tidak-ada", "/invitations/tidak-ada"])
def test_a_made_up_link_is_no_page(browser, path):
    assert browser.get(path, expect=404).h1 == "Tautan tidak berlaku lagi"


def test_people_look_after_their_own_account(browser, db, officer):
    user = officer(Role.KABUPATEN_DINAS)
    services.add_sign_in_name(user, NameKind.PHONE, "0812-3456-7890")
    enter(browser, user)
    page = browser.get("auth.show_account")
    assert {"Nomor HP", "Kabupaten Tapin", "Perangkat ini"} <= {
        part for part in ("Nomor HP", "Kabupaten Tapin", "Perangkat ini") if part in page.text
    }
    browser.get("petitions.change_name")
    browser.post("petitions.change_name", data={"name": "Ratna Dewi"})
    browser.get("auth.change_email")
    browser.post("auth.change_email", data={"email": "ratna@contoh.id", "password": PASSWORD})
    assert (user.name, user.email) == ("Ratna Dewi", "ratna@contoh.id")
    assert (
        "lama tidak cocok"
        in browser.post(
            "auth.change_email", expect=422, data={"email": "x@contoh.id", "password": "salah"}
        ).error
    )
    assert browser.get("auth.change_password").h1 == "Ganti kata sandi"
    refused = browser.post(
        "auth.change_password", expect=422, data={"old": "salah", "password": NEW, "again": NEW}
    )
    assert "tidak cocok" in refused.error


def test_people_end_other_sign_ins_of_theirs_and_of_nobody_else(browser, new_browser, db, officer):
    user, other = officer(), officer()
    phone, laptop, foreign = new_browser(), new_browser(), new_browser()
    for each, who in ((browser, user), (phone, user), (laptop, user), (foreign, other)):
        enter(each, who)
    rows = db.session.scalars(select(SignIn).order_by(SignIn.id)).all()
    browser.post("auth.end_sign_in", sign_in_id=rows[1].id)
    browser.post("auth.end_sign_in", sign_in_id=rows[3].id)
    phone.get("auth.show_account", expect=302)
    foreign.get("auth.show_account")
    browser.post("auth.end_other_sign_ins")
    laptop.get("auth.show_account", expect=302)
    browser.get("auth.show_account")


def test_no_digest_of_a_password_is_kept_with_the_answers_to_forms(browser, db, officer):
    from app.core.idempotency import IdempotencyRecord

    enter(browser, officer())
    browser.post("auth.change_password", data={"old": PASSWORD, "password": NEW, "again": NEW})
    assert db.session.scalar(select(func.count(IdempotencyRecord.id))) == 0


@pytest.mark.parametrize(
    "path", ["/sign-in", "/reset-password", "/reset-password/x", "/invitations/x", "/sign-out"]
)
@pytest.mark.parametrize(
    "body",
    ["[1]", "1", "null", '{"typed": 1, "password": 2}', '{"typed": [1], "again": {}}', "{", "[[1, 2]]"],
)
def test_a_json_body_is_no_form_and_no_fault(browser, path, body):
    headers = {"X-CSRFToken": browser._token(), "Content-Type": "application/json"}
    assert browser.client.post(path, data=body, headers=headers).status_code < 500


def test_a_json_body_signs_nobody_in_and_changes_no_account(browser, officer):
    user = officer()
    headers = {"X-CSRFToken": browser._token()}
    body = {"typed": user.email, "password": PASSWORD}
    assert browser.client.post("/sign-in", json=body, headers=headers).status_code == 422
    enter(browser, user)
    headers = {"X-CSRFToken": browser._token()}
    assert (
        browser.client.post("/me/account/name", json={**EXTRA, "name": "Jahat"}, headers=headers).status_code
        == 422
    )
    assert user.name != "Jahat"


EXTRA = {
    "role": "pusat",
    "is_admin": "1",
    "jurisdiction_id": "1",
    "status": "active",
    "id": "1",
    "user_id": "1",
    "region_id": "1",
    "region": "00",
    "password_hash": "x",
    "disabled_at": "",
    "created_at": "2001-01-01",
    "granted_by_id": "1",
    "grants": "pusat",
    "scope_kind": "region",
    "scope_id": "1",
    "starts_on": "2001-01-01",
    "ends_on": "",
    "approved_by": "1",
    "score": "100",
    "quota": "999",
    "sign_in_token": "x",
    "email": "jahat@e.example",
    "permission": "user:manage",
    "superuser": "true",
    "level": "nation",
    "by": "1",
    "actor": "sistem",
}


def test_extra_fields_change_nothing_in_an_account(browser, db, officer):
    user = officer()
    enter(browser, user)
    before = (user.email, user.region_id, user.password_hash, user.disabled_at, user.created_at, user.id)
    browser.post(
        "petitions.change_name",
        data={**EXTRA, "name": "Ratna Dewi"},
        **{f"q_{key}": value for key, value in EXTRA.items()},
    )
    browser.post("auth.sign_out", data=EXTRA)
    enter(browser, user, **EXTRA)
    assert (
        user.email,
        user.region_id,
        user.password_hash,
        user.disabled_at,
        user.created_at,
        user.id,
    ) == before
    assert user.name == "Ratna Dewi"
    assert user.roles() == set()
    assert clock.now() > user.created_at


def test_somebody_without_a_code_finds_the_way_on_and_a_visitor_is_told_of_no_account(browser, officer):
    page = browser.get("auth.sign_in")
    for address in ("/register", "/reset-password/requested"):
        assert page.soup.select(f'a[href="{address}"]')
    assert "akun Anda." in browser.get("/tidak-ada", expect=404).text
    assert "tidak terbuka untuk akun Anda" not in browser.get("/tidak-ada", expect=404).text
    browser.sign_in(officer(Role.KABUPATEN_DINAS))
    assert "tidak terbuka untuk akun Anda" in browser.get("/tidak-ada", expect=404).text


def test_figures_that_were_set_with_dashes_still_open(make, browser):
    user = make.user(password_hash=passwords.hash_password("2026-12-31-77"))
    enter(browser, user, password="2026-12-31-77")
