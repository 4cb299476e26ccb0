"""Two batches ask for the last places of a host at the same moment: one gets them.

Real connections, real commits.
"""

import threading
from datetime import timedelta

import pytest

from app.auth.models import User
from app.auth.rules import Role
from app.core import unit_of_work
from app.core.errors import RuleViolation
from app.courses.models import Batch
from app.extensions import db
from app.fieldwork import queries, services
from app.fieldwork.models import Host
from tests.factories import Factories


def compete(app, tasks):
    """Run the tasks at the same moment, each on a connection of its own; return what each
    answered or raised.
    """
    together, answers = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(place, task):
        with app.app_context():
            together.wait(timeout=20)
            try:
                answers[place] = task()
            except Exception as error:
                answers[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def scene(file_app):
    """Ids: a host with forty places, six batches on the same days, an officer."""
    with file_app.app_context():
        make = Factories()
        host, officer = make.host(visitors_per_day=40), make.user(Role.KABUPATEN_DINAS)
        batches = [make.batch() for _number in range(6)]
        ids = host.id, [batch.id for batch in batches], officer.id, batches[0].starts_on + timedelta(days=2)
        db.session.remove()
    return ids


def requests_of(scene):
    host_id, batch_ids, officer_id, day = scene

    def request(batch_id):
        return lambda: (
            services.request_visit(
                db.session.get(Batch, batch_id),
                db.session.get(Host, host_id),
                visits_on=day,
                requested_places=30,
                by=db.session.get(User, officer_id),
            ).id
        )

    return [request(batch_id) for batch_id in batch_ids]


def test_only_one_of_six_competing_requests_gets_the_last_places(file_app, scene):
    answers = compete(file_app, requests_of(scene))
    assert sum(isinstance(answer, int) for answer in answers) == 1, answers
    assert sum(isinstance(answer, RuleViolation) for answer in answers) == 5, answers
    with file_app.app_context():
        host = db.session.get(Host, scene[0])
        assert sum(claim.places for claim in queries.list_claims(host, scene[3])) == 30


def test_without_turns_the_same_requests_would_give_more_places_than_there_are(file_app, scene, monkeypatch):
    """The control: nobody waits for anybody, everybody counts before anybody writes."""
    counted, seen = threading.Barrier(len(scene[1])), threading.local()
    count = queries.count_places_left

    def count_and_wait(*args, **kwargs):
        if not hasattr(seen, "left"):
            seen.left = count(*args, **kwargs)
            db.session.rollback()  # what was read is not protected by anything
            counted.wait(timeout=20)
        return seen.left

    class Plain(unit_of_work.atomic):
        def __enter__(self):
            super().__enter__()
            db.session.rollback()
            unit_of_work.writing.set(False)

    monkeypatch.setattr(unit_of_work, "atomic", Plain)
    monkeypatch.setattr(queries, "lock_host", lambda host_id: db.session.get(Host, host_id))
    monkeypatch.setattr(queries, "count_places_left", count_and_wait)
    answers = compete(file_app, requests_of(scene))
    with file_app.app_context():
        given = sum(claim.places for claim in queries.list_claims(db.session.get(Host, scene[0]), scene[3]))
    assert given > 40, answers
