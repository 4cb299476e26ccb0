"""A name typed in capitals alone or without any: shown as it would stand on the certificate before it is
kept, and kept as is said.
"""

from datetime import date

import pytest

from app.auth.rules import Role
from app.core.names import usual_spelling
from app.trainees.queries import find_by_nik
from app.trainees.rules import Sex, sample_nik

BORN = date(1990, 5, 17)
PLACE = {f"duty_region-{level}": "63.05.06.2001"[:size] for level, size in (("kecamatan", 8), ("desa", 13))}


@pytest.fixture
def desk(make, browser):
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    return browser


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("SITI AMINAH", "Siti Aminah"),
        ("suharto", "Suharto"),
        ("NUR'AINI AL-HABSYI", "Nur'aini Al-Habsyi"),
        ("M.YUSUF RAHMAN", "M.Yusuf Rahman"),
        ("RADEN MAS IV", "Raden Mas IV"),
        ("AHMAD BIN ALI", "Ahmad bin Ali"),
        ("DRS. H. AHMAD YANI, M.PD", "Drs. H. Ahmad Yani, M.Pd"),
        ("Hj. SITI AMINAH, S.Pd, MM", "Hj. Siti Aminah, S.Pd, MM"),
        ("siti aminah, sh", "Siti Aminah, SH"),
    ],
)
def test_a_name_of_one_kind_of_letters_is_proposed_as_names_are_usually_written(typed, usual):
    assert usual_spelling(typed) == usual
    assert usual_spelling(usual) is None


@pytest.mark.parametrize(
    "typed", ["Siti Aminah", "Siti AMINAH", "Suharto", "van Dijk", "A", "H. M.", "", "Ahmad bin Ali"]
)
def test_a_name_of_both_kinds_is_nothing_to_ask_about(typed):
    assert usual_spelling(typed) is None


@pytest.mark.parametrize(("chosen", "kept"), [("usual", "Siti Aminah"), ("typed", "SITI AMINAH")])
def test_whoever_registers_a_person_sees_the_name_as_it_would_be_printed_and_says_how_it_is_written(
    desk, chosen, kept
):
    nik = sample_nik("63.05.06", BORN, Sex.FEMALE, 9444)
    facts = {"name": "SITI  AMINAH", "nik": nik, **PLACE}
    page = desk.post("trainees.register_trainee", data=facts, expect=422)
    assert find_by_nik(nik) is None
    assert "Nama diketik dengan huruf besar semua." in page.text
    assert [label.get_text() for label in page.soup.select("#spelling label")] == [
        "Siti Aminah",
        "SITI AMINAH",
    ]
    assert page.soup.find(id="name")["value"].split() == ["SITI", "AMINAH"]
    desk.post("trainees.register_trainee", data={**facts, "spelling": chosen})
    assert find_by_nik(nik).name == kept


def test_the_sheet_of_a_person_says_the_number_of_the_record(make, desk):
    person = make.trainee()
    facts = desk.get("workspace.show_trainee", trainee_id=person.id).soup.select_one("main aside dl")
    assert f"Nomor data {person.id}" in " ".join(facts.get_text(" ").split())


def test_a_name_of_both_kinds_of_letters_is_never_asked_about(desk):
    assert not desk.get("trainees.register_trainee").soup.find(id="spelling")
    page = desk.post("trainees.register_trainee", data={"name": "Siti Aminah"}, expect=422)
    assert not page.soup.find(id="spelling")


def test_a_correction_asks_about_a_new_name_and_leaves_the_recorded_one_in_peace(make, desk, db):
    person = make.trainee(name="SITI AMINAH")
    desk.post(
        "trainees.correct_trainee",
        trainee_id=person.id,
        data={"name": "SITI AMINAH", "birth_place": "Binuang"},
    )
    page = desk.post(
        "trainees.correct_trainee", trainee_id=person.id, data={"name": "siti rahmah"}, expect=422
    )
    assert "Nama diketik dengan huruf kecil semua." in page.text
    desk.post(
        "trainees.correct_trainee", trainee_id=person.id, data={"name": "siti rahmah", "spelling": "usual"}
    )
    db.session.refresh(person)
    assert person.name == "Siti Rahmah"


def test_what_was_chosen_stays_chosen_when_something_else_is_refused(make, desk):
    facts = {"name": "SITI RAHMAH", "nik": make.trainee(name="Rusmini").nik, **PLACE}
    page = desk.post("trainees.register_trainee", data={**facts, "spelling": "usual"}, expect=409)
    assert page.soup.find(id="name")["value"] == "Siti Rahmah"
    assert not page.soup.find(id="spelling")
    page = desk.post("trainees.register_trainee", data={**facts, "spelling": "typed"}, expect=409)
    assert page.soup.find(id="name")["value"] == "SITI RAHMAH"
    assert page.soup.select_one("#spelling input[checked]")["value"] == "typed"


def test_somebody_who_registers_herself_is_asked_too(browser):
    browser.post("enrollments.ask_nik", data={"nik": sample_nik("63.05.06", BORN, Sex.FEMALE, 9445)})
    assert not browser.get("enrollments.ask_name").soup.find(id="spelling")
    page = browser.post("enrollments.ask_name", data={"name": "siti aminah"}, expect=422)
    assert "Siti Aminah" in page.soup.find(id="spelling").get_text()
    browser.post("enrollments.ask_name", data={"name": "siti aminah", "spelling": "usual"})
    assert browser.get("enrollments.ask_name").soup.find(id="name")["value"] == "Siti Aminah"


def test_whoever_wishes_another_name_is_asked_and_may_take_the_wish_back(make, browser, db):
    account = make.user(name="SITI AMINAH")
    make.trainee(name="SITI AMINAH", user=account)
    browser.sign_in(account)
    page = browser.post(
        "petitions.change_name", data={"name": "SITI RAHMAH", "reason": "Salah ketik"}, expect=422
    )
    assert "Siti Rahmah" in page.soup.find(id="spelling").get_text()
    browser.post(
        "petitions.change_name", data={"name": "SITI RAHMAH", "reason": "Salah ketik", "spelling": "usual"}
    )
    assert "diganti menjadi Siti Rahmah" in browser.get("petitions.change_name").text
    browser.post("petitions.change_name", data={"name": "SITI AMINAH"})
    assert "ditarik kembali" in browser.get("petitions.change_name").text
