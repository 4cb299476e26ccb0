"""Competing calls, on real connections with real commits: one NIK is one person, one number is one SK, counts
lose nobody.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.errors import DomainError
from app.courses.models import Tier
from app.extensions import db
from app.organisers.models import Organiser
from app.regions.models import Region
from app.trainees import queries, services
from app.trainees.models import Appointment, Trainee
from app.trainees.rules import Source, TraineeStatus
from app.trainees.services import TraineeData
from tests.factories import Factories
from tests.trainees.conftest import KELADAN

NIK = "6305064101859777"
AT_ONCE = 4


def together(app: Any, acts: list[Callable[[], Any]]) -> list[Any]:
    """Do these at the same moment, each in a thread with a session of its own; a refusal is an answer."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                act()
            except DomainError as refusal:
                return type(refusal).__name__
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = list(pool.map(run, acts))
    db.session.rollback()  # see what the others have kept
    return answers


def keladan() -> Region:
    return db.session.scalars(select(Region).where(Region.code == KELADAN)).one()


@pytest.fixture
def own(file_app):
    with file_app.app_context():
        yield file_app


def test_one_nik_registered_by_many_at_once_is_one_person(own):
    facts = {"name": "Siti Aminah", "nik": NIK, "birth_date": date(1985, 1, 1), "phone": "0812-3456-7890"}

    def register() -> None:
        data = TraineeData(duty_region=keladan(), **facts)
        services.register_self(data, "perahu kelotok di rawa", base_url="https://bekal.example.go.id")

    assert together(own, [register] * AT_ONCE) == ["done"] * AT_ONCE
    assert db.session.scalar(select(func.count(Trainee.id))) == 1
    assert queries.stored_counts() == queries.recount() == {(keladan().id, TraineeStatus.CANDIDATE, 0): 1}


def test_one_sk_recorded_at_once_for_each_of_many_is_one_sk_of_all(own):
    make = Factories()
    office = make.organiser().id
    people = [make.trainee(status=TraineeStatus.CANDIDATE).id for _number in range(AT_ONCE)]

    def appoint(trainee_id: int) -> Callable[[], Any]:
        def act() -> None:
            chosen = queries.list_trainees_by_id([trainee_id])
            services.appoint(
                db.session.get(Organiser, office), "188.45/1", date(2026, 1, 5), "Bupati", chosen, SYSTEM
            )

        return act

    assert together(own, [appoint(trainee_id) for trainee_id in people]) == ["done"] * AT_ONCE
    assert queries.count_appointed(db.session.scalars(select(Appointment)).all()) == {1: AT_ONCE}
    assert queries.stored_counts() == queries.recount()


def test_many_acts_on_one_desa_and_one_person_lose_no_count(own):
    make = Factories()
    first, second = make.trainee().id, make.trainee().id
    tier = make.tier("dasar").id

    def person(trainee_id: int) -> Trainee:
        return queries.list_trainees_by_id([trainee_id])[0]

    def grant(trainee_id: int, source_id: int) -> Callable[[], Any]:
        def act() -> None:
            held = db.session.get(Tier, tier)
            services.grant_qualification(
                person(trainee_id), held, date(2020, 1, 1), Source.RECOGNISED, source_id, "1", SYSTEM
            )

        return act

    def leave(trainee_id: int) -> Callable[[], Any]:
        return lambda: services.change_standing(
            person(trainee_id), TraineeStatus.INACTIVE, date(2021, 1, 1), "x", SYSTEM
        )

    def merge() -> None:
        services.merge_trainees(person(first), person(second), "Satu orang", SYSTEM, despite_differences=True)

    acts = [grant(first, 1), grant(second, 2), leave(first), leave(second), merge, grant(first, 3)]
    together(own, acts)
    assert queries.stored_counts() == queries.recount()
    assert sum(queries.stored_counts().values()) == 1
