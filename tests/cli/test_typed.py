"""Commands read days and texts as the pages do."""

from datetime import date

import click
import pytest
from click.testing import CliRunner

from app.cli import certificates, coverage, users
from app.cli.answers import Day, Words
from tests.core import typed_values as corpus


@click.command()
@click.argument("day", type=Day())
def take_day(day):
    click.echo(day.isoformat())


@click.command()
@click.argument("words", type=Words())
def take_words(words):
    click.echo(words)


@pytest.mark.parametrize(("typed", "meant"), corpus.DAYS, ids=lambda each: ascii(each)[:50])
def test_a_day(typed, meant):
    said = CliRunner().invoke(take_day, [typed])
    if isinstance(meant, date):
        assert (said.exit_code, said.output) == (0, f"{meant.isoformat()}\n")
    else:
        assert said.exit_code == 2
        assert meant in " ".join(said.output.split())


@pytest.mark.parametrize(("typed", "meant"), corpus.TEXTS, ids=lambda each: ascii(each)[:50])
def test_a_text(typed, meant):
    said = CliRunner().invoke(take_words, [typed])
    assert said.exit_code == (0 if meant else 2)
    assert meant is None or said.output == f"{meant}\n"


def test_the_commands_of_the_office_take_them():
    used = set()
    for module, name in ((users, "grant"), (users, "create"), (certificates, "issue"), (coverage, "report")):
        used |= {option.type.__class__ for option in module.group.commands[name].params}
    assert {Day, Words} <= used
    assert click.DateTime not in used
