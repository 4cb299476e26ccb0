"""What the committee and the hosts do: keep hosts, ask for places, answer, divide the participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete

from app.attendance import ports as attendance_ports
from app.audit.services import record
from app.auth.models import User
from app.auth.ports import SCOPE_SOURCES, ScopeSource
from app.auth.rules import Permission, Role
from app.auth.services import find_by_sign_in_name, grant_role, invite_user, revoke_role
from app.core import clock
from app.core.actor import Actor
from app.core.dates import day_date
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.courses.rules import BatchStatus
from app.enrollments import ports as enrollments_ports
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.fieldwork import messages, planning, queries
from app.fieldwork.models import ClientGroup, Host, HostVisit, Placement
from app.fieldwork.rules import (
    PENDING,
    STANDING,
    UNSETTLED,
    Answer,
    Asked,
    Claim,
    HostKind,
    Overview,
    Refusal,
    VisitStatus,
    busiest_day,
    names_are_shown,
    places_granted,
    proposal,
    proposed_day,
    refusal_after_visit,
    refusal_of_reason,
    refusal_to_answer,
    refusal_to_cancel,
    refusal_to_place,
    refusal_to_request,
    said_loss,
)
from app.organisers.models import Organiser
from app.regions.models import Region

LONGEST_NOTE = 500  # characters, as the column holds


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
    """Ask a host for places on a day of the batch; refuses more than other visits of that day leave.

    Where the host had proposed another day, this request takes the place of the earlier one.
    """
    batch = lock_batch(batch.id)
    _refuse_act(batch)
    return _request(batch, queries.lock_host(host.id), visits_on=visits_on, places=requested_places, by=by, note=note)


@atomic()
def ask_again(visit: HostVisit, *, by: Actor, visits_on: date | None = None) -> HostVisit:
    """Ask the host for the day it proposed (or the one given), for as many places as still lack; the old request ends."""
    batch, host, visit = _hold(visit)
    if visit.status is not VisitStatus.OTHER_DATE:
        reason = _("Permohonan ini sudah berstatus %(status)s; tidak ada usulan tanggal yang menunggu.", status=visit.status.label)
        raise Conflict(reason)
    day = visits_on or proposed_day(visit.note)
    if day is None:
        raise RuleViolation(_("Tanggal usulannya tidak terbaca pada catatan; pilih tanggalnya."), field="visits_on")
    missing = overview_of(batch).missing
    places = min(missing, visit.requested_places) or visit.requested_places
    return _request(batch, host, visits_on=day, places=places, by=by)


@atomic()
def answer_visit(
    visit: HostVisit,
    status: VisitStatus,
    *,
    by: Actor,
    granted_places: int | None = None,
    other_date: date | None = None,
    note: str = "",
    confirm: bool = False,
) -> None:
    """Write down what the host answers; accepting gives the contact the sessions of that day.

    Refuses what the table of states does not know, a visit that took place, a typed number that contradicts the answer, and more
    places than other visits leave. An answer with fewer places than people placed says first whom it lifts, and wants `confirm`
    and a note; those placed first, in the order of the groups, stay.
    """
    batch, host, visit = _hold(visit)
    words = proposal(other_date, note) if other_date and status is VisitStatus.OTHER_DATE else note
    doubled = visit.status not in STANDING and queries.find_standing_visit(batch, host, visit.visits_on) is not None
    _raise(
        refusal_to_answer(
            _plain(visit),
            Answer(status, granted_places, other_date, words),
            left=queries.count_places_left(host, visit.visits_on, without=visit.id),
            today=clock.today(batch.zone),
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            is_doubled=doubled,
        )
    )
    if len(words) > LONGEST_NOTE:
        raise RuleViolation(_("Catatan paling panjang %(most)s huruf.", most=LONGEST_NOTE), field="note")
    granted = places_granted(status, requested=visit.requested_places, granted=granted_places)
    lost = _confirmed_loss(visit, granted, reason=note, confirm=confirm, field="note", by=by)
    before = visit.status, visit.granted_places
    visit.status, visit.note, visit.granted_places = status, words, granted
    visit.answered_at, visit.answered_by_id = clock.now(), by.id
    _lift([*lost, *queries.list_departed(batch)])
    _give_sessions(batch, by=by)
    details = {"before": before[0].value, "after": status.value, "places": granted, "placements_lifted": len(lost)}
    record("visit.answered", visit, by=by, note=words, details=details)
    changed = None if before[0] in PENDING else before
    messages.visit_answered(visit, by=by, before=changed, lost=[placement.attendee.name for placement in lost])


@atomic()
def cancel_visit(visit: HostVisit, *, by: Actor, reason: str = "", confirm: bool = False) -> None:
    """Take a request or a visit back; refuses one that took place. Where people are placed it wants `confirm` and a reason."""
    batch, _host, visit = _hold(visit)
    _raise(refusal_to_cancel(_plain(visit), clock.today(batch.zone)))
    _lift(queries.list_departed(batch))
    lost = _confirmed_loss(visit, 0, reason=reason, confirm=confirm, field="reason", by=by)
    _cancel(visit, reason=reason.strip(), lost=lost, by=by)
    _give_sessions(batch, by=by)


@atomic()
def spread_evenly(batch: Batch, *, by: Actor) -> int:
    """Bagi rata, campur kecamatan: place everybody who has no place, with the fewest moves; returns the number of groups.

    Refuses naming how many places lack, and when nobody is without a place. Whoever is placed stays in the group, with its mentor;
    only people beyond the granted places of a visit move.
    """
    batch = lock_batch(batch.id)
    _refuse_act(batch)
    division = _division(batch, queries.lock_visits(batch))
    if refusal := planning.refusal_to_spread(division.people, division.rooms, division.seats):
        raise RuleViolation(_to_place_by_hand(division) or refusal)
    seats = planning.spread(division.people, division.rooms, division.seats)
    if not _divide(batch, division, seats, by=by):
        raise Conflict(_("Semua peserta sudah ditempatkan; tidak ada yang perlu dibagi."))
    return len({(seat.visit_id, seat.group) for seat in seats})


@atomic()
def divide_anew(batch: Batch, *, by: Actor, moving: int | None = None) -> int:
    """Bagi ulang dari awal: deal everybody anew over the visits to come; returns the number of groups.

    `moving` is the number of people who move, as it was shown: without it the number is said and nothing is done; another one
    than would move now is a conflict. Who was at a visit that took place stays there.
    """
    batch = lock_batch(batch.id)
    _refuse_act(batch)
    division = _division(batch, queries.lock_visits(batch))
    seats = _anew(division)
    moves = planning.count_moves(division.seats, seats)
    if not moves:
        raise Conflict(_("Pembagiannya sudah seperti itu; tidak ada yang pindah."))
    if moving is None:
        raise RuleViolation(said_moves(moves, len(division.seats)), field="moving")
    if moving != moves:
        said = said_moves(moves, len(division.seats))
        raise Conflict(_("Pembagiannya berubah sejak halaman ini dibuka. %(said)s Periksa, lalu kirim lagi.", said=said))
    _divide(batch, division, seats, by=by, anew=True)
    return len({(seat.visit_id, seat.group) for seat in seats})


def count_moves_anew(batch: Batch) -> int:
    """Count how many people would move if all were divided anew; 0 where that is not to be offered."""
    division = _division(batch, queries.list_visits(batch))
    try:
        return planning.count_moves(division.seats, _anew(division))
    except RuleViolation:
        return 0


@atomic()
def place_attendee(attendee: Attendee, visit: HostVisit, *, group: int, by: Actor) -> Placement:
    """Put one participant into a group of a visit, from wherever; refuses when the granted places are filled."""
    batch = lock_batch(visit.batch_id)
    _refuse_act(batch)
    visit = queries.lock_visit(visit.id)
    _lift(queries.list_departed(batch))
    placement = queries.placement_of(attendee)
    refusal = refusal_to_place(
        visit.status,
        granted=visit.granted_places,
        placed=queries.count_placed(visit, without=attendee.id),
        same_batch=visit.batch_id == attendee.batch_id,
        group=group,
        has_left=attendee.left_at is not None,
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
    _batch, _host, visit = _hold(visit)
    members = [placement for placement in queries.list_placements_at([visit.id]) if placement.group == group]
    if not members:
        raise RuleViolation(_("Kelompok ini tidak ada di lokasi tersebut."))
    for placement in members:
        placement.mentor_name = mentor_name.strip()
    record("mentor.named", visit, by=by, details={"group": group})


@atomic()
def free_place(attendee: Attendee, by: Actor) -> bool:
    """Free the PKL place of somebody whose seat ended, while the visit is still to come; says whether there was one to free.

    Called in the decision that ends the seat. Where the visit took place the row stays, and so does that of somebody who was
    seen there today: it happened.
    """
    lock_batch(attendee.batch_id)
    placement = queries.placement_of(attendee)
    if placement is None or not queries.is_to_come(placement.visit):
        return False
    if queries.was_present(attendee, placement.visit.visits_on):
        return False
    details = {"visit": placement.visit_id, "group": placement.group}
    _lift([placement])
    record("placement.freed", attendee, by=by, details=details, person_id=attendee.trainee_id)
    return True


@atomic()
def follow_moved_batch(batch: Batch, days: timedelta, by: Actor) -> list[HostVisit]:
    """Ask the hosts anew after the dates of a batch moved by `days`: nothing is moved without them. Returns the visits concerned.

    A visit still to come becomes a request for the new day, for the places it kept as far as the host has room then; people
    placed within these stay placed. Where the host has no room it is cancelled. The contacts are told. Called in the decision
    that moves the dates.
    """
    batch = lock_batch(batch.id)
    visits = _hold_all(batch, STANDING)
    if not days:
        return []
    for visit in sorted(visits, key=lambda each: each.visits_on, reverse=days > timedelta()):  # clear of the own ones
        _ask_anew(visit, visit.visits_on + days, by=by)
    _give_sessions(batch, by=by)
    return visits


@atomic()
def end_visits_of_cancelled_batch(batch: Batch, reason: str, by: Actor) -> list[HostVisit]:
    """Cancel every visit still to come of a batch that is called off, and end the rights of the contacts; returns these visits.

    Called in the decision that cancels the batch. A visit that took place stays as it was.
    """
    batch = lock_batch(batch.id)
    visits = _hold_all(batch, UNSETTLED)
    for visit in visits:
        _cancel(visit, reason=reason, lost=queries.list_placements_at([visit.id]), by=by)
    _lift(queries.list_departed(batch))
    for grant in queries.list_session_grants(batch):
        revoke_role(grant, by=by)
    return visits


def refusal_to_change(batch: Batch) -> Text | None:
    """Say why visits and placements of this batch cannot change any more, or None."""
    if batch.status is BatchStatus.CANCELLED:
        return _("Angkatan ini dibatalkan; lokasi PKL dan pembagiannya tidak dapat diubah lagi.")
    return attendance_ports.refusal_to_change(batch.id) or enrollments_ports.refusal_to_change(batch.id)


def overview_of(batch: Batch) -> Overview:
    """Return how far the field practice of a batch is."""
    visits, placements, people = queries.list_visits(batch), queries.list_placements(batch), list_attendees(batch)
    return queries.overview_of(batch, visits, placements, people, closed=refusal_to_change(batch))


def refusal_to_reopen(visit: HostVisit) -> Text | None:
    """Say why an answer cannot be given or changed at all now, or None."""
    over = refusal_after_visit(_plain(visit), clock.today(visit.batch.zone))
    return refusal_to_change(visit.batch) or (over.reason if over else None)


def said_loss_of(visit: HostVisit, by: Actor) -> Text | None:
    """Say who would lose a place if the whole visit fell away; None when nobody is placed."""
    lost = queries.list_placements_at([visit.id])
    return _said_loss(visit, lost, len(lost), by) if lost else None


@dataclass(frozen=True)
class _Division:
    """What a division starts from: who takes part, the visits that take people, and who has a place, first placed first."""

    people: list[planning.Person]
    rooms: list[planning.Room]
    seats: list[planning.Seat]
    placements: list[Placement]


def _refuse_act(batch: Batch) -> None:
    """Raise RuleViolation when visits and placements of this batch cannot change any more; asked under the batch's lock."""
    if refusal := refusal_to_change(batch):
        raise RuleViolation(refusal)


