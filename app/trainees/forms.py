"""Forms of people: registration, correction, duty, standing, SK, merging, search."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.core.errors import DomainError
from app.core.phones import shown_phone
from app.core.scopes import NATION
from app.core.text import Text, _
from app.organisers.models import Organiser
from app.regions.fields import RegionField
from app.regions.models import Region
from app.regions.rules import common_code
from app.trainees.fields import (
    NIK_KEYS,
    WHY_HELP,
    WHY_NIK_DIFFERS,
    AppointmentFields,
    SpellingField,
    ask_spelling,
    ask_why,
)
from app.trainees.models import Trainee
from app.trainees.rules import NAME_MOST, REASON_MOST, Sex, TraineeStatus
from app.trainees.services import KnownNikError, MaybeKnown, TraineeData
from app.web.fields import ChoiceField, DayField, NumberField
from app.web.forms import BaseForm, RowForm


class PlacedForm(BaseForm):
    """A form with a duty desa: the choice begins where the reader's reach begins, and offers nothing that
    lies outside it.
    """

    duty_region: RegionField

    def __init__(self, *args: Any, areas: frozenset[str] = frozenset({NATION}), **kwargs: Any) -> None:
        self.areas = areas
        super().__init__(*args, **kwargs)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Say what can be chosen before the choice is read."""
        field = self._fields["duty_region"]
        begin = common_code(self.areas) if self.areas else NATION
        field.within = None if begin == NATION else begin
        field.among = None if NATION in self.areas else self.areas
        super().process(*args, **kwargs)


