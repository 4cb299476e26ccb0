"""What blocks the next step of a batch, from the empty plan to the SK; and the pages that read across."""

from dataclasses import replace
from datetime import date, time

import pytest

from app.assessment.rules import GraduationStatus
from app.auth.rules import Role
from app.certificates.rules import CertificateKind
from app.core import clock
from app.courses.acts import BatchState as B
from app.courses.rules import BatchStatus
from app.trainees.rules import TraineeStatus
from app.workspace import queries
from app.workspace.rail import StepState, rail
from app.workspace.rules import Progress, describe_when, duties, is_late, next_step

FIRST, LAST = date(2011, 5, 24), date(2011, 5, 27)
NEW = Progress(
    state=B.DRAFT,
    status=BatchStatus.DRAFT,
    quota=30,
    starts_on=FIRST,
    ends_on=LAST,
    applies_until=FIRST,
    today=date(2011, 5, 4),
    planned_hours=25,
    scheduled_hours=0,
    fieldwork_on=date(2011, 5, 26),
)
OPEN = replace(NEW, state=B.OPEN, status=BatchStatus.OPEN, scheduled_hours=25)
CLOSED = replace(OPEN, state=B.CLOSED, status=BatchStatus.CLOSED, seated=30)
RUNNING = replace(
    CLOSED, state=B.RUNNING, status=BatchStatus.RUNNING, places_granted=30, placed=30, today=LAST, entered=1
)
DONE = replace(RUNNING, state=B.OVER, presence_complete=True, today=date(2011, 5, 28))
PROPOSED = replace(
    DONE, state=B.PROPOSED, graduation=GraduationStatus.PROPOSED, proposed_as="28 lulus, 2 tidak lulus"
)
APPROVED = replace(DONE, state=B.APPROVED, graduation=GraduationStatus.APPROVED, earned=29, uncertified=29)
CERTIFIED = replace(APPROVED, state=B.CERTIFIED, uncertified=0, certificates=29)
FINISHED = replace(CERTIFIED, status=BatchStatus.FINISHED)
UNDECIDED = replace(DONE, state=B.FINISHED, status=BatchStatus.FINISHED)  # declared finished, no meeting yet
MISSING = (date(2011, 5, 24), time(9, 15))


def sentences(progress):
    return [str(duty.sentence) for duty in duties(progress)]


