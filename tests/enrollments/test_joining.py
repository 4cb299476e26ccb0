"""Daftarkan diri: one question a page, kept sealed on the device, sent once; a known NIK is
told to nobody.
"""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.services import find_by_sign_in_name
from app.auth.services.passwords import matches
from app.core import clock, throttle
from app.core.errors import RuleViolation
from app.courses.models import Batch
from app.courses.rules import Admission, BatchStatus
from app.enrollments import queries, services
from app.enrollments.models import Enrollment
from app.enrollments.rules import DRAFT_LASTS, SENT_LASTS, EnrollmentStatus
from app.extensions import db
from app.trainees.models import Trainee
from app.trainees.queries import recount, stored_counts
from app.trainees.rules import SELF_REGISTRATIONS_PER_ADDRESS, SELF_REGISTRATIONS_PER_NIK, Sex, TraineeStatus
from app.trainees.services import admit_registration
from tests.enrollments.test_last_seat import at_once
from tests.factories import KALSEL, Factories

NIK, OTHER_NIK = "6305065203689777", "6305064101859778"  # a woman born 12 March 1968; 1 January 1985
COOKIE = "bekal-registration"
KELADAN, ELSEWHERE = "63.05.06.2001", "63.03.01.2001"
ANSWERS = {
    "nik": {"nik": "6305 0652 0368 9777"},
    "birth": {"birth_date": "1968-03-12", "sex": "female"},
    "name": {"name": " Siti  Rahmah "},
    "desa": {"desa": KELADAN},
    "contact": {"phone": "0812 3456 7890", "address": "RT 02"},
}
# What no question asks for, and nobody must be able to slip in.
EXTRA = {
    "status": "active",
    "role": "pusat",
    "is_admin": "1",
    "user_id": "1",
    "canonical_id": "1",
    "trainee_id": "1",
    "member_number": "999",
    "duty_since": "2001-01-01",
    "quota": "9",
    "override_reason": "karena saya mau",
    "code": "0000000000",
    "sent": "1",
    "password": "x" * 12,
}


def walk(browser, batch=None, until="check", **changed):
    """Answer the questions in their order, up to the one named; return the page that is then open."""
    query = {"batch": batch.id} if batch else {}
    page = browser.get(browser.get("enrollments.register_self", expect=303, **query).location)
    for question, answer in ANSWERS.items():
        if question == until:
            return page
        where = {**query, "within": "63.05"} if question == "desa" else query
        told = {**answer, **changed.get(question, {})}
        if question == "birth" and changed.get("nik", {}).get("nik") == OTHER_NIK:
            told = {**told, "birth_date": "1985-01-01"}
        page = browser.get(browser.post(f"enrollments.ask_{question}", data=told, **where).location)
    return page


def send(browser, batch=None):
    return browser.post("enrollments.check_own_data", **({"batch": batch.id} if batch else {}))


def draft_of(browser):
    cookie = browser.client.get_cookie(COOKIE)
    return cookie and services.unseal(cookie.value)


def people():
    return list(db.session.scalars(select(Trainee)))


def test_somebody_new_is_person_account_and_applicant_by_one_press(make, browser, db):
    batch = make.batch()
    assert (
        browser.get("enrollments.enroll_self", batch_id=batch.id, expect=303).location
        == f"/register?batch={batch.id}"
    )

    check = walk(browser, batch)
    assert check.h1 == "Periksa data Anda"
    for words in (
        "6305 0652 0368 9777",
        "12 Maret 1968, perempuan",
        "Siti Rahmah",
        "Desa Keladan",
        "0812-3456-7890",
        "RT 02",
        batch.venue,
    ):
        assert words in check.text
    done = browser.get(send(browser, batch).location)

    (person,) = people()
    assert (person.name, person.nik, person.birth_date, person.sex) == (
        "Siti Rahmah",
        NIK,
        date(1968, 3, 12),
        Sex.FEMALE,
    )
    assert (person.duty_region.code, person.phone, person.address) == (KELADAN, "+6281234567890", "RT 02")
    assert person.status is TraineeStatus.CANDIDATE
    (enrollment,) = queries.list_enrollments(batch)
    assert (enrollment.trainee_id, enrollment.status, enrollment.recorded_by_id) == (
        person.id,
        EnrollmentStatus.SUBMITTED,
        person.user_id,
    )
    code = "".join(each.get_text() for each in done.soup.select(".sign-in-code span"))
    assert re.fullmatch(r"\d{10}", code)
    for typed in (NIK, "0812-3456-7890"):
        assert find_by_sign_in_name(typed).id == person.user_id
    assert matches(person.user.password_hash, code)


