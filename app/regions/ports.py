"""What regions ask of packages above them: who keeps the record of what was done, and who is found at a region."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from app.core.actor import Actor


class Recorder(Protocol):
    """Keeps one act in the transaction of its decision."""

    def __call__(self, action: str, subject: Any, *, by: Actor, note: str = "", details: Mapping[str, Any] | None = None) -> object: ...


recorders: list[Recorder] = []


def record_with(recorder: Recorder) -> None:
    """Let this one keep the record; said twice, it still keeps it once."""
    if recorder not in recorders:
        recorders.append(recorder)


# Given the ids of regions: {id: in words, who or what would be found nowhere if that region were none any more}.
Occupants = Callable[[Collection[int]], Mapping[int, list[str]]]
OCCUPANTS: list[Occupants] = []


def occupants_of(region_ids: Collection[int]) -> dict[int, list[str]]:
    """Return, by region, who serves there, which office has its seat there, and who has rights there alone."""
    found: dict[int, list[str]] = {}
    for occupants in OCCUPANTS if region_ids else ():
        for region_id, names in occupants(region_ids).items():
            found.setdefault(region_id, []).extend(names)
    return found
