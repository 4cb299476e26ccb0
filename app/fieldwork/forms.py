"""Forms of hosts, requests, answers and places."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.text import Text, _
from app.core.typed import PEOPLE, SEATS, read_whole
from app.fieldwork.rules import ANSWERS, MOST_VISITORS, TRANSITIONS, USABLE, HostKind, VisitStatus
from app.regions.fields import RegionField
from app.regions.rules import Level
from app.web.fields import ChoiceField, DayField, NumberField
from app.web.forms import BaseForm, RowForm, SeenForm


def _read_client_group(line: str) -> tuple[str, int]:
    """Read 'lanjut usia telantar: 110'; raises ValueError when the number is missing."""
    name, separator, number = line.rpartition(":")
    if not separator or not name.strip() or not 0 <= (clients := read_whole(number, PEOPLE)) < 1_000_000:
        raise ValueError(line)
    return name.strip()[:120], clients


def _read_client_groups(lines: str) -> list[tuple[str, int]]:
    """Read one group a line; raises ValueError for a line that is none."""
    return [_read_client_group(line) for line in lines.splitlines() if line.strip()]


class HostForm(BaseForm):
    """A host: where it lies, whom it cares for, how many trainees it takes a day."""

    name = StringField(_("Nama lokasi"), [InputRequired(), Length(max=200)])
    kind = ChoiceField(_("Jenis"), choices=HostKind)
    region = RegionField(
        _("Letak"), level=Level.KECAMATAN, required=False, description=_("Kecamatan boleh dikosongkan.")
    )
    address = StringField(_("Alamat"), [Optional(), Length(max=300)])
    phone = StringField(
        _("Telepon"),
        [Optional(), Length(max=40)],
        description=_("Contoh: 0812-3456-7890 atau (0517) 31234."),
        render_kw={"inputmode": "tel"},
    )
    visitors_per_day = NumberField(
        _("Peserta PKL per hari"),
        least=1,
        most=MOST_VISITORS,
        units=SEATS,
        description=_("Berapa peserta diklat yang dapat diterima dalam satu hari. Ini bukan jumlah klien."),
    )
    client_groups = TextAreaField(
        _("Kelompok klien"),
        [Optional(), Length(max=2000)],
        description=_("Satu baris satu kelompok, dengan jumlah klien. Contoh: Lanjut usia telantar: 110"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region.flags.required = True

    def validate_region(self, field: Any) -> None:
        """Ask for the kabupaten at least."""
        if field.data is None or field.data.level not in (Level.KABUPATEN, Level.KECAMATAN):
            raise ValidationError(str(_("Pilih kabupaten/kota.")))

    def validate_client_groups(self, field: Any) -> None:
        """Name the line that cannot be read."""
        for number, line in enumerate((field.data or "").splitlines(), start=1):
            try:
                _read_client_groups(line)
            except ValueError:
                raise ValidationError(
                    str(_("Baris %(line)s: tulis nama kelompok, titik dua, lalu jumlahnya.", line=number))
                ) from None

    @property
    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        return {
            "region": self.region.data,
            "name": self.name.data,
            "kind": self.kind.chosen,
            "address": self.address.data or "",
            "phone": self.phone.data or "",
            "visitors_per_day": self.visitors_per_day.data,
            "client_groups": _read_client_groups(self.client_groups.data or ""),
        }


class ChangeHostForm(HostForm, RowForm):
    """A host that is changed; carries the version that was read."""


class NewHostForm(HostForm):
    """A host that enters the directory of one of the offices in reach."""

    organiser = SelectField(_("Daftar milik"), [InputRequired()], coerce=int)


class ContactForm(BaseForm):
    """Who answers for a host."""

    name = StringField(_("Nama narahubung"), [InputRequired(), Length(max=200)])
    email = StringField(
        _("Email"),
        [InputRequired(), Length(max=254), Email()],
        description=_("Yang belum mempunyai akun menerima undangan di alamat ini."),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )


class RequestVisitForm(BaseForm):
    """Ask a host for places on a day."""

    host_id = SelectField(_("Lokasi PKL"), [InputRequired()], coerce=int)
    visits_on = DayField(_("Tanggal kunjungan"))
    requested_places = NumberField(_("Jumlah tempat"), least=1, most=MOST_VISITORS, units=SEATS)
    note = TextAreaField(_("Catatan untuk lokasi"), [Optional(), Length(max=500)])
    more = BooleanField(
        _("Minta tambahan pada lokasi dan tanggal itu"),
        description=_("Jumlah di atas menjadi tambahan. Tempat yang sudah diberikan tetap berlaku."),
    )

    def ask_for_more(self) -> None:
        """Leave the question out unless it was asked or answered."""
        if not self.more.errors and not self.more.data:
            del self.more


KEEP = "keep"  # the places that were given stay, and no more are


class AnswerVisitForm(SeenForm):
    """What the host answers; `confirm` is asked only where people would lose their place."""

    kept = 0  # places that were given so far

    answer = RadioField(_("Jawaban"), [InputRequired()])
    granted_places = NumberField(
        _("Jumlah yang diterima"),
        [Optional()],
        most=MOST_VISITORS,
        units=SEATS,
        description=_("Diisi bila menerima sebagian."),
    )
    other_date = DayField(
        _("Tanggal yang diusulkan"), [Optional()], description=_("Diisi bila mengusulkan tanggal lain.")
    )
    note = TextAreaField(_("Catatan"), [Optional(), Length(max=400)])
    confirm = BooleanField(
        _("Ya, simpan jawaban ini"),
        description=_(
            "Tulis alasannya pada catatan; panitia, lokasi PKL, dan yang kehilangan tempat membacanya."
        ),
    )

    def offer(
        self, present: VisitStatus, *, granted: int = 0, asks_for_more: bool = False, is_over: bool = False
    ) -> None:
        """Offer the answers that the table of states allows now; when the day is over, those that say how
        many were received.

        A host that was asked for more places than it gave may also say that it stays with these.
        """
        allowed = TRANSITIONS[present] & USABLE if is_over else TRANSITIONS[present]
        if self.is_submitted() and not allowed:
            allowed = frozenset(
                answer for answer, _label in ANSWERS
            )  # the form is older than the end of the request: that is what is said
        self.answer.choices = [(answer.value, label) for answer, label in ANSWERS if answer in allowed]
        self.kept = granted
        if asks_for_more:
            self.answer.choices.insert(
                1, (KEEP, _("Tetap %(granted)s orang, tanpa tambahan", granted=granted))
            )

    def validate_granted_places(self, field: Any) -> None:
        """Refuse another number beside the answer that nothing changes."""
        if self.answer.data == KEEP and field.data not in (None, self.kept):
            raise ValidationError(
                str(_("Pilih “Terima sebagian” untuk jumlah lain, atau kosongkan angkanya."))
            )

    @property
    def chosen(self) -> VisitStatus:
        return VisitStatus.PARTLY_ACCEPTED if self.answer.data == KEEP else VisitStatus(self.answer.data)

    @property
    def granted(self) -> int | None:
        """Return the number that was typed, or that stays."""
        return self.kept if self.answer.data == KEEP else self.granted_places.data

    def overtaken_by(self, status: VisitStatus) -> Text | None:
        """Say which answer stands where it is another one than this; None where it is this one."""
        return (
            None
            if status is self.chosen
            else _("Jawaban yang berlaku sekarang: %(status)s.", status=status.label)
        )

    def ask_to_confirm(self) -> None:
        """Leave the question out unless it was asked or answered."""
        if not self.confirm.errors and not self.confirm.data:
            del self.confirm


class CancelVisitForm(SeenForm):
    """Take a request back; its page, where it says what will happen, sends `confirm` along."""

    confirm = HiddenField()
    reason = TextAreaField(
        _("Alasan"),
        [Optional(), Length(max=400)],
        description=_("Dibaca lokasi PKL dan yang kehilangan tempat, misalnya: bus tidak tersedia."),
    )


class DivideAnewForm(BaseForm):
    """Divide everybody anew, knowing how many people move."""

    moving = HiddenField()

    @property
    def number(self) -> int | None:
        """Return the number that the page said; None where it said none."""
        typed = self.moving.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 6 else None


class PlaceForm(BaseForm):
    """Where one participant practises."""

    visit_id = SelectField(_("Lokasi PKL"), [InputRequired()], coerce=int)
    group = NumberField(_("Kelompok"), least=1, most=99)


class MentorForm(BaseForm):
    """The pembimbing lapangan of one group."""

    mentor_name = StringField(_("Pembimbing lapangan"), [Optional(), Length(max=200)])
