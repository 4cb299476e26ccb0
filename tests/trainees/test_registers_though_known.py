"""Somebody who is recorded without NIK, or with a wrong figure in it, registers herself: the office is asked,
she is told nothing.
"""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import Event
from app.auth.rules import Role
from app.dashboard import routes as home
from app.trainees import services
from app.trainees.alike import list_marked, list_suspects, maybe_same_of
from app.trainees.models import Trainee
from app.trainees.rules import Sex

KELADAN, NIK = "63.05.06.2001", "6305064101859001"


@pytest.fixture
def dinas(make):
    return make.user(Role.KABUPATEN_DINAS)


@pytest.fixture
def register(make, db):
    def of(name="Siti Aminah", nik=NIK, reason="", **more):
        facts = {"birth_date": date(1985, 1, 1), "sex": Sex.FEMALE, "phone": "081200001111", **more}
        data = services.TraineeData(name=name, nik=nik, duty_region=make.region(KELADAN), **facts)
        services.register_self(data, "bunga-kenanga-7", base_url="https://bekal.contoh.id", nik_reason=reason)
        db.session.commit()
        return db.session.query(Trainee).order_by(Trainee.id.desc()).first()

    return of


@pytest.mark.parametrize(
    "known",
    [
        {"nik": None, "birth_date": None},
        {"nik": "6305064101859010"},
        {"nik": "6305064101589001", "birth_date": date(1958, 1, 1)},
        {"nik": None, "name": "Siti Amina"},
    ],
)
def test_the_office_is_asked_whether_she_is_somebody_known(make, register, dinas, browser, known):
    record = make.trainee(
        **{
            "name": "Hj. Siti Aminah",
            "phone": None,
            "birth_date": date(1985, 1, 1),
            "sex": Sex.FEMALE,
            **known,
        }
    )
    newcomer = register()
    assert maybe_same_of(newcomer).id == record.id
    assert [(one.id, other.id) for one, other in list_marked(dinas.reach("trainee:merge"))] == [
        (newcomer.id, record.id)
    ]
    assert [{each.id for each in pair} for pair in list_suspects(dinas.reach("trainee:merge"))] == [
        {record.id, newcomer.id}
    ]
    pair = f"/trainees/merge?canonical={record.id}&duplicate={newcomer.id}"
    browser.sign_in(dinas)
    home = browser.get("dashboard.home")
    assert "1 pendaftar sendiri mungkin orang yang sudah tercatat." in home.text
    assert any(link["href"] == pair for link in home.soup.select("a[href]"))
    held = make.enrollment(make.batch(), newcomer)
    for page in (
        browser.get("workspace.show_trainee", trainee_id=newcomer.id),
        browser.get("enrollments.show_enrollment", enrollment_id=held.id),
    ):
        assert f"mungkin orang yang sama dengan {record.name}" in page.text
        assert any(link["href"] == pair for link in page.soup.select("a[href]"))
    browser.sign_in(make.user(Role.TKSK, "63.05.06"))
    assert "Mungkin orang yang sama" in browser.get("dashboard.home").text
    browser.sign_in(newcomer.user)
    for endpoint in ("dashboard.home", "trainees.show_own_data"):
        assert "orang yang s" not in browser.get(endpoint).text


@pytest.mark.parametrize(
    "known", [{"name": "Rahmah"}, {"nik": "6305064101859777"}, {"desa": "63.05.01.1001", "birth_date": None}]
)
def test_others_are_not_asked_about(make, register, dinas, browser, known):
    make.trainee(
        **{"name": "Siti Aminah", "nik": None, "phone": None, "birth_date": date(1985, 1, 1), **known}
    )
    assert register().maybe_same_id is None
    browser.sign_in(dinas)
    assert "mungkin orang yang sudah tercatat" not in browser.get("dashboard.home").text


