"""The rows that every page, file and program shows of a region, and the sums in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.core.dates import thousands
from app.coverage.rules import (
    TRAINED,
    CoverageLevel,
    Goal,
    Profile,
    Spread,
    Statements,
    coverage_level,
    gap,
    goal_of,
    lacking_below,
    people_at,
    share,
)
from app.coverage.wording import name_lines, short_name
from app.regions.rules import Level, kind_of
from app.regions.rules import level_of as region_level

NOTHING_STATED = Statements()


@dataclass(frozen=True)
class Tally:
    """Desa of the same profile in one place; `is_known` where somebody has ever been recorded, of whatever
    standing.
    """

    # of the desa, or of the region above it within which all desa have the same target and the same statement
    code: str
    profile: Profile
    villages: int
    is_known: bool


@dataclass(frozen=True)
class Moment:
    """Where a region stood on one day: trained people, and the desa that have one."""

    day: date
    trained: int
    villages: int


@dataclass(frozen=True)
class CoverageRow:
    """The figures of one region on one day."""

    code: str
    name: str
    villages: int
    active: int
    trained: int
    by_tier: dict[str, int]  # people by the highest tier they hold
    empty: int  # desa without an active PSM, as far as anything is known of them
    untrained: int  # desa without a trained one, likewise
    target: (
        int | None
    )  # people each desa should have; None: nobody has set a target, or not the same for each desa
    rank: int | None  # ... of this rank or higher
    target_tier: str | None  # ... the code of that tier; None also where any active PSM is enough
    goals_differ: bool  # whether some desa have another target than others that have one
    gap: int | None  # people missing in the desa of which something is known
    to_train: int  # how many of them a target asks to be trained
    first_below: (
        int  # how many of these must first be trained for the tier below: nobody in their desa holds it
    )
    wanted: int | None  # the sum of what each desa should have
    wanted_unknown: int  # the part of it in desa of which nothing is known: neither there nor missing
    without_target: int  # desa for which no target is set
    has_data: bool
    unknown: int = 0  # desa in which nobody was ever recorded, and nobody has stated that all are

    @property
    def label(self) -> str:
        """Return the name as a table says it: with its kind where desa stand beside kelurahan, kabupaten
        beside kota.
        """
        kind = kind_of(self.code)
        plain = region_level(self.code) in (Level.PROVINSI, Level.KECAMATAN) or self.name.startswith(
            f"{kind} "
        )
        return self.name if plain or not kind else f"{kind} {self.name}"

    @property
    def targets_differ(self) -> bool:
        """Say whether not all desa have the same target, one without any included."""
        return self.goals_differ or 0 < self.without_target < self.villages

    @property
    def covered(self) -> int:
        return self.villages - self.unknown - self.empty

    @property
    def covered_by_trained(self) -> int:
        return self.villages - self.unknown - self.untrained

    @property
    def known(self) -> int:
        return self.villages - self.unknown

    @property
    def wanted_known(self) -> int | None:
        """Return what the desa of which something is known should have together."""
        return None if self.wanted is None else self.wanted - self.wanted_unknown

    @property
    def reached(self) -> int | None:
        """Return how many of the wanted people are there."""
        return None if self.wanted_known is None or self.gap is None else self.wanted_known - self.gap

    @property
    def attainment(self) -> Fraction | None:
        """Return capaian target in percent, as far as anything is known; None without a target or where it is
        zero.
        """
        return share(self.reached or 0, self.wanted_known or 0)

    @property
    def ratio(self) -> Fraction | None:
        """Return active PSM per desa of which something is known."""
        return Fraction(self.active, self.known) if self.known else None

    @property
    def level(self) -> CoverageLevel:
        active = self.active if self.has_data else None
        return coverage_level(
            active,
            self.trained,
            reached=self.reached or 0,
            target=self.wanted_known,
            all_known=not self.unknown,
        )

    @property
    def spread(self) -> Spread:
        if not self.has_data or not self.villages:
            return Spread.NO_DATA
        if not self.covered_by_trained:
            return Spread.NONE
        return Spread.REACHED if self.covered_by_trained == self.villages else Spread.SOME

    def facts(self) -> dict[str, Any]:
        """Return what programs read: villages = empty + covered + unknown, and wanted = reached + gap +
        wanted_unknown.
        """
        return {
            "code": self.code,
            "name": self.name,
            "villages": self.villages,
            "active": self.active,
            "trained": self.trained,
            "by_tier": self.by_tier,
            "target": self.target,
            "target_tier": self.target_tier,
            "targets_differ": self.targets_differ,
            "wanted": self.wanted,
            "wanted_unknown": self.wanted_unknown,
            "reached": self.reached,
            "gap": self.gap,
            "to_train": self.to_train,
            "without_target": self.without_target,
            "empty": self.empty,
            "untrained": self.untrained,
            "unknown": self.unknown,
            "level": self.level.value,
        }


@dataclass(frozen=True)
class MapTile:
    """A region on the map of its parent: where, and the same figures as in its row of the table."""

    column: int
    line: int
    row: CoverageRow

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> list[str]:
        return name_lines(short_name(self.row.label))

    @property
    def figure(self) -> str:
        """Return desa with a trained PSM out of all; nothing where there is no data."""
        return (
            ""
            if self.row.spread is Spread.NO_DATA
            else f"{thousands(self.row.covered_by_trained)}/{thousands(self.row.villages)}"
        )


def row_of(
    code: str,
    name: str,
    tallies: Iterable[Tally],
    *,
    tiers: Mapping[int, str],
    goals: Mapping[str, Goal],
    stated: Statements = NOTHING_STATED,
) -> CoverageRow:
    """Sum the desa of one region.

    `tiers` are the codes by rank; `stated` of which an office has stated that everybody is recorded: there a
    desa without anybody is empty, elsewhere nothing is known of it.
    """
    tallies = list(tallies)
    people = [0] * (max(tiers, default=0) + 1)
    villages = empty = untrained = missing = to_train = first_below = wanted = wanted_unknown = without = (
        unknown
    ) = 0
    goals_here: set[Goal | None] = set()
    for tally in tallies:
        is_known = tally.is_known or stated.hold_at(tally.code)
        villages += tally.villages
        unknown += 0 if is_known else tally.villages
        for rank, count in enumerate(tally.profile):
            people[rank] += count * tally.villages
        empty += tally.villages if is_known and not sum(tally.profile) else 0
        untrained += tally.villages if is_known and not people_at(tally.profile, TRAINED) else 0
        goal = goal_of(tally.code, goals)
        goals_here.add(goal)
        if goal is None:
            without += tally.villages
            continue
        lacking = gap(goal, {tally.profile: tally.villages}) if is_known else 0
        missing += lacking
        to_train += lacking if goal.rank >= TRAINED else 0
        first_below += lacking_below(goal, tally.profile) * tally.villages if is_known else 0
        wanted += goal.per_desa * tally.villages
        wanted_unknown += 0 if is_known else goal.per_desa * tally.villages
    shared = goals_here.pop() if len(goals_here) == 1 else None if tallies else goal_of(code, goals)
    aimed = without < villages or (not tallies and shared is not None)
    return CoverageRow(
        code=code,
        name=name,
        villages=villages,
        active=sum(people),
        trained=sum(people[TRAINED:]),
        by_tier={tier: people[rank] for rank, tier in sorted(tiers.items())},
        empty=empty,
        untrained=untrained,
        target=shared.per_desa if shared else None,
        rank=shared.rank if shared else None,
        target_tier=tiers.get(shared.rank) if shared else None,
        goals_differ=len(goals_here - {None}) > 1,
        gap=missing if aimed else None,
        to_train=to_train,
        first_below=first_below,
        wanted=wanted if aimed else None,
        wanted_unknown=wanted_unknown,
        without_target=without,
        has_data=unknown < villages,
        unknown=unknown,
    )
