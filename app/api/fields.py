"""What programs send: texts without invisible characters, days, numbers that the database can hold."""

import decimal
import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, ClassVar

import apiflask
from apiflask.fields import Boolean, Date, Decimal, Enum, Field, Integer, List, Nested, String, Time
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp

from app.core.choices import Choice
from app.core.drawable import refusal_of_characters
from app.core.errors import RuleViolation
from app.core.reasons import LEAST_LETTERS, MOST_CHARACTERS
from app.core.scores import NOT_A_SCORE, read_score
from app.core.text import Text, _
from app.core.typed import (
    FAR_YEAR,
    UNSEEN_CHARACTER,
    clean_text,
    has_unreadable_character,
    is_far,
    plain_digits,
)
from app.regions.rules import CODE, is_code
from app.web.headers import LARGEST_ID

# What the library says in English, on every field of every body and query.
SENTENCES: dict[Any, dict[str, Text]] = {
    Field: {
        "required": _("Wajib diisi."),
        "null": _("Tidak boleh kosong."),
        "validator_failed": _("Isi ini tidak sesuai."),
    },
    String: {"invalid": _("Tulis sebagai teks."), "invalid_utf8": _("Teks ini tidak dapat dibaca.")},
    Integer: {"invalid": _("Tulis bilangan bulat."), "too_large": _("Bilangan ini terlalu besar.")},
    Decimal: {
        "invalid": _("Tulis bilangan, misalnya 77.50."),
        "too_large": _("Bilangan ini terlalu besar."),
        "special": _("Tulis bilangan, misalnya 77.50."),
    },
    Boolean: {"invalid": _("Tulis nilai ya atau tidak menurut JSON, tanpa tanda kutip.")},
    Date: {
        "invalid": _("Tulis tanggal sebagai TTTT-BB-HH: tahun, bulan, hari."),
        "format": _("Tanggal ini tidak dapat ditulis."),
        "invalid_awareness": _("Tulis tanggal sebagai TTTT-BB-HH: tahun, bulan, hari."),
    },
    Enum: {"unknown": _("Pilih salah satu: {choices}.")},
    List: {"invalid": _("Tulis sebagai daftar.")},
    Nested: {"type": _("Tulis sebagai objek.")},
}


def speak_indonesian() -> None:
    """Give the library's fields and validators our sentences."""
    for kind, sentences in SENTENCES.items():
        kind.default_error_messages = {
            **kind.default_error_messages,
            **{name: str(text) for name, text in sentences.items()},
        }
    OneOf.default_message = str(_("Pilih salah satu: {choices}."))
    Range.message_min = str(_("Paling sedikit {{min}}."))
    Range.message_max = str(_("Paling banyak {{max}}."))
    Range.message_all = str(_("Antara {{min}} dan {{max}}."))  # formatted twice by the library
    Length.message_min = str(_("Paling sedikit {min}."))
    Length.message_max = str(_("Paling banyak {max}."))
    Length.message_all = str(_("Panjangnya antara {min} dan {max}."))
    Length.message_equal = str(_("Panjangnya harus {equal}."))


speak_indonesian()  # before the first field is made: a field takes its sentences along


class Schema(apiflask.Schema):
    """What a body or a query holds; anything else is refused, by name."""

    called: ClassVar[
        dict[str, str]
    ] = {}  # what rules call a field otherwise, and its name here; of a line: list.field

    error_messages = {  # noqa: RUF012 - the library declares it so
        "unknown": str(_("Isian ini tidak dikenal.")),
        "type": str(_("Tulis sebagai objek JSON.")),
    }


class Words(String):
    """A text, trimmed and in canonical form, on one line unless it may have several.

    Refused when it holds characters that no keyboard types; on one line, as names, places and titles stand,
    also those that no font draws.
    """

    def __init__(self, most: int = 200, *, least: int = 0, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=Size(least or (1 if kwargs.get("required") else 0), most), **kwargs)
        self.one_line = not lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = clean_text(super()._deserialize(value, attr, data, **kwargs), one_line=self.one_line)
        if has_unreadable_character(text):
            raise ValidationError(str(UNSEEN_CHARACTER))
        if self.one_line and (refusal := refusal_of_characters(plain_digits(text))):
            raise ValidationError(str(refusal))
        return text


class Size(Length):
    """How long a text may be, in the words that its own end calls for."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(min=least, max=most)

    def _format_error(self, value: Any, message: str) -> str:
        if len(value) < (self.min or 0):
            return str(
                _("Wajib diisi.") if self.min == 1 else _("Paling sedikit %(least)d huruf.", least=self.min)
            )
        return str(_("Paling banyak %(most)d huruf.", most=self.max))


class Truth(Boolean):
    """True or false as JSON writes them, and nothing that another language takes for it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Among(String):
    """One of some stored words of a Choice; the others are neither taken nor described."""

    def __init__(self, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(validate=OneOf([each.value for each in choices]), **kwargs)
        self.kind = type(choices[0])

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        word = super()._deserialize(value, attr, data, **kwargs)
        return self.kind(word) if word in list(self.kind) else word


WRITTEN_WHOLE = re.compile(
    r"-?(0|[1-9][0-9]*)"
)  # in an address: no blanks, no other digits, nothing in front


class Whole(Integer):
    """A whole number; 5.0 is one too, as JSON Schema has it.

    In an address it is written with 0 to 9 alone.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+", value):
            raise self.make_error("invalid")
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and not WRITTEN_WHOLE.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Day(Date):
    """A calendar day, YYYY-MM-DD with the figures 0 to 9, of the years that pages take too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, str) and not value.isascii():
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        found = super()._deserialize(value, attr, data, **kwargs)
        if is_far(found):
            raise ValidationError(str(FAR_YEAR))
        return found


