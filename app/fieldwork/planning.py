"""Bagi rata, campur kecamatan: who practises where and in which group. Plain values in, plain values out; same in, same out."""

from dataclasses import dataclass
from itertools import count

from app.core.text import Text, _

GROUP_SIZE = 6


@dataclass(frozen=True)
class Person:
    """Somebody to place; `kecamatan` is the code of the kecamatan of duty."""

    attendee_id: int
    kecamatan: str
    name: str


@dataclass(frozen=True)
class Room:
    """A visit that was accepted, with the places granted."""

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
    size: int
    kecamatan: list[str]

    @property
    def room(self) -> int:
        return self.size - len(self.kecamatan)


def refusal_to_spread(people: list[Person], rooms: list[Room]) -> Text | None:
    """Say how many places lack, or None when all people can be placed."""
    if not people:
        return _("Belum ada peserta yang diterima; tidak ada yang dibagi.")
    places = sum(room.places for room in rooms)
    if places == 0:
        return _("Belum ada lokasi PKL yang menerima kunjungan.")
    if len(people) > places:
        return _(
            "Kurang %(lacking)s tempat: peserta %(people)s orang, tempat yang diterima %(places)s.",
            lacking=len(people) - places, people=len(people), places=places,
        )  # fmt: skip
    return None


def spread(people: list[Person], rooms: list[Room], *, size: int = GROUP_SIZE) -> list[Seat]:
    """Divide people over the visits in groups of about `size`, mixing kecamatan as far as the groups allow.

    Expects that refusal_to_spread() found nothing. The largest kecamatan are dealt first, each person to the group that has
    the fewest of the same kecamatan, then to the emptiest, then to the first.
    """
    groups = _groups(len(people), rooms, size)
    weight = {person.kecamatan: 0 for person in people}
    for person in people:
        weight[person.kecamatan] += 1
    seats = []
    for person in sorted(people, key=lambda p: (-weight[p.kecamatan], p.kecamatan, p.name, p.attendee_id)):
        group = min((g for g in groups if g.room), key=lambda g: (g.kecamatan.count(person.kecamatan), -g.room, g.number))
        group.kecamatan.append(person.kecamatan)
        seats.append(Seat(person.attendee_id, group.visit_id, group.number))
    return seats


def share(number: int, rooms: list[Room]) -> list[int]:
    """Return how many go to each visit: as equal as the granted places allow."""
    shares = [0] * len(rooms)
    for _turn in range(number):
        open_rooms = [place for place, room in enumerate(rooms) if shares[place] < room.places]
        shares[min(open_rooms, key=lambda place: (shares[place], place))] += 1
    return shares


def _groups(number: int, rooms: list[Room], size: int) -> list[_Group]:
    numbers = count(1)
    groups = []
    for room, people in zip(rooms, share(number, rooms), strict=True):
        if people == 0:
            continue
        parts = max(1, round(people / size))
        groups += [_Group(room.visit_id, next(numbers), people // parts + (part < people % parts), []) for part in range(parts)]
    return groups
