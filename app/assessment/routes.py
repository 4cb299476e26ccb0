"""Pages of marks and of the graduation meeting."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from app.assessment import document, lines, queries, services
from app.assessment.acts import refusal_to_give_back
from app.assessment.forms import (
    PasteMarksForm,
    ProposeForm,
    ReturnForm,
    marks_form,
    marks_of,
    notes_of,
    outcomes_of,
    propose_form,
)
from app.assessment.importing import read_pasted
from app.assessment.models import Graduation
from app.assessment.planning import earlier_decisions
from app.assessment.rules import (
    EARNING,
    GIVEN_BACK,
    TONES,
    GraduationStatus,
    MarkKind,
    RuleName,
    describe_outcomes,
    describe_scale,
)
from app.auth.models import User
from app.auth.rules import Permission
from app.core import clock
from app.core.scores import write_score
from app.core.text import Text, _
from app.core.versions import version_of
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import get_batch, refusal_to_act
from app.enrollments.eligibility import remarks_on
from app.enrollments.queries import list_attendees
from app.fieldwork.lines import describe_open, practised_at
from app.sheets.document import asked_format, sheet_answer
from app.web.access import requires
from app.web.forms import ActionForm

bp = Blueprint("assessment", __name__)


@bp.get("/batches/<int:batch_id>/graduation")
@requires(Permission.GRADUATION_SEE, on=get_batch)
def show_graduation(batch: Batch) -> Any:
    """Show whom a meeting can decide about with rules, suggestion and decision, and every meeting that was
    held.
    """
    sheet = queries.sheet_to_decide(batch)
    meetings = queries.list_meetings(batch)
    waiting = next((meeting for meeting in meetings if meeting.status is GraduationStatus.PROPOSED), None)
    approved = [meeting for meeting in meetings if meeting.status is GraduationStatus.APPROVED]
    before, asked, people = (
        earlier_decisions(batch, sheet),
        queries.asked_of(batch),
        lines.person_lines(batch, waiting),
    )
    tests = [
        kind
        for kind in (MarkKind.PRETEST, MarkKind.POSTTEST)
        if any(kind in line.row.marks for line in people)
    ]
    if kind := asked_format():
        table = document.marks_sheet(batch, people, asked, tests, is_decided=bool(waiting or approved))
        return sheet_answer(table, kind, f"nilai-kelulusan-{batch.code}-{clock.today(batch.zone)}")
    return render_template(
        "assessment/show_graduation.html",
        batch=batch,
        sheet=sheet,
        people=people,
        tests=tests,
        has_scores=any(line.score is not None for line in people),
        scale=describe_scale() if any(line.grade for line in people) else None,
        placed=practised_at(batch),
        changes=lines.mark_changes(batch),
        presence_changes=lines.presence_changes(batch),
        asked=asked,
        rules=RuleName,
        latest=meetings[0] if meetings else None,
        waiting=waiting,
        approved=approved,
        meetings=[(meeting, document.minutes_of(meeting)) for meeting in meetings],
        outdated=(
            lines.changes_since(waiting, sheet) if waiting and queries.is_overtaken(waiting, sheet) else []
        ),
        nobody_approves=waiting is not None and not queries.list_other_approvers(waiting),
        closed=refusal_to_act(Act.PROPOSE, batch) if approved and not sheet else None,
        obstacle=queries.obstacle_to_propose(batch, sheet),
        elsewhere=queries.seated_elsewhere(batch, sheet),
        settled=queries.settled_elsewhere(batch),
        can_mark=current_user.can(Permission.MARK_RECORD, batch) and services.refusal_to_mark(batch) is None,
        can_propose=current_user.can(Permission.GRADUATION_PROPOSE, batch),
        can_set=current_user.can(Permission.COURSE_EDIT, batch.course) and not approved,
        is_own=bool(waiting and waiting.proposed_by_id == current_user.id),
        paste=PasteMarksForm(formdata=None),
        before=before,
        propose=ProposeForm(
            formdata=None,
            prefix="",
            held_on=before.meeting.held_on if before.meeting else clock.today(batch.zone),
            minutes=before.meeting.minutes if before.meeting else "",
            version=version_of(queries.lines_of(sheet)),
        ),
        write_score=write_score,
        tones=TONES,
    )


@bp.route("/batches/<int:batch_id>/marks", methods=["GET", "POST"])
@requires(Permission.MARK_RECORD, on=get_batch)
def record_marks(batch: Batch) -> Any:
    kind = kind_asked()
    sheet = queries.graduation_sheet(batch)
    form = marks_form(sheet, lines.mark_lines(batch, kind, [row.attendee for row in sheet]))
    answer = form.carry_out(
        lambda: services.record_marks(
            batch, kind, marks_of(form, sheet), by=current_user, version=form.version.data
        ),
        to=url_for("assessment.show_graduation", batch_id=batch.id),
        saying=lambda changed: _("%(changed)s nilai disimpan.", changed=changed),
    )
    page = {
        "batch": batch,
        "sheet": queries.sheet_to_decide(batch),
        "form": form,
        "kind": kind,
        "kinds": MarkKind,
    }
    page |= {
        "closed": services.refusal_to_mark(batch),
        "people": sheet,
        "known": any(kind in row.marks for row in sheet),
    }
    page |= {"write_score": write_score}
    return answer or (render_template("assessment/record_marks.html", **page), form.status)


@bp.route("/batches/<int:batch_id>/marks/check", methods=["GET", "POST"])
@requires(Permission.MARK_RECORD, on=get_batch)
def check_marks(batch: Batch) -> Any:
    form = PasteMarksForm()
    sheet, everybody = (
        queries.sheet_to_decide(batch),
        list_attendees(batch),
    )  # numbered as on Nilai & Kelulusan
    people = [(attendee.id, attendee.name) for attendee in everybody]
    is_open = {row.attendee.id for row in sheet}
    pasted = None
    status = 200
    if form.is_submitted():
        status = 200 if form.validate() else 422
        form.shown_again()
    if form.is_submitted() and status == 200:
        kind = form.kind.chosen
        kept = (
            {key: line.stored for key, line in lines.mark_lines(batch, kind, everybody).items()}
            if kind
            else {}
        )
        pasted = read_pasted(
            form.text.data, people, kind=kind, closed=dict(people).keys() - is_open, kept=kept
        )
        form.text.errors = [
            *form.text.errors,
            *(_("Baris %(line)s: %(reason)s", line=n, reason=why) for n, why in pasted.errors),
        ]
        status = 422 if pasted.errors else 200
    names = dict(people)
    rows = (
        [
            (attendee_id, names[attendee_id], write_score(value))
            for attendee_id, value in pasted.values.items()
        ]
        if pasted
        else []
    )
    missing = [name for key, name in people if pasted and key in is_open and key not in pasted.values]
    page = {
        "batch": batch,
        "form": form,
        "rows": rows,
        "missing": missing,
        "is_good": bool(rows) and status == 200,
    }
    page |= {"kind": form.kind.chosen, "closed": services.refusal_to_mark(batch)}
    if pasted and form.kind.chosen:
        known = lines.mark_lines(batch, form.kind.chosen, [row.attendee for row in sheet])
        page |= {
            "version": version_of(known),
            "before": {key: write_score(line.stored) for key, line in known.items()},
        }
    return render_template("assessment/check_marks.html", **page), status


@bp.route("/batches/<int:batch_id>/graduation/propose", methods=["GET", "POST"])
@requires(Permission.GRADUATION_PROPOSE, on=get_batch)
def propose_graduation(batch: Batch) -> Any:
    sheet = queries.sheet_to_decide(batch)
    before = earlier_decisions(batch, sheet)
    form = propose_form(sheet, today=clock.today(batch.zone), before=before)
    answer = form.carry_out(
        lambda: (
            services.propose_graduation(
                batch,
                held_on=form.held_on.data,
                minutes=form.minutes.data or "",
                outcomes=outcomes_of(form, sheet),
                notes=notes_of(form, sheet),
                by=current_user,
                version=form.version.data,
            ).id
        ),
        to=url_for("assessment.show_graduation", batch_id=batch.id),
        saying=lambda graduation_id: who_is_asked(_others_who_approve(graduation_id)),
    )
    page = {
        "batch": batch,
        "sheet": sheet,
        "form": form,
        "obstacle": queries.obstacle_to_propose(batch, sheet),
    }
    page |= {
        "before": before,
        "practice": describe_open(
            batch, [row.attendee for row in sheet if before.outcome_of(row) in EARNING and not row.is_open]
        ),
        "elsewhere": queries.seated_elsewhere(batch, sheet),
        "is_supplementary": queries.approved_graduation(batch) is not None,
    }
    return answer or (render_template("assessment/propose_graduation.html", **page), form.status)


@bp.get("/graduations/<int:graduation_id>")
@requires(Permission.GRADUATION_SEE, on=queries.get_graduation)
def show_meeting(graduation: Graduation) -> Any:
    return render_meeting("assessment/show_meeting.html", graduation, None)


@bp.route("/graduations/<int:graduation_id>/approve", methods=["GET", "POST"])
@requires(Permission.GRADUATION_APPROVE, on=queries.get_graduation)
def approve_graduation(graduation: Graduation) -> Any:
    form = ActionForm()
    answer = form.carry_out(
        lambda: services.approve_graduation(graduation, by=current_user),
        to=url_for("assessment.show_meeting", graduation_id=graduation.id),
        saying=lambda _done: describe_approval(graduation),
    )
    return answer or (render_meeting("assessment/approve_graduation.html", graduation, form), form.status)


@bp.route("/graduations/<int:graduation_id>/return", methods=["GET", "POST"])
@requires(Permission.GRADUATION_APPROVE, on=queries.get_graduation)
def return_graduation(graduation: Graduation) -> Any:
    form = ReturnForm()
    answer = form.carry_out(
        lambda: services.return_graduation(graduation, form.reason.data, by=current_user),
        to=url_for("assessment.show_meeting", graduation_id=graduation.id),
        saying=_("Usulan dikembalikan kepada pengusulnya."),
    )
    page = {"graduation": graduation, "form": form, "refusal": refusal_to_give_back(graduation.status)}
    return answer or (render_template("assessment/return_graduation.html", **page), form.status)


@bp.route("/graduations/<int:graduation_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.GRADUATION_PROPOSE, on=queries.get_graduation)
def withdraw_graduation(graduation: Graduation) -> Any:
    """Take one's own proposal back while nobody has approved it."""
    form = ReturnForm()
    answer = form.carry_out(
        lambda: services.withdraw_graduation(graduation, form.reason.data, by=current_user),
        to=url_for("assessment.show_graduation", batch_id=graduation.batch_id),
        saying=_("Usulan ditarik. Data dan rencana dapat diperbaiki, lalu diusulkan lagi."),
    )
    page = {
        "graduation": graduation,
        "form": form,
        "refusal": services.refusal_to_withdraw_now(graduation, by=current_user),
    }
    return answer or (render_template("assessment/withdraw_graduation.html", **page), form.status)


