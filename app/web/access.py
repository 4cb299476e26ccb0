"""Every view declares who may see it: exactly one of @public, @signed_in, @requires. A test walks all routes.

Unknown and forbidden look the same from outside: 404. The subject is loaded and checked before the view runs,
so that an unchecked one cannot be reached.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, request, url_for
from flask_login import current_user

View = Callable[..., Any]


def public(view: View) -> View:
    """Everybody, signed in or not."""
    return _declare(view, "public")


def signed_in(view: View) -> View:
    """Everybody with an account; the view shows that person's own things."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        return view(*args, **kwargs)

    return _declare(checked, "signed_in")


def requires(permission: str, on: Callable[[Any], Any] | None = None) -> Callable[[View], View]:
    """Those who hold the permission: for the subject that `on` loads from the first `…_id` of the address, or
    anywhere.

    The view receives the loaded subject as its first argument, further parts of the address by name.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def checked(**kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return ask_to_sign_in()
            if on is None:
                if not current_user.can(permission):
                    abort(404)
                return view(**kwargs)
            name = next(name for name in kwargs if name.endswith(("_id", "_code")))
            subject = on(kwargs.pop(name))
            if subject is None or not current_user.can(permission, subject):
                abort(404)
            return view(subject, **kwargs)

        return _declare(checked, str(permission), on=on)

    return declare


def ask_to_sign_in() -> Any:
    """Lead a reader who is signed out to the sign-in page and back; a program is answered 401."""
    if request.path.startswith("/api/"):
        abort(401)
    return redirect(
        url_for("auth.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    )


def _declare(view: View, access: str, on: Callable[[Any], Any] | None = None) -> View:
    view.access = access  # type: ignore[attr-defined]
    view.access_on = on  # type: ignore[attr-defined]
    return view


def is_local_path(target: str | None) -> bool:
    """Return whether `next` stays on this site: one slash, no second host in any notation, no control
    characters.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return False
    return (
        "\\" not in target
        and all(ord(character) > 32 for character in target)
        and "%09" not in target[:12].lower()
    )
