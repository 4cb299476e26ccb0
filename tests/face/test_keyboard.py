"""The first course by keyboard alone: Tab, Enter, Space and arrows; at every stop the place is seen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.face.content import GUEST, Content
from tests.face.showing import DESK, Server

STEPS = 150  # presses of Tab before giving up
OFFICER = "Dinas sosial kabupaten/kota (Tapin)"
HERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const label = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || at.value || '';
  const group = at.closest('fieldset')?.querySelector('legend')?.innerText || at.closest('[role=group], tr, li')?.innerText || '';
  const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const onScreen = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
  const around = at.closest('label, li, td, div') && getComputedStyle(at.closest('label, li, td, div'));
  const aroundDrawn = around && around.outlineStyle !== 'none' && parseFloat(around.outlineWidth) >= 2;
  const folded = text => text.trim().replace(/\\s+/g, ' ');
  return {tag: at.tagName.toLowerCase(), type: at.type || '', name: folded(label), group: folded(group),
    href: at.getAttribute('href') || '', seen: onScreen && (drawn || style.boxShadow !== 'none' || aroundDrawn)};
}"""


class Keys:
    """Somebody with a keyboard and nothing else."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address

    def open(self, path: str) -> None:
        """Type an address; the first stop is the way past the menu."""
        self.page.goto(self.address + path)
        at = self.tab()
        assert at["href"] == "#main", f"the first stop of {path} is {at}"

    def tab(self, key: str = "Tab") -> dict[str, Any]:
        """Go to the next stop, which is seen."""
        self.page.keyboard.press(key)
        at = self.page.evaluate(HERE)
        assert at["tag"] == "body" or at["seen"], f"on {self.page.url} nobody sees that {at} has the focus"
        return at

    def reach(self, name: str, tags: tuple[str, ...] = ("a", "button", "input", "select", "textarea", "summary"), group: str = "") -> None:
        """Go on until something of that name has the focus."""
        at = self.page.evaluate(HERE)
        met = []
        for _step in range(STEPS):
            if at["tag"] in tags and at["name"].startswith(name) and group in at["group"]:
                return
            at = self.tab()
            met.append(at["name"][:30])
        raise AssertionError(f"no key leads to “{name}” on {self.page.url}: {met}")

    def type(self, name: str, text: str) -> None:
        """Go to a field and write."""
        self.reach(name, ("input", "textarea"))
        self.page.keyboard.type(text)

    def press(self, name: str, key: str = "Enter", **where: Any) -> None:
        """Go to a link or a button and press it; wait for the page that it opens."""
        self.reach(name, ("a", "button"), **where)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def confirm(self, name: str, again: str) -> None:
        """Press what asks back: a link to a page that asks, or a line that opens; then say yes."""
        self.reach(name, ("a", "summary"))
        at, before = self.page.evaluate(HERE), self.page.url
        self.page.keyboard.press("Enter")
        if at["tag"] == "a":
            self.page.wait_for_url(lambda url: url != before)
        self.press(again)

    def sees(self, words: str) -> None:
        """Assert that the page says this."""
        text = " ".join(self.page.locator("main").inner_text().split())
        assert words.lower() in text.lower(), f"“{words}” is not on {self.page.url}: {text[:800]}"


@pytest.fixture(scope="module")
def desk(new_app: Callable[..., Flask], installed: tuple[Content, Path], chromium: Any) -> Iterator[Callable[[str], Keys]]:
    """Keyboards in front of one application, each of somebody who is signed in already, or of a guest."""
    app, (content, _path) = new_app(), installed
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    contexts = []
    with Server(app.wsgi_app) as server:

        def sit_down(who: str) -> Keys:
            context = chromium.new_context(viewport=DESK, locale="id-ID")
            contexts.append(context)
            if who != GUEST:
                cookie = serializer.dumps({"_user_id": content.sessions[who], "_fresh": True})
                context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": server.address}])
            page = context.new_page()
            page.set_default_timeout(15_000)
            return Keys(page, server.address)

        yield sit_down
        for context in contexts:
            context.close()


@pytest.mark.browser
def test_signing_in(desk: Callable[[str], Keys], installed: tuple[Content, Path]) -> None:
    keys = desk(GUEST)
    name, password = installed[0].passwords[OFFICER]
    keys.open("/sign-in")
    keys.type("Email, nomor HP", name)
    keys.type("Kata sandi", password)
    keys.press("Masuk", group="")

    keys.sees("Tugas saya")


@pytest.mark.browser
def test_applying_as_somebody_known(desk: Callable[[str], Keys], installed: tuple[Content, Path]) -> None:
    keys = desk("PSM tanpa pendaftaran")
    keys.open(f"/batches/{installed[0].ids['batch_id']}")
    keys.press("Daftarkan diri")
    keys.press("Kirim pendaftaran")

    keys.sees("Pendaftaran Anda terkirim")


@pytest.mark.browser
def test_entering_a_half_day_with_one_absent(desk: Callable[[str], Keys], installed: tuple[Content, Path]) -> None:
    more = installed[0].more
    keys = desk("panitia (Semarang)")
    keys.open(f"/batches/{more['running']}/attendance/{more['running_block']}")
    keys.sees("Semua hadir, kecuali")
    mark_first_absent(keys)
    keys.reach("Simpan kehadiran", ("button",))
    keys.page.keyboard.press("Enter")
    keys.page.get_by_text("Kehadiran tersimpan").first.wait_for()


def mark_first_absent(keys: Keys) -> None:
    """Open the line of the first person and choose “Tanpa keterangan” with the arrows."""
    keys.reach("Siti Nomor", ("summary",))
    keys.page.keyboard.press("Enter")
    assert keys.tab()["type"] == "radio"
    for _arrow in range(6):
        if keys.tab("ArrowDown")["name"].startswith("Tanpa keterangan"):
            return
    raise AssertionError("no arrow leads to “Tanpa keterangan”")


@pytest.mark.browser
def test_approving_a_graduation(desk: Callable[[str], Keys], installed: tuple[Content, Path]) -> None:
    keys = desk("penandatangan (Semarang)")
    keys.open(f"/graduations/{installed[0].more['proposed']}")
    keys.confirm("Setujui kelulusan", "Ya, setujui kelulusan")

    keys.sees("disetujui")


@pytest.mark.browser
def test_checking_a_certificate_by_its_code(desk: Callable[[str], Keys], installed: tuple[Content, Path]) -> None:
    keys = desk(GUEST)
    keys.open("/")
    keys.type("Kode pada sertifikat", str(installed[0].ids["code"]).lower())
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url("**/v/**")

    keys.sees("BERLAKU")


@pytest.mark.browser
def test_a_stop_that_is_not_seen_is_found(desk: Callable[[str], Keys]) -> None:
    """The control: with the outline taken away the first stop fails."""
    keys = desk(GUEST)
    keys.page.add_init_script(
        "addEventListener('focusin', event => { event.target.style.outline = 'none'; event.target.style.boxShadow = 'none'; })"
    )

    with pytest.raises(AssertionError, match="nobody sees"):
        keys.open("/sign-in")
