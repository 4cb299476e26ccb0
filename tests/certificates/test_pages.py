"""The pages of the office: the tab of a batch, the issue, the register, revoking and replacing."""

from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from app.assessment.models import GraduationResult
from app.assessment.rules import ResultOutcome
from app.auth.rules import Role
from app.auth.services import make_access_token
from app.certificates import services
from app.certificates.models import Certificate
from app.core.actor import SYSTEM
from app.organisers.rules import Orientation, SheetLayout
from app.organisers.services import set_sheet
from app.trainees.models import Trainee
from tests.api.conftest import Program
from tests.certificates.conftest import CLOSING
from tests.factories import SEMARANG, in_letters


@pytest.fixture
def officer(make, browser):
    """Signed in as the dinas of Tapin."""
    user = make.user(Role.KABUPATEN_DINAS)
    browser.sign_in(user)
    return user


@pytest.fixture
def signer(make, browser):
    """Signed in as the one who signs in Tapin."""
    user = make.user(Role.SIGNER)
    browser.sign_in(user)
    return user


def without_token(page):
    """The page but for the token of its forms, which is new each second."""
    for field in page.soup.select("input[name=csrf_token]"):
        field.decompose()
    return str(page.soup), len(page.response.data)


def count(db):
    return db.session.scalar(select(func.count(Certificate.id)))


def test_before_the_graduation_the_tab_says_what_has_to_happen(graduated, browser, officer):
    batch = graduated("Aminah", approved=False)
    page = browser.get("certificates.list_certificates", batch_id=batch.id)
    assert "setelah kelulusan angkatan ini disetujui" in page.text
    assert page.soup.select_one(".next-thing a.btn")["href"].endswith("/graduation")


def test_the_tab_counts_who_is_ready_and_says_who_gets_none_and_why(graduated, browser, officer, db):
    batch = graduated("Aminah", "Bahriah", "Camelia")
    db.session.scalars(select(GraduationResult)).first().outcome = ResultOutcome.FAILED
    db.session.commit()
    page = browser.get("certificates.list_certificates", batch_id=batch.id)
    assert page.soup.select_one(".next-thing a.btn").get_text() == "Terbitkan 2 sertifikat"
    assert "Aminah: Keputusan kelulusan: tidak lulus." in page.text


def test_the_page_checks_first_and_issues_with_one_press(graduated, browser, officer, db):
    batch = graduated("Aminah", "Bahriah")
    page = browser.get("certificates.issue_certificates", batch_id=batch.id)
    assert "2 sertifikat, nomor 001/DIKLAT-D/DINSOS-TAPIN/" in page.text
    assert count(db) == 0

    answer = browser.post(
        "certificates.issue_certificates", batch_id=batch.id, data={"issued_on": "2011-05-27"}
    )

    assert answer.location.endswith(f"/batches/{batch.id}/certificates")
    listed = browser.get(answer.location)
    assert (
        "2 sertifikat terbit, nomor 001/DIKLAT-D/DINSOS-TAPIN/V/2011 sampai 002/DIKLAT-D/DINSOS-TAPIN/V/2011."
        in listed.text
    )
    assert [row.th.get_text() for row in listed.soup.select("tbody tr")] == ["Aminah", "Bahriah"]
    assert "Semua sertifikat angkatan ini sudah terbit." in listed.text


def test_looking_first_changes_nothing_and_follows_the_date(graduated, browser, officer, db):
    batch = graduated("Aminah", "Bahriah")
    page = browser.post(
        "certificates.issue_certificates",
        expect=200,
        batch_id=batch.id,
        data={"issued_on": "2012-02-01", "check": "1"},
    )
    assert "nomor 001/DIKLAT-D/DINSOS-TAPIN/II/2012 sampai 002/DIKLAT-D/DINSOS-TAPIN/II/2012" in page.text
    assert count(db) == 0


def test_the_parked_are_named_with_their_reason_before_and_told_after(graduated, browser, officer, db):
    batch = graduated("Aminah", "Bahriah \U0001f600")
    page = browser.post(
        "certificates.issue_certificates",
        expect=200,
        batch_id=batch.id,
        data={"issued_on": "2011-05-27", "check": "1"},
    )
    assert "Tertahan: 1 orang" in page.text
    assert "tidak dapat dicetak: “\U0001f600”" in page.text
    answer = browser.post(
        "certificates.issue_certificates", batch_id=batch.id, data={"issued_on": "2011-05-27"}
    )
    tab = browser.get(answer.location)
    assert "1 tertahan." in tab.text
    assert "Sertifikat 1 orang tertahan." in tab.text
    assert "Bahriah \U0001f600: Ada tanda" in tab.text
    assert count(db) == 1


