"""A NIK that says another birth date or sex than the form is put right, or kept with the reason: on pages and
for programs.
"""

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.audit.queries import details_of
from app.auth import services as auth
from app.auth.rules import Role
from app.trainees.models import Trainee
from tests.trainees.conftest import KELADAN

NIK = "6305064101859777"  # a woman born on 1 January 1985
PLACE = {
    f"duty_region-{level}": KELADAN[:size]
    for level, size in (("provinsi", 2), ("kabupaten", 5), ("kecamatan", 8), ("desa", 13))
}
FACTS = {"name": "Siti Aminah", "nik": NIK, "birth_date": "1 Jan 1985", "sex": "female"}
REASON = "Tanggal lahir pada KTP memang lain daripada NIK"
OTHERS = [({"birth_date": "2 Jan 1985"}, "Tanggal lahir berbeda"), ({"sex": "male"}, "Jenis kelamin berbeda")]


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def desk(browser, dinas):
    browser.sign_in(dinas)
    return browser


def kept(db):
    """Return the people kept, as often as a NIK stands with a day."""
    return [
        (person.name, f"{person.birth_date:%d-%m-%Y}", person.sex.value)
        for person in db.session.scalars(select(Trainee))
    ]


def note_of_last(db):
    """Return what the last act about a person says."""
    event = db.session.scalars(
        select(Event).where(Event.action.like("trainee.%")).order_by(Event.id.desc())
    ).first()
    return (details_of([event])[event.id] or {}).get("note", "")


@pytest.mark.parametrize(("other", "words"), OTHERS)
def test_the_staff_form_asks_and_keeps_the_reason(desk, db, other, words):
    assert 'name="nik_reason"' not in desk.get("trainees.register_trainee").response.text
    typed = {**FACTS, **PLACE, **other}

    page = desk.post("trainees.register_trainee", expect=422, data=typed)
    assert words in page.error
    assert "tuliskan mengapa" in page.error
    assert page.soup.select_one("input[name=nik_reason]")
    assert page.soup.select_one("input[name=nik]")["value"] == NIK  # nothing that was typed is lost
    assert kept(db) == []

    for no_reason in ("ok", "....................", "aaaaaaaa"):
        assert (
            "kata-kata"
            in desk.post(
                "trainees.register_trainee", expect=422, data={**typed, "nik_reason": no_reason}
            ).error
        )
    assert kept(db) == []

    desk.post("trainees.register_trainee", data={**typed, "nik_reason": REASON})
    assert len(kept(db)) == 1
    assert note_of_last(db) == REASON


def test_what_agrees_or_is_not_known_is_not_asked(desk, db):
    desk.post("trainees.register_trainee", data={**FACTS, **PLACE})
    desk.post("trainees.register_trainee", data={"name": "Nur Hayati", "nik": "6305065506909778", **PLACE})
    assert len(list(db.session.scalars(select(Trainee)))) == 2
    assert note_of_last(db) == ""


@pytest.mark.parametrize(("other", "words"), OTHERS)
def test_a_correction_asks_once_and_only_about_what_it_changes(desk, db, other, words):
    desk.post("trainees.register_trainee", data={**FACTS, **PLACE})
    person = db.session.scalars(select(Trainee)).one()
    here = {"trainee_id": person.id}
    typed = {**FACTS, "nik": "", **other}

    assert words in desk.post("trainees.correct_trainee", expect=422, data=typed, **here).error
    desk.post("trainees.correct_trainee", data={**typed, "nik_reason": REASON}, **here)
    assert note_of_last(db) == REASON

    desk.post(
        "trainees.correct_trainee", data={**typed, "address": "Jalan Melati RT 02"}, **here
    )  # said once
    assert (person.address, note_of_last(db)) == ("Jalan Melati RT 02", "")


@pytest.mark.parametrize(("other", "words"), OTHERS)
def test_a_program_is_asked_too(app, dinas, db, other, words):
    token = {"Authorization": f"Bearer {auth.make_access_token(dinas, 'test', days=1, by=dinas)}"}
    facts = {**FACTS, "birth_date": "1985-01-01", "duty_region": KELADAN}
    changed = {key: "1985-01-02" if key == "birth_date" else value for key, value in other.items()}
    client = app.test_client()

    def send(method, path, expect, json):
        answer = client.open(f"/api/v1{path}", method=method, json=json, headers=token)
        assert answer.status_code == expect, answer.text
        return answer.json

    assert words in send("POST", "/trainees", 422, {**facts, **changed})["detail"]
    assert kept(db) == []
    made = send("POST", "/trainees", 200, {**facts, **changed, "nik_reason": REASON})
    assert note_of_last(db) == REASON

    send("PUT", f"/trainees/{made['id']}", 200, {"birth_date": "1985-01-01", "sex": "female"})
    assert words in send("PUT", f"/trainees/{made['id']}", 422, changed)["detail"]
    send("PUT", f"/trainees/{made['id']}", 200, {**changed, "nik_reason": REASON})
    assert note_of_last(db) == REASON
