"""How connections behave: SQLite in WAL with every commit on disk, writers taking turns; engine
version gate.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, event

from app.core.unit_of_work import writing

BUSY_MILLISECONDS = 20_000


def sqlite_module() -> Any:
    """Return the SQLite to use: the pinned wheel where it exists, else the interpreter's own."""
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        return sqlite3
    return module


def may_use_wal(version: tuple[int, ...]) -> bool:
    """Return whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2, fixed in 3.44.6, 3.50.7 and
    3.51.3).
    """
    return version >= (3, 51, 3) or (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)


def prepare_engine(engine: Engine) -> None:
    """Install the listeners that make transactions mean the same on both engines."""
    if engine.dialect.name != "sqlite":
        return
    journal = "WAL" if may_use_wal(sqlite_module().sqlite_version_info) else "DELETE"

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
