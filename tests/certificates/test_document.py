"""The certificate on paper: all that it must say, as it was typed, on two pages, the same every time."""

import copy
import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.certificates.document import (
    certificate_filename,
    certificate_pdf,
    certificate_png,
    facts_digest,
    grouped_code,
    printed_lines,
)
from app.printing.services import PrintingError

ADDRESS = "https://bekal.tapinkab.go.id/V/ABCDEFGHJKLMN"
HOSTILE = """Nu'man #panic("x") <b> $x$ *a* _b_ `c` \\u{41} @ref "q" -- ... ~ // [k] fi ffl"""
LONG = "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari Nu'man Suryodiningrat Hadikusumo Putri"

PAPER = {"landscape": (841.89, 595.28), "portrait": (595.28, 841.89)}
needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason="poppler is not installed")
    for name in ("pdftotext", "pdffonts", "pdftoppm")
}

FACTS: dict[str, Any] = {
    "kind": "completion",
    "number": "001/DIKLAT-D/DINSOS-TAPIN/V/2011",
    "code": "ABCDEFGHJKLMN",
    "name": "Siti Aminah",
    "birth_place": "Rantau",
    "birth_date": "1985-05-24",
    "member_number": "6305.2011.0017",
    "position": "Pekerja Sosial Masyarakat",
    "duty_desa": "Desa Keladan",
    "duty_kecamatan": "Kecamatan Candi Laras Utara",
    "institution": "IPSM Kabupaten Tapin",
    "grade": "Memuaskan",
    "course": "Diklat Dasar PSM",
    "course_title": "Pendidikan dan Pelatihan Dasar Pekerja Sosial Masyarakat",
    "tier": "dasar",
    "tier_label": "Dasar",
    "batch": "TAPIN-D-2011-01",
    "batch_ordinal": "I",
    "year": 2011,
    "lesson_hours": 25,
    "starts_on": "2011-05-24",
    "ends_on": "2011-05-27",
    "place": "Aula Dinas Sosial, Rantau",
    "fieldwork_place": "PSBR Budi Satria, Banjarbaru",
    "issued_on": "2011-05-27",
    "issued_at_place": "Rantau",
    "organiser": "Dinas Sosial Kabupaten Tapin",
    "government": "Pemerintah Kabupaten Tapin",
    "legal_basis": [
        "Peraturan Menteri Sosial Nomor 10 Tahun 2019 tentang Pekerja Sosial Masyarakat",
        "Keputusan Kepala Dinas Sosial Kabupaten Tapin Nomor 188.4/021/DINSOS/2011",
    ],
    "signer": {
        "name": "Drs. H. Ahmad Rifani, M.AP.",
        "position": "Kepala Dinas Sosial Kabupaten Tapin",
        "prefix": "Plt.",
        "rank": "Pembina Utama Muda",
        "nip": "196501011990031005",
    },
    "second_signer": {
        "name": "Noor Hidayah, S.Sos.",
        "position": "Kepala Bidang Pemberdayaan Sosial",
        "prefix": None,
        "rank": "Pembina",
        "nip": "197203151998032004",
    },
    "subjects": [
        {"name": "Kebijakan pembangunan kesejahteraan sosial daerah", "theory_hours": 2, "practice_hours": 0},
        {"name": "Pekerja Sosial Masyarakat: syarat, kedudukan, tugas, dan IPSM", "theory_hours": 15, "practice_hours": 0},
        {"name": "Praktik kerja lapangan", "theory_hours": 0, "practice_hours": 8},
    ],
    "layout": {"orientation": "landscape"},
}


def facts(**changes: Any) -> dict[str, Any]:
    """The smallest difference from the usual certificate."""
    return {**copy.deepcopy(FACTS), **changes}


