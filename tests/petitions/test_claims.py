"""A registration whose NIK is recorded already: everybody reads the same, one office decides, the code says
how it stands.
"""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth import services as auth
from app.auth.queries import find_by_name
from app.auth.rules import NameKind, Role
from app.core import crypto
from app.core.errors import Conflict, RuleViolation
from app.enrollments import services as joining
from app.petitions import queries, rules, services
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees.models import Trainee
from app.trainees.queries import find_by_nik
from app.trainees.rules import TraineeStatus

NIK, KELADAN, BANJARBARU = "6305064101859777", "63.05.06.2001", "63.72.05.1001"
URL = "https://bekal.example.go.id"


@pytest.fixture
def known(make):
    return make.trainee(name="Siti Aminah", nik=NIK, phone="+6281234567890")


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def register(batch=None, **told):
    """Send a registration with this NIK; return the code its sender holds."""
    facts = {
        "nik": NIK,
        "birth_date": "1985-01-01",
        "sex": "female",
        "name": "Siti Aminah",
        "desa": KELADAN,
        "phone": "+6281234567890",
    }
    draft = joining.answered(joining.new_draft(), **{**facts, **told})
    joining.join(draft, batch, base_url=URL)
    return draft.code


def claims(db):
    return list(
        db.session.scalars(select(Petition).where(Petition.kind == PetitionKind.CLAIM).order_by(Petition.id))
    )


def sign_in(code, name=NIK):
    return auth.sign_in(name, code, address="203.0.113.9")


def test_it_waits_for_the_office_with_what_was_typed_and_nothing_of_it_in_clear(db, known, dinas):
    register(name="Siti Aminah binti Hasan", address="Jalan Mawar 1")
    (claim,) = queries.list_waiting(dinas.reach)
    assert (claim.trainee_id, claim.region.code, claim.said.name) == (
        known.id,
        KELADAN,
        "Siti Aminah binti Hasan",
    )
    row = repr(db.session.connection().exec_driver_sql("SELECT * FROM petitions").all())
    for told in (NIK, "Aminah", "Mawar", "81234567890", "1985"):
        assert told not in row
    assert known.user is None  # nothing is opened by asking


def test_the_code_says_that_the_office_looks_at_it_and_to_others_nothing(known, dinas):
    code = register()
    with pytest.raises(RuleViolation, match="sedang diperiksa Dinas Sosial Kabupaten Tapin"):
        sign_in(code)
    for name, typed in (
        (NIK, f"{code[:5]} {code[5:]}"),
        ("0812-3456-7890", code),
    ):  # as it is shown; by the phone she typed
        with pytest.raises(RuleViolation, match="sedang diperiksa"):
            sign_in(typed, name)
    for name, typed in ((NIK, "0000000000"), ("6305064101859778", code), ("081299990000", code)):
        with pytest.raises(RuleViolation, match="tidak cocok"):
            sign_in(typed, name)


def test_only_the_office_of_the_place_that_was_typed_is_named_to_who_asks(make, dinas):
    make.trainee(BANJARBARU, nik=NIK)
    code = register()
    with pytest.raises(RuleViolation) as said:
        sign_in(code)
    assert "Tapin" in str(said.value.reason)
    assert "Banjarbaru" not in str(said.value.reason)


def test_opened_it_is_her_record_and_her_code(db, known, dinas):
    code = register()
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.OPENED, words="", by=dinas)
    user, _token = sign_in(code)
    assert db.session.get(Trainee, known.id).user_id == user.id
    assert (claim.secret_hash, claim.follow_index, claim.open_key) == (None, None, None)
    assert len(list(db.session.scalars(select(Trainee)))) == 1
    assert queries.list_waiting(dinas.reach) == []


