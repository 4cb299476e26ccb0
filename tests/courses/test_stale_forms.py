"""Two people change one row: nothing is lost in silence, what only one changed is kept, what both changed is
asked.
"""

import pytest

from app.auth.rules import Role
from app.courses.queries import list_subjects
from app.trainees.rules import Sex


@pytest.fixture
def two(make, new_browser):
    """Two officers, each with a browser."""
    browsers = []
    for _number in range(2):
        browser = new_browser()
        browser.sign_in(make.user(Role.KABUPATEN_DINAS))
        browsers.append(browser)
    return browsers


def read(page):
    """Return every field of the form of a page as a browser would send it."""
    form = page.soup.select_one("main form.form")
    values = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if (
            not name
            or name in ("csrf_token", "idempotency_key")
            or field.get("type") in ("submit", "radio", "checkbox")
        ):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values[name] = chosen["value"] if chosen else ""
        else:
            values[name] = field.get("value", "") if field.name == "input" else field.text.strip("\r\n")
    return values


def test_what_each_changed_alone_is_kept(make, two):
    batch = make.batch()
    first, second = (read(each.get("courses.change_batch", batch_id=batch.id)) for each in two)
    two[0].post("courses.change_batch", batch_id=batch.id, data=first | {"venue": "Aula Kecamatan Binuang"})
    two[1].post("courses.change_batch", batch_id=batch.id, data=second | {"quota": "25"})
    assert (batch.venue, batch.quota) == ("Aula Kecamatan Binuang", 25)


def test_what_both_changed_comes_back_with_both_values(make, two):
    batch = make.batch()
    first, second = (read(each.get("courses.change_batch", batch_id=batch.id)) for each in two)
    two[0].post("courses.change_batch", batch_id=batch.id, data=first | {"venue": "Aula Kecamatan Binuang"})
    page = two[1].post(
        "courses.change_batch",
        batch_id=batch.id,
        data=second | {"venue": "Aula Bupati", "quota": "25"},
        expect=409,
    )
    assert "Aula Kecamatan Binuang" in page.text
    again = read(page)
    assert (again["venue"], again["quota"]) == ("Aula Bupati", "25")
    assert (batch.venue, batch.quota) == ("Aula Kecamatan Binuang", 30)
    two[1].post("courses.change_batch", batch_id=batch.id, data=again)
    assert (batch.venue, batch.quota) == ("Aula Bupati", 25)


def test_a_session_is_not_overwritten_in_silence(make, two):
    batch = make.batch()
    session = make.session(batch, subject_id=list_subjects(batch.course.curriculum)[0].id)
    first, second = (read(each.get("courses.change_session", session_id=session.id)) for each in two)
    two[0].post("courses.change_session", session_id=session.id, data=first | {"title": "Etika PSM"})
    page = two[1].post(
        "courses.change_session", session_id=session.id, data=second | {"title": "Kode etik"}, expect=409
    )
    assert "Etika PSM" in page.text
    assert session.title == "Etika PSM"


def test_a_person_is_not_overwritten_in_silence(make, two):
    person = make.trainee(sex=Sex.FEMALE)
    first, second = (read(each.get("trainees.correct_trainee", trainee_id=person.id)) for each in two)
    two[0].post("trainees.correct_trainee", trainee_id=person.id, data=first | {"address": "Jalan Melati 1"})
    two[1].post("trainees.correct_trainee", trainee_id=person.id, data=second | {"birth_place": "Binuang"})
    assert (person.address, person.birth_place) == ("Jalan Melati 1", "Binuang")


def test_a_host_is_not_overwritten_in_silence(make, two):
    host = make.host(region="63.05")
    first, second = (read(each.get("fieldwork.change_host", host_id=host.id)) for each in two)
    two[0].post("fieldwork.change_host", host_id=host.id, data=first | {"visitors_per_day": "20"})
    page = two[1].post(
        "fieldwork.change_host", host_id=host.id, data=second | {"visitors_per_day": "10"}, expect=409
    )
    assert "20" in page.text
    assert host.visitors_per_day == 20
