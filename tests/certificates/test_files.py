"""Who may have a sheet as a file, and that the file is what was issued."""

import re
import struct
from datetime import date

import brotli
import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.certificates import delivery, services
from app.certificates.document import (
    certificate_filename,
    certificate_pdf,
    certificate_png,
    certificate_svg,
    mark_of,
)
from app.core import clock
from app.core.actor import SYSTEM
from app.trainees.models import Standing
from app.trainees.rules import Sex
from tests.certificates.test_pages import without_token
from tests.factories import SEMARANG, TAPIN

OWN = ("certificates.save_own_pdf", "certificates.save_own_picture", "certificates.draw_own_certificate")
FILES = (*OWN, "certificates.save_pdf")
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
    assert sheet.data == certificate_pdf(
        certificate.facts, address=f"https://bekal.example.go.id/V/{certificate.code}"
    )
    for answer, ending in ((picture, "png"), (sheet, "pdf")):
        name = re.fullmatch(
            r'attachment; filename="([A-Za-z0-9._-]+)"', answer.headers["Content-Disposition"]
        )[1]
        assert name == certificate_filename(certificate.facts).replace(".pdf", f".{ending}")
        assert "Aminah" in name
        assert answer.headers["Cache-Control"] == "no-store"


def test_even_the_fullest_sheet_is_a_picture_below_200_kb(owned, browser, db):
    certificate, holder = owned
    name = (
        "Raden Ayu Siti Nurhaliza Kusumawardhani binti Haji Muhammad Abdurrahman Al-Banjari Nu'man"
        " Suryodiningrat Hadikusumo"
    )
    subjects = [
        {"name": f"Mata diklat yang panjang namanya nomor {n}", "theory_hours": 2, "practice_hours": 1}
        for n in range(15)
    ]
    facts = {
        **certificate.facts,
        "name": name,
        "subjects": subjects,
        "place": name,
        "fieldwork_place": name,
        "institution": name,
    }
    certificate.facts, certificate.facts_digest = facts, services.facts_digest(facts)
    db.session.commit()
    browser.sign_in(holder)
    assert (
        len(browser.get("certificates.save_own_picture", certificate_id=certificate.id).response.data)
        < 200_000
    )


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
    make._save(other)
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


def test_the_holder_is_led_from_the_page_of_an_office_to_her_own(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)
    for endpoint, own in (("show_certificate", ""), ("save_pdf", ".pdf")):
        led = browser.get(f"certificates.{endpoint}", expect=303, certificate_id=certificate.id)
        assert led.location == f"/me/certificates/{certificate.id}{own}"


def test_the_dinas_of_the_holder_reads_a_certificate_from_elsewhere_and_changes_nothing(
    graduated, make, browser
):
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
    for reader, endpoint in (
        (holder, "certificates.save_own_pdf"),
        (make.user(Role.KABUPATEN_DINAS), "certificates.save_pdf"),
    ):
        browser = new_browser()
        browser.sign_in(reader)
        sheets.add(browser.get(endpoint, certificate_id=certificate.id).response.data)
    assert len(sheets) == 1


def test_a_copy_that_was_altered_is_drawn_for_nobody(owned, new_browser, make, db, caplog):
    certificate, holder = owned
    certificate.facts = {**certificate.facts, "lesson_hours": 400}
    db.session.commit()
    for reader, endpoints in ((holder, OWN), (make.user(Role.KABUPATEN_DINAS), ("certificates.save_pdf",))):
        browser = new_browser()
        browser.sign_in(reader)
        for endpoint in endpoints:
            assert "tidak sama lagi" in browser.get(endpoint, expect=422, certificate_id=certificate.id).text
    assert f"certificate {certificate.id}" in caplog.text


def test_a_file_that_no_longer_holds_says_so_in_its_name(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)
    new = services.replace_certificate(
        certificate, reason="Ejaan", issued_on=clock.today(certificate.batch.zone), by=SYSTEM
    )
    services.revoke_certificate(
        new, reason="Keliru", revoked_on=clock.today(certificate.batch.zone), by=SYSTEM
    )
    for each, word in ((certificate, "DIGANTI_"), (new, "DICABUT_")):
        answer = browser.get("certificates.save_own_pdf", certificate_id=each.id).response
        assert f'filename="{word}STTPP_Aminah' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("endpoint", FILES)
