"""What the committee and the hosts do: keep hosts, ask for places, answer, divide the participants."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete

from app.audit.services import record
from app.auth.models import User
from app.auth.ports import SCOPE_SOURCES, ScopeSource
from app.auth.rules import Role
from app.auth.services import find_by_sign_in_name, grant_role, invite_user, revoke_role
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.courses.rules import BatchStatus
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.fieldwork import messages, planning, queries
from app.fieldwork.models import ClientGroup, Host, HostVisit, Placement
from app.fieldwork.rules import (
    PENDING,
    TRANSITIONS,
    USABLE,
    HostKind,
    VisitStatus,
    busiest_day,
    places_granted,
    refusal_to_answer,
    refusal_to_place,
    refusal_to_request,
)
from app.organisers.models import Organiser
from app.regions.models import Region


def connect_ports() -> None:
    """Tell auth how hosts are found, so that grants at a host have a name and a place."""
    SCOPE_SOURCES[ScopeKind.HOST] = ScopeSource(get=queries.get_host, name=lambda host: host.name, list_within=queries.list_hosts)


@atomic()
def draft_host(
    organiser: Organiser,
    *,
    region: Region,
    name: str,
    kind: HostKind,
    visitors_per_day: int,
    by: Actor,
    address: str = "",
    phone: str = "",
    client_groups: Sequence[tuple[str, int]] = (),
    contact_user: User | None = None,
) -> Host:
    """Enter a host in the organiser's directory; refuses a second one of the same name."""
    _check_host(organiser, name, visitors_per_day, None)
    host = Host(
        organiser=organiser, region=region, name=name.strip(), kind=kind, address=address, phone=phone,
        visitors_per_day=visitors_per_day, recorded_by_id=by.id,
    )  # fmt: skip
    db.session.add(host)
    db.session.flush()
    _keep_client_groups(host, client_groups)
    record("host.drafted", host, by=by)
    _name_contact(host, contact_user, by=by)
    return host


@atomic()
def change_host(
    host: Host,
    *,
    region: Region,
    name: str,
    kind: HostKind,
    visitors_per_day: int,
    by: Actor,
    address: str = "",
    phone: str = "",
    client_groups: Sequence[tuple[str, int]] = (),
) -> None:
    """Correct a host; refuses fewer places a day than visits already keep."""
    host = queries.lock_host(host.id)
    _check_host(host.organiser, name, visitors_per_day, host)
    kept = busiest_day([(v.visits_on, v.status, v.requested_places, v.granted_places) for v in _coming_visits(host)])
    if kept > visitors_per_day:
        raise RuleViolation(
            _("Kunjungan yang sudah ada memakai %(kept)s tempat sehari; batasnya tidak dapat lebih kecil.", kept=kept),
            field="visitors_per_day",
        )
    before = {"name": host.name, "visitors_per_day": host.visitors_per_day}
    host.region, host.name, host.kind, host.visitors_per_day = region, name.strip(), kind, visitors_per_day
    host.address, host.phone = address, phone
    db.session.execute(delete(ClientGroup).where(ClientGroup.host_id == host.id))
    _keep_client_groups(host, client_groups)
    record("host.changed", host, by=by, details={"before": before})


@atomic()
def name_contact(host: Host, contact_user: User | None, *, by: Actor) -> None:
    """Say who answers for a host: the new contact takes over the rights of the old one, in the same transaction."""
    _name_contact(queries.lock_host(host.id), contact_user, by=by)


@atomic()
def invite_contact(host: Host, *, name: str, email: str, by: Actor) -> User:
    """Name the contact by e-mail: a known account gets the rights, an unknown one is invited."""
    host = queries.lock_host(host.id)
    user = find_by_sign_in_name(email)
    if user is None:
        user = invite_user(name, email, Role.HOST_CONTACT, scope_kind=ScopeKind.HOST, scope_id=host.id, by=by)
    _name_contact(host, user, by=by)
    return user


