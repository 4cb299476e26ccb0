"""What waits for somebody, and what a volunteer has going on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.assessment.models import Graduation
from app.attendance.models import Attendance
from app.audit.models import Event
from app.auth.models import User
from app.certificates.models import Certificate
from app.certificates.queries import IN_FORCE_NOW
from app.core import clock
from app.core.phones import shown_phone
from app.core.scopes import EVERYWHERE, contains
from app.courses.acts import Act
from app.courses.models import Batch, Course, TrainingSession
from app.courses.queries import refusal_to_act
from app.coverage import queries as coverage
from app.coverage.models import Survey, Target
from app.enrollments.acts import UNDECIDED
from app.enrollments.eligibility import counting_enrollments
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.queries import SHOWN, is_over
from app.enrollments.rules import AttendeeKind, EnrollmentStatus
from app.extensions import db
from app.fieldwork.models import Host, HostVisit
from app.fieldwork.rules import VisitStatus
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.notifications.rules import PersonKind, chat_url
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.queries import list_desa
from app.regions.rules import full_name
from app.trainees.models import Appointment, Qualification, Trainee
from app.trainees.queries import highest_rank_column, in_force
from app.trainees.rules import TraineeStatus

OPEN_VISITS = (VisitStatus.REQUESTED, VisitStatus.AWAITING_PERMISSION)


def names_of_subjects(events: Iterable[Event]) -> dict[tuple[str, int | None], str]:
    """Return what the rows are called that acts were done to, by kind and id: people by name, batches by
    code, certificates by number.
    """
    called: dict[str, tuple[Any, Any, Any]] = {  # table, what it is called, and where that stands
        "Trainee": (Trainee, Trainee.name, None),
        "Enrollment": (Enrollment, Trainee.name, Enrollment.trainee),
        "Attendee": (Attendee, Trainee.name, Attendee.trainee),
        "User": (User, User.name, None),
        "Batch": (Batch, Batch.code, None),
        "Certificate": (Certificate, Certificate.number, None),
        "Appointment": (Appointment, Appointment.number, None),
        "Host": (Host, Host.name, None),
        "Course": (Course, Course.title, None),
        "Graduation": (Graduation, Batch.code, Graduation.batch),
        "Organiser": (Organiser, Organiser.code, None),
        "TrainingSession": (TrainingSession, TrainingSession.title, None),
    }
    ids: dict[str, set[int]] = {}
    for event in events:
        if event.subject_id is not None:
            ids.setdefault(event.subject_type, set()).add(event.subject_id)
    found: dict[tuple[str, int | None], str] = {}
    for kind, (table, name, through) in called.items():
        if kind in ids:
            query = select(table.id, name).where(table.id.in_(sorted(ids[kind])))
            query = query.join(through) if through is not None else query
            found |= {(kind, row_id): text for row_id, text in db.session.execute(query)}
    for kind, table in (("Region", Region), ("Target", Target), ("Survey", Survey)):
        if kind in ids:
            query = select(table.id, Region.code, Region.name).where(table.id.in_(sorted(ids[kind])))
            query = query if table is Region else query.join(table.region)
            found |= {
                (kind, row_id): full_name(code, name) for row_id, code, name in db.session.execute(query)
            }
    return found


def list_named_sessions(session_ids: frozenset[int]) -> list[tuple[TrainingSession, int]]:
    """Return the sessions somebody was named for, each with the number of presences recorded, in order of
    time.
    """
    if not session_ids:
        return []
    recorded = (
        select(func.count(Attendance.id)).where(Attendance.session_id == TrainingSession.id).scalar_subquery()
    )
    query = (
        select(TrainingSession, recorded)
        .where(TrainingSession.id.in_(sorted(session_ids)), TrainingSession.cancelled_at.is_(None))
        .options(joinedload(TrainingSession.batch).joinedload(Batch.course))
        .order_by(TrainingSession.held_on, TrainingSession.starts_at)
    )
    return [(session, count) for session, count in db.session.execute(query)]


def batches_with_people(batch_ids: Collection[int]) -> set[int]:
    """Return those of these batches in which anybody takes part."""
    attend = (
        Attendee.batch_id.in_(sorted(batch_ids)),
        Attendee.kind == AttendeeKind.TRAINEE,
        Attendee.left_at.is_(None),
    )
    return (
        set(db.session.scalars(select(Attendee.batch_id).where(*attend).distinct())) if batch_ids else set()
    )


def list_open_visits(host_ids: frozenset[int]) -> list[HostVisit]:
    """Return the requests that a host has not answered yet, soonest first; those for more places too."""
    if not host_ids:
        return []
    asks_for_more = and_(HostVisit.status == VisitStatus.PARTLY_ACCEPTED, HostVisit.answered_at.is_(None))
    query = (
        select(HostVisit)
        .where(HostVisit.host_id.in_(sorted(host_ids)), or_(HostVisit.status.in_(OPEN_VISITS), asks_for_more))
        .options(
            joinedload(HostVisit.batch).joinedload(Batch.course),
            joinedload(HostVisit.host).joinedload(Host.region),
        )
        .order_by(HostVisit.visits_on)
    )
    return list(db.session.scalars(query))


def own_certificates(trainee_ids: Collection[int]) -> list[Certificate]:
    """Return a volunteer's certificates in force, newest first."""
    query = (
        select(Certificate)
        .where(Certificate.trainee_id.in_(trainee_ids), *IN_FORCE_NOW)
        .order_by(Certificate.issued_on.desc())
    )
    return list(db.session.scalars(query))


