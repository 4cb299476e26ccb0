"""SK pengangkatan: the list, a new one for many, one with its names."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.scopes import KABUPATEN_LENGTH
from app.core.text import Text, _
from app.organisers.queries import get_organiser, list_organisers, lock_organiser, names_on
from app.regions.queries import find_region
from app.regions.rules import WIB
from app.trainees import queries, services
from app.trainees.forms import CorrectAppointmentForm, FilterCandidatesForm, MakeAppointmentForm
from app.trainees.models import Appointment
from app.trainees.routes.blueprint import bp
from app.web.access import requires
from app.web.fields import LARGEST
from app.web.forms import values_of

MOST_CANDIDATES = 500  # on one page; the filter narrows longer lists


@bp.route("/appointments")
@requires(Permission.TRAINEE_SEE)
def list_appointments() -> Any:
    """SK of the offices within reach, the last recorded first."""
    page = queries.page_of_appointments(
        current_user.reach(Permission.TRAINEE_SEE), after=request.args.get("after")
    )
    return render_template(
        "trainees/list_appointments.html",
        page=page,
        people=queries.count_appointed(page.rows),
        names=names_on({each.organiser_id for each in page.rows}, clock.today(WIB)),
        next_url=page.next_cursor and url_for("trainees.list_appointments", after=page.next_cursor),
        may_appoint=bool(current_user.reach(Permission.APPOINTMENT_MAKE).areas),
        kept_by=[] if page.rows else _offices_above(),
    )


def _offices_above() -> list[Text | str]:
    """Return, in words, the offices that keep the SK of the reader's people, where the reader reaches less
    than an office does.
    """
    areas = current_user.reach(Permission.TRAINEE_SEE).areas
    if any(len(area) <= KABUPATEN_LENGTH for area in areas):
        return []
    places = [place for area in sorted(areas) if (place := find_region(area)) is not None]
    return list(dict.fromkeys(queries.office_at(place) for place in places))


@bp.route("/appointments/new", methods=["GET", "POST"])
@requires(Permission.APPOINTMENT_MAKE)
def make_appointment() -> Any:
    """Catat SK: number, date, signer and everybody whom it makes PSM aktif; with ?batch= the graduates of
    that batch as a whole.
    """
    if (batch_id := request.args.get("batch", type=int)) and 0 < batch_id <= LARGEST:
        return redirect(url_for("workspace.appoint_graduates", batch_id=batch_id), 303)
    within = current_user.reach(Permission.APPOINTMENT_MAKE)
    narrowing = FilterCandidatesForm(request.args, queries.list_filter_regions(within))
    candidates = queries.list_candidates(within, **narrowing.chosen, most=MOST_CANDIDATES + 1)
    organisers = list_organisers(within)
    names = names_on([each.id for each in organisers], clock.today(WIB))
    form = MakeAppointmentForm(
        [(each, names[each.id].name if each.id in names else each.unit) for each in organisers]
    )

    def decide() -> Appointment:
        chosen = queries.list_trainees_by_id(form.trainees.ticked)
        organiser = get_organiser(form.organiser_id.data)
        assert organiser is not None  # one of the choices
        return services.appoint(
            organiser,
            form.number.data,
            form.dated_on.data,
            form.signer_name.data,
            chosen,
            current_user,
            before_training=form.before_training.data,
        )

    answer = form.carry_out(
        decide,
        to=lambda made: url_for("trainees.show_appointment", appointment_id=made.id),
        saying=lambda made: services.describe_appointment(made, form.trainees.ticked),
    )
    if answer:
        return answer
    ticked = [
        each
        for each in queries.list_trainees_by_id(form.trainees.ticked)
        if current_user.can(Permission.TRAINEE_SEE, each)
    ]
    reasons = services.reasons_not_to_appoint(ticked, form.dated_on.data, current_user)
    form.trainees.offer({*candidates[:MOST_CANDIDATES], *ticked}, reasons)
    form.point_at_rows(reasons)
    page = render_template(
        "trainees/make_appointment.html",
        form=form,
        narrowing=narrowing,
        filtered=bool(request.args.get("words") or request.args.get("region")),
        candidates=candidates[:MOST_CANDIDATES],
        too_many=len(candidates) > MOST_CANDIDATES,
        organisers=organisers,
        may_appoint=bool(within.areas),
    )
    return page, form.status


@bp.route("/appointments/<int:appointment_id>")
@requires(Permission.TRAINEE_SEE, on=queries.get_appointment)
def show_appointment(appointment: Appointment) -> Any:
    """One SK with the people it names."""
    names = names_on([appointment.organiser_id], appointment.dated_on)
    may_correct = current_user.can(Permission.APPOINTMENT_MAKE, appointment.organiser)
    return render_template(
        "trainees/show_appointment.html",
        appointment=appointment,
        people=queries.list_appointed(appointment, current_user.reach(Permission.TRAINEE_SEE)),
        is_empty=not queries.count_appointed([appointment]),
        may_correct=may_correct,
        organiser_name=names[appointment.organiser_id].name if names else appointment.organiser.unit,
    )


@bp.route("/appointments/<int:appointment_id>/edit", methods=["GET", "POST"])
@requires(Permission.APPOINTMENT_MAKE, on=queries.get_appointment)
def correct_appointment(appointment: Appointment) -> Any:
    """Perbaiki SK: its number and its signer; for a wrong person or a wrong date the way there is said."""
    form = CorrectAppointmentForm(obj=appointment)
    form.over(lambda: values_of(appointment, form))

    def decide() -> Appointment:
        lock_organiser(appointment.organiser_id)
        queries.lock_appointment(appointment.id)
        form.refuse_stale()
        return services.correct_appointment(
            appointment, form.number.data, form.signer_name.data, current_user
        )

    answer = form.carry_out(
        decide,
        to=url_for("trainees.show_appointment", appointment_id=appointment.id),
        saying=lambda corrected: _("SK %(number)s diperbaiki.", number=corrected.number),
    )
    return answer or (_correction_page(appointment, form), form.status)


def _correction_page(appointment: Appointment, form: CorrectAppointmentForm) -> str:
    people = queries.count_appointed([appointment]).get(appointment.id, 0)
    return render_template(
        "trainees/correct_appointment.html", appointment=appointment, form=form, people=people
    )
