"""What regions ask of packages above them: somebody who keeps the record of what was done."""

from collections.abc import Mapping
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