def test_every_file_of_a_sheet_that_no_longer_holds_bears_the_mark(
    owned, new_browser, make, monkeypatch, endpoint
):
    certificate, holder = owned
    reader = holder if endpoint in OWN else make.user(Role.KABUPATEN_DINAS)
    today = clock.today(certificate.batch.zone)
    monkeypatch.setattr(delivery, "PICTURE_SHARPNESS", (60,))

    def drawn(each):
        return seen_by(reader, new_browser).get(endpoint, certificate_id=each.id).response.data

    assert drawn(certificate) == sheet_of(certificate, endpoint, ())
    new = services.replace_certificate(certificate, reason="Ejaan nama", issued_on=today, by=SYSTEM)
    assert drawn(certificate) == sheet_of(
        certificate, endpoint, ("SUDAH DIGANTI", f"dengan nomor {new.number}")
    )
    assert drawn(new) == sheet_of(new, endpoint, ())
    services.revoke_certificate(new, reason="Keliru orang", revoked_on=today, by=SYSTEM)
    assert drawn(new) == sheet_of(new, endpoint, mark_of(revoked_on=today))
    assert drawn(certificate) == sheet_of(
        certificate, endpoint, mark_of(revoked_on=None, number_after=new.number, after_revoked_on=today)
    )


def seen_by(reader, new_browser):
    """Return a browser in which this person is signed in."""
    browser = new_browser()
    if reader is not None:
        browser.sign_in(reader)
    return browser


def sheet_of(certificate, endpoint, mark):
    """Return the file as it is drawn with a mark."""
    address = f"https://bekal.example.go.id/V/{certificate.code}"
    if endpoint.startswith("certificates.draw"):
        return certificate_svg(certificate.facts, address=address, mark=mark)
    if endpoint.endswith("picture"):
        return certificate_png(
            certificate.facts, address=address, ppi=delivery.PICTURE_SHARPNESS[0], mark=mark
        )
    return certificate_pdf(certificate.facts, address=address, mark=mark)


def test_when_the_replacement_is_revoked_too_no_page_sends_anybody_to_it(owned, new_browser, make):
    certificate, holder = owned
    today = clock.today(certificate.batch.zone)
    new = services.replace_certificate(certificate, reason="Ejaan nama", issued_on=today, by=SYSTEM)
    mine = ("certificates.show_own_certificate", holder, {"certificate_id": certificate.id})
    assert "Pakailah sertifikat yang baru" in seen_by(mine[1], new_browser).get(mine[0], **mine[2]).text
    services.revoke_certificate(new, reason="Keliru orang", revoked_on=today, by=SYSTEM)
    office, anybody = make.user(Role.KABUPATEN_DINAS), None
    for endpoint, reader, where in (
        mine,
        ("certificates.show_certificate", office, {"certificate_id": certificate.id}),
        ("certificates.verify_certificate", anybody, {"code": certificate.code}),
    ):
        page = seen_by(reader, new_browser).get(endpoint, **where).text
        assert "Pakailah sertifikat yang baru" not in page
        assert "Mintalah sertifikat yang baru" not in page
        assert "yang berlaku" in page
        assert "idak ada sertifikat" in page
        assert reader is office or certificate.facts["organiser"] in page


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


def own_page(browser, certificate):
    return browser.get("certificates.show_own_certificate", certificate_id=certificate.id)


def test_the_list_leads_to_a_page_of_each_certificate(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)
    page = browser.get("certificates.list_own_certificates")
    assert certificate.number in page.text
    assert [link["href"] for link in page.soup.select(".card-plain .btn")] == [
        f"/me/certificates/{certificate.id}"
    ]


def test_the_page_shows_the_sheet_then_picture_pdf_and_check(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)

    page = own_page(browser, certificate)

    assert [button.get_text() for button in page.soup.select("main .cluster .btn")] == [
        "Bagikan gambar",
        "Simpan sebagai gambar",
        "Simpan PDF ke HP",
    ]
    button, save, _pdf = page.soup.select("main .cluster .btn")
    assert button.has_attr("hidden")  # until a script finds that the browser can share files
    assert button["data-share"] == save["href"] == f"/me/certificates/{certificate.id}.png"
    assert page.soup.select_one(".sheet img")["src"] == f"/me/certificates/{certificate.id}.svg"
    assert certificate.number in page.soup.select_one(".sheet img")["alt"]
    assert "Aminah" in page.soup.select_one(".sheet img")["alt"]
    assert f"https://bekal.example.go.id/V/{certificate.code}" in page.text
    assert f"/v/{certificate.code}" in [link["href"] for link in page.soup.select("main a")]
    assert [script["src"].partition("?")[0] for script in page.soup.select("script")][
        -1
    ] == "/static/js/share.js"


@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
def test_the_page_keeps_the_place_of_the_picture_free(owned, browser, db, orientation):
    certificate, holder = owned
    facts = {**certificate.facts, "layout": {**certificate.facts["layout"], "orientation": orientation}}
    certificate.facts, certificate.facts_digest = facts, services.facts_digest(facts)
    db.session.commit()
    browser.sign_in(holder)
    image = own_page(browser, certificate).soup.select_one(".sheet img")
    header = browser.get("certificates.save_own_picture", certificate_id=certificate.id).response.data[16:24]
    width, height = struct.unpack(">II", header)
    assert int(image["width"]) / int(image["height"]) == pytest.approx(width / height, rel=0.005)


