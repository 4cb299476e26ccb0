"""A volunteer's pages: the invitation first, nothing of what has passed, every ending with reason and way on,
one truth about tiers.
"""

from datetime import date, timedelta

import pytest

from app.assessment.rules import ResultOutcome
from app.certificates.rules import CertificateKind
from app.core import clock
from app.courses.rules import BatchStatus
from app.dashboard.rules import NOTHING_NOW, Waiting, describe_newest, in_order, now_and_later
from app.enrollments.rules import EnrollmentStatus as S
from app.enrollments.rules import SeatEnd
from app.regions.rules import WITA
from app.trainees.rules import EndedAs, TraineeStatus

TODAY = date(2026, 5, 4)
HOME, LIST = "dashboard.home", "enrollments.list_own_enrollments"


@pytest.fixture
def siti(make, browser):
    user = make.user()
    browser.sign_in(user)
    return make.trainee(user=user)


def next_thing(page):
    return " ".join(page.soup.select_one(".next-thing").get_text(" ").split())


def test_an_invitation_that_waits_is_her_next_thing(make, browser, siti):
    make.qualification(siti)
    invited = make.enrollment(make.batch(make.course(tier="madya")), siti, status=S.CALLED)
    make.enrollment(trainee=siti, status=S.SUBMITTED)  # newer, and asks nothing
    for endpoint in (HOME, LIST):
        page = browser.get(endpoint)
        assert "Apakah Anda bersedia hadir?" in next_thing(page)
        assert (
            page.soup.select_one(".next-thing a")["href"]
            == f"/me/enrollments/answer?batch={invited.batch.code}"
        )


def test_what_was_returned_says_what_is_missing_on_her_first_page(make, browser, siti):
    make.enrollment(trainee=siti, status=S.RETURNED, note="Foto KTP kabur")
    assert "Foto KTP kabur" in next_thing(browser.get(HOME))
    assert "Foto KTP kabur" in next_thing(browser.get(LIST))


@pytest.mark.parametrize("status", [S.ACCEPTED, S.CALLED, S.CONFIRMED])
def test_once_the_first_day_has_passed_nothing_asks_her_to_come(make, browser, siti, at, status):
    at(2026, 5, 1)
    batch = make.batch(starts_on=TODAY, ends_on=TODAY + timedelta(days=3))
    make.enrollment(batch, siti, status=status)
    for day in (6, 20):
        at(2026, 5, day)
        for endpoint in (HOME, LIST):
            text = next_thing(browser.get(endpoint))
            assert "bersedia hadir" not in text
            assert "hari pertama" not in text
        page = browser.get("enrollments.answer_own_enrollment", batch=batch.code)
        assert page.soup.select("main input[name=answer]") == []


def test_an_offer_that_lapsed_says_so_and_what_she_can_do(make, browser, siti):
    batch = make.batch()
    make.enrollment(batch, siti, status=S.OFFERED, offer_ends_at=clock.now() - timedelta(hours=1))
    page = browser.get(LIST)
    assert "tidak dijawab sampai batas waktunya" in page.text
    assert (
        page.soup.find("a", string="Pendaftarannya masih dibuka. Anda dapat mendaftar lagi.")["href"]
        == f"/batches/{batch.id}"
    )
    assert page.soup.select(".next-thing a") == []
    assert "tidak dijawab sampai batas waktunya" in next_thing(browser.get(HOME))


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (SeatEnd.CANCELLED, "Angkatan ini dibatalkan"),
        (SeatEnd.FAILED, "Anda belum lulus"),
        (SeatEnd.DEFERRED, "hasil Anda ditunda"),
        (SeatEnd.REVOKED, "Sertifikat Anda dari diklat ini dicabut"),
    ],
)
def test_what_ended_it_stands_there_with_the_reason_and_the_next_batch(make, browser, siti, end, words):
    make.enrollment(
        make.batch(status=BatchStatus.CLOSED),
        siti,
        status=S.ACCEPTED,
        ended_as=end,
        ended_at=clock.now(),
        ended_reason="Menurut berita acara",
    )
    following = make.batch(starts_on=clock.today(WITA) + timedelta(days=30))
    page, home = browser.get(LIST), browser.get(HOME)
    assert words in page.text
    assert "Menurut berita acara" in page.text
    assert words in next_thing(home)
    assert "Menurut berita acara" in next_thing(home)
    leads_on = end is not SeatEnd.DEFERRED
    for soup, where in ((page.soup, "section.card-plain p a"), (home.soup, ".next-thing a")):
        assert (f"/batches/{following.id}" in [link["href"] for link in soup.select(where)]) is leads_on


