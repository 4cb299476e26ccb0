"""What changes its mind: offers nobody was told of, news that is overtaken, other days, seats ended by
mistake.
"""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete, select

from app.attendance import services as attendance
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.core.unit_of_work import atomic
from app.courses import services as courses
from app.courses.rules import Admission, BatchStatus
from app.enrollments import eligibility, queries, services
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.enrollments.wording import story_of
from app.extensions import db as database
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.notifications.rules import PersonKind, Recipient
from app.trainees import services as trainees
from app.workspace import services as workspace

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


def waiting(make, batch, minutes=0, **values):
    since = clock.now() - timedelta(minutes=60 - minutes)
    return make.enrollment(batch, status=S.WAITLISTED, waiting_since=since, **values)


def hours_left(held):
    return round((held.offer_ends_at - clock.now()) / timedelta(hours=1))


def tick(db, batch, person, by):
    ids = db.session.scalars(select(Notice.id).where(Notice.person_id == person.id, *UNTOLD)).all()
    return workspace.mark_told(batch, ids, by=by)


def test_what_she_does_herself_overtakes_what_she_was_not_told(make, officer, untold):
    batch = make.batch()
    held = make.enrollment(batch)
    services.accept_enrollment(held, by=officer)
    assert len(untold(held.trainee)) == 1
    services.confirm_enrollment(held, by=officer)
    assert untold(held.trainee) == []


def test_a_cancelled_batch_leaves_one_thing_to_tell(make, officer, untold):
    batch = make.batch()
    held = make.enrollment(batch)
    services.accept_enrollment(held, by=officer)
    services.call_enrollment(held, by=officer)
    courses.cancel_batch(batch, reason="Anggaran ditunda", by=officer)
    (words,) = untold(held.trainee)
    assert words.startswith("Angkatan dibatalkan")


def test_who_was_not_told_of_her_seat_is_told_of_it_as_it_is_now(make, officer, untold, at, db):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15), quota=1)
    seated, known, queued = (
        make.enrollment(batch),
        make.enrollment(make.batch(batch.course)),
        make.enrollment(batch),
    )
    services.accept_enrollment(seated, by=officer)
    services.waitlist_enrollment(queued, by=officer)
    assert "Semua tempat (1) sudah terisi." in untold(queued.trainee)[0]
    known.batch = batch
    known.status = S.ACCEPTED
    db.session.commit()

    courses.change_batch(batch, quota=5, starts_on=date(2026, 10, 13), ends_on=date(2026, 10, 16), by=officer)

    (news,) = untold(seated.trainee)
    assert news.startswith("Anda diterima")
    assert "13 s.d. 16 Oktober 2026" in news
    assert "semula" not in news
    (change,) = untold(known.trainee)
    assert "semula 12 s.d. 15 Oktober 2026" in change
    (place,) = untold(queued.trainee)
    assert "sudah terisi" not in place
    assert "cadangan ke-1" in place


def test_a_place_in_the_queue_that_was_not_told_is_told_as_it_is_now(make, officer, untold):
    batch = make.batch()
    first, second = make.enrollment(batch), make.enrollment(batch)
    for held in (first, second):
        services.waitlist_enrollment(held, by=officer)
    assert "cadangan ke-2" in untold(second.trainee)[0]
    services.withdraw(first, reason="Berhalangan hadir", by=officer)
    (place,) = untold(second.trainee)
    assert "cadangan ke-1" in place


def test_what_was_overtaken_is_not_ticked(make, officer, db, untold):
    batch = make.batch()
    held = make.enrollment(batch)
    services.accept_enrollment(held, by=officer)
    read = db.session.scalars(select(Notice.id)).all()
    services.withdraw(held, reason="Berhalangan hadir", by=officer)
    with pytest.raises(Conflict, match="tidak berlaku"):
        workspace.mark_told(batch, read, by=officer)
    assert len(untold(held.trainee)) == 1
    assert (
        workspace.mark_told(
            batch, [*read, *db.session.scalars(select(Notice.id).where(*UNTOLD)).all()], by=officer
        )
        == 1
    )


