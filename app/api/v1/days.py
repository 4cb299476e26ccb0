"""Presence, marks and the graduation meeting."""

from datetime import date
from typing import Any, ClassVar

from apiflask.fields import Enum, List, Nested, String
from marshmallow.validate import Length, OneOf

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import ALSO_BYTES, PDF, answers, as_attachment
from app.api.fields import Schema, Words, amount, by_attendee, day, reason_given, row_id, score
from app.api.listing import listed
from app.api.schemas import COUNT, TEXT, row
from app.assessment import lines as mark_lines
from app.assessment import queries as assessment
from app.assessment import services as assessment_services
from app.assessment.planning import earlier_decisions
from app.assessment.rules import GIVEN_BACK, MarkKind, ResultOutcome
from app.attendance import lines, queries, services
from app.attendance.document import PAPER_SIZES, sign_sheet_filename, sign_sheet_of, sign_sheet_pdf
from app.attendance.rules import Presence
from app.auth.rules import Permission
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.text import _
from app.core.versions import LONGEST
from app.courses import queries as courses
from app.courses.acts import Act
from app.courses.models import Batch, TrainingSession
from app.enrollments import queries as enrollments

P = Permission


def version_read() -> Words:
    """Return the field for what the program had read; without it, lines are filled but nothing that says
    otherwise is overwritten.
    """
    words = (
        "Dari daftar yang dibaca. Tanpa ini hanya baris kosong yang diisi: 409 bila tersimpan isi lain, atau"
        " berubah sejak dibaca"
    )
    return Words(LONGEST, load_default="", metadata={"description": words})


class EntryIn(Schema):
    attendee = row_id(required=True)
    status = Enum(Presence, by_value=True, required=True)
    minutes_late = amount(0, 1440, load_default=0)
    note = Words(200, load_default="")


class EntriesIn(Schema):
    called: ClassVar = {"status": "entries.status", "minutes": "entries.minutes_late"}

    entries = List(Nested(EntryIn), required=True, validate=Length(1, 1000))
    version = version_read()


class MarkIn(Schema):
    attendee = row_id(required=True)
    value = score()


class MarksIn(Schema):
    called: ClassVar = {"mark": "marks.value"}

    kind = Enum(MarkKind, by_value=True, required=True)
    marks = List(Nested(MarkIn), required=True, validate=Length(1, 1000))
    version = version_read()


class OutcomeIn(Schema):
    attendee = row_id(required=True)
    outcome = Enum(ResultOutcome, by_value=True, required=True)
    note = Words(300, lines=True, load_default="")


class ProposalIn(Schema):
    called: ClassVar = {"outcome": "outcomes.outcome", "note": "outcomes.note"}

    held_on = day(required=True)
    minutes = Words(
        5000,
        lines=True,
        load_default=None,
        metadata={"description": "Tanpa ini catatan usulan sebelumnya yang dipakai"},
    )
    outcomes = List(
        Nested(OutcomeIn),
        load_default=list,
        validate=Length(max=1000),
        metadata={
            "description": (
                "Yang tidak disebut: seperti usulan sebelumnya yang belum disetujui, selama data hari ini"
                " mengizinkannya; selain itu seperti menurut syarat. Jawaban memuat siapa saja (carried_over)"
            )
        },
    )


def which_meeting() -> Any:
    """Return the field for the proposal that was read; a decision is about no other one."""
    return row_id(
        load_default=None, metadata={"description": "Usulan yang dibaca; wajib bila usulannya pernah diganti"}
    )


class ApproveIn(Schema):
    graduation = which_meeting()


class ReturnIn(Schema):
    reason = reason_given()
    graduation = which_meeting()


def day_of(batch: Batch, day: str) -> date | None:
    """Return a day of this batch."""
    return next((each for each in queries.list_days(batch) if each.isoformat() == day), None)


class SheetQuery(Schema):
    paper = String(load_default=PAPER_SIZES[0], validate=OneOf(PAPER_SIZES))


@bp.get("/batches/<int:batch_id>/attendees")
@allowed(P.ATTENDANCE_SEE, on=courses.get_batch)
@listed("Attendee")
@bp.doc(summary="Peserta yang mengikuti angkatan", security="token")
def list_attendees(batch: Batch) -> Any:
    return {"items": [to.attendee(row) for row in enrollments.list_attendees(batch)], "next": None}


