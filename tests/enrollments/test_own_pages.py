"""What a volunteer does on the own pages: enrol, see, answer, withdraw."""

from datetime import date, timedelta

import pytest

from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.courses.rules import Admission, BatchStatus
from app.enrollments import queries, services
from app.enrollments.rules import EnrollmentStatus
from tests.factories import KALSEL

S = EnrollmentStatus


@pytest.fixture
def officer(make, browser):
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


@pytest.fixture
def volunteer(make, browser):
    user = make.user()
    browser.sign_in(user)
    return make.trainee(user=user)


def test_a_volunteer_enrols_and_sees_where_she_stands(make, browser, volunteer):
    batch = make.batch()

    assert "Anda dapat mengikuti diklat ini" in browser.get("enrollments.enroll_self", batch_id=batch.id).text
    browser.post("enrollments.enroll_self", batch_id=batch.id)

    assert queries.list_enrollments(batch)[0].trainee_id == volunteer.id
    page = browser.get("enrollments.list_own_enrollments")
    assert "Pendaftaran Anda terkirim" in page.text
    assert "Diajukan" in page.text
    page = browser.post("enrollments.enroll_self", batch_id=batch.id, expect=409)
    assert "Sudah terdaftar" in page.error


def test_a_volunteer_of_a_full_automatic_batch_is_told_her_place(make, browser, volunteer):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    make.enrollment(batch, status=S.CONFIRMED)

    assert "cadangan ke-1" in browser.get("enrollments.enroll_self", batch_id=batch.id).text
    browser.post("enrollments.enroll_self", batch_id=batch.id)

    assert (
        "Semua tempat (1) sudah terisi. Anda cadangan ke-1."
        in browser.get("enrollments.list_own_enrollments").text
    )


def test_what_is_missing_is_said_before_anybody_tries(make, browser, volunteer):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    make.batch(starts_on=clock.today("Asia/Makassar") + timedelta(days=3))

    page = browser.get("enrollments.enroll_self", batch_id=batch.id)

    assert "Diklat dasar terdekat" in page.text
    assert page.soup.select("main form") == []
    assert (
        "belum ada sertifikat dasar"
        in browser.post("enrollments.enroll_self", batch_id=batch.id, expect=422).text
    )


def test_who_is_signed_out_begins_with_the_first_question_and_may_sign_in_instead(make, browser):
    batch = make.batch()

    start = browser.get("enrollments.enroll_self", batch_id=batch.id, expect=303)
    page = browser.get(browser.get(start.location, expect=303).location)
    assert page.h1 == "Berapa NIK Anda?"
    assert (
        f"next=/batches/{batch.id}/enroll"
        in page.soup.find("a", string="Masuk", href=lambda way: "next" in way)["href"]
    )

    browser.post("enrollments.enroll_self", batch_id=batch.id, expect=302)
    browser.get("enrollments.enroll_self", batch_id=make.batch(status=BatchStatus.DRAFT).id, expect=404)
    closed = browser.get("enrollments.enroll_self", batch_id=make.batch(status=BatchStatus.CLOSED).id)
    assert "Pendaftaran angkatan ini sudah ditutup." in closed.text
    assert queries.list_enrollments(batch) == []


def test_a_known_person_checks_her_data_and_puts_phone_and_address_right(make, browser, volunteer, db):
    volunteer.phone, volunteer.address, volunteer.birth_place = "+6281200000001", "RT 01", "Rantau"
    db.session.commit()
    batch = make.batch()

    page = browser.get("enrollments.enroll_self", batch_id=batch.id)
    assert page.h1 == "Periksa data Anda"
    assert page.soup.find(id="phone")["value"] == "0812-0000-0001"
    refused = browser.post(
        "enrollments.enroll_self", batch_id=batch.id, data={"phone": "0812", "address": "RT 09"}, expect=422
    )
    assert refused.soup.find(id="address")["value"] == "RT 09"
    assert queries.list_enrollments(batch) == []

    browser.post(
        "enrollments.enroll_self", batch_id=batch.id, data={"phone": "0812 0000 0002", "address": "RT 09"}
    )
    assert (volunteer.phone, volunteer.address, volunteer.birth_place) == (
        "+6281200000002",
        "RT 09",
        "Rantau",
    )
    assert len(queries.list_enrollments(batch)) == 1


