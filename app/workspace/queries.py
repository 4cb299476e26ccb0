"""Facts read across packages: how far a batch is, and the batches somebody works on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.assessment.models import Graduation, GraduationResult
from app.assessment.rules import ResultOutcome
from app.attendance.queries import list_sessions_without_presence
from app.certificates.models import Certificate
from app.core import clock
from app.core.scopes import Reach
from app.courses.models import Batch, Course, Subject, TrainingSession
from app.courses.rules import BatchStatus, SessionKind
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import HOLDING, EnrollmentStatus
from app.extensions import db
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.rules import USABLE, VisitStatus
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.models import DutyPost, Qualification, Standing, Trainee
from app.trainees.queries import list_trainees_by_id
from app.trainees.rules import TraineeStatus
from app.workspace.rules import Progress

AWAITING = (EnrollmentStatus.SUBMITTED, EnrollmentStatus.VERIFIED)
EARNING = (ResultOutcome.PASSED, ResultOutcome.ATTENDED)
MOST_BATCHES = 12


def _count(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)


def progress_of(batch: Batch) -> Progress:
    """Return how far a batch is; a constant number of small queries."""
    today = clock.today(batch.zone)
    sessions = list(
        db.session.execute(
            select(
                TrainingSession.id, TrainingSession.kind, TrainingSession.held_on, TrainingSession.starts_at, TrainingSession.lesson_hours,
            )
            .where(TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None))
            .order_by(TrainingSession.held_on, TrainingSession.starts_at)
        )
    )  # fmt: skip
    counted = [row for row in sessions if row.lesson_hours]
    missing = list_sessions_without_presence(batch)
    in_batch = Enrollment.batch_id == batch.id
    visits = HostVisit.batch_id == batch.id
    attending = Attendee.batch_id == batch.id, Attendee.left_at.is_(None), Attendee.trainee_id.is_not(None)
    graduation = db.session.scalar(select(Graduation).where(Graduation.batch_id == batch.id).order_by(Graduation.id.desc()).limit(1))
    in_force = Certificate.batch_id == batch.id, Certificate.revoked_at.is_(None), Certificate.superseded_by_id.is_(None)
    return Progress(
        status=batch.status,
        quota=batch.quota,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        today=today,
        planned_hours=_count(
            select(func.sum(Subject.theory_hours + Subject.practice_hours)).where(Subject.curriculum_id == batch.course.curriculum_id)
        ),
        scheduled_hours=sum(row.lesson_hours for row in counted),
        awaiting=_count(select(func.count(Enrollment.id)).where(in_batch, Enrollment.status.in_(AWAITING))),
        seated=_count(select(func.count(Enrollment.id)).where(in_batch, Enrollment.status.in_(sorted(HOLDING)))),
        has_fieldwork=any(row.kind is SessionKind.FIELD_PRACTICE for row in sessions),
        visits_waiting=_count(
            select(func.count(HostVisit.id)).where(visits, HostVisit.status.in_([VisitStatus.REQUESTED, VisitStatus.AWAITING_PERMISSION]))
        ),
        places_granted=_count(select(func.sum(HostVisit.granted_places)).where(visits, HostVisit.status.in_(sorted(USABLE)))),
        placed=_count(select(func.count(Placement.id)).join(Attendee).where(*attending)),
        first_missing=next(((session.held_on, session.starts_at) for session in missing if session.held_on <= today), None),
        presence_complete=bool(counted) and not missing and _count(select(func.count(Attendee.id)).where(*attending)) > 0,
        graduation=graduation.status if graduation else None,
        graduated=_count(
            select(func.count(GraduationResult.id)).where(
                GraduationResult.graduation_id == (graduation.id if graduation else None), GraduationResult.outcome.in_(EARNING)
            )
        ),
        certificates=_count(select(func.count(Certificate.id)).where(*in_force)),
        candidates=_count(select(func.count()).select_from(graduates_to_appoint(batch).subquery())),
    )


def graduates_to_appoint(batch: Batch) -> Select[int]:
    """Return the ids of those who hold a certificate of this batch and are still calon PSM; of a merged record the one that counts."""
    record, person = aliased(Trainee), aliased(Trainee)
    return (
        select(person.id)
        .distinct()
        .select_from(Certificate)
        .join(record, Certificate.trainee_id == record.id)
        .join(person, person.id == func.coalesce(record.canonical_id, record.id))
        .where(Certificate.batch_id == batch.id, Certificate.revoked_at.is_(None), Certificate.superseded_by_id.is_(None))
        .where(person.status == TraineeStatus.CANDIDATE)
    )


def list_graduates_to_appoint(batch: Batch) -> list[Trainee]:
    """Return these people by name, each with desa and kecamatan."""
    return list_trainees_by_id(db.session.scalars(graduates_to_appoint(batch)))


def list_current_batches(within: Reach) -> list[Batch]:
    """Return the newest batches within reach, those under way first."""
    finished = Batch.status.in_([BatchStatus.FINISHED, BatchStatus.CANCELLED])
    query = (
        select(Batch)
        .join(Course)
        .join(Organiser)
        .join(Region, Organiser.region_id == Region.id)
        .where(within.clause(region_code=Region.scope_code, organiser=Organiser.id, batch=Batch.id))
        .options(joinedload(Batch.course).joinedload(Course.organiser), joinedload(Batch.course).joinedload(Course.tier))
        .order_by(finished, Batch.starts_on.desc(), Batch.id.desc())
        .limit(MOST_BATCHES)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Life:
    """What one person did and is: periods and papers, newest first."""

    standings: list[Standing]
    posts: list[DutyPost]
    qualifications: list[Qualification]
    enrollments: list[Enrollment]
    certificates: list[Certificate]


def life_of(trainee: Trainee) -> Life:
    """Return one person's life, the records of merged duplicates included.

    Whoever may see the person sees that person's enrollments and certificates elsewhere too: the dinas of the duty region reads
    them, and never writes them.
    """
    canonical = trainee.canonical_id or trainee.id
    ids = list(db.session.scalars(select(Trainee.id).where(or_(Trainee.id == canonical, Trainee.canonical_id == canonical))))
    by_batch = joinedload(Enrollment.batch).joinedload(Batch.course)
    return Life(
        standings=_all(select(Standing).where(Standing.trainee_id.in_(ids)).order_by(Standing.starts_on.desc(), Standing.id.desc())),
        posts=_all(select(DutyPost).where(DutyPost.trainee_id.in_(ids)).order_by(DutyPost.starts_on.desc(), DutyPost.id.desc())),
        qualifications=_all(select(Qualification).where(Qualification.trainee_id.in_(ids)).order_by(Qualification.held_from.desc())),
        enrollments=_all(select(Enrollment).where(Enrollment.trainee_id.in_(ids)).order_by(Enrollment.id.desc()).options(by_batch)),
        certificates=_all(select(Certificate).where(Certificate.trainee_id.in_(ids)).order_by(Certificate.issued_on.desc())),
    )


def _all(query: Select[Any]) -> list[Any]:
    return list(db.session.scalars(query))
