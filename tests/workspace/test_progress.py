"""Progress read from the database: revoked certificates, who was put off, what was never issued."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.assessment.queries import settled_elsewhere, sheet_to_decide
from app.assessment.rules import GraduationStatus, ResultOutcome
from app.auth.rules import Role
from app.core import clock
from app.core.dates import long_date
from app.courses.rules import Admission, BatchStatus
from app.enrollments.eligibility import own_facts
from app.enrollments.queries import enrollments_of
from app.enrollments.rules import EnrollmentStatus as S
from app.enrollments.wording import story_of
from app.extensions import db as database
from app.notifications.models import Notice
from app.notifications.rules import PersonKind
from app.regions.rules import WITA
from app.workspace import queries
from app.workspace.rail import StepState, rail
from app.workspace.rules import duties


@pytest.fixture
def over(make):
    """A batch whose days are over, with three participants who were there."""
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    database.session.commit()
    session = make.session(batch, lesson_hours=4)
    people = [make.attendee(batch) for _number in range(3)]
    for person in people:
        make.attendance(session, person)
    return batch, people


def sentences(batch):
    return [str(duty.sentence) for duty in duties(queries.progress_of(batch))]


def test_after_revocations_nothing_is_said_to_be_unissued_for_ever(make, over):
    batch, people = over
    make.graduation(batch, *people)
    assert "3 sertifikat belum terbit." in sentences(batch)
    certificates = [make.certificate(person) for person in people]
    for certificate in certificates[:2]:
        certificate.revoked_at, certificate.revoked_on, certificate.revoked_by_id = (
            clock.now(),
            clock.today(WITA),
            1,
        )
        certificate.revoked_reason = "Salah orang"
    database.session.commit()
    progress = queries.progress_of(batch)
    assert (progress.earned, progress.uncertified, progress.certificates) == (3, 0, 1)
    assert not [each for each in sentences(batch) if "sertifikat belum terbit" in each]


@pytest.mark.parametrize("outcome", [ResultOutcome.FAILED, ResultOutcome.DEFERRED])
def test_who_earns_none_is_not_counted(make, over, outcome):
    batch, people = over
    make.graduation(batch, *people, outcome=outcome)
    assert queries.progress_of(batch).uncertified == 0


def test_who_was_put_off_waits_for_a_supplementary_meeting(make, over):
    batch, people = over
    make.graduation(batch, *people[1:])
    make.graduation(batch, people[0], outcome=ResultOutcome.DEFERRED, is_supplementary=True)
    assert "Rapat susulan untuk 1 orang yang kelulusannya ditunda." in sentences(batch)


def test_a_later_meeting_and_its_certificates_are_due_since_its_own_day(make, over, browser):
    batch, people = over
    first, later = batch.ends_on, batch.ends_on + timedelta(days=4)
    make.graduation(batch, *people[1:], held_on=first)
    make.graduation(batch, people[0], outcome=ResultOutcome.DEFERRED, is_supplementary=True, held_on=first)
    for person in people[1:]:
        make.certificate(person)
    waiting = make.graduation(batch, people[0], approved=False, is_supplementary=True, held_on=later)
    assert progress_with(queries.progress_of(batch), is_overtaken=False)["Baca dan setujui"] == later
    waiting.status, waiting.approved_at, waiting.approved_by_id = GraduationStatus.APPROVED, clock.now(), 1
    waiting.approved_label = "Kabid"
    database.session.commit()
    assert progress_with(queries.progress_of(batch))["Terbitkan sertifikat"] == later
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("certificates.issue_certificates", batch_id=batch.id)
    assert f"Rapat susulan: {long_date(later)}, 1 orang belum bersertifikat." in page.text
    assert "Rapat kelulusan:" not in page.text


def progress_with(progress, **values):
    return {str(each.button): each.due for each in duties(replace(progress, **values))}


def test_who_was_put_off_and_holds_the_tier_elsewhere_is_waited_for_no_more(make, over):
    batch, people = over
    make.graduation(batch, *people[1:])
    make.graduation(batch, people[0], outcome=ResultOutcome.DEFERRED, is_supplementary=True)
    held = next(each for each in enrollments_of([people[0].trainee_id]))
    assert [row.attendee.id for row in sheet_to_decide(batch)] == [people[0].id]
    earned = make.qualification(people[0].trainee, "dasar")
    assert not [each for each in sentences(batch) if "Rapat susulan" in each]
    assert sheet_to_decide(batch) == []
    assert [(person.id, number) for person, number in settled_elsewhere(batch)] == [
        (people[0].id, earned.number)
    ]
    story = story_of(own_facts(held))
    assert (earned.number in str(story.sentence), story.is_settled) == (True, True)
    earned.held_to = clock.today(WITA) - timedelta(days=1)  # that certificate was revoked
    database.session.commit()
    assert [row.attendee.id for row in sheet_to_decide(batch)] == [people[0].id]
    assert not story_of(own_facts(held)).is_settled


def test_a_batch_that_is_over_without_presence_is_a_duty(make):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.OPEN
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    database.session.commit()
    make.attendee(batch)
    waiting = make.enrollment(batch)
    unscheduled = [(str(each.sentence), str(each.blocked)) for each in duties(queries.progress_of(batch))]
    assert any(
        "kehadiran belum diisi" in said and why == "Susun dahulu jadwalnya." for said, why in unscheduled
    )
    make.session(batch, lesson_hours=4)
    fill = (
        "Angkatan ini sudah berakhir, kehadiran belum diisi. Isi daftar hadirnya, atau batalkan bila tidak"
        " jadi dilaksanakan."
    )
    cancel = "Belum ada kehadiran sama sekali. Bila angkatan ini tidak jadi dilaksanakan, batalkan."
    assert sentences(batch) == [fill, cancel]
    assert waiting.status is S.SUBMITTED


def test_the_page_lists_every_duty_with_its_day_and_leaves_others_to_others(make, browser):
    batch = make.batch(status=BatchStatus.DRAFT, contact_phone="")
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("workspace.show_batch", batch_id=batch.id)
    assert "Jadwal baru memuat 0 dari 4 JP." in page.text
    assert "Lengkapi dahulu: narahubung dan nomornya." in page.text
    assert "Seharusnya" not in page.text  # it was entered only today
    assert "Seharusnya" not in browser.get("dashboard.home").text
    batch.recorded_at = clock.now() - timedelta(days=60)
    database.session.commit()
    assert "Seharusnya" in browser.get("workspace.show_batch", batch_id=batch.id).text
    assert "Seharusnya" in browser.get("dashboard.home").text
    browser.sign_out()
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("workspace.show_batch", batch_id=batch.id)
    assert "dilakukan oleh petugas lain" in page.text
    assert page.soup.select(".next-thing a") == []


def test_what_the_reader_can_do_stands_before_what_others_do(make, over, browser):
    batch, people = over
    make.graduation(batch, *people, approved=False)
    told = {
        "person_kind": PersonKind.TRAINEE,
        "person_id": make.trainee().id,
        "name": "Siti",
        "subject": "Jadwal berubah",
        "text": "Pindah.",
    }
    database.session.add(Notice(batch_id=batch.id, **told))
    database.session.commit()
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("workspace.show_batch", batch_id=batch.id)
    assert "1 orang belum dikabari." in page.soup.select_one(".next-thing").get_text()
    assert "menunggu persetujuan" in page.soup.select_one("ul.plain-list").get_text()


@pytest.mark.parametrize("status", [BatchStatus.OPEN, BatchStatus.CLOSED])
def test_a_free_seat_is_to_be_offered_to_whoever_waits_first_and_could_take_it(make, browser, status):
    batch = make.batch(quota=2, status=status)
    make.enrollment(batch, status=S.CONFIRMED)
    moved = make.enrollment(
        batch,
        make.trainee("33.74.01.1001"),
        status=S.WAITLISTED,
        waiting_since=clock.now() - timedelta(days=2),
    )
    first = make.enrollment(
        batch,
        make.trainee(name="Rukmini"),
        status=S.WAITLISTED,
        waiting_since=clock.now() - timedelta(days=1),
    )
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))

    page = browser.get("dashboard.home")

    link = next(
        each for each in page.soup.select("main a") if each["href"] == f"/enrollments/{first.id}/offer"
    )
    assert "Tawarkan tempat kepada Rukmini (cadangan ke-2)" in link.parent.get_text()
    assert f"/enrollments/{moved.id}/offer" not in str(page.soup)
    step = next(
        step for step in rail(queries.progress_of(batch)) if step.endpoint == "enrollments.list_enrollments"
    )
    assert step.state is not StepState.DONE

    for values in ({"quota": 1}, {"admission": Admission.AUTOMATIC}, {"starts_on": clock.today(WITA)}):
        before = {name: getattr(batch, name) for name in values}
        for name, value in values.items():
            setattr(batch, name, value)
        database.session.commit()
        assert queries.progress_of(batch).next_waiting is None
        for name, value in before.items():
            setattr(batch, name, value)
        database.session.commit()


def test_the_rail_counts_the_same_people_when_the_result_has_ended_seats(make, over):
    batch, people = over
    make.graduation(batch, *people, outcome=ResultOutcome.FAILED)
    assert queries.progress_of(batch).seated == len(people)
