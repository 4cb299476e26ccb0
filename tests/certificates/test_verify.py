"""The public check: every printed fact, nothing else about the person, and what the sheet is worth today."""

import json
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.assessment.rules import ResultOutcome
from app.auth.rules import Role
from app.certificates import services
from app.certificates.document import certificate_pdf, grouped_code, printed_facts, printed_lines
from app.certificates.rules import UNKNOWN_CODES_PER_ADDRESS, UNKNOWN_CODES_WINDOW
from app.core import clock, throttle
from app.core.actor import SYSTEM
from app.core.dates import long_date
from app.courses.rules import CourseKind
from app.organisers import queries as organisers
from app.trainees.models import DutyPost, Standing
from app.trainees.rules import TraineeStatus
from tests.certificates.conftest import CLOSING

LATER = date(2015, 3, 2)
NOBODYS = "ABCDEFGHJKLMN"
PROMISED = {
    "name",
    "course",
    "tier",
    "batch",
    "lesson_hours",
    "starts_on",
    "ends_on",
    "place",
    "issued_on",
    "organiser",
    "signer",
    "grade",
}


def as_program(browser, code, address="127.0.0.1"):
    return browser.client.get(
        f"/v/{code}", headers={"Accept": "application/json"}, environ_base={"REMOTE_ADDR": address}
    )


def test_a_valid_certificate_shows_all_that_is_printed_except_birth(issued, browser, make):
    organiser = make.organiser()
    [certificate] = issued("Aminah", course=make.course(organiser, year=2011))

    page = browser.get("certificates.verify_certificate", code=certificate.code)

    assert page.h1 == "BERLAKU"
    shown = " ".join(dd.get_text(" ") for dd in page.soup.select("dd"))
    facts = certificate.facts
    for fact in (
        facts["number"],
        "Aminah",
        "LULUS",
        "Pekerja Sosial Masyarakat",
        "Desa Keladan",
        "Candi Laras Utara",
        facts["course_title"],
        "Angkatan I Tahun 2011",
        "Dasar",
        "4 (empat) Jam Pelajaran",
        "24 s.d. 27 Mei 2011",
        facts["place"],
        "Rantau, 27 Mei 2011",
        "Dinas Sosial Kabupaten Tapin",
        "Dra. Rusmini, M.Si.",
        "19650101 199003 2 001",
        "H. Syamsul, S.Sos.",
        "Kebijakan",
        grouped_code(certificate.code),
        certificate.facts_digest[:12],
    ):
        assert fact in shown, fact
    assert "Tempat, tanggal lahir" not in page.text
    assert "diawali https://bekal.example.go.id/;" in page.text


def test_a_changed_name_or_hours_on_paper_stand_against_the_page(issued, browser):
    [certificate] = issued("Aminah")
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    printed = " ".join(printed_lines({**certificate.facts, "name": "Aminah Palsu", "lesson_hours": 40}))
    assert "Aminah Palsu" in printed
    assert "40 (" in printed
    assert "Palsu" not in page.text
    assert "40 JP" not in page.text
    assert "Bila satu saja berbeda" in page.text


def test_a_program_gets_the_promised_keys(issued, browser):
    [certificate] = issued("Aminah")

    answer = as_program(browser, certificate.code)

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    found = answer.json
    assert (found["verdict"], found["number"], found["revoked_on"], found["superseded_by"]) == (
        "valid",
        certificate.number,
        None,
        None,
    )
    lines = [(each["label"], line) for each in found["printed"] for line in each["lines"]]
    assert lines == [
        (str(each.label), line)
        for each in printed_facts(certificate.facts)
        if not each.is_private
        for line in each.lines
    ]
    assert set(found["facts"]) >= PROMISED
    assert (found["facts"]["name"], found["facts"]["issued_on"], found["facts"]["lesson_hours"]) == (
        "Aminah",
        "2011-05-27",
        4,
    )
    assert found["facts"]["signer"] == "Dra. Rusmini, M.Si."


