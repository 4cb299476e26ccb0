"""Certificates by id, code, number, batch and person; what a sheet is written from; the counter
of numbers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.audit.queries import details_of, history_of
from app.certificates.models import Certificate, Counter
from app.certificates.rules import NUMBER_GAPS, CertificateKind, dashed_number, personal_differences
from app.core import clock
from app.core.pages import Page, page_of
from app.core.scopes import Reach, Scope
from app.core.text import Text, _
from app.courses.acts import BatchState
from app.courses.models import Batch, Course, Tier
from app.courses.queries import state_of
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.queries import IN_FORCE, family_of, is_over, seats_of
from app.enrollments.rules import SEATED, SeatEnd
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.models import DutyPost, Merge, Qualification, Standing, Trainee
from app.trainees.queries import (
    canonical,
    duty_on,
    find_qualification,
    get_trainee,
    in_force,
    same_person_ids,
    standing_on,
    trainee_of,
)
from app.trainees.rules import Source, TraineeStatus

SHOWN = (
    joinedload(Certificate.batch)
    .joinedload(Batch.course)
    .joinedload(Course.organiser)
    .joinedload(Organiser.region),
    joinedload(Certificate.batch).joinedload(Batch.course).joinedload(Course.tier),
    joinedload(Certificate.trainee).joinedload(Trainee.duty_region),
    joinedload(Certificate.superseded_by),
    joinedload(Certificate.tier),
)


IN_FORCE_NOW = Certificate.revoked_at.is_(None), Certificate.superseded_by_id.is_(None)
DECIDED = frozenset({BatchState.APPROVED, BatchState.CERTIFIED, BatchState.FINISHED, BatchState.CANCELLED})


@dataclass(frozen=True)
class Readable:
    """A certificate as it may be read: by its organiser, and by the dinas of the region where its holder
    serves.
    """

    certificate: Certificate

    def scopes(self) -> list[Scope]:
        return [*self.certificate.scopes(), *self.certificate.trainee.scopes()]


def get_certificate(certificate_id: int) -> Certificate | None:
    """Return the certificate with all that its page shows."""
    return db.session.get(Certificate, certificate_id, options=SHOWN)


def get_readable(certificate_id: int) -> Readable | None:
    """Return the certificate for those who may only read it."""
    certificate = get_certificate(certificate_id)
    return Readable(certificate) if certificate else None


def lock_certificate(certificate_id: int) -> Certificate:
    """Hold the certificate's row until the decision is made."""
    query = (
        select(Certificate)
        .where(Certificate.id == certificate_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def find_by_code(code: str) -> Certificate | None:
    """Return the certificate that has this code."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code).options(*SHOWN))


def list_by_code(codes: Collection[str]) -> list[Certificate]:
    """Return the certificates that have one of these codes."""
    return (
        list(
            db.session.scalars(
                select(Certificate).where(Certificate.code.in_(codes)).order_by(Certificate.id)
            )
        )
        if codes
        else []
    )


def find_replaced(certificate: Certificate) -> Certificate | None:
    """Return the certificate that this one stands in for."""
    return db.session.scalar(select(Certificate).where(Certificate.superseded_by_id == certificate.id))


def first_of_chain(certificate: Certificate) -> Certificate:
    """Return the certificate that was there first of all that stand in for one another; itself where it
    replaced none.
    """
    while (before := find_replaced(certificate)) is not None:
        certificate = before
    return certificate


def reason_of_replacement(certificate: Certificate) -> str:
    """Return why this certificate was replaced, as it was written then."""
    details_by_id = details_of(
        [event for event in history_of(certificate) if event.action == "certificate.superseded"]
    )
    return next((each["note"] for each in details_by_id.values() if each), "")


def last_of_chain(certificate: Certificate) -> Certificate:
    """Return the newest certificate that stands in for this one; itself where none does."""
    while certificate.superseded_by is not None:
        certificate = certificate.superseded_by
    return certificate


def list_newest(trainee_ids: Collection[int]) -> list[Certificate]:
    """Return the certificates of a person, by the ids of her records, that no other one stands in for."""
    theirs = Certificate.trainee_id.in_(sorted(trainee_ids)), Certificate.superseded_by_id.is_(None)
    return list(
        db.session.scalars(select(Certificate).where(*theirs).options(*SHOWN).order_by(Certificate.id))
    )


def numbers_of(attendee_ids: Collection[int]) -> list[str]:
    """Return the numbers of every certificate of these attendees, in force or not."""
    theirs = Certificate.attendee_id.in_(sorted(attendee_ids))
    return list(db.session.scalars(select(Certificate.number).where(theirs).order_by(Certificate.id)))


def certificates_of_batch(batch: Batch) -> list[Certificate]:
    """Return every certificate of a batch, also those that no longer hold, in the order of their numbers."""
    query = select(Certificate).where(Certificate.batch_id == batch.id).options(*SHOWN)
    return list(db.session.scalars(query.order_by(Certificate.year, Certificate.sequence)))


def personal_facts(person: Trainee) -> dict[str, Any]:
    """Return what a certificate prints of the person herself."""
    return {
        "name": person.name,
        "birth_place": person.birth_place,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "member_number": person.member_number,
    }


def differences_of(certificate: Certificate) -> list[tuple[Text, str, str]]:
    """Return what is printed of the holder and is known otherwise today."""
    return personal_differences(certificate.facts, personal_facts(canonical(certificate.trainee)))


def list_misnamed(batch: Batch | None = None) -> list[Certificate]:
    """Return the certificates in force (of one batch) that print what is not their holder's: issued while
    records were joined by mistake, or in a name that the office has put right since; once they are replaced
    they are none any more.
    """
    found = {each.id: each for each in [*list_misjoined(batch), *list_renamed(batch)]}
    return [found[key] for key in sorted(found)]


def list_renamed(batch: Batch | None = None) -> list[Certificate]:
    """Return the certificates in force (of one batch) that print a name which was put right since."""
    counting = aliased(Trainee)
    renamed_at = func.coalesce(counting.renamed_at, Trainee.renamed_at)
    query = (
        select(Certificate).join(Certificate.trainee).outerjoin(counting, Trainee.canonical_id == counting.id)
    )
    query = query.where(*IN_FORCE_NOW, renamed_at > Certificate.recorded_at)
    if batch is not None:
        query = query.where(Certificate.batch_id == batch.id)
    found = db.session.scalars(query.options(*SHOWN).order_by(Certificate.id))
    return [each for each in found if each.facts.get("name") != canonical(each.trainee).name]


def list_misjoined(batch: Batch | None = None) -> list[Certificate]:
    """Return the certificates in force (of one batch) that were issued while the holder's record was joined
    with another one by mistake, and that print what is not the holder's; once they are replaced they are none
    any more.
    """
    parted = db.session.execute(
        select(Merge.duplicate_id, Merge.canonical_id).where(Merge.undone_at.is_not(None))
    ).all()
    records = {trainee_id for pair in parted for trainee_id in pair}
    if not records:
        return []
    records |= set(db.session.scalars(select(Trainee.id).where(Trainee.canonical_id.in_(records))))
    hers = or_(
        Merge.duplicate_id == Certificate.trainee_id,
        Merge.canonical_id == Certificate.trainee_id,
        Merge.canonical_id == Trainee.canonical_id,
    )
    meanwhile = (
        Merge.undone_at.is_not(None),
        Merge.merged_at <= Certificate.recorded_at,
        Certificate.recorded_at <= Merge.undone_at,
    )
    query = (
        select(Certificate)
        .join(Certificate.trainee)
        .where(*IN_FORCE_NOW, Certificate.trainee_id.in_(records))
    )
    query = query.where(exists(select(Merge.id).where(*meanwhile, hers)))
    if batch is not None:
        query = query.where(Certificate.batch_id == batch.id)
    return [
        each
        for each in db.session.scalars(query.options(*SHOWN).order_by(Certificate.id))
        if differences_of(each)
    ]


def is_misjoined(certificate: Certificate) -> bool:
    """Say whether this certificate was issued while records were joined by mistake, and prints what is not
    its holder's.
    """
    return certificate.is_in_force and any(
        each.id == certificate.id for each in list_misjoined(certificate.batch)
    )


def is_renamed(certificate: Certificate) -> bool:
    """Say whether this certificate prints a name that was put right since."""
    return certificate.is_in_force and any(
        each.id == certificate.id for each in list_renamed(certificate.batch)
    )


def what_took_its_place(certificate: Certificate) -> tuple[str | None, str | None]:
    """Return the number of another certificate in force, and the code of a batch with a seat, that the holder
    has meanwhile in the same batch or tier.
    """
    batch, family = certificate.batch, family_of([certificate.trainee_id])
    earns = (
        certificate.kind is CertificateKind.COMPLETION
    )  # what was only attended stands beside any other diklat
    same = (
        or_(Certificate.batch_id == batch.id, Certificate.tier_id == certificate.tier_id)
        if earns
        else Certificate.batch_id == batch.id
    )
    theirs = Certificate.trainee_id.in_(list(family)), Certificate.id != certificate.id
    others = select(Certificate.number).where(*theirs, same, *IN_FORCE_NOW)
    sits = (
        seat.code
        for seat in seats_of(family, offered=True)
        if earns and (seat.tier_id == certificate.tier_id or seat.overlaps(batch.starts_on, batch.ends_on))
    )
    return db.session.scalar(others.order_by(Certificate.id).limit(1)), next(sits, None)


def list_without_prerequisite(person: Trainee) -> list[Enrollment]:
    """Return what is in force of this person (duplicates included) in batches that ask for a tier not held on
    their first day.

    Batches whose result is decided stay as they are, and so does what an officer has let pass with a reason.
    """
    family = family_of([person.id])
    asked = (
        select(Enrollment)
        .join(Enrollment.batch)
        .join(Batch.course)
        .join(Course.tier)
        .where(
            Enrollment.trainee_id.in_(family),
            IN_FORCE,
            Enrollment.override_reason.is_(None),
            Tier.prerequisite_id.is_not(None),
        )
        .options(
            joinedload(Enrollment.batch)
            .joinedload(Batch.course)
            .joinedload(Course.organiser)
            .joinedload(Organiser.region),
            joinedload(Enrollment.batch)
            .joinedload(Batch.course)
            .joinedload(Course.tier)
            .joinedload(Tier.prerequisite),
            joinedload(Enrollment.trainee),
        )
        .order_by(Enrollment.id)
    )
    standing = [
        held
        for held in db.session.scalars(asked)
        if state_of(held.batch) not in DECIDED and not is_over(held)
    ]
    return [
        held
        for held in standing
        if not _holds(family, held.batch.course.tier.prerequisite, held.batch.starts_on)
    ]


def _holds(trainee_ids: Collection[int], tier: Tier | None, day: date) -> bool:
    """Say whether one of these records holds a tier, or one above it, on a day."""
    held = (
        select(Qualification.id)
        .join(Qualification.tier)
        .where(Qualification.trainee_id.in_(trainee_ids), Tier.rank >= (tier.rank if tier else 0))
        .where(in_force(Qualification.held_from, Qualification.held_to, day))
    )
    return db.session.scalar(held.limit(1)) is not None


def batch_that_certifies_both(one_id: int, other_id: int) -> str | None:
    """Return the code of a batch in which both people hold a certificate, or have a result for which one is
    written, or None.
    """
    family = family_of([one_id, other_id])
    certificates = db.session.scalars(select(Certificate).where(Certificate.trainee_id.in_(family))).all()
    in_force = {(each.batch_id, each.trainee_id) for each in certificates if each.is_in_force}
    taken_back = {(each.batch_id, each.trainee_id) for each in certificates} - in_force
    earns = (
        Enrollment.status.in_(SEATED),
        or_(Enrollment.ended_as.is_(None), Enrollment.ended_as == SeatEnd.ATTENDED),
    )
    asked = select(Enrollment.batch_id, Enrollment.trainee_id).where(
        Enrollment.trainee_id.in_(family), *earns
    )
    people: dict[int, set[int]] = {}
    for batch_id, trainee_id in {*in_force, *map(tuple, db.session.execute(asked).all())} - taken_back:
        people.setdefault(batch_id, set()).add(family[trainee_id])
    both = [batch_id for batch_id, who in people.items() if len(who) > 1]
    return db.session.scalar(select(Batch.code).where(Batch.id.in_(both)).order_by(Batch.code).limit(1))


def certificates_of(trainee_id: int) -> list[Text]:
    """Return the certificates of the person of one record, each with what it certifies and how it stands."""
    person = get_trainee(trainee_id)
    return [
        _(
            "%(number)s: %(kind)s, %(state)s",
            number=each.number,
            kind=each.kind.label,
            state=str(_state_words(each)),
        )
        for each in (certificates_of_people(same_person_ids(person)) if person else ())
    ]


def _state_words(certificate: Certificate) -> Text:
    if certificate.revoked_at is not None:
        return _("dicabut")
    return _("berlaku") if certificate.is_in_force else _("diganti")


def certificates_of_people(trainee_ids: Collection[int]) -> list[Certificate]:
    """Return the certificates of these records (a person and the duplicates), newest first."""
    query = select(Certificate).where(Certificate.trainee_id.in_(trainee_ids)).options(*SHOWN)
    return list(db.session.scalars(query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())))


def certificates_of_user(user_id: int) -> list[Certificate]:
    """Return the certificates of the person whose account this is, newest first; all records of that person
    count.
    """
    person = trainee_of(user_id)
    return certificates_of_people(same_person_ids(person)) if person else []


def find_own(certificate_id: int, user_id: int) -> Certificate | None:
    """Return the certificate when it belongs to the person whose account this is; anybody
    else's is unknown.
    """
    return next(
        (certificate for certificate in certificates_of_user(user_id) if certificate.id == certificate_id),
        None,
    )


def desa_served(certificate: Certificate) -> Region | None:
    """Return where the holder serves today as PSM aktif, or None."""
    holder = canonical(certificate.trainee)
    today = clock.today(holder.duty_region.zone)
    return duty_on(holder, today) if standing_on(holder, today) is TraineeStatus.ACTIVE else None


def brought_first_training_to(certificate: Certificate) -> Region | None:
    """Return the desa where the holder serves, when it had no trained PSM aktif before this certificate; else
    None.
    """
    earned, desa = find_qualification(Source.CERTIFICATE, certificate.id), desa_served(certificate)
    if earned is None or earned.ended_as is not None or desa is None:
        return None
    before = earned.held_from - timedelta(days=1)
    person_id = func.coalesce(Trainee.canonical_id, Trainee.id)
    trained_before = (
        select(Qualification.id)
        .join(Qualification.trainee)
        .join(DutyPost, DutyPost.trainee_id == person_id)
        .join(Standing, Standing.trainee_id == person_id)
        .where(DutyPost.region_id == desa.id, Standing.status == TraineeStatus.ACTIVE)
        .where(in_force(Qualification.held_from, Qualification.held_to, before))
        .where(*(in_force(period.starts_on, period.ends_on, before) for period in (DutyPost, Standing)))
    )
    return desa if db.session.scalar(trained_before.limit(1)) is None else None


def page_of_certificates(
    within: Reach,
    *,
    number: str | None = None,
    organiser_id: int | None = None,
    after: str | None = None,
    per_page: int | None = None,
) -> Page[Certificate]:
    """Return the register within reach, the last entered first; a number narrows it to those that begin so,
    however typed.
    """
    duty = aliased(Region)
    reached = or_(
        within.clause(
            region_code=Region.scope_code, organiser=Certificate.organiser_id, batch=Certificate.batch_id
        ),
        within.clause(region_code=duty.scope_code),
    )
    query = (
        select(Certificate)
        .join(Certificate.organiser)
        .join(Organiser.region)
        .join(Certificate.trainee)
        .join(duty, Trainee.duty_region_id == duty.id)
        .where(reached)
        .options(*SHOWN)
    )
    if number:
        known = reduce(
            lambda text, gap: func.replace(text, gap, "-"),
            (*NUMBER_GAPS, "--", "--"),
            func.upper(Certificate.number),
        )
        query = query.where(known.startswith(dashed_number(number), autoescape=True))
    if organiser_id is not None:
        query = query.where(Certificate.organiser_id == organiser_id)
    return page_of(query, keys=[Certificate.id], after=after, per_page=per_page, newest_first=True)


def last_number(organiser_id: int, tier_id: int, year: int) -> int:
    """Return the last number given, without holding it: good enough to show what would come next."""
    counter = db.session.get(Counter, (organiser_id, tier_id, year))
    return counter.last if counter else 0


def lock_counter(organiser_id: int, tier_id: int, year: int) -> Counter | None:
    """Hold the counter while numbers are taken from it; None when none was ever given."""
    same = Counter.organiser_id == organiser_id, Counter.tier_id == tier_id, Counter.year == year
    return db.session.scalar(
        select(Counter).where(*same).with_for_update().execution_options(populate_existing=True)
    )


def taken_numbers(organiser_id: int, numbers: Collection[str]) -> set[str]:
    """Return which of these numbers the organiser has given before."""
    found: set[str] = set()
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        same = Certificate.organiser_id == organiser_id, Certificate.number.in_(wanted[start : start + 500])
        found |= set(db.session.scalars(select(Certificate.number).where(*same)))
    return found


@dataclass(frozen=True)
class Served:
    """Where somebody served and as what, on one day; None where nothing was recorded."""

    region: Region | None
    standing: TraineeStatus | None


def served_on(people: Iterable[Trainee], day: date) -> dict[int, Served]:
    """Return where and as what each of these people served on a day, by id, in a constant
    number of queries.
    """
    counting = {person.id: person.canonical_id or person.id for person in people}
    posts = select(DutyPost).where(*_holding(DutyPost, counting.values(), day))
    standings = select(Standing).where(*_holding(Standing, counting.values(), day))
    places = {
        post.trainee_id: post.region
        for post in db.session.scalars(posts.options(joinedload(DutyPost.region).joinedload(Region.parent)))
    }
    statuses = {row.trainee_id: row.status for row in db.session.scalars(standings)}
    return {own: Served(places.get(person), statuses.get(person)) for own, person in counting.items()}


def _holding(period: Any, trainee_ids: Iterable[int], day: date) -> tuple:
    return period.trainee_id.in_(sorted(set(trainee_ids))), in_force(period.starts_on, period.ends_on, day)


def canonical_people(attendees: Iterable[Attendee]) -> dict[int, Trainee]:
    """Return who each participant is by the record that counts, by the id of the participant."""
    people = {attendee.id: attendee.trainee for attendee in attendees if attendee.trainee is not None}
    ids = {person.canonical_id for person in people.values() if person.canonical_id}
    counting = (
        {row.id: row for row in db.session.scalars(select(Trainee).where(Trainee.id.in_(ids)))} if ids else {}
    )
    return {
        key: counting.get(person.canonical_id, person) if person.canonical_id else person
        for key, person in people.items()
    }
