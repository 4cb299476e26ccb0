"""Nobody stands before a closed door: each journey walks the pages as its people do, from the dead end of
before to the answer.
"""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.auth import services as auth
from app.auth.rules import NameKind, Role
from app.certificates.models import Certificate
from app.core.actor import SYSTEM
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.trainees.models import Trainee
from tests.certificates.conftest import graduated, issued  # noqa: F401, fixtures
from tests.certificates.test_pages import hidden

NIK, KELADAN = "6305065203689777", "63.05.06.2001"
S = EnrollmentStatus


@pytest.fixture
def person(make: Any, new_browser: Any) -> Any:
    """Return the browser of somebody signed in, with the account as `.user`."""

    def enter(role: Role | None = None, region: str = "63.05", **values: Any) -> Any:
        browser = new_browser()
        browser.user = make.user(role, region, **values)
        browser.sign_in(browser.user)
        return browser

    return enter


def register(browser: Any, **changed: str) -> str:
    """Walk the six questions and send them; return the code on the page of thanks."""
    told = {"name": "Siti Rahmah", "phone": "0812-3456-7890", "address": "RT 02", **changed}
    answers = {
        "nik": {"nik": NIK},
        "birth": {"birth_date": "1968-03-12", "sex": "female"},
        "name": {"name": told["name"]},
        "desa": {"desa": KELADAN},
        "contact": {"phone": told["phone"], "address": told["address"]},
    }
    for question, answer in answers.items():
        browser.post(
            f"enrollments.ask_{question}", data=answer, **({"within": "63.05"} if question == "desa" else {})
        )
    done = browser.get(browser.post("enrollments.check_own_data").location)
    assert "Cara masuk: ketik NIK Anda" in done.text  # a shared phone signs in only one of a family
    assert "omor HP" not in done.text
    return "".join(each.get_text() for each in done.soup.select(".sign-in-code span"))


def sign_in(browser: Any, code: str, expect: int = 303) -> Any:
    return browser.post("auth.sign_in", data={"typed": NIK, "password": code}, expect=expect)


def the_only_link(page: Any, part: str) -> str:
    (link,) = {each["href"] for each in page.soup.select("main a[href]") if part in each["href"]}
    return link


def test_a_psm_whom_the_office_knows_registers_and_goes_in(make, new_browser, person):
    known = make.trainee(name="Siti Rahmah", nik=NIK, phone="+6281234567890")
    she, dinas = new_browser(), person(Role.KABUPATEN_DINAS)
    code = register(she)
    waiting = sign_in(she, code, expect=422)
    assert "sedang diperiksa Dinas Sosial Kabupaten Tapin" in waiting.error

    page = dinas.get(the_only_link(dinas.get("dashboard.home"), "/petitions/"))
    assert "Seseorang mendaftarkan diri dengan NIK yang sudah tercatat" in page.text
    dinas.post(
        page.response.request.path,
        data={"answer": "opened", "reason": "KTP-nya sudah saya lihat.", "words": ""},
    )

    sign_in(she, code)
    assert "Siti Rahmah" in she.get("dashboard.home").text
    assert database.session.scalars(select(Trainee)).one().id == known.id


def test_a_psm_who_lost_her_code_gets_a_new_one_from_her_tksk(make, new_browser, person):
    user = auth.open_account("Siti Rahmah", password="kode yang hilang", names={NameKind.NIK: NIK}, by=SYSTEM)
    make.trainee(name="Siti Rahmah", nik=NIK, user=user)
    she, tksk = new_browser(), person(Role.TKSK, "63.05.06")
    asked = she.get(she.post("auth.request_reset", data={"typed": NIK}).location)
    assert "TKSK kecamatan Anda" in asked.text

    page = tksk.get(the_only_link(tksk.get("dashboard.home"), "/petitions/"))
    shown = tksk.post(page.soup.find("form", action=re.compile("/link$"))["action"], expect=200)
    link = re.search(r"/reset-password/[\w-]+", shown.text).group(0)

    she.post(link, data={"password": "rumah panggung tepi rawa", "again": "rumah panggung tepi rawa"})
    sign_in(she, "rumah panggung tepi rawa")
    assert "menunggu jawaban" not in tksk.get("dashboard.home").text


