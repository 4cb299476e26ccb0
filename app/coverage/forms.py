"""The forms of a target and of a complete survey."""

from datetime import date
from typing import Any

from wtforms import SelectField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.text import _
from app.core.typed import PEOPLE
from app.coverage.rules import PER_DESA_MOST, REASON_MOST
from app.web.fields import DayField, NumberField
from app.web.forms import BaseForm, SeenForm


class TargetForm(SeenForm):
    """How many people of which tier each desa should have, from which day; over the targets that the page
    shows.
    """

    per_desa = NumberField(
        _("Jumlah orang setiap desa/kelurahan"),
        most=PER_DESA_MOST,
        least=1,
        units=PEOPLE,
        description=_("Dari 1. Cabut targetnya bila tidak ada."),
    )
    tier_rank = SelectField(_("Yang dihitung"), coerce=int)
    starts_on = DayField(
        _("Berlaku mulai"),
        description=_("Tanggal yang sudah lewat hanya untuk masa yang belum mempunyai target."),
    )
    submit = SubmitField(_("Simpan target"))

    def offer(self, tiers: Any) -> None:
        """Offer the tiers of the ladder, and any active PSM."""
        tiered = [
            (tier.rank, str(_("PSM berjenjang %(tier)s atau lebih tinggi", tier=tier.label)))
            for tier in tiers
        ]
        self.tier_rank.choices = [*tiered, (0, str(_("PSM aktif, terlatih atau belum")))]


class WithdrawTargetForm(BaseForm):
    """Which target is taken back: a button beside it."""

    target_id = NumberField()


class SurveyForm(BaseForm):
    """Since when everybody who serves in a region is recorded."""

    complete_on = DayField(_("Lengkap sejak"), description=_("Tanggal pendataan terakhir selesai."))
    submit = SubmitField(_("Nyatakan lengkap"))

    @property
    def day(self) -> date:
        assert self.complete_on.data is not None  # the form has checked it
        return self.complete_on.data


class EndSurveyForm(BaseForm):
    """Why it is no longer stated that everybody is recorded."""

    reason = TextAreaField(_("Alasan"), [InputRequired(), Length(max=REASON_MOST)], render_kw={"rows": 2})
    submit = SubmitField(_("Cabut pernyataan"))
