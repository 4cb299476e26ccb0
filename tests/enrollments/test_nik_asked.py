"""Whoever registers herself with a birth date or sex that the NIK does not say is asked why, once, before
anything is sent.
"""

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.audit.queries import details_of
from app.extensions import db
from app.trainees.models import Trainee
from tests.enrollments.test_joining import OTHER_NIK, draft_of, people, send, walk

REASON = "Tanggal lahir pada KTP memang lain daripada NIK"
OTHERS = [({"birth_date": "1968-03-13"}, "Tanggal lahir berbeda"), ({"sex": "male"}, "Jenis kelamin berbeda")]
SAID = {"birth_date": "1968-03-12", "sex": "female"}


def note_of(person):
    """Return what the act that entered this person says."""
    event = db.session.scalars(
        select(Event).where(Event.action == "trainee.registered", Event.person_id == person.id)
    ).one()
    return (details_of([event])[event.id] or {}).get("note", "")


@pytest.mark.parametrize(("other", "words"), OTHERS)
def test_it_is_asked_where_it_is_typed_and_the_reason_is_kept(browser, other, words):
    page = walk(browser, until="birth")
    assert not page.soup.find(id="nik_reason")
    typed = {**SAID, **other}

    page = browser.post("enrollments.ask_birth", expect=422, data=typed)
    assert words in page.error
    assert page.soup.find(id="nik_reason")
    assert "Mengapa NIK berbeda dengan isian ini?" in page.text
    assert (
        "kata-kata"
        in browser.post("enrollments.ask_birth", expect=422, data={**typed, "nik_reason": "........"}).error
    )

    browser.post("enrollments.start_again")
    check = walk(browser, birth={**typed, "nik_reason": REASON})
    assert check.h1 == "Periksa data Anda"
    assert REASON in check.text
    again = browser.get("enrollments.ask_birth")  # Back: what she put right, not what the NIK says
    assert again.soup.find(id="nik_reason")["value"] == REASON
    send(browser)
    (person,) = people()
    assert note_of(person) == REASON


def test_mended_or_with_another_nik_nothing_is_asked_any_more(browser):
    walk(browser, birth={**SAID, "sex": "male", "nik_reason": REASON})
    browser.post("enrollments.ask_birth", data={**SAID, "nik_reason": REASON})
    assert draft_of(browser).nik_reason == ""
    browser.post("enrollments.ask_birth", data={**SAID, "sex": "male", "nik_reason": REASON})
    page = browser.get(browser.post("enrollments.ask_nik", data={"nik": OTHER_NIK}).location)
    assert (draft_of(browser).nik_reason, draft_of(browser).sex) == ("", "")
    assert not page.soup.find(id="nik_reason")
    check = browser.get(
        browser.post("enrollments.ask_birth", data={"birth_date": "1985-01-01", "sex": "female"}).location
    )
    assert "Mengapa NIK berbeda" not in check.text


def test_what_was_told_before_the_question_was_asked_is_asked_about_before_sending(browser, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr("app.enrollments.forms.note_on_nik", lambda *_: "")
        earlier.setattr("app.enrollments.services.joining.doubts_about_nik", lambda *_: [])
        walk(browser, birth={**SAID, "sex": "male"})
    assert browser.get("enrollments.check_own_data", expect=303).location == "/register/birth"
    assert browser.post("enrollments.check_own_data", expect=303).location == "/register/birth"
    assert list(db.session.scalars(select(Trainee))) == []
    page = browser.get("/register/birth")
    assert page.soup.select_one("#sex option[selected]")["value"] == "male"
    browser.post("enrollments.ask_birth", data={**SAID, "sex": "male", "nik_reason": REASON})
    assert browser.get("enrollments.check_own_data").h1 == "Periksa data Anda"
