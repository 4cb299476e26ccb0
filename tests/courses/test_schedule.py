"""Sessions: placed, changed, cancelled, copied; clashes; who teaches and may therefore see."""

import threading
from datetime import date, time

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.models import Grant
from app.auth.rules import Permission, Role
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.courses import queries, services
from app.courses.rules import SessionKind
from app.extensions import db as database
from app.organisers.queries import list_signers
from tests.factories import Factories

DAY = date(2011, 5, 24)


def subject_of(batch, position):
    return next(each for each in queries.list_subjects(batch.course.curriculum) if each.position == position)


def place(batch, **values):
    facts = {
        "kind": SessionKind.MATERIAL,
        "held_on": batch.starts_on,
        "starts_at": time(9, 15),
        "ends_at": time(10, 45),
        "subject_id": subject_of(batch, 1).id,
        "lesson_hours": 2,
        **values,
    }
    return services.schedule_session(batch, by=SYSTEM, **facts)


def refused(call, **values):
    with pytest.raises(RuleViolation) as refusal:
        call(**values)
    return refusal.value


def test_variant_b_is_placed_from_the_first_day_on(tapin, db):
    sessions = queries.list_sessions(tapin)

    assert queries.planned_hours(tapin) == queries.curriculum_hours(tapin.course.curriculum_id) == 25
    assert all(total.planned == total.wanted for total in queries.list_subject_totals(tapin))
    assert {session.held_on for session in sessions} == {date(2011, 5, day) for day in (24, 25, 26, 27)}
    practice = [session for session in sessions if session.kind is SessionKind.FIELD_PRACTICE]
    assert {(session.held_on, session.place) for session in practice} == {(date(2011, 5, 26), "Banjarbaru")}
    assert sum(session.lesson_hours for session in practice) == 5
    last = sessions[-1]
    assert (last.held_on, last.ends_at < time(12, 0)) == (date(2011, 5, 27), True)
    assert "rundown.copied" in db.session.scalars(select(Event.action)).all()


def test_a_rundown_is_not_copied_over_sessions(tapin):
    with pytest.raises(Conflict):
        services.copy_rundown(tapin, by=SYSTEM)
    assert queries.planned_hours(tapin) == 25


def test_a_rundown_needs_its_days(plan):
    batch = plan()
    services.change_batch(batch, ends_on=date(2011, 5, 26), by=SYSTEM)
    refusal = refused(lambda: services.copy_rundown(batch, by=SYSTEM))
    assert (
        str(refusal.reason) == "Model jadwal memerlukan 4 hari, angkatan ini 3 hari. Ubah dahulu tanggalnya."
    )
    assert queries.list_sessions(batch) == []


def test_a_rundown_does_not_fit_another_curriculum(make, tiers):
    batch = make.batch(make.course())
    assert "Kurikulum" in str(refused(lambda: services.copy_rundown(batch, by=SYSTEM)).reason)


def test_three_announced_days_are_flagged_and_nothing_is_corrected(tapin):
    services.change_batch(tapin, announced_days=3, by=SYSTEM)

    warnings = [str(warning) for warning in queries.readiness(tapin)]
    assert "Diumumkan 3 hari, tanggalnya 4 hari: 24 s.d. 27 Mei 2011." in warnings
    assert (tapin.announced_days, tapin.ends_on) == (3, date(2011, 5, 27))


def test_the_officer_is_told_what_is_not_ready(plan, make):
    batch = plan()
    assert "Jadwal masih kosong." in queries.readiness(batch)
    place(batch)
    organiser = make.organiser()
    for signer in list_signers(organiser):
        signer.ends_on = date(2011, 5, 26)
    warnings = " ".join(str(warning) for warning in queries.readiness(batch))
    assert "2 JP, kurikulum 25 JP" in warnings
    assert "1 sesi belum menyebut nama pengajar" in warnings
    assert "Belum ada penandatangan sertifikat pada 27 Mei 2011" in warnings


def test_a_batch_that_is_ready_has_no_warning(tapin, make):
    teacher = make.facilitator(make.organiser())
    for session in queries.list_sessions(tapin):
        if session.lesson_hours:
            services.change_session(session, facilitator_id=teacher.id, by=SYSTEM)
    assert queries.readiness(tapin) == []


