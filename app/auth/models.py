"""Accounts, the names they sign in with, their sessions, their grants, and the links and tokens
handed out.
"""

from datetime import date, datetime, timedelta
from typing import cast

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.auth.rules import RIGHTS, STAFF, LinkPurpose, NameKind, Role
from app.core import clock
from app.core.actor import Subject
from app.core.models import EncryptedText, UTCDateTime, choice
from app.core.scopes import NATION, NOWHERE, Reach, Reaching, Scope, ScopeKind, region_scope
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import WIB, granted_code


class User(UserMixin, db.Model):
    """An account. It holds no right by itself: grants do."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(EncryptedText("users.email"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    region: Mapped[Region | None] = relationship()
    sign_in_token = cast("str | None", None)  # of this browser; set when a session row is opened or read
    granted = cast(
        "list[tuple[Role, ScopeKind, str | int]] | None", None
    )  # grants in force, read once a request

    @property
    def label(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        """Return what the cookie carries: the secret of the sign-in, never the account's number."""
        return self.sign_in_token or ""

    def scopes(self) -> list[Scope]:
        """Return the home region; an account without one is the nation's."""
        return [region_scope(self.region.scope_code if self.region else NATION)]

    def grants_in_force(self) -> list[tuple[Role, ScopeKind, str | int]]:
        """Return (role, kind of scope, region code or row id) of every grant that holds today; read anew on
        each request.
        """
        if self.granted is None:
            rows = db.session.execute(
                select(Grant.role, Grant.scope_kind, Grant.scope_id, Region.code, Region.scope_code)
                .outerjoin(Region, Grant.region_id == Region.id)
                .where(Grant.user_id == self.id, *Grant.valid_on(clock.today(WIB)))
            )
            self.granted = [
                (role, kind, granted_code(code, scope_code) if kind is ScopeKind.REGION else scope_id)
                for role, kind, scope_id, code, scope_code in rows
            ]
        return self.granted

    def reach(self, permission: str) -> Reach:
        """Return where a permission holds for this account."""
        regions: set[tuple[str, Reaching]] = set()
        ids: dict[ScopeKind, set[int]] = {}
        for role, kind, value in self.grants_in_force():
            reaching = RIGHTS[role].get(permission)  # type: ignore[call-overload]
            if reaching is None:
                continue
            if kind is ScopeKind.REGION:
                regions.add((str(value), reaching))
            else:
                ids.setdefault(kind, set()).add(int(value))
        if not regions and not ids:
            return NOWHERE
        return Reach(
            regions=frozenset(regions), ids={kind: frozenset(values) for kind, values in ids.items()}
        )

    def can(self, permission: str, subject: Subject | None = None) -> bool:
        """Return whether a permission holds for this subject, or anywhere at all."""
        if not self.is_active:
            return False
        reach = self.reach(permission)
        return reach != NOWHERE if subject is None else reach.holds(subject.scopes())

    def roles(self) -> set[Role]:
        """Return the roles held today, in whatever scope."""
        return {role for role, _kind, _value in self.grants_in_force()}

    @property
    def is_staff(self) -> bool:
        return bool(self.roles() & STAFF)


class SignInName(db.Model):
    """What somebody types to sign in; kept as a blind index, so that the table tells no NIK, number or
    address.
    """

    __tablename__ = "sign_in_names"
    __table_args__ = (UniqueConstraint("kind", "blind_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[NameKind] = choice(NameKind)
    blind_index: Mapped[str] = mapped_column(String(64))


class SignIn(db.Model):
    """One browser that is signed in; the cookie carries the secret, the row its digest."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Grant(db.Model):
    """A role within a scope, from a day to a day (the last one included; open when empty)."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_scope", "scope_kind", "scope_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = choice(Role)
    scope_kind: Mapped[ScopeKind] = choice(ScopeKind)
    scope_id: Mapped[int] = mapped_column()
    region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id"), index=True
    )  # same as scope_id when the kind is region
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    granted_by_id: Mapped[int | None] = mapped_column()
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    user: Mapped[User] = relationship()
    region: Mapped[Region | None] = relationship()

    def scopes(self) -> list[Scope]:
        return (
            [region_scope(self.region.scope_code)] if self.region else [Scope(self.scope_kind, self.scope_id)]
        )

    @property
    def over_since(self) -> date | None:
        """Return the first day on which it holds no longer; a role that was ended by hand ends within that
        day.
        """
        return self.ends_on + timedelta(days=1) if self.ends_on else None

    @staticmethod
    def valid_on(day: date) -> tuple:
        """Return the conditions under which a grant holds on a day."""
        return (
            or_(Grant.starts_on.is_(None), Grant.starts_on <= day),
            or_(Grant.ends_on.is_(None), Grant.ends_on >= day),
        )


class OneTimeLink(db.Model):
    """An invitation or a reset: opens once, dies on a newer one and with time."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[LinkPurpose] = choice(LinkPurpose)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class AccessToken(db.Model):
    """Lets a program act as an account under /api/v1."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()
