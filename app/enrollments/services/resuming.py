"""What a standing recorded by mistake had ended: in force again where that is still possible, else told with the way on."""

from collections.abc import Mapping
from datetime import datetime

from app.core.actor import Actor
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import lock_batch, state_of
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import GRADUATING, HOLDING, NOT_SERVING, SEATED, EnrollmentStatus
from app.enrollments.services.holding import record, seat
from app.enrollments.services.queue import waits_for_first_day
from app.extensions import db
from app.notifications.queries import overtaken_since
from app.notifications.rules import PersonKind
from app.trainees.queries import lock_trainees
from app.trainees.rules import TraineeStatus


def resume_after_mistake(trainee_id: int, status: TraineeStatus, since: datetime, by: Actor) -> None:
    """Put in force again what this standing, recorded at that moment, had ended; the person is told each time.

    Who was taken for dead was told nothing: of a seat that went on she is told how it stands now.
    """
    family = queries.family_of([trainee_id])
    silent = overtaken_since(PersonKind.TRAINEE, family, since) if status is TraineeStatus.DECEASED else set()
    for held in queries.list_ended_by_standing(family, since):
        silent.discard(held.batch_id)
        if _resume_or_tell(held, status, family, by):
            messages.enrollment_resumed(held, status)
    for batch_id in sorted(silent):
        if state_of(lock_batch(batch_id)) in GRADUATING:
            continue  # what the meeting decided is told by others
        for held in queries.list_in_force(batch_id, family):
            messages.enrollment_stands(held)
    db.session.flush()


def resume_parted(trainee_id: int, other_id: int, since: datetime, by: Actor) -> None:
    """Put in force again what the standing of another record had ended while the two were taken for one person.

    She is told here what cannot go on; what goes on is told with the parting.
    """
    records = lock_trainees([trainee_id, other_id])
    if records[trainee_id].status in NOT_SERVING:
        return
    family = queries.family_of([trainee_id])
    for held in queries.list_ended_by_standing(family, since):
        _resume_or_tell(held, records[other_id].status, family, by)
    db.session.flush()


def _resume_or_tell(ended: Enrollment, status: TraineeStatus, family: Mapping[int, int], by: Actor) -> bool:
    """Put an enrollment in force again, or tell why it cannot be; returns whether it is."""
    batch = lock_batch(ended.batch_id)
    held = queries.lock_enrollment(ended.id)
    refusal = _refusal_to_resume(batch, held, family)
    if refusal is None:
        _resume(held, by)
        return True
    mended = _("%(status)s: keliru dicatat dan sudah dibetulkan. %(why)s", status=str(status.label), why=str(refusal))
    held.ended_reason = str(mended)[:500]
    messages.enrollment_not_resumed(held, status, refusal)
    return False


def _refusal_to_resume(batch: Batch, held: Enrollment, family: Mapping[int, int]) -> Text | None:
    """Say why an enrollment cannot be in force again, or None."""
    if not waits_for_first_day(batch):
        return _("Angkatan ini sudah dimulai atau sudah berakhir.")
    if queries.list_in_force(batch.id, family):
        return _("Sudah ada pendaftaran yang baru pada angkatan ini.")
    if held.status not in SEATED:
        return None
    seats = [seat for seat in queries.seats_of(family, offered=True) if seat.batch_id != batch.id]
    for other in seats:
        if other.tier_id == held.tier_id or other.overlaps(batch.starts_on, batch.ends_on):
            return _("Sudah mendapat tempat di angkatan %(code)s.", code=other.code)
    if queries.count_seats(batch.id) >= batch.quota:
        return _("Tempatnya sudah diberikan kepada orang lain.")
    return None


def _resume(held: Enrollment, by: Actor) -> None:
    held.ended_as = held.ended_at = held.ended_reason = None
    if held.status is EnrollmentStatus.OFFERED:  # the offer was not answered while nobody could: the place in the queue stays
        held.status, held.offer_ends_at = EnrollmentStatus.WAITLISTED, None
    if held.status in HOLDING:
        seat(held)
    db.session.flush()
    record("enrollment.resumed", held, by)
