"""Who calls: a bearer token stands for an account, with that account's rights and nothing more. Repeats get the first answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, request

from app.api.blueprint import bp
from app.auth import queries as auth
from app.auth.models import User
from app.core.errors import RuleViolation
from app.core.idempotency import Ticket, fingerprint_of, once
from app.core.text import _

View = Callable[..., Any]
LONGEST_KEY = 100


def caller() -> User:
    """Return the account that the token of this request stands for."""
    return g.caller  # type: ignore[no-any-return]


def allowed(permission: str | None, on: Callable[[Any], Any] | None = None) -> Callable[[View], View]:
    """Those who hold the permission for the row that the address names; None: every account, for its own things.

    401 without a usable token; 404 for unknown and for out of reach alike. The view receives the loaded row first.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def checked(**kwargs: Any) -> Any:
            g.caller = authenticated()
            if on is None:
                if permission is not None and not g.caller.can(permission):
                    abort(404)
                return view(**kwargs)
            name = next(iter(kwargs))
            subject = on(kwargs.pop(name))
            if subject is None or (permission is not None and not g.caller.can(permission, subject)):
                abort(404)
            return view(subject, **kwargs)

        checked.access = str(permission) if permission else "signed_in"  # type: ignore[attr-defined]
        checked.access_on = on  # type: ignore[attr-defined]
        return checked

    return declare


def authenticated() -> User:
    """Return the account of the bearer token; 401 otherwise."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    user = auth.user_by_access_token(token.strip()) if scheme.lower() == "bearer" and token else None
    if user is None:
        abort(401)
    return user


@bp.before_request
def refuse_unreadable_bodies() -> None:
    """Abort where something was sent that is no JSON: it would be read as nothing, and still have an effect."""
    if request.method == "GET" or not request.get_data():
        return
    if not request.is_json:
        abort(415)
    try:
        request.get_json()
    except RecursionError:
        abort(400)


def effect(view: View) -> View:
    """An unsafe operation: one transaction, and with `Idempotency-Key` one effect and one answer, however often it is sent."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            return once(None, lambda: view(*args, **kwargs))[0]
        if len(key) > LONGEST_KEY:
            raise RuleViolation(_("Idempotency-Key paling panjang %(n)d huruf atau angka.", n=LONGEST_KEY))
        body = request.get_json(silent=True)
        ticket = Ticket(
            actor=f"user:{caller().id}", operation=f"{request.method} {request.path}"[:120], key=key, fingerprint=fingerprint_of(body)
        )
        return once(ticket, lambda: view(*args, **kwargs))[0]

    return run
