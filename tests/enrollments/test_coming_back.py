"""What had ended and is in force again: rejected by mistake, lengthened, a standing taken back,
other days.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict
from app.courses import services as courses
from app.courses.acts import BatchState
from app.courses.rules import Admission, BatchStatus
from app.enrollments import eligibility, queries, services
from app.enrollments.acts import may_be_restored
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.enrollments.wording import Ask, story_of
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus

S, T = EnrollmentStatus, TraineeStatus
WITA = "Asia/Makassar"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def untold(db):
    """Return what is still to be told to a person."""

    def with_news(person):
        rows = db.session.scalars(
            select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
        )
        return [f"{row.subject}\n{row.text}" for row in rows]

    return with_news


def story(held):
    return story_of(eligibility.own_facts(held))


def taken_for_dead(person, by):
    trainees.change_standing(person, T.DECEASED, clock.today(WITA), "Kabar dari desa", by)
    return lambda: trainees.take_back_standing(person, "Keliru orang", by)


@pytest.mark.parametrize(
    ("status", "ended_as", "state", "serves", "may"),
    [
        (S.REJECTED, None, BatchState.CLOSED, True, True),
        (S.LAPSED, None, BatchState.OPEN, True, False),
        (S.ACCEPTED, SeatEnd.ABSENT, BatchState.RUNNING, True, True),
        (S.WAITLISTED, SeatEnd.OVER, BatchState.RUNNING, True, True),
        (S.WAITLISTED, SeatEnd.OVER, BatchState.OVER, True, False),
        (S.ACCEPTED, SeatEnd.NOT_SERVING, BatchState.RUNNING, True, True),
        (S.ACCEPTED, SeatEnd.NOT_SERVING, BatchState.OPEN, False, False),
        (S.ACCEPTED, SeatEnd.FAILED, BatchState.OPEN, True, False),
    ],
)
def test_what_may_be_in_force_again(status, ended_as, state, serves, may):
    assert may_be_restored(status, ended_as, state=state, serves=serves) is may


def test_who_was_rejected_by_mistake_goes_back_where_she_was_though_registration_is_closed(
    make, officer, browser, untold
):
    browser.sign_in(officer)
    batch = make.batch(admission=Admission.MANUAL)
    asked, queued = (
        make.enrollment(batch),
        make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now() - timedelta(hours=1)),
    )
    make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now())
    for held in (asked, queued):
        services.reject_enrollment(held, reason="Salah pencet saja", by=officer)
    courses.close_batch(batch, by=officer)
    for held in (asked, queued):
        page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
        assert page.soup.select_one(f'a[href="/enrollments/{held.id}/restore"]')
        browser.post(
            "enrollments.restore_enrollment", enrollment_id=held.id, data={"reason": "Keliru menolak"}
        )
    assert (asked.status, queued.status, queries.position_in_queue(queued)) == (S.SUBMITTED, S.WAITLISTED, 1)
    assert "keliru diakhiri dan sudah dikembalikan" in untold(asked.trainee)[0]


def test_who_said_no_herself_is_asked_again_when_the_office_gives_the_seat_back(make, officer, outbox):
    batch = make.batch(starts_on=clock.today(WITA) + timedelta(days=10))
    held = make.enrollment(batch, make.trainee(user=make.user()), status=S.CONFIRMED)
    services.withdraw(held, reason="Tidak bisa hadir", by=held.trainee.user)
    services.restore_enrollment(held, reason="Ternyata dapat hadir", by=officer)
    assert held.status is S.ACCEPTED
    assert story(held).ask is Ask.ANSWER_CALL
    assert "keliru" not in outbox()[-1].body
    assert "Mohon menyatakan kesediaan hadir" in outbox()[-1].body


def test_a_batch_that_is_lengthened_brings_back_who_waited(make, officer, untold, at):
    at(2026, 12, 1, 1)
    batch = make.batch(starts_on=date(2026, 12, 15), ends_on=date(2026, 12, 15), quota=1)
    seated = make.enrollment(batch, status=S.CONFIRMED)
    queued = make.enrollment(batch, make.trainee(email=None), status=S.WAITLISTED, waiting_since=clock.now())
    asking, gone = make.enrollment(batch, make.trainee(email=None)), make.enrollment(batch)
    at(2026, 12, 16, 1)
    services.catch_up(batch.id, by=officer)
    trainees.change_standing(gone.trainee, T.RESIGNED, clock.today(WITA), "Pindah kerja", officer)
    with pytest.raises(Conflict, match="Bila diperpanjang"):
        services.restore_enrollment(queued, reason="Masih ditunggu", by=officer)

    courses.change_batch(batch, ends_on=date(2026, 12, 18), by=officer)

    assert [held.ended_as for held in (seated, queued, asking, gone)] == [None, None, None, SeatEnd.OVER]
    (news,) = untold(queued.trainee)
    assert "berubah menjadi 15 s.d. 18 Desember 2026" in news
    assert "cadangan ke-1" in news
    assert str(story(asking).sentence) == "Pendaftaran Anda sudah kami terima dan sedang diperiksa."
    courses.change_batch(batch, quota=4, by=officer)
    assert services.offer_seat(queued, by=officer).status is S.OFFERED


def test_a_standing_taken_back_says_why_a_cancelled_batch_does_not_go_on(make, officer, untold):
    batch = make.batch(starts_on=clock.today(WITA) + timedelta(days=10))
    held = make.enrollment(batch, make.trainee(email=None), status=S.ACCEPTED)
    trainees.change_standing(held.trainee, T.RESIGNED, clock.today(WITA), "Kabar dari desa", officer)
    courses.cancel_batch(batch, reason="Tidak ada dana.", by=officer)
    trainees.take_back_standing(held.trainee, "Keliru orang", officer)
    (news,) = untold(held.trainee)
    assert "Angkatan ini sudah dibatalkan: Tidak ada dana." in news
    assert "dapat mendaftar lagi" not in news
    assert "waktu itu Anda tidak bertugas" in str(story(held).sentence)
    assert str(queries.label_of(held)) == "Sudah berakhir"


@pytest.mark.parametrize("says_yes", [True, False])
def test_after_a_mistaken_death_she_comes_before_all_who_wait(make, officer, untold, says_yes):
    batch = make.batch(
        quota=1, admission=Admission.AUTOMATIC, starts_on=clock.today(WITA) + timedelta(days=20)
    )
    held = make.enrollment(batch, make.trainee(email=None), status=S.ACCEPTED)
    first, second = (
        make.enrollment(
            batch,
            make.trainee(email="siti@contoh.id"),
            status=S.WAITLISTED,
            waiting_since=clock.now() - timedelta(days=3 - n),
        )
        for n in range(2)
    )
    courses.close_batch(batch, by=officer)
    take_back = taken_for_dead(held.trainee, officer)
    assert first.status is S.OFFERED
    take_back()
    assert (held.ended_as, held.status) == (None, S.WAITLISTED)
    assert queries.queue_of(batch.id) == [held.id, second.id]
    assert str(story(held).sentence) == "Anda tercatat sebagai cadangan."
    if says_yes:
        services.accept_enrollment(first, by=officer)
        assert held.status is S.WAITLISTED
    else:
        services.withdraw(first, reason="Tidak bisa hadir", by=officer)
        assert held.status is S.OFFERED


def test_the_office_takes_her_in_again_once_the_batch_runs(make, officer, at, browser):
    at(2026, 12, 1, 1)
    batch = make.batch(starts_on=date(2026, 12, 15), status=BatchStatus.CLOSED)
    held = make.enrollment(batch, status=S.CONFIRMED)
    take_back = taken_for_dead(held.trainee, officer)
    with pytest.raises(Conflict, match="batalkan dahulu statusnya"):
        services.restore_enrollment(held, reason="Masih hidup", by=officer)
    at(2026, 12, 15, 4)
    take_back()
    assert held.ended_as is SeatEnd.NOT_SERVING
    browser.sign_in(officer)
    browser.post(
        "enrollments.restore_enrollment", enrollment_id=held.id, data={"reason": "Keliru dicatat meninggal"}
    )
    assert (held.ended_as, held.status) == (None, S.CONFIRMED)


def test_her_own_pages_say_that_the_days_moved_and_ask_again(make, officer, browser, at):
    at(2027, 1, 14, 1)
    user = make.user()
    batch = make.batch(make.course(year=2027), starts_on=date(2027, 2, 8))
    held = make.enrollment(batch, make.trainee(user=user), status=S.CONFIRMED)
    courses.change_batch(batch, starts_on=date(2027, 2, 22), ends_on=date(2027, 2, 25), by=officer)
    browser.sign_in(user)
    sentence = (
        "Tanggalnya berubah dari 8 s.d. 11 Februari 2027 menjadi 22 s.d. 25 Februari 2027. Jawaban Anda yang"
        " lalu tidak berlaku lagi"
    )
    assert sentence in browser.get("dashboard.home").text
    assert sentence in browser.get("enrollments.answer_own_enrollment", batch=batch.code).text
    services.answer_own(held, S.CONFIRMED, by=user)
    assert "berubah" not in str(story(held).sentence)


def test_a_merge_with_a_diklat_of_the_past_is_told_with_what_it_ended(make, officer, untold):
    past = make.batch(starts_on=date(2011, 5, 24))
    took_part = make.enrollment(past, make.trainee(email=None), status=S.ACCEPTED)
    asking = make.enrollment(
        make.batch(past.course, starts_on=clock.today(WITA) + timedelta(days=20)), make.trainee(email=None)
    )
    trainees.merge_trainees(
        asking.trainee, took_part.trainee, "Satu orang", officer, despite_differences=True
    )
    assert asking.ended_as is SeatEnd.MERGED
    (news,) = untold(took_part.trainee)
    assert "tercatat sudah mengikuti Diklat Dasar PSM pada 24 s.d. 27 Mei 2011" in news
    for said in (news, str(story(asking).sentence), asking.ended_reason):
        assert "tetap berlaku" not in said
        assert "yang berlaku" not in said
