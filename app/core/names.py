"""How names of people are compared: without accents and points, and, to find somebody twice, without titles;
how one is written that was typed in capitals alone or without any.
"""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
_JOINS = frozenset(" .,-/()'’‘ʼ`´")
_TITLES_BEFORE = frozenset(
    (
        "h",
        "hj",
        "hjh",
        "drs",
        "dra",
        "dr",
        "drg",
        "ir",
        "prof",
        "kh",
        "ust",
        "ustadz",
        "ustadzah",
        "tgk",
        "tn",
        "ny",
        "bpk",
    )
)
_TITLES_BEHIND = frozenset(
    (
        "spd",
        "spdi",
        "spdsd",
        "mpd",
        "mpdi",
        "ssos",
        "msos",
        "msi",
        "se",
        "sei",
        "sh",
        "shi",
        "mh",
        "sag",
        "mag",
        "skom",
        "mkom",
        "sip",
        "skep",
        "ns",
        "ners",
        "amd",
        "amdkeb",
        "amdkep",
        "sst",
        "sstp",
        "strsos",
        "strkeb",
        "stp",
        "st",
        "mt",
        "mm",
        "skm",
        "mkes",
        "spsi",
        "mpsi",
        "sp",
        "mp",
        "shut",
        "sthi",
        "sap",
        "map",
        "sked",
        "apt",
        "lc",
        "ma",
        "ba",
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʼ`´][^\W\d_]+)*")  # Nur'aini is one word, Al-Habsyi and S.Pd are two
_SMALL_WITHIN = frozenset(("bin", "binti"))
_NUMERALS = frozenset(("II", "III", "IV"))
_LEAST_APART = 3  # letters that stand alone and are no initials
_CAPITALS_AT_MOST = 2  # letters of a degree without points: SH, SE, MM


def is_of_name(character: str) -> bool:
    """Return whether a character stands in names of people: letters of the Latin script and their accents,
    and what joins or shortens words.
    """
    return (
        character in _JOINS
        or unicodedata.category(character) == "Mn"
        or (character.isalpha() and unicodedata.name(character, "").startswith("LATIN"))
    )


def fold_name(name: str) -> str:
    """Return the name as it is compared: small letters without accents, apostrophes or points,
    single blanks.
    """
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(character)
    )
    without = re.sub(r"['’‘ʼ`´]", "", plain)
    return " ".join(re.sub(r"[^\w]|_", " ", without).split())[:LONGEST].rstrip()


def bare_name(name: str) -> str:
    """Return the name as two records of one person are found by it: folded, without titles before and behind
    it, however written; one whose letters all stand apart (N U R D I N) is one word.
    """
    for part in name.split(","):
        words = without_titles_before(_together(fold_name(part).split()))
        while size := next(
            (n for n in (3, 2, 1) if len(words) > n and "".join(words[-n:]) in _TITLES_BEHIND), 0
        ):
            words = words[:-size]
        if words and "".join(words) not in _TITLES_BEFORE | _TITLES_BEHIND:
            return " ".join(words)
    return fold_name(name)


def who_is_called(name: str, people: Iterable[tuple[int, str]]) -> list[int]:
    """Return the ids of those who are called so: by the whole name, else without titles, else wherever its
    words are parted.
    """
    known = list(people)
    for key in (fold_name, bare_name, _in_one):
        if found := [each for each, called in known if key(called) == key(name)]:
            return found
    return []


def _in_one(name: str) -> str:
    return bare_name(name).replace(" ", "")


def _together(words: list[str]) -> list[str]:
    return ["".join(words)] if len(words) >= _LEAST_APART and all(len(word) == 1 for word in words) else words


def without_titles_before(words: list[str]) -> list[str]:
    """Return the words of a folded name without the titles that it begins with; a title alone stays."""
    while len(words) > 1 and words[0] in _TITLES_BEFORE:
        words = words[1:]
    return words


def usual_spelling(name: str) -> str | None:
    """Return how a name that was typed in capitals alone, or without any, is usually written; None where it
    has both.

    Titles with points and degrees behind a comma do not decide; somebody may be called as it was typed, so
    this is only proposed.
    """
    own, *degrees = " ".join(name.split()).split(",")
    plain = "".join(word for word in own.split() if "." not in word)
    if len(plain) < 2 or not (plain.isupper() or plain.islower()):
        return None
    words = [_usual_word(word, is_first=not number) for number, word in enumerate(own.split())]
    proposed = ",".join([" ".join(words), *(_usual_degree(each) for each in degrees)])
    return None if proposed == name else proposed


def _usual_word(word: str, *, is_first: bool) -> str:
    if not (word.isupper() or word.islower()):
        return word
    if word.upper() in _NUMERALS:
        return word.upper()
    if word.casefold() in _SMALL_WITHIN and not is_first:
        return word.casefold()
    return _WORD.sub(lambda found: found[0].capitalize(), word)


def _usual_degree(degree: str) -> str:
    if not (degree.isupper() or degree.islower()):
        return degree
    return (
        degree.upper()
        if len(degree.strip()) <= _CAPITALS_AT_MOST
        else _WORD.sub(lambda found: found[0].capitalize(), degree)
    )
