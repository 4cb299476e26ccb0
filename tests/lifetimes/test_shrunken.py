"""Histories in which something was not well, as short as they could be made.

Each stands for a rule that was fixed.
"""

from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.courses import services as courses
from app.courses.rules import Admission, BatchStatus
from app.enrollments import queries, services
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def test_who_still_asks_is_told_as_soon_as_the_office_says_on_the_last_day_that_it_is_over(make, officer, at):
    at(2026, 3, 2, 1)
    batch = make.batch(status=BatchStatus.RUNNING)
    asking = make.enrollment(batch)
    make.attendance(make.session(batch, lesson_hours=4), make.attendee(batch))
    clock.start_at(clock.now() + timedelta(days=10))
    assert clock.today(batch.zone) == batch.ends_on

    courses.finish_batch(batch, by=officer)

    assert services.catch_up_all(by=SYSTEM) == 1
    assert asking.ended_as is SeatEnd.OVER


def test_who_still_asks_is_told_from_midnight_at_the_venue_on_and_not_before(make, at):
    at(2026, 3, 2, 1)
    batch = make.batch()  # in Tapin, eight hours ahead of the clock of the machine
    asking = make.enrollment(batch)

    at(batch.ends_on.year, batch.ends_on.month, batch.ends_on.day, 15, 59)
    assert queries.list_batches_due() == []
    at(batch.ends_on.year, batch.ends_on.month, batch.ends_on.day, 16, 1)
    assert services.catch_up_all(by=SYSTEM) == 1
    assert asking.ended_as is SeatEnd.OVER


@pytest.mark.parametrize("status", [S.ACCEPTED, S.WAITLISTED, S.SUBMITTED, S.RETURNED])
def test_a_batch_that_people_ask_for_does_not_become_a_record_of_the_past(make, officer, at, status):
    at(2026, 3, 2, 1)
    batch = make.batch()
    make.enrollment(batch, status=status)

    with pytest.raises(RuleViolation, match="Batalkan angkatan ini") as refusal:
        courses.change_batch(batch, starts_on=date(2026, 2, 24), ends_on=date(2026, 2, 27), by=officer)
    assert refusal.value.field == "starts_on"


def test_a_batch_that_nobody_asks_for_may_become_one_and_a_record_may_be_put_right(make, officer, at):
    at(2026, 3, 2, 1)
    batch = make.batch()
    courses.change_batch(batch, starts_on=date(2026, 2, 24), ends_on=date(2026, 2, 27), by=officer)
    make.enrollment(batch, status=S.ACCEPTED)

    courses.change_batch(batch, starts_on=date(2026, 2, 23), ends_on=date(2026, 2, 26), by=officer)

    assert batch.starts_on == date(2026, 2, 23)


def test_who_took_part_in_a_record_of_the_past_keeps_the_seat_when_she_serves_no_longer(make, officer, at):
    at(2026, 3, 2, 1)
    batch = make.batch(make.course(year=2011), starts_on=date(2011, 5, 24))
    seat = make.enrollment(batch, status=S.ACCEPTED)

    trainees.change_standing(
        seat.trainee, TraineeStatus.RESIGNED, date(2026, 3, 1), "Mengundurkan diri", officer
    )

    assert seat.is_in_force


def test_no_seat_of_a_record_of_the_past_is_offered_by_itself(make, officer, at):
    at(2026, 3, 2, 1)
    batch = make.batch(
        make.course(year=2011), starts_on=date(2011, 5, 24), quota=1, admission=Admission.AUTOMATIC
    )
    waiting = make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now())

    courses.change_batch(batch, quota=2, by=officer)

    assert waiting.status is S.WAITLISTED


DECIDED = {
    "verify": (S.SUBMITTED, services.verify_enrollment, {}),
    "send back": (S.SUBMITTED, services.return_enrollment, {"reason": "Lengkapi KTP"}),
    "reject": (S.SUBMITTED, services.reject_enrollment, {"reason": "Di luar sasaran"}),
    "submit again": (S.RETURNED, services.submit_enrollment, {}),
    "call": (S.ACCEPTED, services.call_enrollment, {}),
    "confirm": (S.ACCEPTED, services.confirm_enrollment, {}),
}