def reason_given(most: int = MOST_CHARACTERS) -> Words:
    """Return the field for the reason of an act; what is no reason is refused by the act itself
    (`core.reasons`).
    """
    text = "Alasan dengan kata-kata, yang masih dipahami di kemudian hari."
    return Words(most, required=True, lines=True, metadata={"minLength": LEAST_LETTERS, "description": text})


class RegionCode(Words):
    """The Kemendagri code of a region, trimmed; what is not written like one is refused at its field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"pattern": rf"^\s*{CODE.pattern}\s*$"})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not is_code(code):
            raise ValidationError(
                str(_("Tulis kode wilayah Kemendagri dengan titiknya, misalnya 63.05.06.2001."))
            )
        return code


def row_id(*, strict: bool = True, **kwargs: Any) -> Integer:
    """Return a field that holds the id of a row; not strict in a query, where every number is a text."""
    return Whole(strict=strict, validate=Range(1, LARGEST_ID), **kwargs)


class Score(Decimal):
    """A score as the page reads it: what has more decimals is refused, not rounded."""

    WRITTEN = r"^\s*\d{1,3}([.,]\d{1,2})?\s*$"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> decimal.Decimal:
        number = super()._deserialize(
            value.replace(",", ".") if isinstance(value, str) else value, attr, data, **kwargs
        )
        try:
            return read_score(value if isinstance(value, str) else f"{number:f}")
        except ValueError:
            raise ValidationError(str(NOT_A_SCORE)) from None


def score(*, required: bool = True, described: str = "") -> Score:
    """Return the field of a score from 0 to 100, as a number or as text; null is none."""
    text = described or str(NOT_A_SCORE)
    metadata = {
        "type": ["number", "string"],
        "minimum": 0,
        "maximum": 100,
        "pattern": Score.WRITTEN,
        "description": text,
    }
    return Score(required=required, allow_none=True, metadata=metadata)


def amount(least: int = 0, most: int = 100_000, **kwargs: Any) -> Integer:
    """Return a field for a whole number within limits."""
    return Whole(strict=True, validate=Range(least, most), **kwargs)


def day(**kwargs: Any) -> Date:
    """Return a field for a calendar day, YYYY-MM-DD."""
    wanted = "Tulis tanggal sebagai tahun-bulan-hari. Contoh: 2011-05-24."
    return Day(format="%Y-%m-%d", error_messages={"invalid": wanted, "format": wanted}, **kwargs)


class LocalTime(Time):
    """A time of day at the venue, HH:MM; one with a zone is refused, for whatever it means, the venue has its
    own.
    """

    WRITTEN = "^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"type": "string", "pattern": self.WRITTEN})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        if not isinstance(value, str) or not re.fullmatch(self.WRITTEN, value):
            raise ValidationError("Tulis jam setempat tanpa zona waktu, misalnya 08:00.")
        return super()._deserialize(value, attr, data, **kwargs)


NO_CURSOR = _("Penanda halaman tidak dikenal. Pakai penanda halaman berikutnya dari jawaban sebelumnya.")


class PageQuery(Schema):
    """`?after=CURSOR&per_page=`."""

    after = String(load_default=None, validate=Regexp("^[A-Za-z0-9_-]*$", error=str(NO_CURSOR)))
    per_page = Whole(load_default=50, validate=Range(1, 200))


def by_attendee(rows: list[dict[str, Any]], field: str) -> dict[int, dict[str, Any]]:
    """Return rows by the attendee whom each is about; raise where one is named twice, for only one of them
    could be kept.
    """
    found = {row["attendee"]: row for row in rows}
    if len(found) < len(rows):
        named = [row["attendee"] for row in rows]
        twice = sorted({str(each) for each in named if named.count(each) > 1})
        raise RuleViolation(
            _(
                "Peserta ini disebut lebih dari sekali: %(ids)s. Tidak ada yang disimpan.",
                ids=", ".join(twice),
            ),
            field=field,
        )
    return found


def as_page(page: Any, serialize: Any) -> dict[str, Any]:
    """Return a page of rows with the cursor of the next one; raise for a cursor that is none of ours."""
    if page.started_over:
        raise RuleViolation(NO_CURSOR, field="after")
    return {"items": [serialize(row) for row in page.rows], "next": page.next_cursor}
