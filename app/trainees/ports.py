"""What trainees must ask upwards; upper packages put their answers into these lists when the application is made."""

from collections.abc import Callable

from app.core.text import Text

# Given the ids of two records: why they cannot be one person's (both hold a seat in one batch), or None.
SeatHolder = Callable[[int, int], Text | None]
seat_holders: list[SeatHolder] = []


def refusal_to_merge(duplicate_id: int, canonical_id: int) -> Text | None:
    """Return the first reason against one person that an upper package knows."""
    return next((reason for ask in seat_holders if (reason := ask(duplicate_id, canonical_id))), None)
