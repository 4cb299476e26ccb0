"""What higher packages do when somebody was notified: by a person who ticks it, or by a mail that has
left.
"""

from collections.abc import Callable

from app.core.actor import Actor
from app.core.ports import Port

listeners: Port[Callable[[str, Actor], None]] = Port("notifications.listeners")


def notified(about: str | None, by: Actor) -> None:
    """Pass on that somebody was notified of a seat or session ("enrollment:45"), in the transaction that
    records it.
    """
    for listen in listeners if about else ():
        listen(about or "", by)
