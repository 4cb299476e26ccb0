"""Forms of auth: sign-in, passwords, one's own account, invitations and roles."""

from typing import Any

from flask_login import current_user
from wtforms import Field, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import Email, EqualTo, InputRequired, Length, Optional

from app.auth.ports import choices_within
from app.auth.queries import list_regions_of
from app.auth.rules import (
    BELOW,
    BY_PAGE_ROLES,
    PASSWORD_LEAST,
    PASSWORD_MOST,
    Permission,
    Role,
    normal_name,
    typed_name,
)
from app.core.scopes import KABUPATEN_LENGTH, NATION, ScopeKind
from app.core.text import _
from app.regions.fields import RegionField
from app.regions.rules import Level
from app.web.fields import DayField
from app.web.forms import BaseForm

INSIDE = "inside"
_NEW = {"autocomplete": "new-password"}
_RULE = _(
    "Paling sedikit %(least)d huruf atau angka. Beberapa kata yang hanya Anda ingat sudah cukup.",
    least=PASSWORD_LEAST,
)
_EMAIL = Email(allow_smtputf8=False, check_deliverability=False)


class SignInForm(BaseForm):
    """By what, and the password."""

    is_printed = False

    typed = StringField(
        _("Email, nomor HP, atau NIK"),
        [InputRequired(), Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _("Kata sandi atau kode masuk"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class RequestResetForm(BaseForm):
    """Whose password is forgotten."""

    is_printed = False

    def validate_typed(self, field: Field) -> None:
        """Refuse what nobody signs in by, a name for one: it would be seen by nobody."""
        if normal_name(*typed_name(field.data or "")) is None:
            raise ValidationError(
                str(_("Ini bukan NIK, nomor HP, atau email. Nama saja tidak dapat dicari; ketik NIK Anda."))
            )

    typed = StringField(
        _("Email, nomor HP, atau NIK"),
        [InputRequired(), Length(max=254)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )


class NewPasswordForm(BaseForm):
    """A password, twice."""

    password = PasswordField(
        _("Kata sandi baru"),
        [InputRequired(), Length(max=PASSWORD_MOST)],
        description=_RULE,
        render_kw={**_NEW, "minlength": PASSWORD_LEAST},
    )
    again = PasswordField(
        _("Kata sandi baru, sekali lagi"),
        [InputRequired(), EqualTo("password", message=str(_("Kedua kata sandi tidak sama.")))],
        render_kw=_NEW,
    )


class ChangePasswordForm(BaseForm):
    """The old password and a new one, twice."""

    old = PasswordField(_("Kata sandi lama"), [InputRequired()])
    password = PasswordField(
        _("Kata sandi baru"), [InputRequired(), Length(max=PASSWORD_MOST)], description=_RULE, render_kw=_NEW
    )
    again = PasswordField(
        _("Kata sandi baru, sekali lagi"),
        [InputRequired(), EqualTo("password", message=str(_("Kedua kata sandi tidak sama.")))],
        render_kw=_NEW,
    )


class EmailForm(BaseForm):
    """Another e-mail, and the password."""

    email = StringField(
        _("Email baru"),
        [InputRequired(), Length(max=254), _EMAIL],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    password = PasswordField(_("Kata sandi Anda"), [InputRequired()])


class RoleForm(BaseForm):
    """A role, where, and until when."""

    role = SelectField(_("Peran"), [InputRequired()])
    place = SelectField(_("Berlaku untuk"), [InputRequired()])
    region = RegionField(
        _("Wilayah di dalamnya"),
        level=Level.KECAMATAN,
        within=lambda: start_of_choice(),
        required=False,
        description=_("Hanya bila di atas dipilih wilayah lain."),
    )
    ends_on = DayField(_("Hari terakhir"), [Optional()], description=_("Kosongkan bila tanpa batas."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = current_user.reach(Permission.USER_MANAGE)
        own = [(f"{ScopeKind.REGION}:{region.id}", region.full_name) for region in list_regions_of(reach)]
        offices = [
            (f"{ScopeKind.ORGANISER}:{number}", name)
            for number, name in choices_within(ScopeKind.ORGANISER, reach)
        ]
        reaches_inside = any(
            reaching is BELOW or len(code) == KABUPATEN_LENGTH for code, reaching in reach.regions
        )
        inside = [(INSIDE, str(_("Wilayah lain di dalamnya, pilih di bawah")))] if reaches_inside else []
        self.role.choices = [("", str(_("Pilih …"))), *((role.value, role.label) for role in BY_PAGE_ROLES)]
        self.place.choices = [("", str(_("Pilih …"))), *own, *offices, *inside]
        if not reaches_inside:
            del self.region

    def scope(self) -> tuple[ScopeKind, int] | None:
        """Return the place chosen; None when the region inside is still to be chosen."""
        if self.place.data == INSIDE:
            return (ScopeKind.REGION, self.region.data.id) if self.region.data else None
        kind, _colon, number = self.place.data.partition(":")
        return ScopeKind(kind), int(number)

    def chosen_role(self) -> Role:
        return Role(self.role.data)


def start_of_choice() -> str:
    """Return the region inside which the reader may give roles: the own one, or the nation when there are
    several.
    """
    codes = {code for code, _reaching in current_user.reach(Permission.USER_MANAGE).regions}
    return codes.pop() if len(codes) == 1 else NATION


class InviteForm(RoleForm):
    """Who is invited, as what."""

    name = StringField(
        _("Nama lengkap"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "off"}
    )
    email = StringField(
        _("Email"),
        [InputRequired(), Length(max=254), _EMAIL],
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )


class UserFilter(BaseForm):
    """How the name begins."""

    class Meta(BaseForm.Meta):
        csrf = False

    name = StringField(_("Nama"), [Optional(), Length(max=200)])
