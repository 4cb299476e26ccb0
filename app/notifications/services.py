"""Queue a message with the decision it is about; send it afterwards, however often that takes."""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import uuid4

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import RuleViolation
from app.core.text import Text
from app.core.unit_of_work import atomic, in_transaction
from app.extensions import db
from app.notifications import document, ports, rules
from app.notifications.mails import Mail
from app.notifications.models import Message, Notice
from app.notifications.queries import (
    find_notice_of,
    is_due,
    lock_held_back,
    lock_message,
    lock_next_due,
    lock_notices,
    lock_overtaken,
    lock_untold,
)

log = logging.getLogger(__name__)

SENT_AT_ONCE = 50


def enqueue_mail(recipient: str, mail: Mail) -> Message:
    """Write a mail to one person in both forms; raises as `enqueue` does."""
    return enqueue(recipient, mail.subject, document.as_text(mail), html=document.as_html(mail))


def enqueue(recipient: str, subject: Text | str, body: Text | str, *, html: str | None = None) -> Message:
    """Write a message to one person in the transaction of the decision; raises outside atomic().

    Raises RuleViolation for an address or a subject that would make another message of it.
    """
    if not in_transaction():
        raise RuntimeError("notifications.enqueue() outside atomic()")
    title = str(subject)
    refusal = rules.refusal_to_write(recipient, title)
    if refusal:
        raise RuleViolation(refusal)
    message = Message(
        recipient=rules.bare_address(recipient),
        subject=rules.shortened(title),
        body=rules.plain_body(str(body)),
        html=html and rules.plain_body(html),
        message_id=uuid4().hex,
    )
    db.session.add(message)
    return message


def notify(
    recipient: rules.Recipient,
    mail: Mail,
    *,
    batch_id: int,
    by_mail_only: bool = False,
    about: str | None = None,
    hold_back: bool = False,
    known: rules.Known | None = None,
) -> Notice | None:
    """Notify somebody of a decision about a batch, once, in its transaction: by mail where there is an
    address that works. She counts as notified once the mail has left; a mail that is given up leaves the text
    to the office.

    Without one the text stands on the batch's list of people who are still to be notified, until somebody
    ticks it or later news overtakes it (see `overtake`); `about` names the seat or session it is about
    ("enrollment:45"). With `by_mail_only` (what is entered years later) nobody has to pass it on, and there
    is no notice. With `hold_back` a mail leaves after some minutes, so that what overtakes it meanwhile is
    sent instead. `known`: what she knew before, so that what follows states the whole difference.
    """
    address = recipient.address if recipient.address and rules.bare_address(recipient.address) else None
    if address is None and by_mail_only:
        return None
    message = enqueue_mail(address, mail) if address else None
    if message is not None:
        if hold_back:
            message.due_at = clock.now() + rules.HELD_BACK
        db.session.flush()
    notice = Notice(
        batch_id=batch_id,
        person_kind=recipient.kind,
        person_id=recipient.id,
        name=recipient.name[:200],
        subject=rules.shortened(str(mail.subject)),
        text=document.as_message(mail),
        message_id=message.id if message else None,
        about=about,
        known=known.written() if known else None,
    )
    db.session.add(notice)
    return notice


def overtake(
    kind: rules.PersonKind,
    person_ids: Collection[int],
    *,
    batch_id: int | None = None,
    about: Collection[str] = (),
) -> list[Notice]:
    """Mark the pending notices of a person as overtaken by a newer one; return them, the oldest first.

    `person_ids` are all her records. Limited to one batch, or to some things of it, where they are named. A
    mail that is held back is not sent any more. What was sent, or is on its way, stays on record.
    """
    db.session.flush()
    untold = lock_untold(kind, person_ids, batch_id=batch_id, about=about)
    recalled = {
        message.id: message
        for message in lock_held_back([each.message_id for each in untold if each.message_id])
    }
    untold = [notice for notice in untold if notice.message_id is None or notice.message_id in recalled]
    for notice in untold:
        if notice.message_id is not None:
            db.session.delete(recalled[notice.message_id])
        notice.message_id, notice.overtaken_at = None, clock.now()
    db.session.flush()
    return untold


def revive(kind: rules.PersonKind, person_ids: Collection[int], since: datetime, *, batch_id: int) -> int:
    """Make the notices pending again that were pending at a moment and have been overtaken since, because
    what overtook them was taken back. Return how many.
    """
    db.session.flush()
    fallen = lock_overtaken(kind, person_ids, since, batch_id=batch_id)
    for notice in fallen:
        notice.overtaken_at = None
    db.session.flush()
    return len(fallen)


