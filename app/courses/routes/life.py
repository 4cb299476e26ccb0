"""The moves of a batch through its life: each a page that says what it means, with one button."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.text import Text, _
from app.courses import ports, queries, services
from app.courses.forms import ReasonForm
from app.courses.models import Batch
from app.courses.routes.blueprint import bp
from app.web.access import requires
from app.web.forms import ActionForm, BaseForm


def _move(batch: Batch, form: BaseForm, decide: Callable[[], None], *, title: Text, lead: Text, button: Text, saying: Text) -> Any:
    answer = form.carry_out(decide, to=lambda _none: url_for("workspace.show_batch", batch_id=batch.id), saying=saying)
    if answer:
        return answer
    page = render_template(
        "courses/move_batch.html", batch=batch, form=form, title=title, lead=lead, button=button, warnings=queries.readiness(batch)
    )
    return page, form.status


@bp.route("/batches/<int:batch_id>/open", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def open_batch(batch: Batch) -> Any:
    """Let people apply."""
    return _move(
        batch,
        ActionForm(),
        lambda: services.open_batch(batch, by=current_user),
        title=_("Buka pendaftaran"),
        lead=_("Angkatan ini akan tampil untuk umum di “Diklat yang dibuka”."),
        button=_("Buka pendaftaran"),
        saying=_("Pendaftaran dibuka."),
    )


@bp.route("/batches/<int:batch_id>/close", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def close_batch(batch: Batch) -> Any:
    """Take no more applications."""
    return _move(
        batch,
        ActionForm(),
        lambda: services.close_batch(batch, by=current_user),
        title=_("Tutup pendaftaran"),
        lead=_("Pendaftaran baru tidak lagi diterima. Pendaftaran dapat dibuka kembali sebelum angkatan dimulai."),
        button=_("Tutup pendaftaran"),
        saying=_("Pendaftaran ditutup."),
    )


@bp.route("/batches/<int:batch_id>/start", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def start_batch(batch: Batch) -> Any:
    """Begin."""
    return _move(
        batch,
        ActionForm(),
        lambda: services.start_batch(batch, by=current_user),
        title=_("Mulai angkatan"),
        lead=_("%(taken)d peserta memegang tempat.", taken=ports.seats_taken([batch.id])[batch.id]),
        button=_("Mulai angkatan"),
        saying=_("Angkatan dimulai."),
    )


@bp.route("/batches/<int:batch_id>/finish", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def finish_batch(batch: Batch) -> Any:
    """End."""
    return _move(
        batch,
        ActionForm(),
        lambda: services.finish_batch(batch, by=current_user),
        title=_("Selesaikan angkatan"),
        lead=_("Sesudah ini rencana dan jadwal angkatan tidak dapat diubah lagi."),
        button=_("Selesaikan angkatan"),
        saying=_("Angkatan selesai."),
    )


@bp.route("/batches/<int:batch_id>/cancel", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def cancel_batch(batch: Batch) -> Any:
    """Call it off, with the reason."""
    form = ReasonForm()
    return _move(
        batch,
        form,
        lambda: services.cancel_batch(batch, reason=form.reason.data, by=current_user),
        title=_("Batalkan angkatan"),
        lead=_("Pembatalan tidak dapat dicabut. Kabari sendiri peserta yang sudah diterima."),
        button=_("Batalkan angkatan"),
        saying=_("Angkatan dibatalkan."),
    )
