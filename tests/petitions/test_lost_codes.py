"""A lost code without e-mail: the same page for everybody, the TKSK or the dinas answers, a new password
settles it.
"""

import re

import pytest
from sqlalchemy import select

from app.auth import services as auth
from app.auth.rules import NameKind, Role
from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.organisers.queries import name_on
from app.petitions import queries, services
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees.rules import TraineeStatus

NIK, PHONE, HOME = "6305064101859777", "+6281234567890", "203.0.113.9"
PASSWORD = "perahu kelotok di rawa"


@pytest.fixture
def person(make, db):
    """A PSM of Keladan who signs in by NIK and phone and has no e-mail."""
    user = auth.open_account(
        "Siti Aminah",
        password=PASSWORD,
        names={NameKind.NIK: NIK, NameKind.PHONE: PHONE},
        region=make.region("63.05.06.2001"),
        by=SYSTEM,
    )
    return make.trainee(name="Siti Aminah", nik=NIK, phone=PHONE, user=user)


def asked(db):
    return list(db.session.scalars(select(Petition).order_by(Petition.id)))


@pytest.mark.parametrize("typed", [NIK, "0812-3456-7890"])
def test_it_stands_in_the_lists_of_the_tksk_and_the_dinas(db, make, person, typed):
    tksk, dinas = make.user(Role.TKSK, "63.05.06"), make.user(Role.KABUPATEN_DINAS)
    auth.request_reset(typed, address=HOME)
    for officer in (tksk, dinas):
        assert [(each.kind, each.trainee_id) for each in queries.list_waiting(officer.reach)] == [
            (PetitionKind.CODE, person.id)
        ]
    for other in (
        make.user(Role.TKSK, "63.05.01"),
        make.user(Role.KABUPATEN_DINAS, "63.72"),
        make.user(Role.COMMITTEE),
    ):
        assert queries.list_waiting(other.reach) == []


def test_somebody_known_who_never_had_an_account_is_helped_too(db, make):
    person = make.trainee(nik=NIK)
    auth.request_reset(NIK, address=HOME)
    assert [each.trainee_id for each in asked(db)] == [person.id]


def test_asked_five_times_it_is_one_request(db, person):
    for typed in (NIK, NIK, PHONE, NIK):
        auth.request_reset(typed, address=HOME)
    assert len(asked(db)) == 1


def test_nothing_waits_for_the_unknown_for_those_with_mail_for_the_closed_and_for_the_dead(db, make, outbox):
    with_mail = make.user()
    make.trainee(user=with_mail, nik="6305064101859778")
    auth.add_sign_in_name(with_mail, NameKind.NIK, "6305064101859778")
    make.trainee(nik="6305064101859779", status=TraineeStatus.DECEASED)
    closed = auth.open_account("Tutup", password=None, names={NameKind.NIK: "6305064101859780"}, by=SYSTEM)
    make.trainee(user=closed, nik="6305064101859780")
    auth.disable_user(closed, by=SYSTEM)
    for typed in (
        NIK,
        "6305064101859778",
        "6305064101859779",
        "6305064101859780",
        "0812-0000-0000",
        "siapa@contoh.id",
        "bukan apa-apa",
    ):
        auth.request_reset(typed, address=HOME)
    assert asked(db) == []
    assert [each.recipient for each in outbox()] == [with_mail.email]


def test_the_link_is_shown_once_and_answers_it(browser, db, make, person):
    auth.request_reset(NIK, address=HOME)
    tksk = make.user(Role.TKSK, "63.05.06")
    browser.sign_in(tksk)
    home = browser.get("dashboard.home")
    assert "1 permintaan menunggu jawaban Anda." in home.text
    (petition,) = asked(db)
    page = browser.get("petitions.answer_petition", petition_id=petition.id)
    assert "Siti Aminah" in page.text
    shown = browser.post("petitions.hand_out_code", petition_id=petition.id, expect=200)
    token = re.search(r"/reset-password/([\w-]+)", shown.text).group(1)
    assert "0812-3456-7890" in page.text
    assert queries.list_waiting(tksk.reach) == [petition]  # shown is not handed over
    token = re.search(
        r"/reset-password/([\w-]+)",
        browser.post("petitions.hand_out_code", petition_id=petition.id, expect=200).text,
    ).group(1)
    browser.post("petitions.answer_petition", petition_id=petition.id, data={"answer": "linked"})
    assert petition.answer is Answer.LINKED
    assert queries.list_waiting(tksk.reach) == []
    browser.post("petitions.hand_out_code", petition_id=petition.id, expect=409)
    auth.reset_password(token, "kerbau merah di sawah")
    assert auth.sign_in(NIK, "kerbau merah di sawah", address=HOME)


