"""One reminder for whoever has a seat and has not said whether they will come: three days before the first day, never twice."""

from datetime import timedelta

from app.core import clock
from app.core.actor import Actor
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import lock_batch, refusal_to_act
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import is_to_be_reminded
from app.enrollments.services.holding import record

REMINDED = "enrollment.reminded"
REMINDED_BEFORE = timedelta(days=3)


def list_batches_to_remind() -> list[int]:
    """Return the ids of the batches that begin within days and in which somebody has not answered."""
    return sorted({each.batch_id for each in queries.list_unanswered(REMINDED_BEFORE, REMINDED) if _is_due(each.batch, each)})


@atomic()
def remind(batch_id: int, *, by: Actor) -> int:
    """Remind everybody of a batch who is due and was not reminded before; returns how many."""
    batch = lock_batch(batch_id)
    due = [each.id for each in queries.list_unanswered(REMINDED_BEFORE, REMINDED, batch_id=batch_id)]
    found = [held for held in queries.lock_enrollments(batch_id, due) if _is_due(batch, held)]
    for held in found:
        messages.enrollment_reminded(held)
        record(REMINDED, held, by)
    return len(found)


def _is_due(batch: Batch, held: Enrollment) -> bool:
    today = clock.today(batch.zone)
    told_on = clock.local_day(held.decided_at or held.recorded_at, batch.zone)
    is_possible = refusal_to_act(Act.ANSWER, batch) is None and not queries.is_over(held)
    return is_possible and is_to_be_reminded(held.status, starts_on=batch.starts_on, today=today, told_on=told_on, before=REMINDED_BEFORE)
