"""Pressing twice has one effect: an outcome is stored beside its one-time key, in the transaction that made
it true.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.errors import RuleViolation
from app.core.models import JSONValue, UTCDateTime
from app.core.text import _
from app.core.unit_of_work import start_over
from app.extensions import db

LASTS_FOR = timedelta(days=7)


class IdempotencyRecord(db.Model):
    """What was answered to one key of one actor (or browser) for one operation."""

    __tablename__ = "idempotency_records"
    __table_args__ = (UniqueConstraint("actor", "operation", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(String(80))
    operation: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Any] = mapped_column(JSONValue)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True, default=clock.now)


@dataclass(frozen=True)
class Ticket:
    """One try of one operation. `fingerprint` is what was asked; the same key with another one is refused."""

    actor: str
    operation: str
    key: str
    fingerprint: str


def fingerprint_of(body: Any) -> str:
    """Return a digest of what was asked."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def once(ticket: Ticket | None, decide: Callable[[], Any]) -> tuple[Any, bool]:
    """Return (outcome, repeated).

    The first time, decide and store the outcome (JSON-able) in the same transaction.

    Two tries at the same moment take turns: the second waits at the unique index, starts over and finds the
    first one's answer. Raises RuleViolation when the key was used for something else; a refusal by a rule
    stores nothing.
    """
    if ticket is None:
        return start_over(decide), False

    def decide_once() -> tuple[Any, bool]:
        known = find(ticket)
        if known is not None:
            return known, True
        record = IdempotencyRecord(
            actor=ticket.actor,
            operation=ticket.operation,
            key=ticket.key,
            fingerprint=ticket.fingerprint,
            outcome=None,
        )
        db.session.add(record)
        db.session.flush()  # claims the key before anything else happens
        record.outcome = decide()
        return record.outcome, False

    try:
        return start_over(decide_once)
    except IntegrityError as error:
        if "idempotency_records" not in str(error.orig):
            raise
        return start_over(decide_once)


def find(ticket: Ticket) -> Any:
    """Return the stored outcome, or None when the key is new."""
    same = (
        IdempotencyRecord.actor == ticket.actor,
        IdempotencyRecord.operation == ticket.operation,
        IdempotencyRecord.key == ticket.key,
    )
    record = db.session.scalar(select(IdempotencyRecord).where(*same))
    if record is None:
        return None
    if record.fingerprint != ticket.fingerprint:
        raise RuleViolation(
            _("Kunci permintaan ini sudah dipakai untuk isi yang berbeda. Gunakan kunci baru.")
        )
    return record.outcome


def forget_old() -> int:
    """Delete outcomes that nobody repeats any more; returns how many."""

    def forget() -> int:
        old = (
            delete(IdempotencyRecord)
            .where(IdempotencyRecord.at < clock.now() - LASTS_FOR)
            .returning(IdempotencyRecord.id)
        )
        return len(db.session.scalars(old).all())

    return start_over(forget)
