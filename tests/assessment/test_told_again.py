"""Who was taken for dead: results and certificates that reached nobody are told after all."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.assessment import queries, services
from app.attendance.rules import Entry, Presence
from app.attendance.services import record_presences
from app.certificates import services as certificate_services
from app.core import clock
from app.enrollments import services as enrollments
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.regions.rules import WITA
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus

HELD = date(2011, 5, 27)
NUMBERED = "Sertifikat Anda sudah terbit"


def untold(person):
    rows = database.session.scalars(
        select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
    )
    return [row.subject for row in rows]


@pytest.fixture
def live(scene):
    """The batch was entered before its days; its people have no address; everybody but Siti has passed."""
    scene.batch.recorded_at = datetime(2011, 5, 1, tzinfo=UTC)
    for each in (scene.siti, *scene.others):
        each.trainee.email = None
    database.session.commit()
    return scene


def decide(scene):
    services.approve_graduation(
        services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer), by=scene.signer
    )


def issue(scene):
    certificate_services.issue_for_batch(scene.batch, issued_on=HELD, by=scene.signer)


def die(scene, person):
    trainees.change_standing(
        person, TraineeStatus.DECEASED, clock.today(WITA), "Kabar dari desa", scene.proposer
    )


def take_back(scene, person):
    trainees.take_back_standing(person, "Keliru orang", scene.proposer)


@pytest.mark.parametrize("died_before", ["issue", "nothing"])
def test_result_and_certificate_are_told_when_the_death_was_a_mistake(live, died_before):
    person, other = (each.trainee for each in live.others)
    decide(live)
    if died_before == "issue":
        die(live, person)
    issue(live)
    if died_before == "nothing":
        die(live, person)
    assert untold(person) == []
    before = untold(other)

    take_back(live, person)

    [certificate] = untold(person)  # that she has passed stands on it
    assert certificate.startswith(NUMBERED)
    assert untold(other) == before


def test_what_was_told_before_is_not_told_again(live):
    person = live.others[0].trainee
    decide(live)
    issue(live)
    for notice in database.session.scalars(select(Notice)):
        notice.told_at = clock.now()
    database.session.commit()
    die(live, person)
    take_back(live, person)
    assert untold(person) == []


def test_a_seat_elsewhere_given_meanwhile_overtakes_a_proposal(live, browser, make):
    key = live.others[0].id
    record_presences(live.practice, {key: Entry(Presence.SICK)}, by=live.proposer)
    outcome, note = {key: services.ResultOutcome.DEFERRED}, {key: "Menyusul PKL"}
    first = services.propose_graduation(
        live.batch, held_on=HELD, outcomes=outcome, notes=note, by=live.proposer
    )
    services.approve_graduation(first, by=live.signer)
    record_presences(live.practice, {key: Entry(Presence.PRESENT)}, by=live.proposer)
    second = services.propose_graduation(live.batch, held_on=HELD, by=live.proposer)
    seat = make.enrollment(
        make.batch(live.batch.course), live.others[0].trainee, status=EnrollmentStatus.SUBMITTED
    )

    enrollments.accept_enrollment(seat, by=live.proposer)

    assert queries.is_overtaken(second)
    browser.sign_in(live.signer)
    page = browser.get("assessment.approve_graduation", graduation_id=second.id)
    assert "Ya, setujui hasil rapat" not in page.text
    again = services.propose_graduation(
        live.batch,
        held_on=HELD,
        outcomes={key: services.ResultOutcome.DEFERRED},
        notes={key: "Ikut angkatan lain"},
        by=live.proposer,
    )
    assert not queries.is_overtaken(again)
