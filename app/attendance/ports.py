"""What attendance must tell upwards. `app/wiring.py` says who answers."""

from collections.abc import Callable

from app.core.actor import Actor
from app.core.ports import Port
from app.courses.models import TrainingSession

# Given the id of a batch that is held, told in the transaction in which presence was entered or corrected.
PresenceFollower = Callable[[int, Actor], None]
presence_followers: Port[PresenceFollower] = Port("attendance.presence_followers")


# Given a session and an account that receives people there by name: their attendee ids, or None where it is
# about everybody.
Receiver = Callable[[TrainingSession, int], set[int] | None]
receivers: Port[Receiver] = Port("attendance.receivers")


def received_by(session: TrainingSession, user_id: int | None) -> set[int] | None:
    """Return whose presence in a session this account keeps, by attendee; None: everybody's."""
    if user_id is None:
        return None
    return next((found for read in receivers if (found := read(session, user_id)) is not None), None)


def presence_changed(batch_id: int, by: Actor) -> None:
    """Tell everybody above that the presence of a batch is another one now."""
    for follow in presence_followers:
        follow(batch_id, by)
