"""An application that was returned and sent again: its place in the order stays, and what was asked is not
said any more.
"""

from datetime import timedelta

from app.auth.rules import Role
from app.core import clock
from app.enrollments import services
from app.enrollments.rules import EnrollmentStatus as S


def test_it_keeps_its_first_moment_and_loses_the_reason_of_the_return(make, browser, db):
    person = make.trainee(user=make.user())
    batch = make.batch()
    first = clock.now() - timedelta(hours=2)
    held = make.enrollment(batch, person, submitted_at=first)
    officer = make.user(Role.KABUPATEN_DINAS)
    services.return_enrollment(held, reason="Foto KTP belum ada.", by=officer)
    services.answer_own(
        held, S.SUBMITTED, by=person.user, corrections={"address": "Jalan Mawar 1"}, words="Sudah saya kirim"
    )
    assert (held.status, held.submitted_at, held.note) == (S.SUBMITTED, first, "")
    assert (held.decided_at, held.decided_by_id) == (
        None,
        None,
    )  # the office has not answered what was sent again
    assert held.reply == "Sudah saya kirim. Diperbarui: Alamat rumah."
    browser.sign_in(officer)
    shown = browser.get("enrollments.show_enrollment", enrollment_id=held.id).text
    assert "Pernah dikembalikan karena Foto KTP belum ada." in shown
    assert "Sudah saya kirim. Diperbarui: Alamat rumah." in shown
    browser.sign_out()
    browser.sign_in(person.user)
    assert "Lengkapi dan kirim kembali" not in browser.get("dashboard.home").text
    assert "Foto KTP belum ada" not in browser.get("enrollments.list_own_enrollments").text


def test_somebody_whose_desa_is_not_in_the_list_finds_the_way_on(make, browser, db):
    batch = make.batch()
    browser.post("enrollments.ask_nik", batch=batch.id, data={"nik": "6305064101859777"})
    page = browser.get("enrollments.ask_desa", batch=batch.id)
    (onward,) = [link["href"] for link in page.soup.select("a") if "tanpa diklat ini" in link.get_text()]
    assert "batch" not in onward
    assert "Provinsi" in browser.get(onward).text


def test_a_nik_that_cannot_be_says_whom_to_ask(make, browser):
    page = browser.post("enrollments.ask_nik", data={"nik": "6305063002859001"}, expect=422)
    assert "Mintalah TKSK kecamatan atau dinas sosial kabupaten/kota Anda mendaftarkan Anda" in page.text
