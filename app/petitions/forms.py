"""Forms of what is asked of the office: one answer form, one's own name, a report."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.text import _
from app.petitions.rules import WORDS_MOST, Answer, Line, Way
from app.regions.fields import RegionField
from app.regions.models import Region
from app.regions.rules import Level
from app.trainees.fields import SpellingField
from app.trainees.rules import NAME_MOST
from app.web.forms import BaseForm, SeenForm


class AnswerForm(SeenForm):
    """How it is answered, with a sentence for whoever asked and how that reaches her; of a claim also what is
    taken over of what she typed, and how the officer knows, where it is not plain.
    """

    answer = RadioField(_("Jawaban Anda"), [InputRequired()])
    take = SelectMultipleField(
        _("Yang diketik dipakai untuk"),
        [Optional()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_("Yang tidak dicentang tetap seperti yang tercatat."),
    )
    reason = TextAreaField(
        _("Bagaimana Anda tahu?"),
        [Optional(), Length(max=WORDS_MOST)],
        description=_(
            "Wajib bila yang diketik berbeda atau NIK-nya didaftarkan lebih dari sekali tetapi orangnya"
            " benar, dan bila sama tetapi orangnya lain. Contoh: KTP-nya sudah saya lihat. Tersimpan pada"
            " riwayat, tidak dibaca yang meminta."
        ),
    )
    words = TextAreaField(_("Kalimat untuk yang meminta"), [Optional(), Length(max=WORDS_MOST)])
    informed = BooleanField(_("Sudah dikabari"), [Optional()])

    def __init__(
        self, answers: list[Answer], way: Way, news: list[Line], *, asks_reason: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.words.description = str(way.label)
        if answers == [Answer.TOLD]:
            self.words.validators = [InputRequired(), Length(max=WORDS_MOST)]
            self.words.flags.required, self.words.flags.optional = True, False
        elif Answer.TOLD in answers:
            self.words.description = str(
                _("Wajib bila hanya dijawab dengan kalimat. %(way)s", way=str(way.label))
            )
        if not asks_reason:
            del self.reason
        if way is not Way.HAND:
            del self.informed
        if news:
            self.take.choices = [(line.key, f"{line.label}: {line.typed}") for line in news]
        else:
            del self.take
        self.answer.choices = [(answer.value, answer.label) for answer in answers]
        if len(answers) == 1 and not self.is_submitted():
            self.answer.data = answers[0].value

    @property
    def chosen(self) -> Answer:
        """Return the member chosen."""
        return Answer(self.answer.data)

    @property
    def known_by(self) -> str:
        """Return how the officer knows."""
        return (self.reason.data or "") if self.reason else ""

    @property
    def taken(self) -> list[str]:
        """Return what of what was typed is recorded."""
        return (self.take.data or []) if self.take else []

    @property
    def is_notified(self) -> bool:
        """Return whether the officer has told whoever asked."""
        return bool(self.informed and self.informed.data)


class FollowForm(BaseForm):
    """The number of a report whose answer is looked for."""

    class Meta(BaseForm.Meta):
        csrf = False

    followed = StringField(_("Nomor laporan"), [Optional(), Length(max=40)])


class CorrectionForm(BaseForm):
    """What is recorded wrongly of somebody, for the dinas that puts it right."""

    words = TextAreaField(
        _("Apa yang perlu dibetulkan?"),
        [InputRequired(), Length(max=WORDS_MOST)],
        description=_(
            "Contoh: sudah pindah ke desa lain sejak Januari; nomor HP sekarang 0812-3456-7890; sudah"
            " mengundurkan diri."
        ),
    )


class OwnNameForm(BaseForm):
    """What one is called; of somebody who is recorded it is a wish, with its reason."""

    name = StringField(
        _("Nama lengkap"), [InputRequired(), Length(max=NAME_MOST)], render_kw={"autocomplete": "name"}
    )
    spelling = SpellingField()
    reason = TextAreaField(
        _("Apa yang keliru?"),
        [Optional(), Length(max=WORDS_MOST)],
        description=_("Contoh: huruf keliru, seharusnya seperti pada KTP."),
    )


class WhereForm(BaseForm):
    """Whose office is asked for: a kabupaten or kota."""

    class Meta(BaseForm.Meta):
        csrf = False

    region = RegionField(_("Kabupaten/kota tempat Anda bertugas"), level=Level.KABUPATEN, required=False)


class ReportForm(BaseForm):
    """What somebody has to say of a certificate, whose office is told, and how whoever says so is reached."""

    about = StringField(
        _("Nomor atau kode sertifikat"),
        [InputRequired(), Length(max=120)],
        description=_("Tidak bernomor? Tulis jenjang dan tahunnya."),
    )
    region = RegionField(_("Kabupaten/kota yang menerima laporan"), level=Level.KABUPATEN)
    words = TextAreaField(
        _("Apa yang ingin Anda laporkan?"),
        [InputRequired(), Length(max=WORDS_MOST)],
        description=_(
            "Contoh: saya memegang sertifikat dasar tahun 2009 yang belum tercatat; atau nama pada kertas"
            " berbeda."
        ),
    )
    name = StringField(_("Nama Anda"), [Optional(), Length(max=100)])
    phone = TelField(
        _("Nomor telepon Anda"),
        [Optional(), Length(max=40)],
        description=_("Agar dinas dapat menghubungi Anda."),
    )

    def __init__(self, office: Region | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if office is not None:
            del self.region  # whose certificate it is, is known
