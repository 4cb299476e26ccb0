"""Who gets a seat when sessions are over already: not there unless somebody says so; and who was there is not
recorded as never come.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.assessment.queries import graduation_sheet
from app.attendance import document, lines, queries, services
from app.attendance.document import NOT_YET
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Hours, Presence
from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.courses.rules import BatchStatus
from app.enrollments import services as enrollments
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import EnrollmentStatus as S
from app.extensions import db as database
from app.trainees.rules import TraineeStatus

DAY = date(2026, 10, 12)
MORNING, NOON, NEXT = "2026-10-12-1", "2026-10-12-2", "2026-10-13-1"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def batch(make, at):
    """Three half days of four JP; it is the second day, at half past twelve."""
    at(2026, 10, 13, 4, 30)
    batch = make.batch(
        make.course(curriculum=make.curriculum(hours=12)),
        starts_on=DAY,
        ends_on=DAY + timedelta(days=1),
        status=BatchStatus.RUNNING,
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    database.session.commit()
    for day, start in ((DAY, 8), (DAY, 13), (DAY + timedelta(days=1), 8)):
        make.session(
            batch,
            title=f"Sesi {start}",
            held_on=day,
            starts_at=time(start),
            ends_at=time(start + 2),
            lesson_hours=2,
        )
        make.session(
            batch,
            title=f"Sesi {start + 2}",
            held_on=day,
            starts_at=time(start + 2),
            ends_at=time(start + 4),
            lesson_hours=2,
        )
    return batch


def seat_given(make, batch, day, hour, minute=0, **values):
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(batch.zone))
    row = make.enrollment(
        batch, make.trainee(name="Dedi Kurniawan"), status=S.ACCEPTED, joined_at=moment, **values
    )
    return database.session.scalars(
        select(Attendee).where(Attendee.trainee_id == row.trainee_id, Attendee.batch_id == batch.id)
    ).one()


def known(batch, block, person):
    return lines.lines_of(queries.find_block(batch, block).sessions, [person])[person.id]


def test_who_came_later_was_not_there_unless_somebody_says_so(make, batch, officer, browser):
    first = make.attendee(batch)
    for block in (MORNING, NOON):
        services.record_block(batch, block, {}, by=officer)
    late = seat_given(make, batch, DAY + timedelta(days=1), 9)

    assert [block.name for block in queries.blocks_of(batch) if not block.is_complete] == [NEXT]
    assert [(block.people, block.present) for block in queries.blocks_of(batch)] == [(1, 1), (1, 1), (2, 0)]
    assert queries.hours_by_attendee(batch)[late.id] == Hours(planned=12, attended=0, lost=8)
    assert not queries.hours_of(late).can_still_pass(85)
    browser.sign_in(officer)
    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    chosen = {
        field["name"]: field["value"] for field in page.soup.find_all("input", type="radio", checked=True)
    }
    assert chosen == {f"status_{first.id}": "present", f"status_{late.id}": "keep"}
    assert (
        "Belum menjadi peserta: Sesi 8; Sesi 10. Mendapat tempat pada 13 Oktober 2026, 09.00 WITA."
        in page.text
    )
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data={"version": "", **chosen})
    services.record_block(batch, MORNING, {}, by=officer)  # without a version: everybody of that half day
    assert known(batch, MORNING, late).filled == ()

    services.record_block(
        batch, MORNING, {late.id: Entry(Presence.PRESENT)}, by=officer
    )  # said of her by name

    assert queries.hours_of(late) == Hours(planned=12, attended=4, lost=4)


def test_of_a_half_day_that_had_begun_only_what_was_left_is_hers(make, batch, officer):
    late = seat_given(make, batch, DAY, 10, 30)  # the first of the two sessions is over
    services.record_block(batch, MORNING, {}, by=officer)
    kept = (
        database.session.execute(select(Attendance.status).where(Attendance.attendee_id == late.id))
        .scalars()
        .all()
    )
    assert kept == [Presence.PRESENT]
    assert queries.hours_of(late) == Hours(planned=12, attended=2, lost=2)
    assert known(batch, NOON, late).shown == Entry(Presence.PRESENT)


@pytest.mark.parametrize("how", ["with a reason after the last day", "record of the past"])
def test_who_is_recorded_late_took_part(make, batch, officer, at, how):
    at(2026, 10, 20, 4)
    if how == "record of the past":
        batch.recorded_at = clock.now()
        database.session.commit()
    late = seat_given(
        make,
        batch,
        DAY + timedelta(days=8),
        9,
        override_reason="Hadir sejak hari pertama" if "reason" in how else None,
    )
    assert [block.name for block in queries.blocks_of(batch) if not block.is_complete] == [
        MORNING,
        NOON,
        NEXT,
    ]
    assert queries.hours_of(late) == Hours(planned=12, attended=0, lost=0)
    assert known(batch, MORNING, late).shown == Entry(Presence.PRESENT)


def test_who_had_left_before_the_first_day_comes_anew(make, batch, officer):
    again = make.attendee(batch)
    before = make.enrollment(batch, again.trainee, status=S.WITHDRAWN)
    for held in database.session.scalars(select(Enrollment).where(Enrollment.status == S.ACCEPTED)):
        held.status = S.WITHDRAWN
    again.left_at = datetime(2026, 10, 11, 9, tzinfo=ZoneInfo(batch.zone))
    database.session.commit()
    enrollments.accept_enrollment(make.enrollment(batch, before.trainee), by=officer)
    assert clock.local_day(again.joined_at, batch.zone) == DAY + timedelta(days=1)


def test_the_meeting_reads_who_got_the_seat_late(make, batch, officer, browser):
    make.attendee(batch)
    seat_given(make, batch, DAY + timedelta(days=1), 9)
    assert [row.seated_at is None for row in graduation_sheet(batch)] == [False, True]
    browser.sign_in(officer)
    assert (
        "Mendapat tempat pada 13 Oktober 2026, 09.00 WITA"
        in browser.get("assessment.show_graduation", batch_id=batch.id).text
    )


@pytest.mark.parametrize(
    ("status", "is_there"),
    [(Presence.PRESENT, True), (Presence.LATE, True), (Presence.SICK, False), (None, False)],
)
def test_nobody_who_was_there_never_came(make, batch, officer, browser, status, is_there):
    person = make.attendee(batch)
    held = database.session.scalars(
        select(Enrollment).where(Enrollment.trainee_id == person.trainee_id)
    ).one()
    if status:
        make.attendance(queries.find_block(batch, NOON).sessions[0], person, status)
    browser.sign_in(officer)
    page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert bool(page.soup.find("a", href=f"/enrollments/{held.id}/absent")) is not is_there
    if is_there:
        with pytest.raises(RuleViolation, match="tercatat hadir pada sesi “Sesi 13”, Senin, 12 Oktober 2026"):
            enrollments.end_absent(held, reason="Tidak datang sama sekali", by=officer)
    else:
        enrollments.end_absent(held, reason="Tidak datang sama sekali", by=officer)
    assert (held.ended_as is None) is is_there


def test_the_list_to_sign_has_no_row_for_a_day_that_was_over_when_the_seat_was_given(make, batch, officer):
    make.attendee(batch, make.trainee(name="Siti Aminah"))
    late = seat_given(make, batch, DAY + timedelta(days=1), 7)
    noon = seat_given(make, batch, DAY, 12, 30)

    def rows(day):
        return {line.name: list(line.not_held) for line in document.sign_sheet_of(batch, day).people}

    noon.trainee.name = "Rahmat Hidayat"
    database.session.commit()
    assert rows(DAY) == {"Siti Aminah": ["", ""], "Rahmat Hidayat": [NOT_YET, ""]}
    assert set(rows(DAY + timedelta(days=1))) == {"Siti Aminah", "Rahmat Hidayat", "Dedi Kurniawan"}
    services.record_block(batch, MORNING, {late.id: Entry(Presence.PRESENT)}, by=officer)
    assert rows(DAY)["Dedi Kurniawan"] == ["", ""]  # somebody said that she was there


def test_whoever_is_recorded_dead_is_not_taken_to_have_been_there(make, batch, officer, browser):
    make.attendee(batch, make.trainee(name="Siti Aminah"))
    dead = make.attendee(
        batch,
        make.trainee(name="Dedi Kurniawan", status=TraineeStatus.DECEASED, since=DAY + timedelta(days=1)),
    )
    assert known(batch, NOON, dead).shown == Entry(Presence.PRESENT)  # of the day before nothing is known
    services.record_block(batch, MORNING, {}, by=officer)
    services.record_block(batch, NOON, {}, by=officer)
    browser.sign_in(officer)
    page = browser.get("attendance.record_block", batch_id=batch.id, block=NEXT)
    line = page.soup.select_one(f"input[name=status_{dead.id}][checked]")
    assert (line["value"], line.parent.get_text(strip=True)) == ("keep", "Tidak diisi")
    assert "Tercatat meninggal dunia, 13 Oktober 2026. Isi hanya bila ia sungguh hadir." in page.text
    assert [line.name for line in document.sign_sheet_of(batch, DAY + timedelta(days=1)).people] == [
        "Siti Aminah"
    ]

    services.record_block(batch, NEXT, {}, by=officer)

    assert queries.hours_of(dead) == Hours(planned=12, attended=8, lost=4)
    assert queries.list_sessions_without_presence(batch) == []
    services.record_block(batch, NEXT, {dead.id: Entry(Presence.PRESENT)}, by=officer)  # said of her by name
    assert queries.hours_of(dead) == Hours(planned=12, attended=12, lost=0)


def test_where_everybody_came_late_somebody_has_to_say_who_was_there(make, batch, officer):
    late = [seat_given(make, batch, DAY + timedelta(days=1), 12) for _person in range(2)]
    assert [session.held_on for session in queries.list_sessions_without_presence(batch)] == [DAY] * 4 + [
        DAY + timedelta(days=1)
    ] * 2
    block = queries.find_block(batch, MORNING)
    assert (block.people, block.is_complete) == (2, False)
    services.record_block(
        batch, MORNING, {late[0].id: Entry(Presence.PRESENT), late[1].id: Entry(Presence.ABSENT)}, by=officer
    )
    assert queries.find_block(batch, MORNING).is_complete


def test_where_nothing_was_chosen_it_is_said_that_nothing_is_entered(make, batch, officer, browser):
    seat_given(make, batch, DAY + timedelta(days=1), 12)
    browser.sign_in(officer)
    here = {"batch_id": batch.id, "block": MORNING}
    page = browser.get("attendance.show_block", **here)
    data = {field["name"]: field["value"] for field in page.soup.select(".presence-list input[checked]")}
    done = browser.post("attendance.record_block", **here, data=data)
    assert (
        "Belum ada yang disimpan: pilih kehadiran bagi yang belum diisi." in browser.get(done.location).text
    )
