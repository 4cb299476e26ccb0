"""One rule says what a reason is, and every act that asks for one asks that rule."""

import pytest

from app.core.reasons import refusal_of_reason


@pytest.mark.parametrize(
    "reason", ["sakit", "Wafat", "  Ejaan nama  ", "SK 12 dicabut", "Pindah ke Rantau", "بسبب المرض"]
)
def test_words_are_a_reason(reason):
    assert refusal_of_reason(reason) is None


@pytest.mark.parametrize(
    "reason",
    [None, "", "   ", "x", "ok", ".....", "- - -", "12345678", "xxxxxxxx", "ababab", "a.b.c.", "1 2 3 ab"],
)
def test_a_press_is_no_reason(reason):
    assert "Tuliskan alasannya" in str(refusal_of_reason(reason))


def test_a_reason_fits_where_it_is_kept():
    assert refusal_of_reason("alasan " * 40, most=300) is None
    assert "paling panjang 300" in str(refusal_of_reason("alasan " * 50, most=300))


def test_an_act_may_ask_for_more_words():
    assert refusal_of_reason("sakit", least=10) is not None
    assert refusal_of_reason("sakit keras di rumah", least=10) is None
