"""Mails about a certificate, queued in the decision they tell of; nothing is queued for somebody without a usable address."""

from collections.abc import Callable

from flask import current_app

from app.certificates import mails
from app.certificates.models import Certificate
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.rules import bare_address


def certificate_issued(certificate: Certificate) -> None:
    """Tell the holder where the certificate is kept, and say thank you."""
    _send(certificate, mails.issued)


def certificate_revoked(certificate: Certificate) -> None:
    """Tell the holder that the certificate no longer holds, since when and why."""
    _send(certificate, mails.revoked)


def certificate_replaced(old: Certificate, new: Certificate, reason: str) -> None:
    """Tell the holder of the new certificate, why there is one, and that the old sheet no longer holds."""
    _send(new, mails.replaced, old, reason)


def _send(certificate: Certificate, write: Callable[..., Mail], *values: Certificate | str) -> None:
    address = certificate.trainee.mail_address
    if not address or bare_address(address) is None:
        return  # an address that no server takes must not hold a certificate back
    notifications.enqueue_mail(address, write(certificate, *values, base_url=current_app.config["SETTINGS"].base_url))
