"""What a NIK says, how names are compared, which moves of standing there are."""

from datetime import date

import pytest

from app.core.names import bare_name, fold_name
from app.core.text import Text
from app.regions.reference import tile_places
from app.trainees import alike as alike_rules
from app.trainees import rules
from app.trainees.rules import APPOINTABLE, TRANSITIONS, Held, Sex, TraineeStatus

TODAY = date(2026, 5, 27)
GOOD = "6305064101859001"


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        " 6305064101859001 ",
        "6305 0641 0185 9001",
        "63.05.06.410185.9001",
        "6305-0641-0185-9001",
        "'6305064101859001",
        "’6305064101859001",
        "6305\u00a00641\u00a00185\u00a09001",
    ],
)
def test_a_nik_is_mended_of_what_people_and_excel_add(typed):
    assert rules.check_nik(typed) == GOOD


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "NIK belum diisi."),
        ("630506410185900", "NIK harus 16 angka; Anda mengetik 15."),
        ("63050641018590011", "NIK harus 16 angka; Anda mengetik 17."),
        ("1", "NIK harus 16 angka; Anda mengetik 1."),
        ("630506410185900X", "NIK hanya terdiri atas angka."),
        ("6.30506E+15", "NIK ini sudah dipotong oleh Excel. Ubah kolomnya menjadi teks, lalu ketik ulang."),
        (
            "6305060001859001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        (
            "6305063201859001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        (
            "6305064013859001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        (
            "6305067201859001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        (
            "6305063002859001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        (
            "6305062902019001",
            (
                "Tanggal lahir di dalam NIK (angka ke-7 sampai ke-12) tidak mungkin. Periksa kembali NIK pada"
                " KTP."
            ),
        ),
        ("9999994101859001", "Dua angka pertama NIK bukan kode provinsi: 99. Periksa kembali NIK pada KTP."),
        ("0000004101859001", "Dua angka pertama NIK bukan kode provinsi: 00. Periksa kembali NIK pada KTP."),
        ("6305064101850000", "Empat angka terakhir NIK tidak mungkin 0000. Periksa kembali NIK pada KTP."),
    ],
)
def test_what_is_no_nik_is_refused_with_its_reason(typed, sentence):
    refusal = rules.check_nik(typed)
    assert isinstance(refusal, Text)
    assert refusal == sentence


@pytest.mark.parametrize(
    "nik", ["1199994101859001", "5401014101859001", "9600004101859001", "6305062902009001"]
)
def test_a_nik_of_any_province_that_is_or_was_counts_and_a_leap_day_is_a_day(nik):
    assert rules.check_nik(nik) == nik


def test_every_province_of_the_list_of_regions_numbers_people():
    assert {code for code in tile_places() if len(code) == 2} | {"54"} == rules.PROVINCES_OF_NIK


@pytest.mark.parametrize(
    ("six_digits", "born", "sex"),
    [
        ("410185", date(1985, 1, 1), Sex.FEMALE),
        ("710185", date(1985, 1, 31), Sex.FEMALE),
        ("010185", date(1985, 1, 1), Sex.MALE),
        ("310160", date(1960, 1, 31), Sex.MALE),
        ("010105", date(2005, 1, 1), Sex.MALE),
        ("010110", date(2010, 1, 1), Sex.MALE),  # nobody is 116; a child of 16 is likelier
        ("010130", date(1930, 1, 1), Sex.MALE),
        ("690200", date(2000, 2, 29), Sex.FEMALE),
    ],
)
def test_a_nik_suggests_birth_date_and_sex(six_digits, born, sex):
    hints = rules.what_nik_suggests(f"630506{six_digits}9001", TODAY)
    assert (hints.birth_date, hints.sex) == (born, sex)


def test_a_mismatch_with_the_nik_is_a_warning_and_both_centuries_match():
    assert rules.doubts_about_nik(GOOD, date(1985, 1, 1), Sex.FEMALE) == []
    assert rules.doubts_about_nik("6305060101059001", date(1905, 1, 1), Sex.MALE) == []
    assert len(rules.doubts_about_nik(GOOD, date(1985, 1, 2), Sex.MALE)) == 2
    assert rules.doubts_about_nik(GOOD, None, None) == []


def test_a_masked_nik_shows_eight_figures():
    assert rules.mask_nik("6305064101850009") == "6305************"


def test_sample_nik_keep_to_serials_that_no_office_gives():
    nik = rules.sample_nik("63.05.06", date(1985, 1, 1), Sex.FEMALE, 9001)
    assert nik == GOOD
    assert rules.check_nik(nik) == nik
    assert rules.sample_nik("63.05.06.2001", date(1985, 1, 1), Sex.MALE, 9999) == "6305060101859999"
    with pytest.raises(ValueError, match="9000"):
        rules.sample_nik("63.05.06", date(1985, 1, 1), Sex.FEMALE, 9)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Nur'aini", "nuraini"),
        ("NUR’AINI", "nuraini"),
        ("Drs. H. Ahmad  Yani, M.Pd.", "drs h ahmad yani m pd"),
        ("José Müller", "jose muller"),
        ("Siti-Aminah", "siti aminah"),
        ("Rahmat_hidayat", "rahmat hidayat"),
        ("Straße", "strasse"),
        ("100% _Budi_", "100 budi"),
        ("…", ""),
    ],
)
def test_names_are_compared_without_accents_and_points(name, folded):
    assert fold_name(name) == folded


def test_the_words_of_a_name_are_each_kept_once():
    assert rules.words_of("Siti Siti Nur'aini") == ["nuraini", "siti"]


