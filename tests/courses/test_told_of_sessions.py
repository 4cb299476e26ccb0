"""Who is told of a session that is added, changed or cancelled, with which words: whom the page announces,
and nobody else.
"""

import re
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from app.auth.rules import Role
from app.core import clock
from app.core.dates import day_date
from app.core.text import Text
from app.courses import ports, services
from app.courses.routes.life import describe_after
from app.courses.rules import BatchStatus, SessionKind
from app.notifications.models import Message, Notice
from app.notifications.queries import UNTOLD
from app.notifications.rules import PersonKind

REASON = "Narasumber sakit"


@pytest.fixture
def officer(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def scene(make):
    """A batch with two participants and a visit on its third day."""
    batch = make.batch()
    for _number in range(2):
        make.attendee(batch)
    contact = make.user(name="Ibu Kartini")
    make.visit(batch, make.host(contact_user=contact), visits_on=batch.starts_on + timedelta(days=2))
    return batch


def told(db):
    """Return (kind, what it says) of everybody who was told, in order."""
    texts = {message.id: message.body for message in db.session.scalars(select(Message))}
    return [
        (each.person_kind, texts.get(each.message_id) or each.text)
        for each in db.session.scalars(select(Notice).order_by(Notice.id))
    ]


def announced(session):
    about = services.about_of(session)
    return {str(words): count for words, count in ports.concerned(session.batch_id, about)}


@pytest.mark.parametrize(("kind", "hosts"), [(SessionKind.MATERIAL, 0), (SessionKind.FIELD_PRACTICE, 1)])
def test_the_reason_of_a_cancelled_session_reaches_all_who_are_announced(
    scene, make, db, officer, kind, hosts
):
    session = make.session(
        scene, kind=kind, held_on=scene.starts_on + timedelta(days=2), facilitator=make.facilitator()
    )
    before = announced(session)
    assert before.get("lokasi PKL", 0) == hosts
    services.cancel_session(session, reason=REASON, by=officer)
    found = told(db)
    assert all(REASON in text for _kind, text in found)
    kinds = [kind for kind, _text in found]
    counted = {
        kind: kinds.count(kind) for kind in (PersonKind.TRAINEE, PersonKind.HOST, PersonKind.FACILITATOR)
    }
    assert counted == {PersonKind.TRAINEE: 2, PersonKind.HOST: hosts, PersonKind.FACILITATOR: 1}
    assert sum(before.values()) == counted[PersonKind.TRAINEE] + hosts


@pytest.mark.parametrize(
    ("status", "day", "kind", "who"),
    [
        (BatchStatus.OPEN, 0, SessionKind.MATERIAL, [PersonKind.TRAINEE] * 2),
        (BatchStatus.CLOSED, 2, SessionKind.FIELD_PRACTICE, [PersonKind.TRAINEE] * 2 + [PersonKind.HOST]),
        (BatchStatus.DRAFT, 0, SessionKind.MATERIAL, []),
        (BatchStatus.RUNNING, -2, SessionKind.MATERIAL, []),
    ],
    ids=["open", "practice", "draft", "a day that is over"],
)
def test_a_session_added_after_the_plan_was_announced_is_told(
    scene, make, db, officer, at, status, day, kind, who
):
    scene.status = status
    db.session.commit()
    if day < 0:
        begins = scene.starts_on + timedelta(days=1)
        at(begins.year, begins.month, begins.day, 8)
    held_on = scene.starts_on + timedelta(days=max(day, 0))
    times = {"held_on": held_on, "starts_at": time(13, 15), "ends_at": time(14, 45)}
    services.schedule_session(
        scene, kind=kind, title="Pengganti sambutan", lesson_hours=0, **times, by=officer
    )
    found = told(db)
    assert sorted(kind for kind, _text in found) == sorted(who)
    for _kind, text in found:
        assert "Pengganti sambutan" in text
        assert "13.15" in text
        assert "semula" not in text


def test_the_page_of_a_new_session_says_how_many_are_told(scene, browser, officer, db):
    browser.sign_in(officer)
    assert "Dikabari tentang sesi ini" in browser.get("courses.schedule_session", batch_id=scene.id).text
    scene.status = BatchStatus.DRAFT
    db.session.commit()
    assert "Dikabari tentang sesi ini" not in browser.get("courses.schedule_session", batch_id=scene.id).text
    assert clock.today(scene.zone) < scene.starts_on


def test_who_no_longer_teaches_reads_the_time_that_was_the_own(scene, make, db, officer):
    old, new = make.facilitator(name="Pak Lama"), make.facilitator(name="Bu Baru")
    session = make.session(
        scene, facilitator=old, starts_at=time(10, 45), ends_at=time(12, 15), lesson_hours=0, place="Ruang A"
    )
    change = {"starts_at": time(17, 0), "ends_at": time(18, 30), "facilitator_id": new.id, "place": "Ruang B"}
    services.change_session(session, **change, by=officer)
    texts = {
        each.name: each.text
        for each in db.session.scalars(select(Notice))
        if each.person_kind is PersonKind.FACILITATOR
    }
    assert (
        "10.45–12.15" in texts["Pak Lama"],
        "Ruang A" in texts["Pak Lama"],
        "17.00" in texts["Pak Lama"],
    ) == (True, True, False)
    assert ("17.00–18.30" in texts["Bu Baru"], "Ruang B" in texts["Bu Baru"]) == (True, True)


def test_where_the_untold_are_listed_is_said_in_the_words_of_the_page(scene, browser, officer):
    session = services.schedule_session(
        scene,
        kind=SessionKind.MATERIAL,
        title="Etika",
        lesson_hours=0,
        held_on=scene.starts_on,
        starts_at=time(13, 15),
        ends_at=time(14, 45),
        by=officer,
    )
    said = str(describe_after(session.batch_id, Text("Tersimpan.")))
    browser.sign_in(officer)
    [button] = re.findall("“(.+?)”", said)
    assert button in browser.get("workspace.show_batch", batch_id=scene.id).text


@pytest.fixture
def with_news(db):
    """Return what is still to be told to a facilitator, in words."""

    def texts(facilitator):
        theirs = Notice.person_kind == PersonKind.FACILITATOR, Notice.person_id == facilitator.id
        return [
            each.text
            for each in db.session.scalars(select(Notice).where(*theirs, *UNTOLD).order_by(Notice.id))
        ]

    return texts


@pytest.fixture
def given(scene, make, officer):
    """Return a session that was given to Pak Lama, who has no address."""
    values = {
        "title": "Etika",
        "held_on": scene.starts_on,
        "starts_at": time(13, 15),
        "ends_at": time(14, 45),
        "lesson_hours": 0,
    }
    teacher = make.facilitator(name="Pak Lama")
    return services.schedule_session(
        scene, kind=SessionKind.MATERIAL, facilitator_id=teacher.id, **values, by=officer
    )


def tell_all(db):
    for notice in db.session.scalars(select(Notice).where(*UNTOLD)):
        notice.told_at = clock.now()
    db.session.commit()


def test_who_was_not_told_of_a_session_is_told_of_it_as_it_is_now_or_not_at_all(
    scene, given, make, officer, with_news
):
    old, new = given.facilitator, make.facilitator(name="Bu Baru")
    services.change_batch(
        scene,
        starts_on=scene.starts_on + timedelta(days=7),
        ends_on=scene.ends_on + timedelta(days=7),
        by=officer,
    )
    services.change_session(given, starts_at=time(15, 0), ends_at=time(16, 30), by=officer)
    [text] = with_news(old)
    assert "dicatat sebagai pengajar sesi ini" in text
    assert f"{day_date(given.held_on)}, 15.00–16.30" in text
    services.change_session(given, facilitator_id=new.id, by=officer)
    assert with_news(old) == []
    services.cancel_batch(scene, reason="Anggaran digeser", by=officer)
    assert with_news(new) == []


def test_who_was_told_of_a_session_reads_one_text_with_what_differs_from_it(
    given, make, officer, with_news, db
):
    old, new, was = given.facilitator, make.facilitator(name="Bu Baru"), day_date(given.held_on)
    tell_all(db)
    services.change_session(given, starts_at=time(15, 0), ends_at=time(16, 30), by=officer)
    services.change_session(given, place="Ruang B", by=officer)
    [text] = with_news(old)
    assert f"semula {was}, 13.15–14.45, menjadi {was}, 15.00–16.30" in text
    assert "Ruang B" in text
    services.change_session(given, facilitator_id=new.id, by=officer)
    [text] = with_news(old)
    assert ("tidak lagi dicatat" in text, "13.15–14.45" in text) == (True, True)
    services.change_session(
        given, facilitator_id=old.id, starts_at=time(13, 15), ends_at=time(14, 45), place="", by=officer
    )
    assert (with_news(old), with_news(new)) == ([], [])


def test_whoever_was_told_that_a_session_is_off_is_asked_anew(given, make, officer, with_news, db):
    old = given.facilitator
    tell_all(db)
    services.change_session(given, facilitator_id=make.facilitator().id, by=officer)
    tell_all(db)
    services.change_session(given, facilitator_id=old.id, by=officer)
    [text] = with_news(old)
    assert "dicatat sebagai pengajar sesi ini" in text
