"""Who passes and why not, what the meeting may say, who may approve: tables, no database."""

from datetime import date
from decimal import Decimal

import pytest

from app.assessment.acts import refusal_of_day, refusal_to_approve, refusal_to_propose, refusal_to_withdraw
from app.assessment.rules import (
    Asked,
    Facts,
    GraduationStatus,
    ResultOutcome,
    RuleName,
    fieldwork_verdict,
    grade_of,
    lacks_reason,
    percent,
    possible_outcomes,
    reasons_of,
    refusal_to_decide,
    step_of,
    suggest_outcome,
    verdicts,
)
from app.attendance.rules import Practice
from app.core.text import in_one_line

O = ResultOutcome  # noqa: E741 - as short as the tables need it


def facts(attended=25, planned=25, *, threshold=85, required=True, did=True, score=None, pass_mark=None):
    practice = Practice(2, 2, 5, 5) if did else Practice(2, 0, 0, 5)
    return Facts(attended, planned, practice, Asked(threshold, required, pass_mark), score)


@pytest.mark.parametrize(
    ("attended", "planned", "threshold", "passed"),
    [
        (22, 25, 85, True),
        (21, 25, 85, False),
        (20, 25, 85, False),
        (17, 20, 85, True),
        (16, 20, 85, False),
        (85, 100, 85, True),
        (84, 100, 85, False),
        (33, 39, 85, False),  # 84.6 %
        (20, 25, 80, True),
        (0, 0, 85, False),
        (0, 25, 0, True),
        (25, 25, 100, True),
        (24, 25, 100, False),
    ],
)
def test_the_threshold_is_compared_in_whole_numbers(attended, planned, threshold, passed):
    assert verdicts(facts(attended, planned, threshold=threshold))[0].passed is passed


def test_attendance_says_figures_and_threshold():
    verdict = verdicts(facts(20))[0]
    assert verdict.name is RuleName.ATTENDANCE
    assert str(verdict.sentence) == "Hadir 20 dari 25 JP (80 %), syarat 85 %."


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(20, 25, "80"), (33, 39, "84,6"), (849, 1000, "84,9"), (8499, 10000, "84,9"), (0, 0, "0")],
)
def test_a_share_is_never_rounded_up(part, whole, shown):
    assert percent(part, whole) == shown


def test_field_practice_is_asked_only_where_the_course_requires_it():
    assert [v.name for v in verdicts(facts(did=False, required=False))] == [RuleName.ATTENDANCE]
    missed = verdicts(facts(did=False))[1]
    assert (missed.name, missed.passed, str(missed.sentence)) == (
        RuleName.FIELDWORK,
        False,
        "Tidak mengikuti PKL",
    )


@pytest.mark.parametrize(
    ("practice", "passed", "sentence"),
    [
        (Practice(4, 4, 5, 5), True, "Mengikuti PKL"),
        (Practice(4, 4, 4, 5), True, "Mengikuti PKL, 4 dari 5 JP"),
        (Practice(4, 3, 4, 5), False, "PKL diikuti 3 dari 4 sesi (4 dari 5 JP), syarat semua sesi PKL"),
        (Practice(1, 1, 0, 5), False, "Terlambat pada sesi PKL, 0 dari 5 JP"),
        (Practice(), False, "Tidak mengikuti PKL"),
    ],
)
def test_who_took_part_in_field_practice_is_told_how_much_of_it(practice, passed, sentence):
    verdict = fieldwork_verdict(practice)
    assert (verdict.passed, str(verdict.sentence)) == (passed, sentence)


@pytest.mark.parametrize(
    ("score", "passed", "sentence"),
    [
        (Decimal("68"), False, "Nilai akhir 68, syarat 70"),
        (Decimal("69.99"), False, "Nilai akhir 69,99, syarat 70"),
        (Decimal("70.00"), True, "Nilai akhir 70, syarat 70"),
        (None, False, "Nilai akhir belum diisi, syarat 70."),
    ],
)
def test_the_mark_is_asked_only_of_a_course_with_a_pass_mark(score, passed, sentence):
    assert all(v.name is not RuleName.MARK for v in verdicts(facts(score=score)))
    verdict = verdicts(facts(score=score, pass_mark=Decimal("70")))[-1]
    assert (verdict.name, verdict.passed, str(verdict.sentence)) == (RuleName.MARK, passed, sentence)


