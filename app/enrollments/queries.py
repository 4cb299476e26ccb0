"""Enrollments and attendees as pages and decisions need them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.audit.models import Event
from app.core import clock
from app.core.dates import long_date
from app.core.text import Text, _
from app.courses import queries as courses
from app.courses.acts import Act
from app.courses.models import Batch, Course, Tier
from app.courses.queries import is_record, refusal_to_act, state_of
from app.courses.rules import Admission, BatchStatus, GraduationStage
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.ports import OwnResult, results_of
from app.enrollments.rules import (
    ENDED,
    NOT_SERVING,
    PASSED,
    SEATED,
    STAYS_ATTENDEE,
    AttendeeKind,
    EnrollmentStatus,
    SeatEnd,
    end_by_calendar,
    has_lapsed,
    waiting_order,
)
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.models import Trainee
from app.trainees.queries import canonical

SHOWN = (
    joinedload(Enrollment.batch)
    .joinedload(Batch.course)
    .joinedload(Course.organiser)
    .joinedload(Organiser.region),
    joinedload(Enrollment.batch)
    .joinedload(Batch.course)
    .joinedload(Course.tier)
    .joinedload(Tier.prerequisite),
    joinedload(Enrollment.trainee).joinedload(Trainee.duty_region).joinedload(Region.parent),
)
IN_FORCE = and_(Enrollment.status.not_in(ENDED), Enrollment.ended_as.is_(None))
WAITING = and_(Enrollment.status == EnrollmentStatus.WAITLISTED, Enrollment.ended_as.is_(None))
WAITING_OR_OFFERED = and_(
    Enrollment.status.in_([EnrollmentStatus.WAITLISTED, EnrollmentStatus.OFFERED]),
    Enrollment.ended_as.is_(None),
)
ASKED_AGAIN = "enrollment.asked_again"
NOT_ASKED_AGAIN = (  # the days she had agreed to hold again, and she had heard of no others
    "enrollment.not_asked_again"
)
MAY_COME_BACK = or_(
    IN_FORCE, Enrollment.ended_as.in_([SeatEnd.NOT_SERVING, SeatEnd.MERGED])
)  # when a mistake is taken back
SEAT_IN_FORCE = and_(Enrollment.status.in_(SEATED), Enrollment.ended_as.is_(None))
SEAT_USED = and_(
    Enrollment.status.in_(SEATED), Enrollment.ended_as.in_(STAYS_ATTENDEE)
)  # by somebody who took part to the end


def seat_kept() -> ColumnElement[bool]:
    """Return the condition that an enrollment keeps a seat now: given, or offered and still to
    be answered.
    """
    unanswered = or_(Enrollment.offer_ends_at.is_(None), Enrollment.offer_ends_at > clock.now())
    return or_(
        SEAT_IN_FORCE,
        and_(Enrollment.status == EnrollmentStatus.OFFERED, Enrollment.ended_as.is_(None), unanswered),
    )


def get_enrollment(enrollment_id: int) -> Enrollment | None:
    """Return the enrollment with all that its page shows."""
    return db.session.get(Enrollment, enrollment_id, options=SHOWN)


def lock_enrollment(enrollment_id: int) -> Enrollment:
    """Hold the enrollment and read it anew; the batch is locked before."""
    held = select(Enrollment).where(Enrollment.id == enrollment_id).with_for_update(of=Enrollment)
    return db.session.scalars(held.options(*SHOWN).execution_options(populate_existing=True)).one()


def lock_enrollments(batch_id: int, ids: Collection[int]) -> list[Enrollment]:
    """Hold these enrollments of a batch in the order of their numbers; others are missing from the answer."""
    held = (
        select(Enrollment)
        .where(Enrollment.batch_id == batch_id, Enrollment.id.in_(ids))
        .order_by(Enrollment.id)
    )
    return list(
        db.session.scalars(
            held.with_for_update(of=Enrollment).options(*SHOWN).execution_options(populate_existing=True)
        )
    )


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
    return sorted(
        db.session.scalars(asked),
        key=lambda each: waiting_order(each.waiting_since or each.submitted_at, each.id),
    )


def count_seats(batch_id: int) -> int:
    """Count the seats of a batch that are given, kept (accepted, called, confirmed, offered) or used up by
    whoever took part.
    """
    return seats_by_batch([batch_id]).get(batch_id, 0)


def seats_by_batch(batch_ids: Collection[int]) -> dict[int, int]:
    """Return the seats of each batch that are given, kept or used up: what the result ends does not empty a
    diklat that was held.
    """
    held = Enrollment.batch_id.in_(batch_ids), or_(seat_kept(), SEAT_USED)
    return dict(
        db.session.execute(
            select(Enrollment.batch_id, func.count()).where(*held).group_by(Enrollment.batch_id)
        ).all()
    )


def count_by_status(batch: Batch) -> dict[EnrollmentStatus, int]:
    """Return how many enrollments in force are in each state."""
    counted = (
        select(Enrollment.status, func.count())
        .where(Enrollment.batch_id == batch.id, IN_FORCE)
        .group_by(Enrollment.status)
    )
    return dict(db.session.execute(counted).all())


def queue_of(batch_id: int) -> list[int]:
    """Return the ids of the cadangan in the order in which they are called."""
    waiting = select(Enrollment.id, Enrollment.waiting_since)
    rows = db.session.execute(waiting.where(Enrollment.batch_id == batch_id, WAITING))
    return [row.id for row in sorted(rows, key=lambda row: waiting_order(row.waiting_since, row.id))]


def position_in_queue(enrollment: Enrollment) -> int | None:
    """Return the place among the cadangan, 1 for the next, or None for somebody who does not wait."""
    queue = queue_of(enrollment.batch_id) if enrollment.status is EnrollmentStatus.WAITLISTED else []
    return queue.index(enrollment.id) + 1 if enrollment.id in queue else None


def positions(batch_ids: Collection[int]) -> dict[int, int]:
    """Return {enrollment id: place in the queue of its batch} for several batches at once."""
    rows = db.session.execute(
        select(Enrollment.id, Enrollment.batch_id, Enrollment.waiting_since).where(
            Enrollment.batch_id.in_(batch_ids), WAITING
        )
    )
    found: dict[int, int] = {}
    places: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: waiting_order(row.waiting_since, row.id)):
        places[row.batch_id] += 1
        found[row.id] = places[row.batch_id]
    return found


def list_attendees(
    batch: Batch, *, active_only: bool = True, kind: AttendeeKind | None = AttendeeKind.TRAINEE
) -> list[Attendee]:
    """Return who takes part, by name; those who left only on request, other kinds with `kind=None`."""
    people = (
        select(Attendee)
        .where(Attendee.batch_id == batch.id)
        .options(
            joinedload(Attendee.trainee).joinedload(Trainee.duty_region).joinedload(Region.parent),
            joinedload(Attendee.facilitator),
            joinedload(Attendee.batch).joinedload(Batch.course),
        )
    )
    if active_only:
        people = people.where(Attendee.left_at.is_(None))
    if kind is not None:
        people = people.where(Attendee.kind == kind)
    return sorted(db.session.scalars(people), key=lambda each: (each.name.casefold(), each.id))


def find_attendee(batch_id: int, trainee_id: int) -> Attendee | None:
    """Return the attendee whom a trainee is, or was, in a batch."""
    return db.session.scalar(
        select(Attendee).where(Attendee.batch_id == batch_id, Attendee.trainee_id == trainee_id)
    )


def counting_ids(trainee_ids: Collection[int]) -> set[int]:
    """Return the ids of the records that count for these records."""
    rows = db.session.execute(select(Trainee.id, Trainee.canonical_id).where(Trainee.id.in_(trainee_ids)))
    return {canonical or own for own, canonical in rows}


def family_of(trainee_ids: Collection[int]) -> dict[int, int]:
    """Return {id of a record: id of the record that counts} for these people: the records that count and all
    their duplicates.
    """
    counting = counting_ids(trainee_ids)
    records = select(Trainee.id, Trainee.canonical_id).where(
        or_(Trainee.id.in_(counting), Trainee.canonical_id.in_(counting))
    )
    return {own: canonical or own for own, canonical in db.session.execute(records)}


def enrollments_of(trainee_ids: Collection[int]) -> list[Enrollment]:
    """Return all enrollments of these records (a person and the duplicates), newest first; those that a merge
    ended come last.
    """
    asked = (
        select(Enrollment)
        .where(Enrollment.trainee_id.in_(trainee_ids))
        .options(*SHOWN)
        .order_by(Enrollment.id.desc())
    )
    return sorted(db.session.scalars(asked), key=lambda each: each.ended_as is SeatEnd.MERGED)


@dataclass(frozen=True)
class Seat:
    """A seat in force or kept, or one that was used, as far as it excludes another one."""

    person_id: int  # of the record that counts
    batch_id: int
    code: str
    title: str
    tier_id: int
    starts_on: date
    ends_on: date

    is_used: bool = False  # ended by a result: its days are taken for ever, its tier is free again

    def excludes(self, other: "Seat") -> bool:
        """Say whether one person cannot have both: one batch, one tier, or days in common."""
        return self.tier_id == other.tier_id or self.overlaps(other.starts_on, other.ends_on)

    def overlaps(self, starts_on: date, ends_on: date) -> bool:
        return self.starts_on <= ends_on and starts_on <= self.ends_on


def seats_of(family: Mapping[int, int], *, offered: bool = False, used: bool = False) -> list[Seat]:
    """Return the seats in force of these records, by code of the batch; with `offered` also those kept for an
    answer, with `used` also those that a result has ended: nobody was in two places on those days.
    """
    wanted = [seat_kept() if offered else SEAT_IN_FORCE, *([SEAT_USED] if used else [])]
    rows = db.session.execute(
        select(
            Enrollment.trainee_id,
            Batch.id,
            Batch.code,
            Course.title,
            Enrollment.tier_id,
            Batch.starts_on,
            Batch.ends_on,
            Enrollment.ended_as.is_not(None),
        )
        .join(Batch, Enrollment.batch_id == Batch.id)
        .join(Course, Batch.course_id == Course.id)
        .where(Enrollment.trainee_id.in_(family), or_(*wanted))
        .order_by(Batch.code)
    )
    return [Seat(family[row[0]], *row[1:]) for row in rows]


def seats_that_exclude(one_id: int, other_id: int) -> tuple[str, str] | None:
    """Return the codes of two batches in which these two people hold seats that no one person can have, or
    None.
    """
    family = family_of([one_id, other_id])
    seats = seats_of(family, offered=True)
    pairs = ((a, b) for a in seats for b in seats if a.person_id < b.person_id and a.excludes(b))
    return next(((a.code, b.code) for a, b in pairs), None)


def put_off_beside(one_id: int, other_id: int) -> str | None:
    """Return the code of a batch in which both people took part and one is put off while the other has a seat
    or is put off too.
    """
    family = family_of([one_id, other_id])
    may_earn = or_(Enrollment.ended_as.is_(None), Enrollment.ended_as == SeatEnd.DEFERRED)
    took_part = (
        select(Enrollment.trainee_id, Batch.code, Enrollment.ended_as)
        .join(Enrollment.batch)
        .order_by(Batch.code)
    )
    rows = db.session.execute(
        took_part.where(Enrollment.trainee_id.in_(family), Enrollment.status.in_(SEATED), may_earn)
    ).all()
    people: dict[str, set[int]] = {}
    for row in rows:
        people.setdefault(row.code, set()).add(family[row.trainee_id])
    return next(
        (row.code for row in rows if row.ended_as is SeatEnd.DEFERRED and len(people[row.code]) > 1), None
    )


def batches_asked_by(trainee_ids: Collection[int], which: ColumnElement[bool] = IN_FORCE) -> list[int]:
    """Return the ids of the batches in which these people (their duplicates included) have an enrollment in
    force, or such a one.
    """
    asked = select(Enrollment.batch_id).where(Enrollment.trainee_id.in_(family_of(trainee_ids)), which)
    return sorted(set(db.session.scalars(asked)))


def list_in_force(batch_id: int, trainee_ids: Collection[int] | None = None) -> list[Enrollment]:
    """Hold the enrollments of a batch that nothing has ended, in the order of their numbers; of some people
    only when named.
    """
    held = select(Enrollment).where(Enrollment.batch_id == batch_id, IN_FORCE).order_by(Enrollment.id)
    if trainee_ids is not None:
        held = held.where(Enrollment.trainee_id.in_(sorted(trainee_ids)))
    return list(
        db.session.scalars(
            held.with_for_update(of=Enrollment).options(*SHOWN).execution_options(populate_existing=True)
        )
    )


def list_ended(batch_id: int, trainee_ids: Collection[int] | None, ended_as: SeatEnd) -> list[Enrollment]:
    """Hold the enrollments of a batch that this has ended, in the order of their numbers; of some people only
    when named.
    """
    held = (
        select(Enrollment)
        .where(Enrollment.batch_id == batch_id, Enrollment.ended_as == ended_as)
        .order_by(Enrollment.id)
    )
    held = held.with_for_update(of=Enrollment)
    if trainee_ids is not None:
        held = held.where(Enrollment.trainee_id.in_(sorted(trainee_ids)))
    return list(db.session.scalars(held.options(*SHOWN).execution_options(populate_existing=True)))


def list_decided_against(batch_id: int) -> list[Enrollment]:
    """Return the enrollments of a batch that a decision about the person ended, not the calendar and not the
    batch: that is news to her whenever she hears of it.
    """
    about_her = Enrollment.ended_as.not_in([SeatEnd.CANCELLED, SeatEnd.OVER])
    refused = Enrollment.status.in_([EnrollmentStatus.REJECTED, EnrollmentStatus.WITHDRAWN])
    return list(
        db.session.scalars(select(Enrollment).where(Enrollment.batch_id == batch_id, or_(refused, about_her)))
    )


def list_ended_by_merge(trainee_ids: Collection[int]) -> list[Enrollment]:
    """Return the enrollments of these records that a merge has ended, in the order of batches."""
    ended = Enrollment.trainee_id.in_(sorted(trainee_ids)), Enrollment.ended_as == SeatEnd.MERGED
    return list(
        db.session.scalars(
            select(Enrollment).where(*ended).order_by(Enrollment.batch_id, Enrollment.id).options(*SHOWN)
        )
    )


def list_ended_by_standing(trainee_ids: Collection[int], since: datetime) -> list[Enrollment]:
    """Return the enrollments of these records that ended since a moment because the person served no longer,
    in the order of batches.
    """
    ended = (
        Enrollment.trainee_id.in_(sorted(trainee_ids)),
        Enrollment.ended_as == SeatEnd.NOT_SERVING,
        Enrollment.ended_at >= since,
    )
    return list(
        db.session.scalars(
            select(Enrollment).where(*ended).order_by(Enrollment.batch_id, Enrollment.id).options(*SHOWN)
        )
    )


def list_enrollments_in_force(batch_id: int) -> list[Enrollment]:
    """Return the enrollments of a batch that nothing has ended, without holding them."""
    return list(
        db.session.scalars(
            select(Enrollment).where(Enrollment.batch_id == batch_id, IN_FORCE).options(*SHOWN)
        )
    )


def list_waiting(batch_id: int) -> list[Enrollment]:
    """Return the cadangan of a batch, with their people; decisions hold the batch before."""
    return list(
        db.session.scalars(select(Enrollment).where(Enrollment.batch_id == batch_id, WAITING).options(*SHOWN))
    )


def list_lapsed_offers(batch_id: int) -> list[int]:
    """Return the ids of the offers of a batch that were not answered in time."""
    lapsed = (
        Enrollment.status == EnrollmentStatus.OFFERED,
        Enrollment.ended_as.is_(None),
        Enrollment.offer_ends_at <= clock.now(),
    )
    return list(
        db.session.scalars(
            select(Enrollment.id).where(Enrollment.batch_id == batch_id, *lapsed).order_by(Enrollment.id)
        )
    )


def list_batches_due() -> list[int]:
    """Return the ids of batches with offers that were not answered in time, or with people who still wait
    though it is over: by the calendar at its venue, or because somebody said so on its last day.
    """
    lapsed = and_(Enrollment.status == EnrollmentStatus.OFFERED, Enrollment.offer_ends_at <= clock.now())
    is_decided = or_(Batch.status == BatchStatus.FINISHED, Batch.graduation_stage != GraduationStage.NONE)
    ended = or_(
        Batch.ends_on <= clock.now().date(), is_decided
    )  # no zone is a day ahead; the place itself decides below
    waits = and_(Enrollment.status.not_in(SEATED), ended)
    due = (
        select(Enrollment)
        .join(Batch)
        .where(IN_FORCE, or_(lapsed, waits), Batch.status != BatchStatus.CANCELLED)
    )
    return sorted({each.batch_id for each in db.session.scalars(due.options(*SHOWN)) if is_over(each)})


def list_waiting_beside_free_seats() -> list[tuple[Batch, list[Enrollment]]]:
    """Return each batch that gives seats by itself and has fewer given than it has, with those who wait for
    one there.
    """
    gives = Batch.admission == Admission.AUTOMATIC, Batch.status.in_([BatchStatus.OPEN, BatchStatus.CLOSED])
    waiting = (
        select(Enrollment)
        .join(Batch)
        .where(WAITING, *gives)
        .options(*SHOWN)
        .order_by(Enrollment.batch_id, Enrollment.id)
    )
    by_batch: dict[Batch, list[Enrollment]] = {}
    for held in db.session.scalars(waiting):
        by_batch.setdefault(held.batch, []).append(held)
    taken = seats_by_batch([batch.id for batch in by_batch])
    return [(batch, held) for batch, held in by_batch.items() if taken.get(batch.id, 0) < batch.quota]


def list_unanswered(before: timedelta, reminded: str, *, batch_id: int | None = None) -> list[Enrollment]:
    """Return the seats of batches that begin within these days whose person has not answered, and of whom no
    event of this name is recorded yet.
    """
    today = clock.now().date()
    noted = (
        Event.action == reminded,
        Event.subject_type == Enrollment.__name__,
        Event.subject_id == Enrollment.id,
    )
    asked = (
        select(Enrollment)
        .join(Enrollment.batch)
        .where(SEAT_IN_FORCE, Enrollment.status != EnrollmentStatus.CONFIRMED, ~exists().where(*noted))
        .where(Batch.starts_on >= today, Batch.starts_on <= today + before + timedelta(days=1))
        .options(joinedload(Enrollment.batch))
        .order_by(Enrollment.id)
    )
    if batch_id is not None:
        asked = asked.where(Enrollment.batch_id == batch_id)
    return list(db.session.scalars(asked))


def status_of(enrollment: Enrollment) -> EnrollmentStatus:
    """Return the state of an enrollment today: an offer that was not answered in time has lapsed, whoever has
    written it down.
    """
    lapsed = (
        has_lapsed(enrollment.status, enrollment.offer_ends_at, clock.now()) and enrollment.ended_as is None
    )
    return EnrollmentStatus.LAPSED if lapsed else enrollment.status


def end_of(enrollment: Enrollment) -> SeatEnd | None:
    """Return what ended an enrollment: what was decided, else what the end of its batch made of it today."""
    if enrollment.ended_as is SeatEnd.OVER and enrollment.batch.status is BatchStatus.CANCELLED:
        return SeatEnd.CANCELLED  # it was waited for until its last day, and called off only afterwards
    if enrollment.ended_as is not None or status_of(enrollment) in ENDED:
        return enrollment.ended_as
    batch, asked = enrollment.batch, enrollment.submitted_at or enrollment.recorded_at
    is_late = enrollment.override_reason is not None and clock.local_day(asked, batch.zone) > batch.ends_on
    return end_by_calendar(enrollment.status, state_of(batch), is_late_entry=is_late or is_record(batch))


def is_over(enrollment: Enrollment) -> bool:
    """Say whether an enrollment is in force no longer, as anybody must read it today."""
    return status_of(enrollment) in ENDED or end_of(enrollment) is not None


def had_seat(enrollment: Enrollment) -> bool:
    """Say whether this enrollment is the one by which somebody took part, or takes part: what came of it is
    said of it alone.
    """
    return enrollment.status in SEATED and (
        enrollment.ended_as is None or enrollment.ended_as in STAYS_ATTENDEE
    )


def own_results(enrollments: Iterable[Enrollment]) -> dict[int, OwnResult]:
    """Return, by enrollment, what an approved meeting said of it; of several in one batch only the one that
    had the seat.
    """
    seated = [each for each in enrollments if had_seat(each)]
    results = results_of({each.trainee_id for each in seated}) if seated else {}
    return {each.id: result for each in seated if (result := results.get((each.batch_id, each.trainee_id)))}


def refusal_to_seat(batch: Batch) -> Text | None:
    """Say why seats of this batch are given no more, or None; pages say it before anybody tries."""
    return refusal_to_act(Act.SEAT, batch)


def refusal_to_offer(batch: Batch) -> Text | None:
    """Say why no seat of this batch can be offered, or None: nobody can answer an offer of days that are
    over.
    """
    if (refusal := refusal_to_act(Act.SEAT, batch)) is not None or not courses.is_over(batch):
        return refusal
    return _(
        "Angkatan ini sudah berakhir pada %(day)s. Tempat tidak dapat ditawarkan lagi.",
        day=long_date(batch.ends_on),
    )


def label_of(enrollment: Enrollment) -> Text:
    """Return what an enrollment is called today: what ended it, else its state.

    Of somebody who serves it is not said that she serves no longer.
    """
    end = end_of(enrollment)
    if end is SeatEnd.NOT_SERVING and serves(enrollment):
        return _("Sudah berakhir")
    if has_passed(enrollment):
        return PASSED
    return (end or status_of(enrollment)).label


def has_passed(enrollment: Enrollment) -> bool:
    """Say whether an approved meeting let this person pass: the seat of everybody else has ended with the
    result.
    """
    decided = enrollment.batch.graduation_stage in {GraduationStage.APPROVED, GraduationStage.CERTIFIED}
    return decided and enrollment.status in SEATED and enrollment.ended_as is None


def serves(enrollment: Enrollment) -> bool:
    """Say whether the person of an enrollment serves, or asks to, by the record that counts."""
    return canonical(enrollment.trainee).status not in NOT_SERVING
