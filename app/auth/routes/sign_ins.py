"""Sign in and out, and who a request comes from."""

import logging
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from sqlalchemy.exc import DBAPIError
from werkzeug import Response

from app.auth import queries, services
from app.auth.forms import SignInForm
from app.auth.models import User
from app.auth.routes.blueprint import bp
from app.auth.rules import KNOWN_BROWSER_FOR, device_name
from app.core.errors import DomainError, TooManyTries
from app.extensions import login_manager
from app.web.access import is_local_path, public

log = logging.getLogger(__name__)

login_manager.session_protection = (
    None  # the sign-in is a row: it ends when the row ends, not when an address changes
)


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the account of an open sign-in; what the account may do is read anew."""
    found = queries.find_signed_in(token)
    if found is None:
        return None
    user, sign_in = found
    if queries.is_due(sign_in):
        try:
            services.note_seen(sign_in.id)
        except DBAPIError as error:  # a full disk or a long write must not close the pages that only read
            log.warning("a sign-in could not be noted as seen: %s", type(error.orig).__name__)
    user.sign_in_token, user.granted = token, None
    return user


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Ask for name and password; lead on to `next`, when that stays here."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(where_next(request.args.get("next")))
    form = SignInForm(next=request.args.get("next"))
    retry_after = None
    if form.is_submitted() and form.validate():
        try:
            user, token = services.sign_in(
                form.typed.data,
                form.password.data,
                address=request.remote_addr or "",
                device=this_device(),
                known_as=known_as(),
            )
        except TooManyTries as refusal:
            form.show(refusal)
            retry_after = refusal.retry_after
        except DomainError as refusal:
            form.show(refusal)
        else:
            return signed_in(redirect(where_next(form.next.data), 303), user, token)
    elif form.is_submitted():
        form.status = 422
    page = make_response(render_template("auth/sign_in.html", form=form), form.status)
    if retry_after:
        page.headers["Retry-After"] = str(retry_after)
    return page


@bp.route("/sign-out", methods=["POST"])
@public
def sign_out() -> Any:
    """End this browser's sign-in; the cookie of before opens nothing more."""
    token = session.get("_user_id")
    if token:
        services.end_sign_in(token)
    session.clear()
    answer = redirect(url_for("auth.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = (
        '"cache"'  # forms that came back with a sentence are kept for going back, no longer than this
    )
    return answer


def signed_in(answer: Response, user: User, token: str) -> Response:
    """Let this browser begin anew as this account: nothing of the session before, its token included, is
    carried over.
    """
    before = session.get("_user_id")
    if before:
        services.end_sign_in(before)
    known = services.remember_browser(known_as(), user)
    session.clear()
    user.sign_in_token, user.granted = token, None
    login_user(user)
    answer.set_cookie(
        _browser_cookie(),
        known,
        max_age=KNOWN_BROWSER_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def where_next(target: str | None) -> str:
    """Return the page to go on to: the one asked for when it stays on this site, else the first page."""
    return target if target and is_local_path(target) else url_for("dashboard.home")


def this_device() -> str:
    """Return a few words for the browser that asks."""
    return device_name(request.user_agent.string)


def known_as() -> str:
    """Return what this browser kept from earlier sign-ins."""
    return request.cookies.get(_browser_cookie(), "")[:2000]


def _browser_cookie() -> str:
    return current_app.config["SESSION_COOKIE_NAME"] + "-known"
