"""One table: what was asked of the office, and how it was answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import EncryptedLongText, EncryptedText, UTCDateTime, choice
from app.core.scopes import Scope, region_scope
from app.extensions import db
from app.petitions.rules import FOLLOWED_FOR, Answer, PetitionKind, Told
from app.regions.models import Region
from app.regions.rules import WIB
from app.trainees.models import Trainee


class Petition(db.Model):
    """Something asked of the office.

    Whose it is: the record it is about, and the place that was told with it; either office answers.

    `told` is sealed and let go when the answer is not followed any more; `secret_hash` is that of the code
    which a claimant holds, kept after a sentence alone as long as that; `open_key` is the same for the same
    thing asked twice, and empty once it is answered; a report has none, each is one of its own.
    """

    __tablename__ = "petitions"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_an_answer"),
        Index("ix_petitions_answered_at_kind", "answered_at", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PetitionKind] = choice(PetitionKind)
    trainee_id: Mapped[int | None] = mapped_column(ForeignKey("trainees.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id"), index=True
    )  # the desa typed; the organiser's of a report
    batch_id: Mapped[int | None] = (
        mapped_column()
    )  # the course she also asked for; it lies above, so a number
    told: Mapped[str | None] = mapped_column(EncryptedLongText("petitions.told"))
    secret_hash: Mapped[str | None] = mapped_column(String(200))
    follow_index: Mapped[str | None] = mapped_column(String(64), index=True)
    open_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    asked_by_id: Mapped[int | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column()
    answered_label: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[Answer | None] = choice(Answer, nullable=True)
    words: Mapped[str | None] = mapped_column(EncryptedText("petitions.words"))  # what the office says

    trainee: Mapped[Trainee | None] = relationship()
    region: Mapped[Region | None] = relationship()

    @property
    def person(self) -> Trainee | None:
        """Return the record that counts of whom it is about."""
        return self.trainee and (self.trainee.counting or self.trainee)

    @property
    def can_be_answered(self) -> bool:
        """Return whether an answer is still to be given.

        It is when none was given, or only a sentence to a claimant who was to come.
        """
        return self.answered_at is None or (
            self.secret_hash is not None and self.answered_at > clock.now() - FOLLOWED_FOR
        )

    @property
    def zone(self) -> str:
        """Return the zone of the place it comes from."""
        place = self.region or (self.person.duty_region if self.person else None)
        return place.zone if place else WIB

    @property
    def about_whom(self) -> str:
        """Return whom it is about: the name typed by who asks, else that of the record; a name wished for is
        nobody's yet.
        """
        recorded = self.person.name if self.person else ""
        return recorded if self.kind is PetitionKind.NAME else self.said.name or recorded

    @property
    def said(self) -> Told:
        """Return what was typed; nothing once it was answered."""
        return Told.from_text(self.told)

    def scopes(self) -> list[Scope]:
        regions = [self.person.duty_region if self.person else None, self.region]
        return [region_scope(region.scope_code) for region in regions if region is not None]
