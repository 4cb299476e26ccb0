"""The style sheets and the templates know each other: every class that is written is styled, every class that
is sent is written.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.face.crawl import Crawl
from tests.face.reading import read

ROOT = Path(__file__).resolve().parents[2] / "app"
# Classes of which a template builds the end: the beginning, and what the end is.
BUILT = {
    "level-": "how much of a desa is covered, in charts",
    "btn-": "style of post_button: primary, secondary, danger",
    "notice-": "tone of a notice",
    "is-": "state of a step in rail and timeline",
    "bar-": "tone of a bar",
    "verdict-": "tone of a verdict",
    "tier-": "rung of the ladder",
    "status-": "tone of a status",
}
WITHOUT_STYLE: dict[str, str] = {}  # classes that only name a thing, with the reason

_EXPRESSION = re.compile(r"{{.*?}}", re.S)
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_CLASS = re.compile(r"""(?<![\w-])class=(?:"([^"]*)"|'([^']*)')""")
_GIVEN = re.compile(r"""["']class["']\s*:\s*["']([^"']+)["']""")


def test_every_class_of_a_template_is_styled_or_is_for_the_script() -> None:
    unknown = [
        f"{name}: .{each}"
        for name, classes in written().items()
        for each in sorted(classes)
        if not is_known(each, styled() | for_script())
    ]

    assert not unknown, "\n".join(unknown)


def test_every_class_of_a_style_sheet_is_used() -> None:
    used = {each for classes in written().values() for each in classes} | for_script()
    unused = [
        f"{sheet.name}: .{each}"
        for sheet in sheets()
        for each in sorted(classes_of(sheet.read_text()))
        if not is_used(each, used)
    ]

    assert not unused, f"{len(unused)} classes are sent for nothing\n" + "\n".join(unused)


def test_what_a_template_builds_is_declared_and_is_needed() -> None:
    built = {each[:-1] for classes in written().values() for each in classes if each.endswith("*")}

    assert built <= set(BUILT), f"templates build {sorted(built - set(BUILT))}: say in BUILT what the end is"
    assert set(BUILT) <= built, f"nobody builds {sorted(set(BUILT) - built)} any more"


def test_every_cell_says_its_column_where_tables_stack(crawl: Crawl) -> None:
    assert not crawl.unlabelled, "\n".join(f"{cell}: {where}" for cell, where in crawl.unlabelled.items())


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ('<a class="btn btn-primary">', {"btn", "btn-primary"}),
        ("<p class=\"field{{ ' has-error' if x }}\">", {"field", "has-error"}),
        ('<p class="btn btn-{{ style }}">', {"btn", "btn-*"}),
        ("<p class=\"menu{{ ' is-here' if items|select('rare')|list }}\">", {"menu", "is-here"}),
        ("{{ field(class='a b') }}", {"a", "b"}),
        ("{% set kw = {'class': 'c'} %}", {"c"}),
        ('<p class="a{% if b %} c{% endif %}">', {"a", "c"}),
        ("<p class=\"btn {{ 'x' if y else 'z' }}\">", {"btn", "x", "z"}),
    ],
)
def test_classes_are_read_from_templates(text: str, classes: set[str]) -> None:
    assert written_in(text) == classes


def test_classes_are_read_from_style_sheets() -> None:
    sheet = (
        "/* .no */ @media (min-width: 40.5em) { .a .b:not(.c) > d { margin: .5em; background: url(x.png) } }"
        " .e{} p { & .f { top: 0 } }"
    )

    assert classes_of(sheet) == {"a", "b", "c", "e", "f"}