def test_revoked_says_since_when_and_not_why(issued, browser):
    [certificate] = issued("Aminah")
    services.revoke_certificate(certificate, reason="Ijazah palsu", revoked_on=LATER, by=SYSTEM)

    page = browser.get("certificates.verify_certificate", code=certificate.code)

    assert page.h1 == "DICABUT"
    assert "sejak 2 Maret 2015" in page.text
    assert "Ijazah" not in page.response.text
    assert as_program(browser, certificate.code).json["verdict"] == "revoked"
    assert as_program(browser, certificate.code).json["revoked_on"] == "2015-03-02"


def test_superseded_names_the_new_number_but_not_its_code(issued, browser):
    [old] = issued("Aminah")
    new = services.replace_certificate(old, reason="Ejaan", issued_on=LATER, by=SYSTEM)

    page = browser.get("certificates.verify_certificate", code=old.code)
    found = as_program(browser, old.code)

    assert page.h1 == "SUDAH DIGANTI"
    assert (
        f"pada {long_date(clock.local_day(old.superseded_at, old.batch.zone))}" in page.text
    )  # the day it was done
    assert new.number in page.text
    assert (found.json["verdict"], found.json["superseded_by"]) == ("superseded", new.number)
    for body in (page.response.text, found.text):
        assert new.code not in body
        assert grouped_code(new.code) not in body
    assert browser.get("certificates.verify_certificate", code=new.code).h1 == "BERLAKU"


def test_a_replacement_that_was_revoked_is_not_recommended(issued, browser):
    [old] = issued("Aminah")
    new = services.replace_certificate(old, reason="Ejaan", issued_on=LATER, by=SYSTEM)
    services.revoke_certificate(new, reason="Keliru", revoked_on=date(2016, 1, 1), by=SYSTEM)
    page = browser.get("certificates.verify_certificate", code=old.code)
    assert f"penggantinya, nomor {new.number}, pun sudah dicabut, sejak 1 Januari 2016" in page.text


@pytest.mark.parametrize(
    "code", [NOBODYS, "ABC", "%22%3E%3Cscript%3E", "001-DIKLAT-D", "A" * 3000, "ABCDEFGHJKLM0"]
)
def test_an_unknown_code_is_never_called_forged(browser, code):
    page = browser.get(f"/v/{code}", expect=404)
    assert page.h1 == ("TIDAK DITEMUKAN" if code == NOBODYS else "BELUM DAPAT DIPERIKSA")
    assert "belum berarti palsu" in page.text
    answer = as_program(browser, code)
    assert (answer.status_code, answer.json["verdict"], answer.json["facts"]) == (404, "unknown", None)


def test_a_number_alone_confirms_nothing_and_shows_the_way_on(issued, browser, db):
    [certificate] = issued("Aminah")
    office = organisers.name_on(certificate.batch.course.organiser, clock.now().date())
    office.phone = "(0517) 31234"
    db.session.flush()

    page = browser.get("certificates.ask_for_code", code=f"no. {certificate.number.lower()}.", expect=404)
    nobodys = browser.get("certificates.ask_for_code", code="999/DIKLAT-D/DINSOS-TAPIN/V/1999", expect=404)

    for each in (page, nobodys):  # alike: which numbers were given is told to nobody
        assert each.h1 == "INI NOMOR, BUKAN KODE"
        assert "13 huruf dan angka di bawah kotak QR" in each.text
        assert f"Nomor seperti ini dipakai: {office.name}, telepon (0517) 31234" in each.text
    assert "Aminah" not in page.response.text
    elsewhere = browser.get("certificates.ask_for_code", code="001/SERTIFIKAT/BUKAN-KITA/2011", expect=404)
    assert "Nomor seperti ini dipakai" not in elsewhere.text
    answer = browser.client.get(
        "/v/", query_string={"code": certificate.number}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["verdict"], answer.json["number"]) == (404, "unknown", None)


def test_numbers_and_names_are_no_guesses_at_codes(issued, browser):
    [certificate] = issued("Aminah")
    for _each in range(UNKNOWN_CODES_PER_ADDRESS + 2):
        assert (
            browser.get("certificates.ask_for_code", code="Siti Aminah", expect=404).h1
            == "BELUM DAPAT DIPERIKSA"
        )
        assert (
            browser.get("certificates.ask_for_code", code=certificate.number, expect=404).h1
            == "INI NOMOR, BUKAN KODE"
        )
    assert as_program(browser, NOBODYS).status_code == 404


