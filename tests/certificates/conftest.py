"""A diklat of Tapin in May 2011 with an approved graduation, entered today."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.assessment.rules import ResultOutcome
from app.certificates import services
from app.certificates.models import Certificate
from app.core.actor import SYSTEM
from app.courses.models import Batch

CLOSING = date(2011, 5, 27)
NAMES = ("Aminah", "Bahriah", "Camelia")


@pytest.fixture
def graduated(make: Any) -> Callable[..., Batch]:
    """Return a batch whose people, named, all have the outcome given."""

    def graduate(
        *names: str, outcome: ResultOutcome = ResultOutcome.PASSED, course: Any = None, approved: bool = True
    ) -> Batch:
        batch = make.batch(course or make.course(year=2011), starts_on=date(2011, 5, 24), ordinal=1)
        attendees = [make.attendee(batch, make.trainee(name=name)) for name in names or NAMES]
        make.graduation(batch, *attendees, outcome=outcome, approved=approved)
        return batch

    return graduate


@pytest.fixture
def issued(graduated: Callable[..., Batch]) -> Callable[..., list[Certificate]]:
    """Return the certificates of such a batch, dated on the closing day."""

    def issue(*names: str, on: date = CLOSING, **values: Any) -> list[Certificate]:
        return services.issue_for_batch(graduated(*names, **values), issued_on=on, by=SYSTEM).issued

    return issue
