"""What was mistyped of an office or its signers, and what is recorded for days whose certificates exist: they
keep what they print.
"""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.rules import Role
from app.certificates import planning, services
from app.certificates.models import Certificate
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.organisers import queries
from app.organisers import services as offices
from tests.certificates.conftest import CLOSING

RIGHT = {
    "name": "Dra. Hj. Rusmini, M.Si.",
    "position": "Kepala Dinas Sosial Kabupaten Tapin",
    "nip": "19650101 199003 2 001",
}


@pytest.fixture
def office(make):
    return make.organiser()


@pytest.fixture
def dinas(make, browser, office):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


def signer(office):
    return queries.signer_on(office, CLOSING)


def page_of(browser, office):
    return browser.get("organisers.show_organiser", organiser_id=office.id).text


def test_before_any_certificate_it_is_just_corrected(office, issued, browser, dinas, db):
    row = signer(office)
    browser.get("organisers.correct_signer", organiser_id=office.id, signer_id=row.id)
    browser.post(
        "organisers.correct_signer",
        organiser_id=office.id,
        signer_id=row.id,
        data={**RIGHT, "rank": "Pembina"},
    )
    assert "sertifikat berlaku memuat" not in page_of(browser, office)
    [paper] = issued("Aminah")
    assert paper.facts["signer"] == {**RIGHT, "nip": "196501011990032001", "rank": "Pembina", "prefix": None}
    [event] = db.session.scalars(select(Event).where(Event.action == "signer.corrected"))
    said = details_of([event])[event.id]["details"]
    assert (said["before"]["name"], said["after"]["name"]) == ("Dra. Rusmini, M.Si.", RIGHT["name"])


def test_certificates_keep_what_they_print_and_a_replacement_carries_what_is_right(
    office, issued, browser, dinas
):
    papers = issued("Aminah", "Bahriah")
    before = dict(papers[0].facts)
    assert offices.correct_signer(signer(office), by=SYSTEM, **RIGHT)
    name = queries.name_on(office, CLOSING)
    offices.correct_name(name, name="Dinas Sosial Kab. Tapin", government=name.government, by=SYSTEM)
    assert papers[0].facts == before
    text = page_of(browser, office)
    assert "2 sertifikat berlaku memuat nama atau penandatangan lain" in text
    assert all(each.number in text for each in papers)
    new = services.replace_certificate(
        papers[0], reason="Nama pejabat salah ketik", issued_on=date(2011, 6, 1), by=SYSTEM
    )
    assert (new.facts["signer"]["name"], new.facts["organiser"]) == (RIGHT["name"], "Dinas Sosial Kab. Tapin")
    assert [paper.number for paper in offices.contradicting_certificates(office)] == [papers[1].number]
    services.revoke_certificate(
        papers[1], reason="Tidak jadi dipakai", revoked_on=date(2011, 6, 2), by=SYSTEM
    )
    assert not offices.contradicting_certificates(office)


@pytest.mark.parametrize(("role", "opens"), [(Role.ADMINISTRATOR, False), (Role.KABUPATEN_DINAS, True)])
def test_the_office_links_to_certificates_for_those_who_may_open_them(
    office, issued, make, browser, role, opens
):
    [paper] = issued("Aminah")
    offices.correct_signer(signer(office), by=SYSTEM, **RIGHT)
    browser.sign_in(make.user(role))

    page = browser.get("organisers.show_organiser", organiser_id=office.id)

    assert paper.number in page.text
    assert len(page.soup.main.select(f"a[href='/certificates/{paper.id}']")) == opens
    browser.get("certificates.show_certificate", certificate_id=paper.id, expect=200 if opens else 404)


def test_nothing_typed_otherwise_changes_and_records_nothing(office, db):
    row, known = signer(office), queries.name_on(office, CLOSING)
    assert not offices.correct_signer(
        row, name=row.name, position=row.position, rank=row.rank, nip=row.nip, by=SYSTEM
    )
    assert not offices.correct_name(known, name=known.name, government=known.government, by=SYSTEM)
    assert db.session.scalar(select(Event.id).where(Event.action.like("%corrected"))) is None
    with pytest.raises(RuleViolation, match="18 angka"):
        offices.correct_signer(row, name=row.name, position=row.position, nip="123", by=SYSTEM)


SIGNER = {
    "name": "Drs. Baru",
    "position": "Kepala",
    "prefix": "Plt.",
    "starts_on": "01-05-2011",
    "ends_on": "30-06-2011",
}
NAME = {"name": "Dinas Sosial P3A", "government": "Pemerintah Kabupaten Tapin", "starts_on": "01-05-2011"}
DOORS = [("appoint_signer", SIGNER), ("rename_organiser", NAME), ("end_signer", {"ends_on": "30-04-2011"})]


@pytest.mark.parametrize(("door", "typed"), DOORS, ids=[each[0] for each in DOORS])
def test_what_contradicts_certificates_is_said_before_it_is_kept(
    office, issued, browser, dinas, db, door, typed
):
    [paper] = issued("Aminah")
    facts, here = dict(paper.facts), {"organiser_id": office.id, "signer_id": signer(office).id}
    assert not browser.get(f"organisers.{door}", **here).soup.select("[name=knowing]")
    asked = browser.post(f"organisers.{door}", data=typed, expect=422, **here)
    said = f"Pada masa itu sudah terbit 1 sertifikat dengan nama atau penandatangan lain: {paper.number}."
    assert said in asked.text
    assert asked.soup.select("[name=knowing]")
    assert not offices.contradicting_certificates(office)
    browser.post(f"organisers.{door}", data={**typed, "knowing": "y"}, **here)
    assert [each.number for each in offices.contradicting_certificates(office)] == [paper.number]
    assert db.session.get(Certificate, paper.id).facts == facts


def test_what_begins_after_the_last_certificate_asks_nothing(office, issued, browser, dinas):
    issued("Aminah")
    browser.post(
        "organisers.rename_organiser", organiser_id=office.id, data={**NAME, "starts_on": "01-06-2011"}
    )
    browser.post(
        "organisers.appoint_signer", organiser_id=office.id, data={**SIGNER, "starts_on": "28-05-2011"}
    )
    assert not offices.contradicting_certificates(office)


def test_another_office_does_not_reach_it(office, make, browser, dinas):
    other = make.organiser("33.74")
    row, name = queries.signer_on(other, CLOSING), queries.name_on(other, CLOSING)
    for organiser in (office, other):
        browser.get("organisers.correct_signer", organiser_id=organiser.id, signer_id=row.id, expect=404)
        browser.get("organisers.correct_name", organiser_id=organiser.id, name_id=name.id, expect=404)


def test_a_sheet_that_is_replaced_is_named_by_the_first_day_of_its_chain(office, issued):
    [paper] = issued("Aminah")
    offices.rename_organiser(
        office, name="Dinas Sosial P3A", government="Pemerintah", starts_on=date(2011, 6, 1), by=SYSTEM
    )
    new = services.replace_certificate(
        paper, reason="Ejaan nama sesuai KTP", issued_on=date(2011, 7, 1), by=SYSTEM
    )
    assert planning.contradicted(office.id, queries.list_names(office), queries.list_signers(office)) == []
    assert new.facts["organiser"] == paper.facts["organiser"]
