"""What the documents name exists, and the index of decisions is that of the pages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#:]+)\)")
PATH = re.compile(r"`((?:app|tests|docs|migrations|\.ci)/[\w./-]*[\w/])`")
SAYS_SO = re.compile(r"[Ss]upersedes? [^.]*")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_document_names_exists(page):
    text = page.read_text()
    links = [page.parent / link for link in LINK.findall(text)]
    paths = [ROOT / path for path in PATH.findall(text)]
    assert [str(path) for path in (*links, *paths) if not path.exists()] == []


def test_every_decision_is_in_the_index_under_its_number():
    index = (DECISIONS / "README.md").read_text()
    pages = sorted(DECISIONS.glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert [page.name for page in pages if f"| [{int(page.name[:4])}]({page.name}) |" not in index] == []


def test_a_superseded_decision_says_so_itself_and_in_the_index():
    index = (DECISIONS / "README.md").read_text().splitlines()
    for page in sorted(DECISIONS.glob("[0-9]*.md")):
        sentences = " ".join(SAYS_SO.findall(page.read_text()))
        for number in set(map(int, re.findall(r"(?<=page )\d+|\b0\d{3}\b", sentences))):
            [before] = DECISIONS.glob(f"{number:04}-*.md")
            by = int(page.name[:4])
            assert f"({page.name})" in before.read_text().split("\n## ")[0], (
                f"{before.name} lacks {page.name}"
            )
            [line] = [each for each in index if each.startswith(f"| [{number}](")]
            assert re.search(rf"superseded by [\d, ]*\b{by}\b", line), line


@pytest.mark.parametrize(
    "path",
    sorted([*PAGES, *(ROOT / "app").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_line_refers_to_a_list_that_is_not_here(path):
    words = (
        line for line in path.read_text().splitlines() if "#" in line or '"""' in line or path.suffix == ".md"
    )
    assert [line.strip() for line in words if re.search(r"\((?:[TLBAPCUDQK]\d{1,2}(?:, )?)+\)", line)] == []


def test_every_file_pattern_of_the_settings_finds_something():
    settings = (ROOT / "pyproject.toml").read_text().split("[tool.ruff.lint.per-file-ignores]")[1]
    patterns = re.findall(r'^"([^"]+)" = \[', settings.split("\n[")[0], re.MULTILINE)
    assert patterns
    assert [each for each in patterns if not any(ROOT.glob(each))] == []
