"""Giving seats, keeping them for somebody, taking them back."""

from collections.abc import Collection, Mapping

from app.audit.queries import details_of, history_of
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.dates import long_date
from app.core.errors import Conflict, DomainError, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act, BatchState
from app.courses.models import Batch
from app.courses.services import lock_for
from app.enrollments import acts, eligibility, messages, ports, queries, rules
from app.enrollments.models import Enrollment
from app.enrollments.rules import ENDED, HOLDING, NOT_SERVING, SEATED, TO_DECIDE, EnrollmentStatus, SeatEnd
from app.enrollments.services.asking import submit_enrollment
from app.enrollments.services.ending import end
from app.enrollments.services.holding import (
    decided,
    hold,
    hold_many,
    leave,
    move,
    record,
    refuse,
    refuse_move,
    seat,
    undecided,
)
from app.enrollments.services.queue import eligible_queue, lapse_due, offer, serve_elsewhere, serve_queue
from app.extensions import db
from app.trainees.models import Trainee
from app.trainees.queries import is_oneself
from app.trainees.services import correct_facts

S = EnrollmentStatus


@atomic()
def verify_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Say that the papers of an enrollment are in order; no seat is given yet."""
    batch, held = hold(enrollment, Act.SORT)
    move(held, S.VERIFIED, by)
    serve_queue(batch, by)
    return held


@atomic()
def return_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Send an enrollment back with what has to be completed."""
    batch, held = hold(enrollment, Act.SORT)
    move(held, S.RETURNED, by, reason=reason, needs_reason=True)
    messages.enrollment_returned(held, reason)
    serve_queue(batch, by)
    return held


@atomic()
def reject_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Decide that no seat is given, with the reason that the person will read."""
    batch, held = hold(enrollment, Act.SORT)
    move(held, S.REJECTED, by, reason=reason, needs_reason=True)
    messages.enrollment_rejected(held, reason)
    serve_queue(batch, by)
    return held


@atomic()
def accept_enrollment(enrollment: Enrollment, *, note: str = "", by: Actor) -> Enrollment:
    """Give the trainee a seat in the batch; raise RuleViolation when there is none to give, Conflict when
    decided already.

    Whoever is accepted before others who wait longer needs a note of some words: it is kept as the reason.
    """
    batch, held = hold(enrollment, Act.SEAT)
    return _accept(batch, [held], note=note, by=by)[0]


@atomic()
def accept_many(batch: Batch, ids: Collection[int], *, by: Actor, note: str = "") -> list[Enrollment]:
    """Give seats to all of these enrollments of the batch, or to none; raise NotFound when one belongs
    elsewhere.
    """
    held_batch, chosen = hold_many(batch, ids, Act.SEAT)
    return _accept(held_batch, chosen, note=note, by=by, name_them=True)


@atomic()
def waitlist_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Put somebody at the end of the queue of cadangan."""
    batch, held = hold(enrollment, Act.SORT)
    return _waitlist(batch, [held], by)[0]


@atomic()
def waitlist_many(batch: Batch, ids: Collection[int], *, by: Actor) -> list[Enrollment]:
    """Put all of these enrollments of the batch into the queue, in the order in which they came
    in, or none.
    """
    held_batch, chosen = hold_many(batch, ids, Act.SORT)
    return _waitlist(
        held_batch, sorted(chosen, key=lambda each: (each.submitted_at or each.recorded_at, each.id)), by
    )


@atomic()
def accept_and_waitlist(
    batch: Batch, ids: Collection[int], *, by: Actor, note: str = ""
) -> tuple[list[Enrollment], list[Enrollment]]:
    """Give seats to these and make all others who still wait for a decision cadangan, in their order; all of
    it or nothing.
    """
    accepted = accept_many(batch, ids, by=by, note=note)
    db.session.flush()
    rest = [
        enrollment.id
        for enrollment in queries.list_enrollments(batch, TO_DECIDE)
        if not queries.is_over(enrollment)
    ]
    return accepted, waitlist_many(batch, rest, by=by) if rest else []