def test_the_time_to_answer_begins_when_she_is_told(make, officer, at, db):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch)
    services.offer_seat(held, by=officer)
    assert held.offer_ends_at is None
    assert "Mohon segera dijawab" in str(story_of(eligibility.own_facts(held)).sentence)
    at(2026, 10, 4, 1)
    services.catch_up_all(by=officer)
    assert held.status is S.OFFERED
    assert tick(db, batch, held.trainee, officer) == 1
    assert hours_left(held) == 24
    at(2026, 10, 5, 2)
    assert queries.count_seats(batch.id) == 0


def test_the_time_to_answer_by_mail_begins_when_the_mail_has_left(make, officer, at, post, db):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch, trainee=make.trainee(email="siti@contoh.id"))
    services.offer_seat(held, by=officer)
    at(2026, 10, 3, 1)  # nothing sends mails meanwhile
    services.catch_up_all(by=officer)
    assert (held.status, held.offer_ends_at, queries.count_seats(batch.id)) == (S.OFFERED, None, 1)
    post()
    assert hours_left(held) == 24
    told = db.session.scalars(select(Notice).where(Notice.about == f"enrollment:{held.id}")).one()
    assert told.told_at == clock.now() or clock.now() - told.told_at < timedelta(minutes=1)


def test_nobody_is_asked_whether_she_will_come_once_the_diklat_has_begun(make, officer, at, untold):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    make.session(batch, starts_at=time(7, 30), ends_at=time(9))
    held = make.enrollment(batch)
    services.accept_enrollment(held, by=officer)
    assert "menyatakan kesediaan hadir" in untold(held.trainee)[0]
    assert services.list_batches_begun() == []
    at(2026, 10, 11, 17)  # past midnight at the place
    assert services.list_batches_begun() == [batch.id]
    services.renew_news(batch.id, by=officer)
    (news,) = untold(held.trainee)
    assert "Diklat dimulai hari ini, 12 Oktober 2026, pukul 07.30. Mohon hadir, atau" in news
    assert services.list_batches_begun() == []
    at(2026, 10, 12, 0)  # past half past seven at the place
    services.renew_news(batch.id, by=officer)
    (news,) = untold(held.trainee)
    assert "sudah dimulai. Mohon segera hadir" in news
    assert services.list_batches_begun() == []


def test_what_nobody_told_by_the_last_day_is_told_no_more_and_stays_on_record(
    make, officer, at, untold, browser
):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    held, invited = make.enrollment(batch), make.enrollment(batch, status=S.ACCEPTED)
    services.accept_enrollment(held, by=officer)
    services.call_enrollment(invited, by=officer)
    at(2026, 10, 15, 15)
    assert len(untold(invited.trainee)) == 1
    at(2026, 10, 16, 1)
    late = services.enroll(batch, make.trainee(), by=officer, override_reason="Hadir penuh, lupa dicatat")
    services.accept_enrollment(late, by=officer)
    with atomic():
        result = Mail("Anda lulus", "Siti", ("Lulus.",), why="")
        notifications.notify(
            Recipient(PersonKind.TRAINEE, held.trainee_id, "Siti"), result, batch_id=batch.id, about="result"
        )
    assert services.list_batches_begun() == [batch.id]
    services.renew_news(batch.id, by=officer)
    assert [text.splitlines()[0] for text in untold(held.trainee)] == ["Anda lulus"]
    assert untold(invited.trainee) == []
    (news,) = untold(late.trainee)
    assert "sudah berakhir pada 15 Oktober 2026" in news
    assert "segera hadir" not in news
    assert services.list_batches_begun() == []
    browser.sign_in(officer)
    page = browser.get("workspace.list_notices", batch_id=batch.id)
    assert "2 kabar yang tidak sempat disampaikan" in page.text


def test_who_asked_in_time_completes_it_after_the_closing_day(make, officer, at):
    at(2026, 10, 1, 1)
    user = make.user()
    batch = make.batch(starts_on=date(2026, 10, 12), status=BatchStatus.CLOSED)
    held = make.enrollment(batch, make.trainee(user_id=user.id), status=S.RETURNED, note="Foto KTP kabur")
    with pytest.raises(RuleViolation, match="sudah ditutup"):
        services.enroll(batch, make.trainee(), by=officer)
    services.answer_own(held, S.SUBMITTED, by=user)
    assert held.status is S.SUBMITTED


