"""Pages of organisers: the list, one office with its names, signers and numbering, and the forms that add to
them.
"""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.errors import RuleViolation
from app.core.text import Text, _
from app.organisers import queries, services
from app.organisers.forms import (
    CorrectNameForm,
    CorrectSignerForm,
    EndSignerForm,
    NameForm,
    NumberingForm,
    OrganiserForm,
    SheetForm,
    SignerForm,
)
from app.organisers.models import Organiser
from app.organisers.rules import choose_signer, format_number, holds_on
from app.regions.queries import find_region
from app.web.access import requires
from app.web.forms import ActionForm

bp = Blueprint("organisers", __name__)


@bp.route("/organisers")
@requires(Permission.ORGANISER_SEE)
def list_organisers() -> Any:
    """The offices within reach, with today's name."""
    organisers = queries.list_organisers(current_user.reach(Permission.ORGANISER_SEE))
    names = queries.names_on([organiser.id for organiser in organisers], clock.today("Asia/Jakarta"))
    return render_template(
        "organisers/list_organisers.html",
        organisers=organisers,
        names=names,
        may_edit=current_user.can(Permission.ORGANISER_EDIT),
    )


@bp.route("/organisers/new", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT)
def register_organiser() -> Any:
    """A new office."""
    form = OrganiserForm()

    def decide() -> Organiser:
        region = find_region(form.region.data)
        if region is None:
            raise RuleViolation(_("Kode wilayah ini tidak ada."), field="region")
        values: dict[str, Any] = {
            name: field.data or ""
            for name, field in form._fields.items()
            if name not in ("region", "idempotency_key", "csrf_token")
        }
        return services.register_organiser(region=region, level=region.level, by=current_user, **values)

    answer = form.carry_out(
        decide,
        to=lambda organiser: url_for("organisers.show_organiser", organiser_id=organiser.id),
        saying=_("Penyelenggara tercatat. Catat sekarang siapa yang menandatangani."),
    )
    return answer or (render_template("organisers/register_organiser.html", form=form), form.status)


@bp.route("/organisers/<int:organiser_id>")
@requires(Permission.ORGANISER_SEE, on=queries.get_organiser)
def show_organiser(organiser: Organiser) -> Any:
    """One office: what it was called, who signs, how it numbers."""
    today = clock.today(organiser.region.zone)
    signers = queries.list_signers(organiser)
    return render_template(
        "organisers/show_organiser.html",
        organiser=organiser,
        name=queries.name_on(organiser, today),
        names=queries.list_names(organiser),
        signers=signers,
        holding={signer.id for signer in signers if holds_on(signer, today)},
        today=today,
        first=choose_signer(signers, today),
        second=choose_signer(signers, today, second=True),
        otherwise=services.contradicting_certificates(organiser),
        may_see_certificates=current_user.can(Permission.CERTIFICATE_SEE, organiser),
        sample=format_number(organiser.number_pattern, 1, "D", organiser.unit, today),
        may_edit=current_user.can(Permission.ORGANISER_EDIT, organiser),
    )


def _to(organiser: Organiser) -> str:
    return url_for("organisers.show_organiser", organiser_id=organiser.id)


