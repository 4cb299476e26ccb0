"""Who may have a sheet as a file, and that the file is what was issued."""

import re

import pytest

from app.auth.rules import Role
from app.certificates import services
from app.certificates.document import certificate_filename, certificate_pdf
from app.core import clock
from app.core.actor import SYSTEM
from tests.certificates.test_pages import without_token
from tests.factories import SEMARANG, TAPIN

FILES = ("certificates.save_own_pdf", "certificates.save_own_picture", "certificates.save_pdf")
UNKNOWN = 2_000_000_000


@pytest.fixture
def owned(issued, make, db):
    """A certificate and the account of its holder."""
    [certificate] = issued("Aminah")
    holder = make.user()
    certificate.trainee.user_id = holder.id
    db.session.commit()
    return certificate, holder


def test_the_holder_saves_the_picture_and_the_sheet_under_a_name_that_says_what_it_is(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)

    picture = browser.get("certificates.save_own_picture", certificate_id=certificate.id).response
    sheet = browser.get("certificates.save_own_pdf", certificate_id=certificate.id).response

    assert picture.data.startswith(b"\x89PNG")
    assert len(picture.data) < 200_000
    assert sheet.data == certificate_pdf(certificate.facts, address=f"https://bekal.example.go.id/V/{certificate.code}")
    for answer, ending in ((picture, "png"), (sheet, "pdf")):
        name = re.fullmatch(r'attachment; filename="([A-Za-z0-9._-]+)"', answer.headers["Content-Disposition"])[1]
        assert name == certificate_filename(certificate.facts).replace(".pdf", f".{ending}")
        assert "Aminah" in name
        assert answer.headers["Cache-Control"] == "no-store"


def test_even_the_fullest_sheet_is_a_picture_below_200_kb(owned, browser, db):
    certificate, holder = owned
    name = "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari Nu'man Suryodiningrat Hadikusumo"
    subjects = [{"name": f"Mata diklat yang panjang namanya nomor {n}", "theory_hours": 2, "practice_hours": 1} for n in range(15)]
    facts = {**certificate.facts, "name": name, "subjects": subjects, "place": name, "fieldwork_place": name, "institution": name}
    certificate.facts, certificate.facts_digest = facts, services.facts_digest(facts)
    db.session.commit()
    browser.sign_in(holder)
    assert len(browser.get("certificates.save_own_picture", certificate_id=certificate.id).response.data) < 200_000


def test_the_bytes_are_the_same_after_the_trainee_is_renamed(owned, browser, db):
    certificate, holder = owned
    browser.sign_in(holder)
    before = browser.get("certificates.save_own_pdf", certificate_id=certificate.id).response.data
    certificate.trainee.name, certificate.batch.venue = "Nama Baru", "Gedung lain"
    db.session.commit()
    assert browser.get("certificates.save_own_pdf", certificate_id=certificate.id).response.data == before


def test_a_file_of_somebody_else_is_an_unknown_address(owned, new_browser, make):
    certificate, _holder = owned
    strangers = [
        make.user(),
        make.user(),
        make.user(Role.KABUPATEN_DINAS, SEMARANG),
        make.user(Role.TKSK, "63.05.01"),
        make.user(Role.ADMINISTRATOR, "00"),
    ]
    other = make.trainee(name="Bahriah")
    other.user_id = strangers[1].id
    make._keep(other)
    for stranger in strangers:
        browser = new_browser()
        browser.sign_in(stranger)
        for endpoint in FILES:
            forbidden = browser.get(endpoint, expect=404, certificate_id=certificate.id)
            unknown = browser.get(endpoint, expect=404, certificate_id=UNKNOWN)
            assert without_token(forbidden) == without_token(unknown)


def test_signed_out_every_file_leads_to_the_same_door(owned, browser):
    certificate, _holder = owned
    for endpoint in FILES:
        for certificate_id in (certificate.id, UNKNOWN):
            page = browser.get(endpoint, expect=302, certificate_id=certificate_id)
            assert page.location.startswith("/sign-in")
            assert b"Aminah" not in page.response.data


def test_after_signing_out_the_file_is_closed(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)
    browser.get("certificates.save_own_pdf", certificate_id=certificate.id)
    browser.post("auth.sign_out")
    browser.get("certificates.save_own_pdf", expect=302, certificate_id=certificate.id)


