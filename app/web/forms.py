"""The base of all forms: trims and checks text, one-time key, refusals shown where they belong, Indonesian
messages.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from flask import flash, g, redirect, request, session
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from sqlalchemy.exc import IntegrityError
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import Field
from wtforms.validators import StopValidation

from app.core import crypto, typed
from app.core.choices import Choice
from app.core.dates import DAY_SHOWN, TIME_SHOWN
from app.core.drawable import refusal_of_characters
from app.core.errors import Conflict, DomainError
from app.core.idempotency import Ticket, find, fingerprint_of, once
from app.core.text import Text, _
from app.core.versions import Line, Stale, digest_of, lines_of, lines_to_leave, plain, version_of
from app.web.messages import translations

KEY = "idempotency_key"
OUT_OF_DATE = _(
    "Halaman ini dibuka sebelum Anda masuk lagi, atau sudah terlalu lama terbuka. Isian Anda tidak hilang:"
    " periksa, lalu tekan tombolnya sekali lagi."
)
UNTRIMMED = (PasswordField, FormField, FieldList)  # secrets are taken as typed; the others take no filters


def clean(value: Any) -> Any:
    """Bring a text of several lines to canonical form, without characters that nobody sees; other values
    pass.
    """
    return typed.clean_text(value) if isinstance(value, str) else value


def clean_line(value: Any) -> Any:
    """Do the same with a text that stands on one line; other values pass."""
    return typed.clean_text(value, one_line=True) if isinstance(value, str) else value


def no_control_characters(_form: Any, field: Field) -> None:
    """Refuse characters that no keyboard types: they would break the printed page, the mail or
    the database.
    """
    if isinstance(field.data, str) and typed.has_unreadable_character(field.data):
        raise StopValidation(str(typed.UNSEEN_CHARACTER))  # one mistake, one sentence


def no_undrawable_characters(form: Any, field: Field) -> None:
    """Refuse, in a text of one line, characters that no font draws: names, places and titles are printed.

    What is only looked for is not.
    """
    is_line = isinstance(field, StringField) and not isinstance(
        field, (TextAreaField, HiddenField, PasswordField)
    )
    if (
        form.is_printed
        and form.meta.csrf
        and is_line
        and (refusal := refusal_of_characters(field.data or ""))
    ):
        raise ValidationError(str(refusal))


class BaseForm(FlaskForm):
    """A form that answers a bad value with the same page, the reason at the field and everything typed still
    there.
    """

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return translations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a page sends; a JSON body is no form, and its numbers and lists are no texts."""
            return None if formdata is _Auto and request.is_json else super().wrap_formdata(form, formdata)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if not issubclass(unbound_field.field_class, UNTRIMMED):
                tidy = clean if issubclass(unbound_field.field_class, TextAreaField) else clean_line
                options = {**options, "filters": [tidy, *unbound_field.kwargs.get("filters", ())]}
            return unbound_field.bind(form=form, **options)

    idempotency_key = HiddenField(default=lambda: uuid4().hex)
    status = 200
    is_printed = True  # what is typed here may stand on a sheet one day
    form_errors: list[str]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, the given text for characters that cannot be stored."""
        more = {
            name: [no_control_characters, no_undrawable_characters, *(extra_validators or {}).get(name, ())]
            for name in self._fields
        }
        is_right = super().validate(more)
        if (token := self._fields.get("csrf_token")) is not None and token.errors:
            token.errors, self.form_errors = [], [*self.form_errors, str(OUT_OF_DATE)]
        return is_right or self.shown_again()

    def shown_again(self) -> bool:
        """Note that this press is answered with the form itself, so that the browser stores the page for
        going back; never a success.
        """
        g.form_shown_again = True
        return False

    @property
    def is_refreshing(self) -> bool:
        """Return whether a button was pressed that only asks for further choices: nothing is checked or saved
        then.
        """
        return any(getattr(field, "is_refreshing", False) for field in self)

    def carry_out(
        self,
        decide: Callable[[], Any],
        *,
        to: str | Callable[[Any], str],
        saying: Text | str | Callable[[Any], Text | str] | None = None,
        otherwise: Callable[[], Text | None] | None = None,
    ) -> Any:
        """Validate, decide once and answer with a redirect; None when the page is to be shown (again).

        The decision and its answer are stored in one transaction: pressing twice, or again after a broken
        line, has one effect and gets the same answer. A refusal leaves nothing changed and is shown at its
        field, or above the form. `otherwise` is asked when the same is sent again: how things stand now,
        where that is not what was answered then any more.
        """
        if not self.is_submitted() or self.is_refreshing:
            self.shown_again()
            return None
        ticket = self._ticket()
        answered = (
            ticket is not None and find(ticket) is not None
        )  # what was chosen then may be no choice any more
        if not answered and not self.validate():
            self.status = 422
            return None

        def decision() -> dict[str, str]:
            result = decide()
            message = saying(result) if callable(saying) else saying
            return {"to": to(result) if callable(to) else to, "saying": str(message or "")}

        try:
            outcome, repeated = once(ticket, decision)
        except DomainError as refusal:
            self.show(refusal)
            return None
        except IntegrityError:
            self.show(
                DomainError(_("Data ini baru saja diubah. Periksa kembali, lalu kirim lagi.")), status=409
            )
            return None
        now = otherwise() if repeated and otherwise is not None else None
        if now is not None or outcome["saying"]:
            flash(outcome["saying"] if now is None else str(now), "success" if now is None else "info")
        return redirect(outcome["to"], 303)

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Put a refusal at its field, or above the form when it belongs to none."""
        self.status = status or refusal.status
        self.shown_again()
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors = [*self.form_errors, str(refusal.reason)]
        else:
            field.errors = [*field.errors, str(refusal.reason)]

    def _ticket(self) -> Ticket | None:
        key = self.idempotency_key.data or ""
        if not 8 <= len(key) <= 32:
            return None
        unkept = {
            KEY,
            "csrf_token",
            *(field.name for field in self if isinstance(field, PasswordField)),
        }  # no fast digest of a password
        body = [[name, request.form.getlist(name)] for name in sorted(request.form) if name not in unkept]
        fingerprint = fingerprint_of(body)
        return Ticket(
            actor=who_asks(),
            operation=f"{request.path}"[:120],
            key=f"{key}:{fingerprint}",
            fingerprint=fingerprint,
        )