def words(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def text_of(pdf: bytes) -> str:
    """What a reader or a search engine takes from the file."""
    found = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return words(found.stdout.decode())


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """The media box of every page, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width), 2), round(float(height), 2)) for width, height in boxes]


def beyond_frame(pdf: bytes, orientation: str) -> list[str]:
    """The words that touch or leave the frame."""
    width, height = PAPER[orientation]
    frame = 12 / 25.4 * 72
    found = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    boxes = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', found)
    assert boxes
    return [
        word
        for *sides, word in boxes
        for left, top, right, bottom in [map(float, sides)]
        if min(left, top) < frame or right > width - frame or bottom > height - frame
    ]


VARIANTS = {
    "usual": facts(),
    "portrait": facts(layout={"orientation": "portrait"}),
    "participation": facts(kind="participation", grade=None),
    "acting for": facts(signer={**FACTS["signer"], "prefix": "a.n. Gubernur Kalimantan Selatan"}),
    "bare": facts(
        birth_place=None,
        birth_date=None,
        member_number=None,
        duty_desa=None,
        duty_kecamatan=None,
        institution=None,
        grade=None,
        fieldwork_place=None,
        legal_basis=[],
        second_signer=None,
        subjects=[],
        name="Suparno",
        signer={"name": "Suriani", "position": "Kepala Dinas", "prefix": None, "rank": None, "nip": None},
    ),
    "photo": facts(layout={"orientation": "landscape", "photo": True}),
    "hostile": facts(name=HOSTILE),
    "long": facts(name=LONG, layout={"orientation": "portrait", "photo": True}),
    "many subjects": facts(
        subjects=[{"name": f"Mata diklat ke-{line} dengan judul panjang", "theory_hours": 1, "practice_hours": 1} for line in range(36)]
    ),
    "a list that just spares a trial": facts(
        subjects=[{"name": f"Mata {line}", "theory_hours": 1, "practice_hours": 0} for line in range(15)],
        second_signer={
            **FACTS["second_signer"],
            "prefix": "a.n. Kepala Dinas Sosial, Pemberdayaan Perempuan, dan Perlindungan Anak Kabupaten Tapin",
            "position": "Kepala Bidang Pemberdayaan Sosial dan Penanganan Fakir Miskin Kabupaten Tapin",
        },
    ),
    "abroad": facts(name="Łukasz Ñuñez-Đorđević Ångström Žižek O’Brien ʻAlī", birth_place="Kraków"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_certificate_has_two_pages_and_comes_out_the_same_again(variant):
    pdf = certificate_pdf(VARIANTS[variant], address=ADDRESS)

    assert page_sizes(pdf) == [PAPER[VARIANTS[variant]["layout"]["orientation"]]] * 2
    assert certificate_pdf(copy.deepcopy(VARIANTS[variant]), address=ADDRESS) == pdf


def test_the_order_of_the_facts_does_not_matter():
    turned = dict(reversed(FACTS.items()))

    assert certificate_pdf(turned, address=ADDRESS) == certificate_pdf(FACTS, address=ADDRESS)
    assert facts_digest(turned) == facts_digest(FACTS)


def test_one_changed_fact_changes_the_digest():
    assert re.fullmatch("[0-9a-f]{64}", facts_digest(FACTS))
    assert facts_digest(facts(lesson_hours=26)) != facts_digest(FACTS)


def test_the_date_of_the_file_is_that_of_the_certificate():
    assert b"D:20110527" in certificate_pdf(FACTS, address=ADDRESS)


@pytest.mark.tools
@needs["pdftotext"]
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_line_can_be_read_from_the_file(variant):
    pdf = certificate_pdf(VARIANTS[variant], address=ADDRESS)
    text = text_of(pdf)

    assert beyond_frame(pdf, VARIANTS[variant]["layout"]["orientation"]) == []
    assert [line for line in printed_lines(VARIANTS[variant]) if words(line) not in text] == []


@pytest.mark.tools
@needs["pdftotext"]
def test_the_page_tells_where_to_check_and_which_address_to_expect():
    text = text_of(certificate_pdf(FACTS, address=ADDRESS))

    assert "ABCDE-FGHJK-LMN" in text
    assert "Periksa di bekal.tapinkab.go.id" in text
    assert "diawali https://bekal.tapinkab.go.id/ dan isinya sama dengan lembar ini." in text
    assert ADDRESS in text
    assert facts_digest(FACTS)[:12] in text


@pytest.mark.tools
@needs["pdftotext"]
@pytest.mark.parametrize("name", [HOSTILE, LONG, "Suparno", "A" * 120, "M. Nu'man 'Abdul' \"Haji\"", "Siti-Nur-Aini-" * 8 + "binti"])
@pytest.mark.parametrize("orientation", PAPER)
def test_a_name_stands_as_typed_and_inside_the_frame(name, orientation):
    pdf = certificate_pdf(facts(name=name, layout={"orientation": orientation}), address=ADDRESS)

    assert len(page_sizes(pdf)) == 2
    assert words(name) in text_of(pdf)
    assert beyond_frame(pdf, orientation) == []


@pytest.mark.tools
@needs["pdffonts"]
def test_every_font_is_embedded(tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(certificate_pdf(FACTS, address=ADDRESS))
    table = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout.splitlines()
    column = table[0].index("emb")
    fonts = table[2:]

    assert len(fonts) >= 4
    assert {font[column : column + 3] for font in fonts} == {"yes"}
    assert all("Source" in font for font in fonts)


@pytest.mark.tools
@needs["pdftoppm"]
@pytest.mark.parametrize("orientation", PAPER)
def test_the_qr_code_leads_to_the_address_and_is_large_enough_for_a_photocopy(orientation, tmp_path):
    import zxingcpp
    from PIL import Image

    pdf = certificate_pdf(facts(layout={"orientation": orientation}), address=ADDRESS)
    dots = 150
    picture = subprocess.run(["pdftoppm", "-r", f"{dots}", "-l", "1", "-png"], input=pdf, capture_output=True, check=True).stdout
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))

    assert [code.text for code in codes] == [ADDRESS.upper()]
    corners = codes[0].position
    assert (corners.top_right.x - corners.top_left.x) / dots * 25.4 >= 25
    assert (corners.bottom_left.y - corners.top_left.y) / dots * 25.4 >= 25


def test_a_name_that_no_font_can_draw_is_refused():
    with pytest.raises(PrintingError, match="could not be displayed"):
        certificate_pdf(facts(name="Siti 漢字"), address=ADDRESS)


def test_a_preview_is_a_picture_of_the_page():
    from PIL import Image

    assert Image.open(io.BytesIO(certificate_png(FACTS, address=ADDRESS, ppi=72))).size == (842, 595)
    assert certificate_png(FACTS, address=ADDRESS, ppi=72) != certificate_png(FACTS, address=ADDRESS, page=2, ppi=72)


def test_completion_and_participation_say_different_things():
    completed, attended = printed_lines(FACTS), printed_lines(facts(kind="participation", grade=None))

    assert "SURAT TANDA TAMAT PENDIDIKAN DAN PELATIHAN" in completed
    assert "LULUS" in completed
    assert "SERTIFIKAT KEIKUTSERTAAN" in attended
    assert "TELAH MENGIKUTI" in attended
    assert "LULUS" not in attended
    assert "Kualifikasi" not in attended


def test_an_ungraded_completion_says_so_with_a_dash():
    lines = printed_lines(facts(grade=None))

    assert lines[lines.index("Kualifikasi") + 1] == "-"


@pytest.mark.parametrize(("key", "label"), [("member_number", "Nomor induk PSM"), ("institution", "Instansi")])
def test_what_was_never_known_has_no_row(key, label):
    assert label in printed_lines(FACTS)
    assert label not in printed_lines(facts(**{key: None}))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "printed"),
    [
        ("2011-05-24", "2011-05-27", "pada tanggal 24 s.d. 27 Mei 2011,"),
        ("2011-05-30", "2011-06-02", "pada tanggal 30 Mei s.d. 2 Juni 2011,"),
        ("2011-12-30", "2012-01-02", "pada tanggal 30 Desember 2011 s.d. 2 Januari 2012,"),
        ("2011-05-24", "2011-05-24", "pada tanggal 24 Mei 2011,"),
    ],
)
def test_a_span_of_days_says_month_and_year_once(starts_on, ends_on, printed):
    assert any(printed in line for line in printed_lines(facts(starts_on=starts_on, ends_on=ends_on)))


def test_lesson_hours_stand_in_figures_and_words():
    assert any("yang meliputi 25 (dua puluh lima) Jam Pelajaran." in line for line in printed_lines(FACTS))


@pytest.mark.parametrize(
    ("grounds", "sentence"),
    [
        ([], "Kepala Dinas Sosial Kabupaten Tapin menyatakan bahwa:"),
        (["A"], "Kepala Dinas Sosial Kabupaten Tapin berdasarkan A menyatakan bahwa:"),
        (["A", "B"], "Kepala Dinas Sosial Kabupaten Tapin berdasarkan A dan B menyatakan bahwa:"),
        (["A", "B", "C"], "Kepala Dinas Sosial Kabupaten Tapin berdasarkan A, B, dan C menyatakan bahwa:"),
    ],
)
def test_the_legal_grounds_read_as_one_sentence(grounds, sentence):
    assert sentence in printed_lines(facts(legal_basis=grounds))


@pytest.mark.parametrize(
    ("prefix", "lines"),
    [
        (None, ["Kepala Dinas Sosial Kabupaten Tapin,"]),
        ("Plt.", ["Plt. Kepala Dinas Sosial Kabupaten Tapin,"]),
        ("a.n.", ["a.n. Kepala Dinas Sosial Kabupaten Tapin,"]),
        ("a.n. Bupati Tapin", ["a.n. Bupati Tapin", "Kepala Dinas Sosial Kabupaten Tapin,"]),
    ],
)
def test_who_signs_for_whom_stands_above_the_name(prefix, lines):
    printed = printed_lines(facts(signer={**FACTS["signer"], "prefix": prefix}))
    name = printed.index("Drs. H. Ahmad Rifani, M.AP.")

    assert printed[name - len(lines) : name] == lines


@pytest.mark.parametrize(
    ("nip", "printed"),
    [("196501011990031005", "NIP. 19650101 199003 1 005"), ("19650101 199003 1 005", "NIP. 19650101 199003 1 005"), ("0102", "NIP. 0102")],
)
def test_a_nip_is_printed_in_its_groups(nip, printed):
    assert printed in printed_lines(facts(signer={**FACTS["signer"], "nip": nip}))


def test_the_table_adds_up():
    lines = printed_lines(FACTS)
    at = lines.index("17")

    assert lines[at : at + 3] == ["17", "8", "25"]


def test_the_code_is_grouped_for_typing():
    assert grouped_code("ABCDEFGHJKLMN") == "ABCDE-FGHJK-LMN"


@pytest.mark.parametrize(
    ("changes", "filename"),
    [
        ({}, "STTPP_Siti-Aminah_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf"),
        ({"name": '../Nu\'man "X"\x00é'}, "STTPP_Numan-X-e_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf"),
        ({"kind": "participation"}, "Sertifikat-Keikutsertaan_Siti-Aminah_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf"),
        ({"name": "漢字"}, "STTPP_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf"),
    ],
)
def test_the_file_is_named_after_person_course_and_number(changes, filename):
    assert certificate_filename(facts(**changes)) == filename


def test_a_file_name_fits_every_disk():
    name = certificate_filename(facts(name=LONG * 3, course="x" * 300, number="9/" * 200))

    assert len(name.encode()) < 255
    assert Path(name).name == name