def test_a_session_takes_the_name_of_its_subject(plan, db):
    session = place(plan())
    assert session.title == "Kebijakan kesejahteraan sosial"
    assert "session.scheduled" in db.session.scalars(select(Event.action)).all()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"held_on": date(2011, 5, 28)}, "held_on"),
        ({"ends_at": time(9, 0)}, "ends_at"),
        ({"ends_at": time(10, 30)}, "lesson_hours"),
        ({"kind": SessionKind.CEREMONY}, "lesson_hours"),
        ({"subject_id": None, "lesson_hours": 0}, "title"),
        ({"subject_id": 999_999}, "subject_id"),
        ({"facilitator_id": 999_999}, "facilitator_id"),
    ],
)
def test_a_session_that_cannot_be_is_refused_at_its_field(plan, values, field):
    batch = plan()
    assert refused(place, batch=batch, **values).field == field
    assert queries.list_sessions(batch) == []


def test_a_subject_of_another_curriculum_is_refused(plan, make):
    batch, other = plan(), plan("madya", "63")
    assert refused(place, batch=batch, subject_id=subject_of(other, 1).id).field == "subject_id"


def test_a_facilitator_of_another_organiser_is_refused(plan, make):
    stranger = make.facilitator(make.organiser("33.74"))
    assert refused(place, batch=plan(), facilitator_id=stranger.id).field == "facilitator_id"


def test_a_subject_gets_no_more_jp_than_the_curriculum_and_is_named(plan):
    batch = plan()
    place(batch)
    refusal = refused(place, batch=batch, starts_at=time(13, 0), ends_at=time(13, 45), lesson_hours=1)
    assert "“Kebijakan kesejahteraan sosial” hanya 2 JP" in str(refusal.reason)


def test_parallel_groups_share_the_hours_of_a_subject(plan):
    batch = plan()
    place(batch, group=1)
    place(batch, group=2)
    assert queries.planned_hours(batch) == 2
    assert queries.planned_hours(batch, group=1) == 2


def test_a_clash_in_the_batch_names_the_other_session(plan):
    batch = plan()
    place(batch, title="Materi pertama")
    refusal = refused(
        place, batch=batch, starts_at=time(10, 0), ends_at=time(11, 30), subject_id=subject_of(batch, 2).id
    )
    assert str(refusal.reason) == "Bertabrakan dengan “Materi pertama”, 24 Mei 2011 pukul 09.15–10.45."
    assert refusal.field == "starts_at"


def test_a_cancelled_session_leaves_its_time_and_its_hours(plan, db):
    batch = plan()
    session = place(batch)
    services.cancel_session(session, reason="Narasumber sakit", by=SYSTEM)

    assert queries.list_sessions(batch) == []
    assert queries.list_sessions(batch, cancelled=True) == [session]
    assert queries.planned_hours(batch) == 0
    place(batch)
    for again in (
        lambda: services.cancel_session(session, reason="Pengajar sakit", by=SYSTEM),
        lambda: services.change_session(session, title="X", by=SYSTEM),
    ):
        with pytest.raises(Conflict):
            again()


def test_a_session_changes_under_the_same_checks_and_does_not_clash_with_itself(plan):
    batch = plan()
    session, other = (
        place(batch),
        place(batch, starts_at=time(10, 45), ends_at=time(12, 15), subject_id=subject_of(batch, 2).id),
    )

    services.change_session(session, starts_at=time(9, 0), ends_at=time(10, 30), place="Ruang B", by=SYSTEM)
    assert (session.starts_at, session.place, session.lesson_hours) == (time(9, 0), "Ruang B", 2)
    assert (
        refused(lambda: services.change_session(session, ends_at=time(11, 0), by=SYSTEM)).field == "starts_at"
    )
    assert (
        refused(lambda: services.change_session(other, subject_id=session.subject_id, by=SYSTEM)).field
        == "lesson_hours"
    )
    assert session.ends_at == time(10, 30)


def test_a_facilitator_is_not_at_two_places_at_once(plan, make):
    organiser = make.organiser()
    teacher = make.facilitator(organiser, name="Ibu Ratna")
    here, there = plan(), plan()
    place(here, facilitator_id=teacher.id)

    refusal = refused(
        place, batch=there, facilitator_id=teacher.id, starts_at=time(10, 0), ends_at=time(11, 30)
    )
    assert "Ibu Ratna" in str(refusal.reason)
    assert here.code in str(refusal.reason)
    assert refusal.field == "facilitator_id"
    place(there, facilitator_id=teacher.id, starts_at=time(10, 45), ends_at=time(12, 15))


def test_the_same_account_is_one_person_under_two_organisers(plan, make):
    user = make.user()
    own = make.facilitator(make.organiser("63.05"), user_id=user.id)
    of_provinsi = make.facilitator(make.organiser("63"), user_id=user.id)
    place(plan(), facilitator_id=own.id)
    assert refused(place, batch=plan("madya", "63"), facilitator_id=of_provinsi.id).field == "facilitator_id"


