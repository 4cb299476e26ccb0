"""A number that several are recorded with signs nobody in who has a NIK, and a way in asked for by it is
asked for by each of them.
"""

import pytest
from sqlalchemy import select, update

from app.auth import services as auth
from app.auth.queries import find_by_name, list_name_kinds
from app.auth.rules import NameKind, Role
from app.core.actor import SYSTEM
from app.core.errors import RuleViolation
from app.petitions import queries, services
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.phones import list_by_phone
from app.trainees.queries import find_by_nik
from tests.petitions.test_claims import KELADAN, NIK, claims, register, sign_in

PHONE, OTHER_NIK, HOME = "+6281234567890", "6305064101859778", "203.0.113.9"
PASSWORD = "perahu kelotok di rawa"


@pytest.fixture
def known(make):
    return make.trainee(name="Siti Aminah", nik=NIK, phone=PHONE)


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def test_a_strangers_registration_takes_nobodys_number(known, dinas):
    code = register(nik=OTHER_NIK, name="Rusmini", phone=PHONE)
    assert find_by_name(NameKind.PHONE, PHONE) is None
    assert sign_in(code, OTHER_NIK).__class__ is tuple
    with pytest.raises(RuleViolation, match="masuk dengan NIK"):
        sign_in(code, "0812-3456-7890")
    trainees.hand_out_account(known, by=dinas)  # the number is recorded of two: she too signs in by her NIK
    assert list_name_kinds(known.user) == [NameKind.NIK]


def test_nor_does_a_number_she_puts_right_herself(db, known, dinas):
    register(nik=OTHER_NIK, name="Rusmini", phone="+6281299990000")
    stranger = find_by_nik(OTHER_NIK)
    assert find_by_name(NameKind.PHONE, "+6281299990000").id == stranger.user_id
    trainees.correct_facts(stranger, {"phone": PHONE}, by=dinas)
    assert find_by_name(NameKind.PHONE, PHONE) is None


def test_whose_number_it_is_alone_signs_in_by_it_once_an_officer_hands_it_out(db, known, dinas):
    register(nik=OTHER_NIK, name="Rusmini", phone=PHONE)
    trainees.hand_out_account(known, by=dinas)
    trainees.correct_facts(find_by_nik(OTHER_NIK), {"phone": "+6281299990000"}, by=dinas)
    trainees.hand_out_account(known, by=dinas)
    assert find_by_name(NameKind.PHONE, PHONE).id == known.user_id


def test_who_signs_in_by_her_number_keeps_it(known, dinas):
    trainees.hand_out_account(known, by=dinas)
    register(nik=OTHER_NIK, name="Rusmini", phone=PHONE)
    assert find_by_name(NameKind.PHONE, PHONE).id == known.user_id


def test_another_person_with_a_number_of_somebody_else_is_not_recorded_from_here(db, known, dinas):
    register(name="Rusmini", phone=PHONE)
    assert Answer.NEW_PERSON not in services.answers_for(claims(db)[0], dinas)


@pytest.mark.parametrize(
    "typed",
    [
        "0812-3456-7890",
        "081234567890",
        "+62 812 3456 7890",
        "62812 3456 7890",
        "812 3456 7890",
        "HP: 081234567890",
    ],
)
def test_a_way_in_asked_for_by_number_reaches_whoever_is_recorded_with_it(db, known, dinas, typed):
    auth.request_reset(typed, address=HOME)
    (petition,) = queries.list_waiting(dinas.reach)
    assert (petition.kind, petition.trainee_id) == (PetitionKind.CODE, known.id)


def test_by_a_shared_number_each_asks_and_each_page_names_the_others(browser, db, make, known, dinas):
    other = make.trainee(KELADAN, name="Rusmini", nik=OTHER_NIK, phone=PHONE)
    make.trainee("63.72.05.1001", name="Orang Jauh", phone=PHONE)
    auth.request_reset("0812-3456-7890", address=HOME)
    auth.request_reset("0812-3456-7890", address=HOME)
    asked = {each.trainee_id: each for each in queries.list_waiting(dinas.reach)}
    assert set(asked) == {known.id, other.id}
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=asked[known.id].id)
    assert "Nomor HP 0812-3456-7890 tercatat pada lebih dari satu orang" in page.text
    assert page.soup.select(f'a[href="/petitions/{asked[other.id].id}"]')
    assert "Satu orang di luar wilayah Anda" in page.text
    assert "Orang Jauh" not in page.text
    services.hand_out_code(asked[known.id], by=dinas)
    services.answer_petition(asked[known.id], Answer.LINKED, words="", by=dinas)
    assert queries.list_waiting(dinas.reach) == []
    assert asked[other.id].answer is Answer.OVERTAKEN


