"""The map of tiles: every region has its place, shows the figures of its row, and can be heard; the charts
beside it.
"""

import csv
import io
import random
from collections import Counter
from datetime import date

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.errors import NotFound
from app.core.scopes import EVERYWHERE, Reach, Reaching
from app.coverage import queries
from app.coverage.rows import Tally as T
from app.coverage.rows import row_of
from app.coverage.rules import Spread, quarter_ends
from app.coverage.wording import name_lines, short_name
from app.regions.models import Region
from app.regions.reference import Tile, arrange_tiles, tile_places
from app.regions.rules import WITA, Level, level_of, parent_code
from app.regions.services import REFERENCE_COUNTS, reference_rows

TAPIN, CLU = "63.05", "63.05.06"
MAPPED = (Level.PROVINSI, Level.KABUPATEN, Level.KECAMATAN)


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


# places


def test_every_region_of_the_reference_list_has_a_place_of_its_own():
    places = tile_places()
    assert set(places) == {code for code, _name in reference_rows() if level_of(code) in MAPPED}
    assert Counter(level_of(code) for code in places) == {level: REFERENCE_COUNTS[level] for level in MAPPED}
    taken = Counter((parent_code(code), tile) for code, tile in places.items())
    assert max(taken.values()) == 1


def test_a_map_begins_at_its_edges_and_stays_small():
    families: dict[str, list[Tile]] = {}
    for code, tile in tile_places().items():
        families.setdefault(parent_code(code), []).append(tile)
    for parent, tiles in families.items():
        assert (min(tile.column for tile in tiles), min(tile.row for tile in tiles)) == (1, 1), parent
        assert max(tile.column for tile in tiles) <= (13 if parent == "00" else 9), parent
        assert max(tile.row for tile in tiles) <= 9, parent


def test_tapin_lies_as_its_people_know_it():
    places = tile_places()
    binuang, utara, piani, hatungun, rantau, bakarangan = (
        places[f"{TAPIN}.{number}"] for number in ("01", "06", "08", "12", "04", "07")
    )
    tapin = [tile for code, tile in places.items() if parent_code(code) == TAPIN]
    assert utara == (min(tile.column for tile in tapin), min(tile.row for tile in tapin))
    assert binuang.row == max(tile.row for tile in tapin)
    assert piani.column == max(tile.column for tile in tapin)
    assert hatungun.column > binuang.column
    assert hatungun.row > piani.row
    assert bakarangan.column < rantau.column < piani.column
    assert utara.row < rantau.row < binuang.row


def test_indonesia_lies_from_aceh_to_papua():
    aceh, bali, kalsel, sulsel, papua, selatan, jateng = (
        tile_places()[code] for code in ("11", "51", "63", "73", "91", "93", "33")
    )
    assert aceh.column < jateng.column < kalsel.column < sulsel.column < papua.column
    assert kalsel.row < jateng.row <= bali.row
    assert papua.row < selatan.row


def test_a_region_without_a_place_takes_the_first_free_tile():
    places = {"a": Tile(2, 3), "b": Tile(4, 3), "c": Tile(2, 4)}
    found = arrange_tiles(["z", "c", "y", "a", "b"], places)
    assert found == {"a": (1, 1), "b": (3, 1), "c": (1, 2), "y": (2, 1), "z": (2, 2)}
    assert arrange_tiles(["d", "e", "a", "b", "c", "f", "g"], places)["g"] == (1, 3)
    assert arrange_tiles(["q", "r", "s", "t", "u"], {}) == {
        "q": (1, 1),
        "r": (2, 1),
        "s": (3, 1),
        "t": (1, 2),
        "u": (2, 2),
    }
    assert arrange_tiles([], places) == {}


def test_nothing_is_ever_missing_from_a_map():
    chance = random.Random(5)
    for _try in range(300):
        codes = [f"{number:02}" for number in chance.sample(range(60), chance.randint(1, 40))]
        places = {
            code: Tile(chance.randint(1, 9), chance.randint(1, 9)) for code in codes if chance.random() < 0.7
        }
        found = arrange_tiles(chance.sample(codes, len(codes)), places)
        assert sorted(found) == sorted(codes)
        assert len(set(found.values())) == len(codes)
        assert (min(tile.column for tile in found.values()), min(tile.row for tile in found.values())) == (
            1,
            1,
        )
        assert found == arrange_tiles(codes, places)


# names and states


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Candi Laras Utara", ["Candi Laras", "Utara"]),
        ("Kabupaten Tapin", ["Tapin"]),
        ("Kota Banjarbaru", ["Kota", "Banjarbaru"]),
        ("Kota Administrasi Jakarta Pusat", ["Jakarta", "Pusat"]),
        ("Daerah Khusus Ibukota Jakarta", ["DKI Jakarta"]),
        ("Nusa Tenggara Timur", ["Nusa", "Tenggara", "Timur"]),
        ("Buay Pematang Ribu Ranau Tengah", ["Buay", "Pematang", "Ribu Ranau…"]),
    ],
)
def test_a_name_stands_on_a_tile_in_whole_words(label, lines):
    assert name_lines(short_name(label)) == lines


