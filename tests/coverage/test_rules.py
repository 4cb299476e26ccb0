"""The rules of coverage, with plain values."""

from datetime import date

import pytest

from app.core import clock
from app.coverage import rules
from app.coverage.rows import Tally, row_of
from app.coverage.rules import Absorbed, CoverageLevel, Goal, Person, Statements
from app.trainees.rules import Held, TraineeStatus

ACTIVE, CANDIDATE = TraineeStatus.ACTIVE, TraineeStatus.CANDIDATE
D = date


@pytest.mark.parametrize(
    ("active", "trained", "reached", "target", "level"),
    [
        (None, 0, 0, None, CoverageLevel.NO_DATA),
        (None, 0, 0, 1, CoverageLevel.NO_DATA),
        (0, 0, 0, None, CoverageLevel.NO_TARGET),
        (3, 3, 3, None, CoverageLevel.NO_TARGET),
        (0, 0, 0, 1, CoverageLevel.EMPTY),
        (2, 0, 0, 1, CoverageLevel.UNTRAINED),
        (2, 0, 2, 3, CoverageLevel.SHORT),  # a target of any PSM aktif
        (2, 1, 0, 1, CoverageLevel.SHORT),  # a target of another tier: one is trained
        (2, 1, 1, 2, CoverageLevel.SHORT),
        (2, 2, 2, 2, CoverageLevel.REACHED),
        (5, 3, 3, 2, CoverageLevel.REACHED),
        (0, 0, 0, 0, CoverageLevel.REACHED),
    ],
)
def test_no_data_no_target_and_zero_are_different_things(active, trained, reached, target, level):
    assert rules.coverage_level(active, trained, reached=reached, target=target) is level


@pytest.mark.parametrize(
    ("active", "reached", "level"),
    [(0, 0, CoverageLevel.SHORT), (1, 0, CoverageLevel.SHORT), (2, 2, CoverageLevel.PARTIAL)],
)
def test_what_would_be_said_of_every_desa_is_not_said_where_some_are_unknown(active, reached, level):
    assert rules.coverage_level(active, reached, reached=reached, target=2, all_known=False) is level


def test_each_level_reads_differently():
    assert len({str(level.label) for level in CoverageLevel}) == len(CoverageLevel)


@pytest.mark.parametrize(
    ("first", "last", "day", "holds"),
    [
        (D(2020, 1, 1), None, D(2019, 12, 31), False),
        (D(2020, 1, 1), None, D(2020, 1, 1), True),
        (D(2020, 1, 1), D(2020, 6, 30), D(2020, 6, 30), True),
        (D(2020, 1, 1), D(2020, 6, 30), D(2020, 7, 1), False),
        (D(2020, 1, 2), D(2020, 1, 1), D(2020, 1, 1), False),
    ],
)
def test_a_period_covers_its_first_and_its_last_day(first, last, day, holds):
    assert rules.covers(day, first, last) is holds
    assert Held(1, first, last).holds_on(day) is holds  # the ladder counts by the same days


DAY = D(2024, 6, 30)
SERVES = [("63.05.06.2001", D(2020, 1, 1), None)]
BY_SK = [(ACTIVE, D(2020, 1, 1), None)]
ELSEWHERE = [("63.05.06.2002", D(2020, 1, 1), None)]
LATER = [(ACTIVE, D(2024, 7, 1), None)]