@bp.route("/graduations/<int:graduation_id>/take-back", methods=["GET", "POST"])
@requires(Permission.GRADUATION_APPROVE, on=queries.get_graduation)
def take_back_approval(graduation: Graduation) -> Any:
    """Take an approval back that was a mistake, while no certificate was issued by it."""
    form = ReturnForm()
    answer = form.carry_out(
        lambda: services.take_back_approval(graduation, form.reason.data, by=current_user),
        to=url_for("assessment.show_meeting", graduation_id=graduation.id),
        saying=_("Persetujuan ditarik. Data dan nilai dapat diperbaiki, lalu diusulkan lagi."),
    )
    page = {
        "graduation": graduation,
        "form": form,
        "refusal": services.refusal_to_take_back_now(graduation, by=current_user),
    }
    return answer or (render_template("assessment/take_back_approval.html", **page), form.status)


def render_meeting(template: str, graduation: Graduation, form: Any) -> str:
    """Return a page of one meeting: what its minutes show, and what speaks against approving it now."""
    minutes, batch = document.minutes_of(graduation), graduation.batch
    waits, outcomes = graduation.status is GraduationStatus.PROPOSED, [line.outcome for line in minutes.lines]
    earning = (
        [result.attendee for result in queries.list_results(graduation) if result.outcome in EARNING]
        if waits
        else []
    )
    sheet = queries.sheet_to_decide(batch) if waits else []
    return render_template(
        template,
        graduation_id=graduation.id,
        batch_id=graduation.batch_id,
        form=form,
        minutes=minutes,
        counts=describe_outcomes(outcomes),
        given=set(outcomes),
        met=[line for line in minutes.lines if not line.reasons],
        unmet=[line for line in minutes.lines if line.reasons],
        overruled=[line for line in minutes.lines if line.differs],
        waits=waits,
        remarks=remarks_on(batch, list_attendees(batch)) if waits else {},
        practice=describe_open(batch, earning) if waits else [],
        outdated=lines.changes_since(graduation, sheet) if queries.is_overtaken(graduation, sheet) else [],
        is_given_back=graduation.status in GIVEN_BACK,
        is_own=graduation.proposed_by_id == current_user.id,
        is_approved=graduation.status is GraduationStatus.APPROVED,
        can_approve=current_user.can(Permission.GRADUATION_APPROVE, graduation),
        can_propose=current_user.can(Permission.GRADUATION_PROPOSE, graduation),
        write_score=write_score,
        tones=TONES,
    )


