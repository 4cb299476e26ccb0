"""Pages of hosts, visits and placements."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.dates import day_date
from app.core.errors import RuleViolation
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import get_batch
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.fieldwork import queries, services
from app.fieldwork.document import NameTag, NameTags, name_tags_filename, name_tags_pdf
from app.fieldwork.forms import (
    AnswerVisitForm,
    CancelVisitForm,
    ChangeHostForm,
    ContactForm,
    DivideAnewForm,
    MentorForm,
    NewHostForm,
    PlaceForm,
    RequestVisitForm,
)
from app.fieldwork.models import Host, HostVisit, Placement
from app.fieldwork.overview import Overview, next_of
from app.fieldwork.rules import (
    PENDING,
    TONES,
    TRANSITIONS,
    USABLE,
    names_are_shown,
)
from app.organisers.queries import get_organiser, list_organisers, name_on
from app.printing.services import names_printable
from app.web.access import requires, signed_in
from app.web.forms import ActionForm, values_of
from app.web.headers import shown_pdf

bp = Blueprint("fieldwork", __name__)


@bp.get("/hosts")
@requires(Permission.HOST_EDIT)
def list_hosts() -> Any:
    hosts = queries.list_hosts(within=current_user.reach(Permission.HOST_EDIT))
    return render_template("fieldwork/list_hosts.html", hosts=hosts)


@bp.route("/hosts/new", methods=["GET", "POST"])
@requires(Permission.HOST_EDIT)
def draft_host() -> Any:
    form = NewHostForm()
    offices = list_organisers(within=current_user.reach(Permission.HOST_EDIT))
    form.organiser.choices = [(office.id, office.region.full_name) for office in offices]
    answer = form.carry_out(
        lambda: services.draft_host(get_organiser(form.organiser.data), **form.values, by=current_user).id,
        to=lambda host_id: url_for("fieldwork.show_host", host_id=host_id),
        saying=_("Lokasi PKL disimpan."),
    )
    return answer or (render_template("fieldwork/draft_host.html", form=form), form.status)


@bp.get("/hosts/<int:host_id>")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def show_host(host: Host) -> Any:
    return render_host(host, ContactForm())


@bp.route("/hosts/<int:host_id>/edit", methods=["GET", "POST"])
@requires(Permission.HOST_EDIT, on=queries.get_host)
def change_host(host: Host) -> Any:
    form = ChangeHostForm(obj=host, client_groups=said_groups(host))
    form.over(lambda: {**values_of(host, form), "client_groups": said_groups(host)})

    def decide() -> None:
        queries.lock_host(host.id)
        form.refuse_stale()
        services.change_host(host, **form.values, by=current_user)

    answer = form.carry_out(
        decide,
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=_("Perubahan lokasi PKL disimpan."),
    )
    return answer or (render_template("fieldwork/change_host.html", form=form, host=host), form.status)


def said_groups(host: Host) -> str:
    """Return the client groups as they are typed, one a line."""
    return "\n".join(f"{group.name}: {group.clients}" for group in queries.list_client_groups(host))


@bp.post("/hosts/<int:host_id>/contact")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def name_contact(host: Host) -> Any:
    form = ContactForm()
    answer = form.carry_out(
        lambda: services.invite_contact(host, name=form.name.data, email=form.email.data, by=current_user).name,
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=lambda name: _("%(name)s menjadi narahubung.", name=name),
    )
    return answer or (render_host(host, form), form.status)


@bp.post("/hosts/<int:host_id>/contact/remove")
@requires(Permission.HOST_EDIT, on=queries.get_host)
def remove_contact(host: Host) -> Any:
    form = ActionForm()
    answer = form.carry_out(
        lambda: services.name_contact(host, None, by=current_user),
        to=url_for("fieldwork.show_host", host_id=host.id),
        saying=_("Narahubung dilepas; haknya berakhir. Permohonan yang belum dijawab ada pada Belum dikabari angkatannya."),
    )
    return answer or (render_host(host, form), form.status)


@bp.get("/batches/<int:batch_id>/placements")
@requires(Permission.COURSE_SEE, on=get_batch)
def show_fieldwork(batch: Batch) -> Any:
    return render_fieldwork(batch, None)


@bp.get("/batches/<int:batch_id>/name-tags")
@requires(Permission.ENROLLMENT_SEE, on=get_batch)
def print_name_tags(batch: Batch) -> Any:
    """Kartu tanda peserta of everybody who takes part, as PDF, eight on a sheet."""
    people, group_of = list_attendees(batch), {placed.attendee_id: placed.group for placed in queries.list_placements(batch)}
    if not people:
        raise RuleViolation(_("Belum ada peserta yang diterima, jadi belum ada kartu untuk dicetak."))
    organiser, course = batch.course.organiser, batch.course
    name = name_on(organiser, batch.starts_on)
    tags = NameTags(
        office=name.name if name else organiser.unit,
        course=course.title,
        batch=f"Angkatan {batch.ordinal}",
        code=batch.code,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        tier_rank=course.tier.rank,
        people=[NameTag(each.name, each.trainee.duty_region.place_name if each.trainee else "", group_of.get(each.id)) for each in people],
    )
    with names_printable():
        return shown_pdf(name_tags_pdf(tags), name_tags_filename(tags))


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
        saying=lambda visit: said_request(visit, form.more.data, overview),
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
        lambda: services.ask_again(visit, by=current_user),
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
    form.offer(visit.status)
    plans = current_user.can(Permission.VISIT_PLAN, visit)
    back = url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id) if plans else url_for("fieldwork.list_my_visits")
    answer = form.carry_out(
        lambda: services.answer_visit(
            visit,
            form.chosen,
            granted_places=form.granted_places.data,
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
        "left": queries.count_places_left(visit.host, visit.visits_on, without=visit.id),
        "placed": queries.count_placed(visit),
        "closed": services.refusal_to_reopen(visit),
        "back": back,
        "tones": TONES,
    }
    return render_template("fieldwork/answer_visit.html", **page), form.status


@bp.route("/visits/<int:visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=queries.get_visit)
def cancel_visit(visit: HostVisit) -> Any:
    form = CancelVisitForm()
    answer = form.carry_out(
        lambda: services.cancel_visit(visit, reason=form.reason.data or "", confirm=form.confirm.data == "1", by=current_user),
        to=url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id),
        saying=_("Kunjungan dibatalkan."),
    )
    if answer:
        return answer
    form.confirm.data = "1"  # the page says what will happen: its button confirms it
    loss = services.said_loss_of(visit, current_user)
    form.reason.flags.required = loss is not None
    page = {
        "visit": visit,
        "form": form,
        "loss": loss,
        "closed": services.refusal_to_reopen(visit),
        "tones": TONES,
    }
    return render_template("fieldwork/cancel_visit.html", **page), form.status


@bp.post("/batches/<int:batch_id>/placements/spread")
@requires(Permission.VISIT_PLAN, on=get_batch)
def spread_evenly(batch: Batch) -> Any:
    form = ActionForm()
    answer = form.carry_out(
        lambda: services.spread_evenly(batch, by=current_user),
        to=url_for("fieldwork.show_fieldwork", batch_id=batch.id),
        saying=lambda groups: _("Peserta dibagi menjadi %(groups)s kelompok.", groups=groups),
    )
    return answer or (render_fieldwork(batch, form), form.status)


@bp.post("/batches/<int:batch_id>/placements/divide-anew")
@requires(Permission.VISIT_PLAN, on=get_batch)
def divide_anew(batch: Batch) -> Any:
    """Bagi ulang dari awal, after the page has said how many people move."""
    form = DivideAnewForm()
    answer = form.carry_out(
        lambda: services.divide_anew(batch, by=current_user, moving=form.number),
        to=url_for("fieldwork.show_fieldwork", batch_id=batch.id),
        saying=lambda groups: _("Peserta dibagi ulang menjadi %(groups)s kelompok.", groups=groups),
    )
    return answer or (render_fieldwork(batch, form), form.status)


@bp.route("/attendees/<int:attendee_id>/placement", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=queries.get_attendee)
def place_attendee(attendee: Attendee) -> Any:
    batch = attendee.batch
    placement = queries.placement_of(attendee)
    visits = [visit for visit in queries.list_visits(batch) if visit.status in USABLE]
    form = PlaceForm(visit_id=placement.visit_id if placement else None, group=placement.group if placement else 1)
    form.visit_id.choices = [(visit.id, f"{visit.host.name}, {day_date(visit.visits_on)}") for visit in visits]
    answer = form.carry_out(
        lambda: services.place_attendee(attendee, queries.get_visit(form.visit_id.data), group=form.group.data, by=current_user).id,
        to=url_for("fieldwork.show_fieldwork", batch_id=batch.id),
        saying=_("%(name)s ditempatkan.", name=attendee.name),
    )
    return answer or (render_template("fieldwork/place_attendee.html", attendee=attendee, batch=batch, form=form), form.status)


@bp.route("/visits/<int:visit_id>/groups/<int:group>/mentor", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=queries.get_visit)
def name_mentor(visit: HostVisit, group: int) -> Any:
    form = MentorForm(mentor_name=queries.mentor_of(visit, group))
    answer = form.carry_out(
        lambda: services.name_mentor(visit, group, form.mentor_name.data or "", by=current_user),
        to=url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id),
        saying=_("Pembimbing lapangan disimpan."),
    )
    return answer or (render_template("fieldwork/name_mentor.html", visit=visit, group=group, form=form), form.status)


@bp.get("/me/visits")
@signed_in
def list_my_visits() -> Any:
    visits = queries.list_visits_of(current_user)
    shown = {visit.id for visit in visits if names_are_shown(visit.status, visit.visits_on, clock.today(visit.batch.zone))}
    groups = groups_of(queries.list_placements_at(shown), {visit.id: visit for visit in visits})
    can_answer = {visit.id for visit in visits if queries.is_to_come(visit) and TRANSITIONS[visit.status]}
    waiting = {visit.id for visit in visits if visit.id in can_answer and (visit.status in PENDING or visit.asks_for_more)}
    page = {"visits": visits, "groups": groups, "shown": shown, "can_answer": can_answer, "waiting": waiting, "tones": TONES}
    return render_template("fieldwork/list_my_visits.html", **page)


def render_host(host: Host, form: Any) -> str:
    """Return the page of a host: its facts, who answers, what is asked of it from today on."""
    visits = queries.list_standing_visits(host, since=clock.today(host.region.zone))
    groups = queries.list_client_groups(host)
    contact = form if isinstance(form, ContactForm) else ContactForm(formdata=None)
    return render_template("fieldwork/show_host.html", host=host, groups=groups, visits=visits, form=contact, refused=form, tones=TONES)


def render_fieldwork(batch: Batch, form: Any) -> str:
    """Return the PKL tab: what is asked and answered, who practises where; `form` is a button that was refused."""
    visits = queries.list_visits(batch)
    placements = queries.list_placements(batch)
    placed = {placement.attendee_id for placement in placements}
    people = list_attendees(batch)
    closed = services.refusal_to_change(batch)
    overview = queries.overview_of(batch, visits, placements, people, closed=closed)
    can_plan = current_user.can(Permission.VISIT_PLAN, batch) and closed is None
    return render_template(
        "fieldwork/show_fieldwork.html",
        batch=batch,
        visits=visits,
        groups=groups_of(placements, {visit.id: visit for visit in visits}),
        placed={visit.id: sum(placement.visit_id == visit.id for placement in placements) for visit in visits},
        unplaced=[person for person in people if person.id not in placed],
        overview=overview,
        next=next_of(overview),
        strays=queries.said_strays(batch, visits, placements) if closed is None else [],
        may_plan=current_user.can(Permission.VISIT_PLAN, batch),
        can_plan=can_plan,
        moving=services.count_moves_anew(batch) if can_plan and placements else 0,
        over={visit.id for visit in visits if visit.status in USABLE and not queries.is_to_come(visit)},
        proposals=queries.proposals_of(batch, visits),
        tones=TONES,
        form=form,
    )


def day_of(typed: str | None) -> date | None:
    """Return the day that an address names, or None."""
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


def said_request(visit: HostVisit, is_more: bool, overview: Overview) -> Text:
    """Say that a request was sent and to whom, and where it asks for more than lacks; a host without a contact has to be told."""
    asked = visit.requested_places
    if visit.host.contact_user is None:
        return _(
            "Permohonan dicatat. %(host)s belum ada narahubungnya; sampaikan sendiri suratnya: teksnya ada pada Belum dikabari.",
            host=visit.host.name,
        )
    if is_more:
        return _("Permohonan tambahan dikirim; yang diminta sekarang %(asked)s tempat. Tempat yang sudah diberikan tetap.", asked=asked)
    if overview.people and asked > overview.missing:
        return _(
            "Permohonan dikirim. Yang diminta %(asked)s tempat, sedangkan yang masih kurang %(missing)s.",
            asked=asked,
            missing=overview.missing,
        )
    return _("Permohonan dikirim. Menunggu jawaban lokasi PKL.")


def groups_of(placements: list[Placement], visits: dict[int, HostVisit]) -> list[dict[str, Any]]:
    """Return the groups as cards: visit, number, mentor, members."""
    cards = []
    for (visit_id, number), members in groupby(placements, key=lambda placement: (placement.visit_id, placement.group)):
        people = list(members)
        cards.append({"visit": visits[visit_id], "number": number, "mentor": people[0].mentor_name, "members": people})
    return cards
