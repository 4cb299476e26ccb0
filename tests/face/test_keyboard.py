"""The first course by keyboard alone: Tab, Enter, Space, Escape and arrows; at every stop the
place is seen.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.trainees.rules import Sex, sample_nik
from tests.face.content import GUEST, Content
from tests.face.showing import DESK, PHONE, Server

STEPS = 150  # presses of Tab before giving up
NEW_NIK = sample_nik("33.74.01", date(1990, 5, 5), Sex.FEMALE, 9778)
OFFICER = "Dinas sosial kabupaten/kota (Tapin)"
HERE = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const label = at.labels?.[0]?.innerText || at.getAttribute('aria-label') || at.innerText || at.value || '';
  const legend = at.closest('fieldset')?.querySelector('legend')?.innerText;
  const group = legend || at.closest('[role=group], tr, li')?.innerText || '';
  const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const onScreen = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
  const around = at.closest('label, li, td, div') && getComputedStyle(at.closest('label, li, td, div'));
  const aroundDrawn = around && around.outlineStyle !== 'none' && parseFloat(around.outlineWidth) >= 2;
  const folded = text => text.trim().replace(/\\s+/g, ' ');
  return {tag: at.tagName.toLowerCase(), type: at.type || '', name: folded(label), group: folded(group),
    href: at.getAttribute('href') || '',
    seen: onScreen && (drawn || style.boxShadow !== 'none' || aroundDrawn)};
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

    def reach(
        self,
        name: str,
        tags: tuple[str, ...] = ("a", "button", "input", "select", "textarea", "summary"),
        group: str = "",
    ) -> None:
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

    def unfold(self, name: str) -> None:
        """Go to a line that opens, and open it."""
        self.reach(name, ("summary",))
        self.page.keyboard.press("Enter")
        assert self.is_open(), f"Enter does not open “{name}” on {self.page.url}"

    def is_open(self) -> bool:
        """Say whether the line that has the focus is open."""
        return self.page.evaluate("document.activeElement.parentElement.open")

    def sees(self, words: str) -> None:
        """Assert that the page says this."""
        text = " ".join(self.page.locator("main").inner_text().split())
        assert words.lower() in text.lower(), f"“{words}” is not on {self.page.url}: {text[:800]}"


@pytest.fixture(scope="module")
def desk(
    new_app: Callable[..., Flask], installed: tuple[Content, Path], chromium: Any
) -> Iterator[Callable[..., Keys]]:
    """Keyboards in front of one application, each of somebody who is signed in already, or of a guest."""
    app, (content, _path) = new_app(), installed
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    contexts = []
    with Server(app.wsgi_app) as server:

        def sit_down(who: str, size: dict[str, int] = DESK) -> Keys:
            context = chromium.new_context(viewport=size, locale="id-ID")
            contexts.append(context)
            if who != GUEST:
                cookie = serializer.dumps({"_user_id": content.sessions[who], "_fresh": True})
                context.add_cookies(
                    [{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": server.address}]
                )
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
def test_registering_as_somebody_new(desk: Callable[..., Keys], installed: tuple[Content, Path]) -> None:
    keys = desk(GUEST)
    keys.open(f"/register?batch={installed[0].ids['batch_id']}")
    keys.type("NIK", NEW_NIK)
    keys.press("Lanjut")
    keys.sees("Perempuan")
    keys.press("Ya, benar")
    keys.type("Nama lengkap", "Siti Rahmah")
    keys.press("Lanjut")
    choose_desa(keys)
    keys.type("Nomor HP", "0812-0000-7777")
    keys.press("Lanjut")
    keys.press("Kirim pendaftaran")

    keys.sees("Terima kasih, data Anda sudah kami terima")


def choose_desa(keys: Keys) -> None:
    """Go from provinsi to kecamatan by links where they are asked, open the last kecamatan, and choose its
    second desa with an arrow.
    """
    for region in ("Provinsi Jawa Tengah", "Kota Semarang"):
        if keys.page.get_by_role("main").get_by_role("link", name=region).count():
            keys.press(region)
    keys.unfold("Kecamatan Tugu")
    assert keys.tab()["type"] == "radio"
    assert keys.tab("ArrowDown")["name"] == "Tugurejo"
    keys.press("Lanjut")


@pytest.mark.browser
@pytest.mark.parametrize(("menu", "entry"), [("Lainnya", ""), ("Ratna Dewi", "Akun saya")])
def test_a_menu_opens_with_enter_and_escape_closes_it(
    desk: Callable[..., Keys], menu: str, entry: str
) -> None:
    keys = desk(OFFICER)
    keys.open("/")
    keys.unfold(menu)
    at = keys.tab()
    assert (at["tag"], at["name"]) == ("a", entry or at["name"])
    keys.page.keyboard.press("Escape")

    at = keys.page.evaluate(HERE)
    assert (at["tag"], at["name"]) == ("summary", menu)
    assert not keys.is_open()
    assert keys.tab()["name"] != entry or not entry, "what is closed is passed over"


@pytest.mark.browser
def test_one_menu_closes_when_another_is_opened(desk: Callable[..., Keys]) -> None:
    keys = desk(OFFICER)
    keys.open("/")
    keys.unfold("Lainnya")
    keys.unfold("Ratna Dewi")

    assert keys.page.locator(".menu-more[open]").count() == 1


@pytest.mark.browser
def test_the_menu_of_a_phone_opens_with_enter(desk: Callable[..., Keys]) -> None:
    keys = desk(OFFICER, PHONE)
    keys.open("/")
    keys.unfold("☰ Menu")
    keys.press("PSM")

    assert keys.page.url.endswith("/trainees")


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_parts_of_a_batch_are_reached(
    desk: Callable[..., Keys], installed: tuple[Content, Path], size: dict[str, int]
) -> None:
    keys = desk("dinas (Semarang)", size)
    keys.open(f"/batches/{installed[0].ids['batch_id']}")
    keys.press("Kelola angkatan")
    if size is PHONE:
        keys.unfold("Ringkasan bagian lain")
    keys.press("Peserta", group="Peserta")

    assert keys.page.url.endswith("/enrollments")
    if size is PHONE:
        keys.reach("Peserta bagian lain", ("summary",))
        assert keys.tab()["name"] != "Ringkasan", "the parts behind a closed line are passed over"


@pytest.mark.browser
def test_choosing_who_gets_a_seat(desk: Callable[..., Keys]) -> None:
    keys = desk(OFFICER)
    keys.open("/")
    keys.press("Periksa pendaftaran")
    keys.press("Putuskan beberapa sekaligus")
    keys.reach("Centang semua", ("button",))
    while (at := keys.tab())["type"] != "checkbox":
        assert at["tag"] != "body"
    ticked = keys.page.evaluate("document.activeElement.checked")
    keys.page.keyboard.press("Space")

    assert keys.page.evaluate("document.activeElement.checked") is not ticked


@pytest.mark.browser
def test_entering_a_half_day_with_one_absent(
    desk: Callable[[str], Keys], installed: tuple[Content, Path]
) -> None:
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
    keys.confirm("Setujui hasil rapat", "Ya, setujui hasil rapat")

    keys.sees("disetujui")


@pytest.mark.browser
def test_checking_a_certificate_by_its_code(
    desk: Callable[[str], Keys], installed: tuple[Content, Path]
) -> None:
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
        "addEventListener('focusin', event => { event.target.style.outline = 'none';"
        " event.target.style.boxShadow = 'none'; })"
    )

    with pytest.raises(AssertionError, match="nobody sees"):
        keys.open("/sign-in")


@pytest.mark.browser
def test_going_back_shows_what_is_stored_and_fills_in_nothing(
    desk: Callable[[str], Keys], installed: tuple[Content, Path]
) -> None:
    """What a browser fills in again would overwrite what a colleague has saved meanwhile: the page has read
    that, and says so.
    """
    keys = desk("dinas (Semarang)")
    keys.open(f"/batches/{installed[0].ids['batch_id']}/edit")
    field = keys.page.locator("#quota")
    stored = field.input_value()
    field.fill("77")
    keys.page.goto(f"{keys.address}/batches/{installed[0].ids['batch_id']}/workspace")
    keys.page.go_back()
    assert keys.page.locator("#quota").input_value() == stored
