"""The event log speaks Indonesian about everything that is ever recorded."""

import re
from pathlib import Path

from app.audit.models import Event
from app.audit.services import record
from app.auth.rules import Role
from app.core.actor import SYSTEM
from app.core.unit_of_work import atomic
from app.courses.rules import BatchStatus
from app.dashboard.acts import ACTS, SUBJECTS, said_of, subject_of
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db

APP = Path(__file__).resolve().parents[2] / "app"


def recorded() -> set[str]:
    """Return every act that the packages record: the literal ones, and those named after a state."""
    literal = re.compile(r'["\']((?:[a-z]+)\.(?:[a-z_]+))["\']')
    known = {action.split(".")[0] for action in ACTS}
    found = set()
    for path in APP.rglob("*.py"):
        if path.parent.name in ("dashboard", "cli", "gallery") or path.name in ("routes.py",):
            continue
        for line in path.read_text().splitlines():
            if "record(" in line or line.strip().startswith(('"', "'")):
                found |= {action for action in literal.findall(line) if action.split(".")[0] in known and not action.endswith(".models")}
    states = {f"enrollment.{status.value}" for status in EnrollmentStatus} | {f"batch.{status.value}" for status in BatchStatus}
    return found | (states - {"batch.draft"})


def test_every_recorded_act_has_its_words():
    assert len(recorded()) > 60
    assert recorded() - set(ACTS) == set()


def test_every_row_that_something_is_done_to_has_its_word(app):
    tables = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert set(SUBJECTS) <= tables, "a word for a table that is gone"
    assert subject_of("Unbekannt") != ""
    assert subject_of("") == ""


def test_the_log_is_read_in_words(make, browser):
    batch = make.batch()
    with atomic():
        record("batch.open", batch, by=SYSTEM)
        record("zukunft.getan", batch, by=SYSTEM)
        record("enrollment.accepted", make.enrollment(batch, make.trainee(name="Siti Aminah")), by=SYSTEM)
    browser.sign_in(make.user(Role.AUDITOR))
    page = browser.get("dashboard.list_events")
    assert "membuka pendaftaran" in page.text
    assert f"angkatan {batch.code}" in page.text
    assert "pendaftaran Siti Aminah" in page.text  # a person by name, not by a number that no page shows
    assert str(said_of("zukunft.getan")) in page.text
    assert "batch.open" not in page.text
    assert db.session.query(Event).count() >= 2
