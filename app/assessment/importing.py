"""Marks pasted from a spreadsheet: name (or row number) and value in two columns, or a table with its
headings, such as the file of the page. Reads only; writes nothing.
"""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from app.assessment.rules import MarkKind
from app.core.names import fold_name, who_is_called
from app.core.scores import NOT_A_SCORE, read_score
from app.core.text import Text, _
from app.core.typed import read_decimal_text

MOST_LINES = 500
NUMBERS, NAMES = {"no", "nomor"}, {"nama", "nama peserta"}
HEADINGS = {*NUMBERS, *NAMES, "nilai", "skor", *(str(kind.label).lower() for kind in MarkKind)}
NO_MARK = {"", "-", "–"}  # as it is, or as a page shows it
SUMMARIES = {"jumlah", "rata rata", "total"}  # rows of a sheet that are about nobody


@dataclass(frozen=True)
class Pasted:
    """What was understood: marks by attendee, and (line, reason) of every line that was not."""

    values: dict[int, Decimal] = field(default_factory=dict)
    errors: list[tuple[int, Text]] = field(default_factory=list)


class Columns(NamedTuple):
    """Where a table with headings has its marks, and whom they are about."""

    mark: int
    who: list[int]


def read_pasted(
    text: str,
    people: Sequence[tuple[int, str]],
    *,
    kind: MarkKind | None = None,
    closed: Collection[int] = (),
    kept: Mapping[int, Decimal | None] | None = None,
) -> Pasted:
    """Read the pasted lines against the list of (attendee, name) in the order of the page, numbered from 1.

    A line without a mark says nothing of its participant, and is refused where it names none; one with
    several marks says too much, unless the headings say which column is of this `kind`. `closed`: of whom no
    mark can be entered any more; one of theirs that is `kept` as it is pasted changes nothing.
    """
    found = Pasted()
    lines = [(n, _cells(line)) for n, line in enumerate(text.splitlines()[:MOST_LINES], start=1)]
    written = [(number, cells) for number, cells in lines if any(cells)]
    columns: Columns | None = None
    if written and _is_heading(written[0][1]):
        number, headings = written.pop(0)
        named = _columns(headings, kind) if kind else None
        if isinstance(named, Text):
            found.errors.append((number, named))
            return found
        columns = named
    rows = [
        (number, cells) for number, cells in written if fold_name(next(filter(None, cells))) not in SUMMARIES
    ]
    is_numbered_so = columns is None or _is_numbered_so(
        [_who(cells, columns) for _number, cells in rows], people
    )
    for number, cells in rows:
        who, mark = (
            (cells[:-1], cells[-1]) if columns is None else (_who(cells, columns), _at(cells, columns.mark))
        )
        if mark in NO_MARK and (columns or len(cells) > 1):
            if any(who) and (unknown := _refuse_unknown(who, people)):
                found.errors.append((number, unknown))
            continue
        attendee_id, reason = _find(who, people, is_numbered_so=is_numbered_so)
        if reason is None and attendee_id in closed:
            if kept and _is_score(mark, kept.get(attendee_id)):
                continue
            name = dict(people)[attendee_id]
            reason = _(
                "Hasil \u201c%(name)s\u201d sudah disetujui; nilainya tidak dapat diubah lagi.", name=name
            )
        if reason is None:
            reason = (None if columns else _refuse_columns(cells)) or _take(found, attendee_id, mark)
        if reason is not None:
            found.errors.append((number, reason))
    if not found.values and not found.errors:
        found.errors.append((1, _("Tidak ada nilai yang dapat dibaca.")))
    return found


def _cells(line: str) -> list[str]:
    """Return the cells of a line as Excel copies it, or as a CSV has it; a semicolon between tabs is a
    semicolon.
    """
    separator = "\t" if "\t" in line else ";"
    cells = (
        line.split(separator) if line.count('"') % 2 else next(csv.reader([line], delimiter=separator), [])
    )
    return [cell.strip() for cell in cells]


def _columns(headings: list[str], kind: MarkKind) -> Columns | Text | None:
    """Return which columns are meant where the headings name kinds of marks; None where they name none, a
    reason where not this one.
    """
    parts = [heading.lower().rstrip(".") for heading in headings]
    marks = [place for place, heading in enumerate(parts) if heading == str(kind.label).lower()]
    others = [str(each.label) for each in MarkKind if str(each.label).lower() in parts]
    if not marks:
        if not others:
            return None
        values = {"kind": kind.label, "others": ", ".join(others)}
        return _(
            "Tidak ada kolom \u201c%(kind)s\u201d; yang ada: %(others)s. Pilih jenis nilai yang sama dengan"
            " judul kolomnya.",
            **values,
        )
    if len(marks) > 1:
        return _(
            "Ada %(n)s kolom \u201c%(kind)s\u201d. Sisakan satu kolom saja.", n=len(marks), kind=kind.label
        )
    who = [
        next((place for place, heading in enumerate(parts) if heading in names), None)
        for names in (NUMBERS, NAMES)
    ]
    return (
        Columns(marks[0], [place for place in who if place is not None])
        if any(place is not None for place in who)
        else None
    )


