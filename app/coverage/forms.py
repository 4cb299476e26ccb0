"""The forms of a target and of a complete survey."""

from datetime import date
from typing import Any

from wtforms import SelectField, SubmitField

from app.core.text import _
from app.core.typed import PEOPLE
from app.coverage.rules import PER_DESA_MOST
from app.web.forms import BaseForm, DayField, NumberField


class TargetForm(BaseForm):
    """How many people of which tier each desa should have, from which day."""

    per_desa = NumberField(_("Jumlah orang setiap desa/kelurahan"), most=PER_DESA_MOST, units=PEOPLE)
    tier_rank = SelectField(_("Yang dihitung"), coerce=int)
    starts_on = DayField(_("Berlaku mulai"), description=_("Tanggal yang sudah lewat hanya untuk masa yang belum mempunyai target."))
    submit = SubmitField(_("Simpan target"))

    def offer(self, tiers: Any) -> None:
        """Offer the tiers of the ladder, and any active PSM."""
        tiered = [(tier.rank, str(_("PSM berjenjang %(tier)s atau lebih tinggi", tier=tier.label))) for tier in tiers]
        self.tier_rank.choices = [*tiered, (0, str(_("PSM aktif, terlatih atau belum")))]


class SurveyForm(BaseForm):
    """Since when everybody who serves in a region is recorded."""

    complete_on = DayField(_("Lengkap sejak"), description=_("Tanggal pendataan terakhir selesai."))
    submit = SubmitField(_("Nyatakan lengkap"))

    @property
    def day(self) -> date:
        assert self.complete_on.data is not None  # the form has checked it
        return self.complete_on.data
