"""The catalogue that translators start from holds every sentence, and every sentence can be found in it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
POT = APP / "translations" / "messages.pot"
MARKS = {"_", "gettext"}
READS_KEYS = {APP / "core" / "text.py", APP / "web" / "filters.py"}  # what looks a sentence up
EXTRACT = "extract -F pyproject.toml -k _ --no-location --sort-output --omit-header"


def test_the_catalogue_is_that_of_today(tmp_path):
    """After a change of words: `make messages`."""
    fresh = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *EXTRACT.split(), "-o", str(fresh), "."]
    subprocess.run(command, cwd=ROOT, check=True)
    assert fresh.read_text().splitlines() == POT.read_text().splitlines()


def test_the_command_of_the_makefile_is_the_one_tested():
    assert f"pybabel -q {EXTRACT} -o app/translations/messages.pot ." in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    "path", sorted(set(APP.rglob("*.py")) - READS_KEYS), ids=lambda path: str(path.relative_to(APP))
)
def test_a_sentence_stands_where_it_is_marked(path):
    """A variable between the brackets cannot be extracted."""
    calls = (
        each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call) and each.args
    )
    marked = [each for each in calls if isinstance(each.func, ast.Name) and each.func.id in MARKS]
    assert [each.lineno for each in marked if not isinstance(each.args[0], ast.Constant)] == []


def test_a_sentence_of_a_template_stands_where_it_is_marked(app: Flask):
    found = []
    for name in app.jinja_env.list_templates():
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]
        for call in app.jinja_env.parse(source).find_all(nodes.Call):
            is_mark = isinstance(call.node, nodes.Name) and call.node.name in MARKS
            if is_mark and not isinstance(call.args[0], nodes.Const):
                found.append(f"{name}:{call.lineno}")
    assert found == []


def test_what_an_operation_is_described_by_is_indonesian(app):
    """Further lines of the docstring of a view would become its description in the document of the API."""
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    api = {name: view for name, view in views.items() if name.startswith("api.")}
    assert len(api) > 50
    assert [name for name, view in api.items() if "\n" in (view.__doc__ or "").strip()] == []
