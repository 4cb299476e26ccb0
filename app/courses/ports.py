"""What courses must ask and tell upwards. `app/wiring.py` says who answers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.core.actor import Actor
from app.core.ports import Port
from app.core.text import Text, _
from app.notifications.rules import Known

# Given ids of batches, returns how many seats each has given (accepted, called, confirmed, offered); a batch
# without any may be missing.
SeatCounter = Callable[[Collection[int]], Mapping[int, int]]

seat_counters: Port[SeatCounter] = Port("courses.seat_counters")

Change = tuple[Text, str, str]  # what, as it was, as it is now
DAYS = _("Tanggal")  # what a change of the first or last day of a batch is called


@dataclass(frozen=True)
class AboutSession:
    """That a change is about one session: why, the days on which it holds (or held) field practice (none for
    another kind), and what was known of it before.
    """

    practice_on: frozenset[date] = frozenset()
    reason: str = ""
    known: Known | None = None


class BatchFollower(Protocol):
    """Somebody above who does what a decision about a batch means for people, seats and visits, in the same
    transaction.

    The batch is held by the caller.
    """

    def batch_cancelled(self, batch_id: int, *, reason: str, by: Actor) -> None:
        """End what waits for the batch and tell everybody concerned."""

    def batch_changed(
        self,
        batch_id: int,
        changes: Sequence[Change],
        *,
        moved_days: int,
        by: Actor,
        about: AboutSession | None = None,
    ) -> None:
        """Do what changed facts mean (a queue may be served) and tell of the changes, if there are any worth
        telling.

        A change without a value before is something new. `moved_days`: by how many days the whole batch
        moved, its sessions with it; 0 where they stay on their days. `about`: the one session that changed.
        """

    def refusal_of_days(self, batch_id: int, starts_on: date, ends_on: date) -> Text | None:
        """Say why the batch cannot be held on these days, or None: somebody sits elsewhere then."""

    def concerned(self, batch_id: int, about: AboutSession | None = None) -> list[tuple[Text, int]]:
        """Return who would be told of a change or a cancellation, of the batch or of one session: (in words,
        how many).
        """


class PresenceStore(Protocol):
    """Whoever keeps the presence of sessions."""

    def count(self, session_id: int) -> int:
        """Return how many entries a session has."""

    def has_any(self, batch_id: int) -> bool:
        """Say whether anything is entered of a batch."""

    def clear(self, session_id: int, *, reason: str, by: Actor) -> None:
        """Take the entries away; the events keep them."""


# Given the id of a batch, and of a session that is thought away, returns what deserves a look before the
# batch goes on.
Check = Callable[[int, int | None], Sequence[Text]]

# Given the id of a batch that is held: what its course asks for has changed.
ConditionFollower = Callable[[int, Actor], None]

# Given the id of a batch that is held: its days were declared finished, or its result was approved; what is
# asked for them ends.
EndFollower = Callable[[int, Actor], None]

# Given ids of batches, returns by what each was decided, in words; a batch whose graduation is not approved
# is missing.
DecisionReader = Callable[[Collection[int]], Mapping[int, Text]]

decision_readers: Port[DecisionReader] = Port("courses.decision_readers")
followers: Port[BatchFollower] = Port("courses.followers")
condition_followers: Port[ConditionFollower] = Port("courses.condition_followers")
end_followers: Port[EndFollower] = Port("courses.end_followers")
checks: Port[Check] = Port("courses.checks")
presence_stores: Port[PresenceStore] = Port("courses.presence_stores")


def decided_by(batch_ids: Collection[int]) -> dict[int, Text]:
    """Return by what each of these batches was decided, in words; those that are decided."""
    return {key: text for read in decision_readers for key, text in read(batch_ids).items()}


def warnings_of(batch_id: int, *, without: int | None = None) -> list[Text]:
    """Return what those above find worth a look in the schedule of a batch; `without`: a session that is
    thought away.
    """
    return [warning for check in checks for warning in check(batch_id, without)]


def warnings_since(batch_id: int, before: Collection[Text], *, without: int | None = None) -> list[Text]:
    """Return those that were not said before."""
    text = {str(each) for each in before}
    return [each for each in warnings_of(batch_id, without=without) if str(each) not in text]


def seats_taken(batch_ids: Collection[int]) -> dict[int, int]:
    """Return the seats given for each of these batches, 0 where nobody counts."""
    taken = dict.fromkeys(batch_ids, 0)
    for count in seat_counters if taken else ():
        given = count(batch_ids)
        taken = {batch_id: seats + given.get(batch_id, 0) for batch_id, seats in taken.items()}
    return taken


def concerned(batch_id: int, about: AboutSession | None = None) -> list[tuple[Text, int]]:
    """Return who would be told of a decision about a batch, with their numbers; nobody is left out, empty
    groups are.
    """
    return [
        (words, count)
        for follower in followers
        for words, count in follower.concerned(batch_id, about)
        if count
    ]


def was_held(batch_id: int) -> bool:
    """Say whether any presence of a batch is entered: without one it was perhaps never held."""
    return any(store.has_any(batch_id) for store in presence_stores)


def presence_of(session_id: int) -> int:
    """Return how many presences are entered for a session."""
    return sum(store.count(session_id) for store in presence_stores)