def revoked_certificates(trainee_ids: Collection[int]) -> dict[int, Certificate]:
    """Return the newest revoked certificate of these records by tier."""
    query = select(Certificate).where(
        Certificate.trainee_id.in_(trainee_ids), Certificate.revoked_at.is_not(None)
    )
    return {each.tier_id: each for each in db.session.scalars(query.order_by(Certificate.revoked_at))}


def list_kecamatan(codes: list[str]) -> list[Region]:
    """Return the kecamatan that a TKSK serves."""
    if not codes:
        return []
    return list(
        db.session.scalars(
            select(Region)
            .where(Region.scope_code.in_(codes), Region.valid_to.is_(None))
            .order_by(Region.code)
        )
    )


@dataclass(frozen=True)
class Desa:
    """One line of "Kecamatan saya": a desa or kelurahan and who serves or wishes to serve there."""

    region: Region
    people: list[tuple[Trainee, int]]  # with the rank of the highest tier held, 0 for none
    is_known: bool = True  # as the pages of coverage say it

    @property
    def has_psm(self) -> bool:
        """Say whether somebody with an SK in force serves here."""
        return any(trainee.status is TraineeStatus.ACTIVE for trainee, _rank in self.people)

    @property
    def is_trained(self) -> bool:
        """Say whether one of them holds a tier: the second of the two counts of coverage."""
        return any(trainee.status is TraineeStatus.ACTIVE and rank for trainee, rank in self.people)


def desa_with_people(kecamatan: Region, today: date) -> list[Desa]:
    """Return every desa of a kecamatan in the order of its code, each with its PSM and calon PSM by name."""
    desa = list_desa(kecamatan)
    query = (
        select(Trainee, highest_rank_column(in_force(Qualification.held_from, Qualification.held_to, today)))
        .where(
            Trainee.duty_region_id.in_([each.id for each in desa]),
            Trainee.canonical_id.is_(None),
            Trainee.status.in_((TraineeStatus.ACTIVE, TraineeStatus.CANDIDATE)),
        )
        .order_by(Trainee.name)
    )
    found: dict[int, list[tuple[Trainee, int]]] = {each.id: [] for each in desa}
    for trainee, held in db.session.execute(query):
        found[trainee.duty_region_id].append((trainee, held))
    known = {village.code: village.is_known for village in coverage.list_desa(kecamatan, today, EVERYWHERE)}
    return [Desa(each, found[each.id], known.get(each.code, True)) for each in desa]


@dataclass(frozen=True)
class PendingNews:
    """Somebody of whom a batch has news that nobody has told yet, or whose answer to an offer
    it waits for.
    """

    trainee: Trainee
    batch: Batch
    news: list[tuple[str, str]]  # subject, and the whole text as it is passed on
    offer: Enrollment | None = None

    @property
    def shown_phone(self) -> str | None:
        return shown_phone(self.trainee.phone) if self.trainee.phone else None

    def chat_url(self, words: str) -> str | None:
        """Return the address that opens a chat with the text in it; None without a mobile number."""
        return chat_url(self.trainee.phone, words)


