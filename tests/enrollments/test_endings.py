"""An ending frees people, tells them, and serves the queue: whatever ended it, by whatever door."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.courses import services as courses
from app.courses.acts import BatchState
from app.courses.queries import list_open_batches, state_of
from app.courses.rules import Admission, BatchStatus
from app.enrollments import eligibility, queries, rules, services
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.notifications.models import Notice
from app.notifications.queries import count_untold
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus
WITA = "Asia/Makassar"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def notices(db):
    """Return the subjects told to a person so far."""

    def told(person):
        return list(
            db.session.scalars(
                select(Notice.subject).where(Notice.person_id == person.id).order_by(Notice.id)
            )
        )

    return told


def waiting(make, batch, minutes=0, **values):
    since = clock.now() - timedelta(minutes=60 - minutes)
    return make.enrollment(batch, status=S.WAITLISTED, waiting_since=since, **values)


def test_a_cancelled_batch_ends_every_enrollment_tells_each_and_lets_them_ask_again(make, officer, notices):
    batch = make.batch()
    seated, offered, asking = (
        make.enrollment(batch, status=status) for status in (S.CONFIRMED, S.OFFERED, S.SUBMITTED)
    )
    queued = waiting(make, batch)
    attendee = queries.find_attendee(batch.id, seated.trainee_id)
    other = make.batch(batch.course)

    courses.cancel_batch(batch, reason="Anggaran ditunda", by=officer)

    for held in (seated, offered, asking, queued):
        assert (held.ended_as, held.ended_reason) == (SeatEnd.CANCELLED, "Anggaran ditunda")
        assert notices(held.trainee) == ["Angkatan dibatalkan: Diklat Dasar PSM"]
        services.enroll(other, held.trainee, by=officer)
    assert seated.status is S.CONFIRMED  # what she had is not rewritten
    assert attendee.left_at is not None
    assert queries.count_seats(batch.id) == 0


def test_the_notice_of_a_cancelled_batch_says_where_to_ask_next(make, officer, db):
    batch = make.batch()
    make.batch(batch.course, venue="Aula Kecamatan Binuang")
    held = make.enrollment(batch, status=S.ACCEPTED)
    courses.cancel_batch(batch, reason="Anggaran ditunda", by=officer)
    text = db.session.scalars(select(Notice.text).where(Notice.person_id == held.trainee_id)).one()
    assert "Anggaran ditunda" in text
    assert "Aula Kecamatan Binuang" in text


def test_withdrawing_from_a_cancelled_batch_is_refused_with_its_sentence(make, officer):
    held = make.enrollment(status=S.ACCEPTED)
    courses.cancel_batch(held.batch, reason="Anggaran ditunda", by=officer)
    with pytest.raises(RuleViolation, match="sudah dibatalkan"):
        services.withdraw(held, reason="sakit sekali", by=officer)


@pytest.mark.parametrize("reason", ["", "x", ".....", "  "])
def test_calling_off_wants_a_reason_of_some_words(make, officer, reason):
    with pytest.raises(RuleViolation) as refused:
        courses.cancel_batch(make.batch(), reason=reason, by=officer)
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    "end", [SeatEnd.FAILED, SeatEnd.DEFERRED, SeatEnd.ATTENDED, SeatEnd.REVOKED, SeatEnd.ABSENT]
)
def test_whoever_holds_no_certificate_may_ask_again(make, officer, end):
    held = make.enrollment(status=S.CONFIRMED)
    other = make.batch(held.batch.course, starts_on=held.batch.starts_on + timedelta(days=30))
    with pytest.raises(Conflict, match=held.batch.code):
        services.enroll(other, held.trainee, by=officer)

    from app.core.unit_of_work import atomic

    with atomic():
        services.end_seats(held.batch, {held.trainee_id: end}, by=officer)

    assert (
        services.accept_enrollment(services.enroll(other, held.trainee, by=officer), by=officer).status
        is S.ACCEPTED
    )


def test_whoever_holds_the_tier_does_not_ask_for_it_again(make, officer):
    person = make.trainee()
    make.qualification(person, "dasar", date(2011, 5, 27))
    with pytest.raises(Conflict, match="Sudah memegang sertifikat"):
        services.enroll(make.batch(), person, by=officer)


def test_nobody_sits_in_two_batches_on_overlapping_days(make, officer):
    person = make.trainee()
    make.qualification(person, "dasar", date(2011, 5, 27))
    madya = make.batch(make.course(make.organiser("63"), "madya"))
    make.enrollment(madya, person, status=S.ACCEPTED)
    pratama = make.batch(
        make.course(make.organiser("63"), "pratama", lower_tier_reason="uji"), starts_on=madya.ends_on
    )
    asked = make.enrollment(pratama, person)
    facts = eligibility.facts_of_asking(pratama, [person])[person.id]
    assert madya.code in str(rules.refusal_by_days(facts))
    asked.override_reason = "ditugaskan kementerian"
    with pytest.raises(RuleViolation, match=madya.code):
        services.accept_enrollment(asked, by=make.user(Role.PROVINSI_DINAS, "63"))


def test_a_batch_does_not_move_onto_days_on_which_somebody_sits_elsewhere(make, officer):
    person = make.trainee()
    make.qualification(person, "dasar", date(2011, 5, 27))
    madya = make.batch(
        make.course(make.organiser("63"), "madya"), starts_on=clock.today(WITA) + timedelta(days=30)
    )
    other = make.batch(make.course(make.organiser("63"), "pratama"))
    for batch in (madya, other):
        make.enrollment(batch, person, status=S.ACCEPTED)
    with pytest.raises(RuleViolation, match=person.name):
        courses.change_batch(other, starts_on=madya.starts_on, ends_on=madya.ends_on, by=officer)


def test_raising_the_quota_serves_those_who_wait_before_any_newcomer(make, officer):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    make.enrollment(batch, status=S.ACCEPTED)
    first, second, third = (waiting(make, batch, minute) for minute in (1, 2, 3))

    courses.change_batch(batch, quota=3, by=officer)

    assert [held.status for held in (first, second, third)] == [S.OFFERED, S.OFFERED, S.WAITLISTED]
    assert services.enroll(batch, make.trainee(), by=officer).status is S.WAITLISTED


def test_whoever_could_not_take_the_seat_is_passed_over_and_keeps_the_place(make, officer):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    seated = make.enrollment(batch, status=S.ACCEPTED)
    elsewhere, next_one = waiting(make, batch, 1), waiting(make, batch, 2)
    make.enrollment(make.batch(batch.course), elsewhere.trainee, status=S.ACCEPTED)

    services.withdraw(seated, reason="sakit sekali", by=officer)

    assert (elsewhere.status, next_one.status) == (S.WAITLISTED, S.OFFERED)


def test_somebody_who_died_frees_the_seat_and_the_next_is_offered_it(make, officer, notices):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    seated, queued = make.enrollment(batch, status=S.CONFIRMED), waiting(make, batch)
    trainees.change_standing(
        seated.trainee, TraineeStatus.DECEASED, clock.today(WITA), "Surat kematian", officer
    )
    assert seated.ended_as is SeatEnd.NOT_SERVING
    assert queued.status is S.OFFERED


def test_what_has_begun_stays_when_somebody_serves_no_longer(make, officer):
    batch = make.batch(starts_on=clock.today(WITA), status=BatchStatus.RUNNING)
    seated = make.enrollment(batch, status=S.CONFIRMED)
    trainees.change_standing(
        seated.trainee, TraineeStatus.INACTIVE, clock.today(WITA), "Cuti panjang", officer
    )
    assert seated.ended_as is None


def test_from_the_first_day_on_seats_are_given_by_hand_only(make, officer):
    batch = make.batch(
        quota=1, admission=Admission.AUTOMATIC, starts_on=clock.today(WITA), status=BatchStatus.RUNNING
    )
    seated, queued = make.enrollment(batch, status=S.CONFIRMED), waiting(make, batch)
    services.withdraw(seated, reason="sakit sekali", by=officer)
    assert queued.status is S.WAITLISTED
    services.accept_enrollment(queued, by=officer)
    assert queued.status is S.ACCEPTED


def test_one_does_not_withdraw_alone_from_the_first_day_on(make, officer):
    person = make.trainee(user_id=make.user().id)
    held = make.enrollment(
        make.batch(starts_on=clock.today(WITA), status=BatchStatus.RUNNING), person, status=S.CONFIRMED
    )
    with pytest.raises(RuleViolation, match="Ibu Ratna, 0812-0000-0001"):
        services.withdraw(held, reason="sakit sekali", by=person.user)
    assert services.withdraw(held, reason="sakit sekali", by=officer).status is S.WITHDRAWN


def test_passing_over_somebody_who_waits_wants_a_reason_that_is_kept(make, officer):
    batch = make.batch()
    first, second, newcomer = waiting(make, batch, 1), waiting(make, batch, 2), make.enrollment(batch)
    for chosen in (second, newcomer):
        with pytest.raises(RuleViolation, match=first.trainee.name):
            services.accept_enrollment(chosen, by=officer)
    with pytest.raises(RuleViolation, match=first.trainee.name):
        services.accept_many(batch, [second.id], by=officer)
    with pytest.raises(RuleViolation, match=first.trainee.name):
        services.offer_seat(second, by=officer)
    services.accept_many(batch, [first.id, second.id, newcomer.id], by=officer)  # nobody is passed over
    assert newcomer.passed_over_reason is None


def test_the_reason_for_passing_over_stays(make, officer):
    batch = make.batch()
    waiting(make, batch, 1)
    second = waiting(make, batch, 2)
    services.accept_enrollment(second, note="Desanya belum punya PSM", by=officer)
    assert second.passed_over_reason == "Desanya belum punya PSM"


def test_an_offer_lapses_by_the_calendar_with_the_worker_asleep(make, officer, at, notices, post):
    at(2026, 10, 1, 1)
    batch = make.batch(quota=1, starts_on=date(2026, 10, 12))
    first, second = (
        waiting(make, batch, 1, trainee=make.trainee(email="siti@contoh.id")),
        waiting(make, batch, 2),
    )
    services.offer_seat(first, by=officer)
    post()
    at(2026, 10, 2, 2)

    assert queries.count_seats(batch.id) == 0
    assert queries.label_of(first) == S.LAPSED.label
    with pytest.raises(Conflict, match="sudah lewat waktu"):
        services.accept_enrollment(first, by=officer)
    services.offer_seat(second, by=officer)
    assert (first.status, second.status) == (S.LAPSED, S.OFFERED)
    assert notices(first.trainee)[-1] == "Tawaran tempat sudah lewat waktu: Diklat Dasar PSM"


def test_the_worker_lapses_offers_and_serves_the_next_once(make, officer, at, post):
    at(2026, 10, 1, 1)
    batch = make.batch(quota=1, starts_on=date(2026, 10, 12), admission=Admission.AUTOMATIC)
    first, second = (
        waiting(make, batch, 1, trainee=make.trainee(email="siti@contoh.id")),
        waiting(make, batch, 2),
    )
    services.catch_up_all(by=officer)
    courses.change_batch(batch, quota=1, by=officer)
    assert first.status is S.OFFERED
    post()
    at(2026, 10, 2, 2)
    assert services.catch_up_all(by=officer) == 1
    assert (first.status, second.status) == (S.LAPSED, S.OFFERED)
    assert services.catch_up_all(by=officer) == 0


def test_after_the_last_day_nobody_asks_opens_or_is_seated_with_the_worker_asleep(make, officer, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    asking, queued, seated = (
        make.enrollment(batch),
        waiting(make, batch),
        make.enrollment(batch, status=S.ACCEPTED),
    )
    closed = make.batch(batch.course, starts_on=date(2026, 10, 12), status=BatchStatus.CLOSED)
    at(2026, 10, 17, 1)

    assert state_of(batch) is BatchState.OVER
    assert batch not in list_open_batches()
    assert batch.id not in {each.id for each in eligibility.next_batches(asking.trainee).values()}
    with pytest.raises(RuleViolation, match="sudah berakhir pada 15 Oktober 2026"):
        services.enroll(batch, make.trainee(), by=officer)
    with pytest.raises(Conflict, match="angkatan sudah berakhir"):
        services.accept_enrollment(asking, by=officer)
    with pytest.raises(RuleViolation, match="sudah berakhir"):
        courses.open_batch(closed, by=officer)
    assert [str(queries.label_of(held)) for held in (asking, queued, seated)] == [
        "Angkatan sudah berakhir"
    ] * 2 + ["Diterima"]
    services.catch_up_all(by=officer)
    assert [held.ended_as for held in (asking, queued, seated)] == [SeatEnd.OVER, SeatEnd.OVER, None]


def test_no_seat_is_offered_of_days_that_are_over(make, officer, browser):
    record = make.batch(starts_on=date(2011, 5, 24))
    held = waiting(make, record)
    said = "Angkatan ini sudah berakhir pada 27 Mei 2011. Tempat tidak dapat ditawarkan lagi."
    with pytest.raises(RuleViolation, match=said):
        services.offer_seat(held, by=officer)
    assert held.status is S.WAITLISTED
    browser.sign_in(officer)
    assert "Tawarkan tempat" not in browser.get("enrollments.list_enrollments", batch_id=record.id).text
    assert "Tawarkan tempat" not in browser.get("enrollments.show_enrollment", enrollment_id=held.id).text
    assert said in browser.post("enrollments.offer_seat", enrollment_id=held.id, data={}, expect=422).text


def test_whoever_waited_for_a_batch_that_was_called_off_afterwards_reads_so(make, officer, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch)
    at(2026, 10, 17, 1)
    services.catch_up_all(by=officer)
    assert queries.label_of(held) == SeatEnd.OVER.label
    courses.cancel_batch(batch, reason="Tidak jadi dilaksanakan", by=officer)
    assert (queries.end_of(held), queries.label_of(held)) == (SeatEnd.CANCELLED, SeatEnd.CANCELLED.label)


def test_the_office_enters_late_who_took_part_and_says_why(make, officer, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    at(2026, 10, 17, 1)
    late = services.enroll(batch, make.trainee(), by=officer, override_reason="Hadir penuh, lupa dicatat")
    assert services.accept_enrollment(late, by=officer).status is S.ACCEPTED


def test_the_calendar_closes_and_starts_what_nobody_closed(make, officer, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12), registration_closes_on=date(2026, 10, 5))
    at(2026, 10, 6, 1)
    assert courses.follow_calendar() == 1
    assert batch.status is BatchStatus.CLOSED
    at(2026, 10, 12, 1)
    assert courses.follow_calendar() == 1
    assert batch.status is BatchStatus.RUNNING
    assert courses.follow_calendar() == 0


def test_a_record_of_the_past_is_entered_by_the_office_and_offered_to_nobody(make, officer):
    batch = make.batch(starts_on=date(2011, 5, 24))
    assert batch not in list_open_batches()
    held = services.enroll(batch, make.trainee(), by=officer)
    assert services.accept_enrollment(held, by=officer).status is S.ACCEPTED
    person = make.trainee(user_id=make.user().id)
    with pytest.raises(RuleViolation, match="sudah berakhir"):
        services.enroll(batch, person, by=person.user)


def test_a_merge_ends_the_weaker_enrollment_and_undoing_restores_it(make, officer):
    batch = make.batch()
    seated, asking = make.enrollment(batch, status=S.ACCEPTED), make.enrollment(batch)
    merge = trainees.merge_trainees(
        asking.trainee, seated.trainee, "Satu orang", officer, despite_differences=True
    )
    assert (asking.ended_as, seated.ended_as) == (SeatEnd.MERGED, None)
    trainees.undo_merge(merge, officer)
    assert asking.ended_as is None


def test_a_merge_of_one_who_waits_and_one_who_sits_in_the_tier_ends_the_waiting(make, officer):
    batch = make.batch()
    seated, queued = make.enrollment(batch, status=S.ACCEPTED), waiting(make, make.batch(batch.course))
    trainees.merge_trainees(queued.trainee, seated.trainee, "Satu orang", officer, despite_differences=True)
    assert queued.ended_as is SeatEnd.MERGED


def test_a_moved_batch_tells_everybody_what_it_was_and_what_it_is(make, officer, db, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    people = [make.enrollment(batch, status=status).trainee for status in (S.ACCEPTED, S.SUBMITTED)]
    gone = make.enrollment(batch, status=S.WITHDRAWN).trainee
    courses.change_batch(
        batch, starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 22), venue="Aula Kecamatan", by=officer
    )
    for person in people:
        [text] = db.session.scalars(select(Notice.text).where(Notice.person_id == person.id))
        assert "Tanggal: semula 12 s.d. 15 Oktober 2026, menjadi 19 s.d. 22 Oktober 2026" in text
        assert "semula Aula Dinas Sosial, Rantau" in text
    assert db.session.scalar(select(Notice.id).where(Notice.person_id == gone.id)) is None
    courses.change_batch(batch, quota=40, by=officer)  # nothing that anybody arranges by
    assert len(list(db.session.scalars(select(Notice.id)))) == 2


def test_whoever_has_an_address_is_told_by_mail_and_stands_on_no_list(make, officer, db, outbox, post):
    batch = make.batch()
    held = make.enrollment(batch, make.trainee(email="siti@contoh.id"), status=S.ACCEPTED)
    courses.cancel_batch(batch, reason="Anggaran ditunda", by=officer)
    notice = db.session.scalars(select(Notice).where(Notice.person_id == held.trainee_id)).one()
    assert notice.message_id == outbox()[-1].id
    assert (notice.told_at, count_untold(batch.id)) == (None, 0)
    post()
    assert (notice.told_at is not None, notice.told_label, count_untold(batch.id)) == (True, "email", 0)


def test_the_list_says_of_each_what_ended_it(make, officer, browser):
    held = make.enrollment(status=S.ACCEPTED)
    courses.cancel_batch(held.batch, reason="Anggaran ditunda", by=officer)
    browser.sign_in(officer)
    page = browser.get("enrollments.list_enrollments", batch_id=held.batch_id)
    assert "Angkatan dibatalkan" in page.text
    assert "Diterima" not in page.text