def sent(answer):
    """Return how many bytes of an answer come over the line to a phone."""
    return len(brotli.compress(answer.data, quality=5))


def test_the_page_shows_a_drawing_a_third_as_heavy_as_the_picture(owned, browser):
    certificate, holder = owned
    browser.sign_in(holder)

    drawing = browser.get("certificates.draw_own_certificate", certificate_id=certificate.id).response

    assert drawing.content_type == "image/svg+xml"
    assert drawing.data.startswith(b"<svg ")
    assert not re.search(rb"\.\d{3}", drawing.data)
    assert b"<script" not in drawing.data
    assert sent(drawing) < 60_000
    assert (
        sent(drawing)
        < len(browser.get("certificates.save_own_picture", certificate_id=certificate.id).response.data) / 2
    )


def test_what_is_opened_again_is_not_sent_again_unless_it_changed(owned, browser, db):
    certificate, holder = owned
    browser.sign_in(holder)
    first = browser.get("certificates.draw_own_certificate", certificate_id=certificate.id).response
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}

    again = browser.client.get(f"/me/certificates/{certificate.id}.svg", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"

    facts = {**certificate.facts, "name": "Aminah binti Ahmad"}
    certificate.facts, certificate.facts_digest = facts, services.facts_digest(facts)
    db.session.commit()
    assert browser.client.get(f"/me/certificates/{certificate.id}.svg", headers=known).status_code == 200


def test_nobody_else_is_told_that_the_drawing_has_not_changed(owned, browser, new_browser, make):
    certificate, holder = owned
    browser.sign_in(holder)
    tag = browser.get("certificates.draw_own_certificate", certificate_id=certificate.id).response.headers[
        "ETag"
    ]
    stranger = new_browser()
    stranger.sign_in(make.user())
    stranger.get("certificates.draw_own_certificate", expect=404, certificate_id=certificate.id)

    assert (
        stranger.client.get(
            f"/me/certificates/{certificate.id}.svg", headers={"If-None-Match": tag}
        ).status_code
        == 404
    )


def test_the_page_of_somebody_else_is_an_unknown_address(owned, browser, make):
    certificate, _holder = owned
    browser.sign_in(make.user())
    assert browser.client.get(f"/me/certificates/{certificate.id}").status_code == 404
    assert browser.client.get(f"/me/certificates/{UNKNOWN}").status_code == 404


def test_who_brought_the_first_training_to_a_desa_is_thanked_for_it(owned, browser, make, db):
    certificate, holder = owned
    certificate.trainee.sex = Sex.FEMALE
    db.session.commit()
    browser.sign_in(holder)
    assert (
        "Terima kasih, Ibu Aminah. Berkat Ibu, Desa Keladan kini memiliki PSM terlatih."
        in own_page(browser, certificate).text
    )


def trained_before(make):
    """Somebody of the same desa who held a tier before."""
    other = make.trainee(name="Zubaidah")
    make.qualification(other, held_from=date(2010, 3, 1))
    return other


def test_a_desa_that_had_a_trained_psm_before_is_not_named(owned, browser, make):
    certificate, holder = owned
    trained_before(make)
    browser.sign_in(holder)
    text = own_page(browser, certificate).text
    assert "Terima kasih atas pengabdian" in text
    assert "kini memiliki" not in text


def test_a_trained_psm_who_had_left_by_then_does_not_count(owned, browser, make, db):
    certificate, holder = owned
    other = trained_before(make)
    standing = db.session.scalars(select(Standing).where(Standing.trainee_id == other.id)).one()
    standing.ends_on = date(2011, 1, 1)
    db.session.commit()
    browser.sign_in(holder)
    assert "kini memiliki PSM terlatih" in own_page(browser, certificate).text


def test_nobody_is_thanked_for_a_revoked_certificate(owned, browser):
    certificate, holder = owned
    services.revoke_certificate(
        certificate, reason="Keliru", revoked_on=clock.today(certificate.batch.zone), by=SYSTEM
    )
    browser.sign_in(holder)
    for page in (browser.get("certificates.list_own_certificates"), own_page(browser, certificate)):
        assert "Terima kasih" not in page.text
        assert "Dicabut sejak" in page.text
        assert "Bagikan gambar" not in page.text


def test_a_certificate_whose_copy_was_altered_shows_no_picture(owned, browser, db):
    certificate, holder = owned
    certificate.facts = {**certificate.facts, "name": "Orang Lain"}
    db.session.commit()
    browser.sign_in(holder)
    page = own_page(browser, certificate)
    assert "sedang diperiksa" in page.text
    assert not page.soup.select(".sheet img, [data-share]")


def test_who_has_none_is_told_what_will_stand_here(browser, make):
    browser.sign_in(make.user())
    assert "Belum ada sertifikat" in browser.get("certificates.list_own_certificates").text
