"""Scores from 0 to 100 with at most two decimals: how they are typed, checked and written; how quotients are
rounded.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.core.text import _
from app.core.typed import read_decimal_text

SCORE_STEP = Decimal("0.01")
NOT_A_SCORE = _("Isi dengan nilai dari 0 sampai 100, paling banyak dua angka di belakang koma.")


def read_score(text: str) -> Decimal:
    """Read a score typed with comma or point; raises ValueError for anything but 0 to 100 with at most two
    decimals.
    """
    written = read_decimal_text(text)
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", written):
        raise ValueError(f"no score: {text}")
    value = Decimal(written)
    if not is_score(value):
        raise ValueError(f"no score: {text}")
    return value.quantize(SCORE_STEP)


def is_score(value: Decimal) -> bool:
    """Return whether this is a score: a number from 0 to 100 with at most two decimals."""
    return value.is_finite() and 0 <= value <= 100 and value == value.quantize(SCORE_STEP)


def rounded(value: Fraction | float, decimals: int) -> str:
    """Return a quotient with so many decimals, half of the last one rounded away from zero as spreadsheets
    do: 1 of 8 is 0,13.

    Give it the exact Fraction where there is one: a float may lie below or above the half that the quotient
    is.
    """
    exact = Fraction(value) * 10**decimals
    steps = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{steps.scaleb(-decimals):.{decimals}f}".replace(".", ",")


def write_score(value: Decimal | None) -> str:
    """Return a score as people write it: 68, 72,5; empty without one."""
    if value is None:
        return ""
    whole = f"{value:.2f}".rstrip("0").rstrip(".")
    return whole.replace(".", ",")
