"""Kartu tanda peserta: eight on a sheet, each whole within its cut, whoever wears it."""

from dataclasses import replace
from datetime import date

import pytest

from app.auth.rules import Role
from app.courses.rules import BatchStatus
from app.fieldwork.document import NameTag, NameTags, name_tags_filename, name_tags_pdf
from tests.factories import SEMARANG
from tests.pdf import A4, colliding, fonts_of, needs, page_sizes, picture_of, spaced, text_of, tools, words_of

LONG = (
    "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari Nu'man Suryodiningrat"
    " Hadikusumo Putri"
)
HOSTILE = """Nu'man #panic("x") <b> $x$ *a* _b_ \\u{41} @ref"""
NAMES = (
    "Siti Aminah",
    LONG,
    "Ali",
    HOSTILE,
    "Muhammad Abdul Ghani Al-Banjari",
    "Hj. Noor Hidayah, S.Sos.",
    "A" * 40,
    "M. Nu'man",
    "Bahriah",
)
PLACES = (
    "Desa Keladan, Kecamatan Candi Laras Utara",
    "Desa Sungai Pinang Lama Ulu Tengah, Kecamatan Daha Barat Candi Laras Selatan",
)
WIDE, TALL = 90, 55  # millimetres
LEFT, TOP = (A4[0] - 2 * WIDE) / 2, (A4[1] - 4 * TALL) / 2


def tags(people=9, *, grouped=True, **changes):
    """The cards of so many people."""
    facts = {
        "office": "Dinas Sosial Kabupaten Tapin",
        "course": "Diklat Dasar PSM",
        "batch": "Angkatan I",
        "code": "TAPIN-D-2026-01",
        "starts_on": date(2026, 10, 12),
        "ends_on": date(2026, 10, 15),
        "tier_rank": 1,
        "people": [
            NameTag(NAMES[number % 9], PLACES[number % 2], number % 4 + 1 if grouped else None)
            for number in range(people)
        ],
        **changes,
    }
    return NameTags(**facts)


SHEETS = {
    "nine": tags(),
    "one": tags(1),
    "not placed": tags(8, grouped=False),
    "long": tags(
        office=(
            "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak dan Keluarga Berencana Kabupaten Hulu"
            " Sungai Selatan"
        ),
        course=(
            "Bimbingan Teknis Penguatan Kapasitas Pekerja Sosial Masyarakat dalam Pendataan Terpadu"
            " Kesejahteraan Sosial"
        ),
        tier_rank=3,
    ),
}


def card_of(word):
    """Return the row and column of the card that a word begins on."""
    return int((word.top - TOP) // TALL), int((word.left - LEFT) // WIDE)


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (8, 1), (9, 2), (30, 4)])
def test_eight_people_fill_a_sheet(people, pages):
    pdf = name_tags_pdf(tags(people))

    assert page_sizes(pdf) == [A4] * pages
    assert name_tags_pdf(tags(people)) == pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("name", SHEETS)
def test_every_word_stands_on_its_own_card_within_the_frame_and_on_no_other(name):
    shown = SHEETS[name]
    pdf = name_tags_pdf(shown)
    words, text = words_of(pdf), text_of(pdf, as_written=True)

    assert [each.name for each in shown.people if spaced(each.name) not in text] == []
    assert [each.place for each in shown.people if each.place not in text] == []
    assert shown.course in text
    assert shown.office in text
    assert "Angkatan I · 12 s.d. 15 Oktober 2026" in text
    assert colliding(words) == []
    within = 4  # millimetres from the cut
    for word in words:
        row, column = card_of(word)
        left, top = LEFT + column * WIDE, TOP + row * TALL
        assert left + within <= word.left, word
        assert word.right <= left + WIDE - within, word
        assert top + within <= word.top + word.height / 6, word
        assert word.bottom - word.height / 6 <= top + TALL - within, word


