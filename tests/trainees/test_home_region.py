"""Domisili: a desa or nothing, on every door; one that is in no list any more stays where
nobody touched it.
"""

from datetime import date

import pytest

from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.extensions import db
from app.regions.fields import KEPT
from app.trainees import services

KELADAN = "63.05.06.2001"


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def gone(make):
    """Somebody whose home desa has left the list of regions."""
    person = make.trainee(home_region=make.region("63.05.08.2004"))
    person.home_region.valid_to = date(2025, 12, 31)
    db.session.commit()
    return person


def typed(page, **more):
    """Return what the form holds, as a browser would send it."""
    sent = {}
    for field in page.soup.select("main form input[name], main form select[name]"):
        chosen = field.select_one("option[selected]") if field.name == "select" else None
        sent[field["name"]] = (
            (chosen["value"] if chosen else "") if field.name == "select" else field.get("value", "")
        )
    return {
        **{name: value for name, value in sent.items() if name not in ("csrf_token", "idempotency_key")},
        **more,
    }


def test_an_untouched_home_stays_though_its_desa_is_no_more(gone, dinas, browser):
    home = gone.home_region_id
    browser.sign_in(dinas)
    page = browser.get("trainees.correct_trainee", trainee_id=gone.id)
    assert "(sudah tidak ada dalam daftar wilayah)" in page.text
    browser.post("trainees.correct_trainee", trainee_id=gone.id, data=typed(page, birth_place="Binuang"))
    assert (gone.birth_place, gone.home_region_id) == ("Binuang", home)
    page = browser.get("trainees.correct_trainee", trainee_id=gone.id)
    emptied = {name: "" for name, value in typed(page).items() if value == KEPT}
    browser.post("trainees.correct_trainee", trainee_id=gone.id, data=typed(page, **emptied))
    assert gone.home_region_id is None


@pytest.mark.parametrize("code", ["63", "63.05", "63.05.06"])
def test_half_an_address_is_no_home(make, dinas, digest, code):
    person = make.trainee(home_region=None)
    before = digest()
    data = services.TraineeData(
        name="Siti Aminah", duty_region=make.region(KELADAN), home_region=make.region(code)
    )
    for act in (
        lambda: services.register_trainee(data, by=dinas),
        lambda: services.correct_facts(person, {"home_region": make.region(code)}, by=dinas),
    ):
        with pytest.raises(RuleViolation, match="Pilih desa atau kelurahan domisili") as refused:
            act()
        assert refused.value.field == "home_region"
    assert digest() == before


def test_the_page_says_so_at_the_field_and_keeps_what_was_typed(make, dinas, browser):
    person = make.trainee(home_region=None)
    browser.sign_in(dinas)
    data = {"name": "Siti Rahmah", "birth_date": "1985-01-01", "home_region-provinsi": "63"}
    page = browser.post("trainees.correct_trainee", trainee_id=person.id, data=data, expect=422)
    assert "Pilih desa atau kelurahan domisili" in page.soup.select_one("#home_region").get_text()
    assert page.soup.find(id="name")["value"] == "Siti Rahmah"
