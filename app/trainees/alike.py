"""Who may be recorded twice: the records like one that is entered, and the pairs that are alike already."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from sqlalchemy import and_, case, or_, select, true
from sqlalchemy.orm import joinedload

from app.core.names import bare_name
from app.core.scopes import Reach
from app.extensions import db
from app.regions.models import Region
from app.trainees.models import Trainee, TraineeWord
from app.trainees.queries import list_trainees_by_id
from app.trainees.rules import Likeness, may_be_one, words_of

MOST_ALIKE, MOST_COMPARED, MOST_SUSPECTS = 200, 5000, 20


def list_maybe_alike(name: str, birth_date: date | None, around: str) -> list[Trainee]:
    """Return the records that may be alike: with all words of this name and this birth date or none, or born that day in the region
    around; those of the region first."""
    is_near = Region.scope_code.startswith(f"{around}.", autoescape=True)
    named = [Trainee.id.in_(select(TraineeWord.trainee_id).where(TraineeWord.word == word)) for word in words_of(name)]
    wanted = and_(true(), *named)
    if birth_date is not None:
        born = Trainee.birth_date == birth_date
        wanted = or_(and_(wanted, or_(born, Trainee.birth_date.is_(None))), and_(born, is_near))
    query = select(Trainee).join(Trainee.duty_region).where(wanted).options(joinedload(Trainee.duty_region).joinedload(Region.parent))
    return list(db.session.scalars(query.order_by(case((is_near, 0), else_=1), Trainee.id).limit(MOST_ALIKE)))


def list_suspects(within: Reach) -> list[tuple[Trainee, Trainee]]:
    """Return the first pairs of records within reach that may be one person's, by name."""
    people = select(Trainee.id, Trainee.name).join(Trainee.duty_region)
    people = people.where(Trainee.canonical_id.is_(None), within.clause(region_code=Region.scope_code))
    named: dict[str, list[int]] = {}
    for trainee_id, name in db.session.execute(people.order_by(Trainee.folded_name, Trainee.id).limit(MOST_COMPARED)):
        named.setdefault(bare_name(name), []).append(trainee_id)
    ids = [trainee_id for alike in named.values() if len(alike) > 1 for trainee_id in alike]
    return pairs_alike(list_trainees_by_id(ids[:MOST_ALIKE]))[:MOST_SUSPECTS]


def pairs_alike(people: Iterable[Trainee]) -> list[tuple[Trainee, Trainee]]:
    """Return the pairs among these people that may be one person's."""
    known = [(person, likeness_of(person)) for person in people]
    return [(one, other) for (one, mine), (other, theirs) in combinations(known, 2) if may_be_one(mine, theirs)]


def likeness_of(person: Trainee) -> Likeness:
    """Return by what a person is found a second time."""
    return Likeness(bare_name(person.name), person.duty_region_id, person.birth_date, person.phone, person.nik_index)
