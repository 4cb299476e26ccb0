"""What a program is refused: the same bounds as on the pages, in sentences that are true for a program, at
the field they are about.
"""

import json
from datetime import date, timedelta

import pytest

from app.api.description import operations
from app.auth.rules import Role
from app.courses.rules import MOST_DAYS, BatchStatus
from app.extensions import db as database
from tests.api.test_description import ENGLISH

YEAR = 2027


@pytest.fixture
def draft(make):
    """What a batch of next year is made of."""
    return {
        "course": make.course(year=YEAR).id,
        "starts_on": f"{YEAR}-03-01",
        "ends_on": f"{YEAR}-03-04",
        "quota": 20,
        "venue": "Aula",
        "venue_region": "63.05",
    }


def at_field(problem, name):
    return problem["errors"]["json"][name][0]


def test_days_lie_in_the_years_of_the_pages_and_a_batch_ends(make, dinas, draft, browser):
    for wrong in ("9999-12-31", "1000-01-01", "2201-01-01"):
        assert "di luar jangkauan" in at_field(
            dinas.send("POST", "/batches", expect=422, json={**draft, "ends_on": wrong}), "ends_on"
        )
    long = str(date(YEAR, 3, 1) + timedelta(days=MOST_DAYS))
    assert f"paling lama {MOST_DAYS} hari" in at_field(
        dinas.send("POST", "/batches", expect=422, json={**draft, "ends_on": long}), "ends_on"
    )
    made = dinas.send("POST", "/batches", expect=200, json=draft)
    assert "paling lama" in at_field(
        dinas.send("PATCH", f"/batches/{made['id']}", expect=422, json={"ends_on": long}), "ends_on"
    )
    entered_before = make.batch(starts_on=date(YEAR, 3, 1), ends_on=date(YEAR + 150, 3, 1))
    browser.sign_in(make.user(Role.KABUPATEN_DINAS))
    page = browser.get("courses.schedule_session", batch_id=entered_before.id)
    assert len(page.soup.find(attrs={"name": "held_on"}).find_all("option")) <= MOST_DAYS


def test_bounds_are_those_of_the_pages(make, dinas, draft):
    for name, wrong in (("quota", 5001), ("venue", "   "), ("announced_days", 367)):
        assert at_field(dinas.send("POST", "/batches", expect=422, json={**draft, name: wrong}), name)
    made = dinas.send(
        "POST", "/batches", expect=200, json={**draft, "venue": "Aula\nlantai 2", "quota": 20.0}
    )
    assert (made["venue"], made["quota"]) == ("Aula lantai 2", 20)
    assert (
        at_field(dinas.send("PATCH", f"/batches/{made['id']}", expect=422, json={"venue": " "}), "venue")
        == "Wajib diisi."
    )
    sent = {"name": "Siti Aminah", "duty_region": "63.05.06.2001", "another_person": "yes"}
    assert "ya atau tidak menurut JSON" in at_field(
        dinas.send("POST", "/trainees", expect=422, json=sent), "another_person"
    )


def test_a_batch_of_a_program_is_as_ready_as_one_of_a_page(make, dinas, draft):
    office = make.course().organiser
    made = dinas.send("POST", "/batches", expect=200, json=draft)
    assert made["audience"]
    assert made["to_bring"]
    assert made["contact_name"]
    assert office.region.name in made["audience"]
    assert (
        dinas.send("POST", "/batches", expect=200, json={**draft, "audience": "Kader"})["audience"] == "Kader"
    )
    assert "sudah ada" in dinas.send("POST", "/courses", expect=409, json=same_course(make, draft))["detail"]


def same_course(make, draft):
    from app.courses.models import Course

    course = database.session.get(Course, draft["course"])
    return {
        "organiser": course.organiser_id,
        "tier": course.tier.code,
        "year": course.year,
        "title": course.title.upper(),
    }


def test_a_batch_of_another_year_is_refused_before_there_is_one(dinas, draft):
    said = at_field(
        dinas.send("POST", "/batches", expect=422, json={**draft, "starts_on": f"{YEAR - 1}-12-30"}),
        "starts_on",
    )
    assert "batalkan" not in said
    assert "tahunnya sendiri" in said


