"""Where a right holds. Region codes contain by prefix: 63.05 holds 63.05.06, never 63.055; 00 is the nation
and holds all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, or_, true

from app.core.choices import Choice
from app.core.text import _

NATION = "00"
KABUPATEN_LENGTH = 5


class ScopeKind(Choice):
    """What a grant is bound to."""

    REGION = "region", _("Wilayah")
    ORGANISER = "organiser", _("Penyelenggara")
    BATCH = "batch", _("Angkatan")
    SESSION = "session", _("Sesi")
    HOST = "host", _("Lokasi PKL")


class Reaching(Choice):
    """How far a permission of a region's role goes: that level's own rows, or all rows below it too."""

    OWN = "own", _("miliknya sendiri")
    BELOW = "below", _("beserta wilayah di bawahnya")


class Scope(NamedTuple):
    """One thing a subject belongs to; `value` is a region code or the id of a row."""

    kind: ScopeKind
    value: str | int


def region_scope(code: str) -> Scope:
    """Return the scope of a region by its code."""
    return Scope(ScopeKind.REGION, code)


def contains(outer: str, inner: str) -> bool:
    """Return whether one region lies in the other, itself included."""
    return outer in (NATION, inner) or inner.startswith(outer + ".")


def owner(code: str) -> str:
    """Return the region whose office owns rows placed here: the kabupaten for all below it, else the region
    itself.
    """
    return code[:KABUPATEN_LENGTH]


def reaches(granted: str, reaching: Reaching, code: str) -> bool:
    """Return whether a right granted for one region holds at another: below, anywhere inside; own, where its
    office is owner.
    """
    if not contains(granted, code):
        return False
    if reaching is Reaching.BELOW:
        return True
    return contains(owner(code), granted) if owner(code) != NATION else granted == NATION


@dataclass(frozen=True)
class Reach:
    """Everything one permission of one actor reaches; lists take it as their mandatory `within`."""

    everywhere: bool = False
    regions: frozenset[tuple[str, Reaching]] = frozenset()
    ids: dict[ScopeKind, frozenset[int]] = field(default_factory=dict)

    @property
    def areas(self) -> frozenset[str]:
        """Return the codes inside which every row is reached, desa too; the own rows of a provinsi or the
        nation hold no desa.
        """
        if self.everywhere:
            return frozenset({NATION})
        inside = {
            granted
            for granted, reaching in self.regions
            if reaching is Reaching.BELOW or len(granted) >= KABUPATEN_LENGTH
        }
        return frozenset(
            code for code in inside if not any(other != code and contains(other, code) for other in inside)
        )

    def holds(self, scopes: Iterable[Scope]) -> bool:
        """Return whether any of a subject's scopes is reached."""
        if self.everywhere:
            return True
        for kind, value in scopes:
            if kind is ScopeKind.REGION:
                if any(reaches(granted, reaching, str(value)) for granted, reaching in self.regions):
                    return True
            elif value in self.ids.get(kind, frozenset()):
                return True
        return False

    def clause(self, *, region_code: Any = None, **columns: Any) -> ColumnElement[bool]:
        """Return the same as SQL: `clause(region_code=Region.scope_code, batch=Batch.id, organiser=…,
        session=…, host=…)`.
        """
        if self.everywhere:
            return true()
        parts: list[ColumnElement[bool]] = []
        if region_code is not None:
            parts += [_region_clause(granted, reaching, region_code) for granted, reaching in self.regions]
        for kind, column in columns.items():
            ids = self.ids.get(ScopeKind(kind), frozenset())
            if ids:
                parts.append(column.in_(sorted(ids)))
        return or_(*parts) if parts else false()


def _region_clause(granted: str, reaching: Reaching, column: Any) -> ColumnElement[bool]:
    if granted == NATION:
        return true() if reaching is Reaching.BELOW else column == NATION
    inside = or_(column == granted, column.like(f"{granted}.%"))
    if reaching is Reaching.BELOW or len(granted) >= KABUPATEN_LENGTH:
        return inside
    return column == granted


EVERYWHERE = Reach(everywhere=True)
NOWHERE = Reach()
