"""Pages that decide about many say in numbers who is concerned, and what cannot be done says why before
anybody tries.
"""

from datetime import date, time, timedelta

import pytest
from flask import g

from app.attendance.models import Attendance
from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.courses.queries import list_subjects
from app.courses.rules import BatchStatus
from app.enrollments.rules import EnrollmentStatus as S
from app.extensions import db as database
from app.regions.rules import WITA


@pytest.fixture
def dinas(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


@pytest.fixture
def busy(make):
    """A batch with two seated, one in the queue, one who asks, and somebody who teaches."""
    batch = make.batch(ordinal=7)
    teacher = make.facilitator(batch.course.organiser)
    for status in (S.ACCEPTED, S.CONFIRMED, S.WAITLISTED, S.SUBMITTED):
        make.enrollment(batch, status=status, waiting_since=clock.now() if status is S.WAITLISTED else None)
    return batch, make.session(batch, held_on=batch.starts_on, facilitator=teacher)


def numbers(page):
    return {
        " ".join(item.span.get_text().split()): int(item.b.get_text())
        for item in page.soup.select(".confirmation li")
    }


EVERYBODY = {"peserta yang mendapat tempat": 2, "cadangan": 1, "pendaftar yang menunggu keputusan": 1}


@pytest.mark.parametrize(
    ("endpoint", "of_session", "teaching"),
    [
        ("courses.cancel_batch", False, "pengajar"),
        ("courses.change_batch", False, "pengajar"),
        ("courses.cancel_session", True, "pengajar sesi ini"),
        ("courses.change_session", True, "pengajar sesi ini"),
    ],
)
def test_who_is_told_is_said_in_numbers_before_the_press(
    browser, dinas, busy, endpoint, of_session, teaching
):
    batch, session = busy
    page = browser.get(endpoint, **({"session_id": session.id} if of_session else {"batch_id": batch.id}))
    assert numbers(page) == {**EVERYBODY, teaching: 1}
    assert "Kabari sendiri" not in page.text


def test_a_draft_tells_nobody(make, browser, dinas):
    batch = make.batch(status=BatchStatus.DRAFT)
    make.enrollment(batch, status=S.ACCEPTED)
    assert numbers(browser.get("courses.change_batch", batch_id=batch.id)) == {}


def test_what_cannot_be_undone_says_so_and_wants_words(browser, dinas, busy):
    batch, session = busy
    assert "tidak dapat dibuka lagi" in browser.get("courses.cancel_batch", batch_id=batch.id).text
    assert "tidak dapat dipulihkan" in browser.get("courses.cancel_session", session_id=session.id).text
    for reason in ("x", ".....", "12345"):
        page = browser.post(
            "courses.cancel_session", session_id=session.id, data={"reason": reason}, expect=422
        )
        assert page.soup.select_one("#reason-error")
        assert page.soup.select_one("#reason").get_text().strip() == reason
        browser.post("courses.cancel_batch", batch_id=batch.id, data={"reason": reason}, expect=422)
    assert (batch.status, session.cancelled_at) == (BatchStatus.OPEN, None)


def test_who_has_to_be_told_by_hand_is_said_after_it(browser, dinas, busy):
    batch, _session = busy
    browser.post("courses.cancel_batch", batch_id=batch.id, data={"reason": "Anggaran ditunda"})
    assert "Ada 5 orang yang belum dikabari" in browser.get("workspace.show_batch", batch_id=batch.id).text


def test_opening_names_what_is_missing_before_the_press(make, browser, dinas):
    batch = make.batch(status=BatchStatus.DRAFT, contact_phone="", audience="")
    page = browser.get("courses.open_batch", batch_id=batch.id)
    assert "Lengkapi dahulu: untuk siapa, narahubung dan nomornya." in page.text
    assert page.soup.select("main form") == []
    assert page.soup.find("a", string="Lengkapi data angkatan")["href"] == f"/batches/{batch.id}/edit"


def buttons(page):
    return {link.get_text(strip=True) for link in page.soup.select("main a.btn")}


MOVES = {
    "Buka pendaftaran",
    "Tutup pendaftaran",
    "Mulai angkatan",
    "Nyatakan selesai",
    "Batalkan angkatan",
    "Ubah angkatan",
    "Tambah sesi",
}


@pytest.mark.parametrize(
    ("status", "days", "shown"),
    [
        (BatchStatus.DRAFT, 7, {"Buka pendaftaran", "Batalkan angkatan", "Ubah angkatan", "Tambah sesi"}),
        (BatchStatus.OPEN, 7, {"Tutup pendaftaran", "Batalkan angkatan", "Ubah angkatan", "Tambah sesi"}),
        (BatchStatus.CLOSED, 7, {"Buka pendaftaran", "Batalkan angkatan", "Ubah angkatan", "Tambah sesi"}),
        (BatchStatus.CANCELLED, 7, set()),
    ],
)
def test_only_what_is_possible_has_a_button_and_each_leads_to_a_form(
    make, browser, dinas, status, days, shown
):
    batch = make.batch(status=status, starts_on=clock.today(WITA) + timedelta(days=days))
    page = browser.get("courses.show_schedule", batch_id=batch.id)
    assert buttons(page) & MOVES == shown
    for link in page.soup.select("main a.btn"):
        if link.get_text(strip=True) in MOVES:
            assert browser.get(link["href"]).soup.select("main form"), link
    if status is BatchStatus.CANCELLED:
        assert "Angkatan ini sudah dibatalkan." in page.text


@pytest.mark.parametrize("move", ["open", "close", "start", "finish", "cancel"])
def test_a_page_of_a_move_that_is_refused_says_the_sentence_of_the_service(make, browser, dinas, move):
    batch = make.batch(status=BatchStatus.CANCELLED)
    page = browser.get(f"courses.{move}_batch", batch_id=batch.id)
    assert page.soup.select("main form") == []
    refused = browser.post(
        f"courses.{move}_batch",
        batch_id=batch.id,
        data={"reason": "Anggaran ditunda"},
        expect=409 if move == "cancel" else 422,
    )
    assert refused.error.rstrip(".") in page.text


@pytest.fixture
def held(make):
    """A session of today with one presence."""
    today = clock.today(WITA)
    batch = make.batch(
        status=BatchStatus.RUNNING, starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1)
    )
    subject = list_subjects(batch.course.curriculum)[0]
    session = make.session(
        batch, held_on=today, starts_at=time(0, 5), ends_at=time(2, 5), subject_id=subject.id
    )
    make.attendance(session, make.attendee(batch))
    return session


