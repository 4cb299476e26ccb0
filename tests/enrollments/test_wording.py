"""What a person reads of the own enrollment: where it stands, what it asks, what ended it, the way on."""

from dataclasses import replace
from datetime import date

import pytest

from app.courses.acts import BatchState as B
from app.enrollments.rules import ENDED, EnrollmentStatus, SeatEnd
from app.enrollments.wording import Ask, OwnFacts, story_of

S = EnrollmentStatus
FIRST, LAST = date(2026, 5, 20), date(2026, 5, 23)
BEFORE = OwnFacts(
    S.ACCEPTED, B.OPEN, FIRST, LAST, date(2026, 5, 1), takes_applications=True, contact="Ibu Ratna, 0812"
)
DURING = replace(BEFORE, state=B.RUNNING, today=date(2026, 5, 21), takes_applications=False)
AFTER = replace(DURING, state=B.OVER, today=date(2026, 5, 28))


@pytest.mark.parametrize(
    ("facts", "words", "ask"),
    [
        (replace(BEFORE, status=S.SUBMITTED), "sedang diperiksa", None),
        (replace(BEFORE, status=S.VERIFIED), "Tempat diputuskan oleh panitia", None),
        (replace(BEFORE, status=S.WAITLISTED), "cadangan", None),
        (
            replace(BEFORE, status=S.RETURNED, note="Foto kabur"),
            "dikembalikan untuk dilengkapi",
            Ask.COMPLETE,
        ),
        (
            replace(BEFORE, status=S.RETURNED, state=B.CLOSED, takes_applications=False),
            "dikembalikan untuk dilengkapi",
            Ask.COMPLETE,
        ),
        (replace(DURING, status=S.RETURNED), "Hubungi narahubung: Ibu Ratna, 0812", None),
        (replace(AFTER, is_forgotten=True), "batalkan pendaftaran ini agar dapat ikut angkatan lain", None),
        (
            replace(BEFORE, status=S.OFFERED, offer_ends="besok 10.00"),
            "paling lambat besok 10.00",
            Ask.ANSWER_OFFER,
        ),
        (
            replace(BEFORE, status=S.OFFERED),
            "segera dijawab; tempatnya disimpan 24 jam sejak Anda dikabari.",
            Ask.ANSWER_OFFER,
        ),
        (
            replace(DURING, status=S.OFFERED),
            "Bila tidak bisa hadir, hubungi narahubung: Ibu Ratna, 0812.",
            Ask.ANSWER_OFFER,
        ),
        (BEFORE, "Apakah Anda bersedia hadir?", Ask.ANSWER_CALL),
        (replace(BEFORE, status=S.CALLED), "Apakah Anda bersedia hadir?", Ask.ANSWER_CALL),
        (replace(BEFORE, status=S.CONFIRMED), "Mohon hadir pada hari pertama, 20 Mei 2026", None),
        (
            replace(BEFORE, today=FIRST),
            "dimulai hari ini. Bila berhalangan, hubungi narahubung: Ibu Ratna, 0812",
            None,
        ),
        (DURING, "sedang berlangsung", None),
        (replace(DURING, status=S.CALLED), "sedang berlangsung", None),
        (replace(DURING, status=S.CONFIRMED), "sedang berlangsung", None),
        (AFTER, "menunggu rapat kelulusan", None),
        (replace(AFTER, state=B.OPEN), "menunggu rapat kelulusan", None),  # a record of the past
        (replace(AFTER, state=B.PROPOSED), "Hasilnya sedang diputuskan", None),
        (replace(AFTER, state=B.APPROVED), "sudah memutuskan hasilnya", None),
    ],
)
def test_what_is_in_force_says_where_it_stands_and_asks_only_what_can_be_answered(facts, words, ask):
    story = story_of(facts)
    assert words in str(story.sentence)
    assert (story.ask, story.is_over, story.leads_on) == (ask, False, False)


@pytest.mark.parametrize("status", [S.ACCEPTED, S.CALLED, S.CONFIRMED])
@pytest.mark.parametrize("facts", [DURING, AFTER])
def test_nothing_asks_to_come_once_the_first_day_has_passed(facts, status):
    story = story_of(replace(facts, status=status))
    assert story.ask is None
    assert "hadir" not in str(story.sentence)


@pytest.mark.parametrize("end", SeatEnd)
def test_each_ending_is_said_in_words_with_its_reason(end):
    story = story_of(replace(BEFORE, ended_as=end, ended_reason="Anggaran ditunda"))
    assert (story.is_over, story.reason, story.ask) == (True, "Anggaran ditunda", None)
    assert str(story.sentence) != str(end.label)


@pytest.mark.parametrize(
    ("end", "leads_on"),
    [
        (SeatEnd.CANCELLED, True),
        (SeatEnd.REVOKED, True),
        (SeatEnd.FAILED, True),
        (SeatEnd.DEFERRED, False),
        (SeatEnd.NOT_SERVING, False),
    ],
)
def test_where_another_batch_helps_it_is_the_way_on(end, leads_on):
    assert story_of(replace(BEFORE, ended_as=end)).leads_on is leads_on


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_was_decided_against_is_said_with_the_reason(status):
    story = story_of(replace(BEFORE, status=status, note="Kuota desa penuh"))
    assert story.is_over
    assert story.leads_on
    assert story.reason == ("" if status is S.LAPSED else "Kuota desa penuh")


def test_an_offer_that_lapsed_says_so_although_nobody_wrote_it_down():
    story = story_of(replace(BEFORE, status=S.OFFERED, is_lapsed=True))
    assert "tidak dijawab sampai batas waktunya" in str(story.sentence)
    assert (story.ask, story.may_ask_again) == (None, True)
