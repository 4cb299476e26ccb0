"""How a package asks those above it, which it may not import: a port, filled when the application is made."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Provider = TypeVar("Provider")

_declared: list["Port"] = []


class UnfilledPortError(RuntimeError):
    """A port was asked before anybody had filled it."""


class Port(Generic[Provider]):
    """What a package asks, or lets others know of, upwards.

    It is declared once, in the `ports.py` of the package that asks, with the type of what fills it. Everybody
    who answers stands beside it in `app/wiring.py`. To go through a port is to go through its providers, in
    the order in which they stand there.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._providers: tuple[Provider, ...] = ()
        _declared.append(self)

    def fill(self, *providers: Provider) -> None:
        """Let exactly these providers answer; a second application in one process fills it alike."""
        if not providers:
            raise ValueError(f"nobody fills the port {self.name}")
        self._providers = providers

    def __iter__(self) -> Iterator[Provider]:
        """Return the providers; raise UnfilledPortError when there are none."""
        if not self._providers:
            raise UnfilledPortError(f"nobody fills the port {self.name}: see app/wiring.py")
        return iter(self._providers)

    def __repr__(self) -> str:
        return f"Port({self.name!r})"


def unfilled() -> list[str]:
    """Return the names of the ports that nobody fills."""
    return [port.name for port in _declared if not port._providers]
