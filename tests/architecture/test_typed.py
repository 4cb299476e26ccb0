"""What is typed has one reading: no form, schema or command reads days, times, numbers or texts in a way of
its own.
"""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from wtforms import Form

import app as application
from app.web.forms import BaseForm

ROOT = Path(__file__).resolve().parents[2] / "app"
OWN_READING = {  # of form fields, each with the one that is used instead
    **dict.fromkeys(
        ("DateField", "DateTimeField", "DateTimeLocalField", "MonthField", "WeekField"), "DayField"
    ),
    **dict.fromkeys(("IntegerField", "IntegerRangeField"), "NumberField"),
    **dict.fromkeys(("DecimalField", "FloatField", "DecimalRangeField"), "ScoreField"),
    "TimeField": "ClockField",
}
# A word out of a fixed list, a cursor, and a password, which is taken as it was typed.
PLAIN_STRINGS = {  # one of few words, or a secret
    ("courses.py", "presence"),
    ("own.py", "answer"),
    ("tokens.py", "password"),
    ("petitions.py", "state"),
    ("days.py", "paper"),
}


def modules(*names: str) -> list[Path]:
    """Return the files of these names that may not read by themselves: all but the fields, and the pictures
    of them in the gallery.
    """
    kept = {ROOT / "web/forms.py", ROOT / "web/fields.py", ROOT / "gallery/samples.py"}
    return sorted(path for name in names for path in ROOT.rglob(name) if path not in kept)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    froms = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "wtforms" in (node.module or "")
    ]
    return {alias.name for node in froms for alias in node.names}


@pytest.mark.parametrize("path", modules("*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_reads_by_our_fields(path: Path) -> None:
    own = {f"{name}: use {instead}" for name, instead in OWN_READING.items() if name in imported(path)}
    assert not own
    if path.parent.name == "cli":
        assert 'click.DateTime(["%Y-%m-%d"])' not in path.read_text()


def test_every_form_is_ours() -> None:
    """A form of the library alone neither trims its texts nor refuses a sign that cannot be stored."""
    foreign = []
    for found in walk_packages(application.__path__, "app."):
        if found.name.endswith(".forms") or ".routes" in found.name:
            for name, kind in inspect.getmembers(import_module(found.name), inspect.isclass):
                if (
                    issubclass(kind, Form)
                    and not issubclass(kind, BaseForm)
                    and kind.__module__.startswith("app.")
                ):
                    foreign.append(f"{found.name}.{name}")
    assert not foreign


def test_every_text_of_a_program_is_cleaned() -> None:
    """A plain String of the library lets every sign through."""
    found = set()
    for path in (ROOT / "api" / "v1").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("String", "Str", "Date"):
                found.add((path.name, ast.unparse(node.targets[0])))
    assert found <= PLAIN_STRINGS, f"use Words or day(): {sorted(found - PLAIN_STRINGS)}"


def test_the_check_finds_what_it_looks_for(tmp_path: Path) -> None:
    """The control."""
    (tmp_path / "forms.py").write_text(
        "from wtforms import DateField, StringField\nfrom wtforms.fields import IntegerField\n"
    )
    assert imported(tmp_path / "forms.py") & set(OWN_READING) == {"DateField", "IntegerField"}
