"""Accounts, and what they sign in with."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import joinedload

from app.auth.models import AccessToken, Grant, OneTimeLink, SignIn, SignInName, User
from app.auth.rules import (
    RIGHTS,
    SEEN_EVERY,
    SESSION_VALID_FOR,
    LinkPurpose,
    NameKind,
    Permission,
    Role,
    lowered,
    normal_name,
    typed_name,
)
from app.core import clock, crypto
from app.core.pages import Page, page_of
from app.core.scopes import NATION, Reach, ScopeKind
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import LEVELS, WIB

SHOWN = (joinedload(User.region),)


def get_user(user_id: int) -> User | None:
    """Return the account with its region."""
    return db.session.get(User, user_id, options=SHOWN)


def lock_user(user_id: int) -> User:
    """Hold the account's row until the decision is made."""
    return db.session.scalars(
        select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def name_index(kind: NameKind, value: str) -> str:
    """Return what is stored of a sign-in name."""
    return crypto.blind_index(value, context=f"sign-in {kind}")


def find_by_name(kind: NameKind, value: str) -> User | None:
    """Return the account that signs in by this; `value` in its canonical form."""
    query = select(User).join(SignInName, SignInName.user_id == User.id)
    return db.session.scalar(
        query.where(SignInName.kind == kind, SignInName.blind_index == name_index(kind, value))
    )


def find_by_sign_in_name(typed: str) -> User | None:
    """Return the account that signs in by what was typed: an e-mail, a mobile number or a NIK."""
    return find_by_name(*typed_name(typed))


def find_user_by_email(email: str) -> User | None:
    """Return the account that signs in by this e-mail, in any case of letters."""
    return find_by_name(NameKind.EMAIL, normal_name(NameKind.EMAIL, email) or lowered(email))


def find_password(kind: NameKind, value: str) -> Row[int, str | None, datetime | None] | None:
    """Return (id, password_hash, disabled_at) of the account that signs in by this."""
    query = select(User.id, User.password_hash, User.disabled_at).join(
        SignInName, SignInName.user_id == User.id
    )
    return db.session.execute(
        query.where(SignInName.kind == kind, SignInName.blind_index == name_index(kind, value))
    ).first()


def name_indexes_of(user: User) -> dict[NameKind, str]:
    """Return what is stored of the names that the account signs in by."""
    rows = db.session.execute(
        select(SignInName.kind, SignInName.blind_index).where(SignInName.user_id == user.id)
    )
    return dict(rows.all())


def list_name_kinds(user: User) -> list[NameKind]:
    """Return by what the account can sign in."""
    held = set(db.session.scalars(select(SignInName.kind).where(SignInName.user_id == user.id)))
    return [kind for kind in NameKind if kind in held]


def page_of_users(
    *, within: Reach, name: str = "", after: str | None = None, per_page: int | None = None
) -> Page[User]:
    """Return the accounts whose home lies in reach, by name; `name` is how the name begins."""
    query = (
        select(User)
        .outerjoin(User.region)
        .where(within.clause(region_code=func.coalesce(Region.scope_code, NATION)))
    )
    if name:
        query = query.where(func.lower(User.name).startswith(name.strip().lower(), autoescape=True))
    return page_of(query.options(*SHOWN), keys=[User.name, User.id], after=after, per_page=per_page)


def is_anybody(permission: Permission, code: str) -> bool:
    """Return whether anybody who can sign in holds this permission for the region of this code itself."""
    roles = [role for role, rights in RIGHTS.items() if permission in rights]
    held = (
        select(Grant.id)
        .join(Grant.user)
        .join(Grant.region)
        .where(Grant.role.in_(roles), Region.scope_code == code)
    )
    return (
        db.session.scalar(held.where(User.disabled_at.is_(None), *Grant.valid_on(clock.today(WIB))).limit(1))
        is not None
    )


def is_in_use(user: User) -> bool:
    """Return whether somebody has signed in to an account that is open."""
    used = select(SignIn.id).where(SignIn.user_id == user.id).limit(1)
    return user.is_active and user.password_hash is not None and db.session.scalar(used) is not None


def has_link_since(user_id: int, moment: datetime) -> bool:
    """Return whether a link for a new password was made for an account since a moment."""
    made = (
        OneTimeLink.user_id == user_id,
        OneTimeLink.purpose == LinkPurpose.RESET,
        OneTimeLink.created_at >= moment,
    )
    return db.session.scalar(select(OneTimeLink.id).where(*made).limit(1)) is not None


def list_regions_of(reach: Reach) -> list[Region]:
    """Return the regions that a reach names, the widest first."""
    codes = {code for code, _reaching in reach.regions}
    query = select(Region).where(
        Region.scope_code.in_(codes), Region.code == Region.scope_code, Region.valid_to.is_(None)
    )
    return sorted(db.session.scalars(query), key=lambda region: (LEVELS.index(region.level), region.code))


def roles_by_user(users: list[User], day: date) -> dict[int, list[Grant]]:
    """Return the grants in force of each of these accounts."""
    found: dict[int, list[Grant]] = {user.id: [] for user in users}
    query = (
        select(Grant)
        .where(Grant.user_id.in_(list(found)), *Grant.valid_on(day))
        .options(joinedload(Grant.region))
    )
    for grant in db.session.scalars(query.order_by(Grant.id)):
        found[grant.user_id].append(grant)
    return found


def get_grant(grant_id: int) -> Grant | None:
    """Return one grant."""
    return db.session.get(Grant, grant_id)


def list_grants(user: User) -> list[Grant]:
    """Return every grant the account ever had, the open ones first."""
    query = select(Grant).where(Grant.user_id == user.id).options(joinedload(Grant.region))
    return list(
        db.session.scalars(query.order_by(Grant.ends_on.is_not(None), Grant.ends_on.desc(), Grant.id))
    )


def entitled_at(region_ids: Collection[int]) -> dict[int, list[str]]:
    """Return, by region, the accounts that hold a right there today or later, with the role."""
    not_over = or_(Grant.ends_on.is_(None), Grant.ends_on >= clock.today(WIB)), User.disabled_at.is_(None)
    query = select(Grant.region_id, User.name, Grant.role).join(User, User.id == Grant.user_id)
    found: dict[int, list[str]] = {}
    for region_id, name, role in db.session.execute(
        query.where(Grant.region_id.in_(region_ids), *not_over).order_by(Grant.id)
    ):
        found.setdefault(region_id or 0, []).append(f"{name} ({role.label})")
    return found


def list_grants_not_over(user: User, day: date) -> list[Grant]:
    """Return the grants in force on a day or later."""
    query = select(Grant).where(Grant.user_id == user.id, or_(Grant.ends_on.is_(None), Grant.ends_on >= day))
    return list(db.session.scalars(query.options(joinedload(Grant.region)).order_by(Grant.id)))


def find_grant(user: User, role: Role, kind: ScopeKind, scope_id: int, day: date) -> Grant | None:
    """Return this very grant when it is not over on the day."""
    same = Grant.user_id == user.id, Grant.role == role, Grant.scope_kind == kind, Grant.scope_id == scope_id
    return db.session.scalar(
        select(Grant)
        .where(*same, or_(Grant.ends_on.is_(None), Grant.ends_on >= day))
        .order_by(Grant.id)
        .limit(1)
    )


def find_signed_in(token: str) -> tuple[User, SignIn] | None:
    """Return the active account of an open sign-in, and the sign-in; None when it ended, is too old or the
    account is disabled.
    """
    good = (
        SignIn.token_digest == crypto.token_digest(token),
        SignIn.ended_at.is_(None),
        User.disabled_at.is_(None),
    )
    in_time = SignIn.started_at > clock.now() - SESSION_VALID_FOR
    found = db.session.execute(
        select(User, SignIn).join(SignIn, SignIn.user_id == User.id).where(*good, in_time).options(*SHOWN)
    ).first()
    return (found[0], found[1]) if found else None


def list_sign_ins(user: User) -> list[SignIn]:
    """Return the browsers that are signed in, the latest first."""
    still_open = (
        SignIn.user_id == user.id,
        SignIn.ended_at.is_(None),
        SignIn.started_at > clock.now() - SESSION_VALID_FOR,
    )
    return list(
        db.session.scalars(
            select(SignIn).where(*still_open).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
        )
    )


def get_own_sign_in(user: User, sign_in_id: int) -> SignIn | None:
    """Return one sign-in of this account, and of no other."""
    return db.session.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user.id))


