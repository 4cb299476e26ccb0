"""What seats make of decisions about the records of people: merged, parted, a death, a standing recorded by
mistake.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.core.text import Text
from app.core.unit_of_work import atomic
from app.courses import services as courses
from app.courses.lines import known_of_batch
from app.courses.rules import Admission, BatchStatus
from app.enrollments import eligibility, mails, messages, queries, services
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.enrollments.wording import WITHOUT_NEXT, story_of
from app.extensions import db as database
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.regions.rules import WITA
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus

S, T = EnrollmentStatus, TraineeStatus


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def texts_to(*people):
    ids = {person.id for person in people}
    return [
        notice.text
        for notice in database.session.scalars(select(Notice).order_by(Notice.id))
        if notice.person_id in ids
    ]


def waiting(make, batch, person, minutes):
    return make.enrollment(
        batch, person, status=S.WAITLISTED, waiting_since=clock.now() - timedelta(minutes=minutes)
    )


@pytest.mark.parametrize("kept_has_account", [False, True])
def test_she_asks_for_herself_whichever_record_her_account_hangs_on(make, dinas, kept_has_account):
    user = make.user()
    hers = make.trainee(user_id=user.id, status=T.CANDIDATE)
    kept = make.trainee(user_id=make.user().id if kept_has_account else None, status=T.CANDIDATE)
    trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    with pytest.raises(NotFound):
        services.enroll(make.batch(), kept, by=make.user())
    held = services.enroll(make.batch(), kept, by=user)
    assert (held.trainee_id, held.status) == (kept.id, S.SUBMITTED)
    services.withdraw(held, reason="berhalangan hadir", by=user)
    assert texts_to(hers, kept) == []  # whoever withdraws herself is not told by others
    with pytest.raises(Conflict, match=f"data nomor {kept.id}"):
        services.enroll(make.batch(), hers, by=dinas)


@pytest.mark.parametrize("the_earlier_is_kept", [True, False])
def test_of_two_places_in_one_queue_the_earlier_stays_and_both_come_back(make, dinas, the_earlier_is_kept):
    batch = make.batch(quota=1)
    one, between, other = (make.trainee() for _ in range(3))
    first, middle, last = (
        waiting(make, batch, person, minutes) for person, minutes in ((one, 3), (between, 2), (other, 1))
    )
    duplicate, canonical = (other, one) if the_earlier_is_kept else (one, other)

    merge = trainees.merge_trainees(duplicate, canonical, "Satu orang", dinas, despite_differences=True)

    assert queries.queue_of(batch.id) == [first.id, middle.id]
    assert (first.ended_as, last.ended_as) == (None, SeatEnd.MERGED)
    (told,) = texts_to(canonical, duplicate)
    assert "tetap berlaku: cadangan ke-1" in told
    assert "angkatan lain" not in told

    trainees.undo_merge(merge, dinas)

    assert queries.queue_of(batch.id) == [first.id, middle.id, last.id]
    assert ["cadangan ke-1" in texts_to(one)[-1], "cadangan ke-3" in texts_to(other)[-1]] == [True, True]
    assert all("Penggabungan itu dibatalkan" in texts_to(person)[-1] for person in (one, other))
    assert "disatukan" not in str(story_of(eligibility.own_facts(last)).sentence)


@pytest.mark.parametrize("end", list(SeatEnd))
def test_only_whoever_may_ask_elsewhere_is_told_so(make, end):
    held = make.enrollment(make.batch(), status=S.ACCEPTED, ended_as=end)
    mail = mails.ended(held, make.batch(), sender="Dinas", base_url="https://x")
    assert ("Bapak/Ibu dapat mendaftar pada angkatan lain." in [str(line) for line in mail.opening]) == (
        end not in WITHOUT_NEXT
    )
    assert any("berikutnya" in str(label) for label, _value in mail.facts) == (end not in WITHOUT_NEXT)


def test_nobody_writes_to_the_dead_and_what_was_untold_falls_away(make, dinas):
    batch, later = make.batch(), make.batch()
    person = make.trainee(email=None)
    held = make.enrollment(batch, person, status=S.WAITLISTED, waiting_since=clock.now())
    services.accept_enrollment(held, by=dinas)
    assert len(texts_to(person)) == 1
    trainees.change_standing(person, T.DECEASED, clock.today(WITA), "Surat kematian", dinas)
    asked = make.enrollment(later, person, status=S.SUBMITTED)
    services.reject_enrollment(asked, reason="sudah meninggal", by=dinas)
    assert len(texts_to(person)) == 1
    (notice,) = database.session.scalars(select(Notice).where(Notice.person_id == person.id))
    assert notice.told_at is None
    assert notice.overtaken_at is not None


@pytest.mark.parametrize(
    ("status", "words"),
    [(S.ACCEPTED, "diterima"), (S.CONFIRMED, "Yang berlaku sekarang"), (S.WAITLISTED, None)],
)
def test_who_was_taken_for_dead_is_told_how_a_seat_that_went_on_stands_now(make, dinas, status, words):
    today = clock.today(WITA)
    running = make.batch(
        starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1), status=BatchStatus.RUNNING
    )
    person, other = make.trainee(email=None), make.trainee(email=None)
    held = make.enrollment(running, person, status=status, waiting_since=clock.now())
    theirs = make.enrollment(running, other, status=status)
    with atomic():
        for each in (held, theirs):
            messages.plan_changed(each, known_of_batch([(Text("Tempat"), "Aula", "Balai Desa")]))
    trainees.change_standing(person, T.DECEASED, today, "Kabar dari desa", dinas)

    trainees.take_back_standing(person, "Keliru orang", dinas)

    untold = [
        notice.text
        for notice in database.session.scalars(select(Notice).where(Notice.person_id == person.id, *UNTOLD))
    ]
    assert (
        [words in text for text in untold] == [True]
        if words
        else all("keliru dicatat" in text for text in untold)
    )
    assert len(texts_to(other)) == 1


@pytest.mark.parametrize("status", [T.DECEASED, T.RESIGNED, T.MOVED, T.INACTIVE])
@pytest.mark.parametrize("seat_is_given_away", [False, True])
def test_a_mistake_taken_back_gives_the_seat_back_or_the_first_place_in_the_queue(
    make, dinas, status, seat_is_given_away, db
):
    batch = make.batch(quota=1)
    person = make.trainee(email=None)
    held = make.enrollment(batch, person, status=S.CONFIRMED)
    before = [tuple(row) for row in db.session.execute(select(Enrollment.__table__))]
    trainees.change_standing(person, status, clock.today(WITA), "Kabar dari desa", dinas)
    assert held.ended_as is SeatEnd.NOT_SERVING
    told = len(texts_to(person))
    if seat_is_given_away:
        make.enrollment(batch, status=S.ACCEPTED)

    trainees.take_back_standing(person, "Keliru orang", dinas)

    assert person.status is T.ACTIVE
    attendee = db.session.scalars(select(Attendee).where(Attendee.trainee_id == person.id)).one()
    text = texts_to(person)[told]
    assert "keliru dicatat dan sudah dibetulkan" in text
    if seat_is_given_away:
        assert (held.ended_as, held.status, attendee.left_at is None) == (None, S.WAITLISTED, False)
        assert "cadangan ke-1" in text
        assert "sudah diberikan atau ditawarkan" in text
    else:
        assert [tuple(row) for row in db.session.execute(select(Enrollment.__table__))] == before
        assert (attendee.left_at, queries.count_seats(batch.id)) == (None, 1)
        assert "berlaku lagi" in text


def test_a_queue_is_served_when_a_merge_takes_the_better_standing(make, dinas):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    kept, active = make.trainee(status=T.INACTIVE), make.trainee()
    held = waiting(make, batch, kept, 1)
    trainees.merge_trainees(active, kept, "Satu orang", dinas, despite_differences=True)
    assert (held.ended_as, held.status) == (None, S.OFFERED)


@pytest.mark.parametrize("seat_is_given_away", [False, True])
def test_a_death_of_the_other_record_falls_away_with_the_merge(make, dinas, seat_is_given_away):
    batch = make.batch(quota=1)
    one, other = make.trainee(email=None), make.trainee()
    held = make.enrollment(batch, one, status=S.ACCEPTED)
    merge = trainees.merge_trainees(one, other, "Satu orang", dinas, despite_differences=True)
    trainees.change_standing(other, T.DECEASED, clock.today(WITA), "Surat kematian", dinas)
    assert held.ended_as is SeatEnd.NOT_SERVING
    if seat_is_given_away:
        make.enrollment(batch, status=S.ACCEPTED)

    trainees.undo_merge(merge, dinas)

    assert (one.status, other.status) == (T.ACTIVE, T.DECEASED)
    if seat_is_given_away:
        assert (held.ended_as, held.status) == (None, S.WAITLISTED)
        assert "berlaku: cadangan ke-1" in texts_to(one)[-1]
    else:
        assert (held.ended_as, queries.count_seats(batch.id)) == (None, 1)
        assert "berlaku: diterima" in texts_to(one)[-1]


def test_who_left_before_the_merge_does_not_come_back_with_its_undoing(make, dinas):
    one, other = make.trainee(), make.trainee(status=T.RESIGNED)
    gone = make.enrollment(
        make.batch(),
        other,
        status=S.ACCEPTED,
        ended_as=SeatEnd.NOT_SERVING,
        ended_at=clock.now() - timedelta(days=1),
    )
    merge = trainees.merge_trainees(other, one, "Satu orang", dinas, despite_differences=True)
    trainees.undo_merge(merge, dinas)
    assert gone.ended_as is SeatEnd.NOT_SERVING


def untold(person):
    query = select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
    return [notice.text for notice in database.session.scalars(query)]


def test_nobody_hears_of_a_parting_who_never_heard_of_the_merge(make, dinas, outbox):
    one, other = make.trainee(email=None), make.trainee(email="lain@contoh.id")
    held = make.enrollment(make.batch(), one, status=S.WAITLISTED, waiting_since=clock.now())
    services.accept_enrollment(held, by=dinas)
    before = untold(one)
    merge = trainees.merge_trainees(one, other, "Satu orang", dinas, despite_differences=True)
    trainees.undo_merge(merge, dinas)
    assert untold(one) == before
    assert "diterima" in before[0]
    assert (untold(other), outbox()) == ([], [])


@pytest.mark.parametrize("kept_has_email", [False, True])
def test_what_ended_while_two_were_one_is_told_to_its_own_person(make, dinas, outbox, kept_has_email):
    one, other = make.trainee(email=None), make.trainee(email="lain@contoh.id" if kept_has_email else None)
    held = make.enrollment(make.batch(), one, status=S.ACCEPTED)
    merge = trainees.merge_trainees(one, other, "Satu orang", dinas, despite_differences=True)
    services.withdraw(held, reason="Salah orang", by=dinas)
    trainees.undo_merge(merge, dinas)
    (text,) = untold(one)
    assert "berlaku: batal" in text
    assert "Salah orang" in text
    assert untold(other) == []
    if kept_has_email:
        assert "milik orang lain" in outbox()[-1].body


def test_a_merged_participant_is_called_by_the_record_that_counts_until_they_are_parted(make, dinas, browser):
    batch = make.batch()
    one, kept = make.trainee(name="Aminah T. Baramban"), make.trainee(name="Aminah Tulis")
    held = make.enrollment(batch, one, status=S.ACCEPTED)
    (attendee,) = queries.list_attendees(batch)
    merge = trainees.merge_trainees(one, kept, "Satu orang", dinas, despite_differences=True)
    assert (held.name, attendee.name) == ("Aminah Tulis", "Aminah Tulis")
    assert "Aminah Tulis" in messages_of(held)
    browser.sign_in(dinas)
    assert "Baramban" not in browser.get("enrollments.list_enrollments", batch_id=batch.id).text
    trainees.undo_merge(merge, dinas)
    assert (held.name, attendee.name) == ("Aminah T. Baramban", "Aminah T. Baramban")


def messages_of(held):
    return mails.accepted(held, sender="Dinas", base_url="https://x").name


def test_the_page_of_an_enrollment_says_its_result_and_not_that_its_own_certificate_stands_against_it(
    make, dinas, browser
):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    attendee = make.attendee(batch)
    make.graduation(batch, attendee)
    certificate = make.certificate(attendee)
    make.qualification(
        attendee.trainee, source="certificate", source_id=certificate.id, number=certificate.number
    )
    (held,) = queries.enrollments_of([attendee.trainee_id])
    browser.sign_in(dinas)
    page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert "Belum memenuhi syarat" not in page.text
    assert "Lulus" in page.text
    assert certificate.number in page.text


def test_whoever_was_withdrawn_by_the_other_records_account_is_told_when_they_part(make, dinas):
    user = make.user()
    hers, kept = make.trainee(user_id=user.id), make.trainee(email=None)
    held = make.enrollment(make.batch(), kept, status=S.CONFIRMED)
    merge = trainees.merge_trainees(hers, kept, "Satu orang", dinas, despite_differences=True)
    services.withdraw(held, reason="berhalangan hadir", by=user)
    assert texts_to(kept) == []

    trainees.undo_merge(merge, dinas)

    (told,) = texts_to(kept)
    assert "berlaku: batal" in told
    assert "berhalangan hadir" in told


def test_what_comes_back_into_a_batch_that_was_cancelled_meanwhile_ends_with_it_and_is_told(make, dinas):
    batch = make.batch()
    duplicate, kept = make.trainee(status=T.CANDIDATE), make.trainee(status=T.CANDIDATE)
    make.enrollment(batch, kept, status=S.ACCEPTED)
    asking = make.enrollment(batch, duplicate, status=S.SUBMITTED)
    merge = trainees.merge_trainees(duplicate, kept, "Satu orang", dinas, despite_differences=True)
    assert asking.ended_as is SeatEnd.MERGED
    courses.cancel_batch(batch, reason="Anggaran ditunda", by=dinas)

    trainees.undo_merge(merge, dinas)

    assert (asking.ended_as, asking.ended_reason) == (SeatEnd.CANCELLED, "Anggaran ditunda")
    assert "Anggaran ditunda" in texts_to(duplicate)[-1]
    assert not queries.is_over(make.enrollment(make.batch(), duplicate, status=S.SUBMITTED))


@pytest.mark.parametrize("came_back", [True, False])
def test_a_batch_that_is_over_wakes_nothing_that_a_merge_had_ended_and_tells_nothing_anew(
    make, dinas, came_back
):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=6),
        status=BatchStatus.RUNNING,
        recorded_at=clock.now() - timedelta(days=30),
    )
    duplicate, kept = (
        make.trainee(email=None, status=T.CANDIDATE),
        make.trainee(email=None, status=T.CANDIDATE),
    )
    merge = trainees.merge_trainees(duplicate, kept, "Satu orang", dinas, despite_differences=True)
    asking = make.enrollment(
        batch, duplicate, status=S.SUBMITTED, ended_as=SeatEnd.MERGED, ended_at=clock.now()
    )
    result = (
        make.enrollment(batch, duplicate, status=S.CONFIRMED, ended_as=SeatEnd.FAILED, ended_at=clock.now())
        if came_back
        else None
    )
    before = texts_to(duplicate, kept)

    trainees.undo_merge(merge, dinas)

    assert asking.ended_as is (SeatEnd.MERGED if came_back else SeatEnd.OVER)
    assert result is None or result.ended_as is SeatEnd.FAILED
    assert texts_to(duplicate, kept) == before
