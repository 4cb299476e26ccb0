"""What is not sent is not changed, for programs and for forms that overwrite a row; null, or an empty field,
clears.
"""

from datetime import date, time

import pytest
from sqlalchemy import inspect, select

from app.auth.rules import Role
from app.courses.models import Batch, Facilitator, TrainingSession
from app.extensions import db as database
from app.fieldwork.models import ClientGroup, Host
from app.trainees.models import Appointment, Trainee

BOOKKEEPING = {"updated_at", "recorded_at", "recorded_by_id", "changed_at"}


def stored(row):
    """Return every column of a row, as it is stored."""
    database.session.refresh(row)
    return {
        column.key: getattr(row, column.key)
        for column in inspect(type(row)).column_attrs
        if column.key not in BOOKKEEPING
    }


@pytest.fixture
def rows(make):
    """One full row of each kind that can be changed."""
    batch = make.batch(
        announced_days=4,
        provided="Makan",
        to_bring="KTP",
        starts_on=date(2027, 5, 3),
        ends_on=date(2027, 5, 6),
        course=make.course(year=2027),
    )
    teacher = make.facilitator(batch.course.organiser, institution="BBPPKS", phone="+6281200000002")
    person = make.trainee(
        phone="+6281234567890", address="Jalan Mawar 1", email="siti@example.org", member_number="A-7"
    )
    return {
        Host: make.host(address="Jalan Panti 2", phone="0511-1234"),
        Batch: batch,
        TrainingSession: make.session(
            batch,
            facilitator_id=teacher.id,
            place="Aula Kecil",
            office="Dinas",
            lesson_hours=0,
            starts_at=time(16),
            ends_at=time(17),
        ),
        Facilitator: teacher,
        Trainee: person,
        Appointment: make.appointment(),
    }


API = {
    Host: ("PATCH", "/hosts/{id}", {"visitors_per_day": 41}),
    Batch: ("PATCH", "/batches/{id}", {"quota": 31}),
    TrainingSession: ("PATCH", "/batches/{batch_id}/sessions/{id}", {"title": "Judul baru"}),
    Trainee: ("PATCH", "/trainees/{id}", {"birth_place": "Binuang"}),
    Appointment: ("PATCH", "/appointments/{id}", {"signer_name": "Bupati yang lain"}),
}


@pytest.mark.parametrize("kind", API, ids=lambda kind: kind.__name__)
def test_a_program_changes_what_it_names_alone(rows, dinas, kind):
    row, (method, path, sent) = rows[kind], API[kind]
    before = stored(row)
    path = path.format(**before)
    dinas.send(method, path, expect=200, json={})
    assert stored(row) == before
    dinas.send(method, path, expect=200, json=sent)
    assert stored(row) == {**before, **sent}


def test_put_does_the_same_as_patch(rows, dinas):
    row = rows[Trainee]
    before = stored(row)
    dinas.send("PUT", f"/trainees/{row.id}", expect=200, json={"birth_place": "Binuang"})
    assert stored(row) == {**before, "birth_place": "Binuang"}
    dinas.send("PUT", f"/trainees/{row.id}", expect=200, json={"birth_place": None})
    assert stored(row) == {**before, "birth_place": None}


# Each page that overwrites a row, with the least that its form asks for.
PAGES = {
    Host: ("fieldwork.change_host", "host_id", ("name", "kind", "visitors_per_day")),
    Batch: ("courses.change_batch", "batch_id", ("starts_on", "ends_on", "venue", "quota", "admission")),
    TrainingSession: (
        "courses.change_session",
        "session_id",
        ("held_on", "starts_at", "ends_at", "kind", "lesson_hours"),
    ),
    Facilitator: ("courses.change_facilitator", "facilitator_id", ("name",)),
    Trainee: ("trainees.correct_trainee", "trainee_id", ("name",)),
    Appointment: ("trainees.correct_appointment", "appointment_id", ("number", "signer_name")),
}


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_a_form_changes_what_it_sends_alone(rows, make, browser, kind):
    row, (endpoint, name, least) = rows[kind], PAGES[kind]
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    form = browser.get(endpoint, **{name: row.id}).soup.main.find(
        "form", method=lambda m: m and m.lower() == "post"
    )
    sent = {}
    for field in least:
        found = form.find(attrs={"name": field})
        chosen = found.find("option", selected=True) if found.name == "select" else found
        sent[field] = chosen["value"]
    before, groups = (
        stored(row),
        database.session.execute(select(ClientGroup.name, ClientGroup.clients)).all(),
    )
    browser.post(endpoint, **{name: row.id}, data=sent)
    assert stored(row) == before
    assert database.session.execute(select(ClientGroup.name, ClientGroup.clients)).all() == groups != []


def test_an_empty_field_clears(rows, make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    host = rows[Host]
    sent = {
        "name": host.name,
        "kind": host.kind.value,
        "visitors_per_day": "40",
        "address": "",
        "client_groups": "",
    }
    browser.post("fieldwork.change_host", host_id=host.id, data=sent)
    assert (stored(host)["address"], stored(host)["phone"]) == ("", "0511-1234")
    assert database.session.scalars(select(ClientGroup).where(ClientGroup.host_id == host.id)).all() == []
