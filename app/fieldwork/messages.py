"""Mails between committee and host, queued in the decision they tell of; nothing is queued for somebody without an address."""

from flask import current_app

from app.auth.models import User
from app.core.text import Text, _
from app.extensions import db
from app.fieldwork.models import HostVisit
from app.notifications import services as notifications


def visit_requested(visit: HostVisit) -> None:
    """Ask the contact of the host for an answer."""
    _send(visit.host.contact_user, visit, "visit_requested.txt", _("Permohonan lokasi PKL: %(course)s", course=visit.batch.course.title))


def visit_answered(visit: HostVisit) -> None:
    """Tell whoever asked what the host answered."""
    asked_by = db.session.get(User, visit.recorded_by_id) if visit.recorded_by_id else None
    if asked_by and asked_by.id != visit.answered_by_id:
        _send(asked_by, visit, "visit_answered.txt", _("Jawaban %(host)s: %(answer)s", host=visit.host.name, answer=visit.status.label))


def visit_cancelled(visit: HostVisit) -> None:
    """Tell the contact that nobody comes."""
    _send(visit.host.contact_user, visit, "visit_cancelled.txt", _("Kunjungan PKL dibatalkan: %(course)s", course=visit.batch.course.title))


def _send(user: User | None, visit: HostVisit, template: str, subject: Text) -> None:
    if user is None or not user.email:
        return
    page = current_app.jinja_env.get_template(f"emails/fieldwork/{template}")
    body = page.render(visit=visit, batch=visit.batch, person=user, base_url=current_app.config["SETTINGS"].base_url)
    notifications.enqueue(user.email, str(subject), body.strip() + "\n")
