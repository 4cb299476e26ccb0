"""A volunteer's way in, counted: register unknown from the link of a course (V2), and "may I join, which
course helps" (V3).
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.trainees.rules import Sex, sample_nik
from tests import databases
from tests.journeys.counting import Counter
from tests.journeys.installation import Installation

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(
        databases.engine_name() != "sqlite",
        reason="presses are the same on every database; counted on SQLite",
    ),
]

V2, V3 = (12, 4, 8), (1, 0, 2)  # taps, fields, pages
PHONE = {"width": 360, "height": 740}
KECAMATAN, DESA = "Candi Laras Utara", "Keladan"
SERIALS = count(9100)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with demo content: a diklat dasar and a diklat madya take applications."""
    folder = tmp_path_factory.mktemp("joining")
    address = databases.new_database(folder, "joining")
    installation = Installation(folder, address)
    try:
        installation.start(datetime.now(UTC).isoformat(timespec="minutes"), DEMO="yes")
        yield installation
    finally:
        installation.stop()
        databases.drop_database(address)


@pytest.fixture(scope="module", params=[16, 24], ids=["letters-100", "letters-150"])
def chromium(request: pytest.FixtureRequest, playing: Any) -> Iterator[Any]:
    """A browser whose letters are of the usual size, or half as large again, as a phone's
    setting makes them.
    """
    letters = f"--blink-settings=defaultFontSize={request.param}"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", letters]
    browser = playing.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


def phone(browser: Any, script: bool = True) -> Any:
    page = browser.new_context(locale="id-ID", viewport=PHONE, java_script_enabled=script).new_page()
    page.set_default_timeout(20_000)
    return page


def somebody() -> tuple[str, str]:
    """Return a NIK that nobody has, of a woman of 58, and a phone number."""
    serial = next(SERIALS)
    return sample_nik("63.05.06", date(1968, 3, 12), Sex.FEMALE, serial), f"0813-0000-{serial}"


def address_of_course(installation: Installation, page: Any, title: str) -> str:
    page.goto(installation.address + "/batches")
    return installation.address + page.get_by_role("link", name=title).first.get_attribute("href")


