"""What somebody does alone: register, and see what is kept about oneself."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask_login import current_user

from app.audit.queries import history_of
from app.core.errors import DomainError, TooManyTries
from app.courses.models import Batch
from app.courses.queries import get_batch
from app.courses.rules import UNSEEN
from app.trainees import queries, services
from app.trainees.forms import RegisterSelfForm, data_of
from app.trainees.routes.blueprint import bp
from app.web.access import public, signed_in


@bp.route("/register", methods=["GET", "POST"])
@public
def register_self() -> Any:
    """Daftarkan diri: one page; with ?batch= it leads back to the diklat afterwards."""
    batch = _batch()
    form = RegisterSelfForm(duty_region=batch and batch.course.organiser.region)
    if form.is_submitted() and not form.duty_region.is_refreshing:
        if not form.validate():
            form.status = 422
        else:
            try:
                services.register_self(
                    data_of(form),
                    form.password.data,
                    address=request.remote_addr or "",
                    base_url=current_app.config["SETTINGS"].base_url,
                )
            except TooManyTries:
                raise  # its page says how long to wait, to people and programs
            except DomainError as refusal:
                form.show(refusal)
            else:
                return redirect(url_for("trainees.show_registered", batch=batch and batch.id), 303)
    return render_template("trainees/register_self.html", form=form, batch=batch), form.status


@bp.route("/register/done")
@public
def show_registered() -> Any:
    """The same thanks to everybody, whether the NIK was known or not, and how to go on."""
    return render_template("trainees/show_registered.html", batch=_batch())


def _batch() -> Batch | None:
    batch_id = request.args.get("batch", type=int)
    batch = get_batch(batch_id) if batch_id and 0 < batch_id < 2**31 else None
    return batch if batch is not None and batch.status not in UNSEEN else None


@bp.route("/me/data")
@signed_in
def show_own_data() -> Any:
    """Data saya: what is kept and why, who looked at my NIK."""
    trainee = queries.trainee_of(current_user.id)
    records = queries.list_trainees_by_id(queries.same_person_ids(trainee)) if trainee else []
    looks = [event for record in records for event in history_of(record) if event.action == "nik.shown"]
    return render_template(
        "trainees/show_own_data.html",
        trainee=trainee,
        posts=queries.duty_posts_of(trainee) if trainee else [],
        standings=queries.standings_of(trainee) if trainee else [],
        looks=sorted(looks, key=lambda event: event.at, reverse=True),
    )
