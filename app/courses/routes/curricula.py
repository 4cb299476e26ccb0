"""What is taught, in versions, and who teaches for an organiser."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.phones import shown_phone
from app.core.scores import write_score
from app.core.text import Text, _
from app.courses import lines, ports, queries, services
from app.courses.forms import ChangeFacilitatorForm, FacilitatorForm, PassMarkForm
from app.courses.models import Course, Curriculum, Facilitator
from app.courses.routes.blueprint import bp
from app.courses.rules import MARK_RULE
from app.organisers.models import Organiser
from app.organisers.queries import get_organiser
from app.web.access import requires


@bp.route("/curricula")
@requires(Permission.COURSE_SEE)
def list_curricula() -> Any:
    """Every version of every curriculum."""
    return render_template(
        "courses/list_curricula.html", rows=lines.list_curricula(current_user.reach(Permission.COURSE_SEE))
    )


@bp.route("/curricula/<tier_code>/<int:version>")
@requires(Permission.COURSE_SEE)
def show_curriculum(tier_code: str, version: int) -> Any:
    """The subjects of one version with their JP, and which courses within reach teach it; what is taught is
    no secret.
    """
    curriculum = queries.find_curriculum(tier_code, version)
    if curriculum is None:
        abort(404)
    courses = lines.list_courses_of_curriculum(curriculum, current_user.reach(Permission.COURSE_SEE))
    batches = lines.list_batches_of([course.id for course in courses])
    return render_template(
        "courses/show_curriculum.html",
        batches=batches,
        decided_by=ports.decided_by([batch.id for batch in batches]),
        curriculum=curriculum,
        subjects=queries.list_subjects(curriculum),
        courses=courses,
        may_change=current_user.can(Permission.CURRICULUM_EDIT),
        may_change_of={course.id: current_user.can(Permission.COURSE_EDIT, course) for course in courses},
        write_score=write_score,
        mark_rule=MARK_RULE,
    )


@bp.route("/curricula/<tier_code>/<int:version>/pass-mark", methods=["GET", "POST"])
@requires(Permission.CURRICULUM_EDIT)
def change_curriculum_pass_mark(tier_code: str, version: int) -> Any:
    """The final mark that passes in courses planned from now on."""
    curriculum = queries.find_curriculum(tier_code, version)
    if curriculum is None:
        abort(404)
    return _change_pass_mark(
        curriculum,
        lambda mark, reason: services.set_pass_mark_of_curriculum(
            curriculum, mark, reason=reason, by=current_user
        ),
        title=curriculum.title,
        back=url_for("courses.show_curriculum", tier_code=tier_code, version=version),
        reaching=_(
            "Berlaku untuk diklat yang direncanakan mulai sekarang. Diklat yang sudah direncanakan tetap"
            " memakai syaratnya."
        ),
    )


@bp.route("/courses/<int:course_id>/pass-mark", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=lines.get_course)
def change_pass_mark(course: Course) -> Any:
    """The final mark that passes in this course."""
    return _change_pass_mark(
        course,
        lambda mark, reason: services.set_pass_mark(course, mark, reason=reason, by=current_user),
        title=f"{course.title} {course.year}",
        back=_back_of(course),
        reaching=lines.describe_reach(course),
    )


def _back_of(course: Course) -> str:
    """Return where the pass mark was asked for: at a batch of this course, else at its curriculum."""
    batch_id = request.args.get("batch", type=int)
    if batch_id in lines.list_batch_ids(course):
        return url_for("assessment.show_graduation", batch_id=batch_id)
    return url_for("courses.show_curriculum", tier_code=course.tier.code, version=course.curriculum.version)


def _change_pass_mark(
    row: Course | Curriculum,
    save: Callable[[Decimal | None, str], bool],
    *,
    title: str,
    back: str,
    reaching: Text,
) -> Any:
    """Show and save the pass mark of a course or of a curriculum version."""
    form = PassMarkForm(pass_mark=write_score(row.pass_mark))
    form.over(lambda: {"pass_mark": write_score(row.pass_mark)})

    def decide() -> bool:
        lines.lock_course(row.id) if isinstance(row, Course) else lines.lock_curriculum(row.id)
        form.refuse_stale()
        return save(form.pass_mark.score, form.reason.data or "")

    answer = form.carry_out(
        decide,
        to=back,
        saying=lambda changed: (
            _("Nilai lulus tersimpan. %(reaching)s", reaching=str(reaching))
            if changed
            else _("Nilai lulus sudah seperti itu.")
        ),
    )
    page = {"form": form, "title": title, "back": back, "reaching": reaching}
    return answer or (render_template("courses/change_pass_mark.html", **page), form.status)


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
    return answer or (
        render_template("courses/add_facilitator.html", organiser=organiser, form=form),
        form.status,
    )


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
    return answer or (
        render_template("courses/change_facilitator.html", facilitator=facilitator, form=form),
        form.status,
    )


def _known_of(facilitator: Facilitator) -> dict[str, str]:
    phone = shown_phone(facilitator.phone) if facilitator.phone else ""
    return {"name": facilitator.name, "institution": facilitator.institution, "phone": phone}
