"""What people are told about an enrollment, in the decision it tells of: by mail, or by the office where
there is no address.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app

from app.core import clock
from app.core.text import Text, _
from app.courses.lines import differences_since
from app.courses.models import Batch
from app.courses.ports import DAYS
from app.courses.queries import is_over as batch_is_over
from app.courses.queries import is_record, sender_of
from app.enrollments import eligibility, mails, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import SEATED, EnrollmentStatus
from app.notifications import services as notifications
from app.notifications.document import as_message
from app.notifications.mails import Mail
from app.notifications.models import Notice
from app.notifications.queries import list_untold
from app.notifications.rules import Known, PersonKind, known_before, shortened
from app.trainees.models import Trainee
from app.trainees.queries import canonical, recipient_of, same_person_ids
from app.trainees.rules import TraineeStatus


def enrollment_accepted(enrollment: Enrollment) -> None:
    """Tell that a seat was given: when, where, what to bring, whom to call."""
    _send(enrollment, mails.accepted)


def enrollment_restored(enrollment: Enrollment, reason: str, *, was_mistake: bool) -> None:
    """Tell that an enrollment which had ended is in force again, and why; whoever has not said that she comes
    is asked.
    """
    asks = (
        enrollment.status is EnrollmentStatus.ACCEPTED
        and clock.today(enrollment.batch.zone) < enrollment.batch.starts_on
    )
    _send(enrollment, mails.restored, reason, _stands_as(enrollment), was_mistake, asks)


def enrollment_called(enrollment: Enrollment) -> None:
    """Invite somebody who has a seat: when, where, what is given, what to bring, and where to answer."""
    _send(enrollment, mails.invited)


def enrollment_waitlisted(enrollment: Enrollment, position: int | None) -> None:
    """Tell the place among the cadangan."""
    _send(enrollment, mails.waitlisted, position, _is_full(enrollment.batch))


def enrollment_rejected(enrollment: Enrollment, reason: str) -> None:
    """Tell that no seat is given, and why."""
    _send(enrollment, mails.rejected, reason)


def enrollment_returned(enrollment: Enrollment, reason: str) -> None:
    """Tell what has to be completed before the enrollment can be looked at again."""
    _send(enrollment, mails.returned, reason)


def enrollment_withdrawn(enrollment: Enrollment, reason: str) -> None:
    """Tell that the office ended the enrollment, and why."""
    _send(enrollment, mails.withdrawn, reason)


def enrollment_ended(enrollment: Enrollment) -> None:
    """Tell what ended the enrollment, why, and which batch could be asked next."""
    batch = eligibility.next_batches(canonical(enrollment.trainee)).get(enrollment.tier_id)
    _send(enrollment, mails.ended, batch if batch is None or batch.id != enrollment.batch_id else None)


def records_joined(ended: Enrollment, kept: Enrollment) -> None:
    """Tell that two records of one person are one now, and which enrollment goes on, as it stands now; where
    that is of a diklat that is over, tell it with the one that ended.
    """
    if batch_is_over(kept.batch):
        _send(ended, mails.joined_with_past, kept)
    else:
        _send(kept, mails.joined, ended, _stands_as(kept))


def records_parted(enrollment: Enrollment) -> None:
    """Tell that the record stands for itself again, and how its enrollment stands now."""
    why = (enrollment.ended_reason or enrollment.note) if queries.is_over(enrollment) else ""
    _send(enrollment, mails.parted, _stands_as(enrollment), why)


def news_of_another(enrollment: Enrollment, person: Trainee) -> None:
    """Tell somebody that what was told of this enrollment was about another person."""
    recipient = recipient_of(person)
    if recipient is not None and not is_record(enrollment.batch):
        mail = mails.of_another(enrollment.batch, recipient.name, sender=sender_of(enrollment.batch))
        notifications.notify(recipient, mail, batch_id=enrollment.batch_id)


def enrollment_resumed(enrollment: Enrollment, status: TraineeStatus, *, without_seat: bool = False) -> None:
    """Tell that a standing was recorded by mistake, and that the enrollment it had ended is in force again;
    `without_seat`: the seat she had is given, she waits in front.
    """
    _send(enrollment, mails.resumed, status, _stands_as(enrollment), without_seat)


def enrollment_goes_on(enrollment: Enrollment) -> None:
    """Tell that the batch is not over after all, and that what had ended with it is in force again."""
    _send(enrollment, mails.goes_on, _stands_as(enrollment))


def enrollment_not_resumed(enrollment: Enrollment, status: TraineeStatus, why: Text) -> None:
    """Tell that a standing was recorded by mistake, why the enrollment it had ended cannot go on, and where
    to ask next.

    That it had ended is not told any more where nobody has told it yet.
    """
    _overtake(enrollment)
    further = eligibility.next_batches(canonical(enrollment.trainee)).get(enrollment.tier_id)
    _send(
        enrollment,
        mails.not_resumed,
        status,
        why,
        further if further is None or further.id != enrollment.batch_id else None,
    )


def enrollment_stands(enrollment: Enrollment) -> None:
    """Tell how an enrollment stands now, to somebody who was told nothing of it for a while."""
    if queries.is_over(enrollment):
        return
    if news := _NEWS.get(enrollment.status):
        news(enrollment)
    elif enrollment.status in SEATED:
        _send(enrollment, mails.changed_again, False, told=_PLAN)


def _stands_as(enrollment: Enrollment) -> Text:
    position = queries.position_in_queue(enrollment)
    return _("cadangan ke-%(position)d", position=position) if position else queries.label_of(enrollment)


def enrollment_reminded(enrollment: Enrollment) -> None:
    """Ask once more whether somebody with a seat will come."""
    _send(enrollment, mails.reminded)


def seat_offered(enrollment: Enrollment) -> None:
    """Tell that a seat became free, and until when it is kept."""
    _send(enrollment, mails.offered)


def offer_lapsed(enrollment: Enrollment) -> None:
    """Tell that the seat is kept no longer."""
    _send(enrollment, mails.lapsed)


def offer_released(enrollment: Enrollment, why: Text) -> None:
    """Tell that the seat is kept no longer, because of a seat elsewhere, and that the place in the queue
    stays.
    """
    _send(enrollment, mails.released, why, told=_RELEASED)


def plan_changed(enrollment: Enrollment, known: Known, *, of_session: bool = False) -> bool:
    """Tell what of a batch, or of its sessions, is not as this person was told last, with every reason since;
    nothing where all is as she knows it. `known`: what was so before this change.

    Who was not even told of her seat is told of it as it is now. Returns whether somebody who was to be asked
    about other days, and had not heard of it, has agreed to those that hold again.
    """
    if retell(enrollment) or not known.facts:
        return False
    told, untold = _SESSION if of_session else _PLAN, _overtake(enrollment, _PLAN, _SESSION)
    if any(notice.known is None for notice in untold):
        _send(
            enrollment,
            mails.changed_again,
            known.asks or enrollment.status is EnrollmentStatus.ACCEPTED,
            told=told,
        )
        return False
    whole = known_before([*(Known.read(notice.known) for notice in untold if notice.known), known])
    changes = differences_since(enrollment.batch, whole)
    has_other_days = any(str(what) == str(DAYS) for what, _was, _now in changes)
    asks = whole.asks and has_other_days
    if changes:
        _send(
            enrollment,
            mails.changed,
            changes,
            whole.reasons,
            asks,
            told=told,
            known=replace(whole, asks=asks),
        )
    return whole.asks and not has_other_days


def retell(enrollment: Enrollment) -> bool:
    """Replace what was not told yet of a seat by the same news as it is true now; returns whether there was
    any.
    """
    again = _NEWS.get(enrollment.status)
    if again is None or not _overtake(enrollment, about(enrollment.id)):
        return False
    _overtake(enrollment)
    again(enrollment)
    return True


def is_untold(enrollment: Enrollment) -> bool:
    """Say whether the last news of the state of an enrollment was not told yet."""
    return bool(list_untold(enrollment.batch_id, [about(enrollment.id)]))


def renumber(batch_id: int) -> None:
    """Let those who were not told their place in the queue yet be told the one they have now, and whether a
    seat is free now.
    """
    places = queries.positions([batch_id])
    untold = (
        {notice.about: notice for notice in list_untold(batch_id, [about(key) for key in places])}
        if places
        else {}
    )
    for held in queries.list_waiting(batch_id) if untold else ():
        notice = untold.get(about(held.id))
        if notice is None:
            continue
        now = _written(held, mails.waitlisted, places[held.id], _is_full(held.batch))
        is_place_alone = notice.subject == shortened(
            str(now.subject)
        )  # else it tells more, and the place with it
        has_moved = str(_("cadangan ke-%(position)d", position=places[held.id])) not in notice.text
        if has_moved or (is_place_alone and notice.text != as_message(now)):
            retell(held)


def _is_full(batch: Batch) -> bool:
    return queries.count_seats(batch.id) >= batch.quota


def about(enrollment_id: int) -> str:
    """Return what a notice of the state of an enrollment is about."""
    return f"{_ABOUT}{enrollment_id}"


def enrollment_of(told: str) -> int | None:
    """Return the number of the enrollment whose state a notice was about, or None."""
    return int(told.removeprefix(_ABOUT)) if told.startswith(_ABOUT) else None


_ABOUT, _PLAN, _SESSION, _RELEASED = "enrollment:", "plan", "session", "released"  # what notices are about
_NEWS: dict[EnrollmentStatus, Callable[[Enrollment], None]] = {
    EnrollmentStatus.ACCEPTED: enrollment_accepted,
    EnrollmentStatus.CALLED: enrollment_called,
    EnrollmentStatus.WAITLISTED: lambda held: enrollment_waitlisted(held, queries.position_in_queue(held)),
    EnrollmentStatus.OFFERED: seat_offered,
    EnrollmentStatus.RETURNED: lambda held: enrollment_returned(held, held.note),
}


def _overtake(enrollment: Enrollment, *about: str) -> list[Notice]:
    return notifications.overtake(
        PersonKind.TRAINEE, same_person_ids(enrollment.trainee), batch_id=enrollment.batch_id, about=about
    )


def _send(
    enrollment: Enrollment,
    write: Callable[..., Mail],
    *values: Any,
    told: str | None = None,
    known: Known | None = None,
) -> None:
    if is_record(enrollment.batch):
        return  # what is entered years later is news to nobody
    recipient = recipient_of(enrollment.trainee)
    if recipient is None:
        return  # nobody writes to the dead
    mail = _written(enrollment, write, *values)
    hold_back = told == _PLAN  # a batch is often changed more than once within minutes
    notifications.notify(
        recipient,
        mail,
        batch_id=enrollment.batch_id,
        about=told or about(enrollment.id),
        hold_back=hold_back,
        known=known,
    )


def _written(enrollment: Enrollment, write: Callable[..., Mail], *values: Any) -> Mail:
    return write(
        enrollment,
        *values,
        sender=sender_of(enrollment.batch),
        base_url=current_app.config["SETTINGS"].base_url,
    )
