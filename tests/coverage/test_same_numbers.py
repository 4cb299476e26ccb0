"""The kept counts, the periods in SQL and the rule in plain Python say the same, whatever the
histories are.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.scopes import EVERYWHERE
from app.core.unit_of_work import atomic
from app.coverage import queries, services
from app.coverage.queries.places import Lineage, stand_ins
from app.coverage.queries.tallies import tallies_of_periods, tallies_of_today
from app.coverage.rules import Absorbed, Person, counted_at, covers
from app.extensions import db
from app.regions.models import Region
from app.regions.rules import WITA
from app.trainees.models import DutyPost, Merge, Qualification, Standing, Trainee, WorkforceCount
from app.trainees.rules import Held, TraineeStatus
from app.trainees.services.counting import counted
from tests.factories import Factories

SHOWN = ("00", "63", "63.05", "63.05.06", "63.05.06.2001", "63.72", "33.74")
START = date(2012, 1, 1)


def some_history(chance: random.Random, record, desa: list[str], known: list[Trainee]) -> Trainee:
    """Write one person with one to three posts, one to three standings and up to four tiers; one in five is a
    duplicate.
    """
    today = clock.today(WITA)

    def spans(values: list) -> list:
        days = sorted(START + timedelta(days=each) for each in chance.sample(range(5000), len(values)))
        ends = [day - timedelta(days=1) for day in days[1:]] + [None]
        return list(zip(values, days, ends, strict=True))

    posts = spans(chance.choices(desa, k=chance.randint(1, 3)))
    standings = spans(chance.choices(list(TraineeStatus), weights=[2, 8, 1, 1, 1, 1], k=chance.randint(1, 3)))
    held = []
    for tier in chance.choices(["dasar", "madya", "pratama"], k=chance.randint(0, 4)):
        first = START + timedelta(days=chance.randrange(5000))
        last = chance.choice(
            [None, None, first - timedelta(days=1), first + timedelta(days=chance.randrange(900))]
        )
        held.append((tier, first, min(last, today - timedelta(days=1)) if last else None))
    originals = [each for each in known if each.canonical_id is None]
    same_as = chance.choice(originals) if originals and chance.random() < 0.2 else None
    merged_at = datetime(2012, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(5000))
    return record(f"Orang {len(known)}", posts, standings, held, same_as=same_as, merged_at=merged_at)


@pytest.fixture
def crowd(record):
    """Return a maker of people with random pasts in a few desa, so that some desa have many and most have
    none.
    """

    def gather(seed: int, size: int = 50) -> None:
        chance = random.Random(seed)
        every = list(
            db.session.scalars(select(Region.code).where(Region.level == "desa").order_by(Region.code))
        )
        desa = [*chance.sample(every, 12), "63.05.06.2001", "63.05.06.2002"]
        known: list[Trainee] = []
        for _each in range(size):
            known.append(some_history(chance, record, desa, known))
        db.session.commit()
        services.rebuild_counts()

    return gather


def merged(tallies) -> Counter:
    """Return desa by place, profile and whether anything is known of them."""
    counted: Counter = Counter()
    for tally in tallies:
        counted[tally.code, tally.profile, tally.is_known] += tally.villages
    return Counter({key: count for key, count in counted.items() if count})


@pytest.mark.parametrize("seed", range(3))
def test_the_kept_counts_equal_the_periods_of_today(crowd, seed):
    crowd(seed)
    today = clock.today(WITA)
    for code in SHOWN:
        region = queries.find_latest(code)
        moved = stand_ins(region, Lineage(today))
        for depth in (5, 13):
            kept, counted = (
                way(region, today, 4, depth, moved) for way in (tallies_of_today, tallies_of_periods)
            )
            assert merged(kept) == merged(counted), (code, depth)


@pytest.mark.parametrize("seed", range(3, 5))
def test_the_sql_of_periods_equals_the_rule(crowd, seed):
    crowd(seed)
    people = read_people()
    chance = random.Random(seed)
    for day in [
        START,
        *(START + timedelta(days=chance.randrange(5000)) for _each in range(6)),
        clock.today(WITA),
    ]:
        expected: Counter = Counter(found for person in people if (found := counted_at(person, day)))
        for code in SHOWN:
            region = queries.find_latest(code)
            inside = {
                desa: 0
                for desa, _rank in expected
                if code == "00" or desa == code or desa.startswith(code + ".")
            }
            found = {}
            for tally in tallies_of_periods(region, day, 4, 13, {}):
                if sum(tally.profile):
                    found[tally.code] = tally.profile
            assert found == {desa: tuple(expected[desa, rank] for rank in range(4)) for desa in inside}, (
                code,
                day,
            )


def read_people() -> list[Person]:
    """Read everybody in plain values, as the rule takes them."""
    standings, posts, held = {}, {}, {}
    for row in db.session.scalars(select(Standing)):
        standings.setdefault(row.trainee_id, []).append((row.status, row.starts_on, row.ends_on))
    for row in db.session.scalars(select(DutyPost)):
        posts.setdefault(row.trainee_id, []).append((row.region.code, row.starts_on, row.ends_on))
    for row in db.session.scalars(select(Qualification)):
        person = row.trainee.canonical_id or row.trainee_id
        held.setdefault(person, []).append(Held(row.tier.rank, row.held_from, row.held_to))
    absorbed = {}
    for row in db.session.scalars(select(Merge).order_by(Merge.duplicate_id)):
        told = Absorbed(
            standings[row.duplicate_id], posts[row.duplicate_id], clock.local_day(row.merged_at, WITA)
        )
        absorbed.setdefault(row.canonical_id, []).append(told)
    return [
        Person(
            each.canonical_id is None,
            standings[each.id],
            posts[each.id],
            held.get(each.id, []),
            absorbed.get(each.id, []),
        )
        for each in db.session.scalars(select(Trainee))
    ]


def test_histories_touch_every_case(crowd):
    """A property over data in which nobody moved, died or was merged would prove nothing."""
    crowd(1)
    today = clock.today(WITA)
    people = read_people()
    assert any(not person.is_canonical for person in people)
    assert any(len(person.posts) > 1 for person in people)
    assert any(not covers(today, each.held_from, each.held_to) for person in people for each in person.held)
    assert {rank for person in people if (found := counted_at(person, today)) for rank in [found[1]]} == {
        0,
        1,
        2,
        3,
    }


def test_a_rebuild_finds_nothing_where_services_kept_the_counts(tapin, app):
    assert services.rebuild_counts() == {}
    output = app.test_cli_runner().invoke(args=["coverage", "rebuild"]).output
    assert output.strip() == "Tidak ada selisih."


def test_a_rebuild_reports_and_mends_what_was_spoilt(tapin, app, db):
    desa = queries.find_latest("63.05.06.2001")
    row = db.session.get(WorkforceCount, (desa.id, TraineeStatus.ACTIVE, 1))
    row.people = 40
    db.session.commit()
    assert queries.coverage_of(desa, None, EVERYWHERE).total.active == 40
    result = app.test_cli_runner().invoke(args=["coverage", "rebuild", "--json"])
    assert result.exit_code == 0
    assert '"differences": 1' in result.output
    assert (
        '{"region": "63.05.06.2001", "status": "active", "rank": 1, "kept": 40, "counted": 2}'
        in result.output
    )
    assert queries.coverage_of(desa, None, EVERYWHERE).total.active == 2
    assert services.rebuild_counts() == {}


def test_a_rebuild_waits_for_an_act_that_is_under_way(file_app):
    """Somebody is appointed while the counts are written anew: neither is lost."""
    with file_app.app_context():
        make = Factories()
        desa, trainee = make.region("63.05.06.2001"), make.trainee("63.05.06.2001")
        db.session.get_one(WorkforceCount, (desa.id, TraineeStatus.ACTIVE, 0)).people = 40
        db.session.commit()
        person_id, here = trainee.id, desa.id
        db.session.remove()
    counting, failures = Event(), []

    def act() -> None:
        with file_app.app_context():
            try:
                with atomic():
                    with counted([person_id]):
                        db.session.get_one(Trainee, person_id).status = TraineeStatus.INACTIVE
                    counting.set()
                    sleep(0.7)
            except Exception as error:
                failures.append(error)

    acting = Thread(target=act)
    acting.start()
    assert counting.wait(10)
    with file_app.app_context():
        services.rebuild_counts()
        acting.join()
        assert failures == []
        rows = db.session.execute(
            select(WorkforceCount.status, WorkforceCount.people).where(WorkforceCount.region_id == here)
        )
        assert {status: people for status, people in rows if people} == {TraineeStatus.INACTIVE: 1}
