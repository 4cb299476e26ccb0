"""Fields that read what people type: days, hours, numbers, and one of a list."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from wtforms import IntegerField, SelectField
from wtforms.fields import DateField, TimeField
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation
from wtforms.widgets import HiddenInput, TextInput

from app.core import clock, typed
from app.core.dates import DAY_SHOWN, TIME_SHOWN, thousands
from app.core.text import _

LARGEST = 1_000_000_000


SHORT = {
    "class": "field-short",
    "autocomplete": "off",
    "inputmode": "numeric",
}  # the figures come first on the keys of a phone


EXAMPLE = 1_500  # the larger of the two that the sentence about an unreadable number gives


class TypedField(Field):
    """A value read as people write it, in a field of text: what cannot be read stays as typed.

    The browser's own fields for days, hours and numbers read as the language of the browser has it: 05/06
    becomes the 6th of May where that is English. They take away what they cannot read, and report nothing of
    either.
    """

    widget = TextInput()

    def read(self, text: str) -> Any:
        """Return what was typed; raises UnreadableError."""
        raise NotImplementedError

    def process_formdata(self, valuelist: Any) -> None:
        """Read what was sent; what is not sent is not changed, and empty is None."""
        if not valuelist:
            return
        self.data = None
        if valuelist[0].strip():
            self.data = self.read(valuelist[0])

    def pre_validate(self, form: Any) -> None:
        """Ask nothing further of what could not be read: one mistake, one sentence."""
        if self.process_errors:
            raise StopValidation()

    def as_typed(self) -> str:
        """Return what a field without a value shows."""
        return " ".join(self.raw_data) if self.raw_data else ""


class NumberField(TypedField, IntegerField):
    """A whole number within limits, read as people write it; without limits of its own, one that the database
    can hold.

    `units`: the words that may stand behind it, of `core.typed`.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        least: int = 0,
        most: int = LARGEST,
        units: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        checks = [*(validators or [InputRequired()]), NumberRange(least, most)]
        self.least, self.most = least, most
        if not isinstance(kwargs.get("widget"), HiddenInput):  # nobody types into what is not shown
            kwargs["render_kw"] = {**SHORT, **kwargs.get("render_kw", {})}
        super().__init__(label, checks, **kwargs)
        self.units = units

    def read(self, text: str) -> int:
        """Return what was typed; the sentence names the limits of this field, and no example that it would
        refuse.
        """
        try:
            return typed.read_whole(text, self.units)
        except typed.UnreadableError as refused:
            if self.most >= EXAMPLE or refused.reason is not typed.NO_WHOLE_NUMBER:
                raise
            words = _(
                "Isi dengan angka bulat dari %(least)s sampai %(most)s.",
                least=thousands(self.least),
                most=thousands(self.most),
            )
            raise typed.UnreadableError(words) from None


class DayField(TypedField, DateField):
    """A calendar day, read as people write it, with an example beside it; empty is None where it is optional.

    `born`: a day of birth, where years of two figures are understood.
    """

    data: date | None

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        born: bool = False,
        description: Any = "",
        **kwargs: Any,
    ) -> None:
        day = date(1985, 5, 24) if born else clock.now().date().replace(day=24, month=5)
        example = _("Contoh: %(day)s atau %(figures)s.", day=f"{day:{DAY_SHOWN}}", figures=f"{day:%d%m%Y}")
        kwargs["render_kw"] = {**SHORT, **kwargs.get("render_kw", {})}
        described = _("%(said)s %(example)s", said=description, example=example) if description else example
        super().__init__(label, validators or [InputRequired()], description=described, **kwargs)
        self.born = born

    def read(self, text: str) -> date:
        return typed.read_day(text, born_by=clock.now().date() if self.born else None)

    def _value(self) -> str:
        return self.as_typed() if self.data is None else f"{self.data:{DAY_SHOWN}}"


class ClockField(TypedField, TimeField):
    """A time of day, read as people write it, with an example beside it."""

    data: time | None

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {**SHORT, "inputmode": "decimal", **kwargs.get("render_kw", {})}
        super().__init__(
            label, validators or [InputRequired()], **{"description": _("Contoh: 08.30."), **kwargs}
        )

    def read(self, text: str) -> time:
        return typed.read_time(text)

    def _value(self) -> str:
        return self.as_typed() if self.data is None else f"{self.data:{TIME_SHOWN}}"


class ChoiceField(SelectField):
    """One of a Choice; the labels come from it."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Any,
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        self.choices_of = choices
        options = [("", str(_("Pilih …"))), *choices.options()]
        super().__init__(label, validators or [Optional() if optional else InputRequired()], **kwargs)
        self.choices = options  # set afterwards: the constructor warns of pairs

    @property
    def chosen(self) -> Any:
        """Return the member, or None when nothing, or nothing known, was chosen."""
        return next((each for each in self.choices_of if each.value == self.data), None)
