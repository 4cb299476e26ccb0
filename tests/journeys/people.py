"""Six people with a browser each: what they press and type is all that a journey does."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PASSWORD = "sapi-biru-makan-rumput"


class Person:
    """Somebody at a browser of their own; every page is looked at for a single h1 and for Indonesian dates in
    figures.
    """

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.name = name
        self.address = address
        self.context = browser.new_context(locale="id-ID", accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(40_000)

    def open(self, where: str) -> None:
        """Open an address of the site, or a link from a mail or a QR code."""
        answer = self.page.goto(where if where.startswith("http") else self.address + where)
        assert answer is not None
        assert answer.status < 400, f"{self.name} {where}: {answer.status} {self.text()[:500]}"

    def press(self, name: str, *, within: Any = None, exact: bool = False) -> None:
        """Press a button or a link by what is written on it."""
        place = within or self.page
        target = (
            place.get_by_role("button", name=name, exact=exact)
            .or_(place.get_by_role("link", name=name, exact=exact))
            .first
        )
        try:
            target.click(timeout=30_000)
        except PlaywrightTimeout:
            raise AssertionError(
                f"{self.name} finds nothing named “{name}” on {self.page.url}: {self.text()[:1500]}"
            ) from None
        self.page.wait_for_load_state("domcontentloaded")

    def submit(self) -> None:
        """Press the first button of the form on the page, and read on: a page with an error summary is a
        failure.
        """
        self.page.locator("main form [type=submit].btn-primary:visible").first.click()
        self.page.wait_for_load_state("domcontentloaded")
        summary = self.page.locator(".error-summary")
        assert not summary.count(), f"{self.name} on {self.page.url}: {summary.inner_text()}"

    def field(self, label: str, *, group: str | None = None) -> Locator:
        """Return a field by its label, inside a group of fields when one is named."""
        self.page.wait_for_load_state("domcontentloaded")
        place: Any = self.page.get_by_role("main")
        if group:
            place = place.get_by_role("group", name=group)
        found = place.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        try:
            found.first.wait_for(state="attached", timeout=15_000)
        except PlaywrightTimeout:
            raise AssertionError(
                f"{self.name} finds no field “{label}” on {self.page.url}: {self.text()[:1500]}"
            ) from None
        found.first.evaluate(
            "field => { const d = field.closest('details'); if (d && !d.open)"
            " d.querySelector('summary').click(); }"
        )
        return found.first

    def type(self, label: str, value: str, *, group: str | None = None) -> None:
        """Type into a field."""
        self.field(label, group=group).fill(value)

    def choose(self, label: str, option: str, *, group: str | None = None) -> None:
        """Choose an entry of a list by its words; waits while the list is being filled."""
        field = self.field(label, group=group)
        begins = field.locator("option", has_text=re.compile(rf"^\s*{re.escape(option)}"))
        expect(begins).not_to_have_count(0, timeout=15_000)
        names = [name.strip() for name in begins.all_inner_texts()]
        field.select_option(label=option if option in names else names[0])

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.page.get_by_role("checkbox", name=label).first.check()

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in by e-mail, phone or NIK."""
        self.open("/sign-in")
        self.type("Email, nomor HP", name)
        self.type("Kata sandi", password)
        self.press("Masuk", within=self.page.get_by_role("main"))
        assert urlparse(self.page.url).path != "/sign-in", self.text()[:600]

    def welcome(self, link: str) -> None:
        """Open an invitation and choose a password."""
        self.open(link)
        self.type("Kata sandi baru", PASSWORD)
        self.field("Kata sandi baru, sekali lagi").fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button").first.click()
        self.page.wait_for_load_state("domcontentloaded")

    def text(self) -> str:
        """Return the words of the page."""
        with suppress(Exception):
            return " ".join(self.page.locator("body").inner_text().split())
        return ""

    def sees(self, words: str) -> None:
        """Assert that the page says this."""
        assert words.lower() in self.text().lower(), (
            f"{self.name} does not read “{words}” on {self.page.url}: {self.text()[:1500]}"
        )
