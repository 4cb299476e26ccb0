"""Half days: what is entered of each, and which presence is missing.

What is missing is asked in one place, `_missing`: every session with JP has an entry for every participant of
its group. Half days, the next thing to do, the rail of a batch and the graduation meeting all derive from it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, and_, or_, select

from app.attendance import rules
from app.attendance.joining import spans_of
from app.attendance.models import Attendance
from app.attendance.queries.presence import list_counted_sessions, people_of, wants_presence
from app.attendance.rules import Presence
from app.core.text import Text
from app.courses.models import Batch, TrainingSession
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.enrollments.rules import AttendeeKind
from app.extensions import db


@dataclass(frozen=True)
class Block:
    """A half day: its sessions that carry JP, how many people it is for, how many of them were there in every
    session of theirs, and in words how many are what: everybody is counted once.

    `missing` are the sessions where an entry is wanted still; `begun` says whether any entry was made at all.
    """

    name: str
    sessions: list[TrainingSession]
    people: int
    present: int
    entered: int
    counts: list[tuple[Text, int]]
    missing: list[TrainingSession]
    begun: bool

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
        """Return the JP of the half day; sessions of parallel groups stand beside each other
        and count once.
        """
        groups = {session.group for session in self.sessions}
        common = sum(session.lesson_hours for session in self.sessions if session.group is None)
        own = (
            sum(session.lesson_hours for session in self.sessions if session.group == group)
            for group in groups
            if group is not None
        )
        return common + max(own, default=0)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def blocks_of(batch: Batch) -> list[Block]:
    """Return the half days of a batch with what is entered of them; who left is counted where there is an
    entry.
    """
    by_block: dict[str, list[TrainingSession]] = defaultdict(list)
    for session in list_counted_sessions(batch):
        by_block[session.block].append(session)
    missing = _missing(batch)
    everybody = list_attendees(batch, active_only=False)
    statuses: dict[int, dict[int, Presence]] = defaultdict(dict)
    rows = select(Attendance.session_id, Attendance.attendee_id, Attendance.status).join(TrainingSession)
    for session_id, attendee_id, status in db.session.execute(
        rows.where(TrainingSession.batch_id == batch.id)
    ):
        statuses[session_id][attendee_id] = status
    known = {person.id for person in everybody}
    active, spans = [person for person in everybody if person.left_at is None], spans_of(batch)
    blocks = []
    for name, sessions in sorted(by_block.items()):
        lacking = set().union(*(missing[session.id] for session in sessions))
        text: dict[int, set[Presence]] = defaultdict(set)
        for session in sessions:
            for who, status in statuses[session.id].items():
                if who in known:
                    text[who].add(status)
        concerned = text.keys() | lacking
        for session in sessions:
            concerned |= {each.id for each in people_of([session], active) if spans.cover(each.id, session)}
        kinds = Counter(
            rules.kind_of_half_day(text.get(who, ()), is_lacking=who in lacking) for who in concerned
        )
        blocks.append(
            Block(
                name,
                sessions,
                people=len(concerned),
                present=kinds[rules.HalfDay.PRESENT],
                entered=len(concerned - lacking),
                counts=[(kind.label, kinds[kind]) for kind in rules.HalfDay if kinds[kind]],
                missing=[session for session in sessions if missing[session.id]],
                begun=bool(text),
            )
        )
    return blocks


def next_block(blocks: list[Block], today: date) -> Block | None:
    """Return the first half day up to today that is not entered for everybody."""
    return next((block for block in blocks if block.held_on <= today and not block.is_complete), None)


def find_block(batch: Batch, name: str) -> Block | None:
    """Return one half day of a batch by its name, e.g. 2026-10-12-1."""
    return next((block for block in blocks_of(batch) if block.name == name), None)


def list_sessions_without_presence(batch: Batch) -> list[TrainingSession]:
    """Return the sessions with JP where the presence of a participant is missing, in the order of the
    schedule.
    """
    missing = _missing(batch)
    return [session for session in list_counted_sessions(batch) if session.id in missing]


def _missing(batch: Batch) -> dict[int, set[int]]:
    """Return {session id: ids of those whose entry is wanted still}; of nobody who got the seat when it had
    ended, or had died.

    Where everybody got the seat later (a batch entered late) and nothing was entered, somebody has to say who
    was there.
    """
    entered = and_(Attendance.session_id == TrainingSession.id, Attendance.attendee_id == Attendee.id)
    asked = select(TrainingSession, Attendee.id).join(Attendee, _expected()).outerjoin(Attendance, entered)
    found: dict[int, set[int]] = defaultdict(set)
    lacking = asked.where(TrainingSession.batch_id == batch.id, wants_presence(), Attendance.id.is_(None))
    spans, later = spans_of(batch), defaultdict[int, set[int]](set)
    for session, attendee_id in db.session.execute(lacking):
        if spans.cover(attendee_id, session):
            found[session.id].add(attendee_id)
        elif spans.died_before(attendee_id, session) is None:
            later[session.id].add(attendee_id)
    begun = (
        select(Attendance.session_id).where(Attendance.session_id.in_(later.keys())).distinct()
        if later
        else None
    )
    silent = later.keys() - found.keys() - (set(db.session.scalars(begun)) if begun is not None else set())
    for session_id in silent:
        found[session_id] = later[session_id]
    return found


def _expected() -> ColumnElement[bool]:
    """The participants whose presence a session wants: those of its group who have not left."""
    own = or_(TrainingSession.group.is_(None), TrainingSession.group == Attendee.group)
    stays = Attendee.kind == AttendeeKind.TRAINEE, Attendee.left_at.is_(None)
    return and_(Attendee.batch_id == TrainingSession.batch_id, *stays, own)
