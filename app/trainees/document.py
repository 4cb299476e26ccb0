"""The list of PSM as a table for spreadsheets, with the columns and words of its page."""

from collections.abc import Iterable

from app.core.text import _
from app.courses.models import Tier
from app.sheets.document import Sheet
from app.trainees.models import Trainee


def trainees_sheet(people: Iterable[tuple[Trainee, Tier | None]], *, numbered: bool) -> Sheet:
    """Return people with the highest tier each holds; `numbered`: with the number of the record, for whoever
    joins records.
    """
    headings = [_("Nama"), _("Tempat tugas"), _("Status"), _("Jenjang tertinggi"), _("NIK")]
    none, unknown = _("belum ada"), _("belum tercatat")
    lines = [
        [
            trainee.name,
            trainee.duty_region.place_name,
            trainee.status.label,
            tier.label if tier else none,
            trainee.nik_masked or unknown,
            trainee.id,
        ]
        for trainee, tier in people
    ]
    return (
        Sheet([*headings, _("Nomor data")], lines)
        if numbered
        else Sheet(headings, [line[:-1] for line in lines])
    )
