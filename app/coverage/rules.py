"""Who counts on a day, what a target asks of a desa, and the sums that every page, file and program shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from app.core.choices import Choice
from app.core.scopes import contains
from app.core.text import Text, _
from app.regions.rules import Level, parent_code
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


class TargetState(Choice):
    """What a region's own target is today."""

    COMING = "coming", _("belum berlaku")
    IN_FORCE = "in_force", _("berlaku")
    PAST = "past", _("sudah lewat")
    WITHDRAWN = "withdrawn", _("dicabut atau diganti")


class Spread(Choice):
    """How far trained PSM have spread over the desa of a region; what a map shows.

    Targets do not enter into it.
    """

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
    """Which desa a number opens; in those that are short somebody is missing to their own target, and how
    many are is said with each.
    """

    SHORT = "short", _("Desa/kelurahan yang masih kurang dari target")
    UNTRAINED = "untrained", _("Desa/kelurahan tanpa PSM terlatih")
    EMPTY = "empty", _("Desa/kelurahan tanpa PSM")
    UNKNOWN = "unknown", _("Desa/kelurahan yang belum ada datanya")
    WITH_UNTRAINED = "with-untrained", _("Desa/kelurahan dengan PSM yang belum terlatih")
    WITH_TRAINED = "with-trained", _("Desa/kelurahan dengan PSM terlatih")


@dataclass(frozen=True)
class Goal:
    """What a target asks of every desa: so many people whose highest tier is at least of this rank (0: any
    active PSM).
    """

    per_desa: int
    rank: int = TRAINED


@dataclass(frozen=True)
class Statements:
    """Of which regions it is stated that everybody there is recorded, and when that was said: it is not said
    of desa that came into the list later.
    """

    made: Mapping[str, datetime] = field(default_factory=dict)  # by code of the region
    later: Mapping[str, datetime] = field(
        default_factory=dict
    )  # since when desa are in the list that may be younger than a statement

    def hold_at(self, code: str) -> bool:
        """Say whether it is stated of a desa, or of a region all of whose desa are as old, that everybody
        there is recorded.
        """
        since = self.later.get(code)
        return any(
            contains(each, code) and (since is None or since < moment) for each, moment in self.made.items()
        )


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
    """What is recorded about one person: the record that counts, with the tiers of all its duplicates and
    what they tell of earlier.
    """

    is_canonical: bool
    standings: Standings
    posts: Posts
    held: Sequence[Held] = ()
    absorbed: Sequence[Absorbed] = ()


def covers(day: date, first: date, last: date | None) -> bool:
    """Say whether a period covers a day, the last one included.

    Qualifications, standings and posts all count by this alone.
    """
    return first <= day and (last is None or day <= last)


def counted_at(person: Person, day: date) -> tuple[str, int] | None:
    """Return the desa where a person counts on a day and the highest rank held then; None for who does not
    count.
    """
    if not person.is_canonical:
        return None
    desa = _serves_at(person.standings, person.posts, day)
    if desa is None:
        told = (
            _serves_at(each.standings, each.posts, day)
            for each in person.absorbed
            if counts_for(day, person.standings, each.merged_on)
        )
        desa = next((each for each in told if each is not None), None)
    return None if desa is None else (desa, highest_rank(person.held, day))


def counts_for(day: date, standings: Standings, merged_on: date) -> bool:
    """Say whether a duplicate tells where somebody served on a day: a merge takes nobody out of what was
    counted before it.

    The record that counts comes first: on days on which it is that of a PSM aktif, or of somebody deceased,
    it alone is read, and from the merge on.
    """
    decided = (TraineeStatus.ACTIVE, TraineeStatus.DECEASED)
    return day < merged_on and not any(
        status in decided and covers(day, first, last) for status, first, last in standings
    )


def _serves_at(standings: Standings, posts: Posts, day: date) -> str | None:
    if not any(
        status is TraineeStatus.ACTIVE and covers(day, first, last) for status, first, last in standings
    ):
        return None
    return next((desa for desa, first, last in posts if covers(day, first, last)), None)


def people_at(profile: Profile, rank: int) -> int:
    """Return how many people of a desa hold this rank or a higher one."""
    return sum(profile[rank:])


def gap(goal: Goal, profiles: Mapping[Profile, int]) -> int:
    """Return how many people are missing, desa by desa: a full desa never hides an empty one."""
    return sum(
        desa * max(0, goal.per_desa - people_at(profile, goal.rank)) for profile, desa in profiles.items()
    )


def lacking_below(goal: Goal, profile: Profile) -> int:
    """Return how many of the people missing in a desa nobody there can become: whoever is to reach a tier
    holds the one below first.
    """
    if goal.rank <= TRAINED:
        return 0
    ready = people_at(profile, goal.rank - 1) - people_at(profile, goal.rank)
    return max(0, goal.per_desa - people_at(profile, goal.rank) - ready)


def met(goal: Goal, profiles: Mapping[Profile, int]) -> int:
    """Return how many of the wanted people are there, capped at the target in each desa."""
    return sum(desa * min(goal.per_desa, people_at(profile, goal.rank)) for profile, desa in profiles.items())


def share(part: int, whole: int) -> Fraction | None:
    """Return part of whole in percent, exactly; None where there is no whole."""
    return Fraction(100 * part, whole) if whole else None


def batches_needed(people: int, class_size: int = CLASS_SIZE) -> int:
    """Return how many angkatan seat this many people."""
    return -(-people // class_size)


def coverage_level(
    active: int | None, trained: int, *, reached: int, target: int | None, all_known: bool = True
) -> CoverageLevel:
    """Return how a region stands: `active` None is no data, `target` None is no target, and neither is zero.

    For an area of several desa, `target` is what all of them want together and `reached` what of it is met,
    capped per desa. What would be said of every desa (that nobody is there, that the target is reached) is
    said only where something is known of each.
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
    """Say why a target cannot begin on this day or be this large; `had_one`: another held on past days that
    it would reach.

    What was reported under a target never changes. Days that had none may be given one: years that are
    entered late have theirs.
    """
    if starts_on < today and had_one:
        return _(
            "Sejak tanggal itu sudah pernah berlaku target lain. Angka yang sudah dilaporkan tidak berubah;"
            " mulailah hari ini."
        )
    if not 1 <= per_desa <= PER_DESA_MOST:
        return _(
            "Target setiap desa/kelurahan dari 1 sampai %(most)d orang. Cabut targetnya bila tidak ada.",
            most=PER_DESA_MOST,
        )
    return None
