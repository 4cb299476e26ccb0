"""What blocks the next step of a batch, from the empty plan to the SK; and the pages that read across."""

from dataclasses import replace
from datetime import date, time

import pytest

from app.assessment.rules import GraduationStatus
from app.auth.rules import Role
from app.courses.rules import BatchStatus
from app.workspace import queries
from app.workspace.rules import Progress, StepState, next_step, rail

NEW = Progress(
    status=BatchStatus.DRAFT, quota=30, starts_on=date(2011, 5, 24), ends_on=date(2011, 5, 27), today=date(2011, 5, 4), planned_hours=25,
    scheduled_hours=0, awaiting=0, seated=0, has_fieldwork=True, visits_waiting=0, places_granted=0, placed=0, first_missing=None,
    presence_complete=False, graduation=None, graduated=0, certificates=0, candidates=0,
)  # fmt: skip
OPEN = replace(NEW, status=BatchStatus.OPEN, scheduled_hours=25)
CLOSED = replace(OPEN, status=BatchStatus.CLOSED, seated=30)
RUNNING = replace(CLOSED, status=BatchStatus.RUNNING, places_granted=30, placed=30, today=date(2011, 5, 27))
DONE = replace(RUNNING, status=BatchStatus.FINISHED, presence_complete=True)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (NEW, "Jadwal baru memuat 0 dari 25 JP."),
        (replace(NEW, scheduled_hours=25), "Pendaftaran belum dibuka"),
        (replace(OPEN, awaiting=4), "4 pendaftaran menunggu keputusan."),
        (replace(OPEN, seated=12), "18 dari 30 tempat masih kosong."),
        (replace(OPEN, seated=30), "Semua tempat sudah terisi."),
        (CLOSED, "Tempat PKL kurang untuk 30 peserta."),
        (replace(CLOSED, visits_waiting=1), "Lokasi PKL belum menjawab permohonan."),
        (replace(CLOSED, places_granted=30), "30 peserta belum masuk kelompok PKL."),
        (replace(CLOSED, places_granted=30, placed=30, today=date(2011, 5, 24)), "Hari pertama sudah tiba."),
        (replace(RUNNING, first_missing=(date(2011, 5, 24), time(9, 15))), "Daftar hadir Selasa, 24 Mei 2011, pagi, belum diisi."),
        (replace(RUNNING, presence_complete=True), "Hari terakhir sudah lewat dan daftar hadir lengkap."),
        (DONE, "Kelulusan 30 peserta belum diusulkan."),
        (replace(DONE, graduation=GraduationStatus.PROPOSED), "menunggu persetujuan"),
        (replace(DONE, graduation=GraduationStatus.APPROVED, graduated=29), "29 sertifikat belum terbit."),
        (replace(DONE, graduation=GraduationStatus.APPROVED, graduated=29, certificates=29, candidates=2), "2 lulusan masih calon PSM"),
    ],
)
def test_the_next_step_says_what_blocks(progress, words):
    step = next_step(progress)
    assert step is not None
    assert words in str(step.sentence)


@pytest.mark.parametrize(
    "progress",
    [
        replace(DONE, graduation=GraduationStatus.APPROVED, graduated=29, certificates=29),
        replace(NEW, status=BatchStatus.CANCELLED),
        replace(CLOSED, places_granted=30, placed=30),
    ],
)
def test_where_nothing_is_left_to_do_nothing_is_asked(progress):
    assert next_step(progress) is None


def test_the_rail_shows_one_step_as_now():
    states = [step.state for step in rail(CLOSED)]
    assert states.count(StepState.NOW) == 1
    assert states[:3] == [StepState.DONE, StepState.DONE, StepState.NOW]
    assert {step.state for step in rail(replace(DONE, graduation=GraduationStatus.APPROVED, graduated=2, certificates=2))} == {
        StepState.DONE
    }


def test_the_progress_of_a_batch_is_read_from_what_happened(make):
    batch = make.batch(make.course(), starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7), status=BatchStatus.RUNNING)
    session = make.session(batch, lesson_hours=4)
    attendee = make.attendee(batch)
    make.enrollment(batch)
    progress = queries.progress_of(batch)
    assert (progress.planned_hours, progress.scheduled_hours, progress.seated, progress.awaiting) == (4, 4, 1, 1)
    assert progress.first_missing == (session.held_on, session.starts_at)
    make.attendance(session, attendee)
    assert queries.progress_of(batch).presence_complete


def test_progress_costs_the_same_for_one_and_for_thirty(make, count_queries):
    costs = []
    for people in (1, 30):
        batch = make.batch()
        make.session(batch)
        for _number in range(people):
            make.enrollment(batch)
        with count_queries() as counted:
            queries.progress_of(batch)
        costs.append(counted())
    assert costs[0] == costs[1]


def test_the_workspace_and_the_person_page_open_for_the_office_and_for_no_other(make, browser):
    certificate = make.certificate()
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    assert certificate.batch.code in browser.get("workspace.show_batch", batch_id=certificate.batch_id).text
    page = browser.get("workspace.show_trainee", trainee_id=certificate.trainee_id)
    assert certificate.number in page.text
    assert certificate.trainee.nik not in page.text
    browser.sign_out()
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, region="33.74"))
    browser.get("workspace.show_batch", expect=404, batch_id=certificate.batch_id)
    browser.get("workspace.show_trainee", expect=404, trainee_id=certificate.trainee_id)