def test_nobody_is_held_for_ever_by_a_batch_that_was_never_held(make, officer, at):
    at(2026, 10, 1, 1)
    user = make.user()
    batch = make.batch(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    person = make.trainee(user_id=user.id)
    held = make.enrollment(batch, person, status=S.CONFIRMED)
    at(2026, 10, 20, 1)
    with pytest.raises(RuleViolation, match="sudah dimulai"):
        services.withdraw(held, reason="tidak jadi diadakan", by=user)
    at(2026, 11, 10, 1)
    assert "kehadirannya belum dicatat" in str(story_of(eligibility.own_facts(held)).sentence)
    make.attendance(make.session(batch, held_on=date(2026, 10, 12)), make.attendee(batch))
    with pytest.raises(RuleViolation, match="sudah dimulai"):  # it was held
        services.withdraw(held, reason="tidak jadi diadakan", by=user)
    database.session.execute(delete(Attendance))
    database.session.commit()
    services.withdraw(held, reason="tidak jadi diadakan", by=user)
    assert (
        services.enroll(make.batch(batch.course, starts_on=date(2026, 12, 1)), person, by=user).status
        is S.SUBMITTED
    )


def test_an_offer_on_the_eve_ends_with_the_eve(make, officer, at, post):
    at(2026, 10, 11, 8)  # 16.00 in Rantau
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch, trainee=make.trainee(email="siti@contoh.id"))
    services.offer_seat(held, by=officer)
    post()
    assert held.offer_ends_at == at(2026, 10, 11, 16)


def test_an_offer_ends_by_the_clock_alone_and_can_be_made_again(make, officer, browser, at, post):
    at(2026, 10, 1, 1)
    browser.sign_in(officer)
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch, trainee=make.trainee(email="siti@contoh.id"))
    services.offer_seat(held, by=officer)
    shown = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert "akhiri tawaran" not in shown.text
    post()
    at(2026, 10, 2, 2)
    for _written in range(2):  # by the calendar, then written down
        shown = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
        assert shown.soup.select_one(f'a[href="/enrollments/{held.id}/offer"]')
        services.catch_up_all(by=officer)
    services.offer_seat(held, by=officer)
    assert held.offer_ends_at is None  # the mail has not left: nobody's time runs
    post()
    assert (held.status, hours_left(held)) == (S.OFFERED, 24)


def test_a_lapsed_offer_is_not_made_again_beside_a_new_request(make, officer, at, post):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12))
    held = waiting(make, batch, trainee=make.trainee(email="siti@contoh.id"))
    services.offer_seat(held, by=officer)
    post()
    at(2026, 10, 2, 2)
    services.enroll(batch, held.trainee, by=officer)
    with pytest.raises(Conflict, match="sudah mendaftar lagi"):
        services.offer_seat(held, by=officer)


def test_yes_to_an_offer_is_yes_to_coming(make, officer, untold):
    batch = make.batch()
    held = waiting(make, batch, trainee=make.trainee(user=make.user()))
    services.offer_seat(held, by=officer)
    services.answer_own(held, S.ACCEPTED, by=held.trainee.user)
    assert held.status is S.CONFIRMED
    assert untold(held.trainee) == []
    assert "hadir pada hari pertama" in str(story_of(eligibility.own_facts(held)).sentence)


def test_who_agreed_to_other_days_is_asked_again(make, officer, outbox):
    batch = make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=20))
    held = make.enrollment(batch, make.trainee(email="siti@contoh.id"), status=S.CONFIRMED)
    courses.change_batch(batch, venue="Aula Kecamatan", by=officer)
    assert held.status is S.CONFIRMED
    days = {"starts_on": batch.starts_on + timedelta(days=1), "ends_on": batch.ends_on + timedelta(days=1)}
    courses.change_batch(batch, **days, by=officer)
    assert held.status is S.ACCEPTED
    assert (
        "Mohon dijawab lagi apakah Bapak/Ibu bersedia hadir pada tanggal yang baru" in outbox()[-1].body
    )  # one mail, of both changes