def _at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _who(cells: list[str], columns: Columns) -> list[str]:
    return [_at(cells, place) for place in columns.who]


def _is_numbered_so(rows: Sequence[list[str]], people: Sequence[tuple[int, str]]) -> bool:
    """Say whether every row that has both a number and the name of a participant means one person by them:
    else somebody came or left since the file was saved, and of two people of one name the number tells no
    more who is meant. A name that nobody has is refused by itself.
    """
    for row in rows:
        names = [cell for cell in row if cell and not _is_number(cell)]
        by_number = _numbered([cell for cell in row if cell], people) if len(row) > 1 and row[0] else None
        hits = _called(names[0], people) if names and row[0] and row[0] != names[0] else []
        if hits and by_number not in hits:
            return False
    return True


def _is_score(text: str, value: Decimal | None) -> bool:
    try:
        return read_score(text) == value
    except ValueError:
        return False


def _refuse_columns(cells: list[str]) -> Text | None:
    """Say that a line holds more than one mark, or None: which of them is meant, nobody but its
    writer knows.
    """
    first = next(place for place, cell in enumerate(cells) if cell)
    names = [place for place, cell in enumerate(cells) if cell and not _is_number(cell)]
    after = names[0] + 1 if names and names[0] < len(cells) - 1 else first + 1
    marks = [cell for cell in cells[after:] if _is_number(cell)]
    if len(marks) < 2:
        return None
    return _(
        "Ada %(n)s kolom nilai (%(marks)s). Tempel satu kolom saja, untuk jenis nilai yang dipilih.",
        n=len(marks),
        marks="; ".join(marks),
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


def _refuse_unknown(cells: list[str], people: Sequence[tuple[int, str]]) -> Text | None:
    """Say that nobody is called or numbered so, or None."""
    given = [cell for cell in cells if cell]
    name = next((cell for cell in given if not _is_number(cell)), None)
    if name is not None:
        return (
            None
            if _called(name, people)
            else _("Tidak ada peserta bernama \u201c%(name)s\u201d.", name=name[:80])
        )
    return (
        _("Tidak ada peserta nomor %(number)s.", number=given[0][:10])
        if _numbered(given, people) is None
        else None
    )


def _find(
    cells: list[str], people: Sequence[tuple[int, str]], *, is_numbered_so: bool
) -> tuple[int, Text | None]:
    """Return who is meant by the cells before the mark: by name (its titles may be left out), else by row
    number; both must agree.
    """
    given = [cell for cell in cells if cell]
    if not given:
        return 0, _("Tulis nama atau nomor baris, lalu nilainya, dalam dua kolom.")
    if unknown := _refuse_unknown(given, people):
        return 0, unknown
    by_name = [cell for cell in given if not _is_number(cell)]
    by_number = _numbered(given, people)
    if by_name:
        hits = _called(by_name[0], people)
        if len(hits) > 1 and not is_numbered_so:
            return 0, _(
                "Ada %(number)s peserta bernama \u201c%(name)s\u201d, dan nomor baris pada tabel ini tidak"
                " sama lagi dengan daftar peserta. Unduh daftarnya lagi, lalu tempel nilainya dari sana.",
                number=len(hits),
                name=by_name[0][:80],
            )
        if len(hits) > 1 and by_number not in hits:
            return 0, _(
                "Ada %(number)s peserta bernama \u201c%(name)s\u201d; pakai nomor baris.",
                number=len(hits),
                name=by_name[0][:80],
            )
        return (by_number if by_number in hits else hits[0]), None
    return by_number or 0, None


def _called(name: str, people: Sequence[tuple[int, str]]) -> list[int]:
    """Return who is called so, as the rule of names says it."""
    return who_is_called(name, people)


def _numbered(cells: list[str], people: Sequence[tuple[int, str]]) -> int | None:
    digits = next((cell.rstrip(".") for cell in cells if cell.rstrip(".").isdecimal()), "")
    position = int(digits) if 0 < len(digits) <= 4 else 0
    return people[position - 1][0] if 1 <= position <= len(people) else None


def _is_heading(cells: list[str]) -> bool:
    parts = [cell.lower().rstrip(".") for cell in cells if cell]
    return not any(map(_is_number, parts)) and any(cell in HEADINGS for cell in parts)
