"""Targets: how many PSM a desa should have, from a day on."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Recorded
from app.core.scopes import Scope
from app.extensions import db
from app.regions.models import Region


class Target(Recorded, db.Model):
    """People of a tier or higher that each desa of a region should have; the nearest region above decides."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("region_id", "starts_on"), CheckConstraint("per_desa >= 0", name="per_desa_not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    per_desa: Mapped[int] = mapped_column()
    tier_rank: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date] = mapped_column()

    region: Mapped[Region] = relationship()

    def scopes(self) -> list[Scope]:
        return self.region.scopes()
