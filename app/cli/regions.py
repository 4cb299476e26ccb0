"""flask regions: load the reference data."""

import csv
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.answers import answer, json_option, refusing
from app.core.errors import RuleViolation
from app.core.text import _
from app.regions import services
from app.regions.lines import lines_of
from app.regions.rules import is_code

SEPARATORS = (",", ";", "\t")  # the second one is what an Indonesian Excel writes

group = AppGroup("regions", help="Data wilayah Kemendagri.")


@group.command("import")
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV kode,nama atau kode;nama, seluruh wilayah; tanpa ini data bawaan.",
)
@json_option
@refusing
def import_regions(source: Path | None, as_json: bool) -> None:
    """Samakan daftar wilayah dengan sumber; aman diulang."""
    report = services.import_regions(_rows_of(source) if source else services.reference_rows())
    answer(report.facts(), as_json, lines_of(report))


def _rows_of(source: Path) -> list[tuple[str, str]]:
    """Read code and name from the first two columns, whatever stands between them; a heading line is passed
    over.
    """
    try:
        with source.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            separator = max(SEPARATORS, key=first.count)
            lines = [
                line for line in csv.reader(file, delimiter=separator) if any(cell.strip() for cell in line)
            ]
    except (UnicodeDecodeError, csv.Error):
        raise RuleViolation(
            _("Berkas sumber bukan CSV dalam UTF-8. Di Excel, simpan sebagai CSV UTF-8.")
        ) from None
    if lines and not is_code(lines[0][0].strip()):
        lines = lines[1:]
    for number, line in enumerate(lines, start=1):
        if len(line) < 2:
            raise RuleViolation(_("Baris %(number)d tidak mempunyai kode dan nama.", number=number))
    return [(line[0].strip(), line[1].strip()) for line in lines]
