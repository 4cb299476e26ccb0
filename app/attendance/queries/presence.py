"""Presence as it is stored: the sessions that want it, the rows, and the people they are about."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from app.attendance import rules
from app.attendance.joining import left_on
from app.attendance.models import Attendance
from app.auth.models import User
from app.core.dates import day_date
from app.courses.models import Batch, TrainingSession
from app.enrollments.models import Attendee
from app.enrollments.queries import family_of, list_attendees
from app.extensions import db


def list_counted_sessions(batch: Batch) -> list[TrainingSession]:
    """Return the sessions of a batch that carry JP and were not cancelled, in order of time."""
    counted = select(TrainingSession).where(TrainingSession.batch_id == batch.id, wants_presence())
    return list(
        db.session.scalars(
            counted.order_by(TrainingSession.held_on, TrainingSession.starts_at, TrainingSession.id)
        )
    )


def wants_presence() -> ColumnElement[bool]:
    """Return the condition that a session wants presence: it carries JP and was not cancelled."""
    return and_(TrainingSession.cancelled_at.is_(None), TrainingSession.lesson_hours > 0)


def list_days(batch: Batch) -> list[date]:
    """Return the days on which something is held, for the printed daftar hadir."""
    held = select(TrainingSession.held_on).where(
        TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None)
    )
    return list(db.session.scalars(held.distinct().order_by(TrainingSession.held_on)))


def list_attendances(batch: Batch, session_ids: Collection[int] | None = None) -> list[Attendance]:
    """Return all presences of a batch, or those of some of its sessions."""
    kept = select(Attendance).join(TrainingSession).where(TrainingSession.batch_id == batch.id)
    if session_ids is not None:
        kept = kept.where(Attendance.session_id.in_(session_ids))
    return list(db.session.scalars(kept))


def people_of(sessions: Collection[TrainingSession], people: Collection[Attendee]) -> list[Attendee]:
    """Return those for whom at least one of these sessions is held."""
    return [
        person
        for person in people
        if any(rules.is_in_group(person.group, session.group) for session in sessions)
    ]


def people_on(batch: Batch, day: date) -> list[Attendee]:
    """Return those whose presence may be entered on a day: who takes part, and who left on that
    day or later.
    """
    everybody = list_attendees(batch, active_only=False)
    return [person for person in everybody if rules.may_have_presence(day, left_on(person))]


def people_with_presence(batch: Batch, session_ids: Collection[int] | None = None) -> list[Attendee]:
    """Return who takes part, and who left but has presence (in one of these sessions): what
    happened stays.
    """
    kept = {row.attendee_id for row in list_attendances(batch, session_ids)}
    return [
        person
        for person in list_attendees(batch, active_only=False)
        if person.left_at is None or person.id in kept
    ]


def there_elsewhere(
    batch: Batch, lines: Collection[tuple[TrainingSession, Attendee]]
) -> list[tuple[str, TrainingSession]]:
    """Return (name, the other session) of those who were there, at the same time, in a session of another
    batch: duplicates of the person included.
    """
    family = family_of([person.trainee_id for _session, person in lines if person.trainee_id is not None])
    there = (
        select(TrainingSession, Attendee.trainee_id)
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .join(Attendee, Attendee.id == Attendance.attendee_id)
        .where(
            Attendee.trainee_id.in_(family),
            Attendance.status.in_(rules.THERE),
            TrainingSession.batch_id != batch.id,
        )
        .where(
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.held_on.in_({session.held_on for session, _person in lines}),
        )
        .options(joinedload(TrainingSession.batch))
        .order_by(TrainingSession.starts_at)
    )
    taken: dict[int, list[TrainingSession]] = defaultdict(list)
    for other, trainee_id in db.session.execute(there):
        taken[family[trainee_id or 0]].append(other)
    found = {
        person.name: other
        for session, person in lines
        for other in taken[family.get(person.trainee_id or 0, 0)]
        if session.begins < other.ends and other.begins < session.ends
    }
    return sorted(found.items(), key=lambda pair: pair[0])


def names_of_savers(rows: Collection[Attendance]) -> dict[int, str]:
    """Return {id of a presence: name of the account that saved it last}."""
    if not rows:
        return {}
    query = select(Attendance.id, User.name).join(User, User.id == Attendance.recorded_by_id)
    return dict(db.session.execute(query.where(Attendance.id.in_([row.id for row in rows]))).all())


def savers_since(batch: Batch, moment: datetime) -> dict[int, str]:
    """Return {attendee id: name of the account that saved a presence of hers last} of those whose presence
    was saved since then.
    """
    query = (
        select(Attendance.attendee_id, User.name)
        .join(User, User.id == Attendance.recorded_by_id)
        .join(Attendance.session)
    )
    saved = query.where(TrainingSession.batch_id == batch.id, Attendance.recorded_at >= moment).order_by(
        Attendance.recorded_at
    )
    return dict(db.session.execute(saved).all())


def was_in(attendee_id: int) -> str | None:
    """Return the first session in which somebody was, in words, or None."""
    there = (
        Attendance.session_id == TrainingSession.id,
        Attendance.attendee_id == attendee_id,
        Attendance.status.in_(rules.THERE),
    )
    session = db.session.scalar(
        select(TrainingSession)
        .where(*there)
        .order_by(TrainingSession.held_on, TrainingSession.starts_at)
        .limit(1)
    )
    return f"“{session.title}”, {day_date(session.held_on)}" if session else None


def has_any(batch_id: int) -> bool:
    """Return whether any presence of a batch is entered."""
    return (
        db.session.scalar(
            select(Attendance.id).join(TrainingSession).where(TrainingSession.batch_id == batch_id).limit(1)
        )
        is not None
    )


def count_entered(session_ids: Collection[int]) -> dict[int, int]:
    """Return how many presences each of these sessions has."""
    counted = (
        select(Attendance.session_id, func.count())
        .where(Attendance.session_id.in_(session_ids))
        .group_by(Attendance.session_id)
    )
    return dict(db.session.execute(counted).all())
