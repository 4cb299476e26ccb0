"""The region picker: provinsi, kabupaten, kecamatan, desa as selects that follow each other, with or without
JavaScript.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from wtforms import ValidationError
from wtforms.fields.core import Field
from wtforms.utils import unset_value

from app.core.scopes import NATION
from app.core.text import Text, _
from app.regions.models import Region
from app.regions.queries import ancestors, current_region, find_region, list_children, offered_among
from app.regions.rules import LEVELS, Level

KEPT = "tetap"  # chosen at the first step: what is recorded stays, though it is in no list any more
Within = Region | str | None | Callable[[], Region | str | None]


@dataclass
class Step:
    """One select, as the macro draws it."""

    level: Level
    name: str
    id: str
    required: bool
    choices: list[tuple[str, str]] = field(default_factory=list)
    value: str = ""

    @property
    def label(self) -> Text:
        return self.level.label


class RegionField(Field):
    """A region chosen step by step, down to `level`; `data` is the Region, or None.

    When required, the last step must be reached; else any step will do. `within` fixes where the choice
    begins (a code, a Region or a function that returns one): only the steps below it are shown, and nothing
    outside it can be chosen. `among` narrows further, to regions of these codes, what lies in them, and what
    leads to them. The button "show the next choices" makes `is_refreshing` true: BaseForm.carry_out then
    shows the form again, without a check and without saving. A region that is no more, where the field may
    stay empty, is the first choice, as it is called: untouched it stays.
    """

    def __init__(
        self,
        label: Any = None,
        *,
        level: Level = Level.DESA,
        within: Within = None,
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.level = level
        self.within = within
        self.required = required
        self.among: frozenset[str] | None = None
        self.levels: list[Step] = []
        self.refresh_name = f"{self.name}-refresh"
        self.is_refreshing = False
        if required:
            self.flags.required = True

    @property
    def children_url(self) -> str:
        """Return where the script asks for the next choices."""
        return url_for(
            "regions.list_children", among=",".join(sorted(self.among)) if self.among is not None else None
        )

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Follow what was sent, or what is already known, from the first select down to the last."""
        self.process_errors: list[str] = []
        if data is unset_value:
            data = self.default() if callable(self.default) else self.default
        self.object_data = data
        start = self._start()
        self._lay_out(start)
        if formdata is None or not any(
            step.name in formdata for step in self.levels
        ):  # what is not sent stays as it is known
            known = current_region(data) if data is not None else None
            wanted = [region.code for region in [*ancestors(known), known]] if known is not None else []
            self.is_refreshing = formdata is not None and self.refresh_name in formdata
        else:
            wanted = [str(formdata.get(step.name, "")).strip() for step in self.levels]
            self.is_refreshing = self.refresh_name in formdata
        self.raw_data = wanted
        gone = data if data is not None and not self.required and data.valid_to is not None else None
        sent = formdata is not None and any(step.name in formdata for step in self.levels)
        keeps = gone is not None and (not sent or wanted[:1] == [KEPT])
        self.data = self._follow(start, set() if keeps else set(wanted))
        if gone is not None and self.levels:
            first = self.levels[0]
            text = _("Tetap: %(place)s (sudah tidak ada dalam daftar wilayah)", place=gone.full_name)
            first.choices = [first.choices[0], (KEPT, str(text)), *first.choices[1:]]
            if keeps:
                self.data, first.value = gone, KEPT

    def _start(self) -> Region:
        within = self.within() if callable(self.within) else self.within
        start = find_region(within or NATION) if isinstance(within, str) or within is None else within
        if start is None:
            raise LookupError(f"no region to start from: {within}")
        return start

    def _lay_out(self, start: Region) -> None:
        shown = LEVELS[LEVELS.index(start.level) + 1 : LEVELS.index(self.level) + 1]
        self.levels = [
            Step(level, f"{self.name}-{level}", f"{self.id}-{level}", self.required) for level in shown
        ]

    def _follow(self, start: Region, wanted: set[str]) -> Region | None:
        """Fill the selects as far as the choices go; what does not lie in the step above it is not chosen."""
        chosen = start
        for step in self.levels:
            offered = offered_among(list_children(chosen), self.among)
            step.choices = [
                ("", str(_("Pilih %(level)s", level=str(step.label).lower()))),
                *((each.code, each.name) for each in offered),
            ]
            picked = next((each for each in offered if each.code in wanted), None)
            if picked is None:
                break
            step.value, chosen = picked.code, picked
        return None if chosen is start and self.levels else chosen

    def pre_validate(self, form: Any) -> None:
        """Ask for the first step that is missing."""
        if not self.required:
            return
        missing = next((step for step in self.levels if not step.value), None)
        if missing is not None:
            raise ValidationError(str(_("Pilih %(level)s.", level=str(missing.label).lower())))
