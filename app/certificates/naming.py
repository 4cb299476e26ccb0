"""Whose name does a paper carry, and is it still its holder's? Asked wherever a certificate is read after records were parted."""

from typing import Any

from sqlalchemy import exists, or_, select

from app.certificates import rules
from app.certificates.models import Certificate
from app.certificates.queries import IN_FORCE_NOW, SHOWN
from app.core.text import Text, _
from app.courses.models import Batch
from app.extensions import db
from app.trainees.models import Merge, Trainee
from app.trainees.queries import canonical, same_person_ids

Difference = tuple[Text, str, str]  # what, as it is printed, as it is known of the holder


def personal_facts(person: Trainee) -> dict[str, Any]:
    """Return what a certificate prints of the person herself."""
    return {
        "name": person.name,
        "birth_place": person.birth_place,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "member_number": person.member_number,
    }


def differences_of(certificate: Certificate) -> list[Difference]:
    """Return what is printed of the holder and is known otherwise today."""
    return rules.personal_differences(certificate.facts, personal_facts(canonical(certificate.trainee)))


def list_misnamed(batch: Batch | None = None) -> list[Certificate]:
    """Return the certificates in force (of one batch) that were issued while the holder's record was joined with another one by
    mistake, and that print what is not the holder's; once they are replaced they are none any more."""
    hers = or_(
        Merge.duplicate_id == Certificate.trainee_id,
        Merge.canonical_id == Certificate.trainee_id,
        Merge.canonical_id == Trainee.canonical_id,
    )
    meanwhile = Merge.undone_at.is_not(None), Merge.merged_at <= Certificate.recorded_at, Certificate.recorded_at <= Merge.undone_at
    query = select(Certificate).join(Certificate.trainee).where(*IN_FORCE_NOW, exists(select(Merge.id).where(*meanwhile, hers)))
    if batch is not None:
        query = query.where(Certificate.batch_id == batch.id)
    return [each for each in db.session.scalars(query.options(*SHOWN).order_by(Certificate.id)) if differences_of(each)]


def is_misnamed(certificate: Certificate) -> bool:
    """Say whether this certificate is one of them."""
    return certificate.is_in_force and any(each.id == certificate.id for each in list_misnamed(certificate.batch))


def said_before_parting(merge: Merge) -> list[Text]:
    """Name, before a merge is undone, the certificates that would print what is not their holder's."""
    records = [merge.duplicate_id, *same_person_ids(merge.canonical)]
    issued = Certificate.trainee_id.in_(records), Certificate.recorded_at >= merge.merged_at
    taken = (merge.taken or "").split(",")
    found = []
    for each in db.session.scalars(select(Certificate).where(*issued, *IN_FORCE_NOW).order_by(Certificate.id)):
        if each.trainee_id == merge.duplicate_id:
            own = personal_facts(merge.duplicate)
        else:
            own = {name: None if name in taken else value for name, value in personal_facts(merge.canonical).items()}
        if differences := rules.personal_differences(each.facts, own):
            found.append(
                _("Sertifikat nomor %(number)s tidak lagi sesuai dengan pemegangnya dan harus diganti oleh pejabat penerbit (%(what)s).",
                  number=each.number, what="; ".join(rules.in_words(differences)))
            )  # fmt: skip
    return found
