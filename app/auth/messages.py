"""Mails about accounts: invitation, new password, changed e-mail. Links begin with BASE_URL, never with what a request says."""

from flask import current_app

from app.auth.models import User
from app.auth.rules import INVITATION_VALID_FOR, RESET_VALID_FOR
from app.core.text import _
from app.notifications import services as notifications


def address_of(endpoint: str, token: str) -> str:
    """Return the whole address of a page that a secret opens."""
    path = current_app.url_map.bind("").build(endpoint, {"token": token})
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def invitation(user: User, token: str) -> None:
    """Invite somebody to set a first password."""
    subject = _("Undangan masuk ke %(product)s", product=_product())
    link = address_of("auth.accept_invitation", token)
    _send(user.email, subject, "emails/auth/invitation.txt", name=user.name, link=link, days=INVITATION_VALID_FOR.days)


def reset(name: str, recipient: str | None, token: str) -> None:
    """Send the link by which a forgotten password is replaced."""
    subject = _("Kata sandi baru untuk %(product)s", product=_product())
    link = address_of("auth.reset_password", token)
    _send(recipient, subject, "emails/auth/reset.txt", name=name, link=link, minutes=int(RESET_VALID_FOR.total_seconds()) // 60)


def email_changed(user: User, before: str) -> None:
    """Tell the former address that the account has moved to another one."""
    _send(before, _("Email akun %(product)s Anda diganti", product=_product()), "emails/auth/email_changed.txt", name=user.name)


def _send(recipient: str | None, subject: object, template: str, **values: object) -> None:
    assert recipient
    body = current_app.jinja_env.get_template(template).render(values)
    notifications.enqueue(recipient, str(subject), body)


def _product() -> str:
    return current_app.config["SETTINGS"].product_name
