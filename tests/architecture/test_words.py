"""The words of the code are those of Flask and of the field; what needs a dictionary is refused by name.

`docs/glossary.md` holds the words that are used instead.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
# In names, docstrings and comments: the word, and what is written instead.
INSTEAD = {
    "mend": "fix, correct",
    "mends": "fixes, corrects",
    "mended": "fixed, corrected",
    "spell": "format",
    "spelled": "formatted",
    "forgive": "reset",
    "leaves the house": "is sent",
    "control signs": "control characters",
    "no sign": "no character",
    "one spelling": "canonical form",
}
# In names alone.
INSTEAD_IN_NAMES = {
    **{word: better for word, better in INSTEAD.items() if " " not in word},
    "teller": "reader",
    "tellers": "readers",
    "keeper": "store",
    "papers": "certificates",
}


def words_of_name(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")


def prose_of(source: str) -> list[tuple[int, str]]:
    """Return the comments and docstrings of a file with their lines."""
    found = [
        (token.start[0], token.string)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, kinds) and (text := ast.get_docstring(node)):
            found.append((node.body[0].lineno, text))
    return found


def faults_of(source: str) -> list[str]:
    """Return each word that needs a dictionary, with its line and what is written instead."""
    faults = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.NAME:
            continue
        line, name = token.start[0], token.string
        faults += [
            f"{line}: {name}: {INSTEAD_IN_NAMES[word]}"
            for word in words_of_name(name)
            if word in INSTEAD_IN_NAMES
        ]
    for line, text in prose_of(source):
        flat = " ".join(text.lower().split())
        faults += [
            f"{line}: {word}: {better}" for word, better in INSTEAD.items() if re.search(rf"\b{word}\b", flat)
        ]
    return faults


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: str(path.relative_to(APP)))
def test_a_file_needs_no_dictionary(path):
    assert faults_of(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def mended(): ...", "1: mended: fixed, corrected"),
        ("class PresenceKeeper: ...", "1: PresenceKeeper: store"),
        ('def f():\n    """Say how a mail leaves\n    the house."""', "2: leaves the house: is sent"),
        ("x = 1  # spelled so", "1: spelled: formatted"),
    ],
)
def test_a_word_that_needs_one_is_found(source, fault):
    assert faults_of(source) == [fault]


def test_the_formatter_has_no_exceptions():
    """A table stands one row a line; nobody decides its layout."""
    skips = re.compile(r"#\s*fmt:\s*(skip|off)")
    root = APP.parent
    files = [*APP.rglob("*.py"), *(root / "tests").rglob("*.py"), root / "migrations" / "env.py"]
    assert [str(path) for path in files if path != Path(__file__) and skips.search(path.read_text())] == []
