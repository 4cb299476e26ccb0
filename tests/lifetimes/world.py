"""A small world for histories: two dinas, three batches with few seats, twelve people; its rows are made once
and rolled back to.

Everything is named by its number in the world (0 to 11, 0 to 2), so that a history reads as a few figures and
can be told again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from app.auth.models import User
from app.auth.rules import Role
from app.core import clock, unit_of_work
from app.courses.models import Batch
from app.courses.rules import Admission
from app.extensions import db
from app.regions.models import Region
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus
from tests.factories import Factories, in_letters

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 9 o'clock in Tapin
KELADAN, RANTAU, BANJAR, SEMARANG = "63.05.06.2001", "63.05.01.1001", "63.03.01.2001", "33.74.01.1001"
DESA = (KELADAN, RANTAU, BANJAR, SEMARANG)
PEOPLE, BATCHES = 12, 3
HOLDERS = (4, 5, 6, 7, 8, 10)  # hold dasar since 2011
WITH_ACCOUNT, WITH_ADDRESS = frozenset(range(9)), frozenset({0, 1, 5, 6})


@dataclass(frozen=True)
class World:
    """The ids of what the histories act with and upon."""

    people: tuple[int, ...]
    batches: tuple[
        int, ...
    ]  # Tapin's dasar that gives seats by itself, Tapin's dasar by hand, Kalsel's madya by itself
    desa: tuple[int, ...]
    offices: tuple[int, ...]  # who decides about each batch
    signer: int
    tapin: int

    def person(self, number: int) -> Trainee:
        return db.session.get_one(Trainee, self.people[number])

    def batch(self, number: int) -> Batch:
        return db.session.get_one(Batch, self.batches[number])

    def office(self, batch: int) -> User:
        return db.session.get_one(User, self.offices[batch])

    def user(self, user_id: int) -> User:
        return db.session.get_one(User, user_id)

    def region(self, number: int) -> Region:
        return db.session.get_one(Region, self.desa[number])


def make_world(make: Factories) -> World:
    """Enter offices, batches and people as they stand on the morning of the first day."""
    clock.start_at(BEGIN)
    for code in DESA:
        make.region(code)
    tapin, kalsel = make.organiser("63.05"), make.organiser("63")
    batches = [
        _batch(make, tapin, "dasar", Admission.AUTOMATIC, 2, date(2026, 3, 16), date(2026, 3, 19)),
        _batch(make, tapin, "dasar", Admission.MANUAL, 2, date(2026, 4, 6), date(2026, 4, 9)),
        _batch(make, kalsel, "madya", Admission.AUTOMATIC, 1, date(2026, 3, 18), date(2026, 3, 22)),
    ]
    people = [_person(make, number) for number in range(PEOPLE)]
    for number in HOLDERS:
        make.qualification(people[number], "dasar", date(2011, 5, 27))
    dinas, provinsi = make.user(Role.KABUPATEN_DINAS), make.user(Role.PROVINSI_DINAS, "63")
    return World(
        people=tuple(person.id for person in people),
        batches=tuple(batch.id for batch in batches),
        desa=tuple(make.region(code).id for code in DESA),
        offices=(dinas.id, dinas.id, provinsi.id),
        signer=make.user(Role.SIGNER).id,
        tapin=tapin.id,
    )


def _batch(
    make: Factories,
    organiser: Any,
    tier: str,
    admission: Admission,
    quota: int,
    starts_on: date,
    ends_on: date,
) -> Batch:
    curriculum = make.curriculum(make.tier(tier), hours=2)
    course = make.course(organiser, tier, curriculum=curriculum)
    batch = make.batch(course, starts_on=starts_on, ends_on=ends_on, quota=quota, admission=admission)
    make.session(batch, held_on=starts_on, starts_at=time(9), ends_at=time(11))
    return batch


def _person(make: Factories, number: int) -> Trainee:
    user = make.user() if number in WITH_ACCOUNT else None
    return make.trainee(
        BANJAR if number == 10 else DESA[number % 2],
        status=TraineeStatus.CANDIDATE if number == 9 else TraineeStatus.ACTIVE,
        name=f"Orang {in_letters(number)}",
        user_id=user.id if user else None,
        email=f"orang{number}@contoh.id" if number in WITH_ADDRESS else None,
    )


@contextmanager
def kept_apart() -> Iterator[None]:
    """Let what happens inside be gone afterwards, the clock too; the connection is in a
    transaction already.
    """
    db.session.remove()
    clock.start_at(BEGIN)
    # The fixture of the database puts its connection in place of the engine.
    inside = db.engine.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        db.session.remove()
        if inside.is_active:
            inside.rollback()
        clock.start_at(None)
        assert unit_of_work._depth.get() == 0
