"""What an office leaves empty is read from the NIK, and a known NIK leads to whom it belongs."""

from datetime import date

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.trainees.models import Trainee
from app.trainees.rules import Sex

DESA = {
    "duty_region-provinsi": "63",
    "duty_region-kabupaten": "63.05",
    "duty_region-kecamatan": "63.05.06",
    "duty_region-desa": "63.05.06.2001",
}


@pytest.fixture
def tksk(make, browser):
    user = make.user(Role.TKSK, "63.05.06")
    browser.sign_in(user)
    return user


def test_birth_date_and_sex_left_empty_are_those_of_the_nik(db, browser, tksk):
    browser.post("trainees.register_trainee", data={"name": "Jumiati", "nik": "6305064202909777", **DESA})
    person = db.session.scalars(select(Trainee).where(Trainee.name == "Jumiati")).one()
    assert (person.birth_date, person.sex) == (date(1990, 2, 2), Sex.FEMALE)


def test_a_known_nik_leads_to_the_person(make, browser, tksk):
    known = make.trainee(nik="6305064202909777")
    page = browser.post(
        "trainees.register_trainee", data={"name": "Jumiati", "nik": "6305064202909777", **DESA}, expect=409
    )
    assert page.soup.select_one(f"main a[href='/trainees/{known.id}']")
    assert "Ini orang lain" not in page.text
