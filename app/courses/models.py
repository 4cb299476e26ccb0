"""Tiers, curricula and their subjects, courses, batches, sessions, facilitators."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.auth.models import User
from app.core.models import Code, EncryptedText, Recorded, UTCDateTime, choice
from app.core.scopes import NATION, Scope, ScopeKind, region_scope
from app.courses.rules import Admission, BatchStatus, CourseKind, GraduationStage, SessionKind, SubjectKind
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.rules import Level


class Tier(db.Model):
    """A rung of the ladder. Names and order are local vocabulary, so all of it is data."""

    __tablename__ = "tiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)  # dasar, madya, pratama
    letter: Mapped[str] = mapped_column(String(4))  # in batch codes and certificate numbers
    rank: Mapped[int] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))  # as printed on the certificate
    level: Mapped[Level] = choice(Level)  # of the organiser whose own tier it is
    prerequisite_id: Mapped[int | None] = mapped_column(ForeignKey("tiers.id"))
    psks_code: Mapped[int] = mapped_column()  # PSKS instrument: 1 Dasar, 2 Lanjutan, 3 Khusus
    attendance_threshold: Mapped[int] = mapped_column(default=85)  # percent of planned JP
    lesson_minutes: Mapped[int] = mapped_column(default=45)  # 1 JP

    prerequisite: Mapped["Tier | None"] = relationship(remote_side=[id])


class Curriculum(Recorded, db.Model):
    """One version of what a tier teaches; its subjects are not changed any more once a course uses it."""

    __tablename__ = "curricula"
    __table_args__ = (UniqueConstraint("tier_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    version: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pass_mark: Mapped[Decimal | None] = mapped_column(
        Numeric(5, 2)
    )  # none: no mark is asked for; courses take a copy

    tier: Mapped[Tier] = relationship()

    def scopes(self) -> list[Scope]:
        return [region_scope(NATION)]  # the ministry's, whoever teaches by it


class Subject(db.Model):
    """A mata diklat with its JP of theory and practice."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("curriculum_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curricula.id"))
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SubjectKind] = choice(SubjectKind)
    theory_hours: Mapped[int] = mapped_column(default=0)
    practice_hours: Mapped[int] = mapped_column(default=0)


class Course(Recorded, db.Model):
    """A diklat of one organiser on one tier in one year; carries its copy of the thresholds and one
    curriculum version.
    """

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), index=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    curriculum_id: Mapped[int] = mapped_column(ForeignKey("curricula.id"), index=True)
    kind: Mapped[CourseKind] = choice(CourseKind, default=CourseKind.DIKLAT)
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int] = mapped_column()
    lower_tier_reason: Mapped[str | None] = mapped_column(String(500))
    attendance_threshold: Mapped[int] = mapped_column()  # percent of planned JP
    lesson_minutes: Mapped[int] = mapped_column()
    pass_mark: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))  # none: no mark is asked for
    fieldwork_required: Mapped[bool] = mapped_column(default=True)
    excused_counts: Mapped[bool] = mapped_column(default=False)

    organiser: Mapped[Organiser] = relationship()
    tier: Mapped[Tier] = relationship()
    curriculum: Mapped[Curriculum] = relationship()

    def scopes(self) -> list[Scope]:
        return self.organiser.scopes()


class Batch(Recorded, db.Model):
    """An angkatan: one delivery of a course, with its dates, place and seats."""

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("course_id", "ordinal"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("quota > 0", name="quota_positive"),
        Index("ix_batches_status_starts_on", "status", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    ordinal: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(Code, unique=True)  # TAPIN-D-2026-01
    status: Mapped[BatchStatus] = choice(BatchStatus, default=BatchStatus.DRAFT)
    quota: Mapped[int] = mapped_column()
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    announced_days: Mapped[int | None] = (
        mapped_column()
    )  # as the announcement says; may disagree with the dates
    venue: Mapped[str] = mapped_column(String(200))
    venue_region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    zone: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(300), default="")
    provided: Mapped[str] = mapped_column(Text, default="")  # Yang Anda terima
    to_bring: Mapped[str] = mapped_column(Text, default="")  # Yang perlu dibawa
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    admission: Mapped[Admission] = choice(Admission, default=Admission.MANUAL)
    registration_closes_on: Mapped[date | None] = mapped_column()
    status_changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    status_reason: Mapped[str | None] = mapped_column(String(500))
    graduation_stage: Mapped[GraduationStage] = choice(
        GraduationStage, default=GraduationStage.NONE, server_default=GraduationStage.NONE.value
    )
    approved_label: Mapped[str | None] = mapped_column(String(200))  # who approved the graduation

    course: Mapped[Course] = relationship()
    venue_region: Mapped[Region] = relationship()

    @property
    def contact(self) -> str:
        """Return whom to ask, with the telephone number; empty where nobody is named."""
        return ", ".join(part for part in (self.contact_name, self.contact_phone) if part)

    def scopes(self) -> list[Scope]:
        return [*self.course.scopes(), Scope(ScopeKind.BATCH, self.id)]


class Facilitator(Recorded, db.Model):
    """Somebody who teaches; may have an account, by which the sessions are seen."""

    __tablename__ = "facilitators"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    institution: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(EncryptedText("facilitators.phone"))

    organiser: Mapped[Organiser] = relationship()
    user: Mapped[User | None] = relationship()

    def scopes(self) -> list[Scope]:
        return self.organiser.scopes()


class TrainingSession(Recorded, db.Model):
    """One meeting of a batch: a day and two times in the batch's zone; carries JP when
    something is learned.
    """

    __tablename__ = "training_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint("lesson_hours >= 0", name="hours_not_negative"),
        Index("ix_training_sessions_batch_id_held_on", "batch_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"))
    kind: Mapped[SessionKind] = choice(SessionKind)
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date] = mapped_column()
    starts_at: Mapped[time] = mapped_column()
    ends_at: Mapped[time] = mapped_column()
    lesson_hours: Mapped[int] = mapped_column(default=0)  # JP
    group: Mapped[int | None] = mapped_column("parallel_group")
    place: Mapped[str] = mapped_column(String(200), default="")
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitators.id"), index=True)
    office: Mapped[str] = mapped_column(String(200), default="")  # stands where the name follows
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    batch: Mapped[Batch] = relationship()
    subject: Mapped[Subject | None] = relationship()
    facilitator: Mapped[Facilitator | None] = relationship()

    def scopes(self) -> list[Scope]:
        return [*self.batch.scopes(), Scope(ScopeKind.SESSION, self.id)]

    @property
    def begins(self) -> datetime:
        """Return the moment it begins."""
        return datetime.combine(self.held_on, self.starts_at, ZoneInfo(self.batch.zone))

    @property
    def ends(self) -> datetime:
        """Return the moment it ends."""
        return datetime.combine(self.held_on, self.ends_at, ZoneInfo(self.batch.zone))

    @property
    def block(self) -> str:
        """Return the half day it belongs to: the first until half past twelve."""
        return f"{self.held_on.isoformat()}-{1 if self.starts_at < time(12, 30) else 2}"
