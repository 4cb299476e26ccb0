"""What a volunteer has earned: the list, a page of each with its picture to share, the PDF.

Somebody else's is an unknown address.
"""

from typing import Any

from flask import abort, render_template
from flask_login import current_user

from app.certificates import delivery, lines, queries
from app.certificates.models import Certificate
from app.certificates.routes.blueprint import bp
from app.certificates.routes.sheets import (
    address_of,
    drawing_of,
    pdf_of,
    picture_name,
    picture_of,
    picture_size,
)
from app.certificates.routes.wording import courtesy_title
from app.trainees.queries import canonical
from app.web.access import signed_in


@bp.get("/me/certificates")
@signed_in
def list_own_certificates() -> Any:
    """Show every certificate of this person, the newest first."""
    mine = queries.certificates_of_user(current_user.id)
    return render_template(
        "certificates/list_own_certificates.html",
        mine=mine,
        to_replace=lines.ids_to_replace(mine),
        will_be_replaced=lines.WILL_BE_REPLACED,
    )


@bp.get("/me/certificates/<int:certificate_id>")
@signed_in
def show_own_certificate(certificate_id: int) -> Any:
    """Show the sheet itself, to be shared as a picture; this is where the mail about it leads."""
    certificate = _own(certificate_id)
    in_force = certificate.is_in_force
    return render_template(
        "certificates/show_own_certificate.html",
        certificate=certificate,
        in_force=in_force,
        will_be_replaced=lines.WILL_BE_REPLACED if lines.ids_to_replace([certificate]) else None,
        last=queries.last_of_chain(certificate),
        first_in=queries.brought_first_training_to(certificate) if in_force else None,
        courtesy=courtesy_title(canonical(certificate.trainee).sex),
        is_sealed=delivery.is_sealed(certificate),
        size=picture_size(certificate),
        file_name=picture_name(certificate),
        address=address_of(certificate),
    )


@bp.get("/me/certificates/<int:certificate_id>.svg")
@signed_in
def draw_own_certificate(certificate_id: int) -> Any:
    """Draw the front page for its page: a third of the picture's weight, sharp at every size."""
    return drawing_of(_own(certificate_id))


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
