"""An SK on its page: put right, emptied by what was a mistake."""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.trainees import services
from app.trainees.queries import office_at
from app.trainees.rules import TraineeStatus

TODAY = clock.today("Asia/Makassar")


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def desk(browser, dinas):
    """The browser of the dinas of Tapin."""
    browser.sign_in(dinas)
    return browser


def test_an_sk_dated_before_the_training_is_taken_only_when_that_is_said(make, desk, dinas, db):
    people = [make.trainee(status=TraineeStatus.CANDIDATE) for _number in range(2)]
    make.qualification(people[0], held_from=TODAY)
    make.qualification(people[1], held_from=TODAY - timedelta(days=400))
    facts = {
        "organiser_id": make.organiser().id,
        "number": "188/9",
        "dated_on": f"{TODAY - timedelta(days=30):%Y-%m-%d}",
        "signer_name": "Bupati",
        "trainees": [each.id for each in people],
    }
    assert 'name="before_training"' not in desk.get("trainees.make_appointment").response.text
    page = desk.post("trainees.make_appointment", data=facts, expect=422)
    assert f"Tanggal SK sebelum pelatihan pertama {people[0].name}. Periksa" in page.text
    assert people[1].status is TraineeStatus.CANDIDATE
    assert 'name="before_training"' in page.response.text
    desk.post("trainees.make_appointment", data={**facts, "before_training": "y"})
    db.session.refresh(people[0])
    assert people[0].status is TraineeStatus.ACTIVE


def test_a_tksk_reads_where_the_sk_of_her_people_are_kept(make, browser):
    person, office = make.trainee(), make.organiser()
    browser.sign_in(make.user(Role.TKSK, "63.05.06"))
    page = browser.get("trainees.list_appointments")
    assert "Belum ada SK" not in page.text
    assert f"Daftar SK ada pada {office_at(person.duty_region)}" in page.text
    assert office.region.code == "63.05"


def test_the_page_that_puts_an_sk_right_says_for_how_many_that_is(make, desk, dinas):
    people = [make.trainee(status=TraineeStatus.CANDIDATE) for _number in range(2)]
    made = services.appoint(make.organiser(), "188/9", TODAY, "Bupati", people, dinas)
    page = desk.get("trainees.correct_appointment", appointment_id=made.id)
    assert "Perbaikan ini berlaku bagi semua orang pada SK ini: 2 orang." in page.text


def test_an_sk_is_put_right_and_says_when_nobody_is_left(make, desk, dinas):
    person = make.trainee(status=TraineeStatus.CANDIDATE)
    made = services.appoint(make.organiser(), "188/9", TODAY, "Bupati", [person], dinas)
    assert "Perbaiki nomor" in desk.get("trainees.show_appointment", appointment_id=made.id).text
    desk.post(
        "trainees.correct_appointment",
        appointment_id=made.id,
        data={"number": " 188/10 ", "signer_name": "Bupati Tapin"},
    )
    assert (made.number, made.signer_name) == ("188/10", "Bupati Tapin")
    other = make.appointment(region="63.05", number="188/11")
    data = {"number": other.number, "signer_name": "Bupati Tapin"}
    desk.post("trainees.correct_appointment", appointment_id=made.id, data=data, expect=409)
    desk.post("trainees.take_back_standing", trainee_id=person.id, data={"mistake": "Salah orang"})
    assert person.status is TraineeStatus.CANDIDATE
    page = desk.get("trainees.show_appointment", appointment_id=made.id)
    assert "nomornya dapat dipakai lagi" in page.text
    assert page.soup.find("table") is None
