"""Marks, the proposal of a graduation and its approval by another person.

What an approval closes stands on the batch (courses.acts); whoever it puts off is decided by a supplementary
meeting.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from app.assessment import document, lines, messages, queries
from app.assessment.acts import (
    only_deferred,
    refusal_of_day,
    refusal_of_mark_day,
    refusal_to_approve,
    refusal_to_give_back,
    refusal_to_withdraw,
)
from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.planning import Earlier, earlier_decisions
from app.assessment.queries import SheetRow
from app.assessment.rules import (
    ALREADY_PROPOSED,
    GIVEN_BACK,
    SEAT_ENDS,
    GraduationStatus,
    MarkKind,
    ResultOutcome,
    lacks_reason,
    refusal_to_decide,
)
from app.assessment.services.taking_back import refusal_to_take_back_now, take_back_approval
from app.audit.services import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.scores import NOT_A_SCORE, SCORE_STEP, is_score
from app.core.text import Text, _, shortlist
from app.core.unit_of_work import atomic
from app.core.versions import Stale, changed_since, lines_to_leave, version_of
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import lock_batch, refusal_to_act
from app.courses.rules import GraduationStage
from app.courses.services import enter_stage, lock_for
from app.enrollments.queries import list_attendees, list_ended
from app.enrollments.rules import SeatEnd
from app.enrollments.services import end_anew, end_seats, resume_seats
from app.extensions import db

__all__ = [
    "MarkKind",
    "approve_graduation",
    "notify_overtaken",
    "propose_graduation",
    "record_marks",
    "refusal_to_mark",
    "refusal_to_take_back_now",
    "refusal_to_withdraw_now",
    "return_graduation",
    "take_back_approval",
    "withdraw_graduation",
]

OVERTAKEN = "graduation.overtaken"


def refusal_to_mark(batch: Batch) -> Text | None:
    """Say why no mark can be entered now, or None: from the first day on; after the approval only those of
    people who were put off.
    """
    closed = refusal_to_act(Act.RECORD_MARK, batch, about_deferred=bool(queries.deferred_attendees(batch)))
    return closed or refusal_of_mark_day(starts_on=batch.starts_on, today=clock.today(batch.zone))


@atomic()
def record_marks(
    batch: Batch,
    kind: MarkKind,
    values: Mapping[int, Decimal | None],
    *,
    by: Actor,
    version: str | None = None,
) -> int:
    """Enter marks by attendee; None takes a mark away. Returns how many changed.

    Refuses the whole entry when one attendee is not of this batch, a value is no mark, or the state of the
    batch does not allow it, or its first day is still to come; after the approval marks of people who were
    put off may still change, and only theirs. With the version that was read, raises Stale where somebody
    else has saved another mark since; what only they changed stays.
    """
    batch = lock_for(Act.RECORD_MARK, batch, about_deferred=True)
    closed = refusal_to_mark(batch)
    if closed:
        raise RuleViolation(closed)
    people = {attendee.id: attendee for attendee in list_attendees(batch)}
    strangers = set(values) - set(people)
    if strangers:
        refusal = _(
            "Ada nilai untuk orang yang bukan peserta angkatan ini (nomor %(ids)s). Tidak ada nilai yang"
            " disimpan.",
            ids=shortlist(sorted(strangers)),
        )
        raise RuleViolation(refusal, field=f"mark_{min(strangers)}")
    for attendee_id, value in values.items():
        if value is not None and not is_score(value):
            raise RuleViolation(NOT_A_SCORE, field=f"mark_{attendee_id}")
    known = {mark.attendee_id: mark for mark in queries.list_marks(batch, kind)}
    stored = lines.mark_lines(batch, kind, people.values())
    typed = {key: None if value is None else value.quantize(SCORE_STEP) for key, value in values.items()}
    try:
        left = lines_to_leave(version, typed, stored) if version is not None else frozenset()
    except Stale as stale:
        _refuse_decided(batch, sorted(stale.asked))
        raise
    changed = 0
    changing = [
        key
        for key, value in sorted(values.items())
        if key not in left and value != (known[key].value if key in known else None)
    ]
    _refuse_decided(batch, changing)
    for attendee_id in changing:
        mark, value = known.get(attendee_id), values[attendee_id]
        before = mark.value if mark else None
        if value is None:
            db.session.delete(mark)
        elif mark is None:
            db.session.add(
                Mark(
                    attendee_id=attendee_id, kind=kind, value=value.quantize(SCORE_STEP), recorded_by_id=by.id
                )
            )
        else:
            mark.value, mark.recorded_at, mark.recorded_by_id = value.quantize(SCORE_STEP), clock.now(), by.id
        attendee = people[attendee_id]
        details = {
            "kind": kind.value,
            "before": before,
            "before_by": stored[attendee_id].saved_by,
            "after": value,
        }
        record("mark.recorded", attendee, by=by, person_id=attendee.trainee_id, details=details)
        changed += 1
    if changed:
        db.session.flush()
        notify_overtaken(batch.id, by)
    return changed


def notify_overtaken(batch_id: int, by: Actor) -> None:
    """Tell the proposer, once, when the figures of a batch that is held overtake the proposal that waits."""
    batch = lock_batch(batch_id)
    waiting = queries.waiting_graduation(batch)
    if waiting is None or queries.was_notified(waiting, OVERTAKEN) or not queries.is_overtaken(waiting):
        return
    record(OVERTAKEN, waiting, by=by)
    messages.graduation_overtaken(waiting, lines.changes_since(waiting, queries.sheet_to_decide(batch)))


@atomic()
def propose_graduation(
    batch: Batch,
    *,
    held_on: date,
    by: Actor,
    minutes: str | None = None,
    outcomes: Mapping[int, ResultOutcome] | None = None,
    notes: Mapping[int, str] | None = None,
    version: str | None = None,
) -> Graduation:
    """Keep what the meeting says of everybody, with the figures it was read from; another person approves it.

    `outcomes` and `notes` (by attendee) say where the meeting differs from the rules: lower with a note,
    never higher against them. Of whom nothing is said, the last proposal that was not approved still holds,
    as far as today's figures allow it; so do its minutes. Once a meeting was approved, the next one is about
    those whom it has put off, and about nobody else. Refuses while presence is missing, the schedule does not
    hold the JP of the curriculum, or a proposal already stands. With the version that was read, raises Stale,
    naming the people whose figures are others since.
    """
    batch = lock_for(Act.PROPOSE, batch, about_deferred=True)
    if by.id is None:
        raise RuleViolation(_("Kelulusan hanya dapat diusulkan oleh seseorang dengan akunnya sendiri."))
    sheet, earlier = queries.sheet_to_decide(batch), queries.approved_graduations(batch)
    replaced = _proposal_to_replace(batch, sheet)
    last = queries.last_day_of(batch)
    day = refusal_of_day(
        held_on,
        last_session=last.held_on if last else None,
        today=clock.today(batch.zone),
        previous=earlier[-1].held_on if earlier else None,
    )
    if day:
        raise RuleViolation(day, field="held_on")
    refusal = queries.obstacle_to_propose(batch, sheet)
    if refusal:
        raise RuleViolation(refusal)
    _refuse_unread(sheet, version)
    before = earlier_decisions(batch, sheet)
    decided = _decide(batch, sheet, outcomes or {}, notes or {}, before)
    if minutes is None:
        minutes = before.meeting.minutes if before.meeting else ""
    if replaced:
        replaced.status, replaced.return_reason = (
            GraduationStatus.REPLACED,
            str(_("Diganti oleh usulan yang lebih baru.")),
        )
        db.session.flush()
        record("graduation.replaced", replaced, by=by)
    graduation = Graduation(
        batch=batch,
        status=GraduationStatus.PROPOSED,
        held_on=held_on,
        minutes=minutes,
        proposed_at=clock.now(),
        proposed_by_id=by.id,
        proposed_label=by.label,
        is_supplementary=bool(earlier),
        record=document.judged_by(queries.asked_of(batch), sheet),
    )
    db.session.add(graduation)
    db.session.flush()
    for row, outcome, note in decided:
        db.session.add(
            GraduationResult(
                graduation_id=graduation.id,
                attendee_id=row.attendee.id,
                outcome=outcome,
                suggested=row.suggested,
                note=note,
                attended_hours=row.hours.attended,
                planned_hours=row.hours.planned,
                score=row.score,
                grade=row.grade(outcome),
                reasons=row.reasons,
            )
        )
    if not earlier:
        enter_stage(batch, GraduationStage.PROPOSED, by=by)
    db.session.flush()
    record(
        "graduation.proposed",
        graduation,
        by=by,
        details={"people": len(decided), "held_on": held_on.isoformat()},
    )
    messages.graduation_proposed(graduation)
    return graduation


@atomic()
def approve_graduation(graduation: Graduation, *, by: Actor) -> None:
    """Make the meeting's decision stand: freeze its minutes, close the batch, free the seats of those who did
    not pass, tell everybody.

    Refuses the proposer, in whatever role; a proposal that is not one any more; and figures that changed
    since the proposal.
    """
    _refuse_given_back(graduation)
    batch = lock_for(Act.DECIDE_GRADUATION, graduation.batch_id)
    graduation = queries.lock_graduation(graduation.id)
    sheet, asked = queries.sheet_to_decide(batch), queries.asked_of(batch)
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
    if queries.has_changed(graduation, sheet, list(results.values())):
        raise RuleViolation(_("Data berubah sejak diusulkan; usulkan ulang."))
    graduation.status, graduation.approved_at = GraduationStatus.APPROVED, clock.now()
    graduation.approved_by_id, graduation.approved_label = by.id, by.label
    if not graduation.is_supplementary:
        enter_stage(batch, GraduationStage.APPROVED, approved_by=by.label, by=by)
    _settle_seats(batch, list(results.values()), by)
    graduation.record = document.freeze(graduation, asked)
    db.session.flush()
    record("graduation.approved", graduation, by=by)
    messages.graduation_decided(graduation)
    messages.notify_of_results(graduation)


@atomic()
def return_graduation(graduation: Graduation, reason: str, *, by: Actor) -> None:
    """Give the proposal back with a reason; the committee corrects it and proposes again."""
    held = _give_back(graduation, reason, by=by)
    messages.graduation_decided(held)


@atomic()
def withdraw_graduation(graduation: Graduation, reason: str, *, by: Actor) -> None:
    """Take one's own proposal back with a reason, so that data and plan can be corrected; those who may
    approve are told.
    """
    held = _give_back(graduation, reason, by=by, own=True)
    messages.graduation_withdrawn(held)


def refusal_to_withdraw_now(graduation: Graduation, *, by: Actor) -> Text | None:
    """Say why this person cannot take the proposal back, or None; the page says it before anybody tries."""
    return refusal_to_give_back(graduation.status) or refusal_to_withdraw(
        proposed_by=graduation.proposed_by_id, by=by.id
    )


def _refuse_given_back(graduation: Graduation) -> None:
    """Raise Conflict for a proposal that was given back: that is so for good, whatever became of the batch
    since.
    """
    if graduation.status in GIVEN_BACK and (refusal := refusal_to_give_back(graduation.status)):
        raise Conflict(refusal)


def _give_back(graduation: Graduation, reason: str, *, by: Actor, own: bool = False) -> Graduation:
    """End a proposal that waits; where no meeting was approved before, the batch is open again."""
    _refuse_given_back(graduation)
    batch = lock_for(Act.DECIDE_GRADUATION, graduation.batch_id)
    graduation = queries.lock_graduation(graduation.id)
    if refusal := refusal_to_give_back(graduation.status):
        raise Conflict(refusal)
    if own and (refusal := refusal_to_withdraw(proposed_by=graduation.proposed_by_id, by=by.id)):
        raise RuleViolation(refusal)
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    graduation.status = GraduationStatus.WITHDRAWN if own else GraduationStatus.RETURNED
    graduation.return_reason = reason.strip()
    if not queries.approved_graduations(batch):
        enter_stage(batch, GraduationStage.NONE, by=by)
    record("graduation.withdrawn" if own else "graduation.returned", graduation, by=by, note=reason)
    return graduation


def _settle_seats(batch: Batch, results: list[GraduationResult], by: Actor) -> None:
    """End the seat of everybody who did not pass, with the reasons; give it back to those who were put off
    and pass now.
    """
    passed = []
    for result in results:
        person_id, end = result.attendee.trainee_id, SEAT_ENDS.get(result.outcome)
        assert person_id is not None
        if end is None:
            passed.append(person_id)
        elif put_off := list_ended(batch.id, [person_id], SeatEnd.DEFERRED):
            for held in put_off:
                end_anew(held, end, by=by, reason=result.said)
        else:
            end_seats(batch, {person_id: end}, by=by, reason=result.said, tell=False)
    if passed:
        resume_seats(batch, passed, by=by)


def _refuse_unread(sheet: list[SheetRow], version: str | None) -> None:
    """Raise Stale where the figures of somebody are others than those that were read: a decision about her
    was not about these.
    """
    now = queries.lines_of(sheet)
    if changed := changed_since(version or "", now):
        names = ", ".join(row.attendee.name for row in sheet if row.attendee.id in changed)
        reason = _(
            "Data berubah sejak halaman ini dibuka: %(names)s. Periksa hasil mereka, lalu usulkan lagi.",
            names=names,
        )
        raise Stale(reason, asked=frozenset(changed), left=frozenset(), now=now, version=version_of(now))


def _refuse_decided(batch: Batch, attendee_ids: list[int]) -> None:
    """Raise when a mark of somebody is to change about whom an approved meeting has decided for good."""
    closed = refusal_to_act(Act.RECORD_MARK, batch)
    if closed is None:
        return
    put_off = {attendee.id: attendee.name for attendee in queries.deferred_attendees(batch)}
    if not put_off.keys() >= set(attendee_ids):
        raise RuleViolation(only_deferred(closed, list(put_off.values())))


def _proposal_to_replace(batch: Batch, sheet: list[SheetRow]) -> Graduation | None:
    """Return the proposal that today's figures have overtaken; refuses while one stands that
    they have not.
    """
    waiting = queries.waiting_graduation(batch)
    if waiting is not None and not queries.is_overtaken(waiting, sheet):
        raise Conflict(ALREADY_PROPOSED)
    return waiting


def _decide(
    batch: Batch,
    sheet: list[SheetRow],
    outcomes: Mapping[int, ResultOutcome],
    notes: Mapping[int, str],
    before: Earlier,
) -> list[tuple[SheetRow, ResultOutcome, str]]:
    people, elsewhere = {row.attendee.id for row in sheet}, queries.seated_elsewhere(batch, sheet)
    if strangers := (set(outcomes) | set(notes)) - people:
        text = _("Ada hasil untuk orang yang bukan peserta angkatan ini atau sudah diputuskan.")
        raise RuleViolation(text, field=f"outcome_{min(strangers)}")
    decided, refused, silent = [], [], []
    for row in sheet:
        key = row.attendee.id
        outcome = outcomes.get(key, before.outcome_of(row))
        note = notes.get(key, "" if key in outcomes else before.note_of(row)).strip()
        refusal = refusal_to_decide(outcome, row.verdicts, suggested=row.suggested, name=row.attendee.name)
        refusal = refusal or (elsewhere.get(key) if outcome is ResultOutcome.PASSED else None)
        if refusal:
            refused.append((f"outcome_{key}", refusal))
        elif lacks_reason(outcome, suggested=row.suggested, note=note):
            silent.append((f"note_{key}", row.attendee.name))
        decided.append((row, outcome, note))
    if refused:
        raise RuleViolation(
            _("%(said)s", said=" ".join(str(refusal) for _field, refusal in refused)), field=refused[0][0]
        )
    if silent:
        names, first = ", ".join(name for _field, name in silent), silent[0][0]
        text = _(
            "Hasilnya berbeda dari kolom Menurut syarat: %(names)s. %(reason)s",
            names=names,
            reason=refusal_of_reason(""),
        )
        raise RuleViolation(text, field=first)
    return decided
