"""Who got a seat when a session was over already: not there unless somebody says so.

Nothing of this holds where the office records late who took part: a record of the past, or a seat given after the last day, which
wants a reason.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core import clock
from app.courses.models import Batch, TrainingSession
from app.courses.queries import is_record
from app.enrollments.models import Attendee, Enrollment
from app.extensions import db


def left_on(person: Attendee) -> date | None:
    """Return the day on which somebody left the batch, at its place, or None."""
    return clock.local_day(person.left_at, person.batch.zone) if person.left_at else None


def newcomers(batch: Batch) -> dict[int, datetime]:
    """Return {attendee id: when the seat was given} of those who came after the first day had begun; nobody who is recorded late."""
    if is_record(batch):
        return {}
    begins = datetime.combine(batch.starts_on, datetime.min.time(), ZoneInfo(batch.zone))
    came = select(Attendee.id, Attendee.trainee_id, Attendee.joined_at).where(Attendee.batch_id == batch.id, Attendee.joined_at >= begins)
    found = db.session.execute(came).all()
    after_all = {row.trainee_id for row in found if clock.local_day(row.joined_at, batch.zone) > batch.ends_on}
    late = set()
    if after_all:
        explained = Enrollment.batch_id == batch.id, Enrollment.trainee_id.in_(after_all), Enrollment.override_reason.is_not(None)
        late = set(db.session.scalars(select(Enrollment.trainee_id).where(*explained)))
    return {row.id: row.joined_at for row in found if row.trainee_id not in late}


def was_participant(person_id: int, session: TrainingSession, joined: Mapping[int, datetime]) -> bool:
    """Say whether somebody had a seat before a session ended; `joined` as `newcomers` returns it."""
    return person_id not in joined or joined[person_id] < session.ends


def seated_late(batch: Batch, people: Collection[Attendee]) -> dict[int, datetime]:
    """Return {attendee id: when the seat was given} of those among these people who got it when the first session had begun: those
    who decide about them read it. Nobody of a record of the past."""
    if is_record(batch):
        return {}
    held = TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    first = db.session.scalar(select(TrainingSession).where(*held).order_by(TrainingSession.held_on, TrainingSession.starts_at).limit(1))
    if first is None:
        return {}
    return {person.id: person.joined_at for person in people if person.joined_at > first.begins}