@pytest.mark.parametrize("orientation", Orientation)
def test_a_name_that_could_not_be_read_is_refused_before_the_issue_and_past_it_the_next_sheet_is_shown(
    graduated, browser, officer, db, orientation
):
    unbroken = "Abdurrahman" * 16
    batch = graduated(unbroken, "Bahriah")
    set_sheet(batch.course.organiser, SheetLayout(orientation=orientation), by=SYSTEM)

    page = browser.post(
        "certificates.issue_certificates",
        expect=200,
        batch_id=batch.id,
        data={"issued_on": "2011-05-27", "check": "1"},
    )
    assert f"{unbroken}: Nama “{unbroken}” memuat kata yang terlalu panjang untuk lembarnya" in page.text
    assert "Betulkan nama itu pada data orangnya, lalu terbitkan lagi." in page.text
    assert "Contoh lembar: Bahriah" in page.text
    browser.get("certificates.preview_certificate", batch_id=batch.id, issued_on="2011-05-27")  # of Bahriah
    browser.post("certificates.issue_certificates", batch_id=batch.id, data={"issued_on": "2011-05-27"})
    assert [each.facts["name"] for each in db.session.query(Certificate)] == ["Bahriah"]


def test_a_replacement_that_could_not_be_read_is_refused_before_it_is_asked_for(issued, browser, make, db):
    [certificate] = issued("Aminah")
    certificate.trainee.name = "Abdurrahman" * 16
    db.session.commit()
    browser.sign_in(make.user(Role.SIGNER))

    page = browser.get("certificates.replace_certificate", certificate_id=certificate.id)
    assert "memuat kata yang terlalu panjang untuk lembarnya" in page.text
    data = {"reason": "Ejaan nama", "issued_on": "2011-05-27"}
    page = browser.post(
        "certificates.replace_certificate", expect=422, certificate_id=certificate.id, data=data
    )
    assert "memuat kata yang terlalu panjang untuk lembarnya" in page.error
    assert count(db) == 1


def test_programs_are_told_who_is_held_back_and_why(app, graduated, officer):
    unbroken = "Abdurrahman" * 16
    batch = graduated(unbroken, "Bahriah")
    program = Program(app, make_access_token(officer, "test", days=1, by=officer))

    sent = program.send(
        "POST", f"/batches/{batch.id}/certificates", expect=200, json={"issued_on": "2011-05-27"}
    )

    assert [each["number"][:3] for each in sent["issued"]] == ["001"]
    assert [
        (each["name"], "terlalu panjang untuk lembarnya" in each["reason"]) for each in sent["parked"]
    ] == [(unbroken, True)]


def test_a_preview_of_nobody_who_can_be_read_is_none(graduated, browser, officer):
    batch = graduated("Abdurrahman" * 16)
    browser.get("certificates.preview_certificate", batch_id=batch.id, issued_on="2011-05-27", expect=404)


@pytest.mark.parametrize("day", ["2011-05-26", "2190-01-01", "", "kapan-kapan"])
@pytest.mark.parametrize("check", [{}, {"check": "1"}])
def test_a_date_that_cannot_be_is_shown_at_its_field(graduated, browser, officer, db, day, check):
    batch = graduated("Aminah")
    page = browser.post(
        "certificates.issue_certificates", expect=422, batch_id=batch.id, data={"issued_on": day, **check}
    )
    assert page.error.startswith("Ditetapkan tanggal:")
    assert page.soup.select_one(".field-error")
    assert count(db) == 0


def test_without_an_approved_graduation_the_issue_is_refused(graduated, browser, officer, db):
    batch = graduated("Aminah", approved=False)
    assert "belum disetujui" in browser.get("certificates.issue_certificates", batch_id=batch.id).text
    page = browser.post(
        "certificates.issue_certificates", expect=422, batch_id=batch.id, data={"issued_on": "2011-05-27"}
    )
    assert "Sertifikat belum dapat diterbitkan." in page.error
    assert count(db) == 0


def test_the_same_form_sent_twice_has_one_effect(graduated, browser, officer, db):
    batch = graduated("Aminah")
    for _press in range(2):
        browser.post(
            "certificates.issue_certificates",
            batch_id=batch.id,
            data={"issued_on": "2011-05-27"},
            key="a" * 32,
        )
    assert count(db) == 1


