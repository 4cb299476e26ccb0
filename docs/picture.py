"""For maintainers: take the picture in the README from a running demo (`make run`), 1280 px wide, in few
enough colours to stay small.

make picture                                        # docs/bekal.png: the coverage of Tapin, as the dinas sees
it make picture ARGS="--path /batches --as ''"         # another page, signed out
"""

import argparse
import json
import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1280, 800
LARGEST = 120_000  # bytes: the page of the repository opens over a weak line too
COLOURS = (256, 128, 96, 64, 48, 32)


def main() -> None:
    """Take the picture and say where it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="address of the running demo")
    parser.add_argument(
        "--data-dir", type=Path, default=ROOT / "instance", help="where the demo keeps its accounts"
    )
    parser.add_argument("--as", dest="name", default="dinas@contoh.id", help="who looks; empty: nobody")
    parser.add_argument("--path", default="/coverage/63.05", help="the page to show")
    parser.add_argument("--height", type=int, default=HEIGHT, help="how much of it, in px")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "bekal.png")
    asked = parser.parse_args()
    shown = small(take(asked))
    asked.out.write_bytes(shown)
    sys.stdout.write(f"{asked.out}: {WIDTH} x {asked.height} px, {len(shown)} bytes\n")


def take(asked: argparse.Namespace) -> bytes:
    """Return the page as it stands, as PNG."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": asked.height}, locale="id-ID")
        if asked.name:
            accounts = json.loads((asked.data_dir / "demo-accounts.json").read_text())
            password = next(account["password"] for account in accounts if account["sign_in"] == asked.name)
            page.goto(asked.base + "/sign-in")
            page.locator("main input[type=text], main input:not([type])").first.fill(asked.name)
            page.locator("main input[type=password]").fill(password)
            page.locator("main button[type=submit], main input[type=submit]").first.click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(asked.base + asked.path, wait_until="networkidle")
        picture = page.screenshot()
        browser.close()
    return picture


def small(picture: bytes) -> bytes:
    """Return the picture with a palette of as many colours as its size allows."""
    from PIL import Image

    full = Image.open(BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = BytesIO()
        full.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            return out.getvalue()
    sys.exit(f"more than {LARGEST} bytes even in {COLOURS[-1]} colours: show less of the page (--height)")


if __name__ == "__main__":
    main()
