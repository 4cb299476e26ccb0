"""What is typed or chosen to ask for seats and to decide about them."""

from typing import Any

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length

from app.core.text import _
from app.enrollments.rules import OWN_ANSWERS, EnrollmentStatus
from app.web.forms import LARGEST, BaseForm


def small_number(value: Any) -> int:
    """Return the number of a row; refuse what no row can have."""
    number = int(value)
    if not 0 < number <= LARGEST:
        raise ValueError(value)
    return number


class IdsField(SelectMultipleField):
    """Rows that were ticked; which of them exist, the service finds out."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=small_number, choices=[], validate_choice=False, **kwargs)


class DecideManyForm(BaseForm):
    """Those ticked, and what is decided about them."""

    ACCEPT, WAITLIST, BOTH = "accept", "waitlist", "accept_and_waitlist"

    enrollments = IdsField(_("Pendaftaran"), [InputRequired(_("Pilih sedikitnya satu pendaftaran."))])
    decision = HiddenField(validators=[AnyOf((ACCEPT, WAITLIST, BOTH))])


class EnrollOthersForm(BaseForm):
    """People ticked on the list; a reason where a missing prerequisite is let pass."""

    trainees = IdsField(_("Orang yang didaftarkan"), [InputRequired(_("Pilih sedikitnya satu orang."))])
    override_reason = TextAreaField(
        _("Alasan pengecualian syarat"),
        [Length(max=500)],
        description=_("Hanya bila seseorang belum memegang sertifikat yang dipersyaratkan tetapi tetap diikutkan. Alasan ini disimpan."),
    )


class NoteForm(BaseForm):
    """A decision in somebody's favour, with a note if wanted."""

    note = TextAreaField(_("Catatan"), [Length(max=500)])


class ReasonForm(BaseForm):
    """A decision against somebody, with the reason that will be read."""

    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(), Length(min=5, max=500)],
        description=_("Dibaca oleh yang bersangkutan. Tulis dengan jelas dan santun."),
    )


class OwnAnswerForm(BaseForm):
    """What a volunteer answers about the own enrollment."""

    batch = HiddenField(validators=[InputRequired(), Length(max=64)])
    answer = HiddenField(validators=[AnyOf([status.value for status in OWN_ANSWERS.values()])])

    @property
    def chosen(self) -> EnrollmentStatus:
        """Return what the enrollment is to become."""
        return EnrollmentStatus(self.answer.data)


class OwnWithdrawForm(BaseForm):
    """Why somebody cannot come."""

    batch = HiddenField(validators=[InputRequired(), Length(max=64)])
    reason = TextAreaField(
        _("Mengapa tidak bisa hadir?"),
        [InputRequired(), Length(min=5, max=500)],
        description=_("Cukup satu kalimat, misalnya: ada keluarga yang sakit."),
    )
