"""A language that nobody speaks: every sentence of the catalogue in brackets, its values outside of them.

What stands on a page outside of brackets was never given to a translator: it is data, or it was forgotten.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

POT = Path(__file__).resolve().parents[2] / "app" / "translations" / "messages.pot"
LANGUAGE = "eo"  # one that Babel has months and numbers for, and Bekal no sentences
OPEN, CLOSE = "⟦", "⟧"
VALUE = re.compile(r"%\(\w+\)[sd]")
SILENT = frozenset({"script", "style", "svg", "template"})
READ_ALOUD = (
    "aria-label",
    "alt",
    "placeholder",
    "title",
    "data-label",
    "aria-description",
    "data-text",
    "data-failed",
    "data-confirm",
    "data-share-again",
)


def pseudo(sentence: str) -> str:
    """Return a sentence in brackets, each of its values between a closing and an opening one."""
    return OPEN + VALUE.sub(lambda value: f"{CLOSE}{value[0]}{OPEN}", sentence) + CLOSE


def speak(app: Flask, folder: Path) -> set[str]:
    """Let an application speak the pseudo-language; return the sentences of the catalogue."""
    catalogue = Catalog(locale=LANGUAGE)
    with POT.open("rb") as file:
        for message in read_po(file):
            if message.id:
                catalogue.add(message.id, pseudo(message.id), flags=message.flags)
    target = folder / LANGUAGE / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    babel = app.extensions["babel"]
    babel.default_locale = LANGUAGE
    babel.translation_directories = [str(folder)]
    return {str(message.id) for message in catalogue if message.id}


def outside(text: str) -> list[str]:
    """Return the parts of a text that stand outside of brackets and hold a letter."""
    depth, parts = 0, [""]
    for character in text:
        if character == OPEN:
            depth += 1
            parts.append("")
        elif character == CLOSE:
            depth -= 1
            parts.append("")
        elif depth == 0:
            parts[-1] += character
    lines = (line.strip() for part in parts for line in part.splitlines())
    return [line for line in lines if any(map(str.isalpha, line))]


class Untranslated(HTMLParser):
    """Collects what stands on a page outside of brackets: text, and attributes that are read aloud."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []
        self._text = ""
        self.feed(html)
        self.close()
        self.found += outside(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        self._text += "\n"
        for name, value in attrs:
            if name in READ_ALOUD and value:
                self.found += outside(value)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        self._text += "\n"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data
