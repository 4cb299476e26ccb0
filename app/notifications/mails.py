"""A mail as its parts, from which its text and its HTML are both made: each sentence is written once, nothing
in it is markup.
"""

from dataclasses import dataclass

from app.core.naming import addressed
from app.core.text import Text


@dataclass(frozen=True)
class Link:
    """An address with what it opens."""

    label: Text
    address: str


@dataclass(frozen=True)
class Mail:
    """The content of one mail: greeting, sentences, facts, one thing to do, whom to ask, who writes and why.

    `sender` is the office that writes, empty where only the product does. `facts` without a value are left
    out.
    """

    subject: Text
    name: str
    opening: tuple[Text | str, ...]
    why: Text
    facts: tuple[tuple[Text | str, object], ...] = ()
    button: Link | None = None
    links: tuple[Link, ...] = ()
    closing: tuple[Text | str, ...] = ()
    contact: str = ""
    sender: str = ""

    @property
    def known_facts(self) -> list[tuple[str, str]]:
        """Return the facts that are there, as they are read."""
        return [
            (str(label), str(value).strip())
            for label, value in self.facts
            if value is not None and str(value).strip()
        ]

    @property
    def greeted(self) -> str:
        """Return how the person is addressed, on one line: a name must not begin a paragraph of its own."""
        return addressed(self.name)
