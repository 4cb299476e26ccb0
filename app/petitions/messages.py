"""Who is told by mail that the office has answered."""

from flask import current_app

from app.notifications import services as notifications
from app.petitions import mails
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees.queries import recipient_of, sender_at


def answered(petition: Petition) -> None:
    """Tell the person whom it is about, where a mail reaches her; who claimed a record without being its
    owner is told by the code.
    """
    person = petition.person
    if person is None or petition.answer is None or petition.answer in (Answer.LINKED, Answer.SETTLED):
        return
    if petition.kind is PetitionKind.CORRECTION:
        return  # whoever asked reads it on her first page
    if petition.kind is PetitionKind.CLAIM and petition.answer is not Answer.OPENED:
        return
    recipient = recipient_of(person)
    if recipient is None or not recipient.address:
        return
    mail = mails.answered(
        recipient.name,
        petition.kind,
        petition.answer,
        petition.words or "",
        by=petition.answered_label or "",
        sender=sender_at(person.duty_region),
        base_url=current_app.config["SETTINGS"].base_url,
    )
    notifications.enqueue_mail(recipient.address, mail)
