"""The directory of hosts, and who answers for each."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from sqlalchemy import delete

from app.audit.services import record
from app.auth.models import User
from app.auth.rules import Role
from app.auth.services import find_by_sign_in_name, grant_role, invite_user, revoke_role
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.phones import number_to_call
from app.core.scopes import ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.fieldwork import messages, queries
from app.fieldwork.models import ClientGroup, Host, HostVisit
from app.fieldwork.rules import (
    PENDING,
    HostKind,
    busiest_day,
)
from app.fieldwork.services.holding import (
    give_sessions,
)
from app.organisers.models import Organiser
from app.regions.models import Region


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
        organiser=organiser,
        region=region,
        name=name.strip(),
        kind=kind,
        address=address,
        phone=number_to_call(phone, field="phone"),
        visitors_per_day=visitors_per_day,
        recorded_by_id=by.id,
    )
    db.session.add(host)
    db.session.flush()
    _save_client_groups(host, client_groups)
    record("host.drafted", host, by=by)
    _name_contact(host, contact_user, by=by)
    return host


class HostChanges(TypedDict, total=False):
    """What can be changed of a host; what is not named stays as it is."""

    region: Region
    name: str
    kind: HostKind
    visitors_per_day: int
    address: str
    phone: str
    client_groups: Sequence[tuple[str, int]]


@atomic()
def change_host(host: Host, *, by: Actor, **changes: Unpack[HostChanges]) -> None:
    """Correct what is named of a host; refuses fewer places a day than visits already keep."""
    host = queries.lock_host(host.id)
    name, visitors_per_day = (
        changes.get("name", host.name).strip(),
        changes.get("visitors_per_day", host.visitors_per_day),
    )
    _check_host(host.organiser, name, visitors_per_day, host)
    kept = busiest_day(
        [(v.visits_on, v.status, v.requested_places, v.granted_places) for v in _coming_visits(host)]
    )
    if kept > visitors_per_day:
        raise RuleViolation(
            _(
                "Kunjungan yang sudah ada memakai %(kept)s tempat sehari; batasnya tidak dapat lebih kecil.",
                kept=kept,
            ),
            field="visitors_per_day",
        )
    if "phone" in changes:
        changes["phone"] = number_to_call(changes["phone"], known=host.phone, field="phone")
    before = {"name": host.name, "visitors_per_day": host.visitors_per_day}
    groups = changes.pop("client_groups", None)
    for field, value in {**changes, "name": name}.items():
        setattr(host, field, value)
    if groups is not None:
        db.session.execute(delete(ClientGroup).where(ClientGroup.host_id == host.id))
        _save_client_groups(host, groups)
    record("host.changed", host, by=by, details={"before": before})


@atomic()
def name_contact(host: Host, contact_user: User | None, *, by: Actor) -> None:
    """Say who answers for a host: the new contact takes over the rights of the old one, in the same
    transaction.

    What waits for an answer is sent to the new one; where there is none, the office has to pass it on. The
    old one is told.
    """
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


def _check_host(organiser: Organiser, name: str, visitors_per_day: int, host: Host | None) -> None:
    if not name.strip():
        raise RuleViolation(_("Isi nama lokasi."), field="name")
    if visitors_per_day < 1:
        raise RuleViolation(
            _("Isi berapa peserta yang dapat diterima sehari, paling sedikit 1."), field="visitors_per_day"
        )
    known = queries.find_host(organiser, name)
    if known is not None and known is not host:
        raise Conflict(_("Lokasi dengan nama ini sudah ada dalam daftar."), field="name")


def _save_client_groups(host: Host, client_groups: Sequence[tuple[str, int]]) -> None:
    db.session.add_all(
        ClientGroup(host_id=host.id, name=name, clients=clients) for name, clients in client_groups
    )
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
    before, host.contact_user = host.contact_user, contact_user
    db.session.flush()
    record("host.contact_named", host, by=by, details={"user": wanted})
    if before is not None:
        messages.contact_ended(host, before)
    for visit in _coming_visits(host):
        if visit.status in PENDING or visit.asks_for_more:
            messages.visit_requested(visit)
    for batch in queries.list_batches_visiting(host, since=clock.today(host.region.zone)):
        give_sessions(batch, by=by)