class RegisterTraineeForm(PlacedForm):
    """What an office enters about somebody; what is not known yet stays empty."""

    name = StringField(_("Nama lengkap"), [InputRequired(), Length(max=NAME_MOST)])
    spelling = SpellingField()
    nik = StringField(
        _("NIK"),
        [Optional(), Length(max=40)],
        description=_("16 angka pada KTP. Boleh dikosongkan sampai KTP diperiksa."),
        render_kw=NIK_KEYS,
    )
    birth_place = StringField(_("Tempat lahir"), [Optional(), Length(max=80)])
    birth_date = DayField(
        _("Tanggal lahir"), [Optional()], born=True, description=_("Bila kosong, dibaca dari NIK.")
    )
    sex = ChoiceField(
        _("Jenis kelamin"), choices=Sex, optional=True, description=_("Bila kosong, dibaca dari NIK.")
    )
    nik_reason = StringField(WHY_NIK_DIFFERS, [Optional(), Length(max=REASON_MOST)], description=WHY_HELP)
    duty_region = RegionField(_("Desa/kelurahan tugas"))
    duty_since = DayField(_("Bertugas sejak"), [Optional()], description=_("Kosongkan bila mulai hari ini."))
    phone = TelField(
        _("Nomor HP/WhatsApp"), [Optional(), Length(max=40)], description=_("Contoh: 0812-3456-7890")
    )
    email = EmailField(_("Email"), [Optional(), Length(max=200)])
    address = StringField(_("Alamat rumah"), [Optional(), Length(max=200)], description=_("Jalan, RT/RW."))
    home_region = RegionField(_("Desa/kelurahan domisili (KTP)"), required=False)
    member_number = StringField(_("Nomor anggota IPSM"), [Optional(), Length(max=40)])

    another_person = BooleanField(
        _("Ini orang lain"),
        description=_("Centang hanya bila Anda yakin bahwa ia bukan orang yang sudah tercatat itu."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal: DomainError | None = None

    @property
    def known(self) -> Trainee | None:
        """Return who is, or may be, the same person, where that is why it was refused."""
        return self.refusal.known if isinstance(self.refusal, (KnownNikError, MaybeKnown)) else None

    def leave_out_unasked(self) -> None:
        """Leave out the questions that were neither asked nor answered: about a person known already, the
        NIK, and the name.
        """
        if not isinstance(self.refusal, MaybeKnown) and not self.another_person.data:
            del self.another_person
        ask_why(self)
        ask_spelling(self)

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Remember who may be the same person, so that the page shows the way there and the tick."""
        self.refusal = refusal
        super().show(refusal, status=status)


class CorrectTraineeForm(RowForm):
    """What was entered about somebody, to be put right. A known NIK is not shown here."""

    name = StringField(_("Nama lengkap"), [InputRequired(), Length(max=NAME_MOST)])
    spelling = SpellingField()
    nik = StringField(_("NIK"), [Optional(), Length(max=40)], render_kw=NIK_KEYS)
    birth_place = StringField(_("Tempat lahir"), [Optional(), Length(max=80)])
    birth_date = DayField(_("Tanggal lahir"), [Optional()], born=True)
    sex = ChoiceField(_("Jenis kelamin"), choices=Sex, optional=True)
    nik_reason = StringField(WHY_NIK_DIFFERS, [Optional(), Length(max=REASON_MOST)], description=WHY_HELP)
    phone = TelField(_("Nomor HP/WhatsApp"), [Optional(), Length(max=40)])
    email = EmailField(_("Email"), [Optional(), Length(max=200)])
    address = StringField(_("Alamat rumah"), [Optional(), Length(max=200)])
    home_region = RegionField(_("Desa/kelurahan domisili (KTP)"), required=False)
    member_number = StringField(_("Nomor anggota IPSM"), [Optional(), Length(max=40)])

    def __init__(self, trainee: Trainee, **kwargs: Any) -> None:
        super().__init__(data=known_of(trainee), **kwargs)
        self.over(lambda: known_of(trainee))
        masked = trainee.nik_masked
        self.nik.description = (
            _("Tercatat: %(nik)s. Isi hanya bila NIK yang tercatat salah.", nik=masked)
            if masked
            else _("16 angka pada KTP.")
        )

    def leave_out_unasked(self) -> None:
        """Leave out the questions about the NIK and the name where they were neither asked nor answered."""
        ask_why(self)
        ask_spelling(self)


KEPT = ("name", "birth_place", "birth_date", "phone", "email", "address", "home_region", "member_number")


def known_of(trainee: Trainee) -> dict[str, Any]:
    """Return what is known of somebody as the form shows it; never the NIK."""
    known = {name: getattr(trainee, name) for name in KEPT}
    return {
        **known,
        "phone": trainee.phone and shown_phone(trainee.phone),
        "sex": trainee.sex and trainee.sex.value,
    }


def data_of(form: Any, *, duty_region: Region | None = None) -> TraineeData:
    """Return what a form tells of a person."""
    typed = {name: getattr(form, name).data for name in (*KEPT, "duty_since") if hasattr(form, name)}
    place = form.duty_region.data if hasattr(form, "duty_region") else duty_region
    return TraineeData(**typed, nik=form.nik.data or None, sex=form.sex.chosen, duty_region=place)


class MoveDutyForm(PlacedForm):
    """Another desa from a day on."""

    duty_region = RegionField(_("Desa/kelurahan tugas yang baru"))
    starts_on = DayField(_("Mulai bertugas di sana"))


class ChangeStandingForm(BaseForm):
    """What somebody is from a day on; PSM aktif is made by an SK alone."""

    standing = SelectField(_("Status baru"), [InputRequired()])
    starts_on = DayField(_("Sejak tanggal"))
    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(), Length(max=REASON_MOST)],
        description=_("Tersimpan pada riwayat status orang ini, dan dibacanya sendiri di halaman Data saya."),
    )

    def __init__(self, onward: Iterable[TraineeStatus], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choices: list[tuple[str, Text]] = [
            (status.value, status.label) for status in onward if status is not TraineeStatus.ACTIVE
        ]
        self.standing.choices = [("", _("Pilih …")), *choices]

    @property
    def chosen(self) -> TraineeStatus:
        """Return the member chosen."""
        return TraineeStatus(self.standing.data)

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Show what the service says of the status at its field: `status` itself is that of the answer."""
        refusal.field = "standing" if refusal.field == "status" else refusal.field
        super().show(refusal, status=status)


class TakeBackStandingForm(BaseForm):
    """Why what was recorded last about somebody was a mistake."""

    mistake = TextAreaField(
        _("Apa yang keliru?"),
        [InputRequired(), Length(max=REASON_MOST)],
        description=_(
            "Tersimpan pada riwayat orang ini. Yang bersangkutan membaca di halaman Data saya bahwa"
            " catatannya dibetulkan."
        ),
    )

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Show what the service says of the reason at its field; beside it stands another form with a reason
        of its own.
        """
        refusal.field = "mistake" if refusal.field == "reason" else refusal.field
        super().show(refusal, status=status)


class MakeAppointmentForm(AppointmentFields, BaseForm):
    """One SK for many, of one of the reader's offices."""

    organiser_id = SelectField(_("Ditetapkan lewat"), [InputRequired()], coerce=int)

    def __init__(self, organisers: list[tuple[Organiser, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organiser_id.choices = [(organiser.id, name) for organiser, name in organisers]


class CorrectAppointmentForm(RowForm):
    """What may be put right of an SK: its number and who signed it."""

    number = StringField(
        _("Nomor SK"), [InputRequired(), Length(max=120)], description=_("Seperti tertulis pada SK.")
    )
    signer_name = StringField(_("Ditandatangani oleh"), [InputRequired(), Length(max=200)])


class MergeTraineesForm(BaseForm):
    """Why two records are one person."""

    duplicate_id = NumberField(_("Data ganda"), widget=HiddenInput())
    canonical_id = NumberField(_("Data yang dipertahankan"), widget=HiddenInput())
    reason = TextAreaField(
        _("Mengapa keduanya satu orang?"),
        [InputRequired(), Length(max=REASON_MOST)],
        description=_(
            "Tersimpan pada daftar penggabungan, dan dibaca yang bersangkutan di halaman Data saya."
        ),
    )
    despite_differences = BooleanField(
        _("Tetap satu orang"),
        description=_("Centang hanya bila perbedaan di atas salah catat, dan alasannya menjelaskannya."),
    )


class UndoMergeForm(BaseForm):
    """What was put right while two records were one, and goes with the record that parts."""

    back = SelectMultipleField(
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_("Yang tidak dicentang tetap pada data yang dipertahankan."),
    )

    def __init__(self, whose: str, changes: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.back.choices = list(changes)
        self.back.label.text = _("Dibetulkan selama digabungkan: centang yang milik %(whose)s", whose=whose)
        if not self.back.choices:
            del self.back


class FilterCandidatesForm(BaseForm):
    """What narrows a list of people: words of the name, region."""

    class Meta(BaseForm.Meta):
        csrf = False

    words = StringField(_("Nama"), [Optional(), Length(max=100)])
    region = SelectField(_("Wilayah"), [Optional()])

    def __init__(self, formdata: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.region.choices = [
            ("", _("Semua wilayah")),
            *((region.code, region.full_name) for region in regions),
        ]
        self.regions = {region.code: region for region in regions}

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as the queries take it; what is not on the list is no choice."""
        return {"words": (self.words.data or "")[:100], "region": self.regions.get(self.region.data or "")}


class FilterTraineesForm(FilterCandidatesForm):
    """The same with the status."""

    status = SelectField(_("Status"), [Optional()])

    def __init__(self, formdata: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(formdata, regions, **kwargs)
        self.status.choices = [("", _("Semua status")), *TraineeStatus.options()]

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, the status as its member."""
        known = self.status.data in set(TraineeStatus)
        return {**super().chosen, "status": TraineeStatus(self.status.data) if known else None}

    @property
    def said(self) -> str:
        """Return what was chosen as a part of the name of a file; the words of a name stay out of it."""
        region, status, words = (self.chosen[name] for name in ("region", "status", "words"))
        parts = [region and region.full_name, status and status.label, words and _("pilihan")]
        return "".join(f"{part}-".lower() for part in parts if part)