@bp.get("/sessions/<int:session_id>/attendees")
@allowed(P.ATTENDANCE_SEE, on=courses.get_session)
@listed("Attendee")
@bp.doc(summary="Peserta satu sesi: yang kehadirannya diisi", security="token")
def list_session_attendees(session: TrainingSession) -> Any:
    people = queries.people_of([session], queries.people_on(session.batch, session.held_on))
    return {"items": [to.attendee(row) for row in people], "next": None}


@bp.get("/sessions/<int:session_id>/attendance")
@allowed(P.ATTENDANCE_SEE, on=courses.get_session)
@listed("Attendance", version=TEXT)
@bp.doc(summary="Kehadiran satu sesi", security="token")
def list_attendance(session: TrainingSession) -> Any:
    rows = [to.attendance(row) for row in queries.list_attendances(session.batch, [session.id])]
    people = queries.people_of([session], queries.people_on(session.batch, session.held_on))
    return {"items": rows, "next": None, "version": lines.version_of([session], people, shown=False)}


@bp.post("/sessions/<int:session_id>/attendance")
@allowed(P.ATTENDANCE_RECORD, on=courses.get_session)
@bp.input(EntriesIn)
@answers(row(added=COUNT, corrected=COUNT, unchanged=COUNT))
@bp.doc(summary="Catat kehadiran, satu atau banyak", security="token")
@effect
def record_attendance(session: TrainingSession, json_data: dict[str, Any]) -> Any:
    rows = by_attendee(json_data["entries"], "entries")
    entries = {
        key: services.Entry(row["status"], row["minutes_late"], row["note"]) for key, row in rows.items()
    }
    done = services.record_presences(session, entries, by=caller(), version=json_data["version"])
    return {"added": done.added, "corrected": done.corrected, "unchanged": done.unchanged}


@bp.get("/batches/<int:batch_id>/sign-sheets/<day>")
@allowed(P.ATTENDANCE_SEE, on=courses.get_batch, inside=day_of)
@bp.input(SheetQuery, location="query")
@answers({"type": "string", "contentMediaType": PDF[0]}, media=PDF)
@bp.doc(
    summary="Daftar hadir satu hari sebagai PDF, untuk ditandatangani",
    description=ALSO_BYTES,
    security="token",
)
def print_sign_sheet(batch: Batch, held_on: date, query_data: dict[str, Any]) -> Any:
    sheet, paper = sign_sheet_of(batch, held_on), query_data["paper"]
    return as_attachment(sign_sheet_pdf(sheet, paper=paper), PDF, sign_sheet_filename(sheet, paper=paper))


@bp.get("/batches/<int:batch_id>/assessments")
@allowed(P.GRADUATION_SEE, on=courses.get_batch)
@listed("Mark", versions=row(**{str(kind.value): TEXT for kind in MarkKind}))
@bp.doc(summary="Nilai satu angkatan", security="token")
def list_assessments(batch: Batch) -> Any:
    items = [to.mark(row) for kind in MarkKind for row in assessment.list_marks(batch, kind)]
    versions = {kind.value: mark_lines.version_of_marks(batch, kind) for kind in MarkKind}
    return {"items": items, "next": None, "versions": versions}


@bp.get("/batches/<int:batch_id>/assessments/changes")
@allowed(P.GRADUATION_SEE, on=courses.get_batch)
@listed("MarkChange")
@bp.doc(summary="Nilai yang pernah diubah atau dihapus, oleh siapa; yang terbaru dahulu", security="token")
def list_mark_changes(batch: Batch) -> Any:
    return {
        "items": [to.mark_change(row, batch.zone) for row in mark_lines.mark_changes(batch)],
        "next": None,
    }


@bp.post("/batches/<int:batch_id>/assessments")
@allowed(P.MARK_RECORD, on=courses.get_batch)
@bp.input(MarksIn)
@answers(row(changed=COUNT))
@bp.doc(summary="Catat nilai", security="token")
@effect
def record_assessments(batch: Batch, json_data: dict[str, Any]) -> Any:
    values = {key: row["value"] for key, row in by_attendee(json_data["marks"], "marks").items()}
    changed = assessment_services.record_marks(
        batch, json_data["kind"], values, by=caller(), version=json_data["version"]
    )
    return {"changed": changed}


