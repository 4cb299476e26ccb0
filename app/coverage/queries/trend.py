"""How many trained people a region had on the last days of past quarters, and in how many desa."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, and_, or_, select, union_all
from sqlalchemy.orm import aliased

from app.core.scopes import Reach, contains
from app.courses.models import Tier
from app.coverage.queries.lives import desa_of as place_of
from app.coverage.queries.lives import places_by_duplicates, ranks_of
from app.coverage.queries.places import Lineage, refuse_strangers, stand_ins, stood
from app.coverage.rows import Moment
from app.coverage.rules import TRAINED, covers
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lies_in
from app.regions.rules import Level
from app.trainees.models import DutyPost, Qualification, Standing, Trainee
from app.trainees.rules import TraineeStatus

PERIODS = (
    (DutyPost.starts_on, DutyPost.ends_on),
    (Standing.starts_on, Standing.ends_on),
    (Qualification.held_from, Qualification.held_to),
)


def trend(region: Region, days: Sequence[date], within: Reach) -> list[Moment]:
    """Return one moment for each of these past days on which the region was there, in a few queries however
    many days.

    The periods are read once and every day is looked at in them: to count anew for each day would take a
    large region seconds. Raises NotFound outside the reader's reach. Each figure is the one that coverage_of
    gives for that day.
    """
    refuse_strangers(region, within)
    rows = list(db.session.scalars(select(Region).where(Region.code == region.code)))
    there = {day: row for day in days for row in rows if stood(row, day)}
    if not there:
        return []
    lineage = Lineage(min(there))
    moved = {day: stand_ins(row, lineage.on(day)) for day, row in there.items()}
    earlier = {region_id for each in moved.values() for region_id in each}
    desa_of: dict[date, dict[int, str]] = {
        day: {} for day in there
    }  # by person: who holds two certificates is one
    for person, place_id, code, since, until, *periods in db.session.execute(
        _trained(region, there, sorted(earlier))
    ):
        for day, desa in desa_of.items():
            if not all(
                covers(day, first, last) for first, last in zip(periods[::2], periods[1::2], strict=True)
            ):
                continue
            if place_id in moved[day]:
                desa[person] = moved[day][place_id]
            elif contains(region.code, code) and stood(_Span(since, until), day):
                desa[person] = code
    told = {
        day: {
            person: code
            for person, each in people.items()
            if (code := place_of(each, region.code, day, moved[day]))
        }
        for day, people in places_by_duplicates(there).items()
    }
    ranks = ranks_of({person for people in told.values() for person in people}, there)
    for day, people in told.items():
        desa_of[day] |= {
            person: code for person, code in people.items() if ranks[day].get(person, 0) >= TRAINED
        }
    return [Moment(day, len(desa), len(set(desa.values()))) for day, desa in desa_of.items()]


class _Span(NamedTuple):
    """From when to when a region is there."""

    valid_from: date | None
    valid_to: date | None


def _trained(region: Region, days: Collection[date], earlier: list[int]) -> CompoundSelect[Any]:
    """Return the query of all (person, desa with its span, post, active standing, qualification) that touch
    the time of these days: qualifications of the record that counts, and of its duplicates.
    """
    first, last = min(days), max(days)
    duplicate = aliased(Trainee)
    columns = [column for period in PERIODS for column in period]
    people = select(Trainee.id, Region.id, Region.code, Region.valid_from, Region.valid_to, *columns)
    people = (
        people.select_from(Trainee)
        .join(DutyPost, DutyPost.trainee_id == Trainee.id)
        .join(Region, Region.id == DutyPost.region_id)
    )
    people = people.join(
        Standing, and_(Standing.trainee_id == Trainee.id, Standing.status == TraineeStatus.ACTIVE)
    )
    places = and_(Region.level == Level.DESA, lies_in(Region.code, region.code))
    conditions = [Trainee.canonical_id.is_(None), or_(places, Region.id.in_(earlier)) if earlier else places]
    conditions += [and_(starts <= last, or_(ends.is_(None), ends >= first)) for starts, ends in PERIODS]
    held = Qualification.tier_id.in_(select(Tier.id).where(Tier.rank >= TRAINED))
    own = people.join(Qualification, and_(Qualification.trainee_id == Trainee.id, held))
    theirs = people.join(duplicate, duplicate.canonical_id == Trainee.id).join(
        Qualification, and_(Qualification.trainee_id == duplicate.id, held)
    )
    return union_all(own.where(*conditions), theirs.where(*conditions))
