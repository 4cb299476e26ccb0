"""docs/design.md says what the sheets say: its contrast figures are recomputed, its parts exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DESIGN = (ROOT / "docs" / "design.md").read_text()
SHEET = (ROOT / "app" / "static" / "css" / "base.css").read_text()
COLOURS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", SHEET[: SHEET.index("}")]))
LEAST = {"--line-strong": 3.0}  # WCAG 1.4.11: edges of fields; text needs 4.5


def luminance(colour: str) -> float:
    digits = "".join(sign * 2 for sign in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Return (ink, ground, figure) of every line of the table of colours that gives figures."""
    found = []
    for line in re.findall(r"^\| (.+?) \|.*\| ([\d., ]+) \|$", DESIGN, re.M):
        names, figures = line[0], [float(figure) for figure in line[1].split(", ")]
        told: list[tuple[str, str]] = []
        for part in names.split(";"):
            ink, grounds = part.split(" on ") if " on " in part else (part.split("(")[0], "`--deep`")
            told += [(ink.strip(" `"), ground.strip(" `")) for ground in grounds.split(",")]
        assert len(told) == len(figures), names
        found += [(ink, ground, figure) for (ink, ground), figure in zip(told, figures, strict=True)]
    return found


def value_of(name: str) -> str:
    return "#ffffff" if name == "white" else COLOURS[name.removeprefix("--")]


def test_the_table_is_read_at_all():
    assert len(pairs()) >= 12


@pytest.mark.parametrize(("ink", "ground", "figure"), pairs())
def test_a_contrast_figure_is_true_and_high_enough(ink, ground, figure):
    measured = contrast(value_of(ink), value_of(ground))
    assert round(measured, 1) == figure
    assert measured >= LEAST.get(ink, 4.5)


def test_every_part_that_is_named_exists():
    parts = set(re.findall(r"`(\w+)`", DESIGN.split("## Which part when")[1].split("## Words")[0]))
    macros = "\n".join(
        path.read_text() for path in (ROOT / "app" / "templates" / "components").glob("*.html")
    )
    classes = set(re.findall(r"\.([a-z][\w-]*)", (ROOT / "app" / "static" / "css" / "app.css").read_text()))
    unknown = {
        name
        for name in parts
        if f"macro {name}(" not in macros and name not in classes | {"td", "aside", "printing"}
    }
    assert unknown == set()