def people_with_news(codes: Collection[str]) -> list[PendingNews]:
    """Return who is still to be told something, or has an offer to answer, in these kecamatan; an offer
    first, then by name.
    """
    inside = or_(*(Region.scope_code.like(f"{code}.%") for code in codes))
    people = select(Trainee).join(Trainee.duty_region).where(inside, Trainee.canonical_id.is_(None))
    offers = select(Enrollment).where(
        Enrollment.status == EnrollmentStatus.OFFERED, Enrollment.ended_as.is_(None)
    )
    offers = offers.where(Enrollment.trainee_id.in_(people.with_only_columns(Trainee.id))).options(*SHOWN)
    offered = {
        (each.trainee_id, each.batch_id): each for each in db.session.scalars(offers) if not is_over(each)
    }
    told: dict[tuple[int, int], list[tuple[str, str]]] = {key: [] for key in offered}
    notices = (
        select(Notice.person_id, Notice.batch_id, Notice.subject, Notice.text)
        .where(
            Notice.person_kind == PersonKind.TRAINEE,
            *UNTOLD,
            Notice.person_id.in_(people.with_only_columns(Trainee.id)),
        )
        .order_by(Notice.id)
    )
    for person_id, batch_id, subject, words in db.session.execute(notices):
        told.setdefault((person_id or 0, batch_id), []).append((subject, words))
    by_id = {
        each.id: each
        for each in db.session.scalars(select(Trainee).where(Trainee.id.in_({key[0] for key in told})))
    }
    batches = {
        each.id: each
        for each in db.session.scalars(select(Batch).where(Batch.id.in_({key[1] for key in told})))
    }
    found = [
        PendingNews(by_id[key[0]], batches[key[1]], news, offered.get(key)) for key, news in told.items()
    ]
    return sorted(found, key=lambda each: (each.offer is None, each.trainee.folded_name, each.batch.id))


@dataclass(frozen=True)
class Entered:
    """Somebody whom an officer entered or enrolled, with what became of it; `is_in_sight`: still serves where
    the officer does.
    """

    trainee: Trainee
    is_in_sight: bool
    enrollment: Enrollment | None = None

    @property
    def reason(self) -> str:
        """Return why it was returned, refused or ended, as the person reads it."""
        held = self.enrollment
        if held is None:
            return ""
        return held.ended_reason or (held.note if held.status in SAYING_WHY else "")

    @property
    def may_take_back(self) -> bool:
        """Say whether the officer can still take the enrollment back: nobody has decided it, and the batch
        allows it.
        """
        held = self.enrollment
        if held is None or held.status not in UNDECIDED or is_over(held):
            return False
        return refusal_to_act(Act.WITHDRAW, held.batch) is None


@dataclass(frozen=True)
class OwnWork:
    """What an officer without a desk at the dinas has set going: people entered or enrolled."""

    entered: list[Entered]


SAYING_WHY = (EnrollmentStatus.RETURNED, EnrollmentStatus.REJECTED)
ENTERED_WITHIN = timedelta(days=180)
ENTERED_SHOWN = 60


def work_of(user_id: int, codes: Collection[str]) -> OwnWork:
    """Return what became of whom this officer entered or enrolled in the last half year, the last first."""
    since = clock.now() - ENTERED_WITHIN
    mine = Enrollment.recorded_by_id == user_id, Enrollment.recorded_at > since
    made = select(Enrollment).where(*mine).options(*SHOWN).order_by(Enrollment.id.desc()).limit(ENTERED_SHOWN)
    enrollments = list(db.session.scalars(made))
    enrolled = {each.trainee_id for each in enrollments}
    typed = select(Trainee).where(
        Trainee.recorded_by_id == user_id, Trainee.recorded_at > since, Trainee.canonical_id.is_(None)
    )
    typed = typed.options(joinedload(Trainee.duty_region)).order_by(Trainee.id.desc()).limit(ENTERED_SHOWN)
    alone = [each for each in db.session.scalars(typed) if each.id not in enrolled]

    def is_in_sight(trainee: Trainee) -> bool:
        return any(contains(code, trainee.duty_region.scope_code) for code in codes)

    counting = {each.id: each for each in counting_enrollments(enrollments).values()}.values()
    people = [(each.trainee.counting or each.trainee, each) for each in counting]
    entered = [Entered(person, is_in_sight(person), each) for person, each in people]
    entered += [Entered(each, is_in_sight(each)) for each in alone]
    return OwnWork(entered[:ENTERED_SHOWN])


def list_coming_visits(host_ids: frozenset[int], today: date) -> list[HostVisit]:
    """Return the visits that a host has accepted and that are still to come, soonest first."""
    if not host_ids:
        return []
    accepted = (VisitStatus.ACCEPTED, VisitStatus.PARTLY_ACCEPTED)
    query = (
        select(HostVisit)
        .where(
            HostVisit.host_id.in_(sorted(host_ids)),
            HostVisit.status.in_(accepted),
            HostVisit.visits_on >= today,
        )
        .options(joinedload(HostVisit.batch).joinedload(Batch.course), joinedload(HostVisit.host))
        .order_by(HostVisit.visits_on)
    )
    return list(db.session.scalars(query))
