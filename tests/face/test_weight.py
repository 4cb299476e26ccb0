"""What a page weighs on a weak line: received bytes and requests in Chromium, static files compressed as
`make setup` leaves them.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from whitenoise.compress import main as compress

import app as application
from tests.face.content import GUEST, Content
from tests.face.crawl import Crawl, Visit
from tests.face.showing import PHONE, Server
from tests.journeys.counting import wait_until

KB = 1000  # bytes
REQUESTS = 5
AGAIN = 15
PARTS = 2
EXEMPT = ("gallery/", "emails/")  # seen in development alone
UNDER_WAY = (
    "registering",
    "begun",
)  # questions that a new browser is led away from; they hold the files of the first one
LONGEST = 10  # pages with an account; the others hold the same files and less text
# Chromium without a window does not take the icon by itself.
ICON = "fetch(document.querySelector('link[rel=icon]').href).then(answer => answer.blob()).then(() => true)"
# Pictures further down too, which the browser leaves for later.
PICTURES = """() => Promise.all([...document.images].map(each => {
  each.loading = 'eager';
  return each.complete || new Promise(done => { each.onload = each.onerror = done; });
}))"""
# A phone that hands files to other programs, but not long after a press.
SHARING = """
navigator.canShare = data => data.files.every(file => file.type === "image/png");
navigator.share = data => window.presses++ ? (window.shared = data.files[0], Promise.resolve())
  : Promise.reject(new DOMException("too late", "NotAllowedError"));