def test_who_registers_twice_keeps_the_code_she_uses_and_is_told_so_by_the_other(db, dinas):
    first, second = register(), register()
    (claim,) = claims(db)
    assert services.answers_for(claim, dinas) == [Answer.KNOWN, Answer.TOLD]
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claim, Answer.OPENED, words="", by=dinas)
    services.answer_petition(claim, Answer.KNOWN, words="", by=dinas)
    assert sign_in(first)
    with pytest.raises(RuleViolation, match="Akun Anda sudah ada dan dibuka dengan kode lain"):
        sign_in(second)


def test_of_one_record_only_some_wait_at_once(db, known, monkeypatch):
    monkeypatch.setattr(rules, "OPEN_PER_PERSON", 2)
    for number in range(4):
        register(name=f"Orang {'Abcd'[number] * 3}")
    assert len(claims(db)) == 2


def test_somebody_else_is_recorded_without_the_nik_and_goes_in_by_her_own_phone(db, known, dinas):
    code = register(name="Rusmini", phone="+6281299990000", birth_date="1985-01-01")
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.NEW_PERSON, words="", by=dinas)
    other = db.session.scalars(select(Trainee).where(Trainee.name == "Rusmini")).one()
    assert (other.nik, other.status, other.duty_region.code) == (None, TraineeStatus.CANDIDATE, KELADAN)
    assert find_by_nik(NIK).id == known.id
    user, _token = sign_in(code, "0812-9999-0000")
    assert other.user_id == user.id
    with pytest.raises(RuleViolation, match="Masuk dengan nomor HP Anda dan kode ini"):
        sign_in(code)


def test_a_phone_of_another_account_is_not_offered_a_record_of_its_own(db, make, known, dinas):
    auth.open_account("Kakaknya", password=None, names={NameKind.PHONE: "+6281299990000"}, by=dinas)
    register(phone="+6281299990000", name="Rusmini")
    (claim,) = claims(db)
    assert services.answers_for(claim, dinas) == [Answer.OPENED, Answer.TOLD]
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claim, Answer.NEW_PERSON, words="", by=dinas)


def test_a_sentence_is_read_by_the_code_and_an_empty_one_is_refused(db, known, dinas):
    code = register()
    (claim,) = claims(db)
    with pytest.raises(RuleViolation, match="Tulis jawabannya"):
        services.answer_petition(claim, Answer.TOLD, words=" ", by=dinas)
    services.answer_petition(claim, Answer.TOLD, words="Datang membawa KTP.", by=dinas)
    with pytest.raises(RuleViolation, match=r"Jawaban Dinas Sosial Kabupaten Tapin.*Datang membawa KTP\."):
        sign_in(code)
    assert known.user is None


def test_it_is_answered_once(db, known, dinas):
    register()
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.OPENED, words="", by=dinas)
    with pytest.raises(Conflict, match="sudah dijawab"):
        services.answer_petition(claim, Answer.TOLD, words="Tidak.", by=dinas)


def test_both_offices_see_it_and_each_answers_what_is_its_own(db, make, dinas):
    person = make.trainee(BANJARBARU, nik=NIK, phone=None)
    register(phone="+6281299990000")
    (claim,) = claims(db)
    theirs, stranger = make.user(Role.KABUPATEN_DINAS, "63.72"), make.user(Role.KABUPATEN_DINAS, "33.74")
    assert [len(queries.list_waiting(each.reach)) for each in (dinas, theirs, stranger)] == [1, 1, 0]
    assert services.answers_for(claim, dinas) == [Answer.NEW_PERSON, Answer.TOLD]
    assert services.answers_for(claim, theirs) == [Answer.OPENED, Answer.TOLD]
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claim, Answer.OPENED, words="", by=dinas)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claim, Answer.TOLD, words="Bukan.", by=stranger)
    services.answer_petition(claim, Answer.OPENED, words="", reason="KTP-nya sudah dilihat.", by=theirs)
    assert db.session.get(Trainee, person.id).user is not None


