"""Visits one by one: which have their session of field practice, which take people, and how far
all of it is.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from app.core import clock
from app.core.text import Text
from app.courses.models import Batch, TrainingSession
from app.courses.queries import get_batch
from app.courses.rules import SessionKind
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork.models import HostVisit, Placement
from app.fieldwork.overview import Overview, describe_stray
from app.fieldwork.queries import is_record, is_to_come, list_days_of_practice, list_placements, list_visits
from app.fieldwork.rules import PENDING, STANDING, USABLE, VisitStatus, has_session, proposed_day
from app.fieldwork.wording import describe_unsettled


class Schedule:
    """The sessions of field practice of a batch, against which its visits stand.

    `without`: a session that is thought away.
    """

    def __init__(self, batch: Batch, *, without: int | None = None) -> None:
        practice = TrainingSession.batch_id == batch.id, TrainingSession.kind == SessionKind.FIELD_PRACTICE
        query = select(
            TrainingSession.id, TrainingSession.held_on, TrainingSession.group, TrainingSession.cancelled_at
        ).where(*practice)
        rows = db.session.execute(query).all()
        self.is_planned = bool(rows)  # a schedule that never held field practice says nothing of a visit
        self.practice = {
            (day, group) for key, day, group, cancelled_at in rows if cancelled_at is None and key != without
        }

    def lacks(self, visit: HostVisit, placements: Collection[Placement]) -> bool:
        """Say whether an accepted visit has no session of field practice on its day for any group that is
        placed there.
        """
        groups = {placement.group for placement in placements if placement.visit_id == visit.id}
        return (
            self.is_planned
            and visit.status in USABLE
            and not has_session(visit.visits_on, groups, self.practice)
        )


def without_session(batch: Batch, visits: Sequence[HostVisit], placements: Collection[Placement]) -> set[int]:
    """Return the accepted visits, by id, that lack their session: it was called off, or moved
    to another day.
    """
    schedule = Schedule(batch)
    return {visit.id for visit in visits if schedule.lacks(visit, placements)}


def visits_to_fill(
    batch: Batch, visits: Sequence[HostVisit], placements: Sequence[Placement]
) -> list[HostVisit]:
    """Return the accepted visits that people are divided over, by day: those to come.

    Past ones too where nobody is placed yet, or where the whole batch is a record of the past. One that lacks
    its session takes people only while no other one has its own.
    """
    accepted = sorted(
        (visit for visit in visits if visit.status in USABLE), key=lambda visit: (visit.visits_on, visit.id)
    )
    to_come = [visit for visit in accepted if is_to_come(visit)]
    lacking = without_session(batch, accepted, placements)
    found = accepted if is_record(batch) or not (to_come or placements) else to_come
    return [visit for visit in found if visit.id not in lacking] or found


def stranded(batch: Batch, visits: Sequence[HostVisit], placements: Sequence[Placement]) -> list[Placement]:
    """Return the places at visits that lack their session, while another visit could take these people."""
    lacking = without_session(batch, visits, placements) - {
        visit.id for visit in visits_to_fill(batch, visits, placements)
    }
    return [placement for placement in placements if placement.visit_id in lacking]


def describe_strays(
    batch: Batch, visits: Sequence[HostVisit], placements: Sequence[Placement], *, without: int | None = None
) -> list[Text]:
    """Say which visits lie on a day that holds no session of field practice for the groups placed there:
    those to come that are accepted or asked for, and past ones that never took place.
    """
    schedule = Schedule(batch, without=without)
    parts = []
    for visit in visits:
        if visit.status in STANDING and (is_to_come(visit) or schedule.lacks(visit, placements)):
            groups = {placement.group for placement in placements if placement.visit_id == visit.id}
            parts.append(describe_stray(visit.host.name, visit.visits_on, groups, schedule.practice))
    return [each for each in parts if each is not None]


def describe_strays_of(batch_id: int, without: int | None = None) -> list[Text]:
    """Say the same of a batch, read anew."""
    batch = get_batch(batch_id)
    return (
        describe_strays(batch, list_visits(batch), list_placements(batch), without=without) if batch else []
    )


def overview_of(
    batch: Batch,
    visits: Sequence[HostVisit],
    placements: Sequence[Placement],
    people: Sequence[Attendee],
    closed: Text | None = None,
) -> Overview:
    """Return how far the field practice of a batch is, of what was read already."""
    today = clock.today(batch.zone)
    at = {visit.id: sum(placement.visit_id == visit.id for placement in placements) for visit in visits}
    placed = {placement.attendee_id for placement in placements}
    accepted = [visit for visit in visits if visit.status in USABLE]
    lacking = without_session(batch, visits, placements)
    pending = [visit for visit in visits if visit.status in PENDING]
    asking = pending + [visit for visit in visits if visit.asks_for_more]
    days = list_days_of_practice(batch)
    past = [visit.visits_on for visit in accepted if visit.visits_on < today and visit.id not in lacking]
    return Overview(
        people=len(people),
        unplaced=sum(person.id not in placed for person in people),
        granted=sum(visit.granted_places for visit in accepted),
        free=sum(
            max(0, visit.granted_places - at[visit.id]) for visit in visits_to_fill(batch, visits, placements)
        ),
        waiting=sum(
            max(0, visit.requested_places - max(at[visit.id], visit.granted_places))
            for visit in asking
            if is_to_come(visit)
        ),
        requests=len(asking),
        held=sum(at[visit.id] for visit in pending),
        proposals=sum(visit.status is VisitStatus.OTHER_DATE for visit in visits),
        can_ask_again=bool(proposals_of(batch, visits)),
        to_come=any(visit.visits_on >= today for visit in accepted),
        stranded=len(stranded(batch, visits, placements)),
        took_place_on=max(past, default=None),
        is_over=any(days) and max(days) < today,
        stray=next(iter(describe_strays(batch, visits, placements)), None),
        can_ask=today <= batch.ends_on or is_record(batch),
        closed=closed,
    )


def proposals_of(batch: Batch, visits: Sequence[HostVisit]) -> dict[int, date]:
    """Return the proposed days that can be asked for in one press."""
    today = clock.today(batch.zone)
    days = {
        visit.id: proposed_day(visit.answer_note)
        for visit in visits
        if visit.status is VisitStatus.OTHER_DATE
    }
    return {
        visit_id: day
        for visit_id, day in days.items()
        if day and max(today, batch.starts_on) <= day <= batch.ends_on
    }


def practised_at(batch: Batch) -> dict[int, str]:
    """Return the name of the host of each person who has a place at a visit that the host accepted, by the id
    of the participant; of nobody whose visit lacks its session: it does not take place.
    """
    placements = list_placements(batch)
    lacking = without_session(batch, list_visits(batch), placements)
    here = [
        placement
        for placement in placements
        if placement.visit.status in USABLE and placement.visit_id not in lacking
    ]
    return {placement.attendee_id: placement.visit.host.name for placement in here}


def describe_open(batch: Batch, people: Sequence[Attendee]) -> list[Text]:
    """Say what is open of the field practice that a course asks for: people without a place at an accepted
    visit, and requests that no host has answered. Nothing where the course asks for none.
    """
    if not batch.course.fieldwork_required:
        return []
    placed = practised_at(batch)
    without = [person.name for person in people if person.id not in placed]
    asked = [visit for visit in list_visits(batch) if visit.status in PENDING | {VisitStatus.OTHER_DATE}]
    return describe_unsettled(without, [(visit.host.name, visit.visits_on, visit.status) for visit in asked])
