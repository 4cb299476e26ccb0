"""Days that slip into the past: refused where people wait, and put right again while the calendar alone has
acted on them.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.courses import services as courses
from app.courses.rules import BatchStatus
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.notifications.models import Notice

S = EnrollmentStatus
RIGHT, PAST = date(2026, 11, 23), date(2026, 9, 21)


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def batch(make, at):
    at(2026, 9, 1, 1)
    made = make.batch(starts_on=RIGHT)
    at(2026, 10, 1, 1)
    return made


def move(batch, starts_on, officer, days=3):
    courses.change_batch(batch, starts_on=starts_on, ends_on=starts_on + timedelta(days=days), by=officer)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.WAITLISTED, S.ACCEPTED])
def test_days_that_are_all_over_are_refused_where_somebody_waits(make, officer, batch, status):
    held = make.enrollment(batch, status=status)
    with pytest.raises(
        RuleViolation, match=r"ada 1 orang yang mendaftar.*isi dahulu kehadirannya.*batalkan"
    ) as refused:
        move(batch, PAST, officer)
    assert refused.value.field == "starts_on"
    courses.follow_calendar()
    assert (batch.starts_on, batch.status, held.ended_as) == (RIGHT, BatchStatus.OPEN, None)


def test_days_that_are_behind_are_put_right(make, officer, batch, at):
    make.enrollment(batch, status=S.ACCEPTED)
    at(2026, 11, 30, 1)
    move(batch, RIGHT, officer, days=2)
    assert batch.ends_on == date(2026, 11, 25)


def test_what_the_calendar_alone_began_waits_for_its_first_day_again(make, officer, batch, at, db):
    session = make.session(batch)
    move(batch, date(2026, 9, 30), officer)  # nobody waits for it yet, and some of it lies ahead
    held = [
        make.enrollment(batch, make.trainee(email=None), status=status)
        for status in (S.CONFIRMED, S.WAITLISTED, S.SUBMITTED)
    ]
    at(2026, 10, 5, 1)
    courses.follow_calendar()
    services.catch_up_all(by=officer)
    assert batch.status is BatchStatus.RUNNING
    assert [each.ended_as for each in held] == [None, SeatEnd.OVER, SeatEnd.OVER]

    move(batch, RIGHT, officer)

    assert (batch.status, session.held_on) == (BatchStatus.OPEN, RIGHT)
    assert [each.status for each in held] == [S.ACCEPTED, S.WAITLISTED, S.SUBMITTED]
    assert [each.ended_as for each in held] == [None, None, None]
    untold = db.session.scalars(
        select(Notice).where(Notice.person_id == held[2].trainee_id, Notice.overtaken_at.is_(None))
    ).all()
    assert "berlaku lagi" in untold[-1].subject
    assert courses.follow_calendar() == 0


def test_registration_that_somebody_closed_stays_closed(officer, batch, at):
    move(batch, date(2026, 10, 2), officer)
    courses.close_batch(batch, by=officer)
    at(2026, 10, 3, 1)
    courses.follow_calendar()
    move(batch, RIGHT, officer)
    assert batch.status is BatchStatus.CLOSED


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_somebody_began_or_attended_does_not_wait_again(make, officer, batch, at, by_hand):
    move(batch, date(2026, 10, 2), officer)
    at(2026, 10, 3, 1)
    if by_hand:
        courses.close_batch(batch, by=officer)
        courses.start_batch(batch, by=officer)
    else:
        courses.follow_calendar()
        make.attendance(make.session(batch), make.attendee(batch))
    with pytest.raises(
        RuleViolation, match=r"tidak dapat sesudah hari ini.*batalkan angkatan ini dan buat angkatan baru"
    ):
        move(batch, clock.today(batch.zone) + timedelta(days=9), officer)
