"""flask worker."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import func, select

from app.audit import services as audit
from app.audit.models import Event
from app.cli import worker
from app.core import heartbeat, idempotency, throttle
from app.core.actor import SYSTEM
from app.core.unit_of_work import atomic
from app.extensions import db as database
from app.notifications import services as notifications
from app.notifications.models import Message


def decide():
    """One decision with its event and its message."""
    with atomic():
        audit.record("thing.done", None, by=SYSTEM)
        notifications.enqueue("siti@contoh.id", "Undangan", "Halo")


def settled():
    """Say whether nothing waits any more."""
    database.session.rollback()
    waiting = select(func.count(Message.id)).where(Message.sent_at.is_(None))
    return not database.session.scalar(waiting) and not database.session.scalar(
        select(func.count(Event.id)).where(Event.sequence.is_(None))
    )


def until(true, seconds=15):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def test_once_does_all_that_waits(app, db, at):
    at(2026, 5, 1)
    throttle.count("sign_in", "siti")
    idempotency.once(idempotency.Ticket("a", "b", "c", "d"), dict)
    at(2026, 5, 20)
    for _ in range(45):
        decide()
    outcome = app.test_cli_runner().invoke(args=["worker", "--once", "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout) == {
        "sent": 45,
        "postponed": 0,
        "failed": 0,
        "chained": 45,
        "batches_moved": 0,
        "enrollments_ended": 0,
        "people_reminded": 0,
        "news_renewed": 0,
    }
    assert audit.verify().ok
    assert len(list((app.config["SETTINGS"].data_dir / "outbox").glob("*.eml"))) >= 45
    for old in (throttle.Try, idempotency.IdempotencyRecord):
        assert db.session.scalar(select(func.count(old.id))) == 0


def test_it_works_each_second_beats_and_stops_when_told(file_app):
    settings, stop = file_app.config["SETTINGS"], threading.Event()
    running = threading.Thread(target=worker.run, args=(file_app, settings, stop))
    running.start()
    try:
        with file_app.app_context():
            until(lambda: heartbeat.worker_is_alive(settings.data_dir))
            decide()
            began = time.monotonic()
            until(settled)
            assert time.monotonic() - began < 4
            database.session.remove()
    finally:
        stop.set()
        running.join(10)
    assert not running.is_alive()
    assert not heartbeat.worker_is_alive(settings.data_dir)


def test_a_failed_round_does_not_end_it(file_app, monkeypatch, caplog):
    stop, rounds = threading.Event(), []
    monkeypatch.setattr(worker, "WAKES_EVERY", 0.01)

    def work():
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise LookupError("the database restarts")

    worker.repeat(file_app, stop, work)
    assert len(rounds) == 3
    assert "a round of the worker failed" in caplog.text


def test_an_old_beat_is_no_life(tmp_path):
    assert not heartbeat.worker_is_alive(tmp_path)
    heartbeat.beat(tmp_path)
    assert heartbeat.worker_is_alive(tmp_path)
    past = time.time() - 60
    os.utime(tmp_path / "worker.heartbeat", (past, past))
    assert not heartbeat.worker_is_alive(tmp_path)
    heartbeat.beat(tmp_path)
    heartbeat.rest(tmp_path)
    assert not heartbeat.worker_is_alive(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_sigterm_ends_it_cleanly(file_app):
    settings = file_app.config["SETTINGS"]
    with file_app.app_context():
        decide()
        database.session.remove()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "NIK_KEY": settings.nik_key,
        "SECRET_KEY": settings.secret_key,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "worker"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with file_app.app_context():
        until(settled, 30)
        database.session.remove()
    process.send_signal(signal.SIGTERM)
    _out, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert b"Traceback" not in errors
    assert b"worker stopped" in errors
