"""Whose a telephone number is: families share one, and anybody can type that of somebody else."""

from sqlalchemy import select

from app.extensions import db
from app.trainees.models import Trainee, phone_index
from app.trainees.queries import canonical
from app.trainees.rules import TraineeStatus


def list_by_phone(phone: str) -> list[Trainee]:
    """Return the living people whose records, merged ones too, hold this number (in its canonical form), the
    first recorded first.
    """
    records = db.session.scalars(
        select(Trainee).where(Trainee.phone_index == phone_index(phone)).order_by(Trainee.id)
    )
    people = {person.id: person for person in map(canonical, records)}
    return [person for person in people.values() if person.status is not TraineeStatus.DECEASED]


def list_sharing_phone(trainee: Trainee) -> list[Trainee]:
    """Return the others who are recorded with this person's number: whose it is, only an officer can say."""
    if not trainee.phone:
        return []
    return [each for each in list_by_phone(trainee.phone) if each.id != (trainee.canonical_id or trainee.id)]


def list_without_phone_index(most: int) -> list[Trainee]:
    """Return some of the records with a number by which they cannot be found yet, held."""
    query = (
        select(Trainee)
        .where(Trainee.phone.is_not(None), Trainee.phone_index.is_(None))
        .order_by(Trainee.id)
        .limit(most)
    )
    return list(db.session.scalars(query.with_for_update()))
