"""What the region picker asks for."""

from typing import Any

from flask import Blueprint, jsonify, request

from app.core.scopes import NATION
from app.regions import queries
from app.web.access import public

bp = Blueprint("regions", __name__)

KEPT_FOR = 86_400  # seconds; regions change a few times a year


@bp.get("/regions/children")
@public
def list_children() -> Any:
    """Return the regions one level below `?parent=CODE` (the provinsi without it); none for an unknown code."""
    regions = queries.list_children_of(request.args.get("parent") or NATION)
    answer = jsonify(regions=[{"code": region.code, "name": region.name} for region in regions])
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return answer
