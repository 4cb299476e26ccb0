"""What assessment must ask upwards. Upper packages register when the app is built."""

from collections.abc import Callable, Collection

# Given ids of attendees, returns the numbers of every certificate that was issued for one of them, in force
# or not.
PapersOf = Callable[[Collection[int]], list[str]]

papers_tellers: list[PapersOf] = []


def papers_of(attendee_ids: Collection[int]) -> list[str]:
    """Return the numbers of the certificates that were issued for these attendees."""
    return [number for tell in papers_tellers for number in tell(attendee_ids)]
