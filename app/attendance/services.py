"""Entering who was there. The batch is held first, so that presence and the decisions about it take turns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import inspect

from app.attendance import lines as stored
from app.attendance import ports, queries, rules
from app.attendance.lines import PersonLine
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.audit import services as audit
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.dates import day_date
from app.core.errors import NotFound, RuleViolation
from app.core.text import Text, _, shortlist
from app.core.unit_of_work import atomic
from app.core.versions import lines_to_leave
from app.courses.acts import Act
from app.courses.models import Batch, TrainingSession
from app.courses.queries import lock_batch, refusal_to_act
from app.courses.services import lock_for
from app.enrollments.models import Attendee
from app.enrollments.queries import list_enrollments
from app.enrollments.rules import SeatEnd
from app.extensions import db


@dataclass(frozen=True)
class EntryReport:
    """What an entry changed: rows written for the first time, rows corrected, rows that said the same
    already.

    `left` counts the people who stay as somebody else has saved them since the reader's version; `left_open`
    says that nothing is entered still because nothing was chosen.
    """

    added: int
    corrected: int
    unchanged: int
    left: int = 0
    people_added: int = 0  # who had no entry before
    people_corrected: int = 0
    left_open: bool = False


PRESENT = Entry(Presence.PRESENT)


class SessionPresence:
    """Answers what courses ask of the presence of a session that is moved."""

    def count(self, session_id: int) -> int:
        return queries.count_entered([session_id]).get(session_id, 0)

    def has_any(self, batch_id: int) -> bool:
        return queries.has_any(batch_id)

    def clear(self, session_id: int, *, reason: str, by: Actor) -> None:
        clear_presence(db.session.get_one(TrainingSession, session_id), reason, by=by)


@atomic()
def record_block(
    batch: Batch, block: str, exceptions: Mapping[int, Entry | None], *, by: Actor, version: str | None = None
) -> EntryReport:
    """Enter a half day: everybody of the batch was present, except those named; the minutes late count from
    its first session.

    Whoever got the seat when all of it had ended, or had died by that day, was not there unless named. None
    instead of an entry leaves somebody as entered before, session by session. Of somebody whose half day is
    entered in part only the empty sessions are filled. With the version that was read, nobody is entered who
    was not named.

    Raises NotFound for a block that is not of this batch, RuleViolation when it lies ahead, is closed, or
    names somebody who does not take part, Stale when somebody else has saved something different since that
    version; then nothing of it is kept.
    """
    held = lock_batch(_id_of(batch))
    sessions = [session for session in queries.list_counted_sessions(held) if session.block == block]
    if not sessions:
        raise NotFound(_("Sesi pada waktu itu tidak ditemukan."))
    everybody = {person.id: person for person in people_to_record(held, sessions[0].held_on)}
    _refuse_sessions(held, sessions)
    _refuse_strangers(held, exceptions, everybody)
    known = stored.lines_of(sessions, everybody.values())
    chosen = {person_id: entry for person_id, entry in exceptions.items() if person_id in known}
    if version is None:
        usual = [
            key
            for key, line in known.items()
            if line.empty and not line.is_before and everybody[key].left_at is None
        ]
        unnamed = [key for key in usual if key not in exceptions]
        chosen |= dict.fromkeys(unnamed, PRESENT)
    left = _left_since(version, chosen, known, sessions)
    lines = {}
    for person_id, entry in chosen.items():
        if entry is None or person_id in left:
            continue
        line, empty = known[person_id], {session_id for session_id, _title in known[person_id].empty}
        if entry != line.shown:
            _refuse_entry(everybody[person_id], entry, longest=line.minutes)
        for session in sessions:
            own = rules.is_in_group(everybody[person_id].group, session.group)
            if own and (session.id in empty or not line.is_partial):
                share = rules.share_of(
                    entry, session.starts_at, session.ends_at, first_start=line.counts_from
                )
                lines[session.id, person_id] = share
    _refuse_two_places(held, sessions, lines, everybody)
    kept = _keep(held, sessions, lines, by=by, what={"block": block}, left=len(left))
    return replace(kept, left_open=not lines and not any(line.filled for line in known.values()))


@atomic()
def record_presences(
    session: TrainingSession, entries: Mapping[int, Entry | None], *, by: Actor, version: str | None = None
) -> EntryReport:
    """Enter some attendees of one session; nothing is kept when one of them does not take part or one line is
    wrong.

    Raises Stale when somebody else has saved something different since the version that was read.
    """
    session_id = _id_of(session)
    held = lock_batch(session.batch_id)
    session = db.session.get_one(TrainingSession, session_id, populate_existing=True)
    people = {person.id: person for person in people_of_session(session, by)}
    _refuse_sessions(held, [session])
    if session.lesson_hours < 1:
        raise RuleViolation(_("Sesi ini tidak ber-JP; kehadirannya tidak dihitung."))
    _refuse_elsewhere(session, entries, people)
    _refuse_strangers(held, entries, people)
    known, lines = stored.lines_of([session], people.values()), {}
    left = _left_since(version, entries, known, [session])
    for attendee_id, entry in entries.items():
        if entry is None or attendee_id in left:
            continue
        if entry != known[attendee_id].shown:
            _refuse_entry(people[attendee_id], entry, longest=known[attendee_id].minutes)
        lines[session.id, attendee_id] = entry
    _refuse_two_places(held, [session], lines, people)
    return _keep(held, [session], lines, by=by, what={"session": session.id}, left=len(left))


@atomic()
def clear_presence(session: TrainingSession, reason: str, *, by: Actor) -> int:
    """Take all presence of a session away, with a reason; each old value stays in its event.

    Returns how many there were.
    """
    session_id = _id_of(session)
    held = lock_for(Act.CHANGE_SCHEDULE, session.batch_id)
    if not reason.strip():
        raise RuleViolation(_("Tulis mengapa kehadiran sesi ini dikosongkan."), field="reason")
    rows = queries.list_attendances(held, [session_id])
    names = queries.names_of_savers(rows)
    for row in rows:
        details = {"old": _values(row), "old_by": names.get(row.id, ""), "session": session_id}
        audit.record(
            "attendance.cleared",
            row,
            by=by,
            note=reason.strip(),
            details=details,
            person_id=row.attendee.trainee_id,
        )
        db.session.delete(row)
    db.session.flush()
    ports.presence_changed(held.id, by)
    return len(rows)


def refusal_to_record(batch: Batch, session: TrainingSession) -> Text | None:
    """Say why the presence of a session cannot be entered now, or None; pages say it before anybody tries."""
    closed = refusal_to_act(Act.RECORD_ATTENDANCE, batch)
    if closed is not None and _put_off(batch):
        closed = refusal_to_act(Act.RECORD_ATTENDANCE, batch, about_deferred=True)
    return closed or rules.refusal_to_record(
        held_on=session.held_on, today=clock.today(batch.zone), is_cancelled=session.cancelled_at is not None
    )


def people_to_record(batch: Batch, day: date) -> list[Attendee]:
    """Return whose presence of a day can be entered: who took part then; once the result is approved, those
    whom it has put off.
    """
    people = queries.people_on(batch, day)
    if refusal_to_act(Act.RECORD_ATTENDANCE, batch) is None:
        return people
    put_off = _put_off(batch)
    return [person for person in people if person.trainee_id in put_off]


def people_of_session(
    session: TrainingSession, by: Actor, *, people: list[Attendee] | None = None
) -> list[Attendee]:
    """Return whose presence in a session this person may enter (or which of these `people` are read by her):
    at the field practice a host keeps those who are placed there, everybody else keeps all.
    """
    batch = session.batch
    own = queries.people_of([session], people_to_record(batch, session.held_on) if people is None else people)
    received = None if by.can(Permission.ATTENDANCE_RECORD, batch) else ports.received_by(session, by.id)
    return own if received is None else [person for person in own if person.id in received]


def _put_off(batch: Batch) -> set[int]:
    return {held.trainee_id for held in list_enrollments(batch) if held.ended_as is SeatEnd.DEFERRED}


def _refuse_sessions(batch: Batch, sessions: list[TrainingSession]) -> None:
    for session in sessions:
        if refusal := refusal_to_record(batch, session):
            raise RuleViolation(refusal)


def _refuse_strangers(
    batch: Batch, entries: Mapping[int, Entry | None], people: Mapping[int, Attendee]
) -> None:
    strangers = [attendee_id for attendee_id in entries if attendee_id not in people]
    if strangers and (closed := refusal_to_act(Act.RECORD_ATTENDANCE, batch)):
        raise RuleViolation(
            closed
        )  # the result is approved: only those whom it has put off are still entered
    if strangers:
        refusal = _(
            "%(count)d orang bukan peserta sesi ini (nomor %(ids)s). Tidak ada yang disimpan.",
            count=len(strangers),
            ids=shortlist(sorted(strangers)),
        )
        raise RuleViolation(refusal, field=f"status_{min(strangers)}")


def _refuse_elsewhere(
    session: TrainingSession, entries: Mapping[int, Entry | None], people: Mapping[int, Attendee]
) -> None:
    """Raise where a host enters participants of the session who are not placed with it on that day."""
    taking_part = queries.people_of([session], people_to_record(session.batch, session.held_on))
    ids = sorted(each.id for each in taking_part if each.id in entries and each.id not in people)
    if ids:
        refusal = _(
            "%(count)d peserta (nomor %(ids)s) tidak ditempatkan di lokasi Anda pada %(day)s. Tidak ada yang"
            " disimpan. Minta panitia menempatkannya pada kunjungan hari itu.",
            count=len(ids),
            ids=shortlist(ids),
            day=day_date(session.held_on),
        )
        raise RuleViolation(refusal, field=f"status_{ids[0]}")


def _refuse_entry(person: Attendee, entry: Entry, *, longest: int) -> None:
    if refusal := rules.refusal_of_entry(entry.status, entry.minutes_late, longest=longest):
        raise RuleViolation(refusal, field=f"minutes_{person.id}")


def _refuse_two_places(
    batch: Batch,
    sessions: list[TrainingSession],
    lines: Mapping[tuple[int, int], Entry],
    people: Mapping[int, Attendee],
) -> None:
    """Raise for whoever would be there while the daftar hadir of another batch says that she was there."""
    by_id = {session.id: session for session in sessions}
    there = [
        (by_id[session_id], people[key])
        for (session_id, key), entry in lines.items()
        if entry.status in rules.THERE
    ]
    found = queries.there_elsewhere(batch, there) if there else []
    if found:
        names = [
            f"{name} ({other.batch.code}, {other.starts_at:%H.%M}–{other.ends_at:%H.%M})"
            for name, other in found
        ]
        first = next(person.id for _session, person in there if person.name == found[0][0])
        raise RuleViolation(
            _(
                "Pada waktu yang sama sudah tercatat hadir di angkatan lain: %(names)s. Perbaiki salah"
                " satunya. Tidak ada yang disimpan.",
                names=shortlist(names, 5, "; "),
            ),
            field=f"status_{first}",
        )


def _left_since(
    version: str | None,
    typed: Mapping[int, Entry | None],
    known: Mapping[int, PersonLine],
    sessions: list[TrainingSession],
) -> frozenset[int]:
    """Return those who stay as others have saved them since; without a version nobody: what is sent is meant
    as it is.
    """
    if version is None:
        return frozenset()
    return lines_to_leave(version, typed, known, frame=stored.frame_of(sessions))


def _keep(
    batch: Batch,
    sessions: list[TrainingSession],
    lines: Mapping[tuple[int, int], Entry],
    *,
    by: Actor,
    what: dict[str, Any],
    left: int,
) -> EntryReport:
    """Write the lines: new rows at once, changed rows with an event that keeps the old value, equal rows not
    at all.
    """
    kept = {
        (row.session_id, row.attendee_id): row
        for row in queries.list_attendances(batch, [session.id for session in sessions])
    }
    unchanged = 0
    added, corrected = [], []
    for (session_id, attendee_id), entry in lines.items():
        row = kept.get((session_id, attendee_id))
        if row is None:
            added.append(
                Attendance(
                    session_id=session_id,
                    attendee_id=attendee_id,
                    status=entry.status,
                    minutes_late=entry.minutes_late,
                    note=entry.note,
                    recorded_by_id=by.id,
                )
            )
        elif (row.status, row.minutes_late, row.note) == (entry.status, entry.minutes_late, entry.note):
            unchanged += 1
        else:
            corrected.append((row, entry))
    names = queries.names_of_savers([row for row, _entry in corrected])
    for row, entry in corrected:
        _correct(row, entry, by, before_by=names.get(row.id, ""))
    db.session.add_all(added)
    if added:
        absent = sum(entry.status not in rules.THERE for entry in lines.values())
        audit.record(
            "attendance.recorded", batch, by=by, details={**what, "rows": len(added), "not_there": absent}
        )
    if added or corrected:
        db.session.flush()
        ports.presence_changed(batch.id, by)
    others = {row.attendee_id for row, _entry in corrected}
    return EntryReport(
        added=len(added),
        corrected=len(corrected),
        unchanged=unchanged,
        left=left,
        people_added=len({row.attendee_id for row in added} - others),
        people_corrected=len(others),
    )


def _correct(row: Attendance, entry: Entry, by: Actor, *, before_by: str) -> None:
    old = _values(row)
    row.status, row.minutes_late, row.note, row.recorded_by_id, row.recorded_at = (
        entry.status,
        entry.minutes_late,
        entry.note,
        by.id,
        clock.now(),
    )
    details = {"old": old, "old_by": before_by, "new": _values(row)}
    audit.record("attendance.corrected", row, by=by, details=details, person_id=row.attendee.trainee_id)


def _values(row: Attendance) -> dict[str, Any]:
    return {"status": row.status.value, "minutes_late": row.minutes_late, "note": row.note}


def _id_of(row: Any) -> int:
    """Return the number of a row without reading it again."""
    return inspect(row).identity[0]
