"""Tiers, curricula, courses, batches and sessions as pages and decisions need them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core import clock
from app.core.actor import Actor
from app.core.dates import date_range
from app.core.pages import Page, page_of
from app.core.scopes import NATION, Reach, ScopeKind
from app.core.text import Text, _
from app.courses import acts, ports
from app.courses.acts import Act, BatchState
from app.courses.models import Batch, Course, Curriculum, Facilitator, Subject, Tier, TrainingSession
from app.courses.rules import (
    BatchStatus,
    CourseKind,
    describe_lacking_hours,
    takes_applications,
    warnings_of_dates,
    warnings_of_hours,
)
from app.courses.session_rules import hours_for_one
from app.extensions import db
from app.organisers.models import Organiser
from app.organisers.queries import sender_on, signer_on
from app.regions.models import Region
from app.regions.rules import WIB, ancestor_codes

SHOWN = (
    joinedload(Batch.course).joinedload(Course.organiser).joinedload(Organiser.region),
    joinedload(Batch.course).joinedload(Course.tier),
    joinedload(Batch.course).joinedload(Course.curriculum),
    joinedload(Batch.venue_region),
)


def list_tiers() -> list[Tier]:
    """Return the ladder from its lowest rung."""
    return list(db.session.scalars(select(Tier).order_by(Tier.rank)))


def get_tier(tier_id: int) -> Tier | None:
    """Return one rung."""
    return db.session.get(Tier, tier_id)


def get_tier_by_code(code: str) -> Tier | None:
    """Return the rung of this code (dasar, madya, pratama)."""
    return db.session.scalar(select(Tier).where(Tier.code == code))


def get_curriculum(curriculum_id: int) -> Curriculum | None:
    """Return one version of a curriculum with its tier."""
    return db.session.get(Curriculum, curriculum_id, options=[joinedload(Curriculum.tier)])


def find_curriculum(tier_code: str, version: int) -> Curriculum | None:
    """Return this version of what a tier teaches, with the tier."""
    query = (
        select(Curriculum).join(Curriculum.tier).where(Tier.code == tier_code, Curriculum.version == version)
    )
    return db.session.scalar(query.options(joinedload(Curriculum.tier)))


def newest_curriculum(tier: Tier) -> Curriculum | None:
    """Return the newest version of what a tier teaches."""
    return db.session.scalar(
        select(Curriculum).where(Curriculum.tier_id == tier.id).order_by(Curriculum.version.desc()).limit(1)
    )


def list_subjects(curriculum: Curriculum) -> list[Subject]:
    """Return the mata diklat in their order."""
    return list(
        db.session.scalars(
            select(Subject).where(Subject.curriculum_id == curriculum.id).order_by(Subject.position)
        )
    )


def find_course(organiser: Organiser, tier: Tier, year: int) -> Course | None:
    """Return the organiser's diklat of this tier in this year, the first one entered."""
    own = (
        Course.organiser_id == organiser.id,
        Course.tier_id == tier.id,
        Course.year == year,
        Course.kind == CourseKind.DIKLAT,
    )
    return db.session.scalar(select(Course).where(*own).order_by(Course.id).limit(1))


def find_course_named(organiser: Organiser, tier: Tier, year: int, title: str) -> Course | None:
    """Return the organiser's course of this tier, year and title."""
    own = Course.organiser_id == organiser.id, Course.tier_id == tier.id, Course.year == year
    return db.session.scalar(
        select(Course).where(*own, func.lower(Course.title) == title.lower()).order_by(Course.id).limit(1)
    )


def last_ordinal(course: Course) -> int:
    """Return the highest number given to a batch of this organiser, tier and year; 0 when there is none."""
    same = (
        Course.organiser_id == course.organiser_id,
        Course.tier_id == course.tier_id,
        Course.year == course.year,
    )
    return db.session.scalar(select(func.max(Batch.ordinal)).join(Batch.course).where(*same)) or 0


def get_batch(batch_id: int) -> Batch | None:
    """Return the batch with all that its pages show."""
    return db.session.get(Batch, batch_id, options=SHOWN)


def get_batch_by_code(code: str) -> Batch | None:
    """Return the batch of this code, in any case of letters."""
    return db.session.scalar(select(Batch).where(Batch.code == code.strip().upper()).options(*SHOWN))


def is_over(batch: Batch) -> bool:
    """Say whether the last day of a batch has passed at its place."""
    return clock.today(batch.zone) > batch.ends_on


def standing_of(batch: Batch) -> acts.Standing:
    """Return what the state of a batch is read from, today at its venue."""
    return acts.Standing(
        status=batch.status,
        stage=batch.graduation_stage,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        today=clock.today(batch.zone),
        entered_on=clock.local_day(batch.recorded_at, batch.zone),
        approved_by=batch.approved_label,
    )


