"""Coverage as tables for spreadsheets, with Indonesian headings."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core.text import _
from app.coverage.queries import CoverageReport, Names, Village
from app.coverage.rules import CoverageRow
from app.sheets.document import Sheet


def coverage_sheet(report: CoverageReport) -> Sheet:
    """Return the table of a report, its total in the last line; what has no data or no target says so in words."""
    tiers = [tier.code for tier in report.tiers]
    headings = [
        _("Tanggal"), _("Kode"), _("Wilayah"), _("Desa/kelurahan"), _("PSM aktif"), _("PSM terlatih"),
        *(_("Jenjang tertinggi %(tier)s", tier=tier.label.lower()) for tier in report.tiers),
        _("Desa/kelurahan tanpa PSM"), _("Desa/kelurahan tanpa PSM terlatih"), _("Target setiap desa/kelurahan"), _("Jenjang target"),
        _("Dibutuhkan"), _("Masih kurang"), _("Keadaan"),
    ]  # fmt: skip
    return Sheet(headings, [[report.as_of.isoformat(), *_cells(row, tiers)] for row in [*report.rows, report.total]])


def _cells(row: CoverageRow, tiers: Sequence[str]) -> list[Any]:
    def known(figure: int) -> int | str:
        return figure if row.has_data else str(_("belum ada data"))

    people = [row.active, row.trained, *(row.by_tier[tier] for tier in tiers), row.empty, row.untrained]
    none = str(_("belum ada target"))
    tier = none if row.target is None else row.target_tier or str(_("PSM aktif"))
    aims = [none if figure is None else figure for figure in (row.target, tier, row.wanted, row.gap)]
    return [row.code, row.label, row.villages, *map(known, people), *aims, str(row.level.label)]


def villages_sheet(found: Iterable[Village]) -> Sheet:
    """Return desa by name."""
    headings = [_("Kode"), _("Desa/kelurahan"), _("Kecamatan"), _("PSM aktif")]
    unknown = str(_("belum ada data"))
    return Sheet(headings, [[each.code, each.name, each.kecamatan, each.active if each.is_known else unknown] for each in found])


def names_sheet(found: Names) -> Sheet:
    """Return the people behind a number; no NIK, no telephone number."""
    headings = [_("Nama"), _("Desa/kelurahan"), _("Kecamatan"), _("Jenjang tertinggi")]
    return Sheet(headings, [[each.trainee.name, each.desa, each.kecamatan, each.tier.label if each.tier else ""] for each in found.people])
