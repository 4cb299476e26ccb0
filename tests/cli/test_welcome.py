"""The last lines of `make run`: address, who can sign in and what to try first, in a table that fits the
terminal.
"""

import json
import re
from dataclasses import asdict, replace

import pytest

from app.cli.welcome import HEADS, WIDE, welcome
from app.demo.fill import ACCOUNTS, Account

PEOPLE = [
    Account(
        "Dinas sosial kabupaten/kota",
        "dinas@contoh.id",
        "5bfa-e794-4d45",
        "rencana, peserta, kelulusan, cakupan Tapin",
    ),
    Account("PSM", "+6281200020000", "4bf6-ade0-53fb", "sertifikatnya dari diklat 2011"),
]


@pytest.fixture
def settings(app, tmp_path):
    (tmp_path / ACCOUNTS).write_text(json.dumps([asdict(person) for person in PEOPLE]))
    return replace(app.config["SETTINGS"], data_dir=tmp_path)


@pytest.mark.parametrize("columns", [WIDE[0], 110, 80])
def test_it_ends_with_address_and_accounts(settings, columns):
    lines = welcome(settings, columns=columns)
    said = "\n".join(lines)
    assert "https://bekal.example.go.id" in said
    for person in PEOPLE:
        assert re.search(rf"{re.escape(person.sign_in)}\s+{person.password}", said)
        assert person.role in said
        assert person.look_at in said
    assert all(len(line) <= columns for line in lines if str(settings.data_dir) not in line)
    assert "Ctrl+C" in lines[-2]


def test_where_there_is_room_it_is_a_table(settings):
    lines = welcome(settings, columns=WIDE[0])
    head = next(line for line in lines if "Nama masuk" in line)
    row = next(line for line in lines if "dinas@contoh.id" in line)
    assert [head.index(name) for name in HEADS] == [row.index(cell) for cell in asdict(PEOPLE[0]).values()]


def test_production_names_no_accounts(settings):
    assert "@contoh.id" not in "\n".join(welcome(replace(settings, app_env="production"), columns=80))
