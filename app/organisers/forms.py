"""What is typed of an office: the office itself, a new name, a signer, the numbering."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional

from app.core.text import _
from app.organisers.rules import PATTERN_LONGEST, PREFIXES, Orientation, SecondSigner, SheetLayout
from app.organisers.services import DEFAULT_PATTERN
from app.web.fields import ChoiceField, DayField
from app.web.forms import BaseForm

PATTERN_HELP = _(
    "Pola awal menjadi 001/DIKLAT-D/DINSOS-TAPIN/V/2026. Yang di dalam kurung diganti sendiri,"
    " berturut-turut: nomor urut (tiga angka), huruf jenjang, unit, bulan romawi, tahun. Urutannya boleh"
    " diubah, yang lain dicetak seperti diketik. Nomor urut dan tahun wajib ada."
)


def _text(label: Any, longest: int, *, optional: bool = False, **kwargs: Any) -> StringField:
    return StringField(label, [Optional() if optional else InputRequired(), Length(max=longest)], **kwargs)


class OrganiserForm(BaseForm):
    """A new office."""

    region = _text(
        _("Kode wilayah"),
        13,
        description=_("Kode Kemendagri: 00 nasional, 63 provinsi, 63.05 kabupaten atau kota."),
    )
    code = _text(
        _("Kode penyelenggara"),
        16,
        description=_("Huruf besar dan angka, misalnya TAPIN. Menjadi awal kode angkatan."),
    )
    name = _text(_("Nama kantor"), 200, description=_("Misalnya Dinas Sosial Kabupaten Tapin."))
    government = _text(
        _("Pemerintah"), 200, description=_("Baris pertama kop, misalnya Pemerintah Kabupaten Tapin.")
    )
    starts_on = DayField(_("Nama itu berlaku mulai"))
    seat = _text(
        _("Tempat menandatangani"), 80, description=_("Nama kota di depan tanggal, misalnya Rantau.")
    )
    unit = _text(_("Unit dalam nomor sertifikat"), 40, description=_("Misalnya DINSOS-TAPIN."))
    number_pattern = _text(
        _("Pola nomor sertifikat"), PATTERN_LONGEST, default=DEFAULT_PATTERN, description=PATTERN_HELP
    )
    address = _text(_("Alamat"), 300, optional=True)
    phone = _text(_("Telepon"), 40, optional=True)


class KnowingForm(BaseForm):
    """What may contradict certificates of its time; the box is shown once they were named."""

    knowing = BooleanField(_("Tetap catat; sertifikat itu tetap seperti tercetak"))

    def without_idle_box(self) -> None:
        """Take the box away while there is nothing to know."""
        if not self.knowing.errors and not self.knowing.data:
            del self["knowing"]


class CorrectNameForm(BaseForm):
    """What the office is called in one period."""

    name = _text(_("Nama kantor"), 200)
    government = _text(_("Pemerintah"), 200)
    address = _text(_("Alamat"), 300, optional=True)
    phone = _text(_("Telepon"), 40, optional=True)


class NameForm(CorrectNameForm, KnowingForm):
    """A new name from a day on."""

    starts_on = DayField(_("Berlaku mulai"))


class CorrectSignerForm(BaseForm):
    """What is printed of a signer."""

    name = _text(_("Nama lengkap dan gelar"), 200)
    position = _text(
        _("Jabatan"),
        200,
        description=_("Seperti tercetak di atas tanda tangan, misalnya Kepala Dinas Sosial Kabupaten Tapin."),
    )
    rank = _text(_("Pangkat"), 80, optional=True)
    nip = _text(_("NIP"), 22, optional=True, render_kw={"inputmode": "numeric"})


class SignerForm(KnowingForm):
    """Somebody who signs from a day on."""

    name = _text(_("Nama lengkap dan gelar"), 200)
    position = _text(
        _("Jabatan"),
        200,
        description=_("Seperti tercetak di atas tanda tangan, misalnya Kepala Dinas Sosial Kabupaten Tapin."),
    )
    prefix = SelectField(
        _("Awalan jabatan"),
        [Optional()],
        choices=lambda: [("", str(_("Pejabat tetap"))), *((prefix, prefix) for prefix in PREFIXES)],
        description=_(
            "Plt. dan Plh. menandatangani lebih dahulu daripada pejabat tetap selama masa tugasnya."
        ),
    )
    rank = _text(_("Pangkat"), 80, optional=True)
    nip = _text(_("NIP"), 22, optional=True, render_kw={"inputmode": "numeric"})
    is_second = BooleanField(
        _("Penandatangan kedua"), description=_("Tempatnya pada lembar diatur di bagian Lembar sertifikat.")
    )
    starts_on = DayField(_("Mulai"))
    ends_on = DayField(_("Sampai dengan"), [Optional()])


class EndSignerForm(KnowingForm):
    """The last day of a term."""

    ends_on = DayField(_("Hari terakhir menjabat"))


class NumberingForm(BaseForm):
    """How the next certificates are numbered."""

    number_pattern = _text(_("Pola nomor sertifikat"), PATTERN_LONGEST, description=PATTERN_HELP)
    unit = _text(_("Unit dalam nomor"), 40)
    seat = _text(_("Tempat menandatangani"), 80)


class SheetForm(BaseForm):
    """How the next certificates are laid out; the second button only looks."""

    orientation = ChoiceField(
        _("Arah kertas"), choices=Orientation, description=_("Kertas A4, depan dan belakang.")
    )
    second_signer = ChoiceField(_("Penandatangan kedua"), choices=SecondSigner)
    photo = BooleanField(
        _("Sediakan tempat pas foto 3 x 4 cm"),
        description=_(
            "Foto ditempel sesudah dicetak, di sebelah tanda tangan, lalu distempel. Bekal tidak menyimpan"
            " foto."
        ),
    )
    save = SubmitField(_("Simpan tata letak"))
    look = SubmitField(_("Lihat contoh dahulu"))

    @property
    def sheet(self) -> SheetLayout:
        """Return what is chosen."""
        return SheetLayout(self.orientation.chosen, self.second_signer.chosen, self.photo.data)
