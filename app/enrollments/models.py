"""Enrollments and the attendees they become."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Recorded, UTCDateTime, choice
from app.core.scopes import Scope
from app.courses.models import Batch, Facilitator, Tier
from app.enrollments.rules import ENDED, SEATED, AttendeeKind, EnrollmentStatus, SeatEnd
from app.extensions import db
from app.trainees.models import Trainee


def _statuses(statuses: frozenset[EnrollmentStatus]) -> str:
    return ", ".join(f"'{status.value}'" for status in sorted(statuses))


_NOT_ENDED = text(f"status NOT IN ({_statuses(ENDED)}) AND ended_as IS NULL")
_SEATED = text(f"status IN ({_statuses(SEATED)}) AND ended_as IS NULL")


class Enrollment(Recorded, db.Model):
    """A trainee's seat in a batch, asked or given, in force until something ends it and says what.

    One in force per person and batch; one seat in force per person and tier.
    """

    __tablename__ = "enrollments"
    __table_args__ = (
        Index(
            "uq_enrollments_active",
            "batch_id",
            "trainee_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        Index(
            "uq_enrollments_seat",
            "trainee_id",
            "tier_id",
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index("ix_enrollments_batch_id_status", "batch_id", "status"),
        Index("ix_enrollments_status_offer_ends_at", "status", "offer_ends_at"),
        Index("ix_enrollments_recorded_by_id_recorded_at", "recorded_by_id", "recorded_at"),
        CheckConstraint("(decided_at IS NULL) = (decided_label IS NULL)", name="decided_by_whom"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    trainee_id: Mapped[int] = mapped_column(ForeignKey("trainees.id"), index=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    status: Mapped[EnrollmentStatus] = choice(EnrollmentStatus)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column()
    decided_label: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    reply: Mapped[str | None] = mapped_column(
        String(500)
    )  # what she said when she sent it again after it was returned
    override_reason: Mapped[str | None] = mapped_column(
        String(500)
    )  # a prerequisite that an officer let pass
    passed_over_reason: Mapped[str | None] = mapped_column(
        String(500)
    )  # why others who waited longer came later
    offer_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the offered seat is kept until then
    ended_as: Mapped[SeatEnd | None] = choice(SeatEnd, nullable=True)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_reason: Mapped[str | None] = mapped_column(String(500))

    batch: Mapped[Batch] = relationship()
    trainee: Mapped[Trainee] = relationship()
    tier: Mapped[Tier] = relationship()

    def scopes(self) -> list[Scope]:
        return self.batch.scopes()

    @property
    def name(self) -> str:
        return self.trainee.called

    @property
    def is_in_force(self) -> bool:
        """Say whether nothing has ended it so far."""
        return self.ended_as is None and self.status not in ENDED


class Attendee(db.Model):
    """Somebody who takes part in a batch: presence, placement and certificate point here."""

    __tablename__ = "attendees"
    __table_args__ = (
        Index("uq_attendees_batch_id_trainee_id", "batch_id", "trainee_id", unique=True),
        CheckConstraint(
            "(kind = 'trainee' AND trainee_id IS NOT NULL) OR (kind = 'facilitator' AND facilitator_id IS NOT"
            " NULL) OR (kind = 'guest' AND guest_name IS NOT NULL)",
            name="one_of_three",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    kind: Mapped[AttendeeKind] = choice(AttendeeKind)
    trainee_id: Mapped[int | None] = mapped_column(ForeignKey("trainees.id"), index=True)
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("facilitators.id"))
    guest_name: Mapped[str | None] = mapped_column(String(200))
    group: Mapped[int | None] = mapped_column("parallel_group")
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    left_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # the seat was withdrawn; what happened stays

    batch: Mapped[Batch] = relationship()
    trainee: Mapped[Trainee | None] = relationship()
    facilitator: Mapped[Facilitator | None] = relationship()

    def scopes(self) -> list[Scope]:
        return self.batch.scopes()

    @property
    def name(self) -> str:
        if self.trainee is not None:
            return self.trainee.called
        return self.facilitator.name if self.facilitator else (self.guest_name or "")