def test_no_name_of_the_reference_list_is_lost_on_its_tile():
    for code, name in reference_rows():
        if level_of(code) in MAPPED:
            lines = name_lines(short_name(name))
            assert 1 <= len(lines) <= 3, name
            assert all(len(line) <= 17 for line in lines), name


@pytest.mark.parametrize(
    ("profiles", "spread"),
    [
        ([((0, 0), 3)], Spread.NO_DATA),
        ([((2, 0), 3)], Spread.NONE),
        ([((0, 1), 1), ((1, 0), 2)], Spread.SOME),
        ([((0, 1), 2), ((0, 4), 1)], Spread.REACHED),
        ([], Spread.NO_DATA),
    ],
)
def test_a_map_tells_in_how_many_desa_somebody_is_trained(profiles, spread):
    tallies = [T("63.05.01", profile, many, sum(profile) > 0) for profile, many in profiles]
    assert row_of("63.05.01", "Binuang", tallies, tiers={1: "dasar"}, goals={}).spread is spread


# the map on the page


def tiles_of(page) -> dict[str, tuple[str, str]]:
    """Return figure and state by the code in the link of each tile."""
    return {
        tile["href"].split("?")[0].rpartition("/")[2]: (
            tile.select_one(".figure").text,
            next(c for c in tile["class"] if "level" in c),
        )
        for tile in page.soup.select("a.tile")
    }


@pytest.mark.parametrize("day", [None, "2022-12-31"])
def test_map_table_and_file_say_the_same(tapin, dinas, day):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of=day)
    on_map = tiles_of(page)
    report = queries.coverage_of(
        queries.find_latest(TAPIN), date.fromisoformat(day) if day else None, EVERYWHERE
    )
    assert list(on_map) == [row.code for row in report.rows]
    in_table = {}
    for line in page.soup.select("tbody tr"):
        trained, _word, whole = line.select_one(".bar > span").text.split(": ")[1].split()
        in_table[line.th.a["href"].split("?")[0].rpartition("/")[2]] = f"{trained}/{whole}"
    assert {code: figure for code, (figure, _level) in on_map.items()} == in_table
    file = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of=day, format="csv").response.text[1:]
    lines = [
        line
        for line in csv.DictReader(io.StringIO(file), delimiter=";")
        if line["Kode"].strip("\t") not in ("", TAPIN)
    ]
    said = {
        line["Kode"].strip("\t"): (
            int(line["Desa/kelurahan"]),
            int(line["Desa/kelurahan tanpa PSM terlatih"]),
        )
        for line in lines
    }
    assert in_table == {
        code: f"{villages - untrained}/{villages}" for code, (villages, untrained) in said.items()
    }
    assert on_map[CLU] == ("2/13" if day else "1/13", "level-some")
    assert on_map["63.05.01"] == ("0/11", "level-none")
    assert all(
        ("as_of=2022-12-31" in tile["href"]) is (day is not None) for tile in page.soup.select("a.tile")
    )


@pytest.mark.parametrize(("code", "many"), [("00", 2), ("63", 3), ("63.72", 5), ("33.74", 16)])
def test_a_map_shows_exactly_the_regions_below(make, browser, code, many):
    browser.sign_in(make.user(Role.PUSAT, "00"))
    page = browser.get("coverage.show_coverage", region_code=code)
    report = queries.coverage_of(queries.find_latest(code), None, EVERYWHERE)
    assert [tile["href"] for tile in page.soup.select("a.tile")] == [
        f"/coverage/{row.code}" for row in report.rows
    ]
    assert len(report.rows) == many
    assert all("level-no-data" in tile["class"] for tile in page.soup.select("a.tile"))
    assert "Belum ada data" in page.soup.select_one(".tile-map .legend").text


def test_a_new_kecamatan_is_on_the_map_from_its_first_day(tapin, dinas, db, make):
    fresh = Region(
        code="63.05.13",
        scope_code="63.05.13",
        name="Sungai Salai",
        level=Level.KECAMATAN,
        parent_id=make.region(TAPIN).id,
        zone=WITA,
        valid_from=date(2022, 1, 1),
    )
    db.session.add(fresh)
    db.session.commit()
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    corners = [(tile.rect["x"], tile.rect["y"]) for tile in page.soup.select("a.tile")]
    assert len(corners) == len(set(corners)) == 13
    words = {tile["href"]: tile.title.text for tile in page.soup.select("a.tile")}
    assert words["/coverage/63.05.13"] == "Sungai Salai: belum ada data"


def test_desa_and_the_wide_table_have_no_map(tapin, dinas):
    assert not dinas.get("coverage.show_coverage", region_code=CLU).soup.select(".tile-map")
    assert not dinas.get("coverage.show_coverage", region_code=TAPIN, columns="all").soup.select(".tile-map")
    dinas.get("coverage.show_coverage", region_code=TAPIN, columns="some", expect=404)


