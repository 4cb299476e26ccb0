"""Mails about a graduation, queued in the decision they tell of: to those who may approve, and back to the proposer."""

from flask import current_app

from app.assessment.models import Graduation
from app.assessment.queries import list_approvers
from app.auth.models import User
from app.core.text import Text, _
from app.extensions import db
from app.notifications import services as notifications


def graduation_proposed(graduation: Graduation) -> None:
    """Ask everybody who may approve, except the proposer."""
    subject = _("Menunggu persetujuan: kelulusan %(course)s", course=graduation.batch.course.title)
    for user in list_approvers(graduation.batch):
        if user.id != graduation.proposed_by_id:
            _send(user, graduation, "graduation_proposed.txt", subject)


def graduation_decided(graduation: Graduation) -> None:
    """Tell the proposer that it was approved, or returned and why."""
    subject = _("Kelulusan %(course)s: %(status)s", course=graduation.batch.course.title, status=graduation.status.label)
    _send(db.session.get(User, graduation.proposed_by_id), graduation, "graduation_decided.txt", subject)


def _send(user: User | None, graduation: Graduation, template: str, subject: Text) -> None:
    if user is None or not user.email:
        return
    page = current_app.jinja_env.get_template(f"emails/assessment/{template}")
    values = {"graduation": graduation, "batch": graduation.batch, "person": user}
    body = page.render(base_url=current_app.config["SETTINGS"].base_url, **values)
    notifications.enqueue(user.email, str(subject), body.strip() + "\n")