def test_a_refused_application_of_a_known_person_changes_nothing(make, browser, volunteer, db):
    volunteer.phone = "+6281200000001"
    db.session.commit()
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    browser.post("enrollments.enroll_self", batch_id=batch.id, data={"phone": "0812 0000 0002"}, expect=422)
    with pytest.raises(RuleViolation):
        services.enroll_oneself(batch, volunteer, phone="+6281200000003", address="", by=volunteer.user)
    db.session.expire_all()
    assert volunteer.phone == "+6281200000001"


def test_an_account_without_a_record_is_told_so(make, browser, officer):
    batch = make.batch()

    assert "belum terhubung" in browser.get("enrollments.enroll_self", batch_id=batch.id).text
    browser.post("enrollments.enroll_self", batch_id=batch.id, expect=422)
    assert "belum terhubung" in browser.get("enrollments.list_own_enrollments").text


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        (S.OFFERED, "accepted", S.CONFIRMED),
        (S.ACCEPTED, "confirmed", S.CONFIRMED),
        (S.CALLED, "confirmed", S.CONFIRMED),
        (S.RETURNED, "submitted", S.SUBMITTED),
    ],
)
def test_a_volunteer_answers_for_herself(make, browser, volunteer, before, answer, after):
    enrollment = make.enrollment(trainee=volunteer, status=before, note="Foto KTP kabur")

    page = browser.get("enrollments.list_own_enrollments")
    page = browser.get(page.soup.select_one(".next-thing a")["href"])
    assert page.soup.select_one("main form input[name=answer]")["value"] == answer
    browser.post("enrollments.answer_own_enrollment", data={"batch": enrollment.batch.code, "answer": answer})

    assert enrollment.status is after


@pytest.mark.parametrize("what", ["answer", "withdraw"])
def test_nobody_answers_for_days_that_were_not_read(make, browser, volunteer, db, what):
    held = make.enrollment(
        make.batch(starts_on=date(2099, 5, 20), ends_on=date(2099, 5, 23)), volunteer, status=S.ACCEPTED
    )
    endpoint = f"enrollments.{what}_own_enrollment"
    data = {
        "batch": held.batch.code,
        **({"answer": "confirmed"} if what == "answer" else {"reason": "ada acara keluarga"}),
    }

    def read(page):
        return {"version": page.soup.find("input", attrs={"name": "version"})["value"]}

    page = browser.get(endpoint, batch=held.batch.code)
    held.batch.starts_on, held.batch.ends_on = date(2099, 6, 3), date(2099, 6, 6)
    db.session.commit()
    page = browser.post(endpoint, data={**data, **read(page)}, expect=409)
    assert "Sekarang: 3 s.d. 6 Juni 2099" in page.error
    assert held.status is S.ACCEPTED
    browser.post(endpoint, data={**data, **read(page)})
    assert held.status is (S.CONFIRMED if what == "answer" else S.WITHDRAWN)


def test_a_volunteer_cannot_accept_herself(make, browser, volunteer):
    """What she may answer is what the table of transitions allows from where she stands: a request is not
    hers to decide.
    """
    enrollment = make.enrollment(trainee=volunteer)
    full = make.batch(quota=1)
    make.enrollment(full, status=S.CONFIRMED)
    waiting = make.enrollment(full, volunteer, status=S.WAITLISTED, waiting_since=clock.now())

    for each in (enrollment, waiting):
        browser.post(
            "enrollments.answer_own_enrollment",
            data={"batch": each.batch.code, "answer": "accepted"},
            expect=422,
        )

    assert (enrollment.status, waiting.status) == (S.SUBMITTED, S.WAITLISTED)


def test_a_volunteer_withdraws_with_a_reason(make, browser, volunteer):
    attendee = make.attendee(trainee=volunteer)
    code = attendee.batch.code

    browser.post("enrollments.withdraw_own_enrollment", data={"batch": code, "reason": ""}, expect=422)
    browser.get("enrollments.withdraw_own_enrollment", batch=code)
    browser.post("enrollments.withdraw_own_enrollment", data={"batch": code, "reason": "Anak saya sakit"})

    assert attendee.left_at is not None
    assert "Anak saya sakit" in browser.get("enrollments.list_own_enrollments").text


