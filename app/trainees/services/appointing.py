"""Whom an SK can make PSM aktif, person by person, as a page says it beside each name (`appoint` refuses the
same people); what of an SK may be put right.
"""

from collections.abc import Iterable
from datetime import date

from app.audit import services as audit
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.organisers.queries import lock_organiser
from app.trainees.models import Appointment, Trainee
from app.trainees.queries import count_appointed, find_appointment, lock_appointment
from app.trainees.rules import APPOINTABLE
from app.trainees.services.serving import _refusal_of_standing


def reasons_not_to_appoint(people: Iterable[Trainee], dated_on: date | None, by: Actor) -> dict[int, Text]:
    """Return, by the id of the person, why an SK of this date cannot name somebody; without a date only what
    no date would correct.
    """
    found = {person.id: _reason(person, dated_on, by) for person in people}
    return {person_id: reason for person_id, reason in found.items() if reason is not None}


def describe_appointment(appointment: Appointment, people: Iterable[int]) -> Text:
    """Return what is said after these people were made PSM aktif: how many the SK named before, where it was
    recorded already.
    """
    added = len(set(people))
    before = count_appointed([appointment]).get(appointment.id, added) - added
    if before <= 0:
        return _(
            "SK %(number)s tercatat. Terima kasih kepada para PSM yang diangkat.", number=appointment.number
        )
    return _(
        "SK %(number)s sudah mencakup %(before)d orang; %(added)d orang ditambahkan.",
        number=appointment.number,
        before=before,
        added=added,
    )


@atomic()
def correct_appointment(appointment: Appointment, number: str, signer_name: str, by: Actor) -> Appointment:
    """Put number and signer of an SK right; its date and its people stay: those are taken back one by one.

    Raises RuleViolation for an empty value, Conflict when the office has another SK of this number.
    """
    organiser, appointment_id = lock_organiser(appointment.organiser_id), appointment.id
    held = lock_appointment(appointment_id)
    number, signer_name = " ".join(number.split()), " ".join(signer_name.split())
    if not number:
        raise RuleViolation(_("Nomor SK belum diisi."), field="number")
    if not signer_name:
        raise RuleViolation(_("Nama pejabat yang menandatangani belum diisi."), field="signer_name")
    other = find_appointment(organiser, number)
    if other is not None and other.id != held.id:
        raise Conflict(_("SK nomor %(number)s sudah tercatat.", number=number), field="number")
    changed = {"number": [held.number, number], "signer_name": [held.signer_name, signer_name]}
    held.number, held.signer_name = number, signer_name
    details = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if details:
        audit.record("appointment.corrected", held, by=by, details=details)
    return held


def _reason(person: Trainee, dated_on: date | None, by: Actor) -> Text | None:
    region = person.duty_region
    if not by.can(Permission.APPOINTMENT_MAKE, person):
        kabupaten = region.parent.parent if region.parent and region.parent.parent else region
        return _(
            "Bertugas di luar wilayah Anda; SK-nya dicatat oleh dinas sosial %(region)s.",
            region=kabupaten.full_name,
        )
    if person.canonical_id is not None:
        return _("Data ganda: pilih data yang dipertahankan.")
    if person.status not in APPOINTABLE:
        return _(
            "%(status)s; yang diangkat hanya calon PSM dan PSM nonaktif.", status=str(person.status.label)
        )
    today = clock.today(region.zone)
    return None if dated_on is None or dated_on > today else _refusal_of_standing(person, dated_on, today)
