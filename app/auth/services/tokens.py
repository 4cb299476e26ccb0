"""Let a program act as an account under /api/v1."""

from datetime import timedelta

from app.audit import services as audit
from app.auth.models import AccessToken, User
from app.auth.queries import lock_user
from app.auth.rules import TOKEN_DAYS_MOST, Permission
from app.core import clock, crypto
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db

BEGINS = "bekal_"  # so that scanners find a token that leaked


@atomic()
def make_access_token(user: User, label: str, *, days: int | None, by: Actor) -> str:
    """Return a new token, readable this once; it can do what the account can.

    Only its owner or the system makes one.
    """
    user = lock_user(user.id)
    _refuse_stranger(user, by=by)
    if not user.is_active:
        raise RuleViolation(_("Akun ini dinonaktifkan. Aktifkan dahulu."))
    if days is not None and not 1 <= days <= TOKEN_DAYS_MOST:
        raise RuleViolation(_("Token berlaku 1 sampai %(most)d hari.", most=TOKEN_DAYS_MOST), field="days")
    token = BEGINS + crypto.new_token()
    expires_at = None if days is None else clock.now() + timedelta(days=days)
    db.session.add(
        AccessToken(
            token_digest=crypto.token_digest(token), user_id=user.id, label=label[:100], expires_at=expires_at
        )
    )
    audit.record("token.made", user, by=by)
    return token


@atomic()
def end_access_token(token: AccessToken, *, by: Actor) -> None:
    """End a token from its next use on. Safe to repeat."""
    user = lock_user(token.user_id)
    _refuse_stranger(user, by=by)
    if token.ended_at is None:
        token.ended_at = clock.now()
        audit.record("token.ended", user, by=by)


def _refuse_stranger(user: User, *, by: Actor) -> None:
    if by.id != user.id and not by.reach(Permission.USER_MANAGE).everywhere:
        raise RuleViolation(_("Token hanya dapat dibuat dan diakhiri oleh pemilik akun."))