def test_a_session_with_presence_is_cancelled_knowingly(make, dinas):
    batch = make.batch()
    session = make.session(batch)
    make.attendance(session, make.attendee(batch))
    path, sent = f"/batches/{batch.id}/sessions/{session.id}/cancel", {"reason": "Narasumber sakit"}
    said = at_field(dinas.send("POST", path, expect=422, json=sent), "confirm")
    for words in (
        "1 catatan kehadiran",
        f"{session.lesson_hours} JP sesi ini",
        "tidak dapat dipulihkan",
        "Kelulusan baru dapat diusulkan",
    ):
        assert words in said
    done = dinas.send("POST", path, expect=200, json={**sent, "confirm": True})
    assert done["cancelled_reason"] == "Narasumber sakit"
    listed = dinas.send("GET", f"/batches/{batch.id}/sessions", expect=200)["items"]
    assert [row["cancelled_reason"] for row in listed] == ["Narasumber sakit"]
    empty = make.session(
        batch, held_on=session.held_on, starts_at=session.ends_at, ends_at=session.ends_at.replace(hour=23)
    )
    dinas.send("POST", f"/batches/{batch.id}/sessions/{empty.id}/cancel", expect=200, json=sent)


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        ({"birth_date": "2030-01-01"}, "birth_date", "Tanggal lahir ini tidak mungkin"),
        ({"name": "1234"}, "name", "ditulis dengan huruf"),
        ({"name": "Siti 🌺"}, "name", "Tanda “🌺” tidak dapat dicetak"),
        ({"name": "Ｓｉｔｉ"}, "name", "tidak dapat dicetak"),
        ({"duty_region": "63.03.01.2001"}, "duty_region", "tidak berwenang"),
    ],
)
def test_people_are_refused_for_the_reason_that_there_is(make, dinas, changed, name, words):
    make.region("63.03.01.2001")
    sent = {"name": "Siti Aminah", "duty_region": "63.05.06.2001"}
    assert words in at_field(dinas.send("POST", "/trainees", expect=422, json={**sent, **changed}), name)


def test_who_reads_people_but_enters_none_is_told_so(make, program):
    reader = program(make.user(Role.PROVINSI_DINAS, "63"))
    answer = reader.client.post(
        "/api/v1/trainees",
        headers=reader.headers,
        json={"name": "Siti Aminah", "duty_region": "63.05.06.2001"},
    )
    assert answer.status_code in (404, 422)
    assert "di luar wilayah" not in answer.text


def test_a_reason_of_one_letter_is_refused_truly(make, dinas):
    batch = make.batch()
    said = dinas.send("POST", f"/batches/{batch.id}/cancel", expect=422, json={"reason": "aaaaa"})
    assert "3 di antaranya berbeda" in at_field(said, "reason")


def test_a_program_is_told_fields_and_whole_addresses(make, dinas):
    person = make.trainee()
    move = dinas.send("PATCH", f"/trainees/{person.id}", expect=422, json={"duty_region": "63.05.01.1001"})
    assert f"/api/v1/trainees/{person.id}/move" in at_field(move, "duty_region")
    visit = make.visit()
    again = {"host": visit.host_id, "visits_on": str(visit.visits_on), "requested_places": 1}
    assert "Pilih" not in at_field(
        dinas.send("POST", f"/batches/{visit.batch_id}/visits", expect=409, json=again), "more"
    )
    twice = {
        "name": person.name,
        "birth_date": str(person.birth_date) if person.birth_date else None,
        "duty_region": person.duty_region.code,
    }
    assert at_field(dinas.send("POST", "/trainees", expect=409, json=twice), "another_person")


def test_what_was_written_is_answered(make, dinas):
    sent = {
        "name": "Siti Aminah",
        "duty_region": "63.05.06.2001",
        "phone": "+6281234567890",
        "address": "Jalan Mawar 1",
    }
    answer = dinas.send("POST", "/trainees", expect=200, json=sent)
    assert {name: answer[name] for name in sent} == sent


def test_failures_say_what_a_program_can_do(make, dinas, with_token):
    bare = dinas.client.open("/api/v1/trainees", method="DELETE", headers=dinas.headers)
    assert (bare.status_code, "Allow" in bare.headers, "menu" in bare.text) == (405, True, False)
    assert "/api/v1/tokens" in with_token("salah").send("GET", "/batches", expect=401)["detail"]
    headers = {"Content-Type": "application/json"}
    for wrong in (b"{", b"\xff", b"[" * 100_000):
        problem = dinas.client.post("/api/v1/trainees", headers={**dinas.headers, **headers}, data=wrong)
        assert problem.status_code == 400
        assert "JSON" in problem.json["detail"]
    vendor = {**dinas.headers, "Content-Type": "application/vnd.api+json"}
    assert dinas.client.post("/api/v1/trainees", headers=vendor, data=b"{}").status_code == 415
    twice = dinas.client.post(
        "/api/v1/trainees", headers={**dinas.headers, **headers}, data=b'{"name": "A", "name": "B"}'
    )
    assert (twice.status_code, "lebih dari sekali" in twice.json["detail"]) == (422, True)
    options = dinas.client.open("/api/v1/trainees", method="OPTIONS", headers=dinas.headers)
    assert (options.status_code, "Content-Type" in options.headers, "POST" in options.headers["Allow"]) == (
        204,
        False,
        True,
    )
    batch = make.batch(status=BatchStatus.OPEN)
    assert dinas.send("POST", f"/batches/{batch.id}/open", expect=409)["title"] != "Sudah ada"


