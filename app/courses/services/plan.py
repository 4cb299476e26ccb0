"""Courses and batches as they are planned: the reference data, a course on its curriculum, a batch with its
code, changes of both.
"""

from datetime import date, timedelta
from typing import TypedDict, Unpack

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.phones import number_to_call
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses import lines, messages, ports, queries, reference
from app.courses.acts import Act
from app.courses.models import Batch, Course, Curriculum, Subject, Tier
from app.courses.rules import (
    WORDS_TO_OPEN,
    Admission,
    BatchStatus,
    CourseKind,
    Refusal,
    SubjectKind,
    batch_code,
    last_day_to_apply,
    refusal_of_dates,
    refusal_of_quota,
    refusal_of_year,
    refusal_to_be_over,
    refusal_to_become_record,
    refusal_to_wait_again,
)
from app.courses.services.booking import plan_of, refuse_double_booking
from app.courses.services.guarding import lock_for
from app.courses.services.life import missing_of, wait_again
from app.extensions import db
from app.organisers.models import Organiser
from app.organisers.queries import lock_organiser, name_on
from app.organisers.rules import may_run, refusal_to_run
from app.regions.models import Region


class BatchFacts(TypedDict, total=False):
    """What else can be said of a batch."""

    announced_days: int | None
    audience: str
    provided: str
    to_bring: str
    contact_name: str
    contact_phone: str
    admission: Admission
    registration_closes_on: date | None
    zone: str | None


class BatchChanges(BatchFacts, total=False):
    """What can be changed of a batch."""

    starts_on: date
    ends_on: date
    quota: int
    venue: str
    venue_region: Region


@atomic()
def load_reference(*, by: Actor) -> dict[str, int]:
    """Enter the tiers and the first version of each curriculum where they are missing; what exists stays as
    the office has made it.
    """
    added = {"tiers": 0, "curricula": 0, "subjects": 0}
    for data in reference.TIERS:
        tier = queries.get_tier_by_code(data.code)
        if tier is None:
            below = queries.get_tier_by_code(data.prerequisite) if data.prerequisite else None
            values = {**data._asdict(), "prerequisite": below}
            tier = Tier(**values)
            db.session.add(tier)
            audit.record("tier.entered", tier, by=by)
            added["tiers"] += 1
        if queries.newest_curriculum(tier) is None:
            added["subjects"] += _enter_curriculum(tier, by=by)
            added["curricula"] += 1
    return added


def _enter_curriculum(tier: Tier, *, by: Actor) -> int:
    subjects = reference.CURRICULA[tier.code]
    curriculum = Curriculum(
        tier=tier, version=1, title=f"Kurikulum Diklat {tier.label} PSM", recorded_by_id=by.id
    )
    db.session.add(curriculum)
    db.session.flush()
    for position, data in enumerate(subjects, start=1):
        db.session.add(Subject(curriculum_id=curriculum.id, position=position, **data._asdict()))
    audit.record("curriculum.entered", curriculum, by=by)
    return len(subjects)


