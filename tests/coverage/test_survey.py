"""What is known of desa without anybody: nothing, until the office states that everybody is recorded."""

from datetime import date, timedelta

import pytest

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import Reach
from app.coverage import queries, services
from app.coverage.rules import CoverageLevel, Gap
from app.regions import services as regions
from app.regions.rules import WITA
from app.trainees import services as trainees
from tests import regions_for_tests

TAPIN, CLU, PIANI, KELADAN = "63.05", "63.05.06", "63.05.08", "63.05.06.2001"
EVERYWHERE = Reach(everywhere=True)


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def report(code=TAPIN, day=None):
    return queries.coverage_of(queries.find_latest(code), day, EVERYWHERE)


def levels(code=TAPIN, day=None):
    return {row.code: row.level for row in report(code, day).rows}


def test_one_person_makes_no_zeros_of_the_rest(make, dinas):
    make.target(per_desa=1)
    make.trainee(KELADAN)
    total = report().total
    assert (total.has_data, total.villages, total.unknown) == (True, 135, 134)
    assert {code: level for code, level in levels().items() if level is not CoverageLevel.NO_DATA} == {
        CLU: CoverageLevel.SHORT
    }
    assert [code for code, level in levels(CLU).items() if level is not CoverageLevel.NO_DATA] == [KELADAN]
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    assert "134 dari 135 desa/kelurahan belum ada datanya: itu tidak berarti tanpa PSM." in page.text
    assert "1 kecamatan belum: Candi Laras Utara" in page.text
    assert (
        "Belum ada data PSM untuk wilayah ini" in dinas.get("coverage.show_coverage", region_code=PIANI).text
    )
    gaps = dinas.get("coverage.list_gaps", region_code=TAPIN)
    assert "1 dari 135 desa/kelurahan." in gaps.text
    assert "134 desa/kelurahan lain belum ada datanya: itu tidak berarti tanpa PSM." in gaps.text
    assert (
        len(dinas.get("coverage.list_gaps", region_code=TAPIN, which="unknown").soup.select(".name-group li"))
        == 134
    )
    assert (
        "1 desa/kelurahan tanpa PSM terlatih di Kabupaten Tapin (134 desa/kelurahan lain belum ada datanya)"
        in dinas.get("/").text
    )


def test_the_first_page_and_coverage_agree_on_a_region_without_data(dinas):
    home = dinas.get("/").text
    assert "Belum ada data PSM di Kabupaten Tapin" in home
    assert "tanpa PSM terlatih" not in home


def test_the_office_states_it_and_takes_it_back(make, dinas, db):
    make.trainee(KELADAN)
    make.target(per_desa=1)
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    form = dinas.get(page.soup.find("a", string="Pendataan sudah lengkap?")["href"])
    assert "Di 134 desa/kelurahan belum seorang pun pernah dicatat." in form.text
    today = clock.today(WITA)
    refused = dinas.post(
        "coverage.state_complete",
        region_code=TAPIN,
        data={"complete_on": f"{today + timedelta(days=1)}"},
        expect=422,
    )
    assert "Tanggal itu belum tiba." in refused.error
    dinas.post("coverage.state_complete", region_code=TAPIN, data={"complete_on": f"{today}"})
    assert set(levels().values()) == {CoverageLevel.EMPTY, CoverageLevel.UNTRAINED}
    assert (report().total.unknown, report(PIANI).total.has_data) == (0, True)
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    assert "Pendataan dinyatakan lengkap sejak" in page.text
    assert "belum ada datanya" not in page.text
    ending = dinas.get("coverage.state_complete", region_code=TAPIN)
    assert "mulai hari ini 134 desa/kelurahan tanpa catatan terbaca belum ada data" in ending.text
    refused = dinas.post("coverage.take_back_survey", region_code=TAPIN, data={"reason": "...."}, expect=422)
    assert "alasannya dengan kata-kata" in refused.error
    dinas.post("coverage.take_back_survey", region_code=TAPIN, data={"reason": "Desa Keladan didata ulang"})
    assert report().total.unknown == 134
    dinas.post("coverage.take_back_survey", region_code=TAPIN, data={"reason": "Desa Keladan didata ulang"})
    page = dinas.get("coverage.state_complete", region_code=TAPIN)
    assert "belum dinyatakan lengkap" in page.text
    assert "Alasan: Desa Keladan didata ulang" in page.text
    assert [
        event.action
        for event in db.session.query(Event).filter(Event.subject_type == "Survey").order_by(Event.id)
    ] == [
        "survey.stated",
        "survey.taken_back",
    ]


def test_it_holds_from_its_day_on(make, officer):
    make.trainee(KELADAN)
    day = clock.today(WITA) - timedelta(days=30)
    services.state_complete(make.region(TAPIN), complete_on=day, by=officer)
    assert report(day=day).total.unknown == 0
    assert report(day=day - timedelta(days=1)).total.unknown > 0


def test_what_was_reported_under_a_statement_stays_when_it_is_taken_back(make, officer):
    """A quarter that has been reported does not change, not by taking the statement back and not by making it
    again.
    """
    make.trainee(KELADAN)
    make.survey(complete_on=date(2020, 1, 1), recorded_at=clock.now() - timedelta(days=90))
    today = clock.today(WITA)
    services.take_back_survey(make.region(TAPIN), "Desa Keladan didata ulang", by=officer)
    assert report().total.unknown == 134
    assert [
        report(day=day).total.unknown
        for day in (date(2019, 12, 31), date(2020, 1, 1), today - timedelta(days=1))
    ] == [134, 0, 0]
    services.state_complete(make.region(TAPIN), complete_on=today, by=officer)
    assert [
        report(day=day).total.unknown for day in (date(2020, 1, 1), today - timedelta(days=1), today)
    ] == [0, 0, 0]


