"""Regions with their period of validity, and what became of the old ones."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Code, choice
from app.core.scopes import Scope, region_scope
from app.extensions import db
from app.regions.rules import Level, full_name, level_of


class Region(db.Model):
    """One region. Rows elsewhere refer to the id; `scope_code` is the code by which rights are
    decided today.
    """

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code)
    scope_code: Mapped[str] = mapped_column(Code, index=True)
    name: Mapped[str] = mapped_column(String(120))
    level: Mapped[Level] = choice(Level)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    zone: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date | None] = mapped_column()
    valid_to: Mapped[date | None] = mapped_column()

    parent: Mapped["Region | None"] = relationship(remote_side=[id])

    __table_args__ = (
        Index(
            "uq_regions_valid_code",
            "code",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
        Index("ix_regions_level_code", "level", "code"),
    )

    @property
    def full_name(self) -> str:
        """Return the name with its kind, e.g. 'Kecamatan Piani', 'Kelurahan Bitahan'."""
        return full_name(self.code, self.name)

    def scopes(self) -> list[Scope]:
        return [region_scope(self.scope_code)]

    @property
    def is_desa(self) -> bool:
        return level_of(self.code) is Level.DESA

    @property
    def place_name(self) -> str:
        """Return a desa with its kecamatan, e.g. 'Desa Keladan, Kecamatan Piani'; any other region alone."""
        return (
            f"{self.full_name}, {self.parent.full_name}" if self.is_desa and self.parent else self.full_name
        )


class RegionSuccession(db.Model):
    """From this day on, the new region stands where the old one stood (pemekaran, penggabungan)."""

    __tablename__ = "region_successions"
    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    new_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    starts_on: Mapped[date] = mapped_column()
