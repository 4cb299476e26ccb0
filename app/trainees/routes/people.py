"""One person: registered by an office, corrected, moved, given another standing; the full NIK;
the account.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.text import _
from app.trainees import queries, services
from app.trainees.forms import (
    ChangeStandingForm,
    CorrectTraineeForm,
    MoveDutyForm,
    RegisterTraineeForm,
    TakeBackStandingForm,
    data_of,
)
from app.trainees.models import Trainee
from app.trainees.routes.blueprint import bp
from app.trainees.rules import TRANSITIONS, right_to_take_back
from app.web.access import requires
from app.web.forms import ActionForm


def of_duplicate(trainee: Trainee) -> Any:
    """Return where the page of an act on a record that was merged away leads: to that record, which says
    where the person is now.
    """
    return (
        redirect(link_to(trainee), 303)
        if trainee.canonical_id is not None and request.method == "GET"
        else None
    )


def link_to(trainee: Trainee) -> str:
    """Return the address of the person's page."""
    return url_for("workspace.show_trainee", trainee_id=trainee.id)


@bp.route("/trainees/register", methods=["GET", "POST"])
@requires(Permission.TRAINEE_REGISTER)
def register_trainee() -> Any:
    """Daftarkan calon PSM: by the dinas or a TKSK, for their own region; an office without a desa of its own
    reads who does it.
    """
    areas = current_user.reach(Permission.TRAINEE_REGISTER).areas
    if not areas:
        return render_template("trainees/register_trainee.html", form=None), (
            422 if request.method == "POST" else 200
        )
    form = RegisterTraineeForm(areas=areas)
    may_see = current_user.can(Permission.TRAINEE_SEE)
    answer = form.carry_out(
        lambda: services.register_trainee(
            services.filled_from_nik(data_of(form)),
            by=current_user,
            another_person=form.another_person.data,
            nik_reason=form.nik_reason.data or "",
        ),
        to=lambda trainee: link_to(trainee) if may_see else url_for("trainees.register_trainee"),
        saying=lambda trainee: _("%(name)s terdaftar sebagai calon PSM.", name=trainee.name),
    )
    if answer:
        return answer
    form.leave_out_unasked()
    return render_template("trainees/register_trainee.html", form=form), form.status


@bp.route("/trainees/<int:trainee_id>/edit", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def correct_trainee(trainee: Trainee) -> Any:
    """Perbaiki data: what was entered about a person."""
    if elsewhere := of_duplicate(trainee):
        return elsewhere
    form = CorrectTraineeForm(trainee)

    def decide() -> Trainee:
        queries.lock_trainee(trainee.id)
        form.refuse_stale()
        data = data_of(form, duty_region=trainee.duty_region)
        return services.correct_trainee(trainee, data, by=current_user, nik_reason=form.nik_reason.data or "")

    answer = form.carry_out(
        decide,
        to=lambda _trainee: link_to(trainee),
        saying=lambda corrected: _("Data %(name)s diperbaiki.", name=corrected.name),
    )
    if answer:
        return answer
    form.leave_out_unasked()
    may_open = current_user.can(Permission.ACCOUNT_OPEN, trainee)
    account = queries.account_of(trainee)
    return (
        render_template(
            "trainees/correct_trainee.html", trainee=trainee, form=form, may_open=may_open, account=account
        ),
        form.status,
    )


@bp.route("/trainees/<int:trainee_id>/move", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def move_duty(trainee: Trainee) -> Any:
    """Pindah tugas: another desa from a day on."""
    if elsewhere := of_duplicate(trainee):
        return elsewhere
    form = MoveDutyForm(
        areas=current_user.reach(Permission.TRAINEE_EDIT).areas, duty_region=trainee.duty_region
    )
    answer = form.carry_out(
        lambda: services.move_duty(trainee, form.duty_region.data, form.starts_on.data, current_user),
        to=lambda _post: link_to(trainee),
        saying=lambda post: _(
            "%(name)s bertugas di %(desa)s.", name=trainee.name, desa=post.region.full_name
        ),
    )
    posts = queries.duty_posts_of(trainee)
    return answer or (
        render_template("trainees/move_duty.html", trainee=trainee, form=form, posts=posts),
        form.status,
    )


@bp.route("/trainees/<int:trainee_id>/standing", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def change_standing(trainee: Trainee) -> Any:
    """Ubah status: what a person is from a day on."""
    if elsewhere := of_duplicate(trainee):
        return elsewhere
    form = ChangeStandingForm(sorted(TRANSITIONS[trainee.status], key=list(TRANSITIONS).index))
    answer = form.carry_out(
        lambda: services.change_standing(
            trainee, form.chosen, form.starts_on.data, form.reason.data, current_user
        ),
        to=lambda _standing: link_to(trainee),
        saying=lambda standing: _(
            "Status %(name)s: %(status)s.", name=trainee.name, status=str(standing.status.label)
        ),
    )
    return answer or (_standing_page(trainee, form, TakeBackStandingForm(formdata=None)), form.status)


@bp.post("/trainees/<int:trainee_id>/standing/take-back")
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def take_back_standing(trainee: Trainee) -> Any:
    """Keliru dicatat: batalkan: what was before the last standing is in force again."""
    form = TakeBackStandingForm()
    answer = form.carry_out(
        lambda: services.take_back_standing(trainee, form.mistake.data, current_user),
        to=lambda _standing: link_to(trainee),
        saying=lambda standing: _(
            "Catatan yang keliru dibatalkan. Status %(name)s: %(status)s.",
            name=trainee.name,
            status=str(standing.status.label),
        ),
    )
    onward = ChangeStandingForm(
        sorted(TRANSITIONS[trainee.status], key=list(TRANSITIONS).index), formdata=None
    )
    return answer or (_standing_page(trainee, onward, form), form.status)


def _standing_page(trainee: Trainee, form: ChangeStandingForm, mistake: TakeBackStandingForm) -> str:
    right = right_to_take_back(trainee.status)
    may_take_back = right is not None and current_user.can(right, trainee)
    return render_template(
        "trainees/change_standing.html",
        trainee=trainee,
        form=form,
        mistake=mistake if may_take_back or mistake.is_submitted() else None,
        standings=queries.standings_of(trainee),
        may_appoint=bool(current_user.reach(Permission.APPOINTMENT_MAKE).areas),
    )


@bp.post("/trainees/<int:trainee_id>/nik")
@requires(Permission.NIK_SEE, on=queries.get_trainee)
def show_nik(trainee: Trainee) -> Any:
    """The full NIK of one person; that it was seen is recorded."""
    nik = services.show_nik(trainee, by=current_user)
    return render_template("trainees/show_nik.html", trainee=trainee, nik=nik)


@bp.post("/trainees/<int:trainee_id>/account")
@requires(Permission.ACCOUNT_OPEN, on=queries.get_trainee)
def hand_out_account(trainee: Trainee) -> Any:
    """A link to hand to somebody who has no account yet, or no e-mail to reset the password;
    shown this once.
    """
    link = services.hand_out_account(trainee, by=current_user)
    return render_template(
        "trainees/hand_out_account.html",
        trainee=trainee,
        link=link,
        ways=services.ways_in(trainee),
        form=ActionForm(),
    )
