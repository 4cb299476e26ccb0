"""Every template compiles, is used, imports only what it uses, and holds no inline style or script."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "app"
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_used(name):
    _folder, _slash, file = name.rpartition("/")
    everything = "\n".join(path.read_text() for path in [*ROOT.rglob("*.py"), *TEMPLATES])
    assert name in everything or f'"{file}"' in everything, f"nothing renders {name}"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_it_imports_only_what_it_uses(path):
    text = path.read_text()
    for line in re.findall(r"\{%-?\s*from\s+\"[^\"]+\"\s+import\s+(.+?)\s*-?%\}", text):
        for name in line.replace(" with context", "").split(","):
            used = name.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{used}\b", text)) > 1, f"{path.name} imports {used} for nothing"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_it_holds_nothing_that_the_policy_refuses(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not re.search(r"<[^>%{]*\sstyle=|<style|<[^>%{]*\son[a-z]+=|<script(?![^>]*src=)", text)
