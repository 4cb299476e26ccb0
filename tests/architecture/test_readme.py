"""The README names every setting, every command and every package, and nothing that is gone."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
INHERITED = {"routes", "run", "shell"}  # of Flask itself


def test_every_setting_is_described():
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "app" / "config.py").read_text()))
    described = set(re.findall(r"`([A-Z][A-Z_]+)`", README.split("## Settings")[1].split("## Commands")[0]))
    assert read == described


def test_every_command_is_described(app):
    for name, command in app.cli.commands.items():
        if name in INHERITED or name == "db":
            continue
        for called in [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]:
            assert f"`{called}" in README, f"describe `{called}`"


def test_every_package_is_on_the_map():
    packages = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    mapped = set(re.findall(r"`(\w+)`", README.split("## The map")[1].split("Every package")[0]))
    assert packages <= mapped
