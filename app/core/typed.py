"""How typed text is read: characters nobody sees, days and numbers as people write them.

One reading for pages, programs, pasted lists.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time

from app.core.dates import DAYS, MONTHS, long_date
from app.core.text import Text, _

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
LONGEST_DAY = 40  # characters
LONGEST_NUMBER = 30  # characters
LARGEST_EXPONENT = 12  # figures of a number that any of our columns may be asked to hold
PEOPLE, SEATS = (
    ("orang", "jiwa", "klien"),
    ("tempat", "kursi", "orang", "peserta"),
)  # words behind a number, the first as it is asked for
DAYS_LONG, LESSONS, MINUTES = ("hari",), ("JP", "jam pelajaran"), ("menit", "mnt")

UNREADABLE_DAY = _(
    "Tanggal ini tidak dapat dibaca. Tulis hari, bulan, lalu tahun. Contoh: 24-05-2011 atau 24 Mei 2011."
)
SHORT_YEAR = _("Tulis tahunnya dengan empat angka. Contoh: 24-05-2011.")
NO_SUCH_DAY = _("Tanggal ini tidak ada dalam kalender. Periksa hari dan bulannya.")
FAR_YEAR = _("Tanggal ini di luar jangkauan. Periksa tahunnya.")
UNREADABLE_TIME = _("Jam ini tidak dapat dibaca. Contoh: 08.30")
NO_SUCH_TIME = _("Jam ini tidak ada. Jam ditulis dari 00.00 sampai 23.59.")
NO_WHOLE_NUMBER = _("Isi dengan angka bulat. Contoh: 30 atau 1.500.")
UNSEEN_CHARACTER = _("Isian ini memuat tanda yang tidak dapat dibaca. Ketik ulang tanpa menyalin.")
MOST_MARKS = 2  # accents on one letter: more are no language, and run over the lines above and below

# As people shorten and write them, besides the first three letters of each; English ones stand in what phones
# and spreadsheets write.
_MONTH_WORDS = {
    **{month.casefold(): number for number, month in enumerate(MONTHS, start=1)},
    **{month[:3].casefold(): number for number, month in enumerate(MONTHS, start=1)},
    "pebruari": 2,
    "peb": 2,
    "mrt": 3,
    "agst": 8,
    "agt": 8,
    "ags": 8,
    "sept": 9,
    "nopember": 11,
    "nop": 11,
    "january": 1,
    "february": 2,
    "march": 3,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "aug": 8,
    "october": 10,
    "oct": 10,
    "december": 12,
    "dec": 12,
}
_DAY_WORDS = {day.casefold(): number for number, day in enumerate(DAYS)} | {
    "jum'at": 4,
    "jumaat": 4,
    "ahad": 6,
}
_ROMAN_MONTHS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_MIDNIGHT = re.compile(r"[ t]00[:.]00(?:[:.]00(?:\.0+)?)?$")  # as spreadsheets write a day
_GAP = r"\s*[-./\s,]\s*"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_GAP}(\d{{1,2}}|[a-z]+)\.?{_GAP}(\d{{4}}|\d{{2}})", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_GAP}(\d{{1,2}}|[a-z]+){_GAP}(\d{{1,2}})", re.IGNORECASE)
_WHOLE = re.compile(r"(-?)(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+)(?:,(?:0{1,2}|-))?")
_HOURS_LONG = re.compile(r"(\d{1,2}) ?jam(?: (\d{1,2}) ?(?:menit|mnt)?)?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_BREAKS = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n"}


class UnreadableError(ValueError):
    """What was typed cannot be read; `reason` is the sentence for whoever typed it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


def clean_text(text: str, *, one_line: bool = False) -> str:
    """Return a text as it is stored: trimmed, in Unicode form NFC, every blank a plain one, without
    characters that only steer the display.

    Marks of direction and of no width come along when a name or number is copied from a chat: they mean
    nothing and would turn the printed line around. `one_line`: line breaks and tabs become blanks too. What
    `has_unreadable_character` finds is left, to be refused.
    """
    cleaned = []
    for character in text:
        character = _BREAKS.get(character, character)
        category = unicodedata.category(character)
        if category == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F:
            continue
        cleaned.append(" " if category == "Zs" or (one_line and character in "\n\r\t") else character)
    return unicodedata.normalize("NFC", "".join(cleaned).strip())


def has_unreadable_character(text: str) -> bool:
    """Return whether a text holds characters that no keyboard types and no font draws: control characters,
    halves of characters, private ones, and accents stacked on one another.
    """
    return has_stacked_marks(text) or any(
        (unicodedata.category(character) in ("Cc", "Cs", "Co") and character not in "\n\r\t")
        or ord(character) & 0xFFFE == 0xFFFE  # no character at all, in no version of Unicode
        or 0xFDD0 <= ord(character) <= 0xFDEF
        for character in text
    )


