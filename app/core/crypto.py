"""Field encryption, blind index and random secrets.

Keys come from NIK_KEY: one or more `id:base64`, the first one writes.
"""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 characters without O, I, 0, 1: five bits each
CODE_LENGTH = 13  # 65 bits


class KeyRing:
    """The keys of this installation by their id; the first encrypts, all decrypt; the index key is the oldest
    one's.
    """

    def __init__(self, setting: str) -> None:
        pairs = [part.strip().partition(":") for part in setting.split(",") if part.strip()]
        masters = {
            key_id: base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
            for key_id, _sep, secret in pairs
        }
        if not masters or any(len(secret) < 32 or not key_id for key_id, secret in masters.items()):
            raise ValueError("NIK_KEY holds no usable key (id:base64 of at least 32 bytes)")
        self.current = next(iter(masters))
        self.encryption = {
            key_id: AESGCM(_derive(secret, b"field encryption")) for key_id, secret in masters.items()
        }
        self.index = _derive(list(masters.values())[-1], b"blind index")


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bekal " + purpose).derive(secret)


_ring: KeyRing | None = None


def use_keys(setting: str) -> None:
    """Load the keys of this process; raises ValueError when the setting holds none."""
    global _ring
    _ring = KeyRing(setting)


def ring() -> KeyRing:
    """Return the loaded keys."""
    if _ring is None:
        raise RuntimeError("no keys loaded")
    return _ring


def encrypt(text: str, *, context: str) -> str:
    """Return `keyid.base64`; only decrypt() with the same context reads it."""
    keys = ring()
    nonce = os.urandom(12)
    sealed = keys.encryption[keys.current].encrypt(nonce, text.encode(), context.encode())
    return f"{keys.current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(sealed: str, *, context: str) -> str:
    """Return the text; raises when it was changed or belongs to another column."""
    key_id, _sep, body = sealed.partition(".")
    raw = base64.urlsafe_b64decode(body)
    return ring().encryption[key_id].decrypt(raw[:12], raw[12:], context.encode()).decode()


def blind_index(value: str, *, context: str) -> str:
    """Return a keyed digest for equality look-ups of an encrypted value; nothing can be guessed from it
    without the key.
    """
    return hmac.new(ring().index, f"{context}\0{value}".encode(), hashlib.sha256).hexdigest()


def new_code() -> str:
    """Return a random certificate code: 13 characters, 65 bits, no character that is mistaken for another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def new_token() -> str:
    """Return a random secret for links, sessions and programs (256 bits)."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a token: a leaked database opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
