"""The states of a batch, one after the other; every move asks the table of acts and the
transitions in rules.
"""

from datetime import date

from app.audit import services as audit
from app.audit.queries import details_of, history_of
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses import acts, messages, ports, queries
from app.courses.acts import Act, BatchState
from app.courses.models import Batch
from app.courses.rules import (
    ALREADY,
    BatchStatus,
    GraduationStage,
    last_day_to_apply,
    missing_to_open,
    refusal_of_hours_to_finish,
    refusal_to_finish,
    refusal_to_move,
    refusal_to_open,
    refusal_to_start,
)
from app.courses.session_rules import refusal_of_unheld

ACTS = {
    BatchStatus.OPEN: Act.OPEN,
    BatchStatus.CLOSED: Act.CLOSE,
    BatchStatus.RUNNING: Act.START,
    BatchStatus.FINISHED: Act.FINISH,
    BatchStatus.CANCELLED: Act.CANCEL,
}
_MOVES_OF_CALENDAR = {
    f"batch.{status.value}" for status in (BatchStatus.OPEN, BatchStatus.CLOSED, BatchStatus.RUNNING)
}


@atomic()
def open_batch(batch: Batch, *, by: Actor) -> None:
    """Let people apply; raise naming each of the five facts that is missing. Everything else only warns."""
    batch = _hold(batch, BatchStatus.OPEN)
    if refusal := refusal_to_open_now(batch):
        raise RuleViolation(refusal)
    _move(batch, BatchStatus.OPEN, by=by)


@atomic()
def close_batch(batch: Batch, *, by: Actor) -> None:
    """Take no more applications."""
    _move(_hold(batch, BatchStatus.CLOSED), BatchStatus.CLOSED, by=by)


@atomic()
def start_batch(batch: Batch, *, by: Actor) -> None:
    """Begin; raise before the first day at the venue."""
    batch = _hold(batch, BatchStatus.RUNNING)
    refusal = refusal_to_start(clock.today(batch.zone), batch.starts_on)
    if refusal:
        raise RuleViolation(refusal)
    _move(batch, BatchStatus.RUNNING, by=by)


@atomic()
def finish_batch(batch: Batch, *, by: Actor) -> None:
    """Say that the days are over; raise before the last day at the venue, while the schedule lacks JP, or
    when nobody's presence is entered. Plan, schedule and seats are closed by it; presence and marks stay open
    until the graduation.
    """
    batch = _hold(batch, BatchStatus.FINISHED)
    if refusal := refusal_to_finish_now(batch):
        raise RuleViolation(refusal)
    _move(batch, BatchStatus.FINISHED, by=by)
    for end in ports.end_followers:
        end(batch.id, by)


@atomic()
def cancel_batch(batch: Batch, *, reason: str, by: Actor) -> None:
    """Call the batch off: what waits for it ends, seats are free again, and everybody concerned is told.

    Raises without a reason of some words, when the graduation was proposed or decided, and when the batch was
    declared finished, unless no presence is entered at all: then it was never held.
    """
    batch = _hold(batch, BatchStatus.CANCELLED)
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    sessions = queries.list_sessions(batch)
    _move(batch, BatchStatus.CANCELLED, by=by, reason=reason.strip())
    for follower in ports.followers:
        follower.batch_cancelled(batch.id, reason=reason.strip(), by=by)
    for session in sessions:
        messages.session_cancelled(session, reason.strip())


def enter_stage(batch: Batch, stage: GraduationStage, *, by: Actor, approved_by: str | None = None) -> None:
    """Keep on the batch, which the caller holds, how far its result is; what is asked for its days ends with
    the approval.
    """
    batch.graduation_stage = stage
    is_approved = stage in {GraduationStage.APPROVED, GraduationStage.CERTIFIED}
    batch.approved_label = approved_by or batch.approved_label if is_approved else None
    for end in ports.end_followers if is_approved else ():
        end(batch.id, by)


def refusal_to_finish_now(batch: Batch) -> Text | None:
    """Say why the days cannot be declared finished now, or None."""
    refusal = refusal_to_finish(clock.today(batch.zone), batch.ends_on) or refusal_of_hours_to_finish(
        queries.planned_hours(batch),
        queries.curriculum_hours(batch.course.curriculum_id),
        ports.seats_taken([batch.id])[batch.id],
    )
    is_decided = batch.graduation_stage is not GraduationStage.NONE
    return refusal or refusal_of_unheld(was_held=is_decided or ports.was_held(batch.id))


