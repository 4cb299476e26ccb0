"""Regions as they stood on a day: which one is meant, who may read it, what stands for what, which target
holds.
"""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.audit.models import Event
from app.audit.queries import details_of
from app.core import clock
from app.core.dates import long_date
from app.core.errors import NotFound, RuleViolation
from app.core.scopes import NATION, Reach, Reaching, Scope, ScopeKind, contains, owner
from app.core.text import Text, _, shortlist
from app.coverage.models import Survey, Target
from app.coverage.rules import Goal, Statements, goal_of
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region, RegionSuccession
from app.regions.queries import find_latest, lies_below, lies_in
from app.regions.rules import WIB, Level, is_code, parent_code
from app.trainees.models import DutyPost, Trainee

CODE_LENGTH = {Level.PROVINSI: 2, Level.KABUPATEN: 5, Level.KECAMATAN: 8, Level.DESA: 13}


@dataclass(frozen=True)
class Place:
    """A region as a subject of rights: beside those with a right in the region, these offices reach it."""

    region: Region
    offices: tuple[int, ...]

    def scopes(self) -> list[Scope]:
        return [*self.region.scopes(), *(Scope(ScopeKind.ORGANISER, office) for office in self.offices)]


def find_place(code: str) -> Place | None:
    """Return the region for reading: every office at it or above it reaches it."""
    return _place(code, above(code) if is_code(code) else [])


def find_own_place(code: str) -> Place | None:
    """Return the region for writing: the office that owns it reaches it, and no office above.

    One that has left the list is none.
    """
    return _place(code, [owner(code)], is_to_write=True)


def _place(code: str, seats: list[str], *, is_to_write: bool = False) -> Place | None:
    region = find_latest(code)
    if region is None or (is_to_write and region.valid_to is not None):
        return None
    offices = (
        select(Organiser.id).join(Organiser.region).where(Region.scope_code.in_(seats)).order_by(Organiser.id)
    )
    return Place(region, tuple(db.session.scalars(offices)))


def above(code: str) -> list[str]:
    """Return the codes of a region and of all above it, nearest first."""
    codes = [code]
    while (step := parent_code(codes[-1])) is not None:
        codes.append(step)
    return codes


def by_region(within: Reach) -> Reach:
    """Return a reach in which offices are said by the regions that they serve."""
    ids = within.ids.get(ScopeKind.ORGANISER)
    if within.everywhere or not ids:
        return within
    query = (
        select(Region.scope_code)
        .join(Organiser, Organiser.region_id == Region.id)
        .where(Organiser.id.in_(sorted(ids)))
    )
    return Reach(
        regions=within.regions | {(code, Reaching.BELOW) for code in db.session.scalars(query)},
        ids=within.ids,
    )


def refuse_strangers(region: Region, within: Reach) -> None:
    """Raise NotFound for a region outside a reach."""
    if not within.holds(region.scopes()) and not by_region(within).holds(region.scopes()):
        raise NotFound(_("Wilayah ini tidak ada, atau tidak terbuka untuk Anda."))


def region_on(region: Region, day: date, within: Reach) -> Region:
    """Return the region of this code as it stood on a day, else the one given.

    Raises NotFound for a region outside a reach and for one that was not in the list that day, RuleViolation
    for a day that has not come.
    """
    refuse_strangers(region, within)
    if day > clock.today(region.zone):
        raise RuleViolation(_("Tanggal itu belum tiba."), field="as_of")
    absence = absence_on(region, day, within)
    if absence:
        raise NotFound(absence.sentence)
    return _row_on(region, day) or region


def _row_on(region: Region, day: date) -> Region | None:
    """Return the row of this code that stood on a day."""
    if stood(region, day):
        return region
    return db.session.scalar(select(Region).where(Region.code == region.code, stood_on(Region, day)))


@dataclass(frozen=True)
class Absence:
    """A region that is not in the list on a day: what is said of it on every door, and where to go on."""

    sentence: Text
    places: list[Region]  # what stands for it on that day, else where its people serve today


def absence_on(region: Region, day: date, within: Reach) -> Absence | None:
    """Return what is said of a region that was not in the list of regions on a day; None of one that was."""
    if _row_on(region, day):
        return None
    name = f"{region.full_name or region.name} ({region.code})"
    if region.valid_to is None or day < region.valid_to:
        first = long_date(region.valid_from)
        return Absence(
            _("%(name)s baru tercatat dalam daftar wilayah sejak %(day)s.", name=name, day=first), []
        )
    ended = long_date(region.valid_to)
    places = [each for each in Lineage(day).standing_for(region) if each.id != region.id]
    if places:
        words = _(
            "%(name)s tidak tercatat dalam daftar wilayah sejak %(day)s. Penggantinya: %(places)s.",
            name=name,
            day=ended,
            places=_named(places),
        )
        return Absence(words, places)
    places = _served_now(region, within)
    if places:
        words = _(
            "%(name)s tidak tercatat dalam daftar wilayah sejak %(day)s. PSM yang dahulu bertugas di sana"
            " kini bertugas di %(places)s.",
            name=name,
            day=ended,
            places=_named(places),
        )
        return Absence(words, places)
    return Absence(_("%(name)s tidak tercatat dalam daftar wilayah sejak %(day)s.", name=name, day=ended), [])


