"""One's own account: e-mail, password, the browsers that are signed in."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from app.auth import queries, services
from app.auth.forms import ChangePasswordForm, EmailForm
from app.auth.routes.blueprint import bp
from app.auth.routes.sign_ins import signed_in, this_device
from app.core import clock, crypto
from app.core.errors import DomainError, TooManyTries
from app.core.text import _
from app.regions.rules import WIB
from app.web import access
from app.web.forms import ActionForm


@bp.route("/me/account")
@access.signed_in
def show_account() -> Any:
    """Show what the account is, what it may do, where it is signed in, and which programs act for it."""
    grants = queries.list_grants_not_over(current_user, clock.today(WIB))
    return render_template(
        "auth/show_account.html",
        user=current_user,
        kinds=queries.list_name_kinds(current_user),
        grants=[(grant, services.name_of_grant(grant)) for grant in grants],
        sign_ins=queries.list_sign_ins(current_user),
        programs=queries.list_access_tokens(current_user),
        this_digest=crypto.token_digest(current_user.sign_in_token),
    )


@bp.route("/me/account/email", methods=["GET", "POST"])
@access.signed_in
def change_email() -> Any:
    """Move the account to another e-mail."""
    form = EmailForm()
    headers = {}
    if form.is_submitted() and form.validate():
        try:
            services.change_email(current_user, form.email.data, form.password.data)
        except DomainError as refusal:
            form.show(refusal)
            headers = _retry_after(refusal)
        else:
            flash(str(_("Email sudah diganti.")), "success")
            return redirect(url_for("auth.show_account"), 303)
    elif form.is_submitted():
        form.status = 422
    return render_template("auth/change_email.html", form=form, user=current_user), form.status, headers


@bp.route("/me/account/password", methods=["GET", "POST"])
@access.signed_in
def change_password() -> Any:
    """Change the password; every other browser is signed out, every program has to ask for a new token."""
    form = ChangePasswordForm()
    headers = {}
    if form.is_submitted() and form.validate():
        user = queries.get_user(current_user.id)
        assert user
        try:
            token = services.change_password(user, form.old.data, form.password.data, device=this_device())
        except DomainError as refusal:
            form.show(refusal)
            headers = _retry_after(refusal)
        else:
            answer = signed_in(redirect(url_for("auth.show_account"), 303), user, token)
            flash(
                str(_("Kata sandi sudah diganti. Perangkat lain dan program sudah dikeluarkan.")), "success"
            )
            return answer
    elif form.is_submitted():
        form.status = 422
    return render_template("auth/change_password.html", form=form), form.status, headers


@bp.route("/me/account/sign-ins/<int:sign_in_id>/end", methods=["POST"])
@access.signed_in
def end_sign_in(sign_in_id: int) -> Any:
    """Sign one other browser out."""
    answer = ActionForm().carry_out(
        lambda: services.end_own_sign_in(current_user, sign_in_id),
        to=url_for("auth.show_account"),
        saying=lambda is_over: (
            _("Perangkat itu sudah dikeluarkan.")
            if is_over
            else _("Perangkat itu tidak ada pada daftar Anda.")
        ),
    )
    return answer or redirect(url_for("auth.show_account"), 303)


@bp.route("/me/account/sign-ins/end-others", methods=["POST"])
@access.signed_in
def end_other_sign_ins() -> Any:
    """Sign every other browser out, and every program."""
    answer = ActionForm().carry_out(
        lambda: services.end_all_sign_ins(current_user, except_token=current_user.sign_in_token),
        to=url_for("auth.show_account"),
        saying=_("Semua perangkat lain dan program sudah dikeluarkan."),
    )
    return answer or redirect(url_for("auth.show_account"), 303)


@bp.route("/me/account/programs/<int:token_id>/end", methods=["POST"])
@access.signed_in
def end_access_token(token_id: int) -> Any:
    """End the token of one program."""
    token = queries.get_own_access_token(current_user, token_id)
    if token is None:
        abort(404)
    answer = ActionForm().carry_out(
        lambda: services.end_access_token(token, by=current_user),
        to=url_for("auth.show_account"),
        saying=_("Program itu tidak dapat masuk lagi dengan tokennya."),
    )
    return answer or redirect(url_for("auth.show_account"), 303)


def _retry_after(refusal: DomainError) -> dict[str, str]:
    return {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooManyTries) else {}
