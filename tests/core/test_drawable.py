"""Which signs are refused where they are typed, because no sheet could print them: at every door the same."""

import pytest

from app.core.drawable import refusal_of_characters, undrawable_characters, with_blanks
from app.core.errors import RuleViolation
from app.enrollments import services as joining
from app.petitions import services as petitions
from app.trainees import services as trainees
from app.trainees.services import TraineeData

BUDI = "Budi 中😀中 Santoso"


@pytest.mark.parametrize(
    "name",
    [
        "Siti Nur'aini",
        "Drs. H. M. Noor, M.Si.",
        "José Ñuñez",
        "Đặng Thị",
        "Ёлка",
        "I Gusti Ngurah–Rai",
        "A\nB",
    ],
)
def test_names_that_fonts_draw_pass(name):
    assert refusal_of_characters(name) is None
    assert with_blanks(name) == name


def test_each_sign_is_named_once():
    assert undrawable_characters(BUDI) == ["中", "😀"]
    assert str(refusal_of_characters(BUDI)).startswith("Tanda “中”, “😀” tidak dapat dicetak.")
    assert with_blanks(BUDI) == "Budi □□□ Santoso"


def test_services_refuse_it_in_a_name(make, db):
    user = make.user()
    person = make.trainee(name="Budi Santoso", user=user)
    with pytest.raises(RuleViolation, match=r"中.* tidak dapat dicetak|tidak dapat dicetak.*中"):
        trainees.register_trainee(TraineeData(BUDI, person.duty_region), by=make.user(role="kabupaten_dinas"))
    with pytest.raises(RuleViolation, match=r"中.* tidak dapat dicetak|tidak dapat dicetak.*中"):
        petitions.ask_for_name(person, BUDI, reason="", by=user)
    draft = joining.answered(
        joining.new_draft(),
        name=BUDI,
        nik="6305064101859777",
        birth_date="1985-01-01",
        desa="63.05.06.2001",
        phone="+6281234567890",
    )
    with pytest.raises(RuleViolation, match=r"中.* tidak dapat dicetak|tidak dapat dicetak.*中"):
        joining.join(draft, None, base_url="")


def test_forms_refuse_it_in_a_line_and_let_it_pass_where_something_is_looked_for(browser, make):
    office = make.organiser()
    browser.sign_in(make.user(role="kabupaten_dinas"))
    page = browser.post(
        "organisers.rename_organiser", organiser_id=office.id, data={"name": f"Dinas {BUDI}"}, expect=422
    )
    assert "Tanda “中”, “😀” tidak dapat dicetak" in page.text
    browser.get("trainees.list_trainees", words=BUDI)
    browser.sign_out()
    assert (
        "tidak cocok" in browser.post("auth.sign_in", data={"typed": BUDI, "password": "x"}, expect=422).text
    )