@atomic()
def draft_course(
    organiser: Organiser,
    tier: Tier,
    curriculum: Curriculum,
    *,
    year: int,
    by: Actor,
    kind: CourseKind = CourseKind.DIKLAT,
    title: str = "",
    lower_tier_reason: str | None = None,
    fieldwork_required: bool | None = None,
    excused_counts: bool = False,
) -> Course:
    """Plan a course: it takes a copy of what tier and curriculum ask for, and freezes what is taught.

    Raise when the organiser may not run the tier, Conflict when it has a course of this name in that year:
    its batches would be taken for those of the other.
    """
    organiser = lock_organiser(organiser.id)
    title = title.strip() or f"{kind.label} {tier.label} PSM"
    known = queries.find_course_named(organiser, tier, year, title)
    if known is not None:
        raise Conflict(
            _(
                "Diklat “%(title)s” tahun %(year)d sudah ada (data nomor %(id)d). Pakai diklat itu; untuk"
                " diklat lain, beri judul lain.",
                title=known.title,
                year=year,
                id=known.id,
            ),
            field="title",
        )
    refuse_to_run(organiser, tier, lower_tier_reason)
    if curriculum.tier_id != tier.id:
        raise RuleViolation(_("Kurikulum ini milik jenjang lain."), field="curriculum")
    subjects = queries.list_subjects(curriculum)
    if fieldwork_required is None:
        fieldwork_required = any(subject.kind is SubjectKind.FIELD_PRACTICE for subject in subjects)
    course = Course(
        organiser_id=organiser.id,
        tier_id=tier.id,
        curriculum_id=curriculum.id,
        kind=kind,
        year=year,
        title=title,
        lower_tier_reason=(
            (lower_tier_reason or "").strip() or None if tier.level is not organiser.level else None
        ),
        attendance_threshold=tier.attendance_threshold,
        lesson_minutes=tier.lesson_minutes,
        pass_mark=curriculum.pass_mark,
        fieldwork_required=fieldwork_required,
        excused_counts=excused_counts,
        recorded_by_id=by.id,
    )
    db.session.add(course)
    if curriculum.frozen_at is None:
        curriculum.frozen_at = clock.now()
    db.session.flush()
    audit.record("course.drafted", course, by=by, note=course.lower_tier_reason or "")
    return course


def refuse_to_run(organiser: Organiser, tier: Tier, reason: str | None) -> None:
    """Raise with the sentence at its field: the tier when it is higher, the reason when a lower
    one has none.
    """
    own = next((each for each in queries.list_tiers() if each.level is organiser.level), None)
    refusal = refusal_to_run(organiser.level, tier.level, reason, tier=tier.label, own_tier=own and own.label)
    if refusal:
        raise RuleViolation(
            refusal, field="lower_tier_reason" if may_run(organiser.level, tier.level) else "tier"
        )


@atomic()
def draft_batch(
    course: Course,
    *,
    starts_on: date,
    ends_on: date,
    quota: int,
    venue: str,
    venue_region: Region,
    by: Actor,
    **facts: Unpack[BatchFacts],
) -> Batch:
    """Plan one delivery and give it its code, the next of its organiser, tier and year.

    Raise on dates out of order or outside the year.
    """
    organiser = lock_organiser(course.organiser_id)
    _refuse_facts(starts_on, ends_on, facts.get("registration_closes_on"), quota)
    _raise(refusal_of_year(starts_on, course.year, is_new=True))
    office = name_on(organiser, clock.today(venue_region.zone))
    phone = number_to_call(
        facts.pop("contact_phone", ""), known=office.phone if office else "", field="contact_phone"
    )
    ordinal = queries.last_ordinal(course) + 1
    batch = Batch(
        course_id=course.id,
        ordinal=ordinal,
        code=batch_code(organiser.code, course.tier.letter, starts_on.year, ordinal),
        status=BatchStatus.DRAFT,
        quota=quota,
        starts_on=starts_on,
        ends_on=ends_on,
        venue=venue,
        venue_region_id=venue_region.id,
        recorded_by_id=by.id,
        contact_phone=phone,
        **{**facts, "zone": facts.get("zone") or venue_region.zone},
    )
    db.session.add(batch)
    db.session.flush()
    audit.record("batch.drafted", batch, by=by)
    return batch


@atomic()
def plan_batch(
    organiser: Organiser,
    tier: Tier,
    *,
    starts_on: date,
    venue: str,
    venue_region: Region,
    by: Actor,
    lower_tier_reason: str | None = None,
) -> Batch:
    """Plan a batch from three facts; the model of the tier gives the rest, the year's course is made when
    there is none yet.

    Raise when the organiser may not run the tier, or nobody has entered what it teaches.
    """
    organiser = lock_organiser(organiser.id)
    course = queries.find_course(organiser, tier, starts_on.year)
    if course is None:
        curriculum = queries.newest_curriculum(tier)
        if curriculum is None:
            raise RuleViolation(
                _("Belum ada kurikulum untuk diklat %(tier)s.", tier=tier.label.lower()), field="tier"
            )
        course = draft_course(
            organiser, tier, curriculum, year=starts_on.year, by=by, lower_tier_reason=lower_tier_reason
        )
    return draft_batch(
        course,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=reference.days_of(tier.code) - 1),
        quota=reference.QUOTA,
        venue=venue,
        venue_region=venue_region,
        by=by,
        **model_of(course, venue_region),
    )