def state_of(batch: Batch) -> BatchState:
    """Return where a batch is in its life today."""
    return acts.state_of(standing_of(batch))


def state_to_read(batch: Batch) -> BatchState:
    """Return where a batch is today as people and programs read it; what may be done with it follows
    `state_of`.
    """
    return acts.state_to_read(standing_of(batch))


def is_record(batch: Batch) -> bool:
    """Say whether the batch was entered after its last day: a record of the past, open to nobody but the
    office.
    """
    return standing_of(batch).is_record


def is_news(batch: Batch) -> bool:
    """Say whether results and certificates of a batch are told to everybody: it was not entered long after
    its last day.
    """
    return standing_of(batch).is_news


def refusal_to_act(act: Act, batch: Batch, *, about_deferred: bool = False) -> Text | None:
    """Say why an act is not possible with this batch today, or None; pages say it before anybody tries."""
    standing = standing_of(batch)
    never_held = acts.FOR_UNHELD.get(act) is acts.state_of(standing) and not ports.was_held(batch.id)
    return acts.refusal_to_act(act, standing, about_deferred=about_deferred, never_held=never_held)


def may_apply_to(batch: Batch) -> bool:
    """Say whether people may apply to this batch today."""
    return takes_applications(
        batch.status,
        closes_on=batch.registration_closes_on,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        today=clock.today(batch.zone),
    )


def sender_of(batch: Batch) -> str:
    """Return the name that mails about a batch are signed with: as its office is called today at its place;
    empty before its first name.
    """
    return sender_on(batch.course.organiser, clock.today(batch.zone))


def id_of(row: Any) -> int:
    """Return the number of a row without reading it again."""
    return inspect(row).identity[0]


