"""Bagi rata, campur kecamatan: nobody lost, no place twice, groups alike, kecamatan mixed,
always the same.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fieldwork.planning import Person, Room, Seat, count_moves, kept, refusal_to_spread, share, spread

TAPIN = (
    ["63.05.01"] * 4
    + ["63.05.02"] * 4
    + ["63.05.03"] * 4
    + ["63.05.04"] * 4
    + ["63.05.05"] * 4
    + ["63.05.06"] * 4
)
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
    assert sorted(spread(people, [Room(7, 30)]), key=str) == sorted(
        spread(people[::-1], [Room(7, 30)]), key=str
    )


def test_two_hosts_are_filled_as_equally_as_their_places_allow():
    assert share(30, [Room(1, 20), Room(2, 20)]) == [15, 15]
    assert share(30, [Room(1, 10), Room(2, 20)]) == [10, 20]
    assert share(5, [Room(1, 10), Room(2, 0)]) == [5, 0]


def test_groups_are_numbered_through_the_batch():
    seats = spread(people_of(THIRTY), [Room(1, 12), Room(2, 18)])
    assert Counter((seat.visit_id, seat.group) for seat in seats) == {
        (1, 1): 6,
        (1, 2): 6,
        (2, 3): 6,
        (2, 4): 6,
        (2, 5): 6,
    }


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
@given(
    st.lists(st.sampled_from(sorted(set(THIRTY))), min_size=1, max_size=60),
    st.lists(st.integers(0, 40), min_size=1, max_size=5),
)
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


def test_one_newcomer_moves_nobody_and_joins_the_smallest_suitable_group():
    people = people_of(THIRTY)
    before = spread(people[:29], [Room(1, 15), Room(2, 15)])
    after = spread(people, [Room(1, 15), Room(2, 15)], before)
    assert set(before) <= set(after)
    (new,) = set(after) - set(before)
    sizes = Counter(seat.group for seat in before if seat.visit_id == new.visit_id)
    assert new.group in sizes
    assert sum(seat.visit_id == new.visit_id for seat in after) <= 15


def test_two_newcomers_beside_full_groups_found_no_group_of_two():
    people = people_of(THIRTY[:12])
    before = spread(people[:12], [Room(1, 20)])
    newcomers = [Person(100 + number, "63.05.08", "Baru") for number in range(2)]
    after = spread([*people, *newcomers], [Room(1, 20), Room(2, 20)], before)
    assert Counter((seat.visit_id, seat.group) for seat in after) == {(1, 1): 7, (1, 2): 7}


def test_new_groups_are_numbered_on_after_every_group_of_the_batch():
    people = people_of(THIRTY[:18])
    before = [
        Seat(person.attendee_id, 9, 4) for person in people[:6]
    ]  # at a visit that takes nobody any more
    after = spread(people, [Room(1, 12)], before)
    assert Counter((seat.visit_id, seat.group) for seat in after) == {(9, 4): 6, (1, 5): 6, (1, 6): 6}


def test_only_those_beyond_the_granted_places_move():
    people = people_of(THIRTY[:8])
    before = [Seat(person.attendee_id, 1, 1 if person.attendee_id > 4 else 2) for person in people]
    after = spread(people, [Room(1, 6), Room(2, 6)], before)
    assert {seat.attendee_id for seat in kept(before, [Room(1, 6)])} == {5, 6, 7, 8, 1, 2}
    assert count_moves(before, after) == 2
    assert {seat.attendee_id: seat.visit_id for seat in after if seat.visit_id == 2} == {3: 2, 4: 2}


def test_what_lacks_beside_people_who_are_placed():
    people = people_of(THIRTY)
    before = spread(people[:21], [Room(1, 21)])
    said = "Kurang 4 tempat: peserta yang belum ditempatkan 9 orang, tempat yang masih kosong 5."
    assert str(refusal_to_spread(people, [Room(1, 21), Room(2, 5)], before)) == said
    assert refusal_to_spread(people[:21], [Room(1, 21)], before) is None  # nobody waits


def test_dividing_again_from_the_same_seats_moves_nobody():
    people = people_of(THIRTY)
    rooms = [Room(1, 20), Room(2, 20)]
    before = spread(people, rooms)
    assert count_moves(before, spread(people, rooms)) == 0
    assert spread(people, rooms, before) == sorted(before, key=lambda seat: seat.group)


KECAMATAN = st.sampled_from(sorted(set(THIRTY)))


@st.composite
def divisions(draw):
    """Draw people of whom some are placed at visits with changed places, in groups of any number."""
    people = people_of(draw(st.lists(KECAMATAN, min_size=1, max_size=45)))
    rooms = [Room(number, draw(st.integers(0, 30))) for number in range(1, draw(st.integers(1, 4)) + 1)]
    placed = draw(st.lists(st.sampled_from(people), unique=True))
    visits = st.integers(1, len(rooms) + 1)  # the last one takes nobody
    return (
        people,
        rooms,
        [Seat(person.attendee_id, draw(visits), draw(st.integers(1, 9))) for person in placed],
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(divisions())
def test_everybody_is_placed_when_places_suffice_never_more_than_granted_and_nobody_moves_without_need(
    division,
):
    people, rooms, before = division
    places = {room.visit_id: room.places for room in rooms}
    stay = kept(before, rooms)
    free = sum(places.values()) - sum(seat.visit_id in places for seat in stay)
    if refusal_to_spread(people, rooms, before):
        assert len(people) - len(stay) > free
        return
    after = spread(people, rooms, before)
    assert sorted(seat.attendee_id for seat in after) == [person.attendee_id for person in people]
    taken = Counter(seat.visit_id for seat in after)
    assert all(taken[visit_id] <= granted for visit_id, granted in places.items())
    asked = Counter(seat.visit_id for seat in before)
    need = sum(max(0, asked[visit_id] - granted) for visit_id, granted in places.items())
    assert count_moves(before, after) == need
    assert set(stay) <= set(after)
    assert after == spread(people[::-1], rooms, before)
    dealt = [seat for seat in after if seat not in set(stay)]
    standing = {seat.group for seat in stay}
    fresh = sorted({seat.group for seat in dealt} - standing)
    assert fresh == list(range(max(standing, default=0) + 1, max(standing, default=0) + 1 + len(fresh)))
