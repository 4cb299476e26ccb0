"""One writer of spreadsheets: a CSV that opens in columns in an Indonesian Excel, and an XLSX in which a text
is a text.

In both, figures are figures and everything else stays as it is written: a region code is no date, a telephone
number no sum, and nothing that somebody typed becomes a formula. A page with a list asks `asked_format`
whether it is wanted as a file, and answers with `sheet_answer`; its links are `download_links` of
components/tables.html.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask import Response, abort, request

from app.core.choices import Choice
from app.core.dates import thousands
from app.core.errors import RuleViolation
from app.core.pages import MOST_PER_PAGE, Page
from app.core.text import Text, _
from app.web.headers import safe_filename

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8; a line `sep=;` would make it forget that
SEPARATOR = ";"  # where the comma is the decimal character, lists are separated by this
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
READ_AS_A_NUMBER = re.compile(
    r"[+-]?[\d.,:/ ()-]*\d[\d.,:/ ()-]*"
)  # codes, telephone numbers, days: what Excel would rewrite
DAY_ZERO = date(1899, 12, 30)  # from which a spreadsheet counts its days
MINUTES_A_DAY = 24 * 60
TAB = "\t"  # before a text it is unseen, and the cell stays text
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_767  # characters that an XLSX cell holds
WIDEST, NARROWEST = 60, 8  # columns of an XLSX, in figures
MOST_LINES = 20_000  # of a list that is turned over page by page, in one file

Cell = int | Decimal | date | str  # a datetime is a date: it is written with its minutes


class FileFormat(Choice):
    """What a table can be saved as."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel (XLSX)")


MEDIA = {
    FileFormat.CSV: "text/csv",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Sheet:
    """A table: its headings, and lines whose cells are texts, numbers, days, moments (of the place they are
    about, without a zone) or nothing. A total stands apart from the lines, behind an empty one: whoever adds
    up a column or filters the lines does not count it twice.
    """

    headings: Sequence[Text | str]
    lines: Sequence[Sequence[Any]]
    total: Sequence[Any] = ()

    @property
    def cells(self) -> list[list[Cell]]:
        """Return all lines, the headings first; what is no number and no day is a text, and nothing an empty
        one.
        """
        lines = [*self.lines, *([[None] * len(self.headings), self.total] if self.total else [])]
        return [[str(each) for each in self.headings], *([_plain(cell) for cell in line] for line in lines)]


def _plain(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return str(_("ya") if cell else _("tidak"))
    return cell if isinstance(cell, int | Decimal | date) else "" if cell is None else str(cell)


def asked_format() -> FileFormat | None:
    """Return the kind of file that is asked for in place of a page, None for the page; 404 for a kind that
    there is not.
    """
    asked = request.values.get("format")
    if asked is not None and asked not in list(FileFormat):
        abort(404)
    return FileFormat(asked) if asked else None


def every_page(turn: Callable[..., Page[Any]]) -> Iterator[Page[Any]]:
    """Return all pages of a list, one at a time, by the query of the page itself: turn(after=, per_page=)
    returns the one behind a cursor. Refused where the list is longer than one file may be.
    """
    after, left = None, MOST_LINES
    while True:
        page = turn(after=after, per_page=MOST_PER_PAGE)
        left -= len(page)
        if left < 0 or (left == 0 and page.next_cursor):
            raise RuleViolation(
                _(
                    "Daftar ini lebih dari %(most)s baris, terlalu panjang untuk satu berkas. Kembali ke"
                    " daftarnya, persempit dengan saringan, lalu unduh lagi.",
                    most=thousands(MOST_LINES),
                )
            )
        yield page
        after = page.next_cursor
        if after is None:
            return


def as_csv(sheet: Sheet) -> str:
    """Return the table as CSV: byte order mark, headings, lines."""
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATOR).writerows(
        [safe_cell(cell) for cell in line] for line in sheet.cells
    )
    return BYTE_ORDER_MARK + text.getvalue()


def safe_cell(cell: Cell) -> int | str:
    """Return a cell that no spreadsheet rewrites: an apostrophe before what would begin a formula, an unseen
    tab before a text of figures alone. A day, a moment and a fraction are written as an Indonesian Excel
    reads them as such.
    """
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int):
        return cell
    if isinstance(cell, Decimal):
        return _figure(cell).replace(".", ",")
    if READ_AS_A_NUMBER.fullmatch(cell):
        return TAB + cell
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def as_xlsx(sheet: Sheet) -> bytes:
    """Return the table as a workbook of one sheet: a bold first line that stays in sight, texts as texts."""
    lines = sheet.cells
    widths = [
        min(WIDEST, max(NARROWEST, *(len(str(line[n])) for line in lines[:200]))) + 2
        for n in range(len(sheet.headings))
    ]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    bold = {1, len(lines)} if sheet.total else {1}
    rows = "".join(_row(number, line, is_bold=number in bold) for number, line in enumerate(lines, start=1))
    parts = {"xl/worksheets/sheet1.xml": _SHEET.format(columns=columns, rows=rows), **_AROUND}
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the same table, the same bytes
            packed.writestr(
                member, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text, zipfile.ZIP_DEFLATED
            )
    return workbook.getvalue()


def _figure(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _row(number: int, line: list[Cell], *, is_bold: bool) -> str:
    style = 2 if is_bold else 1
    return (
        f'<row r="{number}">'
        + "".join(_cell(f"{_column(n)}{number}", cell, style) for n, cell in enumerate(line))
        + "</row>"
    )


def _cell(place: str, cell: Cell, style: int) -> str:
    if isinstance(cell, datetime):
        moment = (cell.date() - DAY_ZERO).days + (cell.hour * 60 + cell.minute) / MINUTES_A_DAY
        return f'<c r="{place}" s="4"><v>{moment:.10f}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="3"><v>{(cell - DAY_ZERO).days}</v></c>'
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    if isinstance(cell, Decimal):
        return f'<c r="{place}"><v>{_figure(cell)}</v></c>'
    text = escape(NOT_IN_XML.sub("", cell)[:LONGEST_CELL])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _column(number: int) -> str:
    """Return the letters of a column, 0 being A."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_answer(sheet: Sheet, kind: FileFormat, name: str) -> Response:
    """Answer with a table to save under this name."""
    body = as_xlsx(sheet) if kind is FileFormat.XLSX else as_csv(sheet)
    answer = Response(body, content_type=MEDIA[kind] + ("; charset=utf-8" if kind is FileFormat.CSV else ""))
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe_filename(name)}.{kind.value}"'
    return answer


_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_PACKAGE, _DOCUMENT = f"{_OFFICE}/package/2006", f"{_OFFICE}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _links(*targets: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/{kind}" Target={quoteattr(target)}/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _types(parts: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/>{listed}</Types>'
    )


_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    "<cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>"
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets><sheet name="Data" sheetId="1"'
    ' r:id="rId1"/></sheets></workbook>'
)
# Five styles: figures, texts (format 49, "@": never read as anything else), the bold texts of the first line,
# days, and moments.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164"'
    ' formatCode="dd\\-mm\\-yyyy"/><numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy'
    ' hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz'
    ' val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders'
    ' count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs'
    ' count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf'
    ' numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0"'
    ' borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0"'
    ' xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0"'
    ' xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0"'
    ' applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"'
    ' builtinId="0"/></cellStyles></styleSheet>'
)
_AROUND = {
    "[Content_Types].xml": _types(
        [("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"), ("styles.xml", "styles")]
    ),
    "_rels/.rels": _links(("officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": _links(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
    "xl/workbook.xml": _BOOK,
    "xl/styles.xml": _STYLES,
}
