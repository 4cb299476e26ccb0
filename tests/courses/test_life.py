"""The states of a batch through the services."""

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.courses import queries, services
from app.courses.acts import Act
from app.courses.rules import BatchStatus

S = BatchStatus
MOVES = {
    S.OPEN: lambda batch: services.open_batch(batch, by=SYSTEM),
    S.CLOSED: lambda batch: services.close_batch(batch, by=SYSTEM),
    S.RUNNING: lambda batch: services.start_batch(batch, by=SYSTEM),
    S.FINISHED: lambda batch: services.finish_batch(batch, by=SYSTEM),
    S.CANCELLED: lambda batch: services.cancel_batch(batch, reason="Anggaran ditunda", by=SYSTEM),
}
LIFE = (S.OPEN, S.CLOSED, S.RUNNING, S.FINISHED)


@pytest.fixture
def ready(plan):
    batch = plan()
    services.change_batch(batch, contact_name="Ibu Ratna", contact_phone="0812-0000-0001", by=SYSTEM)
    return batch


def somebody_was_there(make, batch):
    person = make.attendee(batch)
    make.attendance(
        make.session(batch, lesson_hours=queries.curriculum_hours(batch.course.curriculum_id)), person
    )


def test_a_course_of_2011_can_be_entered_today(make, ready, db):
    somebody_was_there(make, ready)
    for status in LIFE:
        MOVES[status](ready)
        assert ready.status is status
    assert db.session.scalars(
        select(Event.action).where(Event.action.in_([f"batch.{each}" for each in S]))
    ).all() == [
        "batch.open",
        "batch.closed",
        "batch.running",
        "batch.finished",
    ]


def test_a_batch_that_lacks_facts_does_not_open_and_each_is_named(plan):
    batch = plan()
    services.change_batch(batch, audience="", contact_phone="", venue=" ", by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        services.open_batch(batch, by=SYSTEM)
    assert (
        str(refused.value.reason)
        == "Pendaftaran belum dapat dibuka. Lengkapi dahulu: tempat, untuk siapa, narahubung dan nomornya."
    )
    assert batch.status is S.DRAFT


def test_an_empty_schedule_does_not_keep_a_batch_from_opening(ready):
    services.open_batch(ready, by=SYSTEM)
    assert ready.status is S.OPEN


@pytest.mark.parametrize("status", LIFE[:3])
def test_what_is_already_so_is_a_conflict(ready, status):
    for each in LIFE[: LIFE.index(status) + 1]:
        MOVES[each](ready)
    with pytest.raises(Conflict):
        MOVES[status](ready)


@pytest.mark.parametrize(
    ("before", "after"),
    [(S.DRAFT, S.RUNNING), (S.DRAFT, S.FINISHED), (S.OPEN, S.RUNNING), (S.FINISHED, S.CANCELLED)],
)
def test_a_step_that_the_table_does_not_know_is_refused(make, ready, db, before, after):
    somebody_was_there(make, ready)
    ready.status = before
    db.session.commit()
    with pytest.raises(RuleViolation):
        MOVES[after](ready)
    assert ready.status is before


def test_a_batch_that_nobody_attended_is_not_declared_finished_and_can_be_called_off(make, ready, db):
    for status in LIFE[:3]:
        MOVES[status](ready)
    with pytest.raises(RuleViolation, match="Isi kehadirannya dahulu, atau batalkan angkatan"):
        services.finish_batch(ready, by=SYSTEM)
    ready.status = S.FINISHED  # declared so when nobody asked yet
    db.session.commit()
    assert queries.refusal_to_act(Act.CANCEL, ready) is None
    services.cancel_batch(ready, reason="Tidak jadi dilaksanakan", by=SYSTEM)
    assert ready.status is S.CANCELLED


def test_a_batch_does_not_start_or_finish_before_its_days_at_the_venue(make, ready, at):
    at(2011, 5, 20, 0)
    somebody_was_there(make, ready)
    services.open_batch(ready, by=SYSTEM)
    services.close_batch(ready, by=SYSTEM)
    at(2011, 5, 23, 15)  # 23.00 WITA on the day before
    with pytest.raises(RuleViolation, match="hari pertamanya"):
        services.start_batch(ready, by=SYSTEM)
    at(2011, 5, 23, 17)  # 01.00 WITA on the first day
    services.start_batch(ready, by=SYSTEM)
    at(2011, 5, 26, 15)
    with pytest.raises(RuleViolation, match="hari terakhirnya"):
        services.finish_batch(ready, by=SYSTEM)
    at(2011, 5, 26, 17)
    services.finish_batch(ready, by=SYSTEM)
    assert ready.status is S.FINISHED


def test_registration_may_be_opened_again(ready):
    for status in (S.OPEN, S.CLOSED, S.OPEN):
        MOVES[status](ready)
    assert ready.status is S.OPEN


def test_calling_off_needs_a_reason_and_keeps_it(ready, db):
    with pytest.raises(RuleViolation) as refused:
        services.cancel_batch(ready, reason="  ", by=SYSTEM)
    assert refused.value.field == "reason"

    services.cancel_batch(ready, reason=" Anggaran ditunda ", by=SYSTEM)
    assert (ready.status, ready.status_reason) == (S.CANCELLED, "Anggaran ditunda")
    assert (
        "Anggaran ditunda"
        in db.session.scalars(select(Event.details).where(Event.action == "batch.cancelled")).one()
    )