@bp.route("/organisers/<int:organiser_id>/names/new", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def rename_organiser(organiser: Organiser) -> Any:
    """A new name from a day on, prefilled with the present one."""
    form = NameForm(obj=queries.name_on(organiser, clock.today(organiser.region.zone)))
    if not form.is_submitted():
        form.starts_on.data = None
    answer = form.carry_out(
        lambda: services.rename_organiser(
            organiser,
            name=form.name.data,
            government=form.government.data,
            address=form.address.data or "",
            phone=form.phone.data or "",
            starts_on=form.starts_on.data,
            knowing=form.knowing.data,
            by=current_user,
        ),
        to=lambda _name: _to(organiser),
        saying=_("Nama kantor tercatat."),
    )
    form.without_idle_box()
    return answer or (
        render_template("organisers/rename_organiser.html", organiser=organiser, form=form),
        form.status,
    )


@bp.route("/organisers/<int:organiser_id>/signers/new", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def appoint_signer(organiser: Organiser) -> Any:
    """Somebody who signs from a day on."""
    form = SignerForm()
    answer = form.carry_out(
        lambda: services.appoint_signer(
            organiser,
            name=form.name.data,
            position=form.position.data,
            prefix=form.prefix.data,
            rank=form.rank.data,
            nip=form.nip.data,
            is_second=form.is_second.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            knowing=form.knowing.data,
            by=current_user,
        ),
        to=lambda _signer: _to(organiser),
        saying=_("Penandatangan tercatat."),
    )
    form.without_idle_box()
    return answer or (
        render_template("organisers/appoint_signer.html", organiser=organiser, form=form),
        form.status,
    )


@bp.route("/organisers/<int:organiser_id>/signers/<int:signer_id>/end", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def end_signer(organiser: Organiser, signer_id: int) -> Any:
    """The last day of a term."""
    signer = queries.get_signer(signer_id)
    if signer is None or signer.organiser_id != organiser.id:
        abort(404)
    form = EndSignerForm()
    answer = form.carry_out(
        lambda: services.end_signer(
            signer, ends_on=form.ends_on.data, knowing=form.knowing.data, by=current_user
        ),
        to=_to(organiser),
        saying=_("Akhir masa jabatan tercatat."),
    )
    form.without_idle_box()
    return answer or (
        render_template("organisers/end_signer.html", organiser=organiser, signer=signer, form=form),
        form.status,
    )


@bp.route("/organisers/<int:organiser_id>/signers/<int:signer_id>/correct", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def correct_signer(organiser: Organiser, signer_id: int) -> Any:
    """A typing mistake in what is printed of a signer."""
    signer = queries.get_signer(signer_id)
    if signer is None or signer.organiser_id != organiser.id:
        abort(404)
    form = CorrectSignerForm(obj=signer)
    answer = form.carry_out(
        lambda: services.correct_signer(
            signer,
            name=form.name.data,
            position=form.position.data,
            rank=form.rank.data,
            nip=form.nip.data,
            by=current_user,
        ),
        to=_to(organiser),
        saying=_describe_correction,
    )
    return answer or (
        render_template("organisers/correct_spelling.html", organiser=organiser, form=form, row=signer),
        form.status,
    )


@bp.route("/organisers/<int:organiser_id>/names/<int:name_id>/correct", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def correct_name(organiser: Organiser, name_id: int) -> Any:
    """A typing mistake in what the office is called."""
    known = queries.get_name(name_id)
    if known is None or known.organiser_id != organiser.id:
        abort(404)
    form = CorrectNameForm(obj=known)
    answer = form.carry_out(
        lambda: services.correct_name(
            known,
            name=form.name.data,
            government=form.government.data,
            address=form.address.data or "",
            phone=form.phone.data or "",
            by=current_user,
        ),
        to=_to(organiser),
        saying=_describe_correction,
    )
    return answer or (
        render_template("organisers/correct_spelling.html", organiser=organiser, form=form, row=known),
        form.status,
    )


def _describe_correction(changed: bool) -> Text:
    return (
        _("Dibetulkan. Sertifikat yang sudah terbit tidak berubah.")
        if changed
        else _("Tidak ada yang berubah.")
    )


@bp.route("/organisers/<int:organiser_id>/numbering", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def set_numbering(organiser: Organiser) -> Any:
    """How the next certificates are numbered."""
    form = NumberingForm(obj=organiser)
    answer = form.carry_out(
        lambda: services.set_numbering(
            organiser,
            number_pattern=form.number_pattern.data,
            unit=form.unit.data,
            seat=form.seat.data,
            by=current_user,
        ),
        to=_to(organiser),
        saying=_("Penomoran tersimpan. Sertifikat yang sudah terbit tidak berubah."),
    )
    return answer or (
        render_template("organisers/set_numbering.html", organiser=organiser, form=form),
        form.status,
    )


@bp.route("/organisers/<int:organiser_id>/sheet", methods=["GET", "POST"])
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def set_sheet(organiser: Organiser) -> Any:
    """How the next certificates are laid out, with a look at it before it is kept."""
    known = organiser.sheet
    form = SheetForm(
        orientation=known.orientation.value, second_signer=known.second_signer.value, photo=known.photo
    )
    answer = None
    if form.look.data:
        form.status = 200 if form.validate() else 422
        form.shown_again()
    else:
        answer = form.carry_out(
            lambda: services.set_sheet(organiser, form.sheet, by=current_user),
            to=_to(organiser),
            saying=_("Tata letak tersimpan. Sertifikat yang sudah terbit tidak berubah."),
        )
    shown = known if form.errors else form.sheet
    return answer or (
        render_template("organisers/set_sheet.html", organiser=organiser, form=form, shown=shown),
        form.status,
    )


@bp.post("/organisers/<int:organiser_id>/coverage")
@requires(Permission.ORGANISER_EDIT, on=queries.get_organiser)
def publish_coverage(organiser: Organiser) -> Any:
    """Open the figures of coverage to everybody, or close them again."""
    publishes = request.form.get("publishes") == "yes"
    answer = ActionForm().carry_out(
        lambda: services.publish_coverage(organiser, publishes, by=current_user),
        to=_to(organiser),
        saying=(
            _("Angka cakupan dibuka untuk umum.")
            if publishes
            else _("Angka cakupan tidak lagi dibuka untuk umum.")
        ),
    )
    return answer or redirect(_to(organiser), 303)