@atomic()
def request_visit(batch: Batch, host: Host, *, visits_on: date, requested_places: int, by: Actor, note: str = "") -> HostVisit:
    """Ask a host for places on a day of the batch; refuses more than other visits of that day leave."""
    host = queries.lock_host(host.id)
    if queries.find_standing_visit(batch, host, visits_on):
        raise Conflict(_("Lokasi ini sudah diminta untuk tanggal itu."), field="host_id")
    left = queries.count_places_left(host, visits_on)
    cancelled = batch.status is BatchStatus.CANCELLED
    refusal = refusal_to_request(visits_on, batch.starts_on, batch.ends_on, requested=requested_places, left=left, is_cancelled=cancelled)
    if refusal:
        outside = not batch.starts_on <= visits_on <= batch.ends_on
        raise RuleViolation(refusal, field=None if cancelled else "visits_on" if outside else "requested_places")
    visit = HostVisit(
        batch=batch, host=host, visits_on=visits_on, requested_places=requested_places, status=VisitStatus.REQUESTED, note=note,
        recorded_by_id=by.id,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    record("visit.requested", visit, by=by, details={"places": requested_places})
    messages.visit_requested(visit)
    return visit


@atomic()
def answer_visit(visit: HostVisit, status: VisitStatus, *, by: Actor, granted_places: int | None = None, note: str = "") -> None:
    """Write down what the host answers (or that the batch cancels); accepting gives the contact the sessions of that day.

    Refuses what the table of states does not know, and more places than other visits leave. An answer that leaves fewer places
    than people are placed lifts the division of this visit; it has to be made anew.
    """
    host = queries.lock_host(visit.host_id)
    visit = queries.lock_visit(visit.id)
    left = queries.count_places_left(host, visit.visits_on, without=visit.id)
    refusal = refusal_to_answer(visit.status, status, requested=visit.requested_places, granted=granted_places, left=left, note=note)
    if refusal and status not in TRANSITIONS[visit.status]:
        raise Conflict(refusal)
    if refusal:
        raise RuleViolation(refusal, field={VisitStatus.PARTLY_ACCEPTED: "granted_places", VisitStatus.OTHER_DATE: "note"}.get(status))
    before = visit.status
    visit.status, visit.note = status, note
    visit.granted_places = places_granted(status, requested=visit.requested_places, granted=granted_places)
    visit.answered_at, visit.answered_by_id = clock.now(), by.id
    placed = queries.count_placed(visit)
    lifted = placed if placed > visit.granted_places else 0
    if lifted:
        db.session.execute(delete(Placement).where(Placement.visit_id == visit.id))
    db.session.flush()
    _give_sessions(visit.batch, by=by)
    details = {"before": before.value, "after": status.value, "places": visit.granted_places, "placements_lifted": lifted}
    record("visit.answered", visit, by=by, note=note, details=details)
    if status is not VisitStatus.CANCELLED:
        messages.visit_answered(visit)
    elif before not in PENDING:
        messages.visit_cancelled(visit)


@atomic()
def spread_evenly(batch: Batch, *, by: Actor) -> int:
    """Bagi rata, campur kecamatan: divide all participants over the accepted visits; returns the number of groups.

    Refuses naming how many places lack. What was divided before is divided anew; a mentor stays with the group of the same number.
    """
    batch = lock_batch(batch.id)
    visits = sorted((v for v in queries.lock_visits(batch) if v.status in USABLE), key=lambda v: (v.visits_on, v.id))
    people = [planning.Person(a.id, a.trainee.duty_region.scope_code[:8], a.name) for a in list_attendees(batch) if a.trainee]
    rooms = [planning.Room(visit.id, visit.granted_places) for visit in visits]
    refusal = planning.refusal_to_spread(people, rooms)
    if refusal:
        raise RuleViolation(refusal)
    before = queries.list_placements(batch)
    mentors = {(placement.visit_id, placement.group): placement.mentor_name for placement in before}
    for placement in before:
        db.session.delete(placement)
    db.session.flush()
    seats = planning.spread(people, rooms)
    db.session.add_all(
        Placement(
            visit_id=seat.visit_id, attendee_id=seat.attendee_id, group=seat.group, recorded_by_id=by.id,
            mentor_name=mentors.get((seat.visit_id, seat.group), ""),
        )
        for seat in seats
    )  # fmt: skip
    db.session.flush()
    groups = len({seat.group for seat in seats})
    record("placements.spread", batch, by=by, details={"people": len(seats), "groups": groups})
    _give_sessions(batch, by=by)
    return groups


@atomic()
def place_attendee(attendee: Attendee, visit: HostVisit, *, group: int, by: Actor) -> Placement:
    """Put one participant into a group of a visit, from wherever; refuses when the granted places are filled."""
    visit = queries.lock_visit(visit.id)
    placement = queries.placement_of(attendee)
    refusal = refusal_to_place(
        visit.status,
        granted=visit.granted_places,
        placed=queries.count_placed(visit, without=attendee.id),
        same_batch=visit.batch_id == attendee.batch_id,
        group=group,
    )
    if refusal:
        raise RuleViolation(refusal, field="visit_id")
    before = {"visit": placement.visit_id, "group": placement.group} if placement else None
    mentor = queries.mentor_of(visit, group)
    if placement is None:
        placement = Placement(visit=visit, attendee=attendee, group=group, mentor_name=mentor, recorded_by_id=by.id)
        db.session.add(placement)
    else:
        placement.visit, placement.group, placement.mentor_name = visit, group, mentor
    db.session.flush()
    details = {"before": before, "after": {"visit": visit.id, "group": group}}
    record("placement.moved", attendee, by=by, details=details, person_id=attendee.trainee_id)
    return placement


def move_placement(placement: Placement, visit: HostVisit, group: int, *, by: Actor) -> None:
    """Move somebody who is placed to another group or visit, within the granted places."""
    place_attendee(placement.attendee, visit, group=group, by=by)


@atomic()
def name_mentor(visit: HostVisit, group: int, mentor_name: str, *, by: Actor) -> None:
    """Write the pembimbing lapangan of one group; refuses a group that has nobody."""
    visit = queries.lock_visit(visit.id)
    members = [placement for placement in queries.list_placements_at([visit.id]) if placement.group == group]
    if not members:
        raise RuleViolation(_("Kelompok ini tidak ada di lokasi tersebut."))
    for placement in members:
        placement.mentor_name = mentor_name.strip()
    record("mentor.named", visit, by=by, details={"group": group})


def _check_host(organiser: Organiser, name: str, visitors_per_day: int, host: Host | None) -> None:
    if not name.strip():
        raise RuleViolation(_("Isi nama lokasi."), field="name")
    if visitors_per_day < 1:
        raise RuleViolation(_("Isi berapa peserta yang dapat diterima sehari, paling sedikit 1."), field="visitors_per_day")
    known = queries.find_host(organiser, name)
    if known is not None and known is not host:
        raise Conflict(_("Lokasi dengan nama ini sudah ada dalam daftar."), field="name")


def _keep_client_groups(host: Host, client_groups: Sequence[tuple[str, int]]) -> None:
    db.session.add_all(ClientGroup(host_id=host.id, name=name, clients=clients) for name, clients in client_groups)
    db.session.flush()


def _coming_visits(host: Host) -> list[HostVisit]:
    return queries.list_standing_visits(host, since=clock.today(host.region.zone))


def _name_contact(host: Host, contact_user: User | None, *, by: Actor) -> None:
    wanted = contact_user.id if contact_user else None
    grants = queries.list_host_grants(host)
    for grant in grants:
        if grant.user_id != wanted:
            revoke_role(grant, by=by)
    if contact_user and all(grant.user_id != wanted for grant in grants):
        grant_role(contact_user, Role.HOST_CONTACT, scope_kind=ScopeKind.HOST, scope_id=host.id, by=by)
    if host.contact_user_id == wanted:
        return
    host.contact_user = contact_user
    db.session.flush()
    record("host.contact_named", host, by=by, details={"user": wanted})
    for batch in queries.list_batches_visiting(host, since=clock.today(host.region.zone)):
        _give_sessions(batch, by=by)


def _give_sessions(batch: Batch, *, by: Actor) -> None:
    """Make the session grants of contacts be those that the accepted visits of the batch ask for: no more, no fewer."""
    wanted = queries.wanted_grants(batch)
    held = queries.list_session_grants(batch)
    for grant in held:
        if (grant.user_id, grant.scope_id) not in wanted:
            revoke_role(grant, by=by)
    for user_id, session_id in sorted(wanted - {(grant.user_id, grant.scope_id) for grant in held}):
        user = db.session.get_one(User, user_id)
        grant_role(user, Role.HOST_CONTACT, scope_kind=ScopeKind.SESSION, scope_id=session_id, by=by)
