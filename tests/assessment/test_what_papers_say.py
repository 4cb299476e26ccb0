"""What the page of a batch and the berita acara say: the rule somebody was judged by, what changed since,
nothing before it is known.
"""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete

from app.assessment import document, lines, queries, services
from app.assessment.rules import (
    GraduationStatus,
    MarkKind,
    ResultOutcome,
    describe_outcomes,
    suggest_outcome,
    verdicts,
)
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Practice, Presence
from app.attendance.services import record_presences
from app.auth.rules import Permission, Role
from app.core import clock
from app.core.text import as_sentences, full_stop, in_one_line
from app.courses import services as courses
from app.enrollments.lines import count_by_kecamatan
from app.enrollments.queries import count_seats, enrollments_of, label_of, list_enrollments
from app.workspace import queries as workspace
from tests.assessment.test_rules import facts
from tests.assessment.test_whole_life import columns

HELD = date(2011, 5, 27)
WHY = "Keputusan kepala dinas tanggal 3 Maret"
O = ResultOutcome  # noqa: E741


def propose(scene, **values):
    return services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer, **values)


def put_off(scene, person):
    return propose(scene, outcomes={person.id: O.DEFERRED}, notes={person.id: "tugas menyusul"})


def set_to(scene, value):
    courses.set_pass_mark(scene.batch.course, value and Decimal(value), reason=WHY, by=scene.proposer)


def test_a_paper_keeps_the_rule_it_was_judged_by(scene, browser):
    meeting = propose(scene)
    set_to(scene, 60)
    assert document.minutes_of(meeting).asked.pass_mark is None
    browser.sign_in(scene.signer)
    page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
    assert "Nilai akhir tidak menjadi syarat: nilai berapa pun tidak mengubah hasilnya." in page.text
    assert "sekurangnya 60" not in page.text
    assert f"Nilai lulus semula –, kini 60 (oleh {scene.proposer.name})." in page.text
    services.return_graduation(meeting, "Nilai lulus berubah", by=scene.signer)
    assert document.minutes_of(meeting).asked.pass_mark is None


def test_a_rule_that_changed_overtakes_a_proposal_though_nobodys_result_does(scene):
    for person in (scene.siti, *scene.others):
        services.record_marks(scene.batch, MarkKind.FINAL, {person.id: Decimal(90)}, by=scene.proposer)
    meeting = propose(scene)
    set_to(scene, 60)
    assert queries.is_overtaken(meeting)


def test_the_paper_of_a_practice_holds_its_jp_before_and_after_the_approval(scene, browser):
    meeting = propose(scene)
    browser.sign_in(scene.signer)
    for approve in (False, True):
        if approve:
            services.approve_graduation(meeting, by=scene.signer)
        page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
        assert [columns(page, name)[0]["PKL"] for name in ("Peserta 01", "Siti")] == ["5/5 JP", "0/5 JP"]
        assert "hadir di semua sesi PKL" in page.text


def test_after_the_meeting_its_own_suggestion_stays_and_what_changed_is_said(scene, browser):
    person = scene.others[0]
    set_to(scene, 60)
    services.record_marks(scene.batch, MarkKind.FINAL, {scene.others[1].id: Decimal(80)}, by=scene.proposer)
    services.approve_graduation(propose(scene), by=scene.signer)
    services.record_marks(scene.batch, MarkKind.FINAL, {person.id: Decimal(70)}, by=scene.proposer)
    record_presences(scene.practice, {person.id: Entry(Presence.LATE, 10)}, by=scene.proposer)
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    said = "Ditunda Data berubah sesudah rapat; menunggu rapat susulan. Menurut syarat sekarang: Lulus."
    row = columns(page, person.name)[0]
    assert (row["Menurut syarat"], row["Keputusan rapat"]) == (said, "Ditunda")
    assert "Hadir 25" not in row["Menurut syarat"]
    [change] = lines.presence_changes(scene.batch)
    assert (change.name, change.before, change.after) == (person.name, "Hadir", "Terlambat 10 menit")
    assert "Kehadiran yang diubah sejak kelulusan diusulkan (1)" in page.text


