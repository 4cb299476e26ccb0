"""Runs the migrations on the database of the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

db = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write our column types as plain ones: a migration never imports the application."""
    if kind != "type":
        return False
    name = type(item).__name__
    if name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "EncryptedLongText":
        return "sa.Text()"
    if name in ("ChoiceType", "EncryptedText"):
        return f"sa.String({item.impl.length})"
    if name == "String" and getattr(item, "_variant_mapping", None):
        return f'sa.String({item.length}).with_variant(sa.String({item.length}, collation="C"), "postgresql")'
    return False


@contextmanager
def rebuilding_allowed(connection: Connection) -> Iterator[None]:
    """Do not enforce foreign keys of SQLite meanwhile: it alters most of a table only by replacing it.

    SQLite ignores this inside a transaction, so it is asked of the driver before the first one begins. A
    migration that replaces tables compares the references itself.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run inside one transaction per migration."""
    with db.engine.connect() as connection, rebuilding_allowed(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            transaction_per_migration=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
