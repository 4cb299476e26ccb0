"""Who changes a row says which version was read; what others have changed since is named with both values
(`core.versions`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from app.api.fields import Schema, Words
from app.core.errors import Conflict, RuleViolation
from app.core.text import _
from app.core.versions import LONGEST, Stale, lines_of, lines_to_leave, plain, version_of

S = TypeVar("S", bound=type[Schema])

COMPARED = {"nik": "nik_index"}  # a digest of the number itself would give it away
SHOWN = {"nik": "nik_masked"}
CHANGED: dict[
    type, list[tuple[str, str]]
] = {}  # by the kind of row: what its body changes, and the column that says it


def version_read() -> Words:
    """Return the field for the version of the row that the program had read; without it, what is sent is
    written as it is.
    """
    words = (
        "Dari jawaban yang dibaca. Yang diubah orang lain sejak itu tidak tertimpa: 409 dengan kedua nilainya"
    )
    return Words(LONGEST, load_default="", metadata={"description": words})


def changes(kind: type) -> Callable[[S], S]:
    """Say of a body which kind of row it changes."""

    def declare(schema: S) -> S:
        columns = [(name, COMPARED.get(name, name)) for name in schema().fields]
        CHANGED[kind] = [(name, column) for name, column in columns if hasattr(kind, column)]
        return schema

    return declare


class Overtaken(Conflict):
    """Others have changed the same facts; `errors` names, by field, what is stored now and what was sent."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        names = ", ".join(sorted(errors))
        sentence = _(
            "Diubah orang lain sejak Anda membacanya: %(names)s. Baca lagi, lalu kirim dengan version yang"
            " baru.",
            names=names,
        )
        super().__init__(sentence)
        self.errors = errors


def version_of_row(row: Any) -> str:
    """Return the version of what a program may change of a row."""
    return version_of(lines_of(_facts_of(row)), shown=False)


def still_to_change(row: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a body that are to be written on a row, which is held and read anew; the version is
    left out.

    Raises Overtaken where others have stored something else since than what was read and what is sent.
    """
    facts = {name: value for name, value in sent.items() if name != "version"}
    if not sent["version"]:
        return facts
    stored = _facts_of(row)
    keys = {name: key for key, name in enumerate(sorted(stored))}
    try:
        lines_to_leave(
            sent["version"],
            {keys[name]: plain(facts[name]) for name in facts if name in keys},
            lines_of(stored),
        )
    except Stale as stale:
        now = {
            name: plain(getattr(row, SHOWN[name]) if name in SHOWN else stored[name])
            for name in facts
            if name in keys
        }
        both = {
            name: (now[name] or "–", plain(facts[name]) or "–") for name in now if keys[name] in stale.asked
        }
        if not both:
            raise RuleViolation(
                _("Version ini bukan dari jawaban yang dibaca. Baca lagi datanya."), field="version"
            ) from stale
        values = {
            name: [str(_("Kini tersimpan “%(now)s”, Anda mengirim “%(sent)s”.", now=a, sent=b))]
            for name, (a, b) in both.items()
        }
        raise Overtaken(values) from stale
    return facts


def _facts_of(row: Any) -> dict[str, Any]:
    return {name: getattr(row, column) for name, column in CHANGED[type(row)]}
