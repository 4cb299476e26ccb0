"""A visit whose session of field practice was called off or moved: it is said, can still be ended, and its
people go elsewhere.
"""

from datetime import time, timedelta

import pytest

from app.attendance import services as attendance
from app.attendance.rules import Entry, Presence
from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.core.dates import day_date
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.unit_of_work import atomic
from app.courses import services as courses
from app.courses.rules import BatchStatus, GraduationStage, SessionKind
from app.courses.services import enter_stage
from app.fieldwork import lines, queries, services
from app.fieldwork.rules import VisitStatus as V
from app.fieldwork.rules import has_session

REASON = "listrik di panti padam"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make):
    """A running batch that begins today, field practice tomorrow, an accepted visit of three with three
    people.
    """
    today = clock.today("Asia/Makassar")
    batch = make.batch(starts_on=today, ends_on=today + timedelta(days=4), status=BatchStatus.RUNNING)
    batch.recorded_at = clock.now() - timedelta(days=60)
    day = today + timedelta(days=1)
    practice = make.session(
        batch,
        kind=SessionKind.FIELD_PRACTICE,
        held_on=day,
        starts_at=time(8),
        ends_at=time(11, 45),
        lesson_hours=0,
    )
    contact = make.user(region="63.72", name="Bu Melati")
    host = make.host(name="Panti Budi", contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    visit = make.visit(batch, host, visits_on=day, requested_places=3, granted_places=3)
    people = [make.attendee(batch, make.trainee(name=name)) for name in ("Ani", "Budi", "Citra")]
    for person in people:
        make.placement(visit, person)
    return batch, practice, visit, people, contact


def move(practice, officer, days):
    courses.change_session(practice, held_on=practice.held_on + timedelta(days=days), by=officer)


def text_of(page):
    return " ".join(page.soup.get_text(" ").split())


@pytest.mark.parametrize(
    ("groups", "practice", "is_held"),
    [
        ({1}, {(1, None)}, True),
        ({1}, {(1, 1)}, True),
        ({1, 2}, {(1, 2)}, True),
        ({1}, {(1, 2)}, False),
        (set(), {(1, 2)}, True),
        ({1}, {(2, None)}, False),
        ({1}, set(), False),
    ],
)
def test_a_visit_has_its_session_where_its_day_holds_one_for_a_group_of_it(groups, practice, is_held):
    assert has_session(1, groups, practice) is is_held


@pytest.mark.parametrize("way", ["moved", "cancelled"])
def test_a_visit_that_never_took_place_is_ended_after_its_day(scene, officer, browser, at, way):
    batch, practice, visit, people, _contact = scene
    if way == "moved":
        move(practice, officer, 2)
    else:
        courses.cancel_session(practice, reason=REASON, by=officer)
    over = visit.visits_on + timedelta(days=1)
    at(over.year, over.month, over.day, 3)
    assert lines.practised_at(batch) == {}
    browser.sign_in(officer)
    page = text_of(browser.get("fieldwork.show_fieldwork", batch_id=batch.id))
    assert "tanpa sesi PKL pada hari itu" in page
    assert "sudah berlangsung" not in page
    assert "Ya, batalkan kunjungan" in browser.get("fieldwork.cancel_visit", visit_id=visit.id).text
    services.cancel_visit(visit, reason=REASON, confirm=True, by=officer)
    assert (visit.status, queries.placement_of(people[0])) == (V.CANCELLED, None)


def test_its_people_are_divided_over_the_visit_of_the_new_day(scene, officer, browser, make):
    batch, practice, visit, people, _contact = scene
    move(practice, officer, 2)
    with pytest.raises(Conflict):  # nobody else takes them yet: they keep their places
        services.divide_anew(batch, by=officer, moving=1)
    assert len(queries.list_placements_at([visit.id])) == 3
    other = make.visit(batch, visit.host, visits_on=practice.held_on, requested_places=4, granted_places=4)
    browser.sign_in(officer)
    page = text_of(browser.get("fieldwork.show_fieldwork", batch_id=batch.id))
    assert "3 peserta belum mempunyai tempat pada kunjungan yang ada sesi PKL-nya." in page
    browser.post("fieldwork.spread_evenly", batch_id=batch.id)
    assert {placement.attendee_id for placement in queries.list_placements_at([other.id])} == {
        person.id for person in people
    }
    assert queries.list_placements_at([visit.id]) == []


def test_who_moves_or_calls_off_the_session_reads_what_becomes_of_the_visit(scene, officer, browser, app):
    batch, practice, visit, _people, _contact = scene
    browser.sign_in(officer)
    page = text_of(browser.get("courses.cancel_session", session_id=practice.id))
    assert "Sesudah dibatalkan: Kunjungan ke Panti Budi" in page
    token = auth.make_access_token(officer, "test", days=1, by=officer)
    path = f"/api/v1/batches/{batch.id}/sessions/{practice.id}"
    day = (visit.visits_on + timedelta(days=1)).isoformat()
    answer = app.test_client().patch(
        path, json={"held_on": day}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text
    (said,) = answer.json["warnings"]
    assert said.startswith("Kunjungan ke Panti Budi pada")
    page = browser.post("courses.cancel_session", session_id=practice.id, data={"reason": REASON})
    after = text_of(browser.get("courses.show_schedule", batch_id=batch.id))
    assert "jadwal belum memuat sesi PKL" in after


def test_a_host_reads_why_the_new_day_is_not_its_guests(scene, officer, make, at, db):
    batch, practice, visit, people, contact = scene
    move(practice, officer, 1)
    make.visit(batch, visit.host, visits_on=practice.held_on, requested_places=3, granted_places=3)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.SESSION, practice.id))
    practice.lesson_hours = 5
    db.session.commit()
    at(practice.held_on.year, practice.held_on.month, practice.held_on.day, 8)
    with pytest.raises(RuleViolation, match="Minta panitia menempatkannya pada kunjungan hari itu"):
        attendance.record_presences(practice, {people[0].id: Entry(Presence.PRESENT)}, by=contact)


