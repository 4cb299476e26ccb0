"""Enrollments and attendees as pages and decisions need them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.dates import long_date
from app.core.pages import Page, page_of
from app.core.scopes import NATION, Reach, contains
from app.courses.models import Batch, Course, Tier
from app.courses.rules import BatchStatus
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import (
    ENDED,
    HOLDING,
    NOT_SERVING,
    SEATED,
    Asking,
    AttendeeKind,
    EnrollmentStatus,
    waiting_order,
)
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.models import Qualification, Trainee, TraineeWord
from app.trainees.queries import HIGHEST_SIGN, in_force, inside
from app.trainees.rules import TraineeStatus, fold_name

SHOWN = (
    joinedload(Enrollment.batch).joinedload(Batch.course).joinedload(Course.organiser).joinedload(Organiser.region),
    joinedload(Enrollment.batch).joinedload(Batch.course).joinedload(Course.tier).joinedload(Tier.prerequisite),
    joinedload(Enrollment.trainee).joinedload(Trainee.duty_region).joinedload(Region.parent),
)
NOT_ENDED = Enrollment.status.not_in(ENDED)


def get_enrollment(enrollment_id: int) -> Enrollment | None:
    """Return the enrollment with all that its page shows."""
    return db.session.get(Enrollment, enrollment_id, options=SHOWN)


def lock_enrollment(enrollment_id: int) -> Enrollment:
    """Hold the enrollment and read it anew; the batch is locked before."""
    held = select(Enrollment).where(Enrollment.id == enrollment_id).with_for_update(of=Enrollment)
    return db.session.scalars(held.options(*SHOWN).execution_options(populate_existing=True)).one()


def lock_enrollments(batch_id: int, ids: Collection[int]) -> list[Enrollment]:
    """Hold these enrollments of a batch in the order of their numbers; others are missing from the answer."""
    held = select(Enrollment).where(Enrollment.batch_id == batch_id, Enrollment.id.in_(ids)).order_by(Enrollment.id)
    return list(db.session.scalars(held.with_for_update(of=Enrollment).options(*SHOWN).execution_options(populate_existing=True)))


def lock_people(trainee_ids: Collection[int]) -> list[Trainee]:
    """Hold these people in the order of their numbers; a duplicate stands for the record that counts."""
    counting = counting_ids(trainee_ids)
    held = select(Trainee).where(Trainee.id.in_(counting)).order_by(Trainee.id).with_for_update(of=Trainee)
    where = joinedload(Trainee.duty_region).joinedload(Region.parent)
    return list(db.session.scalars(held.options(where).execution_options(populate_existing=True)))


def list_enrollments(batch: Batch, statuses: Collection[EnrollmentStatus] | None = None) -> list[Enrollment]:
    """Return the enrollments of a batch: the queue in its order, the others as they came in."""
    asked = select(Enrollment).where(Enrollment.batch_id == batch.id).options(*SHOWN)
    if statuses is not None:
        asked = asked.where(Enrollment.status.in_(statuses))
    return sorted(db.session.scalars(asked), key=lambda each: waiting_order(each.waiting_since or each.submitted_at, each.id))


def count_seats(batch_id: int) -> int:
    """Count the seats given or kept (accepted, called, confirmed, offered)."""
    held = Enrollment.batch_id == batch_id, Enrollment.status.in_(HOLDING)
    return db.session.scalar(select(func.count(Enrollment.id)).where(*held)) or 0


def seats_by_batch(batch_ids: Collection[int]) -> dict[int, int]:
    """Return the seats given or kept of each batch that has any."""
    held = Enrollment.batch_id.in_(batch_ids), Enrollment.status.in_(HOLDING)
    return dict(db.session.execute(select(Enrollment.batch_id, func.count()).where(*held).group_by(Enrollment.batch_id)).all())


def count_by_status(batch: Batch) -> dict[EnrollmentStatus, int]:
    """Return how many enrollments are in each state."""
    counted = select(Enrollment.status, func.count()).where(Enrollment.batch_id == batch.id).group_by(Enrollment.status)
    return dict(db.session.execute(counted).all())


def queue_of(batch_id: int) -> list[int]:
    """Return the ids of the cadangan in the order in which they are called."""
    waiting = select(Enrollment.id, Enrollment.waiting_since)
    rows = db.session.execute(waiting.where(Enrollment.batch_id == batch_id, Enrollment.status == EnrollmentStatus.WAITLISTED))
    return [row.id for row in sorted(rows, key=lambda row: waiting_order(row.waiting_since, row.id))]


def position_in_queue(enrollment: Enrollment) -> int | None:
    """Return the place among the cadangan, 1 for the next, or None for somebody who does not wait."""
    queue = queue_of(enrollment.batch_id) if enrollment.status is EnrollmentStatus.WAITLISTED else []
    return queue.index(enrollment.id) + 1 if enrollment.id in queue else None


def positions(batch_ids: Collection[int]) -> dict[int, int]:
    """Return {enrollment id: place in the queue of its batch} for several batches at once."""
    rows = db.session.execute(
        select(Enrollment.id, Enrollment.batch_id, Enrollment.waiting_since).where(
            Enrollment.batch_id.in_(batch_ids), Enrollment.status == EnrollmentStatus.WAITLISTED
        )
    )
    found: dict[int, int] = {}
    places: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: waiting_order(row.waiting_since, row.id)):
        places[row.batch_id] += 1
        found[row.id] = places[row.batch_id]
    return found


def list_attendees(batch: Batch, *, active_only: bool = True, kind: AttendeeKind | None = AttendeeKind.TRAINEE) -> list[Attendee]:
    """Return who takes part, by name; those who left only on request, other kinds with `kind=None`."""
    people = select(Attendee).where(Attendee.batch_id == batch.id).options(
        joinedload(Attendee.trainee).joinedload(Trainee.duty_region).joinedload(Region.parent),
        joinedload(Attendee.facilitator),
        joinedload(Attendee.batch).joinedload(Batch.course),
    )  # fmt: skip
    if active_only:
        people = people.where(Attendee.left_at.is_(None))
    if kind is not None:
        people = people.where(Attendee.kind == kind)
    return sorted(db.session.scalars(people), key=lambda each: (each.name.casefold(), each.id))


def find_attendee(batch_id: int, trainee_id: int) -> Attendee | None:
    """Return the attendee whom a trainee is, or was, in a batch."""
    return db.session.scalar(select(Attendee).where(Attendee.batch_id == batch_id, Attendee.trainee_id == trainee_id))


def counting_ids(trainee_ids: Collection[int]) -> set[int]:
    """Return the ids of the records that count for these records."""
    rows = db.session.execute(select(Trainee.id, Trainee.canonical_id).where(Trainee.id.in_(trainee_ids)))
    return {canonical or own for own, canonical in rows}


def family_of(trainee_ids: Collection[int]) -> dict[int, int]:
    """Return {id of a record: id of the record that counts} for these people: the records that count and all their duplicates."""
    counting = counting_ids(trainee_ids)
    records = select(Trainee.id, Trainee.canonical_id).where(or_(Trainee.id.in_(counting), Trainee.canonical_id.in_(counting)))
    return {own: canonical or own for own, canonical in db.session.execute(records)}


def enrollments_of(trainee_ids: Collection[int]) -> list[Enrollment]:
    """Return all enrollments of these records (a person and the duplicates), newest first."""
    asked = select(Enrollment).where(Enrollment.trainee_id.in_(trainee_ids)).options(*SHOWN).order_by(Enrollment.id.desc())
    return list(db.session.scalars(asked))


def batch_seating_both(one_id: int, other_id: int) -> str | None:
    """Return the code of a batch in which both of these people (their duplicates included) hold a seat, or None."""
    family = family_of([one_id, other_id])
    held = (
        select(Enrollment.trainee_id, Batch.code)
        .join(Batch)
        .where(Enrollment.trainee_id.in_(family), Enrollment.status.in_(HOLDING))
        .order_by(Batch.code)
    )
    holders: dict[str, set[int]] = defaultdict(set)
    for trainee_id, code in db.session.execute(held):
        holders[code].add(family[trainee_id])
    return next((code for code, people in holders.items() if len(people) > 1), None)


def places_by_kecamatan(batch: Batch) -> list[tuple[Region, dict[str, int]]]:
    """Return (kecamatan, {seated, waiting, asking}) of the people of a batch who have not ended, by code."""
    return count_by_kecamatan(list_enrollments(batch))


def count_by_kecamatan(enrollments: Iterable[Enrollment]) -> list[tuple[Region, dict[str, int]]]:
    """Return the same for enrollments that were read already."""
    found: dict[int, dict[str, int]] = {}
    regions: dict[int, Region] = {}
    for enrollment in enrollments:
        if enrollment.status in ENDED:
            continue
        duty = enrollment.trainee.duty_region
        kecamatan = duty.parent if duty.is_desa and duty.parent else duty
        regions[kecamatan.id] = kecamatan
        counted = found.setdefault(kecamatan.id, {"seated": 0, "waiting": 0, "asking": 0})
        waits = enrollment.status is EnrollmentStatus.WAITLISTED
        counted["seated" if enrollment.status in HOLDING else "waiting" if waits else "asking"] += 1
    return sorted(((regions[key], value) for key, value in found.items()), key=lambda pair: pair[0].code)


def page_of_candidates(
    batch: Batch, within: Reach, *, search: str = "", after: str | None = None, per_page: int | None = None
) -> Page[Trainee]:
    """Return people in reach who serve in the organiser's region and have no active enrollment here, by name."""
    taken = select(Enrollment.trainee_id).where(Enrollment.batch_id == batch.id, NOT_ENDED)
    people = (
        select(Trainee)
        .join(Trainee.duty_region)
        .where(within.clause(region_code=Region.scope_code), inside(batch.course.organiser.region))
        .where(Trainee.canonical_id.is_(None), Trainee.status.not_in(NOT_SERVING), Trainee.id.not_in(taken))
        .options(joinedload(Trainee.duty_region).joinedload(Region.parent))
    )
    for word in fold_name(search).split():
        begins = TraineeWord.word >= word, TraineeWord.word < word + HIGHEST_SIGN
        people = people.where(Trainee.id.in_(select(TraineeWord.trainee_id).where(*begins)))
    return page_of(people, keys=[Trainee.folded_name, Trainee.id], after=after, per_page=per_page)


