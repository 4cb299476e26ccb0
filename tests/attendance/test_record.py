"""Entering a half day or a session, correcting it, counting it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from app.assessment.rules import ResultOutcome
from app.attendance import lines, queries, services
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Hours, Practice, Presence
from app.audit import queries as audit
from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import NotFound, RuleViolation
from app.courses.rules import BatchStatus, SessionKind
from app.extensions import db as database

P = Presence
DAY = date(2026, 10, 12)
MORNING, NOON = "2026-10-12-1", "2026-10-12-2"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def batch(make, at):
    at(2026, 10, 12, 3)
    return make.batch(starts_on=DAY, ends_on=DAY + timedelta(days=3), status=BatchStatus.RUNNING)


@pytest.fixture
def morning(make, batch):
    make.session(batch, kind=SessionKind.CEREMONY, lesson_hours=0, starts_at=time(8), ends_at=time(8, 45))
    return [make.session(batch), make.session(batch, starts_at=time(10, 45), ends_at=time(12, 15))]


def rows_of(attendee):
    kept = select(Attendance).where(Attendance.attendee_id == attendee.id).order_by(Attendance.session_id)
    return [(row.status, row.minutes_late) for row in database.session.scalars(kept)]


def count_rows():
    return database.session.scalar(select(func.count(Attendance.id)))


def test_everybody_was_present_except(make, batch, morning, officer):
    here, late, ill = (make.attendee(batch) for _ in range(3))

    kept = services.record_block(
        batch, MORNING, {late.id: Entry(P.LATE, 100), ill.id: Entry(P.SICK, 0, "demam")}, by=officer
    )

    assert (kept.added, kept.corrected, kept.unchanged) == (6, 0, 0)
    assert rows_of(here) == [(P.PRESENT, 0), (P.PRESENT, 0)]
    assert rows_of(late) == [(P.LATE, 90), (P.LATE, 10)]
    assert rows_of(ill) == [(P.SICK, 0), (P.SICK, 0)]
    hours = queries.hours_by_attendee(batch)
    assert hours == {here.id: Hours(4, 4, 0), late.id: Hours(4, 1, 3), ill.id: Hours(4, 0, 4)}
    assert queries.hours_of(late) == hours[late.id]


def test_who_left_is_not_counted_and_who_never_came_to_the_batch_is_refused(make, batch, morning, officer):
    own, gone, stranger = make.attendee(batch), make.attendee(batch), make.attendee()
    gone.left_at = clock.now() - timedelta(days=1)
    database.session.commit()

    for wrong in (gone, stranger):
        with pytest.raises(RuleViolation, match="bukan peserta"):
            services.record_block(batch, MORNING, {wrong.id: Entry(P.SICK)}, by=officer)
        with pytest.raises(RuleViolation, match="bukan peserta"):
            services.record_presences(
                morning[0], {own.id: Entry(P.PRESENT), wrong.id: Entry(P.SICK)}, by=officer
            )
    assert count_rows() == 0


def test_nothing_is_entered_before_the_day(make, batch, officer, at):
    make.attendee(batch)
    session = make.session(batch, held_on=DAY + timedelta(days=1))

    with pytest.raises(RuleViolation, match="pada hari sesi"):
        services.record_block(batch, "2026-10-13-1", {}, by=officer)
    with pytest.raises(RuleViolation, match="pada hari sesi"):
        services.record_presences(session, {}, by=officer)

    at(2026, 10, 12, 16, 30)  # half past midnight of the 13th in Rantau
    assert services.record_block(batch, "2026-10-13-1", {}, by=officer).added == 1


def test_a_cancelled_session_is_not_entered(make, batch, officer):
    make.attendee(batch)
    session = make.session(batch, cancelled_at=clock.now())

    with pytest.raises(NotFound):
        services.record_block(batch, MORNING, {}, by=officer)
    with pytest.raises(RuleViolation, match="dibatalkan"):
        services.record_presences(session, {}, by=officer)


def test_a_half_day_of_another_batch_is_unknown(make, batch, morning, officer):
    with pytest.raises(NotFound):
        services.record_block(make.batch(status=BatchStatus.RUNNING), MORNING, {}, by=officer)


def test_a_session_without_jp_is_not_counted(make, batch, morning, officer):
    opening = make.session(batch, kind=SessionKind.CEREMONY, lesson_hours=0)

    with pytest.raises(RuleViolation, match="tidak ber-JP"):
        services.record_presences(opening, {}, by=officer)


def test_an_approved_graduation_closes_presence(make, batch, morning, officer):
    attendee = make.attendee(batch)
    make.graduation(batch, attendee)

    with pytest.raises(RuleViolation, match="sudah disetujui oleh"):
        services.record_block(batch, MORNING, {}, by=officer)
    with pytest.raises(RuleViolation, match="sudah disetujui oleh"):
        services.record_presences(morning[0], {attendee.id: Entry(P.SICK)}, by=officer)
    assert count_rows() == 0


def test_after_the_approval_presence_is_entered_of_those_who_were_put_off_and_of_nobody_else(
    make, batch, morning, officer
):
    decided, put_off = make.attendee(batch), make.attendee(batch)
    make.graduation(batch, decided)
    make.graduation(batch, put_off, outcome=ResultOutcome.DEFERRED)

    with pytest.raises(RuleViolation, match="Kehadiran tidak dapat diisi"):
        services.record_presences(morning[0], {decided.id: Entry(P.SICK)}, by=officer)
    services.record_presences(morning[0], {put_off.id: Entry(P.SICK)}, by=officer)
    services.record_block(batch, MORNING, {}, by=officer)

    assert {row.attendee_id for row in queries.list_attendances(batch)} == {put_off.id}


def test_the_form_shows_only_those_who_were_put_off_after_the_approval(
    make, batch, morning, officer, browser
):
    decided, put_off = make.attendee(batch), make.attendee(batch)
    make.graduation(batch, decided)
    make.graduation(batch, put_off, outcome=ResultOutcome.DEFERRED)
    browser.sign_in(officer)
    for page in (
        browser.get("attendance.record_block", batch_id=batch.id, block=MORNING),
        browser.get("attendance.record_session", session_id=morning[0].id),
    ):
        assert put_off.name in page.text
        assert decided.name not in page.text


@pytest.mark.parametrize("status", [BatchStatus.DRAFT, BatchStatus.CANCELLED])
def test_a_batch_that_is_not_held_has_no_presence(make, officer, status, batch, morning):
    batch.status = status
    database.session.commit()

    with pytest.raises(RuleViolation, match="tidak dapat diisi"):
        services.record_block(batch, MORNING, {}, by=officer)


@pytest.mark.parametrize("minutes", [0, 91])
def test_minutes_late_lie_within_the_session(make, batch, morning, officer, minutes):
    attendee = make.attendee(batch)

    with pytest.raises(RuleViolation, match="dari 1 sampai 89") as refusal:
        services.record_presences(morning[0], {attendee.id: Entry(P.LATE, minutes)}, by=officer)

    assert refusal.value.field == f"minutes_{attendee.id}"


def test_a_correction_keeps_the_old_value_in_its_event(make, batch, morning, officer):
    attendee, other = make.attendee(batch), make.attendee(batch)
    services.record_block(batch, MORNING, {}, by=officer)

    kept = services.record_presences(morning[0], {attendee.id: Entry(P.LATE, 20, "ban bocor")}, by=officer)

    assert (kept.added, kept.corrected, kept.unchanged) == (0, 1, 0)
    assert rows_of(attendee) == [(P.LATE, 20), (P.PRESENT, 0)]
    assert rows_of(other) == [(P.PRESENT, 0), (P.PRESENT, 0)]
    event = database.session.scalars(select(Event).where(Event.action == "attendance.corrected")).one()
    assert (event.person_id, event.subject_type) == (attendee.trainee_id, "Attendance")
    details = audit.details_of([event])[event.id]["details"]
    assert details["old"] == {"status": "present", "minutes_late": 0, "note": ""}
    assert details["new"] == {"status": "late", "minutes_late": 20, "note": "ban bocor"}


def test_the_same_again_changes_nothing_and_records_nothing(make, batch, morning, officer):
    attendee = make.attendee(batch)
    services.record_block(batch, MORNING, {}, by=officer)
    before = database.session.scalar(select(func.count(Event.id)))

    kept = services.record_block(batch, MORNING, {attendee.id: Entry(P.PRESENT)}, by=officer)

    assert (kept.added, kept.corrected, kept.unchanged) == (0, 0, 2)
    assert database.session.scalar(select(func.count(Event.id))) == before


def test_what_was_entered_session_by_session_can_be_left_alone(make, batch, morning, officer):
    attendee = make.attendee(batch)
    services.record_presences(morning[0], {attendee.id: Entry(P.PRESENT)}, by=officer)
    services.record_presences(morning[1], {attendee.id: Entry(P.EXCUSED)}, by=officer)

    assert lines.lines_of(morning, [attendee])[attendee.id].shown is None
    services.record_block(batch, MORNING, {attendee.id: None}, by=officer)

    assert rows_of(attendee) == [(P.PRESENT, 0), (P.EXCUSED, 0)]


def test_planned_are_the_jp_of_ones_own_group_without_what_was_cancelled(make, batch, officer):
    first, second = make.attendee(batch), make.attendee(batch)
    first.group, second.group = 1, 2
    database.session.commit()
    make.session(batch)
    make.session(batch, group=1, lesson_hours=3)
    make.session(batch, group=2, lesson_hours=1)
    make.session(batch, lesson_hours=4, cancelled_at=clock.now())

    services.record_block(batch, MORNING, {}, by=officer)

    assert queries.hours_by_attendee(batch) == {first.id: Hours(5, 5, 0), second.id: Hours(3, 3, 0)}
    assert queries.find_block(batch, MORNING).lesson_hours == 5


def test_excused_counts_where_the_course_says_so(make, at, officer):
    at(2026, 10, 12, 3)
    batch = make.batch(make.course(excused_counts=True), starts_on=DAY, status=BatchStatus.RUNNING)
    make.session(batch)
    attendee = make.attendee(batch)

    services.record_block(batch, MORNING, {attendee.id: Entry(P.EXCUSED)}, by=officer)

    assert queries.hours_by_attendee(batch)[attendee.id] == Hours(2, 2, 0)


def test_field_practice_is_done_by_those_who_were_there_all_the_time(make, batch, officer):
    there, half, absent = (make.attendee(batch) for _ in range(3))
    assert not any(practice.is_done for practice in queries.practice_by_attendee(batch).values())
    sessions = [
        make.session(batch, kind=SessionKind.FIELD_PRACTICE, starts_at=start, ends_at=end)
        for start, end in ((time(9), time(10)), (time(10), time(12)))
    ]
    make.session(batch, starts_at=time(7), ends_at=time(8))

    everybody = {each.id: Entry(P.PRESENT) for each in (there, half)}
    services.record_presences(sessions[0], everybody | {absent.id: Entry(P.ABSENT)}, by=officer)
    services.record_presences(
        sessions[1],
        {there.id: Entry(P.LATE, 30), half.id: Entry(P.EXCUSED), absent.id: Entry(P.ABSENT)},
        by=officer,
    )

    assert {
        person for person, practice in queries.practice_by_attendee(batch).items() if practice.is_done
    } == {there.id}
    assert queries.practice_by_attendee(batch)[half.id] == Practice(
        sessions=2, there=1, attended=2, planned=4
    )


def test_half_days_say_who_was_there(make, batch, morning, officer):
    here, ill = make.attendee(batch), make.attendee(batch)
    make.session(batch, starts_at=time(13, 15), ends_at=time(14, 45))

    first, second = queries.blocks_of(batch)
    assert (first.name, first.entered, first.people, first.lesson_hours, first.is_complete) == (
        MORNING,
        0,
        2,
        4,
        False,
    )
    assert second.name == NOON

    services.record_block(batch, MORNING, {ill.id: Entry(P.SICK)}, by=officer)
    first, second = queries.blocks_of(batch)
    assert (first.present, first.entered, first.is_complete, second.entered) == (1, 2, True, 0)
    assert here.id != ill.id


def test_the_jp_of_a_batch_take_the_same_number_of_queries_for_one_and_for_thirty(
    make, at, officer, count_queries
):
    at(2026, 10, 12, 3)

    def reads(people):
        batch = make.batch(starts_on=DAY, status=BatchStatus.RUNNING)
        make.session(batch)
        for _ in range(people):
            make.attendee(batch)
        services.record_block(batch, MORNING, {}, by=officer)
        database.session.expire_all()
        batch = database.session.get_one(type(batch), batch.id)
        with count_queries() as counted:
            assert len(queries.hours_by_attendee(batch)) == people
        return counted()

    assert reads(1) == reads(30)
