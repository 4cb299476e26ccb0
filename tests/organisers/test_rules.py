"""Who may run what, who signs when, how numbers are written: tables without a database."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.organisers.rules import choose_signer, format_number, overlapping, refusal_of_pattern, refusal_to_run
from app.regions.rules import Level

N, P, K = Level.NATION, Level.PROVINSI, Level.KABUPATEN


@pytest.mark.parametrize(
    ("organiser", "tier", "reason", "allowed"),
    [
        (K, K, None, True),
        (P, P, None, True),
        (N, N, "", True),
        (K, P, None, False),
        (K, N, None, False),
        (P, N, None, False),
        (K, P, "tidak ada yang lain", False),
        (P, N, "diminta pusat", False),
        (P, K, None, False),
        (N, P, "   ", False),
        (N, K, "", False),
        (P, K, "kabupaten belum mampu", True),
        (N, K, "daerah bencana", True),
        (N, P, "uji coba", True),
    ],
)
def test_an_office_runs_its_own_tier_a_lower_one_with_a_reason_and_never_a_higher_one(
    organiser, tier, reason, allowed
):
    assert (refusal_to_run(organiser, tier, reason) is None) is allowed


def test_the_refusal_is_said_in_the_labels_of_the_installation():
    refusal = refusal_to_run(K, P, None, tier="Lanjutan", own_tier="Permulaan")

    assert (
        str(refusal)
        == "Kabupaten/kota hanya dapat menyelenggarakan diklat permulaan. Diklat lanjutan diselenggarakan di"
        " tingkat provinsi."
    )


@dataclass
class Term:
    name: str
    starts_on: date
    ends_on: date | None = None
    prefix: str | None = None
    is_second: bool = False


HEAD = Term("kepala lama", date(2008, 1, 1), date(2011, 5, 31))
NEW_HEAD = Term("kepala baru", date(2011, 7, 1))
ACTING = Term("plt", date(2011, 6, 1), date(2011, 6, 30), "Plt.")
DAILY = Term("plh", date(2011, 7, 10), date(2011, 7, 12), "Plh.")
SECOND = Term("kabid", date(2008, 1, 1), None, None, True)
TERMS = [NEW_HEAD, HEAD, ACTING, DAILY, SECOND]


@pytest.mark.parametrize(
    ("day", "second", "name"),
    [
        (date(2007, 12, 31), False, None),
        (date(2008, 1, 1), False, "kepala lama"),
        (date(2011, 5, 27), False, "kepala lama"),
        (date(2011, 5, 31), False, "kepala lama"),
        (date(2011, 6, 1), False, "plt"),
        (date(2011, 6, 30), False, "plt"),
        (date(2011, 7, 9), False, "kepala baru"),
        (date(2011, 7, 10), False, "plh"),
        (date(2011, 7, 13), False, "kepala baru"),
        (date(2011, 7, 11), True, "kabid"),
        (date(2007, 1, 1), True, None),
    ],
)
def test_the_acting_one_signs_first_and_each_only_during_the_term(day, second, name):
    signer = choose_signer(TERMS, day, second=second)
    assert (signer and signer.name) == name


def test_the_acting_one_signs_first_even_when_the_regular_one_began_later():
    acting, regular = (
        Term("plt", date(2011, 6, 1), date(2011, 6, 30), "Plt."),
        Term("kepala", date(2011, 6, 15)),
    )
    assert choose_signer([acting, regular], date(2011, 6, 20)) == acting
    assert choose_signer([acting, regular], date(2011, 7, 1)) == regular


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "second", "other"),
    [
        (date(2011, 5, 31), date(2011, 6, 5), False, "kepala lama"),
        (date(2011, 6, 1), date(2011, 6, 30), False, None),
        (date(2011, 6, 1), None, False, "kepala baru"),
        (date(2000, 1, 1), date(2007, 12, 31), False, None),
        (date(2000, 1, 1), None, False, "kepala baru"),
        (date(2011, 6, 1), None, True, "kabid"),
    ],
)
def test_two_regular_terms_of_the_same_page_share_no_day(starts_on, ends_on, second, other):
    found = overlapping(TERMS, starts_on=starts_on, ends_on=ends_on, second=second)
    assert (found and found.name) == other


DAY = date(2026, 5, 27)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{sequence:03}/DIKLAT-{tier}/{unit}/{month}/{year}", "001/DIKLAT-D/DINSOS-TAPIN/V/2026"),
        ("400.9.1/{sequence:03}/STTPP/DINSOS/{year}", "400.9.1/001/STTPP/DINSOS/2026"),
        ("{year}/{month}/{unit}/{tier}/{sequence}", "2026/V/DINSOS-TAPIN/D/1"),
    ],
)
def test_a_number_follows_the_pattern_in_any_order(pattern, number):
    assert refusal_of_pattern(pattern) is None
    assert format_number(pattern, 1, "D", "DINSOS-TAPIN", DAY) == number


def test_a_sequence_longer_than_its_zeros_is_not_cut():
    assert format_number("{sequence:03}/{year}", 1234, "D", "U", DAY) == "1234/2026"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{sequence}",
        "{year}",
        "001/2026",
        "{sequence}{year}",
        "{sequence}/{year}/{nik}",
        "{sequence.__class__}/{year}",
        "{sequence:03}/{sequence}/{year}",
        "{sequence:{year}}/{year}",
        "{0}/{sequence}/{year}",
        "{sequence!r}/{year}",
        "{sequence:3}/{year}",
        "{sequence:00}/{year}",
        "{sequence}/{year}/<b>",
        "{sequence}/{year}\n",
        "{sequence}/{year}/{",
        "{sequence}/{year}/}",
        "9{sequence}/{year}",
        "{sequence}/{year}0",
        "{sequence}/{year}/" + "x" * 120,
    ],
)
def test_a_pattern_that_could_repeat_or_reach_something_else_is_refused(pattern):
    assert refusal_of_pattern(pattern) is not None


def test_a_stored_pattern_reaches_nothing_but_its_parts():
    assert (
        format_number("{sequence.__class__}/{unit.upper}/{year}", 7, "D", "U", DAY)
        == "{sequence.__class__}/{unit.upper}/2026"
    )
