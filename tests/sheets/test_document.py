"""Tables as files: what Excel makes of them is what was written."""

import csv
import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest

from app.sheets import document
from app.sheets.document import Sheet

TYPED = [
    "63.05.01",
    "63.10",
    "00",
    "+6281234567890",
    "0812-3456-7890",
    "6305065203680001",
    "2026-05-04",
    "1/2",
    "3-5",
    "1.5",
    "08:30",
]
PLAIN = [
    "Desa Keladan",
    "A. Yani Pura",
    "",
    "Rantau; Tapin",
    'kata "kutip"',
    "dua\nbaris",
    "III/a",
    "DIKLAT-D",
    "001/DIKLAT-D/V/2026",
]
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
]


def read_csv(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read_xlsx(content):
    """Return the cells as (kind, text), as any program would read them."""
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        trees = {each: ElementTree.fromstring(packed.read(each)) for each in packed.namelist()}
    lines = trees["xl/worksheets/sheet1.xml"].iter(f"{name}row")
    return [[(cell.get("t", "n"), "".join(cell.itertext())) for cell in line] for line in lines]


@pytest.mark.parametrize("text", TYPED)
def test_a_code_or_a_telephone_number_stays_a_text(text):
    """A tab before it is unseen in a cell and keeps Excel from making a day or a sum of it."""
    assert document.safe_cell(text) == "\t" + text
    assert read_csv(document.as_csv(Sheet(["a"], [[text]])))[1] == ["\t" + text]
    assert read_xlsx(document.as_xlsx(Sheet(["a"], [[text]])))[1] == [("inlineStr", text)]


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_typed_becomes_a_formula(text):
    assert document.safe_cell(text) == "'" + text
    assert read_xlsx(document.as_xlsx(Sheet(["a"], [[text]])))[1][0][0] == "inlineStr"
    assert b"<f>" not in document.as_xlsx(Sheet(["a"], [[text]]))


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_stay_as_they_are(text):
    assert read_csv(document.as_csv(Sheet(["a", "b"], [[text, "x"]])))[1] == [text, "x"]
    assert read_xlsx(document.as_xlsx(Sheet(["a", "b"], [[text, "x"]])))[1][0] == ("inlineStr", text)


def test_figures_are_figures_and_nothing_is_empty():
    sheet = Sheet(["a", "b", "c"], [[12, None, True]])
    assert read_csv(document.as_csv(sheet)) == [["a", "b", "c"], ["12", "", "ya"]]
    assert read_xlsx(document.as_xlsx(sheet))[1] == [("n", "12"), ("inlineStr", ""), ("inlineStr", "ya")]


def test_a_workbook_survives_what_xml_does_not_hold():
    assert read_xlsx(document.as_xlsx(Sheet(["<&>"], [["a\x07b\ud800c"]]))) == [
        [("inlineStr", "<&>")],
        [("inlineStr", "abc")],
    ]
    assert len(read_xlsx(document.as_xlsx(Sheet(["a"], [["x" * 40_000]])))[1][0][1]) == document.LONGEST_CELL


def test_columns_have_the_letters_of_excel():
    assert [document._column(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_the_same_table_is_the_same_file():
    sheet = Sheet(["a"], [["63.05"]])
    assert document.as_xlsx(sheet) == document.as_xlsx(sheet)


def test_a_day_is_a_day_and_a_total_stands_apart():
    sheet = Sheet(["Tanggal", "Orang"], [[date(2026, 12, 7), 3]], total=[None, 3])
    assert read_csv(document.as_csv(sheet)) == [
        ["Tanggal", "Orang"],
        ["07/12/2026", "3"],
        ["", ""],
        ["", "3"],
    ]
    [_headings, line, empty, total] = read_xlsx(document.as_xlsx(sheet))
    assert line == [("n", "46363"), ("n", "3")]  # as every spreadsheet counts days
    assert empty == [("inlineStr", ""), ("inlineStr", "")]
    assert total == [("inlineStr", ""), ("n", "3")]
    with zipfile.ZipFile(io.BytesIO(document.as_xlsx(sheet))) as packed:
        assert 's="3"' in packed.read("xl/worksheets/sheet1.xml").decode()
        assert "dd\\-mm\\-yyyy" in packed.read("xl/styles.xml").decode()
