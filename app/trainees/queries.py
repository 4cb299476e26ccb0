"""Who is there: one person, pages of people, what somebody held and where, and the counts made anew from the
rows.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.auth.models import User
from app.core import clock, crypto
from app.core.names import fold_name
from app.core.pages import Page, page_of
from app.core.scopes import EVERYWHERE, Reach, owner
from app.core.text import Text
from app.courses.models import Tier
from app.extensions import db
from app.notifications.rules import PersonKind, Recipient
from app.organisers.models import Organiser
from app.organisers.queries import name_on, sender_on
from app.regions.models import Region
from app.regions.queries import lies_in
from app.regions.rules import Level
from app.trainees.models import (
    Appointment,
    DutyPost,
    Merge,
    Qualification,
    Standing,
    Trainee,
    TraineeWord,
    WorkforceCount,
)
from app.trainees.rules import APPOINTABLE, Held, TraineeStatus, code_above, office_words

NIK_INDEX = "trainees.nik"
HIGHEST_CHARACTER = "\U0010ffff"
MOST_CHOICES = 200

Position = tuple[int, TraineeStatus, int]  # desa, standing, highest rank held: what one person counts as


def get_trainee(trainee_id: int) -> Trainee | None:
    """Return the person with the duty desa and its kecamatan."""
    return db.session.get(Trainee, trainee_id, options=[_with_place()])


def lock_trainee(trainee_id: int) -> Trainee:
    """Hold the person's row until the decision is kept."""
    return lock_trainees([trainee_id])[trainee_id]


def lock_trainees(trainee_ids: Iterable[int]) -> dict[int, Trainee]:
    """Hold the rows of these people, in the order of their ids."""
    held = select(Trainee).where(Trainee.id.in_(sorted(trainee_ids))).order_by(Trainee.id).with_for_update()
    return {row.id: row for row in db.session.scalars(held.execution_options(populate_existing=True))}


def nik_index(nik: str) -> str:
    """Return what the database knows a NIK by."""
    return crypto.blind_index(nik, context=NIK_INDEX)


def find_by_nik(nik: str) -> Trainee | None:
    """Return the person with this (cleaned) NIK."""
    return db.session.scalar(select(Trainee).where(Trainee.nik_index == nik_index(nik)))


def hold_region(region: Region) -> None:
    """Hold a desa while somebody is entered there: whoever looks for the same person waits; whoever only
    refers to it does not.
    """
    db.session.execute(select(Region.id).where(Region.id == region.id).with_for_update(key_share=True))


def trainee_of(user_id: int | None) -> Trainee | None:
    """Return the person who signs in with this account; of a merged record the one that counts."""
    if user_id is None:
        return None
    known = db.session.scalar(select(Trainee).where(Trainee.user_id == user_id))
    return known and canonical(known)


def is_oneself(trainee: Trainee, user_id: int | None) -> bool:
    """Say whether this account is the person's own, whichever of the records it hangs on."""
    if user_id is None:
        return False
    owned = Trainee.user_id == user_id, Trainee.id.in_(same_person_ids(trainee))
    return db.session.scalar(select(Trainee.id).where(*owned)) is not None


def account_of(trainee: Trainee) -> User | None:
    """Return the account by which the person signs in: that of the record that counts, else that of a
    duplicate.
    """
    records = list_trainees_by_id(same_person_ids(trainee))
    own = sorted(
        (record for record in records if record.user is not None),
        key=lambda record: (record.canonical_id is not None, record.id),
    )
    return own[0].user if own else None


def recipient_of(trainee: Trainee) -> Recipient | None:
    """Return how the person is told of something: by the record that counts, its address, else that of the
    account.

    None for somebody who is recorded as deceased: nobody writes to the dead.
    """
    person = canonical(trainee)
    if person.status is TraineeStatus.DECEASED:
        return None
    account = None if person.email else account_of(person)
    return Recipient(
        PersonKind.TRAINEE, person.id, person.name, person.email or (account.email if account else None)
    )


def canonical(trainee: Trainee) -> Trainee:
    """Return the record that counts for this person: itself unless it was found to be a duplicate."""
    if trainee.canonical_id is None:
        return trainee
    counting = get_trainee(trainee.canonical_id)
    assert counting is not None  # the foreign key says so
    return counting


def same_person_ids(trainee: Trainee) -> list[int]:
    """Return the ids of all records of this person, the one that counts first."""
    person_id = trainee.canonical_id or trainee.id
    return [
        person_id,
        *db.session.scalars(select(Trainee.id).where(Trainee.canonical_id == person_id).order_by(Trainee.id)),
    ]


