"""A refusal about one field names it: what is accepted is sent again with each of its fields wrong, in every
way that comes to mind.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock
from app.courses.rules import BatchStatus
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db as database
from app.regions.rules import WITA
from app.trainees.rules import TraineeStatus
from tests.lifetimes.states import WAYS, scene_of
from tests.lifetimes.test_twice import ELSEWHERE
from tests.lifetimes.walking import doors, send

WRONG = ("", "x", None, 0, -1, 10**9, [], "1900-01-01", "2190-01-01", "33.74", True)
IN_STATES = ("draft", "open", "running", "over", "proposed", "approved", "certified")
# Where two fields contradict each other, the sentence stands at the other one.
AT_ANOTHER = {
    ("change_batch", "starts_on"): "ends_on",
    ("draft_batch", "starts_on"): "ends_on",
    ("answer_visit", "status"): "granted_places other_date note confirm",
}
LEAST = 35  # operations about a batch that are walked


@pytest.fixture(scope="module")
def bodies(app):
    """What each operation takes, as it is described: by its name, the fields of its body."""
    with app.test_request_context():
        document = app.spec
    found = {}
    for operation in (each for path in document["paths"].values() for each in path.values()):
        if "requestBody" in operation:
            name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
                2
            ]
            found[operation["operationId"]] = document["components"]["schemas"][name]["properties"]
    return found


def tried(fields):
    """Return every field with each value that is tried in it: what is never right, and each of
    its own words.
    """
    return [(name, value) for name, said in fields.items() for value in (*WRONG, *said.get("enum", ()))]


def fault_of(operation, field, value, status, problem):
    """Say that a refusal does not name the field that was wrong, or nothing."""
    if status != 422:
        return ""
    named = problem.get("errors", {}).get("json", {})
    meant = {field, *AT_ANOTHER.get((operation, field), "").split()}
    return "" if meant & set(named) else f"{operation} {field}={value!r}: {problem['detail']} {named}"


def accepted_by(scene, route, door):
    """Return what a door takes, with the version of what is read."""
    sent, own = door.body(scene.world), {**scene.world.own.more, **scene.world.own.ids}
    if not door.as_shown:
        return sent
    path = scene.walker.path(route, {name: own[door.at.get(name, name)] for name in route.names})
    read = json.loads(scene.walker.send(scene.world.people[door.by], "GET", path).body)
    return {**sent, "version": read["version"] if "version" in read else read["versions"][sent["kind"]]}


def test_about_a_batch(app, bodies):
    faults, walked = [], set()
    for way in [each for each in WAYS if each.name in IN_STATES]:
        with scene_of(app, way) as scene:
            for route, door, reads in doors(app):
                name = route.endpoint.removeprefix("api.")
                fields = bodies.get(name, {}) if route.is_api else {}
                if (
                    not fields
                    or reads
                    or (name, door.said) in walked
                    or send(scene, route, door).status >= 300
                ):
                    continue
                walked.add((name, door.said))
                accepted = accepted_by(scene, route, door)
                for field, value in tried(fields):
                    sent = {**accepted, field: value}
                    answer = send(
                        scene, route, replace(door, body=lambda _w, sent=sent: sent, as_shown=False)
                    )
                    faults.append(fault_of(name, field, value, answer.status, json.loads(answer.body)))
    assert [fault for fault in faults if fault] == []
    assert len(walked) >= LEAST


@pytest.mark.parametrize("operation", ELSEWHERE)
def test_about_anything_else(make, dinas, bodies, operation):
    path, accepted = ELSEWHERE[operation](make)
    faults = []
    for field, value in tried(bodies.get(operation, {})):
        database.session.commit()
        savepoint = database.engine.begin_nested()
        answer = dinas.client.post(
            f"/api/v1{path}", json={**(accepted or {}), field: value}, headers=dinas.headers
        )
        database.session.commit()
        savepoint.rollback()
        database.session.expire_all()
        faults.append(fault_of(operation, field, value, answer.status_code, answer.json))
    assert [fault for fault in faults if fault] == []


def test_a_rule_that_calls_the_field_otherwise(make, dinas):
    batch = make.batch()
    emptied = dinas.send("PATCH", f"/batches/{batch.id}", expect=422, json={"contact_phone": ""})
    assert emptied["errors"]["json"]["contact_phone"]
    for name in ("audience", "contact_name"):
        assert (
            name
            in dinas.send("PATCH", f"/batches/{batch.id}", expect=422, json={name: " "})["errors"]["json"]
        )
    people = [
        make.enrollment(batch, status=status)
        for status in (EnrollmentStatus.WAITLISTED, EnrollmentStatus.SUBMITTED)
    ]
    passed_over = dinas.send("POST", f"/enrollments/{people[1].id}/accept", expect=422, json={})
    assert passed_over["errors"]["json"]["reason"]


def test_a_rule_about_one_line_of_a_list(make, dinas):
    begun = clock.today(WITA) - timedelta(days=1)
    batch = make.batch(starts_on=begun, status=BatchStatus.RUNNING)
    learner, stranger = make.attendee(batch), make.attendee(make.batch())
    session = make.session(batch)
    entries = [{"attendee": each.id, "status": "present"} for each in (learner, stranger)]
    refused = dinas.send("POST", f"/sessions/{session.id}/attendance", expect=422, json={"entries": entries})
    assert list(refused["errors"]["json"]["entries"]) == ["1"]
    assert refused["errors"]["json"]["entries"]["1"]["status"]
    late = [{"attendee": learner.id, "status": "late", "minutes_late": 1440}]
    refused = dinas.send("POST", f"/sessions/{session.id}/attendance", expect=422, json={"entries": late})
    assert refused["errors"]["json"]["entries"]["0"]["minutes_late"]
    marks = [{"attendee": stranger.id, "value": "80"}]
    refused = dinas.send(
        "POST", f"/batches/{batch.id}/assessments", expect=422, json={"kind": "final", "marks": marks}
    )
    assert refused["errors"]["json"]["marks"]["0"]["value"]


def test_a_parameter_is_named_as_one(dinas):
    for query in ("ngawur=1", "format=pdf", "per_page=1&per_page=2", "after=x"):
        problem = dinas.send("GET", f"/batches?{query}", expect=422)
        assert list(problem["errors"]) == ["query"]
        assert query.partition("=")[0] in problem["errors"]["query"]


def test_only_what_can_be_accepted_is_described(bodies, make, dinas):
    enums = {
        f"{name} {field}": said["enum"]
        for name, fields in bodies.items()
        for field, said in fields.items()
        if "enum" in said
    }
    assert "requested" not in enums["answer_visit status"]
    assert {"accepted", "cancelled"} <= set(enums["answer_visit status"])
    assert not {"settled", "overtaken"} & set(enums["answer_petition answer"])
    before = {"candidate": TraineeStatus.RESIGNED}
    for status in enums["change_standing status"]:
        person = make.trainee(status=before.get(status, TraineeStatus.ACTIVE))
        sent = {
            "status": status,
            "starts_on": clock.today(WITA).isoformat(),
            "reason": "Sesuai surat kepala desa",
        }
        assert (
            dinas.send("POST", f"/trainees/{person.id}/standing", expect=200, json=sent)["status"] == status
        )
    refused = dinas.send(
        "POST", f"/trainees/{person.id}/standing", expect=422, json={**sent, "status": "active"}
    )
    assert "candidate" in refused["errors"]["json"]["status"][0]
