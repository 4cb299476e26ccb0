"""What programs send: texts without invisible signs, days, numbers that the database can hold."""

import re
from datetime import time
from typing import Any

from apiflask import Schema
from apiflask.fields import Date, Integer, String, Time
from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from app.core.errors import RuleViolation
from app.core.text import _
from app.core.typed import UNSEEN_SIGN, clean_text, has_unreadable_sign

LARGEST_ID = 2**31 - 1


class Words(String):
    """A text, trimmed and in one spelling; refused when it holds signs that no keyboard types."""

    def __init__(self, most: int = 200, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(validate=Length(max=most, min=least or (1 if kwargs.get("required") else 0)), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = clean_text(super()._deserialize(value, attr, data, **kwargs))
        if has_unreadable_sign(text):
            raise ValidationError(str(UNSEEN_SIGN))
        return text


def row_id(*, strict: bool = True, **kwargs: Any) -> Integer:
    """Return a field that holds the id of a row; not strict in a query, where every number is a text."""
    return Integer(strict=strict, validate=Range(1, LARGEST_ID), **kwargs)


def amount(least: int = 0, most: int = 100_000, **kwargs: Any) -> Integer:
    """Return a field for a whole number within limits."""
    return Integer(strict=True, validate=Range(least, most), **kwargs)


def day(**kwargs: Any) -> Date:
    """Return a field for a calendar day, YYYY-MM-DD."""
    wanted = "Tulis tanggal sebagai tahun-bulan-hari. Contoh: 2011-05-24."
    return Date(format="%Y-%m-%d", error_messages={"invalid": wanted, "format": wanted}, **kwargs)


class LocalTime(Time):
    """A time of day at the venue, HH:MM; one with a zone is refused, for whatever it means, the venue has its own."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:00)?", value):
            raise ValidationError("Tulis jam setempat tanpa zona waktu, misalnya 08:00.")
        return super()._deserialize(value, attr, data, **kwargs)


class PageQuery(Schema):
    """`?after=CURSOR&per_page=`."""

    after = String(load_default=None)
    per_page = Integer(load_default=50, validate=Range(1, 200))


class Nothing(Schema):
    """An empty body, or none."""


class Anything(Schema):
    """An object described in words."""

    class Meta:
        unknown = "include"


def by_attendee(rows: list[dict[str, Any]], field: str) -> dict[int, dict[str, Any]]:
    """Return rows by the attendee whom each is about; raise where one is named twice, for only one of them could be kept."""
    found = {row["attendee"]: row for row in rows}
    if len(found) < len(rows):
        named = [row["attendee"] for row in rows]
        twice = sorted({str(each) for each in named if named.count(each) > 1})
        raise RuleViolation(
            _("Peserta ini disebut lebih dari sekali: %(ids)s. Tidak ada yang disimpan.", ids=", ".join(twice)), field=field
        )
    return found


def as_page(page: Any, serialize: Any) -> dict[str, Any]:
    """Return a page of rows with the cursor of the next one; raise for a cursor that is none of ours."""
    if page.started_over:
        raise RuleViolation(_("Penanda halaman tidak dikenal. Pakai penanda halaman berikutnya dari jawaban sebelumnya."), field="after")
    return {"items": [serialize(row) for row in page.rows], "next": page.next_cursor}
