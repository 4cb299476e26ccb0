"""Count what a task asks of a person: taps, fields typed, pages shown.

A tap is a press on a link, a button, a tick or an entry of a list; a file button is one, the phone's own
dialog behind it none. A field is a value typed, a date picked or a block pasted; what stands there already
counts nothing. A page is each page or step shown, the first included; a page shown again with an error is one
more. The counting starts on the page that is open.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page


class Counter:
    """Wraps a page that is open: everything a person does goes through it and is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.fields = 0
        self.pages = 1
        page.on("domcontentloaded", lambda _page: self.step())

    def open(self, address: str) -> None:
        """Open a link of a message or a QR: one tap; its page counts like any other."""
        self.taps += 1
        self.page.goto(address)

    def tap(self, target: Locator) -> None:
        """Press a link, a button, a tick, a choice; waits until the page that follows stands."""
        self.taps += 1
        target.click()
        self.page.wait_for_load_state("domcontentloaded")

    def choose(self, target: Locator, label: str) -> None:
        """Choose an entry of a list by its words: one tap."""
        self.taps += 1
        target.select_option(label=label)

    def attach(self, target: Locator, path: Path) -> None:
        """Press a file button and choose a file: one tap, the phone's dialog is not counted."""
        self.taps += 1
        target.set_input_files(path)

    def fill(self, target: Locator, value: str) -> None:
        """Type or paste a value into an empty field: one field, however long."""
        self.fields += 1
        target.fill(value)

    def step(self) -> None:
        """Count a step that is shown without a new page, e.g. a panel opened by a script."""
        self.pages += 1

    @property
    def spent(self) -> tuple[int, int, int]:
        """Return taps, fields, pages, in the order in which the tasks name them."""
        return self.taps, self.fields, self.pages

    def within(self, taps: int, fields: int, pages: int) -> None:
        """Assert that no more was asked than the task allows."""
        allowed = (taps, fields, pages)
        assert all(spent <= most for spent, most in zip(self.spent, allowed, strict=True)), (
            f"taps, fields, pages: {self.spent}, allowed {allowed}"
        )


def wait_until(page: Any, expression: str, *, seconds: float = 20) -> Any:
    """Return the value of a script's expression once it is true; asks from outside, since the pages' policy
    forbids evaluating texts.
    """
    for _turn in range(int(seconds * 20)):
        if found := page.evaluate(expression):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} never became true")
