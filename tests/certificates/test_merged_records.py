"""One person, one certificate in one batch; a record that was put off is decided before two records become
one person.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.assessment.messages import notify_of_results
from app.assessment.queries import approved_graduation
from app.assessment.rules import ResultOutcome
from app.auth.rules import Permission, Role
from app.certificates import queries, services
from app.certificates.eligibility import list_due
from app.certificates.planning import effects_of_undoing_merge
from app.certificates.rules import HAS_ANOTHER
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.core.scopes import EVERYWHERE
from app.core.unit_of_work import atomic
from app.courses.rules import BatchStatus
from app.enrollments.queries import list_attendees
from app.extensions import db as database
from app.notifications.models import Notice
from app.notifications.queries import UNTOLD
from app.regions.rules import WITA
from app.trainees import services as trainees
from app.workspace.queries import list_current_batches, progress_of
from app.workspace.rules import duties
from tests.certificates.conftest import CLOSING


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def test_who_is_put_off_is_decided_before_the_record_becomes_part_of_one_that_has_passed(issued, make, dinas):
    [certificate] = issued("Aminah")
    late = make.attendee(certificate.batch, make.trainee(name="Bahriah"))
    make.graduation(certificate.batch, late, outcome=ResultOutcome.DEFERRED, is_supplementary=True)
    for pair in ((late.trainee, certificate.trainee), (certificate.trainee, late.trainee)):
        with pytest.raises(RuleViolation, match="hasil yang satu masih ditunda"):
            trainees.merge_trainees(*pair, "Satu orang", dinas, despite_differences=True)
    make.graduation(certificate.batch, late, outcome=ResultOutcome.FAILED, is_supplementary=True)
    trainees.merge_trainees(late.trainee, certificate.trainee, "Satu orang", dinas, despite_differences=True)


@pytest.mark.parametrize("outcome", [ResultOutcome.ATTENDED, ResultOutcome.PASSED])
def test_two_certificates_of_one_batch_are_two_people_until_one_is_revoked(
    issued, make, dinas, browser, outcome
):
    [one] = issued("Aminah", outcome=ResultOutcome.ATTENDED)
    other = make.attendee(one.batch, make.trainee(name="AMINAH, S.Pd."))
    make.graduation(one.batch, other, outcome=outcome, is_supplementary=True)
    pairs = (other.trainee, one.trainee), (one.trainee, other.trainee)
    for issue in (lambda: None, lambda: services.issue_for_batch(one.batch, issued_on=CLOSING, by=SYSTEM)):
        issue()
        for pair in pairs:
            with pytest.raises(RuleViolation, match="mencabut dahulu sertifikat yang keliru"):
                trainees.merge_trainees(*pair, "Satu orang", dinas, despite_differences=True)
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", canonical=one.trainee_id, duplicate=other.trainee_id)
    assert f"{one.number}: Telah mengikuti, berlaku" in page.text
    assert "mencabut dahulu sertifikat yang keliru" in page.text  # said before the press
    services.revoke_certificate(one, reason="Data ganda", revoked_on=clock.today(WITA), by=SYSTEM)
    trainees.merge_trainees(*pairs[0], "Satu orang", dinas, despite_differences=True)


def test_one_person_gets_no_second_certificate_in_a_batch(graduated):
    batch = graduated("Aminah", "Bahriah")
    one, other = (attendee.trainee for attendee in list_attendees(batch))
    other.canonical_id = one.id  # joined before this was refused
    database.session.commit()
    assert len(list_due(batch)) == 1
    assert len(services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued) == 1
    assert [each.reason for each in services.plan_issue(batch, CLOSING + timedelta(days=1)).without] == [
        HAS_ANOTHER
    ]
    assert services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued == []
    assert len(list_due(batch)) == 0


@pytest.fixture
def parted(make, dinas, at):
    """Bahriah took part while her record was part of Aminah's; her certificate is written, then the two are
    parted.

    Returns the merge before it is undone.
    """
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    batch.recorded_at = clock.now() - timedelta(days=60)
    duplicate = make.trainee(name="Bahriah", birth_date=date(1985, 3, 26), email=None)
    kept = make.trainee(name="Aminah Tulis", email=None)
    attendee = make.attendee(batch, duplicate)
    merge = trainees.merge_trainees(duplicate, kept, "Satu orang", dinas, despite_differences=True)
    assert attendee.name == "Aminah Tulis"
    make.graduation(batch, attendee)
    with atomic():
        notify_of_results(approved_graduation(batch))
    [certificate] = services.issue_for_batch(batch, issued_on=today, by=SYSTEM).issued
    assert certificate.facts["name"] == "Aminah Tulis"
    return merge, certificate


def untold(person):
    query = select(Notice).where(Notice.person_id == person.id, *UNTOLD).order_by(Notice.id)
    return [notice.text for notice in database.session.scalars(query)]


def test_a_certificate_in_another_name_is_named_before_the_records_are_parted_and_is_a_duty_after(
    parted, dinas, make
):
    merge, certificate = parted
    [said] = effects_of_undoing_merge(merge.id)
    assert certificate.number in str(said)
    assert "Nama tercetak Aminah Tulis, menurut datanya Bahriah" in str(said)
    assert queries.list_misnamed() == []

    trainees.undo_merge(merge, dinas)

    assert queries.list_misnamed(certificate.batch) == [certificate]
    assert certificate.batch in list_current_batches(EVERYWHERE)
    [duty] = [
        each
        for each in duties(progress_of(certificate.batch))
        if each.endpoint == "certificates.replace_certificate"
    ]
    assert (duty.values, duty.permission) == (
        {"certificate_id": certificate.id},
        Permission.CERTIFICATE_REVOKE,
    )
    new = services.replace_certificate(
        certificate, reason="Nama orang lain", issued_on=clock.today(WITA), by=SYSTEM
    )
    assert new.facts["name"] == "Bahriah"
    assert queries.list_misnamed() == []


def test_news_of_the_parted_record_goes_to_its_own_person(parted, dinas):
    merge, certificate = parted
    duplicate, kept = merge.duplicate, merge.canonical
    assert len(untold(kept)) == 1  # that she passed stands on the news of the certificate
    trainees.undo_merge(merge, dinas)
    assert untold(kept) == []
    result, paper = untold(duplicate)
    assert "dinyatakan lulus" in result
    assert "akan diganti" in paper
    assert certificate.number in paper
    assert all("Bahriah" in text and "Aminah" not in text for text in (result, paper))


def test_a_sheet_replaced_while_records_were_joined_is_told_to_its_holder(issued, make, dinas, at):
    [old] = issued("Bahriah")
    old.batch.recorded_at = clock.now() - timedelta(days=9000)
    kept = make.trainee(name="Aminah Tulis")
    merge = trainees.merge_trainees(old.trainee, kept, "Satu orang", dinas, despite_differences=True)
    new = services.replace_certificate(old, reason="Ejaan nama", issued_on=clock.today(WITA), by=SYSTEM)
    trainees.undo_merge(merge, dinas)
    assert queries.list_misnamed() == [new]
    (text,) = untold(old.trainee)
    assert old.number in text
    assert "tidak berlaku lagi" in text
    assert untold(kept) == []


def test_a_corrected_name_is_said_on_the_page_and_is_no_duty(issued, make, browser, db):
    [certificate] = issued("Hasbullah")
    certificate.trainee.name = "H. Hasbullah"
    db.session.commit()
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert "Nama tercetak Hasbullah, menurut datanya H. Hasbullah" in page.text
    assert "Memuat data orang lain" not in page.text
    assert queries.list_misnamed() == []


def test_pages_say_which_certificate_a_parting_leaves_in_another_name(parted, dinas, make, browser):
    merge, certificate = parted
    browser.sign_in(dinas)
    assert (
        f"nomor {certificate.number} tidak lagi sesuai"
        in browser.get("trainees.undo_merge", merge_id=merge.id).text
    )
    assert "Bahriah (nomor" in browser.get("workspace.show_trainee", trainee_id=merge.canonical_id).text
    browser.post("trainees.undo_merge", merge_id=merge.id)
    assert "harus diganti oleh pejabat" in browser.get("trainees.merge_trainees").text
    browser.sign_in(make.user(Role.SIGNER))
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert "Memuat data orang lain" in page.text
    assert "Ganti sertifikat ini" in page.text
    assert (
        "1 sertifikat memuat nama atau data yang keliru dan perlu diganti"
        in browser.get("dashboard.home").text
    )
    assert (
        "perlu diganti" in browser.get("certificates.list_certificates", batch_id=certificate.batch_id).text
    )


def test_the_page_that_compares_names_what_came_with_an_earlier_merge(issued, make, dinas, browser):
    [certificate] = issued("Aminah")
    kept, third = make.trainee(name="Aminah"), make.trainee(name="Aminah")
    trainees.merge_trainees(certificate.trainee, kept, "Satu orang", dinas, despite_differences=True)
    browser.sign_in(dinas)
    page = browser.get("trainees.merge_trainees", canonical=third.id, duplicate=kept.id)
    assert page.text.count(certificate.number) == 1