def _hold(visit: HostVisit) -> tuple[Batch, Host, HostVisit]:
    """Hold batch, host and visit, in this order; refuse where the batch is closed."""
    batch = lock_batch(visit.batch_id)
    _refuse_act(batch)
    host = queries.lock_host(visit.host_id)
    return batch, host, queries.lock_visit(visit.id)


def _hold_all(batch: Batch, statuses: frozenset[VisitStatus]) -> list[HostVisit]:
    """Hold the visits to come that have one of these states, after their hosts in the order of their ids."""
    wanted = [visit for visit in queries.list_visits(batch) if visit.status in statuses and queries.is_to_come(visit)]
    for host_id in sorted({visit.host_id for visit in wanted}):
        queries.lock_host(host_id)
    ids = {visit.id for visit in wanted}
    return [visit for visit in queries.lock_visits(batch) if visit.id in ids]


def _raise(refusal: Refusal | None) -> None:
    if refusal:
        raise (Conflict if refusal.is_conflict else RuleViolation)(refusal.reason, field=refusal.field)


def _plain(visit: HostVisit) -> Asked:
    return Asked(visit.status, visit.visits_on, visit.requested_places, visit.granted_places, visit.note)


def _request(batch: Batch, host: Host, *, visits_on: date, places: int, by: Actor, note: str = "") -> HostVisit:
    """Ask for places while batch and host are held; what the host had proposed another day for ends with it."""
    if queries.find_standing_visit(batch, host, visits_on):
        reason = _("Lokasi ini sudah diminta untuk tanggal itu; ubah jawaban permohonan itu, atau pilih tanggal atau lokasi lain.")
        raise Conflict(reason, field="host_id")
    left, today = queries.count_places_left(host, visits_on), clock.today(batch.zone)
    _raise(
        refusal_to_request(
            visits_on,
            batch.starts_on,
            batch.ends_on,
            requested=places,
            left=left,
            today=today,
            is_record=queries.is_record(batch),
        )
    )
    proposals = queries.find_proposals(batch, host)
    for earlier in proposals:
        earlier.status = VisitStatus.CANCELLED
        record("visit.cancelled", earlier, by=by, details={"asked_again_for": visits_on.isoformat()})
    visit = HostVisit(
        batch=batch,
        host=host,
        visits_on=visits_on,
        requested_places=places,
        status=VisitStatus.REQUESTED,
        note=note,
        recorded_by_id=by.id,
    )
    db.session.add(visit)
    db.session.flush()
    record("visit.requested", visit, by=by, details={"places": places})
    messages.visit_requested(visit, instead_of=[earlier.visits_on for earlier in proposals])
    return visit


