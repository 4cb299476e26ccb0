"""Commands about certificates."""

from datetime import date

import click
from flask.cli import AppGroup

from app.certificates import services
from app.cli.answers import Day, answer, json_option, refuse, refusing
from app.core import clock
from app.core.actor import SYSTEM
from app.core.dates import thousands
from app.core.text import _
from app.courses.queries import get_batch_by_code

group = AppGroup("certificates", help="Sertifikat: menerbitkan.")


@group.command("issue")
@click.argument("batch_code")
@click.option("--issued-on", type=Day(), help="Tanggal yang tercetak; tanpa ini hari ini.")
@json_option
@refusing
def issue(batch_code: str, issued_on: date | None, as_json: bool) -> None:
    """Terbitkan sertifikat satu angkatan; yang sudah terbit tidak berubah."""
    batch = get_batch_by_code(batch_code)
    if batch is None:
        refuse(_("Angkatan %(code)s tidak ditemukan.", code=batch_code))
    day = issued_on or clock.today(batch.zone)
    report = services.issue_for_batch(batch, issued_on=day, by=SYSTEM)
    answer(
        {
            "issued": len(report.issued),
            "already": len(report.already),
            "parked": [{"trainee": each.name, "reason": str(each.reason)} for each in report.parked],
            "numbers": [certificate.number for certificate in report.issued],
        },
        as_json,
        [
            _(
                "%(issued)s sertifikat diterbitkan, %(already)s sudah terbit, %(parked)s ditahan.",
                issued=thousands(len(report.issued)),
                already=thousands(len(report.already)),
                parked=thousands(len(report.parked)),
            ),
            *(_("Diterbitkan: %(number)s", number=certificate.number) for certificate in report.issued),
            *(
                _("Ditahan: %(name)s. %(reason)s", name=each.name, reason=each.reason)
                for each in report.parked
            ),
        ],
    )
