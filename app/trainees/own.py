"""What the absorbed records of a person tell, for the page on which people read what is kept about them."""

from sqlalchemy import select

from app.extensions import db
from app.trainees.models import DutyPost, Standing, Trainee
from app.trainees.queries import same_person_ids


def standings_of_duplicates(trainee: Trainee) -> list[Standing]:
    """Return what was recorded on the duplicates of the person, oldest first: of the time before the merge,
    figures read it too.
    """
    others = same_person_ids(trainee)[1:]
    return list(
        db.session.scalars(
            select(Standing).where(Standing.trainee_id.in_(others)).order_by(Standing.starts_on, Standing.id)
        )
    )


def duty_posts_of_duplicates(trainee: Trainee) -> list[DutyPost]:
    """Return where the duplicates of the person tell of service, oldest first."""
    others = same_person_ids(trainee)[1:]
    return list(
        db.session.scalars(
            select(DutyPost).where(DutyPost.trainee_id.in_(others)).order_by(DutyPost.starts_on, DutyPost.id)
        )
    )
