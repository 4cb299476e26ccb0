"""Mails between committee and host, queued in the decision they tell of; nothing is queued for somebody
without an address.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import current_app

from app.auth.models import User
from app.core import clock
from app.core.actor import Actor
from app.courses.ports import Change
from app.courses.queries import is_record, sender_of
from app.courses.rules import BatchStatus
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork import mails
from app.fieldwork.models import Host, HostVisit
from app.fieldwork.queries import count_placed, list_committee
from app.fieldwork.rules import USABLE, VisitStatus, names_are_shown
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.queries import last_notified
from app.notifications.rules import PersonKind, Recipient
from app.organisers.queries import sender_on
from app.trainees.queries import recipient_of, same_person_ids

LOST_PLACE, GIVEN_PLACE = "placement:lost", "placement:given"  # what a notice of a place is about


def visit_requested(visit: HostVisit, *, instead_of: Sequence[date] = ()) -> None:
    """Ask the contact of the host for an answer."""
    _notify(visit, mails.requested, instead_of=instead_of)


def more_requested(visit: HostVisit, *, before: int) -> None:
    """Ask the contact for places on top of those that were asked for or given."""
    _notify(visit, mails.more_requested, before=before)


def visit_answered(
    visit: HostVisit, *, by: Actor, before: tuple[VisitStatus, int] | None = None, lost: Sequence[str] = ()
) -> None:
    """Tell whoever asked what was answered, the panitia too where it changes an answer, and the contact where
    others wrote it.
    """
    asked_by = db.session.get(User, visit.recorded_by_id) if visit.recorded_by_id else None
    contact = visit.host.contact_user
    concerned = {
        user.id: user
        for user in (asked_by, *(list_committee(visit.batch) if before else ()))
        if user is not None
    }
    for user in concerned.values():
        if user.id != by.id and (contact is None or user.id != contact.id):
            written_by = None if contact is not None and contact.id == by.id else by.label
            _send(user, visit, mails.answered, before=before, lost=lost, written_by=written_by)
    if contact is not None and contact.id != by.id:
        _send(contact, visit, mails.written_down, before=before)


def visit_cancelled(visit: HostVisit, *, reason: str, places: int) -> None:
    """Tell the contact that nobody comes."""
    _notify(visit, mails.cancelled, reason=reason, places=places)


def place_lost(visit: HostVisit, attendee: Attendee, reason: str) -> None:
    """Tell a participant that the place of field practice is called off, and why: by mail, or
    by the office.
    """
    _notify_participant(visit, attendee, LOST_PLACE, mails.place_lost, reason)


def place_given(visit: HostVisit, attendee: Attendee) -> None:
    """Let a place called off that was not told yet fall away, because there is one again; tell where, whoever
    was told of the loss.
    """
    _notify_participant(visit, attendee, GIVEN_PLACE, mails.place_given)


def _notify_participant(
    visit: HostVisit, attendee: Attendee, about: str, write: Callable[..., Mail], *values: str
) -> None:
    """Overtake what she was not told yet of her place, and tell this instead; of a place given only who was
    told of a loss.
    """
    person, batch = attendee.trainee, visit.batch
    recipient = recipient_of(person) if person is not None and not is_record(batch) else None
    if person is None or recipient is None:
        return
    ids = same_person_ids(person)
    notifications.overtake(PersonKind.TRAINEE, ids, batch_id=batch.id, about=(LOST_PLACE, GIVEN_PLACE))
    if about == GIVEN_PLACE:
        last = last_notified(batch.id, PersonKind.TRAINEE, ids, about=(LOST_PLACE, GIVEN_PLACE))
        if last is None or last.about != LOST_PLACE:
            return
    mail = write(
        visit,
        attendee.name,
        *values,
        sender=sender_of(batch),
        base_url=current_app.config["SETTINGS"].base_url,
    )
    notifications.notify(recipient, mail, batch_id=batch.id, about=about)


def guest_left(visit: HostVisit, name: str) -> None:
    """Tell the host that has accepted that one of those who were placed does not come; the name from the day
    on which it reads names.
    """
    if visit.status not in USABLE or visit.batch.status is BatchStatus.CANCELLED:
        return
    placed = count_placed(visit)
    shown = name if names_are_shown(visit.status, visit.visits_on, clock.today(visit.batch.zone)) else ""
    about = f"visit:{visit.id}:guests"
    if not shown:  # the last number holds instead of the earlier ones; a name is told as it is
        notifications.overtake(PersonKind.HOST, [visit.host_id], batch_id=visit.batch_id, about=(about,))
    _notify(visit, mails.guest_left, about=about, guest=shown, placed=placed)


def visit_moved(visit: HostVisit, *, before: date, places: int) -> None:
    """Tell the contact that the day changed, and ask again."""
    _notify(visit, mails.moved, before=before, places=places)


def contact_ended(host: Host, contact: User) -> None:
    """Tell somebody who answered for a host that this is over, and who does it now."""
    if contact.email:
        sender = sender_on(host.organiser, clock.today(host.region.zone))
        notifications.enqueue_mail(contact.email, mails.contact_ended(host, contact.name, sender=sender))


def plan_changed(visit: HostVisit, changes: Sequence[Change], reason: str) -> None:
    """Tell the contact what was changed of the diklat, or of its session of field practice."""
    _notify(visit, mails.plan_changed, changes=changes, reason=reason)


def _notify(visit: HostVisit, write: Callable[..., Mail], *, about: str | None = None, **more: Any) -> None:
    """Tell a host: its contact by mail; where there is none, the office has to, from the batch's list."""
    host, contact, batch = visit.host, visit.host.contact_user, visit.batch
    name = contact.name if contact else host.name
    mail = write(
        visit, name, sender=sender_of(batch), base_url=current_app.config["SETTINGS"].base_url, **more
    )
    recipient = Recipient(PersonKind.HOST, host.id, name, contact.email if contact else None)
    notifications.notify(recipient, mail, batch_id=batch.id, by_mail_only=is_record(batch), about=about)


def _send(user: User | None, visit: HostVisit, write: Callable[..., Mail], **more: Any) -> None:
    if user is None or not user.email:
        return
    sender, base_url = sender_of(visit.batch), current_app.config["SETTINGS"].base_url
    notifications.enqueue_mail(user.email, write(visit, user.name, sender=sender, base_url=base_url, **more))
