"""The batch workspace and the person page."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.trainees import queries as trainees
from app.trainees import services
from app.trainees.models import Trainee
from app.trainees.rules import shown_phone
from app.web.access import requires
from app.workspace import queries, rules
from app.workspace.forms import AppointGraduatesForm

bp = Blueprint("workspace", __name__)


@bp.get("/batches/<int:batch_id>/workspace")
@requires(Permission.COURSE_SEE, on=courses.get_batch)
def show_batch(batch: Batch) -> Any:
    """Ringkasan: the life of a batch and the one next thing."""
    progress = queries.progress_of(batch)
    steps = [
        {"label": step.label, "state": step.state.value, "note": step.note, "url": url_for(step.endpoint, batch_id=batch.id)}
        for step in rules.rail(progress)
    ]
    step = rules.next_step(progress)
    return render_template(
        "workspace/show_batch.html",
        batch=batch,
        progress=progress,
        steps=steps,
        step=step,
        step_url=step and url_for(step.endpoint, batch_id=batch.id),
        may_act=bool(step and current_user.can(step.permission, batch)),
    )


@bp.route("/batches/<int:batch_id>/appointment", methods=["GET", "POST"])
@requires(Permission.APPOINTMENT_MAKE, on=courses.get_batch)
def appoint_graduates(batch: Batch) -> Any:
    """Tetapkan sebagai PSM: one SK for the graduates of a batch who are still calon PSM, proposed as a whole."""
    graduates = queries.list_graduates_to_appoint(batch)
    organiser = batch.course.organiser
    outside = services.reasons_not_to_appoint(graduates, None, current_user)
    form = AppointGraduatesForm(trainees=[each.id for each in graduates if each.id not in outside])
    answer = form.carry_out(
        lambda: services.appoint(
            organiser,
            form.number.data or "",
            form.dated_on.data or clock.today(batch.zone),
            form.signer_name.data or "",
            trainees.list_trainees_by_id(form.trainees.ticked),
            current_user,
        ),
        to=lambda made: url_for("trainees.show_appointment", appointment_id=made.id),
        saying=lambda made: _("SK %(number)s tercatat. Terima kasih kepada para PSM yang diangkat.", number=made.number),
    )
    if answer:
        return answer
    ticked = [each for each in trainees.list_trainees_by_id(form.trainees.ticked) if current_user.can(Permission.TRAINEE_SEE, each)]
    reasons = services.reasons_not_to_appoint(ticked, form.dated_on.data, current_user)
    form.trainees.offer({*graduates, *ticked}, outside | reasons)
    form.point_at_rows(reasons)
    page = render_template(
        "workspace/appoint_graduates.html",
        batch=batch,
        form=form,
        proposed=len(graduates) - len(outside),
        elsewhere=len(outside),
    )
    return page, form.status


@bp.get("/trainees/<int:trainee_id>")
@requires(Permission.TRAINEE_SEE, on=trainees.get_trainee)
def show_trainee(trainee: Trainee) -> Any:
    """Lembar PSM: one person's whole life as far as diklat goes."""
    return render_template(
        "workspace/show_trainee.html",
        trainee=trainee,
        life=queries.life_of(trainee),
        phone=shown_phone(trainee.phone) if trainee.phone else None,
        may_edit=current_user.can(Permission.TRAINEE_EDIT, trainee),
        may_see_nik=current_user.can(Permission.NIK_SEE, trainee),
    )
