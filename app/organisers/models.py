"""Organisers, what they were called when, and who signed for them when."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Code, Recorded, choice
from app.core.scopes import Scope, ScopeKind, region_scope
from app.extensions import db
from app.organisers.rules import Orientation, SecondSigner, SheetLayout
from app.regions.models import Region
from app.regions.rules import Level


class Organiser(Recorded, db.Model):
    """An office that runs diklat.

    `level` decides which tiers it may run; `number_pattern` writes its certificate numbers.
    """

    __tablename__ = "organisers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)  # e.g. TAPIN, in batch codes
    unit: Mapped[str] = mapped_column(String(40))  # e.g. DINSOS-TAPIN, in certificate numbers
    level: Mapped[Level] = choice(Level)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    seat: Mapped[str] = mapped_column(String(80))  # the town where it signs, e.g. Rantau
    number_pattern: Mapped[str] = mapped_column(String(120))
    sheet_orientation: Mapped[Orientation] = choice(
        Orientation, default=Orientation.LANDSCAPE, server_default=Orientation.LANDSCAPE.value
    )
    sheet_second_signer: Mapped[SecondSigner] = choice(
        SecondSigner, default=SecondSigner.BACK, server_default=SecondSigner.BACK.value
    )
    sheet_photo: Mapped[bool] = mapped_column(default=False, server_default=false())

    # Whether anybody may read its figures, down to the kecamatan.
    publishes_coverage: Mapped[bool] = mapped_column(default=False, server_default=false())

    region: Mapped[Region] = relationship()

    @property
    def sheet(self) -> SheetLayout:
        """Return how the next certificates are laid out."""
        return SheetLayout(self.sheet_orientation, self.sheet_second_signer, self.sheet_photo)

    def scopes(self) -> list[Scope]:
        return [region_scope(self.region.scope_code), Scope(ScopeKind.ORGANISER, self.id)]


class OrganiserName(Recorded, db.Model):
    """What the office was called from a day on, with its letterhead."""

    __tablename__ = "organiser_names"
    __table_args__ = (
        Index("uq_organiser_names_organiser_id_starts_on", "organiser_id", "starts_on", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"))
    name: Mapped[str] = mapped_column(String(200))
    government: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    starts_on: Mapped[date] = mapped_column()


class Signer(Recorded, db.Model):
    """Somebody who signs for the office during a term; an acting one has a prefix (Plt., Plh., a.n., u.b.)
    and goes first.
    """

    __tablename__ = "signers"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str | None] = mapped_column(String(20))
    rank: Mapped[str | None] = mapped_column(String(80))
    nip: Mapped[str | None] = mapped_column(String(18))
    is_second: Mapped[bool] = mapped_column(default=False)  # where, `Organiser.sheet_second_signer` says
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
