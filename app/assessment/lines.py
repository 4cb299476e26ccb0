"""What Nilai & Kelulusan shows line by line: each person with figures, suggestion and decision; marks as they
are stored and changed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.queries import (
    SheetRow,
    approved_results,
    asked_by,
    asked_of,
    deferred_attendees,
    figures_of,
    graduation_sheet,
    list_results,
    seated_elsewhere,
)
from app.assessment.rules import Asked, GraduationStatus, MarkKind, ResultOutcome, grade_of
from app.attendance.models import Attendance
from app.attendance.queries import list_attendances, list_counted_sessions, savers_since
from app.attendance.rules import Entry, Presence
from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.models import User
from app.core.scores import SCORE_STEP, write_score
from app.core.text import Text, _
from app.core.versions import Line, version_of
from app.courses.models import Batch, Course
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.regions.rules import WIB


@dataclass(frozen=True)
class PersonLine:
    """One person: what the rules say today, and what was decided, by a proposal that waits or by the last
    approved meeting.
    """

    row: SheetRow
    decided: GraduationResult | None = None
    is_proposed: bool = False
    is_settled: bool = False  # decided for good: suggestion and final mark are those that the meeting read

    @property
    def suggested(self) -> ResultOutcome:
        """Return what the rules suggested to whoever decided; today's suggestion where nobody has decided."""
        return self.decided.suggested if self.decided else self.row.suggested

    @property
    def suggestion_text(self) -> Text:
        return self.decided.suggested.label if self.decided else self.row.suggestion_text

    @property
    def has_changed(self) -> bool:
        """Say whether today's figures are others than those that the decision was read from."""
        return (
            self.decided is not None and not self.is_settled and figures_of(self.decided) != self.row.figures
        )

    @property
    def since(self) -> Text | None:
        """Return that the data changed since the decision, and what the rules suggest today."""
        if not self.has_changed:
            return None
        now = str(self.row.suggestion_text)
        if self.is_proposed:
            return _("Data berubah sejak diusulkan. Menurut syarat sekarang: %(now)s.", now=now)
        return _(
            "Data berubah sesudah rapat; menunggu rapat susulan. Menurut syarat sekarang: %(now)s.", now=now
        )

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

    attendee: int
    name: str
    kind: MarkKind
    before: Decimal
    after: Decimal | None  # none: taken away
    by: str
    at: datetime


def mark_changes(batch: Batch) -> list[MarkChange]:
    """Return every mark of a batch that was overwritten or taken away, the newest first; of a person whose
    key was erased none.
    """
    people = {attendee.id: attendee.name for attendee in list_attendees(batch)}
    of_marks = (
        Event.action == "mark.recorded",
        Event.subject_type == Attendee.__name__,
        Event.subject_id.in_(sorted(people)),
    )
    events = list(db.session.scalars(select(Event).where(*of_marks).order_by(Event.id.desc())))
    details_by_id = details_of(events)
    found = []
    for event in events:
        told = (details_by_id[event.id] or {}).get("details") or {}
        if not told.get("before") or event.subject_id is None:
            continue
        kind = MarkKind(told["kind"])  # type: ignore[call-arg]
        after = Decimal(told["after"]) if told.get("after") else None
        who = event.subject_id, people[event.subject_id]
        found.append(MarkChange(*who, kind, Decimal(told["before"]), after, event.actor_label, event.at))
    return found


@dataclass(frozen=True)
class PresenceChange:
    """A presence that says otherwise than before."""

    name: str
    session: str
    before: str
    after: str
    by: str
    at: datetime


def presence_changes(batch: Batch) -> list[PresenceChange]:
    """Return every presence of a batch that was corrected since its first proposal, the newest first: what a
    meeting has read.
    """
    first = db.session.scalar(select(func.min(Graduation.proposed_at)).where(Graduation.batch_id == batch.id))
    if first is None:
        return []
    people = {attendee.id: attendee.name for attendee in list_attendees(batch)}
    rows = {row.id: row for row in list_attendances(batch)}
    corrected = (
        Event.action == "attendance.corrected",
        Event.subject_type == Attendance.__name__,
        Event.at >= first,
    )
    events = list(
        db.session.scalars(
            select(Event).where(*corrected, Event.subject_id.in_(sorted(rows))).order_by(Event.id.desc())
        )
    )
    text, titles = details_of(events), {session.id: session.title for session in list_counted_sessions(batch)}
    found = []
    for event in events:
        told, row = (text[event.id] or {}).get("details") or {}, rows[event.subject_id or 0]
        if told.get("old") and row.attendee_id in people:
            before, after = (
                str(Entry(Presence(v["status"]), v["minutes_late"], v["note"]))
                for v in (told["old"], told["new"])
            )
            session = titles.get(row.session_id, "–")
            found.append(
                PresenceChange(people[row.attendee_id], session, before, after, event.actor_label, event.at)
            )
    return found


