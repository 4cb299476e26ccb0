"""Coverage of a region and its gaps."""

from datetime import date
from typing import Any

from app.api.access import allowed, caller
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Schema, day
from app.auth.rules import Permission
from app.coverage import queries
from app.coverage.queries import Place

P = Permission


class AsOf(Schema):
    as_of = day(load_default=None)


@bp.get("/coverage/<region_code>")
@allowed(P.COVERAGE_SEE, on=queries.find_place)
@bp.input(AsOf, location="query")
@answers("Coverage")
@bp.doc(summary="Cakupan satu wilayah", security="token")
def show_coverage(place: Place, query_data: dict[str, Any]) -> Any:
    report = queries.coverage_of(place.region, query_data["as_of"], caller().reach(P.COVERAGE_SEE))
    return report.facts()


@bp.get("/coverage/<region_code>/gaps")
@allowed(P.COVERAGE_SEE, on=queries.find_place)
@bp.input(AsOf, location="query")
@answers("CoverageGaps")
@bp.doc(summary="Desa/kelurahan tanpa PSM dan tanpa PSM terlatih", security="token")
def show_gaps(place: Place, query_data: dict[str, Any]) -> Any:
    region, within = place.region, caller().reach(P.COVERAGE_SEE)
    as_of: date = query_data["as_of"] or queries.coverage_of(region, None, within).as_of
    named = {"without_psm": queries.empty_desa(region, as_of, within), "without_trained_psm": queries.untrained_desa(region, as_of, within)}
    return {"region": region.code, "as_of": as_of.isoformat()} | {
        name: [{"code": village.code, "name": village.name} for village in villages] for name, villages in named.items()
    }
