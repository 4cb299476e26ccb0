"""What the result of a batch means for its seats: they end, and go on when somebody has passed after all, or
it is taken back.
"""

from collections.abc import Collection, Mapping

from app.core import clock
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.courses.models import Batch
from app.enrollments import queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import SeatEnd
from app.enrollments.services.ending import end
from app.enrollments.services.holding import record
from app.enrollments.services.queue import serve_elsewhere
from app.extensions import db


def end_seats(
    batch: Batch, ends: Mapping[int, SeatEnd], *, by: Actor, reason: str = "", tell: bool = True
) -> None:
    """End the enrollments in force of these people ({id of the trainee's record: what ended it}) in a batch
    that is held.
    """
    for held in queries.list_in_force(batch.id, ends.keys()):
        end(held, ends[held.trainee_id], by=by, reason=reason, tell=tell)
    serve_elsewhere(batch, ends.keys(), by)


def resume_seats(
    batch: Batch, trainee_ids: Collection[int], *, by: Actor, ended_as: SeatEnd = SeatEnd.DEFERRED
) -> None:
    """Put seats in force again that a decision about the same batch had ended: put off, then passed by a
    supplementary meeting; or a certificate that was revoked by mistake.

    Raises RuleViolation naming who has a seat elsewhere by now that no one can have beside this one.
    """
    others = _seats_beside(batch, trainee_ids)
    for held in queries.list_ended(batch.id, trainee_ids, ended_as):
        code = others.get(held.trainee_id)
        if code is not None:
            raise RuleViolation(
                _(
                    "%(name)s sudah mendapat tempat di angkatan %(code)s. Batalkan tempat itu dahulu.",
                    name=held.name,
                    code=code,
                )
            )
        _resume(held, by)
    db.session.flush()


def take_back_ends(batch: Batch, ends: Mapping[int, SeatEnd], *, by: Actor, reason: str) -> None:
    """Put the seats in force again that a result had ended which is taken back ({id of the trainee's record:
    what ended it}).

    Whoever has a seat elsewhere by now that no one can have beside this one is put off, until a meeting
    decides anew.
    """
    others = _seats_beside(batch, ends.keys())
    for trainee_id, end_as in ends.items():
        for held in queries.list_ended(batch.id, [trainee_id], end_as):
            if trainee_id not in others:
                _resume(held, by)
                continue
            end_anew(held, SeatEnd.DEFERRED, by=by, reason=reason)
    db.session.flush()


def end_anew(held: Enrollment, end_as: SeatEnd, *, by: Actor, reason: str) -> None:
    """Say otherwise what a seat has ended as, and why."""
    held.ended_as, held.ended_at, held.ended_reason = end_as, clock.now(), reason[:500] or None
    record(
        "enrollment.ended",
        held,
        by,
        note=reason,
        details={"status": held.status.value, "ended_as": end_as.value},
    )


def _resume(held: Enrollment, by: Actor) -> None:
    held.ended_as = held.ended_at = held.ended_reason = None  # who answered, and when, stays as it was
    record("enrollment.resumed", held, by)


def _seats_beside(batch: Batch, trainee_ids: Collection[int]) -> dict[int, str]:
    """Hold these people; return, by record, the code of a batch with a seat that nobody can have beside one
    in this batch.
    """
    queries.lock_people(trainee_ids)
    family = queries.family_of(trainee_ids)
    others = {
        seat.person_id: seat.code
        for seat in queries.seats_of(family)
        if seat.batch_id != batch.id
        and (seat.tier_id == batch.course.tier_id or seat.overlaps(batch.starts_on, batch.ends_on))
    }
    return {key: others[family[key]] for key in trainee_ids if family[key] in others}
