"""What may still change: the whole table of acts by the state of a batch, and how the state is read."""

from dataclasses import replace
from datetime import date

import pytest

from app.courses import acts
from app.courses.acts import ALLOWED, Act, BatchState, Standing
from app.courses.rules import BatchStatus, GraduationStage

# One line an act; columns: draft open closed running over finished proposed approved certified cancelled.
TABLE = """
open               x . x . . . . . . .
close              . x . x . . . . . .
start              . . x x . . . . . .
finish             . . . x x . . x x .
cancel             x x x x x . . . . .
change_plan        x x x x x . . . . .
change_schedule    x x x x x . . . . .
enroll             . x x x x . . . . .
sort               . x x x x . . . . .
seat               . x x x x . . . . .
call               . x x . . . . . . .
answer             . x x x . . . . . .
withdraw           . x x x x . . . . .
notify             x x x x x x x x x x
record_attendance  . x x x x x x . . .
plan_visit         x x x x x . . . . .
answer_visit       x x x x x . . . . .
place              . x x x x . . . . .
record_mark        . x x x x x x . . .
propose            . . . x x x x . . .
decide_graduation  . . . . . . x x x .
take_back_approval . . . . . . . x x .
issue              . . . . . . . x x .
revoke             . . . . . . . x x .
replace            . . . . . . . x x .
"""
STATES = [
    BatchState(name)
    for name in [
        "draft",
        "open",
        "closed",
        "running",
        "over",
        "finished",
        "proposed",
        "approved",
        "certified",
        "cancelled",
    ]
]
SPECIFIED = {
    Act(line.split()[0]): dict(zip(STATES, line.split()[1:], strict=True))
    for line in TABLE.strip().splitlines()
}

TODAY = date(2026, 10, 13)
DURING = Standing(
    BatchStatus.RUNNING,
    GraduationStage.NONE,
    starts_on=date(2026, 10, 12),
    ends_on=date(2026, 10, 15),
    today=TODAY,
    entered_on=date(2026, 9, 1),
)
BEFORE = replace(DURING, today=date(2026, 10, 11))
AFTER = replace(DURING, today=date(2026, 10, 16))
RECORD = replace(AFTER, entered_on=date(2026, 10, 16))
S, G = BatchStatus, GraduationStage
IN_STATE = {
    BatchState.DRAFT: replace(BEFORE, status=S.DRAFT),
    BatchState.OPEN: replace(BEFORE, status=S.OPEN),
    BatchState.CLOSED: replace(BEFORE, status=S.CLOSED),
    BatchState.RUNNING: DURING,
    BatchState.OVER: AFTER,
    BatchState.FINISHED: replace(AFTER, status=S.FINISHED),
    BatchState.PROPOSED: replace(AFTER, stage=G.PROPOSED),
    BatchState.APPROVED: replace(AFTER, stage=G.APPROVED, approved_by="Dra. Rusmini"),
    BatchState.CERTIFIED: replace(AFTER, stage=G.CERTIFIED),
    BatchState.CANCELLED: replace(BEFORE, status=S.CANCELLED),
}


def test_every_act_has_its_line_and_every_state_its_column():
    assert set(SPECIFIED) == set(ALLOWED) == set(Act)
    assert set(STATES) == set(BatchState) == set(IN_STATE)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", list(Act))
def test_the_table(act, state):
    assert acts.state_of(IN_STATE[state]) is state
    refusal = acts.refusal_to_act(act, IN_STATE[state])
    assert (refusal is None) is (SPECIFIED[act][state] == "x")
    if refusal is not None:
        assert (
            str(refusal)
            == f"{acts.WAITS_FOR.get((act, state)) or acts.describe_standing(IN_STATE[state])} {act.label}"
        )


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (replace(BEFORE, status=S.OPEN), BatchState.OPEN),
        (replace(DURING, status=S.OPEN), BatchState.RUNNING),  # the worker slept
        (replace(DURING, status=S.CLOSED), BatchState.RUNNING),
        (replace(AFTER, status=S.OPEN), BatchState.OVER),
        (replace(AFTER, status=S.CLOSED), BatchState.OVER),
        (replace(DURING, today=date(2026, 10, 15)), BatchState.RUNNING),  # the last day belongs to it
        (replace(AFTER, status=S.DRAFT), BatchState.DRAFT),
        (replace(RECORD, status=S.OPEN), BatchState.OPEN),  # the diklat of 2011 is entered today
        (replace(RECORD, status=S.RUNNING), BatchState.RUNNING),
        (replace(RECORD, status=S.FINISHED), BatchState.FINISHED),
        (
            replace(DURING, stage=G.PROPOSED),
            BatchState.PROPOSED,
        ),  # on the last day, before the clock has passed it
        (replace(AFTER, status=S.FINISHED, stage=G.CERTIFIED), BatchState.CERTIFIED),
        (replace(AFTER, status=S.CANCELLED, stage=G.PROPOSED), BatchState.CANCELLED),
    ],
)
def test_decisions_come_first_then_the_calendar_then_the_stored_status(standing, expected):
    assert acts.state_of(standing) is expected


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", [BatchState.APPROVED, BatchState.CERTIFIED])
def test_after_the_approval_marks_presence_and_a_meeting_go_on_for_the_deferred_alone(act, state):
    allowed = acts.refusal_to_act(act, IN_STATE[state], about_deferred=True) is None
    assert allowed is (
        SPECIFIED[act][state] == "x" or act in {Act.RECORD_ATTENDANCE, Act.RECORD_MARK, Act.PROPOSE}
    )


def test_whoever_would_issue_is_led_to_the_approval_not_away_from_it():
    refusal = str(acts.refusal_to_act(Act.ISSUE, IN_STATE[BatchState.PROPOSED]))
    assert "usulannya disetujui" in refusal
    assert "mengembalikan" not in refusal


def test_who_approved_is_named():
    assert "Dra. Rusmini" in str(acts.refusal_to_act(Act.CANCEL, IN_STATE[BatchState.APPROVED]))


def test_what_was_done_before_is_a_conflict():
    assert acts.is_already(Act.CANCEL, IN_STATE[BatchState.CANCELLED])
    assert not acts.is_already(Act.CANCEL, IN_STATE[BatchState.APPROVED])