def _served_now(region: Region, within: Reach) -> list[Region]:
    """Return the valid regions, within a reach, where those serve today who once served in a region that has
    left the list.
    """
    there, today = aliased(Region), aliased(Region)
    query = (
        select(today)
        .join(Trainee, Trainee.duty_region_id == today.id)
        .join(DutyPost, DutyPost.trainee_id == Trainee.id)
    )
    query = query.join(there, there.id == DutyPost.region_id).where(
        lies_in(there.code, region.code), there.valid_to.is_not(None)
    )
    query = query.where(
        Trainee.canonical_id.is_(None),
        today.valid_to.is_(None),
        by_region(within).clause(region_code=today.scope_code),
    )
    return list(db.session.scalars(query.distinct().order_by(today.code)))


def _named(places: list[Region]) -> str:
    return shortlist(f"{each.full_name} ({each.code})" for each in places)


def list_own_regions(within: Reach) -> list[Region]:
    """Return the regions that a reader may open, without those that lie in another of them."""
    codes = {NATION} if within.everywhere else {code for code, _reaching in by_region(within).regions}
    highest = sorted(code for code in codes if not any(contains(other, code) for other in codes - {code}))
    return list(
        db.session.scalars(
            select(Region).where(Region.code.in_(highest), Region.valid_to.is_(None)).order_by(Region.code)
        )
    )


def stood(region: Any, day: date) -> bool:
    """Say whether a region was there on a day; `valid_to` is the day from which its successors stand."""
    return (region.valid_from is None or region.valid_from <= day) and (
        region.valid_to is None or day < region.valid_to
    )


def stood_on(region: Any, day: date) -> ColumnElement[bool]:
    """Return the same as SQL."""
    return and_(
        or_(region.valid_from.is_(None), region.valid_from <= day),
        or_(region.valid_to.is_(None), region.valid_to > day),
    )


