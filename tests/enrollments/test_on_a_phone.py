"""Lists of people on a phone of 360 px: a line a person, groups closed, nothing that scrolls for minutes;
tick all in a browser.
"""

import shutil
from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.enrollments.rules import EnrollmentStatus
from tests import databases
from tests.factories import KALSEL

pytestmark = [
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        databases.engine_name() != "sqlite",
        reason="pages are the same on every database; looked at on SQLite",
    ),
]
S = EnrollmentStatus
HEIGHT = "document.documentElement.scrollHeight"


@pytest.fixture
def officer(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


def born(number):
    """Return a day of birth of its own: of one day, one desa and names so alike people are held for one."""
    return date(1960, 1, 1) + timedelta(days=30 * number)


def full_batch(make, people):
    batch = make.batch(quota=400)
    desa = ["63.05.06.2001", "63.05.01.1001"]
    for number in range(people):
        status = S.SUBMITTED if number % 10 == 9 else S.ACCEPTED
        name = f"Siti Norhasanah binti Hasan {number:03}"
        make.enrollment(
            batch, make.trainee(desa[number % 2], name=name, birth_date=born(number), nik=None), status=status
        )
    return batch


@pytest.mark.parametrize(("people", "most", "opened"), [(30, 1_600, 3_400), (328, 1_600, 23_000)])
def test_the_list_of_participants_is_short_until_a_group_is_opened(
    make, browser, officer, shown, people, most, opened
):
    batch = full_batch(make, people)
    page = shown(browser.get("enrollments.list_enrollments", batch_id=batch.id))
    assert page.evaluate(HEIGHT) <= most
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    while page.locator(".group-box:not([open]) > summary").count():
        page.locator(".group-box:not([open]) > summary").first.click()
    assert page.evaluate(HEIGHT) <= opened
    lines = page.evaluate(
        "[...document.querySelectorAll('.group-box tbody tr')].map(row => row.offsetHeight)"
    )
    assert len(lines) == people
    assert max(lines) <= 72  # a long name takes two lines, never a card
    kecamatan = page.evaluate(
        "[...document.querySelectorAll('.table-lines')][0].querySelector('tbody tr').offsetHeight"
    )
    assert kecamatan <= 72


def test_on_a_desk_every_group_is_open_as_a_table(make, browser, officer, shown):
    batch = full_batch(make, 12)
    page = shown(browser.get("enrollments.list_enrollments", batch_id=batch.id), width=1280)
    assert page.locator(".group-box > summary:visible").count() == 0
    assert page.locator(".group-box tbody tr:visible").count() == 12
    assert page.locator("td.wide-only:visible").count() == 24


@pytest.mark.parametrize("people", [30, 328])
def test_lists_to_tick_take_few_lines_a_person(make, browser, officer, shown, people):
    batch = make.batch()
    for number in range(people):
        make.trainee(name=f"Siti {number:03}")
    page = shown(browser.get("enrollments.enroll_others", batch_id=batch.id))
    rows = min(people, 50)
    assert page.locator(".pick-list > li").count() == rows
    assert page.evaluate(HEIGHT) <= 900 + 85 * rows
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_deciding_about_many_takes_few_lines_a_person(make, browser, officer, shown):
    batch = make.batch()
    for number in range(46):
        make.enrollment(batch, make.trainee(name=f"Siti {number:03}"))
    page = shown(browser.get("enrollments.decide_enrollments", batch_id=batch.id))
    assert page.evaluate(HEIGHT) <= 1_400 + 85 * 46


def test_tick_all_ticks_those_who_can_be_enrolled_and_nobody_else(make, browser, shown):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    able, lacking = make.trainee(name="Aminah"), make.trainee(name="Bahriah")
    make.qualification(able)
    for role, region in ((Role.PROVINSI_DINAS, KALSEL), (Role.KABUPATEN_DINAS, "63.05")):
        browser.sign_in(make.user(role, region))
        page = shown(browser.get("enrollments.enroll_others", batch_id=batch.id))
        page.get_by_role("button", name="Centang semua di halaman ini").click()
        assert page.locator(f"#trainees-{able.id}").is_checked()
        assert not page.locator(f"#trainees-{lacking.id}").is_checked()
        browser.sign_out()
