"""What auth must ask and tell upwards: what a grant may be bound to, who helps somebody in whom no mail
reaches. Filled when the application is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.auth.rules import NameKind
from app.core.ports import Port
from app.core.scopes import Reach, Scope, ScopeKind
from app.core.text import Text


@dataclass(frozen=True)
class ScopeSource:
    """How rows of one kind of scope are found: `get` by id (None when unknown), `name` for people,
    `list_within` for a choice.
    """

    kind: ScopeKind
    get: Callable[[int], Any]
    name: Callable[[Any], str]
    list_within: Callable[[Reach], list[Any]] | None = None


scope_sources: Port[ScopeSource] = Port("auth.scope_sources")


def _source_of(kind: ScopeKind) -> ScopeSource | None:
    return next((source for source in scope_sources if source.kind is kind), None)


def scopes_of(kind: ScopeKind, scope_id: int) -> list[Scope]:
    """Return where a row lies; nowhere when nobody knows it."""
    source = _source_of(kind)
    row = source.get(scope_id) if source else None
    return list(row.scopes()) if row is not None else []


def name_of(kind: ScopeKind, scope_id: int) -> str:
    """Return what people call a row; its kind and number when nobody knows it."""
    source = _source_of(kind)
    row = source.get(scope_id) if source else None
    return source.name(row) if source and row is not None else f"{kind.label} {scope_id}"


def choices_within(kind: ScopeKind, within: Reach) -> list[tuple[int, str]]:
    """Return (id, name) of the rows of this kind that are reached."""
    source = _source_of(kind)
    if source is None or source.list_within is None:
        return []
    return [(row.id, source.name(row)) for row in source.list_within(within)]


@dataclass(frozen=True)
class Helpers:
    """Who helps in those whom no mail reaches."""

    ask: Callable[
        [int | None, bool, NameKind, str], bool
    ]  # account, may it ask itself, what was typed: False to take it back
    said: Callable[
        [NameKind, str, str], Text | None
    ]  # a name and a code that open nothing: what whoever holds both is told
    settle: Callable[[int], None]  # the account has a new password: what was asked is settled


helpers: Port[Helpers] = Port("auth.helpers")


def message_instead(kind: NameKind, name: str, code: str) -> Text | None:
    """Return what somebody is told whose NIK or phone and code open nothing yet; None when there is nothing
    to tell.
    """
    return next((text for each in helpers if (text := each.said(kind, name, code)) is not None), None)


def settle(user_id: int) -> None:
    """Tell everybody above that an account has a new password."""
    for each in helpers:
        each.settle(user_id)
