"""What the result of a batch means for its seats: they end, and go on when somebody who was put off has passed after all."""

from collections.abc import Collection, Mapping

from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.courses.models import Batch
from app.enrollments import queries
from app.enrollments.rules import SeatEnd
from app.enrollments.services.ending import end
from app.enrollments.services.holding import record
from app.enrollments.services.queue import serve_elsewhere
from app.extensions import db


def end_seats(batch: Batch, ends: Mapping[int, SeatEnd], *, by: Actor, reason: str = "", tell: bool = True) -> None:
    """End the enrollments in force of these people ({id of the trainee's record: what ended it}) in a batch that is held."""
    for held in queries.list_in_force(batch.id, ends.keys()):
        end(held, ends[held.trainee_id], by=by, reason=reason, tell=tell)
    serve_elsewhere(batch, ends.keys(), by)


def resume_seats(batch: Batch, trainee_ids: Collection[int], *, by: Actor, ended_as: SeatEnd = SeatEnd.DEFERRED) -> None:
    """Put seats in force again that a decision about the same batch had ended: put off, then passed by a supplementary meeting; or a
    certificate that was revoked by mistake.

    Raises RuleViolation naming who has a seat elsewhere by now that no one can have beside this one.
    """
    queries.lock_people(trainee_ids)
    family = queries.family_of(trainee_ids)
    others = {
        seat.person_id: seat.code
        for seat in queries.seats_of(family)
        if seat.batch_id != batch.id and (seat.tier_id == batch.course.tier_id or seat.overlaps(batch.starts_on, batch.ends_on))
    }
    for held in queries.list_ended(batch.id, trainee_ids, ended_as):
        code = others.get(family[held.trainee_id])
        if code is not None:
            raise RuleViolation(
                _("%(name)s sudah mendapat tempat di angkatan %(code)s. Batalkan tempat itu dahulu.", name=held.name, code=code)
            )
        held.ended_as = held.ended_at = held.ended_reason = None  # who answered, and when, stays as it was
        record("enrollment.resumed", held, by)
    db.session.flush()