def describe_approval(graduation: Graduation) -> str:
    """Say to whoever has approved what was decided, and who is still to be told."""
    by_mail, by_hand = queries.count_notified(graduation)
    parts = [
        _(
            "Hasil rapat disetujui: %(counts)s.",
            counts=describe_outcomes(each.outcome for each in queries.list_results(graduation)),
        )
    ]
    parts += [_("%(n)s orang akan dikabari lewat email.", n=by_mail)] if by_mail else []
    parts += (
        [_("%(n)s orang masuk daftar Belum dikabari dan dikabari oleh panitia.", n=by_hand)]
        if by_hand
        else []
    )
    return " ".join(str(each) for each in parts)


def _others_who_approve(graduation_id: int) -> list[User]:
    graduation = queries.get_graduation(graduation_id)
    return queries.list_other_approvers(graduation) if graduation else []


def who_is_asked(approvers: list[User]) -> Text:
    """Say to whoever has proposed who may approve, and whether they were told."""
    if not approvers:
        return _(
            "Kelulusan diusulkan. Belum ada pejabat lain yang dapat menyetujuinya; mintalah peran itu"
            " diberikan kepada seseorang."
        )
    names = ", ".join(user.name for user in approvers)
    mailed = ", ".join(user.name for user in approvers if user.email)
    if mailed:
        return _("Kelulusan diusulkan. Pejabat penyetuju diberi tahu: %(names)s.", names=mailed)
    return _("Kelulusan diusulkan, dan menunggu pada Tugas saya: %(names)s.", names=names)


def kind_asked() -> MarkKind:
    """Return the kind of mark the page is about; the final mark unless another one is named."""
    asked = request.args.get("kind", "")
    return MarkKind(asked) if asked in set(MarkKind) else MarkKind.FINAL
