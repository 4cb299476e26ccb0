"""Mails about a graduation, queued in the decision they tell of: to those who may approve, and back to the proposer."""

from flask import current_app

from app.assessment import mails
from app.assessment.models import Graduation
from app.assessment.queries import list_approvers, list_results
from app.assessment.rules import GraduationStatus
from app.auth.models import User
from app.courses.queries import sender_of
from app.extensions import db
from app.notifications import services as notifications


def graduation_proposed(graduation: Graduation) -> None:
    """Ask everybody who may approve, except the proposer."""
    asked = [user for user in list_approvers(graduation.batch) if user.id != graduation.proposed_by_id and user.email]
    if not asked:
        return
    results, common = list_results(graduation), _common(graduation)
    unmet = sum(bool(result.reasons) for result in results)
    for user in asked:
        assert user.email
        notifications.enqueue_mail(user.email, mails.proposed(graduation, user.name, met=len(results) - unmet, unmet=unmet, **common))


def graduation_decided(graduation: Graduation) -> None:
    """Tell the proposer that it was approved, or returned and why."""
    proposer = db.session.get(User, graduation.proposed_by_id)
    if proposer is None or not proposer.email:
        return
    write = mails.approved if graduation.status is GraduationStatus.APPROVED else mails.returned
    notifications.enqueue_mail(proposer.email, write(graduation, proposer.name, **_common(graduation)))


def _common(graduation: Graduation) -> dict[str, str]:
    return {"sender": sender_of(graduation.batch), "base_url": current_app.config["SETTINGS"].base_url}
