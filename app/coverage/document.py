"""Coverage as CSV for spreadsheets: Indonesian headings, signs that spreadsheets take at their word, no formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.text import Text, _
from app.coverage.queries import CoverageReport, Names, Village
from app.coverage.rules import CoverageRow

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def coverage_csv(report: CoverageReport) -> str:
    """Return the table of a report, its total in the last line; what has no data or no target says so in words."""
    tiers = [tier.code for tier in report.tiers]
    headings = [
        _("Tanggal"), _("Kode"), _("Wilayah"), _("Desa/kelurahan"), _("PSM aktif"), _("PSM terlatih"),
        *(_("Jenjang tertinggi %(tier)s", tier=tier.label.lower()) for tier in report.tiers),
        _("Desa/kelurahan tanpa PSM"), _("Desa/kelurahan tanpa PSM terlatih"), _("Target setiap desa/kelurahan"), _("Masih kurang"),
        _("Keadaan"),
    ]  # fmt: skip
    return as_csv(headings, ([report.as_of.isoformat(), *_cells(row, tiers)] for row in [*report.rows, report.total]))


def _cells(row: CoverageRow, tiers: Sequence[str]) -> list[Any]:
    def known(figure: int) -> int | str:
        return figure if row.has_data else str(_("belum ada data"))

    people = [row.active, row.trained, *(row.by_tier[tier] for tier in tiers), row.empty, row.untrained]
    aims = [str(_("belum ada target")) if figure is None else figure for figure in (row.target, row.gap)]
    return [row.code, row.label, row.villages, *map(known, people), *aims, str(row.level.label)]


def villages_csv(found: Iterable[Village]) -> str:
    """Return desa by name."""
    headings = [_("Kode"), _("Desa/kelurahan"), _("Kecamatan"), _("PSM aktif")]
    unknown = str(_("belum ada data"))
    return as_csv(headings, ([each.code, each.name, each.kecamatan, each.active if each.is_known else unknown] for each in found))


def names_csv(found: Names) -> str:
    """Return the people behind a number; no NIK, no telephone number."""
    headings = [_("Nama"), _("Desa/kelurahan"), _("Kecamatan"), _("Jenjang tertinggi")]
    return as_csv(headings, ([each.trainee.name, each.desa, each.kecamatan, each.tier.label if each.tier else ""] for each in found.people))


def as_csv(headings: Iterable[Text], lines: Iterable[Iterable[Any]]) -> str:
    """Return the file as text: byte order mark, headings, lines."""
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow([str(heading) for heading in headings])
    writer.writerows([safe_cell(cell) for cell in line] for line in lines)
    return BYTE_ORDER_MARK + paper.getvalue()


def safe_cell(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: figures as they are, texts with an apostrophe where one would begin."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(BEGINS_A_FORMULA) else cell
