"""Trainees with their duty posts, standings, appointments (SK), qualifications, and the counts that coverage
reads.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.auth.models import User
from app.core import crypto
from app.core.models import Code, EncryptedText, Recorded, UTCDateTime, choice
from app.core.scopes import Scope, region_scope
from app.courses.models import Tier
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees.rules import EndedAs, Sex, Source, TraineeStatus

OPEN: dict[str, Any] = {"sqlite_where": text("ends_on IS NULL"), "postgresql_where": text("ends_on IS NULL")}


def phone_index(phone: str) -> str:
    """Return what the database knows a number by that is kept in its canonical form."""
    return crypto.blind_index(phone, context="trainees.phone")


class Trainee(Recorded, db.Model):
    """A PSM or calon PSM. A duplicate keeps its rows and points to the record that counts
    (`canonical_id`).
    """

    __tablename__ = "trainees"
    __table_args__ = (Index("ix_trainees_recorded_by_id_recorded_at", "recorded_by_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200), index=True)
    nik: Mapped[str | None] = mapped_column(EncryptedText("trainees.nik"))
    nik_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    nik_masked: Mapped[str | None] = mapped_column(String(16))  # 6305************
    birth_place: Mapped[str | None] = mapped_column(String(80))
    birth_date: Mapped[date | None] = mapped_column()
    sex: Mapped[Sex | None] = choice(Sex, nullable=True)
    phone: Mapped[str | None] = mapped_column(EncryptedText("trainees.phone"))
    phone_index: Mapped[str | None] = mapped_column(
        String(64), index=True
    )  # follows the phone; several people may share one
    email: Mapped[str | None] = mapped_column(EncryptedText("trainees.email"))
    address: Mapped[str | None] = mapped_column(EncryptedText("trainees.address"))
    home_region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id"), index=True
    )  # desa of the KTP
    member_number: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[TraineeStatus] = choice(
        TraineeStatus, default=TraineeStatus.CANDIDATE
    )  # today's; Standing has the history
    duty_region_id: Mapped[int] = mapped_column(
        ForeignKey("regions.id"), index=True
    )  # today's; DutyPost has the history
    renamed_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # when the office last put the name right
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    canonical_id: Mapped[int | None] = mapped_column(ForeignKey("trainees.id"), index=True)
    maybe_same_id: Mapped[int | None] = mapped_column(
        index=True
    )  # the record that looked like hers when she registered herself

    home_region: Mapped[Region | None] = relationship(foreign_keys=[home_region_id])
    duty_region: Mapped[Region] = relationship(foreign_keys=[duty_region_id])
    user: Mapped[User | None] = relationship()
    counting: Mapped["Trainee | None"] = relationship(remote_side=[id], foreign_keys=[canonical_id])

    @validates("phone")
    def _follow_phone(self, _name: str, phone: str | None) -> str | None:
        self.phone_index = phone_index(phone) if phone else None
        return phone

    @property
    def called(self) -> str:
        """Return the name of the person: that of the record that counts."""
        return (self.counting or self).name

    def scopes(self) -> list[Scope]:
        return [region_scope(self.duty_region.scope_code)]


class TraineeWord(db.Model):
    """One word of a folded name: a search reads a range of the index, whatever the engine."""

    __tablename__ = "trainee_words"

    word: Mapped[str] = mapped_column(Code, primary_key=True)  # compared byte by byte on both engines
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), primary_key=True, index=True)


class DutyPost(Recorded, db.Model):
    """Where somebody serves, from a day to a day (the last included). One primary post at a time."""

    __tablename__ = "duty_posts"
    __table_args__ = (
        Index("uq_duty_posts_open", "trainee_id", unique=True, **OPEN),
        Index("ix_duty_posts_region_id_starts_on", "region_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()

    trainee: Mapped[Trainee] = relationship()
    region: Mapped[Region] = relationship()


class Appointment(Recorded, db.Model):
    """An SK by which calon PSM become PSM aktif: one act for many."""

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("organiser_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), index=True)
    number: Mapped[str] = mapped_column(String(120))
    dated_on: Mapped[date] = mapped_column()
    signer_name: Mapped[str] = mapped_column(String(200))

    organiser: Mapped[Organiser] = relationship()

    def scopes(self) -> list[Scope]:
        return self.organiser.scopes()


class Standing(Recorded, db.Model):
    """What somebody is from a day to a day (the last included); active only by an appointment."""

    __tablename__ = "standings"
    __table_args__ = (
        Index("uq_standings_open", "trainee_id", unique=True, **OPEN),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("status <> 'active' OR appointment_id IS NOT NULL", name="active_by_appointment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    status: Mapped[TraineeStatus] = choice(TraineeStatus)
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(300))
    replaced: Mapped[Any] = mapped_column(
        JSON(none_as_null=True), nullable=True
    )  # the standing of the same day that it was written over

    trainee: Mapped[Trainee] = relationship()
    appointment: Mapped[Appointment | None] = relationship()


class Qualification(Recorded, db.Model):
    """A tier that somebody holds from a day to a day. Ladder, CV and coverage read only this."""

    __tablename__ = "qualifications"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_qualifications_trainee_id_held_from", "trainee_id", "held_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    held_from: Mapped[date] = mapped_column()
    held_to: Mapped[date | None] = mapped_column()  # the last day it held
    ended_as: Mapped[EndedAs | None] = choice(EndedAs, nullable=True)
    source: Mapped[Source] = choice(Source)
    source_id: Mapped[int] = mapped_column()  # of the certificate; upwards, so no foreign key
    number: Mapped[str] = mapped_column(String(120))

    trainee: Mapped[Trainee] = relationship()
    tier: Mapped[Tier] = relationship()


class WorkforceCount(db.Model):
    """How many people of a standing and a highest tier (0: none) serve in a desa today; deltas
    keep it true.
    """

    __tablename__ = "workforce_counts"

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    status: Mapped[TraineeStatus] = choice(TraineeStatus, primary_key=True)
    top_rank: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column()


class Merge(db.Model):
    """Two records found to be one person; undone by `undone_at`."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    duplicate_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    canonical_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    merged_by_id: Mapped[int | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(300), default="")
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column()
    taken: Mapped[str | None] = mapped_column(
        String(300)
    )  # what the record that counts lacked and took, by name, with commas between
    accounts: Mapped[Any] = mapped_column(
        JSON(none_as_null=True), nullable=True
    )  # by what the accounts signed in before

    duplicate: Mapped[Trainee] = relationship(foreign_keys=[duplicate_id])
    canonical: Mapped[Trainee] = relationship(foreign_keys=[canonical_id])

    def scopes(self) -> list[Scope]:
        return self.canonical.scopes()
