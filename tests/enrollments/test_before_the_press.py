"""What an application would be refused for is said on the sheet and on the first question, before anything is
pressed or typed.
"""

import pytest

from app.auth.rules import Role
from app.enrollments.rules import EnrollmentStatus
from app.trainees.rules import TraineeStatus
from tests.factories import BANJARBARU, KALSEL

S = EnrollmentStatus


@pytest.fixture
def madya(make):
    return make.batch(make.course(make.organiser(KALSEL), "madya"))


@pytest.fixture
def volunteer(make, browser):
    user = make.user()
    browser.sign_in(user)
    return make.trainee(user=user)


def button(page):
    """Return the button by which one applies, and whether it is the filled one."""
    found = page.soup.find("a", string="Daftarkan diri")
    return found and ("btn-primary" in found["class"], found["href"])


def sheet(browser, batch):
    return browser.get("courses.show_sheet", batch_id=batch.id)


def test_who_may_join_meets_the_filled_button(make, browser, volunteer):
    batch = make.batch()
    assert button(sheet(browser, batch)) == (True, f"/batches/{batch.id}/enroll")


def test_who_lacks_the_tier_below_reads_it_on_the_sheet_in_place_of_the_button(
    make, browser, volunteer, madya
):
    page = sheet(browser, madya)
    assert button(page) is None
    assert "Anda belum dapat mendaftar" in page.text
    assert "belum ada sertifikat dasar" in page.text
    make.qualification(volunteer)
    assert button(sheet(browser, madya))[0]


def test_who_serves_elsewhere_or_no_more_reads_why(make, browser, volunteer, db):
    foreign, own = make.batch(make.course(make.organiser(BANJARBARU))), make.batch()
    assert "di luar wilayah" in sheet(browser, foreign).text
    volunteer.status = TraineeStatus.INACTIVE
    db.session.commit()
    page = sheet(browser, own)
    assert "hanya PSM aktif dan calon PSM" in page.text
    assert button(page) is None


def test_who_has_applied_is_led_to_the_own_application(make, browser, volunteer):
    batch = make.batch()
    make.enrollment(batch, volunteer)
    page = sheet(browser, batch)
    assert button(page) is None
    assert "Sudah terdaftar pada angkatan ini (Diajukan)." in page.text
    assert page.soup.select("main a[href='/me/enrollments']")


def test_somebody_who_is_new_reads_whom_madya_is_for_before_anything_is_typed(make, browser, madya):
    page = sheet(browser, madya)
    assert button(page)[0] is False  # it depends on a certificate that nobody has looked up
    assert "untuk PSM yang sudah memegang sertifikat dasar" in page.text
    first = browser.get("enrollments.ask_nik", batch=madya.id)
    assert "untuk PSM yang sudah memegang sertifikat dasar" in first.text
    assert button(sheet(browser, make.batch()))[0] is True


def test_where_nothing_stands_in_the_way_the_first_question_is_only_a_question(make, browser):
    page = browser.get("enrollments.ask_nik", batch=make.batch().id)
    assert not page.soup.select("main .notice")


def test_a_closed_diklat_is_said_on_the_first_question_too(make, browser):
    batch = make.batch(status="closed")
    assert (
        "Pendaftaran angkatan ini sudah ditutup." in browser.get("enrollments.ask_nik", batch=batch.id).text
    )


def test_what_was_begun_is_not_resumed_without_saying_it(make, browser, madya):
    browser.post("enrollments.ask_nik", data={"nik": "6305065203689777"}, batch=madya.id)
    page = browser.get("enrollments.register_self", batch=madya.id)
    assert "untuk PSM yang sudah memegang sertifikat dasar" in page.text


@pytest.mark.parametrize(
    ("role", "region", "brings"),
    [
        (Role.TKSK, "63.05.06", True),
        (Role.KABUPATEN_DINAS, "63.05", True),
        (Role.TKSK, "33.74.01", False),
        (Role.AUDITOR, "63.05", False),
    ],
)
def test_an_office_is_offered_to_bring_others_and_not_to_join(make, browser, role, region, brings):
    batch = make.batch()
    browser.sign_in(make.user(role, region))
    page = sheet(browser, batch)
    assert button(page) is None
    assert bool(page.soup.select(f"a[href='/batches/{batch.id}/enrollments/add']")) is brings
    assert ("Akun ini belum terhubung" in page.text) is not brings
