"""JP of a presence, thresholds, half days."""

from datetime import date, time

import pytest

from app.attendance import rules
from app.attendance.rules import Entry, Hours, Presence

P = Presence


@pytest.mark.parametrize(
    ("status", "minutes", "excused_counts", "expected"),
    [
        (P.PRESENT, 0, False, 2),
        (P.LATE, 1, False, 1),
        (P.LATE, 45, False, 1),
        (P.LATE, 46, False, 0),
        (P.LATE, 90, False, 0),
        (P.LATE, 300, False, 0),
        (P.EXCUSED, 0, False, 0),
        (P.EXCUSED, 0, True, 2),
        (P.SICK, 0, True, 0),
        (P.ABSENT, 0, True, 0),
    ],
)
def test_late_loses_each_jp_begun_before_arrival(status, minutes, excused_counts, expected):
    assert (
        rules.hours_for(
            2, lesson_minutes=45, status=status, minutes_late=minutes, excused_counts=excused_counts
        )
        == expected
    )


@pytest.mark.parametrize(
    ("attended", "planned", "threshold", "expected"),
    [
        (21, 25, 85, False),
        (22, 25, 85, True),
        (20, 25, 85, False),
        (20, 25, 80, True),
        (0, 0, 0, False),
        (17, 20, 85, True),
        (25, 25, 100, True),
    ],
)
def test_enough_is_attended_times_hundred_against_threshold_times_planned(
    attended, planned, threshold, expected
):
    assert rules.has_passed(attended, planned, threshold) is expected


@pytest.mark.parametrize(
    ("planned", "threshold", "needed"), [(25, 85, 22), (20, 85, 17), (40, 85, 34), (1, 1, 1), (0, 85, 0)]
)
def test_the_jp_needed_are_rounded_up(planned, threshold, needed):
    assert rules.hours_needed(planned, threshold) == needed


@pytest.mark.parametrize(("lost", "expected"), [(0, 3), (1, 2), (3, 0), (4, 0), (25, 0)])
def test_what_may_still_be_missed_shrinks_with_what_was_missed(lost, expected):
    assert rules.hours_still_to_miss(lost, 25, 85) == expected


def test_missing_the_field_practice_of_variant_b_cannot_pass():
    own = Hours(planned=25, attended=20, lost=5)
    assert (
        own.percent,
        own.has_passed(85),
        own.can_still_pass(85),
        own.still_to_miss(85),
        own.still_open,
    ) == (80, False, False, 0, 0)


def test_hours_not_entered_yet_are_neither_attended_nor_lost():
    own = Hours(planned=25, attended=8, lost=2)
    assert (own.still_open, own.still_to_miss(85), own.can_still_pass(85), own.has_passed(85)) == (
        15,
        1,
        True,
        False,
    )


MORNING = [(time(9, 15), time(10, 45)), (time(10, 45), time(12, 15))]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (30, [(P.LATE, 30), (P.PRESENT, 0)]),
        (90, [(P.LATE, 90), (P.PRESENT, 0)]),
        (91, [(P.LATE, 90), (P.LATE, 1)]),
        (180, [(P.LATE, 90), (P.LATE, 90)]),
    ],
)
def test_who_comes_late_to_a_half_day_may_be_in_time_for_its_second_session(minutes, expected):
    entry = Entry(P.LATE, minutes, "ban bocor")
    shares = [rules.share_of(entry, start, end, first_start=time(9, 15)) for start, end in MORNING]
    assert [(share.status, share.minutes_late) for share in shares] == expected
    lines = [(start, end, share) for (start, end), share in zip(MORNING, shares, strict=True)]
    assert rules.half_day_of(lines, first_start=time(9, 15)) == entry


@pytest.mark.parametrize("status", [P.PRESENT, P.SICK, P.EXCUSED, P.ABSENT])
def test_a_half_day_that_is_the_same_in_every_session_is_read_back_as_entered(status):
    lines = [(start, end, Entry(status)) for start, end in MORNING]
    assert rules.half_day_of(lines, first_start=time(9, 15)) == Entry(status)


@pytest.mark.parametrize(
    "entries",
    [
        (Entry(P.PRESENT), Entry(P.ABSENT)),
        (Entry(P.SICK), Entry(P.EXCUSED)),
        (Entry(P.PRESENT), Entry(P.LATE, 10)),
    ],
)
def test_sessions_entered_differently_are_no_half_day(entries):
    lines = [(start, end, entry) for (start, end), entry in zip(MORNING, entries, strict=True)]
    assert rules.half_day_of(lines, first_start=time(9, 15)) is None


@pytest.mark.parametrize(
    ("presences", "expected"),
    [
        ([], False),
        ([(P.PRESENT, 5)], True),
        ([(P.LATE, 1), (P.PRESENT, 2)], True),
        (
            [(P.LATE, 0), (P.PRESENT, 2)],
            True,
        ),  # she took part; the JP that it cost is judged by the rule of JP
        ([(P.LATE, 0), (P.LATE, 0)], False),
        ([(P.PRESENT, 2), (P.ABSENT, 0)], False),
        ([(P.PRESENT, 2), (P.EXCUSED, 2)], False),
        ([(P.PRESENT, 2), (None, 0)], False),
    ],
)
def test_field_practice_is_done_by_those_who_were_there_in_every_session(presences, expected):
    assert rules.practice_of((presence, hours, 5) for presence, hours in presences).is_done is expected


@pytest.mark.parametrize(
    ("status", "minutes", "refused"),
    [
        (P.LATE, 0, True),
        (P.LATE, 1, False),
        (P.LATE, 89, False),
        (P.LATE, 90, True),
        (P.PRESENT, 5, True),
        (P.SICK, 0, False),
    ],
)
def test_minutes_belong_to_those_who_were_late_and_lie_within_the_session(status, minutes, refused):
    assert (rules.refusal_of_entry(status, minutes, longest=90) is not None) is refused


@pytest.mark.parametrize(
    ("held_on", "cancelled", "refused"),
    [
        (date(2026, 10, 12), False, False),
        (date(2026, 10, 11), False, False),
        (date(2026, 10, 13), False, True),
        (date(2026, 10, 11), True, True),
    ],
)
def test_presence_is_entered_on_the_day_or_after_it(held_on, cancelled, refused):
    refusal = rules.refusal_to_record(held_on=held_on, today=date(2026, 10, 12), is_cancelled=cancelled)
    assert (refusal is not None) is refused


@pytest.mark.parametrize(
    ("own", "of_session", "expected"),
    [(None, None, True), (1, None, True), (1, 1, True), (1, 2, False), (None, 2, False)],
)
def test_a_session_is_for_all_or_for_one_group(own, of_session, expected):
    assert rules.is_in_group(own, of_session) is expected