@pytest.mark.parametrize(
    ("cell", "faults"),
    [
        ('<td data-label="Desa">Keladan</td>', 0),
        ('<td data-label="Nama">Keladan</td>', 1),
        ("<td>Keladan</td>", 1),
        ("<td></td>", 0),
        ('<th scope="row">Siti</th><td>x</td>', 0),
        ('<th scope="row">Siti</th><td data-label="Desa">x</td>', 1),
    ],
)
def test_a_cell_that_says_another_column_is_found(cell: str, faults: int) -> None:
    heads = '<thead><tr><th>Desa</th><th><span class="visually-hidden">Tindakan</span></th></tr></thead>'
    table = f'<table class="table table-stack">{heads}<tbody><tr>{cell}</tr></tbody></table>'

    assert len(read(table).unlabelled) == faults


def test_a_class_without_style_and_one_without_use_are_found() -> None:
    assert not is_known("fat", {"thin"})
    assert is_known("btn-*", {"btn-danger"})
    assert not is_used("fat", {"thin", "btn-*"})
    assert is_used("btn-danger", {"btn-*"})


def is_known(written_class: str, styles: set[str]) -> bool:
    """Say whether a class of a template has a rule; of one that is built, whether any begins so."""
    if written_class.endswith("*"):
        return any(each.startswith(written_class[:-1]) for each in styles)
    return written_class in styles or written_class in WITHOUT_STYLE


def is_used(style: str, written_classes: set[str]) -> bool:
    """Say whether somebody writes this class, or builds it."""
    return style in written_classes or any(
        each.endswith("*") and style.startswith(each[:-1]) for each in written_classes
    )


def sheets() -> list[Path]:
    """Return our style sheets."""
    return sorted((ROOT / "static" / "css").glob("*.css"))


def styled() -> set[str]:
    """Return every class that has a rule."""
    return {each for sheet in sheets() for each in classes_of(sheet.read_text())}


def for_script() -> set[str]:
    """Return every class that the script looks for or sets."""
    text = "\n".join(path.read_text() for path in (ROOT / "static").rglob("*.js"))
    strings = [first or second for first, second in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'', text)]
    named = {name for string in strings for name in re.findall(r"\.([a-z][\w-]*)", string)}
    return named | {
        name
        for call in re.findall(r"classList\.\w+\(([^)]*)\)", text)
        for name in re.findall(r'"([\w-]+)"', call)
    }


def classes_of(css: str) -> set[str]:
    """Return the classes in the selectors of a style sheet."""
    css = re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'|url\([^)]*\)", "", css, flags=re.S)
    selectors = re.findall(r"([^{};]*)\{", css)
    return {name for selector in selectors for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector)}


@cache
def written() -> dict[str, set[str]]:
    """Return the classes of each template, and those that forms of the program give to their fields."""
    files = [*(ROOT / "templates").rglob("*.html"), *ROOT.rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix(): written_in(path.read_text())
        for path in files
        if "emails" not in path.parts
    }
    return {name: classes for name, classes in sorted(found.items()) if classes}


def written_in(text: str) -> set[str]:
    """Return the classes that a text writes; one whose end is built ends with a star."""
    text = re.sub(r"{#.*?#}", "", text, flags=re.S)
    values = [first or second for first, second in _CLASS.findall(_quoted(text))] + _GIVEN.findall(text)
    return {
        name
        for value in values
        for name in re.sub(r"{%.*?%}", "", value, flags=re.S).replace("\0", "").split()
    }


def _quoted(text: str) -> str:
    """Put what an expression may write in its place: its literals, or a star after a beginning
    that it ends.
    """

    def instead(match: re.Match[str]) -> str:
        said = re.sub(r"\bif\b.*?(?=\belse\b|}})", "", match[0], flags=re.S)
        literals = [first or second for first, second in _LITERAL.findall(said)]
        if "class=" in match[0]:
            return match[0]
        before = text[match.start() - 1]
        if before not in " \"'" and not any(each.startswith(" ") for each in literals):
            return "*"
        return " " + " ".join(re.sub(r"[^\w\s-]", " ", each) for each in literals) + " "

    return _EXPRESSION.sub(instead, text)
