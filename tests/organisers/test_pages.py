"""Pages of organisers."""

import pytest

from app.auth.rules import Role
from app.organisers import queries


@pytest.fixture
def dinas(make, browser):
    user = make.user(Role.KABUPATEN_DINAS, "63.05")
    browser.sign_in(user)
    return user


def test_an_officer_sees_the_own_office_and_not_the_neighbours(make, browser, dinas):
    make.organiser("63.05")
    other = make.organiser("33.74")

    page = browser.get("organisers.list_organisers")

    assert "TAPIN" in page.text
    assert "SMG" not in page.text
    browser.get("organisers.show_organiser", organiser_id=other.id, expect=404)
    browser.get("organisers.show_organiser", organiser_id=999_999, expect=404)


def test_the_list_costs_the_same_with_one_row_and_with_thirty(make, browser, count_queries):
    browser.sign_in(make.user(Role.PUSAT, "00"))
    make.organiser("63.05")
    with count_queries() as counted:
        browser.get("organisers.list_organisers")
        with_one = counted()
    for number in range(29):
        make.organiser("63.05", code=f"TAPIN{number}")
    with count_queries() as counted:
        browser.get("organisers.list_organisers")
        assert counted() <= with_one


def test_the_page_of_an_office_says_who_signs_today_and_how_it_numbers(make, browser, dinas):
    organiser = make.organiser("63.05")

    page = browser.get("organisers.show_organiser", organiser_id=organiser.id)

    assert page.h1 == "Dinas Sosial Kabupaten Tapin"
    assert "Dra. Rusmini, M.Si." in page.text
    assert "001/DIKLAT-D/DINSOS-TAPIN/" in page.text


@pytest.mark.parametrize("endpoint", ["rename_organiser", "appoint_signer", "set_numbering"])
def test_a_provinsi_reads_an_office_below_and_writes_none(make, browser, endpoint):
    organiser = make.organiser("63.05")
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))

    page = browser.get("organisers.show_organiser", organiser_id=organiser.id)
    assert "Ubah penomoran" not in page.text
    browser.get(f"organisers.{endpoint}", organiser_id=organiser.id, expect=404)
    browser.post(f"organisers.{endpoint}", organiser_id=organiser.id, expect=404)


def test_a_signer_is_entered_and_an_overlap_is_said_at_its_field(make, browser, dinas):
    organiser = make.organiser("63.05")
    data = {"name": "Drs. Baru", "position": "Kepala Dinas", "starts_on": "2026-01-05"}

    page = browser.post("organisers.appoint_signer", organiser_id=organiser.id, data=data, expect=422)
    assert "masih menjabat" in page.soup.select_one("#starts_on-error").text
    assert page.soup.select_one("#name")["value"] == "Drs. Baru"

    browser.post("organisers.appoint_signer", organiser_id=organiser.id, data={**data, "prefix": "Plt."})
    assert "Plt. Kepala Dinas" in browser.get("organisers.show_organiser", organiser_id=organiser.id).text


def test_a_term_of_another_office_is_not_ended_through_the_own_one(make, browser, dinas):
    organiser, other = make.organiser("63.05"), make.organiser("63.72")
    signer = queries.list_signers(other)[0]
    browser.post(
        "organisers.end_signer",
        organiser_id=organiser.id,
        signer_id=signer.id,
        data={"ends_on": "2026-01-31"},
        expect=404,
    )
    own = queries.list_signers(organiser)[0]
    browser.post(
        "organisers.end_signer", organiser_id=organiser.id, signer_id=own.id, data={"ends_on": "2026-01-31"}
    )
    assert own.ends_on.isoformat() == "2026-01-31"


def test_a_bad_pattern_is_refused_at_its_field(make, browser, dinas):
    organiser = make.organiser("63.05")
    page = browser.post(
        "organisers.set_numbering",
        organiser_id=organiser.id,
        data={"number_pattern": "{sequence}/{year}/{secret}", "unit": "DINSOS", "seat": "Rantau"},
        expect=422,
    )
    assert "tidak dikenal" in page.soup.select_one("#number_pattern-error").text


def test_a_new_name_begins_with_the_present_one_and_is_kept(make, browser, dinas):
    organiser = make.organiser("63.05")
    page = browser.get("organisers.rename_organiser", organiser_id=organiser.id)
    assert page.soup.select_one("#name")["value"] == "Dinas Sosial Kabupaten Tapin"

    data = {"name": "Dinas Sosial PMD", "government": "Pemerintah Kabupaten Tapin", "starts_on": "2020-01-01"}
    browser.post("organisers.rename_organiser", organiser_id=organiser.id, data=data)
    assert browser.get("organisers.show_organiser", organiser_id=organiser.id).h1 == "Dinas Sosial PMD"


def test_an_administrator_registers_an_office_by_its_region_code(make, browser):
    browser.sign_in(make.user(Role.ADMINISTRATOR, "00"))
    data = {
        "region": "63.72",
        "code": "bjb",
        "name": "Dinas Sosial Kota Banjarbaru",
        "government": "Pemerintah Kota Banjarbaru",
        "starts_on": "2020-01-01",
        "seat": "Banjarbaru",
        "unit": "DINSOS-BJB",
        "number_pattern": "{sequence}/{unit}/{year}",
    }
    page = browser.post("organisers.register_organiser", data={**data, "region": "99.99"}, expect=422)
    assert page.soup.select_one("#region-error")

    browser.post("organisers.register_organiser", data=data)
    assert queries.find_organiser_by_code("BJB").region.code == "63.72"
