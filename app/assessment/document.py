"""The minutes of a meeting as they are read: from its rows while it is decided, from what was frozen once it
is approved.

What people relied on when they approved does not move: offices and desa may be renamed, people may move, and
the minutes still say what they said. Meetings approved before minutes were frozen have no record and are read
from their rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.assessment.lines import PersonLine
from app.assessment.models import Graduation, GraduationResult
from app.assessment.queries import SheetRow, asked_by, list_results
from app.assessment.rules import (
    Asked,
    GraduationStatus,
    MarkKind,
    ResultOutcome,
    RuleName,
    RuleVerdict,
    meeting_name,
)
from app.attendance.joining import seated_late
from app.core.dates import local_moment
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import list_subjects
from app.courses.rules import CourseKind
from app.fieldwork.lines import practised_at
from app.organisers.queries import name_on
from app.sheets.document import Sheet

FROZEN_APART = {
    "score",
    "outcome",
    "suggested",
    "seated_at",
    "fieldwork_place",
}  # of a frozen line: read otherwise, or by others


@dataclass(frozen=True)
class Line:
    """What the minutes say of one person."""

    attendee: int
    name: str
    desa: str
    kecamatan: str | None
    attended_hours: int
    planned_hours: int
    score: Decimal | None
    grade: str | None
    outcome: ResultOutcome
    suggested: ResultOutcome
    reasons: list[str]
    note: str
    seated_at: datetime | None = None  # when the first session had begun already
    fieldwork: str | None = None  # JP of the field practice, where it was asked and kept

    @property
    def differs(self) -> bool:
        """Say whether the meeting decided otherwise than the rules suggest."""
        return self.outcome is not self.suggested


@dataclass(frozen=True)
class Minutes:
    """All that the minutes of one meeting show."""

    status: GraduationStatus
    is_supplementary: bool
    held_on: date
    text: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    return_reason: str | None
    organiser: dict[str, str | None] | None
    batch: dict[str, Any]
    zone: str
    lines: list[Line]
    asked: Asked | None = None  # not kept of meetings approved long ago
    taken_back_by: str | None = None  # who took the approval back
    taken_back_at: datetime | None = None

    @property
    def name(self) -> Text:
        return meeting_name(is_supplementary=self.is_supplementary)

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.batch["starts_on"])

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.batch["ends_on"])


def minutes_of(graduation: Graduation) -> Minutes:
    """Return what the minutes of this meeting show; of an approved one only what was frozen then."""
    kept = graduation.record or {}
    if "people" in kept:
        return replace(_read(kept), **_taken_back(graduation))
    batch = graduation.batch
    name = name_on(batch.course.organiser, graduation.held_on)
    return Minutes(
        **{"status": graduation.status, "return_reason": graduation.return_reason, **_taken_back(graduation)},
        is_supplementary=graduation.is_supplementary,
        held_on=graduation.held_on,
        text=graduation.minutes,
        proposed_by=graduation.proposed_label,
        proposed_at=graduation.proposed_at,
        approved_by=graduation.approved_label,
        approved_at=graduation.approved_at,
        organiser=(
            {"name": name.name, "government": name.government, "address": name.address} if name else None
        ),
        batch=batch_facts(batch),
        zone=batch.zone,
        lines=_lines(graduation),
        asked=asked_by(graduation),
    )


def _taken_back(graduation: Graduation) -> dict[str, Any]:
    """Return what is said of an approval that was taken back, beside what it had frozen."""
    if graduation.status is not GraduationStatus.TAKEN_BACK:
        return {}
    text = graduation.record["taken_back"]
    moment = datetime.fromisoformat(text["at"])
    return {
        "status": graduation.status,
        "return_reason": graduation.return_reason,
        "taken_back_by": text["by"],
        "taken_back_at": moment,
    }


def judged_by(asked: Asked, sheet: Iterable[SheetRow]) -> dict[str, Any]:
    """Return what a proposal is judged by, as it is kept with it: what is asked today, and what nothing else
    keeps of each person.
    """
    practice = {
        str(row.attendee.id): found.figure for row in sheet if (found := row.verdict(RuleName.FIELDWORK))
    }
    return {"asked": asked.frozen, "fieldwork": practice}


def freeze(graduation: Graduation, asked: Asked) -> dict[str, Any]:
    """Return what the minutes of a meeting show now, as it is kept for ever; `asked`: what it asked of those
    who pass.
    """
    minutes, hosts = minutes_of(graduation), practised_at(graduation.batch)
    return {
        "status": minutes.status.value,
        "is_supplementary": minutes.is_supplementary,
        "held_on": minutes.held_on.isoformat(),
        "text": minutes.text,
        "proposed_by": minutes.proposed_by,
        "proposed_at": minutes.proposed_at.isoformat(),
        "approved_by": minutes.approved_by,
        "approved_at": minutes.approved_at.isoformat() if minutes.approved_at else None,
        "organiser": minutes.organiser,
        "batch": minutes.batch,
        "zone": minutes.zone,
        "asked": asked.frozen,
        "people": [
            {
                "attendee": line.attendee,
                "name": line.name,
                "desa": line.desa,
                "kecamatan": line.kecamatan,
                "attended_hours": line.attended_hours,
                "planned_hours": line.planned_hours,
                "score": None if line.score is None else str(line.score),
                "grade": line.grade,
                "outcome": line.outcome.value,
                "suggested": line.suggested.value,
                "reasons": line.reasons,
                "note": line.note,
                "fieldwork": line.fieldwork,
                "fieldwork_place": hosts.get(line.attendee),  # as her certificate writes it
                "seated_at": line.seated_at.isoformat() if line.seated_at else None,
            }
            for line in minutes.lines
        ],
    }


def batch_facts(batch: Batch) -> dict[str, Any]:
    """Return what minutes and certificates say of a batch: what was taught, when and where."""
    course, tier = batch.course, batch.course.tier
    taught = list_subjects(course.curriculum)
    return {
        "course": course.title,
        "course_title": tier.title if course.kind is CourseKind.DIKLAT else course.title,
        "tier": tier.code,
        "tier_label": tier.label,
        "tier_rank": tier.rank,
        "code": batch.code,
        "ordinal": batch.ordinal,
        "year": batch.starts_on.year,
        "lesson_hours": sum(each.theory_hours + each.practice_hours for each in taught),
        "starts_on": batch.starts_on.isoformat(),
        "ends_on": batch.ends_on.isoformat(),
        "place": batch.venue,
        "subjects": [
            {"name": each.name, "theory_hours": each.theory_hours, "practice_hours": each.practice_hours}
            for each in taught
        ],
    }


def _lines(graduation: Graduation) -> list[Line]:
    results = list_results(graduation)
    late = seated_late(graduation.batch, [result.attendee for result in results])
    practice = (graduation.record or {}).get("fieldwork", {})
    return [
        _line(result, late.get(result.attendee_id), practice.get(str(result.attendee_id)))
        for result in results
    ]


def _line(result: GraduationResult, seated_at: datetime | None, fieldwork: str | None) -> Line:
    record = result.attendee.trainee
    person = record and (record.counting or record)
    desa = person.duty_region if person else None
    kecamatan = desa.parent if desa is not None and desa.is_desa else None
    return Line(
        attendee=result.attendee_id,
        name=result.attendee.name,
        desa=desa.full_name if desa else "",
        kecamatan=kecamatan.full_name if kecamatan else None,
        attended_hours=result.attended_hours,
        planned_hours=result.planned_hours,
        score=result.score,
        grade=result.grade,
        outcome=result.outcome,
        suggested=result.suggested,
        reasons=list(result.reasons),
        note=result.note,
        seated_at=seated_at,
        fieldwork=fieldwork,
    )


def _read(record: dict[str, Any]) -> Minutes:
    return Minutes(
        status=GraduationStatus(record["status"]),  # type: ignore[call-arg]
        is_supplementary=record["is_supplementary"],
        held_on=date.fromisoformat(record["held_on"]),
        text=record["text"],
        proposed_by=record["proposed_by"],
        proposed_at=datetime.fromisoformat(record["proposed_at"]),
        approved_by=record["approved_by"],
        approved_at=datetime.fromisoformat(record["approved_at"]) if record["approved_at"] else None,
        return_reason=None,
        organiser=record["organiser"],
        batch=record["batch"],
        zone=record["zone"],
        lines=[
            Line(
                **{key: value for key, value in line.items() if key not in FROZEN_APART},
                score=None if line["score"] is None else Decimal(line["score"]),
                outcome=ResultOutcome(line["outcome"]),  # type: ignore[call-arg]
                suggested=ResultOutcome(line["suggested"]),  # type: ignore[call-arg]
                seated_at=datetime.fromisoformat(line["seated_at"]) if line.get("seated_at") else None,
            )
            for line in record["people"]
        ],
        asked=Asked.read(record["asked"]) if "asked" in record else None,
    )


def marks_sheet(
    batch: Batch, people: Sequence[PersonLine], asked: Asked, tests: Sequence[MarkKind], *, is_decided: bool
) -> Sheet:
    """Return Nilai & Kelulusan as a table for spreadsheets; a column of marks that is filled in there can be
    pasted back.

    Numbers and names are those of the page, marks stand in columns of their own, and "Nilai akhir" is there
    before there is any.
    """
    kinds, placed = [*tests, MarkKind.FINAL], practised_at(batch)
    has_grades = any(line.grade for line in people)
    headings = [
        _("No."),
        _("Nama"),
        *(kind.label for kind in kinds),
        *([_("Predikat")] if has_grades else []),
    ]
    headings += [*(asked.heading(rule) for rule in asked.names), _("Menurut syarat")]
    headings += [*([_("Keputusan rapat"), _("Alasan bila berbeda")] if is_decided else []), _("Keterangan")]
    lines = []
    for number, line in enumerate(people, start=1):
        row = line.row
        marks = [row.marks.get(kind) for kind in tests]
        judged = [_judged(row.verdict(rule), row.attendee.id in placed) for rule in asked.names]
        decided = [_decided(line), " ".join(line.note.split())] if is_decided else []
        lines.append(
            [
                number,
                row.attendee.name,
                *marks,
                line.score,
                *([line.grade] if has_grades else []),
                *judged,
                line.suggestion_text,
                *decided,
                _remarks(line, batch.zone),
            ]
        )
    return Sheet(headings, lines)


def _judged(verdict: RuleVerdict | None, is_placed: bool) -> str:
    if verdict is None:
        return ""
    if not verdict.passed:
        return f"{verdict.label}. {verdict.sentence}"
    where = (
        f"; {_('lokasinya tidak dicatat')}" if verdict.name is RuleName.FIELDWORK and not is_placed else ""
    )
    return f"{verdict.label}, {verdict.figure}{where}"


def _decided(line: PersonLine) -> str:
    if line.decided is None:
        return str(_("belum diputuskan"))
    return (
        f"{line.decided.outcome.label} {_('diusulkan')}"
        if line.is_proposed
        else str(line.decided.outcome.label)
    )


def _remarks(line: PersonLine, zone: str) -> str:
    row = line.row
    seated = (
        _("Mendapat tempat pada %(moment)s", moment=local_moment(row.seated_at, zone))
        if row.seated_at
        else None
    )
    return " ".join(str(each) for each in (row.remark, seated, line.since) if each)
