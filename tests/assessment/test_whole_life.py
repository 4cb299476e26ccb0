"""What becomes of a batch whatever is pressed when: one table of (what happened before, what is tried, what
is answered, state after).

The people: Siti Aminah fails by the rules, Peserta 01 may be put off by the meeting, Peserta 02 passes.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import document, queries, services
from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.attendance.rules import Entry, Presence
from app.attendance.services import record_presences
from app.auth import services as auth
from app.auth.rules import Role
from app.certificates import queries as certificates
from app.certificates import services as certificate_services
from app.certificates.eligibility import list_due
from app.certificates.models import Certificate
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.courses.acts import BatchState
from app.courses.queries import state_of
from app.courses.rules import BatchStatus, GraduationStage
from app.courses.services import cancel_batch, change_batch, finish_batch
from app.enrollments import services as enrollments
from app.enrollments.models import Enrollment
from app.enrollments.queries import count_seats, list_attendees, list_enrollments
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.fieldwork.rules import VisitStatus
from app.notifications.models import Notice
from app.notifications.rules import PersonKind
from app.organisers.models import OrganiserName
from app.trainees.models import Qualification
from tests.api.conftest import Program

HELD, AGAIN, THIRD = date(2011, 5, 27), date(2011, 6, 20), date(2011, 7, 4)
S, R = BatchState, ResultOutcome
NOTE = "tugas akhir belum diserahkan"


class Life:
    """A scene with the verbs of its officers."""

    def __init__(self, scene, make):
        self.scene, self.make, self.batch = scene, make, scene.batch
        self.siti, self.late, self.good = scene.siti, *scene.others

    def propose(self, held_on=HELD, outcomes=None, notes=None):
        return services.propose_graduation(
            self.batch,
            held_on=held_on,
            outcomes=outcomes,
            notes=notes,
            by=self.scene.proposer,
            minutes="Rapat di aula.",
        )

    def put_off(self):
        self.propose(outcomes={self.late.id: R.DEFERRED}, notes={self.late.id: NOTE})
        self.approve()

    def approve(self):
        services.approve_graduation(queries.standing_graduation(self.batch), by=self.scene.signer)

    def approve_the_returned(self):
        services.approve_graduation(queries.latest_graduation(self.batch), by=self.scene.signer)

    def approve_own(self):
        services.approve_graduation(queries.standing_graduation(self.batch), by=self.scene.proposer)

    def give_back(self):
        services.return_graduation(
            queries.standing_graduation(self.batch), "Tanggal rapat keliru.", by=self.scene.signer
        )

    def withdraw(self):
        services.withdraw_graduation(
            queries.standing_graduation(self.batch), "Nilai belum lengkap.", by=self.scene.proposer
        )

    def withdraw_anothers(self):
        services.withdraw_graduation(
            queries.standing_graduation(self.batch), "Nilai belum lengkap.", by=self.make.user()
        )

    def propose_again(self):
        self.propose(AGAIN)

    def propose_before_the_first(self):
        self.propose(HELD - timedelta(days=1))

    def put_off_again(self):
        self.propose(AGAIN, outcomes={self.late.id: R.DEFERRED}, notes={self.late.id: NOTE})
        self.approve()

    def fail_her(self):
        self.propose(AGAIN, outcomes={self.late.id: R.FAILED}, notes={self.late.id: "tidak melengkapi tugas"})
        self.approve()

    def propose_third(self):
        self.propose(THIRD)

    def decide_anew(self):
        self.propose(AGAIN, outcomes={self.siti.id: R.FAILED})

    def issue(self):
        return certificate_services.issue_for_batch(self.batch, issued_on=THIRD, by=self.scene.signer)

    def revoke(self):
        certificate_services.revoke_certificate(
            self.paper(self.good), reason="Dokumen ternyata palsu", revoked_on=THIRD, by=self.scene.signer
        )

    def replace(self):
        certificate_services.replace_certificate(
            self.paper(self.good), reason="Ejaan nama sesuai KTP", issued_on=THIRD, by=self.scene.signer
        )

    def paper(self, attendee):
        return [
            each for each in certificates.certificates_of_batch(self.batch) if each.attendee_id == attendee.id
        ][-1]

    def finish(self):
        finish_batch(self.batch, by=self.scene.proposer)

    def cancel(self):
        cancel_batch(self.batch, reason="Anggaran dialihkan", by=self.scene.proposer)

    def change_plan(self):
        change_batch(self.batch, venue="Balai lain", by=self.scene.proposer)

    def mark(self, attendee, value="88"):
        services.record_marks(
            self.batch, MarkKind.FINAL, {attendee.id: Decimal(value)}, by=self.scene.proposer
        )

    def mark_good(self):
        self.mark(self.good)

    def mark_late(self):
        self.mark(self.late)

    def mark_nobody(self):
        services.record_marks(self.batch, MarkKind.FINAL, {self.good.id: None}, by=self.scene.proposer)

    def presence_of_good(self):
        record_presences(self.scene.practice, {self.good.id: Entry(Presence.SICK)}, by=self.scene.proposer)

    def presence_of_late(self):
        record_presences(self.scene.practice, {self.late.id: Entry(Presence.LATE, 5)}, by=self.scene.proposer)

    def sit_elsewhere(self):
        other = self.make.batch(
            self.make.course(), starts_on=clock.today(self.batch.zone) + timedelta(days=30)
        )
        enrollments.accept_enrollment(
            enrollments.enroll(other, self.late.trainee, by=self.scene.proposer), by=self.scene.proposer
        )


@pytest.fixture
def life(scene, make):
    return Life(scene, make)


@pytest.fixture
def program(app):
    return lambda user: Program(app, auth.make_access_token(user, "test", days=1, by=user))


L = Life
DECIDED = [L.propose, L.approve]
OFF = [L.put_off]
PASSED = [*OFF, L.propose_again, L.approve]
CASES = {
    # first meeting
    "propose": ([], L.propose, None, "", S.PROPOSED),
    "propose twice": ([L.propose], L.propose, Conflict, "sudah diusulkan dan menunggu", S.PROPOSED),
    "propose after a return": ([L.propose, L.give_back], L.propose, None, "", S.PROPOSED),
    "propose after a withdrawal": ([L.propose, L.withdraw], L.propose, None, "", S.PROPOSED),
    "propose anew when figures changed": ([L.propose, L.presence_of_late], L.propose, None, "", S.PROPOSED),
    "propose in a cancelled batch, on any day": (
        [L.cancel],
        L.propose_before_the_first,
        RuleViolation,
        "sudah dibatalkan",
        S.CANCELLED,
    ),
    "propose in a finished batch": ([L.finish], L.propose, None, "", S.PROPOSED),
    "approve": ([L.propose], L.approve, None, "", S.APPROVED),
    "approve one's own": ([L.propose], L.approve_own, RuleViolation, "Anda usulkan sendiri", S.PROPOSED),
    "approve twice": (DECIDED, L.approve, Conflict, "sudah berstatus Disetujui", S.APPROVED),
    "approve after a return": (
        [L.propose, L.give_back],
        L.approve_the_returned,
        Conflict,
        "sudah berstatus Dikembalikan",
        S.RUNNING,
    ),
    "approve changed figures": (
        [L.propose, L.presence_of_late],
        L.approve,
        RuleViolation,
        "usulkan ulang",
        S.PROPOSED,
    ),
    "return": ([L.propose], L.give_back, None, "", S.RUNNING),
    "return after approval": (DECIDED, L.give_back, Conflict, "sudah berstatus Disetujui", S.APPROVED),
    "withdraw one's own": ([L.propose], L.withdraw, None, "", S.RUNNING),
    "withdraw another's": (
        [L.propose],
        L.withdraw_anothers,
        RuleViolation,
        "diajukan orang lain",
        S.PROPOSED,
    ),
    "withdraw after approval": (DECIDED, L.withdraw, Conflict, "sudah berstatus Disetujui", S.APPROVED),
    # what a proposal and an approval close
    "plan while it waits": ([L.propose], L.change_plan, RuleViolation, "sedang diusulkan", S.PROPOSED),
    "plan after a withdrawal": ([L.propose, L.withdraw], L.change_plan, None, "", S.RUNNING),
    "plan after approval": (DECIDED, L.change_plan, RuleViolation, "sudah disetujui oleh", S.APPROVED),
    "cancel after approval": (DECIDED, L.cancel, RuleViolation, "sudah disetujui oleh", S.APPROVED),
    "mark while it waits": ([L.propose], L.mark_good, None, "", S.PROPOSED),
    "mark after approval": (DECIDED, L.mark_good, RuleViolation, "sudah disetujui oleh", S.APPROVED),
    "nothing new after approval": (DECIDED, L.mark_nobody, RuleViolation, "sudah disetujui oleh", S.APPROVED),
    "nothing new about a decided person": (OFF, L.mark_nobody, None, "", S.APPROVED),
    "presence after approval": (
        DECIDED,
        L.presence_of_good,
        RuleViolation,
        "sudah disetujui oleh",
        S.APPROVED,
    ),
    # people who were put off
    "supplementary with nobody put off": (
        DECIDED,
        L.propose_again,
        RuleViolation,
        "tidak ada yang ditunda",
        S.APPROVED,
    ),
    "supplementary": (OFF, L.propose_again, None, "", S.APPROVED),
    "supplementary before the first": (
        OFF,
        L.propose_before_the_first,
        RuleViolation,
        "mendahului rapat sebelumnya",
        S.APPROVED,
    ),
    "supplementary about a decided person": (
        OFF,
        L.decide_anew,
        RuleViolation,
        "sudah diputuskan",
        S.APPROVED,
    ),
    "supplementary twice": (
        [*OFF, L.propose_again],
        L.propose_again,
        Conflict,
        "sudah diusulkan dan menunggu",
        S.APPROVED,
    ),
    "supplementary approved": ([*OFF, L.propose_again], L.approve, None, "", S.APPROVED),
    "supplementary returned": ([*OFF, L.propose_again], L.give_back, None, "", S.APPROVED),
    "supplementary withdrawn": ([*OFF, L.propose_again], L.withdraw, None, "", S.APPROVED),
    "supplementary after all passed": (
        [*OFF, L.propose_again, L.approve],
        L.propose_third,
        RuleViolation,
        "tidak ada yang ditunda",
        S.APPROVED,
    ),
    "put off again, proposed again": ([*OFF, L.put_off_again], L.propose_third, None, "", S.APPROVED),
    "failed by it, proposed again": (
        [*OFF, L.fail_her],
        L.propose_third,
        RuleViolation,
        "tidak ada yang ditunda",
        S.APPROVED,
    ),
    "supplementary of a finished batch": ([*OFF, L.issue, L.finish], L.propose_again, None, "", S.CERTIFIED),
    "supplementary approved in it": (
        [*OFF, L.issue, L.finish, L.propose_again],
        L.approve,
        None,
        "",
        S.CERTIFIED,
    ),
    "her mark": (OFF, L.mark_late, None, "", S.APPROVED),
    "her mark in a finished batch": ([*OFF, L.issue, L.finish], L.mark_late, None, "", S.CERTIFIED),
    "a decided mark beside hers": (
        OFF,
        L.mark_good,
        RuleViolation,
        "hanya peserta yang ditunda: Peserta 01",
        S.APPROVED,
    ),
    "her mark once she passed": (
        [*OFF, L.propose_again, L.approve],
        L.mark_late,
        RuleViolation,
        "tidak dapat diisi",
        S.APPROVED,
    ),
    "her presence": (OFF, L.presence_of_late, None, "", S.APPROVED),
    "a decided presence": (OFF, L.presence_of_good, RuleViolation, "tidak dapat diisi", S.APPROVED),
    "her presence once she failed": (
        [*OFF, L.fail_her],
        L.presence_of_late,
        RuleViolation,
        "tidak dapat diisi",
        S.APPROVED,
    ),
    "passing with a seat elsewhere": (
        [*OFF, L.sit_elsewhere],
        L.propose_again,
        RuleViolation,
        "sudah mendapat tempat",
        S.APPROVED,
    ),
    "approving with a seat elsewhere": (
        [*OFF, L.propose_again, L.sit_elsewhere],
        L.approve,
        RuleViolation,
        "sudah mendapat tempat",
        S.APPROVED,
    ),
    "put off again with a seat elsewhere": ([*OFF, L.sit_elsewhere], L.put_off_again, None, "", S.APPROVED),
    # certificates
    "issue before approval": ([L.propose], L.issue, RuleViolation, "belum dapat diterbitkan", S.PROPOSED),
    "issue": (DECIDED, L.issue, None, "", S.CERTIFIED),
    "issue to nobody": ([*OFF, L.issue], L.issue, None, "", S.CERTIFIED),
    "revoke": ([*DECIDED, L.issue], L.revoke, None, "", S.CERTIFIED),
    "revoke twice": ([*DECIDED, L.issue, L.revoke], L.revoke, Conflict, "sudah dicabut", S.CERTIFIED),
    "revoke during a supplementary": ([*OFF, L.issue, L.propose_again], L.revoke, None, "", S.CERTIFIED),
    "replace": ([*DECIDED, L.issue], L.replace, None, "", S.CERTIFIED),
    "replace a revoked one": (
        [*DECIDED, L.issue, L.revoke],
        L.replace,
        Conflict,
        "tarik kembali dahulu pencabutannya",
        S.CERTIFIED,
    ),
    "approve a supplementary after a revocation": (
        [*OFF, L.issue, L.propose_again, L.revoke],
        L.approve,
        None,
        "",
        S.CERTIFIED,
    ),
    "finish with people put off": ([*OFF, L.issue], L.finish, None, "", S.CERTIFIED),
}


@pytest.mark.parametrize("case", CASES)
def test_every_press_has_its_answer(life, case, db):
    before, act, refused, words, after = CASES[case]
    for step in before:
        step(life)
    if refused is None:
        act(life)
    else:
        with pytest.raises(refused, match=words) as answer:
            act(life)
        assert type(answer.value) is refused
    db.session.expire_all()
    assert state_of(life.batch) is after


def ends(life):
    """Return what ended the seats of the batch, by name."""
    return {held.trainee.name: held.ended_as for held in list_enrollments(life.batch) if held.ended_as}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([L.propose], {}),
        (DECIDED, {"Siti Aminah": SeatEnd.FAILED}),
        (OFF, {"Siti Aminah": SeatEnd.FAILED, "Peserta 01": SeatEnd.DEFERRED}),
        ([*OFF, L.propose_again], {"Siti Aminah": SeatEnd.FAILED, "Peserta 01": SeatEnd.DEFERRED}),
        ([*OFF, L.propose_again, L.approve], {"Siti Aminah": SeatEnd.FAILED}),
        ([*OFF, L.put_off_again], {"Siti Aminah": SeatEnd.FAILED, "Peserta 01": SeatEnd.DEFERRED}),
        ([*OFF, L.fail_her], {"Siti Aminah": SeatEnd.FAILED, "Peserta 01": SeatEnd.FAILED}),
        ([*DECIDED, L.issue, L.revoke], {"Siti Aminah": SeatEnd.FAILED, "Peserta 02": SeatEnd.REVOKED}),
    ],
)
def test_results_end_seats_and_a_later_pass_gives_it_back(life, steps, expected):
    taken = count_seats(life.batch.id)
    for step in steps:
        step(life)
    assert ends(life) == expected
    assert (
        count_seats(life.batch.id) == taken > len(expected)
    )  # who took part took a seat: lists of finished diklat say so


def test_a_seat_given_back_keeps_her_own_answer(life, db):
    held = next(each for each in list_enrollments(life.batch) if each.trainee_id == life.late.trainee_id)
    held.decided_at, held.decided_label = held.decided_at - timedelta(days=30), "Dirinya sendiri"
    db.session.commit()
    before = held.decided_at, held.decided_label
    for step in [*OFF, L.propose_again, L.approve]:
        step(life)
    assert (held.ended_as, held.decided_at, held.decided_label) == (None, *before)


def test_of_a_cancelled_batch_nothing_is_revoked_or_replaced(life, db):
    life.propose()
    life.approve()
    life.issue()
    life.batch.status = BatchStatus.CANCELLED
    db.session.commit()
    for act in (life.revoke, life.replace):
        with pytest.raises(RuleViolation, match="sudah dibatalkan"):
            act()


def test_who_attended_only_may_ask_again(life):
    life.propose(outcomes={life.late.id: R.ATTENDED}, notes={life.late.id: "tidak mengikuti ujian"})
    life.approve()
    assert ends(life)["Peserta 01"] is SeatEnd.ATTENDED


def test_who_failed_asks_in_the_next_batch_of_the_tier_at_once(life, make):
    life.propose()
    following = make.batch(life.batch.course)
    with pytest.raises(Conflict, match="Sudah mendapat tempat"):
        enrollments.enroll(following, life.siti.trainee, by=life.scene.proposer)
    life.approve()
    asked = enrollments.enroll(following, life.siti.trainee, by=life.scene.proposer)
    enrollments.accept_enrollment(asked, by=life.scene.proposer)
    assert asked.status is EnrollmentStatus.ACCEPTED
    with pytest.raises(Conflict, match="Sudah mendapat tempat"):
        enrollments.enroll(following, life.good.trainee, by=life.scene.proposer)


def notices(db, person_id=None):
    rows = db.session.scalars(select(Notice).order_by(Notice.id))
    return [row for row in rows if person_id is None or row.person_id == person_id]


def entered_in_time(life, db):
    """Let the batch have been entered before its days, not years later."""
    life.batch.recorded_at = datetime(2011, 5, 1, tzinfo=UTC)
    db.session.commit()


def test_of_a_diklat_entered_years_later_only_mails_tell(life, db, outbox):
    life.siti.trainee.email = "siti@contoh.id"
    db.session.commit()
    life.put_off()
    assert {row.person_id for row in notices(db)} == {life.siti.trainee_id}
    assert "siti@contoh.id" in [message.recipient for message in outbox()]


def test_of_a_diklat_entered_a_little_late_everybody_is_told(life, db):
    life.batch.recorded_at = datetime(2011, 6, 1, tzinfo=UTC)  # days after its end, not years
    db.session.commit()
    life.put_off()
    life.issue()
    life.revoke()
    subjects = [row.subject.split(":")[0] for row in notices(db, life.good.trainee_id)]
    assert subjects == ["Hasil diklat", "Sertifikat Anda sudah terbit", "Sertifikat Anda dicabut"]


def test_the_end_of_a_certificate_is_news_however_old_the_diklat(life, db):
    life.put_off()
    life.issue()
    assert notices(db, life.good.trainee_id) == []
    life.revoke()
    assert [row.subject.split(":")[0] for row in notices(db, life.good.trainee_id)] == [
        "Sertifikat Anda dicabut"
    ]


def test_everybody_is_told_the_result_once_with_reasons_and_what_is_next(life, make, db, outbox):
    entered_in_time(life, db)
    life.siti.trainee.email = "siti@contoh.id"
    make.batch(life.batch.course, venue="Balai Diklat Rantau")
    db.session.commit()
    life.put_off()
    told = {row.person_id: row for row in notices(db)}
    assert set(told) == {life.siti.trainee_id, life.late.trainee_id, life.good.trainee_id}
    assert len(notices(db)) == 3
    failed, late, passed = (told[a.trainee_id].text for a in (life.siti, life.late, life.good))
    assert "Hadir 20 dari 25 JP (80 %), syarat 85 %. Tidak mengikuti PKL" in failed
    assert "belum lulus" in failed
    assert "Balai Diklat Rantau" in failed
    assert NOTE[0].upper() + NOTE[1:] in late
    assert "rapat susulan" in late
    assert "dinyatakan lulus" in passed
    assert "Balai Diklat Rantau" not in passed
    assert "siti@contoh.id" in [message.recipient for message in outbox()]
    assert told[life.siti.trainee_id].message_id is not None
    assert told[life.late.trainee_id].message_id is None
    kept = db.session.scalar(select(Enrollment).where(Enrollment.trainee_id == life.late.trainee_id))
    assert kept.ended_reason == f"{NOTE[0].upper()}{NOTE[1:]}."


def test_numbers_go_on_and_only_the_new_ones_are_issued(life, db):
    life.put_off()
    [first] = life.issue().issued
    assert len(list_due(life.batch)) == 0
    life.propose_again()
    life.approve()
    assert len(list_due(life.batch)) == 1
    with pytest.raises(
        RuleViolation, match="20 Juni 2011"
    ):  # those of the first meeting have theirs: this is about the second
        certificate_services.issue_for_batch(
            life.batch, issued_on=AGAIN - timedelta(days=1), by=life.scene.signer
        )
    report = life.issue()
    assert [(each.attendee_id, each.sequence) for each in report.issued] == [
        (life.late.id, first.sequence + 1)
    ]
    assert [each.id for each in report.already] == [first.id]
    held = {row.trainee_id: row.held_from for row in db.session.scalars(select(Qualification))}
    assert held == {life.good.trainee_id: HELD, life.late.trainee_id: AGAIN}


def test_nobody_is_dated_before_the_meeting_that_decided(life):
    life.put_off()
    life.propose_again()
    life.approve()
    between = certificate_services.issue_for_batch(
        life.batch, issued_on=HELD + timedelta(days=1), by=life.scene.signer
    )
    assert [each.attendee_id for each in between.issued] == [life.good.id]
    [parked] = between.parked
    assert (parked.attendee.id, "20 Juni 2011" in str(parked.reason)) == (life.late.id, True)
    [late] = life.issue().issued
    with pytest.raises(RuleViolation, match="20 Juni 2011"):
        certificate_services.replace_certificate(
            late, reason="Ejaan nama sesuai KTP", issued_on=AGAIN - timedelta(days=1), by=life.scene.signer
        )


def test_a_revoked_person_is_not_due_and_gets_none_by_issuing_again(life, db):
    life.put_off()
    life.issue()
    life.revoke()
    life.propose_again()
    life.approve()
    assert len(list_due(life.batch)) == 1
    assert [each.attendee_id for each in life.issue().issued] == [life.late.id]
    assert len(list_due(life.batch)) == 0
    assert len(db.session.scalars(select(Certificate)).all()) == 2


def test_after_a_revocation_the_person_passes_a_new_diklat_and_gets_a_new_certificate(life, make, db):
    life.propose()
    life.approve()
    life.issue()
    following = make.batch(life.batch.course)
    with pytest.raises(Conflict, match="Sudah"):
        enrollments.enroll(following, life.good.trainee, by=life.scene.proposer)
    life.revoke()
    enrollments.accept_enrollment(
        enrollments.enroll(following, life.good.trainee, by=life.scene.proposer), by=life.scene.proposer
    )
    attendee = next(a for a in list_attendees(following) if a.trainee_id == life.good.trainee_id)
    make.graduation(following, attendee, held_on=clock.today(following.zone))
    [new] = certificate_services.issue_for_batch(
        following, issued_on=clock.today(following.zone), by=life.scene.signer
    ).issued
    assert new.trainee_id == life.good.trainee_id
    assert new.revoked_on is None


def test_the_holder_without_an_address_stands_on_the_list_with_the_reason(life, db):
    entered_in_time(life, db)
    life.propose()
    life.approve()
    life.issue()
    life.revoke()
    last = notices(db, life.good.trainee_id)[-1]
    assert "Dokumen ternyata palsu" in last.text
    assert last.told_at is None


def test_a_revoked_prerequisite_calls_the_office_of_the_next_tier(life, make, db, outbox):
    life.propose()
    life.approve()
    life.issue()
    provinsi, other = make.user(Role.PROVINSI_DINAS, "63"), make.user(Role.PROVINSI_DINAS, "33")
    madya = make.batch(make.course(make.organiser("63"), tier="madya"))
    begun = make.batch(make.course(make.organiser("63"), tier="madya"), starts_on=THIRD - timedelta(days=2))
    seat = make.enrollment(madya, life.good.trainee, status=EnrollmentStatus.ACCEPTED)
    make.enrollment(begun, life.good.trainee, status=EnrollmentStatus.SUBMITTED, override_reason=None)
    make.enrollment(make.batch(madya.course), life.good.trainee, override_reason="Sertifikat menyusul")
    make.enrollment(madya, life.late.trainee)
    before = len(notices(db))
    life.revoke()
    told = [row for row in notices(db)[before:] if row.person_kind is PersonKind.OFFICER]
    assert [(row.person_id, row.batch_id) for row in told] == [(provinsi.id, madya.id)]
    assert other.id not in [row.person_id for row in told]
    assert "Peserta 02" in told[0].text
    assert madya.code in told[0].text
    assert "Putuskan: tetap ikut dengan alasan, atau batalkan." in told[0].text
    [mail] = [message for message in outbox() if message.recipient == provinsi.email]
    assert f"/enrollments/{seat.id}" in mail.body


def test_without_an_account_the_office_stands_on_the_list_of_its_batch(life, make, db):
    life.propose()
    life.approve()
    life.issue()
    madya = make.batch(make.course(make.organiser("63"), tier="madya"))
    make.enrollment(madya, life.good.trainee)
    life.revoke()
    [row] = [row for row in notices(db) if row.batch_id == madya.id]
    assert (row.person_id, row.name, row.told_at) == (None, madya.course.organiser.unit, None)


def test_an_approved_meeting_keeps_what_it_said(life, make, db, browser, program):
    """Whatever is renamed, moved or sealed anew afterwards: the page and the answer to programs keep their
    bytes.
    """
    life.put_off()
    meeting = queries.standing_graduation(life.batch)
    reader, office = make.user(Role.SIGNER), program(life.scene.proposer)
    browser.sign_in(reader)

    def shown():
        db.session.expire_all()
        page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
        return str(page.soup.main), office.send("GET", f"/batches/{life.batch.id}/graduation", expect=200)

    before = shown()
    assert "Desa Keladan" in before[0]
    assert "Dinas Sosial Kabupaten Tapin" in before[0]
    for name in db.session.scalars(select(OrganiserName)):
        name.name, name.government, name.address = "Dinas Baru", "Pemerintah Baru", "Jalan Baru"
    person = life.good.trainee
    person.name, person.duty_region = "Nama Lain", make.region("33.74.01.1001")
    life.siti.trainee.duty_region.name = "Keladan Baru"
    life.batch.venue, life.batch.code, life.batch.ordinal = "Balai Lain", "TAPIN-D-2011-99", 99
    life.batch.starts_on, life.batch.ends_on = date(2012, 1, 2), date(2012, 1, 5)
    life.batch.zone = "Asia/Jakarta"
    life.batch.course.title, life.batch.course.attendance_threshold = "Judul Lain", 10
    life.scene.signer.name = "Pejabat Lain"
    db.session.commit()
    life.make.visit(life.batch)
    assert shown() == before
    [paper] = life.issue().issued
    certificate_services.replace_certificate(
        paper, reason="Ejaan nama sesuai KTP", issued_on=THIRD, by=life.scene.signer
    )
    with pytest.raises(RuleViolation):
        cancel_batch(life.batch, reason="Anggaran dialihkan", by=life.scene.proposer)
    assert shown() == before


def test_a_certificate_says_of_its_batch_what_was_approved(life, make, db):
    life.propose()
    life.approve()
    batch = life.batch
    batch.venue, batch.code, batch.course.title = "Balai Lain", "TAPIN-D-2011-99", "Judul Lain"
    batch.starts_on, batch.ends_on = date(2012, 1, 2), date(2012, 1, 5)
    db.session.commit()
    make.visit(batch, make.host(name="Panti Baru"))
    facts = next(each for each in life.issue().issued if each.attendee_id == life.good.id).facts
    assert (facts["place"], facts["course"]) == ("Aula Dinas Sosial, Rantau", "Diklat Dasar PSM")
    assert (facts["starts_on"], facts["ends_on"], facts["year"]) == ("2011-05-24", "2011-05-27", 2011)
    assert facts["fieldwork_place"] is None, "she was placed nowhere"
    assert facts["batch"] != "TAPIN-D-2011-99"


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "an older record"])
def test_a_certificate_names_the_host_of_the_own_placement_and_else_none(life, make, db, frozen):
    batch = life.batch
    went = make.visit(batch, make.host(name="Panti Budi Luhur"))
    asked = make.visit(batch, make.host(name="LKS Baru"), status=VisitStatus.REQUESTED, granted_places=0)
    make.placement(went, life.good)
    make.placement(asked, life.siti)
    life.propose()
    life.approve()
    if not frozen:
        meeting = queries.standing_graduation(batch)
        people = [
            {key: value for key, value in line.items() if key != "fieldwork_place"}
            for line in meeting.record["people"]
        ]
        meeting.record = {**meeting.record, "people": people}
    else:
        went.host.name = "Panti Berganti Nama"
    db.session.commit()
    named = {each.attendee_id: each.facts["fieldwork_place"] for each in life.issue().issued}
    assert named[life.good.id] == "Panti Budi Luhur"
    assert {named[key] for key in named if key != life.good.id} <= {None}


def test_the_proposal_says_who_has_no_place_of_practice_and_what_nobody_answered(life, make, db, browser):
    batch = life.batch
    went = make.visit(batch, make.host(name="Panti Budi Luhur"))
    asked = make.visit(batch, make.host(name="LKS Baru"), status=VisitStatus.REQUESTED, granted_places=0)
    make.placement(went, life.good)
    make.placement(asked, life.siti)
    browser.sign_in(life.scene.proposer)
    for required in (False, True):
        batch.course.fieldwork_required = required
        db.session.commit()
        page = browser.get("assessment.propose_graduation", batch_id=batch.id).text
        assert ("tidak tercatat di lokasi PKL yang menerima" in page) is required
        assert ("Permohonan ke LKS Baru" in page) is required
    warning = (
        browser.get("assessment.propose_graduation", batch_id=batch.id)
        .soup.select_one(".notice-warning")
        .text
    )
    assert life.late.name in warning
    assert life.good.name not in warning
    assert life.siti.name not in warning  # she gets no certificate


def test_a_meeting_approved_before_minutes_were_frozen_is_read_from_its_rows(life, db, browser):
    life.propose()
    life.approve()
    meeting = queries.standing_graduation(life.batch)
    meeting.record = None
    life.good.trainee.name = "Nama Sekarang"
    db.session.commit()
    assert "Nama Sekarang" in [line.name for line in document.minutes_of(meeting).lines]
    browser.sign_in(life.scene.signer)
    assert "Nama Sekarang" in browser.get("assessment.show_meeting", graduation_id=meeting.id).text
    assert life.issue().issued


def columns(page, name):
    """Return the cells of a person's row by the name of their column, for each table of the page that has
    one.
    """
    found = []
    for table in page.soup.select("table"):
        heads = [th.get_text(" ", strip=True) for th in table.select("thead th")]
        for row in table.select("tbody tr"):
            cells = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            if name in " ".join(cells[:2]):
                found.append(dict(zip(heads, cells, strict=True)))
    return found


def test_suggestion_decision_and_difference_each_have_their_column(life, browser):
    life.propose(outcomes={life.late.id: R.DEFERRED}, notes={life.late.id: NOTE})
    browser.sign_in(life.scene.proposer)
    [row] = columns(browser.get("assessment.show_graduation", batch_id=life.batch.id), "Peserta 01")
    assert row["Menurut syarat"] == "Lulus"
    assert row["Keputusan rapat"].endswith("Ditunda diusulkan")
    assert row["Alasan bila berbeda"] == NOTE
    meeting = queries.standing_graduation(life.batch)
    [row] = columns(browser.get("assessment.show_meeting", graduation_id=meeting.id), "Peserta 01")
    assert (row["Menurut syarat"], row["Keputusan"][-7:], row["Alasan bila berbeda"]) == (
        "Lulus",
        "Ditunda",
        NOTE,
    )


def test_the_page_of_the_batch_lists_every_meeting_with_its_results(life, browser):
    life.put_off()
    life.propose_again()
    life.approve()
    browser.sign_in(life.scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=life.batch.id)
    assert [" ".join(h.get_text().split()) for h in page.soup.select("main h3")] == [
        "Rapat susulan, Senin, 20 Juni 2011",
        "Rapat kelulusan, Jumat, 27 Mei 2011",
    ]
    latest, *meetings = columns(page, "Peserta 01")
    assert latest["Keputusan rapat"] == "Lulus"
    assert [row["Keputusan"].split()[-1] for row in meetings] == ["Lulus", "Ditunda"]
    assert page.soup.find(id="propose") is None


def test_after_the_approval_the_pages_are_about_those_who_were_put_off(life, browser):
    life.put_off()
    browser.sign_in(life.scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=life.batch.id)
    assert "1 peserta ditunda. Lengkapi nilai dan kehadirannya, lalu usulkan rapat susulan." in page.text
    for endpoint in ("assessment.record_marks", "assessment.propose_graduation"):
        asked = browser.get(endpoint, batch_id=life.batch.id)
        assert ["Peserta 01" in row.get_text() for row in asked.soup.select("tbody tr")] == [True]
    data = {f"mark_{life.late.id}": "90"}
    browser.post("assessment.record_marks", batch_id=life.batch.id, data=data)
    refused = browser.post(
        "assessment.record_marks", batch_id=life.batch.id, data={f"mark_{life.good.id}": "90"}, expect=422
    )
    assert "hanya peserta yang ditunda: Peserta 01" in refused.error
    data = {"held_on": AGAIN.isoformat(), f"outcome_{life.late.id}": "passed", f"note_{life.late.id}": ""}
    browser.post("assessment.propose_graduation", batch_id=life.batch.id, data=data)
    assert queries.standing_graduation(life.batch).is_supplementary


def test_a_seat_elsewhere_is_said_before_the_press(life, browser):
    life.put_off()
    life.sit_elsewhere()
    browser.sign_in(life.scene.proposer)
    page = browser.get("assessment.propose_graduation", batch_id=life.batch.id)
    assert "Peserta 01 sudah mendapat tempat di angkatan" in page.text


def test_what_stands_in_the_way_is_said_and_no_button_is_offered(life, browser):
    life.propose()
    browser.sign_in(life.scene.proposer)
    page = browser.get("assessment.propose_graduation", batch_id=life.batch.id)
    assert "sudah diusulkan dan menunggu persetujuan" in page.text
    assert "Usulkan kelulusan" not in [
        button.get_text(strip=True) for button in page.soup.select("main button")
    ]
    board = browser.get("assessment.show_graduation", batch_id=life.batch.id)
    assert "Anda dapat menarik usulan Anda sendiri." in board.text
    assert board.soup.find(id="propose") is None


def test_the_proposer_withdraws_on_the_page_and_the_approver_is_told(life, browser, outbox, make):
    meeting = life.propose()
    browser.sign_in(life.scene.proposer)
    page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
    link = page.soup.find("a", string="Tarik usulan ini")["href"]
    browser.get(link)
    browser.post("assessment.withdraw_graduation", graduation_id=meeting.id, data={"reason": ""}, expect=422)
    browser.post(
        "assessment.withdraw_graduation", graduation_id=meeting.id, data={"reason": "Nilai belum lengkap."}
    )
    assert meeting.status is GraduationStatus.WITHDRAWN
    assert life.batch.graduation_stage is GraduationStage.NONE
    assert (outbox()[-1].recipient, "Nilai belum lengkap." in outbox()[-1].body) == (
        life.scene.signer.email,
        True,
    )
    again = browser.post(
        "assessment.withdraw_graduation",
        graduation_id=meeting.id,
        data={"reason": "Ditarik lagi"},
        expect=409,
    )
    assert "sudah berstatus Ditarik" in again.error


def test_a_colleague_and_the_signer_find_no_button_to_withdraw(life, browser, make):
    meeting = life.propose()
    for role, status in ((Role.KABUPATEN_DINAS, 422), (Role.SIGNER, 404)):
        browser.sign_in(make.user(role))
        page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
        assert page.soup.find("a", string="Tarik usulan ini") is None
        browser.post(
            "assessment.withdraw_graduation",
            graduation_id=meeting.id,
            data={"reason": "Keliru semua."},
            expect=status,
        )
    assert meeting.status is GraduationStatus.PROPOSED


def test_programs_meet_the_same_answers(life, program, make, db):
    path = f"/batches/{life.batch.id}/graduation"
    office, signer = program(life.scene.proposer), program(life.scene.signer)
    office.send("GET", path, expect=404)
    signer.send("POST", f"{path}/approve", expect=422)
    body = {
        "held_on": HELD.isoformat(),
        "outcomes": [{"attendee": life.late.id, "outcome": "deferred", "note": NOTE}],
    }
    proposed = office.send("POST", path, expect=200, json=body)
    assert (proposed["status"], proposed["is_supplementary"]) == ("proposed", False)
    office.send("POST", path, expect=409, json=body)
    program(make.user(Role.KABUPATEN_DINAS)).send(
        "POST", f"{path}/withdraw", expect=422, json={"reason": "Keliru semua."}
    )
    signer.send("POST", f"{path}/withdraw", expect=404, json={"reason": "Keliru semua."})
    office.send("POST", f"{path}/withdraw", expect=200, json={"reason": "Nilai belum lengkap."})
    anew = office.send("POST", path, expect=200, json=body)
    signer.send("POST", f"{path}/approve", expect=409)  # it was replaced since: which one was read?
    signer.send("POST", f"{path}/approve", expect=409, json={"graduation": proposed["id"]})
    signer.send(
        "POST",
        f"{path}/return",
        expect=409,
        json={"graduation": proposed["id"], "reason": "Nilai belum lengkap."},
    )
    signer.send("POST", f"{path}/approve", expect=200, json={"graduation": anew["id"]})
    signer.send("POST", f"{path}/approve", expect=409)
    signer.send("POST", f"{path}/return", expect=409, json={"reason": "Tanggal keliru."})
    marks = f"/batches/{life.batch.id}/assessments"
    office.send(
        "POST", marks, expect=422, json={"kind": "final", "marks": [{"attendee": life.good.id, "value": 90}]}
    )
    office.send(
        "POST", marks, expect=200, json={"kind": "final", "marks": [{"attendee": life.late.id, "value": 90}]}
    )
    again = office.send("POST", path, expect=200, json={"held_on": AGAIN.isoformat()})
    assert (again["is_supplementary"], [each["attendee"] for each in again["results"]]) == (
        True,
        [life.late.id],
    )
    signer.send("POST", f"{path}/approve", expect=200)
    office.send("POST", path, expect=422, json={"held_on": THIRD.isoformat()})
    shown = office.send("GET", path, expect=200)
    assert [(each["is_supplementary"], each["status"]) for each in shown["meetings"]] == [
        (True, "approved"),
        (False, "approved"),
        (False, "withdrawn"),
    ]
    assert shown["results"] == shown["meetings"][0]["results"]
    issued = signer.send(
        "POST", f"/batches/{life.batch.id}/certificates", expect=200, json={"issued_on": THIRD.isoformat()}
    )["issued"]
    assert len(issued) == 2
    paper = f"/certificates/{issued[0]['id']}"
    day = {"reason": "Dokumen ternyata palsu"}
    signer.send("POST", f"{paper}/revoke", expect=200, json={**day, "revoked_on": THIRD.isoformat()})
    problem = signer.send(
        "POST", f"{paper}/replace", expect=409, json={**day, "issued_on": THIRD.isoformat()}
    )
    assert (
        problem["detail"]
        == "Sertifikat ini dicabut. Bila pencabutannya keliru, tarik kembali dahulu pencabutannya."
    )
