"""Coverage of a region on a day, and the targets, people and desa behind its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, text

from app.core import clock
from app.core.scopes import EVERYWHERE, Reach, contains
from app.core.text import Text
from app.courses.models import Tier
from app.courses.queries import list_tiers
from app.coverage.queries.people import Names, Village, by_kecamatan, list_desa, list_names, names
from app.coverage.queries.places import (
    CODE_LENGTH,
    Absence,
    Lineage,
    Place,
    absence_on,
    find_own_place,
    find_place,
    goals_on,
    had_target,
    in_force_in,
    list_own_regions,
    list_surveys,
    list_targets,
    region_on,
    stood_on,
    survey_of,
    surveyed_on,
    target_for,
)
from app.coverage.queries.tallies import tallies_of
from app.coverage.queries.trend import trend
from app.coverage.rows import CoverageRow, MapTile, Tally, row_of
from app.extensions import db
from app.organisers.queries import list_organisers, names_on
from app.regions.models import Region
from app.regions.queries import find_latest, lies_in
from app.regions.reference import arrange_tiles
from app.regions.rules import WIB, Level, level_below
from app.trainees.models import DutyPost
from app.trainees.rules import office_words

__all__ = [
    "Absence",
    "CoverageReport",
    "Names",
    "Place",
    "Village",
    "absence_on",
    "by_kecamatan",
    "codes_of",
    "count_unknown",
    "count_unrecorded",
    "count_unspoken",
    "coverage_of",
    "find_latest",
    "find_own_place",
    "find_place",
    "had_target",
    "has_people",
    "in_force_in",
    "list_desa",
    "list_names",
    "list_own_regions",
    "list_surveys",
    "list_targets",
    "lock_counts",
    "names",
    "offices_to_ask",
    "survey_of",
    "target_for",
    "trend",
]


@dataclass(frozen=True)
class CoverageReport:
    """The figures of a region on a day: one row for each region of the next level down, and their total."""

    region: Region
    as_of: date
    rows: list[CoverageRow]
    total: CoverageRow
    tiers: list[Tier]

    def tiles(self) -> list[MapTile]:
        """Return the rows as the tiles of a map, in the order of the rows; desa have no map."""
        if self.region.level in (Level.KECAMATAN, Level.DESA):
            return []
        places = arrange_tiles(row.code for row in self.rows)
        return [MapTile(places[row.code].column, places[row.code].row, row) for row in self.rows]

    def facts(self) -> dict[str, Any]:
        """Return what programs read."""
        rows = [row.facts() for row in self.rows]
        return {
            "region": self.region.code,
            "as_of": self.as_of.isoformat(),
            "rows": rows,
            "total": self.total.facts(),
        }


def coverage_of(region: Region, as_of: date | None, within: Reach) -> CoverageReport:
    """Return the figures of a region on a day (None: today, where the region is); raises NotFound outside the
    reader's reach and for a region that was not in the list that day, RuleViolation for a day that has not
    come.
    """
    day = as_of or clock.today(region.zone)
    region = region_on(region, day, within)
    tiers = list_tiers()
    lineage = Lineage(day)
    goals, stated = goals_on(region, lineage), surveyed_on(region, lineage)
    below = level_below(region.level)
    length = CODE_LENGTH[below or Level.DESA]
    finest = max(
        (len(code) for code in (*goals, *stated.made) if code != region.code and contains(region.code, code)),
        default=0,
    )
    tallies = tallies_of(
        region, day, [tier.rank for tier in tiers], max(length, finest), lineage, frozenset(stated.later)
    )
    codes = {tier.rank: tier.code for tier in tiers}
    parts: dict[str, list[Tally]] = {}
    for tally in tallies:
        parts.setdefault(tally.code[:length], []).append(tally)
    rows = [
        row_of(code, name, parts.get(code, []), tiers=codes, goals=goals, stated=stated)
        for code, name in _children(region, day, below)
    ]
    total = row_of(region.code, region.name, tallies, tiers=codes, goals=goals, stated=stated)
    return CoverageReport(region, day, rows, total, tiers)


def _children(region: Region, day: date, below: Level | None) -> list[tuple[str, str]]:
    if below is None:
        return []
    query = select(Region).where(
        Region.level == below, stood_on(Region, day), lies_in(Region.code, region.code)
    )
    return [(child.code, child.name) for child in db.session.scalars(query.order_by(Region.code))]


def has_people(region: Region) -> bool:
    """Say whether anybody of any standing was ever recorded as serving in a region."""
    here = (
        select(DutyPost.id)
        .join(Region, DutyPost.region_id == Region.id)
        .where(lies_in(Region.scope_code, region.scope_code))
    )
    return db.session.scalar(here.limit(1)) is not None


def count_unrecorded(region: Region, day: date) -> int:
    """Return how many desa of a region have never had anybody recorded by a day: whether they are empty is a
    statement alone.
    """
    tallies = tallies_of(
        region, day, [tier.rank for tier in list_tiers()], CODE_LENGTH.get(region.level, 2), Lineage(day)
    )
    return sum(tally.villages for tally in tallies if not tally.is_known)


def count_unknown(region: Region, day: date) -> int:
    """Return of how many desa of a region nothing is known: nobody was ever recorded there, and no statement
    speaks of it.
    """
    return coverage_of(region, day, EVERYWHERE).total.unknown


def count_unspoken(region: Region) -> int:
    """Return of how many desa nothing is known although it is stated that all are recorded: they came into
    the list later.
    """
    return count_unknown(region, clock.today(region.zone)) if survey_of(region) else 0


def offices_to_ask() -> list[tuple[str, Text | str]]:
    """Return the kabupaten whose office has not opened its figures, with the words for the office: its name
    and telephone.
    """
    offices = [
        each
        for each in list_organisers(EVERYWHERE)
        if each.region.level is Level.KABUPATEN and not each.publishes_coverage
    ]
    names = names_on([each.id for each in offices], clock.today(WIB))
    called = [(each.region, names.get(each.id)) for each in offices]
    return [
        (at.full_name, office_words(at.level, at.full_name, name and name.name, name and name.phone))
        for at, name in called
    ]


def codes_of(region_ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of regions by id."""
    return dict(
        db.session.execute(select(Region.id, Region.code).where(Region.id.in_(sorted(set(region_ids))))).all()
    )


def lock_counts() -> None:
    """Let no count change until the decision is kept; on SQLite the writing transaction is enough."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE workforce_counts IN SHARE ROW EXCLUSIVE MODE"))
