"""Pages of marks and of the graduation meeting."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from app.assessment import queries, services
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
from app.assessment.rules import TONES, GraduationStatus, MarkKind, ResultOutcome, in_one_line, write_mark
from app.auth.rules import Permission
from app.core import clock
from app.core.text import _
from app.core.versions import version_of
from app.courses.models import Batch
from app.courses.queries import get_batch
from app.organisers.queries import name_on
from app.web.access import requires
from app.web.forms import ActionForm

bp = Blueprint("assessment", __name__)


@bp.get("/batches/<int:batch_id>/graduation")
@requires(Permission.GRADUATION_SEE, on=get_batch)
def show_graduation(batch: Batch) -> Any:
    sheet = queries.graduation_sheet(batch)
    latest = queries.latest_graduation(batch)
    return render_template(
        "assessment/show_graduation.html",
        batch=batch,
        sheet=sheet,
        columns=queries.rules_of(batch),
        latest=latest,
        is_outdated=bool(latest and is_outdated(latest)),
        closed=services.refusal_to_change(batch.id),
        obstacle=queries.obstacle_to_propose(batch, sheet),
        can_mark=current_user.can(Permission.MARK_RECORD, batch),
        can_propose=current_user.can(Permission.GRADUATION_PROPOSE, batch),
        paste=PasteMarksForm(formdata=None),
        propose=ProposeForm(formdata=None, prefix="", held_on=clock.today(batch.zone)),
        write_mark=write_mark,
        tones=TONES,
    )


@bp.route("/batches/<int:batch_id>/marks", methods=["GET", "POST"])
@requires(Permission.MARK_RECORD, on=get_batch)
def record_marks(batch: Batch) -> Any:
    kind = kind_asked()
    sheet = queries.graduation_sheet(batch)
    form = marks_form(sheet, queries.mark_lines(batch, kind, [row.attendee for row in sheet]))
    answer = form.carry_out(
        lambda: services.record_marks(batch, kind, marks_of(form, sheet), by=current_user, version=form.version.data),
        to=url_for("assessment.show_graduation", batch_id=batch.id),
        saying=lambda changed: _("%(changed)s nilai disimpan.", changed=changed),
    )
    page = {"batch": batch, "sheet": sheet, "form": form, "kind": kind, "kinds": MarkKind}
    page |= {"closed": services.refusal_to_change(batch.id)}
    return answer or (render_template("assessment/record_marks.html", **page), form.status)


@bp.route("/batches/<int:batch_id>/marks/check", methods=["GET", "POST"])
@requires(Permission.MARK_RECORD, on=get_batch)
def check_marks(batch: Batch) -> Any:
    form = PasteMarksForm()
    sheet = queries.graduation_sheet(batch)
    people = [(row.attendee.id, row.attendee.name) for row in sheet]
    pasted = None
    status = 200
    if form.is_submitted():
        status = 200 if form.validate() else 422
    if form.is_submitted() and status == 200:
        pasted = read_pasted(form.text.data, people)
        form.text.errors = [*form.text.errors, *(_("Baris %(line)s: %(reason)s", line=n, reason=why) for n, why in pasted.errors)]
        status = 422 if pasted.errors else 200
    names = dict(people)
    rows = [(attendee_id, names[attendee_id], write_mark(value)) for attendee_id, value in pasted.values.items()] if pasted else []
    missing = [name for attendee_id, name in people if pasted and attendee_id not in pasted.values]
    page = {"batch": batch, "form": form, "rows": rows, "missing": missing, "is_good": bool(rows) and status == 200}
    page |= {"kind": form.kind.chosen, "closed": services.refusal_to_change(batch.id)}
    if pasted and form.kind.chosen:
        known = queries.mark_lines(batch, form.kind.chosen, [row.attendee for row in sheet])
        page |= {"version": version_of(known), "before": {key: write_mark(line.stored) for key, line in known.items()}}
    return render_template("assessment/check_marks.html", **page), status


@bp.route("/batches/<int:batch_id>/graduation/propose", methods=["GET", "POST"])
@requires(Permission.GRADUATION_PROPOSE, on=get_batch)
def propose_graduation(batch: Batch) -> Any:
    sheet = queries.graduation_sheet(batch)
    form = propose_form(sheet, today=clock.today(batch.zone))
    answer = form.carry_out(
        lambda: (
            services.propose_graduation(
                batch,
                held_on=form.held_on.data,
                minutes=form.minutes.data or "",
                outcomes=outcomes_of(form, sheet),
                notes=notes_of(form, sheet),
                by=current_user,
            ).id
        ),
        to=url_for("assessment.show_graduation", batch_id=batch.id),
        saying=_("Kelulusan diusulkan. Pejabat penyetuju diberi tahu."),
    )
    page = {"batch": batch, "sheet": sheet, "form": form, "obstacle": queries.obstacle_to_propose(batch, sheet), "in_one_line": in_one_line}
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
        saying=_("Kelulusan disetujui. Nilai dan kehadiran angkatan ini ditutup."),
    )
    return answer or (render_meeting("assessment/approve_graduation.html", graduation, form), form.status)


@bp.route("/graduations/<int:graduation_id>/return", methods=["GET", "POST"])
@requires(Permission.GRADUATION_APPROVE, on=queries.get_graduation)
def return_graduation(graduation: Graduation) -> Any:
    form = ReturnForm()
    answer = form.carry_out(
        lambda: services.return_graduation(graduation, form.reason.data, by=current_user),
        to=url_for("assessment.show_meeting", graduation_id=graduation.id),
        saying=_("Usulan dikembalikan; pengusul diberi tahu."),
    )
    return answer or (render_template("assessment/return_graduation.html", graduation=graduation, form=form), form.status)


def render_meeting(template: str, graduation: Graduation, form: Any) -> str:
    """Return a page of one meeting: its sentence, its results, and what speaks against approving it now."""
    results = queries.list_results(graduation)
    batch = graduation.batch
    waits = graduation.status is GraduationStatus.PROPOSED
    return render_template(
        template,
        graduation=graduation,
        batch=batch,
        form=form,
        results=results,
        counts=queries.count_outcomes(results),
        outcomes=ResultOutcome,
        met=[result for result in results if not result.reasons],
        unmet=[result for result in results if result.reasons],
        overruled=[result for result in results if result.outcome is not result.suggested],
        organiser=name_on(batch.course.organiser, graduation.held_on),
        waits=waits,
        is_outdated=waits and is_outdated(graduation),
        is_own=graduation.proposed_by_id == current_user.id,
        can_approve=current_user.can(Permission.GRADUATION_APPROVE, graduation),
        can_propose=current_user.can(Permission.GRADUATION_PROPOSE, graduation),
        in_one_line=in_one_line,
        write_mark=write_mark,
        tones=TONES,
    )


def is_outdated(graduation: Graduation) -> bool:
    """Say whether the data changed since a proposal that still waits."""
    if graduation.status is not GraduationStatus.PROPOSED:
        return False
    return queries.has_changed(queries.graduation_sheet(graduation.batch), queries.list_results(graduation))


def kind_asked() -> MarkKind:
    """Return the kind of mark the page is about; the final mark unless another one is named."""
    asked = request.args.get("kind", "")
    return MarkKind(asked) if asked in set(MarkKind) else MarkKind.FINAL
