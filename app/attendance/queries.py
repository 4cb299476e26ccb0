"""Presence as pages and decisions need it: by half-day block, by session, and as JP per person.

What is missing is asked in one place, `_missing`: every session with JP has an entry for every participant of
its group. Half days, the next thing to do, the rail of a batch and the graduation meeting all derive from it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.attendance import rules
from app.attendance.joining import Spans, left_on, spans_of
from app.attendance.models import Attendance
from app.attendance.rules import Hours, Practice, Presence
from app.auth.models import User
from app.core.dates import day_date
from app.core.text import Text
from app.courses.models import Batch, TrainingSession
from app.courses.rules import SessionKind
from app.enrollments.models import Attendee
from app.enrollments.queries import family_of, list_attendees
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


def list_counted_sessions(batch: Batch) -> list[TrainingSession]:
    """Return the sessions of a batch that carry JP and were not cancelled, in order of time."""
    counted = select(TrainingSession).where(TrainingSession.batch_id == batch.id, _counted())
    return list(
        db.session.scalars(
            counted.order_by(TrainingSession.held_on, TrainingSession.starts_at, TrainingSession.id)
        )
    )


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


def _counted() -> ColumnElement[bool]:
    """Only sessions that carry JP and are held want presence."""
    return and_(TrainingSession.cancelled_at.is_(None), TrainingSession.lesson_hours > 0)


def _expected() -> ColumnElement[bool]:
    """The participants whose presence a session wants: those of its group who have not left."""
    own = or_(TrainingSession.group.is_(None), TrainingSession.group == Attendee.group)
    stays = Attendee.kind == AttendeeKind.TRAINEE, Attendee.left_at.is_(None)
    return and_(Attendee.batch_id == TrainingSession.batch_id, *stays, own)


def _missing(batch: Batch) -> dict[int, set[int]]:
    """Return {session id: ids of those whose entry is wanted still}; of nobody who got the seat when it had
    ended, or had died.

    Where everybody got the seat later (a batch entered late) and nothing was entered, somebody has to say who
    was there.
    """
    entered = and_(Attendance.session_id == TrainingSession.id, Attendance.attendee_id == Attendee.id)
    asked = select(TrainingSession, Attendee.id).join(Attendee, _expected()).outerjoin(Attendance, entered)
    found: dict[int, set[int]] = defaultdict(set)
    lacking = asked.where(TrainingSession.batch_id == batch.id, _counted(), Attendance.id.is_(None))
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


def list_sessions_without_presence(batch: Batch) -> list[TrainingSession]:
    """Return the sessions with JP where the presence of a participant is missing, in the order of the
    schedule.
    """
    missing = _missing(batch)
    return [session for session in list_counted_sessions(batch) if session.id in missing]


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
    """Say whether anybody was seen at the field practice of a batch."""
    practice = (
        TrainingSession.batch_id == batch.id,
        TrainingSession.kind == SessionKind.FIELD_PRACTICE,
        _counted(),
    )
    seen = select(Attendance.id).join(TrainingSession).where(*practice, Attendance.status.in_(rules.THERE))
    return db.session.scalar(seen.limit(1)) is not None


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
    """Say whether any presence of a batch is entered."""
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
