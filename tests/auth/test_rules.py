"""The rules of auth: rights, who may grant what, names, passwords. Tables only."""

from datetime import date, timedelta

import pytest

from app.auth.rules import (
    BELOW,
    OWN,
    RIGHTS,
    ROLE_KINDS,
    ROLE_LEVELS,
    NameKind,
    Permission,
    Role,
    address_class,
    device_name,
    may_manage,
    normal_name,
    refusal_of_days,
    refusal_of_password,
    refusal_of_scope,
    typed_name,
)
from app.core.scopes import EVERYWHERE, NOWHERE, Reach, Scope, ScopeKind, region_scope
from app.regions.rules import Level

TAPIN, PIANI, BANJAR, KALSEL, NATION = (
    region_scope(code) for code in ("63.05", "63.05.06", "63.03", "63", "00")
)


def over(code: str, reaching) -> Reach:
    return Reach(regions=frozenset({(code, reaching)}))


def test_every_role_stands_in_the_table_of_rights_and_of_scopes():
    assert set(RIGHTS) == set(ROLE_KINDS) == set(Role)
    assert {role for role, kinds in ROLE_KINDS.items() if ScopeKind.REGION in kinds} == set(ROLE_LEVELS)


def test_every_permission_and_role_has_words():
    assert all(str(member.label).strip() for member in [*Permission, *Role])


def test_the_administrator_sees_no_person():
    assert not set(RIGHTS[Role.ADMINISTRATOR]) & {
        Permission.TRAINEE_SEE,
        Permission.NIK_SEE,
        Permission.ENROLLMENT_SEE,
        Permission.CERTIFICATE_SEE,
        Permission.COVERAGE_NAMES,
    }


def test_who_proposes_a_graduation_does_not_approve_it():
    assert not [
        role
        for role in Role
        if {Permission.GRADUATION_PROPOSE, Permission.GRADUATION_APPROVE} <= set(RIGHTS[role])
    ]


@pytest.mark.parametrize(
    ("role", "kind", "level", "allowed"),
    [
        (Role.KABUPATEN_DINAS, ScopeKind.REGION, Level.KABUPATEN, True),
        (Role.KABUPATEN_DINAS, ScopeKind.REGION, Level.PROVINSI, False),
        (Role.KABUPATEN_DINAS, ScopeKind.REGION, Level.KECAMATAN, False),
        (Role.PROVINSI_DINAS, ScopeKind.REGION, Level.PROVINSI, True),
        (Role.PROVINSI_DINAS, ScopeKind.REGION, Level.KABUPATEN, False),
        (Role.PUSAT, ScopeKind.REGION, Level.NATION, True),
        (Role.PUSAT, ScopeKind.REGION, Level.KABUPATEN, False),
        (Role.TKSK, ScopeKind.REGION, Level.KECAMATAN, True),
        (Role.TKSK, ScopeKind.REGION, Level.DESA, False),
        (Role.TKSK, ScopeKind.ORGANISER, None, False),
        (Role.COMMITTEE, ScopeKind.ORGANISER, None, True),
        (Role.COMMITTEE, ScopeKind.BATCH, None, True),
        (Role.TRAINER, ScopeKind.SESSION, None, True),
        (Role.TRAINER, ScopeKind.REGION, Level.KABUPATEN, False),
        (Role.HOST_CONTACT, ScopeKind.HOST, None, True),
        (Role.SIGNER, ScopeKind.ORGANISER, None, True),
        (Role.ADMINISTRATOR, ScopeKind.REGION, Level.NATION, True),
        (Role.ADMINISTRATOR, ScopeKind.REGION, Level.KECAMATAN, False),
        (Role.VOLUNTEER, ScopeKind.REGION, Level.DESA, False),
        (Role.SIGNER, ScopeKind.REGION, None, False),
    ],
)
def test_a_role_is_held_only_where_it_exists(role, kind, level, allowed):
    assert (refusal_of_scope(role, kind, level) is None) is allowed


@pytest.mark.parametrize(
    ("role", "scope", "reach", "allowed"),
    [
        (Role.KABUPATEN_DINAS, TAPIN, over("63.05", OWN), True),
        (Role.TKSK, PIANI, over("63.05", OWN), True),  # the office of a kecamatan is the kabupaten's
        (Role.KABUPATEN_DINAS, BANJAR, over("63.05", OWN), False),
        (Role.PROVINSI_DINAS, KALSEL, over("63.05", OWN), False),
        (
            Role.KABUPATEN_DINAS,
            TAPIN,
            over("63", OWN),
            False,
        ),  # a provinsi manages its own accounts, not those below
        (Role.PROVINSI_DINAS, KALSEL, over("63", OWN), True),
        (Role.KABUPATEN_DINAS, TAPIN, over("63", BELOW), True),
        (Role.PUSAT, NATION, over("63", BELOW), False),
        (Role.PUSAT, NATION, over("00", OWN), True),
        (Role.ADMINISTRATOR, TAPIN, over("63.05", OWN), False),  # would look further than the office itself
        (Role.AUDITOR, KALSEL, over("63", OWN), False),
        (Role.ADMINISTRATOR, TAPIN, over("63", BELOW), True),
        (Role.ADMINISTRATOR, NATION, EVERYWHERE, True),
        (Role.TKSK, PIANI, NOWHERE, False),
    ],
)
def test_nobody_grants_beyond_their_own_region(role, scope, reach, allowed):
    assert may_manage(role, [scope], reach) is allowed