def test_nobody_is_sent_to_a_batch_that_cannot_be_joined(make, browser, siti):
    make.enrollment(
        trainee=siti, status=S.REJECTED, note="Kuota desa penuh", batch=make.batch(status=BatchStatus.CLOSED)
    )
    make.batch(registration_closes_on=clock.today(WITA) - timedelta(days=1))
    page = browser.get(HOME)
    assert "Pendaftaran Anda belum dapat diterima. Alasan: Kuota desa penuh." in next_thing(page)
    assert page.soup.select_one(".next-thing a")["href"] == "/me/enrollments"


def test_the_only_open_batch_is_named_to_whom_it_has_refused(make, browser, siti):
    batch = make.batch(starts_on=clock.today(WITA) + timedelta(days=30))
    make.enrollment(batch, siti, status=S.REJECTED, note="Belum berusia 18 tahun.")
    page = browser.get(HOME)
    assert "Belum ada diklat" not in page.text
    assert "pernah ditolak: Belum berusia 18 tahun. Daftarlah lagi" in " ".join(
        page.soup.get_text(" ").split()
    )
    assert f"/batches/{batch.id}" in [link["href"] for link in page.soup.select("a")]


def test_the_result_of_the_meeting_stands_on_both_pages(make, browser, siti, db):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    attendee = make.attendee(batch, siti)
    meeting = make.graduation(batch, attendee, outcome=ResultOutcome.FAILED)
    from app.assessment.models import GraduationResult

    result = db.session.query(GraduationResult).filter_by(graduation_id=meeting.id).one()
    result.reasons = ["Hadir 20 dari 25 JP (80 %), syarat 85 %."]
    db.session.commit()
    for endpoint in (HOME, LIST):
        text = browser.get(endpoint).text
        assert "Tidak lulus" in text
        assert "Hadir 20 dari 25 JP (80 %), syarat 85 %" in text


def test_a_proposal_that_is_not_approved_is_shown_to_nobody(make, browser, siti):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    make.graduation(batch, make.attendee(batch, siti), approved=False, outcome=ResultOutcome.FAILED)
    assert "Tidak lulus" not in browser.get(HOME).text + browser.get(LIST).text


def test_from_the_first_day_on_she_is_told_whom_to_call(make, browser, siti, at):
    at(2026, 5, 1)
    batch = make.batch(starts_on=TODAY, ends_on=TODAY + timedelta(days=3))
    enrollment = make.enrollment(batch, siti, status=S.CONFIRMED)
    assert browser.get("enrollments.withdraw_own_enrollment", batch=batch.code).soup.select("main form")
    at(2026, 5, 5)
    page = browser.get("enrollments.withdraw_own_enrollment", batch=batch.code)
    assert page.soup.select("main form") == []
    assert "Ibu Ratna, 0812-0000-0001" in page.text
    browser.post(
        "enrollments.withdraw_own_enrollment",
        data={"batch": batch.code, "reason": "Anak saya sakit"},
        expect=422,
    )
    assert enrollment.status is S.CONFIRMED


def rungs(page):
    return {item.h3.get_text(strip=True): item for item in page.soup.select(".rungs > li")}


def test_a_revoked_certificate_is_not_held_from_the_same_day_on(make, browser, siti, db):
    make.tier("madya")
    siti.status = TraineeStatus.CANDIDATE
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    certificate = make.certificate(make.attendee(batch, siti))
    earned = make.qualification(
        siti, source="certificate", source_id=certificate.id, number=certificate.number
    )
    assert "Sudah Anda miliki" in rungs(browser.get(HOME))["Dasar"].get_text()

    certificate.revoked_at, certificate.revoked_on, certificate.revoked_by_id = clock.now(), today, 1
    certificate.revoked_reason, earned.held_to, earned.ended_as = "Salah orang", today, EndedAs.REVOKED
    db.session.commit()

    found = rungs(browser.get(HOME))
    assert "Sudah Anda miliki" not in found["Dasar"].get_text()
    assert (
        f"{certificate.number} dicabut: Salah orang. Jenjang ini dapat diraih lagi"
        in found["Dasar"].get_text()
    )
    assert "tidak berlaku lagi" in found["Madya"].get_text()


