"""What is typed or chosen to ask for seats and to decide about them."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from wtforms import (
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import Field
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from app.core.phones import read_phone
from app.core.text import Text, _
from app.enrollments.rules import OWN_ANSWERS, EnrollmentStatus
from app.regions.models import Region
from app.trainees.fields import WHY_HELP, WHY_NIK_DIFFERS, SpellingField, ask_spelling, ask_why
from app.trainees.rules import (
    BIRTH_PLACE_MOST,
    NAME_MOST,
    REASON_MOST,
    Sex,
    check_name,
    check_nik,
    fits_sealed,
    refusal_of_age,
)
from app.trainees.services import note_on_nik
from app.web.fields import LARGEST, ChoiceField, DayField
from app.web.forms import BaseForm, SeenForm


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
    note = StringField(
        _("Alasan melewati urutan"),
        [Length(max=500)],
        description=_(
            "Hanya bila seseorang diterima mendahului cadangan yang menunggu lebih lama. Alasan ini disimpan."
        ),
    )


class EnrollOthersForm(BaseForm):
    """People ticked on the list; a reason where a missing prerequisite is let pass."""

    trainees = IdsField(_("Orang yang didaftarkan"), [InputRequired(_("Pilih sedikitnya satu orang."))])
    override_reason = TextAreaField(
        _("Alasan pengecualian syarat"),
        [Length(max=500)],
        description=_(
            "Hanya bila seseorang belum memegang sertifikat yang dipersyaratkan tetapi tetap diikutkan."
            " Alasan ini disimpan."
        ),
    )


class NoteForm(BaseForm):
    """A decision in somebody's favour; the note is needed where others who wait longer come later."""

    note = TextAreaField(
        _("Catatan"),
        [Length(max=500)],
        description=_("Wajib bila mendahulukan seseorang sebelum cadangan yang menunggu lebih lama."),
    )


class ReasonForm(BaseForm):
    """A decision against somebody, with the reason that will be read."""

    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(), Length(min=5, max=500)],
        description=_("Dibaca oleh yang bersangkutan. Tulis dengan jelas dan santun."),
    )


class OwnAnswerForm(SeenForm):
    """What a volunteer answers about the own enrollment."""

    batch = HiddenField(validators=[InputRequired(), Length(max=64)])
    answer = HiddenField(validators=[AnyOf([status.value for status in OWN_ANSWERS.values()])])

    @property
    def chosen(self) -> EnrollmentStatus:
        """Return what the enrollment is to become."""
        return EnrollmentStatus(self.answer.data)


class OwnWithdrawForm(SeenForm):
    """Why somebody cannot come."""

    batch = HiddenField(validators=[InputRequired(), Length(max=64)])
    reason = TextAreaField(
        _("Mengapa tidak bisa hadir?"),
        [InputRequired(), Length(min=5, max=500)],
        description=_("Cukup satu kalimat, misalnya: ada keluarga yang sakit."),
    )


class CheckedField(StringField):
    """A text that a rule brings to its canonical form, or refuses with a sentence."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, check: Callable[[str], str | Text], **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.check = check

    @property
    def checked(self) -> str:
        """Return the canonical form; nothing for nothing. Only after validate()."""
        return str(self.check(self.data)) if self.data else ""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what the rule refuses."""
        if self.data and not validation_stopped and isinstance(found := self.check(self.data), Text):
            raise ValidationError(str(found))


class CheckedTelField(CheckedField, TelField):
    """The same for a phone number."""


def checked_address(text: str) -> str | Text:
    """Return an address on one line, or the reason why it cannot be kept."""
    line = " ".join(text.split())
    return line if fits_sealed(line) else _("Isian ini terlalu panjang.")


def phone_field(label: Text, validators: list[Any]) -> Any:
    """Return the field of a mobile number."""
    keys = {"autocomplete": "tel", "inputmode": "tel"}
    return CheckedTelField(
        label,
        [*validators, Length(max=40)],
        check=read_phone,
        description=_("Contoh: 0812-3456-7890"),
        render_kw=keys,
    )


def address_field() -> Any:
    """Return the field of a postal address."""
    return CheckedField(
        _("Alamat rumah"),
        [Optional(), Length(max=200)],
        check=checked_address,
        description=_("Jalan atau RT/RW."),
        render_kw={"autocomplete": "address-line1"},
    )


class QuestionForm(BaseForm):
    """One question; what is answered is kept under the names of its fields."""

    @property
    def told(self) -> dict[str, str]:
        """Return the answer as a draft keeps it; only after validate()."""
        return {field.name: field.checked for field in self if isinstance(field, CheckedField)}

    def leave_out_unasked(self) -> None:
        """Leave out what is asked only where an answer calls for it."""