@pytest.mark.parametrize(
    ("person", "counted"),
    [
        (Person(True, BY_SK, SERVES), ("63.05.06.2001", 0)),
        (Person(True, BY_SK, SERVES, [Held(1, D(2021, 1, 1)), Held(2, D(2022, 1, 1))]), ("63.05.06.2001", 2)),
        (Person(True, BY_SK, SERVES, [Held(2, D(2021, 1, 1), DAY)]), ("63.05.06.2001", 2)),
        (Person(True, BY_SK, SERVES, [Held(2, D(2021, 1, 1), D(2024, 6, 29))]), ("63.05.06.2001", 0)),
        (Person(True, BY_SK, SERVES, [Held(1, D(2024, 7, 1))]), ("63.05.06.2001", 0)),
        (Person(False, BY_SK, SERVES), None),
        (Person(True, [(CANDIDATE, D(2020, 1, 1), None)], SERVES, [Held(1, D(2021, 1, 1))]), None),
        (Person(True, [(CANDIDATE, D(2020, 1, 1), DAY), (ACTIVE, D(2024, 7, 1), None)], SERVES), None),
        (
            Person(
                True, [(ACTIVE, D(2020, 1, 1), D(2024, 6, 29)), (TraineeStatus.DECEASED, DAY, None)], SERVES
            ),
            None,
        ),
        (Person(True, BY_SK, [("63.05.06.2001", D(2020, 1, 1), D(2024, 6, 29))]), None),
        (
            Person(
                True, BY_SK, [("63.05.06.2001", D(2020, 1, 1), DAY), ("63.05.06.2002", D(2024, 7, 1), None)]
            ),
            ("63.05.06.2001", 0),
        ),
        (
            Person(True, [(ACTIVE, DAY, None)], SERVES, absorbed=[Absorbed(BY_SK, ELSEWHERE, D(2024, 9, 1))]),
            ("63.05.06.2001", 0),
        ),
        (
            Person(True, LATER, SERVES, absorbed=[Absorbed(BY_SK, ELSEWHERE, D(2024, 9, 1))]),
            ("63.05.06.2002", 0),
        ),
        (
            Person(
                True, LATER, SERVES, [Held(1, D(2021, 1, 1))], [Absorbed(BY_SK, ELSEWHERE, D(2024, 9, 1))]
            ),
            ("63.05.06.2002", 1),
        ),
        (Person(True, LATER, SERVES, absorbed=[Absorbed(BY_SK, ELSEWHERE, DAY)]), None),
        (
            Person(
                True,
                [(CANDIDATE, D(2020, 1, 1), None)],
                SERVES,
                absorbed=[Absorbed(BY_SK, SERVES, D(2024, 9, 1))],
            ),
            ("63.05.06.2001", 0),
        ),
        (
            Person(
                True,
                [(TraineeStatus.DECEASED, D(2020, 1, 1), None)],
                SERVES,
                absorbed=[Absorbed(BY_SK, SERVES, D(2024, 9, 1))],
            ),
            None,
        ),
    ],
)
def test_who_counts_is_active_and_on_duty_that_day_once(person, counted):
    assert rules.counted_at(person, DAY) == counted


def test_a_full_desa_does_not_hide_an_empty_one():
    profiles = {(0, 7, 0, 0): 1, (0, 0, 0, 0): 2, (3, 1, 0, 0): 1}
    assert rules.gap(Goal(1), profiles) == 2
    assert rules.gap(Goal(5), profiles) == 0 + 10 + 4
    assert rules.met(Goal(5), profiles) == 5 + 0 + 1
    assert rules.gap(Goal(5), profiles) + rules.met(Goal(5), profiles) == 5 * 4


def test_a_target_of_a_tier_counts_who_holds_it_or_a_higher_one():
    profiles = {(2, 1, 1, 1): 1}
    assert [rules.gap(Goal(5, rank), profiles) for rank in (0, 1, 2, 3)] == [0, 2, 3, 4]


@pytest.mark.parametrize(("people", "batches"), [(0, 0), (1, 1), (30, 1), (31, 2), (110, 4)])
def test_a_gap_is_filled_by_whole_angkatan(people, batches):
    assert rules.batches_needed(people) == batches


def test_the_nearest_target_above_decides():
    goals = {"00": Goal(1), "63.05": Goal(3), "63.05.06": Goal(0)}
    assert rules.goal_of("63.05.06.2001", goals) == Goal(0)
    assert rules.goal_of("63.05.07", goals) == Goal(3)
    assert rules.goal_of("63.055", goals) == Goal(1)
    assert rules.goal_of("33", goals) == Goal(1)
    assert rules.goal_of("33", {"63": Goal(1)}) is None


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (D(2026, 11, 22), [D(2026, 9, 30), D(2026, 6, 30), D(2026, 3, 31), D(2025, 12, 31)]),
        (D(2026, 1, 1), [D(2025, 12, 31), D(2025, 9, 30), D(2025, 6, 30), D(2025, 3, 31)]),
        (D(2026, 3, 31), [D(2025, 12, 31), D(2025, 9, 30), D(2025, 6, 30), D(2025, 3, 31)]),
    ],
)
def test_quarters_are_offered_once_they_are_over(day, ends):
    assert rules.quarter_ends(day) == ends


