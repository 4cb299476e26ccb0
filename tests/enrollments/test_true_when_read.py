"""News that waits to be told is true when it is read: seats and rank of one moment, a reason that came later,
decisions that last.
"""

from datetime import date, time

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.courses import services as courses
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD

S = EnrollmentStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def untold(db):
    """Return what is still to be told to a person, in words."""

    def with_news(person):
        rows = db.session.scalars(
            select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
        )
        return [f"{row.subject}\n{row.text}" for row in rows]

    return with_news


@pytest.fixture
def batch(make, at):
    at(2026, 10, 1, 1)
    batch = make.batch(
        make.course(year=2026), starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15), quota=1
    )
    make.session(batch, starts_at=time(7, 30), ends_at=time(9))
    return batch


def test_who_waits_reads_seats_and_rank_of_the_same_moment(make, officer, batch, untold):
    seated, first = make.enrollment(batch, status=S.CONFIRMED), make.enrollment(batch)
    services.waitlist_enrollment(first, by=officer)
    assert "Semua tempat (1) sudah terisi." in untold(first.trainee)[0]
    services.withdraw(seated, reason="Berhalangan hadir", by=officer)
    (news,) = untold(first.trainee)
    assert ("cadangan ke-1" in news, "sudah terisi" in news) == (True, False)


@pytest.mark.parametrize("act", ["withdrawn", "rejected"])
def test_what_was_decided_about_a_person_stays_to_be_told_after_the_last_day(
    make, officer, batch, untold, at, act
):
    seated = make.enrollment(batch)
    services.accept_enrollment(seated, by=officer)
    decided = make.enrollment(batch, status=S.CONFIRMED if act == "withdrawn" else S.SUBMITTED)
    if act == "rejected":
        services.reject_enrollment(decided, reason="Belum bertugas dua tahun", by=officer)
    else:
        at(2026, 10, 13, 3)
        services.withdraw(decided, reason="Dua hari tidak hadir", by=officer)
    at(2026, 10, 17, 1)
    for batch_id in services.list_batches_begun():
        services.renew_news(batch_id, by=officer)
    (news,) = untold(decided.trainee)
    assert "Alasan: " in news
    assert untold(seated.trainee) == []


def test_who_was_not_told_that_a_batch_is_over_is_told_that_it_was_called_off_and_why(
    make, officer, batch, untold, at, db
):
    waiting, knows = make.enrollment(batch), make.enrollment(batch)
    at(2026, 10, 17, 1)
    services.catch_up_all(by=officer)
    assert "sudah berakhir" in untold(waiting.trainee)[0]
    for notice in db.session.scalars(select(Notice).where(Notice.person_id == knows.trainee_id)):
        notice.told_at = notice.created_at
    db.session.commit()
    courses.cancel_batch(batch, reason="Anggaran digeser", by=officer)
    (news,) = untold(waiting.trainee)
    assert ("Angkatan ini dibatalkan" in news, "Anggaran digeser" in news, "sudah berakhir dan" in news) == (
        True,
        True,
        False,
    )
    assert untold(knows.trainee) == []


def test_nobody_is_asked_whether_she_will_come_by_news_of_a_change_on_the_days_themselves(
    make, officer, batch, untold, at
):
    held = make.enrollment(batch, status=S.ACCEPTED)
    at(2026, 10, 13, 3)
    courses.change_batch(batch, venue="Balai Desa", by=officer)
    courses.change_batch(batch, venue="Aula Kecamatan", by=officer)
    (news,) = untold(held.trainee)
    assert ("Aula Kecamatan" in news, "bersedia hadir" in news) == (True, False)
