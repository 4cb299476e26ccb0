"""What assessment must ask upwards. `app/wiring.py` says who answers."""

from collections.abc import Callable, Collection

from app.core.ports import Port

# Given ids of attendees, returns the numbers of every certificate that was issued for one of them, in force
# or not.
NumbersOf = Callable[[Collection[int]], list[str]]

certificate_numbers: Port[NumbersOf] = Port("assessment.certificate_numbers")


def certificate_numbers_of(attendee_ids: Collection[int]) -> list[str]:
    """Return the numbers of the certificates that were issued for these attendees."""
    return [number for tell in certificate_numbers for number in tell(attendee_ids)]
