"""Pages that a one-time link opens.

Their address is a secret: it is sent to no other page, and looking does not use it up.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from app.auth import queries, services
from app.auth.forms import NewPasswordForm, RequestResetForm
from app.auth.models import User
from app.auth.routes.blueprint import bp
from app.auth.routes.sign_ins import signed_in, this_device
from app.auth.rules import LinkPurpose, kabupaten_of_nik
from app.core import clock
from app.core.errors import DomainError, TooManyTries
from app.core.text import _
from app.extensions import csrf
from app.web.access import public


@bp.route("/reset-password", methods=["GET", "POST"])
@public
def request_reset() -> Any:
    """Ask whose password is forgotten; the answer is the same for everybody."""
    form = RequestResetForm()
    headers = {}
    if form.is_submitted() and form.validate():
        try:
            services.request_reset(form.typed.data, address=request.remote_addr or "")
        except TooManyTries as refusal:
            form.show(refusal)
            headers["Retry-After"] = str(refusal.retry_after)
        else:
            flash(str(_("Permintaan Anda sudah kami terima.")), "success")
            return redirect(
                url_for("petitions.show_code_asked", region=kabupaten_of_nik(form.typed.data)), 303
            )
    elif form.is_submitted():
        form.status = 422
    return render_template("auth/request_reset.html", form=form), form.status, headers


# The page names no referrer, so the check of the referrer would refuse its own form over https. The form
# checks its token itself.
@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def reset_password(token: str) -> Any:
    """Set a new password by the link from the mail, or from the hands of an officer."""

    def go_on(_user: User) -> Response:
        flash(str(_("Kata sandi baru sudah tersimpan. Silakan masuk.")), "success")
        return redirect(url_for("auth.sign_in"), 303)

    return _by_link(token, LinkPurpose.RESET, "auth/reset_password.html", services.reset_password, go_on)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def accept_invitation(token: str) -> Any:
    """Set the first password and go in."""

    def go_on(user: User) -> Response:
        answer = redirect(url_for("dashboard.home"), 303)
        return signed_in(answer, user, services.open_sign_in(user, this_device()))

    return _by_link(
        token, LinkPurpose.INVITATION, "auth/accept_invitation.html", services.accept_invitation, go_on
    )


def _by_link(
    token: str,
    purpose: LinkPurpose,
    template: str,
    set_password: Callable[[str, str], User],
    go_on: Callable[[User], Response],
) -> Response:
    form = NewPasswordForm()
    answer = None
    if form.is_submitted() and form.validate():
        try:
            answer = go_on(set_password(token, form.password.data))
        except DomainError as refusal:
            form.show(refusal)
    elif form.is_submitted():
        form.status = 422
    if answer is None:
        link = queries.find_link(token, purpose, clock.now())
        if link is None:
            answer = make_response(render_template("auth/dead_link.html", purpose=purpose), 404)
        else:
            answer = make_response(render_template(template, form=form, user=link.user), form.status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
