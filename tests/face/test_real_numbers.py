"""Pages with as many rows as an office has: on a phone and on a desk, in narrow letters and wide ones, of the
usual size and larger.

`ROWS=5000` tries that many people instead of the few of an ordinary run; with `PICTURES=folder` each page is
left there as a picture, with its height in its name.
"""

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.auth.rules import Role
from app.core import clock
from app.courses.rules import BatchStatus
from app.regions.rules import WITA
from tests import databases

ROWS = int(os.environ.get("ROWS", "40"))
PICTURES = os.environ.get("PICTURES", "")
NARROW, WIDE = "Liberation Sans", "DejaVu Sans"
LETTERS = [(NARROW, 16), (WIDE, 24)]
WIDTHS = {"phone": 360, "desk": 1280}
TOO_WIDE = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return [];
  return [...document.querySelectorAll('main *')]
    .filter(each => each.getBoundingClientRect().right > limit + 1)
    .map(each => `${each.tagName}.${each.className} “${(each.innerText || '').slice(0, 40)}”`).slice(-3);
}"""

ON_TOP = """() => {
  const it = document.activeElement, {x, y} = it.getBoundingClientRect();
  return document.elementFromPoint(x + 30, y + 10)?.closest('a') === it;
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        databases.engine_name() != "sqlite",
        reason="pages are the same on every database; looked at on SQLite",
    ),
]


@pytest.fixture
def filled(make):
    """Return a batch of that many people whose meeting was held, and a certificate of one of them."""

    def of(people: int):
        today = clock.today(WITA)
        batch = make.batch(
            quota=people, status=BatchStatus.RUNNING, starts_on=today - timedelta(days=3), ends_on=today
        )
        make.session(batch)
        attendees = []
        for number in range(people):
            person = make.trainee(
                ["63.05.06.2001", "63.05.01.1001", "63.05.08.2004"][number % 3],
                name=f"Siti Norhasanah binti Hasanuddin {number:04}",
                birth_date=date(1950, 1, 1) + timedelta(days=3 * number),
                nik=None,
            )
            attendees.append(make.attendee(batch, person))
            make.mark(attendees[-1], 40 + number % 60)
        make.graduation(batch, *attendees)
        return batch, make.certificate(attendees[0])

    return of


def test_no_page_is_wider_than_the_window(make, browser, shown, filled):
    batch, certificate = filled(ROWS)
    officer, tksk = make.user(Role.KABUPATEN_DINAS), make.user(Role.TKSK, "63.05.06")
    found = {}
    for user, name, address in (
        (officer, "participants", f"/batches/{batch.id}/enrollments"),
        (officer, "graduation", f"/batches/{batch.id}/graduation"),
        (officer, "attendance", f"/batches/{batch.id}/attendance"),
        (officer, "people", "/trainees"),
        (officer, "coverage", "/coverage/63.05"),
        (officer, "gaps", "/coverage/63.05/gaps"),
        (officer, "certificates", f"/batches/{batch.id}/certificates"),
        (tksk, "tksk", "/"),
        (None, "verification", f"/v/{certificate.code}"),
    ):
        browser.sign_out()
        if user:
            browser.sign_in(user)
        page = browser.get(address)
        for window, width in WIDTHS.items():
            for letters, size in LETTERS:
                view = shown(page, width, letters, size)
                if wider := view.evaluate(TOO_WIDE):
                    found[name, window, letters, size] = wider
                if PICTURES:
                    height = view.evaluate("document.documentElement.scrollHeight")
                    file = f"{name}-{ROWS}-{window}-{letters.split()[0]}-{size}-{height}px.png"
                    view.screenshot(path=Path(PICTURES) / file, full_page=height < 16_000)
                view.context.close()
    assert found == {}


@pytest.mark.parametrize("size", [16, 24])
def test_the_button_of_the_menu_stays_under_the_finger(make, browser, shown, size):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    view = shown(browser.get("/"), 360, WIDE, size)
    button, first = view.locator(".site-nav > summary"), view.locator(".site-menu a").first
    before = button.bounding_box()
    button.click()
    assert button.bounding_box() == before
    assert first.bounding_box()["y"] >= before["y"] + before["height"]
    first.focus()
    assert view.evaluate(ON_TOP)