window.presses = 0;
"""


@dataclass
class Weight:
    """What came over the line, headers included."""

    size: int = 0
    addresses: set[str] = field(
        default_factory=set
    )  # the icon may be asked for twice, by the browser itself too

    @property
    def requests(self) -> int:
        """Return how many things were sent."""
        return len(self.addresses)


def budget_of(visit: Visit) -> int:
    """Return how many kB the first visit of a page may take."""
    if visit.path.lower().startswith("/v/"):
        return 30
    if visit.template.startswith("coverage/"):
        return 100
    return 60 if visit.who == GUEST else 100


@pytest.mark.browser
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_keeps_to_its_budget(weigh: Callable[..., Any], crawl: Crawl, part: int) -> None:
    heavy = []
    for visit in opened(crawl)[part::PARTS]:
        first, again = weigh(visit)
        if first.size > budget_of(visit) * KB:
            heavy.append(f"{first.size / KB:.1f} kB, {budget_of(visit)} allowed: {visit}")
        if visit.who == GUEST and first.requests > REQUESTS:
            heavy.append(f"{first.requests} requests, {REQUESTS} allowed: {visit}")
        if again.size > AGAIN * KB:
            heavy.append(f"{again.size / KB:.1f} kB when it is opened again, {AGAIN} allowed: {visit}")

    assert not heavy, "\n".join(heavy)


@pytest.mark.browser
def test_a_fat_style_sheet_is_found(weigher: Callable[..., Any], crawl: Crawl) -> None:
    """The control: sheets that grow by 100 kB which nothing compresses."""

    def fatten(static: Path) -> None:
        more = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(3200))
        for sheet in static.rglob("*.css"):
            sheet.write_text(f"{sheet.read_text()}/* {more} */")

    visit = next(visit for visit in opened(crawl) if visit.path == "/")
    first, again = weigher(fatten)(visit)

    assert first.size > budget_of(visit) * KB
    assert again.size <= AGAIN * KB


@pytest.mark.browser
def test_the_picture_to_share_is_fetched_at_the_press(
    live: Callable[..., str],
    new_app: Callable[..., Flask],
    installed: tuple[Content, Path],
    crawl: Crawl,
    chromium: Any,
) -> None:
    """On a phone that shares files, and where the picture comes too late for the first press, a second one
    shares it.
    """
    visit, app = crawl.first_of("certificates/show_own_certificate.html"), new_app()
    address = live(app)
    context = chromium.new_context(viewport=PHONE, locale="id-ID")
    context.add_cookies([{**cookie_of(app, installed[0], visit.who), "url": address}])
    page = context.new_page()
    page.add_init_script(SHARING)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(address + visit.path, wait_until="networkidle")
    assert any(url.endswith(".svg") for url in fetched)
    assert not any(url.endswith(".png") for url in fetched)

    page.get_by_role("button", name="Bagikan gambar").click()
    again = page.get_by_role("button", name="Gambar siap. Tekan sekali lagi")
    again.click()
    wait_until(page, "Boolean(window.shared)")

    assert page.evaluate("shared.size") > 100 * KB
    assert sum(url.endswith(".png") for url in fetched) == 1
    context.close()


def opened(crawl: Crawl) -> list[Visit]:
    """Return a page of each template that a link leads to: all of guests; with an account the longest, and
    those with pictures.
    """
    found: dict[tuple[str, bool], Visit] = {}
    for visit in crawl.visits:
        reached = visit.how.startswith("GET") and visit.status == 200 and not visit.how.endswith(UNDER_WAY)
        if reached and not visit.template.startswith(EXEMPT) and "/reset" not in visit.path:
            found.setdefault((visit.template, visit.who == GUEST), visit)
    guests = [visit for visit in found.values() if visit.who == GUEST]
    others = sorted(
        (visit for visit in found.values() if visit.who != GUEST), key=lambda visit: -len(visit.body)
    )
    return (
        guests
        + others[:LONGEST]
        + [visit for visit in others[LONGEST:] if "<img" in visit.body or "<picture" in visit.body]
    )


@pytest.fixture(scope="module")
def weigher(
    new_app: Callable[..., Flask],
    installed: tuple[Content, Path],
    chromium: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Callable[[Visit], tuple[Weight, Weight]]]]:
    """Serve the application with static files of its own, changed and then compressed; returns what weighs a
    page there.
    """
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:

        def make(
            change: Callable[[Path], None] = lambda _static: None,
        ) -> Callable[[Visit], tuple[Weight, Weight]]:
            static = tmp_path_factory.mktemp("files") / "static"
            shutil.copytree(application.STATIC, static, ignore=shutil.ignore_patterns("*.gz", "*.br"))
            change(static)
            compress(["--quiet", str(static)])
            with patch.context() as here:
                here.setattr(application, "STATIC", static)
                app = new_app()
            address = stack.enter_context(Server(app.wsgi_app)).address
            return lambda visit: weighed(chromium, address, visit, cookie_of(app, installed[0], visit.who))

        yield make


@pytest.fixture(scope="module")
def weigh(weigher: Callable[..., Any]) -> Callable[[Visit], tuple[Weight, Weight]]:
    """Weigh a page of the application as it is."""
    return weigher()


def cookie_of(app: Flask, content: Content, who: str) -> dict[str, str]:
    """Return the cookie of somebody's browser."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    own = {"_user_id": content.sessions[who], "_fresh": True} if who != GUEST else {}
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": serializer.dumps(own)}


def weighed(chromium: Any, address: str, visit: Visit, cookie: dict[str, str]) -> tuple[Weight, Weight]:
    """Open a page in a new browser, and once more in the same."""
    context = chromium.new_context(viewport=PHONE, locale="id-ID")
    if visit.who != GUEST:
        context.add_cookies([{**cookie, "url": address}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    weight, cached, addresses = Weight(), set(), {}

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            weight.size += int(event["encodedDataLength"])
            weight.addresses.add(addresses[event["requestId"]])

    session.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on(
        "Network.responseReceived",
        lambda event: cached.add(event["requestId"]) if event["response"].get("fromDiskCache") else None,
    )
    session.on("Network.loadingFinished", finished)
    weights = []
    for _time in range(2):
        weight = Weight()
        answer = page.goto(address + visit.path)
        assert answer.status == 200, f"{answer.status} for {visit}"
        assert answer.request.redirected_from is None, f"{visit} leads away"
        page.evaluate(ICON)
        page.evaluate(PICTURES)
        weights.append(weight)
    context.close()
    return weights[0], weights[1]