def test_two_officers_who_book_the_same_person_at_the_same_moment_take_turns(file_app):
    with file_app.app_context():
        services.load_reference(by=SYSTEM)
        make = Factories()
        organiser, place_of = make.organiser(), make.region()
        teacher_id = make.facilitator(organiser).id
        tier = queries.get_tier_by_code("dasar")
        facts = {"starts_on": DAY, "venue": "Aula", "venue_region": place_of, "by": SYSTEM}
        ids = [services.plan_batch(organiser, tier, **facts).id for _number in range(2)]
        database.session.remove()
    barrier, answers = threading.Barrier(2), []

    def book(batch_id):
        with file_app.app_context():
            batch = queries.get_batch(batch_id)
            barrier.wait()
            try:
                place(batch, facilitator_id=teacher_id)
                answers.append("placed")
            except RuleViolation as refusal:
                answers.append(refusal.field)
            database.session.remove()

    threads = [threading.Thread(target=book, args=(batch_id,)) for batch_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["facilitator_id", "placed"]


def test_times_of_two_zones_are_compared_as_moments(plan, make):
    teacher = make.facilitator(make.organiser())
    place(plan(), facilitator_id=teacher.id)  # 09.15-10.45 WITA is 08.15-09.45 WIB
    in_semarang = plan(venue_region=make.region("33.74"))

    place(in_semarang, facilitator_id=teacher.id, starts_at=time(9, 45), ends_at=time(11, 15))
    refusal = refused(
        place,
        batch=in_semarang,
        facilitator_id=teacher.id,
        subject_id=subject_of(in_semarang, 2).id,
        starts_at=time(8, 0),
        ends_at=time(9, 30),
    )
    assert refusal.field == "facilitator_id"


def test_a_cancelled_batch_keeps_nobody_busy(plan, make):
    teacher = make.facilitator(make.organiser())
    gone, other = plan(), plan()
    place(gone, facilitator_id=teacher.id)
    services.cancel_batch(gone, reason="Anggaran ditunda", by=SYSTEM)
    place(other, facilitator_id=teacher.id)


def test_naming_a_trainer_with_an_account_opens_the_session_and_replacing_closes_it(plan, make, db):
    organiser = make.organiser()
    first, second = make.user(), make.user()
    teacher = services.add_facilitator(
        organiser, name="Ibu Ratna", institution="BBPPKS", user=first, by=SYSTEM
    )
    other = services.add_facilitator(organiser, name="Pak Udin", user=second, by=SYSTEM)
    nameless = services.add_facilitator(organiser, name="Tanpa akun", by=SYSTEM)

    session = place(plan(), facilitator_id=teacher.id)
    grant = db.session.scalars(select(Grant)).one()
    assert (grant.user_id, grant.role, grant.scope_kind, grant.scope_id) == (
        first.id,
        Role.TRAINER,
        ScopeKind.SESSION,
        session.id,
    )
    assert first.can(Permission.ATTENDANCE_RECORD, session)

    services.change_session(session, facilitator_id=other.id, by=SYSTEM)
    for user in (first, second):
        user.granted = None
    assert not first.can(Permission.ATTENDANCE_RECORD, session)
    assert second.can(Permission.ATTENDANCE_RECORD, session)

    services.change_session(session, facilitator_id=nameless.id, by=SYSTEM)
    second.granted = None
    assert not second.can(Permission.ATTENDANCE_RECORD, session)


def test_cancelling_a_session_ends_the_right_to_it(plan, make):
    user = make.user()
    teacher = services.add_facilitator(make.organiser(), name="Ibu Ratna", user=user, by=SYSTEM)
    session = place(plan(), facilitator_id=teacher.id)
    services.cancel_session(session, reason="Pengajar sakit", by=SYSTEM)
    user.granted = None
    assert not user.can(Permission.ATTENDANCE_RECORD, session)


def test_a_facilitator_is_entered_once(make):
    organiser, user = make.organiser(), make.user()
    services.add_facilitator(organiser, name="Ibu Ratna", institution="BBPPKS", user=user, by=SYSTEM)
    for values in ({"name": "ibu ratna", "institution": "bbppks"}, {"name": "Nama lain", "user": user}):
        with pytest.raises(Conflict):
            services.add_facilitator(organiser, by=SYSTEM, **values)
    services.add_facilitator(organiser, name="Ibu Ratna", institution="Dinas Sosial Provinsi", by=SYSTEM)