@pytest.mark.parametrize("ended", ["withdrawn", "absent"])
def test_a_seat_ended_by_mistake_is_given_back(make, officer, browser, ended):
    browser.sign_in(officer)
    today = clock.today("Asia/Makassar")
    batch = make.batch(starts_on=today, ends_on=today + timedelta(days=3), status=BatchStatus.CLOSED, quota=1)
    held = make.enrollment(batch, status=S.CONFIRMED)
    attendee = queries.find_attendee(batch.id, held.trainee_id)
    {"withdrawn": services.withdraw, "absent": services.end_absent}[ended](
        held, reason="Salah orang", by=officer
    )
    assert attendee.left_at is not None
    page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert page.soup.select_one(f'a[href="/enrollments/{held.id}/restore"]')

    browser.post("enrollments.restore_enrollment", enrollment_id=held.id, data={"reason": "x"}, expect=422)
    browser.post(
        "enrollments.restore_enrollment", enrollment_id=held.id, data={"reason": "Keliru membatalkan"}
    )
    assert (held.status, held.ended_as, attendee.left_at) == (
        S.CONFIRMED,
        None,
        None,
    )  # what she had answered is not asked again
    with pytest.raises(Conflict):
        services.restore_enrollment(held, reason="Keliru membatalkan", by=officer)


def test_what_was_no_seat_goes_back_where_it_was(make, officer, untold):
    batch = make.batch()
    asked, queued, offered, behind = (
        make.enrollment(batch),
        waiting(make, batch, 1),
        waiting(make, batch, 2),
        waiting(make, batch, 3),
    )
    services.offer_seat(offered, note="Desanya belum punya PSM", by=officer)
    assert offered.passed_over_reason == "Desanya belum punya PSM"
    for held in (asked, queued, offered):
        services.withdraw(held, reason="Salah orang", by=officer)
    assert "cadangan ke-1" in str(untold(behind.trainee)) or untold(behind.trainee) == []
    for held in (offered, asked, queued):
        services.restore_enrollment(held, reason="Keliru membatalkan", by=officer)
    assert (asked.status, queued.status, offered.status, offered.offer_ends_at) == (
        S.SUBMITTED,
        S.WAITLISTED,
        S.WAITLISTED,
        None,
    )
    assert queries.queue_of(batch.id) == [queued.id, offered.id, behind.id]
    assert "keliru diakhiri dan sudah dikembalikan" in untold(queued.trainee)[0]


def test_no_seat_is_given_back_that_is_taken(make, officer):
    batch = make.batch(quota=1)
    held = make.enrollment(batch, status=S.ACCEPTED)
    services.withdraw(held, reason="Berhalangan hadir", by=officer)
    make.enrollment(batch, status=S.ACCEPTED)
    with pytest.raises(RuleViolation, match="sudah terisi"):
        services.restore_enrollment(held, reason="Keliru membatalkan", by=officer)


@pytest.mark.parametrize("was_notified", [True, False])
def test_a_seat_elsewhere_takes_an_offer_back_and_its_loss_brings_it_again(
    make, officer, untold, db, was_notified
):
    person = make.trainee(email=None)
    first, second = make.batch(quota=1, admission=Admission.AUTOMATIC), make.batch()
    offered, behind = waiting(make, first, trainee=person), waiting(make, first, 5)
    services.catch_up(first.id, by=officer)
    assert offered.status is S.OFFERED
    if was_notified:
        workspace.mark_told(
            first,
            [row.id for row in db.session.scalars(select(Notice).where(Notice.person_id == person.id))],
            by=officer,
        )
    services.accept_enrollment(make.enrollment(second, person), by=officer)
    assert (offered.status, offered.offer_ends_at, behind.status) == (S.WAITLISTED, None, S.OFFERED)
    (told,) = [text for text in untold(person) if "cadangan" in text]
    if was_notified:
        assert told.startswith("Tawaran tempat ditarik")
        assert second.code in told
        assert "tetap tercatat sebagai cadangan" in told
    else:
        assert told.startswith("Anda menjadi cadangan")
    services.withdraw(behind, reason="berhalangan hadir", by=officer)
    assert offered.status is S.WAITLISTED
    courses.cancel_batch(second, reason="Anggaran ditunda tahun ini", by=officer)
    assert offered.status is S.OFFERED