def test_where_admission_is_automatic_the_seat_is_given_or_a_place_behind(make, new_browser, db):
    batch = make.batch(quota=1, admission=Admission.AUTOMATIC)
    for nik in (NIK, OTHER_NIK):
        one = new_browser()
        walk(one, batch, nik={"nik": nik})
        send(one, batch)
    assert [each.status for each in queries.list_enrollments(batch)] == [
        EnrollmentStatus.ACCEPTED,
        EnrollmentStatus.WAITLISTED,
    ]


def test_pressed_twice_it_is_one_person_one_application_and_the_same_code(make, browser, db):
    batch = make.batch()
    walk(browser, batch)
    before = browser.client.get_cookie(COOKIE).value
    first = send(browser, batch)
    kept = draft_of(browser).code
    again = send(browser, batch)
    browser.client.set_cookie(
        COOKIE, before
    )  # the second press left before the answer to the first was there
    crossing = send(browser, batch)

    assert first.location == again.location == crossing.location
    assert draft_of(browser).code == kept
    assert len(people()) == len(queries.list_enrollments(batch)) == 1


def test_a_refused_application_keeps_no_person_and_everything_that_was_told(make, browser, db, monkeypatch):
    batch = make.batch()
    walk(browser, batch)

    def refuse(*_args, **_kwargs):
        raise RuleViolation("Pendaftaran angkatan ini sudah ditutup.")

    monkeypatch.setattr("app.enrollments.services.joining.enroll", refuse)
    page = browser.post("enrollments.check_own_data", batch=batch.id, expect=422)
    assert page.error == "Pendaftaran angkatan ini sudah ditutup."
    assert "Siti Rahmah" in page.text
    assert people() == []
    assert find_by_sign_in_name(NIK) is None
    assert draft_of(browser).name == "Siti Rahmah"


def test_what_was_told_is_still_there_another_day_and_begins_where_she_stopped(make, browser, at):
    moment = clock.now()
    batch = make.batch()
    walk(browser, batch, until="desa")
    with browser.client.session_transaction() as session:
        session.clear()  # the browser was closed
    clock.start_at(moment + timedelta(days=2))
    resume = browser.get("enrollments.register_self", batch=batch.id)
    assert "atas nama Siti Rahmah" in resume.text
    onward = browser.get(resume.soup.select_one("main a.btn")["href"])
    assert onward.h1 == "Di desa atau kelurahan mana Anda bertugas?"
    assert browser.get("/register/name").soup.find(id="name")["value"] == "Siti Rahmah"  # and back
    clock.start_at(moment + DRAFT_LASTS + timedelta(minutes=1))
    assert browser.get("enrollments.register_self", expect=303).location == "/register/nik"
    assert not browser.get("/register/nik").soup.find(id="nik")["value"]


def test_mulai_dari_awal_leaves_nothing_on_a_shared_phone(make, browser):
    walk(browser, until="contact")
    browser.get("/register/again", expect=405)
    browser.post("enrollments.start_again")
    assert browser.client.get_cookie(COOKIE) is None
    for question in ("birth", "name", "desa", "contact", "check"):
        assert browser.get(f"/register/{question}", expect=303).location == "/register/nik"


def test_the_thanks_keep_the_code_for_a_while_and_nothing_else(make, browser, at):
    walk(browser)
    done = send(browser)
    kept = draft_of(browser)
    assert (kept.nik, kept.name, kept.birth_date, kept.phone, kept.address) == ("", "", "", "", "")
    assert kept.code in re.sub(r"\s", "", browser.get(done.location).text)
    assert "sudah terkirim" in browser.get("enrollments.register_self").text
    clock.start_at(clock.now() + SENT_LASTS + timedelta(minutes=1))
    later = browser.get(done.location)
    assert kept.code not in re.sub(r"\s", "", later.text)
    assert later.h1 == "Pendaftaran dari HP ini"  # nobody is thanked for what this phone does not know of


def test_the_code_goes_with_a_press_and_the_way_leads_to_sign_in(make, browser):
    walk(browser)
    send(browser)
    assert browser.post("enrollments.forget_registration").location.startswith("/sign-in")
    assert browser.client.get_cookie(COOKIE) is None


