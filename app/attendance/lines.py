"""One line a person of the presence of a half day or a session: what is stored, and what a form shows."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from app.attendance import rules
from app.attendance.joining import Spans, spans_of
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.auth.models import User
from app.core import versions
from app.courses.models import TrainingSession
from app.enrollments.models import Attendee
from app.extensions import db


@dataclass(frozen=True)
class PersonLine(versions.Line):
    """One person of a half day: `stored` session by session, `shown` as one entry, or None to leave it as it
    is.

    `filled` are the own sessions with their entry; `empty` are those without one, and only they are filled
    where some are not. `before` are those that had ended when the seat was given, at `joined_at`, or that are
    held after the death of somebody; filled from here only where nothing else is empty.
    """

    filled: tuple[tuple[str, Entry], ...] = ()
    empty: tuple[tuple[int, str], ...] = ()
    counts_from: time = time.min  # minutes late begin here
    ends_at: time = time.max
    saved_by: str = ""
    before: tuple[str, ...] = ()
    is_before: bool = False  # nothing else is empty: nobody is taken to have been there
    joined_at: datetime | None = None
    died_on: date | None = None  # as recorded, where these sessions are held on that day or after it

    @property
    def is_partial(self) -> bool:
        return bool(self.empty and (self.filled or (self.before and not self.is_before)))

    @property
    def minutes(self) -> int:
        """Return how long what is entered here lasts, from where minutes late are counted."""
        return rules.minutes_between(self.counts_from, self.ends_at)

    @property
    def wording(self) -> str:
        """Say what is stored: one entry, or each session by its name."""
        if not self.filled:
            return "–"
        if not self.empty and self.shown is not None:
            return str(self.shown)
        return "; ".join(f"{title}: {entry}" for title, entry in self.filled)


def lines_of(sessions: Collection[TrainingSession], people: Collection[Attendee]) -> dict[int, PersonLine]:
    """Return what is stored of these sessions (of one half day, in order of time) for each of these people.

    A half day is shown as one entry only where all own sessions say the same. Nothing is invented for a
    session without entry from another one that says anything else than "Hadir".
    """
    ids = [session.id for session in sessions]
    rows: dict[int, dict[int, Attendance]] = defaultdict(dict)
    query = select(Attendance, User.name).outerjoin(User, User.id == Attendance.recorded_by_id)
    names: dict[int, str] = {}
    for row, name in db.session.execute(query.where(Attendance.session_id.in_(ids))):
        rows[row.attendee_id][row.session_id] = row
        names[row.id] = name or ""
    found = {}
    spans = spans_of(next(iter(sessions)).batch) if sessions and people else Spans()
    for person in people:
        own = [session for session in sessions if rules.is_in_group(person.group, session.group)]
        if own:
            found[person.id] = _line_of(person, own, rows[person.id], names, spans)
    return found


def _line_of(
    person: Attendee,
    own: list[TrainingSession],
    rows: dict[int, Attendance],
    names: dict[int, str],
    spans: Spans,
) -> PersonLine:
    entered = [(session, rows[session.id]) for session in own if session.id in rows]
    entries = [(session, Entry(row.status, row.minutes_late, row.note)) for session, row in entered]
    empty = [session for session in own if session.id not in rows]
    last = max((row for _session, row in entered), key=lambda row: row.recorded_at, default=None)
    before = [session for session in empty if not spans.cover(person.id, session)]
    if len(before) < len(empty):
        empty = [session for session in empty if session not in before]
    begin = (empty if (entered or before) and empty else own)[0].starts_at
    if not empty:
        lines = [(session.starts_at, session.ends_at, entry) for session, entry in entries]
        shown = rules.half_day_of(lines, first_start=begin)
    else:
        usual = (
            empty != before
            and person.left_at is None
            and all(entry.status is Presence.PRESENT for _session, entry in entries)
        )
        shown = Entry(Presence.PRESENT) if usual else None
    return PersonLine(
        stored=tuple((session.id, entry) for session, entry in entries),
        shown=shown,
        saved_by_id=last.recorded_by_id if last else None,
        saved_at=last.recorded_at if last else None,
        filled=tuple((session.title, entry) for session, entry in entries),
        empty=tuple((session.id, session.title) for session in empty),
        counts_from=begin,
        ends_at=max(session.ends_at for session in own),
        saved_by=names[last.id] if last else "",
        before=tuple(session.title for session in before),
        is_before=bool(before) and empty == before,
        joined_at=spans.joined.get(person.id),
        died_on=spans.died_before(person.id, own[-1]),
        description=(
            f"{person.name} {_said([entry for _session, entry in entries], None if empty else shown)}".strip()
        ),
    )


def _said(entries: list[Entry], whole: Entry | None) -> str:
    """Say what the sessions of a half day hold: as one entry where it is one, else each thing once."""
    return str(whole) if whole is not None else "; ".join(dict.fromkeys(str(entry) for entry in entries))


def frame_of(sessions: Collection[TrainingSession]) -> tuple[Any, ...]:
    """Return what a page of presence says of its sessions; another frame is another page."""
    return tuple((each.id, each.held_on, each.starts_at, each.ends_at, each.group) for each in sessions)


def version_of(
    sessions: Collection[TrainingSession], people: Collection[Attendee], *, shown: bool = True
) -> str:
    """Return the version of the presence of these people in these sessions, as somebody reads it now."""
    return versions.version_of(lines_of(sessions, people), frame=frame_of(sessions), shown=shown)
