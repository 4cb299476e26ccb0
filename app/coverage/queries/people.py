"""The names behind the figures: people, and desa that have nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from app.core.pages import Page, page_of
from app.core.scopes import Reach
from app.courses.models import Tier
from app.coverage.queries.lives import places_of_duplicates_in, ranks_of
from app.coverage.queries.places import (
    CODE_LENGTH,
    Lineage,
    by_region,
    goals_on,
    region_on,
    stand_ins,
    stood_on,
    surveyed_on,
)
from app.coverage.queries.tallies import people_on, rank_on, tallies_of
from app.coverage.rows import Tally
from app.coverage.rules import TRAINED, Gap, Goal, Who, goal_of, people_at
from app.coverage.rules import gap as missing_in
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lies_in
from app.regions.rules import Level, full_name, parent_code
from app.trainees.models import DutyPost, Trainee
from app.trainees.queries import in_force


@dataclass(frozen=True)
class Counted:
    """One person behind a number: where and with which highest tier on that day."""

    trainee: Trainee
    desa: str
    kecamatan: str
    tier: Tier | None


@dataclass(frozen=True)
class Names:
    """A page of people; `hidden` of the number serve under another office today and are not named to this
    one.
    """

    people: list[Counted]
    next_cursor: str | None
    hidden: int


@dataclass(frozen=True)
class Village:
    """A desa by name, with its kecamatan and its active PSM; the kabupaten where a list holds several."""

    code: str
    name: str
    kecamatan: str
    active: int
    trained: int
    missing: (
        int | None
    )  # people missing to the target of the desa; None without a target, and where nothing is known
    kabupaten: str = ""
    is_known: bool = True  # whether anybody was ever recorded there, or it is stated that all are

    @property
    def kecamatan_code(self) -> str:
        return _kecamatan_of(self.code)

    def belongs_to(self, gap: Gap) -> bool:
        """Say whether the desa is one of those that a number counts."""
        if gap is Gap.UNKNOWN or not self.is_known:
            return gap is Gap.UNKNOWN and not self.is_known
        return {
            Gap.SHORT: bool(self.missing),
            Gap.UNTRAINED: not self.trained,
            Gap.EMPTY: not self.active,
            Gap.WITH_TRAINED: bool(self.trained),
            Gap.WITH_UNTRAINED: bool(self.active) and not self.trained,
        }[gap]


def names(
    region: Region,
    as_of: date,
    within: Reach,
    who: Who | Tier,
    *,
    after: str | None = None,
    per_page: int | None = None,
) -> Names:
    """Return the people behind a number by name; raises NotFound outside the reader's reach.

    A person belongs to the office of today's duty desa: who has moved away is still counted on that day, but
    not named.
    """
    region = region_on(region, as_of, within)
    moved = stand_ins(region, Lineage(as_of))
    told = places_of_duplicates_in(region.code, as_of, moved)
    is_counted = or_(Trainee.id.in_(people_on(region, as_of, moved)), Trainee.id.in_(sorted(told)))
    counted = select(Trainee.id).where(is_counted, _is_one_of(who, as_of))
    today = aliased(Region)
    reached = by_region(within).clause(region_code=today.scope_code)
    placed = counted.join(today, today.id == Trainee.duty_region_id)
    hidden = db.session.scalar(select(func.count()).select_from(placed.where(not_(reached)).subquery())) or 0
    query = select(Trainee).where(Trainee.id.in_(placed.where(reached)))
    page = page_of(query, keys=[Trainee.folded_name, Trainee.id], after=after, per_page=per_page)
    return Names(_described(page, as_of, moved, told), page.next_cursor, hidden)


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


def _is_one_of(who: Who | Tier, day: date) -> ColumnElement[bool]:
    """Return whose names are meant, of all who are counted."""
    rank = rank_on(day)
    if isinstance(who, Tier):
        return rank == who.rank
    if who is Who.ACTIVE:
        return true()
    return rank >= TRAINED if who is Who.TRAINED else rank < TRAINED


def _described(page: Page[Trainee], day: date, moved: dict[int, str], told: dict[int, str]) -> list[Counted]:
    """Return the people of a page with desa, kecamatan and tier, in a fixed number of queries."""
    people = [trainee.id for trainee in page]
    served = and_(DutyPost.trainee_id == Trainee.id, in_force(DutyPost.starts_on, DutyPost.ends_on, day))
    query = select(Trainee.id, DutyPost.region_id, Region.code).join(DutyPost, served)
    query = query.join(Region, Region.id == DutyPost.region_id).where(Trainee.id.in_(people))
    desa = {
        trainee_id: moved.get(region_id, code) for trainee_id, region_id, code in db.session.execute(query)
    }
    desa |= {person: told[person] for person in people if person in told}
    ranks = ranks_of(people, [day])[day]
    codes = set(desa.values())
    called = _called(Region.code.in_(sorted(codes | {_kecamatan_of(code) for code in codes})), day)
    tiers = {tier.rank: tier for tier in db.session.scalars(select(Tier))}
    found = []
    for each in page:
        code = desa[each.id]
        found.append(
            Counted(each, called[code], called.get(_kecamatan_of(code), ""), tiers.get(ranks.get(each.id, 0)))
        )
    return found


def _called(where: ColumnElement[bool], day: date) -> dict[str, str]:
    """Return the full names of regions by code, as they were on a day."""
    found = select(Region.code, Region.name).where(where, stood_on(Region, day))
    return {code: full_name(code, name) for code, name in db.session.execute(found)}


def _kecamatan_of(code: str) -> str:
    return parent_code(code) or code


def by_kecamatan(villages: Iterable[Village]) -> list[list[Village]]:
    """Return desa, which stand in order of code, parted by their kecamatan."""
    return [list(group) for _code, group in groupby(villages, attrgetter("kecamatan_code"))]


def list_desa(region: Region, day: date, within: Reach, gap: Gap | None = None) -> list[Village]:
    """Return the desa that a number counts, else all of a region, by code; raises NotFound outside the
    reader's reach.
    """
    region = region_on(region, day, within)
    ranks = list(db.session.scalars(select(Tier.rank)))
    lineage = Lineage(day)
    stated, goals = surveyed_on(region, lineage), goals_on(region, lineage)
    tallies = tallies_of(region, day, ranks, CODE_LENGTH[Level.DESA], lineage)
    is_above = len(region.code) < CODE_LENGTH[Level.KABUPATEN]
    places = (
        Region.level.in_([Level.KECAMATAN, Level.DESA, *([Level.KABUPATEN] if is_above else [])]),
        or_(lies_in(Region.code, region.code), Region.code == _kecamatan_of(region.code)),
    )
    called = _called(and_(*places), day) if tallies else {}
    found = [
        _village(tally, goal_of(tally.code, goals), tally.is_known or stated.hold_at(tally.code), called)
        for tally in tallies
    ]
    return sorted((each for each in found if gap is None or each.belongs_to(gap)), key=attrgetter("code"))


def _village(tally: Tally, goal: Goal | None, is_known: bool, called: dict[str, str]) -> Village:
    return Village(
        tally.code,
        called[tally.code],
        called.get(_kecamatan_of(tally.code), ""),
        active=sum(tally.profile),
        trained=people_at(tally.profile, TRAINED),
        missing=missing_in(goal, {tally.profile: 1}) if goal and is_known else None,
        kabupaten=called.get(tally.code[: CODE_LENGTH[Level.KABUPATEN]], ""),
        is_known=is_known,
    )
