"""Each person's first page begins with the next thing to do; the menu leads only where somebody may go."""

from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.scopes import ScopeKind
from app.courses.rules import BatchStatus, SessionKind
from app.dashboard import navigation
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.fieldwork.rules import VisitStatus
from app.notifications.queries import list_notices
from app.regions.rules import WITA
from app.trainees.rules import TraineeStatus
from app.workspace import services as workspace


def test_every_entry_of_the_menu_and_every_tab_exists(app):
    entries = [
        endpoint
        for _label, endpoint, *_rest in (
            *navigation.STAFF_MENU,
            *navigation.OWN_MENU,
            *navigation.PUBLIC_MENU,
        )
    ]
    entries += [endpoint for _name, _label, endpoint, _permission in navigation.TABS]
    assert [endpoint for endpoint in entries if endpoint not in app.view_functions] == []


def test_the_public_page_has_three_doors_and_the_open_courses(make, browser):
    batch = make.batch()
    make.batch(status=BatchStatus.DRAFT, venue="Rahasia")
    page = browser.get("dashboard.home")
    for words in ("PSM dan calon PSM", "Petugas", "Periksa sertifikat", batch.venue):
        assert words in page.text
    assert "Rahasia" not in page.text


@pytest.mark.parametrize("role", [Role.KABUPATEN_DINAS, Role.COMMITTEE])
def test_the_dinas_begins_with_what_waits(make, browser, role):
    make.enrollment()
    browser.sign_in(make.user(role))
    page = browser.get("dashboard.home")
    assert "1 pendaftaran menunggu keputusan" in page.text
    assert page.soup.find("a", string=lambda text: text and "Periksa pendaftaran" in text)


def test_a_dinas_reads_nothing_of_its_neighbour(make, browser):
    foreign = make.batch(make.course(make.organiser("33.74")), venue="Aula Semarang")
    make.enrollment(foreign, make.trainee("33.74.01.1001"))
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("dashboard.home")
    assert foreign.code not in page.text
    assert "Tidak ada yang menunggu" in page.text


def test_the_signer_begins_with_the_proposal(make, browser):
    today = clock.today(WITA)
    batch = make.batch(status=BatchStatus.FINISHED, starts_on=today - timedelta(days=3), ends_on=today)
    session = make.session(batch, held_on=batch.starts_on, lesson_hours=4)
    attendee = make.attendee(batch)
    make.attendance(session, attendee)
    make.graduation(batch, attendee, approved=False)
    browser.sign_in(make.user(Role.SIGNER))
    assert "Setujui hasil rapat (1 lulus)." in browser.get("dashboard.home").text


def test_the_host_begins_with_the_request(make, browser):
    host = make.host()
    make.visit(host=host, status=VisitStatus.REQUESTED, granted_places=0)
    browser.sign_in(make.user(Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id)))
    page = browser.get("dashboard.home")
    assert "memohon tempat PKL untuk 30 peserta" in page.text
    assert "Jawab permohonan" in page.text


def test_the_trainer_begins_with_the_session_that_was_not_entered(make, browser):
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7))
    session = make.session(batch, title="Etika", kind=SessionKind.MATERIAL)
    browser.sign_in(make.user(Role.TRAINER, scope=(ScopeKind.SESSION, session.id)))
    assert "belum dicatat" not in browser.get("dashboard.home").text  # nobody takes part
    make.attendee(batch)
    page = browser.get("dashboard.home")
    assert "Kehadiran sesi “Etika” belum dicatat" in page.text


def test_a_session_waits_for_its_trainer_while_it_lacks_anybody(make, browser):
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7))
    session = make.session(batch, title="Etika", kind=SessionKind.MATERIAL)
    browser.sign_in(make.user(Role.TRAINER, scope=(ScopeKind.SESSION, session.id)))
    one, two = make.attendee(batch), make.attendee(batch)
    make.attendance(session, one)
    assert "Kehadiran sesi “Etika” belum lengkap" in browser.get("dashboard.home").text
    make.attendance(session, two)
    assert "belum lengkap" not in browser.get("dashboard.home").text


