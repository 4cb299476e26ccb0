"""JP per person, and how each took part in the field practice."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from app.attendance import rules
from app.attendance.joining import Spans, spans_of
from app.attendance.models import Attendance
from app.attendance.queries.presence import list_attendances, list_counted_sessions, wants_presence
from app.attendance.rules import Hours, Practice
from app.courses.models import Batch, TrainingSession
from app.courses.rules import SessionKind
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db


def hours_by_attendee(batch: Batch, people: Collection[Attendee] | None = None) -> dict[int, Hours]:
    """Return the JP of everybody who takes part (or of these people) by attendee; three queries, however many
    people there are.
    """
    sessions = list_counted_sessions(batch)
    kept = {(row.session_id, row.attendee_id): row for row in list_attendances(batch)}
    people, spans = list_attendees(batch) if people is None else people, spans_of(batch)
    return {person.id: _hours(batch, person, sessions, kept, spans) for person in people}


def hours_of(attendee: Attendee) -> Hours:
    """Return the JP of one attendee."""
    batch = attendee.batch
    kept = {
        (row.session_id, row.attendee_id): row
        for row in list_attendances(batch)
        if row.attendee_id == attendee.id
    }
    return _hours(batch, attendee, list_counted_sessions(batch), kept, spans_of(batch))


def _hours(
    batch: Batch,
    person: Attendee,
    sessions: list[TrainingSession],
    kept: dict[tuple[int, int], Attendance],
    spans: Spans,
) -> Hours:
    planned = attended = lost = 0
    for session in sessions:
        if not rules.is_in_group(person.group, session.group):
            continue
        planned += session.lesson_hours
        row = kept.get((session.id, person.id))
        if row is not None:
            got = hours_of_presence(batch, session, row)
            attended += got
            lost += session.lesson_hours - got
        elif not spans.cover(person.id, session):
            lost += session.lesson_hours
    return Hours(planned=planned, attended=attended, lost=lost)


def hours_of_presence(batch: Batch, session: TrainingSession, row: Attendance) -> int:
    """Return what one presence is worth under the rules of its course."""
    return rules.hours_for(
        session.lesson_hours,
        lesson_minutes=batch.course.lesson_minutes,
        status=row.status,
        minutes_late=row.minutes_late,
        excused_counts=batch.course.excused_counts,
    )


def practice_by_attendee(batch: Batch) -> dict[int, Practice]:
    """Return how everybody took part in the field practice, by attendee."""
    sessions = [
        session for session in list_counted_sessions(batch) if session.kind is SessionKind.FIELD_PRACTICE
    ]
    kept = {
        (row.session_id, row.attendee_id): row
        for row in list_attendances(batch, [session.id for session in sessions])
    }
    found, spans = {}, spans_of(batch)
    for person in list_attendees(batch):
        own = [
            (session, kept.get((session.id, person.id)))
            for session in sessions
            if rules.is_in_group(person.group, session.group)
        ]
        practice = rules.practice_of(
            (
                row.status if row else None,
                hours_of_presence(batch, session, row) if row else 0,
                session.lesson_hours,
            )
            for session, row in own
        )
        found[person.id] = replace(
            practice, open=sum(row is None and spans.cover(person.id, session) for session, row in own)
        )
    return found


def is_practised(batch: Batch) -> bool:
    """Return whether anybody was seen at the field practice of a batch."""
    practice = (
        TrainingSession.batch_id == batch.id,
        TrainingSession.kind == SessionKind.FIELD_PRACTICE,
        wants_presence(),
    )
    seen = select(Attendance.id).join(TrainingSession).where(*practice, Attendance.status.in_(rules.THERE))
    return db.session.scalar(seen.limit(1)) is not None
