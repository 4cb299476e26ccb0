"""The daftar hadir on paper: a line a person with room for a hand, on A4 and F4, however long the names and
the list.
"""

from dataclasses import replace
from datetime import date, time
from itertools import pairwise

import pytest

from app.attendance.document import (
    NOT_YET,
    OTHER_GROUP,
    PAPER_SIZES,
    HalfDay,
    Line,
    SignSheet,
    sign_sheet_filename,
    sign_sheet_pdf,
)
from app.auth.rules import Role
from app.courses.rules import BatchStatus
from tests.factories import SEMARANG
from tests.pdf import (
    A4,
    F4,
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

DAY = date(2026, 10, 12)
SIZES = {"a4": A4, "f4": F4}
HOSTILE = """Nu'man #panic("x") <b> $x$ *a* _b_ \\u{41} @ref"""
LONG = "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari"
NAMES = ("Ali", LONG, "Bahriah", HOSTILE, "Muhammad Abdul Ghani Al-Banjari", "Hj. Noor Hidayah, S.Sos.")
PLACES = (
    "Desa Keladan, Kecamatan Candi Laras Utara",
    "Desa Sungai Pinang Lama Ulu, Kecamatan Daha Barat Candi Laras Selatan",
)
HALVES = (HalfDay("Pagi", time(8), time(12)), HalfDay("Siang", time(13, 15), time(16, 30)))


def sheet(people=30, halves=HALVES, **changes):
    """The usual list, for so many people."""
    lines = [Line(NAMES[number % 6], PLACES[number % 2], [""] * len(halves)) for number in range(people)]
    facts = {
        "day": DAY,
        "office": "Dinas Sosial Kabupaten Tapin",
        "government": "Pemerintah Kabupaten Tapin",
        "contact": "Jalan Contoh Nomor 12, Rantau · Telepon 0517-00000",
        "course": "Diklat Dasar PSM",
        "batch": "Angkatan I Tahun 2026",
        "code": "TAPIN-D-2026-01",
        "venue": "Aula Dinas Sosial, Rantau",
        "zone": "WITA",
        "seat": "Rantau",
        "halves": halves,
        "people": lines,
        **changes,
    }
    return SignSheet(**facts)


SHEETS = {
    "thirty": sheet(),
    "one": sheet(1, HALVES[:1]),
    "a whole day": sheet(16, (HalfDay("Sepanjang hari"),)),
    "nobody yet": sheet(0),
    "eighty": sheet(80),
    "long": sheet(
        office=(
            "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana Kabupaten Hulu"
            " Sungai Selatan"
        ),
        course=(
            "Bimbingan Teknis Penguatan Kapasitas Pekerja Sosial Masyarakat dalam Pendataan Terpadu"
            " Kesejahteraan Sosial"
        ),
        venue=(
            "Aula Balai Besar Pendidikan dan Pelatihan Kesejahteraan Sosial Regional IV Banjarmasin, Kota"
            " Banjarbaru"
        ),
    ),
    "groups": replace(
        sheet(), people=[Line("Ali", PLACES[0], ["", OTHER_GROUP]), Line("Bahriah", PLACES[0], [NOT_YET, ""])]
    ),
}
both_papers = pytest.mark.parametrize("paper", PAPER_SIZES)


def numbers_of(words: list[Word], page: int) -> list[Word]:
    """Return the numbers in the first column of a page."""
    found = [word for word in words if word.page == page and word.text.isdigit() and word.left < 29]
    return sorted(found, key=lambda word: word.top)


@both_papers
@pytest.mark.parametrize("name", SHEETS)
def test_it_comes_out_the_same_again_on_the_paper_asked_for(name, paper):
    pdf = sign_sheet_pdf(SHEETS[name], paper=paper)

    assert set(page_sizes(pdf)) == {SIZES[paper]}
    assert sign_sheet_pdf(SHEETS[name], paper=paper) == pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"(id-ID)" in pdf or b"(id)" in pdf


@tools
@needs["pdftotext"]
@both_papers
@pytest.mark.parametrize("name", SHEETS)
def test_all_of_it_can_be_read_and_nothing_leaves_the_paper_or_lies_on_another(name, paper):
    shown = SHEETS[name]
    pdf = sign_sheet_pdf(shown, paper=paper)
    text, words = text_of(pdf, as_written=True), words_of(pdf)
    width, height = SIZES[paper]
    lines = [
        shown.office.upper(),
        shown.government.upper(),
        shown.contact,
        shown.course,
        shown.batch,
        "Senin, 12 Oktober 2026",
        shown.venue,
    ]
    lines += (
        [each.name for each in shown.people]
        + [each.place for each in shown.people]
        + [half.label for half in shown.halves]
    )
    lines += [
        "DAFTAR HADIR PESERTA",
        "Senin, 12 Oktober 2026",
        "Rantau, 12 Oktober 2026",
        "Ketua Panitia,",
        "NIP.",
    ]

    assert [line for line in lines if spaced(line) not in text] == []
    assert outside(words, left=19.8, top=12, right=width - 12.8, bottom=height - 8) == []
    assert colliding(words) == []


@tools
@needs["pdftotext"]
@both_papers
@pytest.mark.parametrize("many", [1, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 26, 30, 36, 43, 80])
def test_rows_are_high_enough_to_sign_and_each_number_is_there_once(many, paper):
    pdf = sign_sheet_pdf(sheet(many), paper=paper)
    words = words_of(pdf)
    pages = len(page_sizes(pdf))
    found = [int(word.text) for page in range(1, pages + 1) for word in numbers_of(words, page)]

    assert found == list(range(1, len(found) + 1))
    assert many + 3 <= len(found) <= many + 5  # lines for those who come without being on the list
    for page in range(1, pages + 1):
        middles = [(word.top + word.bottom) / 2 for word in numbers_of(words, page)]
        assert all(below - above >= 8 for above, below in pairwise(middles))


@tools
@needs["pdftotext"]
@both_papers
@pytest.mark.parametrize("many", [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 30, 45, 80])
def test_nobody_signs_for_a_page_without_names(many, paper):
    pdf = sign_sheet_pdf(sheet(many), paper=paper)
    words, last = words_of(pdf), len(page_sizes(pdf))

    assert [word.page for word in words if word.text == "Panitia,"] == [last]
    named = [word for word in numbers_of(words, last) if int(word.text) <= many]
    assert len(named) >= min(4, many)


@tools
@needs["pdftotext"]
@both_papers
def test_every_page_says_what_it_is_and_which_of_how_many(paper):
    pdf = sign_sheet_pdf(sheet(80), paper=paper)
    pages = len(page_sizes(pdf))
    words = words_of(pdf)

    assert pages > 2
    for page in range(1, pages + 1):
        said = " ".join(word.text for word in words if word.page == page)
        assert f"Halaman {page} dari {pages}" in said
        assert "Senin, 12 Oktober 2026" in said
        assert "Wilayah tugas" in said
        assert "08.00–12.00 WITA" in said
        assert "Diklat Dasar PSM" in said


@tools
@needs["pdftotext"]
def test_odd_numbers_sign_on_the_left_and_even_ones_on_the_right():
    words = words_of(sign_sheet_pdf(sheet(6)))
    pagi, siang = (next(word for word in words if word.text == label) for label in ("Pagi", "Siang"))

    for head in (pagi, siang):
        middle = (head.left + head.right) / 2
        below = sorted(
            (word for word in words if word.text.isdigit() and word.top > head.bottom),
            key=lambda word: word.top,
        )
        inside = [
            word for word in below if abs((word.left + word.right) / 2 - middle) < 19 and word.height < 4
        ]
        assert [word.text for word in inside[:6]] == ["1", "2", "3", "4", "5", "6"]
        assert all((word.left < middle - 10) == (int(word.text) % 2 == 1) for word in inside)


@tools
@needs["pdftotext"]
def test_who_belongs_to_another_group_has_no_room_to_sign_there():
    text = text_of(sign_sheet_pdf(SHEETS["groups"]))

    assert (text.count("kelompok lain"), text.count("belum peserta")) == (1, 1)


@tools
@needs["pdffonts"]
def test_every_font_is_embedded():
    assert all(embedded and "Source" in name for name, embedded in fonts_of(sign_sheet_pdf(sheet())))


@tools
@needs["pdftoppm"]
def test_the_panitia_has_room_for_hand_and_stamp():
    pdf = sign_sheet_pdf(sheet(3))
    words = words_of(pdf)
    above = next(word for word in words if word.text == "Panitia,")
    below = next(word for word in words if word.text == "NIP.")
    dots = 100
    picture = picture_of(pdf, dots=dots)
    box = [
        round(side / 25.4 * dots)
        for side in (above.left - 10, above.bottom + 0.5, above.right + 10, above.bottom + 15)
    ]

    assert below.top - above.bottom > 15
    assert picture.crop(box).getextrema() == (255, 255)


def test_the_file_is_named_after_batch_and_day():
    assert sign_sheet_filename(sheet(), paper="f4") == "Daftar-Hadir_TAPIN-D-2026-01_2026-10-12_F4.pdf"


@pytest.fixture
def batch(make):
    return make.batch(starts_on=DAY, status=BatchStatus.RUNNING)


@tools
@needs["pdftotext"]
def test_the_list_of_a_day_names_those_who_take_part_and_its_half_days(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    make.session(batch)
    make.session(batch, starts_at=time(13, 15), ends_at=time(14, 45))
    make.session(batch, held_on=date(2026, 10, 13))
    people = [make.attendee(batch) for _ in range(3)]

    page = browser.get("attendance.show_attendance", batch_id=batch.id)
    links = [link["href"] for link in page.soup.select("a[href*='sign-sheets/2026-10-12']")]
    answers = [browser.client.get(link) for link in links]

    assert [page_sizes(answer.data)[0] for answer in answers] == [A4, F4]
    text = text_of(answers[0].data)
    assert [person.name for person in people if person.name not in text] == []
    assert people[0].trainee.duty_region.place_name in text
    assert "Pagi" in text
    assert "13.15–14.45 WITA" in text
    assert answers[0].content_type == "application/pdf"
    assert (
        answers[0].headers["Content-Disposition"]
        == f'inline; filename="Daftar-Hadir_{batch.code}_2026-10-12_A4.pdf"'
    )


def test_an_unknown_paper_is_a4_and_an_unknown_day_is_no_page(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    make.session(batch)

    answer = browser.get(
        "attendance.print_sign_sheet", batch_id=batch.id, day="2026-10-12", paper="a3"
    ).response
    assert page_sizes(answer.data)[0] == A4
    for day in ("2026-10-30", "x", "../etc"):
        browser.get("attendance.print_sign_sheet", batch_id=batch.id, day=day, expect=404)


def test_a_sign_that_cannot_be_drawn_is_a_box_and_the_others_are_printed(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    make.session(batch)
    make.attendee(batch, make.trainee(name="Siti 漢字"))
    make.attendee(batch, make.trainee(name="Aminah"))

    answer = browser.get("attendance.print_sign_sheet", batch_id=batch.id, day="2026-10-12").response
    text = text_of(answer.data)
    assert "Siti □□" in text
    assert "Aminah" in text


def test_the_list_of_another_kabupaten_is_an_unknown_address(make, batch, browser):
    make.session(batch)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))

    browser.get("attendance.print_sign_sheet", batch_id=batch.id, day="2026-10-12", expect=404)
