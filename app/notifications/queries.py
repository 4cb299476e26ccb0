"""The queue of messages."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.core import clock
from app.extensions import db
from app.notifications.models import Message, Notice
from app.notifications.rules import LAPSED, PersonKind

WAITING = Message.sent_at.is_(None), Message.failed_at.is_(None)
UNTOLD = (
    Notice.told_at.is_(None),
    Notice.overtaken_at.is_(None),
    Notice.message_id.is_(None),
)  # neither notified nor on its way by mail


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return *WAITING, or_(Message.leased_until.is_(None), Message.leased_until < now), Message.due_at <= now


def is_due(now: datetime) -> bool:
    """Return whether any message can be sent now; takes no lock."""
    return db.session.scalar(select(Message.id).where(*_due(now)).limit(1)) is not None


def lock_next_due(now: datetime) -> Message | None:
    """Lock the message that has waited longest and that no worker has; those that others lock are passed
    over.
    """
    due = select(Message).where(*_due(now)).order_by(Message.due_at, Message.id).limit(1)
    return db.session.scalar(due.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def lock_message(message_id: int) -> Message | None:
    """Lock one message."""
    held = (
        select(Message)
        .where(Message.id == message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(held)


def list_unsent() -> list[Message]:
    """Return the messages that wait, the next one first."""
    return list(db.session.scalars(select(Message).where(*WAITING).order_by(Message.due_at, Message.id)))


def list_failed(since: datetime) -> list[Message]:
    """Return the messages that were given up since then, newest first."""
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.failed_at >= since)
            .order_by(Message.failed_at.desc(), Message.id.desc())
        )
    )


def count_unsent() -> int:
    """Count the messages that wait."""
    return db.session.scalar(select(func.count(Message.id)).where(*WAITING)) or 0


def list_notices(batch_id: int, *, overtaken: bool = False) -> list[Notice]:
    """Return who is to be notified of what about a batch, those pending first, the oldest first; what was
    overtaken only on request.
    """
    query = select(Notice).where(Notice.batch_id == batch_id)
    if not overtaken:
        query = query.where(Notice.overtaken_at.is_(None))
    return list(db.session.scalars(query.order_by(Notice.told_at.is_not(None), Notice.id)))


def count_untold(batch_id: int) -> int:
    """Count the people of a batch for whom some notice is pending."""
    rows = db.session.execute(
        select(Notice.person_kind, Notice.person_id, Notice.name).where(Notice.batch_id == batch_id, *UNTOLD)
    )
    return len({(kind, person_id or name) for kind, person_id, name in rows})


def list_lapsed(batch_id: int) -> list[Notice]:
    """Return the notices of a batch that lapsed before anybody passed them on, the oldest first."""
    return list(
        db.session.scalars(
            select(Notice).where(Notice.batch_id == batch_id, Notice.told_label == LAPSED).order_by(Notice.id)
        )
    )


def list_untold_of(batch_id: int) -> list[Notice]:
    """Return all pending notices of a batch."""
    return list(
        db.session.scalars(select(Notice).where(Notice.batch_id == batch_id, *UNTOLD).order_by(Notice.id))
    )


def batches_with_untold(before: datetime) -> list[int]:
    """Return the ids of the batches that have a pending notice from before this moment."""
    rows = select(Notice.batch_id).where(*UNTOLD, Notice.created_at < before).distinct()
    return sorted(db.session.scalars(rows))


def list_untold(batch_id: int, about: Collection[str]) -> list[Notice]:
    """Return the pending notices about some things of a batch."""
    return list(
        db.session.scalars(
            select(Notice).where(Notice.batch_id == batch_id, Notice.about.in_(about), *UNTOLD)
        )
    )


def last_notified(
    batch_id: int, kind: PersonKind, person_ids: Collection[int], *, about: Collection[str]
) -> Notice | None:
    """Return the last notice about some things of a batch that reached a person, by somebody or by a mail
    that may still be on its way.
    """
    theirs = (
        Notice.batch_id == batch_id,
        Notice.person_kind == kind,
        Notice.person_id.in_(sorted(person_ids)),
        Notice.about.in_(about),
    )
    is_notified = or_(Notice.told_at.is_not(None), Notice.message_id.is_not(None))
    return db.session.scalar(select(Notice).where(*theirs, is_notified).order_by(Notice.id.desc()).limit(1))


def lock_untold(
    kind: PersonKind, person_ids: Collection[int], *, batch_id: int | None = None, about: Collection[str] = ()
) -> list[Notice]:
    """Lock the pending notices of a person, mails that are still held back among them: all, those about a
    batch, or those about some things of it.
    """
    held_back = Notice.message_id.in_(
        select(Message.id).where(*WAITING, Message.attempts == 0, Message.due_at > clock.now())
    )
    untold = (
        Notice.told_at.is_(None),
        Notice.overtaken_at.is_(None),
        or_(Notice.message_id.is_(None), held_back),
    )
    held = select(Notice).where(Notice.person_kind == kind, Notice.person_id.in_(sorted(person_ids)), *untold)
    if batch_id is not None:
        held = held.where(Notice.batch_id == batch_id)
    if about:
        held = held.where(Notice.about.in_(about))
    return list(db.session.scalars(held.order_by(Notice.id).with_for_update()))


def lock_held_back(message_ids: Collection[int]) -> list[Message]:
    """Lock those of these mails that no worker has taken yet."""
    held = select(Message).where(
        Message.id.in_(sorted(message_ids)), *WAITING, Message.attempts == 0, Message.leased_until.is_(None)
    )
    return list(
        db.session.scalars(
            held.order_by(Message.id).with_for_update().execution_options(populate_existing=True)
        )
    )


def lock_overtaken(
    kind: PersonKind, person_ids: Collection[int], moment: datetime, *, batch_id: int
) -> list[Notice]:
    """Lock the notices of a person and batch that were pending at a moment and have been overtaken since."""
    theirs = Notice.person_kind == kind, Notice.person_id.in_(sorted(person_ids)), Notice.batch_id == batch_id
    fallen = (
        Notice.told_at.is_(None),
        Notice.told_label.is_(None),
        Notice.created_at < moment,
        Notice.overtaken_at >= moment,
    )
    return list(
        db.session.scalars(select(Notice).where(*theirs, *fallen).order_by(Notice.id).with_for_update())
    )


def list_since(
    kind: PersonKind,
    person_ids: Collection[int],
    moment: datetime,
    *,
    batch_id: int,
    about: Collection[str] = (),
) -> list[Notice]:
    """Return the notices of a person about a batch (or some things of it) since a moment, sent or pending."""
    theirs = Notice.person_kind == kind, Notice.person_id.in_(sorted(person_ids)), Notice.batch_id == batch_id
    query = select(Notice).where(*theirs, Notice.created_at >= moment, Notice.overtaken_at.is_(None))
    return list(db.session.scalars(query.where(Notice.about.in_(about)) if about else query))


def overtaken_since(
    kind: PersonKind, person_ids: Collection[int], moment: datetime, *, about: str | None = None
) -> set[int]:
    """Return the batches of which a notice to a person (about one thing of it) was overtaken since then,
    before it was passed on.
    """
    theirs = Notice.person_kind == kind, Notice.person_id.in_(sorted(person_ids))
    fell = select(Notice.batch_id).where(*theirs, Notice.told_at.is_(None), Notice.overtaken_at >= moment)
    return set(db.session.scalars(fell.where(Notice.about == about) if about else fell))


def find_notice_of(message_id: int) -> Notice | None:
    """Return the notice that a mail carries."""
    return db.session.scalar(select(Notice).where(Notice.message_id == message_id))


def lock_notices(notice_ids: Collection[int]) -> list[Notice]:
    """Lock these notices in the order of their numbers."""
    held = select(Notice).where(Notice.id.in_(sorted(notice_ids))).order_by(Notice.id).with_for_update()
    return list(db.session.scalars(held.execution_options(populate_existing=True)))
