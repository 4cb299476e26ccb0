"""One person: registered by an office, corrected, moved, given another standing; the full NIK; the account."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.text import Text, _
from app.trainees import queries, services
from app.trainees.forms import ChangeStandingForm, CorrectTraineeForm, MoveDutyForm, RegisterTraineeForm, data_of
from app.trainees.models import Trainee
from app.trainees.routes.blueprint import bp
from app.trainees.rules import TRANSITIONS, check_nik, doubts_about_nik
from app.web.access import requires
from app.web.forms import ActionForm


def link_to(trainee: Trainee) -> str:
    """Return the address of the person's page."""
    return url_for("workspace.show_trainee", trainee_id=trainee.id)


@bp.route("/trainees/register", methods=["GET", "POST"])
@requires(Permission.TRAINEE_REGISTER)
def register_trainee() -> Any:
    """Daftarkan calon PSM: by the dinas or a TKSK, for their own region; an office without a desa of its own reads who does it."""
    areas = current_user.reach(Permission.TRAINEE_REGISTER).areas
    if not areas:
        return render_template("trainees/register_trainee.html", form=None), (422 if request.method == "POST" else 200)
    form = RegisterTraineeForm(areas=areas)
    may_see = current_user.can(Permission.TRAINEE_SEE)
    answer = form.carry_out(
        lambda: services.register_trainee(data_of(form), by=current_user),
        to=lambda trainee: link_to(trainee) if may_see else url_for("trainees.register_trainee"),
        saying=lambda trainee: _with_doubts(_("%(name)s terdaftar sebagai calon PSM.", name=trainee.name), form, trainee),
    )
    return answer or (render_template("trainees/register_trainee.html", form=form), form.status)


def _with_doubts(sentence: Text, form: Any, trainee: Trainee) -> str:
    """Add to a success where the NIK just typed says something else than the form: a warning, never a refusal."""
    nik = check_nik(form.nik.data or "")
    doubts = [] if isinstance(nik, Text) else doubts_about_nik(nik, trainee.birth_date, trainee.sex)
    return " ".join(str(each) for each in (sentence, *doubts))


@bp.route("/trainees/<int:trainee_id>/edit", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def correct_trainee(trainee: Trainee) -> Any:
    """Perbaiki data: what was entered about a person."""
    form = CorrectTraineeForm(trainee)

    def decide() -> Trainee:
        queries.lock_trainee(trainee.id)
        form.refuse_stale()
        return services.correct_trainee(trainee, data_of(form, duty_region=trainee.duty_region), by=current_user)

    answer = form.carry_out(
        decide,
        to=lambda _trainee: link_to(trainee),
        saying=lambda corrected: _with_doubts(_("Data %(name)s diperbaiki.", name=corrected.name), form, corrected),
    )
    may_open = current_user.can(Permission.USER_MANAGE, trainee)
    return answer or (render_template("trainees/correct_trainee.html", trainee=trainee, form=form, may_open=may_open), form.status)


@bp.route("/trainees/<int:trainee_id>/move", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def move_duty(trainee: Trainee) -> Any:
    """Pindah tugas: another desa from a day on."""
    form = MoveDutyForm(areas=current_user.reach(Permission.TRAINEE_EDIT).areas, duty_region=trainee.duty_region)
    answer = form.carry_out(
        lambda: services.move_duty(trainee, form.duty_region.data, form.starts_on.data, current_user),
        to=lambda _post: link_to(trainee),
        saying=lambda post: _("%(name)s bertugas di %(desa)s.", name=trainee.name, desa=post.region.full_name),
    )
    posts = queries.duty_posts_of(trainee)
    return answer or (render_template("trainees/move_duty.html", trainee=trainee, form=form, posts=posts), form.status)


@bp.route("/trainees/<int:trainee_id>/standing", methods=["GET", "POST"])
@requires(Permission.TRAINEE_EDIT, on=queries.get_trainee)
def change_standing(trainee: Trainee) -> Any:
    """Ubah status: what a person is from a day on."""
    form = ChangeStandingForm(sorted(TRANSITIONS[trainee.status], key=list(TRANSITIONS).index))
    answer = form.carry_out(
        lambda: services.change_standing(trainee, form.chosen, form.starts_on.data, form.reason.data, current_user),
        to=lambda _standing: link_to(trainee),
        saying=lambda standing: _("Status %(name)s: %(status)s.", name=trainee.name, status=str(standing.status.label)),
    )
    standings = queries.standings_of(trainee)
    may_appoint = bool(current_user.reach(Permission.APPOINTMENT_MAKE).areas)
    page = render_template("trainees/change_standing.html", trainee=trainee, form=form, standings=standings, may_appoint=may_appoint)
    return answer or (page, form.status)


@bp.post("/trainees/<int:trainee_id>/nik")
@requires(Permission.NIK_SEE, on=queries.get_trainee)
def show_nik(trainee: Trainee) -> Any:
    """The full NIK of one person; that it was seen is recorded."""
    nik = services.show_nik(trainee, by=current_user)
    return render_template("trainees/show_nik.html", trainee=trainee, nik=nik)


@bp.post("/trainees/<int:trainee_id>/account")
@requires(Permission.USER_MANAGE, on=queries.get_trainee)
def hand_out_account(trainee: Trainee) -> Any:
    """A link to hand to somebody who has no account yet, or no e-mail to reset the password; shown this once."""
    link = services.hand_out_account(trainee, by=current_user)
    return render_template("trainees/hand_out_account.html", trainee=trainee, link=link, form=ActionForm())
