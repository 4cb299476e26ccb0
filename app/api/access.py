"""Who calls: a bearer token stands for an account, with that account's rights and nothing more.

Repeats get the first answer.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate

from app.api.blueprint import bp
from app.api.description import LONGEST_KEY
from app.api.unknown import unknown
from app.auth import queries as auth
from app.auth.models import User
from app.core.errors import RuleViolation
from app.core.idempotency import Ticket, fingerprint_of, once
from app.core.text import _

View = Callable[..., Any]


def caller() -> User:
    """Return the account that the token of this request stands for."""
    return g.caller  # type: ignore[no-any-return]


def allowed(
    permission: str | None,
    on: Callable[[Any], Any] | None = None,
    *,
    inside: Callable[[Any, Any], Any] | None = None,
) -> Callable[[View], View]:
    """Those who hold the permission for the row that the address names; None: every account, for its own
    things.

    401 without a usable token; 404 for unknown and for out of reach alike, before the body is read. The view
    receives the loaded row first, and then what the next part of the address names `inside` it.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def checked(**kwargs: Any) -> Any:
            g.caller = authenticated()
            refuse_unknown_parameters()
            if on is None:
                if permission is not None and not g.caller.can(permission):
                    abort(404)
                return view(**kwargs)
            name = next(iter(kwargs))
            subject = on(kwargs.pop(name))
            if subject is None or (permission is not None and not g.caller.can(permission, subject)):
                raise unknown(name)
            if inside is None:
                return view(subject, **kwargs)
            name = next(iter(kwargs))
            part = inside(subject, kwargs.pop(name))
            if part is None:
                raise unknown(name)
            return view(subject, part, **kwargs)

        checked.access = str(permission) if permission else "signed_in"  # type: ignore[attr-defined]
        checked.access_on = on  # type: ignore[attr-defined]
        return checked

    return declare


def authenticated() -> User:
    """Return the account of the bearer token; 401 otherwise."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    user = auth.user_by_access_token(token.strip()) if scheme.lower() == "bearer" and token else None
    if user is None:
        abort(401, www_authenticate=WWWAuthenticate("bearer", {"realm": "api"}))
    return user


def takes() -> dict[str, Any]:
    """Return what the operation of this request was declared to take."""
    view: Any = current_app.view_functions[request.endpoint or ""]
    return view._spec  # type: ignore[no-any-return]


def refuse_unknown_parameters() -> None:
    """Raise for a parameter of the address that this operation does not read, or that is said twice: nothing
    is left unread.
    """
    queries = [schema for schema, location in takes().get("args", []) if location == "query"]
    view = current_app.view_functions[request.endpoint or ""]
    known = [name for schema in queries for name in schema.fields] + (
        ["format"] if getattr(view, "has_files", False) else []
    )
    for name, values in request.args.lists():
        if name not in known and known:
            reason = _(
                "Parameter %(name)s tidak dikenal. Yang dikenal: %(known)s.",
                name=name[:40],
                known=", ".join(known),
            )
            raise RuleViolation(reason, field=name)
        if name not in known:
            raise RuleViolation(
                _("Alamat ini tidak memakai parameter; hapus %(name)s.", name=name[:40]), field=name
            )
        if len(values) > 1:
            raise RuleViolation(
                _("Parameter %(name)s disebut lebih dari sekali.", name=name[:40]), field=name
            )


@bp.before_request
def refuse_unreadable_bodies() -> None:
    """Abort where something was sent that is no JSON: it would be read as nothing, and still
    have an effect.
    """
    if request.method == "GET" or not request.get_data():
        return
    if request.mimetype != "application/json":
        abort(415)
    request.json_module = EachFieldOnce
    try:
        request.get_json()
    except RecursionError:
        abort(400)


class EachFieldOnce:
    """How a body is read, for `request.json_module`: as JSON of which no object names a field twice."""

    @staticmethod
    def loads(text: str | bytes, **kwargs: Any) -> Any:
        """Return what the text says; raises RuleViolation for a field that is named twice."""
        return json.loads(text, object_pairs_hook=_each_once, **kwargs)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raise for one that names a field twice: only one of the two could be obeyed."""
    names = [name for name, _value in pairs]
    twice = (
        next((name for name in names if names.count(name) > 1), None)
        if len(set(names)) < len(names)
        else None
    )
    if twice is not None:
        raise RuleViolation(_("Isian %(name)s disebut lebih dari sekali.", name=twice[:40]), field=twice)
    return dict(pairs)


def key_sent() -> str:
    """Return the one-time key of this request, empty when it has none; raise for one that is too long."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise RuleViolation(_("Idempotency-Key paling panjang %(n)d huruf atau angka.", n=LONGEST_KEY))
    return key


def ticket_of(user: User, asked: Any) -> Ticket | None:
    """Return what tells a repeat of this request from a new one; None without a key.

    `asked` holds no secret.
    """
    key = key_sent()
    operation = f"{request.method} {request.path}"[:120]
    return (
        Ticket(actor=f"user:{user.id}", operation=operation, key=key, fingerprint=fingerprint_of(asked))
        if key
        else None
    )


def effect(view: View) -> View:
    """An unsafe operation: one transaction, and with `Idempotency-Key` one effect and one answer, however
    often it is sent.
    """

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        body = request.get_json(silent=True) if request.get_data() else None
        if "body" not in takes() and body not in ({}, None):
            raise RuleViolation(_("Perintah ini tidak memakai isi. Kirim tanpa isi."))
        return once(ticket_of(caller(), body), lambda: view(*args, **kwargs))[0]

    run.has_effect = True  # type: ignore[attr-defined]
    return run


def effect_once(view: View) -> View:
    """Mark an operation that obeys `Idempotency-Key` by itself: its answer holds a secret and is not kept."""
    view.has_effect = True  # type: ignore[attr-defined]
    return view
