"""A batch that is changed several times within minutes: who has an address reads once what holds now."""

from datetime import date

import pytest
from sqlalchemy import select

from app.courses.services import change_batch
from app.enrollments.rules import EnrollmentStatus
from app.notifications.models import Message, Notice
from app.notifications.services import send_pending

TODAY = (2026, 9, 1, 2)


@pytest.fixture
def changed(make, at, db):
    """Return a batch with two people, one with an address, and a way to change it."""
    at(*TODAY)
    batch = make.batch(make.course(year=2026), starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    for name, email in (("Siti", "siti@contoh.id"), ("Rahmah", None)):
        make.enrollment(batch, make.trainee(name=name, email=email), status=EnrollmentStatus.ACCEPTED)
    by = make.user()
    return batch, lambda **changes: change_batch(batch, by=by, **changes)


def sent(db):
    """Let the mails leave that are due; return what is written to Siti by now."""
    gone = []
    send_pending(lambda message: gone.append(message))
    return [message for message in gone if message.recipient == "siti@contoh.id"]


def test_three_changes_are_told_once_as_it_is_now(changed, at, db):
    _batch, change = changed
    change(venue="Aula Kecamatan")
    change(contact_name="Ratna Dewi")
    change(venue="Balai Desa Keladan")
    assert sent(db) == []
    at(2026, 9, 1, 2, 11)
    [mail] = sent(db)
    assert ("Balai Desa Keladan" in mail.body, "Aula Kecamatan" in mail.body, "Ratna Dewi" in mail.body) == (True, False, True)
    [told] = db.session.scalars(select(Notice).where(Notice.name == "Siti", Notice.overtaken_at.is_(None)))
    assert told.told_label == "email"
    assert {each.message_id for each in db.session.scalars(select(Notice).where(Notice.overtaken_at.is_not(None)))} == {None}


def test_what_has_left_is_followed_by_the_difference(changed, at, db):
    _batch, change = changed
    change(venue="Aula Kecamatan")
    at(2026, 9, 1, 2, 11)
    [first] = sent(db)
    change(venue="Balai Desa Keladan")
    at(2026, 9, 1, 2, 22)
    [second] = sent(db)
    assert "menjadi Aula Kecamatan" in first.body
    assert ("semula Aula Kecamatan" in second.body, "menjadi Balai Desa Keladan" in second.body) == (True, True)


def test_a_mail_that_a_worker_has_taken_is_not_called_back(changed, at, db):
    _batch, change = changed
    change(venue="Aula Kecamatan")
    [waiting] = db.session.scalars(select(Message))
    waiting.attempts = 1
    db.session.commit()
    change(venue="Balai Desa Keladan")
    at(2026, 9, 1, 2, 22)
    assert len(sent(db)) == 2
