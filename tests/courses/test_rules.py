"""States, missing facts, JP, clashes, warnings: tables without a database.

And the model rundowns against their curricula.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise

import pytest

from app.courses import reference
from app.courses.rules import (
    ALREADY,
    MOVES,
    TRANSITIONS,
    BatchStatus,
    SessionKind,
    batch_code,
    missing_to_open,
    refusal_of_dates,
    refusal_of_quota,
    refusal_to_finish,
    refusal_to_move,
    refusal_to_start,
    warnings_of_dates,
    warnings_of_hours,
)
from app.courses.session_rules import (
    SessionPlan,
    find_clash,
    hints_on_days,
    hours_for_one,
    minutes_between,
    refusal_of_hours,
    refusal_of_session,
)

S = BatchStatus
ALLOWED = {
    (S.DRAFT, S.OPEN),
    (S.DRAFT, S.CANCELLED),
    (S.OPEN, S.CLOSED),
    (S.OPEN, S.CANCELLED),
    (S.CLOSED, S.OPEN),
    (S.CLOSED, S.RUNNING),
    (S.CLOSED, S.CANCELLED),
    (S.OPEN, S.RUNNING),
    (S.OPEN, S.FINISHED),
    (S.CLOSED, S.FINISHED),
    (S.RUNNING, S.FINISHED),
    (S.RUNNING, S.CANCELLED),
    (S.FINISHED, S.CANCELLED),
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", [S.OPEN, S.CLOSED, S.RUNNING, S.FINISHED, S.CANCELLED])
def test_a_batch_moves_only_by_the_table(before, after):
    assert (refusal_to_move(before, after) is None) is ((before, after) in ALLOWED)


def test_every_state_has_its_line_in_each_table():
    assert set(TRANSITIONS) == set(ALREADY) == set(S)
    assert set(MOVES) == {after for afters in TRANSITIONS.values() for after in afters}


@pytest.mark.parametrize(
    ("today", "may_start", "may_finish"),
    [(23, False, False), (24, True, False), (26, True, False), (27, True, True)],
)
def test_a_batch_starts_on_its_first_day_and_finishes_on_its_last(today, may_start, may_finish):
    day = date(2011, 5, today)
    assert (refusal_to_start(day, date(2011, 5, 24)) is None) is may_start
    assert (refusal_to_finish(day, date(2011, 5, 27)) is None) is may_finish


FACTS = {
    "starts_on": date(2011, 5, 24),
    "ends_on": date(2011, 5, 27),
    "venue": "Aula",
    "quota": 30,
    "audience": "PSM",
    "contact_name": "Ratna",
    "contact_phone": "0812",
}


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({}, []),
        ({"venue": " "}, ["tempat"]),
        ({"starts_on": None}, ["tanggal"]),
        ({"quota": 0}, ["kuota"]),
        ({"audience": ""}, ["untuk siapa"]),
        ({"contact_name": ""}, ["narahubung dan nomornya"]),
        ({"contact_phone": ""}, ["narahubung dan nomornya"]),
        ({"venue": "", "audience": " "}, ["tempat", "untuk siapa"]),
    ],
)
def test_opening_names_each_of_the_five_facts_that_is_missing(lacking, named):
    assert [str(fact) for fact in missing_to_open(**FACTS | lacking)] == named


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "closes_on", "field"),
    [
        (24, 27, None, None),
        (24, 24, 24, None),
        (24, 23, None, "ends_on"),
        (24, 27, 28, "registration_closes_on"),
        (24, 27, 27, None),
    ],
)
def test_the_dates_of_a_batch_are_in_order(starts_on, ends_on, closes_on, field):
    refusal = refusal_of_dates(
        date(2011, 5, starts_on), date(2011, 5, ends_on), closes_on and date(2011, 5, closes_on)
    )
    assert (refusal and refusal.field) == field


@pytest.mark.parametrize(
    ("quota", "taken", "allowed"), [(0, 0, False), (1, 0, True), (30, 30, True), (29, 30, False)]
)
def test_the_quota_is_never_below_the_seats_given(quota, taken, allowed):
    assert (refusal_of_quota(quota, taken) is None) is allowed


def test_the_code_of_a_batch_can_be_read_aloud():
    assert batch_code("TAPIN", "D", 2026, 1) == "TAPIN-D-2026-01"
    assert batch_code("TAPIN", "D", 2026, 112) == "TAPIN-D-2026-112"


PLAN = SessionPlan(
    kind=SessionKind.MATERIAL,
    title="Kebijakan",
    held_on=date(2011, 5, 24),
    starts_at=time(9, 15),
    ends_at=time(10, 45),
    subject_id=1,
    lesson_hours=2,
)
BATCH = {"first": date(2011, 5, 24), "last": date(2011, 5, 27), "lesson_minutes": 45}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"title": "  "}, "title"),
        ({"held_on": date(2011, 5, 23)}, "held_on"),
        ({"held_on": date(2011, 5, 28)}, "held_on"),
        ({"held_on": date(2011, 5, 27)}, None),
        ({"ends_at": time(9, 15)}, "ends_at"),
        ({"ends_at": time(9, 0)}, "ends_at"),
        ({"lesson_hours": 3}, "lesson_hours"),
        ({"ends_at": time(10, 44)}, "lesson_hours"),
        ({"lesson_hours": -1}, "lesson_hours"),
        ({"lesson_hours": 0, "subject_id": None}, None),
        ({"subject_id": None}, "subject_id"),
        ({"kind": SessionKind.CEREMONY}, "lesson_hours"),
        ({"kind": SessionKind.CEREMONY, "lesson_hours": 0}, "lesson_hours"),
        ({"kind": SessionKind.CEREMONY, "lesson_hours": 0, "subject_id": None}, None),
    ],
)
def test_a_session_lies_inside_the_batch_and_its_jp_fit_its_time(changes, field):
    refusal = refusal_of_session(replace(PLAN, **changes), **BATCH)
    assert (refusal and refusal.field) == field


def test_another_lesson_hour_makes_other_sums():
    assert refusal_of_session(PLAN, **BATCH | {"lesson_minutes": 60}) is not None


@pytest.mark.parametrize(
    ("hours", "for_one"),
    [([], 0), ([(None, 2), (None, 3)], 5), ([(1, 2), (2, 2)], 2), ([(None, 1), (1, 2), (2, 3)], 4)],
)
def test_parallel_groups_sit_at_the_same_time(hours, for_one):
    assert hours_for_one(hours) == for_one


def test_a_subject_has_no_more_jp_than_the_curriculum_gives_it():
    assert refusal_of_hours("Pendataan", 2, [(None, 2)]) is None
    assert refusal_of_hours("Pendataan", 2, [(1, 2), (2, 2)]) is None
    refusal = refusal_of_hours("Pendataan", 2, [(None, 2), (None, 1)])
    assert "“Pendataan”" in str(refusal.reason)
    assert refusal.field == "lesson_hours"


@dataclass
class Slot:
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    group: int | None = None


@pytest.mark.parametrize(
    ("day", "begins", "ends", "own_group", "other_group", "clashes"),
    [
        (24, time(10, 0), time(11, 0), None, None, True),
        (24, time(10, 45), time(12, 0), None, None, False),
        (24, time(8, 0), time(9, 15), None, None, False),
        (24, time(8, 0), time(18, 0), None, None, True),
        (24, time(9, 30), time(10, 0), None, None, True),
        (25, time(9, 15), time(10, 45), None, None, False),
        (24, time(9, 15), time(10, 45), 1, 2, False),
        (24, time(9, 15), time(10, 45), 1, 1, True),
        (24, time(9, 15), time(10, 45), None, 2, True),
        (24, time(9, 15), time(10, 45), 1, None, True),
    ],
)
def test_the_same_people_sit_in_one_session_at_a_time(day, begins, ends, own_group, other_group, clashes):
    other = Slot("Lain", date(2011, 5, day), begins, ends, other_group)
    assert find_clash(replace(PLAN, group=own_group), [other]) == (other if clashes else None)


def test_three_announced_days_on_four_dates_are_flagged_not_corrected():
    warning = warnings_of_dates(3, 4, "24 s.d. 27 Mei 2011")
    assert [str(each) for each in warning] == ["Diumumkan 3 hari, tanggalnya 4 hari: 24 s.d. 27 Mei 2011."]
    assert warnings_of_dates(4, 4, "") == []
    assert warnings_of_dates(None, 4, "") == []


def test_other_jp_than_the_curriculum_are_flagged_with_the_subject():
    assert warnings_of_hours(25, 25, {}) == []
    assert "Pendataan 0/2" in str(warnings_of_hours(23, 25, {"Pendataan": (0, 2)})[0])
    assert warnings_of_hours(25, 25, {"A": (3, 2), "B": (1, 2)})


@pytest.mark.parametrize("tier", ["dasar", "madya", "pratama"])
def test_the_model_rundown_teaches_its_curriculum_exactly(tier):
    subjects, rows = reference.CURRICULA[tier], reference.RUNDOWNS[tier]
    for position, subject in enumerate(subjects, start=1):
        assert (
            sum(row.lesson_hours for row in rows if row.subject == position)
            == subject.theory_hours + subject.practice_hours
        ), subject.name
    theory, practice = (
        sum(each.theory_hours for each in subjects),
        sum(each.practice_hours for each in subjects),
    )
    assert (
        sum(row.lesson_hours for row in rows)
        == theory + practice
        == {"dasar": 25, "madya": 40, "pratama": 50}[tier]
    )
    if tier == "dasar":
        assert (len(subjects), theory, practice) == (13, 17, 8)


@pytest.mark.parametrize("tier", ["dasar", "madya", "pratama"])
def test_the_model_rundown_has_no_clash_and_every_jp_fits_its_time(tier):
    rows = reference.RUNDOWNS[tier]
    for row, later in pairwise(rows):
        assert (row.day, row.ends_at) <= (later.day, later.starts_at), later.title
    for row in rows:
        assert row.lesson_hours * 45 <= minutes_between(row.starts_at, row.ends_at), row.title
        assert (
            bool(row.lesson_hours) is (row.kind is not SessionKind.CEREMONY) is (row.subject is not None)
        ), row.title


def test_variant_b_takes_four_days_and_without_its_field_day_twenty_jp_remain():
    rows = reference.RUNDOWNS["dasar"]
    assert reference.days_of("dasar") == 4
    assert [sum(row.lesson_hours for row in rows if row.day == day) for day in (1, 2, 3, 4)] == [8, 9, 5, 3]
    assert {row.day for row in rows if row.kind is SessionKind.FIELD_PRACTICE} == {3}
    assert max(row.ends_at for row in rows if row.day == 4) < time(12, 0)


def test_days_that_deserve_a_second_look_are_named_and_refuse_nothing():
    week = [date(2026, 12, 28 + number) for number in range(4)]
    assert hints_on_days(week, closes_on=date(2026, 12, 1), today=date(2026, 11, 30)) == []
    [free] = hints_on_days([*week, date(2027, 1, 1), date(2027, 1, 3)])
    assert "Jumat, 1 Januari 2027; Minggu, 3 Januari 2027" in str(free)
    [late] = hints_on_days([], closes_on=date(2026, 11, 1), today=date(2026, 11, 30))
    assert "Batas pendaftaran 1 November 2026 sudah lewat" in str(late)
