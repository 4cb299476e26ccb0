"""Closed lists of short stable words, each with the label a person reads."""

from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.text import Text


class Choice(StrEnum):
    """A stored word with its label: `ACCEPTED = "accepted", _("Diterima")`."""

    _value_: str
    label: Text

    if not TYPE_CHECKING:  # members are written with their label, looked up without it

        def __new__(cls, value: str, label: Text) -> "Choice":
            member = str.__new__(cls, value)
            member._value_ = value
            member.label = label
            return member

    @classmethod
    def options(cls) -> list[tuple[str, Text]]:
        """Return (value, label) pairs in the order they are written, as select fields take them."""
        return [(member.value, member.label) for member in cls]
