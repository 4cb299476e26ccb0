"""Whom an SK can make PSM aktif, person by person, as a page says it beside each name; `appoint` refuses the same people."""

from collections.abc import Iterable
from datetime import date

from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.text import Text, _
from app.trainees.models import Trainee
from app.trainees.rules import APPOINTABLE
from app.trainees.services.serving import _refusal_of_standing


def reasons_not_to_appoint(people: Iterable[Trainee], dated_on: date | None, by: Actor) -> dict[int, Text]:
    """Return, by the id of the person, why an SK of this date cannot name somebody; without a date only what no date would mend."""
    found = {person.id: _reason(person, dated_on, by) for person in people}
    return {person_id: reason for person_id, reason in found.items() if reason is not None}


def _reason(person: Trainee, dated_on: date | None, by: Actor) -> Text | None:
    region = person.duty_region
    if not by.can(Permission.APPOINTMENT_MAKE, person):
        kabupaten = region.parent.parent if region.parent and region.parent.parent else region
        return _("Bertugas di luar wilayah Anda; SK-nya dicatat oleh dinas sosial %(region)s.", region=kabupaten.full_name)
    if person.canonical_id is not None:
        return _("Data ganda: pilih data yang dipertahankan.")
    if person.status not in APPOINTABLE:
        return _("%(status)s; yang diangkat hanya calon PSM dan PSM nonaktif.", status=str(person.status.label))
    today = clock.today(region.zone)
    return None if dated_on is None or dated_on > today else _refusal_of_standing(person, dated_on, today)
