"""Record what was done, chain what is committed, prove that nothing was changed since."""

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit import rules
from app.audit.models import ChainState, Event, Outcome, PersonKey
from app.audit.queries import (
    chain_standing,
    count_chained,
    count_pending,
    is_pending,
    lock_chain,
    lock_person_key,
    stream_chain,
)
from app.core import clock, tracing
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic, in_transaction
from app.extensions import db

log = logging.getLogger(__name__)

CHAINED_AT_ONCE = 1000
ROLE_LENGTH = 40


def record(
    action: str,
    subject: Any,
    *,
    by: Actor,
    note: str = "",
    details: Mapping[str, Any] | None = None,
    person_id: int | None = None,
    outcome: Outcome = Outcome.DONE,
) -> Event:
    """Keep one act in the transaction of the decision it belongs to; raises outside atomic().

    `subject` is the row it was done to, or None. With `person_id`, note and details are sealed with that
    person's key; about a person whose key was destroyed only the act itself is kept.
    """
    if not in_transaction():
        raise RuntimeError("audit.record() outside atomic()")
    if subject is not None and subject.id is None:
        db.session.flush()
    salt = os.urandom(16).hex()
    text = rules.canonical({"note": str(note), "details": details or {}}) if note or details else None
    stored = text
    if text is not None and person_id is not None:
        key = _key_of(person_id)
        # A secret inside the seal: the commitment of a guessable text must not tell it once the key is gone.
        text = (
            rules.canonical({"note": str(note), "details": details or {}, "blind": os.urandom(16).hex()})
            if key
            else None
        )
        stored = rules.seal(text, key=key, salt=salt) if text is not None and key else None
    facts = {
        "at": clock.now(),
        "actor_id": by.id,
        "actor_label": by.label[:200],
        "actor_role": _role_of(by),
        "action": action,
        "subject_type": subject.__class__.__name__ if subject is not None else "",
        "subject_id": subject.id if subject is not None else None,
        "scope_code": _scope_of(subject),
        "request_id": tracing.request_id.get(),
        "outcome": outcome.value,
        "person_id": person_id,
    }
    event = Event(**facts, details=stored, salt=salt, commitment=rules.commitment_of(facts, text, salt))
    db.session.add(event)
    return event


def _scope_of(subject: Any) -> str | None:
    scopes = subject.scopes() if hasattr(subject, "scopes") else ()
    return next((str(value) for kind, value in scopes if kind is ScopeKind.REGION), None)


def _role_of(by: Actor) -> str | None:
    """Return the roles the actor holds, as many as the column takes."""
    roles = sorted(by.roles()) if hasattr(by, "roles") else []
    while roles and len(",".join(roles)) > ROLE_LENGTH:
        roles.pop()
    return ",".join(roles) or None


def _key_of(person_id: int) -> str | None:
    """Return the person's key, made on first use; None once it was destroyed."""
    with db.session.no_autoflush:  # events of one decision are written together
        known = db.session.get(PersonKey, person_id)
    if known is None:
        try:
            with db.session.begin_nested():
                known = PersonKey(person_id=person_id, secret=rules.new_key())
                db.session.add(known)
        except IntegrityError:  # made by another transaction at the same moment
            known = db.session.get_one(PersonKey, person_id)
    return known.secret


@atomic()
def erase_person(person_id: int) -> None:
    """Destroy the key of a person, so that what was recorded about them can never be read again.

    The chain still verifies.
    """
    key = lock_person_key(person_id)
    if key is None:
        key = PersonKey(person_id=person_id)
        db.session.add(key)
    if key.destroyed_at is None:
        key.secret, key.destroyed_at = None, clock.now()
        db.session.flush()


def chain_pending(at_most: int = CHAINED_AT_ONCE) -> int:
    """Give committed events their place in the chain, oldest id first; returns how many.

    The worker does this; the lock on the state makes it the only sequencer, however many run.
    """
    return _chain(at_most) if is_pending() else 0


