"""Whoever answers, cancels or asks again does so about the request that was read; what changed meanwhile
comes back once.
"""

from datetime import timedelta

import pytest

from app.auth.rules import Role
from app.core.scopes import ScopeKind
from app.fieldwork import services
from app.fieldwork.rules import VisitStatus as V


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS, name="Ratna Dewi")


@pytest.fixture
def contact(make, visit):
    user = make.user(Role.HOST_CONTACT, scope=(ScopeKind.HOST, visit.host_id), name="Ibu Kartini")
    visit.host.contact_user = user
    return user


@pytest.fixture
def visit(make):
    return make.visit(make.batch(), make.host(), status=V.REQUESTED, granted_places=0, requested_places=5)


def read(page):
    return page.soup.find("input", attrs={"name": "version"})["value"]


def test_an_answer_is_about_the_day_that_was_read(browser, contact, visit, db):
    browser.sign_in(contact)
    seen = read(browser.get("fieldwork.answer_visit", visit_id=visit.id))
    visit.visits_on += timedelta(days=1)
    db.session.commit()
    data = {"answer": V.ACCEPTED.value, "version": seen}
    page = browser.post("fieldwork.answer_visit", visit_id=visit.id, data=data, expect=409)
    assert "berubah sejak halaman ini dibuka" in page.error
    assert visit.status is V.REQUESTED
    browser.post("fieldwork.answer_visit", visit_id=visit.id, data={**data, "version": read(page)})
    assert visit.status is V.ACCEPTED


def test_the_office_does_not_write_over_an_answer_that_it_has_not_read(
    browser, officer, contact, visit, outbox
):
    browser.sign_in(officer)
    seen = read(browser.get("fieldwork.answer_visit", visit_id=visit.id))
    board = browser.get("fieldwork.show_fieldwork", batch_id=visit.batch_id)
    cancel = board.soup.find("form", action=f"/visits/{visit.id}/cancel")
    services.answer_visit(visit, V.DECLINED, note="Ada akreditasi", by=contact)
    browser.post(
        "fieldwork.answer_visit",
        visit_id=visit.id,
        data={"answer": V.ACCEPTED.value, "version": seen},
        expect=409,
    )
    version = cancel.find("input", attrs={"name": "version"})["value"]
    browser.post("fieldwork.cancel_visit", visit_id=visit.id, data={"version": version}, expect=409)
    assert (visit.status, visit.answer_note) == (V.DECLINED, "Ada akreditasi")


def test_what_the_office_writes_down_is_not_told_as_the_hosts_own_act(
    officer, contact, visit, make, outbox, db
):
    visit.recorded_by_id = make.user(Role.COMMITTEE).id
    db.session.commit()
    services.answer_visit(visit, V.ACCEPTED, by=contact)
    services.answer_visit(visit, V.DECLINED, note="Listrik padam", confirm=True, by=officer)
    asker = [mail.body for mail in outbox() if mail.recipient not in (contact.email, officer.email)]
    assert "mengubah jawabannya" not in asker[-1]
    assert f"mencatat jawaban atas nama {visit.host.name}" in asker[-1]


def test_asked_again_is_the_day_on_the_button(browser, officer, contact, visit, db):
    days = (visit.batch.starts_on + timedelta(days=number) for number in range(4))
    first, second = [day for day in days if day != visit.visits_on][:2]
    db.session.commit()
    services.answer_visit(visit, V.OTHER_DATE, other_date=first, by=contact)
    browser.sign_in(officer)
    board = browser.get("fieldwork.show_fieldwork", batch_id=visit.batch_id)
    button = next(
        form
        for form in board.soup.find_all("form")
        if f"/visits/{visit.id}/ask-again" in form.get("action", "")
    )
    services.answer_visit(visit, V.OTHER_DATE, other_date=second, by=contact)
    page = browser.post(button["action"], expect=409)
    assert "kini mengusulkan tanggal lain" in page.error
    browser.post(button["action"].replace(first.isoformat(), second.isoformat()))
