"""Pages of attendance: half days and JP of a batch, one half day, one session, the printed daftar hadir, own
sessions.
"""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from app.attendance import own, queries, services
from app.attendance.document import (
    HALF_NAMES,
    PAPER_SIZES,
    presence_sheet,
    sign_sheet_filename,
    sign_sheet_of,
    sign_sheet_pdf,
)
from app.attendance.forms import PresenceForm, presence_form
from app.attendance.joining import left_on
from app.attendance.lines import frame_of, lines_of
from app.attendance.rules import Hours
from app.attendance.services import EntryReport
from app.attendance.wording import Sentence, describe_hours
from app.auth.rules import Permission
from app.core import clock
from app.core.dates import long_date
from app.core.text import Text, _
from app.core.versions import version_of
from app.courses.models import Batch, TrainingSession
from app.courses.queries import get_batch, get_session
from app.courses.rules import UNSEEN
from app.enrollments.eligibility import remarks_on
from app.enrollments.models import Attendee
from app.sheets.document import asked_format, sheet_answer
from app.web.access import requires, signed_in
from app.web.headers import shown_pdf

bp = Blueprint("attendance", __name__)


@bp.route("/batches/<int:batch_id>/attendance")
@requires(Permission.ATTENDANCE_SEE, on=get_batch)
def show_attendance(batch: Batch) -> Any:
    """The half days with what is entered, and the JP of everybody."""
    blocks = queries.blocks_of(batch)
    people = queries.people_with_presence(batch)
    hours, remarks = queries.hours_by_attendee(batch, people), remarks_on(batch, people)
    standings = {person.id: _standing_of(batch, person, hours[person.id]) for person in people}
    if kind := asked_format():
        sheet = presence_sheet(
            people if blocks else [],
            [(block, lines_of(block.sessions, people)) for block in blocks],
            hours,
            standings,
            remarks,
        )
        return sheet_answer(sheet, kind, f"kehadiran-{batch.code}-{clock.today(batch.zone)}")
    return render_template(
        "attendance/show_attendance.html",
        batch=batch,
        blocks=blocks,
        refusals={block.name: services.refusal_to_record(batch, block.sessions[0]) for block in blocks},
        next_block=queries.next_block(blocks, clock.today(batch.zone)),
        days=queries.list_days(batch),
        people=people,
        standings=standings,
        halves=HALF_NAMES,
        remarks=remarks,
        hours=hours,
        threshold=batch.course.attendance_threshold,
        may_record=current_user.can(Permission.ATTENDANCE_RECORD, batch),
    )


def _standing_of(batch: Batch, person: Attendee, hours: Hours) -> Sentence:
    if person.left_at:
        return Sentence(_("Keluar pada %(day)s", day=long_date(left_on(person))))
    return describe_hours(
        hours, threshold=batch.course.attendance_threshold, lesson_minutes=batch.course.lesson_minutes
    )


@bp.get("/batches/<int:batch_id>/attendance/<block>")
@requires(Permission.ATTENDANCE_SEE, on=get_batch)
def show_block(batch: Batch, block: str) -> Any:
    """A half day: to be entered, or to be read."""
    half_day = queries.find_block(batch, block) or abort(404)
    return _render_block(batch, half_day, _form_of(batch, half_day.sessions))


@bp.post("/batches/<int:batch_id>/attendance/<block>")
@requires(Permission.ATTENDANCE_RECORD, on=get_batch)
def record_block(batch: Batch, block: str) -> Any:
    """Semua hadir, kecuali …"""
    half_day = queries.find_block(batch, block) or abort(404)
    form = _form_of(batch, half_day.sessions)
    answer = form.carry_out(
        lambda: services.record_block(
            batch, block, form.entries(), by=current_user, version=form.version.data
        ),
        to=url_for("attendance.show_attendance", batch_id=batch.id),
        saying=_describe_saved,
    )
    return answer or (_render_block(batch, half_day, form), form.status)


@bp.get("/sessions/<int:session_id>/attendance")
@signed_in
def show_session(session_id: int) -> Any:
    """One session: to be entered, or to be read; whoever was given it before reads what became of it."""
    session = get_session(session_id) or abort(404)
    if current_user.can(Permission.ATTENDANCE_SEE, session):
        return _render_session(session, _form([session], services.people_of_session(session, current_user)))
    if not own.was_given(session, current_user.id):
        abort(404)
    text = own.describe_over([session], (), current_user.id)
    return render_template(
        "attendance/show_given_session.html", session=session, batch=session.batch, said=text.get(session.id)
    )


@bp.post("/sessions/<int:session_id>/attendance")
@requires(Permission.ATTENDANCE_RECORD, on=get_session)
def record_session(session: TrainingSession) -> Any:
    """The same for one session: for who teaches it, or receives the group at the place of practice."""
    form = _form([session], services.people_of_session(session, current_user))
    answer = form.carry_out(
        lambda: services.record_presences(
            session, form.entries(), by=current_user, version=form.version.data
        ),
        to=_back_from(session),
        saying=_describe_saved,
    )
    return answer or (_render_session(session, form), form.status)