@atomic()
def offer_seat(enrollment: Enrollment, *, by: Actor, note: str = "") -> Enrollment:
    """Keep a free seat for one of the cadangan, or for somebody whose offer has lapsed, until the answer;
    raise RuleViolation when none is free, others wait longer, or the days of the batch are over.
    """
    batch, held = hold(enrollment, Act.SEAT)
    if too_late := queries.refusal_to_offer(batch):
        raise RuleViolation(too_late)
    lapse_due(batch, by)
    refuse_move(held, S.OFFERED)
    facts = eligibility.facts_of_asking(batch, [held.trainee])[held.trainee_id]
    if refusal := _refusal_of_another(held, facts) or _refusal_of_seat(held, facts):
        raise refusal
    passed_over = _refuse_to_pass_over(batch, [held], note)
    if queries.count_seats(batch.id) >= batch.quota:
        raise RuleViolation(rules.full(batch.quota))
    held.passed_over_reason = note.strip() if passed_over else held.passed_over_reason
    offer(held, by, note=note if passed_over else "")
    serve_queue(batch, by)
    return held


@atomic()
def call_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Invite somebody who has a seat: by mail, or by the office from its list of people not told yet."""
    batch, held = hold(enrollment, Act.CALL)
    move(held, S.CALLED, by)
    messages.enrollment_called(held)
    serve_queue(batch, by)
    return held


@atomic()
def confirm_enrollment(enrollment: Enrollment, *, by: Actor) -> Enrollment:
    """Keep that the person says: I will come."""
    batch, held = hold(enrollment, Act.ANSWER)
    move(held, S.CONFIRMED, by)
    serve_queue(batch, by)
    return held


@atomic()
def answer_own(
    enrollment: Enrollment,
    to: EnrollmentStatus,
    *,
    by: Actor,
    corrections: Mapping[str, str] | None = None,
    words: str = "",
) -> Enrollment:
    """Keep what somebody answers about the own enrollment: take the seat offered, will come, completed and
    sent again; nothing else.

    With what is sent again go the facts about her that she has put right (`corrections`, by name) and what
    she says to it.
    """
    _batch, held = hold(enrollment, Act.ENROLL if to is S.SUBMITTED else Act.ANSWER)
    if refusal := rules.refusal_to_answer(held.status, to):
        raise (Conflict if rules.is_already_so(held.status, to) else RuleViolation)(refusal, field="answer")
    if to is S.SUBMITTED:
        changed = _correct_facts(held.trainee.counting or held.trainee, corrections or {}, by=by)
        return submit_enrollment(held, by=by, words=_with_change(words, changed))
    return (_take_offer if to is S.ACCEPTED else confirm_enrollment)(held, by=by)


def _with_change(words: str, changed: Text | None) -> str:
    """Return what she says and what she has put right, each a sentence."""
    if changed is None:
        return words
    return f"{words.rstrip('. ')}. {changed}" if words else str(changed)


def _correct_facts(person: Trainee, corrections: Mapping[str, str], *, by: Actor) -> Text | None:
    """Put right the facts about a person that she typed anew; returns which of them changed, in words, or
    None.
    """
    before = {name: getattr(person, name) for name in corrections}
    if not corrections:
        return None
    after = correct_facts(person, corrections, by=by)
    changed = [str(rules.CORRECTABLE[name]) for name in corrections if getattr(after, name) != before[name]]
    return _("Diperbarui: %(what)s.", what=", ".join(changed)) if changed else None


def _take_offer(held: Enrollment, *, by: Actor) -> Enrollment:
    """Take the seat that was offered: whoever does so says that she will come, and is not asked again."""
    accept_enrollment(held, by=by)
    return confirm_enrollment(held, by=by)


@atomic()
def withdraw(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """End an enrollment at somebody's wish; a seat becomes free again, what happened so far stays on record.

    The person alone may do so until the day before the first one; later the office records it. Whoever
    enrolled another person may take that back while it is undecided.
    """
    batch, held = hold(enrollment, Act.WITHDRAW)
    if refusal := refusal_of_withdrawal(held, by):
        raise RuleViolation(refusal)
    move(held, S.WITHDRAWN, by, reason=reason, needs_reason=True)
    leave(held, by)
    if not is_oneself(held.trainee, by.id):
        messages.enrollment_withdrawn(held, reason)
    serve_queue(batch, by)
    serve_elsewhere(batch, [held.trainee_id], by)
    return held


def refusal_of_withdrawal(held: Enrollment, by: Actor) -> Text | None:
    """Say why this actor cannot end an enrollment without its office, and whom to ask, or None."""
    if by.can(Permission.ENROLLMENT_DECIDE, held.batch) or held.status is S.WITHDRAWN:
        return None
    if not is_oneself(held.trainee, by.id):
        return acts.refusal_to_take_back(held.status, held.name, queries.label_of(held), held.batch.contact)
    return eligibility.refusal_of_withdrawing_alone(held.batch) if held.status in HOLDING else None


@atomic()
def end_absent(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """End the seat of somebody who never came, from the first day on: it is free, and the person may ask
    elsewhere.

    Raises RuleViolation, naming the session, for somebody who is recorded as present in any.
    """
    batch, held = hold(enrollment, Act.WITHDRAW)
    if held.status not in SEATED:
        raise RuleViolation(_("Hanya yang mendapat tempat dapat dicatat tidak hadir."))
    if clock.today(batch.zone) < batch.starts_on:
        raise RuleViolation(_("Angkatan belum dimulai. Bila ia tidak jadi ikut, batalkan keikutsertaannya."))
    if refusal := refusal_of_absence(held):
        raise RuleViolation(refusal)
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    end(held, SeatEnd.ABSENT, by=by, reason=reason)
    serve_elsewhere(batch, [held.trainee_id], by)
    return held


@atomic()
def restore_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Put an enrollment in force again that was ended by mistake, or by what is not so any more; the reason
    is kept.

    A seat is given back while one is free, a place in the queue stays the old one, an offer becomes such a
    place. Raises RuleViolation when no seat is free or she cannot take one any more, Conflict when it may not
    come back or she has another enrollment here.
    """
    batch_id, enrollment_id = enrollment.batch_id, enrollment.id
    batch = lock_for(Act.SEAT, batch_id)
    held = queries.lock_enrollment(enrollment_id)
    queries.lock_people([held.trainee_id])
    facts = eligibility.facts_of_asking(batch, [held.trainee])[held.trainee_id]
    serves = facts.standing not in NOT_SERVING
    if not acts.may_be_restored(held.status, held.ended_as, state=facts.state, serves=serves):
        raise Conflict(acts.refusal_to_restore(held.ended_as, serves=serves))
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    lapse_due(batch, by)
    if other := _refusal_of_another(held, facts):
        raise other
    ended, back = held.ended_as or held.status, _status_before(held)
    by_herself = held.ended_as is None and is_oneself(held.trainee, held.decided_by_id)
    if by_herself and back is S.CONFIRMED:  # her last word was no: she is asked again
        back = S.ACCEPTED
    if back in SEATED:
        if seated := _refusal_of_seat(held, facts, was_seated=True):
            raise seated
        if queries.count_seats(batch.id) >= batch.quota:
            raise RuleViolation(_no_seat_to_return(facts, batch.quota))
    held.status, held.note = back, reason.strip()
    held.ended_as = held.ended_at = held.ended_reason = held.offer_ends_at = None
    if back is S.SUBMITTED:
        undecided(held)
    else:
        decided(held, by)
    if back in SEATED:
        seat(held)
    record("enrollment.restored", held, by, note=reason, details={"before": ended.value})
    messages.enrollment_restored(
        held, reason.strip(), was_mistake=not by_herself and ended not in {SeatEnd.OVER, SeatEnd.NOT_SERVING}
    )
    serve_queue(batch, by)
    serve_elsewhere(batch, [held.trainee_id], by)
    return held