def facts_of_asking(batch: Batch, people: Iterable[Trainee], *, waived: bool = False) -> dict[int, Asking]:
    """Return what decides whether each of these people may ask for a seat, in a constant number of queries."""
    people = list(people)
    family = family_of([person.id for person in people])
    tier, region = batch.course.tier, batch.course.organiser.region
    enrolled, seated = _enrollments_for(batch, family)
    holders = _holders(tier.prerequisite, family, batch.starts_on) if tier.prerequisite else set(family.values())
    lacking = [person for person in people if family[person.id] not in holders]
    helping = _helping_courses(tier.prerequisite, lacking) if tier.prerequisite and lacking else {}
    return {
        person.id: Asking(
            batch_status=batch.status,
            today=clock.today(batch.zone),
            closes_on=batch.registration_closes_on,
            starts_on=batch.starts_on,
            standing=person.status,
            is_in_region=contains(region.scope_code, person.duty_region.scope_code),
            region_name=region.full_name,
            duty_name=person.duty_region.full_name,
            tier_label=tier.label.lower(),
            missing_tier=tier.prerequisite.label.lower() if tier.prerequisite and family[person.id] not in holders else None,
            helping_course=helping.get(person.id),
            enrolled_as=enrolled.get(family[person.id]),
            seated_in=seated.get(family[person.id]),
            waived=waived,
        )
        for person in people
    }


