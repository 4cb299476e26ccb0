"""The day of a visit and after it: who is on the host's sheet, what can no longer be taken back, what the
panitia puts right, who comes.
"""

from datetime import timedelta

import pytest

from app.attendance import services as attendance
from app.attendance.rules import Entry, Presence
from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus, SessionKind
from app.courses.services import cancel_batch
from app.enrollments.models import Enrollment
from app.enrollments.services import withdraw
from app.fieldwork import lines, queries, services
from app.fieldwork.rules import VisitStatus as V
from app.notifications.models import Notice

REASON = "aula sedang diperbaiki"
HERE = Entry(Presence.PRESENT)


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make, officer, at):
    """A running batch on its third day, of field practice: an accepted visit of three, three placed there and
    one who is not.
    """
    today = clock.today("Asia/Makassar")
    batch = make.batch(starts_on=today - timedelta(days=2), status=BatchStatus.RUNNING)
    batch.recorded_at = clock.now() - timedelta(days=60)
    practice = make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=today)
    contact = make.user(region="63.72", name="Bu Melati")
    host = make.host(name="Panti Budi", contact_user=contact, visitors_per_day=40)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    visit = make.visit(batch, host, requested_places=3, granted_places=0, status=V.REQUESTED)
    services.answer_visit(visit, V.ACCEPTED, by=contact)
    contact.granted = None
    people = [make.attendee(batch, make.trainee(name=name)) for name in ("Ani", "Budi", "Citra", "Dewi")]
    for person in people[:3]:
        make.placement(visit, person)
    return batch, practice, visit, people, contact


def seat_of(db, person):
    return db.session.query(Enrollment).filter_by(trainee_id=person.trainee_id).one()


def test_the_sheet_of_a_host_names_those_who_are_placed_there_and_keeps_nobody_else(
    scene, officer, browser, new_browser
):
    batch, practice, _visit, people, contact = scene
    browser.sign_in(contact)
    page = browser.get("attendance.show_session", session_id=practice.id)
    assert [name.get_text() for name in page.soup.select(".presence-name")] == ["Ani", "Budi", "Citra"]
    assert "Dewi" not in page.text
    with pytest.raises(RuleViolation, match="tidak ditempatkan di lokasi Anda"):
        attendance.record_presences(practice, {people[3].id: HERE}, by=contact)
    office = new_browser()
    office.sign_in(officer)
    sheet = office.get("attendance.show_session", session_id=practice.id)
    assert [name.get_text() for name in sheet.soup.select(".presence-name")] == [
        "Ani",
        "Budi",
        "Citra",
        "Dewi",
    ]
    for placement in queries.list_placements(batch):
        services.free_place(placement.attendee, officer)
    assert (
        len(attendance.people_of_session(practice, contact)) == 4
    )  # nobody was divided over hosts: it keeps everybody


def test_a_host_does_not_send_away_who_is_recorded_as_present(scene, officer, browser):
    _batch, practice, visit, people, contact = scene
    attendance.record_presences(practice, {people[0].id: HERE}, by=contact)
    browser.sign_in(contact)
    page = browser.get("fieldwork.answer_visit", visit_id=visit.id)
    assert "sehingga tempatnya tidak dapat ditarik lagi. Bila keliru, hubungi panitia." in page.text
    assert page.soup.select("main form") == []
    for act in (
        lambda: services.answer_visit(visit, V.DECLINED, note=REASON, confirm=True, by=contact),
        lambda: services.cancel_visit(visit, reason=REASON, confirm=True, by=officer),
    ):
        with pytest.raises(RuleViolation, match="tidak dapat ditarik lagi"):
            act()
    assert queries.count_placed(visit) == 3


