"""Presence of an attendee in a session."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.attendance.rules import Presence
from app.core.models import Recorded, choice
from app.core.scopes import Scope
from app.courses.models import TrainingSession
from app.enrollments.models import Attendee
from app.extensions import db


class Attendance(Recorded, db.Model):
    """One presence; corrected in place, the old value stays in the events."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("session_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    status: Mapped[Presence] = choice(Presence)
    minutes_late: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")

    session: Mapped[TrainingSession] = relationship()
    attendee: Mapped[Attendee] = relationship()

    def scopes(self) -> list[Scope]:
        return self.session.scopes()
