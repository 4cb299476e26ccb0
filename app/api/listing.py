"""A list as JSON, or the same rows as a file for spreadsheets: `?format=csv` and `?format=xlsx` on every
list.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from app.api.answers import ROWS
from app.api.description import Answer, View
from app.api.schemas import VERSION, Json, page_of, ref
from app.core.errors import RuleViolation
from app.core.text import _
from app.sheets.document import MEDIA, FileFormat, Sheet, sheet_answer

FILES: dict[str, Json] = {each: {"type": "string", "contentMediaType": each} for each in MEDIA.values()}
LINK = {
    "Link": {
        "description": "Alamat halaman berikutnya (rel=next), bila masih ada.",
        "schema": {"type": "string"},
    }
}


def listed(name: str, **more: Json) -> Any:
    """Declare a list of rows of `answers.ROWS`, and answer it in the form that is asked for; raise for one
    that there is not.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answered(*args: Any, **kwargs: Any) -> Any:
            kind = asked_format()
            page = view(*args, **kwargs)
            link = link_of(page)
            return (page, 200, link) if kind is None else as_file(name, page, kind, link)

        answer = Answer({"application/json": page_of(name, **more)} | FILES, may_have=LINK)
        answered.answer = answer  # type: ignore[attr-defined]
        answered.is_list = answered.has_files = True  # type: ignore[attr-defined]
        return answered

    return declare


def tabled(name: str, lines: Callable[[Json], list[Json]], *, fields: Sequence[str], file: str) -> Any:
    """Declare an object of `answers.ROWS` about a region and a day, of which all `lines` can be had as a file
    in one piece.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answered(*args: Any, **kwargs: Any) -> Any:
            kind = asked_format()
            found = view(*args, **kwargs)
            if kind is None:
                return found
            rows = lines(found)
            named = [column for each in fields for column in _columns(each, rows)]
            sheet = Sheet(
                ["as_of", *named],
                [[date.fromisoformat(found["as_of"]), *_cells(line, fields)] for line in rows],
            )
            return sheet_answer(sheet, kind, f"{file}-{found['region']}-{found['as_of']}")

        answered.answer = Answer({"application/json": ref(name)} | FILES)  # type: ignore[attr-defined]
        answered.has_files = True  # type: ignore[attr-defined]
        return answered

    return declare


def asked_format() -> FileFormat | None:
    """Return the kind of file that is asked for, None for JSON; raise for one that there is not."""
    asked = request.args.get("format", "json")
    if asked != "json" and asked not in list(FileFormat):
        raise RuleViolation(_("format ditulis json, csv, atau xlsx."), field="format")
    return None if asked == "json" else FileFormat(asked)


def link_of(page: dict[str, Any]) -> dict[str, str]:
    """Return the header that names the next page; nothing on the last."""
    if not page["next"]:
        return {}
    return {
        "Link": f'<{request.path}?{urlencode({**request.args.to_dict(), "after": page["next"]})}>; rel="next"'
    }


def as_file(name: str, page: dict[str, Any], kind: FileFormat, link: dict[str, str]) -> Response:
    """Return the rows of one page as a file, with the fields of the JSON as columns: those that every reader
    gets, without what only a change sends back.
    """
    described = ROWS[name]["properties"]
    fields = [each for each in described if each in ROWS[name]["required"] and described[each] is not VERSION]
    sheet = Sheet(fields, [[_cell(row[each]) for each in fields] for row in page["items"]])
    answer = sheet_answer(sheet, kind, request.path.removeprefix("/api/v1/").replace("/", "-"))
    answer.headers.update(link)
    return answer


class Columns(dict[str, Any]):
    """A field whose entries are columns of a file, each named after the field and its own key."""


def _columns(field: str, rows: list[Json]) -> list[str]:
    value = rows[0].get(field) if rows else None
    return [f"{field}_{key}" for key in value] if isinstance(value, Columns) else [field]


def _cells(line: Json, fields: Sequence[str]) -> list[Any]:
    cells: list[Any] = []
    for each in fields:
        value = line.get(each)
        cells += value.values() if isinstance(value, Columns) else [_cell(value)]
    return cells


def _cell(value: Any) -> Any:
    """Return what stands in a table: a day, a moment and a score as such, a list as JSON."""
    return (
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict | list)
        else getattr(value, "cell", value)
    )
