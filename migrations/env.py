"""Runs the migrations on the database of the application."""

from typing import Any

from alembic import context
from flask import current_app

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


def run() -> None:
    """Run inside one transaction per migration."""
    with db.engine.connect() as connection:
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