def hidden(page):
    """Return what the page's form carries along unseen."""
    form = page.soup.find("input", attrs={"name": "version"}).find_parent("form")
    fields = form.find_all("input", attrs={"type": "hidden"})
    return {
        each["name"]: each.get("value", "")
        for each in fields
        if each["name"] not in ("csrf_token", "idempotency_key")
    }


def test_nobody_issues_sheets_that_were_not_seen(graduated, browser, officer, db):
    batch = graduated("Aminah", "Bahriah")
    seen = browser.post(
        "certificates.issue_certificates",
        expect=200,
        batch_id=batch.id,
        data={"issued_on": "2011-05-27", "check": "1"},
    )
    person = db.session.scalars(select(Trainee).where(Trainee.name == "Bahriah")).one()
    person.name = "Bahriah, S.Pd."
    db.session.commit()
    data = {"issued_on": "2011-05-27"}
    page = browser.post(
        "certificates.issue_certificates", expect=409, batch_id=batch.id, data={**data, **hidden(seen)}
    )
    assert "Isi lembarnya tidak sama dengan yang tampil sebelum ini" in page.error
    assert count(db) == 0
    other_day = browser.post(
        "certificates.issue_certificates",
        expect=409,
        batch_id=batch.id,
        data={"issued_on": "2011-05-28", **hidden(page)},
    )
    assert "28 Mei 2011" in other_day.text
    browser.post(
        "certificates.issue_certificates",
        batch_id=batch.id,
        data={"issued_on": "2011-05-28", **hidden(other_day)},
    )
    assert count(db) == 2


def test_nobody_replaces_a_certificate_by_another_one_than_was_compared(issued, browser, signer, db):
    [certificate] = issued("Aminah")
    page = browser.get("certificates.replace_certificate", certificate_id=certificate.id)
    data = {"issued_on": page.soup.find(id="issued_on")["value"], "reason": "Ejaan nama sesuai KTP"}
    certificate.trainee.name = "Nama Yang Lain"
    db.session.commit()
    page = browser.post(
        "certificates.replace_certificate",
        expect=409,
        certificate_id=certificate.id,
        data={**data, **hidden(page)},
    )
    assert "Bandingkan lagi" in page.error
    assert "Nama Yang Lain" in page.text
    assert count(db) == 1
    browser.post(
        "certificates.replace_certificate", certificate_id=certificate.id, data={**data, **hidden(page)}
    )
    assert count(db) == 2


def test_the_preview_is_a_picture_that_has_no_number_yet(graduated, browser, officer, db):
    batch = graduated("Aminah")
    for page in (1, 2):
        answer = browser.get(
            "certificates.preview_certificate", batch_id=batch.id, issued_on="2011-05-27", page=page
        ).response
        assert answer.data.startswith(b"\x89PNG")
    assert count(db) == 0


def test_there_is_no_preview_of_nobody(graduated, browser, officer):
    browser.get(
        "certificates.preview_certificate",
        expect=404,
        batch_id=graduated("Aminah", outcome=ResultOutcome.FAILED).id,
    )


@pytest.mark.parametrize("endpoint", ["list_certificates", "issue_certificates", "preview_certificate"])
def test_another_kabupaten_sees_nothing_of_a_batch(graduated, browser, make, endpoint):
    batch = graduated("Aminah")
    browser.sign_in(make.user(Role.KABUPATEN_DINAS, SEMARANG))
    hidden = browser.get(f"certificates.{endpoint}", expect=404, batch_id=batch.id)
    unknown = browser.get(f"certificates.{endpoint}", expect=404, batch_id=2_000_000_000)
    assert without_token(hidden) == without_token(unknown)


def test_the_provinsi_reads_and_does_not_issue(graduated, browser, make):
    batch = graduated("Aminah")
    browser.sign_in(make.user(Role.PROVINSI_DINAS, "63"))
    page = browser.get("certificates.list_certificates", batch_id=batch.id)
    assert not page.soup.select_one(".next-thing a.btn")
    browser.post(
        "certificates.issue_certificates", expect=404, batch_id=batch.id, data={"issued_on": "2011-05-27"}
    )


