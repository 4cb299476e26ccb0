"""What enrollments must tell upwards. `app/wiring.py` says who answers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.core.actor import Actor
from app.core.ports import Port
from app.core.text import Text

# Given the id of an attendee; told in the transaction in which the seat ends, so that what was planned is
# freed.
Leaving = Callable[[int, Actor], None]
leaving: Port[Leaving] = Port("enrollments.leaving")


@dataclass(frozen=True)
class OwnResult:
    """What an approved meeting said of one person, as that person reads it."""

    outcome: Text
    tone: str
    reasons: tuple[str, ...] = ()
    certificate_id: int | None = None  # in force
    number: str | None = None  # of that certificate
    value: str = ""  # the outcome as programs read it


# Given ids of records of one person, returns what approved meetings said, by (id of the batch, id of the
# record).
ResultReader = Callable[[Collection[int]], Mapping[tuple[int, int], OwnResult]]
result_readers: Port[ResultReader] = Port("enrollments.result_readers")


# Given the id of an attendee, returns a session in which that person was, in words, or None.
PresenceReader = Callable[[int], str | None]
presence_readers: Port[PresenceReader] = Port("enrollments.presence_readers")


def was_in(attendee_id: int) -> str | None:
    """Return a session in which this person is recorded as present, in words, or None."""
    return next((session for read in presence_readers if (session := read(attendee_id)) is not None), None)


def results_of(trainee_ids: Collection[int]) -> dict[tuple[int, int], OwnResult]:
    """Return what approved meetings decided about these records."""
    return {key: result for read in result_readers for key, result in read(trainee_ids).items()}


# Given ids of records of one person, returns what is to be read of the own field practice, by (id of the
# batch, id of the record).
PracticeReader = Callable[[Collection[int]], Mapping[tuple[int, int], Text]]
practice_readers: Port[PracticeReader] = Port("enrollments.practice_readers")


def practice_of(trainee_ids: Collection[int]) -> dict[tuple[int, int], Text]:
    """Return where these records practise, or that a place was called off."""
    return {key: text for read in practice_readers for key, text in read(trainee_ids).items()}


def attendee_left(attendee_id: int, by: Actor) -> None:
    """Tell everybody above that this person takes part no longer."""
    for follow in leaving:
        follow(attendee_id, by)
