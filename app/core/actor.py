"""Who acts. Services take an Actor; they never ask a request who is there."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from app.core.scopes import EVERYWHERE, NOWHERE, Reach, Scope


@runtime_checkable
class Subject(Protocol):
    """A row that knows the region it belongs to."""

    def scopes(self) -> Iterable[Scope]: ...


@runtime_checkable
class Actor(Protocol):
    """A person, a program or the system itself."""

    @property
    def id(self) -> int | None: ...

    @property
    def label(self) -> str: ...

    def reach(self, permission: str) -> Reach:
        """Return where this permission holds."""
        ...

    def can(self, permission: str, subject: Subject | None = None) -> bool:
        """Return whether the permission holds for the subject; without one, whether it holds anywhere."""
        ...


class _Fixed:
    def __init__(self, label: str, reach: Reach) -> None:
        self.id = None
        self.label = label
        self._reach = reach

    def reach(self, permission: str) -> Reach:
        return self._reach

    def can(self, permission: str, subject: Subject | None = None) -> bool:
        return self._reach.everywhere


PUBLIC: Actor = _Fixed("publik", NOWHERE)
SYSTEM: Actor = _Fixed("sistem", EVERYWHERE)
