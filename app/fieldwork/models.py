"""Hosts, client groups, visits, placements."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.auth.models import User
from app.core.models import Recorded, UTCDateTime, choice
from app.core.scopes import Scope, ScopeKind, region_scope
from app.core.text import Text
from app.courses.models import Batch
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork.rules import HostKind, VisitStatus
from app.fieldwork.wording import describe_notes
from app.organisers.models import Organiser
from app.regions.models import Region


class Host(Recorded, db.Model):
    """A home or unit that receives trainees.

    It lies in one region and is kept by the organiser that entered it.
    """

    __tablename__ = "hosts"

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organisers.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[HostKind] = choice(HostKind)
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    visitors_per_day: Mapped[int] = (
        mapped_column()
    )  # trainees it can take on one day; not its number of clients
    contact_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    organiser: Mapped[Organiser] = relationship()
    region: Mapped[Region] = relationship()
    contact_user: Mapped[User | None] = relationship()

    def scopes(self) -> list[Scope]:
        return [
            *self.organiser.scopes(),
            region_scope(self.region.scope_code),
            Scope(ScopeKind.HOST, self.id),
        ]


class ClientGroup(db.Model):
    """Whom the host cares for, and how many; several groups a host."""

    __tablename__ = "client_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("hosts.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    clients: Mapped[int] = mapped_column()

    host: Mapped[Host] = relationship()


class HostVisit(Recorded, db.Model):
    """A batch asks a host for places on a day; the host answers."""

    __tablename__ = "host_visits"
    __table_args__ = (
        Index("ix_host_visits_host_id_visits_on", "host_id", "visits_on"),
        CheckConstraint("granted_places <= requested_places", name="not_more_than_asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("hosts.id"))
    visits_on: Mapped[date] = mapped_column()
    requested_places: Mapped[int] = mapped_column()
    granted_places: Mapped[int] = mapped_column(default=0)
    status: Mapped[VisitStatus] = choice(VisitStatus, default=VisitStatus.REQUESTED)
    note: Mapped[str] = mapped_column(String(500), default="")  # what the committee wrote with its request
    answer_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    answer_note_by: Mapped[str] = mapped_column(
        String(200), default="", server_default=""
    )  # the host, or who wrote it down for the host
    remark: Mapped[str] = mapped_column(
        String(500), default="", server_default=""
    )  # what became of the request: moved, cancelled and why
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column()

    batch: Mapped[Batch] = relationship()
    host: Mapped[Host] = relationship()

    @property
    def asks_for_more(self) -> bool:
        """Say whether the host gave places and has still to answer a request for more of them."""
        return self.status is VisitStatus.PARTLY_ACCEPTED and self.answered_at is None

    @property
    def notes(self) -> list[tuple[Text, str]]:
        """Return what was written about it, each with who said it."""
        return describe_notes(self.status, self.note, self.answer_note, self.answer_note_by, self.remark)

    def scopes(self) -> list[Scope]:
        """Return the batch's scopes and the host's own; the region where the host lies has no say in the
        batch.
        """
        return [*self.batch.scopes(), Scope(ScopeKind.HOST, self.host_id)]


class Placement(Recorded, db.Model):
    """Who practises at which visit, in which group, with which mentor. One per attendee."""

    __tablename__ = "placements"
    __table_args__ = (Index("uq_placements_attendee_id", "attendee_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("host_visits.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))
    group: Mapped[int] = mapped_column("group_number")
    mentor_name: Mapped[str] = mapped_column(String(200), default="")

    visit: Mapped[HostVisit] = relationship()
    attendee: Mapped[Attendee] = relationship()
