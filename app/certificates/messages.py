"""What is told of a certificate, in the decision it tells of: by mail, or by the office where there is no
address.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from flask import current_app

from app.assessment.queries import list_holders
from app.assessment.rules import RESULT
from app.auth.rules import Permission
from app.certificates import mails
from app.certificates.models import Certificate
from app.certificates.queries import find_replaced, is_misjoined, list_newest, reason_of_replacement
from app.certificates.rules import CertificateKind
from app.courses.queries import is_news, sender_of
from app.enrollments.models import Enrollment
from app.notifications import services as notifications
from app.notifications.mails import Mail
from app.notifications.queries import overtaken_since
from app.notifications.rules import PersonKind, Recipient
from app.trainees.queries import recipient_of, same_person_ids

ABOUT = "certificate"  # what is told later of her certificate of this batch overtakes what was not told


def certificate_issued(certificate: Certificate) -> None:
    """Tell the holder where the certificate is kept, and say thank you.

    That she has passed and will hear of it is not told beside it; a result that is no pass is: its reasons
    stand nowhere else.
    """
    _send(certificate, mails.issued)


def certificate_revoked(certificate: Certificate) -> None:
    """Tell the holder that the certificate no longer holds, since when and why."""
    _send(certificate, mails.revoked)


def overtake_revocation(certificate: Certificate) -> bool:
    """Let a revocation that was not told yet fall away; return whether there was one."""
    ids = same_person_ids(certificate.trainee)
    return bool(notifications.overtake(PersonKind.TRAINEE, ids, batch_id=certificate.batch_id, about=[ABOUT]))


def certificate_reinstated(
    certificate: Certificate, reason: str, *, revoked_at: datetime, was_untold: bool
) -> None:
    """Tell the holder that the certificate was revoked by mistake and holds again, unless she never heard of
    the revocation; what she was still to be told before it is to be told again.
    """
    if not was_untold:
        _send(certificate, mails.reinstated, reason)
    if recipient_of(certificate.trainee) is not None:
        notifications.revive(
            PersonKind.TRAINEE,
            same_person_ids(certificate.trainee),
            revoked_at,
            batch_id=certificate.batch_id,
        )


def certificate_replaced(old: Certificate, new: Certificate, reason: str) -> None:
    """Tell the holder of the new certificate, why there is one, and that the old sheet no longer holds."""
    _send(new, mails.replaced, old, reason)


def prerequisite_lost(enrollment: Enrollment, certificate: Certificate) -> None:
    """Ask the office of another batch to decide about somebody who no longer holds the tier
    that it asks for.
    """
    batch = enrollment.batch
    sender, base_url = sender_of(batch), current_app.config["SETTINGS"].base_url
    officers = [
        Recipient(PersonKind.OFFICER, user.id, user.name, user.email)
        for user in list_holders(batch, Permission.ENROLLMENT_DECIDE)
    ]
    for officer in officers or [Recipient(PersonKind.OFFICER, None, batch.course.organiser.unit)]:
        mail = mails.prerequisite_lost(
            enrollment, certificate, officer.name, sender=sender, base_url=base_url
        )
        notifications.notify(officer, mail, batch_id=batch.id)


def notify_of_certificates_since(trainee_ids: Collection[int], since: datetime) -> None:
    """Tell a person how the certificates stand of which nothing reached her since she was taken for dead, or
    for another person.
    """
    untold = overtaken_since(PersonKind.TRAINEE, trainee_ids, since, about=ABOUT)
    for certificate in list_newest(trainee_ids):
        if (
            certificate.batch_id in untold
            or max(certificate.recorded_at, certificate.revoked_at or since) > since
        ):
            _notify_again(certificate, since)


def _notify_again(certificate: Certificate, since: datetime) -> None:
    replaced = find_replaced(certificate)
    old = replaced if replaced is not None and replaced.recorded_at <= since else None
    if certificate.revoked_at:
        certificate_revoked(certificate)
    elif is_misjoined(certificate):
        _send(certificate, mails.to_be_replaced, old)
    elif old is not None:
        certificate_replaced(old, certificate, reason_of_replacement(old))
    else:
        certificate_issued(certificate)


def _send(certificate: Certificate, write: Callable[..., Mail], *values: Certificate | str | None) -> None:
    recipient = recipient_of(certificate.trainee)
    if recipient is None:
        return  # nobody writes to the dead
    mail = write(certificate, *values, base_url=current_app.config["SETTINGS"].base_url)
    notifications.overtake(
        PersonKind.TRAINEE, same_person_ids(certificate.trainee), batch_id=certificate.batch_id, about=[ABOUT]
    )
    of_the_past = write is mails.issued and not is_news(
        certificate.batch
    )  # nobody is sent out to tell it; an end is news at any time
    told = notifications.notify(
        recipient, mail, batch_id=certificate.batch_id, by_mail_only=of_the_past, about=ABOUT
    )
    if told is not None and write is mails.issued and certificate.kind is CertificateKind.COMPLETION:
        ids = same_person_ids(certificate.trainee)
        notifications.overtake(PersonKind.TRAINEE, ids, batch_id=certificate.batch_id, about=[RESULT])
