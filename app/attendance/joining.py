"""Who got a seat when a session was over already, or had died before it: not there unless somebody says so.

Nothing of this holds where the office records late who took part: a record of the past, or a seat given after
the last day, which wants a reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core import clock
from app.courses.models import Batch, TrainingSession
from app.courses.queries import is_record
from app.enrollments.eligibility import died_on
from app.enrollments.models import Attendee, Enrollment
from app.extensions import db


def left_on(person: Attendee) -> date | None:
    """Return the day on which somebody left the batch, at its place, or None."""
    return clock.local_day(person.left_at, person.batch.zone) if person.left_at else None


def newcomers(batch: Batch) -> dict[int, datetime]:
    """Return {attendee id: when the seat was given} of those who came after the first day had begun; nobody
    who is recorded late.
    """
    if is_record(batch):
        return {}
    begins = datetime.combine(batch.starts_on, datetime.min.time(), ZoneInfo(batch.zone))
    came = select(Attendee.id, Attendee.trainee_id, Attendee.joined_at).where(
        Attendee.batch_id == batch.id, Attendee.joined_at >= begins
    )
    found = db.session.execute(came).all()
    after_all = {
        row.trainee_id for row in found if clock.local_day(row.joined_at, batch.zone) > batch.ends_on
    }
    late = set()
    if after_all:
        explained = (
            Enrollment.batch_id == batch.id,
            Enrollment.trainee_id.in_(after_all),
            Enrollment.override_reason.is_not(None),
        )
        late = set(db.session.scalars(select(Enrollment.trainee_id).where(*explained)))
    return {row.id: row.joined_at for row in found if row.trainee_id not in late}


@dataclass(frozen=True)
class Spans:
    """From when, and until when, the people of a batch can have been there: those of whom it is not all its
    days.
    """

    joined: Mapping[int, datetime] = field(default_factory=dict)
    died: Mapping[int, date] = field(default_factory=dict)

    def cover(self, person_id: int, session: TrainingSession) -> bool:
        """Say whether somebody had a seat before a session ended, and was not dead by its day."""
        had_seat = person_id not in self.joined or self.joined[person_id] < session.ends
        return had_seat and self.died_before(person_id, session) is None

    def died_before(self, person_id: int, session: TrainingSession) -> date | None:
        """Return the recorded day of death of somebody where a session is held on that day or after it."""
        day = self.died.get(person_id)
        return day if day is not None and day <= session.held_on else None


def spans_of(batch: Batch) -> Spans:
    """Return who can have been there only on a part of the days of a batch."""
    return Spans(newcomers(batch), died_on(batch))


def seated_late(batch: Batch, people: Collection[Attendee]) -> dict[int, datetime]:
    """Return {attendee id: when the seat was given} of those among these people who got it when the first
    session had begun: those who decide about them read it. Nobody of a record of the past.
    """
    if is_record(batch):
        return {}
    held = TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    first = db.session.scalar(
        select(TrainingSession)
        .where(*held)
        .order_by(TrainingSession.held_on, TrainingSession.starts_at)
        .limit(1)
    )
    if first is None:
        return {}
    return {person.id: person.joined_at for person in people if person.joined_at > first.begins}
