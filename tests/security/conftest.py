"""The world of a module: built once, inside a transaction that is rolled back after the
module's last test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from app.core import throttle
from app.extensions import db
from tests.security import world as worlds
from tests.security.walker import Walker
from tests.security.world import World


@contextmanager
def one_transaction(app: Flask) -> Iterator[Any]:
    """Let every session of the application work inside one connection's transaction."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db._app_engines[app][None] = connection  # type: ignore[assignment]
        db.session.configure(join_transaction_mode="create_savepoint")
    try:
        yield connection
    finally:
        with app.app_context():
            db.session.remove()
            db._app_engines[app][None] = engine
        if transaction.is_active:
            transaction.rollback()
        connection.close()


@pytest.fixture(scope="module")
def walker(app: Flask) -> Iterator[Walker]:
    """Somebody who walks through the application, in a world of two kabupaten."""
    with one_transaction(app) as connection:
        with app.app_context():
            built = worlds.build()
        yield Walker(app, connection, built)


@pytest.fixture
def world(walker: Walker) -> World:
    """The world that the walker walks through, in which nobody has guessed a code yet."""
    with walker.app.app_context():
        throttle.reset_attempts("unknown code", "127.0.0.1")
    return walker.world


@pytest.fixture
def keeping(walker: Walker) -> Iterator[None]:
    """What requests of this test keep is undone after it."""
    yield from walker.kept()
