"""What a participant reads of the own field practice: where, when, in which group; and that a place was
called off.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from app.audit.queries import details_of, history_of
from app.core import clock
from app.core.dates import day_date
from app.core.text import Text, _
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.queries import placement_of
from app.fieldwork.rules import USABLE

LOST = "placement.lost"  # the event that keeps who lost which place, and why
PLACED_OTHERWISE = ("placement.freed", "placement.moved")  # what makes it old news


def practice_of_people(trainee_ids: Collection[int]) -> dict[tuple[int, int], Text]:
    """Return, by (batch, record), what these people read of their field practice; nothing where nobody was
    ever placed.
    """
    attending = Attendee.trainee_id.in_(sorted(trainee_ids)), Attendee.left_at.is_(None)
    values = {
        (each.batch_id, each.trainee_id or 0): describe_practice(each)
        for each in db.session.scalars(select(Attendee).where(*attending))
    }
    return {key: sentence for key, sentence in values.items() if sentence is not None}


def describe_practice(attendee: Attendee) -> Text | None:
    """Say where somebody practises, or that the place was called off and why; None where there is neither."""
    placement = placement_of(attendee)
    if placement is not None:
        return describe_place(placement)
    lost = [event for event in history_of(attendee) if event.action in {LOST, *PLACED_OTHERWISE}]
    if lost and lost[-1].action != LOST:
        return None
    kept = details_of(lost[-1:])
    told = kept.get(lost[-1].id) if lost else None
    if not told or date.fromisoformat(told["details"]["day"]) < clock.today(attendee.batch.zone):
        return None
    details = told["details"]
    return _(
        "Tempat PKL Anda di %(host)s pada %(day)s dibatalkan. Alasan: %(reason)s. Tempat yang baru akan"
        " tampil di sini.",
        host=details["host"],
        day=day_date(date.fromisoformat(details["day"])),
        reason=told["note"].rstrip("."),
    )


def describe_place(placement: Placement) -> Text:
    """Say host, day and group of a place, and where the host has still to answer."""
    visit: HostVisit = placement.visit
    values = {"host": visit.host.name, "day": day_date(visit.visits_on), "group": placement.group}
    if visit.status in USABLE:
        return _("PKL Anda: %(host)s, %(day)s, kelompok %(group)s.", **values)
    return _("PKL Anda: kelompok %(group)s, %(host)s; jawaban lokasi untuk %(day)s masih ditunggu.", **values)