def refusal_to_open_now(batch: Batch) -> Text | None:
    """Say why registration cannot be opened now, or None: facts that are missing, or its last
    day has passed.
    """
    missing = missing_of(batch)
    if missing:
        return _(
            "Pendaftaran belum dapat dibuka. Lengkapi dahulu: %(facts)s.", facts=", ".join(map(str, missing))
        )
    if queries.is_record(batch):
        return None
    return refusal_to_open(
        batch.registration_closes_on, batch.starts_on, batch.ends_on, clock.today(batch.zone)
    )


def missing_of(batch: Batch) -> list[Text]:
    """Return which of the five facts the batch lacks."""
    return missing_to_open(
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        venue=batch.venue,
        quota=batch.quota,
        audience=batch.audience,
        contact_name=batch.contact_name,
        contact_phone=batch.contact_phone,
    )


def follow_calendar() -> int:
    """Write down for every batch what the calendar has decided: registration closed, begun, over.

    Returns how many changed.
    """
    return sum(follow(batch_id) for batch_id in queries.list_behind_calendar())


@atomic()
def follow(batch_id: int) -> int:
    """Do the same for one batch."""
    batch = queries.lock_batch(batch_id)
    today = clock.today(batch.zone)
    changed = 0
    if batch.status is BatchStatus.OPEN and today > min(
        last_day_to_apply(batch.registration_closes_on, batch.starts_on), batch.ends_on
    ):
        _move(batch, BatchStatus.CLOSED, by=SYSTEM)
        changed = 1
    if batch.status is BatchStatus.CLOSED and queries.state_of(batch) in {
        BatchState.RUNNING,
        BatchState.OVER,
    }:
        _move(batch, BatchStatus.RUNNING, by=SYSTEM)
        changed = 1
    return changed


def wait_again(batch: Batch, closes_on: date, *, by: Actor) -> bool:
    """Let a held batch that only the calendar has begun be as it was before, because its first day is to
    come; return whether it is.

    Not once anything is recorded of it. Registration that the calendar closed as well is open again where its
    last day is to come.
    """
    before = _status_before_calendar(batch)
    if before is None or batch.graduation_stage is not GraduationStage.NONE or ports.was_held(batch.id):
        return False
    if before is BatchStatus.OPEN and closes_on < clock.today(batch.zone):
        before = BatchStatus.CLOSED
    batch.status, batch.status_changed_at, batch.status_reason = before, clock.now(), None
    audit.record(
        "batch.waits_again", batch, by=by, details={"from": BatchStatus.RUNNING.value, "to": before.value}
    )
    return True


def _status_before_calendar(batch: Batch) -> BatchStatus | None:
    """Return what a running batch was before the calendar moved it, or None: somebody began it."""
    moves = [event for event in history_of(batch) if event.action in _MOVES_OF_CALENDAR]
    told, before = details_of(moves), None
    for event in reversed(moves):
        if (event.actor_id, event.actor_label) != (SYSTEM.id, SYSTEM.label):
            break
        before = BatchStatus((told.get(event.id) or {})["details"]["from"])
        if before is BatchStatus.OPEN:
            break
    return before


def _hold(batch: Batch, to: BatchStatus) -> Batch:
    batch = queries.lock_batch(queries.id_of(batch))
    standing = queries.standing_of(batch)
    refusal = queries.refusal_to_act(ACTS[to], batch)
    if acts.is_already(ACTS[to], standing) or (batch.status is to and not refusal):
        raise Conflict(ALREADY[to])
    refusal = refusal or refusal_to_move(batch.status, to)
    if refusal:
        raise RuleViolation(refusal)
    return batch


def _move(batch: Batch, to: BatchStatus, *, by: Actor, reason: str | None = None) -> None:
    before = batch.status
    batch.status, batch.status_changed_at, batch.status_reason = to, clock.now(), reason
    audit.record(f"batch.{to.value}", batch, by=by, note=reason or "", details={"from": before.value})
