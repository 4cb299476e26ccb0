"""`flask demo`: content to look at; refused in production."""

import shutil
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.answers import answer, json_option, refusing
from app.cli.welcome import WIDE, sign_in_lines
from app.core.errors import RuleViolation
from app.core.text import _
from app.demo import fill

group = AppGroup("demo", help="Content to look at.")


@group.command("fill")
@click.option("--scale", type=click.Choice(["tapin"]), default="tapin", show_default=True)
@json_option
@refusing
def fill_demo(scale: str, as_json: bool) -> None:
    """Make the demo Tapin; a second call changes nothing."""
    settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise RuleViolation(_("Contoh tidak dibuat pada pemasangan produksi."))
    filled = fill.fill_tapin(data_dir=settings.data_dir)
    answer(asdict(filled), as_json)
    if not as_json:
        for line in sign_in_lines(
            fill.accounts_of(settings.data_dir), columns=shutil.get_terminal_size(WIDE).columns
        ):
            click.echo(line)