def test_what_is_not_recorded_yet_is_no_absence(scene, browser, db):
    db.session.execute(delete(Attendance))
    browser.sign_in(scene.proposer)
    for endpoint in ("assessment.show_graduation", "assessment.propose_graduation"):
        page = browser.get(endpoint, batch_id=scene.batch.id)
        assert "Belum tercatat" in page.text
        assert "Tidak lulus" not in page.text
        assert "Tidak mengikuti PKL" not in page.text
    assert (
        "Belum tercatat."
        in columns(browser.get("attendance.show_attendance", batch_id=scene.batch.id), "Siti")[0][
            "Keterangan"
        ]
    )


@pytest.mark.parametrize(
    ("attended", "open_hours", "is_open"),
    [(0, 25, True), (19, 3, True), (18, 3, False), (22, 3, False)],
)
def test_nothing_is_said_against_whom_the_rest_may_still_let_pass(attended, open_hours, is_open):
    found = facts(attended)
    verdict = verdicts(
        type(found)(found.attended_hours, 25, found.practice, found.asked, open_hours=open_hours)
    )[0]
    assert verdict.is_open is is_open


@pytest.mark.parametrize(
    ("there", "still_open", "expected"), [(1, 1, True), (0, 2, True), (0, 1, False), (2, 0, False)]
)
def test_field_practice_is_open_while_no_session_of_it_was_missed(there, still_open, expected):
    assert Practice(2, there, there, 2, open=still_open).may_be_done is expected


@pytest.mark.parametrize("score", ["79.99", "60.01", "60", "0"])
def test_below_the_pass_mark_nothing_else_divides(score):
    found = facts(score=Decimal(score), pass_mark=Decimal(80))
    assert suggest_outcome(verdicts(found), found.score) is O.FAILED


def test_the_rule_of_the_mark_is_said_where_it_is_asked(scene, browser):
    set_to(scene, 80)
    courses.set_pass_mark_of_curriculum(
        scene.batch.course.curriculum, Decimal(75), reason=WHY, by=scene.proposer
    )
    browser.sign_in(scene.proposer)
    rule = "Nilai akhir di bawah nilai lulus: tidak lulus. Nilai akhir belum diisi: ditunda."
    assert rule in browser.get("assessment.show_graduation", batch_id=scene.batch.id).text
    curriculum = scene.batch.course.curriculum
    text = browser.get(
        "courses.show_curriculum", tier_code=curriculum.tier.code, version=curriculum.version
    ).text
    assert rule in text
    assert "hadir di semua sesi PKL" in text


def test_an_approval_is_told_by_its_outcomes_and_by_who_is_told(scene, browser, outbox, db):
    scene.others[0].trainee.email = "siti@contoh.id"
    db.session.commit()
    meeting = propose(scene)
    browser.sign_in(scene.signer)
    assert "Setujui hasil rapat (2 lulus, 1 tidak lulus)." in browser.get("dashboard.home").text
    page = browser.get("assessment.show_meeting", graduation_id=meeting.id)
    assert "Sertifikat dapat diterbitkan" in page.text
    browser.post("assessment.approve_graduation", graduation_id=meeting.id)
    by_mail, by_hand = queries.count_notified(meeting)
    told = browser.get("assessment.show_meeting", graduation_id=meeting.id).text
    assert "Hasil rapat disetujui: 2 lulus, 1 tidak lulus." in told
    assert ("akan dikabari lewat email" in told, "masuk daftar Belum dikabari" in told) == (
        by_mail > 0,
        by_hand > 0,
    )
    assert f"disetujui oleh {scene.signer.label}: 2 lulus, 1 tidak lulus." in outbox()[1].body


def test_nobody_passes_and_no_certificate_is_promised(scene, browser, outbox):
    everybody = {each.id: O.DEFERRED for each in scene.others} | {scene.siti.id: O.DEFERRED}
    meeting = propose(scene, outcomes=everybody, notes=dict.fromkeys(everybody, "tugas menyusul"))
    browser.sign_in(scene.signer)
    assert (
        "Sertifikat dapat diterbitkan"
        not in browser.get("assessment.show_meeting", graduation_id=meeting.id).text
    )
    services.approve_graduation(meeting, by=scene.signer)
    assert not any("Sertifikat dapat diterbitkan" in message.body for message in outbox())


