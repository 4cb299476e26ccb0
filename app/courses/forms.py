"""What is typed or chosen of batches, sessions and facilitators."""

from datetime import date, timedelta
from typing import Any

from wtforms import RadioField, SelectField, StringField, TelField, TextAreaField, ValidationError
from wtforms.fields.core import Field
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.dates import MONTHS, day_date
from app.core.reasons import refusal_of_reason
from app.core.text import _
from app.core.typed import DAYS_LONG, LESSONS, SEATS
from app.courses.models import Batch, Facilitator, Subject, Tier
from app.courses.rules import MOST_DAYS, MOST_HOURS, MOST_SEATS, Admission, SessionKind
from app.organisers.models import Organiser
from app.organisers.rules import may_run
from app.regions.fields import RegionField
from app.regions.rules import Level
from app.web.fields import ChoiceField, ClockField, DayField, NumberField
from app.web.forms import BaseForm, RowForm
from app.web.scores import ScoreField


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _id_or_none(value: Any) -> int | None:
    return int(value) if value not in ("", None, "None") else None


class NewBatchForm(BaseForm):
    """Three fields; the model of the tier gives the rest."""

    organiser = SelectField(_("Penyelenggara"), [InputRequired()], coerce=int)
    tier = SelectField(_("Jenjang"), [InputRequired()])
    starts_on = DayField(_("Tanggal mulai"))
    venue = StringField(
        _("Tempat"),
        [InputRequired(), Length(max=200)],
        description=_("Misalnya Aula Dinas Sosial Kabupaten Tapin, Rantau."),
    )
    venue_region = RegionField(_("Letak tempat"), level=Level.KABUPATEN)
    lower_tier_reason = StringField(
        _("Alasan"),
        [Optional(), Length(max=500)],
        description=_("Hanya bila jenjang ini di bawah tingkat penyelenggara."),
    )

    def offer(self, organisers: list[Organiser], names: dict[int, str], tiers: list[Tier]) -> None:
        """Fill the lists; a single organiser is no question, nor is a reason where no tier lies below."""
        self.organiser.choices = [(each.id, names.get(each.id, each.unit)) for each in organisers]
        self.tier.choices = [("", str(_("Pilih jenjang"))), *((tier.code, tier.label) for tier in tiers)]
        if len(organisers) == 1:
            del self.organiser
        lower = any(
            may_run(each.level, tier.level) and tier.level is not each.level
            for each in organisers
            for tier in tiers
        )
        if not lower:
            del self.lower_tier_reason


class BatchForm(RowForm):
    """Everything that is planned of a batch."""

    starts_on = DayField(_("Tanggal mulai"))
    ends_on = DayField(_("Tanggal selesai"))
    announced_days = NumberField(
        _("Lama menurut pengumuman"),
        [Optional()],
        least=1,
        most=MOST_DAYS,
        units=DAYS_LONG,
        description=_("Dalam hari, bila pengumuman menyebutnya."),
    )
    venue = StringField(_("Tempat"), [InputRequired(), Length(max=200)])
    venue_region = RegionField(_("Letak tempat"), level=Level.KABUPATEN)
    quota = NumberField(_("Kuota peserta"), least=1, most=MOST_SEATS, units=SEATS)
    audience = StringField(_("Untuk siapa"), [Optional(), Length(max=300)])
    contact_name = StringField(_("Narahubung"), [Optional(), Length(max=120)])
    contact_phone = StringField(
        _("Nomor telepon narahubung"),
        [Optional(), Length(max=40)],
        description=_("Contoh: 0812-3456-7890 atau (0517) 31234."),
        render_kw={"inputmode": "tel"},
    )
    registration_closes_on = DayField(_("Batas pendaftaran"), [Optional()])
    admission = ChoiceField(_("Cara memberi tempat"), choices=Admission)
    provided = TextAreaField(
        _("Yang diterima peserta"),
        [Optional(), Length(max=2000)],
        description=_("Satu baris satu hal: transport, makan, penginapan."),
    )
    to_bring = TextAreaField(
        _("Yang perlu dibawa"), [Optional(), Length(max=2000)], description=_("Satu baris satu hal.")
    )


