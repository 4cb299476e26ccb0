"""The names behind the figures: people, and desa that have nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.core.pages import Page, page_of
from app.core.scopes import Reach
from app.courses.models import Tier
from app.coverage.queries.places import CODE_LENGTH, Lineage, by_region, inside, region_on, stand_ins, stood_on, surveyed_on
from app.coverage.queries.tallies import highest_rank, people_on, tallies_of
from app.coverage.rules import TRAINED, Who, is_surveyed, people_at
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import Level, parent_code
from app.trainees.models import DutyPost, Standing, Trainee
from app.trainees.queries import in_force
from app.trainees.rules import TraineeStatus


@dataclass(frozen=True)
class Counted:
    """One person behind a number: where and with which highest tier on that day."""

    trainee: Trainee
    desa: str
    kecamatan: str
    tier: Tier | None


@dataclass(frozen=True)
class Names:
    """A page of people; `hidden` of the number serve under another office today and are not named to this one."""

    people: list[Counted]
    next_cursor: str | None
    hidden: int


@dataclass(frozen=True)
class Village:
    """A desa by name, with its kecamatan and how many active PSM it has; the kabupaten where a list holds several."""

    code: str
    name: str
    kecamatan: str
    active: int
    kabupaten: str = ""
    is_known: bool = True  # whether anybody is recorded there, or it is stated that all are

    @property
    def kecamatan_code(self) -> str:
        return _kecamatan_of(self.code)


def names(region: Region, as_of: date, within: Reach, who: Who | Tier, *, after: str | None = None, per_page: int | None = None) -> Names:
    """Return the people behind a number by name; raises NotFound outside the reader's reach.

    A person belongs to the office of today's duty desa: who has moved away is still counted on that day, but not named.
    """
    region = region_on(region, as_of, within)
    moved = stand_ins(region, Lineage(as_of))
    counted = _counted(people_on(region, as_of, moved), as_of, who)
    today = aliased(Region)
    reached = by_region(within).clause(region_code=today.scope_code)
    placed = counted.join(today, today.id == Trainee.duty_region_id)
    hidden = db.session.scalar(select(func.count()).select_from(placed.where(not_(reached)).subquery())) or 0
    query = select(Trainee).where(Trainee.id.in_(placed.where(reached)))
    page = page_of(query, keys=[Trainee.folded_name, Trainee.id], after=after, per_page=per_page)
    return Names(_described(page, as_of, moved), page.next_cursor, hidden)


def list_names(region: Region, as_of: date, within: Reach, who: Who | Tier) -> Names:
    """Return the same people all at once, for a file."""
    people: list[Counted] = []
    cursor: str | None = None
    while True:
        page = names(region, as_of, within, who, after=cursor, per_page=200)
        people += page.people
        cursor = page.next_cursor
        if cursor is None:
            return Names(people, None, page.hidden)


def _counted(people: Select[Any], day: date, who: Who | Tier) -> Select[Any]:
    query = people.where(Standing.status == TraineeStatus.ACTIVE)
    rank = highest_rank(day)
    if isinstance(who, Tier):
        return query.where(rank == who.rank)
    if who is Who.ACTIVE:
        return query
    return query.where(rank >= TRAINED if who is Who.TRAINED else rank < TRAINED)


def _described(page: Page[Trainee], day: date, moved: dict[int, str]) -> list[Counted]:
    """Return the people of a page with desa, kecamatan and tier, in a fixed number of queries."""
    served = and_(DutyPost.trainee_id == Trainee.id, in_force(DutyPost.starts_on, DutyPost.ends_on, day))
    query = select(Trainee.id, DutyPost.region_id, Region.code, highest_rank(day)).join(DutyPost, served)
    query = query.join(Region, Region.id == DutyPost.region_id).where(Trainee.id.in_([trainee.id for trainee in page]))
    found = {trainee_id: (moved.get(region_id, code), rank) for trainee_id, region_id, code, rank in db.session.execute(query)}
    codes = {code for code, _rank in found.values()}
    called = _called(Region.code.in_(sorted(codes | {_kecamatan_of(code) for code in codes})), day)
    tiers = {tier.rank: tier for tier in db.session.scalars(select(Tier))}
    described = []
    for trainee in page:
        code, rank = found[trainee.id]
        described.append(Counted(trainee, called[code], called.get(_kecamatan_of(code), ""), tiers.get(rank)))
    return described


def _called(where: ColumnElement[bool], day: date) -> dict[str, str]:
    """Return the full names of regions by code, as they were on a day."""
    return {region.code: region.full_name for region in db.session.scalars(select(Region).where(where, stood_on(Region, day)))}


def _kecamatan_of(code: str) -> str:
    return parent_code(code) or code


def by_kecamatan(villages: Iterable[Village]) -> list[list[Village]]:
    """Return desa, which stand in order of code, parted by their kecamatan."""
    return [list(group) for _code, group in groupby(villages, attrgetter("kecamatan_code"))]


def empty_desa(region: Region, as_of: date, within: Reach) -> list[Village]:
    """Return the desa without an active PSM, by code; raises NotFound outside the reader's reach."""
    return _villages_with(region, as_of, within, least_rank=0)


def untrained_desa(region: Region, as_of: date, within: Reach) -> list[Village]:
    """Return the desa without a trained active PSM, those without any PSM included; raises NotFound outside the reader's reach."""
    return _villages_with(region, as_of, within, least_rank=TRAINED)


def _villages_with(region: Region, day: date, within: Reach, least_rank: int) -> list[Village]:
    region = region_on(region, day, within)
    ranks = list(db.session.scalars(select(Tier.rank)))
    lineage = Lineage(day)
    surveyed = surveyed_on(region, lineage)
    without = {
        tally.code: (sum(tally.profile), tally.recorded > 0 or is_surveyed(tally.code, surveyed))
        for tally in tallies_of(region, day, ranks, CODE_LENGTH[Level.DESA], lineage)
        if not people_at(tally.profile, least_rank)
    }
    is_above = len(region.code) < CODE_LENGTH[Level.KABUPATEN]
    places = (
        Region.level.in_([Level.KECAMATAN, Level.DESA, *([Level.KABUPATEN] if is_above else [])]),
        or_(inside(Region.code, region.code), Region.code == _kecamatan_of(region.code)),
    )
    called = _called(and_(*places), day) if without else {}
    return [
        Village(
            code,
            called[code],
            called.get(_kecamatan_of(code), ""),
            without[code][0],
            called.get(code[: CODE_LENGTH[Level.KABUPATEN]], ""),
            without[code][1],
        )
        for code in sorted(without)
    ]