@pytest.mark.parametrize(
    ("per_desa", "starts_on", "had_one", "refusal"),
    [
        (1, D(2026, 5, 1), True, ""),
        (0, D(2027, 1, 1), True, "Cabut targetnya bila tidak ada"),
        (1, D(2026, 4, 30), True, "tidak berubah"),
        (1, D(2011, 1, 1), False, ""),
        (101, D(2026, 5, 1), False, "dari 1 sampai 100"),
        (-1, D(2026, 5, 1), False, "dari 1 sampai 100"),
    ],
)
def test_a_target_never_changes_what_was_reported(per_desa, starts_on, had_one, refusal):
    said = rules.refusal_to_set(per_desa, starts_on, today=D(2026, 5, 1), had_one=had_one)
    assert refusal in str(said) if refusal else said is None


TIERS = {1: "dasar", 2: "madya"}


def test_a_row_sums_its_desa():
    tallies = [Tally("63.05.06", (0, 0, 0), 10, True), Tally("63.05.06", (2, 1, 1), 3, True)]
    row = row_of("63.05.06", "Candi Laras Utara", tallies, tiers=TIERS, goals={"63.05": Goal(3)})
    assert (row.villages, row.active, row.trained, row.by_tier) == (13, 12, 6, {"dasar": 3, "madya": 3})
    assert (row.empty, row.untrained, row.target, row.gap, row.wanted) == (10, 10, 3, 33, 39)
    assert (row.covered, row.reached, row.level) == (3, 6, CoverageLevel.SHORT)
    assert row.attainment == pytest.approx(100 * 6 / 39)
    assert row.ratio == pytest.approx(12 / 13)


def test_a_target_of_part_of_an_area_is_not_the_areas():
    tallies = [Tally("63.05.06", (0, 0, 0), 13, True), Tally("63.05.07", (0, 0, 0), 12, False)]
    row = row_of("63.05", "Tapin", tallies, tiers=TIERS, goals={"63.05.06": Goal(2)})
    assert (row.target, row.gap, row.without_target) == (None, 26, 12)


def test_nobody_recorded_is_no_data():
    nobody = [Tally("63.05.06", (0, 0, 0), 13, False)]
    assert row_of("63.05.06", "", nobody, tiers=TIERS, goals={}).level is CoverageLevel.NO_DATA
    for stated in ("63.05.06", "63.05", "63"):
        row = row_of("63.05.06", "", nobody, tiers=TIERS, goals={}, stated=Statements({stated: clock.now()}))
        assert (row.level, row.unknown) == (CoverageLevel.NO_TARGET, 0)


def test_what_is_known_of_one_desa_is_not_known_of_the_next():
    """Of a desa without data it is neither said that nobody is there nor that somebody is missing."""
    tallies = [
        Tally("63.05", (0, 1), 1, True),
        Tally("63.05", (0, 0), 2, True),
        Tally("63.05", (0, 0), 132, False),
    ]
    row = row_of("63.05", "", tallies, tiers=TIERS, goals={"63": Goal(2)})
    assert (row.has_data, row.unknown, row.known, row.empty, row.untrained) == (True, 132, 3, 2, 2)
    assert (row.covered, row.covered_by_trained, row.spread) == (1, 1, rules.Spread.SOME)
    assert (row.wanted, row.reached, row.gap, row.wanted_unknown) == (270, 1, 5, 264)
    assert row.ratio == pytest.approx(1 / 3)
    assert row.attainment == pytest.approx(100 / 6)
    assert row.facts()["unknown"] == 132


def test_targets_that_differ_are_no_target_of_the_whole():
    tallies = [Tally("63.05.06", (0, 0, 0), 2, True), Tally("63.05.07", (0, 1, 0), 1, True)]
    row = row_of("63.05", "", tallies, tiers=TIERS, goals={"63.05": Goal(1), "63.05.06": Goal(5, 0)})
    assert (row.targets_differ, row.target, row.target_tier, row.wanted, row.gap, row.to_train) == (
        True,
        None,
        None,
        11,
        10,
        0,
    )
    row = row_of("63.05", "", tallies, tiers=TIERS, goals={"63.05": Goal(1), "63.05.06": Goal(5, 2)})
    assert (row.targets_differ, row.gap, row.to_train) == (True, 10, 10)
    row = row_of(
        "63.05", "", tallies, tiers=TIERS, goals={"63": Goal(3), "63.05.06": Goal(1), "63.05.07": Goal(1)}
    )
    assert (row.targets_differ, row.target, row.gap) == (False, 1, 2)
