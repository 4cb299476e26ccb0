"""What everybody may see: the open batches, the sheet of one, its short address."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.courses import ports, queries
from app.courses.acts import BatchState
from app.courses.forms import OpenBatchesForm
from app.courses.models import Batch
from app.courses.routes.blueprint import bp
from app.courses.rules import UNSEEN
from app.organisers.queries import names_on
from app.regions.rules import WIB
from app.web.access import public

BEHIND_AN_ADDRESS = " .,;:!?)]>}\"'*_…”’"  # what a chat or a sentence puts behind one


@bp.route("/batches")
@public
def list_open_batches() -> Any:
    """Diklat yang dibuka: plain, light, without signing in."""
    form = OpenBatchesForm(request.args)
    offered = queries.choices_of_open_batches()
    form.offer(offered.regions, queries.list_tiers(), offered.months)
    batches = queries.list_open_batches(
        region_code=form.region.data, tier_code=form.tier.data, month=form.month.data
    )
    taken = ports.seats_taken([batch.id for batch in batches])
    return render_template(
        "courses/list_open_batches.html",
        batches=batches,
        left={batch.id: max(0, batch.quota - taken[batch.id]) for batch in batches},
        names=names_on({batch.course.organiser_id for batch in batches}, clock.today(WIB)),
        form=form,
        filtered=any((form.region.data, form.tier.data, form.month.data)),
    )


@bp.route("/batches/<int:batch_id>")
@public
def show_sheet(batch_id: int) -> Any:
    """Lembar diklat: when, where, what one gets, what to bring, for whom, whom to ask, the rundown."""
    batch = _seen(queries.get_batch(batch_id))
    sessions = queries.list_sessions(batch)
    today, state = clock.today(batch.zone), queries.state_to_read(batch)
    then = min(today, batch.starts_on)  # an old diklat was held by the office as it was called then
    names = names_on([batch.course.organiser_id], then) or names_on([batch.course.organiser_id], today)
    hours = queries.planned_hours(batch) or queries.curriculum_hours(batch.course.curriculum_id)
    return render_template(
        "courses/show_sheet.html",
        batch=batch,
        sessions=sessions,
        organiser_name=names[batch.course.organiser_id].name if names else batch.course.organiser.unit,
        left=max(0, batch.quota - ports.seats_taken([batch.id])[batch.id]),
        may_apply=queries.may_apply_to(batch),
        has_passed=state in {BatchState.OVER, BatchState.FINISHED} and not ports.was_held(batch.id),
        state=state,
        hours=hours,
        minutes=hours * batch.course.lesson_minutes,
        may_see_plan=current_user.is_authenticated and current_user.can(Permission.COURSE_SEE, batch),
    )


@bp.route("/d/<batch_code>", strict_slashes=False)
@public
def show_short(batch_code: str) -> Any:
    """The short address that can be read aloud; the code in any case of letters, without what a sentence puts
    behind it.
    """
    batch = _seen(queries.get_batch_by_code(batch_code.rstrip(BEHIND_AN_ADDRESS)))
    return redirect(url_for("courses.show_sheet", batch_id=batch.id), 302)


def _seen(batch: Batch | None) -> Batch:
    """Return the batch if this reader may see its sheet; a draft is for those who plan it or teach in it."""
    if batch is None:
        abort(404)
    if batch.status in UNSEEN and not (
        current_user.is_authenticated and queries.may_follow(batch, current_user)
    ):
        abort(404)
    return batch