def test_who_is_in_again_needs_no_other_way(db, make, dinas):
    code = register(nik=OTHER_NIK, phone=PHONE)
    auth.request_reset(OTHER_NIK, address=HOME)
    assert sign_in(code, OTHER_NIK)
    (petition,) = db.session.scalars(select(Petition))
    assert petition.answer is Answer.SETTLED


def test_numbers_of_before_are_found_once_the_worker_has_been_there(db, known):
    db.session.execute(update(Trainee).values(phone_index=None))
    db.session.commit()
    assert list_by_phone(PHONE) == []
    assert trainees.index_phones() == 1
    assert list_by_phone(PHONE) == [known]
    assert trainees.index_phones() == 0


@pytest.fixture
def couple(db, make):
    """Two who share a number and have an account each, both named when somebody asks by it."""
    pair = []
    for name, nik in (("Hajjah Nur Hayati", NIK), ("Kasim", OTHER_NIK)):
        account = auth.open_account(
            name, password=PASSWORD, names={NameKind.NIK: nik}, region=make.region(KELADAN), by=SYSTEM
        )
        pair.append(make.trainee(KELADAN, name=name, nik=nik, phone=PHONE, user=account))
    auth.request_reset("0812-3456-7890", address=HOME)
    return pair


def sign_in_oneself(person, dinas):
    assert sign_in(PASSWORD, person.nik)


def set_a_password(person, dinas):
    auth.reset_password(auth.issue_reset_link(person.user, dinas).rpartition("/")[2], "kerbau merah di sawah")


def hand_over(person, dinas):
    petition = waiting_for(person)
    services.hand_out_code(petition, by=dinas)
    services.answer_petition(petition, Answer.LINKED, words="", by=dinas)


def hand_over_to_both(person, dinas):
    for each in list_by_phone(PHONE):
        services.hand_out_code(waiting_for(each), by=dinas)
    services.answer_petition(waiting_for(person), Answer.LINKED, words="", by=dinas)


def say_something(person, dinas):
    services.answer_petition(
        waiting_for(person), Answer.TOLD, words="Datang membawa KTP.", by=dinas, informed=True
    )


def waiting_for(person):
    return queries.list_open_of(person, PetitionKind.CODE)[0]


@pytest.mark.parametrize(
    ("what", "his", "hers"),
    [
        (sign_in_oneself, Answer.SETTLED, None),
        (set_a_password, Answer.SETTLED, None),
        (hand_over, Answer.LINKED, Answer.OVERTAKEN),
        (hand_over_to_both, Answer.LINKED, None),
        (say_something, Answer.TOLD, None),
    ],
)
def test_what_ends_the_request_of_the_other(db, couple, dinas, what, his, hers):
    wife, husband = couple
    what(husband, dinas)
    answers = dict(db.session.execute(select(Petition.trainee_id, Petition.answer)).all())
    assert answers == {husband.id: his, wife.id: hers}


def test_the_page_of_a_request_and_that_of_the_link_say_by_what_she_signs_in(browser, db, make, dinas):
    alone, known = (
        make.trainee(KELADAN, name="Norhayati", nik=None, phone=PHONE),
        make.trainee(KELADAN, name="Kasim", nik=NIK, phone=PHONE),
    )
    auth.request_reset("0812-3456-7890", address=HOME)
    browser.sign_in(dinas)
    for person, names in ((known, "NIK"), (alone, "Nomor HP")):
        petition = waiting_for(person)
        assert (
            f"{person.name} masuk dengan {names}."
            in browser.get("petitions.answer_petition", petition_id=petition.id).text
        )
        shown = browser.post("petitions.hand_out_code", petition_id=petition.id, expect=200)
        assert f"{names}, dan kata sandi yang dibuat sendiri." in shown.text
        assert [kind.label for kind in list_name_kinds(person.user)] == [names]


def test_no_link_is_made_by_which_nobody_could_sign_in(browser, db, make, dinas):
    first, second = (
        make.trainee(KELADAN, name=name, nik=None, phone=PHONE) for name in ("Norhayati", "Rusmini")
    )
    trainees.hand_out_account(first, by=dinas)
    auth.request_reset("0812-3456-7890", address=HOME)
    browser.sign_in(dinas)
    assert (
        "catat dahulu NIK Rusmini"
        in browser.get("petitions.answer_petition", petition_id=waiting_for(second).id).text
    )
    with pytest.raises(RuleViolation, match="Catat dahulu NIK-nya"):
        services.hand_out_code(waiting_for(second), by=dinas)