def test_an_unknown_batch_and_a_person_out_of_reach_look_alike(make, dinas):
    stranger = make.trainee(desa="63.03.01.2001")
    answers = [
        dinas.send("POST", f"/batches/{batch}/enrollments", expect=404, json={"trainee": stranger.id})
        for batch in (make.batch().id, 987654)
    ]
    assert answers[0] == answers[1]


def test_an_officer_is_asked_whom_to_enroll(make, dinas):
    problem = dinas.send(
        "POST", f"/batches/{make.batch(status=BatchStatus.OPEN).id}/enrollments", expect=422, json={}
    )
    assert "trainee" in problem["errors"]["json"]
    assert "siapa yang didaftarkan" in problem["detail"]


def test_a_cursor_belongs_to_one_list(make, dinas):
    for _number in range(2):
        make.trainee()
        make.batch()
    page = dinas.client.get("/api/v1/trainees?per_page=1", headers=dinas.headers)
    assert page.json["next"] in page.headers["Link"]
    assert "Penanda halaman" in str(dinas.send("GET", f"/batches?after={page.json['next']}", expect=422))
    assert dinas.send("GET", f"/trainees?after={page.json['next']}", expect=200)["items"]


def test_what_is_sent_again_is_judged_without_the_old_remark(make, dinas, program):
    held = make.enrollment(make.batch(), make.trainee(user=make.user()))
    back = dinas.send(
        "POST", f"/enrollments/{held.id}/return", expect=200, json={"reason": "Lengkapi tanggal lahir"}
    )
    assert (back["note"], back["decided_at"] is None) == ("Lengkapi tanggal lahir", False)
    sent = program(held.trainee.user).send(
        "POST", f"/me/enrollments/{held.id}/answer", expect=200, json={"answer": "submitted"}
    )
    assert (sent["note"], sent["decided_at"]) == ("", None)
    dinas.send("POST", f"/enrollments/{held.id}/reject", expect=200, json={"reason": "Salah dicatat saja"})
    assert (
        dinas.send(
            "POST", f"/enrollments/{held.id}/restore", expect=200, json={"reason": "Penolakan keliru"}
        )["decided_at"]
        is None
    )


HOSTILE = (
    None,
    [],
    {},
    "x",
    1,
    [[]],
    {"": 1},
    {"name": None},
    {"name": ["x"]},
    {"reason": {"x": 1}},
    {"unknown": "not"},
    {"marks": [None]},
    {"entries": [{"attendee": "x"}]},
    {"held_on": "0000-00-00", "starts_at": "25:00", "quota": 1e400, "lesson_hours": -1},
)
QUERIES = (
    "after=not+valid",
    "per_page=one",
    "format=pdf",
    "as_of=yesterday",
    "number=%00",
    "organiser=x",
    "ngawur=1",
    "a=1&a=1",
)


def sentences(problem):
    """Return every sentence of a problem; names of fields and what was sent are no sentence."""
    if isinstance(problem, str):
        return [problem]
    if isinstance(problem, list):
        return [said for each in problem for said in sentences(each)]
    return (
        [
            said
            for name, each in problem.items()
            if name not in ("type", "status", "reference")
            for said in sentences(each)
        ]
        if isinstance(problem, dict)
        else []
    )


def test_nothing_that_is_answered_is_english(app, make, dinas):
    """The walk over every operation, with what no program should send: nothing of a library's own words comes
    through.
    """
    said, walked = set(), 0
    batch = make.attendee(make.batch()).batch
    named = {
        "batch_id": batch.id,
        "session_id": make.session(batch).id,
        "trainee_id": make.trainee().id,
        "region_code": "63.05",
    }
    for path, method, _endpoint, _view in operations(app):
        places = {
            each: named.get(each, 1) for each in ("batch_id", "session_id", "trainee_id", "region_code")
        }
        for part in path.split("/"):
            if part.startswith("{"):
                places.setdefault(part.strip("{}"), 1)
        address = path.format(**places)
        tries = [{"query_string": query} for query in QUERIES]
        if method != "get":
            tries += [{"data": json.dumps(body), "content_type": "application/json"} for body in HOSTILE]
            tries += [
                {"data": data, "content_type": kind}
                for data, kind in ((b"{", "application/json"), (b"x=1", "text/plain"))
            ]
        for sent in tries:
            answer = dinas.client.open(address, method=method.upper(), headers=dinas.headers, **sent)
            database.session.expire_all()
            if answer.status_code >= 400:
                said |= set(sentences(answer.json))
                walked += 1
    assert walked > 500
    assert len(said) > 20
    quoted = {each for each in said if ENGLISH.search(each.split(": ")[0].partition("Parameter ")[0])}
    assert quoted == set()