@pytest.mark.parametrize("are_one", [True, False])
def test_the_task_is_gone_once_it_is_said_what_they_are(make, register, dinas, browser, are_one):
    record = make.trainee(
        name="Siti Aminah", nik=None, phone=None, birth_date=date(1985, 1, 1), sex=Sex.FEMALE
    )
    newcomer = register()
    browser.sign_in(dinas)
    pair = {"duplicate_id": newcomer.id, "canonical_id": record.id}
    told = {"reason": "Orangnya sama menurut KTP"} if are_one else {"apart": "1"}
    browser.post("trainees.merge_trainees", data={**pair, **told})
    assert newcomer.canonical_id == (record.id if are_one else None)
    assert list_marked(dinas.reach("trainee:merge")) == []
    assert list_suspects(dinas.reach("trainee:merge")) == []


def test_two_that_only_look_alike_are_said_to_be_two_once_and_by_whom(make, dinas, browser, db):
    one, other = (make.trainee(name="Siti Aminah", nik=None, phone=None, birth_date=None) for _ in range(2))
    third = make.trainee(name="Siti Aminah", nik=None, phone=None, birth_date=None)
    browser.sign_in(dinas)
    pair = {"duplicate_id": one.id, "canonical_id": other.id}
    shown = {"duplicate": one.id, "canonical": other.id}
    assert "Bukan orang yang sama" in browser.get("trainees.merge_trainees", **shown).text
    for _press in range(2):
        browser.post("trainees.merge_trainees", data={**pair, "apart": "1"})
    assert "Bukan orang yang sama" not in browser.get("trainees.merge_trainees", **shown).text
    left = [{each.id for each in found} for found in list_suspects(dinas.reach("trainee:merge"))]
    assert {one.id, other.id} not in left
    assert {one.id, third.id} in left
    said = list(db.session.scalars(select(Event).where(Event.action == "trainee.kept_apart")))
    assert [(each.subject_id, each.actor_id) for each in said] == [(one.id, dinas.id), (other.id, dinas.id)]
    assert (
        services.merge_trainees(one, other, "Ternyata satu orang menurut KTP", dinas).canonical_id == other.id
    )


def test_a_birth_date_that_contradicts_the_nik_is_marked_where_somebody_decides(
    make, register, dinas, browser
):
    newcomer = register(birth_date=date(1990, 6, 6), sex=Sex.MALE, reason="Begitu tertulis pada KTP saya")
    held = make.enrollment(make.batch(), newcomer)
    browser.sign_in(dinas)
    for page in (
        browser.get("workspace.show_trainee", trainee_id=newcomer.id),
        browser.get("enrollments.show_enrollment", enrollment_id=held.id),
    ):
        assert "Tanggal lahir berbeda dengan tanggal di dalam NIK" in page.text
        assert "Jenis kelamin berbeda" in page.text


def test_the_lists_that_somebody_decides_from_bear_the_mark(make, register, dinas, browser):
    make.trainee(name="Siti Aminah", nik=None, phone=None, birth_date=None)
    newcomer = register(birth_date=date(1985, 1, 2), reason="Begitu tertulis pada KTP saya")
    batch = make.batch()
    make.enrollment(batch, newcomer)
    make.enrollment(batch, make.trainee(name="Badriah", nik=None))
    browser.sign_in(dinas)
    for page in (
        browser.get("enrollments.list_enrollments", batch_id=batch.id),
        browser.get("enrollments.decide_enrollments", batch_id=batch.id),
    ):
        (row,) = [
            each.get_text(" ")
            for each in page.soup.select("tbody tr, .pick-list li")
            if "Siti Aminah" in each.get_text()
        ]
        assert "mungkin orang yang sama" in row
        assert "berbeda dengan NIK" in row
        (other,) = [
            each.get_text(" ")
            for each in page.soup.select("tbody tr, .pick-list li")
            if "Badriah" in each.get_text()
        ]
        assert "mungkin" not in other
        assert "NIK" not in other


@pytest.mark.parametrize(("role", "place"), [(Role.TKSK, "63.05.06"), (Role.KABUPATEN_DINAS, "63.05")])
def test_a_first_page_asks_once_who_may_be_recorded_already(make, browser, monkeypatch, role, place):
    asked = []
    monkeypatch.setattr(home, "list_marked", lambda within: asked.append(within) or [])
    browser.sign_in(make.user(role, place))
    browser.get("dashboard.home")
    assert len(asked) == 1