def _back_from(session: TrainingSession) -> str:
    if current_user.can(Permission.ATTENDANCE_SEE, session.batch):
        return url_for("attendance.show_attendance", batch_id=session.batch_id)
    return url_for("attendance.list_own_sessions")


def _render_block(batch: Batch, block: queries.Block, form: PresenceForm) -> str:
    people = queries.people_of(block.sessions, _with_presence(batch, block.sessions))
    page = _page_of(
        batch, block.sessions, form, people, may_record=current_user.can(Permission.ATTENDANCE_RECORD, batch)
    )
    return render_template("attendance/record_block.html", batch=batch, block=block, **page)


def _render_session(session: TrainingSession, form: PresenceForm) -> str:
    people = services.people_of_session(
        session, current_user, people=_with_presence(session.batch, [session])
    )
    page = _page_of(
        session.batch,
        [session],
        form,
        people,
        may_record=current_user.can(Permission.ATTENDANCE_RECORD, session),
    )
    page["refusal"] = own.describe_cancelled(session) or page["refusal"]
    return render_template(
        "attendance/record_session.html",
        session=session,
        batch=session.batch,
        back=_back_from(session),
        **page,
    )


def _with_presence(batch: Batch, sessions: list[TrainingSession]) -> list[Attendee]:
    return queries.people_with_presence(batch, [session.id for session in sessions])


def _page_of(
    batch: Batch,
    sessions: list[TrainingSession],
    form: PresenceForm,
    people: list[Attendee],
    *,
    may_record: bool,
) -> dict[str, Any]:
    """Return what a page of presence shows: the form where it can be entered, and what is kept of everybody
    who is not in it.
    """
    refusal = services.refusal_to_record(batch, sessions[0])
    is_open = may_record and refusal is None
    typed = {person.id for person in form.people} if is_open else set()
    kept = lines_of(sessions, [person for person in people if person.id not in typed])
    shown = (
        [(person, kept[person.id]) for person in people if person.id in kept]
        if any(line.filled for line in kept.values())
        else []
    )
    is_ahead = sessions[0].held_on > clock.today(batch.zone)
    return {
        "form": form,
        "refusal": refusal,
        "is_open": is_open,
        "is_ahead": is_ahead,
        "kept": shown,
        "may_record": may_record,
    }


def _form_of(batch: Batch, sessions: list[TrainingSession]) -> PresenceForm:
    """Return the form of these sessions of one half day, as they are stored now."""
    return _form(sessions, queries.people_of(sessions, services.people_to_record(batch, sessions[0].held_on)))


def _form(sessions: list[TrainingSession], people: list[Attendee]) -> PresenceForm:
    known = lines_of(sessions, people)
    return presence_form(people, known, version=version_of(known, frame=frame_of(sessions)))


@bp.route("/batches/<int:batch_id>/sign-sheets/<day>")
@requires(Permission.ATTENDANCE_SEE, on=get_batch)
def print_sign_sheet(batch: Batch, day: str) -> Any:
    """The daftar hadir of one day as PDF on A4, or on F4 where asked; to be signed on paper."""
    held_on = next((each for each in queries.list_days(batch) if each.isoformat() == day), None) or abort(404)
    paper = request.args.get("paper", "").lower()
    paper = paper if paper in PAPER_SIZES else PAPER_SIZES[0]
    sheet = sign_sheet_of(batch, held_on)
    return shown_pdf(sign_sheet_pdf(sheet, paper=paper), sign_sheet_filename(sheet, paper=paper))


@bp.route("/me/sessions")
@signed_in
def list_own_sessions() -> Any:
    """Sesi saya: what I teach, or was asked to take the presence of; what is mine no more with what became of
    it.
    """
    sessions = own.list_own_sessions(current_user.id)
    may_record = {
        session.id for session in sessions if current_user.can(Permission.ATTENDANCE_RECORD, session)
    }
    return render_template(
        "attendance/list_own_sessions.html",
        sessions=sessions,
        entered=queries.count_entered([session.id for session in sessions]),
        over=own.describe_over(sessions, may_record, current_user.id),
        known={
            each.id
            for each in sessions
            if each.batch.status not in UNSEEN or current_user.can(Permission.COURSE_SEE, each)
        },
        may_record={session.id for session in sessions if session.lesson_hours and session.id in may_record},
        refusals={session.id: services.refusal_to_record(session.batch, session) for session in sessions},
    )


def _describe_saved(kept: EntryReport) -> Text:
    numbers = {"added": kept.people_added, "corrected": kept.people_corrected}
    if kept.left:
        return _(
            "Kehadiran tersimpan: %(added)d orang baru dicatat, %(corrected)d orang diperbaiki. %(left)d"
            " orang dibiarkan seperti yang disimpan selagi halaman Anda terbuka.",
            left=kept.left,
            **numbers,
        )
    if kept.added or kept.corrected:
        return _(
            "Kehadiran tersimpan: %(added)d orang baru dicatat, %(corrected)d orang diperbaiki.", **numbers
        )
    if kept.left_open:
        return _("Belum ada yang disimpan: pilih kehadiran bagi yang belum diisi.")
    return _("Kehadiran sudah sama seperti sebelumnya.")
