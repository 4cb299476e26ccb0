"""What attendance must tell upwards. Upper packages register when the app is built."""

from collections.abc import Callable

from app.core.actor import Actor

# Given the id of a batch that is held, told in the transaction in which presence was entered or corrected.
PresenceFollower = Callable[[int, Actor], None]
presence_followers: list[PresenceFollower] = []


def presence_changed(batch_id: int, by: Actor) -> None:
    """Tell everybody above that the presence of a batch is another one now."""
    for follow in presence_followers:
        follow(batch_id, by)