def model_of(course: Course, venue_region: Region) -> BatchFacts:
    """Return what a batch of a course says where nobody has said otherwise: for whom, what to bring, whom to
    ask.
    """
    office = name_on(course.organiser, clock.today(venue_region.zone))
    return {
        "audience": (
            reference.AUDIENCE.get(course.tier.code, "") % {"region": course.organiser.region.full_name}
        ),
        "to_bring": reference.TO_BRING,
        "contact_name": office.name if office else "",
        "contact_phone": office.phone if office else "",
    }


@atomic()
def change_batch(batch: Batch, *, by: Actor, **changes: Unpack[BatchChanges]) -> None:
    """Change what was planned, as far as the table of acts allows.

    When all its days move by the same number before it has started, its sessions move along; whoever is
    concerned is told of what differs, and the queue is served. What only the calendar has begun waits for its
    first day again when that is moved to a later day.

    Raise when the quota would fall below the seats given, sessions would lie outside the new days, the batch
    would leave the year of its diklat, the contact's number is none, somebody sits elsewhere on the new days,
    or people ask for it and the new days lie before it was entered or are all over.
    """
    batch = lock_for(Act.CHANGE_PLAN, batch)
    if "contact_phone" in changes:
        changes["contact_phone"] = number_to_call(
            changes["contact_phone"], known=batch.contact_phone, field="contact_phone"
        )
    starts_on, ends_on = changes.get("starts_on", batch.starts_on), changes.get("ends_on", batch.ends_on)
    closes_on = changes.get("registration_closes_on", batch.registration_closes_on)
    taken = ports.seats_taken([batch.id])[batch.id]
    _refuse_facts(starts_on, ends_on, closes_on, changes.get("quota", batch.quota), taken)
    _raise(refusal_of_year(starts_on, batch.course.year))
    moved = (starts_on, ends_on) != (batch.starts_on, batch.ends_on)
    if moved:
        _refuse_past(batch, starts_on, ends_on)
        _refuse_days(batch, starts_on, ends_on)
    refusal = (
        refusal_to_wait_again(starts_on, clock.today(batch.zone))
        if batch.status is BatchStatus.RUNNING
        else None
    )
    if (
        refusal
        and starts_on != batch.starts_on
        and not wait_again(batch, min(last_day_to_apply(closes_on, starts_on), ends_on), by=by)
    ):
        _raise(refusal)
    if "registration_closes_on" in changes and closes_on != batch.registration_closes_on:
        _refuse_past_closing(batch, closes_on)
    lacking = missing_of(batch)
    before = lines.facts_of_batch(batch)
    shift = starts_on - batch.starts_on
    venue_region = changes.pop("venue_region", None)
    if venue_region is not None and venue_region.id != batch.venue_region_id:
        batch.venue_region_id = venue_region.id
        changes = {"zone": venue_region.zone, **changes}
    if not changes.get("zone", True):
        changes.pop("zone")
    went_along = _move_sessions(batch, starts_on, ends_on, zone=changes.get("zone") or batch.zone)
    old = {name: getattr(batch, name) for name in changes}
    for name, value in changes.items():
        setattr(batch, name, value)
    _refuse_emptied(batch, lacking, changes)
    db.session.flush()
    db.session.expire(batch, ["venue_region"])
    changed = {
        name: [str(was), str(getattr(batch, name))]
        for name, was in old.items()
        if was != getattr(batch, name)
    }
    audit.record("batch.changed", batch, by=by, details=changed)
    now = lines.facts_of_batch(batch)
    differences = [(what, before[what], now[what]) for what in now if before[what] != now[what]]
    if batch.status is BatchStatus.DRAFT or queries.is_record(batch):
        differences = []
    for follower in ports.followers:
        follower.batch_changed(batch.id, differences, moved_days=shift.days if went_along else 0, by=by)
    if differences:
        for session in queries.list_sessions(batch):
            messages.session_changed(session, lines.known_of_batch(differences))


