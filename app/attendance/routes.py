"""Pages of attendance: half days and JP of a batch, one half day, one session, the printed daftar hadir, own sessions."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_login import current_user

from app.attendance import queries, services
from app.attendance.forms import presence_form
from app.attendance.services import Recorded
from app.auth.rules import Permission
from app.core import clock
from app.core.text import Text, _
from app.courses.models import Batch, TrainingSession
from app.courses.queries import get_batch, get_session
from app.enrollments.queries import list_attendees
from app.web.access import requires, signed_in

bp = Blueprint("attendance", __name__)


@bp.route("/batches/<int:batch_id>/attendance")
@requires(Permission.ATTENDANCE_SEE, on=get_batch)
def show_attendance(batch: Batch) -> Any:
    """The half days with what is entered, and the JP of everybody."""
    blocks = queries.blocks_of(batch)
    today = clock.today(batch.zone)
    return render_template(
        "attendance/show_attendance.html",
        batch=batch,
        blocks=blocks,
        refusals={block.name: services.refusal_to_record(batch, block.sessions[0]) for block in blocks},
        next_block=next((block for block in blocks if block.held_on <= today and not block.is_complete), None),
        days=queries.list_days(batch),
        people=list_attendees(batch),
        hours=queries.hours_by_attendee(batch),
        threshold=batch.course.attendance_threshold,
        lesson_minutes=batch.course.lesson_minutes,
        may_record=current_user.can(Permission.ATTENDANCE_RECORD, batch),
    )


@bp.route("/batches/<int:batch_id>/attendance/<block>", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_RECORD, on=get_batch)
def record_block(batch: Batch, block: str) -> Any:
    """Semua hadir, kecuali …"""
    half_day = queries.find_block(batch, block) or abort(404)
    people = queries.people_of(half_day.sessions, list_attendees(batch))
    form = presence_form(people, queries.known_of_block(half_day, people))
    answer = form.carry_out(
        lambda: services.record_block(batch, block, form.entries(), by=current_user),
        to=url_for("attendance.show_attendance", batch_id=batch.id),
        saying=_what_was_kept,
    )
    refusal = services.refusal_to_record(batch, half_day.sessions[0])
    page = "attendance/record_block.html"
    return answer or (render_template(page, batch=batch, block=half_day, form=form, refusal=refusal), form.status)


@bp.route("/sessions/<int:session_id>/attendance", methods=["GET", "POST"])
@requires(Permission.ATTENDANCE_RECORD, on=get_session)
def record_session(session: TrainingSession) -> Any:
    """The same for one session: for who teaches it, or receives the group at the place of practice."""
    batch = session.batch
    people = queries.people_of([session], list_attendees(batch))
    form = presence_form(people, queries.known_of_session(session))
    back = url_for("attendance.list_own_sessions")
    if current_user.can(Permission.ATTENDANCE_SEE, batch):
        back = url_for("attendance.show_attendance", batch_id=batch.id)
    answer = form.carry_out(lambda: services.record_presences(session, form.chosen(), by=current_user), to=back, saying=_what_was_kept)
    refusal = services.refusal_to_record(batch, session)
    page = "attendance/record_session.html"
    return answer or (render_template(page, session=session, batch=batch, form=form, refusal=refusal, back=back), form.status)


@bp.route("/batches/<int:batch_id>/sign-sheets/<day>")
@requires(Permission.ATTENDANCE_SEE, on=get_batch)
def print_sign_sheet(batch: Batch, day: str) -> Any:
    """The daftar hadir of one day, to be signed on paper."""
    held_on = next((each for each in queries.list_days(batch) if each.isoformat() == day), None) or abort(404)
    return render_template(
        "attendance/print_sign_sheet.html", batch=batch, day=held_on, people=list_attendees(batch), halves=_halves(batch, held_on)
    )


@bp.route("/me/sessions")
@signed_in
def list_own_sessions() -> Any:
    """Sesi saya: what I teach, or was asked to take the presence of."""
    sessions = queries.list_own_sessions(current_user.reach(Permission.ATTENDANCE_RECORD), current_user.id)
    return render_template(
        "attendance/list_own_sessions.html",
        sessions=sessions,
        entered=queries.count_entered([session.id for session in sessions]),
        may_record={session.id for session in sessions if session.lesson_hours and current_user.can(Permission.ATTENDANCE_RECORD, session)},
        refusals={session.id: services.refusal_to_record(session.batch, session) for session in sessions},
    )


def _what_was_kept(kept: Recorded) -> Text:
    if kept.added or kept.corrected:
        return _("Kehadiran tersimpan: %(added)d catatan baru, %(corrected)d diperbaiki.", added=kept.added, corrected=kept.corrected)
    return _("Kehadiran sudah sama seperti sebelumnya.")


def _halves(batch: Batch, day: date) -> list[Text]:
    """Return the columns to sign: each half day in which something with JP is held, else the day."""
    names = {block.name[-1] for block in queries.blocks_of(batch) if block.held_on == day}
    halves = [label for number, label in (("1", _("Pagi")), ("2", _("Siang"))) if number in names]
    return halves or [_("Tanda tangan")]
