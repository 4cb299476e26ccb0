"""Marks pasted from a spreadsheet: name (or row number) and value in two columns. Reads only; writes nothing."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.names import fold_name
from app.core.scores import read_score
from app.core.text import Text, _

MOST_LINES = 500
HEADINGS = {"nama", "nilai", "no", "nomor", "skor", "nama peserta", "nilai akhir"}


@dataclass(frozen=True)
class Pasted:
    """What was understood: marks by attendee, and (line, reason) of every line that was not."""

    values: dict[int, Decimal] = field(default_factory=dict)
    errors: list[tuple[int, Text]] = field(default_factory=list)


def read_pasted(text: str, people: Sequence[tuple[int, str]]) -> Pasted:
    """Read the pasted lines against the list of (attendee, name) in the order of the page, numbered from 1."""
    found = Pasted()
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        cells = [cell.strip() for cell in re.split(r"[\t;]", line)]
        if not any(cells) or _is_heading(cells):
            continue
        attendee_id, reason = _find(cells[:-1], people)
        if reason is None:
            reason = _take(found, attendee_id, cells[-1])
        if reason is not None:
            found.errors.append((number, reason))
    if not found.values and not found.errors:
        found.errors.append((1, _("Tidak ada nilai yang dapat dibaca.")))
    return found


def _take(found: Pasted, attendee_id: int, value: str) -> Text | None:
    try:
        mark = read_score(value)
    except ValueError:
        return _("\u201c%(value)s\u201d bukan nilai dari 0 sampai 100.", value=value[:40])
    if attendee_id in found.values:
        return _("Orang ini sudah disebut pada baris sebelumnya.")
    found.values[attendee_id] = mark
    return None


def _find(cells: list[str], people: Sequence[tuple[int, str]]) -> tuple[int, Text | None]:
    """Return who is meant by the cells before the value: by name, else by row number; both must agree."""
    given = [cell for cell in cells if cell]
    if not given:
        return 0, _("Tulis nama atau nomor baris, lalu nilainya, dalam dua kolom.")
    folded = {attendee_id: fold_name(name) for attendee_id, name in people}
    counted = Counter(folded.values())
    by_name = [cell for cell in given if not cell.rstrip(".").isdecimal()]
    by_number = _numbered(given, people)
    if by_name:
        wanted = fold_name(by_name[0])
        hits = [attendee_id for attendee_id, name in folded.items() if name == wanted]
        if not hits:
            return 0, _("Tidak ada peserta bernama \u201c%(name)s\u201d.", name=by_name[0][:80])
        if counted[wanted] > 1 and by_number not in hits:
            return 0, _(
                "Ada %(number)s peserta bernama \u201c%(name)s\u201d; pakai nomor baris.", number=counted[wanted], name=by_name[0][:80]
            )
        return (by_number if by_number in hits else hits[0]), None
    if by_number is None:
        return 0, _("Tidak ada peserta nomor %(number)s.", number=given[0][:10])
    return by_number, None


def _numbered(cells: list[str], people: Sequence[tuple[int, str]]) -> int | None:
    digits = next((cell.rstrip(".") for cell in cells if cell.rstrip(".").isdecimal()), "")
    position = int(digits) if 0 < len(digits) <= 4 else 0
    return people[position - 1][0] if 1 <= position <= len(people) else None


def _is_heading(cells: list[str]) -> bool:
    return all(cell.lower().rstrip(".") in HEADINGS for cell in cells if cell)
