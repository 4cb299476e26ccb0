"""The facts of a sheet in words.

Birth date and place stay on the paper; NIK, telephone, photo and score never were in the copy.
"""

from typing import Any

from app.certificates.document import PrintedFact, printed_facts, public_lines
from app.core.text import Text, _
from app.trainees.rules import Sex

Row = tuple[Text, str]

LISTS = {_("Dasar hukum"), _("Mata diklat")}
ALWAYS_NEW = {_("Nomor"), _("Kode"), _("Sidik data")}


def rows_of(facts: dict[str, Any]) -> list[Row]:
    """Return (label, value) of everything printed but birth, in the order of the paper; a list has a line for
    each of its items.
    """
    return [_row(each) for each in public_lines(facts)]


def _row(fact: PrintedFact) -> Row:
    is_list = fact.label in LISTS and len(fact.lines) > 1
    return fact.label, ("\n" if is_list else ", ").join(fact.lines)


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Text, str, str]]:
    """Return (label, as printed, as it would be printed) of what differs between two sheets; number, code and
    digest always do.
    """
    was, will = (
        dict(_row(each) for each in printed_facts(facts) if each.label not in ALWAYS_NEW)
        for facts in (old, new)
    )
    labels = list(dict.fromkeys([*was, *will]))
    return [
        (label, was.get(label, ""), will.get(label, ""))
        for label in labels
        if was.get(label) != will.get(label)
    ]


def courtesy_title(sex: Sex | None) -> Text:
    """Return how somebody is addressed."""
    if sex is None:
        return _("Bapak/Ibu")
    return _("Ibu") if sex is Sex.FEMALE else _("Bapak")
