"""What may be asked, answered and placed, as tables; no database."""

from datetime import date, timedelta

import pytest

from app.fieldwork.rules import (
    ANSWERS,
    STANDING,
    TRANSITIONS,
    Claim,
    VisitStatus,
    busiest_day,
    names_are_shown,
    places_granted,
    places_left,
    refusal_to_answer,
    refusal_to_place,
    refusal_to_request,
)

V = VisitStatus
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 15)


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (V.REQUESTED, 30),
        (V.AWAITING_PERMISSION, 30),
        (V.ACCEPTED, 20),
        (V.PARTLY_ACCEPTED, 20),
        (V.OTHER_DATE, 0),
        (V.DECLINED, 0),
        (V.CANCELLED, 0),
    ],
)
def test_a_visit_keeps_what_was_granted_or_what_is_asked_while_no_answer_is_given(status, kept):
    assert Claim(status, requested=30, granted=20).places == kept
    assert (kept > 0) == (status in STANDING)


def test_places_left_never_fall_below_zero():
    assert places_left(40, [Claim(V.ACCEPTED, 30, 30)]) == 10
    assert places_left(40, [Claim(V.ACCEPTED, 30, 30), Claim(V.REQUESTED, 30, 0)]) == 0


def test_the_busiest_day_adds_up_visits_of_one_day_only():
    visits = [(FIRST, V.ACCEPTED, 30, 20), (FIRST, V.REQUESTED, 5, 0), (LAST, V.ACCEPTED, 24, 24), (LAST, V.CANCELLED, 90, 90)]
    assert busiest_day(visits) == 25
    assert busiest_day([]) == 0


@pytest.mark.parametrize(
    ("day", "asked", "left", "cancelled", "words"),
    [
        (FIRST, 30, 30, False, None),
        (LAST, 1, 1, False, None),
        (FIRST - timedelta(days=1), 30, 30, False, "di antara hari pertama dan hari terakhir"),
        (LAST + timedelta(days=1), 30, 30, False, "di antara hari pertama dan hari terakhir"),
        (FIRST, 0, 30, False, "paling sedikit 1 tempat"),
        (FIRST, 31, 30, False, "tersisa 30 tempat bagi peserta; yang diminta 31"),
        (FIRST, 30, 30, True, "dibatalkan"),
    ],
)
def test_asking_for_places(day, asked, left, cancelled, words):
    refusal = refusal_to_request(day, FIRST, LAST, requested=asked, left=left, is_cancelled=cancelled)
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("status", "answer", "granted", "left", "note", "words"),
    [
        (V.REQUESTED, V.ACCEPTED, None, 30, "", None),
        (V.REQUESTED, V.ACCEPTED, None, 29, "", "tersisa 29 tempat"),
        (V.REQUESTED, V.PARTLY_ACCEPTED, 20, 20, "", None),
        (V.REQUESTED, V.PARTLY_ACCEPTED, 20, 19, "", "tersisa 19 tempat"),
        (V.REQUESTED, V.PARTLY_ACCEPTED, None, 30, "", "dari 1 sampai 29"),
        (V.REQUESTED, V.PARTLY_ACCEPTED, 0, 30, "", "dari 1 sampai 29"),
        (V.REQUESTED, V.PARTLY_ACCEPTED, 30, 30, "", "dari 1 sampai 29"),
        (V.REQUESTED, V.OTHER_DATE, None, 0, " ", "tanggal yang diusulkan"),
        (V.REQUESTED, V.OTHER_DATE, None, 0, "Rabu", None),
        (V.REQUESTED, V.AWAITING_PERMISSION, None, 0, "", None),
        (V.REQUESTED, V.DECLINED, None, 0, "", None),
        (V.AWAITING_PERMISSION, V.ACCEPTED, None, 30, "", None),
        (V.ACCEPTED, V.PARTLY_ACCEPTED, 10, 30, "", None),
        (V.ACCEPTED, V.AWAITING_PERMISSION, None, 30, "", "sudah berstatus Diterima"),
        (V.DECLINED, V.ACCEPTED, None, 30, "", "sudah berstatus Belum dapat menerima"),
        (V.CANCELLED, V.ACCEPTED, None, 30, "", "sudah berstatus Dibatalkan"),
        (V.OTHER_DATE, V.ACCEPTED, None, 30, "", "sudah berstatus Mengusulkan tanggal lain"),
    ],
)
def test_answering(status, answer, granted, left, note, words):
    refusal = refusal_to_answer(status, answer, requested=30, granted=granted, left=left, note=note)
    assert refusal is None if words is None else words in str(refusal)


def test_an_answer_gives_all_the_number_named_or_nothing():
    assert [places_granted(answer, requested=30, granted=20) for answer, _label in ANSWERS] == [30, 20, 0, 0, 0]


def test_every_state_has_its_moves_and_the_ended_ones_have_none():
    assert set(TRANSITIONS) == set(V)
    assert TRANSITIONS[V.DECLINED] == TRANSITIONS[V.CANCELLED] == frozenset()


@pytest.mark.parametrize(
    ("status", "placed", "same_batch", "group", "words"),
    [
        (V.ACCEPTED, 29, True, 1, None),
        (V.ACCEPTED, 30, True, 1, "Ke-30 tempat di lokasi ini sudah terisi"),
        (V.ACCEPTED, 0, False, 1, "angkatan lain"),
        (V.REQUESTED, 0, True, 1, "belum menerima"),
        (V.PARTLY_ACCEPTED, 0, True, 0, "dimulai dari 1"),
    ],
)
def test_placing(status, placed, same_batch, group, words):
    refusal = refusal_to_place(status, granted=30, placed=placed, same_batch=same_batch, group=group)
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("status", "today", "shown"),
    [
        (V.ACCEPTED, FIRST - timedelta(days=2), False),
        (V.ACCEPTED, FIRST - timedelta(days=1), True),
        (V.ACCEPTED, FIRST, True),
        (V.REQUESTED, FIRST, False),
        (V.CANCELLED, FIRST, False),
    ],
)
def test_a_host_reads_the_names_from_the_day_before(status, today, shown):
    assert names_are_shown(status, FIRST, today) is shown
