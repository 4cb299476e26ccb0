"""What stands where on a printed page, read back with poppler: words with their boxes, sizes of pages, fonts,
QR codes.
"""

import io
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape
from itertools import combinations
from typing import Any

import pytest

POINTS = 72 / 25.4  # points in a millimetre
A4, F4 = (210.0, 297.0), (215.0, 330.0)  # millimetres

tools = pytest.mark.tools
needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason="poppler is not installed")
    for name in ("pdftotext", "pdffonts", "pdftoppm")
}


@dataclass(frozen=True)
class Word:
    """A word on a page, counted from 1; its box in millimetres from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def meets(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Say whether its letters reach into a rectangle; the box of a word is higher than its letters, so a
        quarter is left out.
        """
        slack = self.height / 4
        return (
            self.left < right
            and left < self.right
            and self.top + slack < bottom
            and top < self.bottom - slack
        )


def spaced(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def text_of(pdf: bytes, *, as_written: bool = False) -> str:
    """Return what a reader or a search engine takes from the file; `as_written`: in that order, columns not
    read across.
    """
    order = ["-raw"] if as_written else []
    found = subprocess.run(
        ["pdftotext", *order, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return spaced(found.stdout.decode())


def words_of(pdf: bytes) -> list[Word]:
    """Return every word with its place."""
    found = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    words = []
    for number, page in enumerate(found.split("<page ")[1:], start=1):
        for *sides, text in re.findall(
            r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', page
        ):
            words.append(Word(number, *(float(side) / POINTS for side in sides), unescape(text)))
    assert words
    return words


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return the size of every page in whole millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width) / POINTS), round(float(height) / POINTS)) for width, height in boxes]


def fonts_of(pdf: bytes) -> list[tuple[str, bool]]:
    """Return each font with whether it is embedded."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        table = subprocess.run(
            ["pdffonts", file.name], capture_output=True, text=True, check=True
        ).stdout.splitlines()
    column = table[0].index("emb")
    return [(font.split()[0], font[column : column + 3] == "yes") for font in table[2:]]


def picture_of(pdf: bytes, *, page: int = 1, dots: int = 150) -> Any:
    """Return a page as a grey picture of so many dots per inch."""
    from PIL import Image

    command = ["pdftoppm", "-r", f"{dots}", "-f", f"{page}", "-l", f"{page}", "-png"]
    return Image.open(
        io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout)
    ).convert("L")


def outside(words: list[Word], *, left: float, top: float, right: float, bottom: float) -> list[Word]:
    """Return the words that are not wholly inside a rectangle."""
    return [
        word
        for word in words
        if word.left < left or word.top < top or word.right > right or word.bottom > bottom
    ]


def colliding(words: list[Word]) -> list[tuple[str, str]]:
    """Return the pairs of words whose letters lie on each other."""
    near = 0.1  # of a millimetre: neighbours may touch
    return [
        (one.text, other.text)
        for one, other in combinations(words, 2)
        if one.page == other.page
        and other.meets(
            one.left + near, one.top + one.height / 4, one.right - near, one.bottom - one.height / 4
        )
    ]
