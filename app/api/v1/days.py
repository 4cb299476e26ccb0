"""Presence, marks and the graduation meeting."""

from decimal import Decimal
from typing import Any

from apiflask import Schema
from apiflask.fields import Decimal as Amount
from apiflask.fields import Enum, List, Nested
from flask import abort
from marshmallow.validate import Length, Range

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.fields import Words, amount, day, row_id
from app.assessment import queries as assessment
from app.assessment import services as assessment_services
from app.assessment.rules import MarkKind, ResultOutcome
from app.attendance import queries, services
from app.attendance.rules import Presence
from app.auth.rules import Permission
from app.core.errors import NotFound
from app.core.text import _
from app.core.versions import LONGEST
from app.courses import queries as courses
from app.courses.models import Batch, TrainingSession
from app.enrollments import queries as enrollments

P = Permission


class EntryIn(Schema):
    attendee = row_id(required=True)
    status = Enum(Presence, by_value=True, required=True)
    minutes_late = amount(0, 1440, load_default=0)
    note = Words(200, load_default="")


class EntriesIn(Schema):
    entries = List(Nested(EntryIn), required=True, validate=Length(1, 1000))
    version = Words(LONGEST, load_default=None, metadata={"description": "Dari daftar yang dibaca; 409 bila sudah diubah sejak itu"})


class MarkIn(Schema):
    attendee = row_id(required=True)
    value = Amount(places=2, required=True, allow_none=True, validate=Range(Decimal(0), Decimal(100)))


class MarksIn(Schema):
    kind = Enum(MarkKind, by_value=True, required=True)
    marks = List(Nested(MarkIn), required=True, validate=Length(1, 1000))


class OutcomeIn(Schema):
    attendee = row_id(required=True)
    outcome = Enum(ResultOutcome, by_value=True, required=True)
    note = Words(300, load_default="")


class ProposalIn(Schema):
    held_on = day(required=True)
    minutes = Words(5000, load_default="")
    outcomes = List(Nested(OutcomeIn), load_default=list, validate=Length(max=1000))


class ReturnIn(Schema):
    reason = Words(500, required=True)


@bp.get("/batches/<int:batch_id>/attendees")
@allowed(P.ATTENDANCE_SEE, on=courses.get_batch)
@bp.doc(summary="Peserta yang mengikuti angkatan", security="token")
def list_attendees(batch: Batch) -> Any:
    return {"items": [to.attendee(row) for row in enrollments.list_attendees(batch)], "next": None}


@bp.get("/sessions/<int:session_id>/attendance")
@allowed(P.ATTENDANCE_SEE, on=courses.get_session)
@bp.doc(summary="Kehadiran satu sesi", security="token")
def list_attendance(session: TrainingSession) -> Any:
    rows = [to.attendance(row) for row in queries.list_attendances(session.batch, [session.id])]
    people = queries.people_of([session], queries.people_on(session.batch, session.held_on))
    return {"items": rows, "next": None, "version": queries.version_of([session], people, shown=False)}


@bp.post("/sessions/<int:session_id>/attendance")
@allowed(P.ATTENDANCE_RECORD, on=courses.get_session)
@bp.input(EntriesIn)
@bp.doc(summary="Catat kehadiran, satu atau banyak", security="token")
@effect
def record_attendance(session: TrainingSession, json_data: dict[str, Any]) -> Any:
    entries = {row["attendee"]: services.Entry(row["status"], row["minutes_late"], row["note"]) for row in json_data["entries"]}
    done = services.record_presences(session, entries, by=caller(), version=json_data["version"])
    return {"added": done.added, "corrected": done.corrected, "unchanged": done.unchanged}


@bp.get("/batches/<int:batch_id>/assessments")
@allowed(P.GRADUATION_SEE, on=courses.get_batch)
@bp.doc(summary="Nilai satu angkatan", security="token")
def list_assessments(batch: Batch) -> Any:
    return {"items": [to.mark(row) for kind in MarkKind for row in assessment.list_marks(batch, kind)], "next": None}


@bp.post("/batches/<int:batch_id>/assessments")
@allowed(P.MARK_RECORD, on=courses.get_batch)
@bp.input(MarksIn)
@bp.doc(summary="Catat nilai", security="token")
@effect
def record_assessments(batch: Batch, json_data: dict[str, Any]) -> Any:
    values = {row["attendee"]: row["value"] for row in json_data["marks"]}
    return {"changed": assessment_services.record_marks(batch, json_data["kind"], values, by=caller())}


@bp.get("/batches/<int:batch_id>/graduation")
@allowed(P.GRADUATION_SEE, on=courses.get_batch)
@bp.doc(summary="Rapat kelulusan terakhir, dan semua rapat angkatan ini (yang terbaru dahulu)", security="token")
def show_graduation(batch: Batch) -> Any:
    meetings = [to.graduation(row) for row in assessment.list_meetings(batch)]
    if not meetings:
        abort(404)
    return {**meetings[0], "meetings": meetings}


@bp.post("/batches/<int:batch_id>/graduation")
@allowed(P.GRADUATION_PROPOSE, on=courses.get_batch)
@bp.input(ProposalIn)
@bp.doc(summary="Usulkan kelulusan; sesudah ada yang disetujui: rapat susulan bagi yang ditunda", security="token")
@effect
def propose_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    outcomes = {row["attendee"]: row["outcome"] for row in json_data["outcomes"]}
    notes = {row["attendee"]: row["note"] for row in json_data["outcomes"]}
    row = assessment_services.propose_graduation(
        batch, held_on=json_data["held_on"], minutes=json_data["minutes"], outcomes=outcomes, notes=notes, by=caller()
    )
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/approve")
@allowed(P.GRADUATION_APPROVE, on=courses.get_batch)
@bp.doc(summary="Setujui kelulusan", security="token")
@effect
def approve_graduation(batch: Batch) -> Any:
    row = _standing(batch)
    assessment_services.approve_graduation(row, by=caller())
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/return")
@allowed(P.GRADUATION_APPROVE, on=courses.get_batch)
@bp.input(ReturnIn)
@bp.doc(summary="Kembalikan usulan kelulusan", security="token")
@effect
def return_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = _standing(batch)
    assessment_services.return_graduation(row, json_data["reason"], by=caller())
    return to.graduation(row)


@bp.post("/batches/<int:batch_id>/graduation/withdraw")
@allowed(P.GRADUATION_PROPOSE, on=courses.get_batch)
@bp.input(ReturnIn)
@bp.doc(summary="Tarik usulan kelulusan sendiri", security="token")
@effect
def withdraw_graduation(batch: Batch, json_data: dict[str, Any]) -> Any:
    row = _standing(batch)
    assessment_services.withdraw_graduation(row, json_data["reason"], by=caller())
    return to.graduation(row)


def _standing(batch: Batch) -> Any:
    row = assessment.standing_graduation(batch)
    if row is None:
        raise NotFound(_("Belum ada usulan kelulusan untuk angkatan ini."))
    return row
