"""How a refusal reads for programs: the sentence of the rule, at the field of the body or the parameter that
it is about.
"""

from typing import Any

from flask import Response, current_app, request

from app.api.blueprint import bp
from app.api.fields import Schema
from app.core.errors import DomainError
from app.web import errors

PLACES = {"body": "json", "query": "query"}  # as the library names them in what it refuses by itself


@bp.errorhandler(DomainError)
def on_refusal(refusal: DomainError) -> Response:
    """Answer a refusal of a rule with the fields that it is about."""
    named: dict[str, list[str]] = getattr(refusal, "errors", None) or (
        {refusal.field: [str(refusal.reason)]} if refusal.field else {}
    )
    spec = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {})
    taken = [(spec["body"], "body")] if "body" in spec else []
    places: dict[str, Any] = {}
    for schema, place in [*taken, *spec.get("args", [])]:
        known = dict(found for name, text in named.items() if (found := at_field(schema, name, text)))
        places |= {PLACES[place]: known} if known else {}
    if (
        named and named.keys() <= request.args.keys()
    ):  # a parameter that this operation does not read, or reads by itself
        places = {"query": named}
    return errors.on_refusal(refusal, errors=places)


def at_field(schema: Schema, name: str, said: list[str]) -> tuple[str, Any] | None:
    """Return the field of a schema that a rule means and what stands there, None when it has no such field.

    What a rule names after a person (mark_12) stands at her line of the list, as the library writes it: {"0":
    {"value": […]}}.
    """
    if name in schema.fields:
        return name, said
    word, _line, key = name.rpartition("_")
    if not key.isdecimal():
        meant = schema.called.get(name)
        return (meant, said) if meant else None
    meant, _dot, part = schema.called.get(word, "").partition(".")
    rows = request.get_json()[meant] if meant else []
    lines = [str(line) for line, row in enumerate(rows) if row["attendee"] == int(key)]
    return (meant, {lines[0]: {part: said}} if lines else said) if meant else None


@bp.after_request
def answer_options_without_a_page(answer: Response) -> Response:
    """Say which methods an address knows by the header alone."""
    if request.method == "OPTIONS":
        answer.status_code = 204
        answer.headers.pop("Content-Type", None)
    return answer