@pytest.mark.parametrize(
    ("progress", "words", "endpoint"),
    [
        (NEW, "Jadwal baru memuat 0 dari 25 JP.", "courses.show_schedule"),
        (replace(NEW, scheduled_hours=25), "Pendaftaran belum dibuka", "courses.open_batch"),
        (
            replace(NEW, scheduled_hours=25, refusal_to_open="Lengkapi"),
            "Pendaftaran belum dibuka",
            "courses.change_batch",
        ),
        (
            replace(NEW, today=date(2011, 6, 1)),
            "masih draf, padahal tanggalnya sudah lewat",
            "courses.change_batch",
        ),
        (replace(OPEN, awaiting=4), "4 pendaftaran menunggu keputusan.", "enrollments.list_enrollments"),
        (replace(OPEN, seated=12), "18 dari 30 tempat masih kosong.", "enrollments.list_enrollments"),
        (replace(OPEN, seated=30), "Semua tempat sudah terisi.", "courses.close_batch"),
        (replace(CLOSED, untold=3), "3 orang belum dikabari.", "workspace.list_notices"),
        (
            replace(CLOSED, placed=30, unfit=2),
            "2 peserta tidak lagi memenuhi syarat.",
            "workspace.list_unfit",
        ),
        (CLOSED, "Tempat PKL kurang untuk 30 peserta.", "fieldwork.show_fieldwork"),
        (
            replace(CLOSED, visits_waiting=1),
            "Lokasi PKL belum menjawab permohonan.",
            "fieldwork.show_fieldwork",
        ),
        (
            replace(CLOSED, places_granted=30),
            "30 peserta belum masuk kelompok PKL.",
            "fieldwork.show_fieldwork",
        ),
        (
            replace(RUNNING, first_missing=MISSING),
            "Daftar hadir Selasa, 24 Mei 2011, pagi, belum diisi.",
            "attendance.show_attendance",
        ),
        (
            replace(DONE, presence_complete=False, entered=0, first_missing=MISSING),
            "sudah berakhir, kehadiran belum diisi",
            "attendance.show_attendance",
        ),
        (UNDECIDED, "Kelulusan 30 peserta belum diusulkan.", "assessment.show_graduation"),
        (
            replace(UNDECIDED, presence_complete=False, entered=0, first_missing=MISSING),
            "atau batalkan bila tidak jadi dilaksanakan",
            "attendance.show_attendance",
        ),
        (replace(DONE, seated=0), "sudah berakhir tanpa peserta", "courses.cancel_batch"),
        (
            replace(RUNNING, presence_complete=True),
            "Kelulusan 30 peserta belum diusulkan.",
            "assessment.show_graduation",
        ),
        (DONE, "Kelulusan 30 peserta belum diusulkan.", "assessment.show_graduation"),
        (
            replace(DONE, graduation=GraduationStatus.RETURNED),
            "Usulan kelulusan dikembalikan.",
            "assessment.show_graduation",
        ),
        (PROPOSED, "Setujui hasil rapat (28 lulus, 2 tidak lulus).", "assessment.show_meeting"),
        (
            replace(PROPOSED, is_overtaken=True, awaiting=2),
            "Data berubah sejak kelulusan diusulkan",
            "assessment.propose_graduation",
        ),
        (
            replace(RUNNING, graduation=GraduationStatus.PROPOSED),
            "Setujui hasil rapat",
            "assessment.show_meeting",
        ),
        (APPROVED, "29 sertifikat belum terbit.", "certificates.list_certificates"),
        (replace(CERTIFIED, deferred=2), "Rapat susulan untuk 2 orang", "assessment.show_graduation"),
        (replace(FINISHED, candidates=2), "2 lulusan masih calon PSM", "workspace.appoint_graduates"),
        (CERTIFIED, "Semua hasil angkatan ini sudah ada.", "courses.finish_batch"),
        (replace(NEW, state=B.CANCELLED, untold=5), "5 orang belum dikabari.", "workspace.list_notices"),
    ],
)
def test_the_first_duty_says_what_is_to_be_done_and_leads_to_the_act_itself(progress, words, endpoint):
    duty = next_step(progress)
    assert duty is not None
    assert words in str(duty.sentence)
    assert duty.endpoint == endpoint


@pytest.mark.parametrize(
    "progress",
    [
        FINISHED,
        replace(FINISHED, certificates=27),  # two were revoked: they had one
        replace(NEW, state=B.CANCELLED),
        replace(CLOSED, places_granted=30, placed=30),
        replace(
            OPEN, quota=30, today=date(2011, 5, 25), state=B.OPEN, fieldwork_on=None
        ),  # nobody can apply any more
    ],
)
def test_where_nothing_is_left_to_do_nothing_is_asked(progress):
    assert duties(progress) == []


@pytest.mark.parametrize(
    ("progress", "unsaid"),
    [
        (replace(APPROVED, placed=0, places_granted=0), "Tempat PKL"),  # the day of field practice has passed
        (replace(CERTIFIED, placed=0, places_granted=0), "Tempat PKL"),
        (replace(RUNNING, placed=0, places_granted=0, today=LAST), "Tempat PKL"),
        (replace(RUNNING, presence_complete=True), "Semua hasil"),  # the graduation can still be put right
        (PROPOSED, "Semua hasil"),
        (replace(CERTIFIED, deferred=1), "Semua hasil"),
        (APPROVED, "Semua hasil"),
        (replace(CERTIFIED, scheduled_hours=20), "Jadwal baru memuat"),
        (replace(CERTIFIED, awaiting=3, unfit=2), "menunggu keputusan"),
        (
            replace(DONE, presence_complete=False, first_missing=MISSING),
            "belum diusulkan",
        ),  # not possible yet
        (replace(DONE, scheduled_hours=20), "belum diusulkan"),
        (replace(NEW, today=date(2011, 6, 1)), "Pendaftaran belum dibuka"),
    ],
)
def test_what_is_done_or_impossible_is_not_on_the_list(progress, unsaid):
    assert not [sentence for sentence in sentences(progress) if unsaid in sentence]


def test_the_duties_stand_in_the_order_of_their_days():
    busy = replace(
        OPEN,
        seated=12,
        awaiting=2,
        awaiting_since=date(2011, 5, 3),
        untold=1,
        untold_since=date(2011, 5, 2),
        scheduled_hours=20,
    )
    found = duties(busy)
    assert [duty.due for duty in found] == sorted(duty.due for duty in found)
    assert sentences(busy) == [
        "1 orang belum dikabari.",
        "2 pendaftaran menunggu keputusan.",
        "Jadwal baru memuat 20 dari 25 JP.",
        "18 dari 30 tempat masih kosong.",
    ]


