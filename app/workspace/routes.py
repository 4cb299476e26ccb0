"""The batch workspace and the person page."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.courses import queries as courses
from app.courses.models import Batch
from app.trainees import queries as trainees
from app.trainees.models import Trainee
from app.trainees.rules import shown_phone
from app.web.access import requires
from app.workspace import queries, rules

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
