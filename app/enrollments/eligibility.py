"""Who may ask for a seat or take one: the facts of people and batch that the rules decide on, and what would
help.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from app.audit.queries import details_of, history_of
from app.core import clock
from app.core.dates import date_range, local_moment, long_date
from app.core.scopes import NATION, contains
from app.core.text import Text, _
from app.courses import ports as courses_ports
from app.courses.acts import BatchState
from app.courses.models import Batch, Course, Tier
from app.courses.queries import is_record, may_apply_to, maybe_open, state_of
from app.courses.rules import CourseKind
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.queries import (
    ASKED_AGAIN,
    IN_FORCE,
    SHOWN,
    batches_asked_by,
    end_of,
    enrollments_of,
    family_of,
    had_seat,
    is_over,
    list_enrollments_in_force,
    seats_of,
    serves,
    status_of,
)
from app.enrollments.rules import (
    GRADUATING,
    HOLDING,
    SEATED,
    Asking,
    EnrollmentStatus,
    SeatEnd,
    refusal_by_person,
    refusal_by_prerequisite,
    refusal_of_own_withdrawal,
    refusal_of_seat,
)
from app.enrollments.wording import OwnFacts
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.models import Qualification, Standing, Trainee
from app.trainees.queries import canonical, in_force
from app.trainees.rules import TraineeStatus


def facts_of_asking(
    batch: Batch, people: Iterable[Trainee], *, waived: bool = False, by_office: bool = False
) -> dict[int, Asking]:
    """Return what decides whether each of these people may ask for a seat, in a constant number
    of queries.
    """
    people = list(people)
    family = family_of([person.id for person in people])
    records = {
        person.id: canonical(person) for person in people
    }  # the standing and the desa are those of the record that counts
    tier = batch.course.tier
    enrolled, seated, busy = _enrollments_for(batch, family)
    common = replace(facts_of_newcomer(batch), missing_tier=None, waived=waived, by_office=by_office)
    holders = (
        set(_holders(tier.prerequisite, family, batch.starts_on))
        if tier.prerequisite
        else set(family.values())
    )
    held_on = batch.starts_on if common.is_record else max(batch.starts_on, clock.today(batch.zone))
    holds = _holders(tier, family, held_on) if batch.course.kind is CourseKind.DIKLAT else {}
    lacking = [person for person in people if family[person.id] not in holders]
    helping = _helping_courses(tier.prerequisite, lacking) if tier.prerequisite and lacking else {}
    asking = _asking_for(tier.prerequisite, family) if tier.prerequisite and lacking else set()
    return {
        person.id: replace(
            common,
            standing=records[person.id].status,
            is_in_region=contains(
                batch.course.organiser.region.scope_code, records[person.id].duty_region.scope_code
            ),
            duty_name=records[person.id].duty_region.full_name,
            missing_tier=(
                tier.prerequisite.label.lower()
                if tier.prerequisite and family[person.id] not in holders
                else None
            ),
            helping_course=helping.get(person.id),
            asks_missing=family[person.id] in asking,
            enrolled_as=enrolled.get(family[person.id]),
            seated_in=seated.get(family[person.id]),
            holds=holds.get(family[person.id]),
            busy_in=busy.get(family[person.id]),
        )
        for person in people
    }


UNDECIDED_IN = frozenset(
    {
        BatchState.OPEN,
        BatchState.CLOSED,
        BatchState.RUNNING,
        BatchState.OVER,
        BatchState.FINISHED,
        BatchState.PROPOSED,
    }
)  # until the meeting is approved


def list_unfit(batch: Batch) -> list[tuple[Enrollment, Text]]:
    """Return who has a seat or asks for one and could not take it today any more, with the sentence that says
    why, by name: until somebody decides, or the meeting is approved.

    Nobody whom the office keeps with a reason; nobody of a record of the past, which is as it was; nobody who
    only moved away when the batch was over.
    """
    if is_record(batch) or state_of(batch) not in UNDECIDED_IN:
        return []
    asked = [
        each
        for each in list_enrollments_in_force(batch.id)
        if each.override_reason is None and not is_over(each)
    ]
    facts = facts_of_asking(batch, [each.trainee for each in asked])
    found = [(each, refusal) for each in asked if (refusal := _unfit(facts[each.trainee_id])) is not None]
    return sorted(found, key=lambda pair: (pair[0].name.casefold(), pair[0].id))


def _unfit(asking: Asking) -> Text | None:
    """Say why this person could not take the seat today, or None; once the days are over, only what speaks
    against a result.
    """
    if asking.state in GRADUATING | {BatchState.OVER} and asking.standing is not TraineeStatus.DECEASED:
        return refusal_by_prerequisite(asking)
    return refusal_of_seat(asking)


def died_on(batch: Batch) -> dict[int, date]:
    """Return {attendee id: the day} of those whose death is recorded, at whatever record of theirs; nobody of
    a record of the past.
    """
    if is_record(batch):
        return {}
    person = aliased(Trainee)
    dead = (
        select(Attendee.id, Standing.starts_on)
        .join(Trainee, Trainee.id == Attendee.trainee_id)
        .join(person, person.id == func.coalesce(Trainee.canonical_id, Trainee.id))
        .join(Standing, Standing.trainee_id == person.id)
        .where(
            Attendee.batch_id == batch.id,
            person.status == TraineeStatus.DECEASED,
            Standing.status == TraineeStatus.DECEASED,
        )
    )
    return dict(db.session.execute(dead.order_by(Standing.starts_on)).all())


def remarks_on(batch: Batch, people: Iterable[Attendee]) -> dict[int, Text]:
    """Return, by attendee, what whoever decides about these people is to know: somebody died, or does not
    qualify any more.
    """
    if is_record(batch):
        return {}
    unfit, dead = {each.trainee_id: refusal for each, refusal in list_unfit(batch)}, died_on(batch)
    found = {}
    for person in people:
        if person.id in dead:
            found[person.id] = _("Tercatat meninggal dunia, %(day)s.", day=long_date(dead[person.id]))
        elif person.trainee_id in unfit:
            found[person.id] = unfit[person.trainee_id]
    return found


def tier_held_by(batch: Batch, people: Iterable[Attendee]) -> dict[int, str]:
    """Return, by attendee, the number of the certificate by which these people hold the tier of the batch, or
    one above it, today: a result that was put off is waited for no more. A record of the past is as it was.
    """
    records = {person.id: person.trainee_id for person in people if person.trainee_id is not None}
    numbers = _held_meanwhile(batch, records.values())
    return {key: numbers[trainee_id] for key, trainee_id in records.items() if trainee_id in numbers}


def _held_meanwhile(batch: Batch, trainee_ids: Collection[int]) -> dict[int, str]:
    """Return, by record, the number of the certificate by which the tier of a batch, or one above it, is held
    today.
    """
    if not trainee_ids or is_record(batch) or batch.course.kind is not CourseKind.DIKLAT:
        return {}
    family = family_of(list(trainee_ids))
    numbers = _holders(batch.course.tier, family, clock.today(batch.zone))
    return {each: numbers[family[each]] for each in trainee_ids if family[each] in numbers}


def facts_of_newcomer(batch: Batch) -> Asking:
    """Return the same for somebody of the organiser's region of whom nothing is known yet: nobody is looked
    up.
    """
    tier, region = batch.course.tier, batch.course.organiser.region
    return Asking(
        state=state_of(batch),
        takes_applications=may_apply_to(batch),
        is_record=is_record(batch),
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        standing=TraineeStatus.CANDIDATE,
        is_in_region=True,
        region_name=region.full_name,
        duty_name=region.full_name,
        tier_label=tier.label.lower(),
        missing_tier=tier.prerequisite.label.lower() if tier.prerequisite else None,
    )


def _enrollments_for(
    batch: Batch, family: Mapping[int, int]
) -> tuple[dict[int, Text], dict[int, str], dict[int, str]]:
    """Return what is in force, by the record that counts: the state in this batch; the code of another batch
    of the tier with a seat; in words, a batch with a seat on overlapping days.
    """
    here = select(Enrollment).where(
        Enrollment.trainee_id.in_(family), Enrollment.batch_id == batch.id, IN_FORCE
    )
    enrolled = {
        family[each.trainee_id]: each.status.label for each in db.session.scalars(here) if not is_over(each)
    }
    seated: dict[int, str] = {}
    busy: dict[int, str] = {}
    for seat in seats_of(family, used=True):
        if seat.batch_id == batch.id:
            continue
        if seat.tier_id == batch.course.tier_id and not seat.is_used:
            seated[seat.person_id] = seat.code
        elif seat.overlaps(batch.starts_on, batch.ends_on):
            busy[seat.person_id] = f"{seat.title} ({seat.code}), {date_range(seat.starts_on, seat.ends_on)}"
    return enrolled, seated, busy


def _holders(tier: Tier, family: Mapping[int, int], day: date) -> dict[int, str]:
    """Return the number of the certificate by which each of these people holds the tier, or one above it, on
    a day.
    """
    held = (
        select(Qualification.trainee_id, Qualification.number)
        .join(Tier)
        .where(Qualification.trainee_id.in_(family), Tier.rank >= tier.rank)
        .where(in_force(Qualification.held_from, Qualification.held_to, day))
    )
    return {family[trainee_id]: number for trainee_id, number in db.session.execute(held)}


def list_earners(batch: Batch, family: Mapping[int, int]) -> set[int]:
    """Return which of these people hold the tier of a batch today, or have a seat by which they are to earn
    it.
    """
    tier = batch.course.tier
    return set(_holders(tier, family, clock.today(batch.zone))) | {
        seat.person_id for seat in seats_of(family) if seat.tier_id == tier.id
    }


def _asking_for(tier: Tier, family: Mapping[int, int]) -> set[int]:
    """Return which of these people have an enrollment of this tier in force."""
    asked = (
        select(Enrollment)
        .where(Enrollment.tier_id == tier.id, Enrollment.trainee_id.in_(sorted(family)), IN_FORCE)
        .options(*SHOWN)
    )
    return {family[each.trainee_id] for each in db.session.scalars(asked) if not is_over(each)}


def _helping_courses(tier: Tier, people: list[Trainee]) -> dict[int, str]:
    """Return, in words, the nearest open course of a tier that each of these people could join."""
    codes = {person.id: {NATION, *_outer_codes(person.duty_region.scope_code)} for person in people}
    rows = db.session.execute(
        select(Batch, Region.scope_code)
        .join(Course, Batch.course_id == Course.id)
        .join(Organiser, Course.organiser_id == Organiser.id)
        .join(Region, Organiser.region_id == Region.id)
        .where(Course.tier_id == tier.id, *maybe_open(), Region.scope_code.in_(set().union(*codes.values())))
        .order_by(Batch.starts_on, Batch.id)
    ).all()
    by_code: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for batch, scope_code in rows:
        if may_apply_to(batch):
            by_code[scope_code].append((batch.starts_on, batch.venue))
    found: dict[int, str] = {}
    for person_id, outer in codes.items():
        near = sorted(each for code in outer for each in by_code.get(code, ()))
        if near:
            found[person_id] = f"{long_date(near[0][0])}, {near[0][1]}"
    return found


def next_batches(person: Trainee, *, again: bool = False) -> dict[int, Batch]:
    """Return, by the id of the tier, the nearest batch that takes applications from where this person serves
    and has not refused her; with `again` also one that has, where there is no other.
    """
    refused = set(batches_asked_by([person.id], Enrollment.status == EnrollmentStatus.REJECTED))
    codes = {NATION, *_outer_codes(person.duty_region.scope_code)}
    open_ones = (
        select(Batch)
        .join(Course, Batch.course_id == Course.id)
        .join(Organiser, Course.organiser_id == Organiser.id)
        .join(Region, Organiser.region_id == Region.id)
        .where(*maybe_open(), Region.scope_code.in_(codes))
        .options(joinedload(Batch.course))
        .order_by(Batch.starts_on, Batch.id)
    )
    found: dict[int, Batch] = {}
    for batch in sorted(db.session.scalars(open_ones), key=lambda each: each.id in refused):
        if (again or batch.id not in refused) and may_apply_to(batch):
            found.setdefault(batch.course.tier_id, batch)
    return found


FORGOTTEN_AFTER = timedelta(days=14)  # after the last day, without any presence


def is_forgotten(batch: Batch) -> bool:
    """Say whether a batch is over for weeks and nobody's presence was ever entered: its people are not held
    for ever.
    """
    long_over = clock.today(batch.zone) > batch.ends_on + FORGOTTEN_AFTER
    return long_over and state_of(batch) is BatchState.OVER and not courses_ports.was_held(batch.id)


def refusal_of_withdrawing_alone(batch: Batch) -> Text | None:
    """Say why somebody with a seat cannot withdraw alone today, and whom to call, or None."""
    return refusal_of_own_withdrawal(
        batch.starts_on, clock.today(batch.zone), batch.contact, is_forgotten=is_forgotten(batch)
    )


def own_facts(enrollment: Enrollment) -> OwnFacts:
    """Return one enrollment as its person reads it today."""
    batch = enrollment.batch
    is_asked = enrollment.status in SEATED - {EnrollmentStatus.CONFIRMED} and enrollment.ended_as is None
    return OwnFacts(
        status=enrollment.status,
        state=state_of(batch),
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        today=clock.today(batch.zone),
        ended_as=end_of(enrollment),
        is_lapsed=status_of(enrollment) is EnrollmentStatus.LAPSED,
        takes_applications=may_apply_to(batch),
        offer_ends=local_moment(enrollment.offer_ends_at, batch.zone) if enrollment.offer_ends_at else "",
        note=enrollment.note,
        ended_reason=enrollment.ended_reason or "",
        is_forgotten=is_forgotten(batch),
        serves_again=enrollment.ended_as is SeatEnd.NOT_SERVING and serves(enrollment),
        days=date_range(batch.starts_on, batch.ends_on),
        agreed_to=days_agreed_to(enrollment) if is_asked else "",
        hindrance=_hindrance(enrollment),
        held_by=_held_by(enrollment),
        contact=batch.contact,
    )


def _held_by(enrollment: Enrollment) -> str | None:
    """Return the number of the certificate by which somebody whose result was put off holds the tier
    meanwhile, or None.
    """
    if enrollment.ended_as is not SeatEnd.DEFERRED:
        return None
    return _held_meanwhile(enrollment.batch, [enrollment.trainee_id]).get(enrollment.trainee_id)


def _hindrance(enrollment: Enrollment) -> Text | None:
    """Return why a seat that is in force could not be taken today any more, or None: its office has to decide
    about it.
    """
    batch = enrollment.batch
    if (
        enrollment.status not in HOLDING
        or is_over(enrollment)
        or state_of(batch) in GRADUATING | {BatchState.CANCELLED}
    ):
        return None
    waived = enrollment.override_reason is not None
    facts = facts_of_asking(batch, [enrollment.trainee], waived=waived)[enrollment.trainee_id]
    return refusal_by_person(facts) or refusal_by_prerequisite(facts)


def _outer_codes(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def days_agreed_to(enrollment: Enrollment) -> str:
    """Return, in words, the days to which somebody had agreed who is asked again since the batch moved; empty
    for all others.
    """
    asked = [event for event in history_of(enrollment) if event.action == ASKED_AGAIN]
    told = details_of(asked[-1:]).get(asked[-1].id) if asked else None
    return ((told or {}).get("details") or {}).get("days", "")


def counting_enrollments(enrollments: Iterable[Enrollment]) -> dict[int, Enrollment]:
    """Return, by the number of each of these enrollments, the one of the same person in that batch that
    counts: one in force before one that has ended, what a merge of two records ended last, one by which she
    took part before one that only asked, else the latest.
    """
    asked = list(enrollments)
    family = family_of({each.trainee_id for each in asked})
    counting: dict[tuple[int, int], Enrollment] = {}
    for each in enrollments_of(family):
        key = each.batch_id, family[each.trainee_id]
        counting[key] = max(counting.get(key, each), each, key=_weight)
    return {each.id: counting[each.batch_id, family[each.trainee_id]] for each in asked}


def _weight(held: Enrollment) -> tuple[bool, bool, bool, int]:
    return not is_over(held), held.ended_as is not SeatEnd.MERGED, had_seat(held), held.id