def test_an_empty_batch_of_next_year_comes_after_the_presence_of_today():
    january = replace(
        NEW,
        starts_on=date(2011, 9, 10),
        ends_on=date(2011, 9, 13),
        applies_until=date(2011, 9, 10),
        today=LAST,
    )
    today = replace(RUNNING, first_missing=(LAST, time(8, 0)))
    assert next_step(today).due < next_step(january).due


def test_a_record_of_the_past_is_not_late_by_years():
    entered_late = replace(DONE, is_record=True, today=date(2026, 11, 29))
    assert next_step(entered_late).due == date(2026, 11, 29)
    assert next_step(replace(entered_late, is_record=False)).due == LAST


def test_a_notice_waits_since_its_own_day_in_a_record_of_the_past_too():
    record = replace(DONE, is_record=True, untold=2, untold_since=date(2027, 4, 23), today=date(2028, 1, 5))
    telling = next(duty for duty in duties(record) if "belum dikabari" in str(duty.sentence))
    assert str(describe_when(telling.due, record.today)) == "Seharusnya 23 April 2027"


@pytest.mark.parametrize(
    ("day", "words"),
    [(FIRST, "Hari ini"), (LAST, "Paling lambat"), (date(2011, 5, 1), "Seharusnya 1 Mei 2011")],
)
def test_the_day_is_said_as_it_is_read_today(day, words):
    assert words in str(describe_when(day, FIRST))


def test_the_rail_shows_one_step_as_now_and_reads_the_same_list():
    states = [step.state for step in rail(CLOSED)]
    assert states.count(StepState.NOW) == 1
    assert states[:3] == [StepState.DONE, StepState.DONE, StepState.NOW]
    assert {step.state for step in rail(FINISHED)} == {StepState.DONE}
    unheld = rail(replace(UNDECIDED, presence_complete=False, entered=0, first_missing=MISSING))
    assert [step.state for step in unheld] == [StepState.DONE] * 3 + [StepState.NOW] + [StepState.LATER] * 2
    assert {step.state for step in rail(replace(FINISHED, certificates=0, placed=0, was_practised=True))} == {
        StepState.DONE
    }


def test_a_batch_that_ended_before_its_field_practice_has_not_placed_anybody():
    assert rail(replace(FINISHED, fieldwork_on=FINISHED.today, placed=0))[2].state is not StepState.DONE
    unplaced = rail(replace(FINISHED, placed=0, was_practised=True))[2]
    assert (unplaced.state, str(unplaced.note)) == (StepState.DONE, "kehadiran tercatat tanpa penempatan")


@pytest.mark.parametrize("progress", [UNDECIDED, FINISHED, replace(RUNNING, today=LAST)])
def test_a_field_practice_at_which_nobody_was_placed_is_not_done(progress):
    missed = rail(replace(progress, fieldwork_on=FIRST, placed=0))[2]
    assert (missed.state, str(missed.note)) == (StepState.LATER, "hari PKL lewat, tidak ada yang ditempatkan")
    assert rail(replace(progress, fieldwork_on=FIRST, placed=1))[2].state is StepState.DONE


def test_a_plan_without_its_hours_is_not_done():
    plan = rail(replace(OPEN, scheduled_hours=0, planned_hours=40))[0]
    assert (plan.state, str(plan.note)) == (StepState.NOW, "40 dari 40 JP belum dijadwalkan")


@pytest.mark.parametrize(
    ("progress", "number", "said"),
    [
        (replace(OPEN, quota=31, seated=30), 1, "1 dari 31 tempat masih kosong"),
        (replace(OPEN, quota=31, seated=30, awaiting=2), 1, "2 pendaftaran menunggu keputusan"),
        (replace(CLOSED, unfit=2), 1, "2 peserta tidak lagi memenuhi syarat"),
        (replace(CLOSED, quota=31), 1, "30 dari 31 tempat terisi"),
        (replace(OPEN, scheduled_hours=20), 0, "5 dari 25 JP belum dijadwalkan"),
        (OPEN, 0, "25 dari 25 JP"),
        (replace(CLOSED, placed=29), 2, "1 dari 30 peserta belum ditempatkan"),
        (replace(CLOSED, placed=30), 2, "30 dari 30 ditempatkan"),
    ],
)
def test_a_step_that_is_not_done_says_in_words_what_it_lacks(progress, number, said):
    assert str(rail(progress)[number].note) == said


