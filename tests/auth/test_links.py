"""Invitations and reset links: one use, one hour, dead on a newer one; the same for known and unknown; links
from BASE_URL.
"""

import re

import pytest
from sqlalchemy import func, select

from app.audit.models import Event
from app.auth import queries, services
from app.auth.models import OneTimeLink, User
from app.auth.rules import (
    RESET_PER_ADDRESS,
    RESET_PER_NAME,
    RESET_PER_NAME_ANYWHERE,
    LinkPurpose,
    NameKind,
    Role,
)
from app.core import clock, crypto
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation, TooManyTries
from app.core.scopes import ScopeKind
from tests.auth.conftest import PASSWORD

HOME, NEW = "203.0.113.7", "kopi sore di margasari"


def link_in(message) -> str:
    return re.search(r"https?://\S+", message.body).group()


def token_in(link) -> str:
    return link.rpartition("/")[2]


def ask(user, outbox) -> str:
    services.request_reset(user.email, address=HOME)
    return token_in(link_in(outbox()[-1]))


def test_a_reset_link_sets_a_password_once_and_ends_every_sign_in(officer, outbox):
    user = officer()
    before = services.open_sign_in(user)
    token = ask(user, outbox)
    services.reset_password(token, NEW)
    assert not queries.find_signed_in(before)
    assert services.sign_in(user.email, NEW, address=HOME)
    with pytest.raises(RuleViolation):
        services.reset_password(token, "pasar terapung lok baintan")


def test_a_newer_link_kills_the_older(officer, outbox):
    user = officer()
    old, new = ask(user, outbox), ask(user, outbox)
    with pytest.raises(RuleViolation):
        services.reset_password(old, NEW)
    assert services.reset_password(new, NEW).id == user.id


def test_a_link_dies_after_an_hour(officer, outbox, at):
    at(2026, 3, 2, 2)
    token = ask(officer(), outbox)
    at(2026, 3, 2, 3, 1)
    with pytest.raises(RuleViolation):
        services.reset_password(token, NEW)


def test_a_link_dies_when_the_email_is_changed_or_the_account_disabled(officer, outbox, make):
    user, other = officer(), officer(Role.TKSK, "63.05.06")
    token, others = ask(user, outbox), ask(other, outbox)
    services.change_email(user, "baru@contoh.id", PASSWORD)
    services.disable_user(other, by=make.user(Role.KABUPATEN_DINAS))
    for dead in (token, others):
        with pytest.raises(RuleViolation):
            services.reset_password(dead, NEW)


def test_a_link_used_by_two_at_once_works_for_one(officer, outbox, monkeypatch):
    user = officer()
    token = ask(user, outbox)
    genuine = services.links.passwords.hash_password
    raced = []

    def while_hashing(password):
        if not raced:
            raced.append(True)
            services.reset_password(token, "pasar terapung lok baintan")
        return genuine(password)

    monkeypatch.setattr(services.links.passwords, "hash_password", while_hashing)
    with pytest.raises(RuleViolation):
        services.reset_password(token, NEW)
    assert services.sign_in(user.email, "pasar terapung lok baintan", address=HOME)


def test_a_link_opens_only_what_it_is_for(officer, outbox):
    token = ask(officer(), outbox)
    with pytest.raises(RuleViolation):
        services.accept_invitation(token, NEW)


def test_a_weak_password_does_not_use_the_link_up(officer, outbox):
    token = ask(officer(), outbox)
    with pytest.raises(RuleViolation):
        services.reset_password(token, "password123")
    assert services.reset_password(token, NEW)


def test_the_secret_of_a_link_is_not_in_its_row(db, officer, outbox):
    token = ask(officer(), outbox)
    row = db.session.scalars(select(OneTimeLink)).one()
    assert row.token_digest == crypto.token_digest(token) != token


def test_nobody_unknown_disabled_or_without_email_gets_mail_and_nothing_is_left_behind(db, officer, outbox):
    without = services.open_account(
        "Siti", password=None, names={NameKind.PHONE: "0812-3456-7890"}, by=SYSTEM
    )
    disabled = officer()
    disabled.disabled_at = clock.now()
    db.session.commit()
    for typed in ("siapa@contoh.id", disabled.email, "0812-3456-7890", "bukan apa-apa"):
        services.request_reset(typed, address=HOME)
    assert outbox() == []
    assert db.session.scalar(select(func.count(OneTimeLink.id))) == 0
    assert without.email is None


def test_a_reset_asks_the_database_much_the_same_for_known_and_unknown(officer, count_queries):
    user = officer()
    counts = []
    for typed in (user.email, "siapa@contoh.id"):
        with count_queries() as counted:
            services.request_reset(typed, address=HOME)
            counts.append(counted())
    assert abs(counts[0] - counts[1]) <= 1, counts