def page_of_trainees(
    within: Reach,
    *,
    after: str | None = None,
    words: str = "",
    region: Region | None = None,
    status: TraineeStatus | None = None,
    per_page: int | None = None,
) -> Page[Trainee]:
    """Return people within reach by name: each word typed begins a word of the name; duplicates are not
    people.
    """
    query = _people(within, words=words, region=region).options(_with_place())
    if status is not None:
        query = query.where(Trainee.status == status)
    return page_of(query, keys=[Trainee.folded_name, Trainee.id], after=after, per_page=per_page)


def list_candidates(
    within: Reach, *, words: str = "", region: Region | None = None, most: int | None = None
) -> list[Trainee]:
    """Return those within reach whom an SK can make PSM aktif, by name."""
    query = _people(within, words=words, region=region).where(Trainee.status.in_(sorted(APPOINTABLE)))
    query = query.options(_with_place()).order_by(Trainee.folded_name, Trainee.id).limit(most)
    return list(db.session.scalars(query))


def list_trainees_by_id(trainee_ids: Iterable[int]) -> list[Trainee]:
    """Return these people by name; unknown ids are left out."""
    query = select(Trainee).where(Trainee.id.in_(sorted(set(trainee_ids)))).options(_with_place())
    return list(db.session.scalars(query.order_by(Trainee.folded_name, Trainee.id)))


def _people(within: Reach, *, words: str, region: Region | None) -> Select[Any]:
    """Return the query of people within reach, in a region, whose names have words that begin so.

    A beginning is a range of the index of words, not a pattern: no character that is typed has a meaning of
    its own.
    """
    query = (
        select(Trainee)
        .join(Trainee.duty_region)
        .where(Trainee.canonical_id.is_(None), within.clause(region_code=Region.scope_code))
    )
    if region is not None:
        query = query.where(lies_in(Region.scope_code, region.scope_code))
    for word in fold_name(words).split():
        begins = TraineeWord.word >= word, TraineeWord.word < word + HIGHEST_CHARACTER
        query = query.where(Trainee.id.in_(select(TraineeWord.trainee_id).where(*begins)))
    return query


def _with_place() -> Any:
    return joinedload(Trainee.duty_region).joinedload(Region.parent)


def list_filter_regions(within: Reach) -> list[Region]:
    """Return the kecamatan within reach to narrow a list by; the kabupaten where there are too many kecamatan
    to choose from.
    """
    for level in (Level.KECAMATAN, Level.KABUPATEN):
        query = select(Region).where(
            Region.level == level, Region.valid_to.is_(None), within.clause(region_code=Region.scope_code)
        )
        found = list(
            db.session.scalars(
                query.order_by(Region.code).limit(MOST_CHOICES + 1 if level is Level.KECAMATAN else None)
            )
        )
        if len(found) <= MOST_CHOICES:
            break
    return found


def standings_of(trainee: Trainee) -> list[Standing]:
    """Return what the person was, oldest first."""
    query = (
        select(Standing)
        .where(Standing.trainee_id == (trainee.canonical_id or trainee.id))
        .order_by(Standing.starts_on)
    )
    return list(db.session.scalars(query.options(joinedload(Standing.appointment))))


def standing_on(trainee: Trainee, day: date) -> TraineeStatus | None:
    """Return what the person was on a day; None before anything was recorded."""
    return next((row.status for row in standings_of(trainee) if _covers(row, day)), None)


def duty_posts_of(trainee: Trainee) -> list[DutyPost]:
    """Return where the person served, oldest first."""
    query = (
        select(DutyPost)
        .where(DutyPost.trainee_id == (trainee.canonical_id or trainee.id))
        .order_by(DutyPost.starts_on)
    )
    return list(db.session.scalars(query.options(joinedload(DutyPost.region).joinedload(Region.parent))))


def duty_on(trainee: Trainee, day: date) -> Region | None:
    """Return the desa where the person served on a day."""
    return next((row.region for row in duty_posts_of(trainee) if _covers(row, day)), None)


def _covers(period: Standing | DutyPost, day: date) -> bool:
    return period.starts_on <= day and (period.ends_on is None or day <= period.ends_on)


def qualifications_of(trainee: Trainee) -> list[Qualification]:
    """Return what all records of the person hold and held, lowest tier first."""
    query = (
        select(Qualification)
        .join(Qualification.tier)
        .where(Qualification.trainee_id.in_(same_person_ids(trainee)))
    )
    return list(
        db.session.scalars(
            query.options(joinedload(Qualification.tier)).order_by(Tier.rank, Qualification.held_from)
        )
    )


def held_ranks(trainee: Trainee, on: date) -> set[int]:
    """Return the ranks of the tiers that the person held on a day."""
    rows = qualifications_of(trainee)
    return {row.tier.rank for row in rows if Held(row.tier.rank, row.held_from, row.held_to).holds_on(on)}


