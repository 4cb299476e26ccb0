"""No text escapes the catalogue: the whole site is walked in a language in which every sentence of the
catalogue stands in brackets; what stands outside of them has to be data.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from app.core.dates import DAYS, MONTHS
from app.courses import reference
from app.extensions import db
from app.organisers.rules import PREFIXES
from tests.face import crawl as crawls
from tests.face.content import Content
from tests.face.crawl import LONG_WORD, Crawl
from tests.face.pseudo import Untranslated, outside, speak

# Written by the tests into forms, or of the shape of an address, a code or an identifier.
TYPED = (
    "catatan percobaan",
    "tidak-ada",
    LONG_WORD.lower(),
    "tebal",
    "ganda",
    "kutip",
    "panjangsekall",
    "siti nomor f b",
)
SHAPES = re.compile(r"https?://\S+|\S+@\S+|\b[a-z0-9]{4,5}(?:-[a-z0-9]{3,5}){1,2}\b|\b[0-9a-f]{12}\b", re.I)
# Regulations write certificates and minutes in Indonesian: the papers, and what a page quotes of them.
PAPERS = (
    "certificates/show_certificate.html",
    "certificates/verify_certificate.html",
    "assessment/show_meeting.html",
)
# Units, signs of ways of signing, kinds of desa by the name that their region has for them.
SEALED = re.compile(r"[\w+/=-]{40}")  # encrypted: any short word is found in it by chance
RUNDOWNS = Path(reference.__file__)  # copied into a schedule on the way
UNITS = {"jp", "wib", "wita", "wit", "s", "d", "an", "a", "n", "desa", "kelurahan"}
BETWEEN = re.compile(r"[·,:;()/–—“”\"'<>|]|(?<=\s)-(?=\s)|\.(?=\s|$)")
WORD = re.compile(r"[^\W\d_]+")
ROMAN = re.compile(r"[ivxlc]+")


class Data:
    """What stands in the rows of a database, to tell it from text of the program."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._all = "\n".join(
                {value.lower() for value in _values()}
                | {RUNDOWNS.read_text().lower(), *(prefix.lower() for prefix in PREFIXES)}
            )
        self._calendar = {word.lower() for word in (*DAYS, *MONTHS)} | {word[:3].lower() for word in MONTHS}

    def holds(self, line: str) -> bool:
        """Return whether every part of a line is a value, a day, a number with its unit, or was typed."""
        return all(self._is_data(part.strip().lower()) for part in BETWEEN.split(SHAPES.sub(" ", line)))

    def _is_data(self, part: str) -> bool:
        if not part or part in self._all or any(typed in part for typed in TYPED):
            return True
        rest = " ".join(
            word
            for word in WORD.findall(part)
            if word not in UNITS | self._calendar and not ROMAN.fullmatch(word)
        )
        return not rest or rest in self._all


def _values() -> Iterable[str]:
    for table in inspect(db.engine).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')):
            yield from (value for value in row if isinstance(value, str) and not SEALED.search(value))


@pytest.fixture(scope="module")
def foreign(
    new_app: Callable[..., Flask], installed: tuple[Content, Path], tmp_path_factory: Any
) -> tuple[Crawl, Data]:
    """The walk in the pseudo-language, and the data that it walked through."""
    app = new_app()
    data = Data(app)
    speak(app, tmp_path_factory.mktemp("pseudo"))
    return crawls.crawl(app, installed[0]), data


def test_every_text_of_every_page_went_through_the_catalogue(foreign):
    seen, data = foreign
    escaped = {
        f"{line} ({visit})"
        for visit in seen.visits
        if visit.template not in PAPERS and not visit.template.startswith(("gallery/", crawls.MAIL))
        for line in Untranslated(visit.body).found
        if not data.holds(line)
    }
    assert not escaped, "\n".join(sorted(escaped)[:40])


def test_every_text_of_every_mail_went_through_the_catalogue(foreign):
    seen, data = foreign
    escaped = {
        f"{line} ({where})"
        for (piece, _for_volunteers), where in seen.words.items()
        if where.startswith("mail")
        for line in outside(piece)
        if not data.holds(line)
    }
    assert not escaped, "\n".join(sorted(escaped)[:40])


def test_nothing_breaks_in_another_language(foreign):
    seen, _data = foreign
    assert seen.faults == []
    assert len(seen.visits) > 300
