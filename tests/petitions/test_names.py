"""Ganti nama: of a recorded person a wish to the dinas, decided there, changing record, account and
certificates.
"""

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core.errors import Conflict, RuleViolation
from app.petitions import queries, services
from app.petitions.models import Petition
from app.petitions.rules import Answer, PetitionKind
from app.trainees import services as trainees
from app.trainees.queries import page_of_trainees


@pytest.fixture
def person(make):
    user = make.user(name="Siti Amina")
    return make.trainee(name="Siti Amina", user=user)


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


def wish(person, name="Siti Aminah"):
    return services.ask_for_name(person, name, reason="Huruf h kurang.", by=person.user)


def test_the_page_asks_the_dinas_and_changes_nothing_before_it_answers(browser, db, person, dinas):
    browser.sign_in(person.user)
    page = browser.get("petitions.change_name")
    assert "Dinas Sosial Kabupaten Tapin yang menggantinya" in page.text
    browser.post("petitions.change_name", data={"name": "Siti Aminah", "reason": "Huruf h kurang."})
    assert (person.name, person.user.name) == ("Siti Amina", "Siti Amina")
    page = browser.get("petitions.change_name")
    assert "Menunggu jawaban dinas" in page.text
    assert page.soup.find(id="name")["value"] == "Siti Aminah"
    (petition,) = queries.list_waiting(dinas.reach)
    assert (petition.kind, petition.said.was, petition.said.name) == (
        PetitionKind.NAME,
        "Siti Amina",
        "Siti Aminah",
    )


def test_an_account_without_a_record_is_renamed_at_once(browser, make, dinas):
    browser.sign_in(dinas)
    browser.post("petitions.change_name", data={"name": "Ratna Dewi"})
    assert dinas.name == "Ratna Dewi"
    assert queries.list_waiting(dinas.reach) == []


@pytest.mark.parametrize(("name", "why"), [("-", None), ("Siti Amina", "sudah tercatat"), ("x" * 201, None)])
def test_what_is_no_other_name_is_refused_and_stays_typed(browser, person, name, why):
    browser.sign_in(person.user)
    page = browser.post("petitions.change_name", data={"name": name}, expect=409 if why else 422)
    assert page.soup.find(id="name")["value"] == name
    assert why is None or why in page.error


def test_corrected_it_changes_record_account_and_search(db, person, dinas, make):
    services.answer_petition(wish(person), Answer.CORRECTED, words="", by=dinas)
    assert (person.name, person.user.name, person.folded_name) == (
        "Siti Aminah",
        "Siti Aminah",
        "siti aminah",
    )
    assert person.renamed_at is not None
    assert [each.id for each in page_of_trainees(dinas.reach("trainee:see"), words="aminah").rows] == [
        person.id
    ]


def test_only_who_may_correct_decides(make, person):
    petition = wish(person)
    for officer in (
        make.user(Role.TKSK, "63.05.06"),
        make.user(Role.KABUPATEN_DINAS, "63.72"),
        make.user(Role.COMMITTEE),
        person.user,
    ):
        assert queries.list_waiting(officer.reach) == []
        with pytest.raises(RuleViolation, match="di luar wewenang"):
            services.answer_petition(petition, Answer.CORRECTED, words="", by=officer)


def test_refused_it_says_why_on_her_own_page(browser, db, person, dinas):
    services.answer_petition(wish(person), Answer.TOLD, words="Pada KTP tertulis Siti Amina.", by=dinas)
    browser.sign_in(person.user)
    page = browser.get("petitions.change_name")
    assert "Pada KTP tertulis Siti Amina." in page.text
    assert page.soup.find(id="name")["value"] == "Siti Amina"
    wish(person)
    assert len(list(db.session.scalars(select(Petition)))) == 2


def test_a_wish_that_waits_is_corrected_or_taken_back_by_whoever_asked(browser, db, person, dinas):
    first = wish(person)
    assert wish(person, "Siti Aminah B") is first
    assert [each.said.name for each in queries.list_waiting(dinas.reach)] == ["Siti Aminah B"]
    browser.sign_in(person.user)
    page = browser.get("petitions.change_name")
    [button] = [form for form in page.soup.select("form.post-form") if "Tarik permintaan" in form.get_text()]
    browser.post("petitions.change_name", data={"name": button.find("input", {"name": "name"})["value"]})
    assert (first.answer, queries.list_waiting(dinas.reach)) == (Answer.WITHDRAWN, [])
    with pytest.raises(Conflict, match="sudah tercatat"):
        wish(person, "Siti Amina")
    wish(person)
    assert len(queries.list_waiting(dinas.reach)) == 1


def test_a_second_window_keeps_what_was_typed_and_reads_the_first_answer(browser, db, person, dinas):
    petition = wish(person)
    browser.sign_in(dinas)
    version = browser.get("petitions.answer_petition", petition_id=petition.id).soup.find(
        "input", {"name": "version"}
    )["value"]
    browser.post(
        "petitions.answer_petition",
        petition_id=petition.id,
        data={"answer": "told", "words": "Bawa KTP.", "version": version},
    )
    second = {"answer": "corrected", "words": "Sudah kami ganti.", "version": version}
    page = browser.post("petitions.answer_petition", petition_id=petition.id, data=second, expect=409)
    for words in ("Bawa KTP.", "Jawaban Anda tidak disimpan", "Kalimat yang Anda ketik: Sudah kami ganti."):
        assert words in page.text
    assert person.name == "Siti Amina"


