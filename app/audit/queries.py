"""What was recorded: pages for the auditor, the history of one row, and the chain as it is stored."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import String, func, select, type_coerce

from app.audit import rules
from app.audit.models import ChainState, Event, PersonKey
from app.core import crypto
from app.core.pages import Page, page_of
from app.core.scopes import Reach
from app.extensions import db

READ_AT_ONCE = 2000


def page_of_events(
    within: Reach,
    *,
    after: str | None = None,
    since: datetime | None = None,
    action: str = "",
    per_page: int | None = None,
) -> Page[Event]:
    """Return events of the regions within reach, newest first.

    `action` takes a whole action or its beginning, e.g. 'enrollment'.
    """
    query = select(Event).where(within.clause(region_code=Event.scope_code))
    if since is not None:
        query = query.where(Event.at >= since)
    if action:
        query = query.where((Event.action == action) | Event.action.startswith(f"{action}.", autoescape=True))
    return page_of(query, keys=[Event.id], after=after, per_page=per_page, newest_first=True)


def history_of(subject: Any) -> list[Event]:
    """Return everything that was done to a row, oldest first."""
    same = Event.subject_type == subject.__class__.__name__, Event.subject_id == subject.id
    return list(db.session.scalars(select(Event).where(*same).order_by(Event.id)))


def details_of(events: list[Event]) -> dict[int, dict[str, Any] | None]:
    """Return note and details by event id.

    They are None where there were none, or where the person's key was destroyed.
    """
    people = {event.person_id for event in events if event.person_id is not None and event.details}
    keys = dict(
        db.session.execute(
            select(PersonKey.person_id, PersonKey.secret).where(PersonKey.person_id.in_(people))
        ).all()
    )
    read: dict[int, dict[str, Any] | None] = {}
    for event in events:
        text = event.details
        if text and event.person_id is not None:
            key = keys.get(event.person_id)
            text = rules.unseal(text, key=key, salt=event.salt) if key else None
        wording = json.loads(text) if text else None
        read[event.id] = {"note": wording["note"], "details": wording["details"]} if wording else None
    return read


def lock_chain() -> ChainState | None:
    """Hold the one row that says where the chain stands."""
    held = (
        select(ChainState)
        .where(ChainState.id == 1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(held)


def lock_person_key(person_id: int) -> PersonKey | None:
    """Hold the key of a person."""
    held = (
        select(PersonKey)
        .where(PersonKey.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(held)


def chain_standing() -> tuple[int, str]:
    """Return sequence and digest that the chain is said to have reached."""
    found = db.session.execute(
        select(ChainState.sequence, ChainState.digest).where(ChainState.id == 1)
    ).one_or_none()
    return (found[0], found[1]) if found else (0, rules.BEGINNING)


def count_chained() -> int:
    """Count the events that have a place in the chain."""
    return db.session.scalar(select(func.count(Event.id)).where(Event.sequence.is_not(None))) or 0


def count_pending() -> int:
    """Count the events that wait for their place."""
    return db.session.scalar(select(func.count(Event.id)).where(Event.sequence.is_(None))) or 0


def is_pending() -> bool:
    """Return whether any event waits for its place."""
    return db.session.scalar(select(Event.id).where(Event.sequence.is_(None)).limit(1)) is not None


def stream_chain() -> Iterator[dict[str, Any]]:
    """Yield the chained rows in order, as they are stored.

    Each also has the moment read and `said`, the details in the clear.
    Values that no honest program wrote (an unreadable moment or key) come as they are, so that their digest
    does not hold.
    """
    columns = [getattr(Event, name) for name in rules.CHAINED if name != "at"]
    query = (
        select(
            *columns,
            type_coerce(Event.at, String).label("at"),
            Event.sequence,
            Event.previous_digest,
            Event.digest,
            type_coerce(PersonKey.secret, String).label("secret"),
        )
        .outerjoin(PersonKey, PersonKey.person_id == Event.person_id)
        .where(Event.sequence.is_not(None))
        .order_by(Event.sequence)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    keys: dict[str, str | None] = {}
    with closing(db.session.execute(query)) as result:
        for found in result.mappings():
            row = dict(found)
            row["at"] = _moment(row["at"])
            row["erased"] = (
                row["person_id"] is not None and row["details"] is not None and row["secret"] is None
            )
            row["said"] = _said(row, keys)
            yield row


def _moment(stored: Any) -> Any:
    """Read what the engine gives: a moment, or SQLite's text of one in UTC."""
    if not isinstance(stored, str):
        return stored
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    except ValueError:
        return stored


def _said(row: dict[str, Any], keys: dict[str, str | None]) -> str | None:
    sealed = row["secret"]
    if row["person_id"] is None or row["details"] is None or sealed is None:
        return row["details"]
    if sealed not in keys:
        try:
            keys[sealed] = crypto.decrypt(sealed, context="person_keys.secret")
        except (ValueError, KeyError, InvalidTag):
            keys[sealed] = None
    key = keys[sealed]
    return rules.unseal(row["details"], key=key, salt=row["salt"]) if key else None
