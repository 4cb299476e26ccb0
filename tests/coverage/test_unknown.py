"""What is not known is neither nobody nor a lack, on every door: page, file, public figures; unlike targets
are no one target.
"""

import csv
import io
from fractions import Fraction

import pytest

from app.auth.rules import Role
from app.core.scopes import EVERYWHERE
from app.coverage import queries
from app.regions.rules import kinds_below

TAPIN, CLU, KELADAN = "63.05", "63.05.06", "63.05.06.2001"


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


@pytest.fixture
def provinsi(make, browser):
    """The provinsi asks 2 PSM aktif a desa; of Tapin all is known, of Banjarbaru nothing, and Candi Laras
    Utara has a target of its own.
    """
    make.target("63", per_desa=2, tier_rank=0)
    make.survey()
    make.qualification(make.trainee(KELADAN))
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    return browser


def test_desa_without_data_are_neither_empty_nor_short(provinsi, make):
    report = queries.coverage_of(queries.find_latest("63"), None, EVERYWHERE)
    total, unknown = report.total, report.total.villages - 135
    assert (total.unknown, total.empty, total.untrained, total.gap, total.wanted_unknown) == (
        unknown,
        134,
        134,
        269,
        2 * unknown,
    )
    page = provinsi.get("coverage.show_coverage", region_code="63")
    assert (
        "Masih kurang 269 orang untuk target 2 PSM aktif setiap desa/kelurahan. Ini tentang 135"
        " desa/kelurahan" in page.text
    )
    assert f"Target di {unknown} desa/kelurahan yang belum ada datanya: {2 * unknown} orang" in page.text
    figures = {
        " ".join(each.dt.get_text(" ").split()): " ".join(each.dd.stripped_strings)
        for each in page.soup.select(".figures div")
    }
    assert figures[
        f"Desa/kelurahan tanpa PSM terlatih dari 135 yang ada datanya; {unknown} belum"
    ].startswith("134")
    assert figures["PSM aktif rata-rata 0,01 di setiap desa/kelurahan yang ada datanya"].startswith("1")
    assert figures["Capaian target 1 dari 270 di desa/kelurahan yang ada datanya"] == "0,4 %"
    file = provinsi.get("coverage.show_coverage", region_code="63", format="csv").response.text
    lines = csv.DictReader(io.StringIO(file[1:]), delimiter=";")
    named = {line["Wilayah"]: line for line in lines}
    for column in ("Desa/kelurahan tanpa PSM", "Desa/kelurahan tanpa PSM terlatih", "Masih kurang"):
        assert named["Kota Banjarbaru"][column] == "belum ada data"
        assert named["Jumlah Kalimantan Selatan"][column] == named["Kabupaten Tapin"][column] != ""
    assert (
        "Masih kurang"
        not in provinsi.get("coverage.show_coverage", region_code="63.72")
        .soup.select_one(".three-sentences")
        .text
    )


def test_targets_that_differ_are_never_one_target(provinsi, make):
    make.target(CLU, per_desa=5)
    sentences = (
        provinsi.get("coverage.show_coverage", region_code="63")
        .soup.select_one(".three-sentences")
        .get_text(" ", strip=True)
    )
    assert "Masih kurang 308 orang menurut target yang berbeda-beda menurut tempat." in sentences
    assert "setiap desa/kelurahan." not in sentences
    page = provinsi.get("coverage.show_coverage", region_code="63")
    assert "64 orang perlu diklat: 3 angkatan, bila satu berisi 30 orang" in page.text
    gaps = provinsi.get("coverage.list_gaps", region_code="63", which="short")
    assert sum(int(next(each.b.stripped_strings)) for each in gaps.soup.select(".name-group li")) == 308
    text = provinsi.get("coverage.show_coverage", region_code="63", format="csv").response.text
    assert "berbeda menurut tempat;berbeda menurut tempat" in text.splitlines()[-1]


def test_a_target_of_madya_does_not_untrain_who_holds_dasar(make, dinas):
    make.tier("madya")
    make.survey()
    make.target(per_desa=1, tier_rank=2)
    make.qualification(make.trainee(KELADAN))
    row = next(
        row
        for row in dinas.get("coverage.show_coverage", region_code=CLU).soup.select("tbody tr")
        if "Keladan" in row.text
    )
    assert "Masih kurang" in row.text
    assert "Tanpa PSM terlatih" not in row.text


def test_anybody_reads_of_missing_data_what_cakupan_says(make, browser):
    make.organiser(publishes_coverage=True)
    make.trainee(KELADAN)
    page = browser.get("coverage.show_public", region_code=TAPIN)
    assert "134 dari 135 desa/kelurahan belum ada datanya: itu tidak berarti tanpa PSM." in page.text
    rows = {row.th.text.strip(): " ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")}
    assert "0 dari 13 12 belum ada data" in rows["Candi Laras Utara"]
    assert rows["Piani"].count("belum ada data") == 2


def test_what_nearly_nobody_is_is_not_nobody(app):
    macros = app.jinja_env.get_template("coverage/figures.html").module
    shares = {
        0: "0,0 %",
        0.01: "kurang dari 0,1 %",
        0.06: "0,1 %",
        99.97: "lebih dari 99,9 %",
        100: "100,0 %",
    }
    assert {value: " ".join(str(macros.percent(value)).split()) for value in shares} == shares
    assert str(macros.ratio_words(Fraction(1, 8))) == "0,13"
    assert "6,3" in str(macros.percent(Fraction(100, 16)))
    assert [str(macros.ratio_words(value)) for value in (0, 0.001, 0.22)] == [
        "0,00",
        "kurang dari 0,01",
        "0,22",
    ]


def test_in_papua_a_kabupaten_has_distrik():
    assert [kinds_below(code) for code in ("91.03", "63.05", "63", "91.03.01", "91.03.01.2001")] == [
        "distrik",
        "kecamatan",
        "kabupaten/kota",
        "desa/kelurahan",
        "",
    ]
