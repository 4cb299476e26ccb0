"""The sheet as a file: drawn anew from the frozen copy, and only while that copy is what was sealed at issue."""

import logging

from flask import Response, current_app

from app.certificates.document import certificate_filename, certificate_pdf, certificate_png, facts_digest
from app.certificates.models import Certificate
from app.certificates.rules import check_address
from app.core.errors import RuleViolation
from app.core.text import _
from app.web.headers import safe_filename

log = logging.getLogger(__name__)

PICTURE_LARGEST = 200_000  # bytes: what a messenger sends on a weak line
PICTURE_SHARPNESS = (110, 96, 84, 72, 60)  # points per inch, the finest first


def pdf_of(certificate: Certificate) -> Response:
    """Answer with both pages; the same bytes every time."""
    refuse_altered(certificate)
    return _file(certificate_pdf(certificate.facts, address=address_of(certificate)), "application/pdf", file_name(certificate))


def picture_of(certificate: Certificate) -> Response:
    """Answer with the front page as a picture that a messenger takes."""
    refuse_altered(certificate)
    name = file_name(certificate).removesuffix(".pdf") + ".png"
    address = address_of(certificate)
    for sharpness in PICTURE_SHARPNESS:
        picture = certificate_png(certificate.facts, address=address, ppi=sharpness)
        if len(picture) < PICTURE_LARGEST:
            break
    return _file(picture, "image/png", name)


def address_of(certificate: Certificate) -> str:
    """Return where this certificate is checked."""
    return check_address(current_app.config["SETTINGS"].base_url, certificate.code)


def file_name(certificate: Certificate) -> str:
    """Return the name of the file; one that no longer holds says so first."""
    state = "DICABUT_" if certificate.revoked_at else "DIGANTI_" if certificate.superseded_by_id else ""
    return safe_filename(state + certificate_filename(certificate.facts))


def is_sealed(certificate: Certificate) -> bool:
    """Say whether the stored facts are those of the day of issue; where they are not, the log says so."""
    sealed = facts_digest(certificate.facts) == certificate.facts_digest
    if not sealed:
        log.error("certificate %s: the stored facts are not those that were sealed at issue", certificate.id)
    return sealed


def refuse_altered(certificate: Certificate) -> None:
    """Raise where the register no longer holds what was issued."""
    if not is_sealed(certificate):
        raise RuleViolation(
            _("Data sertifikat ini di register tidak sama lagi dengan saat terbit, jadi lembarnya tidak dibuat. Hubungi penyelenggara.")
        )


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
