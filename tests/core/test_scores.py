"""Scores as they are typed and written."""

from decimal import Decimal

import pytest

from app.core.scores import read_score, write_score


@pytest.mark.parametrize(("typed", "value"), [("68", "68.00"), (" 72,5 ", "72.50"), ("72.25", "72.25"), ("0", "0.00"), ("100", "100.00")])
def test_scores_are_read_with_comma_or_point(typed, value):
    assert read_score(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "abc", "-1", "101", "100,01", "1,234", "1e2", "nan", "70 80", "7,"])
def test_what_is_no_mark(typed):
    with pytest.raises(ValueError, match="no score"):
        read_score(typed)


def test_scores_are_written_as_people_write_them():
    assert [write_score(v) for v in (Decimal("68.00"), Decimal("72.50"), Decimal("100"), None)] == ["68", "72,5", "100", ""]
