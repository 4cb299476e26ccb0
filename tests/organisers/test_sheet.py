"""How an office lays out its certificates: set on its page, seen before it is kept, and never changed on a
sheet that is issued.
"""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app.audit.models import Event
from app.auth.rules import Role
from app.core.actor import SYSTEM
from app.extensions import db
from app.organisers import services
from app.organisers.models import Organiser, Signer
from app.organisers.rules import Orientation, SecondSigner, SheetLayout
from tests.factories import Factories

STANDING = SheetLayout(Orientation.PORTRAIT, SecondSigner.FRONT, photo=True)
TYPED = {"orientation": "portrait", "second_signer": "front", "photo": "y"}


@pytest.fixture
def organiser(make):
    return make.organiser("63.05")


@pytest.fixture
def dinas(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, "63.05"))


def pictures(page):
    """Return the addresses of the pictures of a sheet."""
    return [picture["src"] for picture in page.soup.select("img.sheet-picture")]


def test_an_office_begins_with_the_sheet_that_all_had(organiser):
    assert organiser.sheet == SheetLayout(Orientation.LANDSCAPE, SecondSigner.BACK, photo=False)


def test_what_is_set_is_kept_and_recorded(organiser):
    services.set_sheet(organiser, STANDING, by=SYSTEM)

    assert organiser.sheet == STANDING
    event = db.session.scalars(select(Event).where(Event.action == "organiser.sheet_set")).one()
    assert '"orientation":"portrait"' in event.details
    assert '"orientation":"landscape"' in event.details


def test_the_office_sets_it_on_its_page(organiser, browser, dinas):
    page = browser.get("organisers.show_organiser", organiser_id=organiser.id)
    assert page.soup.select(f'a[href="/organisers/{organiser.id}/sheet"]')
    assert len(pictures(page)) == 1
    assert "orientation=landscape" in pictures(page)[0]

    browser.post("organisers.set_sheet", organiser_id=organiser.id, data={**TYPED, "save": "1"})

    assert organiser.sheet == STANDING
    page = browser.get("organisers.show_organiser", organiser_id=organiser.id)
    assert "Disediakan tempat menempel" in page.text
    assert "orientation=portrait" in pictures(page)[0]


def test_looking_first_shows_what_is_chosen_and_keeps_nothing(organiser, browser, dinas):
    page = browser.post(
        "organisers.set_sheet", organiser_id=organiser.id, data={**TYPED, "look": "1"}, expect=200
    )

    assert organiser.sheet.orientation is Orientation.LANDSCAPE
    assert len(pictures(page)) == 2
    assert all(
        "orientation=portrait" in each and "second_signer=front" in each and "photo=1" in each
        for each in pictures(page)
    )
    assert page.soup.select_one("#orientation option[selected]")["value"] == "portrait"


@pytest.mark.parametrize("button", ["look", "save"])
def test_an_unknown_choice_is_said_at_its_field(organiser, browser, dinas, button):
    data = {**TYPED, "orientation": "askew", button: "1"}
    page = browser.post("organisers.set_sheet", organiser_id=organiser.id, data=data, expect=422)

    assert page.soup.select_one("#orientation-error")
    assert organiser.sheet.orientation is Orientation.LANDSCAPE


def test_the_provinsi_looks_and_does_not_set(make, organiser, browser):
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))

    page = browser.get("organisers.show_organiser", organiser_id=organiser.id)
    assert len(pictures(page)) == 1
    assert page.soup.select('a[href$="/sheet"]') == []
    browser.get("organisers.set_sheet", organiser_id=organiser.id, expect=404)
    browser.post("organisers.set_sheet", organiser_id=organiser.id, data=TYPED, expect=404)
    assert organiser.sheet.orientation is Orientation.LANDSCAPE


def test_offices_from_before_keep_the_sheet_they_had(file_app):
    with file_app.app_context():
        Factories().organiser("63.05", sheet_orientation=Orientation.PORTRAIT, sheet_photo=True)
        db.session.commit()
        db.session.remove()
        downgrade(revision="0002")
        assert {"sheet_orientation", "sheet_second_signer", "sheet_photo"}.isdisjoint(
            column["name"] for column in inspect(db.engine).get_columns("organisers")
        )
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT code FROM organisers")).scalar() == "TAPIN"
        upgrade()
        assert db.session.scalars(select(Organiser)).one().sheet == SheetLayout()
        assert db.session.scalars(select(Signer).order_by(Signer.id)).first().name == "Dra. Rusmini, M.Si."
