"""Forms of marks and of the graduation meeting.

Those with one field a person are built for the people of the page.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from app.assessment.lines import MarkLine
from app.assessment.planning import Earlier
from app.assessment.queries import SheetRow, lines_of
from app.assessment.rules import MarkKind, ResultOutcome, possible_outcomes
from app.core.dates import local_moment
from app.core.scores import write_score
from app.core.text import Text, _, in_one_line
from app.core.versions import version_of
from app.web.fields import ChoiceField, DayField
from app.web.forms import BaseForm, VersionedForm
from app.web.scores import ScoreField


class PasteMarksForm(BaseForm):
    """Two columns copied from a spreadsheet, or the whole file of the page with what was filled in."""

    kind = ChoiceField(_("Jenis nilai"), choices=MarkKind, default=MarkKind.FINAL.value)
    text = TextAreaField(
        _("Tempel dari Excel"),
        [InputRequired(), Length(max=100_000)],
        description=_(
            "Dua kolom: nama atau nomor baris, lalu nilai. Atau seluruh isi berkas yang diunduh di atas,"
            " beserta judul kolomnya."
        ),
        render_kw={"rows": 6},
    )


class OutcomeField(SelectField):
    """What the meeting says of one person; `lacking` says what today's figures do not allow."""

    lacking = ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be decided, or cannot be decided any more."""
        if self.data not in [value for value, _label in self.choices]:
            raise ValidationError(
                str(
                    _(
                        "Hasil itu tidak mungkin lagi menurut data sekarang: %(lacking)s. Pilih lagi.",
                        lacking=self.lacking or _("data orang ini berubah"),
                    )
                )
            )


class ProposeForm(VersionedForm):
    """When the meeting sat and what it says in general. Its version is that of the figures that were read."""

    held_on = DayField(_("Tanggal rapat kelulusan"))
    minutes = TextAreaField(_("Catatan rapat"), [Optional(), Length(max=4000)])


class ReturnForm(BaseForm):
    """Why a proposal goes back."""

    reason = TextAreaField(_("Apa yang perlu diperbaiki"), [InputRequired(), Length(max=500)])


class MarksForm(VersionedForm):
    """One mark a person; fields are added by `marks_form`."""

    def put(self, key: int, shown: Any) -> None:
        """Let the field of one person show this mark."""
        if f"mark_{key}" in self._fields:
            self[f"mark_{key}"].data = write_score(shown)

    def clash_of(self, attendee_id: int) -> Text | None:
        """Return what others have stored and what was typed here, where both changed a mark."""
        line = self.clashes.get(attendee_id)
        if not isinstance(line, MarkLine):
            return None
        return _(
            "Tersimpan sekarang: %(stored)s (oleh %(name)s, %(moment)s). Isian Anda: %(typed)s.",
            stored=write_score(line.stored) or "–",
            name=line.saved_by or "–",
            moment=local_moment(line.saved_at, line.zone),
            typed=self[f"mark_{attendee_id}"].data or "–",
        )


def marks_form(sheet: list[SheetRow], known: Mapping[int, MarkLine]) -> MarksForm:
    """Return a form with one mark for each person of the sheet, and the version that was read of them."""
    fields = {
        f"mark_{row.attendee.id}": ScoreField(
            row.attendee.name, default=write_score(known[row.attendee.id].shown)
        )
        for row in sheet
    }
    form: MarksForm = type("MarksForm", (MarksForm,), fields)(data={"version": version_of(known)})
    return form


def marks_of(form: MarksForm, sheet: list[SheetRow]) -> dict[int, Decimal | None]:
    """Return what the form says, by attendee; what the page did not show was not typed."""
    return {
        row.attendee.id: form[f"mark_{row.attendee.id}"].score
        for row in sheet
        if form[f"mark_{row.attendee.id}"].raw_data
    }


def propose_form(sheet: list[SheetRow], *, today: date, before: Earlier) -> ProposeForm:
    """Return the form of the meeting: besides day and notes, an outcome and a reason for each person, as the
    last proposal had them.
    """
    fields: dict[str, Any] = {}
    for row in sheet:
        key, name = row.attendee.id, row.attendee.name
        fields[f"outcome_{key}"] = OutcomeField(
            _("Hasil %(name)s", name=name), default=before.outcome_of(row).value
        )
        fields[f"note_{key}"] = StringField(
            _("Alasan %(name)s", name=name), [Optional(), Length(max=300)], default=before.note_of(row)
        )
    last = before.meeting
    form = type("ProposeForm", (ProposeForm,), fields)(
        held_on=last.held_on if last else today,
        minutes=last.minutes if last else "",
        version=version_of(lines_of(sheet)),
    )
    for row in sheet:
        outcomes = possible_outcomes(row.verdicts)
        form[f"outcome_{row.attendee.id}"].lacking = in_one_line(row.reasons)
        form[f"outcome_{row.attendee.id}"].choices = [
            (outcome.value, str(outcome.label)) for outcome in outcomes
        ]
    return form


def outcomes_of(form: ProposeForm, sheet: list[SheetRow]) -> dict[int, ResultOutcome]:
    """Return the outcome of each person, as the form says."""
    return {row.attendee.id: ResultOutcome(form[f"outcome_{row.attendee.id}"].data) for row in sheet}


def notes_of(form: ProposeForm, sheet: list[SheetRow]) -> dict[int, str]:
    """Return the reason beside each outcome."""
    return {row.attendee.id: form[f"note_{row.attendee.id}"].data or "" for row in sheet}
