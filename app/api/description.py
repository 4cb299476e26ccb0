"""The description of the API at /api/v1/openapi.json: what each operation takes and everything that it really
answers.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from app.api.answers import ROWS
from app.api.schemas import DAY, ID, REGION, Json, ref
from app.core.errors import TooManyTries
from app.web.errors import SENTENCES, sentence_of
from app.web.headers import safe_filename

View = Callable[..., Any]

LONGEST_KEY = 100
BYTES = "application/octet-stream"  # for clients that know no files but these
PDF, PNG = ("application/pdf", BYTES), ("image/png", BYTES)
ALSO_BYTES = "Sebagai application/octet-stream bila Accept memintanya: berkas yang sama."
PLACES: dict[str, Json] = {  # the parts of addresses that are neither ids nor regions
    "code": {"type": "string", "pattern": "^[^/]+$"},
    "day": {**DAY, "pattern": r"^\d{4}-\d{2}-\d{2}$"},
}
REPEATS = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "Kunci buatan program. Kunci dan isi yang sama dijawab sama dan berlaku satu kali; isi yang berbeda"
        " ditolak (422)."
    ),
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
}
FORM = {
    "name": "format",
    "in": "query",
    "required": False,
    "description": (
        "csv dan xlsx: baris halaman yang sama sebagai berkas untuk Excel. Berkas berakhir bersama halamannya"
        " (per_page, paling banyak 200 baris); halaman berikutnya, bila ada, di header Link. Hari, saat"
        " (menurut jam setempat), dan nilai ditulis sebagai tanggal dan angka. Klien yang dibuat dari dokumen"
        " ini membaca JSON saja; ambillah berkas langsung dari alamatnya."
    ),
    "schema": {"type": "string", "enum": ["json", "csv", "xlsx"], "default": "json"},
}
LATER = {
    "Retry-After": {
        "description": "Detik sampai boleh dicoba lagi.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"description": "Cara masuk yang diminta.", "schema": {"type": "string"}}},
    429: LATER,
    503: LATER,
}
ABOUT = (
    "Diklat, pendaftaran, kehadiran, sertifikat, dan cakupan PSM. Semua kegagalan dijawab dengan"
    " application/problem+json, juga cara yang tidak dikenal suatu alamat (405, dengan Allow). Hari ditulis"
    " YYYY-MM-DD, dari tahun 1900 sampai 2200; saat ditulis dalam UTC, dalam berkas menurut jam setempat. NIK"
    " disamarkan. Baris dengan version diubah dengan version yang dibaca; yang diubah orang lain sejak itu"
    " tidak tertimpa (409)."
)


@dataclass(frozen=True)
class Answer:
    """What an operation answers when it succeeds: its schema by media type."""

    media: dict[str, Json]
    status: int = 200
    may_have: Json = field(default_factory=dict)  # headers that not every such answer has


def answers(
    schema: str | Json, *, status: int = 200, media: Sequence[str] = ("application/json",)
) -> Callable[[View], View]:
    """Declare what a view answers: the name of a row of `answers.ROWS`, or a schema."""

    def declare(view: View) -> View:
        text = ref(schema) if isinstance(schema, str) else schema
        view.answer = Answer(dict.fromkeys(media, text), status)  # type: ignore[attr-defined]
        return view

    return declare


def as_attachment(content: bytes, media: Sequence[str], name: str) -> Response:
    """Return a file under the media type that is asked for, of those that its operation declares."""
    answer = Response(content, mimetype=request.accept_mimetypes.best_match(media, media[0]))
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe_filename(name)}"'
    return answer


def operations(app: Flask) -> Iterator[tuple[str, str, str, View]]:
    """Return path, method, endpoint and view of every operation that the document holds."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not rule.endpoint.startswith("api.") or getattr(view, "_spec", {}).get("hide"):
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), rule.endpoint, view


def described(app: Flask, document: Json) -> Json:
    """Complete the document that the library has drawn from the routes and what they take."""
    for path, method, endpoint, view in operations(app):
        operation = document["paths"][path][method]
        operation["operationId"] = endpoint.removeprefix("api.")
        operation["responses"] = responses_of(view, method, has_place="{" in path)
        for parameter in operation["parameters"]:
            if parameter["schema"].pop("nullable", False):  # an address holds no null
                parameter["schema"].pop("default", None)
            if parameter["in"] == "path":
                parameter["schema"] = (
                    ID if parameter["schema"]["type"] == "integer" else PLACES.get(parameter["name"], REGION)
                )
        if getattr(view, "has_files", False):
            operation["parameters"].append(FORM)
        if getattr(view, "has_effect", False):
            operation["parameters"].append(REPEATS)
        if "requestBody" in operation:
            taken = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
                2
            ]
            operation["requestBody"]["required"] = bool(
                document["components"]["schemas"][taken].get("required")
            )
    schemas = document["components"]["schemas"]
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    for schema in schemas.values():
        name_the_types(schema)
    schemas |= ROWS
    document["components"]["responses"] = {
        f"Problem{status}": problem(status) for status in SENTENCES if status != 403
    }
    return document


def statuses_of(view: View, method: str, *, has_place: bool) -> list[int]:
    """Return the failures that an operation can answer; `has_place`: its address names a row."""
    found = {400, 422, 500, 503}
    if view.access == "public":  # type: ignore[attr-defined]
        found |= {TooManyTries.status} | ({404} if has_place else set())
    else:
        found |= {401, 404}
    return sorted(found | ({409, 413, 415} if method != "get" else set()))


def responses_of(view: View, method: str, *, has_place: bool) -> Json:
    """Return every answer of an operation, the good one first."""
    answer: Answer = view.answer  # type: ignore[attr-defined]
    good: Json = {
        "description": "Berhasil",
        "content": {media: {"schema": schema} for media, schema in answer.media.items()},
    }
    if answer.may_have:
        good["headers"] = answer.may_have
    failures = {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in statuses_of(view, method, has_place=has_place)
    }
    return {str(answer.status): good, **failures}


def problem(status: int) -> Json:
    """Return the answer of one kind of failure (RFC 9457)."""
    found: Json = {
        "description": str(sentence_of(status, is_program=True)[0]),
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    return found | ({"headers": HEADERS[status]} if status in HEADERS else {})


def name_the_types(schema: Json) -> None:
    """Give stored words their type: the library names the words alone."""
    for each in schema.get("properties", {}).values():
        if "enum" in each and "type" not in each:
            each["type"] = ["string", "null"] if None in each["enum"] else "string"
