"""Where a grant holds, as rows of regions or of packages above say."""

from app.auth import ports
from app.auth.models import Grant
from app.core.scopes import Scope, ScopeKind
from app.extensions import db
from app.regions.models import Region


def scopes_of(kind: ScopeKind, scope_id: int) -> list[Scope]:
    """Return where a scope lies; nowhere when it is unknown."""
    if kind is not ScopeKind.REGION:
        return ports.scopes_of(kind, scope_id)
    region = db.session.get(Region, scope_id)
    return region.scopes() if region else []


def scopes_of_grant(grant: Grant) -> list[Scope]:
    """Return where a grant holds."""
    return scopes_of(grant.scope_kind, grant.scope_id)


def name_of_grant(grant: Grant) -> str:
    """Return what people call the place of a grant."""
    return grant.region.full_name if grant.region else ports.name_of(grant.scope_kind, grant.scope_id)