@pytest.mark.parametrize("known", [True, False])
def test_resets_are_limited_alike_for_known_and_unknown(officer, known):
    typed = officer().email if known else "siapa@contoh.id"
    for _ in range(RESET_PER_NAME):
        services.request_reset(typed, address=HOME)
    with pytest.raises(TooManyTries):
        services.request_reset(typed, address=HOME)
    services.request_reset(typed, address="198.51.100.9")  # the owner elsewhere still gets one


def test_nobodys_box_is_flooded_and_no_address_asks_for_everybody(officer, outbox):
    user = officer()
    for number in range(RESET_PER_NAME_ANYWHERE):
        services.request_reset(user.email, address=f"10.0.0.{number}")
    with pytest.raises(TooManyTries):
        services.request_reset(user.email, address="10.0.1.1")
    assert len(outbox()) == RESET_PER_NAME_ANYWHERE
    for number in range(RESET_PER_ADDRESS):
        services.request_reset(f"orang{number}@contoh.id", address=HOME)
    with pytest.raises(TooManyTries):
        services.request_reset("lain@contoh.id", address=HOME)


def test_an_invitation_is_an_account_a_role_a_link_and_a_mail_at_once(db, make, outbox):
    officer = make.user(Role.KABUPATEN_DINAS)
    kecamatan = make.region("63.05.06")
    user = services.invite_user(
        "Budi", "budi@contoh.id", Role.TKSK, scope_kind=ScopeKind.REGION, scope_id=kecamatan.id, by=officer
    )
    assert (user.password_hash, user.region.code, user.roles()) == (None, "63.05.06", {Role.TKSK})
    assert link_in(outbox()[0]).startswith("https://bekal.example.go.id/invitations/")
    assert {"account.opened", "grant.given"} <= set(db.session.scalars(select(Event.action)))
    services.accept_invitation(token_in(link_in(outbox()[0])), NEW)
    assert services.sign_in("budi@contoh.id", NEW, address=HOME)
    with pytest.raises(Conflict):
        services.invite_again(user, by=officer)


def test_a_refused_invitation_leaves_nothing(db, make, outbox):
    officer, foreign = make.user(Role.KABUPATEN_DINAS), make.region("63.03")
    people = db.session.scalar(select(func.count(User.id)))
    for email, role, place in [
        ("budi@contoh.id", Role.KABUPATEN_DINAS, foreign),
        ("budi@contoh.id", Role.PUSAT, make.region("63.05")),
        (officer.email, Role.TKSK, make.region("63.05.06")),
    ]:
        with pytest.raises(RuleViolation if email != officer.email else Conflict):
            services.invite_user(
                "Budi", email, role, scope_kind=ScopeKind.REGION, scope_id=place.id, by=officer
            )
    assert db.session.scalar(select(func.count(User.id))) == people
    assert outbox() == []


def test_a_second_invitation_kills_the_first(make, outbox):
    officer, kecamatan = make.user(Role.KABUPATEN_DINAS), make.region("63.05.06")
    user = services.invite_user(
        "Budi", "budi@contoh.id", Role.TKSK, scope_kind=ScopeKind.REGION, scope_id=kecamatan.id, by=officer
    )
    services.invite_again(user, by=officer)
    first, second = (token_in(link_in(message)) for message in outbox())
    with pytest.raises(RuleViolation):
        services.accept_invitation(first, NEW)
    assert services.accept_invitation(second, NEW)


def test_a_name_cannot_write_its_own_lines_into_the_mail(make, outbox):
    officer, kecamatan = make.user(Role.KABUPATEN_DINAS), make.region("63.05.06")
    name = "Budi\n\nBuka https://jahat.example/\n"
    services.invite_user(
        name, "budi@contoh.id", Role.TKSK, scope_kind=ScopeKind.REGION, scope_id=kecamatan.id, by=officer
    )
    assert "Yth. Bapak/Ibu Budi Buka https://jahat.example/," in outbox()[0].body


def test_a_link_handed_out_works_for_somebody_without_email(db, make):
    officer = make.user(Role.KABUPATEN_DINAS)
    user = services.open_account(
        "Siti", password=None, names={NameKind.PHONE: "0812-3456-7890"}, region=make.region(), by=officer
    )
    link = services.issue_reset_link(user, by=officer)
    assert link.startswith("https://bekal.example.go.id/reset-password/")
    services.reset_password(token_in(link), NEW)
    assert services.sign_in("081234567890", NEW, address=HOME)
    assert queries.find_link(token_in(link), LinkPurpose.RESET, clock.now()) is None