def _no_seat_to_return(facts: rules.Asking, quota: int) -> Text:
    full = str(rules.full(quota))
    if facts.takes_applications:
        return _("%(full)s Ubah dahulu kuotanya, atau daftarkan lagi.", full=full)
    return _("%(full)s Ubah dahulu kuotanya.", full=full)


def _status_before(held: Enrollment) -> EnrollmentStatus:
    """Return the state before it was ended: what she had answered is not asked again, an offer is a place in
    the queue again.
    """
    status = held.status
    if status in acts.DECIDED_BY_MISTAKE:
        ended = [event for event in history_of(held) if event.action == f"enrollment.{status.value}"]
        told = details_of(ended[-1:]).get(ended[-1].id) if ended else None
        before = (told or {}).get("details", {}).get("before")
        if before is None:  # from before this was kept
            return S.ACCEPTED if queries.find_attendee(held.batch_id, held.trainee_id) else S.SUBMITTED
        status = EnrollmentStatus(before)
    return S.WAITLISTED if status is S.OFFERED else status


def refusal_of_absence(held: Enrollment) -> Text | None:
    """Say in which session somebody is recorded as present, or None: only then it can be recorded that she
    never came.
    """
    attendee = queries.find_attendee(held.batch_id, held.trainee_id)
    session = ports.was_in(attendee.id) if attendee else None
    if session is None:
        return None
    return _(
        "%(name)s tercatat hadir pada sesi %(session)s. Bila keliru, perbaiki kehadirannya dahulu.",
        name=held.name,
        session=session,
    )