SEVENTY = Decimal("70")


@pytest.mark.parametrize(
    ("found", "score", "suggested"),
    [
        (facts(), None, O.PASSED),
        (facts(22), None, O.PASSED),
        (facts(21), None, O.FAILED),
        (facts(20, did=False), None, O.FAILED),
        (facts(25, did=False), None, O.FAILED),
        (facts(score=Decimal("71"), pass_mark=SEVENTY), Decimal("71"), O.PASSED),
        (facts(score=Decimal("69.99"), pass_mark=SEVENTY), Decimal("69.99"), O.FAILED),
        (facts(score=Decimal("60"), pass_mark=SEVENTY), Decimal("60"), O.FAILED),
        (facts(pass_mark=SEVENTY), None, O.DEFERRED),
        (facts(20, score=Decimal("68"), pass_mark=SEVENTY), Decimal("68"), O.FAILED),
    ],
)
def test_what_is_suggested(found, score, suggested):
    assert suggest_outcome(verdicts(found), score) is suggested


def test_nobody_passes_against_a_rule_and_nobody_has_attended_against_presence():
    assert possible_outcomes(verdicts(facts())) == list(O)
    assert possible_outcomes(verdicts(facts(20))) == [O.DEFERRED, O.FAILED]
    assert possible_outcomes(verdicts(facts(did=False))) == [O.DEFERRED, O.FAILED]
    assert possible_outcomes(verdicts(facts(pass_mark=SEVENTY))) == [O.ATTENDED, O.DEFERRED, O.FAILED]


@pytest.mark.parametrize(
    ("outcome", "found", "note", "words"),
    [
        (O.PASSED, facts(), "", None),
        (O.FAILED, facts(20), "", None),
        (O.DEFERRED, facts(), "", "Tulis alasannya"),
        (O.DEFERRED, facts(), "melanggar tata tertib", None),
        (O.DEFERRED, facts(20), "mengulang PKL", None),
        (O.PASSED, facts(20), "dibantu", "Hadir 20 dari 25 JP (80 %), syarat 85 %."),
        (O.PASSED, facts(did=False), "dibantu", "Tidak mengikuti PKL"),
        (O.ATTENDED, facts(20), "dibantu", "tidak dapat dinyatakan Telah mengikuti"),
        (O.PASSED, facts(score=Decimal("68"), pass_mark=SEVENTY), "dibantu", "Nilai akhir 68, syarat 70"),
        (O.ATTENDED, facts(score=Decimal("68"), pass_mark=SEVENTY), "hadir penuh", None),
    ],
)
def test_the_meeting_may_lower_with_a_reason_and_never_raise_against_a_rule(outcome, found, note, words):
    sheet = verdicts(found)
    suggested = suggest_outcome(sheet, found.score)
    refusal = refusal_to_decide(outcome, sheet, suggested=suggested, name="Siti")
    if refusal is None and lacks_reason(outcome, suggested=suggested, note=note):
        refusal = "Tulis alasannya"
    assert refusal is None if words is None else words in str(refusal)


def test_the_reasons_of_one_person_read_as_one_line():
    reasons = reasons_of(verdicts(facts(20, did=False)))
    assert reasons == ["Hadir 20 dari 25 JP (80 %), syarat 85 %.", "Tidak mengikuti PKL"]
    assert in_one_line(reasons) == "hadir 20 dari 25 JP (80 %), syarat 85 %; tidak mengikuti PKL"