def test_all_missing_reasons_are_named_at_once(scene, browser):
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.propose_graduation", batch_id=scene.batch.id)
    data = {
        field["name"]: field.get("value", "")
        for field in page.soup.select("main form input")
        if field.get("name", "csrf_token") != "csrf_token"
    }
    data |= {f"outcome_{each.id}": "deferred" for each in (scene.siti, *scene.others)} | {
        "held_on": HELD.isoformat()
    }
    refused = browser.post("assessment.propose_graduation", batch_id=scene.batch.id, data=data, expect=422)
    assert refused.error.count("Peserta 02") == refused.error.count("Siti Aminah") == 1
    assert "Peserta 01, Peserta 02, Siti Aminah" in refused.error


def test_a_proposal_that_nobody_returned_is_not_called_returned(scene, browser):
    withdrawn = propose(scene)
    services.withdraw_graduation(withdrawn, "Nilai belum lengkap", by=scene.proposer)
    replaced = propose(scene)
    record_presences(scene.practice, {scene.others[0].id: Entry(Presence.ABSENT)}, by=scene.proposer)
    propose(scene)
    assert (withdrawn.status, replaced.status) == (GraduationStatus.WITHDRAWN, GraduationStatus.REPLACED)
    browser.sign_in(scene.signer)
    page = browser.get("assessment.return_graduation", graduation_id=replaced.id)
    assert "sudah berstatus Diganti" in page.text
    assert page.soup.find("textarea") is None


def test_after_the_approval_seats_lists_and_labels_say_one_number(scene, browser):
    services.approve_graduation(put_off(scene, scene.others[0]), by=scene.signer)
    held = list_enrollments(scene.batch)
    seated = count_seats(scene.batch.id)
    assert sum(count["seated"] for _region, count in count_by_kecamatan(held)) == seated
    browser.sign_in(scene.proposer)
    page = browser.get("enrollments.list_enrollments", batch_id=scene.batch.id).text
    assert seated == 3
    assert f"Mendapat tempat ({seated})" in page
    assert "Putuskan beberapa sekaligus" not in page
    passed = enrollments_of([scene.others[1].trainee_id])
    assert [str(label_of(each)) for each in passed] == ["Lulus"] * len(passed)


def test_only_those_who_get_a_certificate_are_named_without_a_place_of_practice(scene, browser):
    meeting = propose(scene)
    browser.sign_in(scene.signer)
    text = browser.get("assessment.approve_graduation", graduation_id=meeting.id).text
    assert "2 orang tidak tercatat di lokasi PKL" in text
    assert "lokasi PKL: Peserta 01, Peserta 02." in text


def test_the_batch_of_today_stands_first(make, scene, at):
    at(2026, 5, 20, 16, 30)  # its day has begun at the venue, half an hour before midnight in the west
    other = make.user(Role.KABUPATEN_DINAS)
    propose(scene)
    today = clock.today(scene.batch.zone)
    now = make.batch(scene.batch.course, starts_on=today, ends_on=today, status=scene.batch.status)
    assert [each.id for each in workspace.list_current_batches(other.reach(Permission.COURSE_SEE))][:2] == [
        now.id,
        scene.batch.id,
    ]


def test_sentences_stand_apart_and_abbreviations_keep_their_letters():
    assert (
        as_sentences(["Nilai akhir 45, syarat 60", "", "Remedial."]) == "Nilai akhir 45, syarat 60. Remedial."
    )
    assert (
        in_one_line(["PKL diikuti 3 dari 4 sesi.", "Hadir 20 JP"]) == "PKL diikuti 3 dari 4 sesi; hadir 20 JP"
    )
    assert full_stop("menurut datanya H. Bahruddin, S.Sos.") == "menurut datanya H. Bahruddin, S.Sos."
    assert describe_outcomes([O.DEFERRED, O.PASSED, O.PASSED]) == "2 lulus, 1 ditunda"
