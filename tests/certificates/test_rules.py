"""Verdicts, dates, codes and ordinals, in plain values."""

from datetime import date

import pytest

from app.assessment.rules import ResultOutcome
from app.certificates import rules
from app.certificates.rules import CertificateKind, Verdict
from app.core import crypto
from app.core.dates import roman
from app.trainees.rules import TraineeStatus

DAY = date(2011, 5, 27)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"revoked_on": None, "is_superseded": False}, Verdict.VALID),
        ({"revoked_on": DAY, "is_superseded": False}, Verdict.REVOKED),
        ({"revoked_on": None, "is_superseded": True}, Verdict.SUPERSEDED),
        ({"revoked_on": DAY, "is_superseded": True}, Verdict.REVOKED),
        ({"revoked_on": None, "is_superseded": False, "is_sealed": False}, Verdict.ALTERED),
        ({"revoked_on": DAY, "is_superseded": False, "is_sealed": False}, Verdict.REVOKED),
    ],
)
def test_what_a_certificate_is_worth(facts, verdict):
    assert rules.verdict_of(**facts) is verdict


def test_each_verdict_has_a_tone():
    assert set(rules.TONES) == set(Verdict)


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (ResultOutcome.PASSED, CertificateKind.COMPLETION),
        (ResultOutcome.ATTENDED, CertificateKind.PARTICIPATION),
        (ResultOutcome.DEFERRED, None),
        (ResultOutcome.FAILED, None),
        (None, None),
    ],
)
def test_what_an_outcome_earns(outcome, kind):
    assert rules.kind_for(outcome) is kind
    assert (rules.refusal_of_outcome(outcome) is None) is (kind is not None)


@pytest.mark.parametrize(("day", "allowed"), [(26, False), (27, True), (28, True), (30, True), (31, False)])
def test_a_certificate_is_dated_between_its_graduation_and_today(day, allowed):
    refusal = rules.refusal_of_day(date(2011, 5, day), held_on=date(2011, 5, 27), today=date(2011, 5, 30))
    assert (refusal is None) is allowed


@pytest.mark.parametrize("lacking", ["is_approved", "has_name", "has_signer", "lesson_hours"])
def test_each_requirement_is_missed_by_name(lacking):
    met = {"is_approved": True, "has_name": True, "has_signer": True, "lesson_hours": 25}
    assert rules.missing_requirements(**met) == []
    assert len(rules.missing_requirements(**{**met, lacking: 0})) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "ABCDEFGHJKLMN",
        "abcdefghjklmn",
        "ABCDE-FGHJK-LMN",
        " abcde fghjk lmn ",
        "ABCDE\u2013FGHJK\u2013LMN",
        "ABCDE\u00a0FGHJKLMN",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert rules.read_code(typed) == "ABCDEFGHJKLMN"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ABCDEFGHJKLM",
        "ABCDEFGHJKLMNP",
        "ABCDEFGHJKLM0",
        "ABCDEFGHJKLMO",
        "%00",
        "ÀBCDEFGHJKLMN",
        "A" * 5000,
    ],
)
def test_what_no_certificate_can_have_is_no_code(typed):
    assert rules.read_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("KX3U4-CPDU5", "baru 10 dari 13"),
        ("Siti Aminah", "seperti nama"),
        ("026", "hanya angka"),
        ("KX3U4-CPDU5-FR0", "huruf O atau angka 0"),
        ("KX3U4-CPDU5-FR6", None),
        ("", None),
        ("026/DIKLAT-D/DINSOS-TAPIN/V/2011", "kelebihan huruf"),
    ],
)
def test_what_is_no_code_yet_is_told_why(typed, said):
    refusal = rules.refusal_of_code(typed)
    assert refusal is None if said is None else said in str(refusal)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("mohon dicek pak punya Bu Siti", []),
        ("dicek pak punya", []),
        ("tlg cek punya ABCD EFGHJKLMN", []),
        ("ABCDE FGHJKLMN", ["ABCDEFGHJKLMN"]),
        ("ABCDEFGHJK LMN", ["ABCDEFGHJKLMN"]),
        ("AB2DE FG HJK LMN", ["AB2DEFGHJKLMN"]),
        ("kode Bu Siti ABCDE FGHJK LMN ya", ["ABCDEFGHJKLMN"]),
    ],
)
def test_ordinary_words_are_no_code(typed, codes):
    assert rules.codes_in(typed) == codes
    assert codes or "nama atau kata" in str(rules.refusal_of_code(typed))


def test_every_code_we_make_is_read():
    for _each in range(200):
        code = crypto.new_code()
        assert rules.read_code(code.lower()) == code


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "I"),
        (4, "IV"),
        (9, "IX"),
        (14, "XIV"),
        (40, "XL"),
        (49, "XLIX"),
        (99, "XCIX"),
        (100, "C"),
        (148, "CXLVIII"),
    ],
)
def test_ordinals_as_on_paper(number, written):
    assert roman(number) == written


@pytest.mark.parametrize(
    ("year", "cited"),
    [(2011, "28/HUK/1987"), (2012, None), (2015, "01 Tahun 2012"), (2019, None), (2026, "10 Tahun 2019")],
)
def test_the_regulation_of_the_year_of_issue_is_cited(year, cited):
    found = rules.legal_bases(date(year, 6, 1))
    assert found == [] if cited is None else cited in found[0]


@pytest.mark.parametrize(
    ("standing", "post"),
    [
        (TraineeStatus.ACTIVE, "Pekerja Sosial Masyarakat"),
        (TraineeStatus.CANDIDATE, "Calon Pekerja Sosial Masyarakat"),
        (None, None),
    ],
)
def test_the_post_beside_a_standing(standing, post):
    assert rules.position_of(standing) == post


def test_one_line_is_counted_together():
    assert rules.network_of("2001:db8::1") == rules.network_of("2001:db8::ffff")
    assert rules.network_of("2001:db8::1") != rules.network_of("2001:db8:0:1::1")
    assert rules.network_of("203.0.113.7") == "203.0.113.7"
    assert rules.network_of(None) == ""
