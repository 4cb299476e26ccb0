"""Asking for seats, for oneself and for others; where admission is automatic the answer comes at once."""

from collections.abc import Iterable
from dataclasses import replace

from app.auth.rules import Permission
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import Conflict, DomainError, NotFound, RuleViolation
from app.core.scopes import contains
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.acts import Act, BatchState
from app.courses.models import Batch
from app.courses.queries import id_of, lock_batch, may_follow, state_of
from app.courses.rules import BatchStatus
from app.courses.services import refuse_to_act
from app.enrollments import eligibility, messages, queries, rules
from app.enrollments.models import Enrollment
from app.enrollments.rules import HOLDING, EnrollmentStatus
from app.enrollments.services.ending import end
from app.enrollments.services.holding import decided, hold, move, record, refuse, refuse_move, seat, undecided
from app.enrollments.services.queue import eligible_queue, serve_elsewhere, serve_queue, waits_for_first_day
from app.extensions import db
from app.trainees.models import Trainee
from app.trainees.queries import is_oneself, list_trainees_by_id, trainee_of
from app.trainees.services import refuse_duplicate

S = EnrollmentStatus


def enroll(batch: Batch, trainee: Trainee, *, by: Actor, override_reason: str | None = None) -> Enrollment:
    """Ask for a seat for one person; where admission is automatic the answer is a seat or a place in the
    queue at once.

    Raises Conflict when already enrolled or seated in this tier, RuleViolation when the batch or the person
    does not allow it, NotFound for a person out of reach. A reason lets a missing prerequisite pass, for
    those who decide about the batch.
    """
    return _enroll(id_of(batch), [id_of(trainee)], by=by, override_reason=override_reason, name_them=False)[0]


def enroll_many(
    batch: Batch, trainees: Iterable[Trainee], *, by: Actor, override_reason: str | None = None
) -> list[Enrollment]:
    """Ask for seats for several people, all or none; every refusal is listed with its name."""
    return _enroll(
        id_of(batch),
        [id_of(trainee) for trainee in trainees],
        by=by,
        override_reason=override_reason,
        name_them=True,
    )


@atomic()
def _enroll(
    batch_id: int, trainee_ids: list[int], *, by: Actor, override_reason: str | None, name_them: bool
) -> list[Enrollment]:
    batch = lock_batch(batch_id)
    people = queries.lock_people(trainee_ids)
    if not people or any(not may_enroll(batch, person, by) for person in people) or not may_see(batch, by):
        raise NotFound(_("Angkatan atau orang ini tidak ditemukan."))
    for named in list_trainees_by_id(trainee_ids):
        refuse_duplicate(named, by)
    refuse_to_act(Act.ENROLL, batch)
    reason = _override(batch, override_reason, by)
    decides = by.can(Permission.ENROLLMENT_DECIDE, batch)
    facts = eligibility.facts_of_asking(batch, people, waived=reason is not None, by_office=decides)
    refuse([(person.name, _refusal(facts[person.id])) for person in people], name_them=name_them)
    _catch_up_with(batch, people)
    serve_queue(batch, by)
    state = state_of(batch)
    has_started = not waits_for_first_day(batch)
    seats_left = batch.quota - queries.count_seats(batch_id)
    waiting = len(eligible_queue(batch))
    made = []
    for person in people:
        status = rules.status_on_asking(
            batch.admission, has_started=has_started, seats_left=seats_left, waiting=waiting
        )
        waived = reason if facts[person.id].missing_tier or state is BatchState.OVER else None
        made.append(_ask(batch, person, status, override_reason=waived, by=by))
        seats_left -= status in HOLDING
        waiting += status is S.WAITLISTED
    db.session.flush()
    for enrollment in made:
        _notify_of_request(enrollment, by)
    serve_elsewhere(batch, [each.trainee_id for each in made if each.status is S.ACCEPTED], by)
    return made


def _catch_up_with(batch: Batch, people: list[Trainee]) -> None:
    """Write down for these people what the calendar has decided: a lapsed offer makes room for a new request
    of the same person.
    """
    family = queries.family_of([person.id for person in people])
    for held in queries.list_in_force(batch.id, family):
        if (ended := queries.end_of(held)) is not None:
            end(held, ended, by=SYSTEM)
        elif queries.is_over(held):
            move(held, S.LAPSED, SYSTEM)
    db.session.flush()


def may_enroll(batch: Batch, trainee: Trainee, by: Actor) -> bool:
    """Say whether the actor may ask for this person: oneself, people of the own office, or for the own batch
    anybody in sight.
    """
    if is_oneself(trainee, by.id):
        return True
    if by.can(Permission.ENROLLMENT_MAKE, trainee):
        return True
    return by.can(Permission.ENROLLMENT_MAKE, batch) and by.can(Permission.TRAINEE_SEE, trainee)


