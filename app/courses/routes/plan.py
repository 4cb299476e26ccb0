"""The plan of the year, a new batch from three facts, everything that is planned of one."""

from datetime import timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.errors import RuleViolation
from app.core.text import Text, _
from app.courses import ports, queries, services
from app.courses.acts import Act
from app.courses.forms import BatchForm, NewBatchForm
from app.courses.models import Batch
from app.courses.routes.blueprint import bp
from app.courses.routes.life import concerned_by, describe_after
from app.courses.rules import BatchStatus
from app.courses.session_rules import hints_on_days
from app.organisers import queries as organisers
from app.regions.rules import WIB
from app.web.access import requires
from app.web.forms import values_of


@bp.route("/courses")
@requires(Permission.COURSE_SEE)
def list_courses() -> Any:
    """Rencana tahunan: the batches within reach in the order of their first day, year by year."""
    today = clock.today(WIB)
    year = request.args.get("year", type=int)
    year = year if year and 1900 <= year <= 2200 else today.year
    page = queries.page_of_batches(
        current_user.reach(Permission.COURSE_SEE), year=year, after=request.args.get("after")
    )
    return render_template(
        "courses/list_courses.html",
        page=page,
        next_url=(
            url_for("courses.list_courses", year=year, after=page.next_cursor) if page.next_cursor else None
        ),
        first_url=url_for("courses.list_courses", year=year) if request.args.get("after") else None,
        year=year,
        taken=ports.seats_taken([batch.id for batch in page]),
        names=organisers.names_on({batch.course.organiser_id for batch in page}, today),
        may_plan=bool(organisers.list_organisers(current_user.reach(Permission.COURSE_EDIT))),
    )


@bp.route("/courses/new-batch", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT)
def plan_batch() -> Any:
    """Buat angkatan: jenjang, tanggal mulai, tempat."""
    own = organisers.list_organisers(current_user.reach(Permission.COURSE_EDIT))
    if not own:
        abort(404)
    form = NewBatchForm(venue_region=own[0].region)
    names = organisers.names_on([each.id for each in own], clock.today(WIB))
    form.offer(own, {key: name.name for key, name in names.items()}, queries.list_tiers())

    def decide() -> Batch:
        organiser = organisers.get_organiser(form.organiser.data) if form.organiser else own[0]
        tier = queries.get_tier_by_code(form.tier.data)
        if organiser is None or tier is None:
            raise RuleViolation(_("Pilihan ini tidak ada dalam daftar."), field="tier")
        return services.plan_batch(
            organiser,
            tier,
            starts_on=form.starts_on.data,
            venue=form.venue.data,
            venue_region=form.venue_region.data,
            lower_tier_reason=form.lower_tier_reason.data if form.lower_tier_reason else None,
            by=current_user,
        )

    answer = form.carry_out(
        decide,
        to=lambda batch: url_for("courses.show_schedule", batch_id=batch.id),
        saying=lambda batch: describe_after(
            batch.id, _("Angkatan %(code)s dibuat sebagai draf.", code=batch.code), _hints_on(batch)
        ),
    )
    return answer or (render_template("courses/plan_batch.html", form=form), form.status)


def _hints_on(batch: Batch) -> list[Text]:
    """Return what deserves a second look in the days of a batch that is planned; what is entered afterwards
    was as it was.
    """
    if queries.is_record(batch):
        return []
    days = [
        batch.starts_on + timedelta(days=number)
        for number in range((batch.ends_on - batch.starts_on).days + 1)
    ]
    return hints_on_days(days, closes_on=batch.registration_closes_on, today=clock.today(batch.zone))


@bp.route("/batches/<int:batch_id>/edit", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def change_batch(batch: Batch) -> Any:
    """Everything that is planned of a batch."""
    form, batch_id = BatchForm(obj=batch), batch.id
    form.over(lambda: values_of(batch, form))
    texts = ("venue", "audience", "contact_name", "contact_phone", "provided", "to_bring")
    plain = ("starts_on", "ends_on", "announced_days", "quota", "registration_closes_on")

    def decide() -> None:
        queries.lock_batch(batch_id)
        form.refuse_stale()
        facts: dict[str, Any] = {name: form[name].data or "" for name in texts} | {
            name: form[name].data for name in plain
        }
        region, admission = form.venue_region.data, form.admission.chosen
        services.change_batch(batch, by=current_user, venue_region=region, admission=admission, **facts)

    answer = form.carry_out(
        decide,
        to=lambda _none: url_for("courses.show_schedule", batch_id=batch.id),
        saying=lambda _none: describe_after(batch_id, _("Perubahan tersimpan."), _hints_on(batch)),
    )
    is_silent = batch.status is BatchStatus.DRAFT or queries.is_record(batch)
    return answer or (
        render_template(
            "courses/change_batch.html",
            batch=batch,
            form=form,
            told=[] if is_silent else concerned_by(batch),
            refusal=queries.refusal_to_act(Act.CHANGE_PLAN, batch),
        ),
        form.status,
    )
