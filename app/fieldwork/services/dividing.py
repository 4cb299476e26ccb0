"""Who practises where: everybody at once with the fewest moves, one by one, and who leaves."""

from dataclasses import dataclass

from app.audit.services import record
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.courses.services import lock_for
from app.enrollments.models import Attendee
from app.enrollments.queries import list_attendees
from app.extensions import db
from app.fieldwork import lines, messages, planning, queries
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.rules import (
    refusal_to_place,
)
from app.fieldwork.services.holding import give_sessions, hold, lift, seat_of


@atomic()
def spread_evenly(batch: Batch, *, by: Actor) -> int:
    """Bagi rata, campur kecamatan: place everybody who has no place, with the fewest moves; returns the
    number of groups.

    Refuses naming how many places lack, and when nobody is without a place. Whoever is placed stays in the
    group, with its mentor; only people beyond the granted places of a visit move.
    """
    batch = lock_for(Act.PLACE, batch)
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

    `moving` is the number of people who move, as it was shown: without it the number is said and nothing is
    done; another one than would move now is a conflict. Who was at a visit that took place stays there.
    """
    batch = lock_for(Act.PLACE, batch)
    division = _division(batch, queries.lock_visits(batch))
    seats = _anew(division)
    moves = planning.count_moves(division.seats, seats)
    if not moves:
        raise Conflict(_("Pembagiannya sudah seperti itu; tidak ada yang pindah."))
    if moving is None:
        raise RuleViolation(describe_moves(moves, len(division.seats)), field="moving")
    if moving != moves:
        text = describe_moves(moves, len(division.seats))
        raise Conflict(
            _("Pembagiannya berubah sejak halaman ini dibuka. %(said)s Periksa, lalu kirim lagi.", said=text)
        )
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
    """Put one participant into a group of a visit, from wherever; refuses when the granted
    places are filled.
    """
    batch = lock_for(Act.PLACE, visit.batch_id)
    visit = queries.lock_visit(visit.id)
    lift(queries.list_departed(batch))
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
        placement = Placement(
            visit=visit, attendee=attendee, group=group, mentor_name=mentor, recorded_by_id=by.id
        )
        db.session.add(placement)
    else:
        placement.visit, placement.group, placement.mentor_name = visit, group, mentor
    db.session.flush()
    if before is None:
        messages.place_given(visit, attendee)
    details = {"before": before, "after": {"visit": visit.id, "group": group}}
    record("placement.moved", attendee, by=by, details=details, person_id=attendee.trainee_id)
    return placement


def move_placement(placement: Placement, visit: HostVisit, group: int, *, by: Actor) -> None:
    """Move somebody who is placed to another group or visit, within the granted places."""
    place_attendee(placement.attendee, visit, group=group, by=by)


@atomic()
def name_mentor(visit: HostVisit, group: int, mentor_name: str, *, by: Actor) -> None:
    """Write the pembimbing lapangan of one group; refuses a group that has nobody."""
    _batch, _host, visit = hold(visit, Act.PLACE)
    members = [placement for placement in queries.list_placements_at([visit.id]) if placement.group == group]
    if not members:
        raise RuleViolation(_("Kelompok ini tidak ada di lokasi tersebut."))
    for placement in members:
        placement.mentor_name = mentor_name.strip()
    record("mentor.named", visit, by=by, details={"group": group})


@atomic()
def free_place(attendee: Attendee, by: Actor) -> bool:
    """Free the PKL place of somebody whose seat ended, while the visit is still to come; says whether there
    was one to free.

    Called in the decision that ends the seat; the host is told. Where the visit took place the row stays, and
    so does that of somebody who was seen there today: it happened.
    """
    lock_batch(attendee.batch_id)
    placement = queries.placement_of(attendee)
    if placement is None or not queries.is_to_come(placement.visit):
        return False
    if queries.was_present(attendee, placement.visit.visits_on):
        return False
    visit, details = placement.visit, {"visit": placement.visit_id, "group": placement.group}
    lift([placement])
    messages.guest_left(visit, attendee.name)
    record("placement.freed", attendee, by=by, details=details, person_id=attendee.trainee_id)
    return True


@dataclass(frozen=True)
class _Division:
    """What a division starts from: who takes part, the visits that take people, and who has a place, first
    placed first.

    A place at a visit that lacks its session is no seat while another visit takes people; its row stands
    among the placements.
    """

    people: list[planning.Person]
    rooms: list[planning.Room]
    seats: list[planning.Seat]
    placements: list[Placement]


def _division(batch: Batch, visits: list[HostVisit]) -> _Division:
    attendees = [attendee for attendee in list_attendees(batch) if attendee.trainee]
    placements = sorted(queries.list_placements(batch), key=lambda placement: placement.id)
    people = [
        planning.Person(a.id, a.trainee.duty_region.scope_code[:8], a.name) for a in attendees if a.trainee
    ]
    rooms = [
        planning.Room(visit.id, visit.granted_places)
        for visit in lines.visits_to_fill(batch, visits, placements)
    ]
    stranded = {placement.id for placement in lines.stranded(batch, visits, placements)}
    return _Division(
        people,
        rooms,
        [seat_of(placement) for placement in placements if placement.id not in stranded],
        placements,
    )


def _to_place_by_hand(division: _Division) -> Text | None:
    """Say that the visits took place already, where that is why nobody can be divided."""
    if division.rooms or not division.seats:
        return None
    return _(
        "Belum ada kunjungan mendatang yang diterima; yang ikut kunjungan yang sudah berlangsung ditempatkan"
        " satu per satu."
    )


def _anew(division: _Division) -> list[planning.Seat]:
    """Return the seats of a division from the beginning; refuses where nobody is placed at a visit that takes
    people.
    """
    here = {room.visit_id for room in division.rooms}
    outside = [seat for seat in division.seats if seat.visit_id not in here]
    if len(outside) == len(division.seats):
        raise RuleViolation(
            _("Belum ada yang ditempatkan pada kunjungan mendatang; pakai “Bagi rata, campur kecamatan”.")
        )
    if refusal := planning.refusal_to_spread(division.people, division.rooms, outside):
        raise RuleViolation(refusal)
    return planning.spread(division.people, division.rooms, outside)


def describe_moves(moves: int, placed: int) -> Text:
    """Say how many people a division from the beginning moves."""
    return _(
        "%(moves)s dari %(placed)s orang yang sudah ditempatkan akan pindah lokasi atau kelompok.",
        moves=moves,
        placed=placed,
    )


def _divide(
    batch: Batch, division: _Division, seats: list[planning.Seat], *, by: Actor, anew: bool = False
) -> int:
    """Write the seats down, touching only those that differ; returns how many do.

    A mentor stays with the group.
    """
    lift(queries.list_departed(batch))
    mentors = {(p.visit_id, p.group): p.mentor_name for p in division.placements if p.mentor_name}
    rows = {placement.attendee_id: placement for placement in division.placements}
    changed = [
        seat for seat in seats if seat.attendee_id not in rows or seat_of(rows[seat.attendee_id]) != seat
    ]
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
    placed = {seat.attendee_id for seat in changed} - set(rows)
    for placement in queries.list_placements(batch) if placed else ():
        if placement.attendee_id in placed:
            messages.place_given(placement.visit, placement.attendee)
    if changed:
        details = {
            "people": len(seats),
            "placed": len(changed) - moved,
            "moved": moved,
            "groups": len({s.group for s in seats}),
        }
        record("placements.divided_anew" if anew else "placements.spread", batch, by=by, details=details)
        give_sessions(batch, by=by)
    return len(changed)
