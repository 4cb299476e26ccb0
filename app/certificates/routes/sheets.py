"""The sheet as a file, under a name that says whose it is and whether it still holds."""

from flask import Response, current_app

from app.certificates import services
from app.certificates.document import certificate_filename
from app.certificates.models import Certificate
from app.certificates.rules import check_address
from app.web.headers import safe_filename


def pdf_of(certificate: Certificate) -> Response:
    """Answer with both pages."""
    return _file(services.sheet_pdf(certificate, base_url=_base_url()), "application/pdf", file_name(certificate))


def picture_of(certificate: Certificate) -> Response:
    """Answer with the front page as a picture."""
    name = file_name(certificate).removesuffix(".pdf") + ".png"
    return _file(services.sheet_picture(certificate, base_url=_base_url()), "image/png", name)


def address_of(certificate: Certificate) -> str:
    """Return where this certificate is checked."""
    return check_address(_base_url(), certificate.code)


def file_name(certificate: Certificate) -> str:
    """Return the name of the file; one that no longer holds says so first."""
    state = "DICABUT_" if certificate.revoked_at else "DIGANTI_" if certificate.superseded_by_id else ""
    return safe_filename(state + certificate_filename(certificate.facts))


def _base_url() -> str:
    return current_app.config["SETTINGS"].base_url


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
