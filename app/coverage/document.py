"""Coverage as tables for spreadsheets, with Indonesian headings; each line says of which day and region it
is.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from app.core.text import _
from app.courses.models import Tier
from app.coverage.queries import CoverageReport, Names, Village
from app.coverage.rows import CoverageRow
from app.coverage.rules import Gap, Who
from app.regions.models import Region
from app.sheets.document import Sheet

FILES_OF_DESA = {
    Gap.SHORT: "desa-masih-kurang",
    Gap.UNTRAINED: "desa-tanpa-psm-terlatih",
    Gap.EMPTY: "desa-tanpa-psm",
    Gap.UNKNOWN: "desa-belum-ada-data",
    Gap.WITH_UNTRAINED: "desa-dengan-psm-belum-terlatih",
    Gap.WITH_TRAINED: "desa-dengan-psm-terlatih",
}
FILES_OF_PEOPLE = {
    Who.ACTIVE: "nama-psm-aktif",
    Who.TRAINED: "nama-psm-terlatih",
    Who.UNTRAINED: "nama-psm-belum-terlatih",
}


def file_of(who: Who | Tier) -> str:
    """Return how the file of the names behind a number is called."""
    return f"nama-psm-jenjang-{who.code}" if isinstance(who, Tier) else FILES_OF_PEOPLE[who]


def coverage_sheet(report: CoverageReport) -> Sheet:
    """Return the table of a report, its total apart in the last line; what has no data or no target says so
    in words.
    """
    tiers = [tier.code for tier in report.tiers]
    headings = [
        _("Tanggal"),
        _("Kode"),
        _("Wilayah"),
        _("Desa/kelurahan"),
        _("PSM aktif"),
        _("PSM terlatih"),
        *(_("Jenjang tertinggi %(tier)s", tier=tier.label.lower()) for tier in report.tiers),
        _("Desa/kelurahan tanpa PSM"),
        _("Desa/kelurahan tanpa PSM terlatih"),
        _("Desa/kelurahan belum ada data"),
        _("Target setiap desa/kelurahan"),
        _("Jenjang target"),
        _("Dibutuhkan"),
        _("Dibutuhkan di desa/kelurahan belum ada data"),
        _("Masih kurang"),
        _("Keadaan"),
    ]
    day = report.as_of
    total = [day, *_cells(report.total, tiers, name=str(_("Jumlah %(region)s", region=report.total.label)))]
    return Sheet(headings, [[day, *_cells(row, tiers)] for row in report.rows], total)


def _cells(row: CoverageRow, tiers: Sequence[str], name: str = "") -> list[Any]:
    none, differ = str(_("belum ada target")), str(_("berbeda menurut tempat"))

    def known(figure: int) -> int | str:
        return figure if row.has_data else str(_("belum ada data"))

    def aim(figure: int | str | None) -> int | str:
        return differ if row.targets_differ else none if figure is None else figure

    people = [row.active, row.trained, *(row.by_tier[tier] for tier in tiers), row.empty, row.untrained]
    tier = None if row.target is None else row.target_tier or str(_("PSM aktif"))
    sums = [none, none, none] if row.gap is None else [row.wanted, row.wanted_unknown, known(row.gap)]
    return [
        row.code,
        name or row.label,
        row.villages,
        *map(known, people),
        row.unknown,
        aim(row.target),
        aim(tier),
        *sums,
        str(row.level.label),
    ]


def villages_sheet(found: Iterable[Village], region: Region, day: date) -> Sheet:
    """Return desa by name."""
    headings = [
        _("Tanggal"),
        _("Daftar untuk"),
        _("Kode"),
        _("Desa/kelurahan"),
        _("Kecamatan"),
        _("PSM aktif"),
        _("PSM terlatih"),
        _("Masih kurang"),
    ]
    unknown, none = str(_("belum ada data")), str(_("belum ada target"))
    lines = []
    for each in found:
        missing = none if each.missing is None else each.missing
        figures = [each.active, each.trained, missing] if each.is_known else [unknown] * 3
        lines.append([day, region.full_name or region.name, each.code, each.name, each.kecamatan, *figures])
    return Sheet(headings, lines)


def names_sheet(found: Names, region: Region, day: date) -> Sheet:
    """Return the people behind a number; no NIK, no telephone number."""
    headings = [
        _("Tanggal"),
        _("Daftar untuk"),
        _("Nama"),
        _("Desa/kelurahan"),
        _("Kecamatan"),
        _("Jenjang tertinggi"),
    ]
    untrained, where = str(_("belum terlatih")), [day, region.full_name or region.name]
    lines = [
        [*where, each.trainee.name, each.desa, each.kecamatan, each.tier.label if each.tier else untrained]
        for each in found.people
    ]
    return Sheet(headings, lines)
