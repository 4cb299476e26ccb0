"""The certificate on paper: all that it must say, as it was typed, on two pages, the same every time."""

import copy
import io
import re
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
    refuse_sheet,
)
from app.printing.services import PrintingError, TooSmall
from tests.pdf import (
    A4,
    Word,
    colliding,
    fonts_of,
    needs,
    outside,
    page_sizes,
    picture_of,
    spaced,
    text_of,
    tools,
    words_of,
)

ADDRESS = "https://bekal.tapinkab.go.id/V/ABCDEFGHJKLMN"
HOSTILE = """Nu'man #panic("x") <b> $x$ *a* _b_ `c` \\u{41} @ref "q" -- ... ~ // [k] fi ffl"""
LONG = (
    "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari Nu'man Suryodiningrat"
    " Hadikusumo Putri"
)

PAPER = {"landscape": (A4[1], A4[0]), "portrait": A4}
LANDSCAPE = {"design": 3, "orientation": "landscape"}
PORTRAIT = {"design": 3, "orientation": "portrait"}

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
    "tier_rank": 1,
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
        {
            "name": "Pekerja Sosial Masyarakat: syarat, kedudukan, tugas, dan IPSM",
            "theory_hours": 15,
            "practice_hours": 0,
        },
        {"name": "Praktik kerja lapangan", "theory_hours": 0, "practice_hours": 8},
    ],
    "layout": LANDSCAPE,
}


def facts(**changes: Any) -> dict[str, Any]:
    """The smallest difference from the usual certificate."""
    return {**copy.deepcopy(FACTS), **changes}


def beyond_frame(words: list[Word], orientation: str) -> list[Word]:
    """Return the words that touch or leave the frame, its stepped corners included."""
    width, height = PAPER[orientation]
    frame, corner = 12, 22
    cut_off = [
        word
        for word in words
        for left in (0, width - corner)
        for top in (0, height - corner)
        if word.meets(left, top, left + corner, top + corner)
    ]
    return outside(words, left=frame, top=frame, right=width - frame, bottom=height - frame) + cut_off


def qr_on(pdf: bytes) -> tuple[str, tuple[float, float, float, float]]:
    """Return what the code on the front says, and where it is in millimetres."""
    import zxingcpp

    dots = 150
    [code] = zxingcpp.read_barcodes(picture_of(pdf, dots=dots))
    corners = (code.position.top_left, code.position.bottom_right)
    return code.text, tuple(side / dots * 25.4 for corner in corners for side in (corner.x, corner.y))


LONG_LINES: dict[str, Any] = {
    "name": LONG,
    "government": "Pemerintah Kabupaten Hulu Sungai Selatan",
    "organiser": (
        "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga"
        " Berencana Kabupaten Hulu Sungai Selatan"
    ),
    "duty_desa": "Desa Sungai Pinang Lama Ulu Tengah",
    "duty_kecamatan": "Kecamatan Daha Barat Candi Laras Selatan",
    "institution": (
        "Ikatan Pekerja Sosial Masyarakat (IPSM) Kabupaten Hulu Sungai Selatan Provinsi Kalimantan Selatan"
    ),
    "course_title": (
        "Bimbingan Teknis Penguatan Kapasitas Pekerja Sosial Masyarakat dalam Pendataan Terpadu Kesejahteraan"
        " Sosial Tingkat Madya"
    ),
    "place": (
        "Aula Balai Besar Pendidikan dan Pelatihan Kesejahteraan Sosial Regional IV Banjarmasin, Kota"
        " Banjarbaru"
    ),
    "signer": {
        "name": "Prof. Dr. Ir. H. Muhammad Abdurrahman Al-Banjari Hadikusumo, S.Sos., M.Si., M.AP.",
        "position": (
            "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana Kabupaten"
            " Hulu Sungai Selatan"
        ),
        "prefix": "Plt.",
        "rank": "Pembina Utama Muda (IV/c)",
        "nip": "196501011990031005",
    },
    "second_signer": {
        "name": "Dra. Hj. Noor Hidayah Kusumawardhani, S.Sos., M.M.",
        "position": "Kepala Bidang Pemberdayaan Sosial dan Penanganan Fakir Miskin",
        "prefix": "a.n. Kepala Dinas Sosial",
        "rank": "Pembina",
        "nip": "197203151998032004",
    },
}
SHORT_LINES: dict[str, Any] = {
    **dict.fromkeys(
        (
            "birth_place",
            "birth_date",
            "member_number",
            "duty_desa",
            "duty_kecamatan",
            "institution",
            "grade",
            "fieldwork_place",
        )
    ),
    "legal_basis": [],
    "second_signer": None,
    "subjects": [],
    "name": "Ali",
    "signer": {"name": "Suriani", "position": "Kepala Dinas", "prefix": None, "rank": None, "nip": None},
}


