"""Events and the keys that make a person's details readable."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.choices import Choice
from app.core.models import Code, EncryptedText, JSONValue, UTCDateTime
from app.core.text import _
from app.extensions import db


class Outcome(Choice):
    """How an act ended."""

    DONE = "done", _("dilakukan")
    REFUSED = "refused", _("ditolak")


class Event(db.Model):
    """One act, by whom, when and about what.

    `details` are encrypted with the key of the person concerned: erasing the key erases them, and the chain
    still verifies.

    `sequence` and `digest` stay empty until the worker, the only sequencer, chains what is committed.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject", "subject_type", "subject_id"),
        Index("ix_events_scope_at", "scope_code", "at"),
        Index("ix_events_sequence", "sequence", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_label: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column()
    scope_code: Mapped[str | None] = mapped_column(Code)
    request_id: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(String(16), default=Outcome.DONE)
    person_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int | None] = mapped_column()
    previous_digest: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


class PersonKey(db.Model):
    """The key that reads what was recorded about one person; destroyed when the person is erased."""

    __tablename__ = "person_keys"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[str | None] = mapped_column(EncryptedText("person_keys.secret"))
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ChainState(db.Model):
    """Where the chain stands; one row, locked by the sequencer."""

    __tablename__ = "chain_states"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))
    checkpoint: Mapped[Any] = mapped_column(JSONValue, nullable=True)
