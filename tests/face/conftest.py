"""The walk through the site, done once a run whatever the number of processes; a browser; its pages shown to
it again.
"""

import fcntl
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from tests import databases
from tests.conftest import settings_for_tests
from tests.face import content as contents
from tests.face import crawl as crawls
from tests.face.content import Content
from tests.face.crawl import Crawl
from tests.face.showing import Server, Showing

CHROMIUM = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are the same on every database: those that walk run on SQLite, files are read everywhere; a
    browser where there is one.
    """
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        if databases.engine_name() != "sqlite" and "installed" in getattr(item, "fixturenames", ()):
            item.add_marker(
                pytest.mark.skip(reason="pages are the same on every database; looked at on SQLite")
            )
        if CHROMIUM is None and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Any]], Any]:
    """Return what a function makes, made by one process of the run and read by the others."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if databases.WORKER == "main" else base.parent) / "face"
    folder.mkdir(exist_ok=True)

    def made_once(name: str, make: Callable[[Path], Any]) -> Any:
        path = folder / f"{name}.pickle"
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                path.write_bytes(pickle.dumps(make(folder)))
            return pickle.loads(path.read_bytes())

    return made_once


@pytest.fixture(scope="session")
def installed(shared: Any) -> tuple[Content, Path]:
    """A filled database, to be copied."""

    def make(folder: Path) -> tuple[Content, Path]:
        path = folder / "content.db"
        return contents.build(create_app(settings_for_tests(f"sqlite:///{path}", folder)), folder), path

    return shared("content", make)


@pytest.fixture(scope="session")
def new_app(
    installed: tuple[Content, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Flask]:
    """Applications on copies of the filled database, with real commits."""

    def make(**more: Any) -> Flask:
        folder = tmp_path_factory.mktemp("face")
        shutil.copyfile(installed[1], folder / "own.db")
        return create_app(settings_for_tests(f"sqlite:///{folder / 'own.db'}", folder, **more))

    return make


@pytest.fixture(scope="session")
def crawl(shared: Any, installed: tuple[Content, Path], new_app: Callable[..., Flask]) -> Crawl:
    """Everything that was seen on a walk through the whole site."""
    return shared("crawl", lambda _folder: crawls.crawl(new_app(), installed[0]))


@pytest.fixture(scope="session")
def showing(app: Flask, crawl: Crawl, chromium: Any) -> Iterator[Showing]:
    """The pages of the walk, shown again to a browser as they were sent."""
    with Server(Showing.answer(app, crawl)) as server:
        yield Showing(server.address, chromium)


@pytest.fixture
def live(new_app: Callable[..., Flask]) -> Iterator[Callable[[Flask | None], str]]:
    """Serve an application on a copy of the filled database; returns its address."""
    servers = []

    def serve(app: Flask | None = None) -> str:
        server = Server((app or new_app()).wsgi_app)
        servers.append(server)
        return server.__enter__().address

    yield serve
    for server in servers:
        server.__exit__()
