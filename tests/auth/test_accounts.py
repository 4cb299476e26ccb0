"""Accounts, their sign-in names, passwords, tokens, disabling."""

import pytest
from sqlalchemy import select

from app.auth import queries, services
from app.auth.models import AccessToken, OneTimeLink, SignInName
from app.auth.rules import NameKind, Role
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation, TooManyTries
from app.core.scopes import ScopeKind
from tests.auth.conftest import PASSWORD

HOME = "203.0.113.7"


def test_an_account_is_opened_with_the_names_it_signs_in_by(make):
    user = services.open_account(
        "  Siti\n Aminah ",
        password=PASSWORD,
        names={NameKind.PHONE: "0812-3456-7890"},
        email="Siti@Contoh.id",
        region=make.region(),
        by=SYSTEM,
    )
    assert (user.name, user.email, user.region.code) == ("Siti Aminah", "siti@contoh.id", "63.05")
    assert queries.list_name_kinds(user) == [NameKind.EMAIL, NameKind.PHONE]
    assert (
        services.find_by_sign_in_name("+62 812 3456 7890").id
        == services.find_by_sign_in_name("SITI@contoh.id").id
        == user.id
    )
    assert services.find_by_sign_in_name("0812-3456-7891") is None


def test_the_table_of_names_tells_no_name(db, make):
    services.add_sign_in_name(make.user(), NameKind.NIK, "6305064101859001")
    stored = db.session.scalars(select(SignInName.blind_index)).all()
    assert not any("630506" in index for index in stored)
    nik, phone = queries.name_index(NameKind.NIK, "1"), queries.name_index(NameKind.PHONE, "1")
    assert nik != phone


@pytest.mark.parametrize(
    ("kind", "value", "again"),
    [
        (NameKind.EMAIL, "ada@contoh.id", "ADA@contoh.id"),
        (NameKind.PHONE, "0812-3456-7890", "62 812 3456 7890"),
        (NameKind.NIK, "6305064101859001", "6305 0641 0185 9001"),
    ],
)
def test_a_name_belongs_to_one_account(make, kind, value, again):
    first, second = make.user(), make.user()
    row = services.add_sign_in_name(first, kind, value)
    assert services.add_sign_in_name(first, kind, again).id == row.id
    with pytest.raises(Conflict) as refusal:
        services.add_sign_in_name(second, kind, again)
    assert refusal.value.field == kind.value
    services.drop_sign_in_names(first, kind)
    assert services.add_sign_in_name(second, kind, again)


@pytest.mark.parametrize(
    ("kind", "value"), [(NameKind.EMAIL, "siti@"), (NameKind.PHONE, "021 5550123"), (NameKind.NIK, "123")]
)
def test_what_is_no_name_is_refused_at_its_field(make, kind, value):
    with pytest.raises(RuleViolation) as refusal:
        services.add_sign_in_name(make.user(), kind, value)
    assert refusal.value.field == kind.value


def test_a_weak_password_opens_no_account(db):
    with pytest.raises(RuleViolation):
        services.open_account(
            "Siti Aminah", password="sitiaminah", names={}, email="siti@contoh.id", by=SYSTEM
        )
    assert services.find_by_sign_in_name("siti@contoh.id") is None


def test_changing_the_password_ends_every_sign_in_and_link(db, officer):
    user = officer()
    old = services.open_sign_in(user)
    services.issue_reset_link(user, by=SYSTEM)
    new = services.change_password(user, PASSWORD, "kopi sore di margasari")
    assert not queries.find_signed_in(old)
    assert queries.find_signed_in(new)
    assert all(link.used_at for link in db.session.scalars(select(OneTimeLink)))
    assert services.sign_in(user.email, "kopi sore di margasari", address=HOME)
    with pytest.raises(RuleViolation):
        services.sign_in(user.email, PASSWORD, address=HOME)


def test_the_password_is_not_changed_without_the_old_one_and_guessing_it_is_limited(officer, hashes):
    user = officer()
    for _ in range(5):
        with pytest.raises(RuleViolation) as refusal:
            services.change_password(user, "salah sama sekali", "kopi sore di margasari")
        assert refusal.value.field == "old"
    tried = len(hashes)
    with pytest.raises(TooManyTries):
        services.change_password(user, PASSWORD, "kopi sore di margasari")
    assert len(hashes) == tried


