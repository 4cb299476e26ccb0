"""The figures of Tapin, worked out by hand, are the same in the query, on the page, in the file and in the
command.
"""

import csv
import io
import json
from datetime import date

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.actor import SYSTEM
from app.courses.queries import list_tiers
from app.coverage import queries
from app.coverage.rules import Gap, Who
from app.regions.rules import WITA

WITHIN = SYSTEM.reach("")
TODAY = None
WHO = {who.value: who for who in Who}
TAPIN, CLU, CLS, PIANI = "63.05", "63.05.06", "63.05.05", "63.05.08"

# day, region: active, trained, dasar, madya, pratama, desa without PSM, desa without a trained one, target,
# gap
BY_HAND = [
    (date(2011, 5, 26), TAPIN, (6, 0, 0, 0, 0, 132, 135, None, None)),
    (date(2011, 5, 27), TAPIN, (6, 6, 6, 0, 0, 132, 132, None, None)),
    (date(2011, 5, 27), CLU, (5, 5, 5, 0, 0, 11, 11, None, None)),
    (date(2011, 5, 27), CLS, (1, 1, 1, 0, 0, 11, 11, None, None)),
    (date(2015, 12, 31), TAPIN, (6, 5, 4, 1, 0, 131, 132, 1, 132)),
    (date(2015, 12, 31), CLU, (4, 4, 3, 1, 0, 11, 11, 1, 11)),
    (date(2015, 12, 31), CLS, (1, 1, 1, 0, 0, 11, 11, 1, 11)),
    (date(2015, 12, 31), PIANI, (1, 0, 0, 0, 0, 7, 8, 1, 8)),
    (date(2020, 3, 15), CLU, (4, 4, 3, 1, 0, 11, 11, 1, 11)),
    (date(2020, 3, 16), CLU, (3, 3, 2, 1, 0, 11, 11, 1, 11)),
    (date(2020, 12, 31), TAPIN, (6, 6, 4, 2, 0, 131, 131, 1, 131)),
    (date(2020, 12, 31), PIANI, (2, 2, 2, 0, 0, 7, 7, 1, 7)),
    (date(2022, 12, 31), TAPIN, (6, 6, 4, 1, 1, 131, 131, 1, 131)),
    (date(2023, 8, 31), CLU, (2, 2, 2, 0, 0, 11, 11, 1, 11)),
    (date(2023, 9, 1), CLU, (2, 1, 1, 0, 0, 11, 12, 1, 12)),
    (date(2023, 9, 1), "63.72", (1, 1, 0, 0, 1, 0, 0, None, None)),  # of its other desa nothing is known
    (date(2024, 6, 30), TAPIN, (5, 4, 3, 1, 0, 131, 132, 2, 266)),
    (date(2025, 2, 28), CLU, (2, 1, 1, 0, 0, 11, 12, 2, 25)),
    (date(2025, 3, 1), CLU, (3, 2, 2, 0, 0, 11, 12, 2, 24)),
    (TODAY, TAPIN, (6, 5, 4, 1, 0, 131, 132, 2, 265)),
    (TODAY, CLU, (3, 2, 2, 0, 0, 11, 12, 2, 24)),
    (TODAY, CLS, (1, 1, 0, 1, 0, 11, 11, 2, 23)),
    (TODAY, PIANI, (2, 2, 2, 0, 0, 7, 7, 2, 14)),
]
DAYS = [*sorted({day for day, _region, _figures in BY_HAND if day}), TODAY]


def figures_of(row) -> tuple:
    return (row.active, row.trained, *row.by_tier.values(), row.empty, row.untrained, row.target, row.gap)


@pytest.mark.parametrize(("day", "code", "figures"), BY_HAND)
def test_the_query_counts_as_by_hand(tapin, day, code, figures):
    report = queries.coverage_of(queries.find_latest(code), day, WITHIN)
    assert figures_of(report.total) == figures


@pytest.mark.parametrize("day", DAYS)
def test_the_row_of_a_kecamatan_is_the_total_of_its_own_page(tapin, day):
    rows = {row.code: row for row in queries.coverage_of(queries.find_latest(TAPIN), day, WITHIN).rows}
    assert len(rows) == 12
    for code in (CLU, CLS, PIANI, "63.05.01"):
        total = queries.coverage_of(queries.find_latest(code), day, WITHIN).total
        assert figures_of(rows[code]) == figures_of(total)
        assert (rows[code].has_data, rows[code].level) == (total.has_data, total.level)


@pytest.mark.parametrize("day", DAYS)
def test_the_rows_add_up_to_the_total(tapin, day):
    for code in (TAPIN, "63", "00", CLU):
        report = queries.coverage_of(queries.find_latest(code), day, WITHIN)
        for name in (
            "villages",
            "active",
            "trained",
            "empty",
            "untrained",
            "unknown",
            "wanted_unknown",
            "to_train",
        ):
            assert sum(getattr(row, name) for row in report.rows) == getattr(report.total, name), name
        for tier in ("dasar", "madya", "pratama"):
            assert sum(row.by_tier[tier] for row in report.rows) == report.total.by_tier[tier]
        assert sum(row.gap or 0 for row in report.rows) == (report.total.gap or 0)


