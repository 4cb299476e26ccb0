"""Mails about an enrollment, queued in the decision they tell of; nothing is queued for somebody without an address."""

from collections.abc import Callable
from typing import Any

from flask import current_app

from app.courses.queries import sender_of
from app.enrollments import mails
from app.enrollments.models import Enrollment
from app.notifications import services as notifications
from app.notifications.mails import Mail


def enrollment_accepted(enrollment: Enrollment) -> None:
    """Tell that a seat was given: when, where, what to bring, whom to call."""
    _send(enrollment, mails.accepted)


def enrollment_waitlisted(enrollment: Enrollment, position: int | None) -> None:
    """Tell the place among the cadangan."""
    _send(enrollment, mails.waitlisted, position)


def enrollment_rejected(enrollment: Enrollment, reason: str) -> None:
    """Tell that no seat is given, and why."""
    _send(enrollment, mails.rejected, reason)


def enrollment_returned(enrollment: Enrollment, reason: str) -> None:
    """Tell what has to be mended before the enrollment can be looked at again."""
    _send(enrollment, mails.returned, reason)


def seat_offered(enrollment: Enrollment) -> None:
    """Tell that a seat became free and is kept."""
    _send(enrollment, mails.offered)


def _send(enrollment: Enrollment, write: Callable[..., Mail], *values: Any) -> None:
    address = enrollment.trainee.mail_address
    if not address:
        return
    sender, base_url = sender_of(enrollment.batch), current_app.config["SETTINGS"].base_url
    notifications.enqueue_mail(address, write(enrollment, *values, sender=sender, base_url=base_url))
