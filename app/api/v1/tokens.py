"""Tokens for programs: made by the owner, shown once, ended by the owner."""

from typing import Any

from apiflask.fields import String
from flask import request

from app.api.access import effect_once, key_sent, refuse_unknown_parameters, ticket_of
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Schema, Words, amount
from app.api.schemas import NUMBER, TEXT, row
from app.auth import queries, services
from app.core.errors import Conflict, RuleViolation
from app.core.idempotency import once
from app.core.text import _
from app.web.access import public


class TokenIn(Schema):
    name = Words(254, required=True)
    password = String(required=True)
    label = Words(100, load_default="")
    days = amount(1, 366, load_default=30)


@bp.post("/tokens")
@public
@bp.input(TokenIn)
@answers(row(token=TEXT, days=NUMBER), status=201)
@bp.doc(
    summary="Buat token dengan nama masuk dan kata sandi",
    description=(
        "Token ditunjukkan satu kali dan tidak disimpan: kunci yang diulang dijawab 409. Token berakhir pada"
        " harinya (days), bila kata sandi diganti atau diatur ulang, bila akun dinonaktifkan (juga sesudah"
        " diaktifkan lagi), dan bila pemiliknya mengakhirinya di halaman Akun saya. Sejak itu setiap"
        " permintaan dijawab 401; buat token baru di sini."
    ),
)
@effect_once
def make_token(json_data: dict[str, Any]) -> Any:
    key_sent()
    refuse_unknown_parameters()
    user, sign_in = services.sign_in(
        json_data["name"], json_data["password"], address=request.remote_addr or "", device="api"
    )
    label, days = json_data["label"], json_data["days"]
    made: list[str] = []

    def decide() -> dict[str, bool]:
        made[:] = [services.make_access_token(user, label, days=days, by=user)]
        if (
            queries.find_signed_in(sign_in) is None
        ):  # the account was closed or its password changed at this very moment
            raise RuleViolation(services.WRONG)
        return {"made": True}

    try:
        _outcome, repeated = once(ticket_of(user, {"label": label, "days": days}), decide)
    finally:
        services.end_sign_in(sign_in)
    if repeated:
        raise Conflict(
            _(
                "Token dengan kunci ini sudah dibuat dan hanya ditunjukkan satu kali. Pakai kunci lain untuk"
                " token baru."
            )
        )
    return {"token": made[0], "days": days}, 201