def test_what_waits_is_ordered_by_its_day():
    found = in_order(
        [
            Waiting("Januari", "", "", due=TODAY + timedelta(days=200)),
            Waiting("Catatan lama", "", "", due=TODAY, is_rare=True),
            Waiting("Hari ini", "", "", due=TODAY),
            Waiting("Terlambat", "", "", due=TODAY - timedelta(days=2)),
        ]
    )
    assert [each.sentence for each in found] == ["Terlambat", "Hari ini", "Catatan lama", "Januari"]
    soon, later = now_and_later(found, TODAY)
    assert ([each.sentence for each in soon], [each.sentence for each in later]) == (
        ["Terlambat", "Hari ini", "Catatan lama"],
        ["Januari"],
    )
    assert [each.sentence for each in now_and_later(found[3:], TODAY)[0]] == ["Januari"]


def test_a_result_is_said_only_of_the_enrollment_that_had_the_seat(make, browser, siti):
    batch = make.batch(starts_on=date(2026, 4, 6), ends_on=date(2026, 4, 9))
    make.enrollment(batch, siti, status=S.LAPSED)
    person = make.attendee(batch, siti)
    make.graduation(batch, person, outcome=ResultOutcome.DEFERRED)
    journey = [each.get_text(" ", strip=True) for each in browser.get(HOME).soup.select(".timeline li")]
    assert ["Ditunda" in each for each in journey] == [True, False]
    assert browser.get(LIST).text.count("Hasil rapat kelulusan") == 1


def ended(make, siti, days_ago, status=S.WITHDRAWN, **values):
    moment = clock.now() - timedelta(days=days_ago)
    return make.enrollment(trainee=siti, status=status, decided_at=moment, decided_label="Panitia", **values)


@pytest.mark.parametrize(
    ("newest", "says"),
    [
        ("certificate", "Sertifikat Anda sudah terbit"),
        ("seat", "Diklat Anda sedang berlangsung"),
        ("cancellation", "Keikutsertaan Anda dibatalkan"),
    ],
)
def test_the_weightiest_newest_thing_leads(make, browser, siti, newest, says):
    first = make.attendee(make.batch(), siti)
    make.graduation(first.batch, first)
    if newest == "certificate":
        make.certificate(first)
    elif newest == "seat":
        make.qualification(siti)
        today = clock.today(WITA)
        make.enrollment(
            make.batch(make.course(tier="madya"), starts_on=today - timedelta(days=1)),
            siti,
            status=S.CONFIRMED,
        )
    else:
        make.certificate(first, recorded_at=clock.now() - timedelta(days=3))
        ended(make, siti, 1)
    ended(
        make, siti, 12, S.ACCEPTED, ended_as=SeatEnd.CANCELLED, ended_at=clock.now() - timedelta(days=12)
    )  # entered last, older
    (
        make.enrollment(make.batch(make.course(tier="madya")), siti, status=S.SUBMITTED)
        if newest == "seat"
        else None
    )
    assert says in next_thing(browser.get(HOME))


def test_a_certificate_of_attendance_is_called_what_it_is(make, browser, siti):
    make.tier("madya")
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    attendee = make.attendee(batch, siti)
    make.graduation(batch, attendee, outcome=ResultOutcome.ATTENDED)
    certificate = make.certificate(attendee, kind=CertificateKind.PARTICIPATION)
    page = browser.get(HOME)
    assert "Sertifikat keikutsertaan Anda sudah terbit" in next_thing(page)
    found = rungs(page)
    assert (
        f"{certificate.number} menerangkan telah mengikuti diklat dasar, belum lulus"
        in found["Dasar"].get_text()
    )
    assert "menerangkan telah mengikuti, belum lulus" in found["Madya"].get_text()
    assert "Punya sertifikat dasar lama" not in page.text
    assert "belum lulus: jenjangnya belum dipegang" in browser.get("certificates.list_own_certificates").text


def test_her_diklat_says_the_number_of_its_certificate(make, browser, siti):
    today = clock.today(WITA)
    batch = make.batch(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=6), status=BatchStatus.RUNNING
    )
    attendee = make.attendee(batch, siti)
    make.graduation(batch, attendee)
    assert "Sertifikat diterbitkan oleh penyelenggara" in browser.get(LIST).text
    certificate = make.certificate(attendee)
    page = browser.get(LIST)
    assert f"Sertifikat nomor {certificate.number} sudah terbit." in page.text
    assert page.soup.select_one(f"a[href='/me/certificates/{certificate.id}']")
    assert "Sertifikat diterbitkan oleh penyelenggara" not in page.text


