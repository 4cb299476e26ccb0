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


STYLED = ROOT / "templates/emails/_frame.html"  # the frame of all mails: mail programs read no style sheet
REFUSED = r"<[^>%{]*\sstyle=|<style|<[^>%{]*\son[a-z]+=|<script(?![^>]*src=)"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_it_holds_nothing_that_the_policy_refuses(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    if path == STYLED:
        text = re.sub(r'\sstyle="[^"<>]*"', "", text)
    assert not re.search(REFUSED, text)


def test_mails_have_one_frame_and_no_page_uses_it():
    assert {path.name for path in (ROOT / "templates/emails").rglob("*.*")} == {"_frame.txt", "_frame.html"}
    assert not [path for path in TEMPLATES if path.parent.name != "emails" and "emails/" in path.read_text()]


MACRO = re.compile(r"{%-?\s*macro\s+(\w+)\s*\([^%]*?\)\s*-?%}(.*?){%-?\s*endmacro", re.S)
TRIVIAL = 60  # signs: a body shorter than this says too little to be the same by intent


def macros() -> list[tuple[str, str, str]]:
    """Return (template, name, body without white space) of every macro."""
    return [
        (name, macro, "".join(body.split()))
        for path, name in zip(TEMPLATES, NAMES, strict=True)
        for macro, body in MACRO.findall(path.read_text())
    ]


def test_macros_are_found():
    assert len(macros()) > 20


def test_a_macro_is_written_once():
    names, bodies = {}, {}
    for template, name, body in macros():
        assert names.setdefault(name, template) == template, (
            f"{name} is written in {names[name]} and in {template}"
        )
        if len(body) > TRIVIAL:
            assert body not in bodies, f"{template} writes {name} as {bodies[body]}"
            bodies[body] = f"{template} writes {name}"


def test_a_macro_is_used():
    everything = "\n".join(path.read_text() for path in TEMPLATES)
    for template, name, _body in macros():
        assert len(re.findall(rf"\b{name}\s*\(", everything)) > 1, f"nobody calls {name} of {template}"
