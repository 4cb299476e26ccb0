"""The pages: who may open them, what they say, what a number opens."""

import csv
import gzip
import io
from datetime import timedelta

import pytest

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.scopes import ScopeKind
from app.coverage import queries, routes
from app.regions.rules import WITA
from tests.coverage.conftest import codes

TAPIN, CLU, KELADAN = "63.05", "63.05.06", "63.05.06.2001"
PAGES = (
    "coverage.show_coverage",
    "coverage.list_gaps",
    "coverage.list_names",
    "coverage.set_target",
    "coverage.state_complete",
)
STRANGERS = (
    "63.03",
    "63.03.01",
    "33.74",
    "63",
    "00",
    "63.99",
    "63.5",
    "63.05.",
    "abc",
    "63.05.06.20011",
    "%00",
)


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


# who may open them


def test_signed_out_leads_to_sign_in(browser):
    for page in PAGES:
        assert "next=" in browser.get(page, region_code=TAPIN, expect=302).location


@pytest.mark.parametrize("page", PAGES)
def test_a_kabupaten_cannot_read_another(make, dinas, tapin, page):
    dinas.get(page, region_code=TAPIN)
    for code in STRANGERS[:-1]:
        dinas.get(page, region_code=code, expect=404)


def test_a_sign_that_no_address_has_is_refused(dinas):
    dinas.get("/coverage/63%00", expect=400)


def test_a_provinsi_reads_below_and_sets_its_own_target_only(make, browser, tapin):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    for code in ("63", TAPIN, CLU, KELADAN, "63.72"):
        browser.get("coverage.show_coverage", region_code=code)
        browser.get("coverage.list_names", region_code=code)
    browser.get("coverage.show_coverage", region_code="33.74", expect=404)
    browser.get("coverage.set_target", region_code="63")
    browser.get("coverage.set_target", region_code=TAPIN, expect=404)


def test_a_tksk_sees_the_own_kecamatan(make, browser, tapin):
    browser.sign_in(make.user(Role.TKSK, make.region(CLU)))
    assert browser.get("coverage.choose_region", expect=302).location.endswith("/coverage/63.05.06")
    browser.get("coverage.list_names", region_code=CLU)
    browser.get("coverage.show_coverage", region_code="63.05.05", expect=404)
    browser.get("coverage.show_coverage", region_code=TAPIN, expect=404)
    browser.get("coverage.set_target", region_code=CLU, expect=404)


def test_the_committee_of_an_office_sees_figures_of_its_region_without_names(make, browser, tapin):
    office = make.organiser()
    browser.sign_in(make.user(Role.COMMITTEE, scope=(ScopeKind.ORGANISER, office.id)))
    assert browser.get("coverage.choose_region", expect=302).location.endswith("/coverage/63.05")
    page = browser.get("coverage.show_coverage", region_code=CLU)
    assert "/names" not in page.response.text
    browser.get("coverage.list_names", region_code=CLU, expect=404)
    browser.get("coverage.show_coverage", region_code="63.03", expect=404)
    browser.get("coverage.show_coverage", region_code="63", expect=404)


def test_an_office_above_sets_no_target_below(make, browser, tapin):
    office = make.organiser("63")
    browser.sign_in(make.user(Role.PROVINSI_DINAS, scope=(ScopeKind.ORGANISER, office.id)))
    browser.get("coverage.show_coverage", region_code=TAPIN)
    browser.get("coverage.set_target", region_code="63")
    browser.get("coverage.set_target", region_code=TAPIN, expect=404)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.TRAINER])
def test_who_has_no_part_in_it_sees_nothing(make, browser, role):
    browser.sign_in(make.user(role))
    browser.get("coverage.choose_region", expect=404)
    browser.get("coverage.show_coverage", region_code=TAPIN, expect=404)


