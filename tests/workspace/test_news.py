"""What is said about other batches in a text that waits is what holds when it is read."""

from datetime import date

import pytest
from sqlalchemy import select

from app.api import serializers
from app.assessment.messages import notify_of_results
from app.assessment.rules import ResultOutcome
from app.auth.rules import Role
from app.core.unit_of_work import atomic
from app.courses import services as courses
from app.enrollments.rules import EnrollmentStatus
from app.notifications.models import Notice
from app.workspace import queries, services

BINUANG, LINUH = "Aula Kecamatan Binuang", "Balai Desa Linuh"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make, at, db):
    """A batch in which Siti has failed, and the next one of the same tier, which takes applications."""
    at(2026, 10, 1, 1)
    batch = make.batch(make.course(year=2026), starts_on=date(2026, 9, 22), ends_on=date(2026, 9, 25))
    following = make.batch(
        batch.course, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 5), venue=BINUANG
    )
    attendee = make.attendee(batch, make.trainee(name="Siti"))
    with atomic():
        notify_of_results(make.graduation(batch, attendee, outcome=ResultOutcome.FAILED))
    return batch, following, attendee.trainee


def text_of(batch):
    [telling] = queries.list_tellings(batch)
    assert serializers.notice(telling.notice, telling.phone, batch.zone, telling.text)["text"] == telling.text
    return telling.text


def test_the_next_batch_is_the_one_that_is_open_when_it_is_read(scene, make, officer):
    batch, following, _siti = scene
    assert BINUANG in text_of(batch)
    make.batch(batch.course, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 4), venue=LINUH)
    courses.cancel_batch(following, reason="Anggaran digeser", by=officer)
    text = text_of(batch)
    assert (BINUANG in text, LINUH in text, "dapat mendaftar lagi" in text) == (False, True, True)


def test_there_is_none_once_it_is_over_and_what_was_read_stays_on_record(scene, at, officer, db):
    batch, _following, _siti = scene
    at(2026, 11, 9, 1)
    assert "Diklat berikutnya" not in text_of(batch)
    [notice] = db.session.scalars(select(Notice))
    services.mark_told(batch, [notice.id], by=officer)
    assert "Diklat berikutnya" not in notice.text


def test_who_has_a_seat_or_the_tier_by_now_is_not_sent_to_other_batches(scene, make):
    batch, following, siti = scene
    make.enrollment(following, siti, status=EnrollmentStatus.CONFIRMED)
    text = text_of(batch)
    assert "belum lulus" in text
    assert ("dapat mendaftar" in text, BINUANG in text) == (False, False)