def lapse(notices: Iterable[Notice]) -> int:
    """Mark notices that nobody passed on in time as lapsed, because what they are about is over. Return how
    many. They stay on record as never passed on.
    """
    held = [
        each
        for each in lock_notices([notice.id for notice in notices])
        if each.told_at is None and each.overtaken_at is None
    ]
    for notice in held:
        notice.overtaken_at, notice.told_label = clock.now(), rules.LAPSED
    db.session.flush()
    return len(held)


@atomic()
def mark_told(notices: Iterable[Notice], *, by: Actor) -> int:
    """Record that somebody notified these people; return how many were not ticked before.

    Notices that were overtaken are left alone.
    """
    changed = []
    for held in lock_notices([notice.id for notice in notices]):
        if held.told_at is None and held.overtaken_at is None:
            held.told_at, held.told_by_id, held.told_label = clock.now(), by.id, by.label
            changed.append(held)
    db.session.flush()
    for held in changed:
        ports.notified(held.about, by)
    return len(changed)


@dataclass
class Sending:
    """What one round did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0

    def __add__(self, other: "Sending") -> "Sending":
        return Sending(self.sent + other.sent, self.postponed + other.postponed, self.failed + other.failed)

    @property
    def touched(self) -> int:
        return self.sent + self.postponed + self.failed


def send_pending(send: Callable[[rules.Outgoing], None], *, at_most: int = SENT_AT_ONCE) -> Sending:
    """Send what is due, one at a time, each under a lease; the network is used outside any transaction.

    A message is tried MOST_TRIES times; an answer that is final ends it at once; a server that cannot be
    reached ends the round and counts against no message. A worker killed after the server's "accepted" sends
    again, with the same Message-ID.
    """
    done = Sending()
    while done.touched < at_most and is_due(clock.now()):
        leased = _lease()
        if leased is None:
            break
        message, lease = leased
        try:
            send(message)
        except rules.ServerUnreachable as error:
            done.postponed += _postpone_unreachable(message.id, lease, rules.reason_of(error))
            break
        except Exception as error:  # one bad message must not stop the others; its reason is stored
            reason = rules.reason_of(error)
            log.warning("message %s was not sent: %s", message.id, reason)
            ended = _record_failure(message.id, lease, reason, final=rules.is_final(error))
            done.failed += ended
            done.postponed += not ended
        else:
            _record_sent(message.id, lease)
            done.sent += 1
    return done


@atomic()
def _lease() -> tuple[rules.Outgoing, datetime] | None:
    """Take the next message for LEASED_FOR and count the try; a message whose worker died at the last try is
    given up.
    """
    now = clock.now()
    while (message := lock_next_due(now)) is not None:
        if message.attempts < rules.MOST_TRIES:
            message.attempts += 1
            message.leased_until = now + rules.LEASED_FOR
            plain = {field.name: getattr(message, field.name) for field in fields(rules.Outgoing)}
            return rules.Outgoing(**plain), message.leased_until
        message.leased_until = None
        message.last_error = message.last_error or "no answer at the last try"
        _give_up(message)
        db.session.flush()
    return None


def _held(message_id: int, lease: datetime) -> Message | None:
    """Return the message while the lease is still ours: what a slower worker learnt late changes nothing."""
    message = lock_message(message_id)
    return message if message is not None and message.leased_until == lease else None


@atomic()
def _record_sent(message_id: int, lease: datetime) -> None:
    message = _held(message_id, lease)
    if message is None:
        return
    message.sent_at, message.leased_until, message.last_error = clock.now(), None, None
    notice = find_notice_of(message.id)
    if notice is not None:
        ports.notified(notice.about, SYSTEM)  # first: the batch is locked before its notices
        for held in lock_notices([notice.id]):
            if held.told_at is None:
                held.told_at, held.told_label = clock.now(), "email"


def _give_up(message: Message) -> None:
    """Stop trying; the office passes the text on instead."""
    message.failed_at = clock.now()
    notice = find_notice_of(message.id)
    if notice is not None:
        notice.message_id = None


@atomic()
def _record_failure(message_id: int, lease: datetime, reason: str, *, final: bool) -> bool:
    """Plan the next try, or give the message up; returns whether it was given up."""
    message = _held(message_id, lease)
    if message is None:
        return False
    message.last_error, message.leased_until = reason, None
    wait = None if final else rules.wait_after(message.attempts)
    if wait is None:
        _give_up(message)
        return True
    message.due_at = clock.now() + wait
    return False


@atomic()
def _postpone_unreachable(message_id: int, lease: datetime, reason: str) -> int:
    """Put a message back uncounted; one that has waited for days is given up after all."""
    message = _held(message_id, lease)
    if message is None:
        return 0
    message.attempts -= 1
    message.last_error, message.leased_until = reason, None
    message.due_at = clock.now() + rules.UNREACHABLE_WAIT
    if message.created_at < clock.now() - rules.GIVEN_UP_AFTER:
        _give_up(message)
    return 1