def villages(region: Region, day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the desa of a region on a day, by the codes that they had then."""
    place = Region.code == region.code if region.is_desa else lies_below(Region.code, region.code)
    return Region.level == Level.DESA, stood_on(Region, day), place


class Lineage:
    """Which regions took whose place, read once: from any region to those that stood in its
    place on a day.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        old, new = aliased(Region), aliased(Region)
        lines = select(old, new).select_from(RegionSuccession).join(old, RegionSuccession.old_id == old.id)
        lines = lines.join(new, RegionSuccession.new_id == new.id).order_by(RegionSuccession.id)
        self.regions: dict[int, Region] = {}
        self.after: dict[int, list[Region]] = {}
        self.before: dict[int, list[Region]] = {}
        for earlier, later in db.session.execute(lines):
            self.regions |= {earlier.id: earlier, later.id: later}
            self.after.setdefault(earlier.id, []).append(later)
            self.before.setdefault(later.id, []).append(earlier)

    def on(self, day: date) -> "Lineage":
        """Return the same lines seen from another day, without reading them again."""
        other = copy(self)
        other.day = day
        return other

    def standing_for(self, region: Region) -> list[Region]:
        """Return what stood in the place of a region on the day, the one that kept its code first; itself
        where it stood.
        """
        if stood(region, self.day):
            return [region]
        is_over = region.valid_to is not None and region.valid_to <= self.day
        steps = self.after if is_over else self.before
        waiting, seen = list(steps.get(region.id, [])), {region.id}
        found: list[Region] = []
        while waiting:
            each = waiting.pop(0)
            if each.id in seen:
                continue
            seen.add(each.id)
            if stood(each, self.day):
                found.append(each)
            else:
                waiting += steps.get(each.id, [])
        return sorted(found, key=lambda each: each.code != region.code)


def stand_ins(region: Region, lineage: Lineage) -> dict[int, str]:
    """Return the desa of other times by id, with the code of the desa of this region that stands for each on
    the day.

    Rows refer to the desa of the time they were written in. Of a divided desa the part that kept the code
    stands for it, else the part named first, until its people are given new posts.
    """
    found: dict[int, str] = {}
    for each in lineage.regions.values():
        if each.is_desa and not stood(each, lineage.day):
            standing = lineage.standing_for(each)
            if standing and contains(region.code, standing[0].code):
                found[each.id] = standing[0].code
    return found


def target_for(region: Region, on: date) -> Goal | None:
    """Return the target in force on a day, of the nearest region that has one; None is no target, which is
    not zero.
    """
    return goal_of(region.code, goals_on(region, Lineage(on)))


def had_target(region: Region, first: date, last: date) -> bool:
    """Say whether a target of this region or one above it held on any of these days: it can only have changed
    where one began.
    """
    begun = (
        select(Target.starts_on)
        .join(Target.region)
        .where(Target.withdrawn_at.is_(None), Target.starts_on.between(first, last))
    )
    changes = db.session.scalars(
        begun.where(or_(Region.code.in_(above(region.code)), Region.scope_code.in_(above(region.code))))
    )
    return first <= last and any(target_for(region, day) is not None for day in sorted({first, *changes}))


def goals_on(region: Region, lineage: Lineage) -> dict[str, Goal]:
    """Return the targets in force on the day in a region and above it, by code; a divided region's go on at
    its parts.
    """
    goals: dict[str, Goal] = {}
    query = (
        select(Target, Region)
        .join(Target.region)
        .where(Target.starts_on <= lineage.day, Target.withdrawn_at.is_(None))
    )
    places = [
        or_(lies_in(column, region.code), column.in_(above(region.code)))
        for column in (Region.code, Region.scope_code)
    ]
    for target, place in db.session.execute(query.where(or_(*places)).order_by(Target.starts_on, Target.id)):
        for each in lineage.standing_for(place):
            if not target.per_desa:  # none, and a zero of earlier releases: the region above decides
                goals.pop(each.code, None)
            else:
                goals[each.code] = Goal(target.per_desa, target.tier_rank)
    return goals


def surveyed_on(region: Region, lineage: Lineage) -> Statements:
    """Return what offices state for that day, in a region and above it, of whom everybody is recorded."""
    holds = Survey.complete_on <= lineage.day, or_(Survey.ended_on.is_(None), Survey.ended_on > lineage.day)
    query = (
        select(Region, Survey.recorded_at)
        .join(Survey, Survey.region_id == Region.id)
        .where(*holds)
        .order_by(Survey.recorded_at)
    )
    places = [
        or_(lies_in(column, region.code), column.in_(above(region.code)))
        for column in (Region.code, Region.scope_code)
    ]
    made: dict[str, datetime] = {}
    for place, moment in db.session.execute(query.where(or_(*places))):
        made |= {each.code: moment for each in lineage.standing_for(place)}
    return Statements(made, _listed_since(region, lineage.day, min(made.values())) if made else {})


def _listed_since(region: Region, day: date, since: datetime) -> dict[str, datetime]:
    """Return the desa of a region that came into the list from that moment on, with when: those that took
    nobody's place.

    A region knows its first day alone; the record of the import says at which hour.
    """
    first = clock.local_day(since, WIB)
    new = Region.valid_from >= first, Region.id.not_in(select(RegionSuccession.new_id))
    found: dict[str, Any] = dict(
        db.session.execute(select(Region.code, Region.valid_from).where(*villages(region, day), *new)).all()
    )
    if not found:
        return {}
    here = (
        Event.scope_code.in_(sorted({owner(code) for code in found})),
        Event.action == "region.imported",
        Event.at >= since,
    )
    imports = {event.id: event for event in db.session.scalars(select(Event).where(*here).order_by(Event.at))}
    hours: dict[str, datetime] = {}
    for event_id, text in details_of(list(imports.values())).items():
        hours |= {code: imports[event_id].at for code, _name in (text["details"]["added"] if text else [])}
    return {
        code: hours.get(code, datetime.combine(began, time.min, ZoneInfo(WIB)))
        for code, began in found.items()
    }


def in_force_in(codes: Collection[str], _region_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """Return, by kabupaten, how many targets and statements are in force at it and inside it, begun or to
    come.
    """
    found: dict[str, dict[str, int]] = {code: {"targets": 0, "statements": 0} for code in codes}
    targets = (
        select(Region.scope_code, Target.region_id)
        .join(Target.region)
        .where(Target.withdrawn_at.is_(None))
        .distinct()
    )
    surveys = (
        select(Region.scope_code, Survey.region_id).join(Survey.region).where(Survey.taken_back_at.is_(None))
    )
    for what, query in (("targets", targets), ("statements", surveys)):
        for code, _region_id in db.session.execute(query):
            if owner(code) in found:
                found[owner(code)][what] += 1
    return found


def survey_of(region: Region) -> Survey | None:
    """Return the statement in force of a region itself that everybody there is recorded."""
    return db.session.scalar(
        select(Survey).where(Survey.region_id == region.id, Survey.taken_back_at.is_(None))
    )


def list_surveys(region: Region) -> list[Survey]:
    """Return every statement that was ever made of a region itself, the latest first."""
    return list(
        db.session.scalars(select(Survey).where(Survey.region_id == region.id).order_by(Survey.id.desc()))
    )


def list_targets(region: Region) -> list[Target]:
    """Return every target that a region itself ever had, withdrawn ones too, the latest first."""
    latest = Target.starts_on.desc(), Target.id.desc()
    return list(db.session.scalars(select(Target).where(Target.region_id == region.id).order_by(*latest)))
