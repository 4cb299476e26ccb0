"""An approval that was a mistake is taken back: what it froze stays to be read, what it closed is open again,
who was told is told.
"""

from app.assessment import messages, ports, queries
from app.assessment.acts import refusal_to_take_back
from app.assessment.models import Graduation, GraduationResult
from app.assessment.rules import GIVEN_BACK, SEAT_ENDS, GraduationStatus
from app.audit.services import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.rules import GraduationStage
from app.courses.services import enter_stage, lock_for
from app.enrollments.queries import list_ended
from app.enrollments.rules import SeatEnd
from app.enrollments.services import end_anew, end_seats, take_back_ends
from app.extensions import db

DECIDED_ANEW = _(
    "Persetujuan hasil rapat ditarik; hasilnya dibahas lagi."
)  # of a seat that cannot be in force again by now


@atomic()
def take_back_approval(graduation: Graduation, reason: str, *, by: Actor) -> None:
    """Take the approval of a meeting back with a reason; a new proposal is possible then.

    The frozen minutes stay as they were, with who took the approval back, when and why. Seats that it had
    ended are in force again, and everybody who was told the result is told that it does not hold; the rest
    hears nothing of it. Raises Conflict where the meeting is not approved, a certificate was issued by it, or
    a further meeting follows; refuses the proposer, and without a reason.
    """
    batch = lock_for(Act.TAKE_BACK_APPROVAL, graduation.batch_id)
    graduation = queries.lock_graduation(graduation.id)
    if refusal := refusal_to_take_back_now(graduation, by=by):
        raise Conflict(refusal)
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    reason = reason.strip()
    results = queries.list_results(graduation)
    told = [result for result in results if messages.was_notified(result)]
    graduation.status, graduation.return_reason = GraduationStatus.TAKEN_BACK, reason
    graduation.record = {
        **(graduation.record or {}),
        "taken_back": {"by": by.label, "at": clock.now().isoformat()},
    }
    db.session.flush()
    record("graduation.taken_back", graduation, by=by, note=reason)
    if graduation.is_supplementary:
        _put_off_again(batch, results, by)
    else:
        enter_stage(batch, GraduationStage.NONE, by=by)
        ends = {person_of(result): end for result in results if (end := SEAT_ENDS.get(result.outcome))}
        take_back_ends(batch, ends, by=by, reason=str(DECIDED_ANEW))
    messages.approval_taken_back(graduation, by)
    for result in results:
        messages.result_taken_back(result, is_notified=result in told)


def refusal_to_take_back_now(graduation: Graduation, *, by: Actor) -> Text | None:
    """Say why this person cannot take the approval back, or None; the page says it before anybody tries."""
    meetings = queries.list_meetings(graduation.batch)
    later = next(
        (each for each in meetings if each.id > graduation.id and each.status not in GIVEN_BACK), None
    )
    people = [result.attendee_id for result in queries.list_results(graduation)]
    return refusal_to_take_back(
        graduation.status,
        proposed_by=graduation.proposed_by_id,
        by=by.id,
        later=(later.held_on, later.status is GraduationStatus.APPROVED) if later else None,
        certificate_numbers=ports.certificate_numbers_of(people),
    )


def _put_off_again(batch: Batch, results: list[GraduationResult], by: Actor) -> None:
    """Let the seats of those about whom a supplementary meeting had decided be put off again, as the meeting
    before had said.
    """
    before = queries.approved_results(batch)
    for result in results:
        reason, person_id, end = (
            before[result.attendee_id].said,
            person_of(result),
            SEAT_ENDS.get(result.outcome),
        )
        if end is None:
            end_seats(batch, {person_id: SeatEnd.DEFERRED}, by=by, reason=reason, tell=False)
        for held in list_ended(batch.id, [person_id], end) if end else ():
            end_anew(held, SeatEnd.DEFERRED, by=by, reason=reason)


def person_of(result: GraduationResult) -> int:
    """Return the record of the person whom a result is about."""
    assert result.attendee.trainee_id is not None
    return result.attendee.trainee_id