def test_a_tksk_opens_for_the_own_kecamatan_but_no_account_with_a_role(db, make, known):
    tksk, other = make.user(Role.TKSK, "63.05.06"), make.user(Role.TKSK, "63.05.01")
    code = register()
    (claim,) = claims(db)
    assert [len(queries.list_waiting(each.reach)) for each in (tksk, other)] == [1, 0]
    services.answer_petition(claim, Answer.OPENED, words="", by=tksk)
    user, _token = sign_in(code)
    make.grant(user, Role.KABUPATEN_DINAS, make.region("63.05"))
    register()
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claims(db)[1], Answer.OPENED, words="", by=tksk)


def test_the_answer_is_told_to_the_address_on_record_only_where_it_is_hers(db, make, dinas, outbox):
    make.trainee(name="Siti Aminah", nik=NIK, email="siti@contoh.id")
    register()
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.TOLD, words="Datang membawa KTP.", by=dinas)
    told = [each.subject for each in outbox()]
    assert told == []  # who asked may be somebody else
    register()
    services.answer_petition(claims(db)[1], Answer.OPENED, words="", reason=SEEN, by=dinas)
    assert "Akun Anda dibuka" in outbox()[-1].body


def test_what_was_asked_and_answered_is_on_record_sealed(db, known, dinas):
    register(name="Nama Rahasia")
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.TOLD, words="Kalimat rahasia.", by=dinas)
    events = [each for each in db.session.scalars(select(Event)) if each.subject_type == "Petition"]
    assert [each.action for each in events] == ["petition.asked", "petition.answered"]
    assert all("rahasia" not in (each.details or "").lower() for each in events)
    assert {each.person_id for each in events} == {known.id}


def test_the_page_shows_both_and_marks_what_differs(browser, db, known, dinas, make):
    register(name="Siti Aminah binti Hasan", batch=make.batch())
    browser.sign_in(dinas)
    home = browser.get("dashboard.home")
    assert "1 permintaan menunggu jawaban Anda." in home.text
    (claim,) = claims(db)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    rows = {
        row.th.get_text(strip=True): row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")
    }
    assert "Berbeda" in rows["Nama"]
    assert "Berbeda" not in rows["Tanggal lahir"]
    assert "Lihat lembar diklat" in page.text
    assert NIK not in page.response.text
    wrong = browser.post(
        "petitions.answer_petition", petition_id=claim.id, data={"answer": "told", "words": ""}, expect=422
    )
    assert "Tulis jawabannya" in wrong.error
    browser.post(
        "petitions.answer_petition",
        petition_id=claim.id,
        data={"answer": "opened", "reason": "KTP-nya sudah saya lihat."},
    )
    assert "menunggu jawaban" not in browser.get("dashboard.home").text
    assert "Sudah dijawab" in browser.get("petitions.answer_petition", petition_id=claim.id).text


def test_foreign_and_unknown_look_alike(browser, db, make, known):
    register()
    (claim,) = claims(db)
    for role, region in (
        (Role.KABUPATEN_DINAS, "63.72"),
        (Role.IPSM_OFFICER, "63.05"),
        (Role.COMMITTEE, "63.05"),
        (None, "63.05"),
    ):
        browser.sign_in(make.user(role, region))
        for number in (claim.id, 999_999):
            browser.get("petitions.answer_petition", petition_id=number, expect=404)
            browser.post(
                "petitions.answer_petition", petition_id=number, data={"answer": "opened"}, expect=404
            )
            browser.post("petitions.hand_out_code", petition_id=number, expect=404)
    browser.sign_out()
    assert browser.get("petitions.answer_petition", petition_id=claim.id, expect=302).location.startswith(
        "/sign-in"
    )


def test_side_by_side_marks_what_both_know_otherwise():
    told = rules.Told(name="Siti  AMINAH", birth_date="1985-01-01", phone="+6281234567890")
    recorded = {"name": "Siti Aminah", "birth_date": "2 Januari 1985", "phone": ""}
    lines = rules.side_by_side(told, "Desa Keladan", recorded)
    assert [line.is_other for line in lines] == [False, True, False, False, False, False]


