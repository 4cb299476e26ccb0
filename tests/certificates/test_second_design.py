"""Certificates issued in the second design are drawn in it for ever; those of today differ from it by what
can be pressed alone.
"""

import copy
import io
import re
from hashlib import sha256

import pytest
from PIL import Image, ImageChops

from app.certificates import document
from app.certificates.document import certificate_pdf, certificate_png
from tests.certificates.test_document import ADDRESS, FACTS

DRAWN = {
    "landscape": (
        {"orientation": "landscape"},
        "3d06edcfd28c90a2dbf1ccab781a92c3c254abe70fd1e96e4d0d8d60b0c63d07",
    ),
    "portrait": (
        {"orientation": "portrait", "second_signer": "front"},
        "bee4496f9739eac1eeeda406b090cf7cf29a5cb68002caabda967515dfc54eff",
    ),
}
LINK = re.compile(rb"/URI\s*\(([^)]*)\)")


def drawn(design, layout):
    return {**copy.deepcopy(FACTS), "layout": {"design": design, **layout}}


@pytest.mark.parametrize("layout", DRAWN)
def test_an_old_copy_gives_the_bytes_it_always_gave(layout):
    known, digest = DRAWN[layout]
    assert sha256(certificate_pdf(drawn(2, known), address=ADDRESS)).hexdigest() == digest


@pytest.mark.parametrize("layout", DRAWN)
def test_the_addresses_of_a_sheet_can_be_pressed(layout):
    """The QR code and the host on the front, the address on the back; nothing of the second
    design could be.
    """
    known, _digest = DRAWN[layout]
    assert LINK.findall(certificate_pdf(drawn(2, known), address=ADDRESS)) == []
    assert LINK.findall(certificate_pdf(drawn(3, known), address=ADDRESS)) == [ADDRESS.encode()] * 3


@pytest.mark.parametrize("layout", DRAWN)
@pytest.mark.parametrize("page", [1, 2])
def test_on_paper_they_are_the_same(monkeypatch, layout, page):
    monkeypatch.setattr(
        document, "facts_digest", lambda _facts: "0" * 64
    )  # printed on the back; the design is part of it
    known, _digest = DRAWN[layout]
    old, new = (certificate_png(drawn(design, known), address=ADDRESS, page=page) for design in (2, 3))
    differs = ImageChops.difference(*(Image.open(io.BytesIO(each)).convert("L") for each in (old, new)))
    assert differs.getextrema()[1] <= 2  # of 255: what rounding leaves at the edge of a letter
