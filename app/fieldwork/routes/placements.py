"""Who practises where: the tab of a batch, dividing, one person, the mentors, the name tags."""

from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.dates import day_date, roman
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.versions import digest_of
from app.courses.models import Batch
from app.courses.queries import get_batch
from app.enrollments.eligibility import remarks_on
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.fieldwork import lines, queries, services
from app.fieldwork.document import NameTag, NameTags, name_tags_filename, name_tags_pdf
from app.fieldwork.forms import (
    DivideAnewForm,
    MentorForm,
    PlaceForm,
)
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.overview import next_of
from app.fieldwork.routes.blueprint import bp
from app.fieldwork.rules import (
    TONES,
    USABLE,
)
from app.organisers.queries import name_on
from app.web.access import requires
from app.web.forms import ActionForm
from app.web.headers import shown_pdf


@bp.get("/batches/<int:batch_id>/placements")
@requires(Permission.COURSE_SEE, on=get_batch)
def show_fieldwork(batch: Batch) -> Any:
    return render_fieldwork(batch, None)


@bp.get("/batches/<int:batch_id>/name-tags")
@requires(Permission.ENROLLMENT_SEE, on=get_batch)
def print_name_tags(batch: Batch) -> Any:
    """Kartu tanda peserta of everybody who takes part, as PDF, eight on a sheet."""
    people, group_of = (
        list_attendees(batch),
        {placed.attendee_id: placed.group for placed in queries.list_placements(batch)},
    )
    if not people:
        raise RuleViolation(_("Belum ada peserta yang diterima, jadi belum ada kartu untuk dicetak."))
    organiser, course = batch.course.organiser, batch.course
    name = name_on(organiser, batch.starts_on)
    tags = NameTags(
        office=name.name if name else organiser.unit,
        course=course.title,
        batch=f"Angkatan {roman(batch.ordinal)}",
        code=batch.code,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        tier_rank=course.tier.rank,
        people=[
            NameTag(
                each.name, each.trainee.duty_region.place_name if each.trainee else "", group_of.get(each.id)
            )
            for each in people
        ],
    )
    return shown_pdf(name_tags_pdf(tags), name_tags_filename(tags))


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
    form = PlaceForm(
        visit_id=placement.visit_id if placement else None, group=placement.group if placement else 1
    )
    lacking = lines.without_session(batch, visits, queries.list_placements(batch))
    form.visit_id.choices = [
        (visit.id, _describe_visit(visit, lacks=visit.id in lacking)) for visit in visits
    ]
    answer = form.carry_out(
        lambda: (
            services.place_attendee(
                attendee, queries.get_visit(form.visit_id.data), group=form.group.data, by=current_user
            ).id
        ),
        to=url_for("fieldwork.show_fieldwork", batch_id=batch.id),
        saying=_("%(name)s ditempatkan.", name=attendee.name),
    )
    return answer or (
        render_template("fieldwork/place_attendee.html", attendee=attendee, batch=batch, form=form),
        form.status,
    )


@bp.route("/visits/<int:visit_id>/groups/<int:group>/mentor", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN, on=queries.get_visit)
def name_mentor(visit: HostVisit, group: int) -> Any:
    form = MentorForm(mentor_name=queries.mentor_of(visit, group))
    answer = form.carry_out(
        lambda: services.name_mentor(visit, group, form.mentor_name.data or "", by=current_user),
        to=url_for("fieldwork.show_fieldwork", batch_id=visit.batch_id),
        saying=_("Pembimbing lapangan disimpan."),
    )
    return answer or (
        render_template("fieldwork/name_mentor.html", visit=visit, group=group, form=form),
        form.status,
    )


def render_fieldwork(batch: Batch, form: Any) -> str:
    """Return the PKL tab: what is asked and answered, who practises where; `form` is a button that was
    refused.
    """
    visits = queries.list_visits(batch)
    placements = queries.list_placements(batch)
    placed = {placement.attendee_id for placement in placements}
    people = list_attendees(batch)
    closed = services.refusal_to_change(batch)
    overview = lines.overview_of(batch, visits, placements, people, closed=closed)
    lacking = lines.without_session(batch, visits, placements)
    can_plan = current_user.can(Permission.VISIT_PLAN, batch) and closed is None
    return render_template(
        "fieldwork/show_fieldwork.html",
        batch=batch,
        visits=visits,
        groups=groups_of(placements, {visit.id: visit for visit in visits}),
        placed={
            visit.id: sum(placement.visit_id == visit.id for placement in placements) for visit in visits
        },
        unplaced=[person for person in people if person.id not in placed],
        overview=overview,
        next=next_of(overview),
        strays=lines.describe_strays(batch, visits, placements) if closed is None else [],
        may_plan=current_user.can(Permission.VISIT_PLAN, batch),
        can_plan=can_plan,
        moving=services.count_moves_anew(batch) if can_plan and placements else 0,
        over={
            visit.id
            for visit in visits
            if visit.status in USABLE and not queries.is_to_come(visit) and visit.id not in lacking
        },
        lacking=lacking,
        proposals=lines.proposals_of(batch, visits),
        seen={visit.id: digest_of(seen_of(visit)) for visit in visits},
        tones=TONES,
        remarks=remarks_on(batch, people),
        form=form,
    )


def seen_of(visit: HostVisit) -> list[str]:
    """Return what an answer to a request, or its end, is about."""
    return [
        visit.visits_on.isoformat(),
        str(visit.status.value),
        str(visit.granted_places),
        str(visit.requested_places),
    ]


def _describe_visit(visit: HostVisit, *, lacks: bool) -> str:
    """Return a visit as the list of places names it."""
    if lacks:
        return str(
            _(
                "%(host)s, %(day)s (tanpa sesi PKL pada hari itu)",
                host=visit.host.name,
                day=day_date(visit.visits_on),
            )
        )
    return f"{visit.host.name}, {day_date(visit.visits_on)}"


def groups_of(placements: list[Placement], visits: dict[int, HostVisit]) -> list[dict[str, Any]]:
    """Return the groups as cards: visit, number, mentor, members."""
    cards = []
    for (visit_id, number), members in groupby(
        placements, key=lambda placement: (placement.visit_id, placement.group)
    ):
        people = list(members)
        cards.append(
            {"visit": visits[visit_id], "number": number, "mentor": people[0].mentor_name, "members": people}
        )
    return cards