def has_stacked_marks(text: str) -> bool:
    """Return whether more accents stand on one letter than any language puts there."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks > MOST_MARKS:
            return True
    return False


def plain_digits(text: str) -> str:
    """Return the text with the digits of every script as 0 to 9, and every dash as the one of
    the keyboard.
    """
    found = [
        str(unicodedata.decimal(character))
        if not character.isascii() and character.isdecimal()
        else character
        for character in text
    ]
    return "".join(found).translate(_DASHES)


def read_day(text: str, *, born_by: date | None = None) -> date:
    """Read a day as people write it: 24-05-2011, 24/5/2011, 24.5.2011, 24 Mei 2011, Selasa 24 mei 2011,
    24052011, 2011-05-24, 24-V-2011, and as spreadsheets write it: 2011-05-24 00:00:00.

    The day comes before the month, always. A year of two figures is refused, for it may be past or to come;
    only that of a birth is read, as the last one up to `born_by`. A day of the week that is not the date's
    own is refused: one of the two was mistyped. Raises UnreadableError.
    """
    typed = plain_digits(clean_text(text, one_line=True)).casefold()
    if len(typed) > LONGEST_DAY:
        raise UnreadableError(UNREADABLE_DAY)
    typed = _MIDNIGHT.sub("", typed).rstrip(".")
    first, gap, rest = typed.replace(",", " ", 1).partition(" ") if typed[:1].isalpha() else ("", "", typed)
    typed = rest.strip() if gap and first in _DAY_WORDS else typed
    if re.fullmatch(r"\d{8}", typed):  # never both: the figures that are a month are no year
        year_first = EARLIEST_YEAR <= int(typed[:4]) <= LATEST_YEAR and int(typed[4:6]) <= 12
        parts = (typed[6:], typed[4:6], typed[:4]) if year_first else (typed[:2], typed[2:4], typed[4:])
    elif found := _DAY_FIRST.fullmatch(typed):
        parts = (found[1], found[2], found[3])
    elif found := _YEAR_FIRST.fullmatch(typed):
        parts = (found[3], found[2], found[1])
    else:
        raise UnreadableError(UNREADABLE_DAY)
    day = _day_of(*parts, born_by)
    if gap and first in _DAY_WORDS and day.weekday() != _DAY_WORDS[first]:
        named = DAYS[day.weekday()]
        raise UnreadableError(
            _(
                "%(day)s jatuh pada hari %(named)s. Periksa harinya atau tanggalnya.",
                day=long_date(day),
                named=named,
            )
        )
    return day


def _day_of(day: str, month: str, year: str, born_by: date | None) -> date:
    number = int(month) if month.isdecimal() else _MONTH_WORDS.get(month, 0) or _ROMAN_MONTHS.get(month, 0)
    if not number:
        raise UnreadableError(UNREADABLE_DAY)
    if len(year) == 2 and born_by is None:
        raise UnreadableError(SHORT_YEAR)
    years = [int(year)] if len(year) == 4 else [century + int(year) for century in (2000, 1900)]
    days = []
    for each in years:
        try:
            days.append(date(each, number, int(day)))
        except ValueError:
            continue
    if not days:
        raise UnreadableError(NO_SUCH_DAY if number <= 12 else UNREADABLE_DAY)
    found = next((each for each in days if born_by is None or each <= born_by), days[-1])
    if is_far(found):
        raise UnreadableError(FAR_YEAR)
    return found


def is_far(day: date) -> bool:
    """Return whether a day lies outside the years that an office deals with: a year mistyped."""
    return not EARLIEST_YEAR <= day.year <= LATEST_YEAR


def read_time(text: str) -> time:
    """Read a time of day as people write it: 08.30, 8:30, 8;30, 08-30, 8 30, 0830, 8, pukul 08.30 WITA.

    Raises UnreadableError.
    """
    written = plain_digits(clean_text(text, one_line=True)).casefold()
    found = re.fullmatch(
        r"(?:pukul|jam|pkl\.?)? ?(\d{1,2}?)(?: ?[.:,;-] ?(\d{2})(?:[.:]00)?| ?(\d{2}))?(?: ?wi(?:b|ta|t))?",
        written,
    )
    if found is None:
        raise UnreadableError(UNREADABLE_TIME)
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    if hour > 23 or minute > 59:
        raise UnreadableError(NO_SUCH_TIME)
    return time(hour, minute)


def read_whole(text: str, units: Sequence[str] = ()) -> int:
    """Read a whole number as people write it: 1500, 1.500, 1 500, Rp 1.500.000,00. Raises UnreadableError.

    A point stands between thousands, a comma before parts: 1,5 and 1.5 are no whole numbers, and 1,500 may
    mean either. Behind it may stand one of the words that the number counts, and no other: 1 jam is no 1
    menit. Minutes are read of hours: 1 jam 15 menit is 75.
    """
    typed = " ".join(plain_digits(clean_text(text, one_line=True)).casefold().split())
    if len(typed) > LONGEST_NUMBER:
        raise UnreadableError(NO_WHOLE_NUMBER)
    if units is MINUTES and (long := _HOURS_LONG.fullmatch(typed)):
        return int(long[1]) * 60 + int(long[2] or 0)
    typed = re.sub(r"^rp\.? ?", "", typed)
    if units:
        typed = re.sub(rf" ?(?:{'|'.join(units)})\.?$", "", typed, flags=re.IGNORECASE)
        if re.fullmatch(r"[\d., ]*\d ?[a-z. ]+", typed):
            raise UnreadableError(
                _("Isi dengan angka bulat, dihitung dalam %(unit)s. Contoh: 30 %(unit)s.", unit=units[0])
            )
    found = _WHOLE.fullmatch(typed)
    digits = re.sub(r"[. ]", "", found[2]) if found else ""
    if not digits or len(digits.lstrip("0")) > LARGEST_EXPONENT:
        raise UnreadableError(NO_WHOLE_NUMBER)
    return int(f"{found[1]}{digits}") if found else 0


def read_decimal_text(text: str) -> str:
    """Return a number with parts as machines write it ('85.5'), from '85,5', '85.5', '٨٥٫٥'; the caller
    states which are allowed.
    """
    return plain_digits(clean_text(text, one_line=True)).replace("\u066b", ".").replace(",", ".")
