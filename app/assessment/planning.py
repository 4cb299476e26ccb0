"""What a new proposal begins with: the decisions of the last one that was not approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.assessment.models import Graduation, GraduationResult
from app.assessment.queries import (
    SheetRow,
    approved_results,
    latest_graduation,
    list_results,
    seated_elsewhere,
)
from app.assessment.rules import GraduationStatus, ResultOutcome, carried_over
from app.courses.models import Batch


@dataclass(frozen=True)
class Earlier:
    """What the last proposal decided, as a new one begins with it: by attendee (outcome, note), and who
    cannot be decided so today.
    """

    meeting: Graduation | None = None
    decided: Mapping[int, tuple[ResultOutcome, str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()  # names

    def outcome_of(self, row: SheetRow) -> ResultOutcome:
        return self.decided[row.attendee.id][0] if row.attendee.id in self.decided else row.suggested

    def note_of(self, row: SheetRow) -> str:
        return self.decided[row.attendee.id][1] if row.attendee.id in self.decided else ""


def earlier_decisions(batch: Batch, sheet: list[SheetRow]) -> Earlier:
    """Return what the last proposal since the last approval said of these people where it differed from the
    rules: a new proposal begins there, as far as today's figures allow it.
    """
    last = latest_graduation(batch)
    if last is None:
        return Earlier()
    if last.status is GraduationStatus.APPROVED:
        return Earlier(decided=_still_deferred(batch, sheet))
    results = {result.attendee_id: result for result in list_results(last)}
    elsewhere, approved = seated_elsewhere(batch, sheet), approved_results(batch)
    decided, dropped = {}, []
    for row in sheet:
        before = results.get(row.attendee.id)
        if before is None or _only_repeats(before, approved.get(row.attendee.id), row):
            continue
        kept = carried_over(
            before.outcome,
            before.note,
            was_suggested=before.suggested,
            found=row.verdicts,
            suggested=row.suggested,
        )
        if kept is not None and not (kept[0] is ResultOutcome.PASSED and row.attendee.id in elsewhere):
            decided[row.attendee.id] = kept
        elif before.outcome not in (before.suggested, row.suggested):
            dropped.append(row.attendee.name)
    return Earlier(last, decided, tuple(dropped))


def _only_repeats(before: GraduationResult, approved: GraduationResult | None, row: SheetRow) -> bool:
    """Say whether a proposal had merely left somebody put off, in the words of the approved meeting, whom the
    rules no longer fail.
    """
    if approved is None or row.suggested is ResultOutcome.FAILED:
        return False
    return before.outcome is ResultOutcome.DEFERRED and before.note == approved.note


def _still_deferred(batch: Batch, sheet: list[SheetRow]) -> dict[int, tuple[ResultOutcome, str]]:
    """Return whom the meeting had put off with a reason and whom the rules would fail today: a meeting held
    for others does not end it for them.
    """
    decided = approved_results(batch)
    return {
        row.attendee.id: (ResultOutcome.DEFERRED, before.note)
        for row in sheet
        if row.suggested is ResultOutcome.FAILED
        and (before := decided.get(row.attendee.id)) is not None
        and before.note
    }
