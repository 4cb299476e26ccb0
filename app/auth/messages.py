"""Mails about accounts: invitation, new password, changed e-mail.

Links begin with BASE_URL, never with what a request says.
"""

from flask import current_app

from app.auth import mails
from app.auth.models import User
from app.auth.rules import INVITATION_VALID_FOR, RESET_VALID_FOR
from app.notifications import services as notifications


def address_of(endpoint: str, token: str) -> str:
    """Return the whole address of a page that a secret opens."""
    path = current_app.url_map.bind("").build(endpoint, {"token": token})
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def invitation(user: User, token: str) -> None:
    """Invite somebody to set a first password."""
    assert user.email
    link = address_of("auth.accept_invitation", token)
    notifications.enqueue_mail(
        user.email, mails.invitation(user.name, link, product=_product(), days=INVITATION_VALID_FOR.days)
    )


def reset(name: str, recipient: str | None, token: str) -> None:
    """Send the link by which a forgotten password is replaced."""
    assert recipient
    link, minutes = address_of("auth.reset_password", token), int(RESET_VALID_FOR.total_seconds()) // 60
    notifications.enqueue_mail(recipient, mails.reset(name, link, product=_product(), minutes=minutes))


def email_changed(user: User, before: str) -> None:
    """Tell the former address that the account has moved to another one."""
    notifications.enqueue_mail(before, mails.email_changed(user.name, product=_product()))


def _product() -> str:
    return current_app.config["SETTINGS"].product_name
