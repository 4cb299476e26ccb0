"""Bagi rata, campur kecamatan: nobody lost, no place twice, groups alike, kecamatan mixed, always the same."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fieldwork.planning import Person, Room, refusal_to_spread, share, spread

TAPIN = ["63.05.01"] * 4 + ["63.05.02"] * 4 + ["63.05.03"] * 4 + ["63.05.04"] * 4 + ["63.05.05"] * 4 + ["63.05.06"] * 4
THIRTY = TAPIN + ["63.05.07"] * 3 + ["63.05.08"] * 3


def people_of(kecamatan):
    return [Person(number, code, f"Siti {number:02}") for number, code in enumerate(kecamatan, start=1)]


def test_thirty_people_at_one_host_make_five_groups_of_six():
    seats = spread(people_of(THIRTY), [Room(7, 30)])
    assert Counter(seat.group for seat in seats) == {1: 6, 2: 6, 3: 6, 4: 6, 5: 6}
    assert {seat.visit_id for seat in seats} == {7}


def test_no_two_of_one_small_kecamatan_are_in_one_group():
    people = people_of(THIRTY)
    kecamatan = {person.attendee_id: person.kecamatan for person in people}
    met = Counter((seat.group, kecamatan[seat.attendee_id]) for seat in spread(people, [Room(7, 30)]))
    assert max(met.values()) == 1


def test_the_same_people_in_another_order_are_divided_in_the_same_way():
    people = people_of(THIRTY)
    assert sorted(spread(people, [Room(7, 30)]), key=str) == sorted(spread(people[::-1], [Room(7, 30)]), key=str)


def test_two_hosts_are_filled_as_equally_as_their_places_allow():
    assert share(30, [Room(1, 20), Room(2, 20)]) == [15, 15]
    assert share(30, [Room(1, 10), Room(2, 20)]) == [10, 20]
    assert share(5, [Room(1, 10), Room(2, 0)]) == [5, 0]


def test_groups_are_numbered_through_the_batch():
    seats = spread(people_of(THIRTY), [Room(1, 12), Room(2, 18)])
    assert Counter((seat.visit_id, seat.group) for seat in seats) == {(1, 1): 6, (1, 2): 6, (2, 3): 6, (2, 4): 6, (2, 5): 6}


@pytest.mark.parametrize(
    ("people", "rooms", "words"),
    [
        (30, [Room(1, 25)], "Kurang 5 tempat: peserta 30 orang, tempat yang diterima 25."),
        (30, [Room(1, 15), Room(2, 14)], "Kurang 1 tempat"),
        (30, [Room(1, 30)], None),
        (30, [], "Belum ada lokasi PKL yang menerima"),
        (0, [Room(1, 30)], "Belum ada peserta"),
    ],
)
def test_what_lacks_is_said_in_places(people, rooms, words):
    refusal = refusal_to_spread(people_of(THIRTY[:people]), rooms)
    assert refusal is None if words is None else words in str(refusal)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other work shares the machine
@given(st.lists(st.sampled_from(sorted(set(THIRTY))), min_size=1, max_size=60), st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_nobody_is_lost_and_no_visit_takes_more_than_it_granted(kecamatan, places):
    people, rooms = people_of(kecamatan), [Room(number, each) for number, each in enumerate(places, start=1)]
    if refusal_to_spread(people, rooms):
        assert sum(places) < len(people)
        return
    seats = spread(people, rooms)
    assert sorted(seat.attendee_id for seat in seats) == [person.attendee_id for person in people]
    taken = Counter(seat.visit_id for seat in seats)
    assert all(taken[room.visit_id] <= room.places for room in rooms)
    for room in rooms:
        sizes = Counter(seat.group for seat in seats if seat.visit_id == room.visit_id).values()
        assert not sizes or (max(sizes) - min(sizes) <= 1 and max(sizes) <= 9)
