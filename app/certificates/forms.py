"""What is typed to issue, revoke, replace, and to look through the register."""

from wtforms import BooleanField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.certificates.rules import REASON_LONGEST
from app.core.text import _
from app.web.fields import DayField
from app.web.forms import BaseForm, SeenForm


class IssueForm(SeenForm):
    """The date that all sheets bear; the first button only looks."""

    issued_on = DayField(
        _("Ditetapkan tanggal"),
        description=_(
            "Tercetak pada sertifikat; dari tanggal rapat yang memutuskan kelulusannya sampai hari ini."
            " Tahunnya menentukan urutan nomor."
        ),
    )
    check = SubmitField(_("Periksa dulu"))


class RevokeForm(BaseForm):
    """Since when a certificate no longer holds, and why."""

    revoked_on = DayField(_("Dicabut sejak"))
    reason = TextAreaField(
        _("Alasan pencabutan"),
        [InputRequired(), Length(max=REASON_LONGEST)],
        description=_(
            "Tersimpan pada register. Dibaca pemegangnya di halaman sertifikatnya dan di email; tidak tampil"
            " pada halaman pemeriksaan umum."
        ),
    )


class ReinstateForm(BaseForm):
    """Why the revocation was a mistake."""

    reason = TextAreaField(
        _("Mengapa pencabutannya keliru"),
        [InputRequired(), Length(max=REASON_LONGEST)],
        description=_(
            "Tersimpan pada riwayat sertifikat dan dibaca pemegangnya di email. Misalnya: yang dimaksud nomor"
            " lain."
        ),
    )


class ReplaceForm(SeenForm):
    """The date of the new sheet, and why the old one is replaced."""

    issued_on = DayField(_("Ditetapkan tanggal"))
    reason = TextAreaField(
        _("Alasan penggantian"),
        [InputRequired(), Length(max=REASON_LONGEST)],
        description=_(
            "Tersimpan pada riwayat sertifikat dan dibaca pemegangnya di email. Misalnya: ejaan nama"
            " diperbaiki sesuai KTP. Perbaiki dahulu data orangnya; sertifikat baru memakai data yang"
            " terbaru."
        ),
    )

    confirm = BooleanField(_("Ya, terbitkan pengganti dengan isi yang sama"))

    def ask_to_confirm(self, *, is_same: bool) -> None:
        """Leave the question out where something would differ."""
        if not is_same and not self.confirm.errors:
            del self.confirm


class RegisterFilter(BaseForm):
    """Narrows the register to the numbers that begin as typed."""

    class Meta(BaseForm.Meta):
        csrf = False

    number = StringField(_("Nomor sertifikat dimulai dengan"), [Length(max=160)])
