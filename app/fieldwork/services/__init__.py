"""What the committee and the hosts do: keep hosts, ask for places, answer, divide the participants."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.core.actor import Actor
from app.core.text import Text, _
from app.courses import ports as courses_ports
from app.courses.models import Batch
from app.courses.queries import get_batch, lock_batch
from app.fieldwork import messages, queries
from app.fieldwork.models import HostVisit
from app.fieldwork.rules import STANDING
from app.fieldwork.services.dividing import (
    count_moves_anew,
    describe_moves,
    divide_anew,
    free_place,
    move_placement,
    name_mentor,
    place_attendee,
    spread_evenly,
)
from app.fieldwork.services.following import end_visits_of_cancelled_batch, follow_moved_batch
from app.fieldwork.services.holding import overview_of, refusal_to_change
from app.fieldwork.services.hosts import change_host, draft_host, invite_contact, name_contact
from app.fieldwork.services.visits import (
    answer_visit,
    ask_again,
    cancel_visit,
    describe_loss_of,
    refusal_to_reopen,
    request_visit,
)

__all__ = [
    "answer_visit",
    "ask_again",
    "cancel_visit",
    "change_host",
    "count_moves_anew",
    "describe_loss_of",
    "describe_moves",
    "divide_anew",
    "draft_host",
    "end_visits_of_cancelled_batch",
    "follow_moved_batch",
    "free_place",
    "invite_contact",
    "move_placement",
    "name_contact",
    "name_mentor",
    "overview_of",
    "place_attendee",
    "refusal_to_change",
    "refusal_to_reopen",
    "request_visit",
    "spread_evenly",
]


class Visits:
    """Follows decisions about batches: visits are ended, or asked for anew, with the batch."""

    def batch_cancelled(self, batch_id: int, *, reason: str, by: Actor) -> None:
        end_visits_of_cancelled_batch(lock_batch(batch_id), reason, by)

    def batch_changed(
        self,
        batch_id: int,
        changes: Sequence[courses_ports.Change],
        *,
        moved_days: int,
        by: Actor,
        about: courses_ports.AboutSession | None = None,
    ) -> None:
        batch = lock_batch(batch_id)
        asked_anew = {visit.id for visit in follow_moved_batch(batch, timedelta(days=moved_days), by)}
        for visit in _concerned(batch, about) if changes else ():
            if visit.id not in asked_anew:
                messages.plan_changed(visit, changes, about.reason if about else "")

    def refusal_of_days(self, batch_id: int, starts_on: date, ends_on: date) -> Text | None:
        return None

    def concerned(
        self, batch_id: int, about: courses_ports.AboutSession | None = None
    ) -> list[tuple[Text, int]]:
        batch = get_batch(batch_id)
        return [
            (_("lokasi PKL"), len({visit.host_id for visit in _concerned(batch, about)} if batch else ()))
        ]


def _concerned(batch: Batch, about: courses_ports.AboutSession | None) -> list[HostVisit]:
    """Return the visits to come whose hosts are told: all of a change of the batch, those of the day where a
    session is about PKL.
    """
    coming = [
        visit
        for visit in queries.list_visits(batch)
        if visit.status in STANDING and queries.is_to_come(visit)
    ]
    return coming if about is None else [visit for visit in coming if visit.visits_on in about.practice_on]


def free_place_of(attendee_id: int, by: Actor) -> None:
    attendee = queries.get_attendee(attendee_id)
    if attendee is not None:
        free_place(attendee, by)