def test_a_host_is_asked_for_a_day_of_practice_or_for_the_one_it_proposed(
    scene, officer, make, browser, outbox
):
    batch, _practice, planned, _people, contact = scene
    host, other, mails = make.host(contact_user=contact), planned.visits_on + timedelta(days=1), len(outbox())
    with pytest.raises(RuleViolation, match="Tidak ada sesi PKL pada") as refused:
        services.request_visit(batch, host, visits_on=other, requested_places=3, by=officer)
    assert refused.value.field == "visits_on"
    assert day_date(planned.visits_on) in str(refused.value)
    browser.sign_in(officer)
    data = {"host_id": host.id, "visits_on": other.isoformat(), "requested_places": 3}
    assert (
        "Tidak ada sesi PKL"
        in browser.post("fieldwork.request_visit", batch_id=batch.id, data=data, expect=422).error
    )
    assert len(outbox()) == mails
    visit = services.request_visit(batch, host, visits_on=planned.visits_on, requested_places=3, by=officer)
    services.answer_visit(visit, V.OTHER_DATE, other_date=other, by=contact)
    services.ask_again(visit, by=officer)
    warned = [str(each) for each in lines.describe_strays_of(batch.id)]
    assert len(warned) == 1
    assert "Pindahkan sesinya" in warned[0]


@pytest.mark.parametrize("told", [True, False], ids=["its day is to come", "its day is over"])
@pytest.mark.parametrize("status", [V.REQUESTED, V.AWAITING_PERMISSION, V.OTHER_DATE])
def test_a_request_ends_with_the_batch(scene, make, officer, browser, outbox, told, status):
    batch, _practice, planned, _people, contact = scene
    day = planned.visits_on if told else batch.starts_on - timedelta(days=1)
    host = make.host(name="Panti Melati", contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    asked = make.visit(batch, host, visits_on=day, status=status, granted_places=0)
    mails = len(outbox())
    for stage in (GraduationStage.APPROVED, GraduationStage.CERTIFIED):
        with atomic():
            enter_stage(batch, stage, by=officer)
    assert (asked.status, planned.status) == (V.CANCELLED, V.ACCEPTED)
    assert [message.recipient for message in outbox()[mails:]] == ([contact.email] if told else [])
    browser.sign_in(contact)
    text = browser.get("fieldwork.answer_visit", visit_id=asked.id).text
    assert "tidak perlu dijawab lagi" in text
    assert "Lokasi PKL tidak dapat diminta" not in text


def test_the_link_of_an_open_request_says_that_the_batch_is_over(scene, make, officer, browser):
    """Of a batch that ended before requests ended with it."""
    batch, _practice, planned, _people, contact = scene
    host = make.host(name="Panti Melati", contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    asked = make.visit(batch, host, visits_on=planned.visits_on, status=V.REQUESTED, granted_places=0)
    batch.graduation_stage = GraduationStage.CERTIFIED
    browser.sign_in(contact)
    text = browser.get("fieldwork.answer_visit", visit_id=asked.id).text
    assert "permohonan ini tidak perlu dijawab lagi" in text
    assert "Lokasi PKL tidak dapat diminta" not in text
    assert "permohonan menunggu jawaban Anda" not in browser.get("fieldwork.list_my_visits").text
