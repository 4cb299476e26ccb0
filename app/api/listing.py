"""A list as JSON, or the same rows as a file for spreadsheets: `?format=csv` and `?format=xlsx` on every list."""

import json
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from app.api.answers import ROWS, Json, page_of
from app.api.description import Answer, View
from app.core.errors import RuleViolation
from app.core.text import _
from app.sheets.document import MEDIA, FileFormat, Sheet, sheet_answer

LINK = {"Link": {"description": "Alamat halaman berikutnya (rel=next), bila masih ada.", "schema": {"type": "string"}}}


def listed(name: str, **more: Json) -> Any:
    """Declare a list of rows of `answers.ROWS`, and answer it in the form that is asked for; raise for one that there is not."""

    def declare(view: View) -> View:
        @wraps(view)
        def answered(*args: Any, **kwargs: Any) -> Any:
            asked = request.args.get("format", "json")
            if asked != "json" and asked not in list(FileFormat):
                raise RuleViolation(_("format ditulis json, csv, atau xlsx."), field="format")
            page = view(*args, **kwargs)
            return page if asked == "json" else as_file(name, page, FileFormat(asked))

        media = {"application/json": page_of(name, **more)} | {
            each: {"type": "string", "contentMediaType": each} for each in MEDIA.values()
        }
        answered.answer = Answer(media, may_have=LINK)  # type: ignore[attr-defined]
        answered.is_list = True  # type: ignore[attr-defined]
        return answered

    return declare


def as_file(name: str, page: dict[str, Any], kind: FileFormat) -> Response:
    """Return the rows of one page as a file, with the fields of the JSON as columns; the next page stands in the Link header."""
    fields = [each for each in ROWS[name]["properties"] if each in ROWS[name]["required"]]
    sheet = Sheet(fields, [[_cell(row[each]) for each in fields] for row in page["items"]])
    answer = sheet_answer(sheet, kind, f"{(request.endpoint or '').removeprefix('api.')}")
    if page["next"]:
        address = f"{request.path}?{urlencode({**request.args.to_dict(), 'after': page['next']})}"
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
