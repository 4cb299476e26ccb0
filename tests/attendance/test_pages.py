"""The pages of attendance, and how far a session alone reaches."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from app.attendance.models import Attendance
from app.attendance.rules import Presence
from app.auth.rules import Role
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus, SessionKind
from app.courses.services import schedule
from app.enrollments.queries import list_attendees
from app.extensions import db as database
from tests.factories import BANJARBARU, SEMARANG

DAY = date(2026, 10, 12)
MORNING = "2026-10-12-1"


@pytest.fixture
def batch(make, at):
    at(2026, 10, 12, 3)
    return make.batch(starts_on=DAY, ends_on=DAY + timedelta(days=3), status=BatchStatus.RUNNING)


@pytest.fixture
def officer(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


def all_present(people, **changes):
    return {f"status_{each.id}": "present" for each in people} | changes


def chosen(page):
    """Return what each line says, from the marked choice and from the words beside the name, which must be
    the same.
    """
    lines = page.soup.select(".presence-list > li")
    said = [line.select_one("input[checked]").parent.get_text(strip=True) for line in lines]
    assert [line.select_one(".presence-now").get_text() for line in lines] == said
    return said


def rows():
    return {
        (row.session_id, row.attendee_id): row.status for row in database.session.scalars(select(Attendance))
    }


def test_a_half_day_is_entered_as_everybody_except(make, batch, browser, officer):
    session = make.session(batch)
    here, late = make.attendee(batch), make.attendee(batch)
    page = browser.get("attendance.show_attendance", batch_id=batch.id)
    assert "belum lengkap" in page.text
    assert "Harus hadir pada semua sesi yang tersisa" in page.text

    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert chosen(page) == ["Hadir", "Hadir"]
    assert not page.soup.select("details[open]")
    data = all_present([here, late]) | {f"status_{late.id}": "late", f"minutes_{late.id}": "20"}
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=data)

    assert rows() == {(session.id, here.id): Presence.PRESENT, (session.id, late.id): Presence.LATE}
    page = browser.get("attendance.show_attendance", batch_id=batch.id)
    assert "2 dari 2 hadir" in page.text
    assert "1 dari 2" in page.text
    page = browser.get("attendance.record_block", batch_id=batch.id, block=MORNING)
    assert page.soup.select_one(f"#minutes_{late.id}")["value"] == "20"


def test_pressing_twice_has_one_effect(make, batch, browser, officer):
    make.session(batch)
    people = [make.attendee(batch)]

    for _ in range(2):
        browser.post(
            "attendance.record_block",
            batch_id=batch.id,
            block=MORNING,
            data=all_present(people),
            key="0123456789abcdef",
        )

    assert database.session.scalar(select(func.count(Attendance.id))) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"status": "dancing"}, 422),
        ({"status": "late", "minutes": ""}, 422),
        ({"status": "late", "minutes": "9999999999999"}, 422),
        ({"status": "late", "minutes": "91"}, 422),
    ],
)
def test_a_wrong_line_keeps_the_page_with_all_that_was_chosen(make, batch, browser, officer, change, status):
    make.session(batch)
    here, other = make.attendee(batch), make.attendee(batch)
    data = (
        all_present([here, other])
        | {f"{name}_{here.id}": value for name, value in change.items()}
        | {f"status_{other.id}": "sick"}
    )

    page = browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=data, expect=status)

    assert len(page.errors) == 1
    assert page.soup.select_one(f"#status_{other.id} input[checked]")["value"] == "sick"
    assert len(page.soup.select("main form details[open]")) == 2
    assert rows() == {}


def test_what_lies_ahead_says_so_before_anybody_tries(make, batch, browser, officer):
    make.session(batch, held_on=DAY + timedelta(days=1))
    attendee = make.attendee(batch)

    assert "pada hari sesi" in browser.get("attendance.show_attendance", batch_id=batch.id).text
    page = browser.get("attendance.record_block", batch_id=batch.id, block="2026-10-13-1")
    assert page.soup.select("main form") == []
    page = browser.post(
        "attendance.record_block",
        batch_id=batch.id,
        block="2026-10-13-1",
        data=all_present([attendee]),
        expect=422,
    )
    assert "pada hari sesi" in page.error


@pytest.mark.parametrize("block", ["2026-10-12-3", "x", "2026-10-13-1"])
def test_a_half_day_that_is_not_held_is_unknown(make, batch, browser, officer, block):
    make.session(batch)

    browser.get("attendance.record_block", batch_id=batch.id, block=block, expect=404)


@pytest.fixture
def field_practice(make, batch):
    return make.session(
        batch,
        kind=SessionKind.FIELD_PRACTICE,
        title="PKL",
        starts_at=time(9),
        ends_at=time(12),
        lesson_hours=4,
    )


def test_the_host_marks_presence_for_its_session_and_gains_nothing_else(make, batch, browser, field_practice):
    other = make.session(batch)
    attendee = make.attendee(batch)
    contact = make.user(Role.HOST_CONTACT, BANJARBARU, scope=(ScopeKind.SESSION, field_practice.id))
    browser.sign_in(contact)

    page = browser.get("attendance.list_own_sessions")
    assert "PKL" in page.text
    assert other.title not in page.text
    browser.get("attendance.record_session", session_id=field_practice.id)
    browser.post("attendance.record_session", session_id=field_practice.id, data=all_present([attendee]))

    assert rows() == {(field_practice.id, attendee.id): Presence.PRESENT}
    for endpoint, values in (
        ("attendance.record_session", {"session_id": other.id}),
        ("attendance.show_attendance", {"batch_id": batch.id}),
        ("attendance.record_block", {"batch_id": batch.id, "block": MORNING}),
        ("attendance.print_sign_sheet", {"batch_id": batch.id, "day": "2026-10-12"}),
        ("enrollments.list_enrollments", {"batch_id": batch.id}),
        ("enrollments.enroll_others", {"batch_id": batch.id}),
    ):
        browser.get(endpoint, expect=404, **values)
    browser.post("attendance.record_session", session_id=other.id, data=all_present([attendee]), expect=404)
    browser.post(
        "attendance.record_block", batch_id=batch.id, block=MORNING, data=all_present([attendee]), expect=404
    )
    assert len(rows()) == 1


def test_a_grant_that_ended_opens_nothing(make, batch, browser, field_practice):
    contact = make.user(
        Role.HOST_CONTACT,
        BANJARBARU,
        scope=(ScopeKind.SESSION, field_practice.id),
        ends_on=DAY - timedelta(days=1),
    )
    browser.sign_in(contact)

    page = browser.get("attendance.show_session", session_id=field_practice.id)
    assert "Kehadiran sesi ini tidak lagi Anda isi." in page.text
    assert not any(person.name in page.text for person in list_attendees(field_practice.batch))
    browser.post("attendance.record_session", session_id=field_practice.id, data={}, expect=404)
    listed = browser.get("attendance.list_own_sessions")
    assert "Kehadiran sesi ini tidak lagi Anda isi." in listed.text
    assert "Isi kehadiran" not in listed.text


@pytest.mark.parametrize("role", [Role.TRAINER, Role.MENTOR])
def test_who_teaches_opens_the_sheet_of_the_diklat_also_of_a_draft(make, browser, role):
    session = make.session(make.batch(status=BatchStatus.DRAFT))
    other = make.batch(status=BatchStatus.DRAFT)
    browser.sign_in(make.user(role, scope=(ScopeKind.SESSION, session.id)))
    teaches = role is Role.TRAINER
    page = browser.get("attendance.list_own_sessions")
    assert bool(page.soup.select(f'td a[href$="/batches/{session.batch_id}"]')) is teaches
    browser.get("courses.show_sheet", batch_id=session.batch_id, expect=200 if teaches else 404)
    browser.get("courses.show_sheet", batch_id=other.id, expect=404)


def test_who_teaches_sees_the_own_sessions(make, batch, browser):
    user = make.user()
    make.session(batch, title="Etika", facilitator=make.facilitator(user=user))
    make.session(batch, title="Pendataan")
    browser.sign_in(user)

    page = browser.get("attendance.list_own_sessions")

    assert "Etika" in page.text
    assert "Pendataan" not in page.text
    assert "Isi kehadiran" not in page.text  # teaching alone is no right to enter; the grant is


def test_strangers_and_guests_find_nothing(make, batch, browser, new_browser):
    make.session(batch)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))

    browser.get("attendance.show_attendance", batch_id=batch.id, expect=404)
    browser.get("attendance.record_block", batch_id=batch.id, block=MORNING, expect=404)
    assert (
        "sign-in" in new_browser().get("attendance.show_attendance", batch_id=batch.id, expect=302).location
    )


def test_the_provinsi_reads_and_does_not_write(make, batch, browser):
    make.session(batch)
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))

    page = browser.get("attendance.show_attendance", batch_id=batch.id)
    assert page.soup.select(f'a[href$="{MORNING}"]') == []
    page = browser.get("attendance.show_block", batch_id=batch.id, block=MORNING)
    assert page.soup.select("main form") == []
    assert "Belum diisi" in page.text
    browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data={}, expect=404)


@pytest.mark.parametrize("role", [Role.KABUPATEN_DINAS, Role.SIGNER, Role.AUDITOR])
def test_after_the_approval_the_presence_is_read_by_name(make, batch, browser, role):
    ethics = make.session(batch, title="Etika")
    there, late = (
        make.attendee(batch, make.trainee(name="Siti Aminah")),
        make.attendee(batch, make.trainee(name="Dedi Kurniawan")),
    )
    office = make.user(Role.KABUPATEN_DINAS, name="Ibu Ratna")
    make.attendance(ethics, there, recorded_by_id=office.id)
    make.attendance(ethics, late, Presence.LATE, minutes_late=30, recorded_by_id=office.id)
    make.graduation(batch, there, late)
    browser.sign_in(make.user(role))
    assert browser.get("attendance.show_attendance", batch_id=batch.id).soup.select(
        f'main a[href$="{MORNING}"]'
    )
    for endpoint, values in (
        ("show_block", {"batch_id": batch.id, "block": MORNING}),
        ("show_session", {"session_id": ethics.id}),
    ):
        page = browser.get(f"attendance.{endpoint}", **values)
        said = [
            [cell.get_text(strip=True) for cell in row.select("th, td")]
            for row in page.soup.select("main tbody tr")
        ]
        assert sorted(said) == [
            ["Dedi Kurniawan", "Terlambat 30 menit", "Ibu Ratna"],
            ["Siti Aminah", "Hadir", "Ibu Ratna"],
        ]
        assert page.soup.select("main form") == []
        assert "belum dapat diisi" not in page.text


def test_a_session_called_off_or_given_to_somebody_else_says_so_to_who_taught_it(make, batch, browser):
    office, user = make.user(Role.KABUPATEN_DINAS), make.user()
    first, second = (
        make.facilitator(name=name, user=who)
        for name, who in (("Bapak Rahmat", user), ("Dra. Masniah", None))
    )
    person = make.attendee(batch, make.trainee(name="Siti Aminah"))
    facts = {
        "kind": SessionKind.MATERIAL,
        "held_on": DAY,
        "lesson_hours": 0,
        "facilitator_id": first.id,
        "by": office,
    }
    gone, given = (
        schedule.schedule_session(batch, title=title, starts_at=time(hour), ends_at=time(hour + 1), **facts)
        for title, hour in (("Etika", 9), ("Kebijakan", 13))
    )
    browser.sign_in(user)
    browser.get("attendance.show_session", session_id=gone.id)
    schedule.cancel_session(gone, reason="Pengajar sakit mendadak", by=office)
    schedule.change_session(given, facilitator_id=second.id, by=office)
    for session, said in (
        (gone, "Sesi ini dibatalkan. Alasan: Pengajar sakit mendadak."),
        (given, "Sesi ini sekarang diajar Dra. Masniah."),
    ):
        page = browser.get("attendance.show_session", session_id=session.id)
        assert said in page.text
        assert person.name not in page.text
        assert said in browser.get("attendance.list_own_sessions").text
    browser.sign_in(make.user())
    browser.get("attendance.show_session", session_id=gone.id, expect=404)


@pytest.mark.parametrize(
    "endpoint", ["attendance.show_attendance", "attendance.record_block", "attendance.print_sign_sheet"]
)
def test_a_page_asks_the_same_number_of_queries_for_one_and_for_thirty(
    make, at, browser, officer, count_queries, endpoint
):
    at(2026, 10, 12, 3)

    def reads(people):
        batch = make.batch(starts_on=DAY, status=BatchStatus.RUNNING)
        session = make.session(batch)
        for _ in range(people):
            make.attendance(session, make.attendee(batch))
        more = (
            {"block": MORNING}
            if endpoint.endswith("record_block")
            else {"day": "2026-10-12"}
            if endpoint.endswith("sheet")
            else {}
        )
        with count_queries() as counted:
            browser.get(endpoint, batch_id=batch.id, **more)
        return counted()

    assert reads(1) == reads(30)


def test_what_may_still_be_missed_is_said_in_hours(make, batch, browser, officer):
    for hour in range(8, 17):
        make.session(batch, starts_at=time(hour), ends_at=time(hour, 45), lesson_hours=1)
    make.attendee(batch)
    assert (
        "Masih boleh tidak hadir 1 JP (45 menit)"
        in browser.get("attendance.show_attendance", batch_id=batch.id).text
    )


@pytest.mark.parametrize(("status", "chosen"), [("present", "Hadir"), ("sick", "Sakit")])
def test_minutes_beside_anything_but_late_are_asked_about_not_dropped(
    make, batch, browser, officer, status, chosen
):
    make.session(batch)
    person = make.attendee(batch)
    here = {"batch_id": batch.id, "block": MORNING}
    data = {f"status_{person.id}": status, f"minutes_{person.id}": "20"}
    page = browser.post("attendance.record_block", **here, data=data, expect=422)
    assert f"Menit terlambat terisi, tetapi yang dipilih “{chosen}”." in page.text
    assert not rows()
    browser.post("attendance.record_block", **here, data=data | {f"status_{person.id}": "late"})
    read = browser.get("attendance.show_block", **here).soup.find("input", attrs={"name": "version"})["value"]
    browser.post(
        "attendance.record_block", **here, data=data | {"version": read}
    )  # the minutes of what is changed fall away with it
    assert [status.value for status in rows().values()] == [status]


def test_one_limit_of_minutes_is_said_on_every_way(make, batch, browser, officer):
    make.session(batch)
    person = make.attendee(batch)
    data = {f"status_{person.id}": "late"}
    for minutes in ("90", "1.000", "0"):
        page = browser.post(
            "attendance.record_block",
            batch_id=batch.id,
            block=MORNING,
            data=data | {f"minutes_{person.id}": minutes},
            expect=422,
        )
        assert "dari 1 sampai 89" in page.text