def test_a_wrong_name_is_put_right_and_the_certificate_replaced(person, issued, db):  # noqa: F811
    [certificate] = issued("Siti Rahma")
    she, dinas, signer = person(), person(Role.KABUPATEN_DINAS), person(Role.SIGNER)
    certificate.trainee.user = she.user
    db.session.commit()

    assert the_only_link(she.get("auth.show_account"), "/me/account/name") == "/me/account/name"
    she.post("petitions.change_name", data={"name": "Siti Rahmah", "reason": "Huruf h kurang."})
    assert "Menunggu jawaban dinas" in she.get("petitions.change_name").text

    page = dinas.get(the_only_link(dinas.get("dashboard.home"), "/petitions/"))
    assert "Huruf h kurang." in page.text
    dinas.post(page.response.request.path, data={"answer": "corrected", "words": "Sesuai KTP."})

    assert "Sesuai KTP." in she.get("petitions.change_name").text
    home = signer.get("dashboard.home")
    assert "1 sertifikat memuat nama atau data yang keliru dan perlu diganti." in home.text
    replacing = signer.get(the_only_link(home, "/replace"))
    data = {
        "issued_on": replacing.soup.find(id="issued_on")["value"],
        "reason": "Ejaan nama sesuai KTP",
        **hidden(replacing),
    }
    signer.post(replacing.response.request.path, data=data)

    assert "perlu diganti" not in signer.get("dashboard.home").text
    newest = db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
    assert (newest.facts["name"], newest.is_in_force) == ("Siti Rahmah", True)
    assert newest.number in she.get("certificates.list_own_certificates").text


def test_a_returned_application_is_mended_sent_again_and_accepted(make, person, at):
    at(2026, 9, 1, 1)
    batch = make.batch(make.course(), starts_on=date(2026, 10, 12))
    she, dinas = person(), person(Role.KABUPATEN_DINAS)
    record = make.trainee(user_id=she.user.id, address="RT 1")
    she.post(
        "enrollments.enroll_self", batch_id=batch.id, data={"phone": "0812-3456-7890", "address": "RT 1"}
    )
    held = database.session.scalars(select(Enrollment)).one()
    dinas.post(
        "enrollments.return_enrollment",
        enrollment_id=held.id,
        data={"reason": "Alamat belum lengkap, foto KTP kabur."},
    )

    home = she.get("dashboard.home")
    assert "Alamat belum lengkap, foto KTP kabur." in home.text
    page = she.get(the_only_link(home, "/me/enrollments/answer"))
    assert "Alamat belum lengkap, foto KTP kabur." in page.text
    assert {each["name"] for each in page.soup.select("main form [name]")} >= {
        "phone",
        "address",
        "birth_place",
        "words",
    }
    assert the_only_link(page, "/me/account/name")
    typed = {
        "phone": "0812",
        "address": "Jalan Mawar RT 02 RW 01",
        "birth_place": "Rantau",
        "words": "Foto sudah saya kirim.",
    }
    wrong = she.post("enrollments.answer_own_enrollment", data={**hidden(page), **typed}, expect=422)
    assert wrong.soup.find(id="address")["value"] == typed["address"]  # nothing typed is lost
    assert held.status is S.RETURNED
    she.post("enrollments.answer_own_enrollment", data={**hidden(wrong), **typed, "phone": "0813-3456-7890"})

    assert (record.address, record.phone) == ("Jalan Mawar RT 02 RW 01", "+6281334567890")
    seen = dinas.get("enrollments.show_enrollment", enrollment_id=held.id)
    assert "Foto sudah saya kirim. Diperbarui: Nomor HP, Alamat rumah." in seen.text
    dinas.post("enrollments.accept_enrollment", enrollment_id=held.id, data={"note": ""})
    assert "Anda diterima sebagai peserta" in she.get("dashboard.home").text


def test_a_tksk_adds_three_people_of_her_kecamatan_by_the_button_on_her_page(make, person):
    batch = make.batch(make.course())
    elsewhere = make.batch(make.course(make.organiser("33.74")))
    names = [make.trainee(name=f"Siti {name}") for name in ("Aminah", "Bahriah", "Camelia")]
    tksk = person(Role.TKSK, "63.05.06")
    home = tksk.get("dashboard.home")
    assert f"/batches/{elsewhere.id}/" not in home.response.text
    page = tksk.get(the_only_link(home, "/enrollments/add"))
    ticked = [each["value"] for each in page.soup.select("input[name=trainees]")]
    assert sorted(map(int, ticked)) == sorted(each.id for each in names)
    done = tksk.get(tksk.post(page.response.request.path, data={"trainees": ticked}).location)
    assert "3 orang didaftarkan, menunggu keputusan." in done.text
    held = database.session.scalars(select(Enrollment).where(Enrollment.batch_id == batch.id)).all()
    assert [each.status for each in held] == [S.SUBMITTED] * 3