def test_a_new_email_is_signed_in_by_and_kills_links_sent_to_the_old_one(db, officer, outbox):
    user = officer(email="lama@contoh.id")
    services.request_reset("lama@contoh.id", address=HOME)
    services.change_email(user, "Baru@Contoh.id", PASSWORD)
    assert db.session.scalars(select(OneTimeLink)).one().used_at
    assert services.find_by_sign_in_name("baru@contoh.id").id == user.id
    assert services.find_by_sign_in_name("lama@contoh.id") is None
    assert [message.recipient for message in outbox()] == ["lama@contoh.id", "lama@contoh.id"]


def test_an_email_is_changed_with_the_password_only_and_not_to_anothers(officer, make):
    user, other = officer(email="lama@contoh.id"), make.user(email="ada@contoh.id")
    with pytest.raises(RuleViolation):
        services.change_email(user, "baru@contoh.id", "salah sama sekali")
    with pytest.raises(Conflict):
        services.change_email(user, other.email, PASSWORD)
    assert user.email == "lama@contoh.id"
    assert services.find_by_sign_in_name("lama@contoh.id").id == user.id


def test_trying_out_which_emails_exist_is_limited(officer, make):
    user, other = officer(), make.user()
    for _ in range(5):
        with pytest.raises(Conflict):
            services.change_email(user, other.email, PASSWORD)
    with pytest.raises(TooManyTries):
        services.change_email(user, other.email, PASSWORD)


def test_a_disabled_account_is_dead_at_once_and_lives_again(officer, make):
    user, admin = officer(Role.TKSK, "63.05.06"), make.user(Role.KABUPATEN_DINAS)
    token = services.open_sign_in(user)
    program = services.make_access_token(user, "rekap", days=30, by=user)
    services.disable_user(user, by=admin)
    services.disable_user(user, by=admin)
    assert not queries.find_signed_in(token)
    assert not services.user_by_access_token(program)
    services.enable_user(user, by=admin)
    assert not queries.find_signed_in(token)
    assert services.sign_in(user.email, PASSWORD, address=HOME)


@pytest.mark.parametrize(
    "act", [services.disable_user, services.enable_user, services.issue_reset_link, services.invite_again]
)
def test_an_account_that_also_reaches_further_is_not_to_be_taken_over(make, act):
    officer = make.user(Role.KABUPATEN_DINAS)
    from_elsewhere = make.user(Role.KABUPATEN_DINAS, "63.03")
    higher = make.user(region="63.05")
    make.grant(higher, Role.PROVINSI_DINAS, make.region("63"))
    for victim in (from_elsewhere, make.user(region="63.03"), higher, officer):
        with pytest.raises(RuleViolation):
            act(victim, by=officer)


def test_naming_a_trainer_does_not_put_the_account_out_of_reach(make):
    officer, trainer = make.user(Role.KABUPATEN_DINAS), make.user(Role.TRAINER, scope=(ScopeKind.SESSION, 7))
    assert services.issue_reset_link(trainer, by=officer)


def test_a_token_is_shown_once_and_ends_with_its_days_or_by_hand(db, officer, make, at):
    at(2026, 3, 2, 2)
    user = officer()
    token = services.make_access_token(user, "rekap", days=30, by=user)
    row = db.session.scalars(select(AccessToken)).one()
    assert token not in (row.token_digest, row.label)
    assert services.user_by_access_token(token).id == user.id
    at(2026, 4, 2, 2)
    assert services.user_by_access_token(token) is None
    at(2026, 3, 3, 2)
    with pytest.raises(RuleViolation):
        services.end_access_token(row, by=make.user(Role.KABUPATEN_DINAS))
    services.end_access_token(row, by=user)
    assert services.user_by_access_token(token) is None


def test_nobody_makes_a_token_for_another(make):
    with pytest.raises(RuleViolation):
        services.make_access_token(make.user(), "rekap", days=30, by=make.user(Role.KABUPATEN_DINAS))
    with pytest.raises(RuleViolation):
        services.make_access_token(make.user(), "rekap", days=4000, by=SYSTEM)