def test_two_niks_or_codes_are_never_one_index():
    assert queries.follow_index("1", NIK) != queries.follow_index("2", NIK)
    assert (
        queries.follow_index("1", NIK)[: queries.HALF]
        == queries.follow_index("1", "0")[: queries.HALF]
        != crypto.blind_index("1", context="nik")[: queries.HALF]
    )


def test_told_keeps_what_it_was_given():
    told = rules.Told(name="Siti", birth_date="1985-01-01", words="ya")
    assert rules.Told.from_text(told.as_text()) == told
    assert told.born == date(1985, 1, 1)
    assert rules.Told.from_text(None) == rules.Told()


def test_the_name_that_signs_in_is_added_where_it_was_missing(db, make, known, dinas):
    user = auth.open_account("Siti", password=None, names={NameKind.PHONE: "+6281234567890"}, by=dinas)
    known.user = user
    db.session.commit()
    code = register()
    services.answer_petition(claims(db)[0], Answer.OPENED, words="", by=dinas)
    assert find_by_name(NameKind.NIK, NIK).id == user.id
    assert sign_in(code)


SEEN = "KTP-nya sudah saya lihat."
OTHER = {"name": "Ramlah Asli", "phone": "+6281277770009", "desa": "63.05.06.2002"}


def test_what_the_owner_typed_is_taken_over_as_far_as_the_officer_says(browser, db, known, dinas, make):
    code = register(**OTHER)
    (claim,) = claims(db)
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    assert [box["value"] for box in page.soup.select('input[name="take"]')] == ["name", "desa", "phone"]
    browser.post(
        "petitions.answer_petition",
        petition_id=claim.id,
        data={"answer": "opened", "reason": SEEN, "take": ["name", "phone", "desa"]},
    )
    person = db.session.get(Trainee, known.id)
    assert (person.name, person.phone, person.duty_region.code) == (
        "Ramlah Asli",
        "+6281277770009",
        "63.05.06.2002",
    )
    assert sign_in(code, "0812-7777-0009")[0].name == "Ramlah Asli"


def test_what_is_not_taken_over_stays_to_be_read_and_is_let_go_in_time(browser, db, known, dinas):
    register(**OTHER)
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.OPENED, words="", reason=SEEN, by=dinas)
    assert known.name == "Siti Aminah"
    browser.sign_in(dinas)
    assert "Ramlah Asli" in browser.get("petitions.answer_petition", petition_id=claim.id).text
    services.forget_old()
    assert db.session.get(Petition, claim.id).told is not None
    claim.answered_at -= rules.FOLLOWED_FOR
    db.session.commit()
    services.forget_old()
    db.session.refresh(claim)
    assert claim.told is None


def test_what_a_tksk_may_not_record_waits_for_the_dinas(db, make, known, dinas):
    register(**OTHER)
    tksk = make.user(Role.TKSK, "63.05.06")
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claims(db)[0], Answer.OPENED, words="", reason=SEEN, by=tksk, take=["name"])
    services.answer_petition(claims(db)[0], Answer.OPENED, words="", reason=SEEN, by=tksk)
    (suggested,) = queries.list_waiting(dinas.reach)
    assert (suggested.kind, suggested.trainee_id) == (PetitionKind.CORRECTION, known.id)
    for typed in ("Nama: Ramlah Asli", "0812-7777-0009"):
        assert typed in suggested.said.words


def test_who_is_known_already_is_put_right_by_what_she_typed(browser, db, known, dinas):
    first, _second = register(), register(**OTHER)
    browser.sign_in(dinas)
    browser.post(
        "petitions.answer_petition", petition_id=claims(db)[0].id, data={"answer": "opened", "reason": SEEN}
    )
    browser.post(
        "petitions.answer_petition", petition_id=claims(db)[1].id, data={"answer": "known", "take": ["phone"]}
    )
    assert db.session.get(Trainee, known.id).phone == "+6281277770009"
    assert sign_in(first)