def _confirmed_loss(visit: HostVisit, places: int, *, reason: str, confirm: bool, field: str, by: Actor) -> list[Placement]:
    """Return whom a visit with this many places does not keep; raise until somebody confirms it, with a reason."""
    placements = queries.list_placements_at([visit.id])
    lost = _beyond(placements, places)
    if lost and not confirm:
        raise RuleViolation(_said_loss(visit, lost, len(placements), by), field="confirm")
    if lost and (refusal := refusal_of_reason(reason)):
        raise RuleViolation(refusal, field=field)
    return lost


def _said_loss(visit: HostVisit, lost: list[Placement], placed: int, by: Actor) -> Text:
    """Say who loses a place; the host reads names from the day before, the planners always."""
    today = clock.today(visit.batch.zone)
    shown = by.can(Permission.VISIT_PLAN, visit) or names_are_shown(visit.status, visit.visits_on, today)
    return said_loss(placed, [placement.attendee.name for placement in lost], with_names=shown)


def _beyond(placements: list[Placement], places: int) -> list[Placement]:
    """Return the placements of one visit that its places do not hold: of the highest groups, and who was placed last."""
    ordered = sorted(placements, key=lambda placement: placement.id)
    rooms = [planning.Room(placement.visit_id, places) for placement in placements[:1]]
    stay = {seat.attendee_id for seat in planning.kept([_seat(placement) for placement in ordered], rooms)}
    return [placement for placement in placements if placement.attendee_id not in stay]