@pytest.mark.parametrize(
    ("end", "taken"), [(SeatEnd.FAILED, True), (SeatEnd.REVOKED, True), (SeatEnd.CANCELLED, False)]
)
def test_the_days_of_a_seat_that_was_used_stay_taken(make, officer, end, taken):
    starts_on = clock.today("Asia/Makassar") + timedelta(days=9)
    here, there = make.batch(starts_on=starts_on), make.batch(starts_on=starts_on + timedelta(days=1))
    held = make.enrollment(there, status=S.CONFIRMED, ended_as=end, ended_at=clock.now())
    facts = eligibility.facts_of_asking(here, [held.trainee])[held.trainee_id]
    assert (facts.seated_in, facts.busy_in is not None) == (None, taken)


def test_nobody_is_present_in_two_places(make, officer):
    today = clock.today("Asia/Makassar")
    days = {"starts_on": today, "ends_on": today, "status": BatchStatus.RUNNING}
    here, there = make.batch(**days), make.batch(make.course(tier="madya"), **days)
    session, other = make.session(here), make.session(there)
    person = make.trainee()
    one, two = make.attendee(here, person), make.attendee(there, person)
    attendance.record_presences(session, {one.id: Entry(Presence.PRESENT)}, by=officer)
    with pytest.raises(RuleViolation, match=f"di angkatan lain: {person.name}"):
        attendance.record_presences(other, {two.id: Entry(Presence.LATE, 5)}, by=officer)
    attendance.record_presences(other, {two.id: Entry(Presence.ABSENT)}, by=officer)
    attendance.record_presences(session, {one.id: Entry(Presence.ABSENT)}, by=officer)
    attendance.record_presences(other, {two.id: Entry(Presence.PRESENT)}, by=officer)


def test_the_next_batch_is_none_that_has_refused_her(make, officer):
    first = make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=9))
    later = make.batch(first.course, starts_on=first.starts_on + timedelta(days=30))
    held = make.enrollment(first)
    assert eligibility.next_batches(held.trainee)[first.course.tier_id] is first
    services.reject_enrollment(held, reason="Desa sudah terwakili", by=officer)
    assert eligibility.next_batches(held.trainee)[first.course.tier_id] is later


def test_who_lost_what_her_seat_asks_for_reads_that_it_is_being_decided(make):
    held = make.enrollment(make.batch(make.course(tier="madya")), status=S.CALLED)
    story = story_of(eligibility.own_facts(held))
    assert "sedang diputuskan panitia" in str(story.sentence)
    assert story.ask is None


def test_nobody_is_kept_as_an_exception_who_meets_all_that_is_asked(make, officer):
    held = make.enrollment(make.batch(), status=S.ACCEPTED)
    with pytest.raises(Conflict, match="memenuhi semua syarat"):
        workspace.keep_enrollment(held, reason="Tetap diikutkan", by=officer)


def test_an_undone_merge_takes_what_was_not_told_back_to_its_own_person(make, officer, untold):
    one, other = make.trainee(), make.trainee()
    held = make.enrollment(make.batch(), one)
    merge = trainees.merge_trainees(one, other, "Satu orang", by=officer, despite_differences=True)
    services.accept_enrollment(held, by=officer)
    trainees.undo_merge(merge, officer)
    assert untold(other) == []
    assert any("Penggabungan" in words for words in untold(one))


def test_changes_that_nobody_told_are_told_once_as_they_are_now(make, officer, untold, at):
    at(2026, 10, 1, 1)
    batch = make.batch(starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15))
    held = make.enrollment(batch, status=S.CONFIRMED)
    for day in (19, 26):
        courses.change_batch(
            batch, starts_on=date(2026, 10, day), ends_on=date(2026, 10, day + 3), by=officer
        )
    (words,) = untold(held.trainee)
    assert "semula 12 s.d. 15 Oktober 2026, menjadi 26 s.d. 29 Oktober 2026" in words
    assert "bersedia hadir pada tanggal yang baru" in words
    courses.change_batch(batch, starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 15), by=officer)
    assert (untold(held.trainee), held.status) == ([], S.CONFIRMED)
