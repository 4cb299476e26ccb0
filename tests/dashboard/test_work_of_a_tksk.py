"""The first page of a TKSK: whom she entered or enrolled, what became of it and why; what to pass on, in
full.
"""

from app.auth.rules import Role
from app.enrollments import eligibility, services
from app.enrollments.rules import EnrollmentStatus as S
from app.enrollments.rules import SeatEnd
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus


def test_she_reads_what_became_of_whom_she_enrolled_and_entered(make, browser, db):
    tksk, dinas = make.user(Role.TKSK, "63.05.06"), make.user(Role.KABUPATEN_DINAS)
    batch = make.batch()
    enrolled, entered, gone = (
        make.trainee(name="Normala", phone="+6281200000001"),
        make.trainee(name="Jumiati"),
        make.trainee("63.05.01.1001", name="Rusmini"),
    )
    held = services.enroll(batch, enrolled, by=tksk)
    services.return_enrollment(held, reason="Nama di KTP berbeda.", by=dinas)
    for each in (entered, gone):
        each.recorded_by_id = tksk.id
    db.session.commit()
    browser.sign_in(tksk)
    page = browser.get("dashboard.home")
    (list_,) = [each for each in page.soup.select("details") if "Yang saya daftarkan" in each.get_text()]
    lines = {
        each.get_text(" ", strip=True).split(" ")[0].rstrip(":"): each.get_text(" ", strip=True)
        for each in list_.select("li")
    }
    assert "Nama di KTP berbeda." in lines["Normala"]
    assert str(S.RETURNED.label) in lines["Normala"]
    assert "Belum didaftarkan ke diklat." in lines["Jumiati"]
    assert "di luar kecamatan Anda" in lines["Rusmini"]
    told = page.soup.select_one("#to-tell").find_next("table")
    assert "Nama di KTP berbeda" in told.get_text()  # the whole news, to be passed on
    assert told.select_one('a[href="tel:+6281200000001"]')
    assert told.select_one('a[href^="https://wa.me/6281200000001?text="]')


def test_she_reads_of_one_person_what_counts_also_after_two_records_were_joined(make, browser, db):
    tksk, dinas, batch = make.user(Role.TKSK, "63.05.06"), make.user(Role.KABUPATEN_DINAS), make.batch()
    first = make.trainee(name="Norhayati", nik=None)
    second = make.trainee(name="Hajjah Norhayati binti Syukur", nik=None, user=make.user())
    live, gone = services.enroll(batch, second, by=second.user), services.enroll(batch, first, by=tksk)
    trainees.merge_trainees(first, second, "Satu orang", dinas, despite_differences=True)
    db.session.commit()
    assert (gone.ended_as, live.ended_as) == (SeatEnd.MERGED, None)
    browser.sign_in(tksk)
    (list_,) = [
        each
        for each in browser.get("dashboard.home").soup.select("details")
        if "Yang saya daftarkan" in each.get_text()
    ]
    (line,) = list_.select("li")
    assert "Hajjah Norhayati binti Syukur" in line.get_text()
    assert str(S.SUBMITTED.label) in line.get_text()

    browser.sign_in(second.user)
    assert [each.id for each in eligibility.enrollments_of([first.id, second.id])] == [live.id, gone.id]
    services.withdraw(live, reason="Sakit", by=second.user)
    page = browser.get("enrollments.withdraw_own_enrollment", batch=batch.code)
    assert "data digabungkan" not in page.text.lower()


def test_who_is_recorded_as_gone_reads_whom_to_call(make, browser):
    person = make.trainee(user=make.user(), status=TraineeStatus.DECEASED)
    browser.sign_in(person.user)
    page = browser.get("dashboard.home")
    assert "Menurut catatan: Meninggal" in page.text
    assert "Hubungi" in page.text
    assert ", Meninggal," not in page.text


def test_a_desa_without_data_is_said_as_on_the_pages_of_coverage(make, browser, db):
    tksk = make.user(Role.TKSK, "63.05.06")
    make.trainee("63.05.06.2001", status=TraineeStatus.ACTIVE)
    survey = make.survey()
    browser.sign_in(tksk)

    def said():
        rows = browser.get("dashboard.home").soup.select("table")[-1].tbody.select("tr")
        return {row.select("td")[-1].get_text(strip=True) for row in rows}

    assert said() == {"Tanpa PSM terlatih", "Tanpa PSM"}
    survey.ended_on = survey.complete_on
    db.session.commit()
    assert said() == {"Tanpa PSM terlatih", "Belum ada data"}
    assert "lainnya belum ada datanya" in browser.get("dashboard.home").text
