"""Desa by how many active people of which highest rank they have: today from the kept counts, any other day from periods."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app.core import clock
from app.coverage.queries.places import Lineage, stand_ins, stood, stood_on, villages
from app.coverage.rules import Profile, Tally
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import Level
from app.trainees import queries as trainees
from app.trainees.models import DutyPost, Qualification, Standing, Trainee, WorkforceCount
from app.trainees.queries import in_force
from app.trainees.rules import TraineeStatus


class Found:
    """People added up by desa."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.desa: dict[str, tuple[list[int], int]] = {}

    def add(self, code: str, status: TraineeStatus | None, rank: int, people: int) -> None:
        """Count people of a standing and a highest rank in a desa; only active ones enter its profile."""
        profile, recorded = self.desa.get(code, ([0] * self.size, 0))
        if status is TraineeStatus.ACTIVE:
            profile[rank] += people
        self.desa[code] = profile, recorded + people

    def tallies(self, depth: int) -> list[Tally]:
        """Return one tally a desa."""
        return [Tally(code[:depth], tuple(profile), 1, recorded) for code, (profile, recorded) in self.desa.items()]


def tallies_of(region: Region, day: date, ranks: list[int], depth: int, lineage: Lineage) -> list[Tally]:
    """Return all desa of a region on a day, those of the same profile within codes of the given length as one tally; desa in which
    nobody is recorded stand apart from those with people who do not count."""
    if not stood(region, day):
        return []
    size = max(ranks, default=0) + 1
    moved = stand_ins(region, lineage)
    if day == clock.today(region.zone):
        return tallies_of_today(region, day, size, depth, moved)
    return tallies_of_periods(region, day, size, depth, moved)


def tallies_of_today(region: Region, day: date, size: int, depth: int, moved: dict[int, str]) -> list[Tally]:
    """Sum the counts that are kept. Counts on a desa of another time are added to those of the desa that stands for it."""
    apart = Found(size)
    if moved:
        homes = sorted(set(moved.values()))
        query = select(WorkforceCount, Region.code).join(Region, WorkforceCount.region_id == Region.id)
        standing = and_(Region.code.in_(homes), Region.level == Level.DESA, stood_on(Region, day))
        for row, code in db.session.execute(query.where(or_(standing, Region.id.in_(sorted(moved))))):
            apart.add(moved.get(row.region_id, code), row.status, row.top_rank, row.people)
    each = select(Region.code, func.coalesce(func.sum(WorkforceCount.people), 0).label("recorded"))
    for rank in range(size):
        counts = and_(WorkforceCount.status == TraineeStatus.ACTIVE, WorkforceCount.top_rank == rank)
        each = each.add_columns(func.coalesce(func.sum(case((counts, WorkforceCount.people), else_=0)), 0).label(f"rank{rank}"))
    each = each.outerjoin(WorkforceCount, WorkforceCount.region_id == Region.id).where(*villages(region, day))
    if apart.desa:
        each = each.where(Region.code.not_in(sorted(apart.desa)))
    desa = each.group_by(Region.id, Region.code).subquery()
    is_known = case((desa.c.recorded > 0, 1), else_=0)
    keys = [func.substr(desa.c.code, 1, depth), *(desa.c[f"rank{rank}"] for rank in range(size)), is_known]
    rows = db.session.execute(select(*keys, func.count(), func.sum(desa.c.recorded)).group_by(*keys))
    return [Tally(code, tuple(map(int, profile)), many, int(recorded)) for code, *profile, _known, many, recorded in rows] + apart.tallies(
        depth
    )


def tallies_of_periods(region: Region, day: date, size: int, depth: int, moved: dict[int, str]) -> list[Tally]:
    """Count people by where they served, what they were and what they held on that day."""
    found = Found(size)
    each = people_on(region, day, moved).add_columns(DutyPost.region_id, Region.code, Standing.status, highest_rank(day).label("rank"))
    people = each.subquery()
    keys = people.c.region_id, people.c.code, people.c.status, people.c.rank
    for region_id, code, status, rank, many in db.session.execute(select(*keys, func.count()).group_by(*keys)):
        found.add(moved.get(region_id, code), status, rank, many)
    prefix = func.substr(Region.code, 1, depth)
    query = select(prefix, func.count()).where(*villages(region, day)).group_by(prefix)
    nobody: dict[str, int] = dict(db.session.execute(query).all())
    for code in found.desa:
        nobody[code[:depth]] -= 1
    empty: Profile = (0,) * size
    return found.tallies(depth) + [Tally(code, empty, many, 0) for code, many in nobody.items() if many]


def people_on(region: Region, day: date, moved: dict[int, str]) -> Select[Any]:
    """Return the query of everybody who served in a region on a day, whatever their standing; duplicates are not people."""
    standing = and_(Standing.trainee_id == Trainee.id, in_force(Standing.starts_on, Standing.ends_on, day))
    here = and_(*villages(region, day))
    return (
        select(Trainee.id)
        .join(DutyPost, and_(DutyPost.trainee_id == Trainee.id, in_force(DutyPost.starts_on, DutyPost.ends_on, day)))
        .join(Region, Region.id == DutyPost.region_id)
        .outerjoin(Standing, standing)
        .where(Trainee.canonical_id.is_(None), or_(here, Region.id.in_(sorted(moved))) if moved else here)
    )


def highest_rank(day: date) -> ColumnElement[int]:
    """Return the highest rank that the person held on a day, over all records of the person; 0 for none."""
    return trainees.highest_rank(in_force(Qualification.held_from, Qualification.held_to, day))