def changes_since(graduation: Graduation, sheet: list[SheetRow]) -> list[Text]:
    """Return what is other today than a proposal has read, each with who changed it where that is known."""
    batch, results = graduation.batch, {each.attendee_id: each for each in list_results(graduation)}
    found, before = [], asked_by(graduation)
    if before is not None and before != asked_of(batch):
        then, now = (write_score(each.pass_mark) or "–" for each in (before, asked_of(batch)))
        found.append(
            _(
                "Nilai lulus semula %(then)s, kini %(now)s%(by)s.",
                then=then,
                now=now,
                by=_by(_who_set_pass_mark(graduation)),
            )
        )
    marks = mark_lines(batch, MarkKind.FINAL, [row.attendee for row in sheet])
    savers = savers_since(batch, graduation.proposed_at)
    for row in sheet:
        kept, name = results.pop(row.attendee.id, None), row.attendee.name
        if kept is None:
            found.append(_("%(name)s belum ada pada usulan.", name=name))
            continue
        if figures_of(kept) == row.figures:
            continue
        if kept.score != row.score:
            then, now = write_score(kept.score) or "–", write_score(row.score) or "–"
            by = _by(marks[row.attendee.id].saved_by)
            found.append(
                _(
                    "%(name)s: nilai akhir semula %(then)s, kini %(now)s%(by)s.",
                    name=name,
                    then=then,
                    now=now,
                    by=by,
                )
            )
        then, now = f"{kept.attended_hours}/{kept.planned_hours}", f"{row.hours.attended}/{row.hours.planned}"
        by = _by(savers.get(row.attendee.id, ""))
        if then != now:
            found.append(
                _(
                    "%(name)s: kehadiran semula %(then)s JP, kini %(now)s JP%(by)s.",
                    name=name,
                    then=then,
                    now=now,
                    by=by,
                )
            )
        elif kept.suggested is not row.suggested:
            values = {"name": name, "then": str(kept.suggested.label), "now": str(row.suggestion_text)}
            found.append(_("%(name)s: menurut syarat semula %(then)s, kini %(now)s.", **values))
    found += [
        _("%(name)s tidak lagi dibahas rapat ini.", name=gone.attendee.name) for gone in results.values()
    ]
    return [*found, *seated_elsewhere(batch, sheet).values()]


def _by(name: str) -> str:
    return str(_(" (oleh %(name)s)", name=name)) if name else ""


def _who_set_pass_mark(graduation: Graduation) -> str:
    """Return who set the pass mark of the course last, since the proposal."""
    course = Event.subject_type == Course.__name__, Event.subject_id == graduation.batch.course_id
    last = select(Event.actor_label).where(
        Event.action == "course.pass_mark_set", *course, Event.at >= graduation.proposed_at
    )
    return db.session.scalar(last.order_by(Event.id.desc()).limit(1)) or ""


@dataclass(frozen=True)
class MarkLine(Line):
    """A mark of one kind as it is stored."""

    saved_by: str = ""
    zone: str = WIB


def mark_lines(batch: Batch, kind: MarkKind, people: Iterable[Attendee]) -> dict[int, MarkLine]:
    """Return the mark of one kind for each of these people, with who saved it and when."""
    query = select(Mark, User.name).join(Mark.attendee).outerjoin(User, User.id == Mark.recorded_by_id)
    names = {person.id: person.name for person in people}
    found = {key: MarkLine(None, None, description=name) for key, name in names.items()}
    for mark, name in db.session.execute(query.where(Attendee.batch_id == batch.id, Mark.kind == kind)):
        value = mark.value.quantize(SCORE_STEP)
        description = f"{names.get(mark.attendee_id, '')} {write_score(value)}{_by(name or '')}".strip()
        found[mark.attendee_id] = MarkLine(
            value,
            value,
            mark.recorded_by_id,
            mark.recorded_at,
            saved_by=name or "",
            zone=batch.zone,
            description=description,
        )
    return found


def version_of_marks(batch: Batch, kind: MarkKind) -> str:
    """Return the version of the marks of one kind, as a program reads them now."""
    return version_of(mark_lines(batch, kind, list_attendees(batch)), shown=False)


def describe_decisions(batch_ids: Collection[int]) -> dict[int, Text]:
    """Return, of the batches with an approved meeting, which final mark their first one has asked for."""
    approved = Graduation.batch_id.in_(sorted(batch_ids)), Graduation.status == GraduationStatus.APPROVED
    first: dict[int, Graduation] = {}
    for graduation in db.session.scalars(select(Graduation).where(*approved).order_by(Graduation.id)):
        first.setdefault(graduation.batch_id, graduation)
    return {key: _describe_request(asked_by(graduation)) for key, graduation in first.items()}


def _describe_request(asked: Asked | None) -> Text:
    if asked is None or asked.pass_mark is None:
        return _("diputuskan tanpa syarat nilai akhir")
    return _("diputuskan dengan nilai akhir sekurangnya %(least)s", least=write_score(asked.pass_mark))
