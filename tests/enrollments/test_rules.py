"""Who may ask, which moves there are, when a seat can be given."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from app.courses.rules import Admission, BatchStatus
from app.enrollments import rules
from app.enrollments.rules import ACTIVE, ENDED, HOLDING, SEATED, TRANSITIONS, Asking, EnrollmentStatus
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus
WELCOME = Asking(
    batch_status=BatchStatus.OPEN,
    today=date(2026, 10, 1),
    closes_on=date(2026, 10, 5),
    starts_on=date(2026, 10, 12),
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
        ({"batch_status": BatchStatus.DRAFT}, "belum dibuka"),
        ({"batch_status": BatchStatus.CLOSED}, "sudah ditutup"),
        ({"batch_status": BatchStatus.RUNNING}, "sudah ditutup"),
        ({"batch_status": BatchStatus.FINISHED}, "sudah ditutup"),
        ({"batch_status": BatchStatus.CANCELLED}, "dibatalkan"),
        ({"today": date(2026, 10, 6)}, "sudah lewat"),
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


@pytest.mark.parametrize("change", [{"today": date(2026, 10, 5)}, {"closes_on": None}, {"standing": TraineeStatus.CANDIDATE}])
def test_what_is_no_hindrance(change):
    assert rules.refusal_to_enroll(replace(WELCOME, **change)) is None


def test_a_missing_prerequisite_says_which_course_would_help():
    sentence = str(rules.refusal_to_enroll(replace(WELCOME, missing_tier="dasar", helping_course="12 Oktober 2026, Aula, Rantau")))
    assert "Diklat dasar terdekat: 12 Oktober 2026, Aula, Rantau." in sentence


def test_a_waived_prerequisite_lets_pass_only_the_prerequisite():
    waived = replace(WELCOME, missing_tier="dasar", waived=True)
    assert rules.refusal_to_enroll(waived) is None
    assert "di luar wilayah" in str(rules.refusal_to_enroll(replace(waived, is_in_region=False)))


def test_all_that_is_missing_is_said_at_once():
    reasons = rules.reasons_not_to_enroll(replace(WELCOME, batch_status=BatchStatus.CLOSED, is_in_region=False, missing_tier="dasar"))
    assert len(reasons) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enrolled_as": S.SUBMITTED}, "Sudah terdaftar pada angkatan ini (Diajukan)."),
        ({"seated_in": "TAPIN-M-2026-01"}, "TAPIN-M-2026-01"),
    ],
)
def test_what_is_already_so_is_told_apart_from_what_is_not_allowed(change, words):
    assert words in str(rules.already_so(replace(WELCOME, **change)))
    assert rules.refusal_to_enroll(replace(WELCOME, **change)) is None


@pytest.mark.parametrize(
    ("change", "expected"), [({}, False), ({"missing_tier": "dasar"}, True), ({"missing_tier": "dasar", "is_in_region": False}, False)]
)
def test_an_officer_can_waive_where_the_prerequisite_is_all_that_is_missing(change, expected):
    assert rules.is_waivable(replace(WELCOME, **change)) is expected


DECISION_7 = """draft>submitted submitted>returned returned>submitted submitted>verified verified>accepted verified>waitlisted
verified>rejected submitted>accepted submitted>waitlisted submitted>rejected verified>returned waitlisted>offered waitlisted>accepted
waitlisted>rejected offered>accepted offered>lapsed accepted>called accepted>confirmed called>confirmed"""


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
        (S.SUBMITTED, 0, "Ke-30 tempat sudah terisi."),
        (S.WAITLISTED, 0, "Ke-30 tempat sudah terisi."),
        (S.OFFERED, 0, None),
        (S.ACCEPTED, 5, "Pendaftaran ini sudah diputuskan: Diterima."),
        (S.REJECTED, 5, "Pendaftaran ini sudah diputuskan: Ditolak."),
    ],
)
def test_a_seat_is_given_while_there_is_one_and_nothing_was_decided(status, seats_left, expected):
    assert rules.refusal_to_accept(status, seats_left=seats_left, quota=30) == expected


@pytest.mark.parametrize(
    ("chosen", "left", "expected"),
    [(3, 3, None), (0, 0, None), (4, 3, "Anda memilih 4 orang, padahal tinggal 3 tempat."), (1, 0, "Ke-30 tempat sudah terisi.")],
)
def test_many_are_accepted_together_or_not_at_all(chosen, left, expected):
    assert rules.refusal_to_accept_many(chosen, seats_left=left, quota=30) == expected


@pytest.mark.parametrize(
    ("admission", "left", "waiting", "expected"),
    [
        (Admission.MANUAL, 5, 0, S.SUBMITTED),
        (Admission.AUTOMATIC, 1, 0, S.ACCEPTED),
        (Admission.AUTOMATIC, 0, 0, S.WAITLISTED),
        (Admission.AUTOMATIC, 1, 1, S.WAITLISTED),
    ],
)
def test_automatic_admission_gives_seats_while_they_last_and_nobody_jumps_the_queue(admission, left, waiting, expected):
    assert rules.status_on_asking(admission, seats_left=left, waiting=waiting) is expected


@pytest.mark.parametrize("status", list(BatchStatus))
def test_seats_move_only_while_the_batch_lives(status):
    refused = status in {BatchStatus.DRAFT, BatchStatus.FINISHED, BatchStatus.CANCELLED}
    assert (rules.refusal_to_seat(status) is not None) is refused


@pytest.mark.parametrize(("reason", "refused"), [(None, True), ("", True), ("  ok  ", True), ("sakit", False)])
def test_a_decision_against_somebody_needs_a_reason(reason, refused):
    assert (rules.refusal_of_reason(reason) is not None) is refused


def test_who_waits_longest_is_called_first():
    moments = [
        (datetime(2026, 1, 2, tzinfo=UTC), 1),
        (datetime(2026, 1, 1, tzinfo=UTC), 3),
        (datetime(2026, 1, 1, tzinfo=UTC), 2),
        (None, 0),
    ]
    assert sorted(moments, key=lambda each: rules.waiting_order(*each)) == [moments[2], moments[1], moments[0], moments[3]]


def test_every_state_has_a_mark_and_seats_are_not_ends():
    assert {rules.tone_of(status) for status in S} <= {"ok", "wait", "attention", "stop", "neutral"}
    assert SEATED < HOLDING < ACTIVE
    assert not HOLDING & ENDED
