"""What enrollments must tell upwards. Upper packages register when the app is built."""

from collections.abc import Callable

from app.core.actor import Actor

# Given the id of an attendee; told in the transaction in which the seat ends, so that what was planned is freed.
Leaving = Callable[[int, Actor], None]
leaving: list[Leaving] = []


def attendee_left(attendee_id: int, by: Actor) -> None:
    """Tell everybody above that this person takes part no longer."""
    for follow in leaving:
        follow(attendee_id, by)
