"""What Nilai & Kelulusan shows line by line: each person with figures, suggestion and decision; marks as they are stored and changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.queries import SheetRow, approved_results, deferred_attendees, graduation_sheet, list_results
from app.assessment.rules import MarkKind, ResultOutcome, grade_of
from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.models import User
from app.core.scores import SCORE_STEP, write_score
from app.core.versions import Line, version_of
from app.courses.models import Batch
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.regions.rules import WIB


@dataclass(frozen=True)
class PersonLine:
    """One person: what the rules say today, and what was decided, by a proposal that waits or by the last approved meeting."""

    row: SheetRow
    decided: GraduationResult | None = None
    is_proposed: bool = False
    is_settled: bool = False  # decided for good: suggestion and final mark are those that the meeting read

    @property
    def suggested(self) -> ResultOutcome:
        return self.decided.suggested if self.decided and self.is_settled else self.row.suggested

    @property
    def score(self) -> Decimal | None:
        return self.decided.score if self.decided and self.is_settled else self.row.score

    @property
    def note(self) -> str:
        """Return why it was decided otherwise."""
        return self.decided.note if self.decided else ""

    @property
    def grade(self) -> str | None:
        """Return the word of the scale, where the result does not contradict it."""
        return grade_of(self.decided.outcome if self.decided else self.suggested, self.score)


def person_lines(batch: Batch, waiting: Graduation | None) -> list[PersonLine]:
    """Return a line for every participant, by name, whatever the state of the batch."""
    proposed = {result.attendee_id: result for result in list_results(waiting)} if waiting else {}
    approved = approved_results(batch)
    open_ids = {attendee.id for attendee in deferred_attendees(batch)} if approved else set()
    lines = []
    for row in graduation_sheet(batch):
        key = row.attendee.id
        settled = key in approved and key not in open_ids
        lines.append(PersonLine(row, proposed.get(key) or approved.get(key), key in proposed, settled))
    return lines


@dataclass(frozen=True)
class MarkChange:
    """A mark that was overwritten or taken away."""

    name: str
    kind: MarkKind
    before: str
    after: str  # empty: taken away
    by: str
    at: datetime


def mark_changes(batch: Batch) -> list[MarkChange]:
    """Return every mark of a batch that was overwritten or taken away, the newest first; of a person whose key was erased none."""
    people = {attendee.id: attendee.name for attendee in list_attendees(batch)}
    of_marks = Event.action == "mark.recorded", Event.subject_type == Attendee.__name__, Event.subject_id.in_(sorted(people))
    events = list(db.session.scalars(select(Event).where(*of_marks).order_by(Event.id.desc())))
    said = details_of(events)
    found = []
    for event in events:
        told = (said[event.id] or {}).get("details") or {}
        if not told.get("before") or event.subject_id is None:
            continue
        before, after = (write_score(Decimal(told[name])) if told.get(name) else "" for name in ("before", "after"))
        name, kind = people[event.subject_id], MarkKind(told["kind"])  # type: ignore[call-arg]
        found.append(MarkChange(name, kind, before, after, event.actor_label, event.at))
    return found


@dataclass(frozen=True)
class MarkLine(Line):
    """A mark of one kind as it is stored."""

    saved_by: str = ""
    zone: str = WIB


def mark_lines(batch: Batch, kind: MarkKind, people: Iterable[Attendee]) -> dict[int, MarkLine]:
    """Return the mark of one kind for each of these people, with who saved it and when."""
    query = select(Mark, User.name).join(Mark.attendee).outerjoin(User, User.id == Mark.recorded_by_id)
    found = {person.id: MarkLine(None, None) for person in people}
    for mark, name in db.session.execute(query.where(Attendee.batch_id == batch.id, Mark.kind == kind)):
        value = mark.value.quantize(SCORE_STEP)
        found[mark.attendee_id] = MarkLine(value, value, mark.recorded_by_id, mark.recorded_at, saved_by=name or "", zone=batch.zone)
    return found


def version_of_marks(batch: Batch, kind: MarkKind) -> str:
    """Return the version of the marks of one kind, as a program reads them now."""
    return version_of(mark_lines(batch, kind, list_attendees(batch)), shown=False)
