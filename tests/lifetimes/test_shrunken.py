"""Histories in which something was not well, as short as they could be made. Each stands for a rule that was mended."""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.actor import SYSTEM
from app.courses import services as courses
from app.courses.rules import BatchStatus
from app.enrollments import queries, services
from app.enrollments.rules import EnrollmentStatus, SeatEnd

S = EnrollmentStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def test_who_still_asks_is_told_as_soon_as_the_office_says_on_the_last_day_that_it_is_over(make, officer, at):
    at(2026, 3, 2, 1)
    batch = make.batch(status=BatchStatus.RUNNING)
    asking = make.enrollment(batch)
    clock.start_at(clock.now() + timedelta(days=10))
    assert clock.today(batch.zone) == batch.ends_on

    courses.finish_batch(batch, by=officer)

    assert services.keep_up_all(by=SYSTEM) == 1
    assert asking.ended_as is SeatEnd.OVER


def test_who_still_asks_is_told_from_midnight_at_the_venue_on_and_not_before(make, at):
    at(2026, 3, 2, 1)
    batch = make.batch()  # in Tapin, eight hours ahead of the clock of the machine
    asking = make.enrollment(batch)

    at(batch.ends_on.year, batch.ends_on.month, batch.ends_on.day, 15, 59)
    assert queries.list_batches_due() == []
    at(batch.ends_on.year, batch.ends_on.month, batch.ends_on.day, 16, 1)
    assert services.keep_up_all(by=SYSTEM) == 1
    assert asking.ended_as is SeatEnd.OVER