def test_a_new_password_settles_it_whichever_way_it_came(db, make, person):
    auth.request_reset(NIK, address=HOME)
    link = auth.issue_reset_link(person.user, make.user(Role.KABUPATEN_DINAS))
    auth.reset_password(link.rpartition("/")[2], "kerbau merah di sawah")
    (petition,) = asked(db)
    assert (petition.answer, petition.open_key) == (Answer.SETTLED, None)
    assert "masuk kembali" not in str(petition.answer.label)  # nobody has signed in yet
    auth.request_reset(NIK, address=HOME)
    assert len(asked(db)) == 2


def test_a_tksk_gives_no_way_into_an_account_with_a_role(db, make, person):
    make.grant(person.user, Role.IPSM_OFFICER, make.region("63.05"))
    auth.request_reset(NIK, address=HOME)
    (petition,) = asked(db)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.hand_out_code(petition, by=make.user(Role.TKSK, "63.05.06"))
    assert petition.answer is None
    assert services.hand_out_code(petition, by=make.user(Role.KABUPATEN_DINAS))


def test_another_kecamatan_hands_out_nothing(db, make, person):
    auth.request_reset(NIK, address=HOME)
    (petition,) = asked(db)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.hand_out_code(petition, by=make.user(Role.TKSK, "63.05.01"))


def test_it_is_answered_with_a_sentence_or_a_link_once(db, make, person):
    auth.request_reset(NIK, address=HOME)
    dinas = make.user(Role.KABUPATEN_DINAS)
    (petition,) = asked(db)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(petition, Answer.OPENED, words="", by=dinas)
    with pytest.raises(RuleViolation, match="di luar wewenang"):
        services.answer_petition(petition, Answer.LINKED, words="", by=dinas)  # none was made
    services.answer_petition(petition, Answer.TOLD, words="Sudah ditelepon.", by=dinas, informed=True)
    with pytest.raises(Conflict):
        services.hand_out_code(petition, by=dinas)


def test_a_sentence_to_somebody_without_mail_is_sent_by_hand_before_it_counts(browser, db, make, person):
    auth.request_reset(NIK, address=HOME)
    (petition,) = asked(db)
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    data = {"answer": "told", "words": "Datang membawa KTP."}
    page = browser.post("petitions.answer_petition", petition_id=petition.id, data=data, expect=422)
    assert "centang bahwa ia sudah dikabari" in page.error
    [chat] = page.soup.select('a[href^="https://wa.me/6281234567890?text="]')
    assert "Datang%20membawa%20KTP." in chat["href"]
    assert petition.answer is None
    done = browser.post("petitions.answer_petition", petition_id=petition.id, data={**data, "informed": "1"})
    assert "Dijawab dengan kalimat: Datang membawa KTP." in browser.get(done.location).text


def test_a_name_is_nothing_that_can_be_looked_for(browser, person):
    page = browser.post("auth.request_reset", data={"typed": "Hj. Siti Aminah"}, expect=422)
    assert "Nama saja tidak dapat dicari" in page.error
    assert "sudah kami terima" not in browser.get("petitions.show_code_asked").text


def test_the_page_is_the_same_for_everybody_and_never_names_mail_alone(browser, person):
    known, unknown = (
        browser.post("auth.request_reset", data={"typed": typed}) for typed in (NIK, "6305064101859001")
    )
    assert known.location == unknown.location
    page = browser.get(known.location)
    assert "Dinas Sosial Kabupaten Tapin" in page.text
    for words in ("Bila akun Anda mempunyai email", "TKSK kecamatan Anda dan dinas sosial", "Siapkan KTP"):
        assert words in page.text


def test_the_telephone_of_an_office_is_found_by_its_place(browser, make, db):
    office = make.organiser()
    name_on(office, clock.today("Asia/Makassar")).phone = "0517-31234"
    db.session.commit()
    page = browser.get("petitions.show_code_asked", **{"region-provinsi": "63", "region-kabupaten": "63.05"})
    assert "telepon 0517-31234" in page.text
    for region in ("63", "99.99", "00", "x"):
        assert "telepon" not in browser.get("petitions.show_code_asked", region=region).text.replace(
            "nomor telepon", ""
        )


def test_the_work_is_the_same_whether_anybody_is_known(count_queries, person):
    counted = []
    for typed in (NIK, "6305064101859001"):
        with count_queries() as number:
            auth.request_reset(typed, address=HOME)
        counted.append(number())
    assert abs(counted[0] - counted[1]) <= 3