@pytest.mark.parametrize(
    ("score", "word"),
    [
        ("100", "Sangat Memuaskan"),
        ("90.01", "Sangat Memuaskan"),
        ("90", "Memuaskan"),
        ("80.01", "Memuaskan"),
        ("80", "Cukup Memuaskan"),
        ("70.01", "Cukup Memuaskan"),
        ("70", "Ditunda"),
        ("60.01", "Ditunda"),
        ("60", "Tidak Memuaskan"),
        ("0", "Tidak Memuaskan"),
    ],
)
def test_the_scale(score, word):
    assert str(step_of(Decimal(score)).label) == word


def test_a_predikat_stands_only_beside_a_pass_that_it_does_not_contradict():
    assert grade_of(O.PASSED, Decimal("85")) == "Memuaskan"
    assert grade_of(O.PASSED, Decimal("65")) is None
    assert grade_of(O.FAILED, Decimal("95")) is None
    assert grade_of(O.PASSED, None) is None


@pytest.mark.parametrize(
    ("held_on", "last", "today", "words"),
    [
        (date(2026, 10, 15), date(2026, 10, 15), date(2026, 10, 15), None),
        (date(2026, 10, 20), date(2026, 10, 15), date(2026, 10, 20), None),
        (date(2026, 10, 14), date(2026, 10, 15), date(2026, 10, 20), "mendahului hari terakhir"),
        (date(2026, 10, 21), date(2026, 10, 15), date(2026, 10, 20), "belum tiba"),
        (date(2026, 10, 20), None, date(2026, 10, 20), "belum berisi sesi"),
    ],
)
def test_the_day_of_the_meeting(held_on, last, today, words):
    refusal = refusal_of_day(held_on, last_session=last, today=today)
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("planned", "missing", "words"),
    [
        ({25}, [], None),
        (set(), [], "Belum ada peserta"),
        ({20}, [], "Jadwal memuat 20 JP, kurikulum 25 JP"),
        ({20, 25}, [], "Jadwal memuat 20 atau 25 JP"),
        (
            {25},
            [(date(2011, 5, 24), True), (date(2011, 5, 26), False)],
            "24 Mei 2011 (pagi); Kamis, 26 Mei 2011",
        ),
    ],
)
def test_what_must_be_there_before_a_proposal(planned, missing, words):
    refusal = refusal_to_propose(planned=planned, curriculum=25, missing_blocks=missing)
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("proposed_by", "by", "words"),
    [(1, 1, None), (1, 2, "diajukan orang lain"), (1, None, "diajukan orang lain")],
)
def test_a_proposal_is_taken_back_by_who_made_it(proposed_by, by, words):
    refusal = refusal_to_withdraw(proposed_by=proposed_by, by=by)
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("held_on", "words"),
    [(date(2011, 5, 30), None), (date(2011, 5, 29), "mendahului rapat sebelumnya, Senin, 30 Mei 2011")],
)
def test_a_supplementary_meeting_follows_the_one_before(held_on, words):
    refusal = refusal_of_day(
        held_on, last_session=date(2011, 5, 27), today=date(2011, 6, 1), previous=date(2011, 5, 30)
    )
    assert refusal is None if words is None else words in str(refusal)


@pytest.mark.parametrize(
    ("status", "by", "decided", "words"),
    [
        (GraduationStatus.PROPOSED, 2, 30, None),
        (GraduationStatus.PROPOSED, 1, 30, "Anda usulkan sendiri"),
        (GraduationStatus.PROPOSED, None, 30, "seorang pejabat"),
        (GraduationStatus.PROPOSED, 2, 29, "1 peserta belum mempunyai hasil"),
        (GraduationStatus.APPROVED, 2, 30, "sudah berstatus Disetujui"),
        (GraduationStatus.RETURNED, 2, 30, "sudah berstatus Dikembalikan"),
    ],
)
def test_who_may_approve(status, by, decided, words):
    refusal = refusal_to_approve(status, proposed_by=1, approved_by=by, people=30, decided=decided)
    assert refusal is None if words is None else words in str(refusal)