def test_the_tksk_begins_with_the_own_kecamatan(make, browser):
    browser.sign_in(make.user(Role.TKSK, region="63.05.06"))
    assert "Kecamatan Candi Laras Utara" in browser.get("dashboard.home").text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EnrollmentStatus.SUBMITTED, "sedang diperiksa"),
        (EnrollmentStatus.RETURNED, "dikembalikan"),
        (EnrollmentStatus.WAITLISTED, "cadangan"),
        (EnrollmentStatus.ACCEPTED, "Anda diterima sebagai peserta"),
        (EnrollmentStatus.REJECTED, "Pendaftaran Anda belum dapat diterima."),
    ],
)
def test_a_volunteer_reads_where_the_application_stands(make, browser, status, words):
    trainee = make.trainee()
    trainee.user_id = make.user().id
    db.session.commit()
    make.enrollment(trainee=trainee, status=status)
    browser.sign_in(trainee.user)
    assert words in browser.get("dashboard.home").text


def test_a_volunteer_is_led_to_the_certificate(make, browser):
    certificate = make.certificate()
    certificate.trainee.user_id = make.user().id
    db.session.commit()
    browser.sign_in(certificate.trainee.user)
    page = browser.get("dashboard.home")
    assert "Sertifikat Anda sudah terbit" in page.text
    assert certificate.number in page.text
    assert page.soup.select_one(".next-thing a")["href"].endswith(f"/me/certificates/{certificate.id}")
    step = page.soup.select_one(".timeline li")
    assert "Sertifikat sudah terbit" in step.get_text()
    assert step["class"] == ["is-done"]


def test_the_event_log_is_for_those_who_may(make, browser):
    browser.sign_in(make.user(Role.COMMITTEE))
    browser.get("dashboard.list_events", expect=404)
    browser.sign_out()
    browser.sign_in(make.user(Role.AUDITOR))
    browser.get("dashboard.list_events")


def test_machines_are_told_whether_process_and_worker_live(browser):
    assert browser.get("/healthz").json == {"status": "ok"}
    page = browser.get("/readyz", expect=503)
    assert page.json == {"database": "ok", "worker": "silent"}
    assert page.response.headers["Retry-After"]


def test_the_tksk_reads_each_desa_with_its_people(make, browser):
    desa, other = "63.05.06.2001", "63.05.06.2002"
    trained = make.trainee(desa, name="Siti Aminah")
    make.qualification(trained)
    make.trainee(other, name="Rudi Calon", status=TraineeStatus.CANDIDATE)
    make.trainee("63.05.05.2002", name="Orang Kecamatan Lain")
    browser.sign_in(make.user(Role.TKSK, region="63.05.06"))
    page = browser.get("dashboard.home")
    rows = {
        row.th.get_text(strip=True): " ".join(row.get_text(" ").split())
        for row in page.soup.select("tbody tr")
    }
    assert trained.name in rows[make.region(desa).full_name]
    assert "Ada PSM terlatih" in rows[make.region(desa).full_name]
    assert "Rudi Calon Calon PSM" in rows[make.region(other).full_name]
    assert "Tanpa PSM" in rows[make.region(other).full_name]
    assert "Orang Kecamatan Lain" not in page.text
    assert len(rows) > 2, "a desa without anybody has its line too"


def test_the_tksk_reads_whom_to_tell_until_when_and_whom_to_call(make, browser, at):
    at(2026, 10, 1, 1)
    dinas = make.user(Role.KABUPATEN_DINAS)
    batch = make.batch(starts_on=date(2026, 10, 12), contact_name="Panitia Tapin", contact_phone="0517-1234")
    people = [
        make.trainee("63.05.06.2001", name=name, email=None) for name in ("Jumratul", "Masitah", "Rusmini")
    ]
    stranger = make.trainee("63.05.05.2002", name="Orang Kecamatan Lain", email=None)
    offered, seated, _asked, other = (make.enrollment(batch, each) for each in (*people, stranger))
    for held in (offered, other):
        services.waitlist_enrollment(held, by=dinas)
        services.offer_seat(held, note="Desanya belum punya PSM", by=dinas)
    services.accept_enrollment(seated, note="Desanya belum punya PSM", by=dinas)
    browser.sign_in(make.user(Role.TKSK, region="63.05.06"))

    def shown():
        page = browser.get("dashboard.home")
        assert "Orang Kecamatan Lain" not in page.text
        table = page.soup.select_one("#to-tell ~ table")
        return page.text, [" ".join(row.get_text(" ").split()) for row in table.select("tbody tr")]

    text, rows = shown()
    assert "2 orang di kecamatan Anda perlu dikabari" in text
    assert "Tidak ada yang menunggu Anda" not in text
    assert [row.split()[0] for row in rows] == ["Jumratul", "Masitah"]
    assert "Ada tempat untuk Anda" in rows[0]
    assert "24 jam sesudah" in rows[0]
    assert all("0517-1234" in row for row in rows)
    workspace.mark_told(batch, [each.id for each in list_notices(batch.id)], by=dinas)
    _text, rows = shown()
    assert len(rows) == 1
    assert "2 Oktober 2026, 09.00" in rows[0]


