"""Who may act over the API finds there what to act on: volunteers, trainers, the contacts of hosts."""

from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.regions.rules import WITA


def ids(answer):
    return [row["id"] for row in answer["items"]]


def test_a_volunteer_finds_the_open_batches_and_asks_for_a_seat(make, program):
    hers = program(make.trainee(user=make.user()).user)
    tomorrow = clock.today(WITA) + timedelta(days=1)
    days = {"starts_on": tomorrow, "ends_on": tomorrow, "course": make.course(year=tomorrow.year)}
    later, first = make.batch(**days | {"ends_on": tomorrow + timedelta(days=1)}), make.batch(**days)
    others = [
        make.batch(status=status, **days)
        for status in (BatchStatus.DRAFT, BatchStatus.CLOSED, BatchStatus.CANCELLED)
    ]
    assert ids(hers.send("GET", "/batches", expect=200)) == sorted([later.id, first.id])
    page = hers.send("GET", "/batches?per_page=1", expect=200)
    assert ids(hers.send("GET", f"/batches?per_page=1&after={page['next']}", expect=200)) == [first.id]
    assert hers.send("GET", f"/batches/{first.id}", expect=200)["venue"] == first.venue
    for batch in others:
        hers.send("GET", f"/batches/{batch.id}", expect=404)
    assert hers.send("POST", f"/batches/{first.id}/enrollments", expect=200, json={})["batch"] == first.id


def test_a_volunteer_finds_her_certificates_and_their_sheets(make, program):
    certificate = make.certificate(make.attendee(make.batch(), make.trainee(user=make.user())))
    make.certificate()
    hers = program(certificate.trainee.user)
    found = hers.send("GET", "/me/certificates", expect=200)
    assert ids(found) == [certificate.id]
    path = f"/certificates/{certificate.id}/pdf"
    hers.headers["Accept"] = "application/octet-stream"
    sheet = hers.send("GET", path, expect=200)
    assert (sheet.mimetype, sheet.data[:5]) == ("application/octet-stream", b"%PDF-")
    del hers.headers["Accept"]
    assert hers.send("GET", path, expect=200).mimetype == "application/pdf"
    assert hers.send("GET", f"/certificates/{certificate.id}", expect=200)["number"] == certificate.number
    assert hers.send("GET", "/certificates/2000000000", expect=404) == program(make.user()).send(
        "GET", path, expect=404
    )


def test_a_volunteer_reads_what_the_meeting_said(make, program):
    certificate = make.certificate(
        make.attendee(
            make.batch(starts_on=date(2011, 5, 24), status=BatchStatus.CLOSED), make.trainee(user=make.user())
        )
    )
    hers = program(certificate.trainee.user)
    [row] = hers.send("GET", "/me/enrollments", expect=200)["items"]
    assert row["result"] is None
    make.graduation(certificate.batch, certificate.attendee)
    [row] = hers.send("GET", "/me/enrollments", expect=200)["items"]
    wanted = {
        "outcome": "passed",
        "label": "Lulus",
        "reasons": [],
        "certificate": certificate.id,
        "number": certificate.number,
    }
    assert row["result"] == wanted
    dinas = program(make.user(Role.KABUPATEN_DINAS))
    assert dinas.send("GET", f"/enrollments/{row['id']}", expect=200)["result"] == wanted
    assert dinas.send("GET", f"/batches/{row['batch']}", expect=200)["state"] == "approved"


def test_a_record_of_the_past_reads_as_over_to_a_program(make, dinas):
    record = make.batch(starts_on=date(2011, 5, 24))
    assert dinas.send("GET", f"/batches/{record.id}", expect=200)["state"] == "over"
    held = make.enrollment(record, status=EnrollmentStatus.WAITLISTED)
    refused = dinas.send("POST", f"/enrollments/{held.id}/offer", expect=422, json={})
    assert "Tempat tidak dapat ditawarkan lagi" in refused["detail"]


def test_a_trainer_finds_the_sessions_and_who_sits_in_them(make, program):
    session = make.session(make.batch())
    attendee = make.attendee(session.batch)
    make.session()
    his = program(make.user(Role.TRAINER, scope=(ScopeKind.SESSION, session.id)))
    assert ids(his.send("GET", "/me/sessions", expect=200)) == [session.id]
    people = his.send("GET", f"/sessions/{session.id}/attendees", expect=200)["items"]
    assert [(row["id"], row["name"]) for row in people] == [(attendee.id, attendee.name)]


def test_a_trainer_reads_the_batch_and_the_days_of_the_own_sessions(make, program):
    session, other = (
        make.session(make.batch(status=BatchStatus.DRAFT)),
        make.session(make.batch(status=BatchStatus.CLOSED)),
    )
    his = program(make.user(Role.TRAINER, scope=(ScopeKind.SESSION, session.id)))
    assert ids(his.send("GET", "/batches", expect=200)) == [session.batch_id]
    assert his.send("GET", f"/batches/{session.batch_id}", expect=200)["code"] == session.batch.code
    assert ids(his.send("GET", f"/batches/{session.batch_id}/sessions", expect=200)) == [session.id]
    assert (
        his.send("GET", f"/batches/{session.batch_id}/sessions/{session.id}", expect=200)["id"] == session.id
    )
    unknown = his.send("GET", "/batches/2000000000", expect=404)
    for path in ("", "/sessions", f"/sessions/{other.id}"):
        assert his.send("GET", f"/batches/{other.batch_id}{path}", expect=404) == unknown


def test_who_may_ask_for_somebody_reads_the_open_batch(make, program):
    higher, elsewhere = (
        make.batch(make.course(make.organiser("63"))),
        make.batch(make.course(make.organiser("33.74"))),
    )
    closed = make.batch(make.course(make.organiser("63")), status=BatchStatus.CLOSED)
    dinas, person = program(make.user(Role.KABUPATEN_DINAS)), make.trainee()
    assert dinas.send("GET", f"/batches/{higher.id}", expect=200)["code"] == higher.code
    dinas.send("POST", f"/batches/{higher.id}/enrollments", expect=200, json={"trainee": person.id})
    unknown = dinas.send("GET", "/batches/2000000000", expect=404)
    assert [dinas.send("GET", f"/batches/{each.id}", expect=404) for each in (elsewhere, closed)] == [
        unknown,
        unknown,
    ]
    teacher = make.user(Role.TRAINER, scope=(ScopeKind.SESSION, make.session().id))
    program(teacher).send("GET", f"/batches/{higher.id}", expect=404)
    make.trainee(user=teacher)
    program(teacher).send("GET", f"/batches/{higher.id}", expect=200)


@pytest.fixture
def visit(make):
    visit = make.visit()
    visit.host.contact_user = make.user(Role.HOST_CONTACT, scope=(ScopeKind.HOST, visit.host_id))
    database.session.flush()
    make.visit()
    return visit


def test_the_contact_of_a_host_finds_what_waits_for_an_answer(visit, program):
    hers, day = program(visit.host.contact_user), str(visit.batch.ends_on)
    assert ids(hers.send("GET", "/me/visits", expect=200)) == [visit.id]
    answer = hers.send(
        "POST", f"/visits/{visit.id}/answer", expect=200, json={"status": "other_date", "other_date": day}
    )
    assert answer["proposed_on"] == day
    [row] = hers.send("GET", "/me/visits", expect=200)["items"]
    assert row["proposed_on"] == day