def facts_of_newcomer(batch: Batch) -> Asking:
    """Return the same for somebody of the organiser's region of whom nothing is known yet: nobody is looked up."""
    tier, region = batch.course.tier, batch.course.organiser.region
    return Asking(
        batch_status=batch.status,
        today=clock.today(batch.zone),
        closes_on=batch.registration_closes_on,
        starts_on=batch.starts_on,
        standing=TraineeStatus.CANDIDATE,
        is_in_region=True,
        region_name=region.full_name,
        duty_name=region.full_name,
        tier_label=tier.label.lower(),
        missing_tier=tier.prerequisite.label.lower() if tier.prerequisite else None,
    )


def _enrollments_for(batch: Batch, family: Mapping[int, int]) -> tuple[dict[int, EnrollmentStatus], dict[int, str]]:
    """Return active states in this batch and codes of other batches of the tier with a seat, by the record that counts."""
    rows = db.session.execute(
        select(Enrollment.trainee_id, Enrollment.status, Enrollment.batch_id, Batch.code)
        .join(Batch)
        .where(Enrollment.trainee_id.in_(family), NOT_ENDED)
        .where(or_(Enrollment.batch_id == batch.id, Enrollment.tier_id == batch.course.tier_id))
    )
    enrolled: dict[int, EnrollmentStatus] = {}
    seated: dict[int, str] = {}
    for trainee_id, status, batch_id, code in rows:
        if batch_id == batch.id:
            enrolled[family[trainee_id]] = status
        elif status in SEATED:
            seated[family[trainee_id]] = code
    return enrolled, seated


