"""The daftar hadir as a form: one line a person, "Hadir" unless something else is chosen."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from app.attendance.joining import left_on
from app.attendance.lines import PersonLine
from app.attendance.rules import Entry, Presence, refusal_of_minutes
from app.core.dates import clock_time, local_moment, long_date
from app.core.text import Text, _
from app.core.typed import MINUTES
from app.enrollments.models import Attendee
from app.web.fields import NumberField
from app.web.forms import VersionedForm, show_value

KEEP = "keep"  # what is entered session by session, or not at all, stays so


class PresenceForm(VersionedForm):
    """Lines are added per attendee by `presence_form`."""

    people: tuple[Attendee, ...] = ()
    known: Mapping[int, PersonLine]

    def lines(self) -> list[tuple[Attendee, Any, Any, Any]]:
        """Return (attendee, status, minutes, note) fields in the order of the names."""
        return [
            (each, self[f"status_{each.id}"], self[f"minutes_{each.id}"], self[f"note_{each.id}"])
            for each in self.people
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask about minutes that were typed beside anything but Terlambat; those of an entry that is changed
        fall away with it.
        """
        is_good = super().validate(extra_validators)
        for _person, status, minutes, _note in self.lines():
            if (
                minutes.data
                and minutes.data != minutes.default
                and status.raw_data
                and status.data != Presence.LATE.value
            ):
                chosen = next(
                    (label for value, label, *_rest in status.iter_choices() if value == status.data),
                    status.data,
                )
                minutes.errors = [*minutes.errors, str(refusal_of_minutes(str(chosen)))]
                is_good = False
        return is_good

    def entries(self) -> dict[int, Entry | None]:
        """Return what was chosen for each attendee that the page has shown; None where it stays as entered
        before.
        """
        found: dict[int, Entry | None] = {}
        for person, status, minutes, note in self.lines():
            if not status.raw_data:  # joined since the page was shown: nobody said anything about them
                continue
            if status.data == KEEP:
                found[person.id] = None
                continue
            presence = Presence(status.data)
            late = minutes.data or 0
            found[person.id] = Entry(presence, late if presence is Presence.LATE else 0, note.data or "")
        return found

    def put(self, key: int, shown: Any) -> None:
        """Let the line of one person show an entry, or that it is left as it is."""
        if f"status_{key}" not in self._fields:
            return
        self[f"status_{key}"].data = shown.status.value if shown else KEEP
        self.offer_what_is_chosen()
        show_value(self[f"minutes_{key}"], (shown.minutes_late or None) if shown else None)
        show_value(self[f"note_{key}"], shown.note if shown else "")

    def offer_what_is_chosen(self) -> None:
        """Let a line be left as it is where its page offered that, though others have changed it since."""
        for _person, status, _minutes, _note in self.lines():
            if status.data == KEEP and KEEP not in [choice.value for choice in status.choices]:
                status.choices = [SelectChoice(KEEP, str(_("Biarkan"))), *status.choices]

    def notes_on(self, person: Attendee, *, begins: time) -> list[Text]:
        """Return what is to be said beside a line: what others stored, what differs by session, from when
        minutes count.
        """
        parts = []
        clash = self.clashes.get(person.id)
        if isinstance(clash, PersonLine):
            chosen = self.entries().get(person.id)
            values = {
                "stored": clash.wording,
                "moment": local_moment(clash.saved_at, person.batch.zone),
                "name": clash.saved_by or "–",
                "chosen": str(chosen) if chosen else str(_("biarkan")),
            }
            parts.append(
                _(
                    "Tersimpan sekarang: %(stored)s (oleh %(name)s, %(moment)s). Pilihan Anda: %(chosen)s.",
                    **values,
                )
            )
        line = self.known[person.id]
        if line.filled and (line.is_partial or line.shown is None) and not clash:
            parts.append(_("Sudah diisi: %(sessions)s.", sessions=line.wording))
        if line.died_on:
            parts.append(
                _(
                    "Tercatat meninggal dunia, %(day)s. Isi hanya bila ia sungguh hadir.",
                    day=long_date(line.died_on),
                )
            )
        elif line.before and line.joined_at:
            moment, titles = local_moment(line.joined_at, person.batch.zone), "; ".join(line.before)
            parts.append(
                _(
                    "Belum menjadi peserta: %(titles)s. Mendapat tempat pada %(moment)s. Isi hanya bila ia"
                    " sungguh hadir.",
                    titles=titles,
                    moment=moment,
                )
            )
        if line.is_partial:
            titles = "; ".join(title for _id, title in line.empty)
            parts.append(_("Pilihan di sini hanya mengisi: %(titles)s.", titles=titles))
        if line.counts_from != begins:
            parts.append(
                _("Menit terlambat dihitung dari pukul %(time)s.", time=clock_time(line.counts_from))
            )
        if person.left_at:
            parts.append(_("Keluar pada %(day)s.", day=long_date(left_on(person))))
        return parts


def presence_form(
    people: Iterable[Attendee], known: Mapping[int, PersonLine], *, version: str
) -> PresenceForm:
    """Return the form for these people, filled with what is known of them, and with the version
    that says so.
    """
    people = tuple(people)
    fields: dict[str, Any] = {"people": people, "known": known}
    for person in people:
        line = known[person.id]
        entry = line.shown
        choices = [SelectChoice(value, str(label)) for value, label in Presence.options()]
        if keep := _keeping(line):
            choices.insert(0, SelectChoice(KEEP, str(keep)))
        fields[f"status_{person.id}"] = SelectField(
            _("Kehadiran %(name)s", name=person.name),
            choices=choices,
            default=entry.status.value if entry else KEEP,
        )
        fields[f"minutes_{person.id}"] = NumberField(
            _("Terlambat berapa menit: %(name)s", name=person.name),
            [Optional()],
            least=1,
            most=max(line.minutes - 1, entry.minutes_late if entry else 0, 1),
            units=MINUTES,
            default=(entry.minutes_late or None) if entry else None,
        )
        fields[f"note_{person.id}"] = StringField(
            _("Catatan: %(name)s", name=person.name), [Length(max=200)], default=entry.note if entry else ""
        )
    form: PresenceForm = type("PresenceForm", (PresenceForm,), fields)(data={"version": version})
    form.offer_what_is_chosen()
    return form


def _keeping(line: PersonLine) -> Text | None:
    """Return how a line is left as it is, where it can be."""
    if line.is_partial:
        return _("Biarkan (belum diisi: %(titles)s)", titles="; ".join(title for _id, title in line.empty))
    if line.shown is None and line.is_before and not line.filled:
        return _("Tidak diisi") if line.died_on else _("Belum menjadi peserta")
    if line.shown is None:
        return _("Berbeda per sesi (biarkan)") if line.filled else _("Tidak diisi")
    return None
