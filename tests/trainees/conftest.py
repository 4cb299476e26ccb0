"""What the tests of this package share: whole tables as values, everything written as text, the counts
compared with a recount.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.core.actor import Actor
from app.extensions import db as database
from app.regions.models import Region
from app.trainees import queries, services
from app.trainees.models import Trainee
from app.trainees.rules import Sex, TraineeStatus
from tests.factories import in_letters

KELADAN = "63.05.06.2001"


@pytest.fixture
def dump(db: Any) -> Callable[..., dict[str, list[tuple[Any, ...]]]]:
    """Return every row of every table as the database holds it, sorted; tables named are left out."""

    def read(*without: str) -> dict[str, list[tuple[Any, ...]]]:
        db.session.expire_all()
        connection = db.session.connection()
        tables = [table for table in database.metadata.sorted_tables if table.name not in without]
        found = {}
        for table in tables:
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        return found

    return read


@pytest.fixture
def digest(dump: Any) -> Callable[..., str]:
    """Return one value for all that the database holds."""
    return lambda *without: hashlib.sha256(repr(dump(*without)).encode()).hexdigest()


@pytest.fixture
def desa(make: Any) -> Callable[[int], Region]:
    """Return the n-th desa of Tapin."""
    codes = list(
        database.session.scalars(
            select(Region.code).where(Region.code.like("63.05.__.____")).order_by(Region.code)
        )
    )
    return lambda number: make.region(codes[number % len(codes)])


@pytest.fixture
def actions(db: Any) -> Callable[[], list[str]]:
    """Return the actions recorded so far, oldest first."""
    return lambda: list(db.session.scalars(select(Event.action).order_by(Event.id)))


@pytest.fixture
def counts_hold(db: Any) -> Callable[[], None]:
    """Compare the kept counts with a recount."""

    def check() -> None:
        assert queries.stored_counts() == queries.recount()

    return check


@pytest.fixture
def candidate(make: Any) -> Callable[..., Trainee]:
    """A calon PSM of Keladan, entered through the service."""

    def enter(*, by: Actor, desa: str = KELADAN, **values: Any) -> Trainee:
        data = services.TraineeData(
            **{
                "name": f"Calon {in_letters(next(make.numbers))}",
                "duty_region": make.region(desa),
                "sex": Sex.FEMALE,
                **values,
            }
        )
        trainee = services.register_trainee(data, by=by)
        assert trainee.status is TraineeStatus.CANDIDATE
        return trainee

    return enter
