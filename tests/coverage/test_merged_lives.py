"""A merge takes nobody out of what was counted before it: figures, names, trend, the SK and the person's page
read both lives.
"""

from datetime import UTC, date, datetime

import pytest

from app.auth.rules import Role
from app.core.scopes import EVERYWHERE
from app.coverage import queries, services
from app.coverage.rules import Who
from app.trainees import queries as trainees
from app.trainees import services as merging
from app.trainees.rules import TraineeStatus

TAPIN, KELADAN, MIAWA = "63.05", "63.05.06.2001", "63.05.08.2002"
NAMES = {KELADAN: "Desa Keladan", MIAWA: "Desa Miawa"}
ACTIVE, CANDIDATE = TraineeStatus.ACTIVE, TraineeStatus.CANDIDATE
FIRST_SK, SECOND_SK, MERGED = date(2024, 4, 23), date(2024, 9, 30), date(2024, 11, 2)


@pytest.fixture
def lisda(record):
    """Two records of one person: the older one tells of the first SK and of the tier, the newer
    one counts.
    """
    kept = record("Lisda Wati", [(KELADAN, SECOND_SK, None)], [(ACTIVE, SECOND_SK, None)])
    older = record(
        "Lisda W.",
        [(MIAWA, date(2011, 5, 1), None)],
        [(CANDIDATE, date(2011, 5, 1), date(2024, 4, 22)), (ACTIVE, FIRST_SK, None)],
        [("dasar", FIRST_SK, None)],
        same_as=kept,
        merged_at=datetime(2024, 11, 2, 3, tzinfo=UTC),
    )
    services.rebuild_counts()
    return kept, older


def total(code, day):
    return queries.coverage_of(queries.find_latest(code), day, EVERYWHERE).total


@pytest.mark.parametrize(
    ("day", "code", "trained"),
    [
        (date(2024, 4, 22), None, 0),
        (FIRST_SK, MIAWA, 1),
        (date(2024, 9, 29), MIAWA, 1),
        (SECOND_SK, KELADAN, 1),
        (MERGED, KELADAN, 1),
        (None, KELADAN, 1),
    ],
)
def test_each_day_counts_the_person_once_where_either_record_tells(lisda, day, code, trained):
    assert (total(TAPIN, day).active, total(TAPIN, day).trained) == (trained, trained)
    assert [place for place in (KELADAN, MIAWA) if total(place, day).active] == ([code] if code else [])
    if day:
        found = queries.names(queries.find_latest(TAPIN), day, EVERYWHERE, Who.TRAINED).people
        assert [(each.trainee.id, each.desa) for each in found] == (
            [(lisda[0].id, NAMES[code])] if code else []
        )
        assert [each.trained for each in queries.trend(queries.find_latest(TAPIN), [day], EVERYWHERE)] == [
            trained
        ]


def test_a_page_of_a_person_and_of_an_sk_tell_one_life(make, browser, db):
    dinas = make.user(Role.KABUPATEN_DINAS)
    older = make.trainee(MIAWA, name="Lisda Wati", since=FIRST_SK)
    kept = make.trainee(KELADAN, name="Lisda Wati", since=SECOND_SK)
    first, second = (trainees.standings_of(each)[0].appointment for each in (older, kept))
    merging.merge_trainees(older, kept, "Satu orang", dinas, despite_differences=True)
    browser.sign_in(dinas)
    page = browser.get("workspace.show_trainee", trainee_id=kept.id).text
    told = f"(menurut data ganda nomor {older.id}, sampai digabungkan)"
    assert f"PSM aktif sejak 23 April 2024, SK {first.number} {told}" in page
    assert f"Bertugas di Desa Miawa sejak 23 April 2024 {told}" in page
    assert f"PSM aktif sejak 30 September 2024, SK {second.number} PSM aktif sejak" in page
    for appointment in (first, second):
        assert [each.id for each in trainees.list_appointed(appointment)] == [kept.id]
        assert trainees.count_appointed([appointment]) == {appointment.id: 1}
        row = browser.get("trainees.show_appointment", appointment_id=appointment.id).soup.table.tbody
        assert "Desa Keladan" in row.text
        assert "Miawa" not in row.text


def test_what_counts_by_the_duplicate_names_the_duplicate_and_what_gave_way_the_record_itself(
    make, browser, db
):
    dinas = make.user(Role.KABUPATEN_DINAS)
    stronger = make.trainee(MIAWA, name="Lisda Wati", since=FIRST_SK)
    kept = make.trainee(KELADAN, name="Lisda Wati", since=SECOND_SK, status=CANDIDATE)
    sk = trainees.standings_of(stronger)[0].appointment
    merging.merge_trainees(stronger, kept, "Satu orang", dinas, despite_differences=True)
    browser.sign_in(dinas)

    def lines():
        page = browser.get("workspace.show_trainee", trainee_id=kept.id)
        return [" ".join(line.get_text().split()) for line in page.soup.select("main li")]

    assert (
        f"PSM aktif sejak 23 April 2024, SK {sk.number} (menurut data ganda nomor {stronger.id})" in lines()
    )
    assert f"Bertugas di Desa Miawa sejak 23 April 2024 (menurut data ganda nomor {stronger.id})" in lines()
    assert "Calon PSM sejak 30 September 2024 (menurut data ini sendiri, sampai digabungkan)" in lines()
    assert (
        "Bertugas di Desa Keladan sejak 30 September 2024 (menurut data ini sendiri, sampai digabungkan)"
        in lines()
    )

    merging.move_duty(kept, make.region("63.05.08.2004"), date(2025, 1, 6), dinas)
    (moved,) = [line for line in lines() if "sejak 6 Januari 2025" in line]
    assert "menurut" not in moved  # entered since on the record that counts
    merging.undo_merge(trainees.merges_into(kept)[0], dinas)
    assert not [line for line in lines() if "menurut" in line]


def test_a_second_merge_that_takes_the_service_keeps_who_told_the_first(make, db):
    dinas = make.user(Role.KABUPATEN_DINAS)
    gone = make.trainee(KELADAN, name="Lisda Wati", since=SECOND_SK, status=TraineeStatus.RESIGNED)
    calon = make.trainee(MIAWA, name="Lisda Wati", since=SECOND_SK, status=CANDIDATE)
    active = make.trainee(MIAWA, name="Lisda Wati", since=SECOND_SK)
    own = {
        row: each.id
        for each in (gone, calon, active)
        for row in (*trainees.standings_of(each), *trainees.duty_posts_of(each))
    }
    for other in (calon, active):
        merging.merge_trainees(other, gone, "Satu orang", dinas, despite_differences=True)
    assert {row: trainees.record_of_period(row, trainees.merges_into(gone)) for row in own} == own