def find_qualification(source: str, source_id: int) -> Qualification | None:
    """Return what a certificate (or recognised old certificate) earned."""
    return db.session.scalar(
        select(Qualification).where(Qualification.source == source, Qualification.source_id == source_id)
    )


def top_tiers(trainees: Sequence[Trainee]) -> dict[int, Tier]:
    """Return the highest tier each of these people holds, by the id of the person; those without one are
    missing.
    """
    positions = positions_of([trainee.id for trainee in trainees])
    tiers = {tier.rank: tier for tier in db.session.scalars(select(Tier))}
    return {person_id: tiers[rank] for person_id, (_region, _status, rank) in positions.items() if rank}


def positions_of(person_ids: Iterable[int]) -> dict[int, Position]:
    """Return what each of these people counts as now; duplicates count as nobody."""
    ids = sorted(set(person_ids))
    return {
        person_id: (region_id, status, rank)
        for person_id, region_id, status, rank in db.session.execute(_positions(ids))
    }


def in_force(first: Any, last: Any, day: date) -> ColumnElement[bool]:
    """Say as SQL whether a period (standing, duty post, qualification) holds on a day; both its ends belong
    to it.
    """
    return and_(first <= day, or_(last.is_(None), last >= day))


def highest_rank_column(held: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the highest rank of a tier over all records of the person (a row of Trainee) that counts, as
    SQL; 0 for none.

    `held` says which qualifications are meant. One look-up for the record and one for its duplicates:
    whatever joins them in one step, some engine with some statistics goes through the whole table for each
    person.
    """
    own, others = _rank_of(Trainee, held), aliased(Trainee)
    doubled = (
        select(func.max(_rank_of(others, held)))
        .where(others.canonical_id == Trainee.id)
        .correlate(Trainee)
        .scalar_subquery()
    )
    mine, theirs = func.coalesce(own, 0), func.coalesce(doubled, 0)
    return case((theirs > mine, theirs), else_=mine)


def _rank_of(record: Any, held: ColumnElement[bool]) -> Any:
    rank = (
        select(Tier.rank).where(Tier.id == Qualification.tier_id).correlate(Qualification).scalar_subquery()
    )
    return (
        select(func.max(rank))
        .where(Qualification.trainee_id == record.id, held)
        .correlate(record)
        .scalar_subquery()
    )


def _positions(ids: list[int] | None = None) -> Select[int, int, TraineeStatus, int]:
    """Return (person, desa, standing, highest rank of a tier that has not ended) over all records of each
    person.
    """
    rank = highest_rank_column(Qualification.held_to.is_(None)).label("rank")
    query = select(Trainee.id, Trainee.duty_region_id, Trainee.status, rank).where(
        Trainee.canonical_id.is_(None)
    )
    return query if ids is None else query.where(Trainee.id.in_(ids))


def recount() -> dict[Position, int]:
    """Count everybody anew from the rows: what `workforce_counts` must hold."""
    each = _positions().subquery()
    keys = each.c.duty_region_id, each.c.status, each.c.rank
    return {
        (region_id, status, rank): people
        for region_id, status, rank, people in db.session.execute(_counted(keys))
    }


def _counted(keys: tuple[Any, ...]) -> Select[Any]:
    return select(*keys, func.count()).group_by(*keys)


def stored_counts() -> dict[Position, int]:
    """Return what `workforce_counts` holds."""
    rows = db.session.execute(
        select(
            WorkforceCount.region_id, WorkforceCount.status, WorkforceCount.top_rank, WorkforceCount.people
        )
    )
    return {(region_id, status, rank): people for region_id, status, rank, people in rows if people}


def get_appointment(appointment_id: int) -> Appointment | None:
    """Return the SK with its office."""
    return db.session.get(Appointment, appointment_id, options=[joinedload(Appointment.organiser)])


def find_appointment(organiser: Organiser, number: str) -> Appointment | None:
    """Return the SK of this number of an office."""
    return db.session.scalar(
        select(Appointment).where(Appointment.organiser_id == organiser.id, Appointment.number == number)
    )


def lock_appointment(appointment_id: int) -> Appointment:
    """Hold the SK and read it anew; its office is held before."""
    held = (
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(held).one()


def page_of_appointments(within: Reach, *, after: str | None = None) -> Page[Appointment]:
    """Return the SK of the offices within reach, the last recorded first."""
    query = select(Appointment).join(Appointment.organiser).join(Organiser.region)
    query = query.where(within.clause(region_code=Region.scope_code, organiser=Appointment.organiser_id))
    return page_of(
        query.options(joinedload(Appointment.organiser)),
        keys=[Appointment.id],
        after=after,
        newest_first=True,
    )


def count_appointed(appointments: Sequence[Appointment]) -> dict[int, int]:
    """Return how many people each SK names, by its id; two records of one person are one."""
    person = func.coalesce(Trainee.canonical_id, Trainee.id)
    query = select(Standing.appointment_id, func.count(person.distinct())).join(
        Trainee, Trainee.id == Standing.trainee_id
    )
    query = query.group_by(Standing.appointment_id)
    rows = db.session.execute(query.where(Standing.appointment_id.in_([each.id for each in appointments])))
    return {appointment_id: people for appointment_id, people in rows if appointment_id is not None}


def list_appointed(appointment: Appointment, within: Reach = EVERYWHERE) -> list[Trainee]:
    """Return the people within reach whom an SK names, by name: of a merged record the one that counts, with
    what it is today.
    """
    record = aliased(Trainee)
    named = select(func.coalesce(record.canonical_id, record.id)).join(
        Standing, Standing.trainee_id == record.id
    )
    named = named.where(Standing.appointment_id == appointment.id)
    query = (
        select(Trainee)
        .join(Trainee.duty_region)
        .where(Trainee.id.in_(named), within.clause(region_code=Region.scope_code))
    )
    query = query.options(_with_place())
    return list(db.session.scalars(query.order_by(Trainee.folded_name, Trainee.id)))


def get_merge(merge_id: int) -> Merge | None:
    """Return one finding that two records are one person."""
    return db.session.get(Merge, merge_id)


def lock_merge(merge_id: int) -> Merge:
    """Hold the finding until the decision is kept."""
    held = (
        select(Merge).where(Merge.id == merge_id).with_for_update().execution_options(populate_existing=True)
    )
    return db.session.scalars(held).one()


def page_of_merges(within: Reach, *, after: str | None = None, per_page: int | None = None) -> Page[Merge]:
    """Return the findings about people within reach, the last first."""
    query = (
        select(Merge)
        .join(Merge.canonical)
        .join(Trainee.duty_region)
        .where(within.clause(region_code=Region.scope_code))
    )
    query = query.options(joinedload(Merge.canonical), joinedload(Merge.duplicate))
    return page_of(query, keys=[Merge.id], after=after, per_page=per_page, newest_first=True)


def office_over(areas: Iterable[str], region: Region) -> Text | str:
    """Return, in words, the office that sees further than somebody who reaches these areas: its name and
    telephone number.
    """
    return _office_of(code_above(areas, region.scope_code))


def office_at(region: Region) -> Text | str:
    """Return, in words, the office that looks after a place: that of its kabupaten or kota, of a larger
    region its own.
    """
    return _office_of(owner(region.scope_code))


def sender_at(region: Region) -> str:
    """Return the name under which that office writes; empty where none is recorded."""
    office = find_office(owner(region.scope_code))
    return sender_on(office, clock.today(region.zone)) if office else ""


def find_office(code: str) -> Organiser | None:
    """Return the organiser of the valid region of this code."""
    here = Region.code == code, Region.valid_to.is_(None)
    return db.session.scalar(
        select(Organiser).join(Organiser.region).where(*here).order_by(Organiser.id).limit(1)
    )


def _office_of(code: str) -> Text | str:
    place = db.session.scalars(select(Region).where(Region.code == code, Region.valid_to.is_(None))).one()
    organiser = find_office(code)
    name = organiser and name_on(organiser, clock.today(place.zone))
    return office_words(
        place.level, place.full_name, name.name if name else None, name.phone if name else None
    )


def merges_into(trainee: Trainee) -> list[Merge]:
    """Return the findings in force that made other records part of this person's, oldest first."""
    query = select(Merge).where(
        Merge.canonical_id == (trainee.canonical_id or trainee.id), Merge.undone_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Merge.id)))


def record_of_period(period: Standing | DutyPost, merges: Sequence[Merge]) -> int:
    """Return the id of the record that a period was entered on; `merges`: those in force of the person,
    oldest first.

    A merge that took the service of the duplicate exchanged the periods that both records had by then.
    """
    record_id = period.trainee_id
    for merge in reversed(merges):
        pair = {merge.duplicate_id, merge.canonical_id}
        if (
            record_id in pair
            and "service" in (merge.taken or "").split(",")
            and period.recorded_at <= merge.merged_at
        ):
            (record_id,) = pair - {record_id}
    return record_id


def merges_of(trainee: Trainee) -> list[Merge]:
    """Return every finding about a person's records, undone ones too, oldest first."""
    ids = same_person_ids(trainee)
    return list(
        db.session.scalars(
            select(Merge)
            .where(or_(Merge.canonical_id.in_(ids), Merge.duplicate_id.in_(ids)))
            .order_by(Merge.id)
        )
    )


def has_duplicates(trainee: Trainee) -> bool:
    """Say whether other records were found to be this person."""
    return (
        db.session.scalar(select(Trainee.id).where(Trainee.canonical_id == trainee.id).limit(1)) is not None
    )
