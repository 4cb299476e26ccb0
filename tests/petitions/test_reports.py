"""A report about a certificate: it goes to an office that reads it, its number reads the answer, and many are one."""

import re

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.petitions import queries, services
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


def test_many_from_one_address_about_one_certificate_are_one_with_all_that_was_said(browser, make):
    dinas = make.user(Role.KABUPATEN_DINAS)
    first = report(make)
    for _each in range(3):
        again = report(make, about="026/diklat-d / 2011", words="Kertasnya lain.", name="Siti")
        assert again.said.code == first.said.code
    report(make, address="198.51.100.7")
    report(make, about="027/DIKLAT-D/2011")
    waiting = queries.list_waiting(dinas.reach)
    assert [each.said.count for each in waiting] == ["4", "", ""]
    assert waiting[0].said.words == "Nama berbeda.\nSiti: Kertasnya lain."
    browser.sign_in(dinas)
    home = browser.get("dashboard.home").text
    assert "026/DIKLAT-D/2011 (4 laporan)" in home
    assert "027/DIKLAT-D/2011" in home
