"""What graduates are told once a certificate is there: one text, the last one."""

import pytest
from sqlalchemy import select

from app.assessment.messages import notify_of_results
from app.assessment.queries import approved_graduation
from app.assessment.rules import ResultOutcome
from app.certificates import services
from app.core import clock
from app.core.actor import SYSTEM
from app.core.unit_of_work import atomic
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD


@pytest.mark.parametrize(("outcome", "texts"), [(ResultOutcome.PASSED, 1), (ResultOutcome.ATTENDED, 2)])
def test_that_the_certificate_is_there_overtakes_that_it_will_be(graduated, db, outcome, texts):
    batch = graduated("Aminah", outcome=outcome)
    batch.recorded_at = clock.now().replace(year=2011, month=5, day=1)
    db.session.commit()
    with atomic():
        notify_of_results(approved_graduation(batch))
    [certificate] = services.issue_for_batch(batch, issued_on=clock.today(batch.zone), by=SYSTEM).issued
    untold = [each.text for each in db.session.scalars(select(Notice).where(*UNTOLD).order_by(Notice.id))]
    assert len(untold) == texts
    assert certificate.number in untold[-1]
    assert not any("bila sudah terbit" in text for text in untold)
    assert ("dinyatakan lulus" in untold[-1]) is (outcome is ResultOutcome.PASSED)
