"""Lazy texts: marked where they are written, translated where they are read."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

_VALUE_AT_END = re.compile(r"(%\((\w+)\)s)\.(?!\.)")
_translator: ContextVar[Callable[[str], str] | None] = ContextVar("translator", default=None)


class Text:
    """A sentence for people: an Indonesian key and its named values, put into words only at the edge."""

    __slots__ = ("key", "values")

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values

    def __str__(self) -> str:
        translate = _translator.get()
        sentence = translate(self.key) if translate else self.key
        return one_full_stop(sentence, self.values) % self.values if self.values else sentence

    def __repr__(self) -> str:
        return f"Text({self.key!r})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Text):
            return self.key == other.key and self.values == other.values
        return isinstance(other, str) and str(self) == other

    def __hash__(self) -> int:
        return hash(self.key)


def one_full_stop(sentence: str, values: Mapping[str, Any]) -> str:
    """Leave out the full stop behind a value that brings its own: a title (M.Si.), a sentence of somebody
    else's.
    """
    return _VALUE_AT_END.sub(
        lambda found: found[1] if str(values[found[2]]).endswith(".") else found[0], sentence
    )


def full_stop(sentence: Any) -> str:
    """Return a sentence that ends with one full stop, whether or not it brought its own: a title at its end,
    a sentence of somebody.
    """
    text = str(sentence).strip()
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def as_sentences(parts: Iterable[Any]) -> str:
    """Join reasons that stand behind each other, each a sentence of its own: 'Nilai akhir 45, syarat 60.

    Remedial.'
    """
    text = (str(part).strip() for part in parts)
    return " ".join(full_stop(part[:1].upper() + part[1:]) for part in text if part)


def in_one_line(parts: Iterable[Any]) -> str:
    """Join reasons for brackets behind a name: 'hadir 20 dari 25 JP (80 %), syarat 85 %; PKL
    belum tercatat'.
    """
    return "; ".join(lower_first(str(part)).rstrip(".") for part in parts)


def lower_first(sentence: str) -> str:
    """Begin a sentence small, unless it begins with an abbreviation (PKL, JP, SK)."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def _(key: str, **values: Any) -> Text:
    """Mark a text for translation and keep its values apart from it."""
    return Text(key, **values)


def translate_with(translator: Callable[[str], str]) -> None:
    """Set how keys become sentences from here on, in this context (a request, a command, a mail)."""
    _translator.set(translator)


def shortlist(names: Iterable[Any], most: int = 10, separator: str = ", ") -> str:
    """Return names in one line; behind the first `most`, how many more there are."""
    given = [str(name) for name in names]
    return separator.join(given[:most]) + (f" (+{len(given) - most})" if len(given) > most else "")
