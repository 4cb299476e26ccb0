"""The participants of a batch as a table for spreadsheets, with the groups, columns and words
of their page.
"""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from app.core.dates import zone_name
from app.core.text import Text, _
from app.courses.models import Batch
from app.enrollments.models import Enrollment
from app.enrollments.queries import label_of
from app.sheets.document import Sheet


def enrollments_sheet(
    batch: Batch, groups: Iterable[tuple[Text, list[Enrollment]]], positions: Mapping[int, int]
) -> Sheet:
    """Return everybody of a batch group by group, as the page lists them."""
    headings = [
        _("Kelompok"),
        _("Nama"),
        _("Wilayah tugas"),
        _("Status"),
        _("Urutan cadangan"),
        _("Catatan"),
        _("Pengecualian"),
        _("Mendaftar (%(zone)s)", zone=zone_name(batch.zone)),
    ]
    there = ZoneInfo(batch.zone)
    lines = [
        [
            title,
            each.name,
            each.trainee.duty_region.place_name,
            label_of(each),
            positions.get(each.id),
            each.note,
            each.override_reason,
            each.submitted_at and each.submitted_at.astimezone(there).replace(tzinfo=None),
        ]
        for title, enrollments in groups
        for each in enrollments
    ]
    return Sheet(headings, lines)