def test_the_ipsm_reads_what_concerns_it_and_each_link_opens(make, person):
    make.trainee(name="Siti Aminah")
    batch = make.batch(make.course())
    for region in ("63.05", "63.05.06"):
        ipsm = person(Role.IPSM_OFFICER, region)
        home = ipsm.get("dashboard.home")
        assert "Belum ada angkatan" not in home.text
        for link in home.soup.select("main a[href^='/']"):
            ipsm.get(link["href"])
    assert "Siti Aminah" in home.text
    assert "/trainees/register" not in home.response.text
    assert f"/batches/{batch.id}/enrollments/add" not in home.response.text


def test_an_old_certificate_is_reported_from_the_first_step_and_from_an_unknown_code(
    make, new_browser, person
):
    madya = make.batch(make.course(make.organiser("63"), "madya"))
    she, dinas = new_browser(), person(Role.KABUPATEN_DINAS)
    make.organiser()
    first = she.get("enrollments.ask_nik", batch=madya.id)
    assert "sertifikat dasar" in first.text
    page = she.get(the_only_link(first, "/report"))
    told = {
        "about": page.soup.find(id="about")["value"],
        "words": "Sertifikat dasar tahun 2009.",
        "phone": "0812",
        "name": "Siti",
    }
    where = {"region-provinsi": "63", "region-kabupaten": "63.05"}
    assert she.post(page.response.request.path, data=told, expect=422).soup.find(id="name")["value"] == "Siti"
    assert "Nomor telepon" in she.post(page.response.request.path, data=told | where, expect=422).error
    sent = told | where | {"phone": "0812-3456-7890"}
    assert (
        "dikirim kepada Dinas Sosial Kabupaten Tapin"
        in she.get(she.post(page.response.request.path, data=sent).location).text
    )

    page = dinas.get(the_only_link(dinas.get("dashboard.home"), "/petitions/"))
    for words in ("Sertifikat dasar lama", "Sertifikat dasar tahun 2009.", "0812-3456-7890"):
        assert words in page.text
    dinas.post(
        page.response.request.path, data={"answer": "told", "words": "Sudah ditelepon.", "informed": "1"}
    )
    unknown = she.get("/v/KTP7Q4W2MZA9R", expect=404)
    assert the_only_link(unknown, "/report?about=")


def test_a_certificate_that_does_not_agree_is_reported_to_its_issuer(issued, new_browser, person):  # noqa: F811
    [certificate] = issued("Aminah")
    secretary, dinas = new_browser(), person(Role.KABUPATEN_DINAS)
    page = secretary.get(
        the_only_link(secretary.get("certificates.verify_certificate", code=certificate.code), "/report")
    )
    assert "Laporan ini dikirim kepada Dinas Sosial Kabupaten Tapin" in page.text
    address = page.response.request.full_path
    secretary.post(
        address,
        data={"about": certificate.number, "words": "Nama pada kertas lain.", "name": "", "phone": ""},
    )
    assert certificate.number in dinas.get(the_only_link(dinas.get("dashboard.home"), "/petitions/")).text


def test_a_journalist_reads_the_figures_once_the_dinas_has_opened_them(make, new_browser, person):
    office = make.organiser()
    make.qualification(make.trainee(name="Siti Aminah"))
    journalist, dinas = new_browser(), person(Role.KABUPATEN_DINAS)
    sign_in_page = journalist.get(journalist.get("/coverage/63.05", expect=302).location)
    page = journalist.get(the_only_link(sign_in_page, "/figures"))
    assert "Belum ada dinas yang membuka angkanya" in page.text
    closed = journalist.get("coverage.show_public", region_code="63.05")
    assert "belum dibuka untuk umum. Tanyakan kepada Dinas Sosial Kabupaten Tapin" in closed.text
    assert closed.soup.find("table") is None

    dinas.post("organisers.publish_coverage", organiser_id=office.id, data={"publishes": "yes"})
    public = journalist.get(the_only_link(journalist.get("coverage.list_public"), "/figures/"))
    rows = {
        row.th.get_text(strip=True): [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in public.soup.select("tbody tr")
    }
    assert rows["Candi Laras Utara"][:2] == ["1", "1"]
    assert rows["Seluruhnya"][:2] == ["1", "1"]
    for hidden_words in ("Siti Aminah", "Keladan"):
        assert hidden_words not in public.response.text
    for code in ("63.05.06", "63.05.06.2001", "63", "00", "99.99", "x"):
        journalist.get("coverage.show_public", region_code=code, expect=404)

    person(Role.KABUPATEN_DINAS, "63.72").post(
        "organisers.publish_coverage", organiser_id=office.id, data={"publishes": "no"}, expect=404
    )
    dinas.post("organisers.publish_coverage", organiser_id=office.id, data={"publishes": "no"})
    assert "belum dibuka untuk umum" in journalist.get("coverage.show_public", region_code="63.05").text
