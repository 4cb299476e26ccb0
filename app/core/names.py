"""How names of people are compared: without accents and points, and, to find somebody twice, without titles."""

import re
import unicodedata

LONGEST = 200
_JOINS = frozenset(" .,-/()'’‘ʼ`´")
_TITLES_BEFORE = frozenset((
    "h", "hj", "hjh", "drs", "dra", "dr", "drg", "ir", "prof", "kh", "ust", "ustadz", "ustadzah", "tgk", "tn", "ny", "bpk",
))  # fmt: skip
_TITLES_BEHIND = frozenset((
    "spd", "spdi", "spdsd", "mpd", "mpdi", "ssos", "msos", "msi", "se", "sei", "sh", "shi", "mh", "sag", "mag", "skom", "mkom", "sip",
    "skep", "ns", "ners", "amd", "amdkeb", "amdkep", "sst", "sstp", "strsos", "strkeb", "stp", "st", "mt", "mm", "skm", "mkes", "spsi",
    "mpsi", "sp", "mp", "shut", "sthi", "sap", "map", "sked", "apt", "lc", "ma", "ba",
))  # fmt: skip


def is_of_name(sign: str) -> bool:
    """Say whether a sign stands in names of people: letters of the Latin script and their accents, and what joins or shortens words."""
    return sign in _JOINS or unicodedata.category(sign) == "Mn" or (sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN"))


def fold_name(name: str) -> str:
    """Return the name as it is compared: small letters without accents, apostrophes or points, single blanks."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    without = re.sub(r"['’‘ʼ`´]", "", plain)
    return " ".join(re.sub(r"[^\w]|_", " ", without).split())[:LONGEST].rstrip()


def bare_name(name: str) -> str:
    """Return the name as two records of one person are found by it: folded, without titles before and behind it, however written."""
    for part in name.split(","):
        words = without_titles_before(fold_name(part).split())
        while size := next((n for n in (3, 2, 1) if len(words) > n and "".join(words[-n:]) in _TITLES_BEHIND), 0):
            words = words[:-size]
        if words and "".join(words) not in _TITLES_BEFORE | _TITLES_BEHIND:
            return " ".join(words)
    return fold_name(name)


def without_titles_before(words: list[str]) -> list[str]:
    """Return the words of a folded name without the titles that it begins with; a title alone stays."""
    while len(words) > 1 and words[0] in _TITLES_BEFORE:
        words = words[1:]
    return words