def test_the_signer_reads_of_a_proposal_while_the_batch_still_runs(make, browser):
    today = clock.today(WITA)
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=today - timedelta(days=3), ends_on=today)
    attendee = make.attendee(batch)
    make.attendance(make.session(batch, lesson_hours=4), attendee)
    make.graduation(batch, attendee, approved=False)
    for _number in range(20):  # a year's plan does not push it off the page
        make.batch(status=BatchStatus.DRAFT, starts_on=today + timedelta(days=90))
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("dashboard.home")
    assert "Setujui hasil rapat (1 lulus)." in page.soup.select_one(".next-thing").get_text()


def test_the_presence_of_today_comes_before_an_empty_batch_of_next_year(make, browser):
    today = clock.today(WITA)
    make.batch(status=BatchStatus.DRAFT, starts_on=today + timedelta(days=60))
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=today, ends_on=today + timedelta(days=2))
    make.session(batch, lesson_hours=4)
    make.attendee(batch)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("dashboard.home")
    assert "Daftar hadir" in page.soup.select_one(".next-thing").get_text()
    assert page.soup.select_one(".next-thing a")["href"].startswith(f"/batches/{batch.id}/attendance/")
    later = page.soup.select_one("main details.help")
    assert "Jadwal baru memuat" in later.get_text()


def test_the_pengajar_reads_what_is_coming_first(make, browser):
    today = clock.today(WITA)
    user = make.user()
    running = make.batch(
        status=BatchStatus.RUNNING, starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1)
    )
    done = make.batch(status=BatchStatus.FINISHED, starts_on=date(2011, 5, 24), ends_on=date(2011, 5, 27))
    make.certificate(make.attendee(done))
    make.attendee(running)
    held = (
        (done, "Lama", date(2011, 5, 24)),
        (running, "Kemarin", today - timedelta(days=1)),
        (running, "Besok", today + timedelta(days=1)),
    )
    for batch, title, day in held:
        session = make.session(batch, title=title, held_on=day)
        make.grant(user, Role.TRAINER, scope=(ScopeKind.SESSION, session.id))
    browser.sign_in(user)
    page = browser.get("dashboard.home")
    titles = [item.h3.get_text(strip=True) for item in page.soup.select("ol.agenda > li")]
    assert titles == ["Besok", "Kemarin", "Lama"]
    closed = page.soup.select_one("main details:has(ol.agenda)")
    assert [item.h3.get_text(strip=True) for item in closed.select("li")] == ["Lama"]
    assert not closed.has_attr("open")
    assert "sesi “Kemarin” belum dicatat" in page.soup.select_one(".next-thing").get_text()
    assert "sesi “Lama”" not in page.text


def test_a_host_is_not_asked_to_answer_for_a_day_that_has_passed(make, browser):
    host, today = make.host(), clock.today(WITA)
    batch = make.batch(status=BatchStatus.RUNNING, starts_on=today - timedelta(days=3), ends_on=today)
    make.visit(
        batch, host=host, visits_on=today - timedelta(days=1), status=VisitStatus.REQUESTED, granted_places=0
    )
    browser.sign_in(make.user(Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id)))
    assert "memohon tempat PKL" not in browser.get("dashboard.home").text


def test_calling_off_a_batch_that_was_perhaps_never_held_leads_to_where_it_is_done(make, browser):
    today = clock.today(WITA)
    batch = make.batch(
        status=BatchStatus.RUNNING, starts_on=today - timedelta(days=4), ends_on=today - timedelta(days=1)
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    db.session.commit()
    make.attendee(batch)
    make.session(batch, held_on=batch.starts_on, lesson_hours=4)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    links = {
        link.get_text(strip=True): link["href"]
        for link in browser.get("dashboard.home").soup.select("main a")
    }
    assert (links["Batalkan angkatan"], links["Isi daftar hadir"]) == (
        f"/batches/{batch.id}/cancel",
        f"/batches/{batch.id}/attendance/{batch.starts_on}-1",
    )
