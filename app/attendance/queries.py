"""Presence as pages and decisions need it: by half-day block, by session, and as JP per person."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.attendance import rules
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Hours, Presence
from app.core.scopes import Reach, ScopeKind
from app.courses.models import Batch, Facilitator, TrainingSession
from app.courses.rules import SessionKind
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db


@dataclass(frozen=True)
class Block:
    """A half day: its sessions that carry JP, and how many of the people of the batch have an entry there."""

    name: str
    sessions: list[TrainingSession]
    people: int
    present: int
    entered: int

    @property
    def held_on(self) -> date:
        return self.sessions[0].held_on

    @property
    def starts_at(self) -> time:
        return min(session.starts_at for session in self.sessions)

    @property
    def ends_at(self) -> time:
        return max(session.ends_at for session in self.sessions)

    @property
    def lesson_hours(self) -> int:
        """Return the JP of the half day; sessions of parallel groups stand beside each other and count once."""
        groups = {session.group for session in self.sessions}
        common = sum(session.lesson_hours for session in self.sessions if session.group is None)
        own = (sum(session.lesson_hours for session in self.sessions if session.group == group) for group in groups if group is not None)
        return common + max(own, default=0)

    @property
    def is_complete(self) -> bool:
        return self.people > 0 and self.entered >= self.people


def list_counted_sessions(batch: Batch) -> list[TrainingSession]:
    """Return the sessions of a batch that carry JP and were not cancelled, in order of time."""
    counted = select(TrainingSession).where(
        TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None), TrainingSession.lesson_hours > 0
    )
    return list(db.session.scalars(counted.order_by(TrainingSession.held_on, TrainingSession.starts_at, TrainingSession.id)))


def list_days(batch: Batch) -> list[date]:
    """Return the days on which something is held, for the printed daftar hadir."""
    held = select(TrainingSession.held_on).where(TrainingSession.batch_id == batch.id, TrainingSession.cancelled_at.is_(None))
    return list(db.session.scalars(held.distinct().order_by(TrainingSession.held_on)))


def list_attendances(batch: Batch, session_ids: Collection[int] | None = None) -> list[Attendance]:
    """Return all presences of a batch, or those of some of its sessions."""
    kept = select(Attendance).join(TrainingSession).where(TrainingSession.batch_id == batch.id)
    if session_ids is not None:
        kept = kept.where(Attendance.session_id.in_(session_ids))
    return list(db.session.scalars(kept))


def blocks_of(batch: Batch) -> list[Block]:
    """Return the half days of a batch with what is entered of them."""
    sessions = list_counted_sessions(batch)
    people = list_attendees(batch)
    there: dict[str, set[int]] = defaultdict(set)
    entered: dict[str, set[int]] = defaultdict(set)
    block_of_session = {session.id: session.block for session in sessions}
    known = {attendee.id for attendee in people}
    rows = select(Attendance.session_id, Attendance.attendee_id, Attendance.status).join(TrainingSession)
    for session_id, attendee_id, status in db.session.execute(rows.where(TrainingSession.batch_id == batch.id)):
        block = block_of_session.get(session_id)
        if block is None or attendee_id not in known:
            continue
        entered[block].add(attendee_id)
        if status in rules.THERE:
            there[block].add(attendee_id)
    by_block: dict[str, list[TrainingSession]] = defaultdict(list)
    for session in sessions:
        by_block[session.block].append(session)
    return [
        Block(name, members, _expected(members, people), len(there[name]), len(entered[name])) for name, members in sorted(by_block.items())
    ]


def next_block(blocks: list[Block], today: date) -> Block | None:
    """Return the first half day up to today that is not entered for everybody."""
    return next((block for block in blocks if block.held_on <= today and not block.is_complete), None)


def _expected(sessions: list[TrainingSession], people: list[Attendee]) -> int:
    return sum(any(rules.is_in_group(person.group, session.group) for session in sessions) for person in people)


def find_block(batch: Batch, name: str) -> Block | None:
    """Return one half day of a batch by its name, e.g. 2026-10-12-1."""
    return next((block for block in blocks_of(batch) if block.name == name), None)


def people_of(sessions: Collection[TrainingSession], people: Collection[Attendee]) -> list[Attendee]:
    """Return those for whom at least one of these sessions is held."""
    return [person for person in people if any(rules.is_in_group(person.group, session.group) for session in sessions)]


def known_of_session(session: TrainingSession) -> dict[int, Entry | None]:
    """Return what is entered for each attendee of one session."""
    kept = db.session.scalars(select(Attendance).where(Attendance.session_id == session.id))
    return {row.attendee_id: Entry(row.status, row.minutes_late, row.note) for row in kept}


def known_of_block(block: Block, people: Collection[Attendee]) -> dict[int, Entry | None]:
    """Return what is entered of a half day for each of these people; None where the sessions differ, so that nothing is overwritten."""
    ids = [session.id for session in block.sessions]
    rows: dict[int, dict[int, Attendance]] = defaultdict(dict)
    for row in db.session.scalars(select(Attendance).where(Attendance.session_id.in_(ids))):
        rows[row.attendee_id][row.session_id] = row
    found: dict[int, Entry | None] = {}
    for person in people:
        own = [session for session in block.sessions if rules.is_in_group(person.group, session.group)]
        entered = [(session, rows[person.id][session.id]) for session in own if session.id in rows[person.id]]
        if entered:
            lines = [(session.starts_at, session.ends_at, Entry(row.status, row.minutes_late, row.note)) for session, row in entered]
            found[person.id] = rules.half_day_of(lines, first_start=own[0].starts_at)
    return found


def hours_by_attendee(batch: Batch) -> dict[int, Hours]:
    """Return the JP of everybody who takes part, by the id of the attendee; three queries, however many people there are."""
    sessions = list_counted_sessions(batch)
    kept = {(row.session_id, row.attendee_id): row for row in list_attendances(batch)}
    return {person.id: _hours(batch, person, sessions, kept) for person in list_attendees(batch)}


def hours_of(attendee: Attendee) -> Hours:
    """Return the JP of one attendee."""
    batch = attendee.batch
    kept = {(row.session_id, row.attendee_id): row for row in list_attendances(batch) if row.attendee_id == attendee.id}
    return _hours(batch, attendee, list_counted_sessions(batch), kept)


def _hours(batch: Batch, person: Attendee, sessions: list[TrainingSession], kept: dict[tuple[int, int], Attendance]) -> Hours:
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


def fieldwork_done(batch: Batch) -> set[int]:
    """Return the ids of the attendees who were there in every field-practice session of their group."""
    sessions = [session for session in list_counted_sessions(batch) if session.kind is SessionKind.FIELD_PRACTICE]
    kept = {(row.session_id, row.attendee_id): row for row in list_attendances(batch, [session.id for session in sessions])}
    done = set()
    for person in list_attendees(batch):
        presences: list[tuple[Presence | None, int]] = []
        for session in sessions:
            if rules.is_in_group(person.group, session.group):
                row = kept.get((session.id, person.id))
                presences.append((row.status, hours_of_presence(batch, session, row)) if row else (None, 0))
        if rules.is_fieldwork_done(presences):
            done.add(person.id)
    return done


def list_own_sessions(reach: Reach, user_id: int) -> list[TrainingSession]:
    """Return the sessions somebody teaches, or was given by name; the last days first, at most two hundred."""
    given = reach.ids.get(ScopeKind.SESSION, frozenset())
    mine = (
        select(TrainingSession)
        .outerjoin(Facilitator, TrainingSession.facilitator_id == Facilitator.id)
        .where(TrainingSession.cancelled_at.is_(None), or_(TrainingSession.id.in_(given), Facilitator.user_id == user_id))
        .options(joinedload(TrainingSession.batch).joinedload(Batch.course))
        .order_by(TrainingSession.held_on.desc(), TrainingSession.starts_at, TrainingSession.id)
    )
    return list(db.session.scalars(mine.limit(200)))


def count_entered(session_ids: Collection[int]) -> dict[int, int]:
    """Return how many presences each of these sessions has."""
    counted = select(Attendance.session_id, func.count()).where(Attendance.session_id.in_(session_ids)).group_by(Attendance.session_id)
    return dict(db.session.execute(counted).all())
