"""Telephone numbers: how people write them, the canonical form that is stored, how they are shown.

One reading for every door.
"""

import re
from typing import Any

from app.core.errors import RuleViolation
from app.core.text import Text, _
from app.core.typed import clean_text, plain_digits

LEAST_FIGURES, MOST_FIGURES = 10, 13  # of a mobile number, counted with the 0 in front
_LABEL = re.compile(
    r"^\(?(?:no\.?|nomor)? ?(?:hp|wa|whatsapp|telp?\.?|telepon|tlp\.?|mobile)?\)? ?[.:]* ?(?=[+(\d])",
    re.IGNORECASE,
)
_REMARK = re.compile(r" ?[(,]? ?(?:hp|wa|whatsapp)\.?\)?$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9+()\-. ]*")
_MEANT = {"o": "0", "i": "1", "l": "1"}
_SEVERAL = re.compile(r"\s*(?:[/;,&|]|\batau\b|\bdan\b)\s*", re.IGNORECASE)


def read_phone(text: str, *, landline: bool = False) -> str | Text:
    """Return a mobile number as it is stored (+62812…), or the sentence that refuses it; nothing that was
    typed is passed over.

    People write 0812…, 62812…, 812… and +62 812… for the same, with blanks, dots, dashes, and a word like WA
    before or behind. `landline`: the telephone of a house or an office is a number too, for it is only
    called.
    """
    typed = plain_digits(clean_text(text, one_line=True))
    number = _REMARK.sub("", _LABEL.sub("", typed))
    several = [part for part in _SEVERAL.split(number) if part]
    if len(several) > 1 and all(sum(character.isdigit() for character in part) >= 5 for part in several):
        return _(
            "Hanya satu nomor yang dapat disimpan di sini. Isi satu saja, misalnya yang dipakai WhatsApp."
        )
    if refusal := _refusal_of_characters(number):
        return refusal
    import phonenumbers

    parsed = _parsed(number)
    kind = phonenumbers.number_type(parsed) if parsed is not None else None
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if kind in mobile or (landline and kind is not None):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if kind == phonenumbers.PhoneNumberType.FIXED_LINE:
        return _("Ini nomor telepon rumah atau kantor, bukan nomor HP. Contoh: 0812-3456-7890")
    return _refusal_of_length(number, landline=landline)


def number_to_call(typed: str, *, known: str = "", field: str) -> str:
    """Return a number that is only called, as people write it: a mobile, a house or an office; what is known
    already stays as it is.

    Raises RuleViolation where it is none.
    """
    if not typed.strip() or typed.strip() == known:
        return typed.strip()
    number = read_phone(typed, landline=True)
    if isinstance(number, Text):
        raise RuleViolation(number, field=field)
    return shown_phone(number)


def shown_phone(phone: str) -> str:
    """Return a stored number as people write it: 0812-3456-7890, (0517) 31234; anything else as it is."""
    if phone.startswith("+62") and not phone.startswith("+628"):
        import phonenumbers

        return phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.NATIONAL)
    local = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    return "-".join(part for part in (local[:4], local[4:8], local[8:]) if part)


def _refusal_of_characters(number: str) -> Text | None:
    """Name the character that no telephone number has; of letters that look like a figure, ask for the
    figure.
    """
    strange = next((character for character in number if not _PLAIN.fullmatch(character)), None)
    if strange is None:
        return None
    if strange.casefold() in _MEANT and sum(character.isalpha() for character in number) == sum(
        character.casefold() in _MEANT for character in number
    ):
        figure = _MEANT[strange.casefold()]
        return _(
            "Nomor ini memuat huruf “%(sign)s”. Mungkin maksudnya angka %(figure)s? Ketik ulang.",
            sign=strange,
            figure=figure,
        )
    if strange.isalpha():
        return _(
            "Nomor ini memuat huruf “%(sign)s”. Isi dengan angka saja. Contoh: 0812-3456-7890", sign=strange
        )
    return _("Nomor ini memuat tanda “%(sign)s”. Isi dengan angka saja. Contoh: 0812-3456-7890", sign=strange)


def _refusal_of_length(number: str, *, landline: bool) -> Text:
    figures = re.sub(r"\D", "", number)
    if len(figures) == 16:
        return _(
            "Ini 16 angka, seperti NIK. Nomor HP paling banyak %(most)d angka. Contoh: 0812-3456-7890",
            most=MOST_FIGURES,
        )
    if len(figures) > MOST_FIGURES + 2:
        return _(
            "Nomor ini terlalu panjang: %(count)d angka. Nomor HP paling banyak %(most)d. Contoh:"
            " 0812-3456-7890",
            count=len(figures),
            most=MOST_FIGURES,
        )
    if landline:
        return _("Nomor telepon ini tidak lengkap. Contoh: 0812-3456-7890 atau (0517) 31234")
    if len(figures) >= LEAST_FIGURES:
        return _("Ini bukan nomor HP Indonesia. Nomor HP dimulai dengan 08. Contoh: 0812-3456-7890")
    return _("Nomor HP ini tidak lengkap. Contoh: 0812-3456-7890")


def _parsed(number: str) -> Any:
    import phonenumbers

    number = re.sub(r"[^0-9+]", "", number.replace("(0)", ""))
    for start, instead in (("0062", "+62"), ("62", "+62"), ("+620", "+62"), ("0", "+62"), ("8", "+628")):
        if number.startswith(start):
            number = instead + number.removeprefix(start)
            break
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None
