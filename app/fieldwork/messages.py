"""Mails between committee and host, queued in the decision they tell of; nothing is queued for somebody without an address."""

from collections.abc import Callable

from flask import current_app

from app.auth.models import User
from app.courses.queries import sender_of
from app.extensions import db
from app.fieldwork import mails
from app.fieldwork.models import HostVisit
from app.notifications import services as notifications
from app.notifications.mails import Mail


def visit_requested(visit: HostVisit) -> None:
    """Ask the contact of the host for an answer."""
    _send(visit.host.contact_user, visit, mails.requested)


def visit_answered(visit: HostVisit) -> None:
    """Tell whoever asked what the host answered."""
    asked_by = db.session.get(User, visit.recorded_by_id) if visit.recorded_by_id else None
    if asked_by and asked_by.id != visit.answered_by_id:
        _send(asked_by, visit, mails.answered)


def visit_cancelled(visit: HostVisit) -> None:
    """Tell the contact that nobody comes."""
    _send(visit.host.contact_user, visit, mails.cancelled)


def _send(user: User | None, visit: HostVisit, write: Callable[..., Mail]) -> None:
    if user is None or not user.email:
        return
    sender, base_url = sender_of(visit.batch), current_app.config["SETTINGS"].base_url
    notifications.enqueue_mail(user.email, write(visit, user.name, sender=sender, base_url=base_url))
