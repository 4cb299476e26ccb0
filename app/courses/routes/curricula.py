"""What is taught, in versions, and who teaches for an organiser."""

from typing import Any

from flask import abort, render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission, shown_phone
from app.core.text import _
from app.courses import queries, services
from app.courses.forms import ChangeFacilitatorForm, FacilitatorForm
from app.courses.models import Facilitator
from app.courses.routes.blueprint import bp
from app.organisers.models import Organiser
from app.organisers.queries import get_organiser
from app.web.access import requires


@bp.route("/curricula")
@requires(Permission.COURSE_SEE)
def list_curricula() -> Any:
    """Every version of every curriculum."""
    return render_template("courses/list_curricula.html", rows=queries.list_curricula(current_user.reach(Permission.COURSE_SEE)))


@bp.route("/curricula/<tier_code>/<int:version>")
@requires(Permission.COURSE_SEE)
def show_curriculum(tier_code: str, version: int) -> Any:
    """The subjects of one version with their JP, and which courses within reach teach it; what is taught is no secret."""
    curriculum = queries.find_curriculum(tier_code, version)
    if curriculum is None:
        abort(404)
    return render_template(
        "courses/show_curriculum.html",
        curriculum=curriculum,
        subjects=queries.list_subjects(curriculum),
        courses=queries.list_courses_of_curriculum(curriculum, current_user.reach(Permission.COURSE_SEE)),
    )


@bp.route("/organisers/<int:organiser_id>/facilitators")
@requires(Permission.COURSE_SEE, on=get_organiser)
def list_facilitators(organiser: Organiser) -> Any:
    """Those who teach for an organiser."""
    return render_template(
        "courses/list_facilitators.html",
        organiser=organiser,
        facilitators=queries.list_facilitators(organiser),
        may_edit=current_user.can(Permission.COURSE_EDIT, organiser),
    )


@bp.route("/organisers/<int:organiser_id>/facilitators/new", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=get_organiser)
def add_facilitator(organiser: Organiser) -> Any:
    """Somebody new who teaches."""
    form = FacilitatorForm()

    def decide() -> Facilitator:
        institution = form.institution.data or ""
        return services.add_facilitator(
            organiser,
            name=form.name.data,
            institution=institution,
            phone=form.phone.data or "",
            email=form.email.data or None,
            by=current_user,
        )

    answer = form.carry_out(
        decide,
        to=lambda _facilitator: url_for("courses.list_facilitators", organiser_id=organiser.id),
        saying=lambda facilitator: _("%(name)s tercatat sebagai pengajar.", name=facilitator.name),
    )
    return answer or (render_template("courses/add_facilitator.html", organiser=organiser, form=form), form.status)


@bp.route("/facilitators/<int:facilitator_id>/edit", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_facilitator)
def change_facilitator(facilitator: Facilitator) -> Any:
    """Name, office and number put right; an e-mail where there is no account yet."""
    form = ChangeFacilitatorForm(**_known_of(facilitator))
    form.over(lambda: _known_of(facilitator))
    if facilitator.user_id is not None:
        del form.email

    def decide() -> Facilitator:
        queries.lock_facilitators_like(facilitator.id)
        form.refuse_stale()
        return services.change_facilitator(
            facilitator,
            name=form.name.data,
            institution=form.institution.data or "",
            phone=form.phone.data or "",
            email=form.email.data or None if form.email else None,
            by=current_user,
        )

    answer = form.carry_out(
        decide,
        to=url_for("courses.list_facilitators", organiser_id=facilitator.organiser_id),
        saying=_("Data pengajar tersimpan."),
    )
    return answer or (render_template("courses/change_facilitator.html", facilitator=facilitator, form=form), form.status)


def _known_of(facilitator: Facilitator) -> dict[str, str]:
    phone = shown_phone(facilitator.phone) if facilitator.phone else ""
    return {"name": facilitator.name, "institution": facilitator.institution, "phone": phone}
