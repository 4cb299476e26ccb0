"""One line a person: each rule with its number, tests, suggestion and decision apart; what was overwritten;
readable for ever.
"""

from datetime import date, time
from decimal import Decimal

import pytest

from app.assessment import services
from app.assessment.rules import MarkKind, ResultOutcome
from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.courses import services as courses
from app.courses.queries import list_subjects
from app.courses.rules import BatchStatus, SessionKind
from tests.assessment.test_whole_life import columns

HELD = date(2011, 5, 27)


def mark(scene, kind, value, who=None, by=None):
    services.record_marks(
        scene.batch, kind, {(who or scene.others[0]).id: value and Decimal(value)}, by=by or scene.proposer
    )


def row(browser, scene, name="Peserta 01"):
    return columns(browser.get("assessment.show_graduation", batch_id=scene.batch.id), name)[0]


@pytest.fixture
def graded(build):
    """The scene of a course that asks for 60, with tests and a mark of 40 for Peserta 01, and 80 for the
    other.
    """
    scene = build(pass_mark=Decimal(60))
    for kind, value in ((MarkKind.PRETEST, 35), (MarkKind.POSTTEST, "62.5"), (MarkKind.FINAL, 40)):
        mark(scene, kind, value)
    mark(scene, MarkKind.FINAL, 85, scene.others[1])
    return scene


def test_each_rule_and_each_test_has_its_column_with_its_number(browser, graded):
    browser.sign_in(graded.proposer)
    cells = row(browser, graded)
    assert cells.pop("Nama").endswith("Peserta 01")
    assert cells == {
        "Pre-test": "35",
        "Post-test": "62,5",
        "Kehadiran, syarat 85 %": "memenuhi 25/25 JP (100 %)",
        "PKL": "memenuhi 5/5 JP; lokasinya tidak dicatat",
        "Nilai akhir, syarat 60": "belum memenuhi Nilai akhir 40, syarat 60",
        "Menurut syarat": "Tidak lulus",
    }
    assert row(browser, graded, "Peserta 02")["Nilai akhir, syarat 60"] == "memenuhi 85, Memuaskan"
    assert (
        "belum memenuhi Hadir 20 dari 25 JP (80 %), syarat 85 %."
        in row(browser, graded, "Siti")["Kehadiran, syarat 85 %"]
    )


def test_the_word_of_the_scale_does_not_stand_beside_a_result_that_it_contradicts(browser, scene):
    mark(scene, MarkKind.FINAL, 40)
    mark(scene, MarkKind.FINAL, 65, scene.others[1])
    browser.sign_in(scene.proposer)
    page = browser.get("assessment.show_graduation", batch_id=scene.batch.id)
    assert row(browser, scene)["Nilai akhir"] == "40"
    assert row(browser, scene)["Menurut syarat"] == "Lulus"
    assert row(browser, scene, "Peserta 02")["Nilai akhir"] == "65"
    assert "Tidak Memuaskan" not in page.text
    assert "Nilai akhir tidak menjadi syarat: nilai berapa pun tidak mengubah hasilnya." in page.text


def test_after_the_approval_every_line_stays_with_the_decision_of_the_meeting(browser, graded):
    person = graded.others[1]
    graduation = services.propose_graduation(
        graded.batch,
        held_on=HELD,
        by=graded.proposer,
        outcomes={person.id: ResultOutcome.DEFERRED},
        notes={person.id: "tugas menyusul"},
    )
    browser.sign_in(graded.proposer)
    waits = row(browser, graded, "Peserta 02")
    assert (waits["Menurut syarat"], waits["Keputusan rapat"], waits["Alasan bila berbeda"]) == (
        "Lulus",
        "Ditunda diusulkan",
        "tugas menyusul",
    )
    services.approve_graduation(graduation, by=graded.signer)

    kept = row(browser, graded, "Peserta 02")
    assert (kept["Menurut syarat"], kept["Keputusan rapat"], kept["Alasan bila berbeda"]) == (
        "Lulus",
        "Ditunda",
        "tugas menyusul",
    )
    assert row(browser, graded)["Keputusan rapat"] == "Tidak lulus"
    assert row(browser, graded)["Post-test"] == "62,5"


