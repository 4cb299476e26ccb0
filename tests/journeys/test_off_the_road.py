"""Life changes its mind: each journey walks the pages as its people do, the clock moving from day to day."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.attendance.models import Attendance
from app.auth.rules import Role
from app.certificates.models import Certificate
from app.core.scopes import ScopeKind
from app.courses.models import Batch, TrainingSession
from app.courses.rules import Admission, BatchStatus, SessionKind
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.fieldwork.models import Placement
from app.fieldwork.rules import VisitStatus
from app.notifications.models import Notice

S = EnrollmentStatus
FIRST = date(2026, 10, 12)


class Office:
    """The people of one dinas, each with a browser, and volunteers with theirs."""

    def __init__(self, make: Any, new_browser: Any, at: Any) -> None:
        self.make, self.new_browser, self.at = make, new_browser, at
        self.browsers: list[Any] = []
        self.today(date(2026, 9, 1))
        self.course = make.course(fieldwork_required=False, pass_mark=None)
        self.dinas, self.signer = self.person(Role.KABUPATEN_DINAS), self.person(Role.SIGNER)

    def person(self, role: Role | None = None, **values: Any) -> Any:
        """Return the browser of somebody signed in."""
        browser = self.new_browser()
        browser.user = self.make.user(role, **values)
        browser.sign_in(browser.user)
        self.browsers.append(browser)
        return browser

    def volunteer(self, **values: Any) -> Any:
        """Return the browser of a PSM with an account, and her record as `.record`."""
        browser = self.person()
        browser.record = self.make.trainee(user_id=browser.user.id, **values)
        return browser

    def today(self, day: date, hour: int = 9) -> None:
        """Let it be this hour at Rantau (WITA) on this day."""
        self.at(day.year, day.month, day.day, hour - 8)
        for browser in self.browsers:
            browser.sign_in(browser.user)  # a sign-in of weeks ago has ended

    def batch(self, starts_on: date = FIRST, days: int = 2, **values: Any) -> Batch:
        """An open batch of this many days with all four JP on its first morning and afternoon."""
        batch = self.make.batch(
            self.course, starts_on=starts_on, ends_on=starts_on + timedelta(days=days - 1), **values
        )
        for hour in (8, 13):
            self.make.session(
                batch, held_on=starts_on, starts_at=time(hour), ends_at=time(hour + 3), lesson_hours=2
            )
        return batch

    def ask(self, volunteer: Any, batch: Batch) -> Enrollment:
        """She presses Daftarkan diri."""
        volunteer.post("enrollments.enroll_self", batch_id=batch.id)
        return self.enrollment(volunteer, batch)

    def enrollment(self, volunteer: Any, batch: Batch) -> Enrollment:
        newest = select(Enrollment).where(
            Enrollment.batch_id == batch.id, Enrollment.trainee_id == volunteer.record.id
        )
        return database.session.scalars(newest.order_by(Enrollment.id.desc()).limit(1)).one()

    def accept(self, *enrollments: Enrollment) -> None:
        for each in enrollments:
            self.dinas.post("enrollments.accept_enrollment", enrollment_id=each.id, data={"note": ""})

    def seated(self, batch: Batch, count: int = 1) -> list[Any]:
        """That many volunteers who asked and were accepted."""
        people = [self.volunteer() for _number in range(count)]
        self.accept(*(self.ask(each, batch) for each in people))
        return people

    def attendee(self, volunteer: Any, batch: Batch) -> Attendee:
        same = Attendee.batch_id == batch.id, Attendee.trainee_id == volunteer.record.id
        return database.session.scalars(select(Attendee).where(*same)).one()

    def attend(self, batch: Batch, people: list[Any], absent: tuple[Any, ...] = ()) -> None:
        """Both half days: everybody there, except those named."""
        for half in (1, 2):
            data = {
                f"status_{self.attendee(each, batch).id}": "absent" if each in absent else "present"
                for each in people
            }
            page = self.dinas.get(
                "attendance.record_block", batch_id=batch.id, block=f"{batch.starts_on}-{half}"
            )
            version = page.soup.find("input", attrs={"name": "version"})
            data |= {"version": version["value"]} if version else {}
            self.dinas.post(
                "attendance.record_block", batch_id=batch.id, block=f"{batch.starts_on}-{half}", data=data
            )

    def meet(self, batch: Batch, **outcomes: Any) -> None:
        """Propose and approve; `outcomes`: {f"outcome_{attendee}": …, f"note_{attendee}": …}."""
        held_on = max(batch.ends_on, batch.starts_on).isoformat()
        self.dinas.post(
            "assessment.propose_graduation", batch_id=batch.id, data={"held_on": held_on, **outcomes}
        )
        from app.assessment.queries import latest_graduation

        self.signer.post("assessment.approve_graduation", graduation_id=latest_graduation(batch).id)

    def issue(self, batch: Batch, on: date) -> list[Certificate]:
        self.signer.post(
            "certificates.issue_certificates", batch_id=batch.id, data={"issued_on": on.isoformat()}
        )
        return list(
            database.session.scalars(
                select(Certificate).where(Certificate.batch_id == batch.id).order_by(Certificate.id)
            )
        )

    def told(self, batch: Batch, subject: str) -> list[str]:
        """The names of those who are told this, by mail or by the office."""
        query = select(Notice.name).where(Notice.batch_id == batch.id, Notice.subject == subject)
        return list(database.session.scalars(query.order_by(Notice.id)))


@pytest.fixture
def office(make, new_browser, at) -> Office:
    return Office(make, new_browser, at)


def test_a_cancelled_batch_lets_its_people_into_the_next(office):
    batch, following = office.batch(), office.batch(FIRST + timedelta(days=14))
    [siti] = office.seated(batch)
    waiting = office.volunteer()
    office.ask(waiting, batch)
    page = office.dinas.get("courses.cancel_batch", batch_id=batch.id)
    assert "1 peserta" in page.text
    office.dinas.post("courses.cancel_batch", batch_id=batch.id, data={"reason": "Anggaran dialihkan"})

    for person in (siti, waiting):
        page = person.get("enrollments.list_own_enrollments")
        assert "Angkatan dibatalkan" in page.text
        assert "Anggaran dialihkan" in page.text
        office.ask(person, following)
    assert office.told(batch, "Angkatan dibatalkan: Diklat Dasar PSM") == [
        siti.record.name,
        waiting.record.name,
    ]
    assert (
        "menunggu keputusan Anda"
        not in office.dinas.get("enrollments.list_enrollments", batch_id=batch.id).text
    )
    office.dinas.post(
        "enrollments.accept_enrollment",
        enrollment_id=office.enrollment(siti, following).id,
        data={"note": ""},
    )
    assert office.enrollment(siti, following).status is S.ACCEPTED


def test_who_failed_reads_why_and_sits_in_the_next_batch(office):
    batch, following = office.batch(), office.batch(FIRST + timedelta(days=14))
    siti, ani = office.seated(batch, 2)
    office.today(FIRST + timedelta(days=1), 18)
    office.attend(batch, [siti, ani], absent=(siti,))
    office.meet(batch)

    page = siti.get("enrollments.list_own_enrollments")
    assert "Tidak lulus" in page.text
    assert "Hadir 0 dari 4 JP" in page.text
    office.accept(office.ask(siti, following))
    office.today(following.ends_on, 18)
    office.attend(following, [siti])
    office.meet(following)
    assert [each.trainee_id for each in office.issue(following, following.ends_on)] == [siti.record.id]


def test_who_is_put_off_passes_in_a_supplementary_meeting_and_gets_the_next_number(office):
    batch = office.batch()
    siti, ani = office.seated(batch, 2)
    office.today(FIRST + timedelta(days=1), 18)
    office.attend(batch, [siti, ani])
    key = office.attendee(siti, batch).id
    office.meet(batch, **{f"outcome_{key}": "deferred", f"note_{key}": "Tugas belum dikumpulkan"})
    [first] = office.issue(batch, batch.ends_on)
    assert first.trainee_id == ani.record.id
    assert "Ditunda" in siti.get("enrollments.list_own_enrollments").text

    office.today(FIRST + timedelta(days=8))
    assert "susulan" in office.dinas.get("workspace.show_batch", batch_id=batch.id).text
    data = {"held_on": (FIRST + timedelta(days=8)).isoformat()}
    office.dinas.post("assessment.propose_graduation", batch_id=batch.id, data=data)
    from app.assessment.queries import latest_graduation

    office.signer.post("assessment.approve_graduation", graduation_id=latest_graduation(batch).id)
    first, second = office.issue(batch, FIRST + timedelta(days=8))
    assert (second.trainee_id, second.sequence) == (siti.record.id, first.sequence + 1)
    assert second.facts["name"] == siti.record.name


def test_a_revoked_certificate_is_followed_by_a_new_diklat_and_not_by_ganti(office):
    batch, following = office.batch(), office.batch(FIRST + timedelta(days=14))
    [siti] = office.seated(batch)
    office.today(FIRST + timedelta(days=1), 18)
    office.attend(batch, [siti])
    office.meet(batch)
    [certificate] = office.issue(batch, batch.ends_on)
    siti.post("enrollments.enroll_self", batch_id=following.id, expect=409)
    office.today(FIRST + timedelta(days=3))
    data = {"revoked_on": (FIRST + timedelta(days=3)).isoformat(), "reason": "Daftar hadir dipalsukan"}
    office.signer.post("certificates.revoke_certificate", certificate_id=certificate.id, data=data)
    again = {"issued_on": (FIRST + timedelta(days=3)).isoformat(), "reason": "Minta diterbitkan lagi"}
    page = office.signer.post(
        "certificates.replace_certificate", certificate_id=certificate.id, data=again, expect=409
    )
    assert "dicabut" in page.text
    assert "belum terbit" not in office.dinas.get("workspace.show_batch", batch_id=batch.id).text

    office.accept(office.ask(siti, following))
    office.today(following.ends_on, 18)
    office.attend(following, [siti])
    office.meet(following)
    [new] = office.issue(following, following.ends_on)
    assert new.trainee_id == siti.record.id


def test_a_session_that_was_attended_is_not_moved_in_silence(office):
    batch = office.batch()
    [siti] = office.seated(batch)
    office.today(FIRST, 18)
    office.attend(batch, [siti])
    session = database.session.scalars(
        select(TrainingSession).where(TrainingSession.batch_id == batch.id).limit(1)
    ).one()
    moved = {
        "held_on": (FIRST + timedelta(days=1)).isoformat(),
        "starts_at": "08:00",
        "ends_at": "11:00",
        "kind": "material",
        "title": session.title,
        "lesson_hours": "2",
        "subject_id": "",
    }
    subject = office.course.curriculum
    from app.courses.queries import list_subjects

    moved["subject_id"] = str(list_subjects(subject)[0].id)
    page = office.dinas.post("courses.change_session", session_id=session.id, data=moved, expect=422)
    assert "sudah mempunyai 1 catatan kehadiran" in page.text
    page = office.dinas.post(
        "courses.change_session", session_id=session.id, data={**moved, "presence": "keep"}, expect=422
    )
    assert "hari yang belum tiba" in page.text
    office.dinas.post("courses.change_session", session_id=session.id, data={**moved, "presence": "clear"})
    rows = select(Attendance).where(Attendance.session_id == session.id)
    assert list(database.session.scalars(rows)) == []
    from app.attendance.queries import blocks_of

    assert [block.is_complete for block in blocks_of(batch)] == [
        True,
        False,
    ]  # the afternoon stands, the moved morning is empty


def test_a_panti_changes_its_answer_before_and_not_after_the_approval(office):
    course = office.course
    batch = office.batch()
    office.make.session(
        batch,
        held_on=FIRST + timedelta(days=1),
        kind=SessionKind.FIELD_PRACTICE,
        starts_at=time(8),
        lesson_hours=0,
    )
    people = office.seated(batch, 3)
    contact = office.person(region="63.72")
    host = office.make.host(contact_user=contact.user)
    office.make.grant(contact.user, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    office.dinas.post(
        "fieldwork.request_visit",
        batch_id=batch.id,
        data={
            "host_id": str(host.id),
            "visits_on": (FIRST + timedelta(days=1)).isoformat(),
            "requested_places": "3",
        },
    )
    from app.fieldwork.queries import list_visits

    [visit] = list_visits(batch)
    contact.post("fieldwork.answer_visit", visit_id=visit.id, data={"answer": "accepted"})
    office.dinas.post("fieldwork.spread_evenly", batch_id=batch.id)
    placed = select(Placement).where(Placement.visit_id == visit.id)
    assert len(list(database.session.scalars(placed))) == 3

    fewer = {"answer": "partly_accepted", "granted_places": "2", "note": "Satu wisma direnovasi"}
    page = contact.post("fieldwork.answer_visit", visit_id=visit.id, data=fewer, expect=422)
    assert "kehilangan tempat" in page.text
    contact.post("fieldwork.answer_visit", visit_id=visit.id, data={**fewer, "confirm": "y"})
    assert len(list(database.session.scalars(placed))) == 2

    office.today(FIRST + timedelta(days=1), 18)
    office.attend(batch, people)
    office.meet(batch)
    contact.post(
        "fieldwork.answer_visit",
        visit_id=visit.id,
        data={"answer": "declined", "confirm": "y", "note": "Tidak jadi"},
        expect=422,
    )
    assert len(list(database.session.scalars(placed))) == 2
    assert visit.status is VisitStatus.PARTLY_ACCEPTED
    assert course is batch.course


def test_one_leaves_on_the_second_day_and_one_of_the_cadangan_comes(office):
    batch = office.batch(days=3, quota=1, admission=Admission.AUTOMATIC)
    siti, ani = office.volunteer(), office.volunteer()
    assert office.ask(siti, batch).status is S.ACCEPTED
    assert office.ask(ani, batch).status is S.WAITLISTED
    office.today(FIRST, 18)
    office.attend(batch, [siti])
    office.today(FIRST + timedelta(days=1))
    page = siti.post(
        "enrollments.withdraw_own_enrollment",
        batch=batch.code,
        data={"batch": batch.code, "reason": "Anak saya sakit"},
        expect=422,
    )
    assert "Ibu Ratna" in page.text
    office.dinas.post(
        "enrollments.withdraw_enrollment",
        enrollment_id=office.enrollment(siti, batch).id,
        data={"reason": "Anaknya sakit"},
    )
    assert office.enrollment(ani, batch).status is S.WAITLISTED  # from the first day on by hand
    office.accept(office.enrollment(ani, batch))
    assert office.enrollment(ani, batch).status is S.ACCEPTED
    assert "Keluar pada" in office.dinas.get("attendance.show_attendance", batch_id=batch.id).text
    assert len(list(database.session.scalars(select(Attendance)))) == 2


def test_a_raised_quota_serves_those_who_wait(office):
    batch = office.batch(quota=1, admission=Admission.AUTOMATIC, status=BatchStatus.OPEN)
    people = [office.volunteer() for _number in range(3)]
    for each in people:
        office.ask(each, batch)
    data = {
        "starts_on": batch.starts_on.isoformat(),
        "ends_on": batch.ends_on.isoformat(),
        "venue": batch.venue,
        "quota": "2",
        "audience": batch.audience,
        "contact_name": batch.contact_name,
        "contact_phone": batch.contact_phone,
        "admission": "automatic",
        "venue_region-provinsi": "63",
        "venue_region-kabupaten": "63.05",
    }
    office.dinas.post("courses.change_batch", batch_id=batch.id, data=data)
    assert [office.enrollment(each, batch).status for each in people] == [S.ACCEPTED, S.OFFERED, S.WAITLISTED]
    late = office.volunteer()
    assert office.ask(late, batch).status is S.WAITLISTED
    assert "Jawab" in people[1].get("dashboard.home").text
    people[1].post("enrollments.answer_own_enrollment", data={"batch": batch.code, "answer": "accepted"})
    assert office.enrollment(people[1], batch).status is S.CONFIRMED
