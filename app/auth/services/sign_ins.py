"""Sign in and out: every browser that is signed in is a row, and ends with it.

Programs end with the browsers.
"""

import hmac

from sqlalchemy import update

from app.audit import services as audit
from app.auth import ports
from app.auth.models import AccessToken, SignIn, User
from app.auth.queries import find_password, get_own_sign_in, lock_user
from app.auth.rules import (
    KNOWN_BROWSER_FOR,
    SIGN_IN_PER_ADDRESS,
    SIGN_IN_PER_NAME,
    SIGN_IN_PER_NAME_ANYWHERE,
    SIGN_IN_WINDOW,
    address_class,
    typed_name,
)
from app.auth.services import passwords
from app.core import clock, crypto, throttle
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db

WRONG = _(
    "Email, nomor HP, atau NIK tidak cocok dengan kata sandi atau kodenya. Periksa huruf dan angkanya, lalu"
    " coba lagi. Nomor HP yang dipakai bersama tidak dapat dipakai: masuk dengan NIK."
)
PROOFS_STORED = 5  # accounts that one browser is remembered for


def sign_in(
    typed: str, password: str, *, address: str, device: str = "", known_as: str = ""
) -> tuple[User, str]:
    """Return the account and the secret of its new sign-in.

    Raise TooManyTries before any hashing, RuleViolation otherwise: the same answer after the same work,
    whether the name is unknown, the password wrong or the account disabled. `known_as` is what this browser
    was given when it signed in before.
    """
    kind, value = typed_name(typed)
    name, address = f"{kind} {value}", address_class(address)
    account = find_password(kind, value)
    browser = _known_browser(known_as, account.id) if account else None
    _claim_try(name, address, browser)
    checked = account.password_hash if account else None
    if (
        not passwords.matches(checked, password)
        or account is None
        or checked is None
        or account.disabled_at is not None
    ):
        throttle.count("sign-in address", address)
        raise RuleViolation(ports.message_instead(kind, value, password) or WRONG)
    newer = passwords.renewed(checked, password)

    @atomic()
    def save() -> tuple[User, str]:
        user = lock_user(account.id)
        if user.password_hash != checked or not user.is_active:  # changed while the hash was computed
            raise RuleViolation(WRONG)
        if newer:
            user.password_hash = newer
        for what in (name, f"{name} {address}"):
            throttle.reset_attempts("sign-in name", what)
        if browser:
            throttle.reset_attempts("sign-in browser", f"{name} {browser}")
        token = open_sign_in(user, device)
        ports.settle(user.id)  # whoever is in needs no other way in
        audit.record("account.signed_in", user, by=user)
        return user, token

    return save()


@atomic()
def _claim_try(name: str, address: str, browser: str | None) -> None:
    """Count a try before the hash is computed; raise TooManyTries at the limit.

    A known browser has a limit of its own.
    """
    if browser:
        throttle.take_turns("sign-in browser", browser)
        throttle.check(
            "sign-in browser", f"{name} {browser}", at_most=SIGN_IN_PER_NAME, within=SIGN_IN_WINDOW
        )
        throttle.count("sign-in browser", f"{name} {browser}")
        return
    throttle.take_turns("sign-in name", name)
    throttle.check("sign-in name", f"{name} {address}", at_most=SIGN_IN_PER_NAME, within=SIGN_IN_WINDOW)
    throttle.check("sign-in name", name, at_most=SIGN_IN_PER_NAME_ANYWHERE, within=SIGN_IN_WINDOW)
    throttle.check("sign-in address", address, at_most=SIGN_IN_PER_ADDRESS, within=SIGN_IN_WINDOW)
    throttle.count("sign-in name", name, f"{name} {address}")


def remember_browser(known_as: str, user: User) -> str:
    """Return what a browser keeps after a sign-in: proofs, each for one account, that it has signed in
    before.
    """
    others = [proof for proof in known_as.split("~") if proof and not proof.startswith(f"{user.id}.")]
    body = f"{user.id}.{int(clock.now().timestamp())}.{crypto.new_token()[:16]}"
    return "~".join([f"{body}.{_seal(body)}", *others][:PROOFS_STORED])


def _known_browser(known_as: str, user_id: int) -> str | None:
    """Return the browser's own name for this account, when it holds a genuine proof that is not too old."""
    for proof in known_as.split("~")[:PROOFS_STORED]:
        body, _dot, seal = proof.rpartition(".")
        owner, _dot, rest = body.partition(".")
        if owner == str(user_id) and hmac.compare_digest(seal.encode(), _seal(body).encode()):
            made_at, _dot, name = rest.partition(".")
            return name if int(made_at) > (clock.now() - KNOWN_BROWSER_FOR).timestamp() else None
    return None


def _seal(body: str) -> str:
    return crypto.blind_index(body, context="known browser")[:32]


@atomic()
def open_sign_in(user: User, device: str = "") -> str:
    """Open a sign-in without asking for a password (it was just proven otherwise); returns its secret."""
    token = crypto.new_token()
    db.session.add(SignIn(token_digest=crypto.token_digest(token), user_id=user.id, device=device[:200]))
    return token


@atomic()
def end_sign_in(token: str) -> None:
    """End the sign-in of this secret; nothing happens when it is over."""
    over = update(SignIn).where(SignIn.token_digest == crypto.token_digest(token), SignIn.ended_at.is_(None))
    db.session.execute(over.values(ended_at=clock.now()))


@atomic()
def end_own_sign_in(user: User, sign_in_id: int) -> bool:
    """End one of the account's own sign-ins and say whether it is over; one of somebody else's is not
    touched.
    """
    row = get_own_sign_in(user, sign_in_id)
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        audit.record("account.sign_in_ended", user, by=user)
    return row is not None


@atomic()
def end_all_sign_ins(user: User, except_token: str | None = None) -> None:
    """End every way in that is open: the sign-ins of the account, but for the one of this secret, and the
    tokens of its programs.
    """
    over = update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if except_token is not None:
        over = over.where(SignIn.token_digest != crypto.token_digest(except_token))
    programs = update(AccessToken).where(AccessToken.user_id == user.id, AccessToken.ended_at.is_(None))
    for each in (over, programs):
        db.session.execute(each.values(ended_at=clock.now()))


@atomic()
def sign_out_everywhere(user: User, *, by: Actor) -> None:
    """End every sign-in and every token of an account, and record it."""
    user = lock_user(user.id)
    end_all_sign_ins(user)
    audit.record("account.sign_in_ended", user, by=by)


@atomic()
def note_seen(sign_in_id: int) -> None:
    """Note that a sign-in is alive."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=clock.now()))
