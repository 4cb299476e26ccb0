"""People as a change of the list of regions finds them: who serves or lives at regions that change."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select

from app.core.scopes import owner
from app.core.text import _
from app.extensions import db
from app.regions.models import Region
from app.regions.ports import in_parts
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus


def found_at(region_ids: Collection[int]) -> dict[int, list[str]]:
    """Return, by desa, the names of the people who serve there, or could again, and of those who live there:
    whom an office counts on.
    """
    gone = [TraineeStatus.DECEASED, TraineeStatus.RESIGNED, TraineeStatus.MOVED]
    here = Trainee.duty_region_id.in_(region_ids), Trainee.home_region_id.in_(region_ids)
    people = select(Trainee).where(or_(*here), Trainee.canonical_id.is_(None), Trainee.status.not_in(gone))
    found: dict[int, list[str]] = {}
    for each in db.session.scalars(people.order_by(Trainee.folded_name)):
        found.setdefault(each.duty_region_id, []).append(each.name)
        if each.home_region_id not in (None, each.duty_region_id):
            found.setdefault(each.home_region_id or 0, []).append(
                str(_("%(name)s (domisili)", name=each.name))
            )
    return {place: names for place, names in found.items() if place in region_ids}


def concerned_by(codes: Collection[str], region_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """Return, by kabupaten, how many people have their duty or their home at these regions."""
    found: dict[str, dict[str, int]] = {code: {"duty": 0, "home": 0} for code in codes}
    for ids in in_parts(region_ids):
        for what, column in (("duty", Trainee.duty_region_id), ("home", Trainee.home_region_id)):
            query = (
                select(Region.code, func.count())
                .select_from(Trainee)
                .join(Region, column == Region.id)
                .where(column.in_(ids), Trainee.canonical_id.is_(None))
            )
            for code, people in db.session.execute(query.group_by(Region.code)):
                if owner(code) in found:
                    found[owner(code)][what] += people
    return found
