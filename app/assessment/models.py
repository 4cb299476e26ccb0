"""Marks, graduations and what they say of each attendee."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.core.models import JSONValue, Recorded, UTCDateTime, choice
from app.core.scopes import Scope
from app.core.text import as_sentences
from app.courses.models import Batch
from app.enrollments.models import Attendee
from app.extensions import db

_PROPOSED = text("status = 'proposed'")


class Mark(Recorded, db.Model):
    """A score from 0 to 100."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("attendee_id", "kind"),
        CheckConstraint("value >= 0 AND value <= 100", name="value_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))
    kind: Mapped[MarkKind] = choice(MarkKind)
    value: Mapped[Decimal] = mapped_column(Numeric(5, 2))

    attendee: Mapped[Attendee] = relationship()


class Graduation(db.Model):
    """A meeting of a batch: proposed by one person, approved by another; one proposal at a time.

    Whoever the first meeting puts off is decided by a supplementary one. `record` keeps what a
    proposal was judged by; once it is approved, all that its minutes show, for ever.
    """

    __tablename__ = "graduations"
    __table_args__ = (
        Index(
            "uq_graduations_proposed",
            "batch_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_whom"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    status: Mapped[GraduationStatus] = choice(GraduationStatus, default=GraduationStatus.PROPOSED)
    held_on: Mapped[date] = mapped_column()
    minutes: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by_id: Mapped[int] = mapped_column()
    proposed_label: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column()
    approved_label: Mapped[str | None] = mapped_column(String(200))
    return_reason: Mapped[str | None] = mapped_column(String(500))
    is_supplementary: Mapped[bool] = mapped_column(default=False, server_default=false())
    record: Mapped[Any] = mapped_column(JSONValue, nullable=True)

    batch: Mapped[Batch] = relationship()

    def scopes(self) -> list[Scope]:
        return self.batch.scopes()


class GraduationResult(db.Model):
    """What the meeting says of one attendee, with the figures it was decided on."""

    __tablename__ = "graduation_results"
    __table_args__ = (UniqueConstraint("graduation_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    graduation_id: Mapped[int] = mapped_column(ForeignKey("graduations.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    outcome: Mapped[ResultOutcome] = choice(ResultOutcome)
    suggested: Mapped[ResultOutcome] = choice(ResultOutcome)
    attended_hours: Mapped[int] = mapped_column()
    planned_hours: Mapped[int] = mapped_column()
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    grade: Mapped[str | None] = mapped_column(String(60))
    reasons: Mapped[Any] = mapped_column(JSONValue)  # sentences, as the meeting read them
    note: Mapped[str] = mapped_column(String(300), default="")

    graduation: Mapped[Graduation] = relationship()
    attendee: Mapped[Attendee] = relationship()

    @property
    def said(self) -> str:
        """Return why, as the person reads it: the rules that are not met, then what the meeting wrote."""
        return as_sentences([*self.reasons, self.note])