@bp.get("/batches/<int:batch_id>/graduation")
@allowed(P.GRADUATION_SEE, on=courses.get_batch)
@answers("LatestGraduation")
@bp.doc(
    summary="Rapat kelulusan terakhir, dan semua rapat angkatan ini (yang terbaru dahulu)", security="token"
)
def show_graduation(batch: Batch) -> Any:
    meetings = [to.graduation(row) for row in assessment.list_meetings(batch)]
    if not meetings:
        raise NotFound(_("Belum ada rapat kelulusan untuk angkatan ini."))
    return {**meetings[0], "meetings": meetings}


@bp.post("/batches/<int:batch_id>/graduation")
@allowed(P.GRADUATION_PROPOSE, on=courses.get_batch)
@bp.input(ProposalIn)
@answers("Graduation")
@bp.doc(
    summary="Usulkan kelulusan; sesudah ada yang disetujui: rapat susulan bagi yang ditunda", security="token"
)
@effect
def propose_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    rows = by_attendee(json_data["outcomes"], "outcomes")
    outcomes = {key: row["outcome"] for key, row in rows.items()}
    notes = {key: row["note"] for key, row in rows.items()}
    before = earlier_decisions(batch, assessment.sheet_to_decide(batch))
    row = assessment_services.propose_graduation(
        batch,
        held_on=json_data["held_on"],
        minutes=json_data["minutes"],
        outcomes=outcomes,
        notes=notes,
        by=caller(),
    )
    return {**to.graduation(row), "carried_over": sorted(before.decided.keys() - outcomes.keys())}


@bp.post("/batches/<int:batch_id>/graduation/approve")
@allowed(P.GRADUATION_APPROVE, on=courses.get_batch)
@bp.input(ApproveIn)
@answers("Graduation")
@bp.doc(summary="Setujui kelulusan", security="token")
@effect
def approve_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = _standing(batch, json_data["graduation"])
    assessment_services.approve_graduation(row, by=caller())
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/return")
@allowed(P.GRADUATION_APPROVE, on=courses.get_batch)
@bp.input(ReturnIn)
@answers("Graduation")
@bp.doc(summary="Kembalikan usulan kelulusan", security="token")
@effect
def return_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = _standing(batch, json_data["graduation"])
    assessment_services.return_graduation(row, json_data["reason"], by=caller())
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/withdraw")
@allowed(P.GRADUATION_PROPOSE, on=courses.get_batch)
@bp.input(ReturnIn)
@answers("Graduation")
@bp.doc(summary="Tarik usulan kelulusan sendiri", security="token")
@effect
def withdraw_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = _standing(batch, json_data["graduation"])
    assessment_services.withdraw_graduation(row, json_data["reason"], by=caller())
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/take-back")
@allowed(P.GRADUATION_APPROVE, on=courses.get_batch)
@bp.input(ReturnIn)
@answers("Graduation")
@bp.doc(summary="Tarik persetujuan kelulusan yang keliru, selama belum ada sertifikatnya", security="token")
@effect
def take_back_approval(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = next(reversed(assessment.approved_graduations(batch)), None)
    if row is None and (refusal := courses.refusal_to_act(Act.TAKE_BACK_APPROVAL, batch)):
        raise RuleViolation(refusal)
    if row is None or json_data["graduation"] not in {None, row.id}:
        raise Conflict(
            _("Rapat yang Anda baca bukan rapat terakhir yang disetujui. Baca rapat yang terakhir dahulu.")
        )
    assessment_services.take_back_approval(row, json_data["reason"], by=caller())
    return to.graduation(row)


def _standing(batch: Batch, read: int | None) -> Any:
    """Return the proposal that a decision is about: the one that was read; another one in its place is a
    conflict.
    """
    row = assessment.standing_graduation(batch) or next(iter(assessment.list_meetings(batch)), None)
    if row is None and (refusal := courses.refusal_to_act(Act.DECIDE_GRADUATION, batch)):
        raise RuleViolation(refusal)
    if row is None:
        raise NotFound(_("Belum ada usulan kelulusan untuk angkatan ini."))
    if row.status in GIVEN_BACK and read in (None, row.id):
        return row  # the act says what became of it
    if read is None and assessment.has_other_proposals(batch):
        raise Conflict(
            _("Usulan kelulusan angkatan ini pernah diganti. Baca yang terakhir, lalu sebutkan nomornya."),
            field="graduation",
        )
    if read is not None and read != row.id:
        raise Conflict(_("Usulan yang Anda baca sudah diganti. Baca usulan yang terakhir dahulu."))
    return row