def _accept(
    batch: Batch, chosen: list[Enrollment], *, note: str, by: Actor, name_them: bool = False
) -> list[Enrollment]:
    queries.lock_people([held.trainee_id for held in chosen])
    lapsed = [held for held in chosen if rules.has_lapsed(held.status, held.offer_ends_at, clock.now())]
    if lapsed:
        raise Conflict(
            _(
                "Tawaran kepada %(name)s sudah lewat waktu. Tempatnya dapat ditawarkan lagi bila masih ada.",
                name=lapsed[0].name,
            )
        )
    facts = eligibility.facts_of_asking(batch, [held.trainee for held in chosen])
    quota = batch.quota
    seats_left = quota - queries.count_seats(batch.id)
    refuse(
        [(held.name, _refusal_to_accept(held, facts[held.trainee_id], quota)) for held in chosen],
        name_them=name_them,
    )
    wanting = sum(held.status not in HOLDING for held in chosen)
    if refusal := rules.refusal_to_accept_many(wanting, seats_left=seats_left, quota=quota):
        raise RuleViolation(refusal)
    passed_over = _refuse_to_pass_over(batch, chosen, note)
    for held in chosen:
        if held.status is not S.OFFERED:
            held.passed_over_reason = note.strip() if passed_over else None
        held.status, held.note, held.offer_ends_at = S.ACCEPTED, note or held.note, None
        decided(held, by)
        seat(held)
        record(
            "enrollment.accepted",
            held,
            by,
            note=note,
            details={"passed_over": len(passed_over)} if passed_over else None,
        )
        messages.enrollment_accepted(held)
    serve_queue(batch, by)
    serve_elsewhere(batch, [held.trainee_id for held in chosen], by)
    return chosen


def _refuse_to_pass_over(batch: Batch, chosen: list[Enrollment], note: str) -> list[str]:
    """Return the names of those who wait longer than somebody chosen and are not chosen; raise without a
    reason for it.
    """
    if all(held.status is S.OFFERED for held in chosen):
        return []
    ids = {held.id for held in chosen}
    queue = eligible_queue(batch)
    places = [place for place, held in enumerate(queue) if held.id in ids]
    newcomers = any(held.status not in {S.WAITLISTED, S.OFFERED} for held in chosen)
    last = len(queue) if newcomers else max(places, default=0)
    names = [held.name for held in queue[:last] if held.id not in ids]
    if refusal := rules.refusal_to_pass_over(names, note):
        raise RuleViolation(refusal, field="note")
    return names


def _refusal_of_another(held: Enrollment, facts: rules.Asking) -> DomainError | None:
    """Return that she has asked anew in this batch since this enrollment ended: that one is
    decided, or None.
    """
    if (held.status not in ENDED and held.ended_as is None) or facts.enrolled_as is None:
        return None
    return Conflict(
        _("%(name)s sudah mendaftar lagi pada angkatan ini. Putuskan pendaftaran yang baru.", name=held.name)
    )


def _refusal_to_accept(held: Enrollment, facts: rules.Asking, quota: int) -> DomainError | None:
    """Return why this enrollment cannot become a seat even if one is free: decided already, or what speaks
    against the person.
    """
    if refusal := rules.refusal_to_accept(held.status, seats_left=quota, quota=quota):
        return (Conflict if rules.is_already_so(held.status, S.ACCEPTED) else RuleViolation)(refusal)
    return _refusal_of_seat(held, facts)


def _refusal_of_seat(
    held: Enrollment, facts: rules.Asking, *, was_seated: bool = False
) -> DomainError | None:
    """Return why this person cannot take a seat even if one is free: seated elsewhere, too late, or not (any
    more) entitled.
    """
    if conflict := rules.already_seated(facts):
        return Conflict(conflict)
    too_late = facts.state is BatchState.OVER and not facts.is_record and held.override_reason is None
    if too_late and held.status not in HOLDING and not was_seated:
        return RuleViolation(
            _(
                "Angkatan ini sudah berakhir pada %(day)s. Tempat tidak dapat diberikan.",
                day=long_date(facts.ends_on),
            )
        )
    refusal = rules.refusal_of_seat(rules.waived_by(facts, held.override_reason))
    return RuleViolation(refusal) if refusal else None


def _waitlist(batch: Batch, chosen: list[Enrollment], by: Actor) -> list[Enrollment]:
    for held in chosen:
        refuse_move(held, S.WAITLISTED)
    for held in chosen:
        held.waiting_since = clock.now()
        move(held, S.WAITLISTED, by)
        db.session.flush()
    places = queries.positions([held.batch_id for held in chosen])
    for held in chosen:
        messages.enrollment_waitlisted(held, places.get(held.id))
    serve_queue(batch, by)
    return chosen
