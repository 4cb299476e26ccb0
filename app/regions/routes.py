"""What the region picker asks for."""

from typing import Any

from flask import Blueprint, jsonify, request

from app.core.scopes import NATION
from app.regions import queries
from app.web.access import public

bp = Blueprint("regions", __name__)

MOST_AMONG = 200  # codes
LASTS_FOR = 86_400  # seconds; regions change a few times a year


@bp.get("/regions/children")
@public
def list_children() -> Any:
    """Return the regions one level below `?parent=CODE` (the provinsi without it); none for an unknown code.

    `?among=CODE,CODE` leaves those out that neither lie in one of these regions nor lead to one.
    """
    among = request.args.get("among")
    regions = queries.list_children_of(request.args.get("parent") or NATION)
    regions = queries.offered_among(regions, None if among is None else among.split(",")[:MOST_AMONG])
    answer = jsonify(regions=[{"code": region.code, "name": region.name} for region in regions])
    answer.headers["Cache-Control"] = f"public, max-age={LASTS_FOR}"
    return answer
