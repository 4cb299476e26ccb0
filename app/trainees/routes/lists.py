"""PSM: the list, and looking somebody up by NIK."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.text import Text
from app.regions.rules import WIB
from app.sheets.document import asked_format, every_page, sheet_answer
from app.trainees import document, queries
from app.trainees.fields import UNKNOWN_NIK, FindByNikForm, where_to_search
from app.trainees.forms import FilterTraineesForm
from app.trainees.routes.blueprint import bp
from app.trainees.rules import check_nik
from app.web.access import requires


@bp.route("/trainees")
@requires(Permission.TRAINEE_SEE)
def list_trainees() -> Any:
    """PSM within reach by name, narrowed by words, region and status; as a file all of them."""
    within = current_user.reach(Permission.TRAINEE_SEE)
    form = FilterTraineesForm(request.args, queries.list_filter_regions(within))
    if says_where := where_to_search(request.args.get("words", "")):
        flash(str(says_where), "info")
        return redirect(url_for("trainees.list_trainees"), 303)  # the number leaves the address
    may_merge = bool(current_user.reach(Permission.TRAINEE_MERGE).areas)
    if kind := asked_format():
        pages = every_page(partial(queries.page_of_trainees, within, **form.chosen))
        people = (
            (each, tiers.get(each.id))
            for page in pages
            for tiers in [queries.top_tiers(page.rows)]
            for each in page
        )
        return sheet_answer(
            document.trainees_sheet(people, numbered=may_merge), kind, f"psm-{form.said}{clock.today(WIB)}"
        )
    page = queries.page_of_trainees(within, after=request.args.get("after"), **form.chosen)
    kept = {
        name: value for name, value in request.args.items() if name in ("words", "region", "status") and value
    }
    return render_template(
        "trainees/list_trainees.html",
        page=page,
        tiers=queries.top_tiers(page.rows),
        form=form,
        find_form=FindByNikForm(),
        filtered=bool(kept),
        next_url=page.next_cursor and url_for("trainees.list_trainees", **kept, after=page.next_cursor),
        may_register=bool(current_user.reach(Permission.TRAINEE_REGISTER).areas),
        may_appoint=bool(current_user.reach(Permission.APPOINTMENT_MAKE).areas),
        may_merge=may_merge,
    )


@bp.post("/trainees/find")
@requires(Permission.TRAINEE_SEE)
def find_trainee() -> Any:
    """Open the person with this NIK: it travels in the body, never in an address; a stranger is as good as
    nobody.
    """
    form = FindByNikForm()
    nik = check_nik(form.nik.data or "") if form.validate() else UNKNOWN_NIK
    known = None if isinstance(nik, Text) else queries.find_by_nik(nik)
    if known is not None and current_user.can(Permission.TRAINEE_SEE, known):
        return redirect(url_for("workspace.show_trainee", trainee_id=queries.canonical(known).id), 303)
    flash(str(nik if isinstance(nik, Text) else UNKNOWN_NIK), "warning")
    return redirect(url_for("trainees.list_trainees"), 303)