def subjects(
    many: int, name: str = "Pendataan dan pemetaan keluarga penerima manfaat di desa, bagian"
) -> list[dict[str, Any]]:
    """Return so many lines for the back."""
    return [{"name": f"{name} {line}", "theory_hours": 1, "practice_hours": 1} for line in range(many)]


def on_both_papers(**variants: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each variant as it lies and as it stands."""
    laid_out = {"landscape": LANDSCAPE, "portrait": PORTRAIT}
    return {
        f"{name.replace('_', ' ')}, {paper}": {
            **each,
            "layout": {**layout, **each["layout"], "orientation": paper},
        }
        for name, each in variants.items()
        for paper, layout in laid_out.items()
    }


FRONT = {"design": 3, "second_signer": "front"}
PHOTO = {"design": 3, "photo": True}
VARIANTS = {
    **on_both_papers(
        usual=facts(),
        photo=facts(layout=PHOTO, tier_rank=2, tier_label="Madya"),
        two_signers=facts(layout=FRONT, tier_rank=3, tier_label="Utama"),
        two_signers_and_photo=facts(layout={**FRONT, **PHOTO}),
        long=facts(**LONG_LINES),
        long_with_all=facts(**LONG_LINES, layout={**FRONT, **PHOTO}),
        short=facts(**SHORT_LINES),
        many_subjects=facts(subjects=subjects(25)),
    ),
    "participation": facts(kind="participation", grade=None),
    "acting for": facts(signer={**FACTS["signer"], "prefix": "a.n. Gubernur Kalimantan Selatan"}),
    "hostile": facts(name=HOSTILE),
    "even more subjects": facts(subjects=subjects(36)),
    "a list that just spares a trial": facts(
        subjects=subjects(12, "Mata"),
        second_signer={
            **FACTS["second_signer"],
            "prefix": (
                "a.n. Kepala Dinas Sosial, Pemberdayaan Perempuan, dan Perlindungan Anak Kabupaten Tapin"
            ),
            "position": "Kepala Bidang Pemberdayaan Sosial dan Penanganan Fakir Miskin Kabupaten Tapin",
        },
    ),
    "a fourth tier": facts(tier_rank=4, tier_label="Pratama"),
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


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_line_stands_inside_the_frame_and_on_no_other(variant):
    pdf = certificate_pdf(VARIANTS[variant], address=ADDRESS)
    text, words = text_of(pdf), words_of(pdf)

    assert [line for line in printed_lines(VARIANTS[variant]) if spaced(line) not in text] == []
    assert beyond_frame(words, VARIANTS[variant]["layout"]["orientation"]) == []
    assert colliding(words) == []
    assert (
        min(word.height for word in words) > 2.2
    )  # millimetres: letters of about six points at the very least


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_can_be_read_may_be_issued(variant):
    refuse_sheet(VARIANTS[variant], address=ADDRESS)


@pytest.mark.parametrize("orientation", PAPER)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Abdurrahman" * 16}, "Abdurrahman" * 16),
        ({"organiser": "Dinas" * 40}, "DINAS" * 40),
        ({"signer": {**FACTS["signer"], "name": "Rifani" * 33}}, "Rifani" * 33),
        ({"subjects": subjects(70)}, ""),
    ],
    ids=["name", "office", "signer", "subjects"],
)
def test_what_could_only_be_printed_too_small_is_refused_at_its_issue_and_drawn_where_it_was_issued(
    changes, words, orientation
):
    known = facts(**changes, layout={**LANDSCAPE, "orientation": orientation})

    with pytest.raises(TooSmall) as refused:
        refuse_sheet(known, address=ADDRESS)

    assert refused.value.text == words
    assert len(page_sizes(certificate_pdf(known, address=ADDRESS))) == 2


@pytest.mark.parametrize("orientation", PAPER)
@pytest.mark.parametrize(
    "name",
    [
        "Hj. Noorhalizah",
        LONG,
        "Wolfeschlegelsteinhausenbergerdorff",
        "m" * 30 + " " + "Siti" * 10,
        (LONG * 2)[:200],
    ],
)
def test_a_name_of_words_wraps_before_it_is_small(name, orientation):
    refuse_sheet(facts(name=name, layout={**LANDSCAPE, "orientation": orientation}), address=ADDRESS)


@tools
@needs["pdftotext"]
@needs["pdftoppm"]
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_code_and_the_place_of_the_photo_stay_free(variant):
    pdf = certificate_pdf(VARIANTS[variant], address=ADDRESS)
    said, (left, top, right, bottom) = qr_on(pdf)
    front = [word for word in words_of(pdf) if word.page == 1]

    assert said == ADDRESS.upper()
    assert right - left >= 25  # a photocopy still reads it
    assert bottom - top >= 25
    quiet = 3.5
    assert [word for word in front if word.meets(left - quiet, top - quiet, right + quiet, bottom)] == []
    places = [word for word in front if word.text == "Pas"]
    assert len(places) == bool(VARIANTS[variant]["layout"].get("photo"))
    for place in places:
        middle, line = (place.left + place.right) / 2 + 3.5, place.bottom
        inside = [word.text for word in front if word.meets(middle - 14, line - 19, middle + 14, line + 19)]
        assert inside == ["Pas", "foto", "3", "×", "4", "cm"]


@tools
@needs["pdftotext"]
@pytest.mark.parametrize(
    "variant", [name for name in VARIANTS if "two signers" in name or "with all" in name]
)
def test_two_signers_stand_beside_each_other_on_the_front_and_nobody_on_the_back(variant):
    front = VARIANTS[variant]
    words = words_of(certificate_pdf(front, address=ADDRESS))
    first, second = (front[who]["nip"][:8] for who in ("signer", "second_signer"))
    places = {word.text: word for word in words if word.text in (first, second)}

    assert [places[who].page for who in (first, second)] == [1, 1]
    assert places[second].right < places[first].left
    assert (
        abs(places[second].bottom - places[first].bottom) < 12
    )  # a longer name pushes its own lines down, no more


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("orientation", PAPER)
@pytest.mark.parametrize("name", ["Ali", "Siti Aminah", LONG])
def test_the_name_is_the_largest_thing_on_the_front(name, orientation):
    front = [
        word
        for word in words_of(
            certificate_pdf(
                facts(name=name, layout={**LANDSCAPE, "orientation": orientation}), address=ADDRESS
            )
        )
        if word.page == 1
    ]
    tall = {word.text: word.height for word in front}

    assert max(tall.values()) == pytest.approx(tall[name.split()[0]])
    assert tall[name.split()[0]] > tall["SURAT"]


@tools
@needs["pdftotext"]
def test_the_page_tells_where_to_check_and_which_address_to_expect():
    text = text_of(certificate_pdf(FACTS, address=ADDRESS))

    assert "ABCDE-FGHJK-LMN" in text
    assert "Periksa di bekal.tapinkab.go.id" in text
    assert "diawali https://bekal.tapinkab.go.id/ dan isinya sama dengan lembar ini." in text
    assert ADDRESS in text
    assert facts_digest(FACTS)[:12] in text


@tools
@needs["pdftotext"]
@pytest.mark.parametrize(
    "name",
    [HOSTILE, LONG, "Suparno", "A" * 120, "M. Nu'man 'Abdul' \"Haji\"", "Siti-Nur-Aini-" * 8 + "binti"],
)
@pytest.mark.parametrize("orientation", PAPER)
def test_a_name_stands_as_typed_and_inside_the_frame(name, orientation):
    pdf = certificate_pdf(facts(name=name, layout={**LANDSCAPE, "orientation": orientation}), address=ADDRESS)

    assert len(page_sizes(pdf)) == 2
    assert spaced(name) in text_of(pdf)
    assert beyond_frame(words_of(pdf), orientation) == []


@tools
@needs["pdffonts"]
def test_every_font_is_embedded():
    fonts = fonts_of(certificate_pdf(FACTS, address=ADDRESS))

    assert len(fonts) >= 4
    assert all(embedded for _name, embedded in fonts)
    assert all("Source" in name for name, _embedded in fonts)


@tools
@needs["pdftoppm"]
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_tier_is_told_by_filled_steps_and_not_by_colour_alone(rank):
    """Counted along a line through the foot of the steps: a filled one is dark all along, an empty one at its
    edges only.
    """
    pdf = certificate_pdf(facts(tier_rank=rank), address=ADDRESS)
    label = next(word for word in words_of(pdf) if word.text == "Jenjang")
    dots, picture = 600, picture_of(pdf, dots=600)
    y = round((label.bottom - 0.9) / 25.4 * dots)
    row = [
        picture.getpixel((x, y)) < 128
        for x in range(round((label.left - 8) / 25.4 * dots), round((label.left - 1) / 25.4 * dots))
    ]
    runs = [len(run) for run in "".join("#" if dark else " " for dark in row).split()]
    wide = [run for run in runs if run > max(runs) / 2]

    assert len(wide) == rank
    assert len(runs) == rank + 2 * (3 - rank)  # the two edges of each empty step


def test_the_tier_is_said_in_words_too():
    pdf = certificate_pdf(facts(tier_rank=2, tier_label="Madya"), address=ADDRESS)

    assert "Jenjang Madya" in printed_lines(facts(tier_rank=2, tier_label="Madya"))
    assert "Anak tangga ke-2 dari 3".encode("utf-16-be") in pdf or b"Anak tangga ke-2 dari 3" in pdf


def test_a_name_that_no_font_can_draw_is_refused():
    with pytest.raises(PrintingError, match="could not be displayed"):
        certificate_pdf(facts(name="Siti 漢字"), address=ADDRESS)


def test_a_preview_is_a_picture_of_the_page():
    from PIL import Image

    assert Image.open(io.BytesIO(certificate_png(FACTS, address=ADDRESS, ppi=72))).size == (842, 595)
    assert certificate_png(FACTS, address=ADDRESS, ppi=72) != certificate_png(
        FACTS, address=ADDRESS, page=2, ppi=72
    )


def test_a_specimen_says_across_the_sheet_that_it_is_none():
    plain, marked = (
        certificate_png(FACTS, address=ADDRESS, ppi=36, specimen=specimen) for specimen in (False, True)
    )

    assert plain != marked
    assert certificate_png(FACTS, address=ADDRESS, ppi=36) == plain


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


@pytest.mark.parametrize(
    ("key", "label"), [("member_number", "Nomor induk PSM"), ("institution", "Instansi")]
)
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
    [
        ("196501011990031005", "NIP. 19650101 199003 1 005"),
        ("19650101 199003 1 005", "NIP. 19650101 199003 1 005"),
        ("0102", "NIP. 0102"),
    ],
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
        (
            {"name": '../Nu\'man "X"\x00é'},
            "STTPP_Numan-X-e_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf",
        ),
        (
            {"kind": "participation"},
            "Sertifikat-Keikutsertaan_Siti-Aminah_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf",
        ),
        ({"name": "漢字"}, "STTPP_Diklat-Dasar-PSM_001-DIKLAT-D-DINSOS-TAPIN-V-2011.pdf"),
    ],
)
def test_the_file_is_named_after_person_course_and_number(changes, filename):
    assert certificate_filename(facts(**changes)) == filename


def test_a_file_name_fits_every_disk():
    name = certificate_filename(facts(name=LONG * 3, course="x" * 300, number="9/" * 200))

    assert len(name.encode()) < 255
    assert Path(name).name == name
