"""Exit codes and words of every command."""

import click
import pytest
from sqlalchemy.exc import OperationalError

from app.cli import COMMANDS, Later
from app.cli.answers import answer, json_option, refuse, refusing
from app.core.errors import Conflict, RuleViolation
from app.core.text import _

FAILURES = {
    "rule": RuleViolation(_("Kuota angkatan %(name)s sudah penuh.", name="II")),
    "already": Conflict(_("Sudah diputuskan.")),
    "busy": OperationalError("UPDATE x SET nik = '6305'", {}, Exception("database is locked")),
    "missing": OperationalError("SELECT nik FROM x", {}, Exception("no such table: x")),
}


@click.command("try")
@click.argument("how")
@json_option
@refusing
def attempt(how, as_json):
    """Try it."""
    if how in FAILURES:
        raise FAILURES[how]
    if how == "refuse":
        refuse("Tidak.")
    answer({"done": 1, "names": ["a", "b"], "by": {"x": 1}, "none": None}, as_json)


@pytest.fixture
def run():
    from click.testing import CliRunner

    return lambda *words: CliRunner().invoke(attempt, words)


def test_done_is_0_with_readable_lines(run):
    outcome = run("well")
    assert (outcome.exit_code, outcome.stdout) == (0, "done: 1\nnames: a; b\nby: x 1\nnone: -\n")


def test_json_is_one_object(run):
    outcome = run("well", "--json")
    assert outcome.stdout == '{"done": 1, "names": ["a", "b"], "by": {"x": 1}, "none": null}\n'


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("rule", "Kuota angkatan II sudah penuh."),
        ("already", "Sudah diputuskan."),
        ("refuse", "Tidak."),
        ("busy", "Basis data sedang sibuk. Coba lagi sebentar lagi."),
        ("missing", "Basis data tidak dapat dipakai. Periksa DATABASE_URL, lalu jalankan flask db upgrade."),
    ],
)
def test_a_refusal_is_1_with_its_sentence_and_nothing_else(run, how, sentence):
    outcome = run(how)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (1, "", sentence + "\n")


def test_wrong_use_is_2(run):
    assert run().exit_code == 2
    assert run("well", "--colour").exit_code == 2


def test_every_command_that_is_there_loads_and_explains_itself(app):
    mine = {name: command for name, command in app.cli.commands.items() if isinstance(command, Later)}
    assert set(mine) <= set(COMMANDS)
    assert {"regions", "audit", "worker"} <= set(mine)
    for name, command in mine.items():
        assert command.load().name == name
        assert command.get_short_help_str()
