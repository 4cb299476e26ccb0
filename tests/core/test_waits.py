"""How long to wait before something is tried again: one way to say it, wherever too much was tried."""

from datetime import timedelta

import pytest

from app.certificates.checking import describe_wait
from app.core import throttle
from app.core.dates import wait_words
from app.core.errors import TooManyTries
from app.trainees.rules import too_many_of_one, too_many_registrations


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 menit"),
        (60, "1 menit"),
        (61, "2 menit"),
        (3540, "59 menit"),
        (3541, "1 jam"),
        (3601, "2 jam"),
        (86399, "24 jam"),
    ],
)
def test_a_wait_is_rounded_up_to_minutes_and_from_an_hour_on_to_hours(seconds, words):
    assert wait_words(seconds) == words


def test_every_sentence_about_too_many_tries_says_the_wait_once_and_the_same_way(db):
    throttle.count("sample", "somebody")
    with pytest.raises(TooManyTries) as refused:
        throttle.check("sample", "somebody", at_most=1, within=timedelta(minutes=8))
    for sentence in (
        refused.value.reason,
        describe_wait(480),
        too_many_registrations(480),
        too_many_of_one(480),
    ):
        assert str(sentence).count("lagi") == 1
        assert "oba lagi dalam 8 menit" in str(sentence)