def test_the_draft_is_unreadable_and_a_changed_one_is_none(make, browser):
    walk(browser, until="contact")
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    for told in (NIK, "Siti", "1968", "63.05"):
        assert told not in cookie.value
    key, _dot, body = cookie.value.partition(".")
    other = "A" if body[30] != "A" else "B"
    for forged in (
        key + "." + body[:30] + other + body[31:],
        "",
        "x",
        "k.x",
        "t1.",
        "t9." + body,
        "t1.AAAA",
        "A" * 5000,
        "é",
    ):
        assert services.unseal(forged) is None
        browser.client.set_cookie(COOKIE, forged.encode("ascii", "ignore").decode()[:4000])
        browser.get("/register/check", expect=303)


def test_the_longest_answers_fit_into_one_cookie(browser):
    name, address = "Siti " + " ".join(["ạ" * 38] * 5), "ḥ" * 100
    page = walk(browser, name={"name": name}, contact={"phone": "081234567890", "address": address})
    assert name in page.text
    assert address in page.text
    assert len(browser.client.get_cookie(COOKIE).value) < 4000


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("nik", {"nik": "6305 0652"}, "NIK harus 16 angka; Anda mengetik 8."),
        ("nik", {"nik": ""}, "NIK"),
        ("nik", {"nik": "63050652036897XY"}, "NIK hanya terdiri atas angka."),
        ("birth", {"birth_date": "2020-01-01", "sex": "female"}, "PSM paling muda berumur 18 tahun"),
        ("birth", {"birth_date": "kemarin", "sex": "female"}, "Tanggal lahir"),
        ("birth", {"birth_date": "1968-03-12", "sex": "x"}, "Jenis kelamin"),
        ("name", {"name": "-"}, "Nama ditulis dengan huruf, seperti pada KTP."),
        ("name", {"name": "Siti 123456"}, "Nama memuat deretan angka"),
        ("desa", {}, "Pilih desa atau kelurahan Anda."),
        ("desa", {"desa": ELSEWHERE}, "Desa atau kelurahan"),
        ("contact", {"phone": "0812", "address": "RT 05"}, "Nomor HP ini tidak lengkap"),
        ("contact", {"phone": "081234567890", "address": "x" * 201}, "Alamat rumah"),
        ("contact", {"phone": "081234567890", "address": "漢" * 150}, "Isian ini terlalu panjang."),
    ],
)
def test_a_wrong_answer_stays_typed_and_leads_to_its_field(make, browser, question, answer, words):
    batch = make.batch()
    walk(browser, batch, until=question)
    before = draft_of(browser)
    page = browser.post(f"/register/{question}?batch={batch.id}", data=answer, expect=422)
    assert any(words in error for error in page.errors), page.errors
    for link in page.soup.select(".error-summary a"):
        assert page.soup.find(id=link["href"][1:]) is not None
    for name in ("nik", "name", "phone", "address"):
        if answer.get(name):
            assert page.soup.find(id=name)["value"] == answer[name]
    assert draft_of(browser) == before


def test_birth_date_and_sex_are_read_from_the_nik_and_put_right_where_they_are_not(browser):
    page = walk(browser, until="birth")
    assert page.h1 == "Apakah ini benar?"
    assert "12 Maret 1968" in page.text
    assert "Perempuan" in page.text
    assert page.soup.select("main input:not([type=hidden])") == []
    change = browser.get(
        next(link["href"] for link in page.soup.select("main a") if "change=1" in link["href"])
    )
    assert change.soup.find(id="birth_date")["value"] == "12-03-1968"
    reason = "KTP saya berbeda dengan NIK"
    browser.post(
        "/register/birth?change=1", data={"birth_date": "1968-03-13", "sex": "female", "nik_reason": reason}
    )
    assert browser.get("/register/birth").soup.find(id="birth_date")["value"] == "13-03-1968"
    browser.post("/register/nik", data={"nik": OTHER_NIK})
    assert "1 Januari 1985" in browser.get("/register/birth").text  # another NIK is asked about anew
    assert (
        browser.get("/register", expect=200)
        .soup.select_one("main a.btn")["href"]
        .startswith("/register/birth")
    )


def test_a_nik_of_a_child_is_asked_for_the_date_on_the_ktp(browser):
    page = walk(browser, until="birth", nik={"nik": "6305060101209777"})
    assert page.h1 == "Kapan Anda lahir?"


def test_each_line_of_the_check_can_be_changed_and_leads_back_to_it(make, browser):
    batch = make.batch()
    page = walk(browser, batch)
    ways = [link["href"] for link in page.soup.select(".told a")]
    assert [way.split("?")[0].rpartition("/")[2] for way in ways] == [
        "nik",
        "birth",
        "name",
        "desa",
        "contact",
        "contact",
    ]
    for way in ways:
        browser.get(way)
    back = browser.post(ways[2], data={"name": "Siti Maimunah"}).location
    assert back == f"/register/check?batch={batch.id}"
    assert "Siti Maimunah" in browser.get(back).text