@tools
@needs["pdftotext"]
def test_the_name_is_the_largest_thing_on_the_card():
    words = words_of(name_tags_pdf(tags(6)))

    for number, person in enumerate(tags(6).people):
        card = [word for word in words if card_of(word) == (number // 2, number % 2)]
        tallest = max(card, key=lambda word: word.height)
        assert tallest.text in person.name.split()


@tools
@needs["pdftotext"]
def test_the_group_stands_on_the_card_of_who_is_placed_and_only_there():
    people = [NameTag("Ali", PLACES[0], 3), NameTag("Bahriah", PLACES[0])]
    words = words_of(name_tags_pdf(replace(tags(1), people=people)))

    assert [card_of(word) for word in words if word.text == "Kelompok"] == [(0, 0)]
    assert [card_of(word) for word in words if word.text == "3"] == [(0, 0)]


@tools
@needs["pdftoppm"]
def test_cut_marks_lead_to_every_edge_and_end_before_the_cards():
    dots = 200
    picture = picture_of(name_tags_pdf(tags(1)), dots=dots)

    def dark(x: float, y: float) -> bool:
        at, line = round(x / 25.4 * dots), round(y / 25.4 * dots)
        return (
            min(picture.getpixel((at + step, line + other)) for step in (-1, 0, 1) for other in (-1, 0, 1))
            < 160
        )

    for column in range(3):
        x = LEFT + column * WIDE
        assert dark(x, TOP - 5)
        assert dark(x, TOP + 4 * TALL + 5)
        assert not dark(x, TOP - 1)
    for row in range(5):
        y = TOP + row * TALL
        assert dark(LEFT - 5, y)
        assert dark(LEFT + 2 * WIDE + 5, y)
        assert not dark(LEFT - 1, y)


@tools
@needs["pdffonts"]
def test_every_font_is_embedded():
    assert all(embedded and "Source" in name for name, embedded in fonts_of(name_tags_pdf(tags())))


def test_the_file_is_named_after_the_batch():
    assert name_tags_filename(tags()) == "Kartu-Peserta_TAPIN-D-2026-01.pdf"


@pytest.fixture
def batch(make):
    return make.batch(starts_on=date(2026, 10, 12), status=BatchStatus.RUNNING)


@tools
@needs["pdftotext"]
def test_the_cards_of_a_batch_are_linked_where_the_participants_are(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    placed, other = make.attendee(batch), make.attendee(batch)
    make.placement(make.visit(batch), placed, group=2)

    answer = browser.get("fieldwork.print_name_tags", batch_id=batch.id).response
    text = text_of(answer.data)

    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="Kartu-Peserta_{batch.code}.pdf"'
    assert placed.name in text
    assert other.name in text
    assert text.count("Kelompok 2") == 1
    assert text.count("Kelompok") == 1
    page = browser.get("enrollments.list_enrollments", batch_id=batch.id)
    assert page.soup.select(f'a[href="/batches/{batch.id}/name-tags"]')


def test_without_participants_there_is_a_sentence_and_no_link(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))

    assert "Belum ada peserta" in browser.get("fieldwork.print_name_tags", batch_id=batch.id, expect=422).text
    assert (
        browser.get("enrollments.list_enrollments", batch_id=batch.id).soup.select('a[href$="name-tags"]')
        == []
    )


def test_a_sign_that_cannot_be_drawn_is_a_box_and_the_others_are_printed(make, batch, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    make.attendee(batch, make.trainee(name="Siti 漢字"))
    make.attendee(batch, make.trainee(name="Aminah"))

    text = text_of(browser.get("fieldwork.print_name_tags", batch_id=batch.id).response.data)
    assert "Siti □□" in text
    assert "Aminah" in text


@pytest.mark.parametrize(
    ("role", "region"),
    [(Role.KABUPATEN_DINAS, SEMARANG), (Role.IPSM_OFFICER, "63.05"), (Role.TRAINER, "63.05")],
)
def test_who_may_not_see_the_participants_gets_no_cards(make, batch, browser, role, region):
    make.attendee(batch)
    browser.sign_in(make.user(role, region))

    browser.get("fieldwork.print_name_tags", batch_id=batch.id, expect=404)
    browser.get("enrollments.list_enrollments", batch_id=batch.id, expect=404)


def test_the_cards_ask_the_same_number_of_queries_for_one_and_for_thirty(make, browser, count_queries):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))

    def reads(people):
        batch = make.batch(starts_on=date(2026, 10, 12), status=BatchStatus.RUNNING)
        for _ in range(people):
            make.attendee(batch)
        with count_queries() as counted:
            browser.get("fieldwork.print_name_tags", batch_id=batch.id)
        return counted()

    assert reads(1) == reads(30)