def _lift(placements: Sequence[Placement]) -> None:
    for placement in placements:
        db.session.delete(placement)
    db.session.flush()


def _cancel(visit: HostVisit, *, reason: str, lost: Sequence[Placement], by: Actor) -> None:
    """End a visit and lift who is placed there; the contact is told."""
    before, places = visit.status, _plain_claim(visit)
    visit.status, visit.granted_places, visit.note = VisitStatus.CANCELLED, 0, (reason or visit.note)[:LONGEST_NOTE]
    visit.answered_at, visit.answered_by_id = clock.now(), by.id
    _lift(lost)
    details = {"before": before.value, "places": places, "placements_lifted": len(lost)}
    record("visit.cancelled", visit, by=by, note=reason, details=details)
    messages.visit_cancelled(visit, reason=reason, places=places)


def _plain_claim(visit: HostVisit) -> int:
    return Claim(visit.status, visit.requested_places, visit.granted_places).places


def _ask_anew(visit: HostVisit, day: date, *, by: Actor) -> None:
    """Turn a visit into a request for another day, for as many of its places as the host has room for."""
    before, places = visit.visits_on, _plain_claim(visit)
    asked = min(places, queries.count_places_left(visit.host, day, without=visit.id))
    lost = _beyond(queries.list_placements_at([visit.id]), asked)
    semula = str(_("Semula tanggal %(day)s.", day=day_date(before)))
    if not asked:
        full = _("Tanggal angkatan berubah; pada %(day)s lokasi ini penuh.", day=day_date(day))
        _cancel(visit, reason=f"{semula} {full}", lost=lost, by=by)
        return
    details = {"before": before.isoformat(), "after": day.isoformat(), "places": asked, "placements_lifted": len(lost)}
    visit.visits_on, visit.status, visit.granted_places = day, VisitStatus.REQUESTED, 0
    visit.requested_places, visit.note = asked, f"{semula} {visit.note}".strip()[:LONGEST_NOTE]
    visit.answered_at = visit.answered_by_id = None
    _lift(lost)
    record("visit.moved", visit, by=by, details=details)
    messages.visit_moved(visit, before=before, places=places)