def test_a_scope_that_nobody_knows_is_nobodys_to_grant():
    assert not may_manage(Role.COMMITTEE, [], over("00", BELOW))


def test_the_last_day_of_a_grant_lies_ahead_and_after_the_first():
    today = date(2026, 3, 2)
    assert refusal_of_days(None, None, today) is None
    assert refusal_of_days(None, today, today) is None
    assert refusal_of_days(None, today - timedelta(days=1), today) is not None
    assert refusal_of_days(today + timedelta(days=2), today + timedelta(days=1), today) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "0812-3456-7890",
        "62 812 3456 7890",
        "812 34567890",
        "+62 812-3456-7890",
        "+62 (0)812 3456 7890",
        "006281234567890",
    ],
)
def test_a_mobile_number_has_one_spelling_however_it_is_written(typed):
    assert typed_name(typed) == (NameKind.PHONE, "+6281234567890")


@pytest.mark.parametrize("typed", ["021 5550123", "0812", "", "abc", "+1", "0" * 400])
def test_what_is_no_mobile_number_is_refused(typed):
    assert normal_name(NameKind.PHONE, typed) is None


@pytest.mark.parametrize("typed", ["6305 0641 0185 9001", "6305.0641.0185.9001", "6305064101859001"])
def test_sixteen_digits_are_a_nik_even_where_they_begin_like_a_telephone_number(typed):
    assert typed_name(typed) == (NameKind.NIK, "6305064101859001")
    assert typed_name("6201064101859001") == (NameKind.NIK, "6201064101859001")


@pytest.mark.parametrize("typed", ["630506410185900", "63050641018590011", "6305x64101859001"])
def test_what_is_no_nik_is_refused(typed):
    assert normal_name(NameKind.NIK, typed) is None


def test_an_address_is_compared_in_small_letters_and_one_spelling():
    assert typed_name("  Siti.Aminah@Contoh.ID ") == (NameKind.EMAIL, "siti.aminah@contoh.id")
    assert (
        normal_name(NameKind.EMAIL, "siti@contoh") is None
        or normal_name(NameKind.EMAIL, "siti@@contoh.id") is None
    )
    assert normal_name(NameKind.EMAIL, "a@b.id\nBcc: x@y.id") is None


@pytest.mark.parametrize(
    "password",
    [
        "pendek",
        "a" * 201,
        "password123",
        "Kata-Sandi-2026",
        "qwertyuiop",
        "1234567890",
        "aaaaaaaaaaaa",
        "sitiaminah",
        "Siti Aminah 1985",
        "siti@contoh.id",
        "siti1234567",
        "rahasiarahasia",
        "bismillah99",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password):
    assert refusal_of_password(password, name="Siti Aminah", email="siti@contoh.id") is not None


@pytest.mark.parametrize(
    "password",
    [
        "pasar terapung rantau",
        "kopi-sore-di-margasari",
        "x7!kQ2#vTm",
        "九曜の庭に雨が降る朝を",
        "a1" * 5 + "bc",
    ],
)
def test_a_password_of_ones_own_is_taken(password):
    assert refusal_of_password(password, name="Siti Aminah", email=None) is None


def test_one_household_is_one_address():
    assert (
        address_class("2001:db8:1:2:3::4")
        == address_class("2001:db8:1:2:ffff::1")
        != address_class("2001:db8:1:3::1")
    )
    assert address_class("::ffff:10.0.0.1") == "10.0.0.1"
    assert address_class("no address") == "no address"


def test_people_recognise_their_device():
    agent = "Mozilla/5.0 (Linux; Android 13; SM-A045F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    assert device_name(agent) == "Chrome · Android"
    assert device_name("curl/8") == ""


def test_an_organiser_scope_is_reached_by_its_own_id():
    reach = Reach(ids={ScopeKind.ORGANISER: frozenset({4})})
    assert may_manage(Role.COMMITTEE, [Scope(ScopeKind.ORGANISER, 4)], reach)
    assert not may_manage(Role.COMMITTEE, [Scope(ScopeKind.ORGANISER, 5)], reach)
