"""Who may ask, which moves there are, when a seat can be given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from app.courses.acts import BatchState
from app.courses.rules import Admission
from app.enrollments import rules
from app.enrollments.rules import (
    ACTIVE,
    ENDED,
    HOLDING,
    SEATED,
    TRANSITIONS,
    Asking,
    EnrollmentStatus,
    SeatEnd,
)
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus
WELCOME = Asking(
    state=BatchState.OPEN,
    takes_applications=True,
    is_record=False,
    starts_on=date(2026, 10, 12),
    ends_on=date(2026, 10, 15),
    standing=TraineeStatus.ACTIVE,
    is_in_region=True,
    region_name="Kabupaten Tapin",
    duty_name="Desa Keladan",
    tier_label="madya",
)


def test_somebody_who_meets_everything_may_ask():
    assert rules.refusal_to_enroll(WELCOME) is None
    assert rules.already_so(WELCOME) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": BatchState.DRAFT}, "belum dibuka"),
        ({"state": BatchState.CLOSED, "takes_applications": False}, "sudah ditutup"),
        ({"state": BatchState.RUNNING, "takes_applications": False}, "sudah ditutup"),
        ({"state": BatchState.OVER, "takes_applications": False}, "sudah berakhir pada 15 Oktober 2026"),
        (
            {"state": BatchState.OVER, "takes_applications": False, "by_office": True},
            "dapat dicatat dengan menulis alasannya",
        ),
        ({"state": BatchState.OPEN, "is_record": True}, "sudah berakhir pada 15 Oktober 2026"),
        ({"state": BatchState.FINISHED}, "dinyatakan selesai"),
        ({"state": BatchState.PROPOSED}, "sudah diusulkan"),
        ({"state": BatchState.CERTIFIED}, "tidak dapat ditambah"),
        ({"state": BatchState.CANCELLED}, "dibatalkan"),
        ({"takes_applications": False}, "sudah lewat"),
        ({"takes_applications": False, "by_office": True}, "sudah lewat"),
        (
            {"busy_in": "Diklat Dasar PSM (TAPIN-D-2026-01)"},
            "mempunyai tempat di Diklat Dasar PSM (TAPIN-D-2026-01)",
        ),
        ({"standing": TraineeStatus.DECEASED}, "Meninggal"),
        ({"standing": TraineeStatus.RESIGNED}, "Mengundurkan diri"),
        ({"standing": TraineeStatus.MOVED}, "Pindah"),
        ({"standing": TraineeStatus.INACTIVE}, "Nonaktif"),
        ({"is_in_region": False}, "di luar wilayah Kabupaten Tapin"),
        ({"missing_tier": "dasar"}, "belum ada sertifikat dasar"),
    ],
)
def test_each_hindrance_has_its_sentence(change, words):
    assert words in str(rules.refusal_to_enroll(replace(WELCOME, **change)))


@pytest.mark.parametrize(
    "change",
    [
        {"standing": TraineeStatus.CANDIDATE},
        {"state": BatchState.RUNNING},  # registration was left open until a later day
        {"state": BatchState.RUNNING, "takes_applications": False, "by_office": True},
        {"state": BatchState.OVER, "takes_applications": False, "by_office": True, "waived": True},
        {"state": BatchState.OPEN, "is_record": True, "by_office": True},
    ],
)
def test_what_is_no_hindrance(change):
    assert rules.refusal_to_enroll(replace(WELCOME, **change)) is None


def test_a_missing_prerequisite_says_which_course_would_help():
    sentence = str(
        rules.refusal_to_enroll(
            replace(WELCOME, missing_tier="dasar", helping_course="12 Oktober 2026, Aula, Rantau")
        )
    )
    assert "Diklat dasar terdekat: 12 Oktober 2026, Aula, Rantau." in sentence


def test_a_waived_prerequisite_lets_pass_only_the_prerequisite():
    waived = replace(WELCOME, missing_tier="dasar", waived=True)
    assert rules.refusal_to_enroll(waived) is None
    assert "di luar wilayah" in str(rules.refusal_to_enroll(replace(waived, is_in_region=False)))


def test_all_that_is_missing_is_said_at_once():
    reasons = rules.reasons_not_to_enroll(
        replace(
            WELCOME,
            state=BatchState.CLOSED,
            takes_applications=False,
            is_in_region=False,
            missing_tier="dasar",
        )
    )
    assert len(reasons) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enrolled_as": S.SUBMITTED.label}, "Sudah terdaftar pada angkatan ini (Diajukan)."),
        ({"seated_in": "TAPIN-M-2026-01"}, "TAPIN-M-2026-01"),
        ({"holds": "007/DIKLAT-M/2025"}, "Sudah memegang sertifikat nomor 007/DIKLAT-M/2025"),
    ],
)
def test_what_is_already_so_is_told_apart_from_what_is_not_allowed(change, words):
    assert words in str(rules.already_so(replace(WELCOME, **change)))
    assert rules.refusal_to_enroll(replace(WELCOME, **change)) is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"missing_tier": "dasar"}, True),
        ({"missing_tier": "dasar", "is_in_region": False}, False),
    ],
)
def test_an_officer_can_waive_where_the_prerequisite_is_all_that_is_missing(change, expected):
    assert rules.is_waivable(replace(WELCOME, **change)) is expected


DECISION_7 = """
draft>submitted submitted>returned returned>submitted submitted>verified verified>accepted
verified>waitlisted verified>rejected submitted>accepted submitted>waitlisted submitted>rejected
verified>returned waitlisted>offered waitlisted>accepted waitlisted>rejected offered>accepted
offered>lapsed accepted>called accepted>confirmed called>confirmed lapsed>offered
"""


@pytest.mark.parametrize(("status", "to"), list(product(S, S)))
def test_moves_are_those_of_the_table_and_withdrawal_from_all_that_has_not_ended(status, to):
    allowed = f"{status}>{to}" in DECISION_7.split() or (to is S.WITHDRAWN and status in ACTIVE)
    assert (to in TRANSITIONS[status]) is allowed
    assert (rules.refusal_to_move(status, to) is None) is allowed


def test_what_was_decided_before_is_a_conflict():
    assert rules.is_already_so(S.ACCEPTED, S.ACCEPTED)
    assert rules.is_already_so(S.REJECTED, S.ACCEPTED)
    assert not rules.is_already_so(S.RETURNED, S.ACCEPTED)
    assert not rules.is_already_so(S.SUBMITTED, S.ACCEPTED)


@pytest.mark.parametrize(
    ("status", "seats_left", "expected"),
    [
        (S.SUBMITTED, 1, None),
        (S.SUBMITTED, 0, "Semua tempat (30) sudah terisi."),
        (S.WAITLISTED, 0, "Semua tempat (30) sudah terisi."),
        (S.OFFERED, 0, None),
        (S.ACCEPTED, 5, "Pendaftaran ini sudah diputuskan: Diterima."),
        (S.REJECTED, 5, "Pendaftaran ini sudah diputuskan: Ditolak."),
    ],
)
def test_a_seat_is_given_while_there_is_one_and_nothing_was_decided(status, seats_left, expected):
    assert rules.refusal_to_accept(status, seats_left=seats_left, quota=30) == expected


@pytest.mark.parametrize(
    ("chosen", "left", "expected"),
    [
        (3, 3, None),
        (0, 0, None),
        (4, 3, "Anda memilih 4 orang, padahal tinggal 3 tempat."),
        (1, 0, "Semua tempat (30) sudah terisi."),
    ],
)
def test_many_are_accepted_together_or_not_at_all(chosen, left, expected):
    assert rules.refusal_to_accept_many(chosen, seats_left=left, quota=30) == expected


@pytest.mark.parametrize(
    ("admission", "started", "left", "waiting", "expected"),
    [
        (Admission.MANUAL, False, 5, 0, S.SUBMITTED),
        (Admission.AUTOMATIC, False, 1, 0, S.ACCEPTED),
        (Admission.AUTOMATIC, False, 0, 0, S.WAITLISTED),
        (Admission.AUTOMATIC, False, 1, 1, S.WAITLISTED),
        (Admission.AUTOMATIC, True, 5, 0, S.SUBMITTED),
    ],
)
def test_automatic_admission_gives_seats_until_the_first_day_and_nobody_jumps_the_queue(
    admission, started, left, waiting, expected
):
    assert (
        rules.status_on_asking(admission, has_started=started, seats_left=left, waiting=waiting) is expected
    )


@pytest.mark.parametrize(
    ("status", "state", "late", "expected"),
    [
        (S.SUBMITTED, BatchState.OPEN, False, None),
        (S.SUBMITTED, BatchState.OVER, False, SeatEnd.OVER),
        (S.SUBMITTED, BatchState.OVER, True, None),
        (S.WAITLISTED, BatchState.PROPOSED, False, SeatEnd.OVER),
        (S.OFFERED, BatchState.APPROVED, False, SeatEnd.OVER),
        (S.RETURNED, BatchState.CERTIFIED, False, SeatEnd.OVER),
        (S.ACCEPTED, BatchState.OVER, False, None),
        (S.CONFIRMED, BatchState.CERTIFIED, False, None),
        (S.SUBMITTED, BatchState.CANCELLED, True, SeatEnd.CANCELLED),
        (S.CONFIRMED, BatchState.CANCELLED, False, SeatEnd.CANCELLED),
    ],
)
def test_the_end_of_a_batch_ends_what_waits_for_it_whether_a_worker_ran_or_not(status, state, late, expected):
    assert rules.end_by_calendar(status, state, is_late_entry=late) is expected


@pytest.mark.parametrize(("hours", "lapsed"), [(-1, False), (0, True), (1, True)])
def test_an_offer_holds_until_its_moment(hours, lapsed):
    ends = datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert rules.has_lapsed(S.OFFERED, ends, ends + timedelta(hours=hours)) is lapsed
    assert not rules.has_lapsed(S.ACCEPTED, ends, ends + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("names", "reason", "refused"),
    [([], "", False), (["Siti"], "", True), (["Siti"], "x", True), (["Siti"], "kuota desa", False)],
)
def test_passing_somebody_over_needs_a_reason(names, reason, refused):
    assert (rules.refusal_to_pass_over(names, reason) is not None) is refused


@pytest.mark.parametrize(("day", "refused"), [(11, False), (12, True), (13, True)])
def test_one_withdraws_alone_until_the_day_before_the_first(day, refused):
    found = rules.refusal_of_own_withdrawal(date(2026, 10, 12), date(2026, 10, day), "Ibu Ratna, 0812")
    assert (found is not None and "Ibu Ratna, 0812" in str(found)) is refused


@pytest.mark.parametrize(
    ("reason", "refused"), [(None, True), ("", True), ("  ok  ", True), ("sakit", False)]
)
def test_a_decision_against_somebody_needs_a_reason(reason, refused):
    assert (rules.refusal_of_reason(reason) is not None) is refused


def test_who_waits_longest_is_called_first():
    moments = [
        (datetime(2026, 1, 2, tzinfo=UTC), 1),
        (datetime(2026, 1, 1, tzinfo=UTC), 3),
        (datetime(2026, 1, 1, tzinfo=UTC), 2),
        (None, 0),
    ]
    assert sorted(moments, key=lambda each: rules.waiting_order(*each)) == [
        moments[2],
        moments[1],
        moments[0],
        moments[3],
    ]


def test_every_state_has_a_mark_and_seats_are_not_ends():
    assert {rules.tone_of(status) for status in S} <= {"ok", "wait", "attention", "stop", "neutral"}
    assert SEATED < HOLDING < ACTIVE
    assert not HOLDING & ENDED
