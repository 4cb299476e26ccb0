"""Entering who was there. The batch is held first, so that presence and the decisions about it take turns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect

from app.attendance import queries, rules
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch, TrainingSession
from app.courses.queries import lock_batch, refusal_to_act
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees, list_enrollments
from app.enrollments.rules import SeatEnd
from app.extensions import db


@dataclass(frozen=True)
class Recorded:
    """What an entry changed: rows written for the first time, rows corrected, rows that said the same already."""

    added: int
    corrected: int
    unchanged: int


PRESENT = Entry(Presence.PRESENT)


@atomic()
def record_block(batch: Batch, block: str, exceptions: Mapping[int, Entry | None], *, by: Actor) -> Recorded:
    """Enter a half day: everybody of the batch was present, except those named; the minutes late count from its first session.

    None instead of an entry leaves somebody as entered before, session by session.

    Raises NotFound for a block that is not of this batch, RuleViolation when it lies ahead, is closed, or names somebody who does
    not take part; then nothing of it is kept.
    """
    held = lock_batch(_id_of(batch))
    sessions = [session for session in queries.list_counted_sessions(held) if session.block == block]
    if not sessions:
        raise NotFound(_("Sesi pada waktu itu tidak ditemukan."))
    people = {person.id: person for person in people_to_record(held)}
    _refuse_sessions(held, sessions)
    _refuse_strangers(exceptions, people)
    lines = {}
    for person in people.values():
        own = [session for session in sessions if rules.is_in_group(person.group, session.group)]
        entry = exceptions.get(person.id, PRESENT)
        if entry is None or not own:
            continue
        first_start = own[0].starts_at
        _refuse_entry(person, entry, longest=rules.minutes_between(first_start, max(session.ends_at for session in own)))
        for session in own:
            lines[session.id, person.id] = rules.share_of(entry, session.starts_at, session.ends_at, first_start=first_start)
    return _keep(held, sessions, lines, by=by, what={"block": block})


@atomic()
def record_presences(session: TrainingSession, entries: Mapping[int, Entry], *, by: Actor) -> Recorded:
    """Enter some attendees of one session; nothing is kept when one of them does not take part or one line is wrong."""
    session_id = _id_of(session)
    held = lock_batch(session.batch_id)
    session = db.session.get_one(TrainingSession, session_id, populate_existing=True)
    people = {person.id: person for person in people_to_record(held) if rules.is_in_group(person.group, session.group)}
    _refuse_sessions(held, [session])
    if session.lesson_hours < 1:
        raise RuleViolation(_("Sesi ini tidak ber-JP; kehadirannya tidak dihitung."))
    _refuse_strangers(entries, people)
    longest = rules.minutes_between(session.starts_at, session.ends_at)
    for attendee_id, entry in entries.items():
        _refuse_entry(people[attendee_id], entry, longest=longest)
    return _keep(
        held, [session], {(session.id, attendee_id): entry for attendee_id, entry in entries.items()}, by=by, what={"session": session.id}
    )


def refusal_to_record(batch: Batch, session: TrainingSession) -> Text | None:
    """Say why the presence of a session cannot be entered now, or None; pages say it before anybody tries."""
    closed = refusal_to_act(Act.RECORD_ATTENDANCE, batch)
    if closed is not None and _put_off(batch):
        closed = refusal_to_act(Act.RECORD_ATTENDANCE, batch, about_deferred=True)
    return closed or rules.refusal_to_record(
        held_on=session.held_on, today=clock.today(batch.zone), is_cancelled=session.cancelled_at is not None
    )


def people_to_record(batch: Batch) -> list[Attendee]:
    """Return whose presence can be entered: everybody; once the result is approved, those whom it has put off."""
    people = list_attendees(batch)
    if refusal_to_act(Act.RECORD_ATTENDANCE, batch) is None:
        return people
    put_off = _put_off(batch)
    return [person for person in people if person.trainee_id in put_off]


def _put_off(batch: Batch) -> set[int]:
    return {held.trainee_id for held in list_enrollments(batch) if held.ended_as is SeatEnd.DEFERRED}


def _refuse_sessions(batch: Batch, sessions: list[TrainingSession]) -> None:
    for session in sessions:
        if refusal := refusal_to_record(batch, session):
            raise RuleViolation(refusal)


def _refuse_strangers(entries: Mapping[int, Entry | None], people: Mapping[int, Attendee]) -> None:
    strangers = [attendee_id for attendee_id in entries if attendee_id not in people]
    if strangers:
        raise RuleViolation(_("%(count)d orang bukan peserta sesi ini. Tidak ada yang disimpan.", count=len(strangers)))


def _refuse_entry(person: Attendee, entry: Entry, *, longest: int) -> None:
    if refusal := rules.refusal_of_entry(entry.status, entry.minutes_late, longest=longest):
        raise RuleViolation(refusal, field=f"minutes_{person.id}")


def _keep(
    batch: Batch, sessions: list[TrainingSession], lines: Mapping[tuple[int, int], Entry], *, by: Actor, what: dict[str, Any]
) -> Recorded:
    """Write the lines: new rows at once, changed rows with an event that keeps the old value, equal rows not at all."""
    kept = {(row.session_id, row.attendee_id): row for row in queries.list_attendances(batch, [session.id for session in sessions])}
    corrected = unchanged = 0
    added = []
    for (session_id, attendee_id), entry in lines.items():
        row = kept.get((session_id, attendee_id))
        if row is None:
            added.append(
                Attendance(
                    session_id=session_id, attendee_id=attendee_id, status=entry.status, minutes_late=entry.minutes_late,
                    note=entry.note, recorded_by_id=by.id,
                )
            )  # fmt: skip
        elif (row.status, row.minutes_late, row.note) == (entry.status, entry.minutes_late, entry.note):
            unchanged += 1
        else:
            corrected += 1
            _correct(row, entry, by)
    db.session.add_all(added)
    if added:
        absent = sum(entry.status not in rules.THERE for entry in lines.values())
        audit.record("attendance.recorded", batch, by=by, details={**what, "rows": len(added), "not_there": absent})
    return Recorded(added=len(added), corrected=corrected, unchanged=unchanged)


def _correct(row: Attendance, entry: Entry, by: Actor) -> None:
    old = {"status": row.status.value, "minutes_late": row.minutes_late, "note": row.note}
    row.status, row.minutes_late, row.note, row.recorded_by_id, row.recorded_at = (
        entry.status, entry.minutes_late, entry.note, by.id, clock.now(),
    )  # fmt: skip
    new = {"status": entry.status.value, "minutes_late": entry.minutes_late, "note": entry.note}
    audit.record("attendance.corrected", row, by=by, details={"old": old, "new": new}, person_id=row.attendee.trainee_id)


def _id_of(row: Any) -> int:
    """Return the number of a row without reading it again."""
    return inspect(row).identity[0]
