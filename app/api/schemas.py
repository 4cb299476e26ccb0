"""The words in which answers are described: JSON Schema for a text, a day, a row, a list."""

from typing import Any

from app.core.choices import Choice
from app.regions.rules import CODE
from app.web.headers import LARGEST_ID

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
TRUTH: Json = {"type": "boolean"}
DAY: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}
CLOCK: Json = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
COUNT: Json = {"type": "integer", "minimum": 0}
NUMBER: Json = {"type": "integer", "minimum": 1}
ID: Json = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
COUNTING: Json = {
    **ID,
    "description": (
        "Nomor orangnya di /trainees; sesudah data ganda digabungkan, nomor data yang dipertahankan."
    ),
}
REGION: Json = {"type": "string", "pattern": f"^{CODE.pattern}$"}
VERSION: Json = {
    **TEXT,
    "description": "Dikirim kembali bersama perubahan, agar yang diubah orang lain tidak tertimpa.",
}
MARK: Json = {"type": "string", "pattern": r"^\d{1,3}\.\d{2}$"}


def maybe(schema: Json) -> Json:
    """Return the schema of the same, or null."""
    return {**schema, "type": [schema["type"], "null"]} | (
        {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    )


def one_of(choice: type[Choice]) -> Json:
    """Return the schema of a stored word."""
    return {"type": "string", "enum": [each.value for each in choice]}


def ref(name: str) -> Json:
    """Return a reference to a schema of ROWS."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def row(optional: Json | None = None, **fields: Json) -> Json:
    """Return the schema of an object: the named fields always stand in it, the optional ones for some
    readers.
    """
    return {"type": "object", "properties": {**fields, **(optional or {})}, "required": sorted(fields)}


def page_of(name: str, **more: Json) -> Json:
    """Return the schema of a list of rows, with the cursor of the next page."""
    return row(items=many(ref(name)), next=maybe(TEXT), **more)
