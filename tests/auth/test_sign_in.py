"""Sign in and out: throttle before hashing, no lock-out by strangers, the same for known and unknown."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth import queries, services
from app.auth.models import SignIn
from app.auth.rules import (
    SIGN_IN_PER_ADDRESS,
    SIGN_IN_PER_NAME,
    SIGN_IN_PER_NAME_ANYWHERE,
    SIGN_IN_WINDOW,
    NameKind,
)
from app.auth.services import passwords
from app.auth.services.sign_ins import WRONG
from app.core import clock, crypto
from app.core.errors import RuleViolation, TooManyTries
from tests.auth.conftest import PASSWORD

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def wrong(user, *, address=ELSEWHERE, known_as="", typed=None):
    with pytest.raises(RuleViolation):
        services.sign_in(typed or user.email, "salah sama sekali", address=address, known_as=known_as)


def blocked(user, *, address=ELSEWHERE, known_as="", password=PASSWORD):
    with pytest.raises(TooManyTries) as refusal:
        services.sign_in(user.email, password, address=address, known_as=known_as)
    return refusal.value


def test_a_sign_in_is_a_row_whose_secret_is_not_in_the_database(db, officer):
    user, token = services.sign_in(officer().email.upper(), PASSWORD, address=HOME, device="Chrome · Android")
    row = db.session.scalars(select(SignIn)).one()
    assert (row.user_id, row.device, row.ended_at) == (user.id, "Chrome · Android", None)
    assert row.token_digest == crypto.token_digest(token) != token
    assert db.session.scalar(select(Event.action).order_by(Event.id.desc())) == "account.signed_in"


@pytest.mark.parametrize("typed", ["0812 3456 7890", "62812-34567890", "6305064101859001"])
def test_people_sign_in_by_telephone_or_nik_too(officer, typed):
    user = officer()
    services.add_sign_in_name(user, NameKind.PHONE, "0812-3456-7890")
    services.add_sign_in_name(user, NameKind.NIK, "6305 0641 0185 9001")
    assert services.sign_in(typed, PASSWORD, address=HOME)[0].id == user.id


def test_unknown_wrong_disabled_and_without_password_get_one_answer_after_one_hash(db, make, officer, hashes):
    known, disabled, invited = officer(), officer(), make.user()
    disabled.disabled_at = clock.now()
    db.session.commit()
    said = set()
    for typed, password in [
        ("siapa@contoh.id", PASSWORD),
        (known.email, "salah sama sekali"),
        (disabled.email, PASSWORD),
        (invited.email, PASSWORD),
        (known.email, "x" * 5000),
        ("bukan apa-apa", PASSWORD),
        ("0812 9999 0000", PASSWORD),
    ]:
        before = len(hashes)
        with pytest.raises(RuleViolation) as refusal:
            services.sign_in(typed, password, address=HOME)
        said.add(str(refusal.value.reason))
        assert len(hashes) == before + 1, typed
    assert said == {str(WRONG)}


def test_known_and_unknown_names_ask_the_database_the_same(officer, count_queries):
    user = officer()
    counts = []
    for typed in (user.email, "siapa@contoh.id"):
        with count_queries() as counted:
            with pytest.raises(RuleViolation):
                services.sign_in(typed, "salah sama sekali", address=HOME)
            counts.append(counted())
    assert counts[0] == counts[1]


def test_a_name_is_blocked_at_the_documented_count_before_any_hash(officer, hashes):
    user = officer()
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user)
    assert len(hashes) == SIGN_IN_PER_NAME
    refusal = blocked(user)
    assert len(hashes) == SIGN_IN_PER_NAME
    assert 0 < refusal.retry_after <= SIGN_IN_WINDOW.total_seconds() + 1


def test_an_unknown_name_is_blocked_at_the_same_count(db, hashes):
    for _ in range(SIGN_IN_PER_NAME):
        with pytest.raises(RuleViolation):
            services.sign_in("siapa@contoh.id", "salah sama sekali", address=ELSEWHERE)
    with pytest.raises(TooManyTries):
        services.sign_in("siapa@contoh.id", "salah sama sekali", address=ELSEWHERE)


def test_one_password_on_many_names_is_blocked_at_the_documented_count(db, monkeypatch):
    checked = []
    monkeypatch.setattr(passwords, "matches", lambda _stored, password: checked.append(password))
    for number in range(SIGN_IN_PER_ADDRESS):
        with pytest.raises(RuleViolation):
            services.sign_in(f"orang{number}@contoh.id", "rahasia", address=ELSEWHERE)
    with pytest.raises(TooManyTries):
        services.sign_in("orang999@contoh.id", "rahasia", address=ELSEWHERE)
    assert len(checked) == SIGN_IN_PER_ADDRESS


def test_the_owner_elsewhere_is_not_locked_out_by_a_stranger(officer):
    user = officer()
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user, address=ELSEWHERE)
    blocked(user, address=ELSEWHERE)
    assert services.sign_in(user.email, PASSWORD, address=HOME)[0].id == user.id


def test_many_addresses_together_are_blocked_but_never_a_browser_that_signed_in_before(officer, monkeypatch):
    user = officer()
    mine = services.remember_browser("", user)
    monkeypatch.setattr(passwords, "matches", lambda stored, password: password == PASSWORD)
    for number in range(SIGN_IN_PER_NAME_ANYWHERE):
        wrong(user, address=f"10.0.{number // 9}.1")
    blocked(user, address="192.0.2.1")
    assert services.sign_in(user.email, PASSWORD, address="192.0.2.1", known_as=mine)[0].id == user.id


def test_a_known_browser_is_not_held_by_its_neighbours_behind_the_same_address(officer, monkeypatch):
    user = officer()
    mine = services.remember_browser("", user)
    monkeypatch.setattr(passwords, "matches", lambda stored, password: password == PASSWORD)
    for number in range(SIGN_IN_PER_ADDRESS):
        with pytest.raises(RuleViolation):
            services.sign_in(f"orang{number}@contoh.id", "rahasia", address=HOME)
    blocked(user, address=HOME)
    assert services.sign_in(user.email, PASSWORD, address=HOME, known_as=mine)


def test_a_known_browser_has_a_limit_of_its_own(officer):
    user = officer()
    mine = services.remember_browser("", user)
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user, known_as=mine)
    blocked(user, known_as=mine)


def test_a_made_up_or_foreign_or_old_proof_of_a_browser_counts_for_nothing(officer, at):
    at(2026, 3, 2, 2)
    user, other = officer(), officer()
    genuine = services.remember_browser("", user)
    owner, made_at, name, seal = genuine.split(".")
    foreign = services.remember_browser("", other)
    forged = [
        f"{user.id}.{made_at}.{name}.{'0' * 32}",
        f"{user.id}.{made_at}.lain.{seal}",
        foreign,
        "~~~",
        "a.b.c",
        "1..",
        "\u00e9.1.2.3",
    ]
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user)
    for known_as in forged:
        blocked(user, known_as=known_as)
    at(2026, 9, 2, 2)
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user)
    blocked(user, known_as=genuine)
    assert owner == str(user.id)


def test_a_browser_is_remembered_for_the_last_five_accounts(officer):
    users = [officer() for _ in range(6)]
    kept = ""
    for user in users:
        kept = services.remember_browser(kept, user)
    assert [proof.split(".")[0] for proof in kept.split("~")] == [
        str(user.id) for user in reversed(users[1:])
    ]


def test_the_block_ends_by_itself(officer, at):
    at(2026, 3, 2, 2)
    user = officer()
    for _ in range(SIGN_IN_PER_NAME):
        wrong(user)
    blocked(user)
    clock.start_at(clock.now() + SIGN_IN_WINDOW + timedelta(seconds=1))
    assert services.sign_in(user.email, PASSWORD, address=ELSEWHERE)


def test_signing_in_clears_the_name_but_not_the_address(officer, monkeypatch):
    mine, victim = officer(), officer()
    monkeypatch.setattr(passwords, "matches", lambda stored, password: password == PASSWORD)
    for _ in range(SIGN_IN_PER_NAME - 1):
        wrong(mine)
    services.sign_in(mine.email, PASSWORD, address=ELSEWHERE)
    wrong(mine)
    for number in range(SIGN_IN_PER_ADDRESS - SIGN_IN_PER_NAME):
        wrong(victim, typed=f"orang{number}@contoh.id")
        services.sign_in(mine.email, PASSWORD, address=ELSEWHERE) if number % 5 == 0 else None
    blocked(mine)


def test_a_weaker_hash_is_renewed_at_sign_in(db, officer, make):
    weak = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
    user = make.user(password_hash=weak)
    services.sign_in(user.email, PASSWORD, address=HOME)
    assert "m=19456,t=2,p=1" in user.password_hash
    assert services.sign_in(user.email, PASSWORD, address=HOME)


def test_the_hash_checked_for_nobody_is_as_costly_as_any_other():
    assert not passwords.HASHER.check_needs_rehash(passwords.NOBODYS)
    assert not passwords.matches(None, PASSWORD)


def test_a_password_changed_while_it_was_checked_opens_nothing(db, officer, monkeypatch):
    user = officer()
    genuine = passwords.matches

    def slow(stored, password):
        right = genuine(stored, password)
        user.password_hash = passwords.hash_password("kata sandi yang baru sekali")
        db.session.commit()
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(RuleViolation):
        services.sign_in(user.email, PASSWORD, address=HOME)
    assert db.session.scalar(select(func.count(SignIn.id))) == 0


def test_an_open_sign_in_ends_with_time_by_its_secret_and_with_all_others(officer, at):
    at(2026, 3, 2, 2)
    user, first = services.sign_in(officer().email, PASSWORD, address=HOME)
    second, third = services.open_sign_in(user), services.open_sign_in(user)
    assert queries.find_signed_in(first)
    services.end_sign_in(first)
    assert not queries.find_signed_in(first)
    services.end_all_sign_ins(user, except_token=second)
    assert queries.find_signed_in(second)
    assert not queries.find_signed_in(third)
    at(2026, 3, 16, 3)
    assert not queries.find_signed_in(second)


def test_nobody_ends_the_sign_in_of_another(officer):
    user, other = officer(), officer()
    token = services.open_sign_in(other)
    row = queries.find_signed_in(token)[1]
    services.end_own_sign_in(user, row.id)
    assert queries.find_signed_in(token)
    services.end_own_sign_in(other, row.id)
    assert not queries.find_signed_in(token)


@pytest.mark.parametrize("typed", ["8203714659", "82037 14659", " 8203714659 "])
def test_a_code_of_digits_is_known_with_gaps_too(typed):
    stored = passwords.hash_password("82037 14659")
    assert passwords.matches(stored, typed)
    assert not passwords.matches(stored, "8203714658")


def test_gaps_between_words_count():
    assert not passwords.matches(passwords.hash_password("sapi biru makan"), "sapibirumakan")