@atomic()
def _chain(at_most: int) -> int:
    state = _state()
    columns = [getattr(Event, name) for name in rules.CHAINED]
    waiting = (
        db.session.execute(select(*columns).where(Event.sequence.is_(None)).order_by(Event.id).limit(at_most))
        .mappings()
        .all()
    )
    sequence, digest = state.sequence, state.digest
    links = []
    for row in waiting:
        sequence, previous = sequence + 1, digest
        digest = rules.digest_of(dict(row), sequence=sequence, previous=previous)
        links.append({"id": row["id"], "sequence": sequence, "previous_digest": previous, "digest": digest})
    if links:
        db.session.execute(update(Event), links)
        state.sequence, state.digest = sequence, digest
    return len(links)


def _state() -> ChainState:
    state = lock_chain()
    if state is not None:
        return state
    try:
        with db.session.begin_nested():
            db.session.add(ChainState(id=1, sequence=0, digest=rules.BEGINNING))
    except IntegrityError:
        log.info("another sequencer began the chain")
    state = lock_chain()
    assert state is not None
    return state


@dataclass(frozen=True)
class Checkpoint:
    """The place and digest the chain had reached at a moment.

    Stored outside the database, it shows whether events were rewritten afterwards.
    """

    sequence: int
    digest: str
    at: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_checkpoint(data: Any) -> Checkpoint:
    """Return a checkpoint from its JSON; raises RuleViolation when it is none."""
    refusal = RuleViolation(_("Berkas ini bukan titik periksa rantai audit."))
    if not isinstance(data, Mapping):
        raise refusal
    sequence, digest, at = data.get("sequence"), data.get("digest"), data.get("at")
    if type(sequence) is not int or sequence < 0 or not isinstance(digest, str) or len(digest) != 64:
        raise refusal
    return Checkpoint(sequence, digest, str(at))


@atomic()
def checkpoint() -> Checkpoint:
    """Chain what is pending and return where the chain stands now; the last one is kept beside the chain."""
    while chain_pending() == CHAINED_AT_ONCE:
        pass
    state = _state()
    made = Checkpoint(state.sequence, state.digest, rules.formatted(clock.now()))
    state.checkpoint = made.as_dict()
    return made


@dataclass(frozen=True)
class Verification:
    """The outcome of reading the whole chain.

    `first_bad` is the first place (from 1) where the chain does not hold.
    """

    entries: int
    ok: bool
    first_bad: int | None
    pending: int


def verify(against: Checkpoint | None = None) -> Verification:
    """Read the chain from its beginning and say where it first does not hold.

    Any edit, deletion, exchange or addition is found. Whoever rewrites the chain and its state alike is found
    by a checkpoint.
    """
    reached = chain_standing()
    known: dict[int, set[str]] = {0: {rules.BEGINNING}}
    for sequence, digest in (reached, *([(against.sequence, against.digest)] if against else [])):
        known.setdefault(sequence, set()).add(digest)
    bad = None if len(known[0]) == 1 else 1
    read, previous = 0, rules.BEGINNING
    for row in stream_chain():
        read += 1
        if not _holds(row, sequence=read, previous=previous) or known.get(read, {row["digest"]}) != {
            row["digest"]
        }:
            bad = bad or read
            break
        previous = row["digest"]
    if bad is None and read < max(known):  # the state or the checkpoint knows of events that are gone
        bad = read + 1
    if bad is None and read > chain_standing()[0]:  # events that no sequencer has chained
        bad = chain_standing()[0] + 1
    return Verification(entries=count_chained(), ok=bad is None, first_bad=bad, pending=count_pending())


def _holds(row: Mapping[str, Any], *, sequence: int, previous: str) -> bool:
    if row["sequence"] != sequence or row["previous_digest"] != previous:
        return False
    if row["digest"] != rules.digest_of(row, sequence=sequence, previous=previous):
        return False
    return row["erased"] or row["commitment"] == rules.commitment_of(row, row["said"], row["salt"])
