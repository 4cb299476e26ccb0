"""What an import of regions changed, as the command, programs and the record of acts say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.core.scopes import owner
from app.regions.rules import Doubled


class Named(NamedTuple):
    """A region that an import added or retired."""

    code: str
    name: str


class Renamed(NamedTuple):
    """A region that kept its code and got another name."""

    code: str
    before: str
    after: str


@dataclass
class Touched:
    """A kabupaten or kota whose figures an import changes; a provinsi or the nation for what is its own."""

    code: str
    name: str
    villages_before: int
    villages_after: int
    bearing: Mapping[str, int]  # of ports.bearings: people, targets and statements there

    def facts(self) -> dict[str, Any]:
        """Return what programs read."""
        villages = {"villages_before": self.villages_before, "villages_after": self.villages_after}
        return {"code": self.code, "name": self.name, **villages, **self.bearing}


@dataclass
class ImportReport:
    """What an import changed, by code, and what is valid after it.

    The very first list is not said region by region.
    """

    added: list[Named] = field(default_factory=list)
    changed: list[Renamed] = field(default_factory=list)
    removed: list[Named] = field(default_factory=list)
    doubled: list[Doubled] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    is_first: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)

    @property
    def kinds(self) -> dict[str, Sequence[Named | Renamed]]:
        return {"added": self.added, "changed": self.changed, "removed": self.removed}

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(rows) for kind, rows in self.kinds.items()}

    @property
    def owners(self) -> list[str]:
        """Return the codes of the kabupaten (or what is above them) in which something changed."""
        return sorted({owner(each[0]) for rows in self.kinds.values() for each in rows})

    def of(self, code: str) -> dict[str, list[list[str]]]:
        """Return what changed in one of the owners, as the record of acts keeps it."""
        return {
            kind: [list(each) for each in rows if owner(each[0]) == code] for kind, rows in self.kinds.items()
        }

    def facts(self) -> dict[str, Any]:
        """Return what programs read."""
        listed: Mapping[str, Sequence[Any]] = {} if self.is_first else {**self.kinds, "doubled": self.doubled}
        regions = {kind: [each._asdict() for each in rows] for kind, rows in listed.items()}
        return {
            **self.counts,
            "levels": self.levels,
            "regions": regions,
            "kabupaten": [each.facts() for each in self.touched],
        }
