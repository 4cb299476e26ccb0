"""What ends an enrollment, said once: it frees the seat, keeps what happened, tells the person why and where to ask next."""

from collections.abc import Collection, Mapping

from app.core import clock
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.courses.models import Batch
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import SeatEnd
from app.enrollments.services.holding import decided, leave, record
from app.extensions import db

# What somebody did in a batch stays done: these leave presence, placement and papers as they are.
STAYS_ATTENDEE = frozenset({SeatEnd.FAILED, SeatEnd.DEFERRED, SeatEnd.ATTENDED, SeatEnd.REVOKED})


def end(held: Enrollment, end_as: SeatEnd, *, by: Actor, reason: str = "", tell: bool = True) -> None:
    """End one enrollment of a batch that is held; its status stays what it was. Told to the person, unless somebody else tells."""
    held.ended_as, held.ended_at, held.ended_reason = end_as, clock.now(), reason.strip()[:500] or None
    if end_as not in STAYS_ATTENDEE:
        leave(held, by)
    db.session.flush()
    record("enrollment.ended", held, by, note=reason, details={"status": held.status.value, "ended_as": end_as.value})
    if tell:
        messages.enrollment_ended(held)


def end_all(batch: Batch, end_as: SeatEnd, *, by: Actor, reason: str = "") -> int:
    """End everything in force in a batch that is held; returns how many."""
    ended = queries.list_in_force(batch.id)
    for held in ended:
        end(held, end_as, by=by, reason=reason)
    return len(ended)


def end_seats(batch: Batch, ends: Mapping[int, SeatEnd], *, by: Actor, reason: str = "", tell: bool = True) -> None:
    """End the enrollments in force of these people ({id of the trainee's record: what ended it}) in a batch that is held."""
    for held in queries.list_in_force(batch.id, ends.keys()):
        end(held, ends[held.trainee_id], by=by, reason=reason, tell=tell)


def resume_seats(batch: Batch, trainee_ids: Collection[int], *, by: Actor) -> None:
    """Put seats in force again that a decision about the same batch had ended: put off, then passed by a supplementary meeting.

    Raises RuleViolation naming who has a seat elsewhere by now that no one can have beside this one.
    """
    queries.lock_people(trainee_ids)
    family = queries.family_of(trainee_ids)
    others = {seat.person_id: seat.code for seat in queries.seats_of(family) if seat.tier_id == batch.course.tier_id}
    for held in queries.list_ended(batch.id, trainee_ids, SeatEnd.DEFERRED):
        code = others.get(family[held.trainee_id])
        if code is not None and code != batch.code:
            raise RuleViolation(
                _("%(name)s sudah mendapat tempat di angkatan %(code)s. Batalkan tempat itu dahulu.", name=held.trainee.name, code=code)
            )
        held.ended_as = held.ended_at = held.ended_reason = None
        decided(held, by)
        record("enrollment.resumed", held, by)
    db.session.flush()