def test_what_was_due_before_the_batch_was_entered_is_not_late():
    assert describe_when(FIRST, LAST, recorded_on=LAST) is None
    assert str(describe_when(FIRST, LAST, recorded_on=FIRST)) == "Seharusnya 24 Mei 2011"
    assert (is_late(FIRST, LAST, recorded_on=LAST), is_late(FIRST, LAST, recorded_on=FIRST)) == (False, True)


def test_of_a_batch_that_ended_without_participants_nothing_is_done_or_goes_on():
    steps = rail(replace(DONE, seated=0, placed=0, presence_complete=False))
    states = [step.state for step in steps]
    assert states == [StepState.DONE, *[StepState.BLOCKED] * 5]
    assert str(steps[1].note) == "berakhir tanpa peserta"


def test_a_batch_that_was_called_off_has_one_blocked_step():
    assert [step.state for step in rail(replace(NEW, state=B.CANCELLED))] == [StepState.BLOCKED]


def test_the_progress_of_a_batch_is_read_from_what_happened(make):
    batch = make.batch(
        make.course(), starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 7), status=BatchStatus.RUNNING
    )
    session = make.session(batch, lesson_hours=4)
    attendee = make.attendee(batch)
    make.enrollment(batch)
    progress = queries.progress_of(batch)
    assert (progress.planned_hours, progress.scheduled_hours, progress.seated, progress.awaiting) == (
        4,
        4,
        1,
        1,
    )
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


@pytest.mark.parametrize(
    ("role", "opens"), [(Role.IPSM_OFFICER, False), (Role.TKSK, True), (Role.KABUPATEN_DINAS, True)]
)
def test_the_person_page_links_to_certificates_for_those_who_may_open_them(make, browser, role, opens):
    certificate = make.certificate()
    certificate.trainee.renamed_at, certificate.trainee.name = (
        clock.now(),
        "Nama Yang Dibetulkan",
    )  # so that it is to be replaced
    browser.sign_in(make.user(role, region="63.05.06" if role is Role.TKSK else "63.05"))

    page = browser.get("workspace.show_trainee", trainee_id=certificate.trainee_id)

    links = [link["href"] for link in page.soup.main.select("a[href^='/certificates/']")]
    assert certificate.number in page.text
    assert "memuat nama yang lama" in page.text
    assert links == [f"/certificates/{certificate.id}"] * (2 if opens else 0)
    browser.get("certificates.show_certificate", certificate_id=certificate.id, expect=200 if opens else 404)


SK = {"number": "188.45/7", "dated_on": "2020-01-04", "signer_name": "Bupati Tapin"}


@pytest.fixture
def graduates(make):
    """Two of one name in two desa, who hold a certificate of one batch and are still calon PSM; and others of
    the batch.
    """
    batch = make.batch()
    people = [
        make.trainee(name="Siti Aminah", desa=desa, status=TraineeStatus.CANDIDATE)
        for desa in ("63.05.06.2001", "63.05.01.1001")
    ]
    for person in (*people, make.trainee(name="Sudah Aktif")):
        make.certificate(make.attendee(batch, person))
    revoked = make.trainee(name="Dicabut", status=TraineeStatus.CANDIDATE)
    day = clock.today(batch.zone)
    make.certificate(
        make.attendee(batch, revoked),
        revoked_at=clock.now(),
        revoked_on=day,
        revoked_reason="Salah orang",
        revoked_by_id=1,
    )
    make.attendee(batch, make.trainee(name="Tidak Lulus", status=TraineeStatus.CANDIDATE))
    attended = make.trainee(name="Telah Mengikuti", status=TraineeStatus.CANDIDATE)
    make.certificate(make.attendee(batch, attended), kind=CertificateKind.PARTICIPATION)
    make.trainee(name="Orang Lain", status=TraineeStatus.CANDIDATE)
    return batch, people


def ticked(page):
    return {box["value"] for box in page.soup.select("input[name=trainees][checked]")}


