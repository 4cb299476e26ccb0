"""Asking hosts and answering for them; what a host has been asked."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.dates import date_range, day_date
from app.core.text import Text, _
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import get_batch, lock_batch, refusal_to_act
from app.fieldwork import queries, services
from app.fieldwork.forms import (
    AnswerVisitForm,
    CancelVisitForm,
    RequestVisitForm,
)
from app.fieldwork.models import HostVisit
from app.fieldwork.overview import Overview
from app.fieldwork.routes.blueprint import bp
from app.fieldwork.routes.placements import groups_of, render_fieldwork, seen_of
from app.fieldwork.rules import (
    PENDING,
    TONES,
    TRANSITIONS,
    USABLE,
    names_are_shown,
)
from app.fieldwork.wording import describe_coming
from app.web.access import requires, signed_in
from app.web.forms import ActionForm, SeenForm


@bp.route("/batches/<int:batch_id>/visits/new", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=get_batch)
def request_visit(batch: Batch) -> Any:
    hosts = queries.list_hosts_for(batch)
    days = queries.list_days_of_practice(batch)
    overview = services.overview_of(batch)
    missing = overview.missing if overview.people else batch.quota
    form = RequestVisitForm(
        visits_on=day_of(request.args.get("on")) or (days[0] if days else batch.starts_on),
        requested_places=missing or None,
        host_id=request.args.get("host", type=int),
        more="more" in request.args,
    )
    form.host_id.choices = [(host.id, f"{host.name}, {host.region.full_name}") for host in hosts]
    answer = form.carry_out(
        lambda: services.request_visit(
            batch,
            queries.get_host(form.host_id.data),
            visits_on=form.visits_on.data,
            requested_places=form.requested_places.data,
            note=form.note.data or "",
            more=form.more.data,
            by=current_user,
        ),
        to=url_for("fieldwork.show_fieldwork", batch_id=batch.id),
        saying=lambda visit: describe_request(visit, form.more.data, overview),
    )
    if answer is None:
        form.ask_for_more()
    page = {"batch": batch, "form": form, "hosts": hosts, "days": days, "overview": overview}
    return answer or (render_template("fieldwork/request_visit.html", **page), form.status)


@bp.post("/visits/<int:visit_id>/ask-again")
@requires(Permission.VISIT_PLAN, on=queries.get_visit)
def ask_again(visit: HostVisit) -> Any:
    """Ask the host for the day that it proposed."""
    form = ActionForm()
    answer = form.carry_out(
        lambda: services.ask_again(visit, read=day_of(request.args.get("on")), by=current_user),
        to=url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id),
        saying=lambda asked: _(
            "Permohonan %(places)s tempat untuk %(day)s dikirim; permohonan semula berakhir.",
            places=asked.requested_places,
            day=day_date(asked.visits_on),
        ),
    )
    return answer or (render_fieldwork(visit.batch, form), form.status)


@bp.route("/visits/<int:visit_id>/answer", methods=["GET", "POST"])
@requires(Permission.VISIT_ANSWER, on=queries.get_visit)
def answer_visit(visit: HostVisit) -> Any:
    form = AnswerVisitForm()
    is_over = not queries.is_to_come(visit) and not queries.is_record(visit.batch) and not form.is_submitted()
    form.offer(visit.status, granted=visit.granted_places, asks_for_more=visit.asks_for_more, is_over=is_over)
    days = date_range(visit.batch.starts_on, visit.batch.ends_on)
    form.other_date.description = _(
        "Diisi bila mengusulkan tanggal lain, di antara hari diklat: %(days)s.", days=days
    )
    plans = current_user.can(Permission.VISIT_PLAN, visit)
    back = (
        url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id)
        if plans
        else url_for("fieldwork.list_my_visits")
    )
    _over_visit(form, visit)
    answer = form.carry_out(
        lambda: services.answer_visit(
            visit,
            form.chosen,
            granted_places=form.granted,
            other_date=form.other_date.data,
            note=form.note.data or "",
            confirm=form.confirm.data,
            by=current_user,
        ),
        to=back,
        saying=_("Terima kasih, jawaban disimpan."),
        otherwise=lambda: form.overtaken_by(visit.status),
    )
    if answer:
        return answer
    form.ask_to_confirm()
    page = {
        "visit": visit,
        "form": form,
        "left": queries.count_places_left(
            visit.host, visit.visits_on, without=None if visit.status in USABLE else visit.id
        ),
        "placed": queries.count_placed(visit),
        "closed": services.refusal_to_reopen(visit, current_user),
        "back": back,
        "tones": TONES,
    }
    return render_template("fieldwork/answer_visit.html", **page), form.status


@bp.route("/visits/<int:visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=queries.get_visit)
def cancel_visit(visit: HostVisit) -> Any:
    form = CancelVisitForm()
    _over_visit(form, visit)
    answer = form.carry_out(
        lambda: services.cancel_visit(
            visit, reason=form.reason.data or "", confirm=form.confirm.data == "1", by=current_user
        ),
        to=url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id),
        saying=_("Kunjungan dibatalkan."),
    )
    if answer:
        return answer
    form.confirm.data = "1"  # the page says what will happen: its button confirms it
    loss = services.describe_loss_of(visit, current_user)
    form.reason.flags.required = loss is not None
    page = {
        "visit": visit,
        "form": form,
        "loss": loss,
        "closed": services.refusal_to_reopen(visit, current_user),
        "tones": TONES,
    }
    return render_template("fieldwork/cancel_visit.html", **page), form.status


@bp.get("/me/visits")
@signed_in
def list_my_visits() -> Any:
    visits = queries.list_visits_of(current_user)
    shown = {
        visit.id
        for visit in visits
        if names_are_shown(visit.status, visit.visits_on, clock.today(visit.batch.zone))
    }
    groups = groups_of(queries.list_placements_at(shown), {visit.id: visit for visit in visits})
    coming_ones = [visit for visit in visits if queries.is_to_come(visit) and TRANSITIONS[visit.status]]
    can_answer = {visit.id for visit in coming_ones if refusal_to_act(Act.ANSWER_VISIT, visit.batch) is None}
    waiting = {
        visit.id
        for visit in visits
        if visit.id in can_answer and (visit.status in PENDING or visit.asks_for_more)
    }
    placed = queries.count_placed_at(visit.id for visit in visits)
    coming = {
        visit.id: describe_coming(placed.get(visit.id, 0), visit.granted_places)
        for visit in visits
        if visit.status in USABLE
    }
    page = {
        "visits": visits,
        "groups": groups,
        "shown": shown,
        "can_answer": can_answer,
        "waiting": waiting,
        "coming": coming,
        "tones": TONES,
    }
    return render_template("fieldwork/list_my_visits.html", **page)


def _over_visit(form: SeenForm, visit: HostVisit) -> None:
    """Let an answer be about the request as it was read."""
    form.over(
        lambda: seen_of(visit), hold=lambda: lock_batch(visit.batch_id), changed=lambda: _changed(visit)
    )


def _changed(visit: HostVisit) -> Text:
    return _(
        "Permohonan ini berubah sejak halaman ini dibuka. Sekarang: %(day)s, %(places)d tempat, %(status)s."
        " Mohon periksa lagi.",
        day=day_date(visit.visits_on),
        places=visit.requested_places,
        status=str(visit.status.label).lower(),
    )


def day_of(typed: str | None) -> date | None:
    """Return the day that an address names, or None."""
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


def describe_request(visit: HostVisit, is_more: bool, overview: Overview) -> Text:
    """Say that a request was sent and to whom, and where it asks for more than lacks; a host without a
    contact has to be told.
    """
    asked = visit.requested_places
    if visit.host.contact_user is None:
        return _(
            "Permohonan dicatat. %(host)s belum ada narahubungnya; sampaikan sendiri suratnya: teksnya ada"
            " pada Belum dikabari.",
            host=visit.host.name,
        )
    if is_more:
        return _(
            "Permohonan tambahan dikirim; yang diminta sekarang %(asked)s tempat. Tempat yang sudah diberikan"
            " tetap.",
            asked=asked,
        )
    if overview.people and asked > overview.missing:
        return _(
            "Permohonan dikirim. Yang diminta %(asked)s tempat, sedangkan yang masih kurang %(missing)s.",
            asked=asked,
            missing=overview.missing,
        )
    return _("Permohonan dikirim. Menunggu jawaban lokasi PKL.")
