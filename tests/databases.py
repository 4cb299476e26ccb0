"""Databases for tests: a file of SQLite, or one database a process on the PostgreSQL server of
TEST_DATABASE_URL.
"""

import os
import shutil
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

SERVER = os.environ.get("TEST_DATABASE_URL", "")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def engine_name() -> str:
    """Return which engine this run is about."""
    return "postgresql" if SERVER else "sqlite"


def new_database(folder: Path, name: str) -> str:
    """Return the address of an empty database of this name."""
    if not SERVER:
        path = folder / f"{name}.db"
        path.unlink(missing_ok=True)
        return f"sqlite:///{path}"
    own = f"bekal_{name}_{WORKER}_{os.getpid()}"
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{own}"'))
    engine.dispose()
    return server.set(database=own).render_as_string(hide_password=False)


def copy_of(template: str, folder: Path, name: str) -> str:
    """Return the address of a copy of a database that nobody is connected to."""
    if not SERVER:
        path = folder / f"{name}.db"
        shutil.copyfile(make_url(template).database or "", path)
        return f"sqlite:///{path}"
    own = f"bekal_{name}_{WORKER}_{os.getpid()}"
    server = make_url(SERVER).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{own}" TEMPLATE "{make_url(template).database}"'))
    engine.dispose()
    return server.set(database=own).render_as_string(hide_password=False)


def drop_database(address: str) -> None:
    """Remove a database of the server again; files go with their folder."""
    if address.startswith("sqlite"):
        return
    url = make_url(address)
    engine = create_engine(url.set(database=make_url(SERVER).database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))
    engine.dispose()
