"""The pages about accounts of a region: who sees whom, invitations, roles, links to hand out, the table of
rights.
"""

import pytest

from app.auth import queries, services
from app.auth.rules import BELOW, OWN, RIGHTS, NameKind, Permission, Role
from app.core import clock
from app.core.actor import SYSTEM
from app.core.dates import long_date
from app.core.scopes import ScopeKind
from app.regions.rules import WIB
from tests.auth.test_pages_of_sign_in import EXTRA


@pytest.fixture
def officer(make, browser):
    officer = make.user(Role.KABUPATEN_DINAS, name="Ratna Dewi")
    browser.sign_in(officer)
    return officer


def region_choice(make, code):
    return {"place": f"region:{make.region(code).id}"}


WORDS = {None: "–", OWN: "sendiri", BELOW: "ke bawah"}
KECAMATAN = {"place": "inside", "region-kecamatan": "63.05.06"}


def test_the_list_shows_the_own_region_and_no_other(browser, officer, make):
    make.user(Role.TKSK, "63.05.06", name="Budi Tapin")
    make.user(Role.TKSK, "63.03.01", name="Budi Banjar")
    make.user(Role.PROVINSI_DINAS, "63", name="Budi Provinsi")
    page = browser.get("auth.list_users")
    assert "Budi Tapin" in page.text
    assert "Budi Banjar" not in page.text
    assert "Budi Provinsi" not in page.text


@pytest.mark.parametrize(
    ("typed", "found"), [("bud", True), ("BUDI", True), ("%", False), ("_udi", False), ("adi", False)]
)
def test_the_list_is_searched_by_how_a_name_begins(browser, officer, make, typed, found):
    make.user(name="Budi Santoso")
    assert ("Budi Santoso" in browser.get("auth.list_users", name=typed).text) is found


def test_the_list_asks_as_often_for_thirty_as_for_one(browser, officer, make, count_queries):
    def count():
        with count_queries() as counted:
            browser.get("auth.list_users")
            return counted()

    make.user(Role.TKSK, "63.05.06")
    one = count()
    for _ in range(30):
        make.user(Role.TKSK, "63.05.06")
    assert count() == one


def test_a_long_list_has_a_next_page(browser, officer, make):
    for number in range(60):
        make.user(name=f"Petugas {number:02}")
    page = browser.get("auth.list_users", name="petugas")
    second = page.soup.select_one("nav.pager a[rel=next]")["href"]
    assert "Petugas 49" in page.text
    assert "Petugas 50" not in page.text
    assert "Petugas 50" in browser.get(second).text


@pytest.mark.parametrize("endpoint", ["show_user", "grant_role"])
def test_a_stranger_and_a_number_that_nobody_has_look_the_same(browser, officer, make, endpoint):
    foreign = make.user(region="63.03")
    assert (
        browser.get(f"auth.{endpoint}", user_id=foreign.id, expect=404).text
        == browser.get(f"auth.{endpoint}", user_id=99_999, expect=404).text
    )


@pytest.mark.parametrize(
    "act", ["disable_user", "enable_user", "issue_reset_link", "invite_again", "grant_role"]
)
def test_nothing_is_done_to_an_account_of_another_region(browser, officer, make, act):
    foreign = make.user(region="63.03")
    browser.post(f"auth.{act}", user_id=foreign.id, expect=404, data={"role": "tksk", **KECAMATAN})
    assert foreign.is_active
    assert foreign.roles() == set()


@pytest.mark.parametrize("role", [Role.TKSK, Role.COMMITTEE, Role.SIGNER, Role.AUDITOR, Role.IPSM_OFFICER])
def test_those_who_manage_no_accounts_see_no_accounts(browser, make, role):
    browser.sign_in(make.user(role, "63.05.06" if role is Role.TKSK else "63.05"))
    for endpoint in ("list_users", "invite_user", "show_roles"):
        browser.get(f"auth.{endpoint}", expect=404)


