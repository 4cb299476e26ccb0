"""The sheet as a file, under a name that says whose it is and whether it still holds."""

from flask import Response, current_app, request

from app.certificates import delivery
from app.certificates.models import Certificate
from app.certificates.rules import check_address
from app.web.headers import safe_filename

# A4 at the sharpness of delivery.sheet_picture.
PICTURE_SIZES = {"landscape": (1286, 909), "portrait": (909, 1286)}


def pdf_of(certificate: Certificate) -> Response:
    """Answer with both pages."""
    return _file(
        delivery.sheet_pdf(certificate, base_url=_base_url()), "application/pdf", file_name(certificate)
    )


def picture_of(certificate: Certificate) -> Response:
    """Answer with the front page as a picture."""
    return _file(
        delivery.sheet_picture(certificate, base_url=_base_url()), "image/png", picture_name(certificate)
    )


def drawing_of(certificate: Certificate) -> Response:
    """Answer with the front page as a drawing, to be shown on a page."""
    return shown(delivery.sheet_drawing(certificate, base_url=_base_url()), "image/svg+xml")


def shown(content: bytes, kind: str) -> Response:
    """Answer with what a page shows: kept by this browser alone, asked for again each time, sent again only
    when it changed.
    """
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.add_etag()
    response.make_conditional(request)
    return response


def picture_size(certificate: Certificate) -> tuple[int, int]:
    """Return width and height of the front page in pixels, so that a page keeps its place free while it is
    drawn.
    """
    orientation = certificate.facts["layout"].get("orientation", "landscape")
    return PICTURE_SIZES[orientation]


def picture_name(certificate: Certificate) -> str:
    """Return the name of the picture's file."""
    return safe_filename(delivery.sheet_filename(certificate, ".png"))


def address_of(certificate: Certificate) -> str:
    """Return where this certificate is checked."""
    return check_address(_base_url(), certificate.code)


def file_name(certificate: Certificate) -> str:
    """Return the name of the file; one that no longer holds says so first."""
    return safe_filename(delivery.sheet_filename(certificate))


def _base_url() -> str:
    return current_app.config["SETTINGS"].base_url


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
