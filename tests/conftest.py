"""Fixtures of the whole suite: one application a run, one rolled-back transaction a test, rows, a browser,
the outbox.
"""

import base64
import mimetypes
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, insert

from app import STATIC, create_app
from app.config import Settings
from app.core import clock, unit_of_work
from app.core.text import translate_with
from app.extensions import db as database
from tests import databases, regions_for_tests
from tests.browser import Browser, Page
from tests.contract import hold_every_client
from tests.factories import Factories

hold_every_client()

# The moment at which every test begins, e.g. CLOCK_START=2028-02-29T03:00+00:00; None is the true time.
START = datetime.fromisoformat(os.environ["CLOCK_START"]) if os.environ.get("CLOCK_START") else None

# What takes longest, longest first: begun first, so that no process works alone at the end. The first leads
# the walk that others read.
LONG = (
    "face/test_accessibility",
    "journeys/test_first_course",
    "lifetimes/test_histories",
    "journeys/test_joining",
    "lifetimes/test_acts_by_state",
    "journeys/test_tasks",
    "security/test_walk",
    "security/test_hostile",
    "face/test_weight",
    "journeys/test_last_seat_http",
    "face/test_keyboard",
    "face/test_order",
    "assessment/test_whole_life",
    "coverage/test_figures",
    "trainees/test_both_directions",
    "certificates/test_pages",
    "coverage/test_pages",
    "workspace/test_lists",
    "enrollments/test_last_seat",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the others stay in their random order."""
    here = Path(__file__).parent
    turns = {here / f"{name}.py": turn for turn, name in enumerate(LONG)}
    items.sort(key=lambda item: turns.get(item.path, len(LONG)))


def settings_for_tests(address: str, folder: Path, **more: Any) -> Settings:
    """Return settings of a test installation."""
    return Settings(
        database_url=address,
        base_url="https://bekal.example.go.id",
        secret_key="only for tests",
        nik_key="t1:" + base64.urlsafe_b64encode(b"t" * 32).decode(),
        data_dir=folder,
        testing=True,
        **{"clock_start": START, **more},
    )


def migrated(app: Flask) -> None:
    """Build the database by running the migrations, then the regions that the tests use."""
    from flask_migrate import upgrade

    from app.regions.models import Region
    from app.regions.rules import level_of, parent_code, zone_of

    upgrade()
    ids = {"00": 1}
    rows = [{"id": 1, "code": "00", "name": "Indonesia", "parent_id": None}]
    for number, (code, name) in enumerate(regions_for_tests.rows(), start=2):
        ids[code] = number
        rows.append({"id": number, "code": code, "name": name, "parent_id": ids[parent_code(code)]})
    for row in rows:
        row |= {"scope_code": row["code"], "level": level_of(row["code"]), "zone": zone_of(row["code"])}
    with database.engine.begin() as connection:
        connection.execute(insert(Region), rows)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('regions', 'id'), (SELECT max(id) FROM regions))"
            )


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the run, on a migrated database with a small Indonesia in it."""
    folder = tmp_path_factory.mktemp("installation")
    address = databases.new_database(folder, "suite")
    application = create_app(settings_for_tests(address, folder))
    with application.app_context():
        migrated(application)
        database.session.remove()
    yield application
    with application.app_context():
        database.engine.dispose()
    databases.drop_database(address)


@pytest.fixture
def db(app: Flask) -> Iterator[Any]:
    """The database inside one transaction that is rolled back: what the test commits is gone after it."""
    with app.app_context():
        engine = database.engine
        connection = engine.connect()
        transaction = connection.begin()
        database._app_engines[app][None] = connection
        database.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield database
        finally:
            database.session.remove()
            database._app_engines[app][None] = engine
            if transaction.is_active:
                transaction.rollback()
            connection.close()
            assert unit_of_work._depth.get() == 0


@pytest.fixture
def make(db: Any) -> Factories:
    """Rows: the smallest valid one of each kind; keywords vary it."""
    return Factories()


@pytest.fixture
def browser(app: Flask, db: Any) -> Browser:
    """A browser that checks every page it opens."""
    return Browser(app)


@pytest.fixture
def new_browser(app: Flask, db: Any) -> Callable[[], Browser]:
    """Further browsers, each with its own cookies."""
    return lambda: Browser(app)


@pytest.fixture(scope="session")
def playing() -> Iterator[Any]:
    """Playwright, once in a process: it refuses to be started beside itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def chromium(playing: Any) -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playing.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
    yield browser
    browser.close()


@pytest.fixture
def shown(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Show a page that the test client got to a browser of this width, in the letters named and of their
    usual size or larger.
    """
    contexts = []

    def show(page: Page, width: int = 360, letters: str = "", size: int = 16) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 740}, locale="id-ID")
        contexts.append(context)
        window = context.new_page()

        def answer(route: Any) -> None:
            path = urlsplit(route.request.url).path
            if path.startswith("/static/"):
                file = Path(STATIC).parent / path.lstrip("/")
                route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
            else:
                route.fulfill(body=page.response.data, content_type="text/html; charset=utf-8")

        window.route("**/*", answer)
        window.goto("http://bekal.test/page")
        context.new_cdp_session(window).send(
            "Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size - 3}}
        )
        if letters:
            window.add_style_tag(
                content=f"body, button, input, select, textarea {{ font-family: '{letters}' !important }}"
            )
        return window

    yield show
    for context in contexts:
        context.close()


