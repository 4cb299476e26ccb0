"""What is told of a graduation, in the decision it tells of: to those who may approve, to the proposer, and
to everybody it is about.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import current_app

from app.assessment import mails
from app.assessment.models import Graduation, GraduationResult
from app.assessment.queries import list_other_approvers, list_results, results_of
from app.assessment.rules import RESULT, GraduationStatus, ResultOutcome, describe_outcomes
from app.auth.models import User
from app.core.actor import Actor
from app.core.text import Text
from app.courses.queries import is_news, sender_of
from app.enrollments.eligibility import next_batches
from app.extensions import db
from app.notifications import services as notifications
from app.notifications.queries import list_since, overtaken_since
from app.notifications.rules import PersonKind
from app.trainees.queries import recipient_of, same_person_ids


def graduation_proposed(graduation: Graduation) -> None:
    """Ask everybody who may approve, except the proposer."""
    asked = _approvers(graduation)
    if not asked:
        return
    counts, common = describe_outcomes(each.outcome for each in list_results(graduation)), _common(graduation)
    for user in asked:
        assert user.email
        notifications.enqueue_mail(user.email, mails.proposed(graduation, user.name, counts=counts, **common))


def graduation_decided(graduation: Graduation) -> None:
    """Tell the proposer that it was approved, or returned and why."""
    proposer = db.session.get(User, graduation.proposed_by_id)
    if proposer is None or not proposer.email:
        return
    if graduation.status is GraduationStatus.APPROVED:
        outcomes = [each.outcome for each in list_results(graduation)]
        mail = mails.approved(graduation, proposer.name, outcomes=outcomes, **_common(graduation))
    else:
        mail = mails.returned(graduation, proposer.name, **_common(graduation))
    notifications.enqueue_mail(proposer.email, mail)


def graduation_overtaken(graduation: Graduation, changes: Sequence[Text]) -> None:
    """Tell the proposer that the proposal cannot be approved any more, what changed, and that it is to be
    made anew.
    """
    proposer = db.session.get(User, graduation.proposed_by_id)
    if proposer is not None and proposer.email:
        notifications.enqueue_mail(
            proposer.email, mails.overtaken(graduation, proposer.name, changes=changes, **_common(graduation))
        )


def graduation_withdrawn(graduation: Graduation) -> None:
    """Tell those who were asked to approve that nothing waits for them any more."""
    for user in _approvers(graduation):
        assert user.email
        notifications.enqueue_mail(user.email, mails.withdrawn(graduation, user.name, **_common(graduation)))


def approval_taken_back(graduation: Graduation, by: Actor) -> None:
    """Tell the proposer that the approval was taken back and why, and who had approved, where somebody else
    has taken it back.
    """
    for user_id in (graduation.proposed_by_id, graduation.approved_by_id):
        user = db.session.get(User, user_id) if user_id and user_id != by.id else None
        if user is not None and user.email:
            notifications.enqueue_mail(
                user.email, mails.taken_back(graduation, user.name, by=by.label, **_common(graduation))
            )


def was_notified(result: GraduationResult) -> bool:
    """Say whether the person was told this result: by somebody, or by a mail that may still be on its way."""
    person, graduation = result.attendee.trainee, result.graduation
    assert person is not None
    assert graduation.approved_at is not None
    since = list_since(
        PersonKind.TRAINEE,
        same_person_ids(person),
        graduation.approved_at,
        batch_id=graduation.batch_id,
        about=[RESULT],
    )
    return any(notice.told_at is not None or notice.message_id is not None for notice in since)


def result_taken_back(result: GraduationResult, *, is_notified: bool) -> None:
    """Tell somebody who was told a result that it does not hold; nothing to whoever has not heard of it, who
    needs not hear of it now.
    """
    person, batch = result.attendee.trainee, result.graduation.batch
    assert person is not None
    notifications.overtake(PersonKind.TRAINEE, same_person_ids(person), batch_id=batch.id, about=[RESULT])
    recipient = recipient_of(person)
    if recipient is not None and is_notified:
        mail = mails.result_taken_back(result, **_common(result.graduation))
        notifications.notify(
            recipient, mail, batch_id=batch.id, by_mail_only=not is_news(batch), about=RESULT
        )


def notify_of_results(graduation: Graduation) -> None:
    """Tell everybody her result with its reasons; who did not pass also reads which batch can
    be asked next.
    """
    for result in list_results(graduation):
        _notify(result)


def notify_of_results_since(trainee_ids: Collection[int], since: datetime) -> None:
    """Tell a person the results that reached nobody since she was taken for dead."""
    untold = overtaken_since(PersonKind.TRAINEE, trainee_ids, since, about=RESULT)
    for result in results_of(trainee_ids):
        approved_at = result.graduation.approved_at
        if result.graduation.batch_id in untold or (approved_at is not None and approved_at >= since):
            _notify(result)


def _notify(result: GraduationResult) -> None:
    person, batch = result.attendee.trainee, result.graduation.batch
    assert person is not None
    recipient = recipient_of(person)
    if recipient is None:
        return  # nobody writes to the dead
    further = (
        None if result.outcome is ResultOutcome.PASSED else next_batches(person).get(batch.course.tier_id)
    )
    mail = mails.result(result, further, **_common(result.graduation))
    notifications.overtake(
        PersonKind.TRAINEE, same_person_ids(person), batch_id=batch.id
    )  # the result is what holds of her now
    notifications.notify(recipient, mail, batch_id=batch.id, by_mail_only=not is_news(batch), about=RESULT)


def _approvers(graduation: Graduation) -> list[User]:
    return [user for user in list_other_approvers(graduation) if user.email]


def _common(graduation: Graduation) -> dict[str, str]:
    return {"sender": sender_of(graduation.batch), "base_url": current_app.config["SETTINGS"].base_url}
