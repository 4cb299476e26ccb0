"""A certificate as it is handed out: the sheet, its picture and drawing, and whether its facts are those of
the day of issue.
"""

import logging

from app.certificates import queries, rules
from app.certificates.document import (
    certificate_filename,
    certificate_pdf,
    certificate_png,
    certificate_svg,
    facts_digest,
    mark_of,
)
from app.certificates.models import Certificate
from app.core.errors import RuleViolation
from app.core.text import _

PICTURE_LARGEST = 200_000  # bytes: what a messenger sends on a weak line
PICTURE_SHARPNESS = (110, 96, 84, 72, 60)  # points per inch, the finest first

log = logging.getLogger(__name__)


def is_sealed(certificate: Certificate) -> bool:
    """Say whether the stored facts are those of the day of issue; where they are not, the log says so."""
    sealed = facts_digest(certificate.facts) == certificate.facts_digest
    if not sealed:
        log.error("certificate %s: the stored facts are not those that were sealed at issue", certificate.id)
    return sealed


def sheet_pdf(certificate: Certificate, *, base_url: str) -> bytes:
    """Return both pages, the same bytes every time; refuses where the register no longer holds what was
    issued.

    A sheet that no longer holds says so across every page, here and as a picture; the frozen copy stays as it
    was.
    """
    _refuse_altered(certificate)
    return certificate_pdf(
        certificate.facts, address=rules.check_address(base_url, certificate.code), mark=_mark_of(certificate)
    )


def sheet_filename(certificate: Certificate, suffix: str = ".pdf") -> str:
    """Return the name of the file, of the picture with its own suffix; one that no longer holds says so
    first.
    """
    state = "DICABUT_" if certificate.revoked_at else "DIGANTI_" if certificate.superseded_by_id else ""
    return state + certificate_filename(certificate.facts).removesuffix(".pdf") + suffix


def sheet_picture(certificate: Certificate, *, base_url: str) -> bytes:
    """Return the front page as the sharpest picture that a messenger takes; refuses like the PDF."""
    _refuse_altered(certificate)
    address, mark, picture = rules.check_address(base_url, certificate.code), _mark_of(certificate), b""
    for sharpness in PICTURE_SHARPNESS:
        picture = certificate_png(certificate.facts, address=address, ppi=sharpness, mark=mark)
        if len(picture) < PICTURE_LARGEST:
            break
    return picture


def sheet_drawing(certificate: Certificate, *, base_url: str) -> bytes:
    """Return the front page as a drawing for a screen; refuses like the PDF."""
    _refuse_altered(certificate)
    return certificate_svg(
        certificate.facts, address=rules.check_address(base_url, certificate.code), mark=_mark_of(certificate)
    )


def _mark_of(certificate: Certificate) -> tuple[str, ...]:
    last = queries.last_of_chain(certificate)
    after = None if last is certificate else last
    return mark_of(
        revoked_on=certificate.revoked_on,
        number_after=after and after.number,
        after_revoked_on=after and after.revoked_on,
    )


def _refuse_altered(certificate: Certificate) -> None:
    if not is_sealed(certificate):
        raise RuleViolation(
            _(
                "Data sertifikat ini di register tidak sama lagi dengan saat terbit, jadi lembarnya tidak"
                " dibuat. Hubungi penyelenggara."
            )
        )
