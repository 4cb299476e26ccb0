"""Dividing the participants: all placed, within the granted places, moved by hand, mentors kept."""

from collections import Counter

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.fieldwork import queries, services
from app.fieldwork.rules import VisitStatus

DESA = ["63.05.01.1001", "63.05.06.2001", "63.05.06.2002", "63.05.02.2001"]


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def people(make, batch, number):
    return [make.attendee(batch, make.trainee(desa=DESA[n % len(DESA)])) for n in range(number)]


def test_all_participants_are_divided_over_the_accepted_visits(make, officer, db):
    batch = make.batch()
    attendees = people(make, batch, 13)
    first = make.visit(
        batch, make.host(), requested_places=8, granted_places=7, status=VisitStatus.PARTLY_ACCEPTED
    )
    second = make.visit(batch, make.host(), requested_places=6, granted_places=6)
    make.visit(batch, make.host(), status=VisitStatus.REQUESTED, granted_places=0)

    assert services.spread_evenly(batch, by=officer) == 2

    placed = queries.list_placements(batch)
    assert {placement.attendee_id for placement in placed} == {attendee.id for attendee in attendees}
    assert Counter(placement.visit_id for placement in placed) == {first.id: 7, second.id: 6}
    kecamatan = {
        number: {p.attendee.trainee.duty_region.scope_code[:8] for p in placed if p.group == number}
        for number in (1, 2)
    }
    assert kecamatan[1] == kecamatan[2] == {"63.05.01", "63.05.06", "63.05.02"}
    assert db.session.scalars(select(Event.action).where(Event.action == "placements.spread")).all() == [
        "placements.spread"
    ]


def test_what_lacks_is_named_in_places(make, officer, db):
    batch = make.batch()
    people(make, batch, 5)
    make.visit(batch, requested_places=3, granted_places=3)
    with pytest.raises(RuleViolation, match=r"Kurang 2 tempat: peserta 5 orang, tempat yang diterima 3\."):
        services.spread_evenly(batch, by=officer)
    assert queries.list_placements(batch) == []


def test_dividing_anew_replaces_and_keeps_the_mentor_of_the_group(make, officer):
    batch = make.batch()
    people(make, batch, 3)
    visit = make.visit(batch)
    services.spread_evenly(batch, by=officer)
    services.name_mentor(visit, 1, " Ibu Rina ", by=officer)
    people(make, batch, 2)
    services.spread_evenly(batch, by=officer)
    placed = queries.list_placements(batch)
    assert len(placed) == 5
    assert {placement.mentor_name for placement in placed} == {"Ibu Rina"}


def test_a_mentor_needs_a_group(make, officer):
    with pytest.raises(RuleViolation, match="tidak ada"):
        services.name_mentor(make.visit(), 3, "Ibu Rina", by=officer)


def test_somebody_is_moved_within_the_granted_places(make, officer, db):
    batch = make.batch()
    one, two, three = people(make, batch, 3)
    full = make.visit(batch, requested_places=1, granted_places=1)
    wide = make.visit(batch, make.host(), requested_places=2, granted_places=2)
    make.placement(full, one)
    moving = make.placement(wide, two, mentor_name="Pak Hadi")
    with pytest.raises(RuleViolation, match="Ke-1 tempat di lokasi ini sudah terisi"):
        services.move_placement(moving, full, 1, by=officer)
    assert queries.placement_of(two).visit_id == wide.id
    services.move_placement(moving, wide, 2, by=officer)
    assert (queries.placement_of(two).group, queries.placement_of(two).mentor_name) == (2, "")
    services.place_attendee(three, wide, group=1, by=officer)
    assert queries.count_placed(wide) == 2
    events = db.session.scalars(select(Event.person_id).where(Event.action == "placement.moved")).all()
    assert events == [two.trainee_id, three.trainee_id]


def test_a_visit_of_another_batch_takes_nobody(make, officer):
    (one,) = people(make, make.batch(), 1)
    with pytest.raises(RuleViolation, match="angkatan lain"):
        services.place_attendee(one, make.visit(), group=1, by=officer)


def test_a_visit_that_was_not_accepted_takes_nobody(make, officer):
    batch = make.batch()
    (one,) = people(make, batch, 1)
    with pytest.raises(RuleViolation, match="belum menerima"):
        services.place_attendee(
            one, make.visit(batch, status=VisitStatus.AWAITING_PERMISSION), group=1, by=officer
        )


def test_who_left_is_not_divided(make, officer, at, db):
    batch = make.batch()
    gone, stays = people(make, batch, 2)
    gone.left_at = batch.recorded_at
    db.session.commit()
    make.visit(batch)
    services.spread_evenly(batch, by=officer)
    assert [placement.attendee_id for placement in queries.list_placements(batch)] == [stays.id]