@pytest.mark.parametrize(
    "name", ["Suharto", "Drs. H. Ahmad Yani, M.Pd.", "Nur'aini", "Raden Mas IV", "Renée Ștefan"]
)
def test_single_names_titles_and_apostrophes_are_names(name):
    assert rules.check_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "-",
        "123",
        "x" * 201,
        "x" * 41,
        "Siti 6305064101859001",
        "3 Siti",
        "=S()",
        "<b>Siti</b>",
        "Вudi",
        "Siti @ Rantau",
    ],
)
def test_what_is_no_name_is_refused(name):
    assert isinstance(rules.check_name(name), Text)


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (date(2008, 5, 27), False),
        (date(2008, 5, 28), True),
        (date(1960, 1, 1), False),
        (date(2027, 1, 1), True),
        (date(1890, 1, 1), True),
    ],
)
def test_a_psm_is_at_least_eighteen_on_the_day(born, refused):
    assert bool(rules.refusal_of_age(born, None, TODAY)) is refused


def test_without_a_birth_date_a_nik_of_a_child_asks_for_it():
    assert "Menurut NIK" in str(rules.refusal_of_age(None, "6305060101109001", TODAY))
    assert rules.refusal_of_age(None, GOOD, TODAY) is None
    assert rules.refusal_of_age(None, None, TODAY) is None


def test_the_table_of_standings_is_closed():
    assert set(TRANSITIONS) == set(TraineeStatus)
    assert {TraineeStatus.CANDIDATE, TraineeStatus.INACTIVE} == APPOINTABLE
    for status, onward in TRANSITIONS.items():
        assert status not in onward


@pytest.mark.parametrize("present", list(TraineeStatus))
@pytest.mark.parametrize("status", list(TraineeStatus))
def test_a_standing_changes_only_along_the_table_and_never_to_active_without_an_sk(present, status):
    allowed = status in TRANSITIONS[present] and status is not TraineeStatus.ACTIVE
    assert (rules.refusal_to_change(present, status) is None) is allowed


@pytest.mark.parametrize(
    ("day", "last", "refused"),
    [
        (TODAY, None, False),
        (date(2026, 5, 28), None, True),
        (date(2020, 1, 1), date(2020, 1, 1), False),
        (date(2019, 12, 31), date(2020, 1, 1), True),
    ],
)
def test_a_fact_begins_neither_in_the_future_nor_before_the_last(day, last, refused):
    assert bool(rules.refusal_of_day(day, today=TODAY, last=last)) is refused


def test_the_highest_rank_counts_only_what_held_on_the_day():
    held = [
        Held(1, date(2011, 5, 27)),
        Held(2, date(2015, 1, 1), date(2018, 12, 31)),
        Held(3, date(2020, 1, 1), date(2019, 12, 31)),  # revoked on the day it was issued: never held
    ]
    on = {
        date(2011, 5, 26): 0,
        date(2011, 5, 27): 1,
        date(2018, 12, 31): 2,
        date(2019, 1, 1): 1,
        date(2020, 1, 1): 1,
    }
    assert {day: rules.highest_rank(held, day) for day in on} == on


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Drs. H. Abdul Ghani, M.Si.", "ABDUL GHANI"),
        ("M. Noor", "m noor"),
        ("M. NOOR, S.Pd", "M. Noor"),
        ("Drs., H. Abdul Ghani", "abdul ghani"),
        ("Hj. Nurul Huda S.Sos", "Nurul Huda"),
        ("NURUL HUDA S.Pd.I.", "Hj Nurul Huda, S.Pd.I"),
        ("Ir. H. Zain, S.E., M.M.", "Zain"),
        ("H", "h"),
        ("Siti", "siti, S.Sos"),
        ("Nu'man", "Numan"),
    ],
)
def test_names_are_found_without_their_titles(name, other):
    assert bare_name(name) == bare_name(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("M. Noor", "Noor"), ("Siti Aminah", "Siti Halimah"), ("H. Ma", "H. Ba"), ("Abdul", "Abdul Ghani")],
)
def test_other_names_are_others(name, other):
    assert bare_name(name) != bare_name(other)


MAY = date(1980, 5, 12)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("ghani", 1, MAY, None, None), ("ghani", 1, MAY, None, "n"), True),
        (("ghani", 1, None, None, None), ("ghani", 1, MAY, None, None), True),
        (("ghani", 1, MAY, None, None), ("ghani", 2, MAY, None, None), True),
        (("ghani", 1, None, "p", None), ("ghani", 2, None, "p", None), True),
        (("ghani", 1, None, None, None), ("ghani", 2, None, None, None), False),
        (("ghani", 1, MAY, None, "6305061205809001"), ("ghani", 1, MAY, None, "6305061205809999"), False),
        (("ghani", 1, MAY, None, "6305061205809001"), ("ghani", 1, MAY, None, "6305061205800901"), True),
        (
            ("ghani", 1, MAY, None, "6305061205809001"),
            ("ghani", 1, date(1980, 5, 21), None, "6305062105809001"),
            True,
        ),
        (("ghani", 2, MAY, None, "6305061205809001"), ("siti", 1, MAY, None, "6305061205809002"), False),
        (("abdul ghani", 1, MAY, None, None), ("abdul gani", 1, MAY, None, None), True),
        (("abdul ghani", 1, None, None, None), ("abdul gani", 1, None, None, None), False),
        (("abdul ghani", 1, MAY, None, None), ("siti aminah", 1, MAY, None, None), False),
        (("ghani", 1, MAY, None, None), ("ghani", 1, date(1981, 5, 12), None, None), False),
        (("ghani", 1, MAY, "p", None), ("gani", 2, MAY, "p", None), True),
        (("ghani", 1, None, "p", None), ("siti", 1, None, "p", None), False),
    ],
)
def test_two_records_that_may_be_one_person(one, other, alike):
    assert alike_rules.may_be_one(alike_rules.Likeness(*one), alike_rules.Likeness(*other)) is alike