def test_a_statement_taken_back_on_its_own_day_never_held(make, officer):
    make.trainee(KELADAN)
    services.state_complete(make.region(TAPIN), complete_on=date(2020, 1, 1), by=officer)
    services.take_back_survey(make.region(TAPIN), "Salah kabupaten", by=officer)
    assert report(day=date(2021, 1, 1)).total.unknown == 134


def test_a_desa_that_somebody_served_has_data_when_that_person_is_gone(make, officer):
    moved = make.trainee(KELADAN)
    trainees.move_duty(moved, make.region("63.05.08.2004"), clock.today(WITA), officer)
    total = report(KELADAN).total
    assert (total.has_data, total.unknown, total.empty) == (True, 0, 1)
    assert report(KELADAN, clock.today(WITA) - timedelta(days=1)).total.active == 1
    services.state_complete(
        make.region(KELADAN), complete_on=clock.today(WITA), by=officer
    )  # "nobody is recorded here" is no refusal


def test_a_kecamatan_may_be_complete_before_its_kabupaten(make, officer):
    make.trainee(KELADAN)
    services.state_complete(make.region(CLU), complete_on=clock.today(WITA), by=officer)
    assert report(CLU).total.unknown == 0
    assert report().total.unknown == 135 - 13
    assert report("63").total.unknown == report("63").total.villages - 13


def test_what_cannot_be_stated(make, officer):
    today = clock.today(WITA)
    with pytest.raises(RuleViolation, match="Belum seorang pun dicatat"):
        services.state_complete(make.region(TAPIN), complete_on=today, by=officer)
    make.trainee(KELADAN)
    with pytest.raises(RuleViolation, match="setiap kabupaten"):
        services.state_complete(make.region("63"), complete_on=today, by=officer)
    services.state_complete(make.region(TAPIN), complete_on=today, by=officer)
    with pytest.raises(Conflict, match="sudah dinyatakan"):
        services.state_complete(make.region(TAPIN), complete_on=today, by=officer)


def test_a_statement_goes_on_at_the_parts_of_a_divided_region(make, officer):
    make.trainee(KELADAN)
    services.state_complete(make.region(CLU), complete_on=date(2020, 1, 1), by=officer)
    old = queries.find_latest(CLU)
    children = [row.code for row in report(CLU).rows]
    into = [
        ("63.05.13", "Candi Laras Barat", {code: code.replace(CLU, "63.05.13") for code in children[:5]}),
        ("63.05.14", "Candi Laras Timur", {code: code.replace(CLU, "63.05.14") for code in children[5:]}),
    ]
    regions.split_region(old, into, starts_on=clock.today(WITA), by=officer)
    assert [report(code).total.unknown for code in ("63.05.13", "63.05.14")] == [0, 0]


def listed(*more, without=()):
    """Import the small Indonesia with these desa beside it."""
    rows = [row for row in regions_for_tests.rows() if row[0] not in without]
    return regions.import_regions([*rows, *more])


BATU = ("63.05.08.2030", "Batu Laki")


def test_a_statement_does_not_speak_of_a_desa_that_came_into_the_list_later(make, officer, dinas, at):
    at(2026, 12, 7, 1)
    make.trainee(KELADAN)
    services.state_complete(make.region(TAPIN), complete_on=date(2020, 1, 1), by=officer)
    at(2026, 12, 7, 3)  # of the same day, two hours later
    listed(BATU)
    assert (report().total.unknown, report(PIANI).total.unknown, report("63").total.unknown) == (
        1,
        1,
        report("63").total.villages - 135,
    )
    assert levels(PIANI)[BATU[0]] is CoverageLevel.NO_DATA
    assert [
        each.code
        for each in queries.list_desa(make.region(TAPIN), date(2026, 12, 7), EVERYWHERE, Gap.UNKNOWN)
    ] == [BATU[0]]
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    form = dinas.get(page.soup.find("a", string="Pendataan sudah lengkap?")["href"])
    assert "1 desa/kelurahan masuk daftar wilayah sesudah pernyataan itu dibuat" in form.text
    assert "Cabut pernyataan" in dinas.get("coverage.state_complete", region_code=TAPIN, end=1).soup.main.text
    dinas.post("coverage.state_complete", region_code=TAPIN, data={"complete_on": "07-12-2026"})
    assert report().total.unknown == 0
    assert [report(day=day).total.unknown for day in (date(2021, 1, 1), date(2026, 12, 6))] == [0, 0]
    with pytest.raises(Conflict, match="sudah dinyatakan"):
        services.state_complete(make.region(TAPIN), complete_on=date(2026, 12, 7), by=officer)


def test_a_desa_that_was_listed_before_the_statement_of_its_day_is_spoken_of(make, officer, at):
    at(2026, 12, 7, 1)
    listed(BATU)
    make.trainee(KELADAN)
    at(2026, 12, 7, 3)
    services.state_complete(make.region(TAPIN), complete_on=date(2026, 12, 7), by=officer)
    assert report().total.unknown == 0
