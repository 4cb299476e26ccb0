"""The daftar hadir as a form: one line a person, "Hadir" unless something else is chosen."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.attendance.rules import Entry, Presence
from app.core.text import _
from app.enrollments.models import Attendee
from app.web.forms import BaseForm, NumberField

KEEP = "keep"  # several sessions of a half day that were entered one by one: leave them as they are
MOST_MINUTES = 24 * 60


class PresenceForm(BaseForm):
    """Lines are added per attendee by `presence_form`."""

    people: tuple[Attendee, ...] = ()

    def lines(self) -> list[tuple[Attendee, Any, Any, Any]]:
        """Return (attendee, status, minutes, note) fields in the order of the names."""
        return [(each, self[f"status_{each.id}"], self[f"minutes_{each.id}"], self[f"note_{each.id}"]) for each in self.people]

    def entries(self) -> dict[int, Entry | None]:
        """Return what was chosen for each attendee; None where it stays as entered before."""
        found: dict[int, Entry | None] = {}
        for person, status, minutes, note in self.lines():
            if status.data == KEEP:
                found[person.id] = None
                continue
            presence = Presence(status.data)
            late = minutes.data or 0
            found[person.id] = Entry(presence, late if presence is Presence.LATE else 0, note.data or "")
        return found

    def chosen(self) -> dict[int, Entry]:
        """Return the same for one session, where nothing can differ."""
        return {attendee_id: entry for attendee_id, entry in self.entries().items() if entry is not None}


def presence_form(people: list[Attendee], known: Mapping[int, Entry | None]) -> PresenceForm:
    """Return the form for these people, filled with what is known of them; None stands for entries that differ by session."""
    fields: dict[str, Any] = {"people": tuple(people)}
    for person in people:
        entry = known.get(person.id, Entry(Presence.PRESENT))
        differs = person.id in known and entry is None
        choices = [SelectChoice(value, str(label)) for value, label in Presence.options()]
        if differs:
            choices.insert(0, SelectChoice(KEEP, str(_("Berbeda per sesi (biarkan)"))))
        fields[f"status_{person.id}"] = SelectField(
            _("Kehadiran %(name)s", name=person.name), choices=choices, default=KEEP if entry is None else entry.status.value
        )
        fields[f"minutes_{person.id}"] = NumberField(
            _("Terlambat berapa menit: %(name)s", name=person.name),
            [Optional()],
            least=1,
            most=MOST_MINUTES,
            default=entry.minutes_late or None if entry else None,
        )
        fields[f"note_{person.id}"] = StringField(
            _("Catatan: %(name)s", name=person.name), [Length(max=200)], default=entry.note if entry else ""
        )
    return type("PresenceForm", (PresenceForm,), fields)()
