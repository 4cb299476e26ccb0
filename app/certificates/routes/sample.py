"""How the next certificates of an office will look: an invented one, laid out as chosen."""

from typing import Any

from flask import abort, request

from app.auth.rules import Permission
from app.certificates import planning, services
from app.certificates.document import certificate_png
from app.certificates.routes.blueprint import bp
from app.certificates.routes.sheets import shown
from app.core import clock
from app.organisers.models import Organiser
from app.organisers.queries import get_organiser
from app.organisers.rules import Orientation, SecondSigner, SheetLayout
from app.printing.services import PrintingError
from app.web.access import requires

SHARPNESS = {"small": 32, "": 110}  # points per inch: beside a form, and to be read


@bp.get("/organisers/<int:organiser_id>/certificate-sample.png")
@requires(Permission.ORGANISER_SEE, on=get_organiser)
def draw_sample(organiser: Organiser) -> Any:
    """Draw a page of a certificate of nobody; what is not asked for in the address is as the office has set
    it.
    """
    known, asked = organiser.sheet, request.args
    sheet = SheetLayout(
        next((each for each in Orientation if each.value == asked.get("orientation")), known.orientation),
        next(
            (each for each in SecondSigner if each.value == asked.get("second_signer")), known.second_signer
        ),
        known.photo if "photo" not in asked else asked["photo"] == "1",
    )
    facts = planning.sample_facts(organiser, sheet, clock.today(organiser.region.zone))
    if facts is None:
        abort(404)
    page = 2 if asked.get("page") == "2" else 1
    try:
        picture = certificate_png(
            facts,
            address=services.TRIAL_ADDRESS,
            page=page,
            ppi=SHARPNESS.get(asked.get("size", ""), SHARPNESS[""]),
            specimen=True,
        )
    except PrintingError:
        abort(404)
    return shown(picture, "image/png")