def test_desa_are_those_of_the_organiser_and_of_a_larger_region_by_its_kabupaten(make, browser):
    near, wide = (
        make.batch(),
        make.batch(make.course(make.organiser(KALSEL), "dasar", lower_tier_reason="Bersama")),
    )
    listed = {box["value"] for box in walk(browser, near, until="desa").soup.select("input[name=desa]")}
    assert KELADAN in listed
    assert all(code.startswith("63.05.") for code in listed)
    ways = {
        link.get_text(): link["href"]
        for link in browser.get("enrollments.ask_desa", batch=wide.id).soup.select(".choices a")
    }
    assert "Kabupaten Tapin" in ways
    assert browser.get(ways["Kabupaten Tapin"]).soup.find("input", value=KELADAN)
    nation = browser.get("/register/desa")
    assert "Kalimantan Selatan" in nation.text
    for outside in ("33.74", "33", "63.05.06", "x", "63.99", "00", ""):
        page = browser.get("enrollments.ask_desa", batch=near.id, within=outside)
        assert {box["value"] for box in page.soup.select("input[name=desa]")} == listed
    browser.post("enrollments.ask_desa", batch=near.id, data={"desa": ELSEWHERE}, expect=422)


def test_a_known_nik_is_answered_like_an_unknown_one(make, new_browser, db, outbox):
    batch = make.batch()
    known = make.trainee(name="Hasanah", nik=NIK, email="hasanah@contoh.id")
    known.recorded_at = clock.now() - timedelta(days=30)
    db.session.commit()
    answers = []
    for nik in (NIK, OTHER_NIK):
        one = new_browser()
        walk(one, batch, nik={"nik": nik})
        sent = send(one, batch)
        done = one.get(sent.location)
        text = re.sub(r'value="[^"]{16,}"|<span>\d{5}</span>', "", done.response.text)
        headers = sorted(name for name, _value in sent.response.headers)
        answers.append((sent.status, sent.location, sent.response.text, headers, text))
    assert answers[0] == answers[1]
    assert [each.trainee.nik for each in queries.list_enrollments(batch)] == [OTHER_NIK]
    assert queries.enrollments_of([known.id]) == []
    assert known.user_id is None
    assert known.phone is None
    assert [message.recipient for message in outbox()] == ["hasanah@contoh.id"]
    again = db.session.scalars(select(Event).where(Event.action == "trainee.registered_again")).one()
    assert again.subject_id == known.id


@pytest.mark.parametrize("nik", [NIK, OTHER_NIK])
def test_a_closing_course_refuses_known_and_unknown_alike(make, browser, db, nik):
    make.trainee(nik=NIK)
    batch = make.batch()
    walk(browser, batch, nik={"nik": nik})
    batch.status = BatchStatus.CLOSED
    db.session.commit()
    page = browser.get("enrollments.check_own_data", batch=batch.id)
    assert "Pendaftaran angkatan ini sudah ditutup." in page.text
    assert "Kirim data saya" in page.text


@pytest.mark.parametrize("closes", ["before", "after"])
def test_the_thanks_say_whether_the_diklat_was_asked_for(make, browser, db, closes):
    batch = make.batch()
    walk(browser, batch)
    if closes == "before":
        batch.status = BatchStatus.CLOSED
        db.session.commit()
    address = send(browser, batch).location
    batch.status = BatchStatus.CLOSED
    db.session.commit()
    page = browser.get(address).text
    assert ("Anda belum terdaftar pada diklat ini" in page, "Hasil pendaftaran Anda pada" in page) == (
        closes == "before",
        closes == "after",
    )


def test_what_is_slipped_in_is_not_taken(make, browser, db):
    batch = make.batch()
    walk(browser, batch, **dict.fromkeys(ANSWERS, EXTRA))
    browser.post("enrollments.check_own_data", batch=batch.id, data=EXTRA)
    (person,) = people()
    assert (person.status, person.member_number, person.user.roles()) == (
        TraineeStatus.CANDIDATE,
        None,
        set(),
    )
    assert db.session.scalars(select(Enrollment)).one().override_reason is None
    assert not matches(person.user.password_hash, "x" * 12)


