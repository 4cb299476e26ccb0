"""Targets: how many PSM a desa should have, from a day on; surveys: that all PSM of a region are recorded."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Recorded, UTCDateTime
from app.core.scopes import Scope
from app.extensions import db
from app.regions.models import Region


class Target(Recorded, db.Model):
    """People of a tier or higher that each desa of a region should have; the nearest region above decides.

    No row is written over.
    """

    __tablename__ = "targets"
    __table_args__ = (
        CheckConstraint("per_desa >= 0", name="per_desa_not_negative"),
        Index(
            "uq_targets_in_force",
            "region_id",
            "starts_on",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    per_desa: Mapped[int | None] = mapped_column()  # none: from this day on the region above decides again
    tier_rank: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # before anything was reported under it

    region: Mapped[Region] = relationship()

    def scopes(self) -> list[Scope]:
        return self.region.scopes()


class Survey(Recorded, db.Model):
    """The statement of an office that everybody who serves in a region is recorded, from a day on: only then
    is nobody zero.

    Taken back, it stays true of the days before `ended_on`: what was reported under it does not change.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        Index(
            "uq_surveys_in_force",
            "region_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    complete_on: Mapped[date] = mapped_column()
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_on: Mapped[date | None] = mapped_column()  # the first day on which it does not hold
    end_reason: Mapped[str | None] = mapped_column(String(300))

    region: Mapped[Region] = relationship()

    def scopes(self) -> list[Scope]:
        return self.region.scopes()