def test_what_was_put_right_meanwhile_is_read_before_it_is_answered(browser, db, person, dinas):
    petition = wish(person)
    browser.sign_in(dinas)
    version = browser.get("petitions.answer_petition", petition_id=petition.id).soup.find(
        "input", {"name": "version"}
    )["value"]
    wish(person, "Siti Aminah B")
    data = {"answer": "corrected", "words": "", "version": version}
    page = browser.post("petitions.answer_petition", petition_id=petition.id, data=data, expect=409)
    assert "Siti Aminah B" in page.text
    browser.post(
        "petitions.answer_petition",
        petition_id=petition.id,
        data={**data, "version": page.soup.find("input", {"name": "version"})["value"]},
    )
    assert person.name == "Siti Aminah B"


def test_the_office_moves_with_the_person(db, make, person, dinas):
    wish(person)
    person.duty_region = make.region("63.72.05.1001")
    db.session.commit()
    assert queries.list_waiting(dinas.reach) == []
    assert len(queries.list_waiting(make.user(Role.KABUPATEN_DINAS, "63.72").reach)) == 1


def test_what_was_asked_about_a_record_that_was_joined_goes_with_the_person(make, db, dinas):
    user = make.user()
    doubled = make.trainee(name="Siti Amina", user=user)
    kept = make.trainee("63.72.05.1001", name="Siti Amina")
    petition = wish(doubled)
    doubled.canonical_id = kept.id
    db.session.commit()
    theirs = make.user(Role.KABUPATEN_DINAS, "63.72")
    assert (queries.list_waiting(dinas.reach), queries.list_waiting(theirs.reach)) == ([], [petition])
    services.answer_petition(petition, Answer.CORRECTED, words="", by=theirs)
    assert (kept.name, doubled.name) == ("Siti Aminah", "Siti Amina")


def bare(make):
    """A PSM with an account and no e-mail."""
    user = make.user(name="Siti Amina")
    user.email = None
    return make.trainee(name="Siti Amina", phone="+6281234567890", user=user)


@pytest.mark.parametrize(
    ("answer", "words", "said"),
    [("corrected", "", "menjadi Siti Aminah"), ("told", "Bawa KTP.", "Bawa KTP.")],
)
def test_the_answer_reaches_who_asked_by_hand_where_no_mail_does_and_on_her_pages(
    browser, make, dinas, answer, words, said
):
    person = bare(make)
    petition = wish(person)
    browser.sign_in(dinas)
    data = {"answer": answer, "words": words}
    page = browser.post("petitions.answer_petition", petition_id=petition.id, data=data, expect=422)
    assert "centang bahwa ia sudah dikabari" in page.error
    assert said in page.text
    assert page.soup.select('a[href^="https://wa.me/6281234567890?text="]')
    browser.post("petitions.answer_petition", petition_id=petition.id, data={**data, "informed": "1"})
    browser.sign_in(person.user)
    for endpoint in ("dashboard.home", "auth.show_account"):
        assert (words or "Nama diganti pada datanya") in browser.get(endpoint).text


def test_while_it_waits_the_pages_where_she_would_ask_again_say_so(browser, person):
    wish(person)
    browser.sign_in(person.user)
    for endpoint in ("dashboard.home", "auth.show_account", "trainees.show_own_data"):
        page = browser.get(endpoint)
        assert "enunggu jawaban dinas" in page.text
        assert "Siti Aminah" in page.text


def test_the_name_now_is_that_of_the_record_that_counts(browser, db, make, person, dinas):
    petition = wish(person)
    kept = make.trainee(name="Sitti Amina")
    person.canonical_id = kept.id
    db.session.commit()
    browser.sign_in(dinas)
    assert (
        "Nama sekarang Sitti Amina" in browser.get("petitions.answer_petition", petition_id=petition.id).text
    )


def test_what_was_proposed_names_who_proposed_it_and_stays_on_her_list(browser, make, person, dinas):
    tksk = make.user(Role.TKSK, "63.05.06", name="Rahmadi")
    petition = services.suggest_correction(person, "Sudah pindah ke desa lain.", by=tksk)
    browser.sign_in(dinas)
    page = browser.get("petitions.answer_petition", petition_id=petition.id)
    for words in ("Rahmadi, TKSK, Kecamatan Candi Laras Utara", tksk.email):
        assert words in page.text
    page = browser.get("petitions.answer_petition", petition_id=petition.id)
    assert page.soup.select(f'a[href="/trainees/{person.id}/edit"]')
    trainees.correct_facts(person, {"birth_place": "Keladan"}, by=dinas)
    services.answer_petition(petition, Answer.DONE, words="Terima kasih.", by=dinas)
    browser.sign_in(tksk)
    home = browser.get("dashboard.home")
    for words in ("Sudah pindah ke desa lain.", "Terima kasih."):
        assert words in home.text
    assert home.soup.select(f'a[href="/trainees/{person.id}"]')


def test_what_waits_for_other_offices_is_counted_whole_without_being_read(
    make, browser, dinas, person, monkeypatch
):
    other = make.trainee(name="Rusmini Amina", user=make.user(name="Rusmini Amina"))
    wish(person), wish(other)
    monkeypatch.setattr(queries, "SHOWN_AT_MOST", 1)
    assert (len(queries.list_waiting(dinas.reach)), queries.count_waiting(dinas.reach)) == (1, 2)
    assert queries.count_waiting(make.user(Role.KABUPATEN_DINAS, "63.03").reach) == 0
    browser.sign_in(make.user(Role.COMMITTEE))
    assert "2 permintaan warga menunggu dinas sosial atau TKSK setempat" in browser.get("dashboard.home").text
