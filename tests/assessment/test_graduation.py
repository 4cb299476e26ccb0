"""Proposing and approving: what the rules say, who may, and what an approval closes."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.assessment import queries, services
from app.assessment.models import Graduation
from app.assessment.rules import GraduationStatus, MarkKind, ResultOutcome
from app.attendance.rules import Presence
from app.attendance.services import Entry, record_presences
from app.audit.models import Event
from app.auth.rules import Permission, Role
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.core.scopes import ScopeKind
from app.core.text import as_sentences
from app.courses.acts import Act
from app.courses.models import Subject
from app.courses.queries import refusal_to_act
from app.courses.rules import BatchStatus

HELD = date(2011, 5, 27)
LATER = date(2011, 5, 30)


def propose(scene, **values):
    return services.propose_graduation(scene.batch, **{"held_on": HELD, "by": scene.proposer, **values})


def results(graduation):
    return {result.attendee_id: result for result in queries.list_results(graduation)}


def test_who_missed_the_field_practice_day_has_20_of_25_hours_and_does_not_pass(scene):
    sheet = {row.attendee.id: row for row in queries.graduation_sheet(scene.batch)}
    row = sheet[scene.siti.id]
    assert (row.hours.attended, row.hours.planned) == (20, 25)
    assert row.reasons == ["Hadir 20 dari 25 JP (80 %), syarat 85 %.", "Tidak mengikuti PKL"]
    assert row.suggested is ResultOutcome.FAILED
    assert [sheet[other.id].suggested for other in scene.others] == [ResultOutcome.PASSED] * 2


def test_a_proposal_keeps_the_figures_and_sentences_it_was_read_from(scene, db):
    graduation = propose(scene, minutes="Rapat dihadiri lima orang.")
    siti, other = results(graduation)[scene.siti.id], results(graduation)[scene.others[0].id]
    assert (siti.outcome, siti.attended_hours, siti.planned_hours) == (ResultOutcome.FAILED, 20, 25)
    assert siti.reasons == ["Hadir 20 dari 25 JP (80 %), syarat 85 %.", "Tidak mengikuti PKL"]
    assert (other.outcome, other.attended_hours, other.reasons) == (ResultOutcome.PASSED, 25, [])
    assert graduation.status is GraduationStatus.PROPOSED
    assert db.session.scalars(select(Event.action).where(Event.subject_type == "Graduation")).all() == [
        "graduation.proposed"
    ]


def test_those_who_may_approve_are_told_and_nobody_else(scene, make, outbox):
    make.user(Role.SIGNER, "33.74")
    make.user(Role.COMMITTEE)
    at_the_office = make.user(Role.SIGNER, scope=(ScopeKind.ORGANISER, scene.batch.course.organiser_id))
    graduation = propose(scene)
    assert [m.recipient for m in outbox()] == [scene.signer.email, at_the_office.email]
    assert f"/graduations/{graduation.id}" in outbox()[0].body


@pytest.mark.parametrize("held_on", [HELD - timedelta(days=1), None])
def test_the_meeting_is_held_between_the_last_session_and_today(scene, held_on):
    held_on = held_on or clock.today("Asia/Makassar") + timedelta(days=1)
    with pytest.raises(RuleViolation, match=r"mendahului hari terakhir|belum tiba") as refused:
        propose(scene, held_on=held_on)
    assert refused.value.field == "held_on"


def test_today_is_the_date_at_the_venue(scene, at, db):
    scene.sessions[-1].starts_at, scene.sessions[-1].ends_at = (
        time(0, 15),
        time(0, 45),
    )  # the last one, over by one o'clock
    db.session.commit()
    at(2011, 5, 26, 17)  # 01.00 WITA on the 27th
    assert propose(scene, held_on=HELD).held_on == HELD


def test_it_is_refused_before_the_batch_has_begun(scene, db):
    scene.batch.status = BatchStatus.CLOSED
    db.session.commit()
    with pytest.raises(RuleViolation, match="Kelulusan tidak dapat diusulkan"):
        propose(scene)


def test_missing_presence_is_named_by_half_day(scene, make):
    late = make.attendee(scene.batch)
    for session in scene.sessions[2:]:
        make.attendance(session, late)
    with pytest.raises(RuleViolation, match=r"Selasa, 24 Mei 2011 \(pagi\); Selasa, 24 Mei 2011 \(siang\)\."):
        propose(scene)


def test_the_schedule_must_hold_the_hours_of_the_curriculum(scene, make, db):
    subject = db.session.scalars(
        select(Subject).where(Subject.curriculum_id == scene.batch.course.curriculum_id)
    ).one()
    subject.theory_hours = 27
    db.session.commit()
    with pytest.raises(RuleViolation, match="Jadwal memuat 25 JP, kurikulum 27 JP"):
        propose(scene)


def test_the_meeting_may_lower_with_a_reason(scene):
    key = scene.others[0].id
    with pytest.raises(RuleViolation, match="Tuliskan alasannya") as refused:
        propose(scene, outcomes={key: ResultOutcome.DEFERRED})
    assert f"Menurut syarat: {scene.others[0].name}. Tuliskan alasannya dengan kata-kata" in str(
        refused.value
    )
    graduation = propose(
        scene, outcomes={key: ResultOutcome.DEFERRED}, notes={key: "tugas akhir belum diserahkan"}
    )
    result = results(graduation)[key]
    assert (result.outcome, result.suggested, result.note) == (
        ResultOutcome.DEFERRED,
        ResultOutcome.PASSED,
        "tugas akhir belum diserahkan",
    )


@pytest.mark.parametrize("outcome", [ResultOutcome.PASSED, ResultOutcome.ATTENDED])
def test_the_meeting_never_raises_against_presence_and_field_practice(scene, outcome, db):
    with pytest.raises(RuleViolation, match="Hadir 20 dari 25 JP"):
        propose(scene, outcomes={scene.siti.id: outcome}, notes={scene.siti.id: "dibantu"})
    assert db.session.scalars(select(Graduation)).all() == []


def test_an_outcome_for_a_stranger_is_refused(scene, make):
    with pytest.raises(RuleViolation, match="bukan peserta"):
        propose(scene, outcomes={make.attendee().id: ResultOutcome.PASSED})


def test_a_second_proposal_is_a_conflict_while_nothing_changed(scene):
    propose(scene)
    with pytest.raises(Conflict, match="sudah diusulkan"):
        propose(scene)


def test_the_proposer_cannot_approve(scene, db):
    graduation = propose(scene)
    with pytest.raises(RuleViolation, match="Anda usulkan sendiri"):
        services.approve_graduation(graduation, by=scene.proposer)
    assert graduation.status is GraduationStatus.PROPOSED


def test_the_proposer_cannot_approve_by_a_second_role(scene, make):
    graduation = propose(scene)
    make.grant(scene.proposer, Role.SIGNER, make.region())
    scene.proposer.granted = None
    assert scene.proposer.can(Permission.GRADUATION_APPROVE, graduation)
    with pytest.raises(RuleViolation, match="Anda usulkan sendiri"):
        services.approve_graduation(graduation, by=scene.proposer)


def test_the_database_refuses_one_person_for_both(scene, db):
    graduation = propose(scene)
    both = {"approved_by_id": scene.proposer.id, "approved_at": clock.now()}
    with pytest.raises(IntegrityError, match="two_people"):
        db.session.execute(Graduation.__table__.update().where(Graduation.id == graduation.id).values(**both))


def test_the_system_neither_proposes_nor_approves(scene):
    with pytest.raises(RuleViolation, match="akunnya sendiri"):
        propose(scene, by=SYSTEM)
    with pytest.raises(RuleViolation, match="akunnya sendiri"):
        services.approve_graduation(propose(scene), by=SYSTEM)


def test_an_approval_stands_and_is_told_to_the_proposer(scene, outbox, db):
    graduation = propose(scene)
    services.approve_graduation(graduation, by=scene.signer)
    assert queries.approved_graduation(scene.batch).id == graduation.id
    assert (graduation.approved_by_id, graduation.approved_label) == (scene.signer.id, scene.signer.name)
    assert outbox()[-1].recipient == scene.proposer.email
    actions = db.session.scalars(
        select(Event.action).where(Event.subject_type == "Graduation").order_by(Event.id)
    ).all()
    assert actions == ["graduation.proposed", "graduation.approved"]


def test_what_is_approved_or_returned_cannot_be_approved_again(scene):
    graduation = propose(scene)
    services.approve_graduation(graduation, by=scene.signer)
    with pytest.raises(Conflict, match="sudah berstatus Disetujui"):
        services.approve_graduation(graduation, by=scene.signer)
    with pytest.raises(Conflict, match="sudah berstatus Disetujui"):
        services.return_graduation(graduation, "salah", by=scene.signer)


def test_figures_that_changed_since_the_proposal_stop_the_approval(scene):
    graduation = propose(scene)
    record_presences(scene.practice, {scene.others[0].id: Entry(Presence.LATE, 90)}, by=scene.proposer)
    with pytest.raises(RuleViolation, match="Data berubah sejak diusulkan; usulkan ulang"):
        services.approve_graduation(graduation, by=scene.signer)
    again = propose(scene)
    assert (graduation.status, again.status) == (GraduationStatus.REPLACED, GraduationStatus.PROPOSED)
    services.approve_graduation(again, by=scene.signer)


@pytest.mark.parametrize("change", ["mark", "threshold", "newcomer", "left"])
def test_each_kind_of_change_is_noticed(scene, change, make, db):
    graduation = propose(scene)
    if change == "mark":
        services.record_marks(scene.batch, MarkKind.FINAL, {scene.siti.id: Decimal(80)}, by=scene.proposer)
    elif change == "threshold":
        scene.batch.course.attendance_threshold = 80
    elif change == "newcomer":
        make.attendee(scene.batch)
    else:
        scene.others[0].left_at = clock.now()
    db.session.commit()
    with pytest.raises(RuleViolation, match=r"Data berubah|belum mempunyai hasil"):
        services.approve_graduation(graduation, by=scene.signer)


def test_a_returned_proposal_says_why_and_may_be_followed_by_another(scene, outbox):
    graduation = propose(scene)
    for nothing_said in ("  ", "x", "aaaaaa", "12345"):
        with pytest.raises(RuleViolation, match="Tuliskan alasannya dengan kata-kata"):
            services.return_graduation(graduation, nothing_said, by=scene.signer)
        with pytest.raises(RuleViolation, match="Tuliskan alasannya dengan kata-kata"):
            services.withdraw_graduation(graduation, nothing_said, by=scene.proposer)
    services.return_graduation(graduation, "Tanggal rapat keliru.", by=scene.signer)
    assert "Tanggal rapat keliru." in outbox()[-1].body
    assert queries.standing_graduation(scene.batch) is None
    again = propose(scene, held_on=LATER)
    assert queries.latest_graduation(scene.batch).id == again.id


def test_after_approval_marks_presence_and_participants_are_closed(scene, make):
    services.approve_graduation(propose(scene), by=scene.signer)
    closed = f"sudah disetujui oleh {scene.signer.name}"
    with pytest.raises(RuleViolation, match=closed):
        services.record_marks(scene.batch, MarkKind.FINAL, {scene.siti.id: Decimal(80)}, by=scene.proposer)
    with pytest.raises(RuleViolation, match=closed):
        record_presences(scene.practice, {scene.siti.id: Entry(Presence.PRESENT)}, by=scene.proposer)
    with pytest.raises(RuleViolation, match=closed):
        propose(scene)


def test_marks_and_presence_stay_open_while_a_proposal_waits(scene):
    propose(scene)
    assert services.refusal_to_mark(scene.batch) is None
    assert refusal_to_act(Act.RECORD_ATTENDANCE, scene.batch) is None


def test_the_sheet_reads_the_same_number_of_queries_however_many_people_there_are(
    build, make, count_queries, db
):
    scene = build(others=1)

    def read():
        db.session.expire_all()
        batch = db.session.get(type(scene.batch), scene.batch.id)
        with count_queries() as counted:
            rows = queries.graduation_sheet(batch)
        return len(rows), counted()

    few = read()
    for _number in range(28):
        make.attendance(scene.sessions[0], make.attendee(scene.batch))
    many = read()
    assert (few[0], many[0]) == (2, 30)
    assert few[1] == many[1]


def test_a_course_with_a_pass_mark_writes_score_and_predikat(build):
    scene = build(pass_mark=Decimal(70))
    people = [scene.siti, *scene.others]
    services.record_marks(
        scene.batch,
        MarkKind.FINAL,
        {a.id: Decimal(v) for a, v in zip(people, ("90", "85.5", "68"), strict=True)},
        by=scene.proposer,
    )
    graduation = propose(scene)
    found = results(graduation)
    assert found[scene.others[0].id].grade == "Memuaskan"
    assert found[scene.others[1].id].outcome is ResultOutcome.FAILED
    assert found[scene.others[1].id].reasons == ["Nilai akhir 68, syarat 70"]
    assert found[scene.siti.id].grade is None


@pytest.mark.parametrize("words", ["", "x", "....", "12345", "aaaaaa"])
def test_a_reason_to_decide_otherwise_is_one_of_words(scene, words):
    key = scene.others[0].id
    with pytest.raises(RuleViolation, match="Tuliskan alasannya dengan kata-kata") as refused:
        services.propose_graduation(
            scene.batch,
            held_on=HELD,
            outcomes={key: ResultOutcome.DEFERRED},
            notes={key: words},
            by=scene.proposer,
        )
    assert refused.value.field == f"note_{key}"


def test_what_the_person_reads_is_clean_sentences():
    assert as_sentences(["Nilai akhir 40, syarat 60.", "nilai 40"]) == "Nilai akhir 40, syarat 60. Nilai 40."
