"""Commands: parse, call one service, print what changed. Exit 0 done, 1 refused with a sentence, 2 wrong use.

A command is a module here that holds `group` (or a single `command`); it is loaded when it is called, so that
a web process carries none of them.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

COMMANDS = (
    "regions",
    "users",
    "trainees",
    "certificates",
    "coverage",
    "audit",
    "demo",
    "ops",
    "worker",
    "serve",
)


class Later(click.Command):
    """Stands in for the command of a module until somebody calls it or asks for help."""

    def load(self) -> click.Command:
        """Return the true command."""
        module = import_module(f"app.cli.{self.name}")
        return module.group if hasattr(module, "group") else module.command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.load().make_context(info_name, args, parent, **extra)

    def get_short_help_str(self, limit: int = 45) -> str:
        return self.load().get_short_help_str(limit)


def init_commands(app: Any) -> None:
    """Register the commands whose modules are there."""
    for name in COMMANDS:
        if find_spec(f"app.cli.{name}"):
            app.cli.add_command(Later(name))
