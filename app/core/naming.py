"""How people are addressed: with Bapak or Ibu before the name, once."""

import re

from app.core.text import _

EITHER = _("Bapak/Ibu")
_ADDRESSED = re.compile(
    r"(?:bapak/ibu|ibu/bapak|bapak|ibu|pak|bu|bpk|bp|sdr|sdri|saudara|saudari)\b\.?\s+(?=\S)", re.IGNORECASE
)


def addressed(name: str, courtesy: object = EITHER) -> str:
    """Return 'Bapak/Ibu Siti Aminah'; a name that was typed with its own form of address ('Ibu Kartini') gets
    no second one.
    """
    line = " ".join(name.split())
    return line if _ADDRESSED.match(line) else f"{courtesy} {line}"
