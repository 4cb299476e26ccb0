"""Asking for a seat."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.actor import PUBLIC, SYSTEM
from app.core.errors import Conflict, NotFound, RuleViolation
from app.courses.rules import Admission, BatchStatus
from app.enrollments import eligibility, queries, services
from app.enrollments.candidates import page_of_candidates
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.trainees.rules import TraineeStatus
from tests.factories import BANJARBARU, KALSEL, SEMARANG, in_letters

S = EnrollmentStatus


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


def actions(subject):
    events = (
        select(Event.action)
        .where(Event.subject_type == "Enrollment", Event.subject_id == subject.id)
        .order_by(Event.id)
    )
    return list(database.session.scalars(events))


def count_rows():
    return len(database.session.scalars(select(Enrollment.id)).all())


def test_with_manual_admission_it_is_a_request(make, officer):
    batch, trainee = make.batch(), make.trainee()

    enrollment = services.enroll(batch, trainee, by=officer)

    assert (enrollment.status, enrollment.trainee_id, enrollment.recorded_by_id) == (
        S.SUBMITTED,
        trainee.id,
        officer.id,
    )
    assert queries.find_attendee(batch.id, trainee.id) is None
    assert actions(enrollment) == ["enrollment.submitted"]


def test_with_automatic_admission_seats_go_first_come_first_served_then_the_queue_begins(
    make, officer, outbox
):
    batch = make.batch(admission=Admission.AUTOMATIC, quota=1)
    people = [make.trainee(email=f"psm{n}@contoh.id") for n in range(3)]

    made = [services.enroll(batch, person, by=officer) for person in people]

    assert [each.status for each in made] == [S.ACCEPTED, S.WAITLISTED, S.WAITLISTED]
    assert [queries.position_in_queue(each) for each in made] == [None, 1, 2]
    assert [each.trainee_id for each in queries.list_attendees(batch)] == [people[0].id]
    assert "cadangan ke-2" in outbox()[-1].body
    assert batch.venue in outbox()[0].body


def test_a_second_enrollment_in_the_same_batch_is_a_conflict(make, officer):
    enrollment = make.enrollment()

    with pytest.raises(Conflict, match="Sudah terdaftar"):
        services.enroll(enrollment.batch, enrollment.trainee, by=officer)

    assert count_rows() == 1


def test_a_seat_in_another_batch_of_the_tier_is_a_conflict(make, officer):
    seated = make.enrollment(status=S.CONFIRMED)
    other = make.batch(seated.batch.course)

    with pytest.raises(Conflict, match=seated.batch.code):
        services.enroll(other, seated.trainee, by=officer)


def test_waiting_in_several_batches_of_a_tier_is_allowed(make, officer):
    waiting = make.enrollment(status=S.WAITLISTED, waiting_since=clock.now())

    assert (
        services.enroll(make.batch(waiting.batch.course), waiting.trainee, by=officer).status is S.SUBMITTED
    )


def test_after_withdrawing_one_may_ask_again(make, officer):
    ended = make.enrollment(status=S.WITHDRAWN)

    assert services.enroll(ended.batch, ended.trainee, by=officer).status is S.SUBMITTED


@pytest.mark.parametrize("status", [BatchStatus.CLOSED, BatchStatus.FINISHED, BatchStatus.CANCELLED])
def test_only_an_open_batch_takes_people(make, officer, status):
    with pytest.raises(RuleViolation):
        services.enroll(make.batch(status=status), make.trainee(), by=officer)
    assert count_rows() == 0


def test_registration_ends_with_its_last_day(make, officer):
    yesterday = clock.today("Asia/Makassar") - timedelta(days=1)

    with pytest.raises(RuleViolation, match="sudah lewat"):
        services.enroll(make.batch(registration_closes_on=yesterday), make.trainee(), by=officer)


def test_somebody_who_died_cannot_be_enrolled(make, officer):
    with pytest.raises(RuleViolation, match="Meninggal"):
        services.enroll(make.batch(), make.trainee(status=TraineeStatus.DECEASED), by=officer)


def test_a_kabupaten_takes_people_of_its_own_region_only(make):
    stranger = make.trainee(desa="33.74.01.1001")
    neighbours = make.user(Role.KABUPATEN_DINAS, SEMARANG)

    with pytest.raises(RuleViolation, match="di luar wilayah Kabupaten Tapin"):
        services.enroll(make.batch(), stranger, by=neighbours)


def test_a_provinsi_takes_people_from_below_it(make):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    trainee = make.trainee()
    make.qualification(trainee)

    assert services.enroll(batch, trainee, by=make.user(Role.PROVINSI_DINAS, KALSEL)).status is S.SUBMITTED


def test_madya_needs_dasar_on_the_first_day(make, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    helping = make.batch()
    lacking, late, ended = make.trainee(), make.trainee(), make.trainee()
    make.qualification(late, held_from=batch.starts_on + timedelta(days=1))
    make.qualification(ended, held_to=batch.starts_on - timedelta(days=1))

    for person in (lacking, late, ended):
        with pytest.raises(RuleViolation, match=helping.venue):
            services.enroll(batch, person, by=officer)

    make.qualification(lacking, held_from=batch.starts_on)
    assert services.enroll(batch, lacking, by=officer).status is S.SUBMITTED


def test_the_prerequisite_may_be_held_under_a_duplicate_record(make, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    person = make.trainee()
    duplicate = make.trainee(canonical_id=person.id)
    make.qualification(duplicate)

    with pytest.raises(Conflict, match=f"data nomor {person.id}"):
        services.enroll(batch, duplicate, by=officer)
    assert services.enroll(batch, person, by=officer).trainee_id == person.id


def test_an_officer_lets_a_prerequisite_pass_with_a_reason_that_is_kept(make):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    lacking, holding = make.trainee(), make.trainee()
    make.qualification(holding)
    provinsi = make.user(Role.PROVINSI_DINAS, KALSEL)

    made = services.enroll_many(
        batch, [lacking, holding], by=provinsi, override_reason="Ijazah pekerjaan sosial diakui."
    )

    assert {each.trainee_id: each.override_reason for each in made} == {
        lacking.id: "Ijazah pekerjaan sosial diakui.",
        holding.id: None,
    }
    event = database.session.scalars(
        select(Event).where(Event.subject_id == made[0].id, Event.action == "enrollment.submitted")
    ).one()
    assert event.details is not None
    assert services.accept_enrollment(made[0], by=provinsi).status is S.ACCEPTED


def test_who_does_not_decide_about_the_batch_cannot_let_a_prerequisite_pass(make, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))

    with pytest.raises(RuleViolation, match="Hanya penyelenggara"):
        services.enroll(batch, make.trainee(), by=officer, override_reason="Sudah kami setujui.")


def test_a_prerequisite_passes_only_with_a_real_reason(make):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))

    with pytest.raises(RuleViolation, match="alasan"):
        services.enroll(
            batch, make.trainee(), by=make.user(Role.PROVINSI_DINAS, KALSEL), override_reason="ok"
        )


def test_a_tksk_enrols_her_own_people_and_nobody_elses(make):
    tksk = make.user(Role.TKSK, "63.05.06")
    batch = make.batch()

    assert services.enroll(batch, make.trainee("63.05.06.2001"), by=tksk).status is S.SUBMITTED
    with pytest.raises(NotFound):
        services.enroll(batch, make.trainee("63.05.01.2003"), by=tksk)


def test_a_volunteer_enrols_oneself_and_nobody_else(make):
    user = make.user()
    batch, own = make.batch(), make.trainee(user=user)

    assert services.enroll(batch, own, by=user).status is S.SUBMITTED
    with pytest.raises(NotFound):
        services.enroll(batch, make.trainee(), by=user)
    with pytest.raises(NotFound):
        services.enroll(batch, make.trainee(), by=PUBLIC)


def test_a_draft_is_unknown_to_those_who_do_not_plan_it(make, officer):
    draft = make.batch(status=BatchStatus.DRAFT)
    user = make.user()

    with pytest.raises(NotFound):
        services.enroll(draft, make.trainee(user=user), by=user)
    with pytest.raises(RuleViolation, match="masih draf"):
        services.enroll(draft, make.trainee(), by=officer)


def test_many_are_enrolled_all_or_none_and_every_refusal_has_its_name(make, officer):
    batch, seated = make.batch(), make.enrollment(status=S.ACCEPTED)
    good, dead = make.trainee(), make.trainee(name="Rahmah", status=TraineeStatus.DECEASED)
    twice = make.enrollment(batch, make.trainee(name="Aminah")).trainee

    with pytest.raises(RuleViolation) as refusal:
        services.enroll_many(batch, [good, dead, twice, seated.trainee], by=officer)

    sentence = str(refusal.value.reason)
    assert "Rahmah: " in sentence
    assert "Aminah: " in sentence
    assert seated.trainee.name in sentence
    assert good.name not in sentence
    assert count_rows() == 2


def test_many_who_are_all_enrolled_already_are_a_conflict(make, officer):
    batch = make.batch()
    people = [make.enrollment(batch).trainee for _ in range(2)]

    with pytest.raises(Conflict):
        services.enroll_many(batch, people, by=officer)


def test_many_ask_in_a_constant_number_of_reads(make, officer, count_queries):
    batch, other = make.batch(), make.batch()

    def reads(target, number):
        ids = [make.trainee().id for _ in range(number)]
        database.session.expire_all()
        with count_queries() as counted:
            facts = eligibility.facts_of_asking(target, queries.lock_people(ids))
        assert len(facts) == number
        return counted()

    assert reads(batch, 1) == reads(other, 12)


def test_the_database_itself_refuses_a_second_active_enrollment(make):
    from sqlalchemy.exc import IntegrityError

    enrollment = make.enrollment()
    database.session.add(
        Enrollment(
            batch=enrollment.batch, trainee=enrollment.trainee, tier=enrollment.tier, status=S.SUBMITTED
        )
    )
    with pytest.raises(IntegrityError):
        database.session.flush()
    database.session.rollback()


def test_the_system_may_enrol_anybody(make):
    assert services.enroll(make.batch(), make.trainee(), by=SYSTEM).status is S.SUBMITTED


def test_candidates_are_people_in_reach_of_the_organisers_region_who_are_not_enrolled(make, officer):
    batch = make.batch()
    free = make.trainee(name="Aminah Binti Saleh")
    make.enrollment(batch)
    make.trainee("33.74.01.1001")
    make.trainee(status=TraineeStatus.RESIGNED)
    make.trainee(canonical_id=free.id)

    within = officer.reach("trainee:see")
    assert [each.id for each in page_of_candidates(batch, within)] == [free.id]
    assert [each.id for each in page_of_candidates(batch, within, search="sal AMI")] == [free.id]
    assert list(page_of_candidates(batch, within, search="leh")) == []
    assert (
        list(page_of_candidates(batch, make.user(Role.KABUPATEN_DINAS, BANJARBARU).reach("trainee:see")))
        == []
    )


def test_two_records_whose_seats_exclude_each_other_are_not_one_person(make):
    batch = make.batch()
    one, other = (
        make.enrollment(batch, status=S.ACCEPTED).trainee,
        make.enrollment(batch, status=S.OFFERED).trainee,
    )
    same_tier = make.enrollment(make.batch(batch.course), status=S.ACCEPTED).trainee
    waiting = make.enrollment(make.batch(batch.course), status=S.WAITLISTED).trainee

    assert queries.seats_that_exclude(one.id, other.id) == (batch.code, batch.code)
    assert queries.seats_that_exclude(one.id, same_tier.id) is not None
    assert queries.seats_that_exclude(one.id, waiting.id) is None


def test_courses_learn_the_seats_taken(make):
    from app.courses import ports

    batch = make.batch()
    make.enrollment(batch, status=S.ACCEPTED)
    make.enrollment(batch, status=S.OFFERED)
    make.enrollment(batch)

    assert ports.seats_taken([batch.id]) == {batch.id: 2}
    assert database.session.scalars(select(Attendee)).one().batch_id == batch.id


def test_who_has_a_seat_in_the_tier_or_the_tier_itself_is_left_out_until_searched_for(make, officer, db):
    batch, other = make.batch(), make.batch()
    within = officer.reach("trainee:see")
    free = make.trainee(name="Orang Bebas")
    seated = make.enrollment(other, make.trainee(name="Orang Duduk"), status=S.CONFIRMED).trainee
    asking = make.enrollment(other, make.trainee(name="Orang Tanya")).trainee  # waiting in several is allowed
    ended = make.enrollment(batch, make.trainee(name="Orang Batal"), status=S.WITHDRAWN).trainee
    holder, lapsed, doubled = (make.trainee(name=f"Orang {word}") for word in ("Lulus", "Habis", "Ganda"))
    make.qualification(holder)
    make.qualification(lapsed, held_to=batch.starts_on - timedelta(days=1))
    double = make.trainee(canonical_id=doubled.id)
    make.enrollment(other, double, status=S.ACCEPTED)

    listed = {each.id for each in page_of_candidates(batch, within)}
    assert listed == {free.id, asking.id, ended.id, lapsed.id}
    found = {each.id for each in page_of_candidates(batch, within, search="orang")}
    assert found == listed | {seated.id, holder.id, doubled.id}


def test_pages_of_candidates_follow_each_other_across_the_line_between_able_and_not(make, officer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    people = [make.trainee(name=f"Orang {in_letters(number)}") for number in range(5)]
    for each in people[3:]:
        make.qualification(each)
    seen, cursor = [], None
    for _page in range(3):
        page = page_of_candidates(batch, officer.reach("trainee:see"), after=cursor, per_page=2)
        seen += [each.id for each in page]
        cursor = page.next_cursor
    assert seen == [each.id for each in (*people[3:], *people[:3])]
    assert cursor is None


def test_those_ticked_stay_on_the_page_but_strangers_never_come_onto_it(make, officer):
    batch = make.batch()
    seated = make.enrollment(batch, status=S.ACCEPTED).trainee
    stranger, free = make.trainee("33.74.01.1001"), make.trainee()
    page = page_of_candidates(batch, officer.reach("trainee:see"), ticked=[seated.id, stranger.id, 10**8])
    assert [each.id for each in page] == [seated.id, free.id]
