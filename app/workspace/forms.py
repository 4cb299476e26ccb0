"""What is ticked or written on the pages of a batch that read across packages."""

from typing import Any

from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.text import _
from app.trainees.fields import AppointmentFields
from app.web.forms import LARGEST, BaseForm


def row_number(value: Any) -> int:
    """Return the number of a row; refuse what no row can have."""
    number = int(value)
    if not 0 < number <= LARGEST:
        raise ValueError(value)
    return number


class ToldForm(BaseForm):
    """Who was told: those ticked, or all that are on the list."""

    notices = SelectMultipleField(_("Pemberitahuan"), [Optional()], coerce=row_number, choices=[], validate_choice=False)
    everybody = HiddenField(validators=[Optional(), Length(max=1)])

    @property
    def chosen(self) -> list[int] | None:
        """Return the numbers of the notices; None for all of the batch."""
        return None if self.everybody.data else self.notices.data or []


class KeepForm(BaseForm):
    """Whom the office keeps although a condition is not met any more, and why."""

    enrollment = HiddenField(validators=[InputRequired(), Length(max=10)])
    reason = StringField(_("Alasan tetap diikutkan"), [InputRequired(), Length(max=500)])


class AppointGraduatesForm(AppointmentFields, BaseForm):
    """One SK of the organiser for the graduates of a batch."""