class AskNikForm(QuestionForm):
    """The NIK of somebody who is new."""

    nik = CheckedField(
        _("NIK"),
        [InputRequired(), Length(max=40)],
        check=check_nik,
        description=_("16 angka pada KTP Anda."),
        render_kw={"data-nik": "1", "maxlength": 40},
    )


class AskBirthForm(QuestionForm):
    """What the NIK lets suppose: confirmed as it is, or put right."""

    birth_date = DayField(_("Tanggal lahir"), born=True, description=_("Sesuai KTP."))
    sex = ChoiceField(_("Jenis kelamin"), choices=Sex)
    nik_reason = StringField(WHY_NIK_DIFFERS, [Optional(), Length(max=REASON_MOST)], description=WHY_HELP)

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today
        self.note = ""

    @property
    def told(self) -> dict[str, str]:
        """Return both answers as a draft keeps them, with the reason where the NIK differs."""
        return {
            "birth_date": f"{self.birth_date.data:%Y-%m-%d}",
            "sex": self.sex.chosen.value,
            "nik_reason": self.note,
        }

    def explain(self, nik: str) -> None:
        """Ask why the NIK says something else, where it does; raise until words say it."""
        self.note = note_on_nik(nik, self.birth_date.data, self.sex.chosen, self.nik_reason.data or "")

    def leave_out_unasked(self) -> None:
        """Leave out the question about the NIK where it was neither asked nor answered."""
        ask_why(self)

    def validate_birth_date(self, field: Field) -> None:
        """Refuse an age at which nobody is a PSM."""
        if field.data and (refusal := refusal_of_age(field.data, None, self.today)):
            raise ValidationError(str(refusal))


class AskNameForm(QuestionForm):
    """The name of somebody who is new."""

    name = CheckedField(
        _("Nama lengkap"),
        [InputRequired(), Length(max=NAME_MOST)],
        check=check_name,
        description=_("Seperti tertulis di KTP. Nama ini akan tertulis pada sertifikat."),
        render_kw={"autocomplete": "name"},
    )
    spelling = SpellingField()

    def leave_out_unasked(self) -> None:
        """Leave out how the name is written where that is no question."""
        ask_spelling(self)


class AskDesaForm(QuestionForm):
    """The desa of somebody who is new: one tap on the kecamatan, one on the desa, with or
    without a script.
    """

    desa = RadioField(_("Desa atau kelurahan"), [InputRequired(_("Pilih desa atau kelurahan Anda."))])

    def __init__(self, kecamatan: dict[str, Region], listed: list[Region], **kwargs: Any) -> None:
        self.kecamatan = kecamatan
        self.listed = listed
        super().__init__(**kwargs)
        self.desa.choices = [(each.code, each.name) for each in listed]

    @property
    def told(self) -> dict[str, str]:
        """Return the code of the desa."""
        return {"desa": self.desa.data}

    @property
    def groups(self) -> list[tuple[str, bool, list[Any]]]:
        """Return the kecamatan by name, whether the chosen desa is in it, and its desa by name."""
        by_kecamatan = groupby(
            zip(self.listed, self.desa, strict=True), key=lambda pair: pair[0].code.rpartition(".")[0]
        )
        found = []
        for code, pairs in by_kecamatan:
            options = [option for _region, option in sorted(pairs, key=lambda pair: pair[0].name.casefold())]
            found.append(
                (
                    self.kecamatan[code].full_name,
                    any(option.data == self.desa.data for option in options),
                    options,
                )
            )
        return sorted(found, key=lambda group: group[0].casefold())


class AskContactForm(QuestionForm):
    """How somebody who is new is reached."""

    phone = phone_field(_("Nomor HP/WhatsApp"), [InputRequired()])
    address = address_field()


class OwnContactForm(BaseForm):
    """How a known person is reached, as it is recorded, to be put right before sending."""

    phone = phone_field(_("Nomor HP/WhatsApp"), [Optional()])
    address = address_field()


class OwnCorrectionForm(OwnAnswerForm):
    """A returned enrollment: what she can put right herself, and what she says to it.

    What is left empty stays what it was.
    """

    phone = phone_field(_("Nomor HP/WhatsApp"), [Optional()])
    address = address_field()
    birth_place = StringField(_("Tempat lahir"), [Optional(), Length(max=BIRTH_PLACE_MOST)])
    words = TextAreaField(
        _("Apa yang sudah Anda lengkapi?"),
        [Optional(), Length(max=300)],
        description=_("Dibaca panitia. Contoh: foto KTP sudah dikirim lewat WhatsApp narahubung."),
    )

    @property
    def corrections(self) -> dict[str, str]:
        """Return the facts that were typed, in their canonical form; only after validate()."""
        typed = {
            "phone": self.phone.checked,
            "address": self.address.checked,
            "birth_place": self.birth_place.data or "",
        }
        return {name: value for name, value in typed.items() if value}
