"""What petitions must let others do upwards: the course that a claimant also asked for.

Filled when the application is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.auth.models import User
from app.core.ports import Port
from app.core.text import Text
from app.trainees.models import Trainee


@dataclass(frozen=True)
class Wishes:
    """Who makes an application of what was asked for with a registration that waited."""

    hold: Callable[[int], None]  # the batch, before any person is held
    make: Callable[
        [int, Trainee, User, datetime], Text | None
    ]  # batch, person, her account, asked when: why it cannot be, or None
    foretell: Callable[[int, Trainee], Text | None]  # why it could not be, as it stands now, or None


wishes: Port[Wishes] = Port("petitions.wishes")


def hold_wish(batch_id: int | None) -> None:
    """Hold the batch that was asked for, before the person is held."""
    if batch_id is not None:
        for each in wishes:
            each.hold(batch_id)


def make_wish(batch_id: int, person: Trainee, account: User, asked_at: datetime) -> Text | None:
    """Apply for her as she asked; return why that cannot be, or None."""
    return next(
        (
            refusal
            for each in wishes
            if (refusal := each.make(batch_id, person, account, asked_at)) is not None
        ),
        None,
    )


def foretell_wish(batch_id: int, person: Trainee) -> Text | None:
    """Return why an application could not be made now, or None."""
    return next(
        (refusal for each in wishes if (refusal := each.foretell(batch_id, person)) is not None), None
    )
