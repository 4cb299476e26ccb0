"""Batch, host and visit held in this order; what is refused before anything is decided; rights that follow
the visits.
"""

from collections.abc import Sequence

from app.audit.services import record
from app.auth.models import User
from app.auth.rules import Role
from app.auth.services import grant_role, revoke_role
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import Text
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import refusal_to_act
from app.courses.services import lock_for
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.fieldwork import lines, messages, planning, queries
from app.fieldwork.models import Host, HostVisit, Placement
from app.fieldwork.overview import Overview
from app.fieldwork.own import LOST
from app.fieldwork.rules import (
    Asked,
    Claim,
    Refusal,
    VisitStatus,
)

LONGEST_NOTE = 500  # characters, as the column holds


def refusal_to_change(batch: Batch) -> Text | None:
    """Say why visits and placements of this batch cannot change any more, or None; pages say it before
    anybody tries.
    """
    return refusal_to_act(Act.PLAN_VISIT, batch)


def overview_of(batch: Batch) -> Overview:
    """Return how far the field practice of a batch is."""
    visits, placements, people = (
        queries.list_visits(batch),
        queries.list_placements(batch),
        list_attendees(batch),
    )
    return lines.overview_of(batch, visits, placements, people, closed=refusal_to_change(batch))


def hold(visit: HostVisit, act: Act) -> tuple[Batch, Host, HostVisit]:
    """Hold batch, host and visit, in this order; refuse what the table of acts does not allow."""
    batch = lock_for(act, visit.batch_id)
    host = queries.lock_host(visit.host_id)
    return batch, host, queries.lock_visit(visit.id)


def hold_all(
    batch: Batch, statuses: frozenset[VisitStatus], *, of_any_day: frozenset[VisitStatus] = frozenset()
) -> list[HostVisit]:
    """Hold the visits to come that have one of these states, after their hosts in the order of their ids.

    `of_any_day`: states in which a visit is wanted also where its day is over.
    """
    found = queries.list_visits(batch)
    wanted = [
        each
        for each in found
        if each.status in of_any_day or (each.status in statuses and queries.is_to_come(each))
    ]
    for host_id in sorted({visit.host_id for visit in wanted}):
        queries.lock_host(host_id)
    ids = {visit.id for visit in wanted}
    return [visit for visit in queries.lock_visits(batch) if visit.id in ids]


def refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise (Conflict if refusal.is_conflict else RuleViolation)(refusal.reason, field=refusal.field)


def asked_of(visit: HostVisit) -> Asked:
    """Return a visit in the plain values of the rules."""
    lacks = bool(lines.without_session(visit.batch, [visit], queries.list_placements_at([visit.id])))
    return Asked(
        visit.status,
        visit.visits_on,
        visit.requested_places,
        visit.granted_places,
        visit.answer_note,
        visit.asks_for_more,
        has_session=not lacks,
        is_seen=queries.is_seen(visit),
    )


def places_of(visit: HostVisit) -> int:
    return Claim(visit.status, visit.requested_places, visit.granted_places).places


def seat_of(placement: Placement) -> planning.Seat:
    return planning.Seat(placement.attendee_id, placement.visit_id, placement.group)


def beyond(placements: list[Placement], places: int) -> list[Placement]:
    """Return the placements of one visit that its places do not hold: of the highest groups, and who was
    placed last.
    """
    ordered = sorted(placements, key=lambda placement: placement.id)
    rooms = [planning.Room(placement.visit_id, places) for placement in placements[:1]]
    stay = {seat.attendee_id for seat in planning.kept([seat_of(placement) for placement in ordered], rooms)}
    return [placement for placement in placements if placement.attendee_id not in stay]


def take_places(visit: HostVisit, lost: Sequence[Placement], *, reason: str, by: Actor) -> None:
    """Lift people who lose their place although they still take part: each of them is told,
    with the reason.
    """
    for placement in lost:
        attendee = placement.attendee
        details = {
            "visit": visit.id,
            "host": visit.host.name,
            "day": visit.visits_on.isoformat(),
            "group": placement.group,
        }
        record(LOST, attendee, by=by, note=reason, details=details, person_id=attendee.trainee_id)
        messages.place_lost(visit, attendee, reason)
    lift(lost)


def lift(placements: Sequence[Placement]) -> None:
    for placement in placements:
        db.session.delete(placement)
    db.session.flush()


def give_sessions(batch: Batch, *, by: Actor) -> None:
    """Make the session grants of contacts be those that the accepted visits of the batch ask for: no more, no
    fewer.
    """
    wanted = queries.wanted_grants(batch)
    held = queries.list_session_grants(batch)
    for grant in held:
        if (grant.user_id, grant.scope_id) not in wanted:
            revoke_role(grant, by=by)
    for user_id, session_id in sorted(wanted - {(grant.user_id, grant.scope_id) for grant in held}):
        user = db.session.get_one(User, user_id)
        grant_role(user, Role.HOST_CONTACT, scope_kind=ScopeKind.SESSION, scope_id=session_id, by=by)
