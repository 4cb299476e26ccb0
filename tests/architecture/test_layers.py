"""Two orders, both strictly downward: packages, and modules in a package. Function-level imports count."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"

LAYERS = (
    "extensions",
    "core",
    "web",
    "printing",
    "sheets",
    "audit",
    "regions",
    "notifications",
    "auth",
    "organisers",
    "courses",
    "trainees",
    "petitions",
    "enrollments",
    "attendance",
    "fieldwork",
    "assessment",
    "certificates",
    "coverage",
    "workspace",
    "dashboard",
    "api",
    "demo",
    "gallery",
    "cli",
)
MODULES = (
    ("ports", "rules", "reference", "acts", "wording"),
    ("session_rules", "rows"),
    ("models",),
    ("queries",),
    ("eligibility", "lines", "own", "alike", "phones"),
    ("candidates",),
    ("mails",),
    ("messages", "document", "importing", "planning"),
    ("delivery",),
    ("services",),
    ("checking",),
    ("fields",),
    ("forms",),
    ("routes",),
)
OPEN_TO_HIGHER_PACKAGES = {
    "ports",
    "rules",
    "session_rules",
    "rows",
    "acts",
    "reference",
    "wording",
    "models",
    "queries",
    "eligibility",
    "lines",
    "alike",
    "own",
    "phones",
    "mails",
    "document",
    "planning",
    "delivery",
    "services",
    "checking",
    "fields",
}
MAY_USE_FLASK = {"routes", "messages", "document", "delivery", "checking"}
ABOVE_ALL = {"config", "wiring"}  # read by create_app alone: the settings, and who answers which port
WITHOUT_MODULE_ORDER = {"core", "web", "printing", "workspace", "dashboard", "gallery", "api", "demo", "cli"}

LINES = 400  # of a file; past them it is two
# Grew past the limit when lines became shorter; the list only shrinks.
STILL_LONGER = {
    "api/serializers.py",
    "assessment/queries.py",
    "assessment/services/__init__.py",
    "auth/rules.py",
    "certificates/document.py",
    "certificates/planning.py",
    "certificates/queries.py",
    "certificates/rules.py",
    "courses/queries.py",
    "courses/services/plan.py",
    "coverage/queries/places.py",
    "coverage/routes.py",
    "enrollments/eligibility.py",
    "enrollments/mails.py",
    "enrollments/queries.py",
    "enrollments/routes/joining.py",
    "enrollments/rules.py",
    "enrollments/services/deciding.py",
    "fieldwork/rules.py",
    "organisers/services.py",
    "petitions/services/answering.py",
    "trainees/queries.py",
    "trainees/rules.py",
    "trainees/services/registering.py",
    "workspace/queries.py",
    "workspace/rules.py",
}


def modules() -> list[Path]:
    return sorted(path for path in APP.rglob("*.py") if path != APP / "__init__.py")


def imports_of(path: Path) -> set[tuple[str, ...]]:
    """Return every imported `app…` name of a file as its parts, without `app`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and (node.module == "app" or node.module.startswith("app."))
        ):
            base = tuple(node.module.split(".")[1:])
            found |= {(*base, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                tuple(alias.name.split(".")[1:]) for alias in node.names if alias.name.startswith("app.")
            }
    return found


def rank_of(module: str) -> int:
    return next((number for number, names in enumerate(MODULES) if module in names), -1)


def climbs(path: Path) -> list[str]:
    """Return what is wrong with the imports of one file, in words."""
    parts = path.relative_to(APP).with_suffix("").parts
    package, module = parts[0], parts[1] if len(parts) > 1 else ""
    wrong = []
    if package in ABOVE_ALL:
        return wrong
    for target in imports_of(path):
        if not target or target[0] in ABOVE_ALL:
            if target and package not in ("cli", "demo", "web", "dashboard"):
                wrong.append(f"{path.name}: settings are handed down, not imported")
            continue
        if target[0] not in LAYERS:
            continue
        if LAYERS.index(target[0]) > LAYERS.index(package):
            wrong.append(f"{package}.{module} imports {'.'.join(target)}: a package above it")
        elif target[0] == package:
            if package not in WITHOUT_MODULE_ORDER and len(target) > 1 and rank_of(target[1]) >= 0:
                own, other = rank_of(module), rank_of(target[1])
                if other > own or (other == own and target[1] != module and own > 0):
                    wrong.append(f"{package}.{module} imports {'.'.join(target)}: a module to its right")
        elif (
            target[0] not in WITHOUT_MODULE_ORDER
            and len(target) > 1
            and rank_of(target[1]) >= 0
            and target[1] not in OPEN_TO_HIGHER_PACKAGES
        ):
            wrong.append(f"{package}.{module} imports {'.'.join(target)}: closed to other packages")
    return wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_no_import_climbs(path):
    assert climbs(path) == []


def test_a_climbing_import_would_be_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "APP", tmp_path)
    for package, module, line in (
        ("courses", "rules.py", "from app.trainees.models import Trainee"),
        ("courses", "models.py", "from app.courses.services import open_batch"),
        ("trainees", "services.py", "def f():\n    from app.courses.forms import BatchForm"),
        ("core", "text.py", "import app.web.forms"),
    ):
        path = tmp_path / package / module
        path.parent.mkdir(exist_ok=True)
        path.write_text(line)
        assert len(climbs(path)) == 1, (package, module)


def test_every_package_has_its_layer():
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert packages <= set(LAYERS)


@pytest.mark.parametrize(
    "path", [p for p in modules() if p.parent.name in LAYERS], ids=lambda path: str(path.relative_to(APP))
)
def test_services_and_rules_do_not_know_the_web(path):
    package, module = path.relative_to(APP).parts[0], path.stem
    if package in ("web", "api", "cli", "dashboard", "workspace") or module in MAY_USE_FLASK | {
        "fields",
        "forms",
    }:
        return
    names = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    flaskish = {name for name in names if name and name.split(".")[0].startswith("flask")}
    allowed = {"flask_login"} if (package, module) == ("auth", "models") else set()
    assert flaskish <= allowed, f"{package}.{module} imports {flaskish}"


def test_only_the_unit_of_work_commits():
    for path in modules():
        if path.name != "unit_of_work.py":
            assert "session.commit()" not in path.read_text(), path


def test_nobody_is_called_helper():
    forbidden = {"utils.py", "helpers.py", "common.py", "manager.py", "misc.py"}
    assert not [path for path in modules() if path.name in forbidden]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_a_file_reads_in_one_sitting(path):
    lines = len(path.read_text().splitlines())
    assert (lines > LINES) == (str(path.relative_to(APP)) in STILL_LONGER)
