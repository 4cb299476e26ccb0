"""No module imports itself by way of others, and no module of a package imports the face of its package."""

import ast
from pathlib import Path

from app.core import ports

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def name_of(path: Path) -> str:
    """Return the dotted name of a file; that of a package for its `__init__`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in APP.rglob("*.py")}


def imported_by(path: Path, known: set[str]) -> set[str]:
    """Return the modules that a file names in its imports, those inside functions too.

    `from app.x import y` names the module app.x.y where there is one, and app.x itself only where y is a name
    that stands in it.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & known
            if names - known:
                found.add(node.module)
    return found & known


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that reach each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        number[module] = low[module] = len(number)
        stack.append(module)
        for other in sorted(arrows[module]):
            if other not in number:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], number[other])
        if low[module] == number[module]:
            group = set(stack[stack.index(module) :])
            del stack[stack.index(module) :]
            if len(group) > 1:
                found.append(group)

    for module in sorted(arrows):
        if module not in number:
            visit(module)
    return found


def arrows_of_the_application() -> dict[str, set[str]]:
    known = set(MODULES)
    return {name: imported_by(path, known) - {name} for name, path in MODULES.items() if name != "app"}


def test_no_module_imports_itself_by_way_of_others():
    arrows = arrows_of_the_application()
    without_top = {name: targets - {"app"} for name, targets in arrows.items()}
    assert [sorted(group) for group in circles(without_top)] == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_no_module_imports_the_face_of_its_own_package():
    wrong = []
    for name, targets in arrows_of_the_application().items():
        faces = {".".join(name.split(".")[:length]) for length in range(2, name.count(".") + 1)}
        wrong += [f"{name} imports {face}" for face in faces & targets]
    assert sorted(wrong) == []


def test_every_port_is_filled_when_the_application_is_made(app):
    assert ports._declared
    assert ports.unfilled() == []
