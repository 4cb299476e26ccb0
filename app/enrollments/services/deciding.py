"""Giving seats, keeping them for somebody, taking them back."""

from collections.abc import Collection
from dataclasses import replace

from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, DomainError, RuleViolation
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.enrollments import messages, queries, rules
from app.enrollments.models import Enrollment
from app.enrollments.rules import HOLDING, TO_DECIDE, EnrollmentStatus
from app.enrollments.services.asking import submit_enrollment
from app.enrollments.services.holding import (
    decided,
    hold,
    hold_many,
    move,
    offer,
    offer_what_is_free,
    record,
    refuse,
    refuse_change,
    refuse_move,
    seat,
)
from app.extensions import db

S = EnrollmentStatus


@atomic()
def verify_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Say that the papers of an enrollment are in order; no seat is given yet."""
    _batch, held = hold(enrollment)
    return move(held, S.VERIFIED, by)


@atomic()
def return_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Send an enrollment back with what has to be mended."""
    _batch, held = hold(enrollment)
    move(held, S.RETURNED, by, reason=reason, needs_reason=True)
    messages.enrollment_returned(held, reason)
    return held


@atomic()
def reject_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Decide that no seat is given, with the reason that the person will read."""
    _batch, held = hold(enrollment)
    move(held, S.REJECTED, by, reason=reason, needs_reason=True)
    messages.enrollment_rejected(held, reason)
    return held


@atomic()
def accept_enrollment(enrollment: Enrollment, *, note: str = "", by: Actor) -> Enrollment:
    """Give the trainee a seat in the batch; raise RuleViolation when there is none to give, Conflict when decided already."""
    batch, held = hold(enrollment)
    return _accept(batch, [held], note=note, by=by)[0]


@atomic()
def accept_many(batch: Batch, ids: Collection[int], *, by: Actor) -> list[Enrollment]:
    """Give seats to all of these enrollments of the batch, or to none; raise NotFound when one belongs elsewhere."""
    held_batch, chosen = hold_many(batch, ids)
    return _accept(held_batch, chosen, note="", by=by, name_them=True)


@atomic()
def waitlist_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Put somebody at the end of the queue of cadangan."""
    _batch, held = hold(enrollment)
    return _waitlist([held], by)[0]


@atomic()
def waitlist_many(batch: Batch, ids: Collection[int], *, by: Actor) -> list[Enrollment]:
    """Put all of these enrollments of the batch into the queue, in the order in which they came in, or none."""
    _held_batch, chosen = hold_many(batch, ids)
    return _waitlist(sorted(chosen, key=lambda each: (each.submitted_at or each.recorded_at, each.id)), by)


@atomic()
def accept_and_waitlist(batch: Batch, ids: Collection[int], *, by: Actor) -> tuple[list[Enrollment], list[Enrollment]]:
    """Give seats to these and make all others who still wait for a decision cadangan, in their order; all of it or nothing."""
    accepted = accept_many(batch, ids, by=by)
    db.session.flush()
    rest = [enrollment.id for enrollment in queries.list_enrollments(batch, TO_DECIDE)]
    return accepted, waitlist_many(batch, rest, by=by) if rest else []


@atomic()
def offer_seat(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Keep a free seat for one of the cadangan until the answer; raise RuleViolation when none is free."""
    batch, held = hold(enrollment)
    refuse_move(held, S.OFFERED)
    if refusal := rules.refusal_to_seat(batch.status):
        raise RuleViolation(refusal)
    if queries.count_seats(batch.id) >= batch.quota:
        raise RuleViolation(rules.full(batch.quota))
    return offer(held, by)


@atomic()
def lapse_offer(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """End an offer that was not answered in time; where admission is automatic the next in the queue gets it."""
    batch, held = hold(enrollment)
    move(held, S.LAPSED, by)
    offer_what_is_free(batch, by)
    return held


@atomic()
def call_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Keep that the invitation went out to somebody who has a seat."""
    _batch, held = hold(enrollment)
    return move(held, S.CALLED, by)


@atomic()
def confirm_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Keep that the person says: I will come."""
    _batch, held = hold(enrollment)
    return move(held, S.CONFIRMED, by)


@atomic()
def answer_own(enrollment: Enrollment, to: EnrollmentStatus, *, by: Actor) -> Enrollment:
    """Keep what somebody answers about the own enrollment: take the seat offered, will come, mended and sent again; nothing else."""
    _batch, held = hold(enrollment)
    if refusal := rules.refusal_to_answer(held.status, to):
        raise (Conflict if held.status is to else RuleViolation)(refusal)
    moves = {S.ACCEPTED: accept_enrollment, S.CONFIRMED: confirm_enrollment, S.SUBMITTED: submit_enrollment}
    return moves[to](held, by=by)


@atomic()
def withdraw(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """End an enrollment at somebody's wish; a seat becomes free again, what happened so far stays on record."""
    batch, held = hold(enrollment)
    was_holding = held.status in HOLDING
    if was_holding:
        refuse_change(batch)
    move(held, S.WITHDRAWN, by, reason=reason, needs_reason=True)
    if was_holding:
        attendee = queries.find_attendee(batch.id, held.trainee_id)
        if attendee is not None and attendee.left_at is None:
            attendee.left_at = clock.now()
        offer_what_is_free(batch, by)
    return held


def _accept(batch: Batch, chosen: list[Enrollment], *, note: str, by: Actor, name_them: bool = False) -> list[Enrollment]:
    refuse_change(batch)
    queries.lock_people([held.trainee_id for held in chosen])
    facts = queries.facts_of_asking(batch, [held.trainee for held in chosen])
    quota = batch.quota
    seats_left = quota - queries.count_seats(batch.id)
    refuse([(held.trainee.name, _refusal_of_seat(held, facts[held.trainee_id], quota)) for held in chosen], name_them=name_them)
    wanting = sum(held.status not in HOLDING for held in chosen)
    if refusal := rules.refusal_to_accept_many(wanting, seats_left=seats_left, quota=quota):
        raise RuleViolation(refusal)
    for held in chosen:
        held.status, held.note = S.ACCEPTED, note or held.note
        decided(held, by)
        seat(held)
        record("enrollment.accepted", held, by, note=note)
        messages.enrollment_accepted(held)
    return chosen


def _refusal_of_seat(held: Enrollment, facts: rules.Asking, quota: int) -> DomainError | None:
    """Return why this person cannot take a seat even if one is free: decided, seated elsewhere, or not (any more) entitled."""
    if refusal := rules.refusal_to_accept(held.status, seats_left=quota, quota=quota):
        return (Conflict if rules.is_already_so(held.status, S.ACCEPTED) else RuleViolation)(refusal)
    if conflict := rules.already_seated(facts):
        return Conflict(conflict)
    refusal = rules.refusal_of_seat(replace(facts, waived=held.override_reason is not None))
    return RuleViolation(refusal) if refusal else None


def _waitlist(chosen: list[Enrollment], by: Actor) -> list[Enrollment]:
    for held in chosen:
        refuse_move(held, S.WAITLISTED)
    for held in chosen:
        held.waiting_since = clock.now()
        move(held, S.WAITLISTED, by)
        db.session.flush()
    places = queries.positions([held.batch_id for held in chosen])
    for held in chosen:
        messages.enrollment_waitlisted(held, places.get(held.id))
    return chosen