def test_staff_of_several_regions_choose(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    make.grant(user, Role.TKSK, make.region("63.72.02"))
    make.grant(user, Role.TKSK, make.region(CLU))
    browser.sign_in(user)
    page = browser.get("coverage.choose_region")
    assert [link.text for link in page.soup.main.select("ul a")] == [
        "Kabupaten Tapin",
        "Kecamatan Landasan Ulin",
    ]


# what they say


def test_three_sentences_stand_on_top(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    said = [" ".join(sentence.get_text().split()) for sentence in page.soup.select("section .lead")]
    assert said[0] == "3 dari 12 kecamatan memiliki PSM terlatih."
    assert (
        said[1] == "9 kecamatan belum: Binuang, Tapin Selatan, Tapin Tengah, Tapin Utara, Bakarangan, Bungur,"
        " Lokpaikat, Salam Babaris, Hatungun."
    )
    assert said[2] == "Masih kurang 265 orang untuk target 2 orang setiap desa/kelurahan."
    assert "135" in page.text
    assert len(page.soup.select("tbody tr")) == 12


def test_a_kecamatan_speaks_of_its_desa(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=CLU)
    assert "1 dari 13 desa/kelurahan memiliki PSM terlatih." in page.text
    assert "Masih kurang 24 orang" in page.text
    assert page.soup.select_one(".back").text == "Kabupaten Tapin"


def test_no_target_no_data_and_zero_look_different(make, browser):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    make.tier("pratama")
    make.trainee(KELADAN)
    make.target(TAPIN, per_desa=1, tier_rank=0)
    page = browser.get("coverage.show_coverage", region_code="63", columns="all")
    rows = {
        row.th.text.strip(): [" ".join(cell.stripped_strings) for cell in row.find_all("td")]
        for row in page.soup.select("tbody tr")
    }
    tapin, banjarbaru = rows["Kabupaten Tapin"], rows["Kota Banjarbaru"]
    assert (tapin[0], tapin[1]) == ("1 PSM aktif", "0 PSM terlatih")
    assert tapin[-5:] == [
        "134 desa/kelurahan belum ada data",
        "1",
        "0 orang lagi",
        "0 dari 135",
        "Sebagian belum ada data",
    ]
    assert (banjarbaru[0], banjarbaru[1]) == ("belum ada data", "belum ada data")
    assert banjarbaru[-4:] == ["belum ada target", "belum ada target", "–", "Belum ada data"]
    page = browser.get("coverage.show_coverage", region_code="63")
    rows = {
        row.th.text.strip(): [" ".join(cell.stripped_strings) for cell in row.find_all("td")]
        for row in page.soup.select("tbody tr")
    }
    assert rows["Kota Banjarbaru"] == ["belum ada data dan belum ada target"]
    assert rows["Kabupaten Tapin"][:3] == [
        "0 PSM terlatih",
        "1 desa/kelurahan tanpa PSM terlatih",
        "0 orang lagi",
    ]
    make.trainee(next(code for code in codes(make) if code.startswith("63.72.")))
    page = browser.get("coverage.show_coverage", region_code="63.72", columns="all")
    assert "Belum ada target untuk wilayah ini" in page.text
    assert {row.find_all("td")[-1].text.strip() for row in page.soup.select("tbody tr")} == {
        "Belum ada target",
        "Belum ada data",
    }


def test_a_kabupaten_that_recorded_nobody_says_so(make, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    assert "Belum ada data PSM untuk wilayah ini" in page.text
    assert "0 dari 12" not in page.text


def test_a_kecamatan_with_nobody_is_zero_where_the_survey_is_complete(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code="63.05.01")
    assert "0 dari 11 desa/kelurahan memiliki PSM terlatih." in page.text
    assert "belum ada data" not in page.soup.table.text.lower()


# what a number opens


def test_every_number_of_the_table_opens_as_many_names_or_desa(tapin, dinas):
    """Follow each link of the row of Candi Laras Utara and of the total, and count what is behind it."""
    for day in (None, "2022-12-31"):
        table = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of=day, columns="all").soup.table
        for line in table.select("tfoot tr") + [
            row for row in table.select("tbody tr") if "Candi Laras Utara" in row.th.text
        ]:
            for link in line.select("a.number-link"):
                number, path = int(next(link.stripped_strings)), link["href"]
                page = dinas.get(path)
                if "orang lagi" in link.text:
                    assert (
                        sum(int(next(each.b.stripped_strings)) for each in page.soup.select(".name-group li"))
                        == number
                    )
                    assert f"Bersama-sama masih kurang {number} orang." in page.text
                    continue
                behind = page.soup.select("table tbody tr, .name-group li")
                hidden = [
                    int(words.split()[0])
                    for words in [note.text.strip() for note in page.soup.select(".notice p")]
                ]
                assert len(behind) + sum(hidden) == number, path
                assert ("as_of=2022-12-31" in path) is (day is not None)


def test_names_stand_with_desa_and_tier_and_lead_to_the_person(tapin, dinas):
    page = dinas.get("coverage.list_names", region_code=CLU, who="trained")
    lines = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in page.soup.select("tbody tr")
    ]
    assert [line[:3] for line in lines] == [
        ["Aminah", "Desa Keladan", "Kecamatan Candi Laras Utara"],
        ["Farida", "Desa Keladan", "Kecamatan Candi Laras Utara"],
    ]
    assert all("Dasar" in line[3] for line in lines)
    assert page.soup.select_one("tbody th a")["href"] == f"/trainees/{tapin['plain'].id}"
    assert not any(sign * 4 in page.text for sign in "*")


def test_names_of_a_kind_that_there_is_not_are_no_page(tapin, dinas):
    dinas.get("coverage.list_names", region_code=CLU, who="utama", expect=404)
    dinas.get("coverage.list_gaps", region_code=CLU, which="all", expect=404)


def test_gaps_are_named_for_paper(tapin, dinas):
    """Grouped by kecamatan, whose number stands beside its name; who is there untrained is told behind the
    desa.
    """
    page = dinas.get("coverage.list_gaps", region_code=TAPIN)
    assert page.h1 == "Desa/kelurahan tanpa PSM terlatih"
    assert "132 dari 135 desa/kelurahan." in page.text
    groups = {
        group.h2.get_text(" ", strip=True): [each.get_text(" ", strip=True) for each in group.select("li")]
        for group in page.soup.select(".name-group")
    }
    assert len(groups) == 12
    assert sum(len(desa) for desa in groups.values()) == 132
    assert all(name.endswith(f"({len(desa)})") for name, desa in groups.items())
    assert groups["Kecamatan Candi Laras Utara (12)"][0] == "Desa Sungai Salai 1 PSM aktif, belum terlatih"
    assert groups["Kecamatan Lokpaikat (9)"][0] == "Kelurahan Bitahan"
    page = dinas.get("coverage.list_gaps", region_code=TAPIN, which="empty")
    assert len(page.soup.select(".name-group li")) == 131
    assert "Desa Sungai Salai" not in [
        each.get_text(" ", strip=True) for each in page.soup.select(".name-group li")
    ]


def test_a_long_list_of_gaps_is_turned_over_with_whole_numbers(tapin, dinas, monkeypatch):
    monkeypatch.setattr(routes, "VILLAGES_PER_PAGE", 20)
    found, path = [], "/coverage/63.05/gaps"
    while path:
        page = dinas.get(path)
        found += [each.text for each in page.soup.select(".name-group li")]
        assert all(int(each.text.strip("()")) > 4 for each in page.soup.select(".name-group h2 small"))
        following = page.soup.select_one("a[rel=next]")
        path = following["href"] if following else None
    assert len(found) == 132


def test_a_provinsi_reads_which_kabupaten_a_kecamatan_belongs_to(make, browser, tapin):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    heads = [
        each.text
        for each in browser.get("coverage.list_gaps", region_code="63").soup.select(".name-group h2")
    ]
    assert "Kecamatan Binuang, Kabupaten Tapin (11)" in heads
    unknown = [
        each.text
        for each in browser.get("coverage.list_gaps", region_code="63", which="unknown").soup.select(
            ".name-group h2"
        )
    ]
    assert any(", Kota Banjarbaru (" in head for head in unknown)


@pytest.mark.parametrize("page", ["coverage.show_coverage", "coverage.list_gaps"])
def test_a_page_for_paper_can_be_printed_with_and_without_a_script(tapin, dinas, page):
    soup = dinas.get(page, region_code=TAPIN).soup
    button = soup.select_one(".page-head button[data-print]")
    assert (
        button["type"],
        "js-only" in button["class"],
        button.find_parent(class_="no-print") is not None,
    ) == ("button", True, True)
    words = soup.select_one("main p.no-js")
    assert "perintah Cetak di menu peramban" in words.text
    assert words.find_parent(class_="no-print") is not None


def test_a_past_quarter_is_at_hand(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    quarters = page.soup.select("form.filter a")
    assert [link.text.split()[0] for link in quarters] == ["Triwulan"] * 4
    assert "Keadaan per" in dinas.get(quarters[0]["href"]).text


@pytest.mark.parametrize("asked", ["2026-02-30", "kemarin", "20260101x", "9999-12-31"])
def test_a_day_that_cannot_be_is_said_so(tapin, dinas, asked):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of=asked, expect=422)
    assert "keadaan hari ini" in page.text
    assert "265" in page.text
    dinas.get("coverage.show_coverage", region_code=TAPIN, as_of=asked, format="csv", expect=422)
    dinas.get("coverage.list_gaps", region_code=TAPIN, as_of=asked, expect=422)
    dinas.get("coverage.list_names", region_code=TAPIN, as_of=asked, expect=422)


# files


def test_the_file_says_in_words_what_there_is_not(make, browser):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    make.tier()
    make.trainee(KELADAN)
    answer = browser.get("coverage.show_coverage", region_code="63", format="csv").response
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert f'filename="cakupan-63-{clock.today(WITA)}.csv"' in answer.headers["Content-Disposition"]
    lines = {line["Wilayah"]: line for line in csv.DictReader(io.StringIO(answer.text[1:]), delimiter=";")}
    assert (lines["Kabupaten Tapin"]["PSM terlatih"], lines["Kota Banjarbaru"]["PSM terlatih"]) == (
        "0",
        "belum ada data",
    )
    assert lines["Kabupaten Tapin"]["Masih kurang"] == "belum ada target"
    browser.get("coverage.show_coverage", region_code="63", format="exe", expect=404)


def test_gaps_can_be_taken_along(tapin, dinas):
    text = dinas.get("coverage.list_gaps", region_code=TAPIN, which="empty", format="csv").response.text
    assert len(text.splitlines()) == 132
    assert (
        f"{clock.today(WITA):%d/%m/%Y};Kabupaten Tapin;\t63.05.10.1007;Kelurahan Bitahan;Kecamatan"
        " Lokpaikat;0;0;2" in text
    )


def test_taking_names_out_is_a_post_that_leaves_a_trace(tapin, dinas, record, db):
    trainee = tapin["plain"]
    trainee.name = '=HYPERLINK("http://x")'
    db.session.commit()
    answer = dinas.post("coverage.export_names", region_code=CLU, who="trained", expect=200).response
    assert (
        f"{clock.today(WITA):%d/%m/%Y};Kecamatan Candi Laras Utara;\"'=HYPERLINK("
        in answer.text.splitlines()[1]
    )
    assert "Farida;Desa Keladan;Kecamatan Candi Laras Utara;Dasar" in answer.text
    assert (
        f'filename="nama-psm-terlatih-{CLU}-{clock.today(WITA)}.csv"' in answer.headers["Content-Disposition"]
    )
    event = db.session.query(Event).filter_by(action="coverage.exported").one()
    assert (event.subject_type, event.scope_code) == ("Region", CLU)
    assert (
        "text/html" in dinas.get("coverage.list_names", region_code=CLU, format="csv").response.content_type
    )
    dinas.post("coverage.export_names", region_code="63.03", expect=404)


# targets


def test_a_target_is_set_from_the_page(make, dinas):
    make.tier("pratama")
    today = clock.today(WITA)
    dinas.post(
        "coverage.set_target",
        region_code=TAPIN,
        data={"per_desa": "1", "tier_rank": "1", "starts_on": (today + timedelta(days=40)).isoformat()},
    )
    answer = dinas.post(
        "coverage.set_target",
        region_code=TAPIN,
        data={"per_desa": "5", "tier_rank": "0", "starts_on": today.isoformat()},
    )
    assert answer.location.endswith("/coverage/63.05")
    unknown = dinas.get(answer.location).text
    assert (
        "Target di 135 desa/kelurahan yang belum ada datanya: 675 orang; berapa yang sudah ada, belum"
        " diketahui." in unknown
    )
    assert "Masih kurang 675" not in unknown
    make.survey()
    known = dinas.get(answer.location).text
    assert "Masih kurang 675 orang untuk target 5 PSM aktif setiap desa/kelurahan." in known
    assert "angkatan" not in known  # the target asks for no training
    page = dinas.get("coverage.set_target", region_code=TAPIN)
    assert "belum berlaku" in page.text
    assert "5 PSM aktif" in page.text


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"per_desa": "", "tier_rank": "1", "starts_on": "2099-01-01"}, "Jumlah orang"),
        ({"per_desa": "101", "tier_rank": "1", "starts_on": "2099-01-01"}, "Jumlah orang"),
        ({"per_desa": "2", "tier_rank": "9", "starts_on": "2099-01-01"}, "Yang dihitung"),
        ({"per_desa": "2", "tier_rank": "1", "starts_on": "2020-01-01"}, "Berlaku mulai"),
        ({"per_desa": "1", "tier_rank": "1", "starts_on": "2099-01-01"}, "Jumlah orang"),
    ],
)
def test_a_wrong_target_keeps_what_was_typed(make, dinas, typed, word):
    make.tier()
    make.target(TAPIN, per_desa=1)
    page = dinas.post(
        "coverage.set_target", region_code=TAPIN, data=typed, expect=409 if typed["per_desa"] == "1" else 422
    )
    assert word in page.error
    assert page.soup.find("input", attrs={"name": "per_desa"})["value"] == typed["per_desa"]
    assert len(queries.list_targets(queries.find_latest(TAPIN))) == 1


# weight and cost


def test_the_number_of_queries_does_not_grow(tapin, dinas, make, count_queries):
    paths = [
        "/coverage/63.05",
        "/coverage/63.05.06",
        "/coverage/63.05?as_of=2022-12-31",
        "/coverage/63.05?columns=all",
        "/coverage/63.05/gaps",
        "/coverage/63.05/names",
        "/coverage/63.05/names?as_of=2022-12-31&who=trained",
    ]

    def costs() -> list[int]:
        found = []
        for path in paths:
            dinas.get(path)
            with count_queries() as counted:
                dinas.get(path)
            found.append(counted())
        return found

    before = costs()
    for number in range(30):
        make.qualification(make.trainee(f"63.05.06.20{number % 12 + 1:02}"))
    assert costs() == before
    assert max(before) <= 24, before


def test_the_page_is_light(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN).response.data
    assert len(page) < 60_000
    assert len(gzip.compress(page, 6)) < 12_000