def test_the_signer_revokes_with_a_reason_and_the_public_page_says_so_at_once(issued, browser, signer):
    [certificate] = issued("Aminah")
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert "Cabut" in [link.get_text() for link in page.soup.select("a.btn")]
    refused = browser.post(
        "certificates.revoke_certificate",
        expect=422,
        certificate_id=certificate.id,
        data={"revoked_on": "2015-03-02"},
    )
    assert refused.error.startswith("Alasan pencabutan")
    assert browser.get("certificates.verify_certificate", code=certificate.code).h1 == "BERLAKU"

    data = {"revoked_on": "2015-03-02", "reason": "Dokumen palsu"}
    browser.post("certificates.revoke_certificate", certificate_id=certificate.id, data=data)

    assert (
        "Alasan: Dokumen palsu"
        in browser.get("certificates.show_certificate", certificate_id=certificate.id).text
    )
    assert browser.get("certificates.verify_certificate", code=certificate.code).h1 == "DICABUT"
    again = browser.post(
        "certificates.revoke_certificate", expect=409, certificate_id=certificate.id, data=data
    )
    assert again.errors == ["Sertifikat ini sudah dicabut."]


def test_the_officer_who_issues_takes_nothing_out_of_force(issued, browser, officer):
    [certificate] = issued("Aminah")
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert [link.get_text() for link in page.soup.select("a.btn")] == ["Unduh PDF"]
    for endpoint in ("certificates.revoke_certificate", "certificates.replace_certificate"):
        browser.get(endpoint, expect=404, certificate_id=certificate.id)


def test_a_revoked_certificate_is_not_replaced_by_page_or_button(issued, browser, signer, db):
    [certificate] = issued("Aminah")
    services.revoke_certificate(certificate, reason="Dokumen palsu", revoked_on=CLOSING, by=SYSTEM)
    page = browser.get("certificates.show_certificate", certificate_id=certificate.id)
    assert "Ganti" not in [link.get_text() for link in page.soup.select("a.btn")]
    asked = browser.get("certificates.replace_certificate", certificate_id=certificate.id)
    assert "Bila pencabutannya keliru, tarik kembali dahulu pencabutannya" in asked.text
    assert asked.soup.select_one("main form") is None
    data = {"issued_on": "2015-03-02", "reason": "Ejaan nama sesuai KTP"}
    refused = browser.post(
        "certificates.replace_certificate", expect=409, certificate_id=certificate.id, data=data
    )
    assert (
        refused.error
        == "Sertifikat ini dicabut. Bila pencabutannya keliru, tarik kembali dahulu pencabutannya."
    )
    assert count(db) == 1


def test_old_and_new_stand_side_by_side_before_replacing(issued, browser, signer, db):
    [old] = issued("Aminnah")
    same = browser.get("certificates.replace_certificate", certificate_id=old.id)
    assert [row.th.get_text() for row in same.soup.select("tbody tr")] == ["Ditetapkan"]
    old.trainee.name, old.trainee.birth_place = "Aminah", "Barabai"
    db.session.commit()
    page = browser.get("certificates.replace_certificate", certificate_id=old.id)
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.select("td")]
        for row in page.soup.select("tbody tr")
    }
    assert rows["Nama"] == ["Aminnah", "Aminah"]
    assert rows["Tempat, tanggal lahir"] == ["Rantau, 1 Januari 1985", "Barabai, 1 Januari 1985"]
    assert "Tempat" not in rows
    assert "nomor dan kode baru" in page.text


def test_replacing_leads_to_the_new_one_and_both_name_each_other(issued, browser, signer, db):
    [old] = issued("Aminnah")
    old.trainee.name = "Aminah"
    db.session.commit()
    browser.get("certificates.replace_certificate", certificate_id=old.id)

    answer = browser.post(
        "certificates.replace_certificate",
        certificate_id=old.id,
        data={"issued_on": "2015-03-02", "reason": "Ejaan nama sesuai KTP"},
    )

    new = browser.get(answer.location)
    assert new.h1 == "Sertifikat 001/DIKLAT-D/DINSOS-TAPIN/III/2015"
    assert f"Menggantikan {old.number}" in new.text
    before = browser.get("certificates.show_certificate", certificate_id=old.id)
    assert "Diganti dengan 001/DIKLAT-D/DINSOS-TAPIN/III/2015" in before.text
    assert "Aminnah" in before.text


def test_the_register_finds_a_number_by_its_beginning_and_shows_only_what_is_within_reach(
    issued, graduated, make, browser, officer
):
    issued("Aminah", "Bahriah")
    far = graduated("Camelia", course=make.course(make.organiser(SEMARANG)))
    for attendee in [result.attendee for result in services.plan_issue(far, CLOSING).ready]:
        attendee.trainee.duty_region = make.region("33.74.01.1001")
        make._save(attendee.trainee)
    [other] = services.issue_for_batch(far, issued_on=CLOSING, by=SYSTEM).issued

    everything = browser.get("certificates.list_register")
    found = browser.get("certificates.list_register", number="002/diklat-d/")

    assert [row.td.get_text() for row in everything.soup.select("tbody tr")] == ["Bahriah", "Aminah"]
    assert [row.td.get_text() for row in found.soup.select("tbody tr")] == ["Bahriah"]
    assert other.number not in everything.text
    assert "Tidak ada nomor" in browser.get("certificates.list_register", number="%").text


