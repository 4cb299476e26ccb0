"""What a volunteer has earned: the list, a picture to share, the PDF. A file of somebody else is an unknown address."""

from typing import Any

from flask import abort, render_template
from flask_login import current_user

from app.certificates import queries
from app.certificates.models import Certificate
from app.certificates.routes import bp
from app.certificates.routes.sheets import address_of, pdf_of, picture_of
from app.web.access import signed_in


@bp.get("/me/certificates")
@signed_in
def list_own_certificates() -> Any:
    """Show every certificate of this person, the picture first."""
    mine = [(certificate, address_of(certificate)) for certificate in queries.certificates_of_user(current_user.id)]
    return render_template("certificates/list_own_certificates.html", mine=mine)


@bp.get("/me/certificates/<int:certificate_id>.png")
@signed_in
def save_own_picture(certificate_id: int) -> Any:
    """Hand out the front page as a picture."""
    return picture_of(_own(certificate_id))


@bp.get("/me/certificates/<int:certificate_id>.pdf")
@signed_in
def save_own_pdf(certificate_id: int) -> Any:
    """Hand out both pages as PDF."""
    return pdf_of(_own(certificate_id))


def _own(certificate_id: int) -> Certificate:
    certificate = queries.find_own(certificate_id, current_user.id)
    if certificate is None:
        abort(404)
    return certificate
