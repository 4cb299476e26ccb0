"""What is said on many pages, mails and papers is said in one way: the ordinal of an angkatan, a share in
percent.
"""

import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
ORDINAL = re.compile(r"(roman\()?\b(?:\w+\.)+ordinal\b(\s*\|\s*roman)?")
CLOSE_PERCENT = re.compile(r"""%\(\w+\)[sd]%%|\}\}%(?!\})|\d%%?(?=["'<,.)]| [a-z])""")


def lines() -> Iterator[tuple[str, str]]:
    """Return every line of the program and its templates, with where it stands."""
    for path in sorted([*APP.rglob("*.html"), *APP.rglob("*.py")]):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            yield f"{path.relative_to(APP)}:{number}", line


def test_an_angkatan_has_the_ordinal_of_its_certificates_wherever_it_is_named() -> None:
    named = [
        (where, found) for where, line in lines() if "ngkatan" in line for found in ORDINAL.finditer(line)
    ]

    assert len(named) > 20
    assert [where for where, found in named if not any(found.groups())] == []


def test_a_percent_stands_apart_from_its_number() -> None:
    assert [where for where, line in lines() if CLOSE_PERCENT.search(line)] == []
