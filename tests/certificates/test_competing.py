"""Two offices' clerks at the same moment: real threads, connections and commits on a database of its own."""

from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.certificates import queries, services
from app.certificates.models import Certificate, Counter
from app.core import database, unit_of_work
from app.core.actor import SYSTEM
from app.courses.queries import get_batch
from app.extensions import db
from tests.certificates.conftest import CLOSING
from tests.factories import Factories


def batches(app: Flask, *sizes: int) -> list[int]:
    """Batches of one organiser and tier, each with so many people who passed."""
    with app.app_context():
        make = Factories()
        course = make.course(year=2011)
        ids = []
        for size in sizes:
            batch = make.batch(course, starts_on=date(2011, 5, 24))
            make.graduation(batch, *(make.attendee(batch) for _each in range(size)))
            ids.append(batch.id)
        return ids


def at_once(app: Flask, batch_ids: list[int]) -> list[Any]:
    """Issue for each of these at the same moment; return what each got, a report or an error."""
    barrier, outcomes = Barrier(len(batch_ids)), [None] * len(batch_ids)

    def press(place: int, batch_id: int) -> None:
        with app.app_context():
            batch = get_batch(batch_id)
            services.plan_issue(batch, CLOSING)
            db.session.rollback()
            barrier.wait(timeout=30)
            try:
                report = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM)
                outcomes[place] = len(report.issued), len(report.already)
            except Exception as error:
                outcomes[place] = error

    threads = [Thread(target=press, args=(place, batch_id)) for place, batch_id in enumerate(batch_ids)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def sequences(app: Flask) -> list[int]:
    with app.app_context():
        return sorted(db.session.scalars(select(Certificate.sequence)))


def only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the second try, so that only the lock can keep the competitors apart."""
    monkeypatch.setattr(unit_of_work, "TRIES", 1)
    monkeypatch.setattr(services, "refusal_to_print", lambda _facts: None)


class NeverWriting:
    """Lets SQLite begin every transaction as a reading one."""

    def get(self) -> bool:
        return False


def without_lock(monkeypatch: pytest.MonkeyPatch, both_have_read: Barrier) -> None:
    """Read batch and counter as anybody reads them, and let both competitors have read before
    either writes.
    """

    def read_counter(*key: int) -> Counter | None:
        counter = db.session.get(Counter, key)
        with suppress(BrokenBarrierError):
            both_have_read.wait(timeout=5)
        return counter

    monkeypatch.setattr(database, "writing", NeverWriting())
    monkeypatch.setattr(services, "lock_for", lambda _act, batch_id: get_batch(batch_id))
    monkeypatch.setattr(services, "lock_organiser", lambda _organiser_id: None)
    monkeypatch.setattr(queries, "lock_counter", read_counter)


def test_two_batches_issued_at_once_share_one_line_of_numbers_without_a_gap(file_app, monkeypatch):
    only_once(monkeypatch)
    ids = batches(file_app, 4, 5)

    assert at_once(file_app, ids) == [(4, 0), (5, 0)]
    assert sequences(file_app) == list(range(1, 10))


def test_without_the_lock_one_of_the_two_would_fail(file_app, monkeypatch):
    only_once(monkeypatch)
    ids = batches(file_app, 4, 5)
    without_lock(monkeypatch, Barrier(2))

    outcomes = at_once(file_app, ids)

    assert [outcome for outcome in outcomes if isinstance(outcome, DBAPIError)], outcomes


def test_twenty_presses_at_once_give_each_person_one_number(file_app, monkeypatch):
    monkeypatch.setattr(services, "refusal_to_print", lambda _facts: None)
    [batch_id] = batches(file_app, 3)

    outcomes = at_once(file_app, [batch_id] * 20)

    assert sorted(outcomes) == [(0, 3)] * 19 + [(3, 0)]
    assert sequences(file_app) == [1, 2, 3]
