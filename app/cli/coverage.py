"""flask coverage: the figures of a region; the kept counts made anew."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from app.auth.rules import Permission
from app.cli.answers import Day, answer, json_option, refusing
from app.core.actor import SYSTEM
from app.core.dates import thousands
from app.core.errors import NotFound
from app.core.text import Text, _
from app.coverage import queries, services
from app.coverage.rows import CoverageRow

group = AppGroup("coverage", help="Cakupan PSM menurut wilayah.")


@group.command("report")
@click.argument("region_code")
@click.option("--as-of", type=Day(), help="Keadaan per tanggal; tanpa ini hari ini.")
@json_option
@refusing
def report(region_code: str, as_of: date | None, as_json: bool) -> None:
    """Cetak cakupan satu wilayah: satu baris untuk setiap wilayah di bawahnya, lalu jumlahnya."""
    region = queries.find_latest(region_code)
    if region is None:
        raise NotFound(_("Wilayah %(code)s tidak ada.", code=region_code))
    found = queries.coverage_of(region, as_of, SYSTEM.reach(Permission.COVERAGE_SEE))
    answer(
        found.facts(),
        as_json,
        [*map(line, found.rows), *([_("Jumlah:")] if found.rows else []), line(found.total)],
    )


def line(row: CoverageRow) -> Text:
    """Return one row in words."""
    if not row.has_data:
        return _("%(code)s %(name)s: belum ada data", code=row.code, name=row.label)
    missing = str(
        _("belum ada target") if row.gap is None else _("masih kurang %(gap)s", gap=thousands(row.gap))
    )
    if row.unknown:
        missing += str(_(", %(count)s desa/kelurahan belum ada data", count=thousands(row.unknown)))
    return _(
        "%(code)s %(name)s: %(villages)s desa/kelurahan, %(active)s aktif, %(trained)s terlatih, %(missing)s",
        code=row.code,
        name=row.label,
        villages=thousands(row.villages),
        active=thousands(row.active),
        trained=thousands(row.trained),
        missing=missing,
    )


@group.command("rebuild")
@json_option
@refusing
def rebuild(as_json: bool) -> None:
    """Hitung ulang jumlah PSM dari riwayat; laporkan dan betulkan selisihnya, yang seharusnya tidak ada."""
    different = services.rebuild_counts()
    codes = queries.codes_of(region_id for region_id, _status, _rank in different)
    rows: list[dict[str, Any]] = [
        {"region": codes[region_id], "status": status.value, "rank": rank, "kept": kept, "counted": counted}
        for (region_id, status, rank), (kept, counted) in different.items()
    ]
    sentence = (
        _("%(count)s selisih ditemukan dan dibetulkan.", count=thousands(len(rows)))
        if rows
        else _("Tidak ada selisih.")
    )
    answer({"differences": len(rows), "rows": rows}, as_json, [sentence])
