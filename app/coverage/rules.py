"""Who counts on a day, what a target asks of a desa, and the sums that every page, file and program shows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.core.choices import Choice
from app.core.dates import thousands
from app.core.scopes import contains
from app.core.text import Text, _
from app.coverage.wording import name_lines, short_name
from app.regions.rules import Level, kind_of, parent_code
from app.regions.rules import level_of as region_level
from app.trainees.rules import Held, TraineeStatus, highest_rank

CLASS_SIZE = 30  # people in one angkatan, as courses are planned
PER_DESA_MOST = 100
REASON_MOST = 300
TRAINED = 1  # the lowest rank that makes somebody trained
Profile = tuple[int, ...]  # active people of one desa by their highest rank: (none, dasar, madya, pratama)


class CoverageLevel(Choice):
    """How a region stands; no data, no target and zero are three different things."""

    NO_DATA = "no_data", _("Belum ada data")
    NO_TARGET = "no_target", _("Belum ada target")
    EMPTY = "empty", _("Tanpa PSM")
    UNTRAINED = "untrained", _("Tanpa PSM terlatih")
    SHORT = "short", _("Masih kurang")
    PARTIAL = "partial", _("Sebagian belum ada data")
    REACHED = "reached", _("Target tercapai")


class Spread(Choice):
    """How far trained PSM have spread over the desa of a region; what a map shows. Targets do not enter into it."""

    NO_DATA = "no-data", _("Belum ada data")
    NONE = "none", _("Belum satu pun desa/kelurahan")
    SOME = "some", _("Sebagian desa/kelurahan")
    REACHED = "reached", _("Semua desa/kelurahan")


class Who(Choice):
    """Whose names a number opens; a tier's code stands for the people whose highest tier it is."""

    ACTIVE = "active", _("PSM aktif")
    TRAINED = "trained", _("PSM terlatih")
    UNTRAINED = "untrained", _("PSM aktif yang belum terlatih")


class Gap(Choice):
    """Which desa a number opens; in those that are short somebody is missing to their own target, and how many are is said with each."""

    SHORT = "short", _("Desa/kelurahan yang masih kurang dari target")
    UNTRAINED = "untrained", _("Desa/kelurahan tanpa PSM terlatih")
    EMPTY = "empty", _("Desa/kelurahan tanpa PSM")
    UNKNOWN = "unknown", _("Desa/kelurahan yang belum ada datanya")


@dataclass(frozen=True)
class Goal:
    """What a target asks of every desa: so many people whose highest tier is at least of this rank (0: any active PSM)."""

    per_desa: int
    rank: int = TRAINED


Standings = Sequence[tuple[TraineeStatus, date, date | None]]
Posts = Sequence[tuple[str, date, date | None]]


@dataclass(frozen=True)
class Absorbed:
    """What is recorded on a duplicate, and the day since which it is part of another record."""

    standings: Standings
    posts: Posts
    merged_on: date


@dataclass(frozen=True)
class Person:
    """What is recorded about one person: the record that counts, with the tiers of all its duplicates and what they tell of earlier."""

    is_canonical: bool
    standings: Standings
    posts: Posts
    held: Sequence[Held] = ()
    absorbed: Sequence[Absorbed] = ()


def in_force(day: date, first: date, last: date | None) -> bool:
    """Say whether a period covers a day, the last one included. Qualifications, standings and posts all count by this alone."""
    return first <= day and (last is None or day <= last)


def counted_at(person: Person, day: date) -> tuple[str, int] | None:
    """Return the desa where a person counts on a day and the highest rank held then; None for who does not count."""
    if not person.is_canonical:
        return None
    desa = _serves_at(person.standings, person.posts, day)
    if desa is None:
        told = (_serves_at(each.standings, each.posts, day) for each in person.absorbed if tells_of(day, person.standings, each.merged_on))
        desa = next((each for each in told if each is not None), None)
    return None if desa is None else (desa, highest_rank(person.held, day))


def tells_of(day: date, standings: Standings, merged_on: date) -> bool:
    """Say whether a duplicate tells where somebody served on a day: a merge takes nobody out of what was counted before it.

    The record that counts comes first: on days on which it is that of a PSM aktif, or of somebody deceased, it alone is read, and from
    the merge on.
    """
    decided = (TraineeStatus.ACTIVE, TraineeStatus.DECEASED)
    return day < merged_on and not any(status in decided and in_force(day, first, last) for status, first, last in standings)


