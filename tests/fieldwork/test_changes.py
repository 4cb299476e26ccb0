"""What a change does to the people placed and to those concerned: fewer places, cancelling, leaving, moved
and called-off batches.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core import clock
from app.core.dates import day_date
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus, SessionKind
from app.courses.services import cancel_batch, change_batch
from app.fieldwork import queries, services
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.rules import VisitStatus
from app.fieldwork.services import dividing, holding, visits
from app.notifications.models import Message, Notice
from app.notifications.rules import PersonKind

V = VisitStatus
REASON = "aula sedang diperbaiki"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make):
    """A batch with field practice on its third day, an accepted visit of five with five people in two groups,
    and its contact.
    """
    batch = make.batch()
    day = batch.starts_on + timedelta(days=2)
    make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=day)
    contact = make.user(region="63.72")
    host = make.host(contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    visit = make.visit(
        batch, host, requested_places=5, granted_places=5, recorded_by_id=make.user(Role.KABUPATEN_DINAS).id
    )
    names = ("Ani", "Budi", "Citra", "Dewi", "Endang")
    people = [make.attendee(batch, make.trainee(name=name)) for name in names]
    for person, group in zip(people, (2, 1, 1, 2, 1), strict=True):
        make.placement(visit, person, group=group, mentor_name="Pak Hadi")
    return batch, visit, people, contact


def placed_at(visit):
    return {placement.attendee.name for placement in queries.list_placements_at([visit.id])}


def session_grants(batch):
    return {grant.user_id for grant in queries.list_session_grants(batch)}


def test_fewer_places_say_first_whom_they_lift_and_keep_the_first(scene, officer, db):
    batch, visit, people, _contact = scene
    said = "5 orang sudah ditempatkan; 2 di antaranya kehilangan tempat dan harus dibagi lagi: Ani, Dewi."
    with pytest.raises(RuleViolation) as refused:
        services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note=REASON, by=officer)
    assert (str(refused.value), refused.value.field) == (said, "confirm")
    with pytest.raises(RuleViolation, match="beberapa kata") as refused:
        services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note="x", confirm=True, by=officer)
    assert refused.value.field == "note"
    assert len(placed_at(visit)) == 5
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note=REASON, confirm=True, by=officer)
    assert placed_at(visit) == {"Budi", "Citra", "Endang"}
    overview = services.overview_of(batch)
    assert (overview.unplaced, overview.missing) == (2, 2)
    details = db.session.scalars(select(Event.details).where(Event.action == "visit.answered")).one()
    assert '"placements_lifted":2' in details
    assert queries.placement_of(people[0]) is None


def test_the_host_is_told_numbers_but_no_names_before_it_may_read_them(scene):
    _batch, visit, _people, contact = scene
    with pytest.raises(RuleViolation, match="harus dibagi lagi") as refused:
        services.answer_visit(visit, V.DECLINED, note=REASON, by=contact)
    assert "Ani" not in str(refused.value)


@pytest.mark.parametrize("answer", [V.DECLINED, V.OTHER_DATE])
def test_an_answer_that_takes_all_places_wants_the_same(scene, officer, answer):
    _batch, visit, _people, _contact = scene
    with pytest.raises(
        RuleViolation, match="5 orang sudah ditempatkan; semuanya kehilangan tempat"
    ) as refused:
        services.answer_visit(visit, answer, note=REASON, by=officer)
    assert refused.value.field == "confirm"
    services.answer_visit(visit, answer, note=REASON, confirm=True, by=officer)
    assert placed_at(visit) == set()


def test_cancelling_with_people_placed_wants_a_confirmation_and_a_reason(scene, officer):
    batch, visit, _people, _contact = scene
    with pytest.raises(RuleViolation, match="semuanya kehilangan tempat") as refused:
        services.cancel_visit(visit, reason=REASON, by=officer)
    assert refused.value.field == "confirm"
    with pytest.raises(RuleViolation, match="beberapa kata") as refused:
        services.cancel_visit(visit, reason="x", confirm=True, by=officer)
    assert refused.value.field == "reason"
    services.cancel_visit(visit, reason=REASON, confirm=True, by=officer)
    assert (visit.status, visit.granted_places, visit.remark) == (V.CANCELLED, 0, REASON)
    assert queries.list_placements(batch) == []


def test_nobody_placed_is_cancelled_in_one_press_and_the_contact_is_told(make, scene, officer, outbox):
    batch, _visit, _people, contact = scene
    waiting = make.visit(
        batch, make.host(contact_user=contact), status=V.REQUESTED, granted_places=0, requested_places=9
    )
    services.cancel_visit(waiting, by=officer)
    (message,) = outbox()
    assert message.recipient == contact.email
    assert "semula 9 tempat, menjadi 0" in message.body


@pytest.mark.parametrize(
    ("act", "out"),
    [
        (
            lambda visit, by: services.answer_visit(
                visit, V.PARTLY_ACCEPTED, granted_places=3, note=REASON, confirm=True, by=by
            ),
            2,
        ),
        (lambda visit, by: services.answer_visit(visit, V.DECLINED, note=REASON, confirm=True, by=by), 5),
        (lambda visit, by: services.cancel_visit(visit, reason=REASON, confirm=True, by=by), 5),
    ],
    ids=["fewer", "declined", "cancelled"],
)
def test_whoever_loses_a_place_is_told_why_and_reads_it_on_the_own_page(
    scene, officer, make, db, new_browser, act, out
):
    batch, visit, people, _contact = scene
    accounts = {}
    for person in people:
        accounts[person.id] = make.user()
        person.trainee.user_id = accounts[person.id].id
    db.session.commit()

    def read(person):
        browser = new_browser()
        browser.sign_in(accounts[person.id])
        return browser.get("enrollments.list_own_enrollments").text

    assert f"PKL Anda: {visit.host.name}, {day_date(visit.visits_on)}, kelompok 2." in read(people[0])
    act(visit, officer)
    told = {
        each.person_id: each.message_id
        for each in db.session.scalars(select(Notice))
        if each.person_kind is PersonKind.TRAINEE
    }
    assert set(told) == {person.trainee_id for person in people if queries.placement_of(person) is None}
    assert len(told) == out
    for message in db.session.scalars(select(Message).where(Message.id.in_(told.values()))):
        assert REASON in message.body
        assert visit.host.name in message.body
    assert f"Tempat PKL Anda di {visit.host.name}" in read(people[0])
    assert REASON in read(people[0])
    other = make.visit(batch, make.host(name="Panti Pengganti"))
    services.place_attendee(people[0], other, group=4, by=officer)
    assert "PKL Anda: Panti Pengganti" in read(people[0])
    assert REASON not in read(people[0])


def test_people_of_a_cancelled_batch_are_not_told_twice(scene, officer, db):
    batch, _visit, people, _contact = scene
    cancel_batch(batch, reason="Anggaran dialihkan", by=officer)
    told = [
        each.person_id
        for each in db.session.scalars(select(Notice))
        if each.person_kind is PersonKind.TRAINEE
    ]
    assert sorted(told) == sorted(person.trainee_id for person in people)


def test_whoever_asked_and_the_committee_are_told_the_difference(scene, make, db, outbox):
    _batch, visit, _people, contact = scene
    asked_by, committee = db.session.get_one(type(contact), visit.recorded_by_id), make.user(Role.COMMITTEE)
    make.user(Role.COMMITTEE, "63.72")  # of another office
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note=REASON, confirm=True, by=contact)
    assert {message.recipient for message in outbox()} == {asked_by.email, committee.email}
    for message in outbox():
        for words in ("semula 5 tempat, menjadi 3", "semula Diterima", "2 orang: Ani, Dewi", REASON):
            assert words in message.body


def test_the_contact_is_told_what_the_office_wrote_down_for_the_host(scene, officer, outbox):
    _batch, visit, _people, contact = scene
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note=REASON, confirm=True, by=officer)
    (message,) = [message for message in outbox() if message.recipient == contact.email]
    assert "Panitia mencatat jawaban atas nama" in message.body
    assert "semula 5 tempat, menjadi 3" in message.body
    assert "Ani" not in message.body


def test_a_first_answer_is_no_change_for_the_committee(make, scene, outbox):
    batch, _visit, _people, contact = scene
    committee = make.user(Role.COMMITTEE)
    visit = make.visit(
        batch, make.host(contact_user=contact), status=V.REQUESTED, granted_places=0, requested_places=9
    )
    services.answer_visit(visit, V.ACCEPTED, by=contact)
    assert committee.email not in {message.recipient for message in outbox()}


def test_the_same_answer_twice_is_a_conflict(scene, officer):
    _batch, visit, _people, _contact = scene
    with pytest.raises(Conflict, match="sudah tercatat: Diterima, 5 orang"):
        services.answer_visit(visit, V.ACCEPTED, by=officer)


def every_writing(visit, people, officer):
    batch = visit.batch
    placement = queries.placement_of(people[0])
    day = visit.visits_on + timedelta(days=1)
    return {
        "request": lambda: services.request_visit(
            batch, visit.host, visits_on=day, requested_places=1, by=officer
        ),
        "answer": lambda: services.answer_visit(visit, V.DECLINED, note=REASON, confirm=True, by=officer),
        "cancel": lambda: services.cancel_visit(visit, reason=REASON, confirm=True, by=officer),
        "ask again": lambda: services.ask_again(visit, by=officer),
        "spread": lambda: services.spread_evenly(batch, by=officer),
        "divide anew": lambda: services.divide_anew(batch, by=officer, moving=1),
        "place": lambda: services.place_attendee(people[0], visit, group=3, by=officer),
        "move": lambda: services.move_placement(placement, visit, 3, by=officer),
        "mentor": lambda: services.name_mentor(visit, 1, "Bu Ida", by=officer),
    }


WRITINGS = ("request", "answer", "cancel", "ask again", "spread", "divide anew", "place", "move", "mentor")


@pytest.mark.parametrize("name", WRITINGS)
@pytest.mark.parametrize("closing", ["approved", "cancelled"])
def test_a_closed_batch_refuses_every_writing(scene, officer, make, db, name, closing):
    batch, visit, people, _contact = scene
    make.attendee(batch)
    if closing == "approved":
        make.graduation(batch, *people)
    else:
        batch.status = BatchStatus.CANCELLED
        db.session.commit()
    words = {"approved": "sudah disetujui", "cancelled": "Angkatan ini sudah dibatalkan"}[closing]
    before = [(row.attendee_id, row.group, row.mentor_name) for row in queries.list_placements(batch)]
    with pytest.raises(RuleViolation, match=words):
        every_writing(visit, people, officer)[name]()
    assert [(row.attendee_id, row.group, row.mentor_name) for row in queries.list_placements(batch)] == before
    assert visit.status is V.ACCEPTED


@pytest.mark.parametrize("name", WRITINGS)
def test_every_writing_holds_the_batch_before_host_and_visit(scene, officer, monkeypatch, name):
    _batch, visit, people, _contact = scene
    held = []

    def noting(what, lock):
        return lambda *args: held.append(what) or lock(*args)

    for where in (holding, dividing, visits):
        monkeypatch.setattr(where, "lock_for", noting("lock_batch", where.lock_for))
    for lock in ("lock_host", "lock_visit", "lock_visits"):
        monkeypatch.setattr(queries, lock, noting(lock, getattr(queries, lock)))
    with suppress(RuleViolation, Conflict):
        every_writing(visit, people, officer)[name]()
    order = ["lock_batch", "lock_host", "lock_visit", "lock_visits"]
    assert held[0] == "lock_batch"
    assert held == sorted(held, key=order.index)


def test_a_visit_that_took_place_is_neither_answered_nor_withdrawn(scene, officer, at):
    _batch, visit, _people, contact = scene
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    for by in (officer, contact):
        with pytest.raises(RuleViolation, match="Kunjungan ini sudah berlangsung pada"):
            services.answer_visit(visit, V.DECLINED, note=REASON, confirm=True, by=by)
    with pytest.raises(RuleViolation, match="Kunjungan ini sudah berlangsung pada"):
        services.cancel_visit(visit, reason=REASON, confirm=True, by=officer)
    assert len(placed_at(visit)) == 5


def test_after_the_visit_people_are_placed_one_by_one(scene, officer, make, at, db):
    batch, visit, _people, _contact = scene
    late = make.attendee(batch)
    visit.requested_places = visit.granted_places = 6
    db.session.commit()
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    with pytest.raises(RuleViolation, match="satu per satu"):
        services.spread_evenly(batch, by=officer)
    with pytest.raises(RuleViolation, match="kunjungan mendatang"):
        services.divide_anew(batch, by=officer)
    services.place_attendee(late, visit, group=1, by=officer)
    assert len(placed_at(visit)) == 6


def test_who_leaves_is_counted_nowhere_even_with_the_row_still_there(scene, officer, make, db):
    batch, visit, people, _contact = scene
    people[0].left_at = clock.now()
    db.session.commit()
    assert "Ani" not in placed_at(visit)
    assert queries.count_placed(visit) == 4
    assert people[0].id not in {row.attendee_id for row in queries.list_placements(batch)}
    assert services.overview_of(batch).free == 1
    newcomer = make.attendee(batch)
    services.spread_evenly(batch, by=officer)
    assert queries.placement_of(newcomer).visit_id == visit.id
    people[0].left_at = None  # comes back: the place is another's now
    db.session.commit()
    assert queries.count_placed(visit) == 5


def test_who_comes_back_finds_no_place_that_was_given_away_by_hand(scene, officer, make, db):
    batch, visit, people, _contact = scene
    people[0].left_at = clock.now()
    db.session.commit()
    services.place_attendee(make.attendee(batch), visit, group=1, by=officer)
    people[0].left_at = None
    db.session.commit()
    assert (queries.count_placed(visit), queries.placement_of(people[0])) == (5, None)


def test_who_left_is_not_placed(scene, officer, db):
    _batch, visit, people, _contact = scene
    people[0].left_at = clock.now()
    db.session.commit()
    with pytest.raises(RuleViolation, match="tidak lagi mengikuti"):
        services.place_attendee(people[0], visit, group=1, by=officer)


def test_the_place_of_who_leaves_is_freed_while_the_visit_is_to_come(scene, officer, db):
    _batch, visit, people, _contact = scene
    assert services.free_place(people[0], officer) is True
    assert services.free_place(people[0], officer) is False
    assert placed_at(visit) == {"Budi", "Citra", "Dewi", "Endang"}
    person = db.session.scalars(select(Event.person_id).where(Event.action == "placement.freed")).one()
    assert person == people[0].trainee_id


def test_what_happened_stays_when_somebody_leaves_after_the_visit(scene, officer, at, db):
    batch, visit, people, _contact = scene
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    assert services.free_place(people[0], officer) is False
    people[0].left_at = clock.now()
    db.session.commit()
    assert len(placed_at(visit)) == len(queries.list_placements(batch)) == 5


def test_who_was_seen_there_on_the_day_keeps_the_place(scene, officer, make, at, db):
    batch, visit, people, _contact = scene
    at(visit.visits_on.year, visit.visits_on.month, visit.visits_on.day, 8)
    session = make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=visit.visits_on)
    make.attendance(session, people[0])
    assert services.free_place(people[0], officer) is False
    assert services.free_place(people[1], officer) is True


def test_a_moved_batch_asks_the_host_again_and_keeps_the_groups(scene, officer, outbox, db):
    batch, visit, _people, contact = scene
    old = visit.visits_on
    with_grants = queries.wanted_grants(batch)
    assert with_grants
    batch.starts_on, batch.ends_on = batch.starts_on + timedelta(days=7), batch.ends_on + timedelta(days=7)
    db.session.commit()
    assert services.follow_moved_batch(batch, timedelta(days=7), officer) == [visit]
    assert (visit.status, visit.visits_on, visit.requested_places, visit.granted_places) == (
        V.REQUESTED,
        old + timedelta(days=7),
        5,
        0,
    )
    assert visit.remark.startswith("Semula tanggal ")
    assert len(placed_at(visit)) == 5
    assert session_grants(batch) == set()
    (message,) = outbox()
    assert message.recipient == contact.email
    assert "semula" in message.body
    assert services.overview_of(batch).held == 5
    services.answer_visit(visit, V.ACCEPTED, by=contact)
    assert len(placed_at(visit)) == 5
    assert {row.mentor_name for row in queries.list_placements(batch)} == {"Pak Hadi"}


def test_a_moved_batch_keeps_only_the_places_that_the_host_has_then(scene, officer, make, outbox):
    batch, visit, _people, _contact = scene
    day = visit.visits_on + timedelta(days=7)
    other = make.batch(starts_on=day)
    make.visit(other, visit.host, visits_on=day, requested_places=37, granted_places=37)
    services.follow_moved_batch(batch, timedelta(days=7), officer)
    assert (visit.status, visit.requested_places) == (V.REQUESTED, 3)
    assert placed_at(visit) == {"Budi", "Citra", "Endang"}
    assert "semula 5 tempat, menjadi 3" in outbox()[-1].body


def test_a_moved_batch_that_finds_the_host_full_loses_the_visit(scene, officer, make, outbox):
    batch, visit, _people, contact = scene
    day = visit.visits_on + timedelta(days=7)
    make.visit(make.batch(starts_on=day), visit.host, visits_on=day, requested_places=40, granted_places=40)
    services.follow_moved_batch(batch, timedelta(days=7), officer)
    assert visit.status is V.CANCELLED
    assert placed_at(visit) == set()
    assert outbox()[-1].recipient == contact.email
    assert "lokasi ini penuh" in outbox()[-1].body


def test_two_visits_of_one_host_on_following_days_do_not_stand_in_each_others_way(scene, officer, make, db):
    batch, visit, _people, _contact = scene
    visit.host.visitors_per_day = 5
    db.session.commit()
    second = make.visit(
        batch, visit.host, visits_on=visit.visits_on + timedelta(days=1), requested_places=5, granted_places=5
    )
    for days in (1, -1):
        services.follow_moved_batch(batch, timedelta(days=days), officer)
        assert (visit.requested_places, second.requested_places) == (5, 5)
        assert {visit.status, second.status} == {V.REQUESTED}


def test_moving_by_no_day_and_visits_that_took_place_ask_nobody(scene, officer, at, outbox):
    batch, visit, _people, _contact = scene
    assert services.follow_moved_batch(batch, timedelta(), officer) == []
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    assert services.follow_moved_batch(batch, timedelta(days=7), officer) == []
    assert visit.status is V.ACCEPTED
    assert outbox() == []


@pytest.mark.parametrize(
    ("first", "last", "visit_moves"),
    [(-1, 0, 0), (0, 1, 0), (-2, 3, 0), (1, 1, 1), (7, 7, 7)],
    ids=["first day only", "last day only", "both otherwise", "all by one", "all by seven"],
)
def test_a_visit_follows_its_session_and_not_the_first_day(scene, officer, db, first, last, visit_moves):
    batch, visit, _people, _contact = scene
    old, (day,) = visit.visits_on, queries.list_days_of_practice(batch)
    visit.requested_places = 8  # five of eight were granted
    db.session.commit()
    dates = {
        "starts_on": batch.starts_on + timedelta(days=first),
        "ends_on": batch.ends_on + timedelta(days=last),
    }
    change_batch(batch, **dates, by=officer)
    assert queries.list_days_of_practice(batch) == [day + timedelta(days=visit_moves)]
    answer = (V.REQUESTED, 8, 0) if visit_moves else (V.ACCEPTED, 8, 5)
    assert visit.visits_on == old + timedelta(days=visit_moves)
    assert (visit.status, visit.requested_places, visit.granted_places) == answer
    assert len(placed_at(visit)) == 5


def test_a_visit_that_lies_outside_the_new_days_is_asked_for_the_nearest_day_of_practice(
    scene, officer, make
):
    batch, visit, _people, _contact = scene
    last = make.visit(batch, visits_on=batch.ends_on)
    change_batch(batch, ends_on=batch.ends_on - timedelta(days=1), by=officer)
    assert (last.status, last.visits_on, visit.status) == (V.REQUESTED, visit.visits_on, V.ACCEPTED)


@pytest.mark.parametrize(
    ("status", "granted", "after"),
    [
        (V.REQUESTED, 0, V.CANCELLED),
        (V.AWAITING_PERMISSION, 0, V.CANCELLED),
        (V.OTHER_DATE, 0, V.CANCELLED),
        (V.ACCEPTED, 9, V.ACCEPTED),
    ],
)
def test_a_request_whose_day_is_over_ends_with_its_batch_and_a_visit_stays(
    make, officer, outbox, at, status, granted, after
):
    batch, contact = make.batch(), make.user()
    visit = make.visit(
        batch,
        make.host(contact_user=contact),
        visits_on=batch.starts_on,
        status=status,
        granted_places=granted,
    )
    later = batch.starts_on + timedelta(days=1)
    at(later.year, later.month, later.day, 8)
    cancel_batch(batch, reason="Anggaran dialihkan", by=officer)
    assert visit.status is after
    assert len(outbox()) == (after is V.CANCELLED)


def test_a_batch_called_off_ends_its_visits_and_the_rights_of_the_contacts(scene, officer, make, outbox, db):
    batch, visit, _people, contact = scene
    waiting = make.visit(batch, make.host(contact_user=make.user()), status=V.REQUESTED, granted_places=0)
    proposing = make.visit(batch, make.host(), status=V.OTHER_DATE, granted_places=0)
    declined = make.visit(batch, make.host(), status=V.DECLINED, granted_places=0)
    services.name_contact(visit.host, None, by=officer)
    services.name_contact(visit.host, contact, by=officer)
    assert session_grants(batch) == {contact.id}
    ended = services.end_visits_of_cancelled_batch(batch, "Anggaran dialihkan", officer)
    assert {each.id for each in ended} == {visit.id, waiting.id, proposing.id}
    assert {each.status for each in ended} == {V.CANCELLED}
    assert declined.status is V.DECLINED
    assert queries.list_placements(batch) == []
    assert session_grants(batch) == set()
    assert {message.recipient for message in outbox()} == {contact.email, waiting.host.contact_user.email}
    ends = [message for message in outbox() if "bukan lagi narahubung" not in message.subject]
    assert all("Anggaran dialihkan" in message.body for message in ends)


def test_a_batch_called_off_after_the_visit_keeps_what_happened(scene, officer, at):
    batch, visit, _people, _contact = scene
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    assert services.end_visits_of_cancelled_batch(batch, "Anggaran dialihkan", officer) == []
    assert visit.status is V.ACCEPTED
    assert len(placed_at(visit)) == 5


@pytest.mark.parametrize(
    ("before", "room", "asked"),
    [(30, 40, 30), (4, 40, 9), (4, 6, 6)],
    ids=["the same", "nine lack", "as has room"],
)
def test_a_proposed_day_is_asked_for_in_one_press_and_the_old_request_ends(
    scene, officer, make, outbox, db, before, room, asked
):
    batch, planned, _people, contact = scene
    for _number in range(9):
        make.attendee(batch)
    host = make.host(contact_user=contact, visitors_per_day=room)
    first = services.request_visit(
        batch, host, visits_on=planned.visits_on, requested_places=before, by=officer
    )
    services.answer_visit(first, V.OTHER_DATE, other_date=batch.starts_on + timedelta(days=1), by=contact)
    again = services.ask_again(first, by=officer)
    assert (again.status, again.visits_on, again.requested_places) == (
        V.REQUESTED,
        batch.starts_on + timedelta(days=1),
        asked,
    )
    assert first.status is V.CANCELLED
    assert "menggantikan permohonan untuk" in outbox()[-1].body
    with pytest.raises(Conflict, match="sudah berstatus Dibatalkan"):
        services.ask_again(first, by=officer)
    assert (
        db.session.scalar(
            select(HostVisit).where(HostVisit.host_id == host.id, HostVisit.status == V.OTHER_DATE)
        )
        is None
    )


def test_a_proposal_without_a_day_that_can_be_read_names_the_way_on(scene, officer, make):
    batch, planned, _people, contact = scene
    visit = services.request_visit(
        batch, make.host(contact_user=contact), visits_on=planned.visits_on, requested_places=3, by=officer
    )
    services.answer_visit(visit, V.OTHER_DATE, note="minggu depan", by=contact)
    with pytest.raises(RuleViolation, match="pilih tanggalnya"):
        services.ask_again(visit, by=officer)
    services.answer_visit(visit, V.ACCEPTED, by=contact)  # or the host comes back to the day asked for
    assert visit.granted_places == 3


def test_an_old_answer_does_not_come_back_beside_a_newer_request(scene, officer, make):
    batch, planned, _people, contact = scene
    host = make.host(contact_user=contact)
    first = services.request_visit(batch, host, visits_on=planned.visits_on, requested_places=3, by=officer)
    services.answer_visit(first, V.DECLINED, by=contact)
    services.request_visit(batch, host, visits_on=planned.visits_on, requested_places=3, by=officer)
    with pytest.raises(Conflict, match="jawab permohonan yang baru"):
        services.answer_visit(first, V.ACCEPTED, by=contact)


def test_the_host_cannot_cancel_through_an_answer(scene):
    _batch, visit, _people, contact = scene
    with pytest.raises(RuleViolation, match="tidak dapat menjawab"):
        services.answer_visit(visit, V.CANCELLED, note=REASON, confirm=True, by=contact)
    assert not contact.can(Permission.VISIT_PLAN, visit)


def test_what_lacks_is_what_people_lack_beside_what_was_granted_and_asked(make, officer):
    batch = make.batch()
    for _number in range(30):
        make.attendee(batch)
    assert services.overview_of(batch).missing == 30
    make.visit(batch, make.host(), requested_places=30, granted_places=21, status=V.PARTLY_ACCEPTED)
    assert services.overview_of(batch).missing == 9
    make.visit(batch, make.host(), requested_places=5, granted_places=0, status=V.AWAITING_PERMISSION)
    overview = services.overview_of(batch)
    assert (overview.missing, overview.free, overview.waiting) == (4, 21, 5)


def test_a_grant_and_a_placement_are_gone_with_their_visit(scene, officer, db):
    batch, visit, _people, _contact = scene
    services.cancel_visit(visit, reason=REASON, confirm=True, by=officer)
    assert db.session.scalars(select(Placement)).all() == []
    today = clock.today("Asia/Jakarta")
    held = Grant.scope_kind == ScopeKind.SESSION, *Grant.valid_on(today)
    assert db.session.scalars(select(Grant).where(*held)).all() == []
    assert session_grants(batch) == set()
