"""Which version did you read? Whoever overwrites rows states what was read, and is asked where others have
saved since.

A version is a short text: a digest of what frames the lines (the times of the sessions, say), and two of each
line: as it was stored, and as it was shown. It is no secret and no seal; who forges one could as well read
again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from app.core.choices import Choice
from app.core.errors import Conflict
from app.core.text import Text, _, shortlist

NOTHING = (None, ())  # what an empty line stores
DIGEST_LENGTH = 10
LONGEST = 100_000


@dataclass(frozen=True)
class Line:
    """One line as it is stored, and as a form shows it: an empty one may be shown with its usual value."""

    stored: Any
    shown: Any
    saved_by_id: int | None = None
    saved_at: datetime | None = None
    description: str = ""  # whose line it is and what it holds, for clients of the API


L = TypeVar("L", bound=Line)


class Stale(Conflict):
    """Others have saved since.

    `asked`: lines that both changed differently; `left`: those that only the others changed.
    """

    def __init__(
        self,
        reason: Text,
        *,
        asked: frozenset[int],
        left: frozenset[int],
        now: Mapping[int, Line],
        version: str,
    ) -> None:
        super().__init__(reason)
        self.asked = asked
        self.left = left
        self.now = now
        self.version = version


@dataclass(frozen=True)
class Reading:
    """What somebody had read: the digest of the frame, and (as stored, as shown) of each line."""

    frame: str
    lines: Mapping[int, tuple[str, str]]


def version_of(lines: Mapping[int, Line], *, frame: Any = None, shown: bool = True) -> str:
    """Return the version of these lines; `shown=False` for programs, whose every line is meant
    as it is sent.
    """
    parts = [digest_of(frame)]
    for key, line in sorted(lines.items()):
        parts.append(f"{key}.{digest_of(line.stored)}.{digest_of(line.shown) if shown else ''}")
    return "~".join(parts)


def read_version(text: str) -> Reading:
    """Return what a version holds; a text that is no version means that nothing was read."""
    frame, *parts = text[:LONGEST].split("~")
    lines = {}
    for part in parts:
        key, *digests = part.split(".")
        if key.isascii() and key.isdigit() and len(key) < 20 and len(digests) == 2:
            lines[int(key)] = (digests[0], digests[1])
    return Reading(frame, lines)


def changed_since(version: str, now: Mapping[int, Line]) -> list[int]:
    """Return the lines that are stored otherwise than they were read, or were not read at all; none without a
    version.
    """
    read = read_version(version).lines
    return [
        key
        for key, line in sorted(now.items())
        if version and read.get(key, ("", ""))[0] != digest_of(line.stored)
    ]


def lines_to_leave(
    version: str, typed: Mapping[int, Any], now: Mapping[int, Line], *, frame: Any = None
) -> frozenset[int]:
    """Return the lines that stay as others saved them, since the reader changed nothing there against what
    was read.

    To be asked inside the decision, under the lock that guards the rows; `now` holds at least the lines of
    `typed`. Raises Stale when a line was changed by both, differently, or when the frame is another one. An
    empty line is overwritten without asking.
    """
    read = read_version(version)
    left, asked = set(), set()
    for key, value in typed.items():
        line = now[key]
        stored, shown = read.lines.get(key, ("", ""))
        if stored == digest_of(line.stored):
            continue
        is_empty, is_same = line.stored in NOTHING, digest_of(value) == digest_of(line.shown)
        if shown == digest_of(value):
            if is_empty or not is_same:  # an emptied line is not filled again with what it held before
                left.add(key)
        elif not is_same and (stored or not is_empty):
            asked.add(key)
    reframed = bool(version) and read.frame != digest_of(frame)
    if asked or reframed:
        reason = (
            _describe_clash([now[key].description for key in sorted(asked)], was_read=bool(version))
            if asked
            else _("Jadwalnya berubah sejak Anda membacanya. Periksa isian ini, lalu simpan lagi.")
        )
        version = version_of(now, frame=frame)
        raise Stale(reason, asked=frozenset(asked), left=frozenset(left), now=now, version=version)
    return frozenset(left)


def _describe_clash(descriptions: list[str], *, was_read: bool) -> Text:
    """Describe which lines are stored otherwise: since they were read, or at all where nothing was read."""
    lines = shortlist(filter(None, descriptions), 5, "; ")
    behind = f": {lines}" if lines else ""
    if not was_read:
        return _(
            "%(count)d baris sudah terisi dengan isi lain%(lines)s. Baca dahulu daftarnya, lalu kirim bersama"
            " version yang dibaca.",
            count=len(descriptions),
            lines=behind,
        )
    return _(
        "%(count)d baris tersimpan dengan isi berbeda sejak Anda membacanya%(lines)s. Bandingkan keduanya,"
        " lalu simpan lagi.",
        count=len(descriptions),
        lines=behind,
    )


def lines_of(facts: Mapping[str, Any]) -> dict[int, Line]:
    """Return the facts of one row as lines, in the order of their names."""
    values = [plain(facts[name]) for name in sorted(facts)]
    return {key: Line(value, value) for key, value in enumerate(values)}


def plain(value: Any) -> str:
    """Return a value as two readings of it are compared, and as a sentence shows it."""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return value.value
    return " ".join(str(getattr(value, "code", value)).split())


def digest_of(value: Any) -> str:
    """Return a short text that differs where values differ."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:DIGEST_LENGTH]