def test_the_columns_that_matter_stand_beside_the_map_and_all_are_one_press_away(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of="2022-12-31")
    heads = [head.text for head in page.soup.select("thead th")]
    assert heads == [
        "Wilayah",
        "PSM terlatih",
        "Desa/kel. tanpa PSM terlatih",
        "Masih kurang",
        "Desa/kel. dengan PSM terlatih",
    ]
    link = next(link["href"] for link in page.soup.select(".downloads a") if link.text == "Semua kolom")
    whole = dinas.get(link)
    assert "31 Desember 2022" in whole.text
    assert len(whole.soup.select("thead th")) == 13
    for line in (*page.soup.select("tbody tr, tfoot tr"), *whole.soup.select("tbody tr, tfoot tr")):
        assert len(line.find_all(["th", "td"])) == len(line.find_parent("table").select("thead th"))


def test_a_map_can_be_heard_and_told_apart_without_colour(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN)
    picture = page.soup.select_one(".tile-map > svg")
    assert (picture["role"], picture["aria-label"]) == ("group", "Peta kotak Kabupaten Tapin")
    words = {tile["href"]: tile.title.text for tile in page.soup.select("a.tile")}
    assert words["/coverage/63.05.06"] == "Candi Laras Utara: 1 dari 13 desa/kelurahan dengan PSM terlatih"
    drawn = {"level-none": {"circle"}, "level-some": {"circle", "path"}}
    for part in page.soup.select("a.tile, .tile-map .legend li"):
        level = next(name for name in part["class"] if name.startswith("level-"))
        assert {each.name for each in part.select(".sign, .sign-half, .sign-tick")} == drawn[level]
    legend = [" ".join(item.stripped_strings) for item in page.soup.select(".tile-map .legend li")]
    assert legend == ["Belum satu pun desa/kelurahan: 9 kecamatan", "Sebagian desa/kelurahan: 3 kecamatan"]
    bar = page.soup.select_one(".stacked-bar")
    assert bar.svg["aria-hidden"] == "true"
    assert [" ".join(item.stripped_strings) for item in bar.select("li")] == [
        "Desa/kelurahan dengan PSM terlatih: 3",
        "dengan PSM yang belum terlatih: 1",
        "tanpa PSM: 131",
    ]


# what was


def test_the_trend_says_what_each_day_says(tapin, count_queries):
    days = [
        date(2011, 5, 26),
        date(2011, 5, 27),
        date(2014, 12, 31),
        date(2020, 3, 15),
        *quarter_ends(clock.today(WITA), 8),
    ]
    for code in ("00", "63", TAPIN, CLU, "63.05.06.2001"):
        region = queries.find_latest(code)
        with count_queries() as counted:
            found = queries.trend(region, days, EVERYWHERE)
        assert counted() == 5
        totals = [queries.coverage_of(region, day, EVERYWHERE).total for day in days]
        assert [(each.day, each.trained, each.villages) for each in found] == [
            (day, total.trained, total.covered_by_trained) for day, total in zip(days, totals, strict=True)
        ]
    assert found[0].trained == 0
    assert found[1].trained > 0


def test_the_trend_of_a_foreign_region_is_as_unknown(tapin):
    with pytest.raises(NotFound):
        queries.trend(
            queries.find_latest(TAPIN),
            [date(2020, 1, 1)],
            Reach(regions=frozenset({("63.03", Reaching.BELOW)})),
        )


def test_a_region_has_no_past_before_it_was_there(tapin, db, make):
    fresh = Region(
        code="63.05.13",
        scope_code="63.05.13",
        name="Baru",
        level=Level.KECAMATAN,
        parent_id=make.region(TAPIN).id,
        zone=WITA,
        valid_from=date(2022, 1, 1),
    )
    db.session.add(fresh)
    db.session.commit()
    found = queries.trend(fresh, [date(2021, 12, 31), date(2022, 1, 1)], EVERYWHERE)
    assert [(each.day, each.trained) for each in found] == [(date(2022, 1, 1), 0)]


def test_a_figure_that_moved_is_drawn_and_one_that_did_not_is_said(tapin, dinas):
    page = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of="2012-03-31")
    line = page.soup.select_one(".step-line svg")
    assert line["role"] == "img"
    assert line["aria-label"].startswith("PSM terlatih: Triwulan I 2010 0; Triwulan II 2010 0;")
    assert line["aria-label"].endswith(
        "Triwulan II 2011 6; Triwulan III 2011 6; Triwulan IV 2011 6; 31 Maret 2012 6"
    )
    assert [value.text for value in line.select(".chart-value")] == ["0", "6", "6"]
    page = dinas.get("coverage.show_coverage", region_code=TAPIN, as_of="2013-06-15")
    assert not page.soup.select(".step-line")
    assert (
        "PSM terlatih pada akhir setiap triwulan sejak triwulan II 2011, dan pada 15 Juni 2013: 6 orang."
        in page.text
    )


def test_what_is_large_is_not_counted_anew_for_a_trend(make, browser, tapin):
    browser.sign_in(make.user(Role.PUSAT, "00"))
    told = {
        code: "Perkembangan" in browser.get("coverage.show_coverage", region_code=code).text
        for code in ("00", "63", TAPIN, CLU)
    }
    assert told == {"00": False, "63": False, TAPIN: True, CLU: True}
