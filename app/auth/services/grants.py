"""Give and end roles."""

from datetime import date, timedelta

from sqlalchemy import select

from app.audit import services as audit
from app.auth.models import Grant, User
from app.auth.queries import find_grant, lock_user
from app.auth.rules import BY_PAGE, Permission, Role, may_manage, refusal_of_days, refusal_of_scope
from app.auth.services.scopes import scopes_of, scopes_of_grant
from app.core import clock
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.scopes import NATION, ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import WIB

OUTSIDE = _("Peran ini di luar wewenang Anda.")


@atomic()
def grant_role(
    user: User,
    role: Role,
    *,
    scope_kind: ScopeKind,
    scope_id: int,
    by: Actor,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give the account a role in a scope; the last day may be set.

    Given already, only its days are changed: safe to repeat.

    For regions and offices `by` must manage accounts there, and nobody gives anything to themselves. Roles in
    a batch, a session or at a host come with naming somebody: the service that names has asked whether `by`
    may.
    """
    region = db.session.get(Region, scope_id) if scope_kind is ScopeKind.REGION else None
    refusal = refusal_of_scope(role, scope_kind, region and region.level) or refusal_of_days(
        starts_on, ends_on, clock.today(WIB)
    )
    if refusal:
        raise RuleViolation(refusal)
    if scope_kind in BY_PAGE:
        _refuse_unmanageable(user, role, scope_kind, scope_id, by=by)
    user = lock_user(user.id)
    known = find_grant(user, role, scope_kind, scope_id, clock.today(WIB))
    if known is not None:
        if (starts_on or known.starts_on, ends_on) != (known.starts_on, known.ends_on):
            known.starts_on, known.ends_on = starts_on or known.starts_on, ends_on
            audit.record("grant.changed", known, by=by, details={"role": role, "user": user.id})
        return known
    grant = Grant(
        user_id=user.id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        region_id=region and region.id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.id,
    )
    db.session.add(grant)
    db.session.flush()
    user.granted = None
    audit.record("grant.given", grant, by=by, details={"role": role, "user": user.id})
    return grant


@atomic()
def revoke_role(grant: Grant, *, by: Actor) -> None:
    """End a role from the next request on; raise when it is out of reach. Safe to repeat."""
    user = lock_user(grant.user_id)
    db.session.refresh(grant)
    if grant.scope_kind in BY_PAGE:
        _refuse_unmanageable(user, grant.role, grant.scope_kind, grant.scope_id, by=by)
    yesterday = clock.today(WIB) - timedelta(days=1)
    if grant.ends_on is not None and grant.ends_on <= yesterday:
        return
    grant.ends_on = yesterday
    db.session.flush()
    user.granted = None
    audit.record("grant.ended", grant, by=by, details={"role": grant.role, "user": user.id})


def _refuse_unmanageable(user: User, role: Role, kind: ScopeKind, scope_id: int, *, by: Actor) -> None:
    if by.id == user.id:
        raise RuleViolation(_("Peran untuk akun sendiri diberikan dan diakhiri oleh petugas lain."))
    if not may_manage(role, scopes_of(kind, scope_id), by.reach(Permission.USER_MANAGE)):
        raise RuleViolation(OUTSIDE)


def home_of(kind: ScopeKind, scope_id: int) -> Region | None:
    """Return the region that an account belongs to when it begins with a role in this scope."""
    if kind is ScopeKind.REGION:
        return db.session.get(Region, scope_id)
    code = next((value for found, value in scopes_of(kind, scope_id) if found is ScopeKind.REGION), NATION)
    return db.session.scalar(select(Region).where(Region.code == code, Region.valid_to.is_(None)))


def grants_manageable(grants: list[Grant], *, by: Actor) -> set[int]:
    """Return the ids of those grants that `by` may end."""
    reach = by.reach(Permission.USER_MANAGE)
    return {
        grant.id
        for grant in grants
        if grant.scope_kind in BY_PAGE
        and grant.user_id != by.id
        and may_manage(grant.role, scopes_of_grant(grant), reach)
    }