TYPED_NUMBERS = (
    "002/diklat-d/",
    " 002 / Diklat-D / ",
    "No. 002/DIKLAT-D/DINSOS-TAPIN/V/2011.",
    "Nomor: 002",
    "nomor sertifikat 002/DIKLAT–D",
    "002-DIKLAT-D-DINSOS-TAPIN-V-2011",
    "002 diklat d dinsos",
    "STTPP No 002/DIKLAT-D,",
)


@pytest.mark.parametrize("typed", TYPED_NUMBERS)
def test_a_number_is_found_however_it_is_typed_on_the_page_and_by_programs(
    app, issued, browser, officer, typed
):
    issued("Aminah", "Bahriah")

    found = browser.get("certificates.list_register", number=typed)
    program = Program(app, make_access_token(officer, "test", days=1, by=officer))
    sent = program.send("GET", f"/certificates?{urlencode({'number': typed})}", expect=200)

    assert [row.td.get_text() for row in found.soup.select("tbody tr")] == ["Bahriah"]
    assert [each["number"][:3] for each in sent["items"]] == ["002"]


def test_the_register_turns_pages_by_key(issued, browser, officer, monkeypatch):
    from app.core import pages

    monkeypatch.setattr(pages, "PER_PAGE", 2)
    issued("Aminah", "Bahriah", "Camelia")
    first = browser.get("certificates.list_register")
    rest = browser.get(first.soup.select_one(".pager a[rel=next]")["href"])
    names = [row.td.get_text() for page in (first, rest) for row in page.soup.select("tbody tr")]
    assert names == ["Camelia", "Bahriah", "Aminah"]
    assert not rest.soup.select_one(".pager")


def test_a_volunteer_has_no_register(browser, make):
    browser.sign_in(make.user())
    browser.get("certificates.list_register", expect=404)


@pytest.mark.parametrize("endpoint", ["list_register", "list_certificates"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    graduated, browser, officer, count_queries, endpoint, monkeypatch
):
    monkeypatch.setattr(services, "refusal_to_print", lambda _facts: None)
    counts = []
    for people in (1, 30):
        batch = graduated(*(f"Warga {in_letters(number)}" for number in range(people)))
        services.issue_for_batch(batch, issued_on=date(2011, 5, 27), by=SYSTEM)
        with count_queries() as counted:
            browser.get(
                f"certificates.{endpoint}", **({} if endpoint == "list_register" else {"batch_id": batch.id})
            )
        counts.append(counted())
    assert counts[1] <= counts[0]


def test_a_hostile_name_stays_text_on_every_page_of_the_office(issued, browser, signer):
    name = """Nu'man #panic("x") <b>"""
    [certificate] = issued(name)
    for endpoint, values in (
        ("list_register", {}),
        ("list_certificates", {"batch_id": certificate.batch_id}),
        ("show_certificate", {"certificate_id": certificate.id}),
        ("revoke_certificate", {"certificate_id": certificate.id}),
    ):
        assert name in browser.get(f"certificates.{endpoint}", **values).text


def test_a_press_is_no_reason_to_revoke_or_replace(issued, browser, signer):
    [certificate] = issued("Aminah")
    for act, day in (("revoke", "revoked_on"), ("replace", "issued_on")):
        data = {day: "2015-03-02", "reason": "x"}
        page = browser.post(
            f"certificates.{act}_certificate", expect=422, certificate_id=certificate.id, data=data
        )
        assert "Tuliskan alasannya dengan kata-kata" in page.soup.select_one("#reason-error").get_text()
        assert "dibaca pemegangnya" in page.soup.select_one("#reason-help").get_text().lower()
    assert browser.get("certificates.verify_certificate", code=certificate.code).h1 == "BERLAKU"


def test_the_holder_reads_why_a_certificate_was_replaced(issued, browser, signer, outbox, db):
    [old] = issued("Aminah")
    old.trainee.email = "aminah@contoh.id"
    db.session.commit()
    data = {"issued_on": "2015-03-02", "reason": "Ejaan nama sesuai KTP", "confirm": "y"}
    browser.post("certificates.replace_certificate", certificate_id=old.id, data=data)
    assert "Ejaan nama sesuai KTP" in outbox()[-1].body