class ActionForm(BaseForm):
    """A single button."""


class VersionField(HiddenField):
    """The version that the page was made of; a form that was sent without one has read nothing."""

    def process_formdata(self, valuelist: Any) -> None:
        self.data = valuelist[0] if valuelist else ""


class VersionedForm(BaseForm):
    """A form that overwrites rows: it carries the version that was read, and the decision compares it with
    what is stored then.

    Where others have saved since, the page comes back with the new version and all that was typed. Lines that
    only the others changed show what is stored now; where both changed, `clashes` holds what is stored, to be
    shown beside what was typed.
    """

    version = VersionField()
    clashes: Mapping[int, Line] = MappingProxyType({})

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Put a stale reading right before it is shown: sending again then overwrites knowingly."""
        if isinstance(refusal, Stale):
            self.version.data = refusal.version
            self.clashes = {key: refusal.now[key] for key in refusal.asked}
            for key in refusal.left:
                self.put(key, refusal.now[key].shown)
        super().show(refusal, status=status)

    def put(self, key: int, shown: Any) -> None:
        """Let the fields of one line show this."""
        raise NotImplementedError


class SeenForm(BaseForm):
    """A form that carries out what its page shows: an answer about these days, an issue of these sheets.

    It carries a digest of that; where something else would be carried out by now, the page comes back once.
    Sent without one, it is carried out as it is.
    """

    version = VersionField()
    _shown: Callable[[], Any]
    _hold: Callable[[], Any]
    _changed: Callable[[], Text]

    def over(
        self,
        shown: Callable[[], Any],
        *,
        hold: Callable[[], Any],
        changed: Callable[[], Text],
        anew: bool = False,
    ) -> None:
        """Declare what the page shows, read when it is asked for, how to lock the rows it is read from, and
        the sentence of a page that was overtaken; `anew` where a button was pressed that only looks again.
        """
        self._shown, self._hold, self._changed = shown, hold, changed
        if anew:
            self.shown_again()
        if anew or not self.is_submitted():
            self.version.data = digest_of(shown())

    def carry_out(self, decide: Callable[[], Any], **how: Any) -> Any:
        """Carry out what was read, with its rows held; what is something else by now comes back: sending
        again then knows.
        """

        def decide_what_was_read() -> Any:
            self._hold()
            read, now = self.version.data, digest_of(self._shown())
            self.version.data = now
            if read and read != now:
                raise Conflict(self._changed())
            return decide()

        return super().carry_out(decide_what_was_read, **how)


class RowForm(VersionedForm):
    """A form that overwrites one row.

    Each field is a line of its own: what only others changed since stays as they saved it, and a field that
    both changed differently comes back with both values. Sent without a version, it overwrites as it is.
    """

    _read: Callable[[], Mapping[str, Any]] = staticmethod(dict)

    def over(self, read: Callable[[], Mapping[str, Any]]) -> None:
        """Declare how the row is read: what is stored now, by the name of the field.

        The page carries the version of that.
        """
        self._read = read
        if not self.is_submitted():
            self.version.data = version_of(self._lines(read()))

    def refuse_stale(self) -> None:
        """Compare with what is stored now: inside the decision, with the row held. Raises Stale."""
        if not self.version.data:
            return
        stored = self._read()
        typed = {key: plain(field.data) for key, field in enumerate(self._compared(stored))}
        for key in lines_to_leave(self.version.data, typed, self._lines(stored)):
            self.put(key, None)

    def put(self, key: int, shown: Any) -> None:
        """Let a field show what is stored now, as others saved it."""
        stored = self._read()
        field = self._compared(stored)[key]
        value = stored[field.name]
        show_value(field, value.value if isinstance(value, Choice) else value)

    def show(self, refusal: DomainError, *, status: int | None = None) -> None:
        """Name, at each field that both changed, what is stored now."""
        super().show(refusal, status=status)
        stored = self._read() if self.clashes else {}
        fields = self._compared(stored)
        for key, line in self.clashes.items():
            value = stored[fields[key].name]
            now = (
                f"{value:{DAY_SHOWN if isinstance(value, date) else TIME_SHOWN}}"
                if isinstance(value, date | time)
                else line.shown
            )
            sentence = _(
                "Kini tersimpan “%(now)s”, diubah sejak halaman dibuka. Simpan lagi untuk memakai isian"
                " Anda.",
                now=now or "–",
            )
            fields[key].errors = [*fields[key].errors, str(sentence)]

    def _compared(self, stored: Mapping[str, Any]) -> list[Field]:
        """Return the fields of what is stored, in the order of their names: the same whatever else the form
        asks.
        """
        return [self._fields[name] for name in sorted(stored) if name in self._fields]

    def _lines(self, stored: Mapping[str, Any]) -> dict[int, Line]:
        return lines_of({field.name: stored[field.name] for field in self._compared(stored)})


def show_value(field: Field, value: Any) -> None:
    """Let a field show a value instead of what was typed into it."""
    field.data, field.raw_data = value, None


def values_of(row: Any, form: BaseForm) -> dict[str, Any]:
    """Return the attributes of a row that a form has fields for, as they are now."""
    return {field.name: getattr(row, field.name) for field in form if hasattr(row, field.name)}


def who_asks() -> str:
    """Return the account, or this browser, under which answers are stored."""
    if current_user.is_authenticated:
        return f"user:{current_user.id}"
    return "browser:" + crypto.token_digest(str(session.get("csrf_token", "")))[:40]
