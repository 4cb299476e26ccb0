"""Reads a page as a screen reader does: roles and names in order, from the accessibility tree
of the browser.
"""

import re
from typing import Any

_LINE = re.compile(
    r"""^\s*-\s+'?(?P<role>[a-z]+)(?:\s+(?P<name>"(?:[^"\\]|\\.)*"|/.*/))?"""
    r"""(?P<more>[^:]*)(?::\s*(?P<text>.*?))?'?$"""
)
SPOKEN = frozenset(
    {
        "banner",
        "navigation",
        "main",
        "contentinfo",
        "search",
        "form",
        "region",
        "heading",
        "link",
        "button",
        "textbox",
        "searchbox",
        "spinbutton",
        "checkbox",
        "radio",
        "combobox",
        "group",
        "radiogroup",
        "table",
        "alert",
        "status",
        "term",
        "definition",
    }
)


def read_aloud(page: Any) -> list[str]:
    """Return what is met in order: "heading 1 BERLAKU", "textbox Kode pada sertifikat", "main"."""
    return lines_of(page.locator("body").aria_snapshot())


def lines_of(snapshot: str) -> list[str]:
    """Return the roles and names of a snapshot."""
    found = []
    for line in snapshot.splitlines():
        match = _LINE.match(line)
        if match is None or match["role"] not in SPOKEN:
            continue
        level = re.search(r"level=(\d)", match["more"] or "")
        name = (match["name"] or "").strip('"').replace('\\"', '"') or (match["text"] or "").strip('"')
        found.append(" ".join(part for part in (match["role"], level[1] if level else "", name) if part))
    return found


def missing(told: list[str], expected: list[str]) -> str | None:
    """Return the first expected line that does not come after the ones before it; a line ending in … may go
    on.
    """
    place = 0
    for line in expected:
        begins = line.removesuffix("…").rstrip()
        met = [
            number
            for number in range(place, len(told))
            if (told[number].startswith(begins) if line.endswith("…") else told[number] == line)
        ]
        if not met:
            return line
        place = met[0] + 1
    return None
