"""Who can be enrolled in a batch, those who can before those who cannot; and what stands in the way of those
who wait.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core.names import fold_name
from app.core.pages import Page, page_of
from app.core.scopes import Reach
from app.core.text import Text
from app.courses.models import Batch, Tier
from app.enrollments import rules
from app.enrollments.eligibility import facts_of_asking
from app.enrollments.models import Enrollment
from app.enrollments.queries import IN_FORCE
from app.enrollments.rules import NOT_SERVING, SEATED
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lies_in
from app.trainees.models import Qualification, Trainee, TraineeWord
from app.trainees.queries import HIGHEST_CHARACTER, in_force


def page_of_candidates(
    batch: Batch,
    within: Reach,
    *,
    search: str = "",
    after: str | None = None,
    per_page: int | None = None,
    ticked: Collection[int] | None = None,
) -> Page[Trainee]:
    """Return people in reach who serve in the organiser's region and could ask for a seat here, by name.

    Left out: whoever asks or sits here, holds a seat in another batch of the tier, or holds the tier already.
    A search finds them all the same, so that the page can say why. Who lacks the tier below comes last. Those
    ticked come first of all.
    """
    people = (
        _in_sight(within)
        .where(lies_in(Region.scope_code, batch.course.organiser.region.scope_code))
        .where(Trainee.canonical_id.is_(None), Trainee.status.not_in(NOT_SERVING))
    )
    words = fold_name(search).split()
    for word in words:
        begins = TraineeWord.word >= word, TraineeWord.word < word + HIGHEST_CHARACTER
        people = people.where(Trainee.id.in_(select(TraineeWord.trainee_id).where(*begins)))
    if not words:
        people = people.where(
            Trainee.id.not_in(_seated(batch)), Trainee.id.not_in(_holders(batch.course.tier, batch))
        )
    keys: list[Any] = [Trainee.folded_name, Trainee.id]
    if batch.course.tier.prerequisite is not None:
        keys.insert(0, case((Trainee.id.in_(_holders(batch.course.tier.prerequisite, batch)), 0), else_=1))
    page = page_of(people, keys=keys, after=after, per_page=per_page)
    chosen = (
        list(db.session.scalars(_in_sight(within).where(Trainee.id.in_(ticked)).order_by(*keys[-2:])))
        if ticked
        else []
    )
    return Page([*chosen, *(each for each in page.rows if each not in chosen)], page.next_cursor)


def reasons_against(batch: Batch, waiting: Iterable[Enrollment]) -> dict[int, Text]:
    """Return, by the id of the enrollment, why somebody who waits cannot take a seat even if one is free."""
    waiting = list(waiting)
    facts = facts_of_asking(batch, [each.trainee for each in waiting])
    found = {}
    for each in waiting:
        asking = rules.waived_by(facts[each.trainee_id], each.override_reason)
        if reason := rules.already_seated(asking) or rules.refusal_of_seat(asking):
            found[each.id] = reason
    return found


def _in_sight(within: Reach) -> Select[Trainee]:
    people = select(Trainee).join(Trainee.duty_region).where(within.clause(region_code=Region.scope_code))
    return people.options(joinedload(Trainee.duty_region).joinedload(Region.parent))


def _seated(batch: Batch) -> Select[int]:
    """Return the ids of those who ask or sit in this batch, or sit in another one of the tier; a duplicate is
    its person.
    """
    record, sits = aliased(Trainee), Enrollment.status.in_(SEATED)
    return (
        select(func.coalesce(record.canonical_id, record.id))
        .join(Enrollment, Enrollment.trainee_id == record.id)
        .where(
            IN_FORCE,
            or_(Enrollment.batch_id == batch.id, and_(Enrollment.tier_id == batch.course.tier_id, sits)),
        )
    )


def _holders(tier: Tier, batch: Batch) -> Select[int]:
    """Return the ids of those who hold this tier, or one above it, on the first day of the batch; a duplicate
    is its person.
    """
    record = aliased(Trainee)
    return (
        select(func.coalesce(record.canonical_id, record.id))
        .join(Qualification, Qualification.trainee_id == record.id)
        .join(Tier, Tier.id == Qualification.tier_id)
        .where(
            Tier.rank >= tier.rank, in_force(Qualification.held_from, Qualification.held_to, batch.starts_on)
        )
    )
