"""Open accounts, say by what people sign in, change what is theirs, disable and enable."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.audit import services as audit
from app.auth import messages, ports
from app.auth.models import OneTimeLink, SignInName, User
from app.auth.queries import find_by_name, list_grants_not_over, lock_user, name_index
from app.auth.rules import (
    EMAIL_CHANGES,
    EMAIL_WINDOW,
    LIGHT_ROLES,
    LinkPurpose,
    NameKind,
    Permission,
    may_manage,
    normal_name,
    refusal_of_password,
)
from app.auth.services import passwords
from app.auth.services.scopes import scopes_of_grant
from app.auth.services.sign_ins import end_all_sign_ins, open_sign_in
from app.core import clock, throttle
from app.core.actor import Actor, Subject
from app.core.errors import Conflict, RuleViolation
from app.core.phones import read_phone
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import WIB

NOT_A_NAME: dict[NameKind, Text] = {
    NameKind.EMAIL: _("Alamat email ini tidak lengkap. Contoh: nama@contoh.id"),
    NameKind.NIK: _("NIK terdiri atas 16 angka."),
}
TAKEN: dict[NameKind, Text] = {
    NameKind.EMAIL: _("Email ini sudah dipakai akun lain."),
    NameKind.PHONE: _("Nomor HP ini sudah dipakai akun lain."),
    NameKind.NIK: _("NIK ini sudah dipakai akun lain."),
}
OUT_OF_REACH = _("Akun di wilayah ini di luar wewenang Anda.")
CLOSED = _("Akun ini dinonaktifkan. Aktifkan dahulu.")
WRONG_PASSWORD = _("Kata sandi lama tidak cocok.")


def open_account(
    name: str,
    *,
    password: str | None,
    names: Mapping[NameKind, str],
    email: str | None = None,
    region: Region | None = None,
    by: Actor,
) -> User:
    """Open an account that signs in by these names (and by the e-mail); raise when a name is taken or the
    password is weak.
    """
    name = " ".join(name.split())
    if password is not None:
        refuse_weak(password, name=name, email=email)
    password_hash = None if password is None else passwords.hash_password(password)

    @atomic()
    def save() -> User:
        address = None if email is None else required_name(NameKind.EMAIL, email)
        user = User(name=name, email=address, password_hash=password_hash, region_id=region and region.id)
        db.session.add(user)
        db.session.flush()
        for kind, value in {**names, **({NameKind.EMAIL: address} if address else {})}.items():
            add_sign_in_name(user, kind, value)
        audit.record("account.opened", user, by=by)
        return user

    return save()


@atomic()
def add_sign_in_name(user: User, kind: NameKind, value: str) -> SignInName:
    """Let the account sign in by this too; raise when it is no such thing, or another account's.

    Safe to repeat.
    """
    formatted = required_name(kind, value)
    index = name_index(kind, formatted)
    owner = find_by_name(kind, formatted)
    if owner is not None and owner.id != user.id:
        raise Conflict(TAKEN[kind], field=str(kind))
    if owner is not None:
        return db.session.query(SignInName).filter_by(kind=kind, blind_index=index).one()
    row = SignInName(user_id=user.id, kind=kind, blind_index=index)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # taken by another account at the same moment
        raise Conflict(TAKEN[kind], field=str(kind)) from None
    return row


@atomic()
def drop_sign_in_names(user: User, kind: NameKind) -> None:
    """Let the account sign in by no name of this kind any more."""
    db.session.execute(delete(SignInName).where(SignInName.user_id == user.id, SignInName.kind == kind))


@atomic()
def give_back_sign_in_name(user: User, kind: NameKind, index: str) -> None:
    """Let the account sign in again by a name of which only the index was kept; not where it is another
    account's by now.
    """
    if (
        db.session.scalar(
            select(SignInName.id).where(SignInName.kind == kind, SignInName.blind_index == index)
        )
        is None
    ):
        db.session.add(SignInName(user_id=user.id, kind=kind, blind_index=index))
        db.session.flush()


def required_name(kind: NameKind, value: str) -> str:
    """Return the canonical form of a sign-in name; raise RuleViolation when it is no such thing."""
    formatted = read_phone(value) if kind is NameKind.PHONE else normal_name(kind, value) or NOT_A_NAME[kind]
    if isinstance(formatted, Text):
        raise RuleViolation(formatted, field=str(kind))
    return formatted


def refuse_weak(password: str, *, name: str, email: str | None) -> None:
    """Raise RuleViolation when this person cannot use this password."""
    refusal = refusal_of_password(password, name=name, email=email)
    if refusal:
        raise RuleViolation(refusal, field="password")


@atomic()
def rename_account(user: User, name: str, *, by: Actor) -> None:
    """Change what the account is called."""
    user = lock_user(user.id)
    user.name = " ".join(name.split())
    audit.record("account.renamed", user, by=by)


def change_email(user: User, email: str, password: str) -> None:
    """Move the account to another e-mail; raise on a wrong password or a taken address.

    Links sent before open nothing more.
    """
    throttle.check("email change", str(user.id), at_most=EMAIL_CHANGES, within=EMAIL_WINDOW)
    throttle.count("email change", str(user.id))
    if not passwords.matches(user.password_hash, password):
        raise RuleViolation(WRONG_PASSWORD, field="password")

    @atomic()
    def save() -> None:
        account = lock_user(user.id)
        address, before = required_name(NameKind.EMAIL, email), account.email
        if address == before:
            return
        drop_sign_in_names(account, NameKind.EMAIL)
        add_sign_in_name(account, NameKind.EMAIL, address)
        account.email = address
        end_links(account)
        audit.record("account.email_changed", account, by=account)
        if before:
            messages.email_changed(account, before)

    save()


def change_password(user: User, old: str, new: str, *, device: str = "") -> str:
    """Change the password and end every sign-in; returns the secret of a new one for this browser."""
    throttle.check("password change", str(user.id), at_most=EMAIL_CHANGES, within=EMAIL_WINDOW)
    checked = user.password_hash
    if not passwords.matches(checked, old):
        throttle.count("password change", str(user.id))
        raise RuleViolation(WRONG_PASSWORD, field="old")
    refuse_weak(new, name=user.name, email=user.email)
    password_hash = passwords.hash_password(new)

    @atomic()
    def save() -> str:
        account = lock_user(user.id)
        if account.password_hash != checked or not account.is_active:
            raise RuleViolation(WRONG_PASSWORD, field="old")
        set_password(account, password_hash)
        audit.record("account.password_changed", account, by=account)
        return open_sign_in(account, device)

    return save()


def set_password(user: User, password_hash: str) -> None:
    """Store the hash; sign-ins and links of before are dead."""
    user.password_hash = password_hash
    end_all_sign_ins(user)
    end_links(user)
    ports.settle(user.id)


@atomic()
def accept_code(user: User, password_hash: str, *, person: Subject, by: Actor) -> None:
    """Let a code that its owner holds already open the account of this person from now on; raises as
    refuse_unhelped, and for a closed account.
    """
    user = lock_user(user.id)
    refuse_unhelped(user, person, by=by)
    if not user.is_active:
        raise RuleViolation(CLOSED)
    set_password(user, password_hash)
    audit.record("account.code_accepted", user, by=by)


@atomic()
def end_links(user: User, purpose: LinkPurpose | None = None) -> None:
    """Let the links sent so far open nothing any more."""
    unused = update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    if purpose is not None:
        unused = unused.where(OneTimeLink.purpose == purpose)
    db.session.execute(unused.values(used_at=clock.now()))


def refuse_unmanaged(user: User, *, by: Actor) -> None:
    """Raise RuleViolation when somebody may not act on this account: it is theirs, or holds a right outside
    their reach.
    """
    if by.id == user.id:
        raise RuleViolation(_("Untuk akun sendiri, minta bantuan petugas lain."))
    reach = by.reach(Permission.USER_MANAGE)
    grants = [
        grant for grant in list_grants_not_over(user, clock.today(WIB)) if grant.role not in LIGHT_ROLES
    ]
    if not reach.holds(user.scopes()) or not all(
        may_manage(grant.role, scopes_of_grant(grant), reach) for grant in grants
    ):
        raise RuleViolation(
            _("Akun ini juga memegang peran di luar wewenang Anda. Minta bantuan administrator.")
        )


def refuse_unhelped(user: User, person: Subject, *, by: Actor) -> None:
    """Raise RuleViolation when somebody may not give this person a way into the account: an account with any
    role is left to those who manage it, one's own to another officer.
    """
    if by.id == user.id or list_grants_not_over(user, clock.today(WIB)):
        refuse_unmanaged(user, by=by)
    elif not by.can(Permission.ACCOUNT_OPEN, person):
        raise RuleViolation(OUT_OF_REACH)


@atomic()
def disable_user(user: User, *, by: Actor) -> None:
    """Close the account from its next request on: sign-ins and links end; raise when it is out of reach.

    Safe to repeat.
    """
    user = lock_user(user.id)
    refuse_unmanaged(user, by=by)
    if user.disabled_at is not None:
        return
    user.disabled_at = clock.now()
    end_all_sign_ins(user)
    end_links(user)
    audit.record("account.disabled", user, by=by)


@atomic()
def enable_user(user: User, *, by: Actor) -> None:
    """Open a closed account again; raise when it is out of reach. Safe to repeat."""
    user = lock_user(user.id)
    refuse_unmanaged(user, by=by)
    if user.disabled_at is None:
        return
    user.disabled_at = None
    audit.record("account.enabled", user, by=by)
