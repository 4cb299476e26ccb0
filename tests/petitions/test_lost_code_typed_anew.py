"""Somebody whose account is in use lost her code and registers again: finding that it is her is the answer,
with a link in hand.
"""

import re

import pytest

from app.auth import services as auth
from app.auth.rules import Role
from app.core.errors import RuleViolation
from app.petitions import queries, services
from app.petitions.rules import Answer
from app.trainees.rules import TraineeStatus
from tests.petitions.test_claims import NIK, claims, register, sign_in

SEEN = "KTP-nya saya lihat."
NEW = "kerbau merah di sawah"


@pytest.fixture
def tksk(make):
    return make.user(Role.TKSK, "63.05.06")


def link_on(page):
    return re.search(r"/reset-password/([\w-]+)", page.text).group(1)


def test_the_officer_who_found_that_it_is_her_gives_her_a_link_there_and_then(db, browser, tksk):
    first, second = register(), register(name="Siti Aminah binti Hasan", phone="+6281299990000")
    (claim,) = claims(db)
    with pytest.raises(RuleViolation, match="bila Anda sudah mempunyai akun, petugas membantu"):
        sign_in(second)
    browser.sign_in(tksk)
    page = browser.get("petitions.answer_petition", petition_id=claim.id)
    assert "halaman datanya" not in page.text
    assert Answer.LINKED not in services.answers_for(claim, tksk)  # nothing was handed over yet
    shown = browser.post("petitions.hand_out_code", petition_id=claim.id, expect=200)
    assert "Catat bahwa tautannya sudah diserahkan" in shown.text
    assert sign_in(first)  # a link that nobody used changes nothing
    browser.post("petitions.answer_petition", petition_id=claim.id, data={"answer": "linked"}, expect=422)
    browser.post("petitions.answer_petition", petition_id=claim.id, data={"answer": "linked", "reason": SEEN})
    assert (claim.answer, queries.list_open_of(claim.person, claim.kind)) == (Answer.LINKED, [])
    with pytest.raises(RuleViolation, match="Tautan kata sandi untuk akun itu sudah diserahkan") as said:
        sign_in(second)
    assert "Lupa kata sandi" not in str(said.value.reason)
    auth.reset_password(link_on(shown), NEW)
    assert sign_in(NEW, NIK)


def test_what_she_sent_besides_reads_of_the_link_too(db, tksk):
    register()
    second, third = register(), register(phone="+6281299990000")
    services.hand_out_code(claims(db)[1], by=tksk)
    services.answer_petition(claims(db)[1], Answer.LINKED, words="", reason=SEEN, by=tksk)
    for code in (second, third):
        with pytest.raises(RuleViolation, match="Tautan kata sandi untuk akun itu sudah diserahkan"):
            sign_in(code)


def test_no_link_is_made_of_a_claim_for_an_account_that_the_code_itself_opens_nor_for_the_dead_nor_elsewhere(
    db, make, tksk
):
    known = make.trainee(name="Siti Aminah", nik=NIK, phone="+6281234567890")
    register()
    (claim,) = claims(db)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.hand_out_code(claim, by=tksk)
    account = auth.open_account("Siti", password=NEW, names={}, by=tksk)
    for status, is_offered in ((TraineeStatus.DECEASED, False), (TraineeStatus.CANDIDATE, True)):
        known.user, known.status = account, status
        db.session.commit()
        assert services.may_hand_out(claim, tksk) is is_offered
    assert not services.may_hand_out(claim, make.user(Role.TKSK, "63.72.05"))
