"""What is hashed, in which form, and how a person's details are sealed. Plain values only."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BEGINNING = "0" * 64  # what the first event of the chain follows on

# What an event says openly. Its order never matters, its names do: they are part of what was hashed.
FACTS = (
    "id",
    "at",
    "actor_id",
    "actor_label",
    "actor_role",
    "action",
    "subject_type",
    "subject_id",
    "scope_code",
    "request_id",
    "outcome",
    "person_id",
)
CHAINED = (*FACTS, "details", "salt", "commitment")


def formatted(value: Any) -> str:
    """Return the canonical form of a moment, and of anything else that JSON has no word for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=formatted
).encode


def canonical(value: Any) -> str:
    """Return the canonical form of a value: sorted keys, no spaces, moments in UTC to the microsecond."""
    return _encode(value)


def commitment_of(facts: Mapping[str, Any], details: str | None, salt: str) -> str:
    """Return the salted digest of the content of an event, with its details in the clear.

    The id in `facts` is left out of it.
    """
    values = {name: facts[name] for name in FACTS if name != "id"}
    return hashlib.sha256((salt + canonical({**values, "details": details})).encode()).hexdigest()


def digest_of(stored: Mapping[str, Any], *, sequence: int, previous: str) -> str:
    """Return the digest that chains an event to the one before it.

    It covers the row as it is stored, its place and the previous digest.
    """
    row = [stored[name] for name in CHAINED]
    return hashlib.sha256(canonical([sequence, previous, *row]).encode()).hexdigest()


def new_key() -> str:
    """Return a fresh key of one person."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def seal(text: str, *, key: str, salt: str) -> str:
    """Return the text readable with this person's key alone, bound to the event by its salt."""
    nonce = os.urandom(12)
    sealed = AESGCM(base64.urlsafe_b64decode(key)).encrypt(nonce, text.encode(), salt.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, key: str, salt: str) -> str | None:
    """Return the text, or None when it was changed."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(base64.urlsafe_b64decode(key)).decrypt(raw[:12], raw[12:], salt.encode()).decode()
    except (ValueError, InvalidTag):
        return None
