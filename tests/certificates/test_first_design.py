"""Certificates issued in the first design are drawn in it for ever, byte for byte, from copies that know
nothing of later settings.
"""

import copy
import io
from datetime import date
from hashlib import sha256

import pytest

from app.certificates.document import certificate_pdf, certificate_png, facts_digest, mark_of, printed_lines
from tests.certificates.test_document import ADDRESS, FACTS
from tests.pdf import needs, spaced, text_of, tools

# What came out on the day when there was no other design. Another number here is another paper than the one
# in people's hands: where a new renderer gives one, the old papers must be kept as files before it is taken.
DRAWN = {
    "landscape": (
        {"orientation": "landscape"},
        "183ef9f4ef6cf2abb1bf29c3adca5730dde8e977bb6e983528d5baae3efaef36",
    ),
    "portrait": (
        {"orientation": "portrait"},
        "a832090f10ddc4e404623e073dd1028b639f00b961729b81cafdc9a0b917e912",
    ),
    "photo": (
        {"orientation": "landscape", "photo": True},
        "5ac27ebd1cf70ee2cbda76690d783bb63ffd4b214ca30a073794fcf73cabc8b6",
    ),
}


def old_facts(layout):
    """Return a frozen copy as it was written then: no rank of the tier, no design."""
    facts = copy.deepcopy(FACTS)
    del facts["tier_rank"]
    return {**facts, "layout": layout}


@pytest.mark.parametrize("layout", DRAWN)
def test_an_old_copy_gives_the_bytes_it_always_gave(layout):
    known, digest = DRAWN[layout]

    assert sha256(certificate_pdf(old_facts(known), address=ADDRESS)).hexdigest() == digest


def test_the_seal_of_an_old_copy_holds():
    assert facts_digest(old_facts({"orientation": "landscape"})).startswith(
        "387598ae23e4"
    )  # as printed on its back


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("layout", DRAWN)
def test_every_line_of_an_old_sheet_can_be_read(layout):
    facts = old_facts(DRAWN[layout][0])
    text = text_of(certificate_pdf(facts, address=ADDRESS))

    assert [line for line in printed_lines(facts) if spaced(line) not in text] == []
    assert "Jenjang" not in text


@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
@pytest.mark.parametrize("design", ["first", "today"])
def test_a_sheet_that_no_longer_holds_says_so_in_red_across_both_pages_of_every_design(design, orientation):
    from PIL import Image

    facts = (
        old_facts({"orientation": orientation})
        if design == "first"
        else {**FACTS, "layout": {**FACTS["layout"], "orientation": orientation}}
    )
    for page in (1, 2):
        drawn = [
            certificate_png(facts, address=ADDRESS, page=page, ppi=36, mark=mark)
            for mark in ((), mark_of(revoked_on=date(2027, 1, 5)))
        ]
        plain, marked = (reds(Image.open(io.BytesIO(each)).convert("RGB")) for each in drawn)
        assert not plain
        across = (
            max(x for x, _y in marked) - min(x for x, _y in marked),
            max(y for _x, y in marked) - min(y for _x, y in marked),
        )
        assert min(across) > 60, "half a page wide at 36 points an inch"


def reds(picture):
    """Return where a picture is red."""
    width, height = picture.size
    seen = (((x, y), picture.getpixel((x, y))) for x in range(width) for y in range(height))
    return [
        place
        for place, (red, green, blue) in seen
        if red > 180 and red - green > 60 and red - blue > 60 and abs(green - blue) < 30
    ]


@pytest.mark.parametrize(
    ("ended", "lines"),
    [
        ({}, ()),
        ({"revoked_on": date(2027, 1, 5)}, ("DICABUT", "sejak 5 Januari 2027")),
        ({"number_after": "006/I/2027"}, ("SUDAH DIGANTI", "dengan nomor 006/I/2027")),
        (
            {"number_after": "006/I/2027", "after_revoked_on": date(2027, 2, 3)},
            ("SUDAH DIGANTI", "dengan nomor 006/I/2027", "yang dicabut sejak 3 Februari 2027"),
        ),
    ],
)
def test_the_mark_says_since_when_or_by_which_number(ended, lines):
    assert mark_of(**{"revoked_on": None, **ended}) == lines


def test_a_sheet_of_today_is_drawn_in_the_design_of_today():
    assert certificate_pdf(FACTS, address=ADDRESS) != certificate_pdf(
        old_facts({"orientation": "landscape"}), address=ADDRESS
    )
