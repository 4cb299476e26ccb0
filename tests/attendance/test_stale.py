"""Two people enter one half day: nothing is lost, nothing is turned silently, and both names stay."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from app.attendance import lines, services
from app.attendance.models import Attendance
from app.attendance.rules import Entry, Presence
from app.audit import queries as audit
from app.audit.models import Event
from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.core.versions import Stale
from app.courses.rules import BatchStatus
from app.extensions import db as database

P = Presence
DAY = date(2026, 10, 12)
MORNING = "2026-10-12-1"


@pytest.fixture
def batch(make, at):
    at(2026, 10, 12, 3)
    return make.batch(starts_on=DAY, ends_on=DAY + timedelta(days=3), status=BatchStatus.RUNNING)


@pytest.fixture
def morning(make, batch):
    return [
        make.session(batch, title="Kebijakan"),
        make.session(batch, title="Etika", starts_at=time(10, 45), ends_at=time(12, 15)),
    ]


@pytest.fixture
def people(make, batch):
    return [make.attendee(batch) for _ in range(3)]


@pytest.fixture
def two(make, browser, new_browser):
    """Two browsers of two people of the office."""
    browsers = browser, new_browser()
    for each, name in zip(browsers, ("Ratna Dewi", "Budi Hartono"), strict=True):
        each.sign_in(make.user(Role.KABUPATEN_DINAS, name=name))
    return browsers


def form_of(page):
    """Return what the form would send as it stands."""
    form = page.soup.select_one("form[data-presence]")
    sent = {
        field["name"]: field.get("value", "") for field in form.select("input") if field["type"] != "radio"
    }
    sent |= {field["name"]: field["value"] for field in form.select("input[type=radio][checked]")}
    return {name: value for name, value in sent.items() if name not in ("csrf_token", "idempotency_key")}


def opened(browser, batch):
    return form_of(browser.get("attendance.record_block", batch_id=batch.id, block=MORNING))


def save(browser, batch, data, expect=303):
    return browser.post("attendance.record_block", batch_id=batch.id, block=MORNING, data=data, expect=expect)


def statuses(person):
    kept = select(Attendance).where(Attendance.attendee_id == person.id).order_by(Attendance.session_id)
    return [row.status for row in database.session.scalars(kept)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_later_form_keeps_what_the_first_one_saved(batch, morning, people, two, order):
    save(two[0], batch, opened(two[0], batch))
    forms = [
        opened(two[0], batch) | {f"status_{people[0].id}": "absent"},
        opened(two[1], batch) | {f"status_{people[1].id}": "sick"},
    ]

    for turn in order:
        page = save(two[turn], batch, forms[turn])

    assert [statuses(person) for person in people] == [[P.ABSENT] * 2, [P.SICK] * 2, [P.PRESENT] * 2]
    assert "1 orang dibiarkan" in two[order[1]].get(page.location).text


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_empty_forms_the_later_one_asks_only_where_both_said_something(
    batch, morning, people, two, order
):
    forms = [
        opened(two[0], batch) | {f"status_{people[0].id}": "absent"},
        opened(two[1], batch) | {f"status_{people[1].id}": "sick"},
    ]
    first, later = order

    save(two[first], batch, forms[first])
    page = save(two[later], batch, forms[later], expect=409)
    assert (
        page.text.count("Tersimpan sekarang: Hadir") == 1
    )  # what the first one saved of the later one's person
    save(two[later], batch, form_of(page))

    assert [statuses(person) for person in people] == [[P.ABSENT] * 2, [P.SICK] * 2, [P.PRESENT] * 2]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_both_changed_shows_both_values_and_is_saved_when_sent_again(batch, morning, people, two, order):
    save(two[0], batch, opened(two[0], batch))
    person, other, untouched = people
    forms = [opened(each, batch) for each in two]
    forms[0] |= {f"status_{person.id}": "absent", f"status_{untouched.id}": "excused"}
    forms[1] |= {
        f"status_{person.id}": "late",
        f"minutes_{person.id}": "20",
        f"note_{person.id}": "ban",
        f"status_{other.id}": "sick",
    }
    said = ["Tanpa keterangan", "Terlambat 20 menit (ban)"]
    first, later = order
    names = ["Ratna Dewi", "Budi Hartono"]

    save(two[first], batch, forms[first])
    before = statuses(other), statuses(untouched)
    page = save(two[later], batch, forms[later], expect=409)

    assert f"Tersimpan sekarang: {said[first]} (oleh {names[first]}, 12 Oktober 2026, 11." in page.text
    assert f"Pilihan Anda: {said[later]}." in page.text
    assert len(page.errors) == 1
    assert "lalu simpan lagi" in page.error
    assert (statuses(other), statuses(untouched)) == before  # nothing of it was saved
    again = form_of(page)
    assert again[f"status_{person.id}"] == ("absent", "late")[later]
    left = (
        (untouched, "excused") if later else (other, "sick")
    )  # only the first one changed it: it says what is stored now
    assert again[f"status_{left[0].id}"] == left[1]

    save(two[later], batch, again)
    assert statuses(person) == ([P.LATE, P.PRESENT] if later else [P.ABSENT] * 2)
    assert (statuses(other), statuses(untouched)) == ([P.SICK] * 2, [P.EXCUSED] * 2)
    event = database.session.scalars(
        select(Event)
        .where(Event.action == "attendance.corrected", Event.person_id == person.trainee_id)
        .order_by(Event.id.desc())
    ).first()
    assert event.actor_label == names[later]
    assert audit.details_of([event])[event.id]["details"]["old_by"] == names[first]


def test_a_row_that_only_the_other_changed_comes_back_whole_and_is_saved_again(batch, morning, people, two):
    save(two[0], batch, opened(two[0], batch))
    one, other, _untouched = people
    forms = [opened(each, batch) for each in two]
    late = {f"status_{other.id}": "late", f"minutes_{other.id}": "50", f"note_{other.id}": "ban bocor"}
    save(two[0], batch, forms[0] | {f"status_{one.id}": "sick"} | late)
    page = save(two[1], batch, forms[1] | {f"status_{one.id}": "absent"}, expect=409)
    again = form_of(page)
    assert {name: again[name] for name in late} == late
    assert page.error.count("Sakit") == 1
    save(two[1], batch, again)
    assert (statuses(one), statuses(other)) == ([P.ABSENT] * 2, [P.LATE, P.PRESENT])


def test_what_was_kept_is_counted_in_people(batch, morning, people, two):
    page = save(two[0], batch, opened(two[0], batch))
    assert "3 orang baru dicatat, 0 orang diperbaiki." in two[0].get(page.location).text
    page = save(two[0], batch, opened(two[0], batch) | {f"status_{people[0].id}": "sick"})
    assert "0 orang baru dicatat, 1 orang diperbaiki." in two[0].get(page.location).text


def test_a_third_save_between_is_asked_again(batch, morning, people, two, make):
    save(two[0], batch, opened(two[0], batch))
    stale = opened(two[1], batch) | {f"status_{people[0].id}": "sick"}
    save(two[0], batch, opened(two[0], batch) | {f"status_{people[0].id}": "absent"})
    page = save(two[1], batch, stale, expect=409)
    save(two[0], batch, opened(two[0], batch) | {f"status_{people[0].id}": "excused"})

    page = save(two[1], batch, form_of(page), expect=409)

    assert "Tersimpan sekarang: Izin (oleh Ratna Dewi" in page.text
    assert statuses(people[0]) == [P.EXCUSED] * 2


def test_a_form_without_its_version_overwrites_nothing(batch, morning, people, two):
    save(two[0], batch, opened(two[0], batch) | {f"status_{people[0].id}": "absent"})
    bare = {f"status_{each.id}": "present" for each in people}

    page = save(two[1], batch, bare, expect=409)

    assert "Tersimpan sekarang: Tanpa keterangan" in page.text
    assert statuses(people[0]) == [P.ABSENT] * 2


def test_the_form_of_one_session_asks_too(batch, morning, people, two):
    where = {"session_id": morning[0].id}
    stale = form_of(two[1].get("attendance.record_session", **where))
    save(
        two[0],
        batch,
        opened(two[0], batch) | {f"status_{people[0].id}": "absent", f"status_{people[1].id}": "sick"},
    )

    page = two[1].post(
        "attendance.record_session", data=stale | {f"status_{people[1].id}": "excused"}, expect=409, **where
    )
    assert "Tersimpan sekarang: Sakit (oleh Ratna Dewi" in page.text
    two[1].post("attendance.record_session", data=form_of(page), **where)

    assert [statuses(person)[0] for person in people] == [P.ABSENT, P.EXCUSED, P.PRESENT]
    assert [statuses(person)[1] for person in people] == [P.ABSENT, P.SICK, P.PRESENT]


def test_who_joined_since_the_page_was_shown_is_not_entered(batch, morning, people, two, make):
    sent = opened(two[0], batch)
    newcomer = make.attendee(batch)

    save(two[0], batch, sent)

    assert statuses(newcomer) == []
    assert statuses(people[0]) == [P.PRESENT] * 2


@pytest.mark.parametrize(
    "change",
    [{"starts_at": time(9, 45)}, {"held_on": DAY + timedelta(days=-1)}, {"cancelled_at": clock.now()}],
)
def test_another_schedule_than_the_one_read_is_asked_with_all_that_was_typed(
    batch, morning, people, two, change
):
    sent = opened(two[0], batch) | {f"status_{people[0].id}": "sick"}
    for name, value in change.items():
        setattr(morning[0], name, value)
    database.session.commit()

    page = save(two[0], batch, sent, expect=409)

    assert "Jadwalnya berubah" in page.error
    assert form_of(page)[f"status_{people[0].id}"] == "sick"
    assert statuses(people[0]) == []
    save(two[0], batch, form_of(page))
    assert statuses(people[0]) in ([P.SICK], [P.SICK] * 2)


def test_a_line_left_as_it_is_stays_so_though_others_made_it_equal_meanwhile(
    batch, morning, people, two, make
):
    by = make.user(Role.KABUPATEN_DINAS)
    person = people[0]
    services.record_presences(morning[0], {person.id: Entry(P.PRESENT)}, by=by)
    services.record_presences(morning[1], {person.id: Entry(P.ABSENT)}, by=by)
    sent = opened(two[0], batch)
    assert sent[f"status_{person.id}"] == "keep"
    services.record_presences(morning[0], {person.id: Entry(P.ABSENT)}, by=by)

    save(two[0], batch, sent)

    assert statuses(person) == [P.ABSENT] * 2


def test_a_service_without_version_means_what_it_says_and_one_with_it_is_asked(batch, morning, people, make):
    by = make.user(Role.KABUPATEN_DINAS)
    version = lines.version_of(morning, people)
    services.record_block(batch, MORNING, {people[0].id: Entry(P.ABSENT)}, by=by)

    with pytest.raises(Stale):
        services.record_block(batch, MORNING, {people[0].id: Entry(P.SICK)}, by=by, version=version)
    services.record_block(batch, MORNING, {people[0].id: Entry(P.SICK)}, by=by)

    assert statuses(people[0]) == [P.SICK] * 2


def test_the_version_is_compared_with_what_is_stored_once_the_batch_is_held(
    batch, morning, people, make, monkeypatch
):
    by = make.user(Role.KABUPATEN_DINAS)
    services.record_block(batch, MORNING, {}, by=by)
    version = lines.version_of(morning, people)
    hold = services.lock_batch

    def wait_for_another(batch_id):
        for row in database.session.scalars(select(Attendance).where(Attendance.attendee_id == people[0].id)):
            row.status = P.ABSENT
        database.session.flush()
        return hold(batch_id)

    monkeypatch.setattr(services, "lock_batch", wait_for_another)

    with pytest.raises(Stale):
        services.record_block(batch, MORNING, {people[0].id: Entry(P.SICK)}, by=by, version=version)
    with pytest.raises(Stale):
        services.record_presences(
            morning[0], {people[0].id: Entry(P.SICK)}, by=by, version=lines.version_of(morning[:1], people)
        )


def test_minutes_that_lack_are_refused_at_the_entries(batch, morning, people, make, app):
    user = make.user(Role.KABUPATEN_DINAS)
    token = auth.make_access_token(user, "test", days=1, by=user)
    path, body = (
        f"/api/v1/sessions/{morning[0].id}/attendance",
        {"entries": [{"attendee": people[0].id, "status": "late"}]},
    )
    answer = app.test_client().post(path, json=body, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, ["entries"])
