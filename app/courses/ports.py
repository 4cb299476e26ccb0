"""What courses must ask upwards: how many seats of a batch are given. Upper packages register their answer when the app is built."""

from collections.abc import Callable, Collection, Mapping

# Given ids of batches, returns how many seats each has given (accepted, called, confirmed, offered); a batch without any may be missing.
SeatCounter = Callable[[Collection[int]], Mapping[int, int]]

SEAT_COUNTERS: list[SeatCounter] = []


def seats_taken(batch_ids: Collection[int]) -> dict[int, int]:
    """Return the seats given for each of these batches, 0 where nobody counts."""
    taken = dict.fromkeys(batch_ids, 0)
    for count in SEAT_COUNTERS if taken else ():
        given = count(batch_ids)
        taken = {batch_id: seats + given.get(batch_id, 0) for batch_id, seats in taken.items()}
    return taken
