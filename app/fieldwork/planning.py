"""Bagi rata, campur kecamatan: who practises where and in which group.

Plain values in, plain values out; same in, same out.

Whoever has a place keeps it, in the same group; only those without one are dealt.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from app.core.text import Text, _

GROUP_SIZE = 6
MOST_ABOVE = 2  # how far a group may outgrow the usual size before a new one is founded


@dataclass(frozen=True)
class Person:
    """Somebody to place; `kecamatan` is the code of the kecamatan of duty."""

    attendee_id: int
    kecamatan: str
    name: str


@dataclass(frozen=True)
class Room:
    """A visit that takes people, with the places granted."""

    visit_id: int
    places: int


@dataclass(frozen=True)
class Seat:
    """One person's place: at which visit, in which group; groups are numbered through the whole batch."""

    attendee_id: int
    visit_id: int
    group: int


@dataclass
class _Group:
    visit_id: int
    number: int
    kecamatan: list[str]
    slots: int = 0  # people that it still takes

    @property
    def total(self) -> int:
        return len(self.kecamatan) + self.slots


def kept(seats: Iterable[Seat], rooms: Sequence[Room]) -> list[Seat]:
    """Return the seats that stand; `seats` in the order in which people were placed.

    Beyond the places of a visit the highest groups go first, and in a group who was placed last. A visit that
    is no room of this division keeps its people.
    """
    places = {room.visit_id: room.places for room in rooms}
    taken: Counter[int] = Counter()
    standing = []
    for seat in sorted(seats, key=lambda seat: seat.group):
        if taken[seat.visit_id] < places.get(seat.visit_id, taken[seat.visit_id] + 1):
            taken[seat.visit_id] += 1
            standing.append(seat)
    return standing


def unplaced(people: Iterable[Person], seats: Iterable[Seat]) -> list[Person]:
    """Return who has no seat."""
    placed = {seat.attendee_id for seat in seats}
    return [person for person in people if person.attendee_id not in placed]


def refusal_to_spread(people: list[Person], rooms: Sequence[Room], seats: Sequence[Seat] = ()) -> Text | None:
    """Say how many places lack, or None when everybody without a place can be placed."""
    if not people:
        return _("Belum ada peserta yang diterima; tidak ada yang dibagi.")
    stay = kept(seats, rooms)
    waiting = len(unplaced(people, stay))
    if not waiting:
        return None
    places = sum(room.places for room in rooms)
    if places == 0:
        return _("Belum ada lokasi PKL yang menerima kunjungan.")
    free = places - sum(seat.visit_id in {room.visit_id for room in rooms} for seat in stay)
    if waiting <= free:
        return None
    if not stay:
        return _(
            "Kurang %(lacking)s tempat: peserta %(people)s orang, tempat yang diterima %(places)s.",
            lacking=waiting - free,
            people=len(people),
            places=places,
        )
    return _(
        "Kurang %(lacking)s tempat: peserta yang belum ditempatkan %(people)s orang, tempat yang masih kosong"
        " %(free)s.",
        lacking=waiting - free,
        people=waiting,
        free=free,
    )


def spread(
    people: list[Person], rooms: Sequence[Room], seats: Sequence[Seat] = (), *, size: int = GROUP_SIZE
) -> list[Seat]:
    """Return the seat of everybody, with the fewest moves: who has one that stands keeps it, only the others
    are dealt.

    Expects that refusal_to_spread() found nothing. Groups smaller than `size` are filled first, then new ones
    are founded, numbered on. The largest kecamatan are dealt first, each person to the group that has the
    fewest of the same kecamatan, then to the smallest, then to the first.
    """
    stay = kept(seats, rooms)
    dealt = unplaced(people, stay)
    kecamatan = {person.attendee_id: person.kecamatan for person in people}
    groups = _groups(stay, rooms, kecamatan)
    numbers = count(max((seat.group for seat in stay), default=0) + 1)
    _open_slots(groups, rooms, len(dealt), size, numbers)
    weight = Counter(person.kecamatan for person in dealt)
    result = list(stay)
    for person in sorted(dealt, key=lambda p: (-weight[p.kecamatan], p.kecamatan, p.name, p.attendee_id)):
        group = min(
            (group for group in groups if group.slots),
            key=lambda g: (g.kecamatan.count(person.kecamatan), len(g.kecamatan), g.number, g.visit_id),
        )
        group.slots -= 1
        group.kecamatan.append(person.kecamatan)
        result.append(Seat(person.attendee_id, group.visit_id, group.number))
    return result


def count_moves(before: Iterable[Seat], after: Iterable[Seat]) -> int:
    """Count who is at another visit or in another group afterwards; who had no seat does not move."""
    then = {seat.attendee_id: seat for seat in after}
    return sum(then.get(seat.attendee_id) != seat for seat in before)


def share(number: int, rooms: Sequence[Room], taken: Sequence[int] | None = None) -> list[int]:
    """Return how many more go to each visit: as equal as the granted places and those taken already allow."""
    before = list(taken or [0] * len(rooms))
    totals = list(before)
    for _turn in range(number):
        open_rooms = [place for place, room in enumerate(rooms) if totals[place] < room.places]
        totals[min(open_rooms, key=lambda place: (totals[place], place))] += 1
    return [total - start for total, start in zip(totals, before, strict=True)]


def _groups(stay: list[Seat], rooms: Sequence[Room], kecamatan: dict[int, str]) -> list[_Group]:
    """Return the groups that stand at these visits."""
    found: dict[tuple[int, int], _Group] = {}
    here = {room.visit_id for room in rooms}
    for seat in stay:
        if seat.visit_id in here:
            group = found.setdefault((seat.visit_id, seat.group), _Group(seat.visit_id, seat.group, []))
            group.kecamatan.append(kecamatan.get(seat.attendee_id, ""))
    return list(found.values())


def _open_slots(
    groups: list[_Group], rooms: Sequence[Room], number: int, size: int, numbers: "count[int]"
) -> None:
    """Decide how many each group takes, and found new groups where too many are left for those that stand."""
    number = _grow(groups, rooms, number, upto=size)
    if 2 * number < size:  # too few for a group of their own
        number = _grow(groups, rooms, number, upto=size + MOST_ABOVE)
    taken = [_taken(groups, room) for room in rooms]
    for room, more, before in zip(rooms, share(number, rooms, taken), taken, strict=True):
        if not more:
            continue
        own = [group for group in groups if group.visit_id == room.visit_id]
        founded = max(1, round((before + more) / size)) - len(own)
        fresh = [_Group(room.visit_id, next(numbers), []) for _new in range(founded)]
        groups += fresh
        for _turn in range(more):
            min([*own, *fresh], key=lambda group: (group.total, group.number)).slots += 1


def _grow(groups: list[_Group], rooms: Sequence[Room], number: int, *, upto: int) -> int:
    """Let the smallest groups take people up to a size; return how many are left."""
    places = {room.visit_id: room.places - _taken(groups, room) for room in rooms}
    while number:
        open_groups = [group for group in groups if group.total < upto and places[group.visit_id]]
        if not open_groups:
            break
        smallest = min(open_groups, key=lambda group: (group.total, group.number, group.visit_id))
        smallest.slots += 1
        places[smallest.visit_id] -= 1
        number -= 1
    return number


def _taken(groups: list[_Group], room: Room) -> int:
    return sum(group.total for group in groups if group.visit_id == room.visit_id)
