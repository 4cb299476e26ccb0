"""A batch that is changed several times within minutes: who has an address reads once what holds now."""

from datetime import date, time

import pytest
from sqlalchemy import select

from app.courses.rules import SessionKind
from app.courses.services import cancel_session, change_batch, change_session, schedule_session
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus
from app.notifications.models import Message, Notice
from app.notifications.queries import UNTOLD
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
    assert ("Balai Desa Keladan" in mail.body, "Aula Kecamatan" in mail.body, "Ratna Dewi" in mail.body) == (
        True,
        False,
        True,
    )
    [told] = db.session.scalars(select(Notice).where(Notice.name == "Siti", Notice.overtaken_at.is_(None)))
    assert told.told_label == "email"
    assert {
        each.message_id for each in db.session.scalars(select(Notice).where(Notice.overtaken_at.is_not(None)))
    } == {None}


def test_what_has_left_is_followed_by_the_difference(changed, at, db):
    _batch, change = changed
    change(venue="Aula Kecamatan")
    at(2026, 9, 1, 2, 11)
    [first] = sent(db)
    change(venue="Balai Desa Keladan")
    at(2026, 9, 1, 2, 22)
    [second] = sent(db)
    assert "menjadi Aula Kecamatan" in first.body
    assert ("semula Aula Kecamatan" in second.body, "menjadi Balai Desa Keladan" in second.body) == (
        True,
        True,
    )


def test_a_mail_that_a_worker_has_taken_is_not_called_back(changed, at, db):
    _batch, change = changed
    change(venue="Aula Kecamatan")
    [waiting] = db.session.scalars(select(Message))
    waiting.attempts = 1
    db.session.commit()
    change(venue="Balai Desa Keladan")
    at(2026, 9, 1, 2, 22)
    assert len(sent(db)) == 2


@pytest.fixture
def untold(db):
    """Return what is still to be told to Rahmah, who has no address."""
    return lambda: [
        each.text
        for each in db.session.scalars(
            select(Notice).where(Notice.name == "Rahmah", *UNTOLD).order_by(Notice.id)
        )
    ]


def test_what_is_told_is_the_difference_from_what_was_told_last_with_every_reason(changed, untold, make, db):
    batch, change = changed
    session = make.session(batch, title="Etika", place="Ruang A", held_on=date(2026, 10, 12))
    change(starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 22))
    change(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    assert untold() == []
    change(starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 22))
    cancel_session(session, reason="Narasumber sakit", by=make.user())
    change(venue="Balai Desa Keladan")
    [text] = untold()
    assert "semula 12 s.d. 15 Oktober 2026, menjadi 19 s.d. 22 Oktober 2026" in text
    assert "Sesi “Etika”: semula Senin, 19 Oktober 2026" in text
    assert "dibatalkan" in text
    assert "Alasan: Narasumber sakit" in text
    assert "menjadi Balai Desa Keladan" in text


def test_a_session_that_nobody_heard_of_is_new_where_it_is_held_and_nothing_where_it_is_not(
    changed, untold, make
):
    batch, _change = changed
    by = make.user()
    values = {
        "title": "Etika",
        "held_on": date(2026, 10, 12),
        "starts_at": time(13, 15),
        "ends_at": time(14, 45),
        "lesson_hours": 0,
    }
    session = schedule_session(batch, kind=SessionKind.MATERIAL, **values, by=by)
    change_session(session, starts_at=time(15), ends_at=time(16, 30), by=by)
    [text] = untold()
    assert "Sesi baru “Etika”: Senin, 12 Oktober 2026, 15.00–16.30" in text
    cancel_session(session, reason="Narasumber sakit", by=by)
    assert untold() == []


def test_who_agreed_to_the_days_that_hold_again_is_not_asked_about_others_she_never_heard_of(
    changed, untold, db
):
    batch, change = changed
    held = db.session.scalars(select(Enrollment).where(Enrollment.batch_id == batch.id)).all()
    for each in held:
        each.status = EnrollmentStatus.CONFIRMED
    db.session.commit()
    change(starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 22))
    assert "Mohon dijawab lagi" in untold()[0]
    change(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15), venue="Balai Desa")
    [text] = untold()
    assert ("Balai Desa" in text, "Mohon dijawab" in text, "Tanggal" in text) == (True, False, False)
    assert {each.status for each in held} == {EnrollmentStatus.CONFIRMED}
