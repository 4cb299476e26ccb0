"""What duplicates tell of the time before they were merged: a merge takes nobody out of what was counted
then.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.scopes import contains
from app.courses.models import Tier
from app.coverage.rules import counts_for, covers
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import Level
from app.trainees.models import DutyPost, Merge, Qualification, Standing, Trainee
from app.trainees.rules import TraineeStatus


class Told(NamedTuple):
    """The desa where a duplicate tells that somebody served, with the span in which the desa is there."""

    region_id: int
    code: str
    valid_from: date | None
    valid_to: date | None


def places_by_duplicates(days: Collection[date]) -> dict[date, dict[int, Told]]:
    """Return, by day, the people who count that day only by what a duplicate tells, with their desa; two
    queries at most.
    """
    first, last = min(days), max(days)
    found: dict[date, dict[int, Told]] = {day: {} for day in days}
    duplicate = aliased(Trainee)
    columns = (
        DutyPost.starts_on,
        DutyPost.ends_on,
        Standing.starts_on,
        Standing.ends_on,
        Merge.merged_at,
        Region.zone,
    )
    query = select(
        Trainee.id, Region.id, Region.code, Region.valid_from, Region.valid_to, *columns
    ).select_from(duplicate)
    query = query.join(Trainee, duplicate.canonical_id == Trainee.id)
    query = query.join(Merge, and_(Merge.duplicate_id == duplicate.id, Merge.undone_at.is_(None)))
    query = query.join(DutyPost, DutyPost.trainee_id == duplicate.id).join(
        Region, Region.id == DutyPost.region_id
    )
    query = query.join(
        Standing, and_(Standing.trainee_id == duplicate.id, Standing.status == TraineeStatus.ACTIVE)
    )
    for period in (DutyPost, Standing):
        query = query.where(period.starts_on <= last, or_(period.ends_on.is_(None), period.ends_on >= first))
    rows = db.session.execute(query.where(Region.level == Level.DESA).order_by(duplicate.id)).all()
    if not rows:
        return found
    standings: dict[int, list[tuple[TraineeStatus, date, date | None]]] = {}
    merged = select(Merge.canonical_id).where(Merge.undone_at.is_(None))
    own = select(Standing.trainee_id, Standing.status, Standing.starts_on, Standing.ends_on).where(
        Standing.trainee_id.in_(merged)
    )
    for person, status, begun, ended in db.session.execute(own):
        standings.setdefault(person, []).append((status, begun, ended))
    for (
        person,
        region_id,
        code,
        since,
        until,
        post_from,
        post_to,
        active_from,
        active_to,
        merged_at,
        zone,
    ) in rows:
        for day, told in found.items():
            if not (covers(day, post_from, post_to) and covers(day, active_from, active_to)):
                continue
            if person not in told and counts_for(
                day, standings.get(person, []), clock.local_day(merged_at, zone)
            ):
                told[person] = Told(region_id, code, since, until)
    return found


def places_of_duplicates_in(code: str, day: date, moved: dict[int, str]) -> dict[int, str]:
    """Return the same of one day for the desa of a region, with the code of the desa that stands there on the
    day.
    """
    return {
        person: desa
        for person, told in places_by_duplicates([day])[day].items()
        if (desa := desa_of(told, code, day, moved))
    }


def desa_of(told: Told, code: str, day: date, moved: dict[int, str]) -> str | None:
    """Return the desa of a region that counts somebody on a day; None where it lies elsewhere or was not
    there.
    """
    if told.region_id in moved:
        return moved[told.region_id]
    was_there = (told.valid_from is None or told.valid_from <= day) and (
        told.valid_to is None or day < told.valid_to
    )
    return told.code if was_there and contains(code, told.code) else None


def ranks_of(people: Collection[int], days: Collection[date]) -> dict[date, dict[int, int]]:
    """Return, by day, the highest rank of each of these people over all their records; those without one are
    missing.
    """
    record = aliased(Trainee)
    query = select(
        record.id, record.canonical_id, Tier.rank, Qualification.held_from, Qualification.held_to
    ).select_from(record)
    query = query.join(Qualification, Qualification.trainee_id == record.id).join(
        Tier, Tier.id == Qualification.tier_id
    )
    ids = sorted(people)
    found: dict[date, dict[int, int]] = {day: {} for day in days}
    if not ids:
        return found
    for record_id, canonical_id, rank, since, until in db.session.execute(
        query.where(or_(record.id.in_(ids), record.canonical_id.in_(ids)))
    ):
        for day, ranks in found.items():
            person = canonical_id or record_id
            if covers(day, since, until):
                ranks[person] = max(rank, ranks.get(person, 0))
    return found