def has_made(enrollment: Enrollment, by: Actor) -> bool:
    """Say whether the actor made this enrollment as somebody who enrols others, and still is one."""
    return by.id is not None and enrollment.recorded_by_id == by.id and by.can(Permission.ENROLLMENT_MAKE)


def may_withdraw(enrollment: Enrollment, by: Actor) -> bool:
    """Say whether the actor may end an enrollment of another person: its office, or whoever made it."""
    return by.can(Permission.ENROLLMENT_DECIDE, enrollment) or has_made(enrollment, by)


def may_bring(batch: Batch, by: Actor) -> bool:
    """Say whether the actor has people who could take part: all of the own batch, or those of a region that
    shares the organiser's.
    """
    if by.can(Permission.ENROLLMENT_MAKE, batch):
        return True
    region = batch.course.organiser.region.scope_code
    areas = by.reach(Permission.ENROLLMENT_MAKE).areas
    return any(contains(region, area) or contains(area, region) for area in areas)


def may_ask_for_some(batch: Batch, by: Actor) -> bool:
    """Say whether the actor could ask for somebody here: for people brought, or for herself."""
    return may_bring(batch, by) or (by.id is not None and trainee_of(by.id) is not None)


def may_see(batch: Batch, by: Actor) -> bool:
    """Say whether the batch is known to the actor: drafts only to those who plan or teach there."""
    return batch.status is not BatchStatus.DRAFT or may_follow(batch, by)


def _override(batch: Batch, reason: str | None, by: Actor) -> str | None:
    if not reason:
        return None
    if not by.can(Permission.ENROLLMENT_DECIDE, batch):
        raise RuleViolation(
            _("Hanya penyelenggara angkatan ini yang dapat memberi pengecualian syarat."),
            field="override_reason",
        )
    if refusal := rules.refusal_of_reason(reason):
        raise RuleViolation(refusal, field="override_reason")
    return reason.strip()


def _refusal(asking: rules.Asking) -> DomainError | None:
    if conflict := rules.already_so(asking):
        if asking.seated_in is None or asking.enrolled_as is not None or asking.holds is not None:
            return Conflict(conflict)
        return Conflict(
            _(
                "%(conflict)s Untuk pindah, batalkan dahulu keikutsertaan di angkatan itu.",
                conflict=str(conflict),
            )
        )
    refusal = rules.refusal_to_enroll(asking)
    return RuleViolation(refusal) if refusal else None


def _ask(
    batch: Batch, person: Trainee, status: EnrollmentStatus, *, override_reason: str | None, by: Actor
) -> Enrollment:
    now = clock.now()
    enrollment = Enrollment(
        batch=batch,
        trainee=person,
        tier=batch.course.tier,
        status=status,
        submitted_at=now,
        override_reason=override_reason,
        recorded_by_id=by.id,
    )
    db.session.add(enrollment)
    if status is S.WAITLISTED:
        enrollment.waiting_since = now
    if status is S.ACCEPTED:
        decided(enrollment, by)
        seat(enrollment)
    return enrollment


def _notify_of_request(enrollment: Enrollment, by: Actor) -> None:
    details = {"override_reason": enrollment.override_reason} if enrollment.override_reason else None
    record(f"enrollment.{enrollment.status.value}", enrollment, by, details=details)
    if enrollment.status is S.ACCEPTED:
        messages.enrollment_accepted(enrollment)
    elif enrollment.status is S.WAITLISTED:
        messages.enrollment_waitlisted(enrollment, queries.position_in_queue(enrollment))


@atomic()
def submit_enrollment(enrollment: Enrollment, *, by: Actor, words: str = "") -> Enrollment:
    """Send an enrollment again after it was returned, or a draft for the first time, while the batch takes
    any; `words`: what its sender says to it, read where it is decided.

    Whoever had asked in time may complete it until the first day, also when registration is closed by then.
    """
    batch, held = hold(enrollment, Act.ENROLL)
    refuse_move(held, S.SUBMITTED)
    decides, waived = by.can(Permission.ENROLLMENT_DECIDE, batch), held.override_reason is not None
    facts = eligibility.facts_of_asking(batch, [held.trainee], waived=waived, by_office=decides)[
        held.trainee_id
    ]
    if held.status is S.RETURNED and waits_for_first_day(batch):
        facts = replace(facts, takes_applications=True)
    if conflict := rules.already_seated(facts):
        raise Conflict(conflict)
    if refusal := rules.refusal_to_enroll(facts):
        raise RuleViolation(refusal)
    held.status, held.submitted_at, held.reply = (
        S.SUBMITTED,
        held.submitted_at or clock.now(),
        " ".join(words.split()) or None,
    )
    # what was asked for is answered; the history keeps it, and she keeps her place in the order
    held.note = ""
    undecided(held)
    record("enrollment.submitted", held, by, note=words)
    serve_queue(batch, by)
    return held
