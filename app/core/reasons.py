"""What counts as a reason: words that somebody can still read in a year, wherever an act asks for one."""

from app.core.text import Text, _

LEAST_LETTERS = 5
LEAST_DIFFERENT = 3  # "xxxxx" and "aaaaa" are no words
MOST_CHARACTERS = 500


def refusal_of_reason(
    reason: str | None, *, least: int = LEAST_LETTERS, most: int = MOST_CHARACTERS
) -> Text | None:
    """Return the reason why this is no reason of some words, or None. It must have letters, not only dots and
    figures, and fit where it is stored.
    """
    text = (reason or "").strip()
    letters = [character for character in text.casefold() if character.isalpha()]
    if len(letters) < least or len(set(letters)) < LEAST_DIFFERENT:
        return _(
            "Tuliskan alasannya dengan kata-kata (paling sedikit %(least)d huruf, %(different)d di antaranya"
            " berbeda), agar dapat dipahami di kemudian hari.",
            least=least,
            different=LEAST_DIFFERENT,
        )
    if len(text) > most:
        return _("Alasan paling panjang %(most)d huruf.", most=most)
    return None
