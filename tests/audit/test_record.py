"""Every act is kept in the transaction of its decision."""

import pytest
from sqlalchemy import func, select

from app.audit import queries, services
from app.audit.models import Event, Outcome, PersonKey
from app.auth.rules import Role
from app.core import tracing
from app.core.actor import SYSTEM
from app.core.scopes import EVERYWHERE, Reach, Reaching
from app.core.unit_of_work import atomic
from app.organisers.models import Organiser
from app.trainees.models import Trainee


def recorded(subject, action="thing.done", **more):
    with atomic():
        return services.record(action, subject, **{"by": SYSTEM, **more})


def test_an_event_says_who_did_what_to_what_where_and_when(make, at):
    batch, dinas = make.batch(), make.user(role=Role.KABUPATEN_DINAS)
    moment = at(2026, 5, 1, 3)
    tracing.request_id.set("abc123")

    event = recorded(batch, "batch.opened", by=dinas, note="rapat", details={"quota": 30})

    tracing.request_id.set(None)
    assert (event.actor_id, event.actor_label, event.actor_role) == (dinas.id, dinas.name, "kabupaten_dinas")
    assert (event.action, event.subject_type, event.subject_id) == ("batch.opened", "Batch", batch.id)
    assert (event.scope_code, event.request_id, event.outcome) == ("63.05", "abc123", Outcome.DONE)
    assert abs((event.at - moment).total_seconds()) < 60
    assert queries.details_of([event]) == {event.id: {"note": "rapat", "details": {"quota": 30}}}


def test_the_system_acts_without_account_role_or_place(db):
    event = recorded(None)
    assert (event.actor_id, event.actor_label, event.actor_role) == (None, "sistem", None)
    assert (event.subject_type, event.subject_id, event.scope_code, event.details) == ("", None, None, None)


def test_a_new_row_has_its_number_in_the_event(make, db):
    with atomic():
        fresh = Organiser(
            code="BARU",
            unit="B",
            seat="Rantau",
            number_pattern="{sequence}",
            region_id=make.region("63.05.08").id,
            level=make.organiser().level,
        )
        db.session.add(fresh)
        event = services.record("organiser.added", fresh, by=SYSTEM)
    assert event.subject_id == fresh.id is not None


def test_an_event_outside_a_decision_is_a_fault(make, db):
    with pytest.raises(RuntimeError):
        services.record("thing.done", None, by=SYSTEM)


def test_an_undone_decision_leaves_no_event(db):
    def decide():
        with atomic():
            services.record("thing.done", None, by=SYSTEM)
            raise LookupError

    with pytest.raises(LookupError):
        decide()
    assert db.session.scalar(select(func.count(Event.id))) == 0


def test_what_concerns_a_person_is_sealed_with_a_key_of_their_own(make, db):
    siti, budi = make.trainee(), make.trainee()
    first = recorded(siti, person_id=siti.id, note="pindah rumah")
    second = recorded(siti, person_id=siti.id, details={"alamat": "Rantau"})
    other = recorded(budi, person_id=budi.id, note="pindah rumah")

    assert "pindah" not in first.details
    assert "Rantau" not in second.details
    assert db.session.scalar(select(func.count()).select_from(PersonKey)) == 2
    read = queries.details_of([first, second, other])
    assert [read[event.id]["note"] for event in (first, second, other)] == [
        "pindah rumah",
        "",
        "pindah rumah",
    ]
    assert read[second.id]["details"] == {"alamat": "Rantau"}


def test_after_erasure_nothing_can_be_read_and_nothing_new_is_kept(make, db):
    siti = make.trainee()
    event = recorded(siti, person_id=siti.id, note="pindah rumah")

    services.erase_person(siti.id)
    services.erase_person(siti.id)  # safe to repeat
    later = recorded(siti, person_id=siti.id, note="tetangga bertanya")

    key = db.session.get(PersonKey, siti.id)
    assert key.secret is None
    assert key.destroyed_at is not None
    assert later.details is None
    assert queries.details_of([event, later]) == {event.id: None, later.id: None}


def test_somebody_without_events_can_be_erased_too(make, db):
    siti = make.trainee()
    services.erase_person(siti.id)
    assert recorded(siti, person_id=siti.id, note="x").details is None


def test_history_is_that_of_one_row_oldest_first(make):
    batch, other = make.batch(), make.batch()
    acts = [recorded(batch, "batch.drafted"), recorded(batch, "batch.opened")]
    recorded(other, "batch.opened")
    assert other.id != batch.id
    assert queries.history_of(batch) == acts


def test_an_auditor_sees_the_events_of_their_region_newest_first(make):
    first = recorded(make.batch(), "batch.opened")
    nowhere = recorded(None, "region.imported")
    last = recorded(make.trainee(desa="63.05.08.2001"), "trainee.registered")

    def seen(code, **more):
        return queries.page_of_events(Reach(regions=frozenset({(code, Reaching.BELOW)})), **more).rows

    assert seen("63.05") == seen("63") == [last, first]
    assert seen("63.055"[:4] + "6") == seen("33") == []
    assert seen("00") == [last, nowhere, first]
    assert seen("63.05", action="batch") == [first]
    assert seen("63.05", action="bat") == []
    assert seen("63.05", since=last.at) == ([last] if last.at > first.at else [last, first])


def test_pages_of_events_go_on_where_the_last_ended(db):
    events = [recorded(None, f"thing.done{n}") for n in range(5)]
    read, cursor = [], None
    while True:
        page = queries.page_of_events(EVERYWHERE, after=cursor, per_page=2)
        read += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == events[::-1]


def test_a_page_of_events_costs_the_same_at_one_row_and_at_thirty(make, count_queries):
    def cost():
        with count_queries() as counted:
            page = queries.page_of_events(EVERYWHERE)
            queries.details_of(page.rows)
            return counted()

    siti = make.trainee()
    recorded(siti, person_id=siti.id, note="a")
    one = cost()
    for _ in range(29):
        person = make.trainee()
        recorded(person, person_id=person.id, note="a")
    assert cost() == one


def test_the_role_is_cut_at_a_whole_word(make, db):
    class Everything:
        id, label = 7, "Semua"

        def roles(self):
            return set(Role)

    event = recorded(None, by=Everything())
    assert len(event.actor_role) <= services.ROLE_LENGTH
    assert set(event.actor_role.split(",")) <= {role.value for role in Role}


def test_a_subject_behind_a_proxy_has_its_own_name(make):
    from werkzeug.local import LocalProxy

    trainee = make.trainee()
    event = recorded(LocalProxy(lambda: trainee))
    assert event.subject_type == Trainee.__name__