@pytest.mark.parametrize(
    "written",
    [
        "https://bekal.example.go.id/V/{}",
        "{}.",
        "kode: {}",
        "bekal.example.go.id/v/{}/",
        "\u202a{}\u202c",
        " {} ",
    ],
)
def test_a_code_is_read_as_it_is_pasted(issued, browser, written):
    [certificate] = issued("Aminah")
    for code in (
        certificate.code,
        grouped_code(certificate.code),
        grouped_code(certificate.code).lower().replace("-", " "),
    ):
        answer = browser.get("certificates.ask_for_code", code=written.format(code), expect=302)
        assert answer.location == f"/v/{certificate.code}"
    for ending in (".", "/", "%20"):
        assert (
            browser.get(f"/v/{certificate.code.lower()}{ending}", expect=302).location
            == f"/v/{certificate.code}"
        )


def test_two_true_codes_are_both_offered_and_one_among_words_is_opened(issued, browser):
    one, other = issued("Aminah", "Bahriah")
    page = browser.get(
        "certificates.ask_for_code", code=f"{grouped_code(one.code)} dan {grouped_code(other.code)}"
    )
    assert page.h1 == "BEBERAPA KODE"
    assert [link["href"] for link in page.soup.select("main li a")] == [f"/v/{one.code}", f"/v/{other.code}"]
    for words in (
        f"Kesejahteraan: {one.code} (Siti)",
        f"{grouped_code(one.code)} dan {NOBODYS}",
        f"{one.code}{one.code}",
    ):
        assert browser.get("certificates.ask_for_code", code=words, expect=302).location == f"/v/{one.code}"


def test_the_report_takes_the_whole_number_and_the_issuer_along(make, browser):
    make.organiser()
    make.user(Role.KABUPATEN_DINAS)
    number = "nomor sertifikat 026/DIKLAT-D/DINSOS-TAPIN/V/2011"
    page = browser.get("certificates.ask_for_code", code=number, expect=404)
    report = browser.get(page.soup.select_one('a[href^="/report"]')["href"])
    assert report.soup.find(id="about")["value"] == number
    assert "Laporan ini dikirim kepada" in report.text


def test_a_code_is_taken_from_the_form_and_led_to_its_address(issued, browser):
    [certificate] = issued("Aminah")
    assert browser.get("/v/").h1 == "Periksa sertifikat"
    answer = browser.get("certificates.ask_for_code", code=grouped_code(certificate.code).lower(), expect=302)
    assert answer.location == f"/v/{certificate.code}"
    assert (
        browser.get(f"/v/{grouped_code(certificate.code).lower()}", expect=302).location
        == f"/v/{certificate.code}"
    )


def test_the_qr_in_capitals_is_answered_at_once(issued, browser):
    [certificate] = issued("Aminah")
    assert browser.get(f"/V/{certificate.code}").h1 == "BERLAKU"
    assert browser.get("/V/").h1 == "Periksa sertifikat"


def test_the_page_says_whether_the_holder_serves_today(issued, browser, db):
    [certificate] = issued("Aminah")
    assert (
        "Tugas saat ini: PSM aktif di Desa Keladan."
        in browser.get("certificates.verify_certificate", code=certificate.code).text
    )

    person = certificate.trainee
    standing = db.session.query(Standing).filter_by(trainee_id=person.id).one()
    standing.ends_on = clock.today(person.duty_region.zone) - timedelta(days=1)
    db.session.add(
        Standing(
            trainee_id=person.id,
            status=TraineeStatus.RESIGNED,
            starts_on=clock.today(person.duty_region.zone),
        )
    )
    person.status = TraineeStatus.RESIGNED
    db.session.commit()

    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert "tidak tercatat bertugas sebagai PSM aktif" in page.text
    assert "Mengundurkan diri" not in page.text