def fits(page: Any) -> None:
    """Nothing runs out of a narrow phone; nothing to press is smaller than a finger needs."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    for target in page.locator("main .btn:visible").all():
        box = target.bounding_box()
        assert box["height"] >= 36, (page.url, target.inner_text(), box)


@pytest.mark.parametrize("script", [True, False], ids=["with-scripts", "without-scripts"])
def test_v2_somebody_unknown_registers_from_the_link_of_an_open_course(
    installation: Installation, chromium: Any, script: bool
) -> None:
    from playwright.sync_api import expect

    link = address_of_course(installation, phone(chromium), "Diklat Dasar PSM")
    page = phone(chromium, script)
    nik, number = somebody()
    counter = Counter(page)
    counter.pages = 0  # nothing is open before the link is pressed
    main = page.get_by_role("main")

    counter.open(link)
    counter.tap(main.get_by_role("link", name="Daftarkan diri"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Berapa NIK Anda?")
    expect(main).to_contain_text("Langkah 1 dari 6")
    fits(page)
    counter.fill(main.get_by_label("NIK", exact=True), nik)
    if script:
        expect(main).to_contain_text(
            "16 dari 16 angka: " + " ".join(nik[at : at + 4] for at in range(0, 16, 4))
        )
    counter.tap(main.get_by_role("button", name="Lanjut"))
    expect(main).to_contain_text("12 Maret 1968")
    expect(main).to_contain_text("Perempuan")
    fits(page)
    counter.tap(main.get_by_role("button", name="Ya, benar"))
    counter.fill(main.get_by_label("Nama lengkap"), "Siti Rahmah")
    fits(page)
    counter.tap(main.get_by_role("button", name="Lanjut"))
    counter.tap(main.locator("summary", has_text=KECAMATAN))
    fits(page)
    counter.tap(main.get_by_label(DESA, exact=True))
    counter.tap(main.get_by_role("button", name="Lanjut"))
    counter.fill(main.get_by_label("Nomor HP"), number)
    counter.fill(main.get_by_label("Alamat rumah"), "RT 02, Jalan Sawah")
    fits(page)
    counter.tap(main.get_by_role("button", name="Lanjut"))
    for told in ("12 Maret 1968, perempuan", "Siti Rahmah", f"Desa {DESA}", number, "RT 02, Jalan Sawah"):
        expect(main).to_contain_text(told)
    fits(page)
    counter.tap(main.get_by_role("button", name="Kirim pendaftaran"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Terima kasih, data Anda sudah kami terima")
    fits(page)
    counter.within(*V2)

    code = "".join(main.locator(".sign-in-code span").all_inner_texts())
    main.get_by_role("button", name="Sudah saya simpan, masuk").click()
    main.get_by_label("Email, nomor HP").fill(number)
    main.get_by_label("Kata sandi").fill(code)
    main.get_by_role("button", name="Masuk").click()
    expect(main).to_contain_text("Diklat Dasar PSM")
    expect(main).to_contain_text("Diajukan")


def test_v3_may_i_join_madya_and_which_course_helps(installation: Installation, chromium: Any) -> None:
    from playwright.sync_api import expect

    accounts = json.loads(Path(installation.folder, "demo-accounts.json").read_text())
    psm = next(each for each in accounts if each["role"] == "PSM")
    page = phone(chromium)
    page.goto(installation.address + "/sign-in")
    main = page.get_by_role("main")
    main.get_by_label("Email, nomor HP").fill(psm["sign_in"])
    main.get_by_label("Kata sandi").fill(psm["password"])
    main.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beranda saya")

    counter = Counter(page)
    rungs = page.locator(".rungs > li")
    expect(rungs.nth(0)).to_contain_text("Sudah Anda miliki")
    expect(rungs.nth(1)).to_contain_text("Dapat Anda ikuti")
    expect(rungs.nth(2)).to_contain_text("Belum ada sertifikat madya yang tercatat atas nama Anda.")
    expect(rungs.nth(2)).to_contain_text("Yang membantu: Diklat Madya PSM")
    fits(page)
    counter.tap(rungs.nth(1).get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Diklat Madya PSM")
    counter.within(*V3)

    # And joining from there: Periksa data Anda, nothing to type.
    going_on = Counter(page)
    going_on.tap(main.get_by_role("link", name="Daftarkan diri"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa data Anda")
    expect(main.get_by_role("button", name="Kirim pendaftaran")).to_be_visible()
    fits(page)
    assert going_on.spent == (
        1,
        0,
        2,
    )  # one more press sends it; left unsent, the next size of letters asks again


def test_by_keyboard_alone_left_and_resumed_with_an_error_on_the_way(
    installation: Installation, chromium: Any, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    link = address_of_course(installation, phone(chromium), "Diklat Dasar PSM")
    page = phone(chromium)
    nik, number = somebody()
    page.goto(link)

    def reach(target: Any) -> None:
        for _press in range(80):
            if target.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target} on {page.url}")

    def press(target: Any, key: str = "Enter") -> None:
        reach(target)
        with page.expect_navigation():
            page.keyboard.press(key)

    main = page.get_by_role("main")
    press(main.get_by_role("link", name="Daftarkan diri"))
    reach(main.get_by_label("NIK", exact=True))
    page.keyboard.type(nik[:12])
    press(main.get_by_label("NIK", exact=True))
    expect(page.locator(".error-summary")).to_be_focused()  # reading begins at what is wrong
    reach(page.locator(".error-summary a"))
    page.keyboard.press("Enter")
    field = main.get_by_label("NIK", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value(nik[:12])
    page.keyboard.press("End")
    page.keyboard.type(nik[12:])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(main.get_by_role("button", name="Ya, benar"))
    reach(main.get_by_label("Nama lengkap"))
    page.keyboard.type("Siti Rahmah")
    press(main.get_by_label("Nama lengkap"))

    # The browser is closed: what lasts is the cookie with a date; those of the session are gone.
    cookies = [each for each in page.context.cookies() if each["expires"] > 0]
    assert cookies
    assert all(nik not in each["value"] and "Siti" not in each["value"] for each in cookies)
    browser = page.context.browser
    page.context.close()
    page = phone(browser)
    page.context.add_cookies(cookies)
    main = page.get_by_role("main")
    page.goto(link)
    press(main.get_by_role("link", name="Daftarkan diri"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lanjutkan pendaftaran Anda?")
    press(main.get_by_role("link", name="Lanjutkan"))
    expect(main).to_contain_text("Langkah 4 dari 6")
    page.go_back()
    page.go_forward()
    reach(main.locator("summary", has_text=KECAMATAN))
    page.keyboard.press("Enter")
    reach(main.get_by_label("Batalas", exact=True))
    page.keyboard.press("Space")
    press(main.get_by_role("button", name="Lanjut"))
    reach(main.get_by_label("Nomor HP"))
    page.keyboard.type(number)
    press(main.get_by_label("Nomor HP"))
    change = main.get_by_role("link", name="Ubah Nama")
    press(change)
    expect(main.get_by_label("Nama lengkap")).to_have_value("Siti Rahmah")
    press(main.get_by_label("Nama lengkap"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa data Anda")
    press(main.get_by_role("button", name="Hapus dan mulai dari awal"))
    expect(main.get_by_label("NIK", exact=True)).to_have_value("")
    assert not [each for each in page.context.cookies() if each["name"].endswith("-registration")]
