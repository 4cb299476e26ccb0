"""A standing that was recorded by mistake is taken back: what was before is in force again, exactly as it
was.
"""

from datetime import date, datetime, timedelta
from typing import Any

from app.audit import services as audit
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.trainees import ports
from app.trainees.models import Standing, Trainee
from app.trainees.queries import duty_posts_of, same_person_ids, standings_of
from app.trainees.rules import REASON_MOST, TraineeStatus, right_to_take_back
from app.trainees.services.counting import counted, hold_living


def memory_of(standing: Standing) -> dict[str, Any]:
    """Return what a standing was before another one of the same day is written over it."""
    return {
        "status": standing.status.value,
        "starts_on": standing.starts_on.isoformat(),
        "reason": standing.reason,
        "recorded_at": standing.recorded_at.isoformat(),
        "recorded_by_id": standing.recorded_by_id,
        "appointment_id": standing.appointment_id,
        "replaced": standing.replaced,
    }


@atomic()
def take_back_standing(trainee: Trainee, reason: str, by: Actor) -> Standing:
    """Take back what was recorded last (died, left, moved, inactive, appointed) and put what was before in
    force again; returns that.

    Raises RuleViolation where nothing can be taken back, the actor may not make an SK whose mistake this is,
    or the reason says nothing; Conflict for a duplicate.
    """
    ports.hold([trainee.id])
    person = hold_living(trainee, by)
    rows = standings_of(person)
    wrong = rows[-1] if rows else None
    right = right_to_take_back(wrong.status) if wrong else None
    if wrong is None or right is None:
        raise RuleViolation(
            _(
                "Status %(status)s tidak dapat dibatalkan: tidak ada status lain sebelumnya.",
                status=str(person.status.label),
            )
        )
    if not by.can(right, person):
        raise RuleViolation(_("Hanya yang berwenang mencatat SK yang dapat membatalkannya."))
    if refusal := refusal_of_reason(reason, most=REASON_MOST):
        raise RuleViolation(refusal, field="reason")
    taken, since, recorded_at, appointment_id = (
        wrong.status,
        wrong.starts_on,
        wrong.recorded_at,
        wrong.appointment_id,
    )
    with counted([person.id]):
        standing = _restored(wrong, rows[-2] if len(rows) > 1 else None)
        person.status = standing.status
    details = {
        "before": taken.value,
        "after": standing.status.value,
        "starts_on": since.isoformat(),
        "appointment_id": appointment_id,
    }
    audit.record(
        "trainee.standing_taken_back", person, by=by, note=reason, details=details, person_id=person.id
    )
    if taken is TraineeStatus.ACTIVE:  # an SK has ended nothing that could come back
        ports.follow(person.id, by)
        return standing
    for follower in ports.followers:
        follower.take_back(person.id, taken, recorded_at, by)
    if taken is TraineeStatus.DECEASED:
        ports.retell(same_person_ids(person), recorded_at)
    return standing


def _restored(wrong: Standing, before: Standing | None) -> Standing:
    """Undo `_stand`: bring back what was written over, else open again what was closed."""
    memory = wrong.replaced
    if memory and "served_since" in memory:
        _serve_since_again(wrong, date.fromisoformat(memory["served_since"]))
    if memory and "status" not in memory:
        memory = None
    if memory is None and before is not None:
        db.session.delete(wrong)
        db.session.flush()
        before.ends_on = None
        return before
    if memory is None:  # the first standing of everybody is that of a calon PSM
        memory = {"status": TraineeStatus.CANDIDATE.value, "starts_on": wrong.starts_on.isoformat()}
    wrong.status, wrong.starts_on = TraineeStatus(memory["status"]), date.fromisoformat(memory["starts_on"])
    wrong.reason, wrong.replaced, wrong.appointment_id = (
        memory.get("reason"),
        memory.get("replaced"),
        memory.get("appointment_id"),
    )
    if "recorded_at" in memory:
        wrong.recorded_at, wrong.recorded_by_id = (
            datetime.fromisoformat(memory["recorded_at"]),
            memory["recorded_by_id"],
        )
    if before is not None:
        before.ends_on = wrong.starts_on - timedelta(days=1)
    return wrong


def _serve_since_again(wrong: Standing, since: date) -> None:
    """Undo what an SK older than the first desa has made of its first day, unless the person has moved before
    that day.
    """
    first = next(iter(duty_posts_of(wrong.trainee)), None)
    if (
        first is not None
        and first.starts_on == wrong.starts_on
        and (first.ends_on is None or first.ends_on >= since)
    ):
        first.starts_on = since
