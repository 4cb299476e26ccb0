"""Invitations and reset links: opened once, dead on a newer one and with time; only their digest is kept."""

from datetime import date, timedelta

from app.audit import services as audit
from app.auth import messages, ports
from app.auth.models import OneTimeLink, User
from app.auth.queries import find_by_name, find_link, lock_link, lock_user
from app.auth.rules import (
    INVITATION_VALID_FOR,
    RESET_PER_ADDRESS,
    RESET_PER_NAME,
    RESET_PER_NAME_ANYWHERE,
    RESET_VALID_FOR,
    RESET_WINDOW,
    LinkPurpose,
    Role,
    address_class,
    typed_name,
)
from app.auth.services import passwords
from app.auth.services.accounts import (
    CLOSED,
    end_links,
    open_account,
    refuse_unhelped,
    refuse_unmanaged,
    refuse_weak,
    set_password,
)
from app.auth.services.grants import grant_role, home_of
from app.core import clock, crypto, throttle
from app.core.actor import Actor, Subject
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions.models import Region

DEAD = _("Tautan ini sudah dipakai, sudah diganti yang lebih baru, atau sudah habis masanya.")
NOBODY = "siapa@contoh.id"  # to whom a mail is written that is taken back


@atomic()
def invite_user(
    name: str,
    email: str,
    role: Role,
    *,
    scope_kind: ScopeKind,
    scope_id: int,
    by: Actor,
    ends_on: date | None = None,
) -> User:
    """Open an account without a password, give it the role and mail the link by which its owner sets one.

    Raise Conflict when the e-mail is known already, RuleViolation when `by` may not give that role there.
    """
    user = invite_person(name, email, region=home_of(scope_kind, scope_id), by=by)
    grant_role(user, role, scope_kind=scope_kind, scope_id=scope_id, ends_on=ends_on, by=by)
    return user


@atomic()
def invite_person(name: str, email: str, *, region: Region | None, by: Actor) -> User:
    """Open an account without a password and without any right, and mail the link by which its owner sets
    one.

    For those who get their rights by being named later: pengajar by a session. Raise Conflict when the e-mail
    is known already.
    """
    user = open_account(name, password=None, names={}, email=email, region=region, by=by)
    messages.invitation(user, _new_link(user, LinkPurpose.INVITATION, INVITATION_VALID_FOR))
    return user


@atomic()
def invite_again(user: User, *, by: Actor) -> None:
    """Mail a new invitation to somebody who has not set a password yet; the link sent before is dead."""
    user = lock_user(user.id)
    refuse_unmanaged(user, by=by)
    if user.password_hash is not None:
        raise Conflict(_("Akun ini sudah dipakai. Serahkan tautan kata sandi baru bila kata sandinya lupa."))
    if not user.email or not user.is_active:
        raise RuleViolation(_("Akun ini tidak dapat diundang lewat email."))
    audit.record("account.invited_again", user, by=by)
    messages.invitation(user, _new_link(user, LinkPurpose.INVITATION, INVITATION_VALID_FOR))


def accept_invitation(token: str, password: str) -> User:
    """Set the first password by an invitation; raise RuleViolation when the link is dead or the password
    weak.
    """
    return _use(token, password, LinkPurpose.INVITATION, "account.invitation_accepted")


def reset_password(token: str, password: str) -> User:
    """Set a new password by a reset link; every sign-in ends.

    Raise RuleViolation when the link is dead or the password weak.
    """
    return _use(token, password, LinkPurpose.RESET, "account.password_reset")


def _use(token: str, password: str, purpose: LinkPurpose, action: str) -> User:
    link = find_link(token, purpose, clock.now())
    if link is None:
        raise RuleViolation(DEAD)
    refuse_weak(password, name=link.user.name, email=link.user.email)
    password_hash, link_id, user_id = passwords.hash_password(password), link.id, link.user_id

    @atomic()
    def save() -> User:
        user = lock_user(user_id)
        locked = lock_link(link_id)
        if locked.used_at is not None or locked.expires_at <= clock.now() or not user.is_active:
            raise RuleViolation(DEAD)
        set_password(user, password_hash)  # uses up this link and every other
        audit.record(action, user, by=user)
        return user

    return save()


@atomic()
def request_reset(typed: str, *, address: str) -> None:
    """Mail a reset link to the account of this name, if there is one that has an e-mail; where no mail can
    come, the office of the person is asked instead. Nobody can tell from outside which it was.

    Where there is neither, the same is written and taken back. Raise TooManyTries at the limits, which count
    every name alike.
    """
    kind, value = typed_name(typed)
    name, address = f"{kind} {value}", address_class(address)
    throttle.take_turns("reset name", name)
    throttle.check("reset name", f"{name} {address}", at_most=RESET_PER_NAME, within=RESET_WINDOW)
    throttle.check("reset name", name, at_most=RESET_PER_NAME_ANYWHERE, within=RESET_WINDOW)
    throttle.check("reset address", address, at_most=RESET_PER_ADDRESS, within=RESET_WINDOW)
    throttle.count("reset name", name, f"{name} {address}")
    throttle.count("reset address", address)
    user = find_by_name(kind, value)
    known = user if user is not None and user.is_active and user.email is not None else None
    with db.session.begin_nested() as written:
        token = _new_link(known, LinkPurpose.RESET, RESET_VALID_FOR) if known else _pretend_link()
        messages.reset(known.name if known else "-", known.email if known else NOBODY, token)
        db.session.flush()
        if not known:
            written.rollback()
    is_stranded = known is None and (user is None or user.is_active)
    for helper in ports.helpers:
        with db.session.begin_nested() as asked:
            if not helper.ask(user.id if user else None, is_stranded, kind, value):
                asked.rollback()


@atomic()
def issue_reset_link(
    user: User, by: Actor, *, valid_for: timedelta = RESET_VALID_FOR, person: Subject | None = None
) -> str:
    """Return a reset link to hand out to somebody without e-mail; shown once.

    Raise when the account is out of reach.

    `person`: whose account it is, where whoever opens accounts for that person hands it out.
    """
    user = lock_user(user.id)
    if person is None:
        refuse_unmanaged(user, by=by)
    else:
        refuse_unhelped(user, person, by=by)
    if not user.is_active:
        raise RuleViolation(CLOSED)
    audit.record("account.reset_link_issued", user, by=by)
    return messages.address_of("auth.reset_password", _new_link(user, LinkPurpose.RESET, valid_for))


def _new_link(user: User, purpose: LinkPurpose, valid_for: timedelta) -> str:
    """Return the secret of a new link; those of the same purpose sent before are dead."""
    end_links(user, purpose)
    token = crypto.new_token()
    link = OneTimeLink(
        token_digest=crypto.token_digest(token),
        user_id=user.id,
        purpose=purpose,
        expires_at=clock.now() + valid_for,
    )
    db.session.add(link)
    return token


def _pretend_link() -> str:
    """Do the work of a link for nobody: the same statements, with a row that is taken back."""
    end_links(User(id=0), LinkPurpose.RESET)
    token = crypto.new_token()
    throttle.count("reset name", token)
    return token
