"""Fields that forms about people share: people to tick, and what an SK says."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.core.text import Text, _
from app.trainees.models import Trainee
from app.web.fields import LARGEST, DayField


def _row_id(value: Any) -> int:
    """Return the number of a row; refuse what no row can have."""
    number = int(value)
    if not 0 < number <= LARGEST:
        raise ValueError(value)
    return number


class PeopleField(SelectMultipleField):
    """People to tick, shown with desa and kecamatan; who cannot be chosen says why. Which of them exist, the service finds out."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_row_id, choices=[], validate_choice=False, **kwargs)
        self.people: list[Trainee] = []
        self.reasons: Mapping[int, Text] = {}

    @property
    def ticked(self) -> set[int]:
        """Return the ids that were sent, or proposed before anything was sent."""
        return set(self.data or [])

    def offer(self, people: Iterable[Trainee], reasons: Mapping[int, Text] | None = None) -> None:
        """Say who is listed, by name, and why some of them cannot be ticked."""
        self.people = sorted(people, key=lambda each: (each.folded_name, each.id))
        self.reasons = reasons or {}


class AppointmentFields:
    """What an SK says, and whom it names; a form puts its own fields beside these."""

    number = StringField(_("Nomor SK"), [InputRequired(), Length(max=120)], description=_("Seperti tertulis pada SK."))
    dated_on = DayField(_("Tanggal SK"), description=_("Sejak tanggal ini mereka terhitung PSM aktif."))
    signer_name = StringField(_("Ditandatangani oleh"), [InputRequired(), Length(max=200)])
    trainees = PeopleField(_("Calon PSM yang diangkat"))

    def point_at_rows(self, reasons: Mapping[int, Text]) -> None:
        """Where people were refused, say how many, in place of all their names: each reason stands beside its own row."""
        field: Any = self.dated_on if self.dated_on.errors else self.trainees
        if not reasons or not field.errors:
            return
        everybody = len(self.trainees.ticked)
        field.errors = [
            str(
                _(
                    "%(count)d dari %(all)d orang yang dicentang belum dapat diangkat dengan SK ini; alasannya di samping namanya.",
                    count=len(reasons),
                    all=everybody,
                )
            )
        ]