def test_somebody_is_invited(browser, officer, outbox):
    browser.get("auth.invite_user")
    data = {"name": "Budi", "email": "budi@contoh.id", "role": "tksk", **KECAMATAN}
    page = browser.get(browser.post("auth.invite_user", data=data).location)
    assert {"Budi", "TKSK"} <= set(page.text.split())
    assert "Kirim ulang undangan" in page.text
    assert outbox()[0].recipient == "budi@contoh.id"


def test_an_invitation_may_name_the_last_day(browser, officer):
    data = {"name": "Budi", "email": "budi@contoh.id", "role": "tksk", "ends_on": "2100-12-31", **KECAMATAN}
    assert "31 Desember 2100" in browser.get(browser.post("auth.invite_user", data=data).location).text


def test_pressing_twice_invites_once(browser, officer, outbox):
    data = {"name": "Budi", "email": "budi@contoh.id", "role": "tksk", **KECAMATAN}
    first = browser.post("auth.invite_user", data=data, key="k" * 20)
    assert browser.post("auth.invite_user", data=data, key="k" * 20).location == first.location
    assert len(outbox()) == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"role": "pusat"}, 422),
        ({"role": "volunteer"}, 422),
        ({"role": "raja"}, 422),
        ({"place": ""}, 422),
        ({"email": "budi@"}, 422),
        ({"place": "region:1"}, 422),
        ({"place": "batch:1"}, 422),
        ({"region-kecamatan": "63.03.01"}, 422),
        ({"region-kecamatan": ""}, 422),
        ({"email": "ratna@contoh.id"}, 409),
        ({"name": ""}, 422),
        ({"ends_on": "besok"}, 422),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_everything_still_there(
    browser, officer, make, outbox, changed, status
):
    make.user(email="ratna@contoh.id")
    data = {"name": "Budi", "email": "budi@contoh.id", "role": "tksk", **KECAMATAN, **changed}
    page = browser.post("auth.invite_user", data=data, expect=status)
    assert page.errors
    assert page.soup.find(id="name")["value"] == data["name"]
    assert outbox() == []


def test_a_role_is_given_and_ended(browser, officer, make):
    user = make.user(name="Budi")
    assert "Kabupaten Tapin" in browser.get("auth.grant_role", user_id=user.id).text
    browser.post(
        "auth.grant_role",
        user_id=user.id,
        data={"role": "committee", **region_choice(make, "63.05"), "ends_on": "2100-12-31"},
    )
    assert "31 Desember 2100" in browser.get("auth.show_user", user_id=user.id).text
    grant = queries.list_grants(user)[0]
    browser.post("auth.revoke_role", user_id=user.id, grant_id=grant.id)
    today = long_date(clock.today(WIB))  # it held until this moment
    assert f"tidak berlaku lagi sejak {today}" in browser.get("auth.show_user", user_id=user.id).text
    user.granted = None
    assert user.roles() == set()


def test_a_role_at_the_own_office_is_given(browser, officer, make):
    user, office = make.user(), make.organiser()
    browser.post(
        "auth.grant_role", user_id=user.id, data={"role": "committee", "place": f"organiser:{office.id}"}
    )
    assert queries.list_grants(user)[0].scope_id == office.id
    foreign = make.organiser("63.03")
    browser.post(
        "auth.grant_role",
        user_id=user.id,
        expect=422,
        data={"role": "committee", "place": f"organiser:{foreign.id}"},
    )


def test_a_grant_is_ended_only_through_its_own_account(browser, officer, make):
    user, other = make.user(), make.user(Role.TKSK, "63.05.06")
    grant = queries.list_grants(other)[0]
    browser.post("auth.revoke_role", user_id=user.id, grant_id=grant.id, expect=404)
    browser.post("auth.revoke_role", user_id=user.id, grant_id=99_999, expect=404)
    assert other.roles() == {Role.TKSK}


