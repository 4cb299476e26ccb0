"""What those who teach are told, in the decision it tells of; nothing of what lies in the past."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app

from app.core import clock
from app.core.text import Text
from app.courses import mails
from app.courses.lines import differences_since, facts_of_session, known_of_session
from app.courses.models import Facilitator, TrainingSession
from app.courses.queries import is_record, sender_of
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.models import Notice
from app.notifications.queries import last_notified
from app.notifications.rules import Known, PersonKind, Recipient, known_before


def session_given(session: TrainingSession) -> None:
    """Ask whoever is named to teach; who knows that it is hers, because nobody told her otherwise meanwhile,
    reads what differs.
    """
    facilitator = session.facilitator
    if facilitator is None:
        return
    untold = _overtake(session, facilitator)
    if _last_notified(session, facilitator) == _hers(session):
        _notify_of_differences(session, facilitator, _known(untold))
    else:
        _send(session, facilitator, _hers(session), mails.session_given)


def session_taken(session: TrainingSession, facilitator: Facilitator | None, was: dict[Text, str]) -> None:
    """Tell whoever was named before, with the time and place as this person knew them."""
    _notify_gone(session, facilitator, was, mails.session_taken)


def session_changed(session: TrainingSession, known: Known) -> None:
    """Tell whoever teaches what changed since what was told last; who was not asked to teach yet is asked, as
    it is now.
    """
    facilitator = session.facilitator
    if facilitator is None:
        return
    untold = _overtake(session, facilitator)
    if untold and _last_notified(session, facilitator) != _hers(session):
        _send(session, facilitator, _hers(session), mails.session_given)
    else:
        _notify_of_differences(session, facilitator, _known(untold, known))


def session_cancelled(session: TrainingSession, reason: str) -> None:
    """Tell whoever teaches that it is not held."""
    _notify_gone(session, session.facilitator, facts_of_session(session), mails.session_cancelled, reason)


def _notify_gone(
    session: TrainingSession,
    facilitator: Facilitator | None,
    was: dict[Text, str],
    write: Callable[..., Mail],
    *more: str,
) -> None:
    """Tell that there is nothing to teach any more, but not whoever was never told that there is, or was told
    that there is not.
    """
    if facilitator is None:
        return
    untold = _overtake(session, facilitator)
    last = _last_notified(session, facilitator)
    if last == _gone(session) or (untold and last is None):
        return
    known = _known(untold, known_of_session(session, was))
    before = {**known.facts[_hers(session)]}
    _send(session, facilitator, _gone(session), write, tuple(before.values()), *more, known=known)


def _notify_of_differences(session: TrainingSession, facilitator: Facilitator, known: Known) -> None:
    if changes := differences_since(session.batch, known):
        _send(session, facilitator, _hers(session), mails.session_changed, changes, known=known)


def _hers(session: TrainingSession) -> str:
    return f"session:{session.id}"


def _gone(session: TrainingSession) -> str:
    return f"session:{session.id}:gone"


def _overtake(session: TrainingSession, facilitator: Facilitator) -> list[Notice]:
    about = (_hers(session), _gone(session))
    return notifications.overtake(
        PersonKind.FACILITATOR, [facilitator.id], batch_id=session.batch_id, about=about
    )


def _last_notified(session: TrainingSession, facilitator: Facilitator) -> str | None:
    """Return what the facilitator was told last about a session: that it is hers, that it is
    not, or nothing.
    """
    last = last_notified(
        session.batch_id, PersonKind.FACILITATOR, [facilitator.id], about=(_hers(session), _gone(session))
    )
    return last.about if last is not None else None


def _known(untold: Iterable[Notice], *now: Known) -> Known:
    return known_before([*(Known.read(notice.known) for notice in untold if notice.known), *now])


def _send(
    session: TrainingSession,
    facilitator: Facilitator,
    about: str,
    write: Callable[..., Mail],
    *values: Any,
    known: Known | None = None,
) -> None:
    batch = session.batch
    if is_record(batch) or session.held_on < clock.today(batch.zone):
        return
    address = facilitator.user.email if facilitator.user else None
    mail = write(
        session,
        facilitator.name,
        *values,
        sender=sender_of(batch),
        base_url=current_app.config["SETTINGS"].base_url,
    )
    recipient = Recipient(PersonKind.FACILITATOR, facilitator.id, facilitator.name, address)
    notifications.notify(recipient, mail, batch_id=batch.id, about=about, known=known)
