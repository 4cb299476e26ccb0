"""What the tests of auth share: an account with a password, a count of hashes."""

from collections.abc import Callable
from typing import Any

import pytest

from app.auth.models import User
from app.auth.services import passwords

PASSWORD = "pasar terapung rantau"


@pytest.fixture
def officer(make: Any) -> Callable[..., User]:
    """An account that can sign in with PASSWORD."""
    stored = passwords.hash_password(PASSWORD)
    return lambda *args, **kwargs: make.user(*args, password_hash=stored, **kwargs)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed or checked so far."""
    seen: list[str] = []
    verify, hash_ = passwords.HASHER.verify, passwords.HASHER.hash

    class Counting:
        check_needs_rehash = passwords.HASHER.check_needs_rehash

        def verify(self, stored: str, password: str) -> bool:
            seen.append(password)
            return verify(stored, password)

        def hash(self, password: str) -> str:
            seen.append(password)
            return hash_(password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    return seen