def test_the_graduates_of_a_batch_are_proposed_as_a_whole_and_made_psm_in_one_press(
    make, browser, graduates, db
):
    batch, people = graduates
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    waiting = replace(CERTIFIED, candidates=queries.progress_of(batch).candidates)
    step = next_step(waiting)
    assert (step.endpoint, str(step.sentence)[:19]) == ("workspace.appoint_graduates", "2 lulusan masih cal")

    page = browser.get("workspace.appoint_graduates", batch_id=batch.id)

    assert ticked(page) == {str(each.id) for each in people}
    assert {box["value"] for box in page.soup.select("input[name=trainees]")} == ticked(page)
    labels = [" ".join(label.get_text(" ").split()) for label in page.soup.select(".pick-list label")]
    assert len(set(labels)) == 2
    assert "Siti Aminah Desa Keladan, Kecamatan Candi Laras Utara · Calon PSM" in labels
    done = browser.post(
        "workspace.appoint_graduates", batch_id=batch.id, data={**SK, "trainees": sorted(ticked(page))}
    )
    assert "2 orang yang diangkat" in browser.get(done.location).text
    db.session.expire_all()
    assert {each.status for each in people} == {TraineeStatus.ACTIVE}
    assert queries.progress_of(batch).candidates == 0
    assert (
        "Tidak ada lulusan yang menunggu SK"
        in browser.get("workspace.appoint_graduates", batch_id=batch.id).text
    )


def test_the_address_of_the_sk_with_a_batch_leads_to_its_graduates(make, browser, graduates):
    batch, _people = graduates
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    assert (
        browser.get(f"/appointments/new?batch={batch.id}", expect=303).location
        == f"/batches/{batch.id}/appointment"
    )


def test_who_cannot_be_named_says_why_beside_the_name_and_what_was_ticked_stays(make, browser, graduates, db):
    batch, people = graduates
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    made = make.trainee(name="Baru Diangkat", since=date(2026, 3, 2))
    sent = [str(each.id) for each in (*people, made)]

    page = browser.post(
        "workspace.appoint_graduates", batch_id=batch.id, data={**SK, "trainees": sent}, expect=422
    )

    assert page.error.endswith(
        "1 dari 3 orang yang dicentang belum dapat diangkat dengan SK ini; alasannya di samping namanya."
    )
    assert ticked(page) == set(sent)
    row = page.soup.select_one(f"#trainees-{made.id}")
    assert row.has_attr("disabled")
    assert "PSM aktif; yang diangkat hanya" in page.soup.select_one(f"#trainees-{made.id}-why").get_text()
    assert len(page.soup.select(".pick-why")) == 1
    assert page.soup.select_one("#number")["value"] == SK["number"]
    db.session.expire_all()
    assert {each.status for each in people} == {TraineeStatus.CANDIDATE}


def test_a_merged_graduate_is_proposed_once_as_the_record_that_counts(make, browser, graduates, db):
    batch, people = graduates
    people[0].canonical_id = people[1].id
    db.session.commit()
    assert [each.id for each in queries.list_graduates_to_appoint(batch)] == [people[1].id]
    assert queries.progress_of(batch).candidates == 1


def test_graduates_of_another_kabupaten_are_listed_and_named_to_whom_they_belong(make, browser):
    batch = make.batch(make.course(make.organiser("63"), "madya"))
    person = make.trainee(status=TraineeStatus.CANDIDATE)
    make.certificate(make.attendee(batch, person))
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))

    page = browser.get("workspace.appoint_graduates", batch_id=batch.id)

    assert ticked(page) == set()
    assert page.soup.select_one(f"#trainees-{person.id}").has_attr("disabled")
    assert "dicatat oleh dinas sosial Kabupaten Tapin" in page.soup.select_one(".pick-why").get_text()
    assert not page.soup.select("main form button[type=submit]")
    refused = browser.post(
        "workspace.appoint_graduates", batch_id=batch.id, data={**SK, "trainees": [person.id]}, expect=422
    )
    assert person.status is TraineeStatus.CANDIDATE
    assert refused.error


@pytest.mark.parametrize(
    ("role", "region"), [(Role.KABUPATEN_DINAS, "33.74"), (Role.TKSK, "63.05.06"), (Role.COMMITTEE, "63.05")]
)
def test_only_the_office_of_the_batch_that_appoints_opens_the_page(make, browser, graduates, role, region):
    batch, people = graduates
    browser.sign_in(make.user(role, region))
    browser.get("workspace.appoint_graduates", batch_id=batch.id, expect=404)
    browser.post(
        "workspace.appoint_graduates", batch_id=batch.id, data={**SK, "trainees": [people[0].id]}, expect=404
    )
