"""What somebody holds, written in the transaction that issues, recognises, revokes, replaces or expires."""

from datetime import date, timedelta

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.models import Tier
from app.extensions import db
from app.trainees.models import Qualification, Trainee
from app.trainees.queries import find_qualification
from app.trainees.rules import EndedAs, Source
from app.trainees.services.counting import counted, hold_person


@atomic()
def grant_qualification(
    trainee: Trainee, tier: Tier, held_from: date, source: Source, source_id: int, number: str, by: Actor
) -> Qualification:
    """Let a person hold a tier from a day on; raise when that day is to come, or this certificate has earned
    one already.
    """
    person = hold_person(trainee)
    if held_from > clock.today(person.duty_region.zone):
        raise RuleViolation(_("Tanggal sertifikat tidak boleh di masa depan."), field="held_from")
    if find_qualification(source, source_id):
        raise Conflict(_("Sertifikat %(number)s sudah tercatat pada orangnya.", number=number))
    row = Qualification(
        trainee_id=trainee.id,
        tier=tier,
        held_from=held_from,
        source=source,
        source_id=source_id,
        number=number,
        recorded_by_id=by.id,
    )
    with counted([person.id]):
        db.session.add(row)
    details = {"tier": tier.code, "number": number, "held_from": held_from.isoformat()}
    audit.record("qualification.granted", person, by=by, details=details, person_id=person.id)
    return row


@atomic()
def end_qualification(
    source: Source, source_id: int, held_to: date, ended_as: EndedAs, by: Actor
) -> Qualification:
    """End what a certificate earned, from now on; `held_to` is the last day it held.

    It holds no longer once this is said, so a last day of today or later is kept as yesterday: today's counts
    and a report about today then say the same. Raises NotFound when the certificate earned nothing, Conflict
    when it has ended already.
    """
    row = find_qualification(source, source_id)
    if row is None:
        raise NotFound(_("Sertifikat ini tidak tercatat pada siapa pun."))
    person = hold_person(row.trainee)
    db.session.refresh(row)
    if row.held_to is not None:
        raise Conflict(_("Sertifikat %(number)s sudah tidak berlaku.", number=row.number))
    last_day = min(held_to, clock.today(person.duty_region.zone) - timedelta(days=1))
    with counted([person.id]):
        row.held_to, row.ended_as = last_day, ended_as
    details = {"number": row.number, "held_to": last_day.isoformat(), "ended_as": ended_as.value}
    audit.record("qualification.ended", person, by=by, details=details, person_id=person.id)
    return row


@atomic()
def resume_qualification(source: Source, source_id: int, by: Actor) -> Qualification:
    """Let a tier hold again whose end was a mistake, as if it had never ended.

    Raises NotFound when the certificate earned nothing.
    """
    row = find_qualification(source, source_id)
    if row is None:
        raise NotFound(_("Sertifikat ini tidak tercatat pada siapa pun."))
    person = hold_person(row.trainee)
    db.session.refresh(row)
    with counted([person.id]):
        row.held_to = row.ended_as = None
    details = {"number": row.number, "held_from": row.held_from.isoformat()}
    audit.record("qualification.resumed", person, by=by, details=details, person_id=person.id)
    return row
