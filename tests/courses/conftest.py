"""The reference data and a Tapin batch of variant B, as the services make them."""

from datetime import date

import pytest

from app.core.actor import SYSTEM
from app.courses import queries, services


@pytest.fixture
def tiers(db):
    """The ladder of a new installation by code."""
    services.load_reference(by=SYSTEM)
    return {tier.code: tier for tier in queries.list_tiers()}


@pytest.fixture
def plan(make, tiers):
    """Plan a batch by three facts: plan(tier="dasar", region="63.05", starts_on=…)."""

    def planned(tier="dasar", region="63.05", starts_on=date(2011, 5, 24), **values):
        facts = {
            "venue": "Aula Dinas Sosial, Rantau",
            "venue_region": make.region("63.05"),
            "by": SYSTEM,
            **values,
        }
        return services.plan_batch(make.organiser(region), tiers[tier], starts_on=starts_on, **facts)

    return planned


@pytest.fixture
def tapin(plan):
    """Tapin's batch of May 2011, its rundown copied."""
    batch = plan()
    services.copy_rundown(batch, by=SYSTEM, fieldwork_place="Banjarbaru")
    return batch
