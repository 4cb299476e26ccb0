"""Marks, the proposal of a graduation and its approval by another person. An approved graduation closes marks and presence."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.assessment import messages, queries
from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.queries import SheetRow
from app.assessment.rules import (
    MARK_STEP,
    GraduationStatus,
    MarkKind,
    ResultOutcome,
    is_mark,
    refusal_of_day,
    refusal_to_approve,
    refusal_to_decide,
)
from app.attendance import ports as attendance_ports
from app.audit.services import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.core.versions import lines_to_leave
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.enrollments.queries import list_attendees
from app.extensions import db


def connect_ports() -> None:
    """Answer what attendance asks (and enrollments through it): whether the facts of a batch are closed."""
    if refusal_to_change not in attendance_ports.closing:
        attendance_ports.closing.append(refusal_to_change)


def refusal_to_change(batch_id: int) -> Text | None:
    """Say why marks, presence and participants of a batch cannot change any more, or None."""
    graduation = queries.approved_graduation_of(batch_id)
    if graduation is None:
        return None
    return _("Kelulusan angkatan ini sudah disetujui oleh %(name)s; datanya tidak dapat diubah lagi.", name=graduation.approved_label)


@atomic()
def record_marks(batch: Batch, kind: MarkKind, values: Mapping[int, Decimal | None], *, by: Actor, version: str | None = None) -> int:
    """Enter marks by attendee; None takes a mark away. Returns how many changed.

    Refuses the whole entry when one attendee is not of this batch, a value is no mark, or the graduation is approved. With the
    version that was read, raises Stale where somebody else has saved another mark since; what only they changed stays.
    """
    batch = lock_batch(batch.id)
    closed = refusal_to_change(batch.id)
    if closed:
        raise RuleViolation(closed)
    people = {attendee.id: attendee for attendee in list_attendees(batch)}
    strangers = set(values) - set(people)
    if strangers:
        raise RuleViolation(_("Ada nilai untuk orang yang bukan peserta angkatan ini. Tidak ada nilai yang disimpan."))
    for attendee_id, value in values.items():
        if value is not None and not is_mark(value):
            raise RuleViolation(_("Nilai harus dari 0 sampai 100, paling banyak dua angka di belakang koma."), field=f"mark_{attendee_id}")
    known = {mark.attendee_id: mark for mark in queries.list_marks(batch, kind)}
    stored = queries.mark_lines(batch, kind, people.values())
    typed = {key: None if value is None else value.quantize(MARK_STEP) for key, value in values.items()}
    left = lines_to_leave(version, typed, stored) if version is not None else frozenset()
    changed = 0
    for attendee_id, value in sorted(values.items()):
        if attendee_id in left:
            continue
        mark = known.get(attendee_id)
        before = mark.value if mark else None
        if before == value:
            continue
        if value is None:
            db.session.delete(mark)
        elif mark is None:
            db.session.add(Mark(attendee_id=attendee_id, kind=kind, value=value.quantize(MARK_STEP), recorded_by_id=by.id))
        else:
            mark.value, mark.recorded_at, mark.recorded_by_id = value.quantize(MARK_STEP), clock.now(), by.id
        attendee = people[attendee_id]
        details = {"kind": kind.value, "before": before, "before_by": stored[attendee_id].saved_by, "after": value}
        record("mark.recorded", attendee, by=by, person_id=attendee.trainee_id, details=details)
        changed += 1
    return changed


@atomic()
def propose_graduation(
    batch: Batch,
    *,
    held_on: date,
    by: Actor,
    minutes: str = "",
    outcomes: Mapping[int, ResultOutcome] | None = None,
    notes: Mapping[int, str] | None = None,
) -> Graduation:
    """Keep what the meeting says of everybody, with the figures it was read from; another person approves it.

    `outcomes` and `notes` (by attendee) say where the meeting differs from the rules: lower with a note, never higher against
    them. Refuses while presence is missing, the schedule does not hold the JP of the curriculum, or a proposal already stands.
    """
    batch = lock_batch(batch.id)
    if by.id is None:
        raise RuleViolation(_("Kelulusan hanya dapat diusulkan oleh seseorang dengan akunnya sendiri."))
    sheet = queries.graduation_sheet(batch)
    replaced = _proposal_to_replace(batch, sheet)
    last = queries.last_day_of(batch)
    day = refusal_of_day(held_on, last_session=last.held_on if last else None, today=clock.today(batch.zone))
    if day:
        raise RuleViolation(day, field="held_on")
    refusal = queries.obstacle_to_propose(batch, sheet)
    if refusal:
        raise RuleViolation(refusal)
    decided = _decide(sheet, outcomes or {}, notes or {})
    if replaced:
        replaced.status, replaced.return_reason = GraduationStatus.RETURNED, str(_("Diganti oleh usulan yang lebih baru."))
        db.session.flush()
        record("graduation.replaced", replaced, by=by)
    graduation = Graduation(
        batch=batch, status=GraduationStatus.PROPOSED, held_on=held_on, minutes=minutes, proposed_at=clock.now(), proposed_by_id=by.id,
        proposed_label=by.label,
    )  # fmt: skip
    db.session.add(graduation)
    db.session.flush()
    for row, outcome, note in decided:
        db.session.add(
            GraduationResult(
                graduation_id=graduation.id, attendee_id=row.attendee.id, outcome=outcome, suggested=row.suggested, note=note,
                attended_hours=row.hours.attended, planned_hours=row.hours.planned, score=row.score, grade=row.grade(outcome),
                reasons=row.reasons,
            )
        )  # fmt: skip
    db.session.flush()
    record("graduation.proposed", graduation, by=by, details={"people": len(decided), "held_on": held_on.isoformat()})
    messages.graduation_proposed(graduation)
    return graduation


@atomic()
def approve_graduation(graduation: Graduation, *, by: Actor) -> None:
    """Make the meeting's decision stand and close marks and presence.

    Refuses the proposer, in whatever role; a proposal that is not one any more; and figures that changed since the proposal.
    """
    batch = lock_batch(graduation.batch_id)
    graduation = queries.lock_graduation(graduation.id)
    sheet = queries.graduation_sheet(batch)
    results = {result.attendee_id: result for result in queries.list_results(graduation)}
    refusal = refusal_to_approve(
        graduation.status,
        proposed_by=graduation.proposed_by_id,
        approved_by=by.id,
        people=len(sheet),
        decided=sum(row.attendee.id in results for row in sheet),
    )
    if refusal and graduation.status is not GraduationStatus.PROPOSED:
        raise Conflict(refusal)
    if refusal:
        raise RuleViolation(refusal)
    if queries.has_changed(sheet, list(results.values())):
        raise RuleViolation(_("Data berubah sejak diusulkan; usulkan ulang."))
    graduation.status, graduation.approved_at = GraduationStatus.APPROVED, clock.now()
    graduation.approved_by_id, graduation.approved_label = by.id, by.label
    db.session.flush()
    record("graduation.approved", graduation, by=by)
    messages.graduation_decided(graduation)


@atomic()
def return_graduation(graduation: Graduation, reason: str, *, by: Actor) -> None:
    """Give the proposal back with a reason; the committee mends it and proposes anew."""
    lock_batch(graduation.batch_id)
    graduation = queries.lock_graduation(graduation.id)
    if graduation.status is not GraduationStatus.PROPOSED:
        raise Conflict(_("Kelulusan ini sudah berstatus %(status)s.", status=graduation.status.label))
    if not reason.strip():
        raise RuleViolation(_("Tulis apa yang perlu diperbaiki."), field="reason")
    graduation.status, graduation.return_reason = GraduationStatus.RETURNED, reason.strip()
    record("graduation.returned", graduation, by=by, note=reason)
    messages.graduation_decided(graduation)


def _proposal_to_replace(batch: Batch, sheet: list[SheetRow]) -> Graduation | None:
    """Return the proposal that today's figures have overtaken; refuses while one stands that they have not."""
    standing = queries.standing_graduation(batch)
    if standing is None:
        return None
    if standing.status is GraduationStatus.APPROVED:
        raise Conflict(refusal_to_change(batch.id) or _("Kelulusan angkatan ini sudah disetujui."))
    if not queries.has_changed(sheet, queries.list_results(standing)):
        raise Conflict(_("Kelulusan angkatan ini sudah diusulkan dan menunggu persetujuan."))
    return standing


def _decide(
    sheet: list[SheetRow], outcomes: Mapping[int, ResultOutcome], notes: Mapping[int, str]
) -> list[tuple[SheetRow, ResultOutcome, str]]:
    people = {row.attendee.id for row in sheet}
    if not people >= set(outcomes) | set(notes):
        raise RuleViolation(_("Ada hasil untuk orang yang bukan peserta angkatan ini."))
    decided = []
    for row in sheet:
        key = row.attendee.id
        outcome, note = outcomes.get(key, row.suggested), notes.get(key, "").strip()
        refusal = refusal_to_decide(outcome, row.verdicts, suggested=row.suggested, note=note, name=row.attendee.name)
        if refusal:
            raise RuleViolation(refusal, field=f"outcome_{key}")
        decided.append((row, outcome, note))
    return decided
