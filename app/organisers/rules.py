"""Which organiser may run which tier; who signs on a day; how a certificate number is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from app.core.choices import Choice
from app.core.text import Text, _
from app.regions.rules import LEVELS, Level

ORGANISER_LEVELS = (Level.NATION, Level.PROVINSI, Level.KABUPATEN)
PREFIXES = ("Plt.", "Plh.", "a.n.", "u.b.")
CODE = re.compile(r"[A-Z0-9]{2,16}")
UNIT = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
NIP = re.compile(r"[0-9]{18}")

PATTERN_LONGEST = 120
PART = re.compile(r"\{([^{}]*)\}")
PARTS = ("sequence", "tier", "unit", "month", "year")
PADDING = re.compile(r"sequence:0([1-9])")  # {sequence:03}: filled with zeros to three figures
AROUND = re.compile(r"[A-Za-z0-9 ./_()-]*")  # what may stand between the parts
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class Orientation(Choice):
    """How the sheet lies."""

    LANDSCAPE = "landscape", _("Mendatar")
    PORTRAIT = "portrait", _("Tegak")


class SecondSigner(Choice):
    """Where the second signer of the office stands on its certificates."""

    BACK = "back", _("Di halaman belakang")
    FRONT = "front", _("Di halaman depan, di samping penandatangan pertama")
    NONE = "none", _("Tidak dicetak")


@dataclass(frozen=True)
class SheetLayout:
    """How an office lays out its certificates; `photo` leaves a place of 3 x 4 cm where one is glued and
    stamped.
    """

    orientation: Orientation = Orientation.LANDSCAPE
    second_signer: SecondSigner = SecondSigner.BACK
    photo: bool = False


def may_run(organiser_level: Level, tier_level: Level) -> bool:
    """Return whether the tier is the organiser's own or a lower one."""
    return LEVELS.index(tier_level) >= LEVELS.index(organiser_level)


def refusal_to_run(
    organiser_level: Level,
    tier_level: Level,
    reason: str | None,
    *,
    tier: str | None = None,
    own_tier: str | None = None,
) -> Text | None:
    """Return the reason why an organiser of this level cannot run a tier of that level, or None when it can.

    Its own level's tier: yes. A lower one: with a written reason. A higher one: never. `tier` and `own_tier`
    are the labels to say.
    """
    words = {"tier": (tier or str(_("jenjang ini"))).lower(), "owner": str(tier_level.label).lower()}
    if not may_run(organiser_level, tier_level):
        if own_tier:
            return _(
                "%(office)s hanya dapat menyelenggarakan diklat %(own)s. Diklat %(tier)s diselenggarakan di"
                " tingkat %(owner)s.",
                office=organiser_level.label,
                own=own_tier.lower(),
                **words,
            )
        return _(
            "%(office)s tidak dapat menyelenggarakan diklat %(tier)s: jenjang itu diselenggarakan di tingkat"
            " %(owner)s.",
            office=organiser_level.label,
            **words,
        )
    if tier_level is not organiser_level and not (reason or "").strip():
        return _(
            "Diklat %(tier)s adalah jenjang tingkat %(owner)s, di bawah tingkat Anda. Tuliskan alasan Anda"
            " menyelenggarakannya.",
            **words,
        )
    return None


class Term(Protocol):
    """A signer's term: from a day to a day, the last one included, open when there is none."""

    prefix: str | None
    is_second: bool
    starts_on: date
    ends_on: date | None


class Named(Protocol):
    """What an office is called from a day on."""

    starts_on: date


T = TypeVar("T", bound=Term)
N = TypeVar("N", bound=Named)


def holds_on(term: Term, day: date) -> bool:
    """Return whether a term holds on a day."""
    return term.starts_on <= day and (term.ends_on is None or day <= term.ends_on)


def choose_signer(terms: Iterable[T], day: date, *, second: bool = False) -> T | None:
    """Return who signs on a day: an acting one (with a prefix) first, then the one who began last; None when
    nobody holds office.
    """
    holding = [term for term in terms if term.is_second is second and holds_on(term, day)]
    return max(holding, key=lambda term: (bool(term.prefix), term.starts_on), default=None)


def choose_name(names: Iterable[N], day: date) -> N | None:
    """Return what an office is called on a day: the name that began last; None before its first one."""
    return max(
        (name for name in names if name.starts_on <= day), key=lambda name: name.starts_on, default=None
    )


def overlapping(terms: Iterable[T], *, starts_on: date, ends_on: date | None, second: bool) -> T | None:
    """Return a regular signer of the same page whose term shares a day with this one; acting ones may overlap
    anybody.
    """
    for term in terms:
        if term.prefix or term.is_second is not second:
            continue
        begins_before_end = ends_on is None or term.starts_on <= ends_on
        if begins_before_end and (term.ends_on is None or starts_on <= term.ends_on):
            return term
    return None


def refusal_of_pattern(pattern: str) -> Text | None:
    """Return what is wrong with a number pattern, or None: known parts in any order, sequence and year among
    them, no other braces.
    """
    if len(pattern) > PATTERN_LONGEST:
        return _("Pola nomor paling panjang %(longest)d tanda.", longest=PATTERN_LONGEST)
    names = []
    for part in PART.findall(pattern):
        name = "sequence" if PADDING.fullmatch(part) else part
        if name not in PARTS:
            return _(
                "Bagian {%(part)s} tidak dikenal. Yang dikenal: {sequence}, {sequence:03}, {tier}, {unit},"
                " {month}, {year}.",
                part=part,
            )
        names.append(name)
    if AROUND.fullmatch(PART.sub("", pattern)) is None:
        return _(
            "Di antara bagian-bagiannya, pola nomor hanya memuat huruf, angka, spasi dan tanda . / - _ ( )."
        )
    if "sequence" not in names or "year" not in names:
        return _("Pola nomor harus memuat nomor urut {sequence} dan tahun {year}.")
    if any(names.count(name) > 1 for name in names):
        return _("Setiap bagian hanya boleh dipakai satu kali dalam pola nomor.")
    if re.search(r"\}\{|\d\{(sequence|year)|\{(sequence|year)[^}]*\}\d", pattern):
        return _(
            "Nomor urut dan tahun harus dipisahkan oleh tanda, misalnya garis miring, dari angka atau bagian"
            " di sebelahnya."
        )
    return None


def format_number(pattern: str, sequence: int, tier_letter: str, unit: str, issued_on: date) -> str:
    """Write a certificate number by the office's pattern: own substitution, so that a pattern can reach
    nothing but its five parts.
    """
    values = {
        "tier": tier_letter,
        "unit": unit,
        "month": ROMAN_MONTHS[issued_on.month - 1],
        "year": str(issued_on.year),
    }

    def value(part: re.Match[str]) -> str:
        padding = PADDING.fullmatch(part[1])
        if padding:
            return str(sequence).zfill(int(padding[1]))
        return str(sequence) if part[1] == "sequence" else values.get(part[1], part[0])

    return PART.sub(value, pattern)
