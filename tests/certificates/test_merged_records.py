"""One person, one certificate in one batch; a record that was put off is decided before two records become one person."""

from datetime import timedelta

import pytest

from app.assessment.rules import ResultOutcome
from app.auth.rules import Role
from app.certificates import queries, services
from app.certificates.rules import HAS_ANOTHER
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.enrollments.queries import list_attendees
from app.extensions import db as database
from app.trainees import services as trainees
from tests.certificates.conftest import CLOSING


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def test_who_is_put_off_is_decided_before_the_record_becomes_part_of_one_that_has_passed(issued, make, dinas):
    [certificate] = issued("Aminah")
    late = make.attendee(certificate.batch, make.trainee(name="Bahriah"))
    make.graduation(certificate.batch, late, outcome=ResultOutcome.DEFERRED, is_supplementary=True)
    for pair in ((late.trainee, certificate.trainee), (certificate.trainee, late.trainee)):
        with pytest.raises(RuleViolation, match="masih ditunda. Putuskan dahulu"):
            trainees.merge_trainees(*pair, "Satu orang", dinas)
    make.graduation(certificate.batch, late, outcome=ResultOutcome.FAILED, is_supplementary=True)
    trainees.merge_trainees(late.trainee, certificate.trainee, "Satu orang", dinas)


def test_one_person_gets_no_second_certificate_in_a_batch(graduated):
    batch = graduated("Aminah", "Bahriah")
    one, other = (attendee.trainee for attendee in list_attendees(batch))
    other.canonical_id = one.id  # joined before this was refused
    database.session.commit()
    assert queries.count_due(batch) == 1
    assert len(services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued) == 1
    assert [each.reason for each in services.plan_issue(batch, CLOSING + timedelta(days=1)).without] == [HAS_ANOTHER]
    assert services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued == []
    assert queries.count_due(batch) == 0