@pytest.mark.parametrize("day", DAYS)
def test_page_file_and_command_say_what_the_query_says(tapin, app, make, browser, day):
    report = queries.coverage_of(queries.find_latest(TAPIN), day, WITHIN)
    expected = {row.code: figures_of(row) for row in [*report.rows, report.total]}
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    asked = {"as_of": day.isoformat()} if day else {}

    table = browser.get("coverage.show_coverage", region_code=TAPIN, columns="all", **asked).soup.table
    codes = {row.label: row.code for row in report.rows} | {"Jumlah": TAPIN}
    on_page = {}
    for line in table.select("tbody tr, tfoot tr"):
        cells = [cell.find("a") or cell for cell in line.find_all("td")]
        shown = [next(cell.stripped_strings) for cell in cells]
        on_page[codes[next(line.th.stripped_strings)]] = tuple(
            read(text) for text in [*shown[:7], *shown[8:10]]
        )
    assert on_page == expected

    file = browser.get("coverage.show_coverage", region_code=TAPIN, format="csv", **asked).response.text
    assert file.startswith("\ufeff")
    in_file = {
        line[1].strip("\t"): tuple(read(cell) for cell in [*line[4:11], line[12], line[16]])
        for line in list(csv.reader(io.StringIO(file[1:]), delimiter=";"))[1:]
        if any(line)  # an empty line stands before the sum
    }
    assert in_file == expected

    arguments = ["coverage", "report", TAPIN, *(["--as-of", day.isoformat()] if day else []), "--json"]
    printed = json.loads(app.test_cli_runner().invoke(args=arguments).output)
    assert printed["region"] == TAPIN
    assert printed["as_of"] == (day or clock.today(WITA)).isoformat()
    said = {
        row["code"]: (
            row["active"],
            row["trained"],
            *row["by_tier"].values(),
            row["empty"],
            row["untrained"],
            row["target"],
            row["gap"],
        )
        for row in [*printed["rows"], printed["total"]]
    }
    assert said == expected
    assert list(printed["total"]["by_tier"]) == ["dasar", "madya", "pratama"]


def read(text: str) -> int | None:
    return None if text == "belum ada target" else int(text.replace(".", ""))


@pytest.mark.parametrize("day", DAYS)
def test_the_names_behind_a_number_are_as_many_as_it_says(tapin, day):
    region = queries.find_latest(TAPIN)
    total = queries.coverage_of(region, day, WITHIN).total
    on = day or clock.today(WITA)
    tiers = {tier.code: tier for tier in list_tiers()}
    counted = {
        key: len(queries.names(region, on, WITHIN, who).people) for key, who in [*WHO.items(), *tiers.items()]
    }
    assert counted == {
        "active": total.active,
        "trained": total.trained,
        "untrained": total.active - total.trained,
        **total.by_tier,
    }
    assert len(queries.list_desa(region, on, WITHIN, Gap.EMPTY)) == total.empty
    assert len(queries.list_desa(region, on, WITHIN, Gap.UNTRAINED)) == total.untrained
    assert sum(desa.missing for desa in queries.list_desa(region, on, WITHIN, Gap.SHORT)) == (total.gap or 0)


def test_names_say_where_and_with_which_tier_somebody_counted_on_that_day(tapin):
    region = queries.find_latest(TAPIN)
    then = queries.names(region, date(2014, 12, 31), WITHIN, WHO["active"])
    assert [
        (each.trainee.name, each.desa, each.tier.label if each.tier else None) for each in then.people
    ] == [
        ("Aminah", "Desa Keladan", "Dasar"),
        ("Budi", "Desa Keladan", "Dasar"),
        ("Citra", "Desa Sungai Salai", "Dasar"),
        ("Dedi", "Desa Sungai Salai", "Dasar"),
        ("Eka", "Desa Miawa", None),
        ("Indah", "Desa Keladan", "Dasar"),
    ]
    now = queries.names(region, clock.today(WITA), WITHIN, WHO["active"])
    assert [
        (each.trainee.name, each.desa, each.kecamatan) for each in now.people if each.trainee.name == "Budi"
    ] == [("Budi", "Desa Margasari Hulu", "Kecamatan Candi Laras Selatan")]


def test_names_are_turned_over_page_by_page(tapin):
    region, day = queries.find_latest(TAPIN), clock.today(WITA)
    first = queries.names(region, day, WITHIN, WHO["active"], per_page=4)
    second = queries.names(region, day, WITHIN, WHO["active"], after=first.next_cursor, per_page=4)
    assert [each.trainee.name for each in (*first.people, *second.people)] == [
        "Aminah",
        "Budi",
        "Dedi",
        "Eka",
        "Farida",
        "Hasan",
    ]
    assert second.next_cursor is None


def test_empty_desa_have_their_names(tapin):
    found = {
        village.code: village
        for village in queries.list_desa(queries.find_latest(TAPIN), clock.today(WITA), WITHIN, Gap.UNTRAINED)
    }
    assert "63.05.06.2001" not in found
    assert (found["63.05.06.2002"].name, found["63.05.06.2002"].kecamatan, found["63.05.06.2002"].active) == (
        "Desa Sungai Salai",
        "Kecamatan Candi Laras Utara",
        1,
    )
    assert found["63.05.10.1007"].name == "Kelurahan Bitahan"


def test_a_candidate_who_graduates_counts_from_the_date_of_the_sk_on(tapin, make):
    region = queries.find_latest("63.05.06.2001")
    assert queries.coverage_of(region, date(2025, 2, 28), WITHIN).total.trained == 1
    assert queries.coverage_of(region, date(2025, 3, 1), WITHIN).total.trained == 2