def test_an_old_page_sent_again_says_how_it_stands_now(make, browser, volunteer):
    held = make.enrollment(make.batch(), volunteer, status=S.ACCEPTED)
    yes = {"batch": held.batch.code, "answer": "confirmed"}

    def says_yes():
        browser.post("enrollments.answer_own_enrollment", data=yes, key="same-page-1")
        return browser.get("enrollments.list_own_enrollments").text

    assert "Jawaban Anda tersimpan" in says_yes()
    assert "Jawaban Anda tersimpan" in says_yes()  # pressed twice: nothing has changed
    browser.post(
        "enrollments.withdraw_own_enrollment",
        data={"batch": held.batch.code, "reason": "Ada keluarga yang sakit"},
    )
    browser.get("enrollments.list_own_enrollments")
    said = says_yes()
    assert "Jawaban itu tidak berlaku lagi. Pendaftaran Anda sekarang: batal." in said
    assert "tersimpan" not in said


def test_nobody_answers_for_somebody_else(make, browser, volunteer):
    foreign = make.enrollment(status=S.ACCEPTED)

    data = {"batch": foreign.batch.code, "answer": "confirmed", "reason": "mengganggu"}
    browser.post("enrollments.answer_own_enrollment", data=data, expect=404)
    browser.post("enrollments.withdraw_own_enrollment", data=data, expect=404)

    assert foreign.status is S.ACCEPTED


def test_an_enrollment_under_a_duplicate_record_is_still_ones_own(make, browser, volunteer):
    duplicate = make.trainee(canonical_id=volunteer.id)
    enrollment = make.enrollment(trainee=duplicate, status=S.ACCEPTED)

    assert enrollment.batch.course.title in browser.get("enrollments.list_own_enrollments").text


def test_my_list_asks_the_same_number_of_queries_for_one_and_for_ten(make, browser, volunteer, count_queries):
    def reads():
        with count_queries() as counted:
            browser.get("enrollments.list_own_enrollments")
        return counted()

    make.enrollment(trainee=volunteer)
    one = reads()
    for _ in range(9):
        make.enrollment(trainee=volunteer)
    assert reads() == one


def test_nobody_is_asked_to_come_to_a_diklat_that_is_over(make, browser, volunteer):
    today = clock.today("Asia/Makassar")
    past = make.batch(
        ordinal=1,
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=6),
        status=BatchStatus.FINISHED,
    )
    make.enrollment(past, volunteer, status=S.ACCEPTED)
    assert "Tidak ada yang perlu Anda lakukan" in browser.get("enrollments.list_own_enrollments").text
    make.qualification(volunteer), make.qualification(volunteer, "madya")
    madya = make.course(tier="madya")
    running = make.batch(
        madya, ordinal=2, starts_on=today - timedelta(days=1), ends_on=today, status=BatchStatus.RUNNING
    )
    make.enrollment(running, volunteer, status=S.ACCEPTED)
    page = browser.get("enrollments.list_own_enrollments")
    assert "bersedia hadir" not in page.text
    assert "Diklat Anda sedang berlangsung." in page.text
    coming = make.batch(
        make.course(tier="pratama"), ordinal=3, starts_on=today + timedelta(days=5), status=BatchStatus.CLOSED
    )
    make.enrollment(coming, volunteer, status=S.CALLED)
    assert "Apakah Anda bersedia hadir?" in browser.get("enrollments.list_own_enrollments").text


def test_who_is_offered_a_seat_on_the_first_day_reads_whom_to_call_to_decline(make, browser, volunteer):
    today = clock.today("Asia/Makassar")
    batch = make.batch(
        starts_on=today, status=BatchStatus.RUNNING, contact_name="Ibu Ratna", contact_phone="0812-0000-0001"
    )
    make.enrollment(batch, volunteer, status=S.OFFERED)
    page = browser.get("enrollments.answer_own_enrollment", batch=batch.code)
    assert page.soup.find("button", string="Bersedia hadir")
    assert (
        "Tidak bisa hadir? Diklat sudah dimulai. Beri tahu panitia, mereka mencatatnya: Ibu Ratna,"
        " 0812-0000-0001." in page.text
    )
    assert "hubungi narahubung: Ibu Ratna" in browser.get("dashboard.home").text
