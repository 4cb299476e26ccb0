"""An import of regions in words: each region by name while they are few, else how many in which kecamatan,
kabupaten or provinsi.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.dates import thousands
from app.core.text import Text, _, shortlist
from app.regions.rows import ImportReport, Named, Renamed
from app.regions.rules import Level, full_name

FEW = 20  # regions of one kind of change that are named one by one
NAMED_IN_RECORD = 10
PARTS = (8, 5, 2)  # lengths of the codes of kecamatan, kabupaten, provinsi


def lines_of(report: ImportReport) -> list[Text | str]:
    """Return what an import did, line by line."""
    values = {kind: thousands(count) for kind, count in report.counts.items()}
    lines: list[Text | str] = [
        _("%(added)s ditambah, %(changed)s diubah, %(removed)s tidak berlaku lagi.", **values)
    ]
    if not report.is_first:
        for heading, rows in (
            (_("Ditambah:"), report.added),
            (_("Diubah:"), report.changed),
            (_("Tidak berlaku lagi:"), report.removed),
        ):
            if rows:
                lines += [heading, *(f"  {each}" for each in _listed(rows))]
        lines += [_figures(each) for each in report.touched]
        lines += [
            _(
                "%(name)s kini tercatat dengan dua kode, %(old)s dan %(new)s. Bila keduanya desa/kelurahan"
                " yang sama, cakupan menghitungnya dua kali sampai kode lama tidak ada lagi: pindahkan orang,"
                " target, dan pernyataannya, lalu impor daftar tanpa kode lama.",
                name=each.name,
                old=each.old,
                new=each.new,
            )
            for each in report.doubled
        ]
    return [*lines, *(f"{Level(level).label}: {thousands(count)}" for level, count in report.levels.items())]


def _figures(touched: Any) -> Text:
    """Return what an import means for the figures of one kabupaten."""
    desa = _(
        "%(before)s → %(after)s desa/kelurahan",
        before=thousands(touched.villages_before),
        after=thousands(touched.villages_after),
    )
    same = _("tetap %(after)s desa/kelurahan", after=thousands(touched.villages_after))
    count = touched.bearing.get
    return _(
        "%(name)s (%(code)s): %(desa)s. Di wilayah yang diubah atau tidak berlaku lagi: %(duty)s orang"
        " bertugas, %(home)s orang berdomisili. Di seluruh wilayah ini berlaku %(targets)s target dan"
        " %(statements)s pernyataan pendataan lengkap; pernyataan tidak mencakup desa/kelurahan yang baru.",
        name=touched.name,
        code=touched.code,
        desa=str(same if touched.villages_before == touched.villages_after else desa),
        duty=thousands(count("duty", 0)),
        home=thousands(count("home", 0)),
        targets=thousands(count("targets", 0)),
        statements=thousands(count("statements", 0)),
    )


def _listed(rows: Sequence[Named | Renamed]) -> list[str]:
    if len(rows) <= FEW:
        return [_one(each) for each in rows]
    for length in PARTS:
        counted = Counter(each.code[:length] for each in rows)
        if len(counted) <= 2 * FEW or length == PARTS[-1]:
            return [
                str(_("%(code)s: %(count)s wilayah", code=code, count=thousands(count)))
                for code, count in sorted(counted.items())
            ]
    return []


def _one(row: Named | Renamed) -> str:
    if isinstance(row, Renamed):
        return f"{full_name(row.code, row.before)} → {full_name(row.code, row.after)} ({row.code})"
    return f"{full_name(row.code, row.name)} ({row.code})"


def describe_changes(details: dict[str, Any]) -> str:
    """Return what the record of an import or a division keeps, in one sentence: 'Ditambah: Desa Batu Ampar
    (63.05.13.2001).'
    """
    if "into" in details:
        parts = details["into"]
        return str(
            _("Menjadi: %(parts)s.", parts=_short(_one(Named(code, name)) for code, name in parts.items()))
        )
    text = []
    for key, kind, words in (
        ("added", Named, _("Ditambah: %(names)s.")),
        ("changed", Renamed, _("Diubah: %(names)s.")),
        ("removed", Named, _("Tidak berlaku lagi: %(names)s.")),
    ):
        rows: Iterable[Any] = details.get(key) or ()
        if isinstance(rows, list) and rows:
            text.append(str(Text(words.key, names=_short(_one(kind(*row)) for row in rows))))
    return " ".join(text)


def _short(names: Iterable[str]) -> str:
    return shortlist(names, NAMED_IN_RECORD)