def test_a_certificate_is_news_for_a_while_and_a_replacement_says_what_it_replaced():
    common = {"is_attended": False, "issued_on": TODAY, "today": TODAY}
    assert "Selamat" in str(describe_newest("002", replaced=None, **common))
    replaced = str(describe_newest("002", replaced="001", **common))
    assert "nomor 002" in replaced
    assert "nomor 001 tidak berlaku lagi" in replaced
    assert (
        describe_newest("002", replaced=None, **{**common, "today": TODAY + timedelta(days=90)})
        == NOTHING_NOW
    )


def test_what_has_ended_is_on_top_for_two_weeks_only(make, browser, siti, at):
    at(2026, 5, 1)
    batch = make.batch(starts_on=TODAY + timedelta(days=30))
    make.enrollment(
        batch, siti, status=S.WITHDRAWN, note="anak sakit.", decided_at=clock.now(), decided_label="Siti"
    )
    text = next_thing(browser.get(HOME))
    assert "Keikutsertaan Anda dibatalkan. Alasan: anak sakit. Diklat Dasar PSM" in text
    assert "Lihat diklat berikutnya" not in text  # only the one she has left is open
    at(2026, 5, 16)
    text = next_thing(browser.get(HOME))
    assert "dibatalkan" not in text
    assert "Lihat diklat yang dibuka" in text


def test_what_was_recorded_years_later_is_not_said_to_be_asked_then(make, browser, siti):
    make.enrollment(make.batch(starts_on=date(2011, 5, 24)), siti, status=S.ACCEPTED)
    text = browser.get(LIST).text
    assert "Dicatat sesudah diklatnya selesai" in text
    assert "Mendaftar" not in text


def test_an_old_certificate_is_reported_with_one_tap_from_her_first_page(make, browser, siti):
    make.tier("madya")
    link = rungs(browser.get(HOME))["Madya"].find("a", string="Laporkan sertifikat lama")
    assert link["href"] == "/report?about=Sertifikat+dasar+lama"


def test_whoever_is_registered_below_is_not_sent_to_a_batch_below(make, browser, siti):
    dasar, madya = make.batch(), make.batch(make.course(tier="madya"))
    nearest = "Diklat dasar terdekat"
    assert nearest in browser.get("enrollments.enroll_self", batch_id=madya.id).text
    make.enrollment(dasar, siti, status=S.SUBMITTED)
    page = browser.get("enrollments.enroll_self", batch_id=madya.id).text
    assert nearest not in page
    assert "Sudah terdaftar pada diklat dasar: ikuti sampai lulus." in page


def test_both_pages_say_what_to_do_about_a_diklat_that_nobody_recorded(make, browser, siti, at):
    batch = make.batch(status=BatchStatus.RUNNING)
    make.enrollment(batch, siti, status=S.ACCEPTED)
    day = batch.ends_on + timedelta(days=20)
    at(day.year, day.month, day.day)
    browser.sign_in(siti.user)
    own = browser.get("enrollments.list_own_enrollments")
    assert "batalkan pendaftaran ini" in next_thing(browser.get(HOME))
    assert "batalkan pendaftaran ini" in next_thing(own)
    assert own.soup.select_one(".next-thing").find("a", href=f"/me/enrollments/withdraw?batch={batch.code}")
    assert "Tidak ada yang perlu Anda lakukan" not in own.text


def test_a_certificate_that_will_be_replaced_says_so_on_all_her_pages(make, browser, siti, db):
    certificate = make.certificate(make.attendee(make.batch(status=BatchStatus.FINISHED), siti))
    pages = [(HOME, {}), ("certificates.list_own_certificates", {})]
    pages.append(("certificates.show_own_certificate", {"certificate_id": certificate.id}))
    said = "Pejabat penerbit akan menggantinya"
    assert not any(said in browser.get(name, **values).text for name, values in pages)
    siti.name, siti.renamed_at = "Siti Fatimah", clock.now() + timedelta(minutes=1)
    db.session.commit()
    assert all(said in browser.get(name, **values).text for name, values in pages)
