"""What a task asks of a person, counted in a browser: taps, fields typed, pages shown.

More than the figure here is a regression.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.assessment import services as assessment
from app.assessment.queries import latest_graduation
from app.assessment.rules import GraduationStatus
from app.attendance.models import Attendance
from app.attendance.rules import Presence
from app.auth.models import User
from app.auth.rules import Role
from app.auth.services import passwords
from app.certificates import services as certificates
from app.core import clock
from app.core.actor import SYSTEM
from app.courses.rules import BatchStatus
from app.extensions import db as database
from app.notifications.models import Message
from tests import databases
from tests.face.showing import Server
from tests.factories import Factories
from tests.journeys.counting import Counter, wait_until
from tests.journeys.people import PASSWORD

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        databases.engine_name() != "sqlite",
        reason="presses are the same on every database; counted on SQLite",
    ),
]

PHONE = {"width": 360, "height": 740}
BASE = "https://bekal.example.go.id"
# A phone that can hand a file to another program; what it is handed is kept.
SHARING = """
navigator.canShare = (data) => data.files.every((file) => file.type === "image/png");
navigator.share = async (data) => {
  const file = data.files[0], bytes = new Uint8Array(await file.arrayBuffer());
  const begins = Array.from(bytes.slice(1, 4), (b) => String.fromCharCode(b)).join("");
  window.shared = {name: file.name, size: bytes.length, begins};
};
"""


@pytest.fixture
def site(file_app: Flask) -> Iterator[SimpleNamespace]:
    """A living application with a database of its own, and rows for it."""
    with Server(file_app) as server, file_app.app_context():
        yield SimpleNamespace(address=server.address, make=Factories())
        database.session.remove()


@pytest.fixture
def phone(site: SimpleNamespace, chromium: Any) -> Iterator[Callable[..., Any]]:
    """phone(user): a page of 360 px on which that user is signed in; the own first page stands on it."""
    opened = []

    def show(user: User | None = None, *, script: str = "", **more: Any) -> Any:
        context = chromium.new_context(locale="id-ID", viewport=PHONE, accept_downloads=True, **more)
        opened.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if user is not None:
            page.goto(site.address + "/sign-in")
            page.get_by_label(re.compile("Email, nomor HP")).fill(str(user.email))
            page.get_by_label(re.compile("^Kata sandi")).first.fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Masuk").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield show
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def stored() -> str:
    return passwords.hash_password(PASSWORD)


def from_message(page: Any) -> Counter:
    """Return a counter for a task that begins with a link in a message: no page of ours stands open yet."""
    counter = Counter(page)
    counter.pages = 0
    return counter


def mailed_link(site: SimpleNamespace, recipient: str | None) -> str:
    """Return the first link of the last mail to somebody, at the address where the site runs now."""
    mails = [
        mail
        for mail in database.session.scalars(select(Message).order_by(Message.id))
        if mail.recipient == recipient
    ]
    return re.search(r"https?://\S+", mails[-1].body).group().replace(BASE, site.address)


def certified(site: SimpleNamespace, stored: str) -> tuple[Any, User]:
    """A certificate issued to somebody with an account, who was told by mail."""
    make = site.make
    user = make.user(password_hash=stored, name="Siti Aminah")
    batch = make.batch(make.course(year=2011), starts_on=date(2011, 5, 24), ordinal=1)
    trainee = make.trainee(name="Siti Aminah", user_id=user.id, email=user.email)
    make.graduation(batch, make.attendee(batch, trainee))
    make.signer(batch.course.organiser)
    [certificate] = certificates.issue_for_batch(batch, issued_on=date(2011, 5, 27), by=SYSTEM).issued
    return certificate, user


def test_v7_the_certificate_goes_into_a_messenger_as_a_picture(site: Any, phone: Any, stored: str) -> None:
    _certificate, user = certified(site, stored)
    page = phone(user, script=SHARING)
    counter = from_message(page)

    counter.open(mailed_link(site, user.email))
    counter.tap(page.get_by_role("button", name="Bagikan gambar"))

    shared = wait_until(page, "window.shared")
    assert shared["begins"] == "PNG"
    assert shared["size"] < 200_000
    assert re.fullmatch(r"STTPP_Siti-Aminah_.*\.png", shared["name"])
    assert page.locator(".sheet img").evaluate("image => image.complete && image.naturalWidth > 600")
    counter.within(2, 0, 1)


def test_v7_where_no_file_can_be_shared_the_picture_is_saved(
    site: Any, phone: Any, stored: str, tmp_path: Path
) -> None:
    _certificate, user = certified(site, stored)
    page = phone(user, java_script_enabled=False)
    counter = from_message(page)

    counter.open(mailed_link(site, user.email))
    with page.expect_download() as download:
        counter.tap(page.get_by_role("link", name="Simpan sebagai gambar"))

    assert not page.get_by_role("button", name="Bagikan gambar").is_visible()
    download.value.save_as(tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    counter.within(2, 0, 1)


def test_d1_the_desa_without_trained_psm_by_name_on_paper(site: Any, phone: Any, stored: str) -> None:
    site.make.target()
    site.make.trainee()
    page = phone(
        site.make.user(Role.KABUPATEN_DINAS, password_hash=stored),
        script="window.print = () => { window.printed = true; };",
    )
    counter = Counter(page)

    counter.tap(page.get_by_role("main").locator("a[href*='/gaps']").first)
    counter.tap(page.get_by_role("main").get_by_role("button", name="Cetak"))

    assert page.evaluate("window.printed")
    assert "Keladan" in page.get_by_role("main").inner_text()
    counter.within(2, 0, 2)


def proposed(site: SimpleNamespace, stored: str) -> tuple[Any, User]:
    """A graduation of thirty, two of whom fail, proposed to a signer by mail."""
    make, day = site.make, date(2011, 5, 24)
    batch = make.batch(
        make.course(curriculum=make.curriculum(hours=8)),
        starts_on=day,
        ends_on=day,
        status=BatchStatus.RUNNING,
    )
    sessions = [
        make.session(batch, held_on=day, starts_at=time(8), ends_at=time(11), lesson_hours=4),
        make.session(batch, held_on=day, starts_at=time(13), ends_at=time(16), lesson_hours=4),
    ]
    for number in range(30):
        attendee = make.attendee(batch, make.trainee(name=f"Peserta {number + 1:02}"))
        for session in sessions:
            make.attendance(session, attendee, Presence.SICK if number < 2 else Presence.PRESENT)
    signer = make.user(Role.SIGNER, password_hash=stored)
    assessment.propose_graduation(batch, held_on=day, by=make.user(Role.KABUPATEN_DINAS))
    return batch, signer


@pytest.mark.parametrize("with_script", [True, False])
def test_d3_a_graduation_is_approved_on_the_phone(
    site: Any, phone: Any, stored: str, with_script: bool
) -> None:
    batch, signer = proposed(site, stored)
    page = phone(signer, java_script_enabled=with_script)
    counter = from_message(page)

    counter.open(mailed_link(site, signer.email))
    assert (
        "28 orang memenuhi semua syarat. 2 orang tidak: Peserta 01 (" in page.get_by_role("main").inner_text()
    )
    assert not page.get_by_role("button", name="Ya, setujui hasil rapat").is_visible()
    counter.tap(page.locator("summary", has_text="Setujui hasil rapat"))
    counter.tap(page.get_by_role("button", name="Ya, setujui hasil rapat"))

    assert "Hasil rapat disetujui" in page.get_by_role("main").inner_text()
    database.session.rollback()
    assert latest_graduation(batch).status is GraduationStatus.APPROVED
    counter.within(3, 0, 2)


def half_day(site: SimpleNamespace, stored: str) -> tuple[Any, User]:
    """Thirty people, a session that began today, and the committee of the batch."""
    make, today = site.make, clock.today("Asia/Makassar")
    batch = make.batch(starts_on=today, ends_on=today + timedelta(days=3), status=BatchStatus.RUNNING)
    session = make.session(batch, held_on=today, starts_at=time(0, 1), ends_at=time(1, 31))
    for number in range(30):
        make.attendee(batch, make.trainee(name=f"Peserta {number + 1:02}"))
    return session, make.user(Role.COMMITTEE, password_hash=stored)


@pytest.mark.parametrize(("with_script", "pages"), [(True, 2), (False, 3)])
def test_o6_half_a_day_of_thirty_people_two_of_them_absent(
    site: Any, phone: Any, stored: str, with_script: bool, pages: int
) -> None:
    session, committee = half_day(site, stored)
    page = phone(committee, java_script_enabled=with_script)
    counter = Counter(page)

    counter.tap(page.get_by_role("main").get_by_role("link", name="Isi daftar hadir"))
    for name, reason in (("Peserta 07", "Sakit"), ("Peserta 21", "Tanpa keterangan")):
        counter.tap(page.locator("summary", has_text=name))
        counter.tap(page.get_by_role("group", name=f"Kehadiran {name}").get_by_text(reason))
    counter.tap(page.get_by_role("button", name="Simpan kehadiran"))

    page.get_by_text("30 orang baru dicatat").wait_for()
    database.session.rollback()
    entered = {
        row.attendee.name: row.status
        for row in database.session.scalars(select(Attendance).filter_by(session_id=session.id))
    }
    assert entered.pop("Peserta 07") is Presence.SICK
    assert entered.pop("Peserta 21") is Presence.ABSENT
    assert set(entered.values()) == {Presence.PRESENT}
    assert len(entered) == 28
    counter.within(6, 0, pages)


def test_o6_without_signal_nothing_is_lost_and_nothing_is_entered_twice(
    site: Any, phone: Any, stored: str
) -> None:
    session, committee = half_day(site, stored)
    page = phone(committee)
    page.get_by_role("main").get_by_role("link", name="Isi daftar hadir").click()
    page.locator("summary", has_text="Peserta 07").click()
    page.get_by_role("group", name="Kehadiran Peserta 07").get_by_text("Sakit").click()
    assert "29 hadir, 1 tidak hadir" in page.get_by_role("main").inner_text()

    page.context.set_offline(True)
    page.get_by_role("button", name="Simpan kehadiran").click()
    page.get_by_text("Belum terkirim").wait_for()
    page.context.set_offline(False)
    for expected in ("30 orang baru dicatat", "sudah sama"):
        page.get_by_role("button", name="Simpan kehadiran").click()
        page.get_by_text(expected).wait_for()
    page.get_by_role("group", name="Kehadiran Peserta 07").get_by_text("Izin").click()
    page.get_by_role("button", name="Simpan kehadiran").click()
    page.get_by_text("1 orang diperbaiki").wait_for()

    database.session.rollback()
    entered = list(database.session.scalars(select(Attendance).filter_by(session_id=session.id)))
    assert len(entered) == 30
    assert [row.attendee.name for row in entered if row.status is Presence.EXCUSED] == ["Peserta 07"]


def test_p1_a_stranger_checks_a_sheet_by_its_qr(site: Any, phone: Any, stored: str) -> None:
    certificate, _user = certified(site, stored)
    page = phone(java_script_enabled=False)
    counter = from_message(page)

    counter.open(f"{site.address}/V/{certificate.code}")

    assert "BERLAKU" in page.get_by_role("heading", level=1).inner_text().upper()
    counter.within(1, 0, 1)


def test_p1_a_stranger_checks_a_sheet_by_its_typed_code(site: Any, phone: Any, stored: str) -> None:
    certificate, _user = certified(site, stored)
    page = phone(java_script_enabled=False)
    page.goto(site.address + "/v/")
    counter = Counter(page)

    counter.fill(
        page.get_by_role("textbox"),
        "-".join([certificate.code[:5], certificate.code[5:10], certificate.code[10:]]).lower(),
    )
    counter.tap(page.get_by_role("button", name="Periksa"))

    assert "BERLAKU" in page.get_by_role("heading", level=1).inner_text().upper()
    counter.within(1, 1, 2)
