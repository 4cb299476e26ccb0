"""Asking hosts and answering: places, states, and the rights that an accepted visit gives."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit.models import Event
from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus, SessionKind
from app.fieldwork import queries, services
from app.fieldwork.models import ClientGroup, HostVisit
from app.fieldwork.rules import HostKind, VisitStatus
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.notifications.rules import PersonKind

V = VisitStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make):
    """A Tapin batch with two sessions of field practice on its third day and one of material, and a host in
    Banjarbaru.
    """
    batch = make.batch()
    day = batch.starts_on + timedelta(days=2)
    practice = [
        make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=day, title=f"PKL {n}") for n in (1, 2)
    ]
    make.session(batch, held_on=day)
    contact = make.user(region="63.72")
    host = make.host(visitors_per_day=40, contact_user=contact)
    return batch, day, practice, host, contact


def ask(scene, by, places=30):
    batch, day, _practice, host, _contact = scene
    return services.request_visit(batch, host, visits_on=day, requested_places=places, by=by)


def session_grants(contact):
    contact.granted = None
    return contact.reach(Permission.ATTENDANCE_RECORD).ids.get(ScopeKind.SESSION, frozenset())


def test_a_request_waits_for_its_answer_and_is_recorded(scene, officer, db, outbox):
    visit = ask(scene, officer)
    assert (visit.status, visit.requested_places, visit.granted_places) == (V.REQUESTED, 30, 0)
    assert db.session.scalars(select(Event.action).where(Event.subject_type == "HostVisit")).all() == [
        "visit.requested"
    ]
    (message,) = outbox()
    assert f"/visits/{visit.id}/answer" in message.body
    assert message.recipient == scene[4].email


def test_a_day_outside_the_batch_is_refused(scene, officer):
    batch, _day, _practice, host, _contact = scene
    for day in (batch.starts_on - timedelta(days=1), batch.ends_on + timedelta(days=1)):
        with pytest.raises(RuleViolation, match="di antara hari pertama dan hari terakhir") as refused:
            services.request_visit(batch, host, visits_on=day, requested_places=1, by=officer)
        assert refused.value.field == "visits_on"


def test_places_that_other_batches_hold_cannot_be_asked_again(scene, officer, make):
    _batch, day, _practice, host, _contact = scene
    make.visit(make.batch(), host, visits_on=day, requested_places=30, granted_places=25)
    with pytest.raises(RuleViolation, match="tersisa 15 tempat bagi peserta; yang diminta 30"):
        ask(scene, officer)
    assert ask(scene, officer, places=15).id


def test_another_day_and_an_ended_visit_keep_no_place(scene, officer, make):
    _batch, day, _practice, host, _contact = scene
    make.visit(make.batch(), host, visits_on=day - timedelta(days=1))
    make.visit(make.batch(), host, visits_on=day, status=V.CANCELLED)
    assert ask(scene, officer, places=40).id


def test_asking_the_same_host_twice_for_one_day_is_a_conflict(scene, officer):
    visit = ask(scene, officer, places=10)
    with pytest.raises(Conflict, match="sudah diminta"):
        ask(scene, officer, places=10)
    services.answer_visit(visit, V.DECLINED, by=officer)
    assert ask(scene, officer, places=10).id


def test_a_cancelled_batch_asks_nobody(scene, officer, db):
    scene[0].status = BatchStatus.CANCELLED
    db.session.commit()
    with pytest.raises(RuleViolation, match="dibatalkan"):
        ask(scene, officer)


def test_accepting_gives_all_places_and_the_sessions_of_that_day_to_the_contact(scene, officer, db):
    _batch, _day, practice, _host, contact = scene
    visit = ask(scene, officer)
    services.answer_visit(visit, V.ACCEPTED, by=contact)
    assert (visit.granted_places, visit.answered_by_id) == (30, contact.id)
    assert session_grants(contact) == {session.id for session in practice}
    kinds = set(db.session.scalars(select(Grant.role).where(Grant.user_id == contact.id)))
    assert kinds == {Role.HOST_CONTACT}


@pytest.mark.parametrize("ending", [V.CANCELLED, V.DECLINED])
def test_the_contact_loses_the_sessions_when_the_visit_ends(scene, officer, ending):
    contact = scene[4]
    visit = ask(scene, officer)
    services.answer_visit(visit, V.ACCEPTED, by=officer)
    assert session_grants(contact)
    if ending is V.CANCELLED:
        services.cancel_visit(visit, by=officer)
    else:
        services.answer_visit(visit, ending, by=officer)
    assert session_grants(contact) == frozenset()


def test_a_waiting_request_gives_the_contact_no_session(scene, officer):
    services.answer_visit(
        ask(scene, officer), V.AWAITING_PERMISSION, note="menunggu dinas provinsi", by=scene[4]
    )
    assert session_grants(scene[4]) == frozenset()


def test_a_contact_of_two_hosts_keeps_the_sessions_that_the_other_visit_still_asks_for(scene, officer, make):
    batch, day, practice, _host, contact = scene
    other = make.host(contact_user=contact)
    first = ask(scene, officer, places=15)
    second = services.request_visit(batch, other, visits_on=day, requested_places=15, by=officer)
    for visit in (first, second):
        services.answer_visit(visit, V.ACCEPTED, by=officer)
    services.cancel_visit(first, by=officer)
    assert session_grants(contact) == {session.id for session in practice}
    services.cancel_visit(second, by=officer)
    assert session_grants(contact) == frozenset()


def test_a_new_contact_takes_over_host_and_sessions(scene, officer, make):
    _batch, _day, practice, host, old = scene
    services.answer_visit(ask(scene, officer), V.ACCEPTED, by=officer)
    new = make.user(region="63.72")
    services.name_contact(host, new, by=officer)
    assert session_grants(old) == frozenset()
    assert not old.can(Permission.VISIT_ANSWER, host)
    assert session_grants(new) == {session.id for session in practice}
    assert new.can(Permission.VISIT_ANSWER, host)


def test_an_unknown_address_is_invited_and_a_known_one_named(scene, officer, make, outbox):
    host = scene[3]
    user = services.invite_contact(host, name="Bu Melati", email="melati@panti.example", by=officer)
    assert host.contact_user_id == user.id
    assert user.can(Permission.VISIT_ANSWER, host)
    assert [message.recipient for message in outbox()] == [
        "melati@panti.example",
        scene[4].email,
    ], "the old contact too"
    known = make.user(email="aluh@panti.example")
    assert services.invite_contact(host, name="Aluh", email="Aluh@panti.example", by=officer).id == known.id
    user.granted = None
    assert not user.can(Permission.VISIT_ANSWER, host)


def test_accepting_in_part_names_a_number_below_the_request(scene, officer):
    visit = ask(scene, officer)
    for number in (None, 0, 30, 31):
        with pytest.raises(RuleViolation, match="dari 1 sampai 29") as refused:
            services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=number, by=officer)
        assert refused.value.field == "granted_places"
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=20, by=officer)
    assert visit.granted_places == 20


def test_an_answer_cannot_give_places_that_another_batch_was_granted_meanwhile(scene, officer, make):
    _batch, day, _practice, host, _contact = scene
    visit = ask(scene, officer)
    make.visit(make.batch(), host, visits_on=day, requested_places=20, granted_places=20)
    with pytest.raises(RuleViolation, match="tersisa 20 tempat"):
        services.answer_visit(visit, V.ACCEPTED, by=officer)
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=20, by=officer)
    assert visit.status is V.PARTLY_ACCEPTED


def test_another_date_must_be_named(scene, officer):
    visit = ask(scene, officer)
    with pytest.raises(RuleViolation, match="tanggal yang diusulkan"):
        services.answer_visit(visit, V.OTHER_DATE, by=officer)
    services.answer_visit(visit, V.OTHER_DATE, note="Diusulkan Jumat.", by=officer)
    assert queries.count_places_left(scene[3], visit.visits_on) == 40


def test_an_answer_that_the_table_does_not_know_is_a_conflict(scene, officer):
    visit = ask(scene, officer)
    services.cancel_visit(visit, by=officer)
    with pytest.raises(Conflict, match="sudah berstatus Dibatalkan"):
        services.answer_visit(visit, V.ACCEPTED, by=officer)
    with pytest.raises(Conflict, match="sudah berstatus Dibatalkan"):
        services.cancel_visit(visit, by=officer)
    assert visit.granted_places == 0


def test_whoever_asked_is_told_the_answer(scene, officer, outbox):
    services.answer_visit(ask(scene, officer), V.DECLINED, note="sedang ada acara", by=scene[4])
    message = outbox()[-1]
    assert message.recipient == officer.email
    assert "Belum dapat menerima" in message.body
    assert "sedang ada acara" in message.body


def test_a_host_is_entered_with_its_client_groups_beside_its_places(make, officer, db):
    host = services.draft_host(
        make.organiser(),
        region=make.region("63.72"),
        name=" Panti Fajar Harapan ",
        kind=HostKind.PANTI,
        visitors_per_day=30,
        client_groups=[("Netra", 60), ("Fisik", 25)],
        by=officer,
    )
    assert (host.name, host.visitors_per_day) == ("Panti Fajar Harapan", 30)
    assert sum(group.clients for group in queries.list_client_groups(host)) == 85
    with pytest.raises(Conflict, match="sudah ada dalam daftar"):
        services.draft_host(
            make.organiser(),
            region=host.region,
            name="panti fajar harapan",
            kind=HostKind.UPT,
            visitors_per_day=1,
            by=officer,
        )
    with pytest.raises(RuleViolation, match="paling sedikit 1"):
        services.draft_host(
            make.organiser(),
            region=host.region,
            name="Lain",
            kind=HostKind.UPT,
            visitors_per_day=0,
            by=officer,
        )
    assert db.session.scalars(select(ClientGroup.name).where(ClientGroup.host_id == host.id)).all() == [
        "Netra",
        "Fisik",
    ]


def test_a_host_keeps_at_least_the_places_that_visits_use(scene, officer):
    host = scene[3]
    ask(scene, officer)
    same = {"region": host.region, "name": host.name, "kind": host.kind, "by": officer}
    with pytest.raises(RuleViolation, match="memakai 30 tempat sehari") as refused:
        services.change_host(host, visitors_per_day=29, **same)
    assert refused.value.field == "visitors_per_day"
    services.change_host(host, visitors_per_day=30, **same)
    assert host.visitors_per_day == 30


def test_a_batch_is_offered_the_hosts_of_its_provinsi_and_those_its_organiser_keeps(make):
    near, kept = make.host(), make.host(region="33.74")
    make.host(make.organiser("33.74"), region="33.74")
    assert {host.id for host in queries.list_hosts_for(make.batch())} == {near.id, kept.id}


def test_visits_name_no_more_places_than_were_asked(scene, officer, db):
    visit = ask(scene, officer)
    visit_id = visit.id
    with pytest.raises(IntegrityError, match="not_more_than_asked"):
        db.session.execute(
            HostVisit.__table__.update().where(HostVisit.id == visit_id).values(granted_places=31)
        )


class TestMorePlaces:
    """A host that was asked for a day is asked for more on the same day."""

    @pytest.mark.parametrize(
        ("status", "requested", "granted", "asked", "after"),
        [
            (VisitStatus.ACCEPTED, 4, 4, 3, (VisitStatus.PARTLY_ACCEPTED, 7, 4)),
            (VisitStatus.PARTLY_ACCEPTED, 9, 4, 3, (VisitStatus.PARTLY_ACCEPTED, 7, 4)),
            (VisitStatus.REQUESTED, 4, 0, 3, (VisitStatus.REQUESTED, 7, 0)),
            (VisitStatus.AWAITING_PERMISSION, 4, 0, 3, (VisitStatus.AWAITING_PERMISSION, 7, 0)),
            (VisitStatus.ACCEPTED, 4, 4, 37, "tersisa 36 tempat"),
            (VisitStatus.ACCEPTED, 4, 4, 0, "paling sedikit 1"),
        ],
    )
    def test_the_number_asked_rises_and_what_was_granted_stays(
        self, make, outbox, status, requested, granted, asked, after
    ):
        officer, contact = make.user(Role.KABUPATEN_DINAS), make.user(region="63.72")
        batch, host = make.batch(), make.host(contact_user=contact)
        day = batch.starts_on + timedelta(days=2)
        visit = make.visit(batch, host, requested_places=requested, granted_places=granted, status=status)
        person = make.attendee(batch)
        make.placement(visit, person)
        with pytest.raises(Conflict, match="sudah diminta untuk tanggal itu"):
            services.request_visit(batch, host, visits_on=day, requested_places=asked, by=officer)
        if isinstance(after, str):
            with pytest.raises(RuleViolation, match=after):
                services.request_visit(
                    batch, host, visits_on=day, requested_places=asked, more=True, by=officer
                )
            return
        assert (
            services.request_visit(
                batch, host, visits_on=day, requested_places=asked, more=True, by=officer
            ).id
            == visit.id
        )
        assert (visit.status, visit.requested_places, visit.granted_places) == after
        (mail,) = outbox()
        assert mail.recipient == contact.email
        assert "menjadi 7" in mail.body
        assert queries.placement_of(person) is not None
        assert services.overview_of(batch).waiting == (3 if granted else 6)
        services.answer_visit(
            visit, VisitStatus.PARTLY_ACCEPTED, granted_places=granted or 6, by=contact
        )  # no more than before
        assert services.overview_of(batch).requests == 0
        services.answer_visit(visit, VisitStatus.ACCEPTED, by=contact)
        assert (visit.requested_places, visit.granted_places) == (7, 7)


def test_whoever_becomes_the_contact_gets_what_waits_and_the_old_one_is_told(make, outbox, db):
    officer = make.user(Role.KABUPATEN_DINAS)
    old, new = make.user(name="Ibu Kartini", region="63.72"), make.user(name="Pak Sabran", region="63.72")
    batch, host = make.batch(), make.host(name="Panti Budi")
    services.name_contact(host, old, by=officer)
    make.visit(batch, host, status=VisitStatus.REQUESTED, granted_places=0)
    make.visit(batch, host, visits_on=batch.starts_on)  # answered: nothing waits
    services.name_contact(host, new, by=officer)
    asked, told = sorted(outbox(), key=lambda mail: "bukan lagi" in mail.subject)
    assert (asked.recipient, told.recipient) == (new.email, old.email)
    assert "Jawab permohonan" in asked.body
    assert "dijawab oleh Pak Sabran" in told.body
    services.name_contact(host, None, by=officer)
    waiting = db.session.scalars(select(Notice).where(*UNTOLD)).all()
    assert [(each.person_kind, each.name, each.batch_id) for each in waiting] == [
        (PersonKind.HOST, "Panti Budi", batch.id)
    ]


def test_a_request_to_a_host_without_a_contact_says_so_and_stands_among_those_to_be_told(
    make, browser, db, outbox
):
    officer = make.user(Role.KABUPATEN_DINAS)
    batch, host = make.batch(), make.host(name="Panti Sunyi")
    browser.sign_in(officer)
    data = {"host_id": host.id, "visits_on": batch.starts_on.isoformat(), "requested_places": 4}
    page = browser.post("fieldwork.request_visit", batch_id=batch.id, data=data)
    page = browser.get("fieldwork.show_fieldwork", batch_id=batch.id)
    assert "Panti Sunyi belum ada narahubungnya; sampaikan sendiri suratnya" in page.text
    assert "Permohonan dikirim" not in page.text
    assert outbox() == []
    (notice,) = db.session.scalars(select(Notice)).all()
    assert (notice.person_kind, notice.told_at) == (PersonKind.HOST, None)
