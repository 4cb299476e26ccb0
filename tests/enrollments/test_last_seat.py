"""Competing for the last seat: real connections and real commits, on whichever engine the run is about."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select

from app.audit.models import Event
from app.core.actor import SYSTEM
from app.core.errors import Conflict, DomainError
from app.courses import queries as courses_queries
from app.courses.models import Batch
from app.courses.rules import Admission
from app.enrollments import queries, services
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import SEATED, EnrollmentStatus
from app.extensions import db
from app.trainees.models import Trainee
from tests.factories import Factories

S = EnrollmentStatus
PEOPLE = 8


def at_once(app, *calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads of their own that start together; return what each gave, or the error it
    raised.
    """
    answers: list[object] = [None] * len(calls)
    begin = threading.Barrier(len(calls))

    def run(number: int) -> None:
        with app.app_context():
            begin.wait(timeout=30)
            try:
                answers[number] = calls[number]()
            except Exception as error:
                answers[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return answers


def wide(monkeypatch, seconds: float) -> None:
    """Let time pass between counting the seats and giving one: without a lock everybody counts the same."""
    count = queries.count_seats

    def counted(batch_id: int) -> int:
        seats = count(batch_id)
        time.sleep(seconds)
        return seats

    monkeypatch.setattr(queries, "count_seats", counted)


def without_lock(app, monkeypatch) -> None:
    """Read the batch without holding it, and on SQLite (where beginning to write is the lock) decide outside
    any transaction.
    """
    for module in (services.asking, courses_queries):
        monkeypatch.setattr(module, "lock_batch", lambda batch_id: db.session.get(Batch, batch_id))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "begin", lambda connection: connection.exec_driver_sql("COMMIT"))


def asking(batch_id: int, trainee_id: int) -> Callable[[], str]:
    def call() -> str:
        made = services.enroll(
            db.session.get(Batch, batch_id), db.session.get(Trainee, trainee_id), by=SYSTEM
        )
        return db.session.get(Enrollment, made.id).status.value

    return call


def accepting(enrollment_id: int) -> Callable[[], object]:
    return lambda: services.accept_enrollment(queries.get_enrollment(enrollment_id), by=SYSTEM).id


def seats(app) -> tuple[int, int]:
    """Return how many hold a seat, and how many attendees there are."""
    with app.app_context():
        held = db.session.scalar(select(func.count(Enrollment.id)).where(Enrollment.status.in_(SEATED)))
        return held, db.session.scalar(select(func.count(Attendee.id)))


@pytest.fixture
def last_seat(file_app):
    """An automatic batch of one seat, and people who want it."""
    with file_app.app_context():
        make = Factories()
        batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
        return batch.id, [make.trainee().id for _ in range(PEOPLE)]


@pytest.fixture
def last_decision(file_app):
    """A batch of one seat, and requests for it that the committee may accept."""
    with file_app.app_context():
        make = Factories()
        batch = make.batch(quota=1)
        return [make.enrollment(batch).id for _ in range(PEOPLE)]


def test_of_all_who_enrol_at_once_one_gets_the_last_seat_and_the_others_a_place_in_the_queue(
    file_app, last_seat, monkeypatch
):
    batch_id, people = last_seat
    wide(monkeypatch, 0.03)

    answers = at_once(file_app, *(asking(batch_id, person) for person in people))

    assert Counter(answers) == {"accepted": 1, "waitlisted": PEOPLE - 1}, answers
    assert seats(file_app) == (1, 1)
    with file_app.app_context():
        assert sorted(queries.positions([batch_id]).values()) == list(range(1, PEOPLE))
        events = (
            select(Event.action, func.count())
            .where(Event.subject_type == "Enrollment")
            .group_by(Event.action)
        )
        assert dict(db.session.execute(events).all()) == {
            "enrollment.accepted": 1,
            "enrollment.waitlisted": PEOPLE - 1,
        }


def test_without_the_lock_the_last_seat_is_given_more_than_once(file_app, last_seat, monkeypatch):
    """The control: were this to pass with one seat given, the test above would prove nothing."""
    batch_id, people = last_seat
    wide(monkeypatch, 0.5)
    without_lock(file_app, monkeypatch)

    at_once(file_app, *(asking(batch_id, person) for person in people))

    assert seats(file_app)[0] > 1


def test_of_all_decisions_made_at_once_one_gives_the_last_seat(file_app, last_decision, monkeypatch):
    wide(monkeypatch, 0.03)

    answers = at_once(file_app, *(accepting(each) for each in last_decision))

    refusals = [answer for answer in answers if isinstance(answer, DomainError)]
    assert [str(refusal.reason) for refusal in refusals] == ["Semua tempat (1) sudah terisi."] * (
        PEOPLE - 1
    ), answers
    assert seats(file_app) == (1, 1)


def test_without_the_lock_decisions_made_at_once_oversell(file_app, last_decision, monkeypatch):
    wide(monkeypatch, 0.5)
    without_lock(file_app, monkeypatch)

    at_once(file_app, *(accepting(each) for each in last_decision))

    assert seats(file_app)[0] > 1


def test_one_person_who_enrols_twice_at_once_is_enrolled_once(file_app, last_seat, monkeypatch):
    batch_id, people = last_seat
    wide(monkeypatch, 0.03)

    answers = at_once(file_app, *(asking(batch_id, people[0]) for _ in range(4)))

    assert sum(answer == "accepted" for answer in answers) == 1, answers
    assert sum(isinstance(answer, Conflict) for answer in answers) == 3, answers


def test_one_person_accepted_in_two_batches_of_a_tier_at_once_gets_one_seat(file_app, monkeypatch):
    with file_app.app_context():
        make = Factories()
        first = make.enrollment()
        second = make.enrollment(make.batch(first.batch.course), first.trainee)
        ids = [first.id, second.id]
    wide(monkeypatch, 0.03)

    answers = at_once(file_app, *(accepting(each) for each in ids))

    assert seats(file_app)[0] == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1, answers


def test_the_queue_moves_up_by_one_for_each_seat_given_back_at_once(file_app, monkeypatch):
    with file_app.app_context():
        make = Factories()
        batch = make.batch(quota=4, admission=Admission.AUTOMATIC)
        batch_id = batch.id
        made = [services.enroll(batch, make.trainee(), by=SYSTEM).id for _ in range(7)]
    wide(monkeypatch, 0.03)

    def giving_back(enrollment_id: int) -> Callable[[], object]:
        return lambda: (
            services.withdraw(queries.get_enrollment(enrollment_id), reason="berhalangan", by=SYSTEM).id
        )

    answers = at_once(file_app, *(giving_back(each) for each in made[:3]))

    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    with file_app.app_context():
        statuses = [db.session.get(Enrollment, each).status for each in made]
        assert statuses == [S.WITHDRAWN] * 3 + [S.ACCEPTED] + [S.OFFERED] * 3
        assert queries.count_seats(batch_id) == 4
