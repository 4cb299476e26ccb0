"""What the committee and the hosts do: keep hosts, ask for places, answer, divide the participants."""

from app.auth.ports import SCOPE_SOURCES, ScopeSource
from app.core.scopes import ScopeKind
from app.fieldwork import queries
from app.fieldwork.services.dividing import (
    count_moves_anew,
    divide_anew,
    free_place,
    move_placement,
    name_mentor,
    place_attendee,
    said_moves,
    spread_evenly,
)
from app.fieldwork.services.following import end_visits_of_cancelled_batch, follow_moved_batch
from app.fieldwork.services.holding import overview_of, refusal_to_change
from app.fieldwork.services.hosts import change_host, draft_host, invite_contact, name_contact
from app.fieldwork.services.visits import answer_visit, ask_again, cancel_visit, refusal_to_reopen, request_visit, said_loss_of

__all__ = [
    "answer_visit",
    "ask_again",
    "cancel_visit",
    "change_host",
    "connect_ports",
    "count_moves_anew",
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
    "said_loss_of",
    "said_moves",
    "spread_evenly",
]


def connect_ports() -> None:
    """Tell auth how hosts are found, so that grants at a host have a name and a place."""
    SCOPE_SOURCES[ScopeKind.HOST] = ScopeSource(get=queries.get_host, name=lambda host: host.name, list_within=queries.list_hosts)
