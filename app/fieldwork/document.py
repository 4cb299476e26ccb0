"""Kartu tanda peserta: name, place, course and PKL group of everybody in a batch, eight cards on a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.core.dates import date_range
from app.printing.services import render_pdf, tier_steps

TEMPLATE = Path(__file__).with_name("name_tags.typ")


@dataclass(frozen=True)
class NameTag:
    """One card; `group` is empty while nobody is placed."""

    name: str
    place: str
    group: int | None = None


@dataclass(frozen=True)
class NameTags:
    """The cards of a batch with what stands on all of them."""

    office: str
    course: str
    batch: str
    code: str
    starts_on: date
    ends_on: date
    tier_rank: int
    people: Sequence[NameTag]


def name_tags_pdf(tags: NameTags) -> bytes:
    """Return the sheets; a character of a name that no font can draw is a box."""
    return render_pdf(TEMPLATE, _page_data(tags), is_list=True)


def name_tags_filename(tags: NameTags) -> str:
    """Name the file by batch."""
    return f"Kartu-Peserta_{tags.code}.pdf"


def _page_data(tags: NameTags) -> dict[str, Any]:
    """Word the cards; the template composes no text of its own."""
    return {
        "document": {
            "title": f"Kartu tanda peserta {tags.course}, {tags.batch}",
            "author": tags.office,
            "date": [tags.starts_on.year, tags.starts_on.month, tags.starts_on.day],
        },
        "office": tags.office,
        "course": tags.course,
        "batch": f"{tags.batch} · {date_range(tags.starts_on, tags.ends_on)}",
        "tier": tier_steps(tags.tier_rank),
        "people": [
            {"name": tag.name, "place": tag.place, "group": f"Kelompok {tag.group}" if tag.group else ""}
            for tag in tags.people
        ],
    }
