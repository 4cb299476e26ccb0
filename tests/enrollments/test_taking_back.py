"""Whoever enrolled another person without deciding about the batch takes it back while it is undecided, on
the page and for programs.
"""

from datetime import timedelta

import pytest

from app.auth import services as auth
from app.auth.rules import Role
from app.core.errors import Conflict, RuleViolation
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus as S
from app.notifications.queries import list_untold
from tests.api.conftest import Program

REASON = "Salah orang: namanya sama"


@pytest.fixture
def tksk(make):
    return make.user(Role.TKSK, "63.05.06")


@pytest.fixture
def made(make, tksk):
    """An enrollment that a TKSK made in a batch of the dinas."""
    return services.enroll(make.batch(), make.trainee(name="Normala"), by=tksk)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RETURNED, S.VERIFIED])
def test_what_is_undecided_is_taken_back_from_the_first_page_and_the_person_is_told(
    db, browser, tksk, made, status
):
    made.status = status
    db.session.commit()
    browser.sign_in(tksk)
    link = browser.get("dashboard.home").soup.find("a", href=f"/enrollments/{made.id}/withdraw")
    assert link.get_text(" ", strip=True) == "Tarik kembali Normala"
    page = browser.get("enrollments.withdraw_enrollment", enrollment_id=made.id)
    assert page.soup.find("a", href=f"/enrollments/{made.id}") is None  # the page of the office is not hers
    browser.post("enrollments.withdraw_enrollment", enrollment_id=made.id, data={"reason": ""}, expect=422)
    assert (
        browser.post(
            "enrollments.withdraw_enrollment", enrollment_id=made.id, data={"reason": REASON}
        ).location
        == "/"
    )
    db.session.refresh(made)
    assert (made.status, made.note) == (S.WITHDRAWN, REASON)
    assert any(REASON in notice.text for notice in list_untold(made.batch_id, [f"enrollment:{made.id}"]))
    assert browser.get("dashboard.home").soup.find("a", href=f"/enrollments/{made.id}/withdraw") is None


@pytest.mark.parametrize("status", [S.ACCEPTED, S.WAITLISTED, S.CONFIRMED, S.REJECTED])
def test_what_is_decided_says_whom_to_ask(db, browser, tksk, made, status):
    made.status, made.batch.contact_name, made.batch.contact_phone = status, "Ibu Ratna", "+6281200000009"
    db.session.commit()
    browser.sign_in(tksk)
    assert browser.get("dashboard.home").soup.find("a", href=f"/enrollments/{made.id}/withdraw") is None
    assert "Ibu Ratna" in browser.get("enrollments.withdraw_enrollment", enrollment_id=made.id).text
    assert (
        "Ibu Ratna"
        in browser.post(
            "enrollments.withdraw_enrollment", enrollment_id=made.id, data={"reason": REASON}, expect=422
        ).text
    )
    with pytest.raises(RuleViolation, match="sudah diputuskan"):
        services.withdraw(made, reason=REASON, by=tksk)
    db.session.refresh(made)
    assert made.status is status


def test_programs_see_and_take_back_what_their_account_made_and_nothing_else(app, make, tksk, made):
    other = make.enrollment(made.batch)
    hers, colleague = (
        Program(app, auth.make_access_token(user, "test", days=1, by=user))
        for user in (tksk, make.user(Role.TKSK, "63.05.06"))
    )
    assert hers.send("GET", f"/enrollments/{made.id}", expect=200)["status"] == "submitted"
    for who, row in ((hers, other), (colleague, made)):
        who.send("GET", f"/enrollments/{row.id}", expect=404)
        who.send("POST", f"/enrollments/{row.id}/withdraw", expect=404, json={"reason": REASON})
    assert (
        hers.send("POST", f"/enrollments/{made.id}/withdraw", expect=200, json={"reason": REASON})["status"]
        == "withdrawn"
    )


def test_the_page_is_unknown_to_a_colleague_and_to_whoever_is_tksk_no_longer(make, db, browser, tksk, made):
    browser.sign_in(make.user(Role.TKSK, "63.05.06"))
    browser.get("enrollments.withdraw_enrollment", enrollment_id=made.id, expect=404)
    assert not services.has_made(made, make.user(None))
    made.recorded_by_id = make.user(None).id
    db.session.commit()
    browser.post(
        "enrollments.withdraw_enrollment", enrollment_id=made.id, data={"reason": REASON}, expect=404
    )


def test_the_office_reads_what_was_rejected_or_withdrawn_before_as_far_as_it_may_see_it(make, browser):
    dinas, batch, person = make.user(Role.KABUPATEN_DINAS), make.batch(), make.trainee()
    services.reject_enrollment(services.enroll(batch, person, by=dinas), reason="Berkas tidak sah", by=dinas)
    elsewhere = make.enrollment(make.batch(make.course(make.organiser("33.74"))), person, status=S.WITHDRAWN)
    again = services.enroll(batch, person, by=dinas)
    browser.sign_in(dinas)
    page = browser.get("enrollments.show_enrollment", enrollment_id=again.id)
    assert f"Ditolak pada angkatan {batch.code}" in page.text
    assert "Berkas tidak sah" in page.text
    assert elsewhere.batch.code not in page.text


def test_a_seat_elsewhere_is_refused_with_the_way_on(make):
    dinas, person = make.user(Role.KABUPATEN_DINAS), make.trainee()
    make.enrollment(make.batch(), person, status=S.ACCEPTED)
    with pytest.raises(Conflict, match="Untuk pindah, batalkan dahulu"):
        services.enroll(make.batch(), person, by=dinas)


@pytest.mark.parametrize("status", [S.WAITLISTED, S.LAPSED])
def test_a_batch_whose_days_are_over_offers_no_seat_and_counts_no_queue(make, browser, at, status):
    batch = make.batch()
    held = make.enrollment(batch, status=status)
    day = batch.ends_on + timedelta(days=1)
    at(day.year, day.month, day.day)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert "Tawarkan tempat" not in page.text
    assert "Urutan cadangan" not in page.text
    assert "ke-1" not in browser.get("enrollments.list_enrollments", batch_id=batch.id).text
