"""Whose record a claim is: never given away, never doubled and never decided blindly without words; the
course asked for is not lost.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.enrollments.models import Enrollment
from app.petitions import queries, rules, services
from app.petitions.rules import Answer, PetitionKind
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus
from tests.petitions.test_claims import NIK, claims, register, sign_in

SEEN = "KTP-nya sudah saya lihat."


@pytest.fixture
def known(make):
    return make.trainee(name="Noor Halimah", nik=NIK, phone="+6281234567890")


@pytest.fixture
def tksk(make):
    return make.user(Role.TKSK, "63.05.06")


def test_an_account_in_use_is_never_given_to_another_code(db, make, known, tksk, browser):
    known.user = auth.open_account("Noor", password="perahu kelotok", names={}, by=tksk)
    db.session.commit()
    register(name="Saniah", phone="+6281299990000")
    (claim,) = claims(db)
    before = known.user.password_hash
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(claim, Answer.OPENED, words="", reason=SEEN, by=tksk)
    assert known.user.password_hash == before
    browser.sign_in(tksk)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    assert "Kode yang baru tidak menggantikan kode yang pertama" in page.text
    assert "Lanjutkan hanya bila KTP-nya sudah Anda lihat" in page.text  # the names differ
    services.hand_out_code(claim, by=tksk)
    with pytest.raises(RuleViolation, match="berbeda dengan yang tercatat: nama"):
        services.answer_petition(claim, Answer.LINKED, words="", by=tksk)
    assert known.user.password_hash == before


def test_another_name_is_opened_only_with_words_on_how_one_knows_that_are_kept(db, known, tksk):
    register(name="Saniah")
    (claim,) = claims(db)
    with pytest.raises(RuleViolation, match="berbeda dengan yang tercatat: nama") as refused:
        services.answer_petition(claim, Answer.OPENED, words="", by=tksk)
    assert refused.value.field == "reason"
    services.answer_petition(claim, Answer.OPENED, words="", reason=SEEN, by=tksk)
    (event,) = db.session.scalars(select(Event).where(Event.action == "petition.answered"))
    assert claim.words is None
    assert event.person_id == known.id


def test_the_same_facts_are_another_person_only_with_words(db, make, tksk):
    known = make.trainee(name="Rahmawati", nik=NIK, phone=None)
    register(name="Rahmawati", phone="+6281299990000")
    (claim,) = claims(db)
    with pytest.raises(RuleViolation, match="tidak berbeda dengan yang tercatat"):
        services.answer_petition(claim, Answer.NEW_PERSON, words="", by=tksk)
    services.answer_petition(
        claim, Answer.NEW_PERSON, words="", reason="Anak kembarnya, KTP sudah dilihat.", by=tksk
    )
    assert claim.trainee_id != known.id  # the answered page leads to the person made by it


def test_nobody_decides_about_a_record_out_of_sight_while_an_office_sees_both(browser, db, make, tksk):
    moved = make.trainee("63.05.01.1001", name="Jumiati", nik=NIK, phone=None)
    register(name="Jumiati", phone="+6281299990000")
    (claim,) = claims(db)
    dinas, there = make.user(Role.KABUPATEN_DINAS), make.user(Role.TKSK, moved.duty_region.scope_code[:8])
    assert services.answers_for(claim, tksk) == []
    assert services.answers_for(claim, dinas) == [Answer.OPENED, Answer.NEW_PERSON, Answer.TOLD]
    assert Answer.OPENED in services.answers_for(claim, there)
    browser.sign_in(tksk)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    assert "Dinas Sosial Kabupaten Tapin juga menerima permintaan ini dan menjawabnya" in page.text
    assert "Kirim jawaban" not in page.text


@pytest.mark.parametrize("status", [TraineeStatus.DECEASED, TraineeStatus.RESIGNED])
def test_the_standing_is_shown_and_the_dead_are_not_opened(browser, db, make, tksk, status):
    make.trainee(name="Masitah", nik=NIK, phone=None, status=status)
    register(make.batch(), name="Masitah", phone="+6281299990000")
    (claim,) = claims(db)
    browser.sign_in(tksk)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    assert f"Menurut catatan: {status.label}" in page.text
    assert "belum dapat dibuat: " in page.text
    assert "Usulkan perbaikan" in page.text
    assert (Answer.OPENED in services.answers_for(claim, tksk)) is (status is TraineeStatus.RESIGNED)


def test_the_course_asked_for_is_applied_for_when_the_account_opens_as_of_the_day_she_asked(
    db, make, known, tksk
):
    batch = make.batch()
    register(batch, name="Noor Halimah")
    (claim,) = claims(db)
    _claim, unmet = services.answer_petition(claim, Answer.OPENED, words="", by=tksk)
    (enrollment,) = db.session.scalars(select(Enrollment))
    assert (unmet, enrollment.trainee_id, enrollment.batch_id) == (None, known.id, batch.id)
    assert enrollment.submitted_at == claim.asked_at
    assert enrollment.recorded_by_id == known.user.id


def test_what_she_cannot_have_is_told_to_the_officer_and_to_her(browser, db, make, tksk):
    person = make.trainee(name="Masitah", nik=NIK, phone=None, status=TraineeStatus.RESIGNED)
    batch = make.batch()
    register(batch, name="Masitah", phone="+6281299990000")
    browser.sign_in(tksk)
    said = browser.post("petitions.answer_petition", petition_id=claims(db)[0].id, data={"answer": "opened"})
    assert "belum dapat dibuat: " in browser.get(said.location).text
    assert list(db.session.scalars(select(Enrollment))) == []
    browser.sign_in(db.session.get(Trainee, person.id).user)
    page = browser.get("enrollments.list_own_enrollments")
    assert f"Anda juga ingin mengikuti {batch.course.title}" in page.text
    assert "Mengundurkan diri" in page.text


def test_told_to_come_she_can_still_be_opened_when_she_comes(browser, db, known, tksk):
    code = register(name="Noor Halimah")
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.TOLD, words="Datang membawa KTP.", by=tksk)
    assert queries.list_waiting(tksk.reach) == []
    browser.sign_in(tksk)
    assert "Sudah dijawab dengan kalimat" in browser.get("dashboard.home").text
    browser.post("petitions.answer_petition", petition_id=claim.id, data={"answer": "opened"})
    assert sign_in(code)
    assert queries.list_expected(tksk.reach) == []


def test_who_never_comes_is_forgotten(db, known, tksk):
    register()
    (claim,) = claims(db)
    services.answer_petition(claim, Answer.TOLD, words="Datang membawa KTP.", by=tksk)
    services.forget_old()
    assert claim.told
    claim.answered_at = clock.now() - rules.FOLLOWED_FOR - timedelta(minutes=1)
    db.session.commit()
    services.forget_old()
    assert (claim.told, claim.secret_hash, claim.follow_index) == (None, None, None)
    assert services.answers_for(claim, tksk) == []


def test_an_older_code_says_that_another_one_opens(db, known, tksk):
    older = register(name="Noor Halimah")
    services.answer_petition(claims(db)[0], Answer.TOLD, words="Datang membawa KTP.", by=tksk)
    register(name="Noor Halimah", address="Jalan Mawar 1")
    services.answer_petition(claims(db)[1], Answer.OPENED, words="", reason=SEEN, by=tksk)
    with pytest.raises(RuleViolation, match="dibuka dengan kode lain"):
        sign_in(older)


def test_a_tksk_tells_the_dinas_what_is_wrong_and_reads_what_became_of_it(browser, db, make, known, tksk):
    browser.sign_in(tksk)
    page = browser.get("workspace.show_trainee", trainee_id=known.id)
    assert "Usulkan perbaikan" in page.text
    browser.post(
        "petitions.suggest_correction",
        trainee_id=known.id,
        data={"words": "Sudah mengundurkan diri sejak Januari."},
    )
    browser.post(
        "petitions.suggest_correction",
        trainee_id=known.id,
        data={"words": "Sudah mengundurkan diri sejak Januari."},
        expect=409,
    )
    dinas = make.user(Role.KABUPATEN_DINAS)
    assert queries.list_waiting(tksk.reach) == []
    (petition,) = queries.list_waiting(dinas.reach)
    assert petition.kind is PetitionKind.CORRECTION
    assert Answer.DONE not in services.answers_for(petition, dinas)
    with pytest.raises(RuleViolation, match="belum diubah sejak usul dikirim"):
        services.answer_petition(petition, Answer.DONE, words="Terima kasih.", by=dinas)
    with pytest.raises(Conflict, match="Usul yang sama"):
        services.suggest_correction(
            known, "sudah mengundurkan diri sejak Januari", by=make.user(Role.TKSK, "63.05.06")
        )
    trainees.correct_facts(known, {"birth_place": "Keladan"}, by=dinas)
    services.answer_petition(petition, Answer.DONE, words="Terima kasih.", by=dinas)
    home = browser.get("dashboard.home")
    assert "Sudah dibetulkan pada datanya" in home.text
    assert "Terima kasih." in home.text


def test_it_is_for_people_in_sight(browser, make, known):
    browser.sign_in(make.user(Role.TKSK, "63.05.01"))
    browser.get("petitions.suggest_correction", trainee_id=known.id, expect=404)
