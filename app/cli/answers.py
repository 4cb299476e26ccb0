"""How every command answers: one JSON object or readable lines, a refusal as one sentence,
never a traceback.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from app.core.errors import DomainError
from app.core.text import Text, _
from app.core.typed import UNSEEN_CHARACTER, UnreadableError, clean_text, has_unreadable_character, read_day
from app.core.unit_of_work import is_transient

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)


class Day(click.ParamType):
    """A day, read as on every page: 24-05-2011, 24 Mei 2011, 2011-05-24."""

    name = "tanggal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else read_day(value)
        except UnreadableError as error:
            self.fail(str(error.reason), param, ctx)


class Words(click.ParamType):
    """A text on one line without characters that nobody sees, as on every page."""

    name = "teks"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = clean_text(value, one_line=True)
        if has_unreadable_character(words):
            self.fail(str(UNSEEN_CHARACTER), param, ctx)
        return words


json_option = click.option("--json", "as_json", is_flag=True, help="Cetak satu objek JSON.")


def answer(data: Mapping[str, Any], as_json: bool = False, lines: Any = None) -> None:
    """Print the outcome: as one JSON object, or the given lines, or `key: value` for each entry."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    for line in [f"{key}: {_plain(value)}" for key, value in data.items()] if lines is None else lines:
        click.echo(str(line))


def refuse(sentence: Text | str) -> NoReturn:
    """End the command with exit code 1 and this sentence on standard error."""
    click.echo(str(sentence), err=True)
    raise click.exceptions.Exit(1)


def refusing(command: Callable[P, R]) -> Callable[P, R]:
    """Answer a refusal with its sentence and exit code 1; put it directly above the function, below the
    options.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except DomainError as refusal:
            refuse(refusal.reason)
        except DBAPIError as error:
            log.error(
                "command %s failed: %s", command.__name__, type(error.orig).__name__
            )  # the statement may hold personal data
            refuse(
                _("Basis data sedang sibuk. Coba lagi sebentar lagi.")
                if is_transient(error)
                else _(
                    "Basis data tidak dapat dipakai. Periksa DATABASE_URL, lalu jalankan flask db upgrade."
                )
            )

    return run


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items()) or "-"
    if isinstance(value, list | tuple):
        return "; ".join(_plain(each) for each in value) or "-"
    return "-" if value is None else str(value)
