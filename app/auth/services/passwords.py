"""Password hashes: argon2id with 19 MiB, two passes, one lane.

Hashing is slow on purpose: never inside a writing transaction.
"""

import re
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.auth.rules import PASSWORD_MOST

HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
AT_ONCE = BoundedSemaphore(4)  # a flood of sign-ins takes 76 MiB and turns, not the machine
# Checked where no account is known, so that the answer takes as long.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$j/V4dSzO/XrfptJ0sZ9ErQ$Hk3FwLIxdxEqFeusARwqeSkZQtzWsSUNN2NHB/xQ0qk"


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    with AT_ONCE:
        return HASHER.hash(_formatted(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password belongs to the hash; without a hash the same work is done for nothing."""
    formatted = _formatted(password)
    tried = [
        _verifies(password_hash, each) for each in dict.fromkeys((formatted, figures_of_code(formatted)))
    ]
    return password_hash is not None and any(tried)


def _verifies(password_hash: str | None, formatted: str) -> bool:
    with AT_ONCE:
        try:
            HASHER.verify(password_hash or NOBODYS, formatted[:PASSWORD_MOST])
        except (VerificationError, InvalidHashError):
            return False
    return len(formatted) <= PASSWORD_MOST


def figures_of_code(typed: str) -> str:
    """Return the figures of a sign-in code that was typed in groups (46686-66767, 46686.66767); anything else
    as it is.
    """
    figures = re.sub(r"[\s.\-\u2010-\u2015_/]", "", typed)
    return figures if figures.isdecimal() else typed


def renewed(password_hash: str, password: str) -> str | None:
    """Return a new hash when the stored one is weaker than today's, else None."""
    return hash_password(password) if HASHER.check_needs_rehash(password_hash) else None


def _formatted(password: str) -> str:
    """Return the canonical form: how letters are composed does not count, nor do gaps in what is digits
    alone, a sign-in code for one.
    """
    formatted = unicodedata.normalize("NFC", password)
    digits = "".join(formatted.split())
    return digits if digits.isdecimal() else formatted