def entered(session):
    return database.session.query(Attendance).filter_by(session_id=session.id).count()


def facts(session, **changes):
    day = session.held_on
    return {
        "held_on": day,
        "starts_at": "00:05",
        "ends_at": "02:05",
        "kind": session.kind.value,
        "subject_id": session.subject_id or "",
        "title": session.title,
        "lesson_hours": session.lesson_hours,
        "place": "",
        "office": "",
        "facilitator_id": "",
        **changes,
    }


def test_a_session_with_presence_asks_what_becomes_of_it(browser, dinas, held):
    page = browser.get("courses.change_session", session_id=held.id)
    assert "sudah mempunyai 1 catatan kehadiran" in page.text
    assert {option["value"] for option in page.soup.select("input[name=presence]")} == {"keep", "clear"}
    moved = facts(held, starts_at="03:00", ends_at="05:00")
    page = browser.post("courses.change_session", session_id=held.id, data=moved, expect=422)
    assert page.soup.select_one("#presence-error")
    browser.post("courses.change_session", session_id=held.id, data={**moved, "presence": "keep"})
    assert (held.starts_at, entered(held)) == (time(3, 0), 1)
    tomorrow = facts(held, held_on=held.held_on + timedelta(days=1))
    browser.post(
        "courses.change_session", session_id=held.id, data={**tomorrow, "presence": "keep"}, expect=422
    )
    browser.post("courses.change_session", session_id=held.id, data={**tomorrow, "presence": "clear"})
    assert entered(held) == 0


def test_nobody_is_asked_where_nothing_is_entered(make, browser, dinas):
    session = make.session(make.batch())
    assert (
        browser.get("courses.change_session", session_id=session.id).soup.select("input[name=presence]") == []
    )


def test_programs_say_it_too(app, make, held):
    user = make.user(Role.KABUPATEN_DINAS)
    headers = {"Authorization": f"Bearer {auth.make_access_token(user, 'test', days=1, by=user)}"}
    path = f"/api/v1/batches/{held.batch_id}/sessions/{held.id}"

    def send(body, expect, to=path, method="patch"):
        g.pop("_login_user", None)
        database.session.expire_all()
        answer = getattr(app.test_client(), method)(to, json=body, headers=headers)
        assert answer.status_code == expect, answer.text

    moved = {"starts_at": "03:00", "ends_at": "05:00"}
    send(moved, 422)
    send({**moved, "presence": "maybe"}, 422)
    send({**moved, "presence": "clear"}, 200)
    assert entered(held) == 0
    send({"reason": "x"}, 422, f"{path}/cancel", "post")
    assert held.cancelled_at is None


@pytest.mark.parametrize(
    ("moment", "words"),
    [((2026, 5, 1), "Pendaftaran dibuka"), ((2026, 5, 21), "Berlangsung"), ((2026, 5, 28), "Sudah berakhir")],
)
def test_no_list_says_open_of_a_batch_that_is_over(make, browser, at, moment, words):
    at(2026, 5, 1)
    batch = make.batch(starts_on=date(2026, 5, 20), ends_on=date(2026, 5, 23))
    at(*moment)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    for page in (
        browser.get("courses.list_courses", year=2026),
        browser.get("workspace.show_batch", batch_id=batch.id),
        browser.get("dashboard.home"),
    ):
        assert words in page.text
        assert ("Pendaftaran dibuka" in page.text) is (words == "Pendaftaran dibuka")


@pytest.mark.parametrize(
    ("moment", "words", "may_apply"),
    [
        ((2026, 5, 1), "Sisa tempat", True),
        ((2026, 5, 21), "Diklat ini sedang berlangsung.", False),
        ((2026, 5, 28), "Tanggal diklat ini sudah lewat.", False),
    ],
)
def test_the_public_sheet_follows_the_calendar(make, browser, at, moment, words, may_apply):
    at(2026, 5, 1)
    batch = make.batch(starts_on=date(2026, 5, 20), ends_on=date(2026, 5, 23))
    at(*moment)
    page = browser.get("courses.show_sheet", batch_id=batch.id)
    assert words in page.text
    assert ("Daftarkan diri" in page.text, "Sisa tempat" in page.text) == (may_apply, may_apply)
