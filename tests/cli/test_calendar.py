"""What a round of the worker writes down of what the calendar has decided."""

import json
import threading
from datetime import date, timedelta

import pytest

from app.audit.models import Event
from app.cli import worker
from app.core.actor import SYSTEM
from app.courses.rules import BatchStatus
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus as S
from app.enrollments.rules import SeatEnd, is_to_be_reminded
from app.extensions import db as database
from app.notifications.models import Notice

FIRST = date(2026, 5, 20)
DAY = timedelta(days=1)


@pytest.fixture
def batch(make, at):
    at(2026, 5, 1)
    return make.batch(starts_on=FIRST, ends_on=FIRST + 3 * DAY)


def test_once_follows_the_calendar_and_says_what_it_did(app, make, at, batch):
    waits, seated = make.enrollment(batch), make.enrollment(batch, status=S.CONFIRMED)
    at(2026, 5, 28)

    outcome = app.test_cli_runner().invoke(args=["worker", "--once", "--json"])

    done = json.loads(outcome.stdout)
    assert (done["batches_moved"], done["enrollments_ended"], done["people_reminded"]) == (1, 1, 0)
    assert batch.status is BatchStatus.RUNNING
    assert (waits.ended_as, seated.ended_as) == (SeatEnd.OVER, None)
    assert worker.follow_calendar() == worker.Followed()


def test_who_has_not_answered_is_reminded_once(make, at, batch, outbox):
    told = make.trainee(email="siti@contoh.id")
    for trainee, status in (
        (told, S.ACCEPTED),
        (make.trainee(), S.CALLED),
        (make.trainee(), S.CONFIRMED),
        (make.trainee(), S.SUBMITTED),
    ):
        make.enrollment(batch, trainee, status=status)
    at(2026, 5, 15)
    assert worker.follow_calendar().people_reminded == 0
    at(2026, 5, 17, 12)

    assert worker.follow_calendar().people_reminded == 2

    assert [message.recipient for message in outbox()] == ["siti@contoh.id"]
    assert "belum menerima jawaban" in outbox()[0].body
    kept = database.session.query(Notice).filter_by(batch_id=batch.id).order_by(Notice.id).all()
    assert [(each.subject[:14], each.message_id is None) for each in kept] == [
        ("Mohon dijawab:", False),
        ("Mohon dijawab:", True),
    ]
    assert worker.follow_calendar().people_reminded == 0
    at(2026, 5, 18, 12)
    assert worker.follow_calendar().people_reminded == 0
    assert database.session.query(Event).filter_by(action="enrollment.reminded").count() == 2


def test_nobody_is_reminded_of_a_batch_that_is_called_off_or_a_draft(make, at, batch, db):
    make.enrollment(batch, status=S.ACCEPTED)
    at(2026, 5, 18)
    assert services.list_batches_to_remind() == [batch.id]
    for status in (BatchStatus.CANCELLED, BatchStatus.DRAFT):
        batch.status = status
        db.session.commit()
        assert services.list_batches_to_remind() == []
        assert services.remind(batch.id, by=SYSTEM) == 0


@pytest.mark.parametrize(
    ("status", "today", "told_on", "due"),
    [
        (S.ACCEPTED, FIRST - 3 * DAY, FIRST - 10 * DAY, True),
        (S.CALLED, FIRST - DAY, FIRST - 10 * DAY, True),
        (S.ACCEPTED, FIRST - 4 * DAY, FIRST - 10 * DAY, False),
        (S.ACCEPTED, FIRST, FIRST - 10 * DAY, False),
        (S.ACCEPTED, FIRST - 2 * DAY, FIRST - 2 * DAY, False),  # told only today
        (S.CONFIRMED, FIRST - 2 * DAY, FIRST - 10 * DAY, False),
        (S.OFFERED, FIRST - 2 * DAY, FIRST - 10 * DAY, False),
        (S.WAITLISTED, FIRST - 2 * DAY, FIRST - 10 * DAY, False),
    ],
)
def test_the_day_of_the_reminder(status, today, told_on, due):
    assert is_to_be_reminded(status, starts_on=FIRST, today=today, told_on=told_on, before=3 * DAY) is due


def test_what_fails_for_one_batch_does_not_stop_the_others(make, at, batch, monkeypatch, caplog):
    other = make.batch(starts_on=FIRST, ends_on=FIRST + 3 * DAY)
    at(2026, 5, 28)
    follow, bad = worker.courses.follow, batch.id

    def fails(batch_id):
        if batch_id == bad:
            raise LookupError("broken")
        return follow(batch_id)

    monkeypatch.setattr(worker.courses, "follow", fails)
    assert worker.follow_calendar().batches_moved == 1
    assert other.status is BatchStatus.RUNNING
    assert f"the calendar of batch {bad} could not be followed" in caplog.text


def test_a_database_that_fails_holds_up_neither_mail_nor_chain(make, at, batch, monkeypatch, caplog):
    at(2026, 5, 28)
    waits = make.enrollment(batch)

    def breaks():
        raise LookupError("broken")

    monkeypatch.setattr(worker.course_queries, "list_behind_calendar", breaks)
    assert worker.follow_calendar() == worker.Followed(enrollments_ended=1)
    assert waits.ended_as is SeatEnd.OVER
    assert "could not be found" in caplog.text


def test_a_round_follows_the_calendar_now_and_then(file_app, monkeypatch):
    rounds, stop = [], threading.Event()
    monkeypatch.setattr(worker, "WAKES_EVERY", 0.001)
    monkeypatch.setattr(
        worker,
        "chain_all",
        lambda: rounds.append("chain") or (stop.set() if rounds.count("chain") > 45 else None),
    )
    monkeypatch.setattr(worker, "follow_calendar", lambda: rounds.append("calendar"))
    monkeypatch.setattr(worker, "send_mail", lambda _settings, _stop: worker.Sending())
    worker.run(file_app, file_app.config["SETTINGS"], stop)
    assert rounds.count("calendar") == 2
