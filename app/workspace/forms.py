"""What is ticked or written on the pages of a batch that read across packages."""

from typing import Any

from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.text import _
from app.trainees.fields import AppointmentFields
from app.web.fields import LARGEST
from app.web.forms import BaseForm


def row_number(value: Any) -> int:
    """Return the number of a row; refuse what no row can have."""
    number = int(value)
    if not 0 < number <= LARGEST:
        raise ValueError(value)
    return number


class NotifiedForm(BaseForm):
    """Who was told: what stood on the page, so that nobody is ticked whom nobody has seen."""

    notices = SelectMultipleField(
        _("Pemberitahuan"), [Optional()], coerce=row_number, choices=[], validate_choice=False
    )

    @property
    def chosen(self) -> list[int]:
        """Return the numbers of the notices."""
        return self.notices.data or []


class KeepForm(BaseForm):
    """Whom the office keeps although a condition is not met any more, and why."""

    enrollment = HiddenField(validators=[InputRequired(), Length(max=10)])
    reason = StringField(_("Alasan tetap diikutkan"), [InputRequired(), Length(max=500)])


class AppointGraduatesForm(AppointmentFields, BaseForm):
    """One SK of the organiser for the graduates of a batch."""
