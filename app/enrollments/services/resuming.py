"""What ended for a reason that is not so: a standing recorded by mistake, a batch that goes on.

In force again where that is still possible, else told with the way on.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.audit.queries import details_of, history_of
from app.core.actor import Actor
from app.core.text import Text, _
from app.courses.acts import BatchState
from app.courses.models import Batch
from app.courses.queries import lock_batch, state_of
from app.enrollments import acts, messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import GRADUATING, HOLDING, NOT_SERVING, SEATED, EnrollmentStatus, SeatEnd
from app.enrollments.services.holding import record, seat
from app.enrollments.services.queue import waits_for_first_day
from app.extensions import db
from app.notifications.queries import overtaken_since
from app.notifications.rules import PersonKind
from app.trainees.queries import canonical, lock_trainees
from app.trainees.rules import TraineeStatus


def resume_after_mistake(trainee_id: int, status: TraineeStatus, since: datetime, by: Actor) -> None:
    """Put in force again what this standing, recorded at that moment, had ended; the person is told each
    time.

    Who was taken for dead was told nothing: of a seat that went on she is told how it stands now.
    """
    family = queries.family_of([trainee_id])
    silent = overtaken_since(PersonKind.TRAINEE, family, since) if status is TraineeStatus.DECEASED else set()
    for held in queries.list_ended_by_standing(family, since):
        silent.discard(held.batch_id)
        had_seat = held.status in SEATED
        if _resume_or_explain(held, status, family, by):
            messages.enrollment_resumed(held, status, without_seat=had_seat and held.status not in SEATED)
    for batch_id in sorted(silent):
        if state_of(lock_batch(batch_id)) in GRADUATING:
            continue  # what the meeting decided is told by others
        for held in queries.list_in_force(batch_id, family):
            messages.enrollment_stands(held)
    db.session.flush()


def resume_parted(trainee_id: int, other_id: int, since: datetime, by: Actor) -> None:
    """Put in force again what the standing of another record had ended while the two were taken for one
    person.

    She is told here what cannot go on; what goes on is told with the parting.
    """
    records = lock_trainees([trainee_id, other_id])
    if records[trainee_id].status in NOT_SERVING:
        return
    family = queries.family_of([trainee_id])
    for held in queries.list_ended_by_standing(family, since):
        _resume_or_explain(held, records[other_id].status, family, by)
    db.session.flush()


def _resume_or_explain(
    ended: Enrollment, status: TraineeStatus, family: Mapping[int, int], by: Actor
) -> bool:
    """Put an enrollment in force again, or tell why it cannot be; returns whether it is."""
    batch = lock_batch(ended.batch_id)
    held = queries.lock_enrollment(ended.id)
    refusal = _refusal_to_resume(batch, held, family)
    if refusal is None:
        if held.status in SEATED and queries.count_seats(batch.id) >= batch.quota:
            _put_in_front(batch, held)
        _resume(held, by)
        return True
    ended_reason = _(
        "%(status)s: keliru dicatat dan sudah dibetulkan. %(why)s", status=str(status.label), why=str(refusal)
    )
    held.ended_reason = str(ended_reason)[:500]
    messages.enrollment_not_resumed(held, status, refusal)
    return False


def _refusal_to_resume(batch: Batch, held: Enrollment, family: Mapping[int, int]) -> Text | None:
    """Say why an enrollment cannot be in force again, or None."""
    state = state_of(batch)
    had_seat = held.status in SEATED
    if (
        not waits_for_first_day(batch)
        and state is not BatchState.DRAFT
        and (had_seat or not acts.goes_on(held.status, state))
    ):
        return acts.refusal_by_state(
            state, reason_of_cancelling(batch) if state is BatchState.CANCELLED else ""
        )
    if queries.list_in_force(batch.id, family):
        return _("Sudah ada pendaftaran yang baru pada angkatan ini.")
    if not had_seat:
        return None
    seats = [seat for seat in queries.seats_of(family, offered=True) if seat.batch_id != batch.id]
    for other in seats:
        if other.tier_id == held.tier_id or other.overlaps(batch.starts_on, batch.ends_on):
            return _("Sudah mendapat tempat di angkatan %(code)s.", code=other.code)
    return None


def reason_of_cancelling(batch: Batch) -> str:
    cancelled = [event for event in history_of(batch) if event.action == "batch.cancelled"]
    told = details_of(cancelled[-1:]).get(cancelled[-1].id) if cancelled else None
    return (told or {}).get("note", "")


def _put_in_front(batch: Batch, held: Enrollment) -> None:
    """Let somebody whose seat was given while nobody could know be the first of the cadangan: she had it
    before all of them.
    """
    held.status, asked = EnrollmentStatus.WAITLISTED, held.submitted_at or held.recorded_at
    waiting = [
        each.waiting_since for each in queries.list_in_force(batch.id) if each.waiting_since is not None
    ]
    held.waiting_since = min([asked, *(since - timedelta(seconds=1) for since in waiting)])


def resume_over(batch: Batch, by: Actor) -> set[int]:
    """Put in force again, and tell, what had ended with a batch that is held and not over any more: it was
    lengthened.

    Returns the numbers of these enrollments. Whoever serves no longer, or has asked anew, is left as it is.
    """
    back = set()
    for held in queries.list_ended(batch.id, None, SeatEnd.OVER):
        family = queries.family_of([held.trainee_id])
        is_possible = (
            acts.goes_on(held.status, state_of(batch)) and canonical(held.trainee).status not in NOT_SERVING
        )
        if is_possible and not queries.list_in_force(batch.id, family):
            _resume(held, by)
            messages.enrollment_goes_on(held)
            back.add(held.id)
    return back


def _resume(held: Enrollment, by: Actor) -> None:
    held.ended_as = held.ended_at = held.ended_reason = None
    if (
        held.status is EnrollmentStatus.OFFERED
    ):  # the offer was not answered while nobody could: the place in the queue stays
        held.status, held.offer_ends_at = EnrollmentStatus.WAITLISTED, None
    if held.status in HOLDING:
        seat(held)
    db.session.flush()
    record("enrollment.resumed", held, by)
