"""Mails about an enrollment, queued in the decision they tell of; nothing is queued for somebody without an address."""

from flask import current_app

from app.core.text import Text, _
from app.enrollments.models import Enrollment
from app.notifications import services as notifications


def enrollment_accepted(enrollment: Enrollment) -> None:
    """Tell that a seat was given: when, where, what to bring, whom to call."""
    _send(enrollment, "emails/enrollments/accepted.txt", _("Anda diterima: %(course)s", course=enrollment.batch.course.title))


def enrollment_waitlisted(enrollment: Enrollment, position: int | None) -> None:
    """Tell the place among the cadangan."""
    _send(
        enrollment,
        "emails/enrollments/waitlisted.txt",
        _("Anda menjadi cadangan: %(course)s", course=enrollment.batch.course.title),
        position=position,
    )


def enrollment_rejected(enrollment: Enrollment, reason: str) -> None:
    """Tell that no seat is given, and why."""
    _send(
        enrollment,
        "emails/enrollments/rejected.txt",
        _("Pendaftaran belum dapat diterima: %(course)s", course=enrollment.batch.course.title),
        reason=reason,
    )


def enrollment_returned(enrollment: Enrollment, reason: str) -> None:
    """Tell what has to be mended before the enrollment can be looked at again."""
    _send(
        enrollment,
        "emails/enrollments/returned.txt",
        _("Pendaftaran perlu dilengkapi: %(course)s", course=enrollment.batch.course.title),
        reason=reason,
    )


def seat_offered(enrollment: Enrollment) -> None:
    """Tell that a seat became free and is kept."""
    _send(enrollment, "emails/enrollments/offered.txt", _("Ada tempat untuk Anda: %(course)s", course=enrollment.batch.course.title))


def _send(enrollment: Enrollment, template: str, subject: Text, **values: object) -> None:
    person = enrollment.trainee
    address = person.email or (person.user.email if person.user else None)
    if not address:
        return
    page = current_app.jinja_env.get_template(template)
    values |= {"enrollment": enrollment, "batch": enrollment.batch, "person": person, "base_url": current_app.config["SETTINGS"].base_url}
    notifications.enqueue(address, str(subject), page.render(**values).strip() + "\n")
