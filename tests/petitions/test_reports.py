"""A report about a certificate: it goes to an office that reads it, its number reads the answer, and each is
one of its own.
"""

import re

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core.errors import RuleViolation, TooManyTries
from app.petitions import queries, rules, services
from app.petitions.models import Petition
from app.petitions.rules import Answer

BANJARBARU = "63.72"


def report(make, region="63.05", about="026/DIKLAT-D/2011", words="Nama berbeda.", **told):
    facts = {"name": "", "phone": "", "address": "203.0.113.9", **told}
    return services.report_certificate(about, make.region(region), words, **facts)


def sent(browser, region, **data):
    told = {"about": "026", "words": "Nama berbeda.", **data}
    return browser.get(browser.post(f"/report?region={region}", data=told).location).text


def test_where_no_office_reads_it_the_one_above_does_and_is_named(browser, make, db):
    pusat = make.user(Role.PUSAT, "00")
    assert "Kementerian Sosial" in browser.get(f"/report?region={BANJARBARU}").text
    provinsi = make.user(Role.PROVINSI_DINAS, "63")
    page = browser.get(f"/report?region={BANJARBARU}")
    assert "Laporan ini dikirim kepada dinas sosial Provinsi Kalimantan Selatan" in page.text
    assert "dikirim kepada dinas sosial Provinsi Kalimantan Selatan" in sent(browser, BANJARBARU)
    (petition,) = queries.list_waiting(provinsi.reach)
    assert queries.list_waiting(pusat.reach) == []
    browser.sign_in(provinsi)
    assert "Kota Banjarbaru" in browser.get("petitions.answer_petition", petition_id=petition.id).text


def test_where_nobody_reads_it_this_is_said_and_nothing_is_sent(browser, make, db):
    page = browser.get(f"/report?region={BANJARBARU}")
    assert "tidak ada dinas yang membaca laporan ini" in page.text
    assert page.soup.find(id="words") is None
    with pytest.raises(RuleViolation, match="tidak ada dinas yang membaca"):
        report(make, BANJARBARU)
    assert db.session.scalars(select(Petition)).all() == []


def test_the_answer_is_read_by_the_number_of_the_report(browser, make):
    dinas = make.user(Role.KABUPATEN_DINAS)
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", sent(browser, "63.05")).group(0)
    assert "sedang diperiksa" in browser.get("petitions.report_certificate", followed=code).text
    (petition,) = queries.list_waiting(dinas.reach)
    services.answer_petition(petition, Answer.TOLD, words="Sudah kami ganti.", by=dinas)
    assert "Sudah kami ganti." in browser.get("petitions.report_certificate", followed=code.lower()).text
    assert "Tidak ada laporan" in browser.get("petitions.report_certificate", followed="AAAAA-AAAAA").text
    browser.sign_in(dinas)
    assert "026" in browser.get("petitions.answer_petition", petition_id=petition.id).text  # stays readable
    assert f"/petitions/{petition.id}" in browser.get("dashboard.home").response.text


def test_who_left_a_number_is_told_by_hand(make):
    dinas = make.user(Role.KABUPATEN_DINAS)
    petition = report(make, phone="0517-31123", name="Sekdes")
    assert petition.said.phone == "+6251731123"
    with pytest.raises(RuleViolation, match="sudah dikabari"):
        services.answer_petition(petition, Answer.TOLD, words="Sudah.", by=dinas)
    services.answer_petition(petition, Answer.TOLD, words="Sudah.", by=dinas, informed=True)


def test_each_sending_is_a_report_of_its_own_with_all_of_its_words(make):
    dinas = make.user(Role.KABUPATEN_DINAS)
    reports = [report(make, words=f"Laporan {number} " + "x" * 250) for number in range(15)]
    assert len({each.said.code for each in reports}) == 15
    waiting = queries.list_waiting(dinas.reach)
    assert [each.said.words for each in waiting] == [each.said.words for each in reports]
    services.answer_petition(reports[0], Answer.TOLD, words="Sudah.", by=dinas)
    assert "Sudah." in str(services.describe_report(reports[0].said.code))
    assert "sedang diperiksa" in str(services.describe_report(reports[1].said.code))


def test_too_many_are_refused_with_whom_to_ring(make, monkeypatch, db):
    make.user(Role.KABUPATEN_DINAS)
    monkeypatch.setattr(rules, "REPORTS_PER_ADDRESS", 2)
    report(make), report(make)
    with pytest.raises(TooManyTries, match="Hubungi dinas sosial Kabupaten Tapin"):
        report(make)
    assert len(db.session.scalars(select(Petition)).all()) == 2


def test_the_number_stays_on_the_page_of_thanks(browser, make):
    make.user(Role.KABUPATEN_DINAS)
    location = browser.post("/report?region=63.05", data={"about": "026", "words": "Nama berbeda."}).location
    first, again = browser.get(location).text, browser.get(location).text
    (code,) = {*re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", first), *re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", again)}
    assert f"Nomor laporan: {code}" in again


@pytest.mark.parametrize(
    "typed", ["nomor: {0}", "Nomor laporan {0}.", "{1}", "no {2}", "  {0} ", "laporan saya {0} mohon dijawab"]
)
def test_its_number_is_found_in_what_is_typed(make, typed):
    make.user(Role.KABUPATEN_DINAS)
    code = report(make).said.code
    shown = typed.format(f"{code[:5]}-{code[5:]}", code.lower(), f"{code[:5]} {code[5:]}")
    assert services.describe_report(shown) is not None
    assert services.describe_report("nomor: AAAAA-AAAAA") is None


def test_that_of_somebody_signed_in_is_hers_and_the_officer_sees_who_it_was(browser, make):
    dinas, account = make.user(Role.KABUPATEN_DINAS), make.user(name="Siti Aminah")
    person = make.trainee(name="Siti Aminah", phone="+6281234567890", user=account)
    browser.sign_in(account)
    browser.post("/report", data={"about": "026", "words": "Nama berbeda.", "name": "Siti"})
    assert "Menunggu jawaban dinas" in browser.get("dashboard.home").text
    (petition,) = queries.list_waiting(dinas.reach)
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=petition.id)
    for words in (
        petition.said.code[:5] + "-" + petition.said.code[5:],
        "Siti Aminah",
        "0812-3456-7890",
        "halaman pertamanya setelah masuk",
    ):
        assert words in page.text
    assert page.soup.select(f'a[href="/trainees/{person.id}"]')
    services.answer_petition(petition, Answer.TOLD, words="Sudah kami ganti.", by=dinas)
    browser.sign_in(account)
    assert "Sudah kami ganti." in browser.get("dashboard.home").text


def test_the_way_back_to_an_answer_stands_where_certificates_are_checked_and_people_sign_in(browser):
    for path, status in (
        ("/v/", 200),
        ("/v/AAAAAAAAAAAAA", 404),
        ("/v/?code=026-lama", 404),
        ("/sign-in", 200),
    ):
        page = browser.get(path, expect=status)
        assert page.soup.find("a", href="/report"), path


def test_the_office_is_led_to_the_register_by_the_number_that_was_reported(browser, make):
    dinas = make.user(Role.KABUPATEN_DINAS)
    numbered, plain = report(make), report(make, about="Sertifikat pratama lama", words="Belum tercatat.")
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=numbered.id)
    assert page.soup.find("a", href="/certificates?number=026/DIKLAT-D/2011")
    assert "di register" not in browser.get("petitions.answer_petition", petition_id=plain.id).text
