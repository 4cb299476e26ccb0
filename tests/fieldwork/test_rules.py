"""What may be asked, answered and placed, as tables; no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.fieldwork.overview import NextAct, Overview, next_of
from app.fieldwork.rules import (
    ANSWERS,
    STANDING,
    TRANSITIONS,
    Answer,
    Asked,
    Claim,
    VisitStatus,
    busiest_day,
    names_are_shown,
    places_granted,
    places_left,
    proposal,
    proposed_day,
    refusal_of_reason,
    refusal_to_answer,
    refusal_to_cancel,
    refusal_to_place,
    refusal_to_request,
    takes_part,
)
from app.fieldwork.wording import describe_loss

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
    visits = [
        (FIRST, V.ACCEPTED, 30, 20),
        (FIRST, V.REQUESTED, 5, 0),
        (LAST, V.ACCEPTED, 24, 24),
        (LAST, V.CANCELLED, 90, 90),
    ]
    assert busiest_day(visits) == 25
    assert busiest_day([]) == 0


@pytest.mark.parametrize(
    ("day", "asked", "left", "words"),
    [
        (FIRST, 30, 30, None),
        (LAST, 1, 1, None),
        (FIRST - timedelta(days=1), 30, 30, "di antara hari pertama dan hari terakhir"),
        (LAST + timedelta(days=1), 30, 30, "di antara hari pertama dan hari terakhir"),
        (FIRST, 0, 30, "paling sedikit 1 tempat"),
        (FIRST, 31, 30, "tersisa 30 tempat bagi peserta; yang diminta 31"),
    ],
)
def test_asking_for_places(day, asked, left, words):
    refusal = refusal_to_request(day, FIRST, LAST, requested=asked, left=left, today=FIRST)
    assert refusal is None if words is None else words in str(refusal.reason)


def test_a_day_that_is_past_is_asked_for_only_in_a_record_of_the_past():
    facts = {"requested": 30, "left": 30, "today": FIRST + timedelta(days=1)}
    assert "sudah lewat" in str(refusal_to_request(FIRST, FIRST, LAST, **facts).reason)
    assert refusal_to_request(FIRST, FIRST, LAST, **facts, is_record=True) is None


def refusal_of(status, answer, granted=None, left=30, note="", *, was=0, **more):
    days = {"today": FIRST - timedelta(days=9), "starts_on": FIRST, "ends_on": LAST} | more
    other_date = days.pop("other_date", None)
    return refusal_to_answer(
        Asked(status, FIRST, 30, was), Answer(answer, granted, other_date, note), left=left, **days
    )


@pytest.mark.parametrize(
    ("status", "answer", "granted", "left", "note", "words"),
    [
        (V.REQUESTED, V.ACCEPTED, None, 30, "", None),
        (V.REQUESTED, V.ACCEPTED, 30, 30, "", None),
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
        (V.REQUESTED, V.DECLINED, 0, 0, "", None),
        (V.REQUESTED, V.CANCELLED, None, 0, "", "tidak dapat menjawab “Dibatalkan”"),
        (V.REQUESTED, V.REQUESTED, None, 0, "", "tidak dapat menjawab “Menunggu jawaban”"),
        (V.AWAITING_PERMISSION, V.ACCEPTED, None, 30, "", None),
        (V.AWAITING_PERMISSION, V.AWAITING_PERMISSION, None, 30, "", "sudah tercatat: Menunggu disposisi."),
        (V.ACCEPTED, V.PARTLY_ACCEPTED, 10, 30, "", None),
        (V.ACCEPTED, V.OTHER_DATE, None, 30, "Jumat", None),
        (V.ACCEPTED, V.ACCEPTED, None, 30, "", "sudah tercatat: Diterima"),
        (V.ACCEPTED, V.AWAITING_PERMISSION, None, 30, "", "sudah berstatus Diterima"),
        (V.PARTLY_ACCEPTED, V.PARTLY_ACCEPTED, 10, 30, "", None),
        (V.PARTLY_ACCEPTED, V.ACCEPTED, None, 30, "", None),
        (V.DECLINED, V.ACCEPTED, None, 30, "", None),
        (V.DECLINED, V.DECLINED, None, 30, "", "sudah tercatat: Belum dapat menerima."),
        (V.OTHER_DATE, V.ACCEPTED, None, 30, "", None),
        (V.OTHER_DATE, V.PARTLY_ACCEPTED, 5, 30, "", None),
        (V.OTHER_DATE, V.OTHER_DATE, None, 30, "Kamis", None),
        (V.CANCELLED, V.ACCEPTED, None, 30, "", "sudah berstatus Dibatalkan"),
    ],
)
def test_answering(status, answer, granted, left, note, words):
    refusal = refusal_of(status, answer, granted, left, note)
    assert refusal is None if words is None else words in str(refusal.reason)
    assert bool(refusal and refusal.is_conflict) == ("sudah" in (words or ""))


@pytest.mark.parametrize(
    ("answer", "typed", "words"),
    [
        (
            V.ACCEPTED,
            5,
            (
                "Anda mengetik 5 orang, sedangkan yang diminta 30. Jawab “Terima sebagian” untuk 5 orang, "
                "atau kosongkan angkanya untuk menerima semua."
            ),
        ),
        (
            V.ACCEPTED,
            40,
            "Anda mengetik 40 orang, sedangkan yang diminta 30. Kosongkan angkanya untuk menerima semua.",
        ),
        (
            V.ACCEPTED,
            0,
            "Anda mengetik 0 orang, sedangkan yang diminta 30. Kosongkan angkanya untuk menerima semua.",
        ),
        (
            V.DECLINED,
            5,
            (
                "Anda mengetik 5 orang, sedangkan jawabannya “Belum dapat menerima”. Jawab “Terima sebagian”,"
                " atau kosongkan angkanya."
            ),
        ),
    ],
)
def test_a_typed_number_that_contradicts_the_answer_is_said_at_the_number(answer, typed, words):
    refusal = refusal_of(V.REQUESTED, answer, typed)
    assert (str(refusal.reason), refusal.field, refusal.is_conflict) == (words, "granted_places", False)


def test_a_proposed_day_belongs_to_its_answer_and_lies_ahead():
    day = {"other_date": FIRST + timedelta(days=1)}
    assert refusal_of(V.REQUESTED, V.OTHER_DATE, **day) is None
    assert refusal_of(V.REQUESTED, V.ACCEPTED, **day).field == "other_date"
    assert "yang diminta" in str(refusal_of(V.REQUESTED, V.OTHER_DATE, other_date=FIRST).reason)
    assert "sudah lewat" in str(
        refusal_of(V.REQUESTED, V.OTHER_DATE, other_date=FIRST - timedelta(days=10)).reason
    )


def test_a_visit_that_took_place_is_neither_answered_nor_cancelled():
    visit, later = Asked(V.ACCEPTED, FIRST, 30, 30), FIRST + timedelta(days=1)
    for refusal in (refusal_of(V.ACCEPTED, V.DECLINED, today=later), refusal_to_cancel(visit, later)):
        assert "Kunjungan ini sudah berlangsung pada Senin, 12 Oktober 2026" in str(refusal.reason)
    assert refusal_of(V.ACCEPTED, V.DECLINED, today=FIRST) is None
    assert refusal_to_cancel(visit, FIRST) is None
    for answer, granted in (
        (V.ACCEPTED, None),
        (V.PARTLY_ACCEPTED, 4),
    ):  # nobody is received on a day that is over
        assert "12 Oktober 2026, sudah lewat" in str(
            refusal_of(V.REQUESTED, answer, granted, today=later).reason
        )
        assert refusal_of(V.REQUESTED, answer, granted, today=FIRST) is None
        assert refusal_of(V.REQUESTED, answer, granted, today=later, is_record=True) is None
        assert (
            refusal_of(V.REQUESTED, answer, granted, today=later, by_office=True) is None
        )  # it is put right by the panitia
    for answer in (V.DECLINED, V.OTHER_DATE):
        assert "sampaikan kepada panitia" in str(
            refusal_of(V.DECLINED, V.OTHER_DATE, note="Rabu", today=later).reason
        )
        assert "hanya berapa orang yang diterima" in str(
            refusal_of(V.AWAITING_PERMISSION, answer, note="Rabu", today=later, by_office=True).reason
        )


@pytest.mark.parametrize(
    ("answer", "granted", "is_refused"),
    [
        (V.DECLINED, None, True),
        (V.PARTLY_ACCEPTED, 3, True),
        (V.PARTLY_ACCEPTED, 6, False),
        (V.ACCEPTED, None, False),
    ],
)
def test_a_visit_at_which_people_were_seen_is_not_given_up(answer, granted, is_refused):
    seen = Asked(V.PARTLY_ACCEPTED, FIRST, 30, 5, is_seen=True)
    refusal = refusal_to_answer(
        seen, Answer(answer, granted, None, ""), left=30, today=FIRST, starts_on=FIRST, ends_on=LAST
    )
    assert (refusal is not None) is is_refused
    assert "sudah dicatat" in str(refusal_to_cancel(seen, FIRST).reason)


@pytest.mark.parametrize(
    ("day", "note", "refused"),
    [
        (LAST + timedelta(days=1), "", True),
        (LAST, "", False),
        (None, "Bisa 20 Oktober 2026", True),
        (None, "Bisa 14 Oktober 2026", False),
        (None, "minggu depan", False),
    ],
)
def test_a_day_outside_the_diklat_is_not_proposed(day, note, refused):
    refusal = refusal_of(V.REQUESTED, V.OTHER_DATE, note=note, other_date=day)
    assert (
        refusal is None
        if not refused
        else "Diklatnya berlangsung 12 s.d. 15 Oktober 2026." in str(refusal.reason)
    )


def test_an_old_request_gives_no_places_beside_a_newer_one_or_outside_the_batch():
    assert refusal_of(V.DECLINED, V.ACCEPTED, is_doubled=True).is_conflict
    moved = {"starts_on": LAST, "ends_on": LAST + timedelta(days=3)}
    assert "minta panitia mengirim permohonan baru" in str(
        refusal_of(V.OTHER_DATE, V.ACCEPTED, **moved).reason
    )


@pytest.mark.parametrize(
    ("status", "may"),
    [
        (V.REQUESTED, True),
        (V.AWAITING_PERMISSION, True),
        (V.ACCEPTED, True),
        (V.PARTLY_ACCEPTED, True),
        (V.OTHER_DATE, True),
        (V.DECLINED, False),
        (V.CANCELLED, False),
    ],
)
def test_cancelling(status, may):
    refusal = refusal_to_cancel(Asked(status, FIRST, 30, 30), FIRST)
    assert (refusal is None) is may
    assert may or (refusal.is_conflict and "sudah berstatus" in str(refusal.reason))


@pytest.mark.parametrize(
    ("note", "day"),
    [
        (proposal(date(2026, 10, 16), "sedang ada acara tanggal 17 Oktober 2026"), date(2026, 10, 16)),
        ("bisa kami terima 1 november 2026", date(2026, 11, 1)),
        ("31 Februari 2026", None),
        ("Jumat depan", None),
        ("", None),
    ],
)
def test_the_proposed_day_is_read_from_the_note(note, day):
    assert proposed_day(note) == day


@pytest.mark.parametrize(
    ("reason", "enough"),
    [("bus tidak tersedia", True), ("x", False), ("aula", False), ("a b", False), (" ", False)],
)
def test_taking_places_away_wants_some_words(reason, enough):
    assert (refusal_of_reason(reason) is None) is enough


def test_a_loss_is_said_in_numbers_and_to_the_planners_by_name():
    two = ["Siti", "Rahmad"]
    said = "5 orang sudah ditempatkan; 2 di antaranya kehilangan tempat dan harus dibagi lagi"
    assert str(describe_loss(5, two, with_names=True)) == f"{said}: Siti, Rahmad."
    assert str(describe_loss(5, two, with_names=False)) == f"{said}."
    assert "semuanya kehilangan tempat" in str(describe_loss(2, two, with_names=True))


@pytest.mark.parametrize(
    ("left_on", "visit_on", "counts"),
    [
        (None, 5, True),  # (days from today)
        (-1, 5, False),
        (0, 0, False),
        (-1, -2, True),
        (-2, -2, True),
        (-3, -2, False),
    ],
)
def test_who_left_counts_only_where_the_visit_took_place_before(left_on, visit_on, counts):
    today = FIRST
    left_at = None if left_on is None else datetime(2026, 10, 12, 4, tzinfo=UTC) + timedelta(days=left_on)
    assert takes_part(left_at, today + timedelta(days=visit_on), "Asia/Makassar", today) is counts


NOTHING = Overview(people=30, unplaced=30, granted=0, free=0, waiting=0, to_come=False)
GRANTED = replace(NOTHING, granted=21, free=21, to_come=True)
DONE = replace(GRANTED, granted=30, unplaced=0, free=0)
PAST = replace(DONE, to_come=False, took_place_on=FIRST)


@pytest.mark.parametrize(
    ("overview", "act", "words"),
    [
        (NOTHING, NextAct.ASK, "belum ada yang menerima. Masih kurang 30 tempat."),
        (replace(NOTHING, people=0, unplaced=0), NextAct.ASK, "belum ada yang menerima."),
        (
            replace(NOTHING, people=0, unplaced=0, requests=1),
            NextAct.NOTHING,
            "1 permohonan menunggu jawaban",
        ),
        (replace(GRANTED, people=0, unplaced=0), NextAct.NOTHING, "menunggu daftar peserta"),
        (
            replace(NOTHING, waiting=30, requests=1),
            NextAct.NOTHING,
            "1 permohonan menunggu jawaban lokasi PKL; 30 peserta",
        ),
        (replace(NOTHING, waiting=20, requests=1), NextAct.ASK, "Masih kurang 10 tempat."),
        (GRANTED, NextAct.ASK, "Masih kurang 9 tempat."),
        (replace(GRANTED, waiting=9, requests=1), NextAct.NOTHING, "30 peserta belum ditempatkan"),
        (
            replace(GRANTED, proposals=1),
            NextAct.ASK_AGAIN,
            "Masih kurang 9 tempat. Ada lokasi yang mengusulkan tanggal lain.",
        ),
        (replace(GRANTED, granted=30, free=30), NextAct.SPREAD, "30 peserta belum ditempatkan."),
        (replace(DONE, unplaced=1, free=1), NextAct.SPREAD, "1 peserta belum ditempatkan."),
        (replace(DONE, unplaced=2, granted=28), NextAct.ASK, "Masih kurang 2 tempat."),
        (DONE, NextAct.NOTHING, "Semua peserta sudah ditempatkan."),
        (replace(DONE, requests=1, waiting=9), NextAct.NOTHING, "1 permohonan masih menunggu jawaban"),
        (replace(DONE, requests=1, held=5), NextAct.NOTHING, "tempat 5 orang menunggu jawaban lokasi"),
        (PAST, NextAct.NOTHING, "sudah berlangsung pada Senin, 12 Oktober 2026"),
        (replace(PAST, unplaced=2), NextAct.ASK, "2 peserta tidak tercatat di lokasi mana pun"),
        (
            replace(PAST, unplaced=2, can_ask=False),
            NextAct.NOTHING,
            "2 peserta tidak tercatat di lokasi mana pun",
        ),
        (
            replace(NOTHING, is_over=True),
            NextAct.ASK,
            "Hari PKL sudah lewat; 30 peserta tidak pernah ditempatkan.",
        ),
        (replace(NOTHING, can_ask=False), NextAct.NOTHING, "30 peserta tidak pernah ditempatkan"),
        (replace(NOTHING, closed="Angkatan ini dibatalkan."), NextAct.NOTHING, "Angkatan ini dibatalkan."),
    ],
)
def test_the_next_thing_is_true_in_each_state(overview, act, words):
    following = next_of(overview)
    assert following.act is act
    assert words in str(following.sentence)


def test_an_answer_gives_all_the_number_named_or_nothing():
    assert [places_granted(answer, requested=30, granted=20) for answer, _label in ANSWERS] == [
        30,
        20,
        0,
        0,
        0,
    ]


def test_every_state_has_its_moves_and_the_ended_ones_have_none():
    assert set(TRANSITIONS) == set(V)
    assert TRANSITIONS[V.CANCELLED] == frozenset()
    assert all(V.REQUESTED not in moves for moves in TRANSITIONS.values())


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
