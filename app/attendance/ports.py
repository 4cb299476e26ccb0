"""What attendance must ask upwards: whether the presence of a batch is closed. Upper packages register when the app is built."""

from collections.abc import Callable

from app.core.text import Text

# Given the id of a batch, returns why presence is closed (its graduation was approved), or None.
Closing = Callable[[int], Text | None]

closing: list[Closing] = []


def refusal_to_change(batch_id: int) -> Text | None:
    """Return the first reason why the presence of this batch cannot change any more, or None."""
    return next((reason for ask in closing if (reason := ask(batch_id)) is not None), None)
