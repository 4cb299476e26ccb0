"""Every figure and every entry of a legend opens what it counts; a sum stands apart; what a target of a
higher tier needs first is said.
"""

import csv
import io
from datetime import date

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.scopes import EVERYWHERE
from app.coverage import queries, services
from app.regions.services import split_region
from app.trainees.models import DutyPost
from tests.coverage.conftest import ACTIVE, BEGINNING, KELADAN, MARGASARI_HULU

TAPIN, CLU = "63.05", "63.05.06"


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


def shown(page, words):
    return next(each for each in page.soup.select("dl.figures div") if words in each.text)


def test_what_is_missing_and_what_is_reached_open_the_desa_that_are_short(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    for words in ("Orang yang masih kurang", "Capaian target"):
        assert "which=short" in shown(page, words).dd.a["href"]


def test_every_entry_of_a_legend_opens_as_many_as_it_says(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    entries = page.soup.select(".legend li")
    assert len(entries) >= 5
    for entry in entries:
        count = int(entry.a.text.split(": ")[1].split()[0])
        there = dinas.get(entry.a["href"].partition("#")[0])
        rows = (
            there.soup.select("table tbody tr")
            if "only=" in entry.a["href"]
            else there.soup.select(".name-group li")
        )
        assert len(rows) == count, entry.text
    dinas.get("coverage.show_coverage", region_code=TAPIN, only="ngawur", expect=404)


def test_a_target_of_a_higher_tier_says_who_needs_the_lower_one_first(make, record, dinas):
    """Of 3 missing in Keladan one holds dasar already; the batches of the others would be of dasar."""
    record(
        "Aminah",
        [(KELADAN, BEGINNING, None)],
        [(ACTIVE, BEGINNING, None)],
        [("dasar", date(2011, 5, 27), None)],
    )
    record(
        "Budi",
        [(MARGASARI_HULU, BEGINNING, None)],
        [(ACTIVE, BEGINNING, None)],
        [("madya", date(2011, 5, 27), None)],
    )
    make.target(per_desa=3, tier_rank=2)
    services.rebuild_counts()
    total = queries.coverage_of(queries.find_latest(TAPIN), None, EVERYWHERE).total
    assert (total.gap, total.to_train, total.first_below) == (5, 5, 4)
    said = shown(dinas.get("coverage.show_coverage", region_code=TAPIN), "Orang yang masih kurang").text
    assert "4 di antaranya perlu diklat dasar dahulu" in said
    assert "angkatan" not in said


def test_the_sum_stands_apart_in_a_file(tapin, dinas):
    text = dinas.get("coverage.show_coverage", region_code=TAPIN, format="csv").response.text
    lines = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    place = lines[0].index("Wilayah")
    assert len(lines) == 1 + 12 + 2
    assert not any(lines[-2])
    assert lines[-1][place] == "Jumlah Kabupaten Tapin"


def test_a_desa_says_its_figure_on_a_small_screen(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=CLU)
    cells = page.soup.select("tbody tr td[data-label='Masih kurang'], tfoot tr td[data-label='Masih kurang']")
    assert len(cells) == 14
    assert all(cell.get("data-unit") == "orang lagi" and "wide-only" not in cell["class"] for cell in cells)


def test_who_is_asked_while_nobody_has_opened_the_figures(make, browser, db):
    office = make.organiser()
    page = browser.get("/figures")
    assert "Dinas Sosial Kabupaten Tapin" in page.text
    assert "Angka cakupan PSM untuk umum" not in browser.get("/").text
    office.publishes_coverage = True
    db.session.commit()
    assert "Angka cakupan PSM untuk umum" in browser.get("/").text


def test_a_curriculum_that_others_teach_is_not_said_to_be_used_by_nobody(make, new_browser, db):
    batch = make.batch()
    batch.course.curriculum.frozen_at = clock.now()
    db.session.commit()
    elsewhere = new_browser()
    elsewhere.sign_in(make.user(Role.KABUPATEN_DINAS, "33.74"))
    assert "0 di wilayah Anda" in elsewhere.get("courses.list_curricula").text


def test_two_posts_of_the_same_name_are_told_apart(make, record, dinas, db):
    """A desa that got another code within its kecamatan: name and kecamatan read alike, the codes do not."""
    person = record("Aminah", [(KELADAN, BEGINNING, date(2025, 12, 31))], [(ACTIVE, BEGINNING, None)])
    split_region(
        make.region(KELADAN),
        [("63.05.06.2040", "Keladan", {})],
        starts_on=date(2026, 1, 1),
        by=make.user(Role.KABUPATEN_DINAS),
    )
    new = make.region("63.05.06.2040")
    db.session.add(DutyPost(trainee=person, region=new, starts_on=date(2026, 1, 1)))
    person.duty_region = new
    db.session.commit()
    text = dinas.get("workspace.show_trainee", trainee_id=person.id).text
    assert f"Bertugas di Desa Keladan, Kecamatan Candi Laras Utara ({KELADAN})" in text
    assert "Bertugas di Desa Keladan, Kecamatan Candi Laras Utara (63.05.06.2040)" in text
