"""Scores as they are typed and written."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.core.scores import read_score, rounded, write_score


@pytest.mark.parametrize(
    ("typed", "value"),
    [("68", "68.00"), (" 72,5 ", "72.50"), ("72.25", "72.25"), ("0", "0.00"), ("100", "100.00")],
)
def test_scores_are_read_with_comma_or_point(typed, value):
    assert read_score(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "abc", "-1", "101", "100,01", "1,234", "1e2", "nan", "70 80", "7,"])
def test_what_is_no_mark(typed):
    with pytest.raises(ValueError, match="no score"):
        read_score(typed)


def test_scores_are_written_as_people_write_them():
    assert [write_score(v) for v in (Decimal("68.00"), Decimal("72.50"), Decimal("100"), None)] == [
        "68",
        "72,5",
        "100",
        "",
    ]


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "shown"),
    [
        (1, 8, 2, "0,13"),
        (100, 16, 1, "6,3"),
        (3, 8, 2, "0,38"),
        (-1, 8, 2, "-0,13"),
        (1, 3, 2, "0,33"),
        (2, 3, 2, "0,67"),
        (0, 5, 1, "0,0"),
    ],
)
def test_a_quotient_is_rounded_as_a_spreadsheet_does(part, whole, decimals, shown):
    assert rounded(Fraction(part, whole), decimals) == shown
    assert rounded(Fraction(201, 200), 2) == "1,01"  # as a float it lies below its half
