"""The rungs on a volunteer's first page: what is held, what is missing, and which course helps."""

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.courses.rules import BatchStatus
from app.dashboard.rules import NextCourse, RungFacts, RungState, ladder
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus
from app.trainees.rules import Held, TraineeStatus
from tests.factories import KALSEL, LONG_AGO

TODAY = date(2026, 11, 22)
S = RungState


def course(number, starts_on=date(2026, 12, 13)):
    return NextCourse(number, f"Diklat {number}", starts_on, "Rantau")


def rungs(held=(), *, courses=(None, None, None), enrolled=(None, None, None), hindrance=None):
    labels = ("Dasar", "Madya", "Pratama")
    facts = [
        RungFacts(
            rank,
            label,
            below=rank - 1 or None,
            course=courses[rank - 1],
            enrolled=enrolled[rank - 1],
            enrolled_in="Diklat",
            number="7",
        )
        for rank, label in enumerate(labels, start=1)
    ]
    return ladder(facts, held, today=TODAY, hindrance=hindrance)


def states(found):
    return [each.state for each in found]


def test_who_holds_nothing_is_led_to_the_first_course_from_two_rungs():
    found = rungs(courses=(course(1), course(2), course(3)))
    assert states(found) == [S.OPEN, S.MISSING, S.MISSING]
    assert [each.batch_id for each in found] == [1, 1, None]
    assert str(found[0].sentence) == "Diklat 1, mulai 13 Desember 2026, di Rantau."
    assert str(found[1].sentence) == "Belum ada sertifikat dasar yang tercatat atas nama Anda."
    assert str(found[1].notes[0]).startswith("Yang membantu: Diklat 1")
    assert [str(note) for note in found[2].notes] == ["Urutannya: dasar, lalu madya, lalu pratama."]


def test_who_holds_dasar_may_join_madya_and_is_told_what_pratama_needs():
    found = rungs([Held(1, LONG_AGO)], courses=(course(1), course(2), course(3)))
    assert states(found) == [S.HELD, S.OPEN, S.MISSING]
    assert [each.batch_id for each in found] == [None, 2, 2]


@pytest.mark.parametrize(
    ("held", "state"),
    [
        (Held(1, LONG_AGO, TODAY), S.MISSING),  # ends before the course begins
        (Held(1, LONG_AGO, date(2026, 12, 13)), S.OPEN),
        (Held(1, LONG_AGO, TODAY - timedelta(days=1)), S.MISSING),
        (Held(1, TODAY + timedelta(days=1)), S.OPEN),  # will hold on the first day
    ],
)
def test_the_certificate_must_hold_on_the_first_day(held, state):
    assert rungs([held], courses=(None, course(2), None))[1].state is state


def test_without_a_course_the_reason_is_the_course_not_the_person():
    found = rungs([Held(1, LONG_AGO)])
    assert states(found) == [S.HELD, S.READY, S.MISSING]
    assert "Anda memenuhi syarat" in str(found[1].sentence)
    assert "Belum ada diklat madya yang dibuka" in str(found[2].notes[0])


def test_an_application_stands_before_everything_else_and_opens_the_next():
    found = rungs(courses=(course(1), None, None), enrolled=("Diajukan", None, None))
    assert states(found) == [S.RUNNING, S.MISSING, S.MISSING]
    assert "diajukan" in str(found[0].sentence)
    assert str(found[1].notes[0]) == "Dapat diikuti setelah Anda lulus diklat dasar."


def test_a_higher_certificate_covers_the_rung_below():
    found = rungs([Held(2, LONG_AGO)])
    assert states(found)[:2] == [S.HELD, S.HELD]


def test_who_does_not_serve_reads_why_instead_of_a_course():
    found = rungs(
        [Held(1, LONG_AGO)], courses=(course(1), course(2), course(3)), hindrance="Status Anda nonaktif."
    )
    assert states(found) == [S.HELD, S.MISSING, S.MISSING]
    assert {str(each.sentence) for each in found[1:]} == {"Status Anda nonaktif."}


@pytest.fixture
def volunteer(make, browser):
    user = make.user()
    browser.sign_in(user)
    return make.trainee(user=user)


def shown(page):
    return {item.h3.get_text(strip=True): item for item in page.soup.select(".rungs > li")}


def test_her_first_page_leads_to_the_course_that_helps(make, browser, volunteer):
    make.tier("pratama")
    make.batch(status=BatchStatus.CLOSED)
    make.batch(registration_closes_on=clock.today("Asia/Makassar") - timedelta(days=1))
    make.batch(make.course(make.organiser("33.74")))
    near = make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=20))
    make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=40))
    make.batch(make.course(make.organiser(KALSEL), "madya"))
    page = browser.get("dashboard.home")
    found = shown(page)
    assert list(found) == ["Dasar", "Madya", "Pratama"]
    for rung in ("Dasar", "Madya"):
        assert found[rung].a["href"] == f"/batches/{near.id}"
    assert found["Pratama"].a is None
    assert "Daftarkan diri" in browser.get(found["Madya"].a["href"]).text


def test_what_the_rung_says_is_what_the_service_does(make, browser, volunteer, db):
    make.tier("pratama")
    madya = make.batch(make.course(make.organiser(KALSEL), "madya"))
    with pytest.raises(DomainError, match="belum ada sertifikat dasar"):
        services.enroll(madya, volunteer, by=volunteer.user)
    db.session.rollback()
    assert "is-missing" in shown(browser.get("dashboard.home"))["Madya"]["class"]

    make.qualification(volunteer, "dasar")
    rung = shown(browser.get("dashboard.home"))["Madya"]
    assert "is-open" in rung["class"]
    assert rung.a["href"] == f"/batches/{madya.id}"
    assert services.enroll(madya, volunteer, by=volunteer.user).status is EnrollmentStatus.SUBMITTED
    assert "is-running" in shown(browser.get("dashboard.home"))["Madya"]["class"]


def test_who_resigned_reads_the_reason(make, browser, volunteer, db):
    make.batch()
    volunteer.status = TraineeStatus.RESIGNED
    db.session.commit()
    assert "Tercatat: Mengundurkan diri" in shown(browser.get("dashboard.home"))["Dasar"].get_text()