@pytest.mark.parametrize("act", DECIDED)
def test_a_seat_kept_for_an_answer_that_did_not_come_goes_to_the_next_with_any_decision(
    make, officer, at, act
):
    at(2026, 3, 2, 1)
    status, decide, more = DECIDED[act]
    batch = make.batch(quota=2, admission=Admission.AUTOMATIC)
    unanswered = make.enrollment(batch, status=S.OFFERED, offer_ends_at=clock.now() + timedelta(hours=24))
    other = make.enrollment(batch, status=status)
    next_one = make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now())
    courses.change_batch(batch, quota=1 + (status is S.ACCEPTED), by=officer)
    assert next_one.status is S.WAITLISTED
    clock.start_at(clock.now() + timedelta(hours=25))

    decide(other, by=officer, **more)

    assert (unanswered.status, next_one.status) == (S.LAPSED, S.OFFERED)


@pytest.fixture
def waiting_here_seated_there(make, officer, at):
    """Somebody waits where a seat is free that she cannot take: she has one in another batch of the tier."""
    at(2026, 3, 2, 1)
    here, there = make.batch(quota=1, admission=Admission.AUTOMATIC), make.batch()
    first, person = services.enroll(here, make.trainee(), by=officer), make.trainee()
    waits = services.enroll(here, person, by=officer)
    seat = services.accept_enrollment(services.enroll(there, person, by=officer), by=officer)
    services.withdraw(first, reason="Sakit keras", by=officer)
    assert waits.status is S.WAITLISTED
    return waits, seat


def test_who_gives_a_seat_back_is_offered_the_free_one_where_she_waits(waiting_here_seated_there, officer):
    waits, seat = waiting_here_seated_there

    services.withdraw(seat, reason="Memilih angkatan lain", by=officer)

    assert waits.status is S.OFFERED


def test_who_loses_a_seat_with_its_batch_is_offered_the_free_one_where_she_waits(
    waiting_here_seated_there, officer
):
    waits, seat = waiting_here_seated_there

    courses.cancel_batch(seat.batch, reason="Anggaran tidak tersedia", by=officer)

    assert waits.status is S.OFFERED


def test_the_worker_offers_a_seat_that_nobody_was_told_to_offer(
    waiting_here_seated_there, officer, make, monkeypatch
):
    waits, seat = waiting_here_seated_there
    assert services.catch_up_all(by=SYSTEM) == 0
    assert waits.status is S.WAITLISTED
    monkeypatch.setattr(services.deciding, "serve_elsewhere", lambda *_: None)
    services.withdraw(seat, reason="Memilih angkatan lain", by=officer)

    services.catch_up_all(by=SYSTEM)

    assert waits.status is S.OFFERED


def test_who_is_free_on_those_days_again_is_offered_a_seat_where_she_waits(make, officer, at):
    at(2026, 3, 2, 1)
    madya = make.batch(
        make.course(make.organiser("63"), "madya"),
        quota=1,
        admission=Admission.AUTOMATIC,
        starts_on=date(2026, 4, 6),
    )
    dasar = make.batch(make.course(), starts_on=date(2026, 5, 4))
    first, person = make.trainee(), make.trainee()
    make.qualification(first)
    leaves = services.enroll(madya, first, by=SYSTEM)
    waits = services.enroll(madya, person, by=SYSTEM, override_reason="Disetujui pimpinan")
    services.accept_enrollment(services.enroll(dasar, person, by=officer), by=officer)
    courses.change_batch(dasar, starts_on=date(2026, 4, 7), ends_on=date(2026, 4, 9), by=officer)
    services.withdraw(leaves, reason="Sakit keras", by=SYSTEM)
    assert waits.status is S.WAITLISTED

    courses.change_batch(dasar, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7), by=officer)

    assert waits.status is S.OFFERED
