"""Random histories of a few people in three small batches, by the services: whatever happens, a handful of
sentences stays true.

In the suite a few histories of a fixed seed run. Many more, each hundred with the seed that its name shows:

    HISTORIES=2000 python -m pytest tests/lifetimes/test_histories.py -vv -p no:randomly

SEED=… begins at another seed, STEPS=… makes the histories longer.
"""

import os
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test

from app.certificates import services as certificates
from app.core import clock
from tests import databases
from tests.factories import Factories
from tests.lifetimes.machine import Histories
from tests.lifetimes.world import make_world

HISTORIES, STEPS, SEED = (
    int(os.environ.get(name, usual)) for name, usual in (("HISTORIES", 40), ("STEPS", 25), ("SEED", 1))
)
AT_A_TIME = 100

pytestmark = pytest.mark.skipif(
    databases.engine_name() != "sqlite", reason="rules of the services; once, on the faster engine"
)


@pytest.mark.parametrize("seed", range(SEED, SEED + -(-HISTORIES // AT_A_TIME)))
def test_whatever_happens_all_is_well(
    seed: int, db: Any, make: Factories, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        certificates, "refuse_sheet", lambda *_args, **_more: None
    )  # no sheet is looked at here
    world = make_world(make)
    start = hypothesis.seed(seed)(lambda: Histories(world))
    settings = hypothesis.settings(
        max_examples=min(HISTORIES, AT_A_TIME),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        backend="anew",
    )
    try:
        run_state_machine_as_test(start, settings=settings)
    finally:
        clock.start_at(None)