def find_link(token: str, purpose: LinkPurpose, moment: datetime) -> OneTimeLink | None:
    """Return the link of this secret while it can still be used."""
    same = OneTimeLink.token_digest == crypto.token_digest(token), OneTimeLink.purpose == purpose
    usable = OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > moment, User.disabled_at.is_(None)
    return db.session.scalar(select(OneTimeLink).join(OneTimeLink.user).where(*same, *usable))


def lock_link(link_id: int) -> OneTimeLink:
    """Hold a link until the decision is made."""
    query = (
        select(OneTimeLink)
        .where(OneTimeLink.id == link_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def user_by_access_token(token: str) -> User | None:
    """Return the active account that a program may act as with this token."""
    good = (
        AccessToken.token_digest == crypto.token_digest(token),
        AccessToken.ended_at.is_(None),
        User.disabled_at.is_(None),
    )
    in_time = or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > clock.now())
    user = db.session.scalar(
        select(User).join(AccessToken, AccessToken.user_id == User.id).where(*good, in_time)
    )
    if user is not None:
        user.granted = None
    return user


def list_access_tokens(user: User) -> list[AccessToken]:
    """Return the tokens of the account that still open something."""
    in_time = or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > clock.now())
    query = select(AccessToken).where(AccessToken.user_id == user.id, AccessToken.ended_at.is_(None), in_time)
    return list(db.session.scalars(query.order_by(AccessToken.id)))


def get_own_access_token(user: User, token_id: int) -> AccessToken | None:
    """Return one token of this account, and of no other."""
    return db.session.scalar(
        select(AccessToken).where(AccessToken.id == token_id, AccessToken.user_id == user.id)
    )


def is_due(sign_in: SignIn) -> bool:
    """Return whether a sign-in should note that it is alive."""
    return sign_in.last_seen_at < clock.now() - SEEN_EVERY
