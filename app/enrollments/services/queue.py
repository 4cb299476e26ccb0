"""The queue of cadangan, served by one function whatever frees a seat: quota, withdrawal, a lapsed offer,
standing, identity.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app.core import clock
from app.core.actor import Actor
from app.core.unit_of_work import atomic, on_commit
from app.courses.acts import BatchState
from app.courses.models import Batch
from app.courses.queries import is_record, lock_batch, state_of
from app.courses.rules import Admission
from app.enrollments import eligibility, messages, queries, rules
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.enrollments.services.ending import end
from app.enrollments.services.holding import move, record
from app.extensions import db

S = EnrollmentStatus


def waits_for_first_day(batch: Batch) -> bool:
    """Say whether the first day of a batch is still to come; a record of the past has had it, whatever its
    stored status says.
    """
    return state_of(batch) in {BatchState.OPEN, BatchState.CLOSED} and not is_record(batch)


def serve_queue(batch: Batch, by: Actor) -> None:
    """End offers that were not answered in time; then offer what is free to those of the queue who may take
    it, in their order.

    The batch is held by the caller. Seats are offered by themselves only where admission is automatic, and
    only until the day before the first one: from then on by hand.
    """
    db.session.flush()
    lapse_due(batch, by)
    if batch.admission is Admission.AUTOMATIC and waits_for_first_day(batch):
        free = batch.quota - queries.count_seats(batch.id)
        for held in eligible_queue(batch)[:free] if free > 0 else ():
            offer(held, by)
    messages.renumber(batch.id)


def serve_elsewhere(batch: Batch, trainee_ids: Collection[int], by: Actor) -> None:
    """Serve, once this decision is kept, the other batches in which these people wait or are offered a seat:
    what kept them from a seat there may be gone, or they can take it no more.

    Each queue in a transaction of its own: its batch is not held while this one is.
    """
    for batch_id in queries.batches_asked_by(trainee_ids, queries.WAITING_OR_OFFERED):
        if batch_id != batch.id:
            on_commit(partial(catch_up, batch_id, by=by))


def eligible_queue(batch: Batch) -> list[Enrollment]:
    """Return those who wait and could take a seat, the next one first; whoever cannot is passed over and
    stays waiting.
    """
    ids = queries.queue_of(batch.id)
    if not ids:
        return []
    waiting = {held.id: held for held in queries.list_waiting(batch.id)}
    facts = eligibility.facts_of_asking(batch, [held.trainee for held in waiting.values()])
    return [waiting[key] for key in ids if may_take_seat(waiting[key], facts)]


def may_take_seat(held: Enrollment, facts: dict[int, rules.Asking]) -> bool:
    """Say whether this enrollment could become a seat if one is free."""
    return rules.may_take_seat(rules.waived_by(facts[held.trainee_id], held.override_reason))


def offer(held: Enrollment, by: Actor, *, note: str = "") -> Enrollment:
    """Keep a seat for somebody who waits.

    The time to answer begins when she is told: when the mail has left, or the office has ticked that somebody
    told her.
    """
    before, held_note = held.note, note.strip()
    move(held, S.OFFERED, by, reason=held_note)
    held.note = before  # why others come later is kept apart
    held.offer_ends_at = None
    db.session.flush()
    messages.seat_offered(held)
    return held


def begin_offer(about: str, by: Actor) -> None:
    """Let the time to answer an offer begin when it was told."""
    known = db.session.get(Enrollment, messages.enrollment_of(about) or 0)
    if known is None:
        return
    lock_batch(known.batch_id)
    held = queries.lock_enrollment(known.id)
    if queries.status_of(held) is S.OFFERED and held.ended_as is None and held.offer_ends_at is None:
        held.offer_ends_at = end_of_offer(held.batch)
        record("enrollment.offer_told", held, by)


def end_of_offer(batch: Batch) -> datetime:
    """Return until when an offer that is told now holds: a day, but not into the first day of the batch; once
    that has come, not beyond the last one.
    """
    day = batch.starts_on if clock.today(batch.zone) < batch.starts_on else batch.ends_on + timedelta(days=1)
    return min(
        clock.now() + rules.OFFER_LASTS, datetime.combine(day, datetime.min.time(), ZoneInfo(batch.zone))
    )


def lapse_due(batch: Batch, by: Actor) -> int:
    """End the offers of a held batch that were not answered in time, and tell; returns how many."""
    lapsed = queries.lock_enrollments(batch.id, queries.list_lapsed_offers(batch.id))
    for held in lapsed:
        move(held, S.LAPSED, by)
        messages.offer_lapsed(held)
    db.session.flush()
    return len(lapsed)


@atomic()
def catch_up(batch_id: int, *, by: Actor) -> int:
    """Write down what the calendar has decided about a batch: lapsed offers, and who still waited when it was
    over.

    Returns how many enrollments ended. The calendar decides without it; this makes it visible and tells
    people.
    """
    batch = lock_batch(batch_id)
    before = lapse_due(batch, by)
    waits = [held for held in queries.list_in_force(batch.id) if queries.end_of(held) is SeatEnd.OVER]
    for held in waits:
        end(held, SeatEnd.OVER, by=by)
    released = release_offers(batch, by)
    serve_queue(batch, by)
    return before + len(waits) + released


def release_offers(batch: Batch, by: Actor) -> int:
    """Take back the offers of a held batch whose person has meanwhile a seat that excludes this one; returns
    how many.

    She keeps her place among the cadangan: were the other seat lost, this one could be offered again.
    """
    offered = [held for held in queries.list_in_force(batch.id) if held.status is S.OFFERED]
    facts = eligibility.facts_of_asking(batch, [held.trainee for held in offered]) if offered else {}
    count = 0
    for held in offered:
        elsewhere = rules.already_seated(facts[held.trainee_id]) or rules.refusal_by_days(
            facts[held.trainee_id]
        )
        if elsewhere is not None:
            was_notified = held.offer_ends_at is not None
            held.status, held.offer_ends_at = S.WAITLISTED, None
            record("enrollment.offer_released", held, by, note=str(elsewhere))
            if was_notified:
                messages.offer_released(held, elsewhere)
            else:
                messages.enrollment_waitlisted(held, queries.position_in_queue(held))
            count += 1
    db.session.flush()
    return count


def catch_up_all(*, by: Actor) -> int:
    """Do the same for every batch that is due, or has a free seat beside somebody who may take it; returns
    how many ended.
    """
    return sum(
        catch_up(batch_id, by=by) for batch_id in sorted({*queries.list_batches_due(), *_list_unserved()})
    )


def _list_unserved() -> list[int]:
    """Return the ids of batches in which somebody waits who may take a free seat: whatever made it so has
    served no queue.
    """
    found = []
    for batch, waiting in queries.list_waiting_beside_free_seats():
        if waits_for_first_day(batch):
            facts = eligibility.facts_of_asking(batch, [held.trainee for held in waiting])
            found += [batch.id] if any(may_take_seat(held, facts) for held in waiting) else []
    return found