def test_marks_are_read_where_they_cannot_be_changed_any_more(browser, graded, db):
    services.approve_graduation(
        services.propose_graduation(graded.batch, held_on=HELD, by=graded.proposer), by=graded.signer
    )
    courses.finish_batch(graded.batch, by=graded.proposer)
    assert graded.batch.status is BatchStatus.FINISHED
    browser.sign_in(graded.proposer)
    page = browser.get("assessment.record_marks", batch_id=graded.batch.id, kind="posttest")
    assert [cells["Post-test"] for cells in columns(page, "Peserta 01")] == ["62,5"]
    assert page.soup.select("main form") == []
    assert row(browser, graded)["Nilai akhir, syarat 60"].endswith("Nilai akhir 40, syarat 60")


def test_a_mark_that_was_overwritten_stays_to_be_read_with_who_and_when(browser, graded, make, at):
    other = make.user(Role.COMMITTEE, name="Panitia Dua")
    at(2011, 5, 28, 1)  # 09.00 at the venue
    mark(graded, MarkKind.FINAL, "66.5", by=other)
    at(2011, 5, 28, 2)
    mark(graded, MarkKind.POSTTEST, None)
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))  # reads, and writes nothing
    page = browser.get("assessment.show_graduation", batch_id=graded.batch.id)
    assert "Nilai yang pernah diubah (2)" in page.text
    taken, changed = columns(page, "Peserta 01")[1:]
    assert (taken["Jenis nilai"], taken["Semula"], taken["Menjadi"]) == ("Post-test", "62,5", "dihapus")
    assert {name: changed[name] for name in ("Jenis nilai", "Semula", "Menjadi", "Diubah oleh")} == {
        "Jenis nilai": "Nilai akhir",
        "Semula": "40",
        "Menjadi": "66,5",
        "Diubah oleh": "Panitia Dua",
    }
    assert "28 Mei 2011" in changed["Waktu"]
    assert "09.00" in changed["Waktu"]


def test_jp_that_go_with_a_session_are_said_at_the_press_and_among_the_duties(browser, scene):
    session = scene.sessions[-1]
    holds_up = (
        "Jadwal memuat 22 dari 25 JP kurikulum. Kelulusan baru dapat diusulkan sesudah 3 JP itu dijadwalkan."
    )
    browser.sign_in(scene.proposer)
    assert holds_up in browser.get("courses.cancel_session", session_id=session.id).text
    done = browser.post("courses.cancel_session", session_id=session.id, data={"reason": "Narasumber sakit"})
    assert f"Sesi dibatalkan. {holds_up}" in browser.get(done.location).text
    assert holds_up in browser.get("workspace.show_batch", batch_id=scene.batch.id).text
    with pytest.raises(RuleViolation, match="Jadwal memuat 22 JP, kurikulum 25 JP"):
        services.propose_graduation(scene.batch, held_on=HELD, by=scene.proposer)


def test_a_session_without_jp_holds_nothing_up(browser, scene, make):
    ceremony = make.session(
        scene.batch,
        kind=SessionKind.CEREMONY,
        lesson_hours=0,
        held_on=date(2011, 5, 27),
        starts_at=time(14),
        ends_at=time(15),
    )
    browser.sign_in(scene.proposer)
    assert "Kelulusan tertahan" not in browser.get("courses.cancel_session", session_id=ceremony.id).text
    done = browser.post(
        "courses.cancel_session", session_id=ceremony.id, data={"reason": "Tidak jadi upacara"}
    )
    assert "Kelulusan baru dapat diusulkan" not in browser.get(done.location).text


def test_fewer_jp_of_a_session_are_said_when_they_are_saved(browser, scene):
    session = scene.sessions[0]
    browser.sign_in(scene.proposer)
    data = {
        "held_on": "2011-05-24",
        "starts_at": "08:00",
        "ends_at": "12:00",
        "kind": "material",
        "lesson_hours": "3",
        "title": "Kebijakan",
        "presence": "keep",
        "subject_id": list_subjects(scene.batch.course.curriculum)[0].id,
    }
    done = browser.post("courses.change_session", session_id=session.id, data=data)
    assert "Sesi tersimpan. Jadwal memuat 24 dari 25 JP kurikulum." in browser.get(done.location).text