@pytest.mark.parametrize(
    ("role", "region", "allowed"),
    [
        (Role.KABUPATEN_DINAS, TAPIN, True),
        (Role.PROVINSI_DINAS, "63", True),
        (Role.PUSAT, "00", True),
        (Role.AUDITOR, TAPIN, True),
        (Role.TKSK, "63.05.06", True),
        (Role.TKSK, "63.05.01", False),
        (Role.KABUPATEN_DINAS, SEMARANG, False),
        (Role.IPSM_OFFICER, TAPIN, False),
        (Role.TRAINER, TAPIN, False),
    ],
)
def test_who_may_read_a_certificate(owned, browser, make, role, region, allowed):
    certificate, _holder = owned
    browser.sign_in(make.user(role, region))
    for endpoint in ("certificates.save_pdf", "certificates.show_certificate"):
        browser.get(endpoint, expect=200 if allowed else 404, certificate_id=certificate.id)


def test_the_dinas_of_the_holder_reads_a_certificate_from_elsewhere_and_changes_nothing(graduated, make, browser):
    batch = graduated("Aminah", course=make.course(make.organiser("63.72")))
    [certificate] = services.issue_for_batch(batch, issued_on=batch.ends_on, by=SYSTEM).issued
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, TAPIN))
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert "Ganti" not in [link.get_text() for link in page.soup.select("a.btn")]
    browser.get("certificates.replace_certificate", expect=404, certificate_id=certificate.id)
    browser.get("certificates.list_certificates", expect=404, batch_id=batch.id)
    assert certificate.number in browser.get("certificates.list_register").text


def test_the_sheet_is_drawn_from_its_owner_whoever_looks(owned, new_browser, make):
    certificate, holder = owned
    sheets = set()
    for reader, endpoint in ((holder, "certificates.save_own_pdf"), (make.user(Role.KABUPATEN_DINAS), "certificates.save_pdf")):
        browser = new_browser()
        browser.sign_in(reader)
        sheets.add(browser.get(endpoint, certificate_id=certificate.id).response.data)
    assert len(sheets) == 1


def test_a_copy_that_was_altered_is_drawn_for_nobody(owned, new_browser, make, db, caplog):
    certificate, holder = owned
    certificate.facts = {**certificate.facts, "lesson_hours": 400}
    db.session.commit()
    for reader, endpoints in ((holder, FILES[:2]), (make.user(Role.KABUPATEN_DINAS), FILES[2:])):
        browser = new_browser()
        browser.sign_in(reader)
        for endpoint in endpoints:
            assert "tidak sama lagi" in browser.get(endpoint, expect=422, certificate_id=certificate.id).text
    assert f"certificate {certificate.id}" in caplog.text


def test_a_file_that_no_longer_holds_says_so_in_its_name(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)
    new = services.replace_certificate(certificate, reason="Ejaan", issued_on=clock.today(certificate.batch.zone), by=SYSTEM)
    services.revoke_certificate(new, reason="Keliru", revoked_on=clock.today(certificate.batch.zone), by=SYSTEM)
    for each, word in ((certificate, "DIGANTI_"), (new, "DICABUT_")):
        answer = browser.get("certificates.save_own_pdf", certificate_id=each.id).response
        assert f'filename="{word}STTPP_Aminah' in answer.headers["Content-Disposition"]


def test_a_merged_person_has_the_certificates_of_all_records(owned, issued, browser, make, db):
    certificate, holder = owned
    [other] = issued("Aminah Ali")
    other.trainee.canonical_id = certificate.trainee_id
    db.session.commit()
    browser.sign_in(holder)

    page = browser.get("certificates.list_own_certificates")

    assert certificate.number in page.text
    assert other.number in page.text
    browser.get("certificates.save_own_pdf", certificate_id=other.id)


def test_own_certificates_begin_with_the_picture_and_a_thank_you(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)

    page = browser.get("certificates.list_own_certificates")

    assert [link.get_text() for link in page.soup.select(".card-plain .btn")] == ["Simpan sebagai gambar", "Simpan PDF ke HP"]
    assert "Terima kasih, Aminah. Berkat Anda, Desa Keladan kini memiliki PSM terlatih." in page.text
    assert f"https://bekal.example.go.id/V/{certificate.code}" in page.text


def test_nobody_is_thanked_for_a_revoked_certificate(owned, browser):
    certificate, holder = owned
    services.revoke_certificate(certificate, reason="Keliru", revoked_on=clock.today(certificate.batch.zone), by=SYSTEM)
    browser.sign_in(holder)
    page = browser.get("certificates.list_own_certificates")
    assert "Terima kasih" not in page.text
    assert "Dicabut sejak" in page.text


def test_who_has_none_is_told_what_will_stand_here(browser, make):
    browser.sign_in(make.user())
    assert "Belum ada sertifikat" in browser.get("certificates.list_own_certificates").text
