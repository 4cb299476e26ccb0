"""One NIK sent more than once: no code takes the place of another, the officer sees all of them, and one
answer ends the others.
"""

import pytest

from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.enrollments import services as joining
from app.petitions import queries, services
from app.petitions.rules import Answer
from app.trainees.models import Trainee
from tests.petitions.test_claims import NIK, SEEN, URL, claims, register, sign_in


@pytest.fixture
def known(make):
    return make.trainee(name="Siti Aminah", nik=NIK, phone="+6281234567890")


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def opened(claim, dinas, reason=SEEN):
    return services.answer_petition(claim, Answer.OPENED, words="", reason=reason, by=dinas)


@pytest.mark.parametrize("which", [0, 1])
def test_the_code_that_opens_is_that_of_the_sending_the_officer_chose(db, known, dinas, which):
    codes = [register(), register()]  # the same values: the second may be a stranger
    assert len(claims(db)) == 2
    opened(claims(db)[which], dinas)
    assert sign_in(codes[which])
    with pytest.raises(
        RuleViolation, match="Hanya mendaftar satu kali\\? Segera hubungi Dinas Sosial Kabupaten Tapin"
    ):
        sign_in(codes[1 - which])
    assert queries.list_waiting(dinas.reach) == []


def test_the_same_press_once_more_is_one_claim(db, known):
    draft = joining.answered(
        joining.new_draft(),
        nik=NIK,
        birth_date="1985-01-01",
        sex="female",
        name="Siti Aminah",
        desa="63.05.06.2001",
        phone="+6281234567890",
    )
    for _press in range(2):
        joining.join(draft, None, base_url=URL)
    assert len(claims(db)) == 1


def test_opening_one_while_another_waits_wants_the_reason(db, known, dinas):
    register(), register()
    with pytest.raises(RuleViolation, match="NIK ini didaftarkan 2 kali") as refused:
        opened(claims(db)[0], dinas, reason="")
    assert refused.value.field == "reason"
    opened(claims(db)[0], dinas)


def test_both_name_each_other_with_what_each_typed(browser, db, known, dinas):
    register(), register(phone="+6281299990000")
    browser.sign_in(dinas)
    for claim, other, phone in [(0, 1, "0812-9999-0000"), (1, 0, "0812-3456-7890")]:
        page = browser.get("petitions.answer_petition", petition_id=claims(db)[claim].id)
        assert "NIK ini didaftarkan 2 kali" in page.text
        assert f"dari HP {phone}" in page.text
        assert page.soup.select(f'a[href="/petitions/{claims(db)[other].id}"]')
        (row,) = [each for each in page.soup.select("tbody tr") if each.th.get_text(strip=True) == "Nomor HP"]
        assert {"0812-3456-7890", "0812-9999-0000"} <= set(row.get_text(" ", strip=True).split())
        assert "Lain dari yang ini" in row.text


def test_one_sent_between_reading_and_answering_is_read_first(browser, db, known, dinas):
    register()
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=claims(db)[0].id)
    data = {
        "answer": "opened",
        "reason": SEEN,
        "version": page.soup.find("input", {"name": "version"})["value"],
    }
    register(phone="+6281299990000")
    page = browser.post("petitions.answer_petition", petition_id=claims(db)[0].id, data=data, expect=409)
    assert "NIK ini didaftarkan lagi sejak halaman ini dibuka" in page.error
    assert "0812-9999-0000" in page.text
    assert db.session.get(Trainee, known.id).user is None


def test_another_name_reads_that_she_has_to_come_and_is_still_expected(db, known, dinas):
    register()
    other = register(name="Rusmini", phone="+6281299990000")
    opened(claims(db)[0], dinas)
    with pytest.raises(RuleViolation, match="Akun untuk NIK ini sudah dibuka dengan pendaftaran lain"):
        sign_in(other)
    assert queries.list_waiting(dinas.reach) == []
    assert queries.list_expected(dinas.reach) == [claims(db)[1]]
    services.answer_petition(claims(db)[1], Answer.NEW_PERSON, words="", by=dinas)
    assert sign_in(other, "0812-9999-0000")


def test_somebody_else_recorded_leaves_the_owner_waiting(db, known, dinas):
    owner = register()
    register(name="Rusmini", phone="+6281299990000")
    services.answer_petition(claims(db)[1], Answer.NEW_PERSON, words="", by=dinas)
    assert queries.list_waiting(dinas.reach) == [claims(db)[0]]
    opened(claims(db)[0], dinas, reason="")
    assert sign_in(owner)


def test_what_was_compared_and_why_stays_as_it_was_when_it_was_answered(browser, db, known, dinas):
    register(name="Rusmini", phone="+6281299990000")
    services.answer_petition(
        claims(db)[0], Answer.NEW_PERSON, words="", reason="Anak angkatnya, KTP dilihat.", by=dinas
    )
    known.name = "Siti Aminah Baru"
    db.session.commit()
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=claims(db)[0].id)
    rows = {
        row.th.get_text(strip=True): row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")
    }
    assert rows["Nama"] == "Nama Rusmini Berbeda Siti Aminah"
    assert "Anak angkatnya, KTP dilihat." in page.text
    assert page.soup.select(f'a[href="/trainees/{known.id}"]')
    assert "Dicatat sebagai Rusmini" in page.text


def test_a_dinas_that_cannot_open_the_account_leaves_it_to_the_one_that_can(db, make, dinas):
    make.trainee("63.72.05.1001", name="Siti Aminah", nik=NIK, phone=None)
    code = register()
    theirs = make.user(Role.KABUPATEN_DINAS, "63.72")
    services.answer_petition(claims(db)[0], Answer.TOLD, words="Hubungi Banjarbaru.", by=dinas)
    assert queries.list_waiting(theirs.reach) == claims(db)
    with pytest.raises(
        RuleViolation, match=r"sedang diperiksa dinas sosial Kabupaten Tapin.*Hubungi Banjarbaru\."
    ):
        sign_in(code)
    services.answer_petition(claims(db)[0], Answer.OPENED, words="", by=theirs)
    assert sign_in(code)


def test_a_tksk_signs_her_own_answer(db, make, known):
    code = register()
    tksk = make.user(Role.TKSK, "63.05.06", name="Rahmadi")
    services.answer_petition(claims(db)[0], Answer.TOLD, words="Datang membawa KTP.", by=tksk)
    with pytest.raises(
        RuleViolation, match="Jawaban Rahmadi, TKSK Kecamatan Candi Laras Utara atas pendaftaran Anda: Datang"
    ):
        sign_in(code)
