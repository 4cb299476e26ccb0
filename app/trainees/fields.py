"""Fields that forms about people share: how a name is written, people to tick, and what an SK says."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from app.auth.rules import NIK_LENGTH
from app.core.names import usual_spelling
from app.core.phones import LEAST_FIGURES, read_phone
from app.core.text import Text, _
from app.trainees.models import Trainee
from app.trainees.rules import check_name, check_nik
from app.web.fields import LARGEST, DayField
from app.web.forms import BaseForm

WHY_NIK_DIFFERS = _("Mengapa NIK berbeda dengan isian ini?")
WHY_HELP = _("Misalnya: tanggal lahir di KTP memang berbeda dengan NIK-nya. Alasan ini disimpan.")
BY_NIK = _(
    "NIK dicari di isian “Cari dengan NIK” di halaman ini, supaya tidak tertinggal pada alamat halaman."
)
BY_PHONE = _("Nomor HP disimpan tersandi dan tidak dapat dicari. Cari dengan nama atau NIK.")
UNKNOWN_NIK = _("Tidak ada PSM dengan NIK itu di wilayah Anda.")
NIK_KEYS = {"data-nik": "1", "maxlength": 40}


def ask_why(form: Any) -> None:
    """Ask why the NIK differs where it does, or where that was answered before; leave the question out
    otherwise.
    """
    if form.nik_reason.errors or form.nik_reason.data:
        form.nik_reason.flags.required = True
    else:
        del form.nik_reason


class SpellingField(RadioField):
    """Asks, behind the field of a name that was typed in capitals alone or without any, how it is written: as
    usual, or as it was typed.

    A name that stood in the form before, or in `settled`, is not asked about.
    """

    USUAL, TYPED = "usual", "typed"

    def __init__(self, **kwargs: Any) -> None:
        description = _("Begitulah nama itu akan tertulis pada sertifikat.")
        super().__init__(
            _("Bagaimana nama ini ditulis?"),
            description=description,
            choices=[],
            validate_choice=False,
            **kwargs,
        )
        self.settled: Iterable[str] = ()

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Let the field of the name say what was chosen; refuse until something was."""
        typed = form.name.data or ""
        name, proposed = check_name(typed), usual_spelling(typed)
        if proposed is None or isinstance(name, Text) or typed in {form.name.object_data, *self.settled}:
            return
        self.choices = [(self.USUAL, proposed), (self.TYPED, name)]
        self.flags.required = True
        if self.data not in (self.USUAL, self.TYPED):
            how = (
                _("huruf besar semua")
                if name.isupper()
                else _("huruf kecil semua")
                if name.islower()
                else _("huruf besar atau kecil saja")
            )
            raise ValidationError(
                str(_("Nama diketik dengan %(how)s. Pilih tulisan yang sesuai KTP.", how=how))
            )
        if self.data == self.USUAL:
            form.name.data = proposed
            self.choices = []


def ask_spelling(form: Any) -> None:
    """Ask how a name is written where that is a question; leave it out otherwise."""
    if not form.spelling.choices:
        del form.spelling


def _row_id(value: Any) -> int:
    """Return the number of a row; refuse what no row can have."""
    number = int(value)
    if not 0 < number <= LARGEST:
        raise ValueError(value)
    return number


class PeopleField(SelectMultipleField):
    """People to tick, shown with desa and kecamatan; who cannot be chosen says why.

    Which of them exist, the service finds out.
    """

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

    number = StringField(
        _("Nomor SK"), [InputRequired(), Length(max=120)], description=_("Seperti tertulis pada SK.")
    )
    dated_on = DayField(_("Tanggal SK"), description=_("Sejak tanggal ini mereka terhitung PSM aktif."))
    signer_name = StringField(_("Ditandatangani oleh"), [InputRequired(), Length(max=200)])
    before_training = BooleanField(
        _("Diangkat sebelum dilatih"),
        description=_("Centang hanya bila tanggal pada SK memang sebelum pelatihan pertamanya."),
    )
    trainees = PeopleField(_("Calon PSM yang diangkat"))

    def point_at_rows(self, reasons: Mapping[int, Text]) -> None:
        """Where people were refused, say how many, in place of all their names: each reason stands beside its
        own row.
        """
        field: Any = self.dated_on if self.dated_on.errors else self.trainees
        if not reasons or not field.errors:
            return
        everybody = len(self.trainees.ticked)
        field.errors = [
            str(
                _(
                    "%(count)d dari %(all)d orang yang dicentang belum dapat diangkat dengan SK ini;"
                    " alasannya di samping namanya.",
                    count=len(reasons),
                    all=everybody,
                )
            )
        ]


class FindByNikForm(BaseForm):
    """Look somebody up without the NIK ever standing in an address."""

    nik = StringField(_("Cari dengan NIK"), [InputRequired(), Length(max=40)], render_kw=NIK_KEYS)


def where_to_search(words: str) -> Text | None:
    """Say where somebody is looked up by what was typed in place of a name: a NIK, a telephone number; None
    for words.
    """
    if not isinstance(check_nik(words), Text):
        return BY_NIK
    figures = sum(character.isdigit() for character in words)
    if figures == NIK_LENGTH:
        return BY_NIK
    return (
        BY_PHONE
        if not isinstance(read_phone(words), Text)
        or (figures >= LEAST_FIGURES and not any(map(str.isalpha, words)))
        else None
    )
