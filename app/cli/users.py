"""flask users: open accounts, give and end roles, hand out reset links and tokens."""

import secrets
import sys
from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from app.auth import queries, services
from app.auth.models import User
from app.auth.rules import ROLE_KINDS, NameKind, Role
from app.cli.answers import Day, Words, answer, json_option, refuse, refusing
from app.core import clock
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.core.text import _
from app.core.unit_of_work import atomic
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WIB

group = AppGroup("users", help="Akun: buka, beri dan akhiri peran, tautan kata sandi, token.")
ROLES = click.Choice([role.value for role in Role if ScopeKind.REGION in ROLE_KINDS[role]])


@group.command("create")
@click.argument("name", type=Words())
@click.option("--email", type=Words(), help="Alamat email; dipakai untuk masuk.")
@click.option("--phone", type=Words(), help="Nomor HP; dipakai untuk masuk.")
@click.option("--role", type=ROLES, help="Peran yang langsung diberikan di wilayah.")
@click.option("--region", "code", help="Kode wilayah, misalnya 63.05; 00 untuk nasional.")
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari masukan standar.")
@click.option("--print-password", is_flag=True, help="Buat kata sandi acak dan cetak satu kali.")
@json_option
@refusing
def create(
    name: str,
    email: str | None,
    phone: str | None,
    role: str | None,
    code: str | None,
    password_stdin: bool,
    print_password: bool,
    as_json: bool,
) -> None:
    """Buka akun NAME. Tanpa kata sandi, undangan dikirim ke emailnya.

    Akun yang sudah ada tidak diubah, hanya diberi peran.
    """
    if password_stdin and print_password:
        raise click.UsageError("--password-stdin and --print-password exclude each other")
    if not email and not phone:
        raise click.UsageError("--email or --phone is needed")
    if role and not code:
        raise click.UsageError("--role needs --region")
    region = _region(code) if code else None
    known = queries.find_by_sign_in_name(email or phone or "")
    password = secrets.token_urlsafe(12) if print_password else None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    if known is None and password is None and email and role and region:
        user = services.invite_user(
            name, email, Role(role), scope_kind=ScopeKind.REGION, scope_id=region.id, by=SYSTEM
        )
    else:
        user = known or _open(name, email, phone, password, region, role)
        if known is not None and role and region:
            services.grant_role(known, Role(role), scope_kind=ScopeKind.REGION, scope_id=region.id, by=SYSTEM)
    data: dict[str, Any] = {
        "id": user.id,
        "name": user.name,
        "created": known is None,
        "role": role,
        "region": code,
    }
    lines = [
        (
            _("Akun %(name)s dibuka.", name=user.name)
            if known is None
            else _("Akun %(name)s sudah ada.", name=user.name)
        )
    ]
    if known is None and password is None and email and role:
        lines.append(_("Undangan dikirim ke %(email)s.", email=email))
    if known is None and print_password:
        data["password"] = password
        lines.append(_("Kata sandi: %(password)s", password=password))
    answer(data, as_json, lines)


def _open(
    name: str,
    email: str | None,
    phone: str | None,
    password: str | None,
    region: Region | None,
    role: str | None,
) -> User:
    @atomic()
    def save() -> User:
        names = {NameKind.PHONE: phone} if phone else {}
        user = services.open_account(
            name, password=password, names=names, email=email, region=region, by=SYSTEM
        )
        if role and region:
            services.grant_role(user, Role(role), scope_kind=ScopeKind.REGION, scope_id=region.id, by=SYSTEM)
        return user

    return save()


@group.command("grant")
@click.argument("account")
@click.option("--role", type=ROLES, required=True)
@click.option("--region", "code", required=True, help="Kode wilayah, misalnya 63.05; 00 untuk nasional.")
@click.option("--until", type=Day(), help="Hari terakhir.")
@json_option
@refusing
def grant(account: str, role: str, code: str, until: date | None, as_json: bool) -> None:
    """Beri peran kepada ACCOUNT (email atau nomor HP)."""
    user, region = _user(account), _region(code)
    row = services.grant_role(
        user, Role(role), scope_kind=ScopeKind.REGION, scope_id=region.id, ends_on=until, by=SYSTEM
    )
    data = {
        "id": row.id,
        "name": user.name,
        "role": role,
        "region": code,
        "until": until and until.isoformat(),
    }
    answer(
        data,
        as_json,
        [
            _(
                "%(name)s: %(role)s, %(region)s.",
                name=user.name,
                role=Role(role).label,
                region=region.full_name,
            )
        ],
    )


@group.command("revoke")
@click.argument("account")
@click.option("--role", type=ROLES, required=True)
@click.option("--region", "code", required=True)
@json_option
@refusing
def revoke(account: str, role: str, code: str, as_json: bool) -> None:
    """Akhiri peran ACCOUNT (email atau nomor HP) di wilayah ini."""
    user, region = _user(account), _region(code)
    row = queries.find_grant(user, Role(role), ScopeKind.REGION, region.id, clock.today(WIB))
    if row is not None:
        services.revoke_role(row, by=SYSTEM)
    sentence = _("Peran diakhiri.") if row is not None else _("Peran itu memang tidak dipegang.")
    answer({"name": user.name, "role": role, "region": code, "ended": row is not None}, as_json, [sentence])


@group.command("reset-link")
@click.argument("account")
@json_option
@refusing
def reset_link(account: str, as_json: bool) -> None:
    """Cetak tautan kata sandi untuk ACCOUNT; berlaku satu jam, satu kali pakai."""
    user = _user(account)
    link = services.issue_reset_link(user, by=SYSTEM)
    answer({"name": user.name, "link": link}, as_json, [link])


@group.command("token")
@click.argument("account")
@click.option(
    "--scope",
    type=click.Choice(["all"]),
    default="all",
    show_default=True,
    help="Token berhak sama dengan akunnya.",
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@click.option("--label", type=Words(), default="", help="Untuk apa token ini.")
@json_option
@refusing
def token(account: str, scope: str, days: int, label: str, as_json: bool) -> None:
    """Cetak token API baru untuk ACCOUNT; hanya tampil satu kali."""
    user = _user(account)
    made = services.make_access_token(user, label, days=days, by=SYSTEM)
    answer({"name": user.name, "scope": scope, "days": days, "token": made}, as_json, [made])


@group.command("sign-out")
@click.argument("account")
@json_option
@refusing
def sign_out(account: str, as_json: bool) -> None:
    """Keluarkan semua perangkat dan program ACCOUNT; semua tokennya berakhir."""
    user = _user(account)
    devices, programs = len(queries.list_sign_ins(user)), len(queries.list_access_tokens(user))
    services.sign_out_everywhere(user, by=SYSTEM)
    sentence = _(
        "%(devices)d perangkat dan %(programs)d program dikeluarkan.", devices=devices, programs=programs
    )
    answer({"name": user.name, "devices": devices, "programs": programs}, as_json, [sentence])


def _user(account: str) -> User:
    user = queries.find_by_sign_in_name(account)
    if user is None:
        refuse(_("Tidak ada akun dengan nama masuk itu."))
    return user


def _region(code: str) -> Region:
    region = find_region(code)
    if region is None:
        refuse(_("Tidak ada wilayah dengan kode %(code)s.", code=code))
    return region
