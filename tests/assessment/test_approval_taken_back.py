"""An approval that was a mistake is taken back while no certificate exists: what it closed is open, what it
froze stays.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import queries, services
from app.assessment.document import minutes_of
from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.auth import services as auth
from app.auth.rules import Role
from app.certificates import services as certificate_services
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.courses.acts import BatchState
from app.courses.queries import state_of
from app.enrollments import services as enrollments
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.notifications.models import Notice
from app.notifications.queries import list_notices
from app.notifications.services import mark_told
from app.workspace.queries import progress_of, results_of_people
from app.workspace.rules import duties
from tests.api.conftest import Program

HELD, AGAIN, ISSUED = date(2011, 5, 27), date(2011, 6, 20), date(2011, 7, 4)
R = ResultOutcome
WHY = "Nilai Siti tertukar dengan peserta lain"


@pytest.fixture
def scene(build, db):
    """The batch was entered before its days, and its people have no address."""
    made = build()
    made.batch.recorded_at = datetime(2011, 5, 1, tzinfo=UTC)
    for each in (made.siti, *made.others):
        each.trainee.email = None
    db.session.commit()
    return made


@pytest.fixture
def program(app):
    return lambda user: Program(app, auth.make_access_token(user, "test", days=1, by=user))


@pytest.fixture
def approved(scene):
    """Siti failed, Peserta 01 was put off, Peserta 02 passed."""
    key = scene.others[0].id
    notes = {key: "Laporan PKL belum ada"}
    meeting = services.propose_graduation(
        scene.batch, held_on=HELD, outcomes={key: R.DEFERRED}, notes=notes, by=scene.proposer
    )
    services.approve_graduation(meeting, by=scene.signer)
    return meeting


def held_again(scene, **values):
    meeting = services.propose_graduation(scene.batch, held_on=AGAIN, by=scene.proposer, **values)
    services.approve_graduation(meeting, by=scene.signer)
    return meeting


def ends(scene, db):
    rows = db.session.scalars(select(Enrollment).where(Enrollment.batch_id == scene.batch.id))
    return {row.name: row.ended_as for row in rows}


def test_what_it_closed_is_open_again_and_a_new_meeting_decides(scene, approved, db):
    services.take_back_approval(approved, WHY, by=scene.signer)
    assert state_of(scene.batch) is BatchState.OVER
    assert scene.batch.approved_label is None
    assert ends(scene, db) == {"Siti Aminah": None, "Peserta 01": None, "Peserta 02": None}
    assert not results_of_people([scene.siti.trainee_id])
    services.record_marks(scene.batch, MarkKind.FINAL, {scene.others[1].id: Decimal(90)}, by=scene.proposer)
    again = services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    services.approve_graduation(again, by=scene.signer)
    assert (again.is_supplementary, state_of(scene.batch)) == (False, BatchState.APPROVED)
    assert ends(scene, db) == {
        "Siti Aminah": SeatEnd.FAILED,
        "Peserta 01": SeatEnd.DEFERRED,
        "Peserta 02": None,
    }
    assert [each.id for each in queries.approved_graduations(scene.batch)] == [again.id]


def test_what_was_approved_stays_to_be_read_and_says_what_became_of_it(scene, approved, browser, make, db):
    frozen = dict(approved.record)
    lines = minutes_of(approved).lines
    services.take_back_approval(approved, WHY, by=scene.signer)
    db.session.expire_all()
    assert {key: approved.record[key] for key in frozen} == frozen
    kept = minutes_of(approved)
    assert (kept.status, kept.lines) == (GraduationStatus.TAKEN_BACK, lines)
    assert (kept.approved_by, kept.taken_back_by, kept.return_reason) == (
        scene.signer.name,
        scene.signer.name,
        WHY,
    )
    browser.sign_in(make.user(Role.SIGNER))
    for page in ("show_graduation", "show_meeting"):
        text = browser.get(f"assessment.{page}", graduation_id=approved.id, batch_id=scene.batch.id).text
        said = f"Disetujui oleh {scene.signer.name} pada "
        assert said in text
        assert f", ditarik kembali oleh {scene.signer.name} pada " in text
        assert f"karena: {WHY}." in text


def test_who_was_told_is_told_and_nobody_else(scene, approved, db, outbox):
    siti, others = scene.siti, scene.others
    [told] = [each for each in list_notices(scene.batch.id) if each.person_id == siti.trainee_id]
    mark_told([told], by=scene.proposer)
    before = len(outbox())
    services.take_back_approval(approved, WHY, by=scene.signer)
    waiting = [each for each in list_notices(scene.batch.id) if each.told_at is None]
    assert [(each.person_id, each.subject) for each in waiting] == [
        (siti.trainee_id, "Hasil diklat ditarik kembali: Diklat Dasar PSM")
    ]
    assert "(Tidak lulus) ditarik kembali dan dibahas lagi" in waiting[0].text
    assert WHY not in waiting[0].text  # it may be about somebody else
    untold = select(Notice.overtaken_at).where(Notice.person_id.in_([each.trainee_id for each in others]))
    assert all(db.session.scalars(untold))
    [mail] = outbox()[before:]
    assert (mail.recipient, WHY in mail.body) == (scene.proposer.email, True)


def test_the_committee_reads_it_as_its_next_duty(scene, approved):
    services.take_back_approval(approved, WHY, by=scene.signer)
    said = [str(duty.sentence) for duty in duties(progress_of(scene.batch))]
    assert "Persetujuan kelulusan ditarik. Perbaiki, lalu usulkan lagi." in said


def test_a_certificate_closes_it_also_one_that_was_revoked(scene, approved, browser):
    [paper] = certificate_services.issue_for_batch(scene.batch, issued_on=ISSUED, by=scene.signer).issued
    certificate_services.revoke_certificate(
        paper, reason="Dokumen ternyata palsu", revoked_on=ISSUED, by=scene.signer
    )
    said = (
        f"Sertifikat sudah terbit dari rapat ini ({paper.number}). Ganti atau cabut sertifikat yang keliru."
    )
    with pytest.raises(Conflict) as refused:
        services.take_back_approval(approved, WHY, by=scene.signer)
    assert str(refused.value.reason) == said
    browser.sign_in(scene.signer)
    assert said in browser.get("assessment.take_back_approval", graduation_id=approved.id).text
    browser.post("assessment.take_back_approval", graduation_id=approved.id, data={"reason": WHY}, expect=409)
    assert approved.status is GraduationStatus.APPROVED


def test_a_supplementary_meeting_is_taken_back_alone_and_before_the_first(scene, approved, db):
    certificate_services.issue_for_batch(scene.batch, issued_on=HELD, by=scene.signer)
    first, further = approved, held_again(scene)
    assert ends(scene, db)["Peserta 01"] is None
    with pytest.raises(Conflict, match="Sertifikat sudah terbit"):
        services.take_back_approval(first, WHY, by=scene.signer)
    services.take_back_approval(further, WHY, by=scene.signer)
    assert ends(scene, db) == {
        "Siti Aminah": SeatEnd.FAILED,
        "Peserta 01": SeatEnd.DEFERRED,
        "Peserta 02": None,
    }
    assert state_of(scene.batch) is BatchState.CERTIFIED
    assert [row.attendee.name for row in queries.sheet_to_decide(scene.batch)] == ["Peserta 01"]
    held_again(scene)
    assert ends(scene, db)["Peserta 01"] is None


def test_a_further_meeting_is_named_so_on_its_page_on_paper_and_in_its_mails(
    scene, approved, browser, outbox
):
    before = len(outbox())
    further = held_again(scene)
    browser.sign_in(scene.signer)

    page = browser.get("assessment.show_meeting", graduation_id=further.id)
    paper = " ".join(part.get_text(" ", strip=True) for part in page.soup.select(".print-only"))

    assert "Berita Acara Rapat Susulan" in paper
    assert (
        "Senin, tanggal dua puluh bulan Juni tahun dua ribu sebelas (20 Juni 2011), telah diadakan rapat"
        " susulan" in paper
    )
    assert "rapat kelulusan" not in page.soup.main.get_text(" ").casefold()
    assert "Rapat susulan: 20 Juni 2011" in outbox()[before].body
    assert "Rapat kelulusan" not in outbox()[before].body


def test_a_further_meeting_goes_first(scene, approved):
    further = services.propose_graduation(scene.batch, held_on=AGAIN, by=scene.proposer)
    with pytest.raises(Conflict, match="Kembalikan dahulu usulannya"):
        services.take_back_approval(approved, WHY, by=scene.signer)
    services.approve_graduation(further, by=scene.signer)
    with pytest.raises(Conflict, match="Tarik dahulu persetujuannya"):
        services.take_back_approval(approved, WHY, by=scene.signer)
    services.take_back_approval(further, WHY, by=scene.signer)
    services.take_back_approval(approved, WHY, by=scene.signer)
    assert state_of(scene.batch) is BatchState.OVER


def test_only_who_may_approve_it_takes_it_back_and_says_why(scene, approved, browser):
    for stranger in (scene.proposer, SYSTEM):
        with pytest.raises(Conflict, match="bukan oleh pengusulnya"):
            services.take_back_approval(approved, WHY, by=stranger)
    with pytest.raises(RuleViolation) as refused:
        services.take_back_approval(approved, "...", by=scene.signer)
    assert refused.value.field == "reason"
    services.take_back_approval(approved, WHY, by=scene.signer)
    with pytest.raises(RuleViolation, match="Tidak ada persetujuan kelulusan yang dapat ditarik"):
        services.take_back_approval(approved, WHY, by=scene.signer)


def test_a_seat_elsewhere_is_kept_and_speaks_at_the_next_meeting(scene, approved, make, db):
    other = make.batch(scene.batch.course, starts_on=date(2011, 8, 1), ends_on=date(2011, 8, 4))
    seat = make.enrollment(other, scene.siti.trainee, status=EnrollmentStatus.ACCEPTED)
    services.take_back_approval(approved, WHY, by=scene.signer)
    assert ends(scene, db) == {"Siti Aminah": SeatEnd.DEFERRED, "Peserta 01": None, "Peserta 02": None}
    assert list(queries.seated_elsewhere(scene.batch, queries.sheet_to_decide(scene.batch))) == [
        scene.siti.id
    ]
    enrollments.withdraw(seat, reason="Mengikuti angkatan pertama", by=scene.proposer)
    services.approve_graduation(
        services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer), by=scene.signer
    )
    assert ends(scene, db) == {
        "Siti Aminah": SeatEnd.FAILED,
        "Peserta 01": SeatEnd.DEFERRED,
        "Peserta 02": None,
    }


def test_page_and_program_do_the_same(scene, approved, browser, program):
    browser.sign_in(scene.signer)
    assert "Tarik persetujuan ini" in browser.get("assessment.show_meeting", graduation_id=approved.id).text
    browser.post("assessment.take_back_approval", graduation_id=approved.id, data={"reason": "x"}, expect=422)
    browser.post("assessment.take_back_approval", graduation_id=approved.id, data={"reason": WHY})
    again = services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)
    services.approve_graduation(again, by=scene.signer)
    office, address = program(scene.signer), f"/batches/{scene.batch.id}/graduation/take-back"
    office.send("POST", address, json={"reason": WHY, "graduation": approved.id}, expect=409)
    body = office.send("POST", address, json={"reason": WHY, "graduation": again.id}, expect=200)
    assert (body["status"], body["return_reason"], body["taken_back_by"]) == (
        "taken_back",
        WHY,
        scene.signer.name,
    )
    assert [
        each["status"]
        for each in office.send("GET", address.removesuffix("/take-back"), expect=200)["meetings"]
    ] == ["taken_back"] * 2