def lock_batch(batch_id: int) -> Batch:
    """Hold the batch's row until the decision is made."""
    query = (
        select(Batch).where(Batch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def list_behind_calendar() -> list[int]:
    """Return the ids of batches whose stored status may lag behind the calendar; records of the
    past do not.
    """
    today = clock.now().date() + timedelta(days=1)  # no zone is further ahead
    passed = func.coalesce(Batch.registration_closes_on, Batch.starts_on) < today
    lags = or_(
        and_(Batch.status == BatchStatus.OPEN, passed),
        and_(Batch.status == BatchStatus.CLOSED, Batch.starts_on <= today),
    )
    found = db.session.scalars(select(Batch).where(lags).order_by(Batch.id))
    return [batch.id for batch in found if not is_record(batch)]


def list_open_batches(
    *,
    region_code: str | None = None,
    tier_code: str | None = None,
    month: str | None = None,
    at_most: int = 200,
) -> list[Batch]:
    """Return the batches anybody may apply to, soonest first; filtered by region of those they are open to,
    tier and month (2026-10).
    """
    query = (
        select(Batch)
        .join(Batch.course)
        .join(Course.tier)
        .join(Course.organiser)
        .join(Organiser.region)
        .where(*maybe_open())
    )
    if region_code:
        outer = Region.scope_code.in_([NATION, *ancestor_codes(region_code), region_code])
        query = query.where(or_(outer, Region.scope_code.like(f"{region_code}.%")))
    if tier_code:
        query = query.where(Tier.code == tier_code)
    days = days_of_month(month)
    if days:
        query = query.where(Batch.starts_on >= days[0], Batch.starts_on < days[1])
    found = db.session.scalars(query.options(*SHOWN).order_by(Batch.starts_on, Batch.id).limit(at_most))
    return [batch for batch in found if may_apply_to(batch)]


def maybe_open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that leave out what nobody can apply to any more; `may_apply_to` decides at the
    place itself.
    """
    yesterday = clock.today(WIB) - timedelta(days=1)  # no zone is further behind
    last = func.coalesce(Batch.registration_closes_on, Batch.starts_on)
    return Batch.status == BatchStatus.OPEN, last >= yesterday, Batch.ends_on >= yesterday


def days_of_month(month: str | None) -> tuple[date, date] | None:
    """Return the first day of '2026-10' and of the month after; None when it is no month."""
    try:
        first = date.fromisoformat(f"{month}-01")
        return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        return None


@dataclass(frozen=True)
class OpenChoices:
    """What the list of open batches can be filtered by: only what would find something."""

    regions: list[tuple[str, str]]
    months: list[date]


def choices_of_open_batches() -> OpenChoices:
    """Return the provinsi and kabupaten whose people something is open to, or whose venue it has, and the
    months in which it begins.
    """
    offered = (
        select(Region.scope_code, Batch.starts_on)
        .select_from(Batch)
        .join(Batch.course)
        .join(Course.organiser)
    )
    rows = db.session.execute(offered.join(Organiser.region).where(*maybe_open()).distinct()).all()
    held_in = db.session.scalars(
        select(Region.code).join(Batch.venue_region.of_type(Region)).where(*maybe_open()).distinct()
    )
    codes = {code[:length] for code in (*(code for code, _day in rows), *held_in) for length in (2, 5)} - {
        NATION
    }
    below = [Region.code.like(f"{code}.__") for code, _day in rows if len(code) == 2 and code != NATION]
    wanted = or_(Region.code.in_(sorted(codes)), *below), Region.valid_to.is_(None)
    names = db.session.scalars(select(Region).where(*wanted).order_by(Region.code))
    return OpenChoices(
        [(region.code, region.full_name) for region in names],
        sorted({day.replace(day=1) for _code, day in rows}),
    )


def batches_within(within: Reach) -> Select[Any]:
    """Return the query of all batches reached, joined to course, organiser and the organiser's region."""
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id, batch=Batch.id)
    if within.ids.get(ScopeKind.SESSION):
        taught = select(TrainingSession.batch_id).where(within.clause(session=TrainingSession.id))
        reached = or_(reached, Batch.id.in_(taught))
    return select(Batch).join(Batch.course).join(Course.organiser).join(Organiser.region).where(reached)


def may_follow(batch: Batch, by: Actor) -> bool:
    """Say whether plan and days of a batch are open to the actor: to who plans there, and to who teaches a
    session of it.
    """
    within = by.reach(Permission.COURSE_SEE)
    if within.holds(batch.scopes()):
        return True
    if not within.ids.get(ScopeKind.SESSION):
        return False
    taught = TrainingSession.batch_id == batch.id, within.clause(session=TrainingSession.id)
    return db.session.scalar(select(TrainingSession.id).where(*taught).limit(1)) is not None


def page_of_batches(
    within: Reach,
    *,
    year: int | None = None,
    organiser_id: int | None = None,
    after: str | None = None,
    per_page: int | None = None,
) -> Page[Batch]:
    """Return the batches reached in the order of their first day."""
    query = batches_within(within).options(*SHOWN)
    if year is not None:
        query = query.where(Batch.starts_on >= date(year, 1, 1), Batch.starts_on <= date(year, 12, 31))
    if organiser_id is not None:
        query = query.where(Organiser.id == organiser_id)
    return page_of(query, keys=[cast(Batch.starts_on, String), Batch.id], after=after, per_page=per_page)


def page_of_open_batches(*, after: str | None = None, per_page: int | None = None) -> Page[Batch]:
    """Return the batches that anybody may apply to, in the order of their first day."""
    query = select(Batch).where(*maybe_open()).options(*SHOWN)
    page = page_of(query, keys=[cast(Batch.starts_on, String), Batch.id], after=after, per_page=per_page)
    return replace(page, rows=[batch for batch in page if may_apply_to(batch)])


def list_sessions(batch: Batch, cancelled: bool = False) -> list[TrainingSession]:
    """Return the sessions of a batch as they are held; with `cancelled` also those that are not."""
    query = select(TrainingSession).where(TrainingSession.batch_id == batch.id)
    if not cancelled:
        query = query.where(TrainingSession.cancelled_at.is_(None))
    shown = joinedload(TrainingSession.subject), joinedload(TrainingSession.facilitator)
    order = TrainingSession.held_on, TrainingSession.starts_at, TrainingSession.group, TrainingSession.id
    return list(db.session.scalars(query.options(*shown).order_by(*order)))


def begins_at(batch: Batch) -> datetime | None:
    """Return the moment at which the first session of the first day begins, or None while none is planned on
    it.
    """
    first = next(iter(list_sessions(batch)), None)
    return first.begins if first is not None and first.held_on == batch.starts_on else None


def get_session(session_id: int) -> TrainingSession | None:
    """Return one session with its batch."""
    return db.session.get(
        TrainingSession, session_id, options=[joinedload(TrainingSession.batch).options(*SHOWN)]
    )


def planned_hours(batch: Batch, group: int | None = None) -> int:
    """Return the JP of the sessions that are held: for everybody and for this parallel group, or for the
    fullest one.
    """
    query = select(TrainingSession.group, TrainingSession.lesson_hours).where(
        TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    )
    rows = [(of, hours) for of, hours in db.session.execute(query) if group is None or of in (None, group)]
    return hours_for_one(rows)


def curriculum_hours(curriculum_id: int) -> int:
    """Return all JP of a curriculum."""
    total = func.coalesce(func.sum(Subject.theory_hours + Subject.practice_hours), 0)
    return db.session.scalar(select(total).where(Subject.curriculum_id == curriculum_id)) or 0


def describe_missing_hours(batch: Batch, *, without: TrainingSession | None = None) -> Text | None:
    """Say what a schedule that lacks JP holds up, or None; `without`: as if this session were cancelled."""
    held = [each for each in list_sessions(batch) if without is None or each.id != without.id]
    scheduled = hours_for_one([(each.group, each.lesson_hours) for each in held])
    return describe_lacking_hours(scheduled, curriculum_hours(batch.course.curriculum_id))


@dataclass(frozen=True)
class SubjectTotal:
    """How many JP of a subject are scheduled, against the curriculum."""

    subject: Subject
    planned: int

    @property
    def wanted(self) -> int:
        return self.subject.theory_hours + self.subject.practice_hours


def list_subject_totals(
    batch: Batch, sessions: Collection[TrainingSession] | None = None
) -> list[SubjectTotal]:
    """Return each subject of the batch's curriculum with the JP scheduled for one participant."""
    held = (
        list_sessions(batch) if sessions is None else [each for each in sessions if each.cancelled_at is None]
    )
    return [
        SubjectTotal(
            subject,
            hours_for_one((each.group, each.lesson_hours) for each in held if each.subject_id == subject.id),
        )
        for subject in list_subjects(batch.course.curriculum)
    ]


def readiness(batch: Batch) -> list[Text]:
    """Return what an officer should know of a batch; flagged, never silently corrected, and blocking only the
    step that needs it.
    """
    sessions = list_sessions(batch)
    totals = list_subject_totals(batch, sessions)
    short = {
        total.subject.name: (total.planned, total.wanted) for total in totals if total.planned != total.wanted
    }
    days = (batch.ends_on - batch.starts_on).days + 1
    warnings = warnings_of_dates(batch.announced_days, days, date_range(batch.starts_on, batch.ends_on))
    if sessions:
        planned = hours_for_one((each.group, each.lesson_hours) for each in sessions)
        warnings += warnings_of_hours(planned, sum(total.wanted for total in totals), short)
    else:
        warnings.append(_("Jadwal masih kosong."))
    nameless = sum(1 for each in sessions if each.lesson_hours and each.facilitator_id is None)
    if nameless:
        warnings.append(_("%(count)d sesi belum menyebut nama pengajar.", count=nameless))
    if signer_on(batch.course.organiser, batch.ends_on) is None:
        warnings.append(_("Belum ada penandatangan sertifikat pada %(day)s.", day=date_range(batch.ends_on)))
    return [*warnings, *ports.warnings_of(batch.id)]


def get_facilitator(facilitator_id: int) -> Facilitator | None:
    """Return somebody who teaches."""
    return db.session.get(Facilitator, facilitator_id)


def list_facilitators(organiser: Organiser) -> list[Facilitator]:
    """Return those who teach for an organiser, by name."""
    query = (
        select(Facilitator)
        .where(Facilitator.organiser_id == organiser.id)
        .options(joinedload(Facilitator.user))
    )
    return list(db.session.scalars(query.order_by(Facilitator.name, Facilitator.id)))


def lock_facilitators_like(facilitator_id: int) -> list[Facilitator]:
    """Hold this person's rows: the same account may teach for several organisers under several rows."""
    account = (
        select(Facilitator.user_id)
        .where(Facilitator.id == facilitator_id, Facilitator.user_id.is_not(None))
        .scalar_subquery()
    )
    query = (
        select(Facilitator)
        .where(or_(Facilitator.id == facilitator_id, Facilitator.user_id == account))
        .order_by(Facilitator.id)
    )
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def list_sessions_taught(facilitator: Facilitator) -> list[TrainingSession]:
    """Return the sessions that somebody is named for and that are held, with their batches."""
    named = TrainingSession.facilitator_id == facilitator.id, TrainingSession.cancelled_at.is_(None)
    query = select(TrainingSession).where(*named).options(joinedload(TrainingSession.batch))
    return list(db.session.scalars(query.order_by(TrainingSession.id)))


def list_busy_sessions(facilitator_ids: Collection[int], first: date, last: date) -> list[TrainingSession]:
    """Return what these people teach from a day to a day, anywhere, except in cancelled batches."""
    query = (
        select(TrainingSession)
        .join(TrainingSession.batch)
        .where(
            TrainingSession.facilitator_id.in_(sorted(facilitator_ids)),
            TrainingSession.held_on.between(first, last),
            TrainingSession.cancelled_at.is_(None),
            Batch.status != BatchStatus.CANCELLED,
        )
        .options(joinedload(TrainingSession.batch))
    )
    return list(db.session.scalars(query.order_by(TrainingSession.held_on, TrainingSession.starts_at)))


def list_session_grants(session: TrainingSession) -> list[Grant]:
    """Return the grants by which trainers see this session today."""
    of_session = (
        Grant.role == Role.TRAINER,
        Grant.scope_kind == ScopeKind.SESSION,
        Grant.scope_id == session.id,
    )
    return list(
        db.session.scalars(
            select(Grant).where(*of_session, *Grant.valid_on(clock.today(WIB))).order_by(Grant.id)
        )
    )