def _seat(placement: Placement) -> planning.Seat:
    return planning.Seat(placement.attendee_id, placement.visit_id, placement.group)


def _division(batch: Batch, visits: list[HostVisit]) -> _Division:
    attendees = [attendee for attendee in list_attendees(batch) if attendee.trainee]
    placements = sorted(queries.list_placements(batch), key=lambda placement: placement.id)
    people = [planning.Person(a.id, a.trainee.duty_region.scope_code[:8], a.name) for a in attendees if a.trainee]
    rooms = [planning.Room(visit.id, visit.granted_places) for visit in queries.visits_to_fill(batch, visits, placements)]
    return _Division(people, rooms, [_seat(placement) for placement in placements], placements)


def _to_place_by_hand(division: _Division) -> Text | None:
    """Say that the visits took place already, where that is why nobody can be divided."""
    if division.rooms or not division.seats:
        return None
    return _("Belum ada kunjungan mendatang yang diterima; yang ikut kunjungan yang sudah berlangsung ditempatkan satu per satu.")


def _anew(division: _Division) -> list[planning.Seat]:
    """Return the seats of a division from the beginning; refuses where nobody is placed at a visit that takes people."""
    here = {room.visit_id for room in division.rooms}
    outside = [seat for seat in division.seats if seat.visit_id not in here]
    if len(outside) == len(division.seats):
        raise RuleViolation(_("Belum ada yang ditempatkan pada kunjungan mendatang; pakai “Bagi rata, campur kecamatan”."))
    if refusal := planning.refusal_to_spread(division.people, division.rooms, outside):
        raise RuleViolation(refusal)
    return planning.spread(division.people, division.rooms, outside)


def said_moves(moves: int, placed: int) -> Text:
    """Say how many people a division from the beginning moves."""
    return _("%(moves)s dari %(placed)s orang yang sudah ditempatkan akan pindah lokasi atau kelompok.", moves=moves, placed=placed)


def _divide(batch: Batch, division: _Division, seats: list[planning.Seat], *, by: Actor, anew: bool = False) -> int:
    """Write the seats down, touching only those that differ; returns how many do. A mentor stays with the group."""
    _lift(queries.list_departed(batch))
    mentors = {(p.visit_id, p.group): p.mentor_name for p in division.placements if p.mentor_name}
    rows = {placement.attendee_id: placement for placement in division.placements}
    changed = [seat for seat in seats if seat.attendee_id not in rows or _seat(rows[seat.attendee_id]) != seat]
    moved = sum(seat.attendee_id in rows for seat in changed)
    for seat in changed:
        mentor = mentors.get((seat.visit_id, seat.group), "")
        row = rows.get(seat.attendee_id)
        if row is None:
            db.session.add(
                Placement(
                    visit_id=seat.visit_id,
                    attendee_id=seat.attendee_id,
                    group=seat.group,
                    mentor_name=mentor,
                    recorded_by_id=by.id,
                )
            )
        else:
            row.visit_id, row.group, row.mentor_name = seat.visit_id, seat.group, mentor
    db.session.flush()
    if changed:
        details = {"people": len(seats), "placed": len(changed) - moved, "moved": moved, "groups": len({s.group for s in seats})}
        record("placements.divided_anew" if anew else "placements.spread", batch, by=by, details=details)
        _give_sessions(batch, by=by)
    return len(changed)


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
