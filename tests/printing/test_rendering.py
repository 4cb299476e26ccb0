"""Pages from templates and data: same bytes, nothing read as code, nothing left out in silence."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.core.drawable import DRAWN
from app.printing.services import FONTS, PrintingError, qr_svg, render_pdf, render_png

TEMPLATE = """\
#let data = json(bytes(sys.inputs.data))
#set document(title: "Uji", date: datetime(year: 2011, month: 5, day: 27))
#set text(font: "Source Serif 4", lang: "id")
= #data.heading
#data.at("text", default: "")
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def test_the_same_data_gives_the_same_bytes(template):
    first = render_pdf(template, {"heading": "Satu", "text": "dua"})

    assert first.startswith(b"%PDF-")
    assert render_pdf(template, {"text": "dua", "heading": "Satu"}) == first
    assert render_pdf(template, {"heading": "Satu", "text": "tiga"}) != first


def test_another_process_in_another_zone_gives_the_same_bytes(template):
    program = (
        "import sys; from pathlib import Path; from app.printing.services import render_pdf; "
        "sys.stdout.buffer.write(render_pdf(Path(sys.argv[1]), {'heading': 'Satu'}))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program, str(template)],
        env={**os.environ, "TZ": "Asia/Makassar", "SOURCE_DATE_EPOCH": "1000000000"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    )
    assert elsewhere.stdout == render_pdf(template, {"heading": "Satu"})


def test_a_template_without_date_never_reads_the_clock(tmp_path):
    undated = tmp_path / "undated.typ"
    undated.write_text('#set document(title: "Uji")\n#set text(lang: "id")\n= Uji', encoding="utf-8")

    assert b"D:19700101" in render_pdf(undated, {})


def test_the_file_declares_archive_and_accessibility(template):
    page = render_pdf(template, {"heading": "Satu"})

    assert b"<pdfaid:part>3</pdfaid:part>" in page
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in page
    assert b"<pdfuaid:part>1</pdfuaid:part>" in page


@pytest.mark.parametrize("text", ["漢字", "tangan 👋", "\ue000"])
def test_a_character_without_glyph_is_refused(template, text):
    with pytest.raises(PrintingError, match=r"could not be displayed|private area"):
        render_pdf(template, {"heading": "Satu", "text": text})
    with pytest.raises(PrintingError, match=r"could not be displayed|private area"):
        render_png(template, {"heading": "Satu", "text": text})


def test_every_sign_that_a_door_lets_in_is_drawn(template):
    assert render_pdf(template, {"heading": "Satu", "text": " ".join(sorted(DRAWN))}).startswith(b"%PDF-")


def test_in_a_list_a_box_stands_for_what_cannot_be_drawn(template):
    texts = {"heading": "Satu 漢", "text": "Nur 👋"}
    assert render_pdf(template, texts, is_list=True) == render_pdf(
        template, {"heading": "Satu □", "text": "Nur □"}
    )


def test_half_a_character_is_refused(template):
    with pytest.raises(PrintingError):
        render_pdf(template, {"heading": "Satu", "text": "\ud83d"})


def test_a_template_that_does_not_fit_its_data_says_what_is_missing(template):
    with pytest.raises(PrintingError, match="heading"):
        render_pdf(template, {"text": "tanpa judul"})


def test_the_thread_prints_on_after_a_refusal(template):
    before = render_pdf(template, {"heading": "Satu"})
    with pytest.raises(PrintingError):
        render_pdf(template, {"heading": "漢"})

    assert render_pdf(template, {"heading": "Satu"}) == before


def test_files_given_along_are_found_by_the_template(tmp_path):
    path = tmp_path / "main.typ"
    path.write_text(
        '#import "letterhead.typ": name\n#set document(title: name)\n#set text(lang: "id")\n= #name',
        encoding="utf-8",
    )

    assert render_pdf(path, {}, files={"letterhead.typ": b'#let name = "Dinas"'}).startswith(b"%PDF-")
    with pytest.raises(PrintingError):
        render_pdf(path, {})


def test_the_template_cannot_read_the_disk(tmp_path, template):
    (tmp_path / "secret.txt").write_text("rahasia", encoding="utf-8")
    path = tmp_path / "reads.typ"
    path.write_text('#set document(title: read("secret.txt"))\n= Uji', encoding="utf-8")

    with pytest.raises(PrintingError):
        render_pdf(path, {})


def test_threads_print_at_once_each_its_own_page(template):
    data = [{"heading": f"Halaman {number}", "text": "isi " * 200} for number in range(8)]
    alone = [render_pdf(template, entry) for entry in data]
    together = Barrier(2)

    def print_all(_: int) -> list[bytes]:
        together.wait(timeout=30)
        return [render_pdf(template, entry) for entry in data]

    with ThreadPoolExecutor(2) as pool:
        for pages in pool.map(print_all, range(2)):
            assert pages == alone


def test_a_preview_shows_the_page_asked_for(tmp_path):
    from PIL import Image

    path = tmp_path / "two.typ"
    path.write_text(
        '#set document(title: "Uji")\n#set text(lang: "id")\n#set page(width: 72pt, height: 144pt)\n= A\n'
        "#set page(width: 144pt, height: 72pt)\nB",
        encoding="utf-8",
    )
    first, second = (Image.open(io.BytesIO(render_png(path, {}, page=number, ppi=72))) for number in (1, 2))

    assert (first.size, second.size) == ((72, 144), (144, 72))
    for missing in (0, 3):
        with pytest.raises(PrintingError, match="no page"):
            render_png(path, {}, page=missing)


def test_a_qr_code_in_capitals_has_fewer_modules():
    loud, quiet = (
        qr_svg(text)
        for text in ("HTTPS://BEKAL.EXAMPLE/V/ABCDEFGHJKLMN", "https://bekal.example/v/abcdefghjklmn")
    )

    assert 'width="29"' in loud
    assert 'width="33"' in quiet


@pytest.mark.parametrize("text", ["", "A" * 5000])
def test_a_text_that_no_qr_code_holds_is_refused(text):
    with pytest.raises(PrintingError):
        qr_svg(text)


def test_each_font_is_small_and_comes_with_its_licence():
    fonts = sorted(FONTS.glob("*.ttf"))

    assert {font.name.partition("_")[0] for font in fonts} == {"SourceSerif4", "SourceSans3"}
    assert all(font.stat().st_size < 2**20 for font in fonts)
    for family in ("SourceSerif4", "SourceSans3"):
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"{family}-OFL.txt").read_text(encoding="utf-8").upper()


def test_importing_the_service_does_not_load_the_renderer():
    program = "import sys, app.printing.services; print(sorted({'typst', 'zxingcpp'} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "[]"