def test_an_answer_that_was_wrong_is_put_right_by_the_panitia_when_the_day_is_over(
    scene, officer, browser, new_browser, at
):
    batch, practice, visit, people, contact = scene
    services.answer_visit(visit, V.DECLINED, note=REASON, confirm=True, by=contact)
    after = visit.visits_on + timedelta(days=1)
    at(after.year, after.month, after.day, 3)
    browser.sign_in(contact)
    page = browser.get("fieldwork.answer_visit", visit_id=visit.id)
    assert "sampaikan kepada panitia agar dicatat" in page.text
    assert page.soup.select("main form") == []
    with pytest.raises(RuleViolation, match="sampaikan kepada panitia"):
        services.answer_visit(visit, V.ACCEPTED, by=contact)
    office = new_browser()
    office.sign_in(officer)
    offered = office.get("fieldwork.answer_visit", visit_id=visit.id).soup.select("input[name=answer]")
    assert [each["value"] for each in offered] == ["accepted", "partly_accepted"]
    office.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "accepted"})
    assert (visit.status, visit.granted_places) == (V.ACCEPTED, 3)
    services.place_attendee(people[0], visit, group=1, by=officer)
    assert lines.practised_at(batch) == {people[0].id: "Panti Budi"}
    contact.granted = None
    attendance.record_presences(practice, {people[0].id: HERE}, by=contact)


def test_the_host_is_told_that_somebody_does_not_come_and_reads_how_many_do(
    scene, officer, browser, outbox, db
):
    _batch, _practice, visit, people, contact = scene
    before = len(outbox())
    withdraw(seat_of(db, people[0]), reason="Sakit keras", by=officer)
    (mail,) = [each for each in outbox()[before:] if each.recipient == contact.email]
    assert "Yang tidak jadi datang: Ani" in mail.body
    assert "sekarang 2 orang, dari 3 tempat" in mail.body
    browser.sign_in(contact)
    for endpoint in ("dashboard.home", "fieldwork.list_my_visits"):
        assert "2 orang ditempatkan (3 tempat)" in browser.get(endpoint).text
    assert "tersisa 37 dari 40" in browser.get("fieldwork.answer_visit", visit_id=visit.id).text


def test_before_the_names_are_shown_only_the_number_is_told_and_only_the_last_one_waits(make, officer, db):
    batch = make.batch()
    make.session(batch, kind=SessionKind.FIELD_PRACTICE, held_on=batch.starts_on + timedelta(days=2))
    visit = make.visit(batch, make.host(), requested_places=2, granted_places=2)
    people = [make.attendee(batch, make.trainee(name=name)) for name in ("Ani", "Zulaikha")]
    for person in people:
        make.placement(visit, person)
        db.session.commit()
    for person in people:
        withdraw(seat_of(db, person), reason="Sakit keras", by=officer)
    told = (
        db.session.query(Notice).filter(Notice.about == f"visit:{visit.id}:guests").order_by(Notice.id).all()
    )
    assert [each.overtaken_at is None for each in told] == [False, True]
    assert "Zulaikha" not in told[1].text
    assert "sekarang 0 orang" in told[1].text


def test_a_batch_that_is_called_off_is_told_once(scene, officer, outbox):
    batch, _practice, _visit, _people, contact = scene
    before = len(outbox())
    cancel_batch(batch, reason="Anggaran dialihkan semuanya", by=officer)
    assert [each.subject.split(":")[0] for each in outbox()[before:] if each.recipient == contact.email] == [
        "Kunjungan PKL dibatalkan"
    ]


def test_places_that_were_added_later_are_declined_with_one_answer(make, officer, browser):
    batch, contact = make.batch(), make.user(region="63.72")
    host = make.host(contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    visit = make.visit(batch, host, requested_places=4, granted_places=4)
    services.request_visit(batch, host, visits_on=visit.visits_on, requested_places=3, more=True, by=officer)
    browser.sign_in(contact)
    page = browser.get("fieldwork.answer_visit", visit_id=visit.id)
    assert "Tetap 4 orang, tanpa tambahan" in page.text
    refused = browser.post(
        "fieldwork.answer_visit",
        visit_id=visit.id,
        data={"answer": "keep", "granted_places": "5"},
        expect=422,
    )
    assert "kosongkan angkanya" in refused.error
    browser.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "keep"})
    assert (visit.status, visit.granted_places, visit.asks_for_more) == (V.PARTLY_ACCEPTED, 4, False)
    assert "tanpa tambahan" not in browser.get("fieldwork.answer_visit", visit_id=visit.id).text