def _serves_at(standings: Standings, posts: Posts, day: date) -> str | None:
    if not any(status is TraineeStatus.ACTIVE and in_force(day, first, last) for status, first, last in standings):
        return None
    return next((desa for desa, first, last in posts if in_force(day, first, last)), None)


def people_at(profile: Profile, rank: int) -> int:
    """Return how many people of a desa hold this rank or a higher one."""
    return sum(profile[rank:])


def gap(goal: Goal, profiles: Mapping[Profile, int]) -> int:
    """Return how many people are missing, desa by desa: a full desa never hides an empty one."""
    return sum(desa * max(0, goal.per_desa - people_at(profile, goal.rank)) for profile, desa in profiles.items())


def met(goal: Goal, profiles: Mapping[Profile, int]) -> int:
    """Return how many of the wanted people are there, capped at the target in each desa."""
    return sum(desa * min(goal.per_desa, people_at(profile, goal.rank)) for profile, desa in profiles.items())


def share(part: int, whole: int) -> float | None:
    """Return part of whole in percent; None where there is no whole."""
    return 100 * part / whole if whole else None


def batches_needed(people: int, class_size: int = CLASS_SIZE) -> int:
    """Return how many angkatan seat this many people."""
    return -(-people // class_size)


def level_of(active: int | None, trained: int, *, reached: int, target: int | None, all_known: bool = True) -> CoverageLevel:
    """Return how a region stands: `active` None is no data, `target` None is no target, and neither is zero.

    For an area of several desa, `target` is what all of them want together and `reached` what of it is met, capped per desa. What would
    be said of every desa (that nobody is there, that the target is reached) is said only where something is known of each.
    """
    if active is None:
        return CoverageLevel.NO_DATA
    if target is None:
        return CoverageLevel.NO_TARGET
    if reached >= target:
        return CoverageLevel.REACHED if all_known else CoverageLevel.PARTIAL
    if active == 0 and all_known:
        return CoverageLevel.EMPTY
    return CoverageLevel.UNTRAINED if all_known and not trained and not reached else CoverageLevel.SHORT


def goal_of(code: str | None, goals: Mapping[str, Goal]) -> Goal | None:
    """Return the target of the nearest region at or above this code; None when nobody has set one."""
    while code is not None:
        if code in goals:
            return goals[code]
        code = parent_code(code)
    return None


def quarter_ends(day: date, count: int = 4) -> list[date]:
    """Return the last days of the latest quarters that are over on this day, newest first."""
    ends: list[date] = []
    last = day
    while len(ends) < count:
        last = date(last.year, (last.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
        ends.append(last)
    return ends


def refusal_to_state(level: Level, complete_on: date, *, today: date, has_data: bool) -> Text | None:
    """Say why an office cannot state that everybody in a region is recorded since a day, or None."""
    if level in (Level.NATION, Level.PROVINSI):
        return _("Pendataan dinyatakan lengkap oleh setiap kabupaten/kota.")
    if complete_on > today:
        return _("Tanggal itu belum tiba.")
    if not has_data:
        return _("Belum seorang pun dicatat di sini. Catat dahulu PSM yang ada.")
    return None


def refusal_to_set(per_desa: int, starts_on: date, *, today: date, had_one: bool) -> Text | None:
    """Say why a target cannot begin on this day or be this large; `had_one`: another held on past days that it would reach.

    What was reported under a target never changes. Days that had none may be given one: years that are entered late have theirs.
    """
    if starts_on < today and had_one:
        return _("Sejak tanggal itu sudah pernah berlaku target lain. Angka yang sudah dilaporkan tidak berubah; mulailah hari ini.")
    if not 0 <= per_desa <= PER_DESA_MOST:
        return _("Target setiap desa/kelurahan antara 0 dan %(most)d orang.", most=PER_DESA_MOST)
    return None


@dataclass(frozen=True)
class Tally:
    """Desa of the same profile in one place; `is_known` where somebody has ever been recorded, of whatever standing."""

    code: str  # of the desa, or of the region above it within which all desa have the same target and the same statement
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
    target: int | None  # people each desa should have; None: nobody has set a target, or not the same for each desa
    rank: int | None  # ... of this rank or higher
    target_tier: str | None  # ... the code of that tier; None also where any active PSM is enough
    targets_differ: bool  # whether some desa have another target than others
    gap: int | None  # people missing in the desa of which something is known
    to_train: int  # how many of them a target asks to be trained
    wanted: int | None  # the sum of what each desa should have
    wanted_unknown: int  # the part of it in desa of which nothing is known: neither there nor missing
    without_target: int  # desa for which no target is set
    has_data: bool
    unknown: int = 0  # desa in which nobody was ever recorded, and nobody has stated that all are

    @property
    def label(self) -> str:
        """Return the name as a table says it: with its kind where desa stand beside kelurahan, kabupaten beside kota."""
        kind = kind_of(self.code)
        plain = region_level(self.code) in (Level.PROVINSI, Level.KECAMATAN) or self.name.startswith(f"{kind} ")
        return self.name if plain or not kind else f"{kind} {self.name}"

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
    def attainment(self) -> float | None:
        """Return capaian target in percent, as far as anything is known; None without a target or where it is zero."""
        return share(self.reached or 0, self.wanted_known or 0)

    @property
    def ratio(self) -> float | None:
        """Return active PSM per desa of which something is known."""
        return self.active / self.known if self.known else None

    @property
    def level(self) -> CoverageLevel:
        active = self.active if self.has_data else None
        return level_of(active, self.trained, reached=self.reached or 0, target=self.wanted_known, all_known=not self.unknown)

    @property
    def spread(self) -> Spread:
        if not self.has_data or not self.villages:
            return Spread.NO_DATA
        if not self.covered_by_trained:
            return Spread.NONE
        return Spread.REACHED if self.covered_by_trained == self.villages else Spread.SOME

    def facts(self) -> dict[str, Any]:
        """Return what programs read: villages = empty + covered + unknown, and wanted = reached + gap + wanted_unknown."""
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
        return "" if self.row.spread is Spread.NO_DATA else f"{thousands(self.row.covered_by_trained)}/{thousands(self.row.villages)}"


def row_of(
    code: str,
    name: str,
    tallies: Iterable[Tally],
    *,
    tiers: Mapping[int, str],
    goals: Mapping[str, Goal],
    surveyed: Collection[str] = frozenset(),
) -> CoverageRow:
    """Sum the desa of one region. `tiers` are the codes by rank; `surveyed` the regions of which an office has stated that everybody
    is recorded: there a desa without anybody is empty, elsewhere nothing is known of it."""
    tallies = list(tallies)
    people = [0] * (max(tiers, default=0) + 1)
    villages = empty = untrained = missing = to_train = wanted = wanted_unknown = without = unknown = 0
    goals_here: set[Goal | None] = set()
    for tally in tallies:
        is_known = tally.is_known or is_surveyed(tally.code, surveyed)
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
        wanted += goal.per_desa * tally.villages
        wanted_unknown += 0 if is_known else goal.per_desa * tally.villages
    shared = goals_here.pop() if len(goals_here) == 1 else None if tallies else goal_of(code, goals)
    aimed = without < villages or (not tallies and shared is not None)
    return CoverageRow(
        code=code, name=name, villages=villages, active=sum(people), trained=sum(people[TRAINED:]),
        by_tier={tier: people[rank] for rank, tier in sorted(tiers.items())}, empty=empty, untrained=untrained,
        target=shared.per_desa if shared else None, rank=shared.rank if shared else None,
        target_tier=tiers.get(shared.rank) if shared else None, targets_differ=len(goals_here - {None}) > 1,
        gap=missing if aimed else None, to_train=to_train, wanted=wanted if aimed else None, wanted_unknown=wanted_unknown,
        without_target=without, has_data=unknown < villages, unknown=unknown,
    )  # fmt: skip


def is_surveyed(code: str, surveyed: Collection[str]) -> bool:
    """Say whether it is stated of a region, or of one above it, that everybody there is recorded."""
    return any(contains(each, code) for each in surveyed)
