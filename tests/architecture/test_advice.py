"""What a text advises exists: each command, address and button that a sentence of the program names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException

APP = Path(__file__).resolve().parents[2] / "app"
COMMAND = re.compile(r"\bflask ([a-z][a-z-]+(?: [a-z][a-z-]+)*)")
ADDRESS = re.compile(r"(?<![\w/.<:])/(?:[a-z][\w-]*|%\(\w+\)[ds])(?:/(?:[\w-]+|%\(\w+\)[ds]))*")
BUTTON = re.compile(r"“([A-ZÀ-Ý][^”%]{2,60})”")
VALUE = re.compile(r"%\(\w+\)[ds]")
IN_TEMPLATE = re.compile(r"_\(\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")")


def texts() -> Iterator[tuple[str, str]]:
    """Return every sentence that is marked for a reader, with where it stands."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            is_marked = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "_"
                and node.args
            )
            if is_marked and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, f"{path.relative_to(APP)}:{node.lineno}"
    for path in sorted((APP / "templates").rglob("*.html")):
        for one, other in IN_TEMPLATE.findall(path.read_text()):
            yield one or other, str(path.relative_to(APP))


def exists(app, words: list[str]) -> bool:
    """Say whether the first words are a command, as deep as the commands go."""
    group = app.cli
    for word in words:
        commands = getattr(group, "commands", None)
        if not commands:
            return True  # what follows are its arguments
        if word not in commands:
            return False
        group = commands[word]
        group = group.load() if hasattr(group, "load") else group  # read when it is called
    return not getattr(group, "commands", None)


def test_every_command_that_is_advised_exists(app):
    named = [(found, where) for text, where in texts() for found in COMMAND.findall(text)]
    assert named
    assert [each for each in named if not exists(app, each[0].split())] == []


def test_every_address_that_is_advised_exists(app):
    adapter = app.url_map.bind("localhost")
    missing, seen = [], 0
    for text, where in texts():
        for found in ADDRESS.findall(text):
            address = VALUE.sub("1", found)
            seen += 1
            if not any(answers(adapter, f"{start}{address}") for start in ("", "/api/v1")):
                missing.append((found, where))
    assert seen
    assert missing == []


def answers(adapter, path: str) -> bool:
    """Say whether some method is answered at a path."""
    for method in ("GET", "POST"):
        try:
            adapter.match(path, method=method)
            return True
        except HTTPException as error:
            if error.code is not None and error.code != 404:
                return error.code == 405
        except Exception:
            return True  # a redirect to the same with a slash
    return False


def test_every_button_that_is_advised_exists():
    said = list(texts())
    whole = {text.strip(" .…").casefold() for text, _where in said}
    named = [(name, where) for text, where in said for name in BUTTON.findall(text)]
    assert len(named) > 10
    assert [each for each in named if each[0].strip(" .…").casefold() not in whole] == []


@pytest.mark.parametrize(
    ("words", "is_one"),
    [("db upgrade", True), ("ops doctor", False), ("users token Kantor", True), ("users", False)],
)
def test_a_command_that_does_not_exist_is_found(app, words, is_one):
    assert exists(app, words.split()) is is_one