@pytest.fixture
def outbox(db: Any) -> Callable[[], list[Any]]:
    """The messages queued so far, oldest first."""
    from sqlalchemy import select

    from app.notifications.models import Message

    return lambda: list(db.session.scalars(select(Message).order_by(Message.id)))


@pytest.fixture
def post(db: Any) -> Callable[[], int]:
    """Let all mails that are queued leave; returns how many did."""
    from app.notifications.services import send_pending

    return lambda: send_pending(lambda _message: None).sent


@pytest.fixture
def at() -> Iterator[Callable[..., datetime]]:
    """Move the clock: at(2011, 5, 27, 10) is that moment in UTC."""

    def move(*parts: int) -> datetime:
        moment = datetime(*parts, tzinfo=UTC)
        clock.start_at(moment)
        return moment

    yield move
    clock.start_at(START)


@pytest.fixture
def count_queries(db: Any) -> Callable[[], Any]:
    """Count statements: `with count_queries() as counted: …; counted()`."""

    @contextmanager
    def counting() -> Iterator[Callable[[], int]]:
        seen: list[str] = []

        def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        connection = database.session.connection()
        event.listen(connection, "before_cursor_execute", remember)
        try:
            yield lambda: len(seen)
        finally:
            event.remove(connection, "before_cursor_execute", remember)

    return counting


@pytest.fixture(autouse=True)
def start_of_clock() -> None:
    """Begin every test on the day of CLOCK_START (today, when it is not given): the suite passes on any."""
    clock.start_at(START)


@pytest.fixture(autouse=True)
def plain_texts() -> None:
    """Texts read in Indonesian in every test, whatever ran before."""
    translate_with(lambda sentence: sentence)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database with a small Indonesia in it, to be copied; nobody stays connected to it."""
    folder = tmp_path_factory.mktemp("template")
    address = databases.new_database(folder, "template")
    application = create_app(settings_for_tests(address, folder))
    with application.app_context():
        migrated(application)
        database.session.remove()
        database.engine.dispose()
    yield address
    databases.drop_database(address)


@pytest.fixture
def file_app(tmp_path: Path, template: str) -> Iterator[Flask]:
    """An application on a database of its own with real commits: for competing calls. Gone after the test."""
    address = databases.copy_of(template, tmp_path, f"own{os.urandom(4).hex()}")
    application = create_app(settings_for_tests(address, tmp_path))
    yield application
    with application.app_context():
        database.session.remove()
        database.engine.dispose()
    databases.drop_database(address)
