"""Marks pasted from a spreadsheet: name (or row number) and value in two columns. Reads only; writes nothing."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.names import fold_name, without_titles_before
from app.core.scores import NOT_A_SCORE, read_score
from app.core.text import Text, _
from app.core.typed import read_decimal_text

MOST_LINES = 500
HEADINGS = {"nama", "nilai", "no", "nomor", "skor", "nama peserta", "nilai akhir"}
SUMMARIES = {"jumlah", "rata rata", "total"}  # rows of a sheet that are about nobody


@dataclass(frozen=True)
class Pasted:
    """What was understood: marks by attendee, and (line, reason) of every line that was not."""

    values: dict[int, Decimal] = field(default_factory=dict)
    errors: list[tuple[int, Text]] = field(default_factory=list)


def read_pasted(text: str, people: Sequence[tuple[int, str]], *, closed: Collection[int] = ()) -> Pasted:
    """Read the pasted lines against the list of (attendee, name) in the order of the page, numbered from 1.

    A line without a mark says nothing; one with several marks says too much. `closed`: of whom no mark can be entered any more.
    """
    found = Pasted()
    lines = [(n, [cell.strip() for cell in re.split(r"[\t;]", line)]) for n, line in enumerate(text.splitlines()[:MOST_LINES], start=1)]
    written = [(number, cells) for number, cells in lines if any(cells)]
    for place, (number, cells) in enumerate(written):
        if (place == 0 and _is_heading(cells)) or fold_name(next(filter(None, cells))) in SUMMARIES or (len(cells) > 1 and not cells[-1]):
            continue
        attendee_id, reason = _find(cells[:-1], people)
        if reason is None and attendee_id in closed:
            name = dict(people)[attendee_id]
            reason = _("Hasil \u201c%(name)s\u201d sudah disetujui; nilainya tidak dapat diubah lagi.", name=name)
        if reason is None:
            reason = _refuse_columns(cells) or _take(found, attendee_id, cells[-1])
        if reason is not None:
            found.errors.append((number, reason))
    if not found.values and not found.errors:
        found.errors.append((1, _("Tidak ada nilai yang dapat dibaca.")))
    return found


def _refuse_columns(cells: list[str]) -> Text | None:
    """Say that a line holds more than one mark, or None: which of them is meant, nobody but its writer knows."""
    first = next(place for place, cell in enumerate(cells) if cell)
    names = [place for place, cell in enumerate(cells) if cell and not _is_number(cell)]
    after = names[0] + 1 if names and names[0] < len(cells) - 1 else first + 1
    marks = [cell for cell in cells[after:] if _is_number(cell)]
    if len(marks) < 2:
        return None
    return _(
        "Ada %(n)s kolom nilai (%(marks)s). Tempel satu kolom saja, untuk jenis nilai yang dipilih.", n=len(marks), marks="; ".join(marks)
    )


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[0-9]+([.,][0-9]*)?", read_decimal_text(cell)) is not None


def _take(found: Pasted, attendee_id: int, value: str) -> Text | None:
    try:
        mark = read_score(value)
    except ValueError:
        return _("\u201c%(value)s\u201d bukan nilai. %(wanted)s", value=value[:40], wanted=str(NOT_A_SCORE))
    if attendee_id in found.values:
        return _("Orang ini sudah disebut pada baris sebelumnya.")
    found.values[attendee_id] = mark
    return None


def _find(cells: list[str], people: Sequence[tuple[int, str]]) -> tuple[int, Text | None]:
    """Return who is meant by the cells before the mark: by name (its titles may be left out), else by row number; both must agree."""
    given = [cell for cell in cells if cell]
    if not given:
        return 0, _("Tulis nama atau nomor baris, lalu nilainya, dalam dua kolom.")
    by_name = [cell for cell in given if not _is_number(cell)]
    by_number = _numbered(given, people)
    if by_name:
        hits = _called(by_name[0], people)
        if not hits:
            return 0, _("Tidak ada peserta bernama \u201c%(name)s\u201d.", name=by_name[0][:80])
        if len(hits) > 1 and by_number not in hits:
            return 0, _("Ada %(number)s peserta bernama \u201c%(name)s\u201d; pakai nomor baris.", number=len(hits), name=by_name[0][:80])
        return (by_number if by_number in hits else hits[0]), None
    if by_number is None:
        return 0, _("Tidak ada peserta nomor %(number)s.", number=given[0][:10])
    return by_number, None


def _called(name: str, people: Sequence[tuple[int, str]]) -> list[int]:
    """Return who is called so: by the whole name, else by the name without titles."""
    whole = [attendee_id for attendee_id, known in people if fold_name(known) == fold_name(name)]
    return whole or [attendee_id for attendee_id, known in people if _untitled(known) == _untitled(name)]


def _untitled(name: str) -> list[str]:
    """Return the words of a name without its titles; those behind it follow a comma."""
    return without_titles_before(fold_name(name.split(",")[0]).split())


def _numbered(cells: list[str], people: Sequence[tuple[int, str]]) -> int | None:
    digits = next((cell.rstrip(".") for cell in cells if cell.rstrip(".").isdecimal()), "")
    position = int(digits) if 0 < len(digits) <= 4 else 0
    return people[position - 1][0] if 1 <= position <= len(people) else None


def _is_heading(cells: list[str]) -> bool:
    said = [cell.lower().rstrip(".") for cell in cells if cell]
    return not any(map(_is_number, said)) and any(cell in HEADINGS for cell in said)
