"""Certificates with their frozen copy, and the counters that number them without a gap."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.certificates.rules import CertificateKind, RegisterState
from app.core.models import JSONValue, Recorded, UTCDateTime, choice
from app.core.scopes import Scope
from app.courses.models import Batch, Tier
from app.enrollments.models import Attendee
from app.extensions import db
from app.organisers.models import Organiser
from app.trainees.models import Trainee

_IN_FORCE = text("revoked_at IS NULL AND superseded_by_id IS NULL")


class Certificate(Recorded, db.Model):
    """What was true on the day, kept as it was printed: `facts` is the frozen copy, and nothing is read from
    elsewhere.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("organiser_id", "tier_id", "year", "sequence"),
        UniqueConstraint("organiser_id", "number"),
        Index(
            "uq_certificates_in_force",
            "attendee_id",
            "kind",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    kind: Mapped[CertificateKind] = choice(CertificateKind)
    year: Mapped[int] = mapped_column()
    sequence: Mapped[int] = mapped_column()
    number: Mapped[str] = mapped_column(String(160))
    code: Mapped[str] = mapped_column(String(13), unique=True)
    facts: Mapped[Any] = mapped_column(JSONValue)
    facts_digest: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date] = mapped_column()  # "Ditetapkan"
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_on: Mapped[date | None] = mapped_column()
    revoked_by_id: Mapped[int | None] = mapped_column()
    revoked_reason: Mapped[str | None] = mapped_column(String(500))
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    attendee: Mapped[Attendee] = relationship()
    trainee: Mapped[Trainee] = relationship()
    batch: Mapped[Batch] = relationship()
    organiser: Mapped[Organiser] = relationship()
    tier: Mapped[Tier] = relationship()
    superseded_by: Mapped["Certificate | None"] = relationship(remote_side=[id])

    def scopes(self) -> list[Scope]:
        return self.batch.scopes()

    @property
    def is_in_force(self) -> bool:
        """Say whether it was neither revoked nor replaced."""
        return self.state is RegisterState.IN_FORCE

    @property
    def state(self) -> RegisterState:
        """Return what it is in the register: whatever came after a revocation, it stays revoked."""
        if self.revoked_at is not None:
            return RegisterState.REVOKED
        return RegisterState.IN_FORCE if self.superseded_by_id is None else RegisterState.SUPERSEDED


class Counter(db.Model):
    """The last number given per organiser, tier and year; locked while the next is taken."""

    __tablename__ = "counters"

    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
