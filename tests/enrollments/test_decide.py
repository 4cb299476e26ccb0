"""Every move of an enrollment after it was asked for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, NotFound, RuleViolation
from app.courses.rules import Admission, BatchStatus
from app.enrollments import lines, queries, services
from app.enrollments.models import Attendee
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def actions():
    return list(
        database.session.scalars(
            select(Event.action).where(Event.subject_type == "Enrollment").order_by(Event.id)
        )
    )


def waiting(make, batch, **values):
    return make.enrollment(batch, status=S.WAITLISTED, waiting_since=clock.now(), **values)


def test_accepting_gives_a_seat_makes_an_attendee_and_tells_the_person(make, officer, outbox):
    enrollment = make.enrollment(make.batch(to_bring="KTP"), make.trainee(email="siti@contoh.id"))

    services.accept_enrollment(enrollment, note="Mewakili desa", by=officer)

    assert (enrollment.status, enrollment.note, enrollment.decided_label) == (
        S.ACCEPTED,
        "Mewakili desa",
        officer.name,
    )
    assert enrollment.decided_by_id == officer.id
    assert [each.trainee_id for each in queries.list_attendees(enrollment.batch)] == [enrollment.trainee_id]
    assert actions() == ["enrollment.accepted"]
    (mail,) = outbox()
    assert mail.recipient == "siti@contoh.id"
    for words in (enrollment.batch.venue, "KTP", "Ibu Ratna", "/me/enrollments"):
        assert words in mail.body


def test_nobody_is_written_to_without_an_address(make, officer, outbox):
    services.accept_enrollment(make.enrollment(), by=officer)

    assert outbox() == []


def test_a_full_batch_refuses_another_trainee(make, officer):
    batch = make.batch(quota=1)
    make.enrollment(batch, status=S.ACCEPTED)
    enrollment = make.enrollment(batch)

    with pytest.raises(RuleViolation, match=r"Semua tempat \(1\) sudah terisi"):
        services.accept_enrollment(enrollment, by=officer)

    assert enrollment.status is S.SUBMITTED
    assert actions() == []
    assert len(queries.list_attendees(batch)) == 1


@pytest.mark.parametrize("status", [S.ACCEPTED, S.CALLED, S.CONFIRMED, S.OFFERED])
def test_seats_kept_count_as_taken(make, officer, status):
    batch = make.batch(quota=1)
    make.enrollment(batch, status=status)

    with pytest.raises(RuleViolation, match="sudah terisi"):
        services.accept_enrollment(make.enrollment(batch), by=officer)


def test_accepting_twice_is_a_conflict(make, officer):
    enrollment = make.enrollment(status=S.ACCEPTED)

    with pytest.raises(Conflict, match="sudah diputuskan"):
        services.accept_enrollment(enrollment, by=officer)


def test_somebody_seated_in_another_batch_of_the_tier_gets_no_second_seat(make, officer):
    seated = make.enrollment(status=S.ACCEPTED)
    second = make.enrollment(make.batch(seated.batch.course), seated.trainee)

    with pytest.raises(Conflict, match=seated.batch.code):
        services.accept_enrollment(second, by=officer)


def test_nor_through_a_duplicate_record(make, officer):
    seated = make.enrollment(status=S.ACCEPTED)
    duplicate = make.trainee(canonical_id=seated.trainee_id)
    second = make.enrollment(make.batch(seated.batch.course), duplicate)

    with pytest.raises(Conflict, match=seated.batch.code):
        services.accept_enrollment(second, by=officer)


def test_what_ceased_to_be_true_since_asking_is_looked_at_again(make, officer):
    enrollment = make.enrollment()
    enrollment.trainee.status = TraineeStatus.MOVED
    database.session.commit()

    with pytest.raises(RuleViolation, match="Pindah"):
        services.accept_enrollment(enrollment, by=officer)


@pytest.mark.parametrize("status", [BatchStatus.DRAFT, BatchStatus.FINISHED, BatchStatus.CANCELLED])
def test_seats_of_a_batch_that_does_not_live_stay_as_they_are(make, officer, status):
    batch = make.batch(status=status)

    with pytest.raises(RuleViolation):
        services.accept_enrollment(make.enrollment(batch), by=officer)
    with pytest.raises(RuleViolation):
        services.withdraw(make.enrollment(batch, status=S.ACCEPTED), reason="sakit", by=officer)


def test_an_approved_graduation_closes_the_list_of_participants(make, officer):
    batch = make.batch(status=BatchStatus.RUNNING)
    make.graduation(batch)

    with pytest.raises(RuleViolation, match="sudah disetujui"):
        services.withdraw(make.enrollment(batch, status=S.ACCEPTED), reason="sakit", by=officer)
    with pytest.raises(RuleViolation, match="sudah disetujui"):
        services.accept_enrollment(make.enrollment(batch), by=officer)


def test_withdrawing_frees_the_seat_and_keeps_what_happened(make, officer):
    batch = make.batch(quota=1)
    attendee = make.attendee(batch)
    enrollment = queries.list_enrollments(batch)[0]

    services.withdraw(enrollment, reason="Ada keluarga yang sakit", by=officer)

    assert (enrollment.status, enrollment.note) == (S.WITHDRAWN, "Ada keluarga yang sakit")
    assert attendee.left_at is not None
    assert queries.count_seats(batch.id) == 0
    assert queries.list_attendees(batch) == []
    assert queries.list_attendees(batch, active_only=False) == [attendee]


def test_who_comes_back_is_the_same_attendee(make, officer):
    attendee = make.attendee()
    services.withdraw(queries.list_enrollments(attendee.batch)[0], reason="sakit", by=officer)

    services.accept_enrollment(services.enroll(attendee.batch, attendee.trainee, by=officer), by=officer)

    assert attendee.left_at is None
    assert database.session.scalars(select(Attendee)).all() == [attendee]


@pytest.mark.parametrize(
    "decide", [services.withdraw, services.reject_enrollment, services.return_enrollment]
)
def test_a_decision_against_somebody_needs_a_reason(make, officer, decide):
    enrollment = make.enrollment()

    with pytest.raises(RuleViolation) as refusal:
        decide(enrollment, reason=" - ", by=officer)

    assert refusal.value.field == "reason"
    assert enrollment.status is S.SUBMITTED


@pytest.mark.parametrize(
    ("decide", "status", "words"),
    [
        (services.reject_enrollment, S.REJECTED, "belum dapat diterima"),
        (services.return_enrollment, S.RETURNED, "perlu dilengkapi"),
    ],
)
def test_a_decision_against_somebody_tells_the_reason(make, officer, outbox, decide, status, words):
    enrollment = make.enrollment(trainee=make.trainee(email="siti@contoh.id"))

    decide(enrollment, reason="Foto KTP tidak terbaca", by=officer)

    assert (enrollment.status, enrollment.note) == (status, "Foto KTP tidak terbaca")
    assert "Foto KTP tidak terbaca" in outbox()[0].body
    assert words in outbox()[0].body
    assert actions() == [f"enrollment.{status}"]


@pytest.mark.parametrize(
    ("decide", "before", "after"),
    [
        (services.verify_enrollment, S.SUBMITTED, S.VERIFIED),
        (services.waitlist_enrollment, S.VERIFIED, S.WAITLISTED),
        (services.call_enrollment, S.ACCEPTED, S.CALLED),
        (services.confirm_enrollment, S.CALLED, S.CONFIRMED),
        (services.submit_enrollment, S.RETURNED, S.SUBMITTED),
    ],
)
def test_every_other_move_is_kept_with_its_event(make, officer, decide, before, after):
    enrollment = make.enrollment(status=before)

    decide(enrollment, by=officer)

    assert enrollment.status is after
    assert actions() == [f"enrollment.{after}"]
    with pytest.raises(Conflict):
        decide(enrollment, by=officer)


def test_an_offer_keeps_a_seat_and_needs_a_free_one(make, officer, outbox, post):
    batch = make.batch(quota=1)
    first, second = waiting(make, batch, trainee=make.trainee(email="siti@contoh.id")), waiting(make, batch)

    services.offer_seat(first, by=officer)

    assert queries.count_seats(batch.id) == 1
    assert "Mohon dijawab dalam 24 jam sesudah kabar ini" in outbox()[0].body
    post()
    assert first.offer_ends_at - clock.now() > timedelta(hours=23)
    with pytest.raises(RuleViolation, match="sudah terisi"):
        services.offer_seat(second, by=officer)
    assert services.accept_enrollment(first, by=officer).status is S.ACCEPTED


def test_a_freed_seat_is_offered_to_the_first_of_the_queue_where_admission_is_automatic(
    make, officer, at, post
):
    at(2026, 12, 31)
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC, starts_on=date(2027, 2, 1))
    seated, first = (
        make.enrollment(batch, status=S.CONFIRMED),
        waiting(make, batch, trainee=make.trainee(email="siti@contoh.id")),
    )
    second = waiting(make, batch)

    services.withdraw(seated, reason="sakit", by=officer)
    assert (first.status, second.status) == (S.OFFERED, S.WAITLISTED)
    post()

    at(2027, 1, 2)
    services.catch_up(batch.id, by=officer)
    assert (first.status, second.status) == (S.LAPSED, S.OFFERED)


def test_a_freed_seat_waits_for_the_committee_where_admission_is_manual(make, officer):
    batch = make.batch(quota=1)
    seated, first = make.enrollment(batch, status=S.CONFIRMED), waiting(make, batch)

    services.withdraw(seated, reason="sakit", by=officer)

    assert first.status is S.WAITLISTED


def test_many_are_accepted_together(make, officer, outbox):
    batch = make.batch(quota=3)
    chosen = [make.enrollment(batch, make.trainee(email=f"psm{n}@contoh.id")) for n in range(3)]

    accepted = services.accept_many(batch, [each.id for each in chosen], by=officer)

    assert {each.status for each in accepted} == {S.ACCEPTED}
    assert queries.count_seats(batch.id) == 3
    assert len(outbox()) == 3
    assert actions() == ["enrollment.accepted"] * 3


def test_too_many_are_not_accepted_at_all(make, officer):
    batch = make.batch(quota=2)
    chosen = [make.enrollment(batch) for _ in range(3)]

    with pytest.raises(RuleViolation, match="Anda memilih 3 orang, padahal tinggal 2 tempat"):
        services.accept_many(batch, [each.id for each in chosen], by=officer)

    assert queries.count_seats(batch.id) == 0


def test_one_foreign_enrollment_refuses_the_whole_choice(make, officer):
    batch = make.batch()
    own, foreign = make.enrollment(batch), make.enrollment()

    with pytest.raises(NotFound):
        services.accept_many(batch, [own.id, foreign.id], by=officer)
    with pytest.raises(NotFound):
        services.waitlist_many(batch, [own.id, foreign.id], by=officer)

    assert (own.status, foreign.status) == (S.SUBMITTED, S.SUBMITTED)


def test_one_decided_before_refuses_the_whole_choice_by_name(make, officer):
    batch = make.batch()
    good, decided = (
        make.enrollment(batch),
        make.enrollment(batch, make.trainee(name="Aminah"), status=S.REJECTED),
    )

    with pytest.raises(Conflict, match="Aminah"):
        services.accept_many(batch, [good.id, decided.id], by=officer)

    assert good.status is S.SUBMITTED


def test_the_first_get_seats_and_the_others_become_cadangan_in_their_order(make, officer):
    batch = make.batch(quota=2)
    asked = [make.enrollment(batch) for _ in range(4)]

    accepted, waiting_now = services.accept_and_waitlist(batch, [each.id for each in asked[:2]], by=officer)

    assert [each.id for each in accepted] == [asked[0].id, asked[1].id]
    assert [each.id for each in waiting_now] == [asked[2].id, asked[3].id]
    assert [queries.position_in_queue(each) for each in asked] == [None, None, 1, 2]


def test_an_empty_choice_is_refused(make, officer):
    with pytest.raises(RuleViolation, match="sedikitnya satu"):
        services.accept_many(make.batch(), [], by=officer)


def test_places_are_counted_by_kecamatan_and_each_number_opens_its_names(make, browser, officer):
    batch = make.batch()
    make.enrollment(batch, make.trainee("63.05.06.2001"), status=S.ACCEPTED)
    make.enrollment(batch, make.trainee("63.05.06.2002"), status=S.WAITLISTED, waiting_since=clock.now())
    asking, back = (
        make.enrollment(batch, make.trainee("63.05.01.2003")),
        make.enrollment(batch, make.trainee("63.05.01.2003")),
    )
    services.return_enrollment(back, reason="Foto KTP kabur.", by=officer)
    make.enrollment(batch, make.trainee("63.05.02.2001"), status=S.REJECTED)

    counted = [
        (region.code, numbers)
        for region, numbers in lines.count_by_kecamatan(queries.list_enrollments(batch))
    ]

    assert counted == [
        ("63.05.01", {"asking": 1, "seated": 0, "waiting": 0, "returned": 1}),
        ("63.05.06", {"asking": 0, "seated": 1, "waiting": 1, "returned": 0}),
    ]
    browser.sign_in(officer)
    page = browser.get("enrollments.list_enrollments", batch_id=batch.id)
    assert "Menunggu keputusan (1)" in page.text
    links = {
        link.parent["data-unit"]: link["href"] for link in page.soup.select('td.num a[href*="63.05.01"]')
    }
    assert set(links) == {"menunggu", "dikembalikan"}
    page = browser.get(
        "enrollments.list_enrollments", batch_id=batch.id, kecamatan="63.05.01", group="asking"
    )
    (opened,) = page.soup.select("details.group-box[open]")
    assert [row.get_text(strip=True) for row in opened.select("tbody th")] == [asking.name]
