"""Tokens for programs: made by the owner, shown once, ended by the owner."""

from typing import Any

from apiflask import Schema
from apiflask.fields import String
from flask import request

from app.api.blueprint import bp
from app.api.fields import Words, amount
from app.auth import services
from app.web.access import public


class TokenIn(Schema):
    name = Words(254, required=True)
    password = String(required=True)
    label = Words(100, load_default="")
    days = amount(1, 366, load_default=30)


@bp.post("/tokens")
@public
@bp.input(TokenIn)
@bp.doc(summary="Buat token dengan nama masuk dan kata sandi")
def make_token(json_data: dict[str, Any]) -> Any:
    user, sign_in = services.sign_in(json_data["name"], json_data["password"], address=request.remote_addr or "", device="api")
    services.end_sign_in(sign_in)
    token = services.make_access_token(user, json_data["label"], days=json_data["days"], by=user)
    return {"token": token, "days": json_data["days"]}, 201