class SessionForm(BaseForm):
    """One session. Its day is one of the batch's days."""

    held_on = SelectField(_("Hari"), [InputRequired()], coerce=_day)
    starts_at = ClockField(_("Jam mulai"))
    ends_at = ClockField(_("Jam selesai"))
    kind = ChoiceField(_("Jenis"), choices=SessionKind)
    subject_id = SelectField(_("Mata diklat"), [Optional()], coerce=_id_or_none)
    title = StringField(
        _("Nama sesi"),
        [Optional(), Length(max=200)],
        description=_("Kosongkan bila sama dengan nama mata diklat."),
    )
    lesson_hours = NumberField(
        _("JP"),
        least=0,
        most=MOST_HOURS,
        units=LESSONS,
        default=0,
        description=_("Jam pelajaran. Nol untuk upacara dan acara."),
    )
    facilitator_id = SelectField(_("Pengajar"), [Optional()], coerce=_id_or_none)
    office = StringField(
        _("Instansi"),
        [Optional(), Length(max=200)],
        description=_("Bila nama pengajar menyusul, misalnya Dinas Sosial Provinsi."),
    )
    place = StringField(
        _("Tempat"), [Optional(), Length(max=200)], description=_("Kosongkan bila di tempat diklat.")
    )

    def offer(self, batch: Batch, subjects: list[Subject], facilitators: list[Facilitator]) -> None:
        """Fill the lists: the days of the batch, the subjects of its curriculum, those who teach for its
        organiser.
        """
        length = min((batch.ends_on - batch.starts_on).days + 1, MOST_DAYS)
        days = [batch.starts_on + timedelta(days=number) for number in range(length)]
        self.held_on.choices = [(day, day_date(day)) for day in days]
        none = ("", str(_("Tidak ada")))
        self.subject_id.choices = [
            none,
            *(
                (each.id, f"{each.position}. {each.name} ({each.theory_hours + each.practice_hours} JP)")
                for each in subjects
            ),
        ]
        self.facilitator_id.choices = [
            none,
            *(
                (each.id, f"{each.name}, {each.institution}" if each.institution else each.name)
                for each in facilitators
            ),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what a session is made of: it is held for everybody, since no page puts people into parallel
        groups yet.
        """
        texts = {name: self[name].data or "" for name in ("title", "office", "place")}
        values = {
            name: self[name].data
            for name in ("held_on", "starts_at", "ends_at", "subject_id", "facilitator_id", "lesson_hours")
        }
        return {**values, **texts, "kind": self.kind.chosen, "group": None}


class ChangeSessionForm(SessionForm, RowForm):
    """A session that is changed; where presence is entered, also what becomes of it."""

    KEEP, CLEAR = "keep", "clear"

    presence = RadioField(
        _("Kehadiran yang sudah diisi"),
        [Optional()],
        description=_("Hanya bila hari, jam, JP, jenis atau kelompok sesi berubah."),
    )

    def ask_of_presence(self, entered: int) -> None:
        """Offer what may become of the presence; leave the question out where nothing is entered."""
        if not entered:
            del self.presence
            return
        self.presence.choices = [
            (self.KEEP, str(_("Ikut pindah: peserta memang hadir pada waktu yang baru"))),
            (self.CLEAR, str(_("Dikosongkan, lalu diisi lagi sesudah sesinya"))),
        ]

    @property
    def keep_presence(self) -> bool | None:
        """Return whether the presence goes along (True), is cleared (False), or nothing was said (None)."""
        text = self.presence.data if self.presence else None
        return {self.KEEP: True, self.CLEAR: False}.get(text or "")


class ReasonForm(BaseForm):
    """Why something is called off, in some words; everybody concerned reads it."""

    reason = TextAreaField(
        _("Alasan"),
        [InputRequired(), Length(max=500)],
        description=_("Beberapa kata, misalnya: narasumber sakit. Alasan ini dibaca semua yang dikabari."),
    )

    def validate_reason(self, field: Field) -> None:
        """Ask for words: one letter explains nothing to those who are told."""
        if refusal := refusal_of_reason(field.data or ""):
            raise ValidationError(str(refusal))


class PassMarkForm(RowForm):
    """What final mark passes, and why it is set so; carries the version that was read."""

    pass_mark = ScoreField(
        _("Nilai lulus"),
        description=_(
            "Nilai akhir paling rendah untuk lulus, misalnya 60. Kosongkan bila nilai tidak menjadi syarat."
        ),
    )
    reason = TextAreaField(
        _("Dasar atau alasan"),
        [InputRequired(), Length(max=500)],
        description=_("Misalnya: keputusan kepala dinas tanggal 3 Maret. Tersimpan dalam riwayat perubahan."),
        render_kw={"rows": 2},
    )


class FacilitatorForm(BaseForm):
    """Somebody who teaches; by the e-mail an account is joined, or its owner invited."""

    name = StringField(_("Nama dan gelar"), [InputRequired(), Length(max=200)])
    institution = StringField(_("Instansi"), [Optional(), Length(max=200)])
    email = StringField(
        _("Email"),
        [Optional(), Length(max=254), Email(allow_smtputf8=False, check_deliverability=False)],
        description=_("Bila diisi, pengajar diundang dan dapat melihat sesinya serta mencatat kehadiran."),
    )
    phone = TelField(
        _("Nomor HP/WhatsApp"),
        [Optional(), Length(max=40)],
        description=_("Contoh: 0812-3456-7890. Dipakai panitia untuk mengabari bila tidak ada email."),
    )


class ChangeFacilitatorForm(FacilitatorForm, RowForm):
    """Somebody who teaches, put right; carries the version that was read.

    Who has an account keeps its e-mail.
    """


class OpenBatchesForm(BaseForm):
    """The filter of the public list; asked by GET, every value optional."""

    class Meta(BaseForm.Meta):
        csrf = False

    region = SelectField(_("Wilayah"), [Optional()], validate_choice=False)
    tier = SelectField(_("Jenjang"), [Optional()], validate_choice=False)
    month = SelectField(_("Bulan mulai"), [Optional()], validate_choice=False)

    def offer(self, regions: list[tuple[str, str]], tiers: list[Tier], months: list[date]) -> None:
        """Fill the lists with what would find something."""
        every = ("", str(_("Semua")))
        self.region.choices = [every, *regions]
        self.tier.choices = [every, *((tier.code, tier.label) for tier in tiers)]
        self.month.choices = [
            every,
            *((f"{month:%Y-%m}", f"{MONTHS[month.month - 1]} {month.year}") for month in months),
        ]
