"""The first page of a TKSK: whom she entered or enrolled, what became of it and why; what to pass on, in full."""

from app.auth.rules import Role
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus as S
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
    lines = {each.get_text(" ", strip=True).split(" ")[0].rstrip(":"): each.get_text(" ", strip=True) for each in list_.select("li")}
    assert "Nama di KTP berbeda." in lines["Normala"]
    assert str(S.RETURNED.label) in lines["Normala"]
    assert "Belum didaftarkan ke diklat." in lines["Jumiati"]
    assert "di luar kecamatan Anda" in lines["Rusmini"]
    told = page.soup.select_one("#to-tell").find_next("table")
    assert "Nama di KTP berbeda" in told.get_text()  # the whole news, to be passed on
    assert told.select_one('a[href="tel:+6281200000001"]')
    assert told.select_one('a[href^="https://wa.me/6281200000001?text="]')


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