def test_a_refused_act_is_said_on_the_page(browser, officer, make):
    higher = make.user(name="Budi")
    make.grant(higher, Role.PROVINSI_DINAS, make.region("63"))
    for act in ("disable_user", "issue_reset_link"):
        page = browser.post(f"auth.{act}", user_id=higher.id, expect=422)
        assert "di luar wewenang" in page.error
    browser.post("auth.disable_user", user_id=officer.id, expect=422)
    assert higher.is_active
    assert officer.is_active


def test_an_account_is_disabled_and_enabled(browser, officer, make):
    user = make.user(Role.TKSK, "63.05.06")
    browser.post("auth.disable_user", user_id=user.id)
    assert "Dinonaktifkan" in browser.get("auth.show_user", user_id=user.id).text
    browser.post("auth.enable_user", user_id=user.id)
    assert user.is_active


def test_a_link_to_hand_out_is_shown_once_and_not_kept(browser, officer, make):
    user = services.open_account(
        "Siti", password=None, names={NameKind.PHONE: "0812-3456-7890"}, region=make.region(), by=SYSTEM
    )
    page = browser.post("auth.issue_reset_link", user_id=user.id, expect=200)
    link = page.soup.find(id="link")["value"]
    assert link.startswith("https://bekal.example.go.id/reset-password/")
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert link not in browser.get("auth.show_user", user_id=user.id).response.text


def test_the_table_of_rights_shows_what_the_program_reads(browser, officer):
    page = browser.get("auth.show_roles")
    heads = [cell.get_text(" ", strip=True) for cell in page.soup.select("thead th")][1:]
    rows = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.soup.select("tbody tr")
    }
    roles = [role for role in Role if RIGHTS[role]]
    assert heads == [str(role.label) for role in roles]
    assert rows == {str(each.label): [WORDS[RIGHTS[role].get(each)] for role in roles] for each in Permission}


def test_extra_fields_give_nobody_more(browser, officer, make):
    user = make.user(email="budi@contoh.id")
    extra = {key: value for key, value in EXTRA.items() if key not in ("role", "email", "ends_on")}
    data = {"name": "Siti", "email": "siti@contoh.id", "role": "tksk", **KECAMATAN}
    browser.post(
        "auth.invite_user",
        data={**extra, **data},
        **{f"role{n}": "pusat" for n in range(3)},
        role="pusat",
        place="region:1",
    )
    invited = queries.find_user_by_email("siti@contoh.id")
    assert (invited.roles(), invited.region.code, invited.password_hash, invited.disabled_at) == (
        {Role.TKSK},
        "63.05.06",
        None,
        None,
    )
    before = (user.name, user.email, user.region_id, user.disabled_at)
    browser.post("auth.grant_role", user_id=user.id, data={**extra, "role": "tksk", **KECAMATAN})
    grant = queries.list_grants(user)[0]
    assert (grant.role, grant.scope_kind, grant.granted_by_id, grant.starts_on) == (
        Role.TKSK,
        ScopeKind.REGION,
        officer.id,
        None,
    )
    assert (user.name, user.email, user.region_id, user.disabled_at) == before


def test_the_administrator_of_the_nation_chooses_any_region(browser, make):
    browser.sign_in(make.user(Role.ADMINISTRATOR, "00"))
    user = make.user(region="33.74")
    place = {"place": "inside", "region-provinsi": "33", "region-kabupaten": "33.74"}
    browser.post("auth.grant_role", user_id=user.id, data={"role": "kabupaten_dinas", **place})
    assert user.roles() == {Role.KABUPATEN_DINAS}


def test_a_provinsi_gives_roles_of_the_provinsi_and_is_offered_nothing_below(browser, make):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    user = make.user(region="63")
    page = browser.get("auth.grant_role", user_id=user.id)
    assert not page.soup.find(attrs={"name": "region-kabupaten"})
    browser.post(
        "auth.grant_role",
        user_id=user.id,
        expect=422,
        data={"role": "kabupaten_dinas", **region_choice(make, "63.05")},
    )
