"""What the days of a batch ask for: one reminder, three days before, to whoever has not said whether she will
come; news that nobody has told by then, told as it holds now; news that nobody has told by its end, told no
more.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.unit_of_work import atomic
from app.courses.acts import Act, BatchState
from app.courses.models import Batch
from app.courses.queries import begins_at, get_batch, is_record, lock_batch, refusal_to_act, state_of
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import is_to_be_reminded
from app.enrollments.services.holding import record
from app.notifications.models import Notice
from app.notifications.queries import batches_with_untold, list_untold, list_untold_of
from app.notifications.rules import LASTING
from app.notifications.services import lapse

REMINDED = "enrollment.reminded"
REMINDED_BEFORE = timedelta(days=3)


def list_batches_to_remind() -> list[int]:
    """Return the ids of the batches that begin within days and in which somebody has not answered."""
    return sorted(
        {
            each.batch_id
            for each in queries.list_unanswered(REMINDED_BEFORE, REMINDED)
            if _is_due(each.batch, each)
        }
    )


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


def list_batches_begun() -> list[int]:
    """Return the ids of the batches of which something was not told yet that does not hold any more: they
    have begun, or are over.
    """
    batches = (get_batch(batch_id) for batch_id in batches_with_untold(clock.now()))
    return [batch.id for batch in batches if batch is not None and (_old_news(batch) or _lapsed(batch))]


@atomic()
def renew_news(batch_id: int, *, by: Actor) -> int:
    """Let what was not told yet of seats be told as it holds once the batch has begun: nobody is asked then
    whether she will come. Once it is over, let what was to be known before fall away.
    """
    batch = lock_batch(batch_id)
    late = _lapsed(batch)
    if late:
        lapse(late)
        audit.record("batch.news_lapsed", batch, by=by, details={"notices": [notice.id for notice in late]})
    return len(late) + sum(
        messages.retell(queries.lock_enrollment(enrollment_id)) for enrollment_id in _old_news(batch)
    )


def _old_news(batch: Batch) -> list[int]:
    """Return the enrollments in force of a batch that is held whose news is older than its first day, or its
    first hour, and was not told yet.
    """
    if state_of(batch) is not BatchState.RUNNING or is_record(batch):
        return []
    midnight = datetime.combine(batch.starts_on, datetime.min.time(), ZoneInfo(batch.zone))
    moments = (midnight, begins_at(batch), midnight + timedelta(days=1))
    begins = max(moment for moment in moments if moment is not None and moment <= clock.now())
    held = {
        messages.about(each.id): each.id
        for each in queries.list_enrollments_in_force(batch.id)
        if not queries.is_over(each)
    }
    return sorted(
        held[notice.about]
        for notice in list_untold(batch.id, held)
        if notice.created_at < begins and notice.about in held
    )


def _lapsed(batch: Batch) -> list[Notice]:
    """Return what was not told by the last day of a batch and is about nothing that lasts."""
    if clock.today(batch.zone) <= batch.ends_on:
        return []
    lasting = LASTING | {messages.about(held.id) for held in queries.list_decided_against(batch.id)}
    untold = [each for each in list_untold_of(batch.id) if each.about not in lasting]
    return [each for each in untold if clock.local_day(each.created_at, batch.zone) <= batch.ends_on]


def _is_due(batch: Batch, held: Enrollment) -> bool:
    today = clock.today(batch.zone)
    told_on = clock.local_day(held.decided_at or held.recorded_at, batch.zone)
    is_possible = refusal_to_act(Act.ANSWER, batch) is None and not queries.is_over(held)
    return is_possible and is_to_be_reminded(
        held.status, starts_on=batch.starts_on, today=today, told_on=told_on, before=REMINDED_BEFORE
    )
