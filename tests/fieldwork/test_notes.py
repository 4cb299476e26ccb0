"""What the committee asked, what was answered and what became of a request are three things, each shown with
who said it.
"""

from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.api import serializers
from app.auth.rules import Role
from app.core import clock
from app.core.dates import day_date
from app.core.scopes import ScopeKind
from app.extensions import db as database
from app.fieldwork import queries, services
from app.fieldwork.models import HostVisit
from app.fieldwork.rules import VisitStatus as V
from tests.factories import Factories

ASKED, ANSWERED = "Mohon aula di lantai dasar", "Bus parkir di belakang"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS, name="Ratna Dewi")


@pytest.fixture
def contact(make):
    return make.user(region="63.72", name="Ibu Kartini", email="kartini@contoh.id")


@pytest.fixture
def visit(make, officer, contact, db):
    batch, host = make.batch(), make.host(contact_user=contact)
    make.grant(contact, Role.HOST_CONTACT, scope=(ScopeKind.HOST, host.id))
    return services.request_visit(
        batch, host, visits_on=batch.starts_on, requested_places=5, note=ASKED, by=officer
    )


def said(visit):
    return {str(who): words for who, words in visit.notes}


def test_an_answer_leaves_what_was_asked(visit, contact, officer, outbox):
    assert ASKED in outbox()[0].body
    services.answer_visit(visit, V.ACCEPTED, note=ANSWERED, by=contact)
    assert said(visit) == {"Catatan panitia": ASKED, f"Catatan jawaban ({visit.host.name})": ANSWERED}
    letter = next(each for each in outbox() if each.recipient == officer.email).body
    assert ASKED in letter
    assert ANSWERED in letter
    services.answer_visit(visit, V.DECLINED, note="Ada akreditasi", by=officer)
    assert said(visit) == {
        "Catatan panitia": ASKED,
        "Catatan jawaban (Ratna Dewi, atas nama lokasi)": "Ada akreditasi",
    }


def test_moved_dates_are_said_beside_both(visit, contact, officer, db):
    services.answer_visit(visit, V.ACCEPTED, note=ANSWERED, by=contact)
    batch, before = visit.batch, visit.visits_on
    batch.starts_on, batch.ends_on = batch.starts_on + timedelta(days=7), batch.ends_on + timedelta(days=7)
    db.session.commit()
    services.follow_moved_batch(batch, timedelta(days=7), officer)
    moved = {
        "Catatan panitia": ASKED,
        f"Catatan jawaban ({visit.host.name})": ANSWERED,
        "Keterangan": f"Semula tanggal {day_date(before)}.",
    }
    assert said(visit) == moved
    services.cancel_visit(visit, reason="bus tidak tersedia", by=officer)
    assert said(visit)["Alasan pembatalan"] == "bus tidak tersedia"


def test_the_pages_and_programs_show_the_three_apart(visit, contact, officer, browser):
    services.answer_visit(visit, V.PARTLY_ACCEPTED, granted_places=3, note=ANSWERED, by=contact)
    answer = f"Catatan jawaban ({visit.host.name})"
    for user, endpoint, values in (
        (officer, "fieldwork.show_fieldwork", {"batch_id": visit.batch_id}),
        (contact, "fieldwork.list_my_visits", {}),
        (contact, "fieldwork.answer_visit", {"visit_id": visit.id}),
    ):
        browser.sign_in(user)
        shown = " ".join(browser.get(endpoint, **values).soup.get_text(" ").split())
        for words in ("Catatan panitia", ASKED, answer, ANSWERED):
            assert words in shown, (endpoint, words)
    row = serializers.visit(visit)
    assert (row["note"], row["answer_note"], row["answer_note_by"], row["remark"]) == (
        ASKED,
        ANSWERED,
        visit.host.name,
        "",
    )


def test_more_places_and_a_proposed_day_carry_the_note_on(visit, contact, officer):
    services.request_visit(
        visit.batch,
        visit.host,
        visits_on=visit.visits_on,
        requested_places=2,
        note="Dua lagi",
        more=True,
        by=officer,
    )
    assert visit.note == "Dua lagi"
    services.answer_visit(visit, V.OTHER_DATE, other_date=visit.visits_on + timedelta(days=1), by=contact)
    again = services.ask_again(visit, by=officer)
    assert (again.note, again.answer_note) == ("Dua lagi", "")


def test_the_migration_tells_old_notes_apart(file_app):
    with file_app.app_context():
        make = Factories()
        batch = make.batch()
        rows = {
            "asked": make.visit(batch, status=V.REQUESTED, granted_places=0, note=ASKED, answered_at=None),
            "answered": make.visit(batch, note=ASKED, answer_note=ANSWERED, answered_at=clock.now()),
            "moved": make.visit(
                batch,
                status=V.REQUESTED,
                granted_places=0,
                remark="Semula tanggal Senin, 1 Juni 2026.",
                answered_at=None,
            ),
            "cancelled": make.visit(
                batch, status=V.CANCELLED, granted_places=0, remark="bus tidak ada", answered_at=clock.now()
            ),
        }
        ids = {name: row.id for name, row in rows.items()}
        database.session.commit()
        database.session.remove()
        downgrade(revision="0011")
        kept = dict(database.session.execute(text("SELECT id, note FROM host_visits")).all())
        assert kept[ids["answered"]] == ANSWERED
        database.session.remove()
        upgrade()
        found = {name: queries.get_visit(key) for name, key in ids.items()}
        assert all(isinstance(row, HostVisit) for row in found.values())
        assert {name: (row.note, row.answer_note, row.remark) for name, row in found.items()} == {
            "asked": (ASKED, "", ""),
            "answered": ("", ANSWERED, ""),
            "moved": ("", "", "Semula tanggal Senin, 1 Juni 2026."),
            "cancelled": ("", "", "bus tidak ada"),
        }
