"""Commands: parse, call one service, print what changed. Exit 0 done, 1 refused with a sentence, 2 wrong use."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

COMMANDS = ("regions", "users", "trainees", "certificates", "coverage", "audit", "demo", "ops", "worker")


def init_commands(app: Any) -> None:
    """Register `group` (or a single `command`) of each module that is there; a module that is there and broken is an error."""
    for name in COMMANDS:
        if find_spec(f"app.cli.{name}") is None:
            continue
        module = import_module(f"app.cli.{name}")
        app.cli.add_command(module.group if hasattr(module, "group") else module.command)
