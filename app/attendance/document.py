"""The daftar hadir of one day as PDF: to be signed by hand, filed, and handed in with the accounts; and the
recap for spreadsheets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from app.attendance import queries
from app.attendance.joining import Spans, left_on, spans_of
from app.attendance.lines import PersonLine
from app.attendance.queries import Block
from app.attendance.rules import Hours, is_in_group
from app.attendance.wording import Sentence
from app.core.dates import clock_time, day_date, long_date, roman, zone_name
from app.core.text import Text, _
from app.courses.models import Batch
from app.enrollments.models import Attendee
from app.organisers.queries import name_on
from app.printing.services import render_pdf
from app.sheets.document import Sheet

TEMPLATE = Path(__file__).with_name("sign_sheet.typ")
PAPER_SIZES = ("a4", "f4")  # 210 x 297 and 215 x 330 mm
DOTS = "." * 44
HALF_NAMES = {"1": _("pagi"), "2": _("siang")}
OTHER_GROUP, NOT_YET = "kelompok lain", "belum peserta"  # why somebody signs nothing in a half day


@dataclass(frozen=True)
class HalfDay:
    """A column to sign, with its times where they are known."""

    label: str
    starts_at: time | None = None
    ends_at: time | None = None


@dataclass(frozen=True)
class Line:
    """Somebody on the list; `not_held` says of each half day why it is not held for them, "" where it is."""

    name: str
    place: str
    not_held: Sequence[str]


@dataclass(frozen=True)
class SignSheet:
    """All that the list of one day says."""

    day: date
    office: str
    government: str
    contact: str
    course: str
    batch: str
    code: str
    venue: str
    zone: str
    seat: str
    halves: Sequence[HalfDay]
    people: Sequence[Line]


def sign_sheet_of(batch: Batch, day: date) -> SignSheet:
    """Gather what the daftar hadir of a day says: a column for each half day with JP, or one for the whole
    day.
    """
    organiser, course = batch.course.organiser, batch.course
    name = name_on(organiser, day)
    blocks = [block for block in queries.blocks_of(batch) if block.held_on == day]
    halves = [
        HalfDay(
            str(HALF_NAMES.get(block.name[-1], block.name[-1])).capitalize(), block.starts_at, block.ends_at
        )
        for block in blocks
    ]
    lines = []
    held = [session.id for block in blocks for session in block.sessions]
    there = {row.attendee_id for row in queries.list_attendances(batch, held)}
    known = spans_of(batch)
    joined = {who: when for who, when in known.joined.items() if who not in there}
    spans = Spans(joined, {who: when for who, when in known.died.items() if who not in there})
    for person in queries.people_with_presence(batch, held):
        reasons = [_not_held(block, person, spans) for block in blocks]
        if NOT_YET in reasons and all(reasons):
            # the seat was given later, or the death is recorded; who came all the same signs on an empty row
            continue
        place = person.trainee.duty_region.place_name if person.trainee else ""
        if person.left_at:
            place = f"{place}; keluar pada {long_date(left_on(person))}"
        lines.append(Line(person.name, place, reasons or [""]))
    return SignSheet(
        day=day,
        office=name.name if name else organiser.unit,
        government=name.government if name else organiser.region.full_name,
        contact=(
            " · ".join(part for part in (name.address, name.phone and f"Telepon {name.phone}") if part)
            if name
            else ""
        ),
        course=course.title,
        batch=f"Angkatan {roman(batch.ordinal)} Tahun {batch.starts_on.year}",
        code=batch.code,
        venue=batch.venue,
        zone=zone_name(batch.zone),
        seat=organiser.seat,
        halves=halves or [HalfDay("Sepanjang hari")],
        people=lines,
    )


def _not_held(block: queries.Block, person: Attendee, spans: Spans) -> str:
    """Say why somebody has nothing to sign in a half day: it is held for other groups, or was over when the
    seat was given.
    """
    own = [session for session in block.sessions if is_in_group(person.group, session.group)]
    if not own:
        return OTHER_GROUP
    return "" if any(spans.cover(person.id, session) for session in own) else NOT_YET


def sign_sheet_pdf(sheet: SignSheet, *, paper: str = "a4") -> bytes:
    """Return the list on A4 or F4; a character of a name that no font can draw is a box."""
    return render_pdf(TEMPLATE, _page_data(sheet, paper), is_list=True)


def sign_sheet_filename(sheet: SignSheet, *, paper: str = "a4") -> str:
    """Name the file by batch and day, so that a folder of them stands in order."""
    return f"Daftar-Hadir_{sheet.code}_{sheet.day.isoformat()}_{paper.upper()}.pdf"


def _page_data(sheet: SignSheet, paper: str) -> dict[str, Any]:
    """Word the page; the template composes no text of its own."""
    day = day_date(sheet.day)
    return {
        "document": {
            "title": f"Daftar hadir {sheet.course}, {sheet.batch}: {day}",
            "author": sheet.office,
            "date": [sheet.day.year, sheet.day.month, sheet.day.day],
            "paper": paper,
        },
        "kop": {
            "government": sheet.government.upper(),
            "office": sheet.office.upper(),
            "contact": sheet.contact,
        },
        "title": "DAFTAR HADIR PESERTA",
        "about-day": [
            ["Kegiatan", sheet.course],
            ["Angkatan", sheet.batch],
            ["Hari, tanggal", day],
            ["Tempat", sheet.venue],
        ],
        "running": {
            "left": f"Daftar hadir {sheet.course}, {sheet.batch}",
            "right": day,
            "code": f"{sheet.code} · {long_date(sheet.day)}",
        },
        "halves": [{"label": half.label, "time": _times(half, sheet.zone)} for half in sheet.halves],
        "people": [
            {"name": line.name, "place": line.place, "not-held": list(line.not_held)} for line in sheet.people
        ],
        "closing": {
            "count": "Jumlah yang hadir",
            "hint": "Baris kosong untuk yang hadir tetapi belum terdaftar.",
            "signer": {
                "above": f"{sheet.seat}, {long_date(sheet.day)}",
                "on_behalf": "",
                "position": "Ketua Panitia,",
                "name": DOTS,
                "rank": "",
                "nip": "NIP. " + DOTS,
            },
        },
    }


def _times(half: HalfDay, zone: str) -> str:
    """Write when a half day is held: 08.00–12.00 WITA."""
    if half.starts_at is None or half.ends_at is None:
        return ""
    return f"{clock_time(half.starts_at)}–{clock_time(half.ends_at)} {zone}"


def presence_sheet(
    people: Sequence[Attendee],
    blocks: Sequence[tuple[Block, Mapping[int, PersonLine]]],
    hours: Mapping[int, Hours],
    standings: Mapping[int, Sentence],
    remarks: Mapping[int, Text],
) -> Sheet:
    """Return the recap of a batch: a line for each person, a column for each half day with what is stored of
    it, then the JP.
    """
    halves = [
        _("%(day)s, %(half)s", day=day_date(block.held_on), half=HALF_NAMES[block.name[-1]])
        for block, _found in blocks
    ]
    headings = [_("Nama"), *halves, _("JP diikuti"), _("Dari JP"), _("Persen"), _("Keterangan")]
    lines = []
    for person in people:
        own, text = hours[person.id], str(standings[person.id].text)
        kept = [found[person.id].wording if person.id in found else None for _block, found in blocks]
        unknown = not own.is_begun and not person.left_at
        notes = [str(_("Belum tercatat")) if unknown else "", text, str(remarks.get(person.id, ""))]
        figures = [own.attended, own.planned, own.percent if own.is_begun else None]
        lines.append([person.name, *kept, *figures, "; ".join(filter(None, notes))])
    return Sheet(headings, lines)