def _refuse_past_closing(batch: Batch, closes_on: date | None) -> None:
    """Raise where a new last day to apply has passed already: registration would close by itself, and nobody
    would be told why.
    """
    if batch.status is not BatchStatus.OPEN or closes_on is None or queries.is_record(batch):
        return
    if closes_on < clock.today(batch.zone):
        raise RuleViolation(
            _("Batas pendaftaran itu sudah lewat. Untuk mengakhirinya hari ini, pakai “Tutup pendaftaran”."),
            field="registration_closes_on",
        )


def _refuse_emptied(batch: Batch, lacking: list[Text], changes: BatchChanges) -> None:
    """Raise, at the first field that was emptied, where a change takes away what registration was opened
    with.
    """
    gone = [what for what in missing_of(batch) if what not in lacking]
    if gone and batch.status is not BatchStatus.DRAFT:
        facts = ", ".join(map(str, gone))
        emptied = next(
            (name for name in WORDS_TO_OPEN if name in changes and not getattr(batch, name).strip()), None
        )
        raise RuleViolation(
            _("Angkatan ini sudah diumumkan; yang ini tidak dapat dikosongkan: %(facts)s.", facts=facts),
            field=emptied,
        )


def _refuse_past(batch: Batch, starts_on: date, ends_on: date) -> None:
    standing = queries.standing_of(batch)
    people = 0 if standing.is_record else sum(count for _words, count in ports.concerned(batch.id))
    _raise(refusal_to_become_record(starts_on, ends_on, entered_on=standing.entered_on, people=people))
    has_days_behind = standing.is_over or ports.was_held(batch.id)
    _raise(
        refusal_to_be_over(
            starts_on, ends_on, today=standing.today, people=people, has_days_behind=has_days_behind
        )
    )


def _refuse_days(batch: Batch, starts_on: date, ends_on: date) -> None:
    for follower in ports.followers:
        if refusal := follower.refusal_of_days(batch.id, starts_on, ends_on):
            raise RuleViolation(refusal, field="starts_on")


def _refuse_facts(starts_on: date, ends_on: date, closes_on: date | None, quota: int, taken: int = 0) -> None:
    _raise(refusal_of_dates(starts_on, ends_on, closes_on) or refusal_of_quota(quota, taken))


def _raise(refusal: Refusal | None) -> None:
    if refusal:
        raise RuleViolation(refusal.reason, field=refusal.field)


def _move_sessions(batch: Batch, starts_on: date, ends_on: date, *, zone: str) -> bool:
    """Move all sessions along where the whole batch moves, and say whether they moved; raise where one would
    lie outside the new days.
    """
    sessions = queries.list_sessions(batch)
    shift = starts_on - batch.starts_on
    has_presence = any(ports.presence_of(session.id) for session in sessions) if shift else False
    moves = (
        bool(shift)
        and ends_on - batch.ends_on == shift
        and batch.status is not BatchStatus.RUNNING
        and not has_presence
    )
    days = {session.id: session.held_on + (shift if moves else timedelta(0)) for session in sessions}
    outside = sum(1 for day in days.values() if not starts_on <= day <= ends_on)
    if outside:
        raise RuleViolation(
            _(
                "%(count)d sesi berada di luar tanggal itu. Pindahkan atau batalkan dahulu sesi-sesinya.",
                count=outside,
            ),
            field="ends_on" if shift == timedelta(0) else "starts_on",
        )
    if moves or zone != batch.zone:
        own = [session.id for session in sessions]
        for person in sorted({session.facilitator_id for session in sessions if session.facilitator_id}):
            slots = [
                plan_of(each, held_on=days[each.id]) for each in sessions if each.facilitator_id == person
            ]
            refuse_double_booking(person, zone, slots, except_for=own, field="starts_on")
    for session in sessions:
        session.held_on = days[session.id]
    return moves
