"""An SK on its page: put right, emptied by what was a mistake."""

import pytest

from app.auth.rules import Role
from app.core import clock
from app.trainees import services
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


def test_an_sk_is_put_right_and_says_when_nobody_is_left(make, desk, dinas):
    person = make.trainee(status=TraineeStatus.CANDIDATE)
    made = services.appoint(make.organiser(), "188/9", TODAY, "Bupati", [person], dinas)
    assert "Perbaiki nomor" in desk.get("trainees.show_appointment", appointment_id=made.id).text
    desk.post("trainees.correct_appointment", appointment_id=made.id, data={"number": " 188/10 ", "signer_name": "Bupati Tapin"})
    assert (made.number, made.signer_name) == ("188/10", "Bupati Tapin")
    other = make.appointment(region="63.05", number="188/11")
    data = {"number": other.number, "signer_name": "Bupati Tapin"}
    desk.post("trainees.correct_appointment", appointment_id=made.id, data=data, expect=409)
    desk.post("trainees.take_back_standing", trainee_id=person.id, data={"mistake": "Salah orang"})
    assert person.status is TraineeStatus.CANDIDATE
    page = desk.get("trainees.show_appointment", appointment_id=made.id)
    assert "nomornya dapat dipakai lagi" in page.text
    assert page.soup.find("table") is None