def test_where_the_holder_serves_follows_the_move_while_the_sheet_stays(issued, browser, make, db):
    [certificate] = issued("Aminah")
    post = db.session.query(DutyPost).filter_by(trainee_id=certificate.trainee_id).one()
    today = clock.today(certificate.batch.zone)
    post.ends_on = today - timedelta(days=1)
    place = make.region("63.05.07.2001")
    db.session.add(DutyPost(trainee_id=certificate.trainee_id, region_id=place.id, starts_on=today))
    certificate.trainee.duty_region = place
    db.session.commit()
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert f"PSM aktif di {place.full_name}." in page.text
    assert "Desa Keladan, Kecamatan Candi Laras Utara" in page.text


def test_a_participation_is_not_called_passed(graduated, browser):
    batch = graduated("Aminah", outcome=ResultOutcome.ATTENDED)
    [certificate] = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert "TELAH MENGIKUTI" in page.text
    assert "LULUS" not in page.text


def test_renaming_the_trainee_afterwards_changes_nothing_on_the_page(issued, browser, db):
    [certificate] = issued("Aminah")
    before = as_program(browser, certificate.code).json
    certificate.trainee.name = "Nama Baru"
    db.session.commit()
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert "Aminah" in page.text
    assert "Nama Baru" not in page.response.text
    assert as_program(browser, certificate.code).json == before


def test_a_register_that_was_altered_is_not_repeated(issued, browser, db, caplog):
    [certificate] = issued("Aminah")
    certificate.facts = {**certificate.facts, "name": "Orang Lain"}
    db.session.commit()

    page = browser.get("certificates.verify_certificate", code=certificate.code)

    assert page.h1 == "SEDANG DIPERIKSA"
    assert "Orang Lain" not in page.response.text
    found = as_program(browser, certificate.code).json
    assert (found["verdict"], found["facts"]) == ("altered", None)
    assert "not those that were sealed" in caplog.text


def test_nothing_of_the_person_leaks(make, browser):
    canaries = {
        "nik": "6305064101859999",
        "birth_place": "Kotakanari",
        "birth_date": date(1977, 7, 17),
        "phone": "+6281299988877",
        "address": "Jalan Kenari 77",
        "email": "kenari@contoh.id",
    }
    batch = make.batch(make.course(year=2011), starts_on=date(2011, 5, 24))
    person = make.trainee(name="Aminah", **canaries)
    attendee = make.attendee(batch, person)
    make.mark(attendee, "77.13")
    make.graduation(batch, attendee)
    [certificate] = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued
    words = [
        "6305064101859999",
        "6305************",
        "Kotakanari",
        "1977",
        "17 Juli",
        "81299988877",
        "Jalan Kenari",
        "kenari@",
        "77.13",
        "77,13",
    ]

    page = browser.get("certificates.verify_certificate", code=certificate.code)
    answer = as_program(browser, certificate.code)

    for text in (page.response.text, str(page.response.headers), answer.text, str(answer.headers)):
        assert not [word for word in words if word in text]
    # The sheet itself prints birth place and date, as the form of the ministry does; nothing else, and
    # nothing in its metadata.
    sheet = certificate_pdf(certificate.facts, address="https://bekal.example.go.id/V/" + certificate.code)
    if shutil.which("pdftotext"):
        said = subprocess.run(
            ["pdftotext", "-", "-"], input=sheet, capture_output=True, check=True
        ).stdout.decode()
        assert "Kotakanari" in said
        assert not [word for word in words if word in said and word not in ("Kotakanari", "1977", "17 Juli")]
    metadata = b" ".join(re.findall(rb"<\?xpacket begin.*?xpacket end", sheet, re.S)).decode()
    assert "Aminah" in metadata
    assert not [word for word in words if word in metadata]
    assert "6305064101859999" not in json.dumps(certificate.facts)


def test_the_answer_is_kept_by_nobody_and_tells_nobody(issued, browser):
    [certificate] = issued("Aminah")
    for answer in (
        browser.client.get(f"/v/{certificate.code}"),
        as_program(browser, certificate.code),
        browser.client.get(f"/v/{NOBODYS}"),
        browser.client.get("/v/?code=salah"),
    ):
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Accept" in answer.headers.get("Vary", "")


