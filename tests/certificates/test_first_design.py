"""Certificates issued in the first design are drawn in it for ever, byte for byte, from copies that know nothing of later settings."""

import copy
from hashlib import sha256

import pytest

from app.certificates.document import certificate_pdf, facts_digest, printed_lines
from tests.certificates.test_document import ADDRESS, FACTS
from tests.pdf import needs, spaced, text_of, tools

# What came out on the day when there was no other design. Another number here is another paper than the one in people's hands:
# where a new renderer gives one, the old papers must be kept as files before it is taken.
DRAWN = {
    "landscape": ({"orientation": "landscape"}, "183ef9f4ef6cf2abb1bf29c3adca5730dde8e977bb6e983528d5baae3efaef36"),
    "portrait": ({"orientation": "portrait"}, "a832090f10ddc4e404623e073dd1028b639f00b961729b81cafdc9a0b917e912"),
    "photo": ({"orientation": "landscape", "photo": True}, "5ac27ebd1cf70ee2cbda76690d783bb63ffd4b214ca30a073794fcf73cabc8b6"),
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
    assert facts_digest(old_facts({"orientation": "landscape"})).startswith("387598ae23e4")  # as printed on its back


@tools
@needs["pdftotext"]
@pytest.mark.parametrize("layout", DRAWN)
def test_every_line_of_an_old_sheet_can_be_read(layout):
    facts = old_facts(DRAWN[layout][0])
    text = text_of(certificate_pdf(facts, address=ADDRESS))

    assert [line for line in printed_lines(facts) if spaced(line) not in text] == []
    assert "Jenjang" not in text


def test_a_sheet_of_today_is_drawn_in_the_design_of_today():
    assert certificate_pdf(FACTS, address=ADDRESS) != certificate_pdf(old_facts({"orientation": "landscape"}), address=ADDRESS)
