"""What is typed on pages that read across packages."""

from app.trainees.fields import AppointmentFields
from app.web.forms import BaseForm


class AppointGraduatesForm(AppointmentFields, BaseForm):
    """One SK of the organiser for the graduates of a batch."""
