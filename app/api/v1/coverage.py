"""Coverage of a region and its gaps; both also as files."""

from typing import Any

from app.api.access import allowed, caller
from app.api.blueprint import bp
from app.api.coverage_answers import COVERAGE_ROW
from app.api.fields import Schema, day
from app.api.listing import Columns, tabled
from app.auth.rules import Permission
from app.core import clock
from app.coverage import queries
from app.coverage.queries import Place
from app.coverage.rules import Gap

P = Permission


class AsOf(Schema):
    as_of = day(load_default=None)


def lines_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a file: the regions, then their total, told apart; one column for each tier."""
    rows = [{"row": "region", **row} for row in found["rows"]] + [{"row": "total", **found["total"]}]
    return [row | {"by_tier": Columns(row["by_tier"])} for row in rows]


@bp.get("/coverage/<region_code>")
@allowed(P.COVERAGE_SEE, on=queries.find_place)
@bp.input(AsOf, location="query")
@tabled("Coverage", lines_of, fields=["row", *COVERAGE_ROW["properties"]], file="cakupan")
@bp.doc(summary="Cakupan satu wilayah; sebagai berkas, barisnya lalu jumlahnya", security="token")
def show_coverage(place: Place, query_data: dict[str, Any]) -> Any:
    report = queries.coverage_of(place.region, query_data["as_of"], caller().reach(P.COVERAGE_SEE))
    return report.facts()


GAPS = {
    "without_psm": Gap.EMPTY,
    "without_trained_psm": Gap.UNTRAINED,
    "short": Gap.SHORT,
    "without_data": Gap.UNKNOWN,
}


@bp.get("/coverage/<region_code>/gaps")
@allowed(P.COVERAGE_SEE, on=queries.find_place)
@bp.input(AsOf, location="query")
@tabled(
    "CoverageGaps",
    lambda found: [{"list": name} | desa for name in GAPS for desa in found[name]],
    fields=["list", "code", "name", "missing"],
    file="kekurangan",
)
@bp.doc(
    summary=(
        "Desa/kelurahan tanpa PSM, tanpa PSM terlatih, yang masih kurang dari target, dan yang belum ada"
        " datanya"
    ),
    security="token",
)
def show_gaps(place: Place, query_data: dict[str, Any]) -> Any:
    region = place.region
    as_of = query_data["as_of"] or clock.today(region.zone)
    desa = queries.list_desa(region, as_of, caller().reach(P.COVERAGE_SEE))
    named = {name: [each for each in desa if each.belongs_to(gap)] for name, gap in GAPS.items()}
    return {"region": region.code, "as_of": as_of.isoformat()} | {
        name: [
            {"code": each.code, "name": each.name} | ({"missing": each.missing} if name == "short" else {})
            for each in villages
        ]
        for name, villages in named.items()
    }
