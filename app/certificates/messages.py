"""Mails about a certificate, queued in the decision they tell of; nothing is queued for somebody without a usable address."""

from flask import current_app

from app.certificates.models import Certificate
from app.core.text import Text, _
from app.notifications import services as notifications
from app.notifications.rules import bare_address


def certificate_issued(certificate: Certificate) -> None:
    """Tell the holder where the certificate is kept, and say thank you."""
    _send(certificate, "issued.txt", _("Sertifikat Anda sudah terbit: %(course)s", course=certificate.facts["course"]))


def certificate_revoked(certificate: Certificate) -> None:
    """Tell the holder that the certificate no longer holds, since when and why."""
    _send(certificate, "revoked.txt", _("Sertifikat Anda dicabut: %(number)s", number=certificate.number))


def certificate_replaced(old: Certificate, new: Certificate) -> None:
    """Tell the holder of the new certificate and that the old sheet no longer holds."""
    _send(new, "replaced.txt", _("Sertifikat Anda diganti: %(course)s", course=new.facts["course"]), old=old)


def _send(certificate: Certificate, template: str, subject: Text, **values: object) -> None:
    person = certificate.trainee
    address = person.email or (person.user.email if person.user else None)
    if not address or bare_address(address) is None:
        return  # an address that no server takes must not hold a certificate back
    page = current_app.jinja_env.get_template(f"emails/certificates/{template}")
    values |= {"certificate": certificate, "facts": certificate.facts, "base_url": current_app.config["SETTINGS"].base_url}
    notifications.enqueue(address, subject, page.render(**values).strip() + "\n")