def test_nobody_is_thanked_who_has_sent_nothing(make, browser):
    batch = make.batch()
    page = browser.get("enrollments.show_registered", batch=batch.id)
    assert "Terima kasih" not in page.text
    assert "Isian Anda belum dikirim" not in page.text
    walk(browser, batch, until="name")
    page = browser.get("enrollments.show_registered", batch=batch.id)
    assert "Terima kasih" not in page.text
    assert "Isian Anda belum dikirim" in page.text
    assert page.soup.find("a", string="Lanjutkan mengisi")["href"].startswith("/register/")


@pytest.mark.parametrize("batch", ["0", "99999", "99999999999999999999", "x", "-1"])
def test_an_unknown_diklat_is_no_obstacle(browser, batch):
    browser.get("enrollments.ask_nik", batch=batch)
    browser.get("enrollments.show_registered", batch=batch)


def test_a_course_with_a_prerequisite_takes_the_data_and_says_what_comes_next(make, browser, db):
    batch = make.batch(make.course(make.organiser(KALSEL), "madya"))
    page = walk(browser, batch)
    assert "untuk PSM yang sudah memegang sertifikat dasar" in page.text
    done = browser.get(send(browser, batch).location)
    assert "Hasil pendaftaran" not in done.text
    assert len(people()) == 1
    assert queries.list_enrollments(batch) == []


def test_too_many_registrations_from_one_address_wait_before_anything_is_typed(make, browser, new_browser):
    walk(browser)
    for _number in range(SELF_REGISTRATIONS_PER_ADDRESS - 1):
        admit_registration("127.0.0.1")
    late = new_browser()
    page = late.post("enrollments.ask_nik", data={"nik": OTHER_NIK}, expect=429)
    assert int(page.response.headers["Retry-After"]) > 0
    assert "TKSK kecamatan atau dinas sosial mendaftarkan Anda" in page.error
    assert page.soup.find(id="nik")["value"] == OTHER_NIK
    send(browser)  # whoever was let in is never turned away by it after six steps
    assert len(people()) == 1


def test_a_nik_sent_very_often_keeps_what_was_typed_and_says_what_to_do(make, browser):
    walk(browser)
    for _number in range(SELF_REGISTRATIONS_PER_NIK):
        throttle.count("register NIK", NIK)
    page = browser.post("enrollments.check_own_data", expect=429)
    assert "Isian Anda tetap tersimpan di HP ini" in page.error
    assert int(page.response.headers["Retry-After"]) > 0
    assert draft_of(browser).name == "Siti Rahmah"


def test_who_is_known_and_signed_in_is_not_asked_again(make, browser):
    user = make.user()
    make.trainee(user=user)
    browser.sign_in(user)
    batch = make.batch()
    assert (
        browser.get("enrollments.register_self", batch=batch.id, expect=303).location
        == f"/batches/{batch.id}/enroll"
    )


def test_one_draft_sent_by_many_at_once_is_one_person_and_one_application(file_app):
    draft = services.answered(
        services.new_draft(),
        nik=NIK,
        birth_date="1968-03-12",
        sex="female",
        name="Siti Rahmah",
        desa=KELADAN,
        phone="+6281234567890",
    )
    with file_app.app_context():
        batch_id = Factories().batch(quota=3, admission=Admission.AUTOMATIC).id

    def press() -> str:
        services.join(draft, db.session.get(Batch, batch_id), base_url="https://bekal.example.go.id")
        return "thanks"

    assert at_once(file_app, *[press] * 6) == ["thanks"] * 6
    with file_app.app_context():
        (person,) = db.session.scalars(select(Trainee))
        (enrollment,) = db.session.scalars(select(Enrollment))
        assert (enrollment.trainee_id, enrollment.status) == (person.id, EnrollmentStatus.ACCEPTED)
        assert queries.count_seats(batch_id) == 1
        assert stored_counts() == recount()


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_shared_phone_shows_no_code_once_somebody_went_in_or_out(browser, make, way):
    walk(browser)
    code = browser.get(send(browser).location).soup.select_one(".sign-in-code").get_text()
    if way == "out":
        browser.sign_in(make.user())
        browser.post("auth.sign_out")
    else:
        browser.post("auth.sign_in", data={"typed": NIK, "password": code})
    assert browser.get("enrollments.show_registered").soup.select_one(".sign-in-code") is None
    assert "/register/nik" in browser.get("enrollments.register_self", expect=303).location


@pytest.mark.parametrize("between", ["-", ".", " ", "\u2013", " - "])
def test_a_code_is_read_as_people_group_it(browser, between):
    walk(browser)
    code = browser.get(send(browser).location).soup.select_one(".sign-in-code").get_text()
    browser.post(
        "auth.sign_in", data={"typed": NIK, "password": f"{code[:5]}{between}{code[5:]}"}, expect=303
    )
