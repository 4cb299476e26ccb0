"""What those who teach are told, in the decision it tells of; nothing of what lies in the past."""

from collections.abc import Callable
from typing import Any

from flask import current_app

from app.core import clock
from app.core.text import Text
from app.courses import mails
from app.courses.models import Facilitator, TrainingSession
from app.courses.ports import Change
from app.courses.queries import is_record, sender_of
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.rules import PersonKind, Recipient


def session_given(session: TrainingSession) -> None:
    """Ask whoever is named to teach."""
    _send(session, session.facilitator, mails.session_given)


def session_taken(session: TrainingSession, facilitator: Facilitator | None, was: dict[Text, str]) -> None:
    """Tell whoever was named before, with the time and place as they were then."""
    _send(session, facilitator, mails.session_taken, was)


def session_changed(session: TrainingSession, changes: list[Change]) -> None:
    """Tell whoever teaches what changed."""
    _send(session, session.facilitator, mails.session_changed, changes)


def session_cancelled(session: TrainingSession, reason: str) -> None:
    """Tell whoever teaches that it is not held."""
    _send(session, session.facilitator, mails.session_cancelled, reason)


def _send(session: TrainingSession, facilitator: Facilitator | None, write: Callable[..., Mail], *values: Any) -> None:
    batch = session.batch
    if facilitator is None or is_record(batch) or session.held_on < clock.today(batch.zone):
        return
    address = facilitator.user.email if facilitator.user else None
    mail = write(session, facilitator.name, *values, sender=sender_of(batch), base_url=current_app.config["SETTINGS"].base_url)
    recipient = Recipient(PersonKind.FACILITATOR, facilitator.id, facilitator.name, address)
    notifications.notify(recipient, mail, batch_id=batch.id)