def _holders(tier: Tier, family: Mapping[int, int], day: date) -> set[int]:
    """Return who of these people holds the tier, or one above it, on a day."""
    held = (
        select(Qualification.trainee_id)
        .join(Tier)
        .where(Qualification.trainee_id.in_(family), Tier.rank >= tier.rank)
        .where(in_force(Qualification.held_from, Qualification.held_to, day))
    )
    return {family[trainee_id] for trainee_id in db.session.scalars(held)}


def _helping_courses(tier: Tier, people: list[Trainee]) -> dict[int, str]:
    """Return, in words, the nearest open course of a tier that each of these people could join."""
    codes = {person.id: {NATION, *_outer_codes(person.duty_region.scope_code)} for person in people}
    rows = db.session.execute(
        select(Batch.starts_on, Batch.venue, Batch.code, Region.scope_code)
        .join(Course, Batch.course_id == Course.id)
        .join(Organiser, Course.organiser_id == Organiser.id)
        .join(Region, Organiser.region_id == Region.id)
        .where(Course.tier_id == tier.id, Batch.status == BatchStatus.OPEN, Region.scope_code.in_(set().union(*codes.values())))
        .order_by(Batch.starts_on, Batch.id)
    ).all()
    by_code: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for starts_on, venue, _code, scope_code in rows:
        by_code[scope_code].append((starts_on, venue))
    found: dict[int, str] = {}
    for person_id, outer in codes.items():
        near = sorted(each for code in outer for each in by_code.get(code, ()))
        if near:
            found[person_id] = f"{long_date(near[0][0])}, {near[0][1]}"
    return found


def next_batches(person: Trainee) -> dict[int, Batch]:
    """Return, by the id of the tier, the nearest batch that takes applications from where this person serves."""
    codes = {NATION, *_outer_codes(person.duty_region.scope_code)}
    open_ones = (
        select(Batch)
        .join(Course, Batch.course_id == Course.id)
        .join(Organiser, Course.organiser_id == Organiser.id)
        .join(Region, Organiser.region_id == Region.id)
        .where(Batch.status == BatchStatus.OPEN, Region.scope_code.in_(codes))
        .options(joinedload(Batch.course))
        .order_by(Batch.starts_on, Batch.id)
    )
    found: dict[int, Batch] = {}
    for batch in db.session.scalars(open_ones):
        if batch.registration_closes_on is None or clock.today(batch.zone) <= batch.registration_closes_on:
            found.setdefault(batch.course.tier_id, batch)
    return found


def _outer_codes(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
