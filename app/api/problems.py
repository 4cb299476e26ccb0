"""How a refusal reads for programs: the sentence of the rule, at the field of the body or the parameter that it is about."""

from typing import Any

from flask import Response, current_app, request

from app.api.blueprint import bp
from app.core.errors import DomainError
from app.web import errors

PLACES = {"body": "json", "query": "query"}  # as the library names them in what it refuses by itself


@bp.errorhandler(DomainError)
def on_refusal(refusal: DomainError) -> Response:
    """Answer a refusal of a rule with the fields that it is about."""
    named: dict[str, list[str]] = getattr(refusal, "errors", None) or ({refusal.field: [str(refusal.reason)]} if refusal.field else {})
    spec = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {})
    taken = [(spec["body"], "body")] if "body" in spec else []
    places: dict[str, Any] = {}
    for schema, place in [*taken, *spec.get("args", [])]:
        known = {name: said for name, said in named.items() if name in schema.fields}
        places |= {PLACES[place]: known} if known else {}
    return errors.on_refusal(refusal, errors=places)


@bp.after_request
def answer_options_without_a_page(answer: Response) -> Response:
    """Say which methods an address knows by the header alone."""
    if request.method == "OPTIONS":
        answer.status_code = 204
        answer.headers.pop("Content-Type", None)
    return answer
