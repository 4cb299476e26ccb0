"""What organisers must ask upwards. `app/wiring.py` says who answers."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from app.core.ports import Port


class NumberedCertificate(NamedTuple):
    """A certificate in force, by its row and its number."""

    id: int
    number: str


# Given the id of an office, its names and its signers, returns what is in force and prints another signer or
# name on its day than these. The names and signers need not be stored: it is asked, too, what a change would
# mean.
Contradicted = Callable[[int, Sequence[Any], Sequence[Any]], list[NumberedCertificate]]

contradicted_certificates: Port[Contradicted] = Port("organisers.contradicted_certificates")


def contradicted(
    organiser_id: int, names: Sequence[Any], signers: Sequence[Any]
) -> list[NumberedCertificate]:
    """Return the certificates in force that print otherwise than these names and signers say of their day, in
    the order of issue.
    """
    return [paper for tell in contradicted_certificates for paper in tell(organiser_id, names, signers)]
