"""Desa by how many active people of which highest rank they have: today from the kept counts, any other day
from periods.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app.core import clock
from app.coverage.queries.lives import places_of_duplicates_in, ranks_of
from app.coverage.queries.places import Lineage, stand_ins, stood, stood_on, villages
from app.coverage.rows import Tally
from app.coverage.rules import Profile
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import Level
from app.trainees import queries as trainees
from app.trainees.models import DutyPost, Qualification, Standing, Trainee, WorkforceCount
from app.trainees.queries import in_force
from app.trainees.rules import TraineeStatus


class Found:
    """Desa one by one: their active people by highest rank, and whether anybody was ever recorded there."""

    def __init__(self, size: int, alone: Collection[str]) -> None:
        self.size = size
        self.alone = alone
        self.desa: dict[str, tuple[list[int], bool]] = {}

    def add(self, code: str, rank: int, people: int) -> None:
        """Count active people of a highest rank in a desa."""
        profile, _is_known = self.desa.get(code, ([0] * self.size, True))
        profile[rank] += people
        self.desa[code] = profile, True

    def put(self, code: str, *, is_known: bool) -> None:
        """Note a desa in which nobody may be active."""
        profile, known = self.desa.get(code, ([0] * self.size, False))
        self.desa[code] = profile, known or is_known

    def tallies(self, depth: int) -> list[Tally]:
        """Return one tally a desa."""
        return [
            Tally(code if code in self.alone else code[:depth], tuple(profile), 1, is_known)
            for code, (profile, is_known) in self.desa.items()
        ]


def tallies_of(
    region: Region, day: date, ranks: list[int], depth: int, lineage: Lineage, alone: Collection[str] = ()
) -> list[Tally]:
    """Return all desa of a region on a day, those of the same profile within codes of the given length as one
    tally; desa in which nobody was ever recorded stand apart from those whose people do not count, and the
    desa of the codes `alone` from all others.
    """
    if not stood(region, day):
        return []
    size = max(ranks, default=0) + 1
    moved = stand_ins(region, lineage)
    if day == clock.today(region.zone):
        return tallies_of_today(region, day, size, depth, moved, alone)
    return tallies_of_periods(region, day, size, depth, moved, alone)


def tallies_of_today(
    region: Region, day: date, size: int, depth: int, moved: dict[int, str], alone: Collection[str] = ()
) -> list[Tally]:
    """Sum the counts that are kept.

    Counts on a desa of another time are added to those of the desa that stands for it.
    """
    apart = _stand_ins_found(day, size, moved, alone)
    if moved:
        query = select(WorkforceCount, Region.code).join(Region, WorkforceCount.region_id == Region.id)
        standing = and_(
            Region.code.in_(sorted(apart.desa)), Region.level == Level.DESA, stood_on(Region, day)
        )
        query = query.where(
            or_(standing, Region.id.in_(sorted(moved))), WorkforceCount.status == TraineeStatus.ACTIVE
        )
        for row, code in db.session.execute(query):
            apart.add(moved.get(row.region_id, code), row.top_rank, row.people)
    each = select(Region.code, is_known_on(day).label("is_known"))
    for rank in range(size):
        counts = and_(WorkforceCount.status == TraineeStatus.ACTIVE, WorkforceCount.top_rank == rank)
        each = each.add_columns(
            func.coalesce(func.sum(case((counts, WorkforceCount.people), else_=0)), 0).label(f"rank{rank}")
        )
    each = each.outerjoin(WorkforceCount, WorkforceCount.region_id == Region.id).where(*villages(region, day))
    if apart.desa:
        each = each.where(Region.code.not_in(sorted(apart.desa)))
    desa = each.group_by(Region.id, Region.code).subquery()
    keys = [
        _group_of(desa.c.code, depth, alone),
        *(desa.c[f"rank{rank}"] for rank in range(size)),
        desa.c.is_known,
    ]
    rows = db.session.execute(select(*keys, func.count()).group_by(*keys))
    return [
        Tally(code, tuple(map(int, profile)), many, bool(is_known)) for code, *profile, is_known, many in rows
    ] + apart.tallies(depth)


def tallies_of_periods(
    region: Region, day: date, size: int, depth: int, moved: dict[int, str], alone: Collection[str] = ()
) -> list[Tally]:
    """Count people by where they served, what they were and what they held on that day."""
    found = _stand_ins_found(day, size, moved, alone)
    apart = sorted(found.desa)
    people = (
        people_on(region, day, moved)
        .add_columns(DutyPost.region_id, Region.code, rank_on(day).label("rank"))
        .subquery()
    )
    keys = people.c.region_id, people.c.code, people.c.rank
    for region_id, code, rank, many in db.session.execute(select(*keys, func.count()).group_by(*keys)):
        found.add(moved.get(region_id, code), rank, many)
    told = places_of_duplicates_in(region.code, day, moved)
    ranks = ranks_of(told, [day])[day]
    for person, code in told.items():
        found.add(code, ranks.get(person, 0), 1)
    prefix, is_known = _group_of(Region.code, depth, alone), is_known_on(day)
    query = (
        select(prefix, is_known, func.count())
        .where(*villages(region, day), Region.code.not_in(apart))
        .group_by(prefix, is_known)
    )
    nobody = {(code, bool(known)): many for code, known, many in db.session.execute(query)}
    for code in found.desa.keys() - set(apart):
        nobody[code if code in alone else code[:depth], True] -= 1
    empty: Profile = (0,) * size
    return found.tallies(depth) + [
        Tally(code, empty, many, known) for (code, known), many in nobody.items() if many
    ]


def _group_of(column: Any, depth: int, alone: Collection[str]) -> ColumnElement[str]:
    """Return what desa are counted together: those within codes of a length, some each by itself."""
    together = func.substr(column, 1, depth)
    return case((column.in_(sorted(alone)), column), else_=together) if alone else together


def people_on(region: Region, day: date, moved: dict[int, str]) -> Select[Any]:
    """Return the query of everybody who served as PSM aktif in a region on a day, by the record that counts;
    who served there only by what a duplicate tells is not among them (`places_of_duplicates_in`).
    """
    standing = and_(Standing.trainee_id == Trainee.id, in_force(Standing.starts_on, Standing.ends_on, day))
    here = and_(*villages(region, day))
    return (
        select(Trainee.id)
        .join(
            DutyPost,
            and_(DutyPost.trainee_id == Trainee.id, in_force(DutyPost.starts_on, DutyPost.ends_on, day)),
        )
        .join(Region, Region.id == DutyPost.region_id)
        .join(Standing, standing)
        .where(Trainee.canonical_id.is_(None), Standing.status == TraineeStatus.ACTIVE)
        .where(or_(here, Region.id.in_(sorted(moved))) if moved else here)
    )


def is_known_on(day: date) -> ColumnElement[int]:
    """Return 1 for a desa (a row of Region) in which somebody has served by that day, of whatever standing;
    else 0.
    """
    return case((Region.id.in_(select(DutyPost.region_id).where(DutyPost.starts_on <= day)), 1), else_=0)


def _stand_ins_found(day: date, size: int, moved: dict[int, str], alone: Collection[str]) -> Found:
    """Return the desa that stand for those of another time: who served in one of these makes
    the other known.
    """
    found = Found(size, alone)
    if moved:
        homes = and_(
            Region.code.in_(sorted(set(moved.values()))), Region.level == Level.DESA, stood_on(Region, day)
        )
        query = select(Region.id, Region.code, is_known_on(day)).where(
            or_(homes, Region.id.in_(sorted(moved)))
        )
        for region_id, code, is_known in db.session.execute(query):
            found.put(moved.get(region_id, code), is_known=bool(is_known))
    return found


def rank_on(day: date) -> ColumnElement[int]:
    """Return the highest rank that the person held on a day, over all records of the person; 0 for none."""
    return trainees.highest_rank_column(in_force(Qualification.held_from, Qualification.held_to, day))