def test_the_page_is_light_and_needs_no_script(issued, browser, app):
    [certificate] = issued("Aminah")
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert not page.soup.find("script")
    assert page.soup.find("meta", attrs={"name": "robots", "content": "noindex"})
    sheets = [link["href"] for link in page.soup.find_all("link")]
    weight = len(page.response.data) + sum(
        (Path(app.root_path) / href.partition("?")[0].lstrip("/")).stat().st_size for href in sheets
    )
    assert weight < 30_000


def test_wrong_codes_are_answered_again_after_the_window(browser, db):
    for number in range(UNKNOWN_CODES_PER_ADDRESS):
        as_program(browser, f"NBDY{number}")
    assert as_program(browser, NOBODYS).status_code == 429

    for each in db.session.query(throttle.Try):
        each.at -= UNKNOWN_CODES_WINDOW
    db.session.commit()

    assert as_program(browser, NOBODYS).status_code == 404


def test_guessing_is_slowed_down_but_a_certificate_in_hand_is_always_answered(issued, browser):
    [certificate] = issued("Aminah")
    for number in range(UNKNOWN_CODES_PER_ADDRESS):
        assert as_program(browser, f"NBDY{number}", "203.0.113.9").status_code == 404

    refused = as_program(browser, NOBODYS, "203.0.113.9")
    page = browser.client.get(f"/v/{NOBODYS}", environ_base={"REMOTE_ADDR": "203.0.113.9"})

    for answer in (refused, page):
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 601
    assert "Terlalu banyak" in page.text
    assert as_program(browser, certificate.code, "203.0.113.10").json["verdict"] == "valid"
    assert as_program(browser, certificate.code, "203.0.113.9").json["verdict"] == "valid"
    assert as_program(browser, NOBODYS, "203.0.113.10").status_code == 404


def test_a_hostile_name_is_shown_as_typed_and_run_by_nobody(issued, browser):
    name = """Nu'man #panic("x") <b>"""
    [certificate] = issued(name)
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert name in page.text
    assert not page.soup.select("dd b")
    assert as_program(browser, certificate.code).json["facts"]["name"] == name
    if shutil.which("pdftotext"):
        sheet = certificate_pdf(certificate.facts, address="https://bekal.example.go.id/V/X")
        said = subprocess.run(
            ["pdftotext", "-", "-"], input=sheet, capture_output=True, check=True
        ).stdout.decode()
        assert name in " ".join(said.split())


def test_revoked_and_merged_people_change_nothing_about_what_is_said_of_the_paper(issued, browser, make, db):
    [certificate] = issued("Aminah")
    counting = make.trainee(desa="63.05.07.2001", name="Aminah binti Ali")
    certificate.trainee.canonical_id = counting.id
    db.session.commit()
    page = browser.get("certificates.verify_certificate", code=certificate.code)
    assert counting.duty_region.full_name in page.text
    assert "binti Ali" not in page.text


def test_a_signed_in_reader_sees_the_same(issued, browser, make):
    [certificate] = issued("Aminah")
    outside = (
        browser.get("certificates.verify_certificate", code=certificate.code).soup.select_one("dl").get_text()
    )
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    assert (
        browser.get("certificates.verify_certificate", code=certificate.code).soup.select_one("dl").get_text()
        == outside
    )


def test_another_kind_of_course_is_named_by_its_own_title(graduated, make, browser):
    batch = graduated("Aminah", course=make.course(kind=CourseKind.BIMTEK, title="Bimtek Kebencanaan"))
    [certificate] = services.issue_for_batch(batch, issued_on=CLOSING, by=SYSTEM).issued
    assert (
        "Bimtek Kebencanaan Angkatan I"
        in browser.get("certificates.verify_certificate", code=certificate.code).text
    )


def test_the_empty_form_alone_may_be_found_by_search_engines(browser):
    answer = browser.client.get("/v/")
    assert "X-Robots-Tag" not in answer.headers
    assert "noindex" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in browser.client.get("/v/?code=salah").text
