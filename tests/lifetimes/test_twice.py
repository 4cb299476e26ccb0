"""What a program sends twice: the second time it is told what is so already (409), and nothing
is done again.
"""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.auth.rules import Role
from app.core import clock
from app.extensions import db as database
from app.petitions import services as petitions
from app.regions.rules import WITA
from app.trainees import services as trainees
from app.trainees.rules import TraineeStatus
from tests.api.conftest import dinas, program  # noqa: F401 - a client with a token, and the one of a dinas
from tests.lifetimes.doors import DOORS, Elsewhere
from tests.lifetimes.states import WAYS, scene_of
from tests.lifetimes.walking import doors, send

OPERATIONS = (Path(__file__).parents[1] / "api" / "operations.txt").read_text().splitlines()
POSTS = {f"POST api.{line.split()[2]}" for line in OPERATIONS if line.startswith("POST ")}
# What may be sent again, and why that is no repeat of what is so.
AGAIN = {
    "POST api.make_token": "every token is a new one; the same key is answered 409",
    "POST api.draft_batch": "a course has several batches, also on the same days",
    "POST api.record_attendance": (
        "says how many lines changed: none; what differs from what is stored is a conflict"
    ),
    "POST api.record_assessments": (
        "says how many marks changed: none; what differs from what is stored is a conflict"
    ),
    "POST api.take_back_standing": (
        "takes back what was recorded last, one after the other, until nothing is left (422)"
    ),
}
# Done by nobody in the scenes: other tests do it once, and the second time.
NEEDS_MORE = {
    "POST api.take_back_approval": "tests/assessment/test_approval_taken_back.py",
    "POST api.copy_rundown": "tests/courses/test_schedule.py",
    "POST api.absent_enrollment": "tests/attendance/test_joining.py",
    "POST api.reinstate_certificate": "tests/certificates/test_changes.py",
}


@pytest.fixture(scope="module")
def repeated(app):
    """The second answer of every door of the API that is gone through, in the first state in which it is."""
    found = {}
    for way in WAYS:
        with scene_of(app, way) as scene:
            for route, door, reads in doors(app):
                if not route.is_api or route.method != "POST" or reads or (str(route), door.said) in found:
                    continue
                savepoint = scene.walker.connection.begin_nested()
                if send(scene, route, door, keep=True).status < 300:
                    found[str(route), door.said] = send(scene, route, door, keep=True)
                savepoint.rollback()
    return found


def test_an_act_about_a_batch_is_done_once(repeated):
    wrong = [
        f"{name} {said}: {answer.status} {answer.body[:300]}"
        for (name, said), answer in repeated.items()
        if name not in AGAIN and (answer.status != 409 or not json.loads(answer.body)["detail"])
    ]
    assert wrong == []


def test_every_operation_of_the_list_is_sent_twice(repeated):
    elsewhere = {f"POST api.{name}" for name in ELSEWHERE}
    assert {name for name, _said in repeated} | elsewhere | set(AGAIN) | set(NEEDS_MORE) == POSTS
    assert all(isinstance(DOORS[name], Elsewhere) for name in elsewhere)


TAPIN = "63.05"


def _today():
    return clock.today(WITA).isoformat()


REASON = {"reason": "Alasan yang cukup panjang"}
# What is not about one batch: what is made, then the address and the body that are sent twice.
ELSEWHERE = {
    "draft_course": lambda make: (
        "/courses",
        {"organiser": make.organiser().id, "tier": make.curriculum().tier.code, "year": 2026},
    ),
    "draft_host": lambda make: (
        "/hosts",
        {
            "organiser": make.organiser().id,
            "region": TAPIN,
            "name": "Panti Budi",
            "kind": "panti",
            "visitors_per_day": 20,
        },
    ),
    "register_trainee": lambda make: (
        "/trainees",
        {"name": "Siti Aminah", "duty_region": make.trainee().duty_region.code},
    ),
    "merge_trainees": lambda make: (
        f"/trainees/{make.trainee().id}/merge",
        {"canonical": make.trainee().id, "despite_differences": True, **REASON},
    ),
    "undo_merge": lambda make: (f"/merges/{_merge(make)}/undo", None),
    "move_duty": lambda make: (
        f"/trainees/{make.trainee().id}/move",
        {"region": make.region("63.05.06.2002").code, "starts_on": _today()},
    ),
    "change_standing": lambda make: (
        f"/trainees/{make.trainee().id}/standing",
        {"status": "resigned", "starts_on": _today(), **REASON},
    ),
    "make_appointment": lambda make: (
        "/appointments",
        {
            "organiser": make.organiser().id,
            "number": "SK-7/2026",
            "dated_on": _today(),
            "signer_name": "Bupati",
            "trainees": [make.trainee(status=TraineeStatus.CANDIDATE).id],
        },
    ),
    "set_target": lambda make: (
        f"/coverage/{TAPIN}/targets",
        {"per_desa": 2, "tier": make.tier().code, "starts_on": _today()},
    ),
    "withdraw_target": lambda make: (
        f"/coverage/{TAPIN}/targets/{make.target(starts_on=clock.today(WITA)).id}/withdraw",
        None,
    ),
    "state_complete": lambda make: (
        f"/coverage/{make.trainee().duty_region.code[:5]}/surveys",
        {"complete_on": _today()},
    ),
    "take_back_survey": lambda make: (f"/coverage/{TAPIN}/surveys/{make.survey().id}/withdraw", REASON),
    "answer_petition": lambda make: (
        f"/petitions/{_wish(make)}/answer",
        {"answer": "told", "words": "Sesuai KTP"},
    ),
}


def _merge(make):
    officer = make.user(Role.KABUPATEN_DINAS)
    return trainees.merge_trainees(
        make.trainee(), make.trainee(), REASON["reason"], officer, despite_differences=True
    ).id


def _wish(make):
    person = make.trainee(user=make.user())
    return petitions.ask_for_name(person, "Siti Aminah B", reason="Huruf kurang", by=person.user).id


@pytest.mark.parametrize("operation", ELSEWHERE)
def test_an_act_about_something_else_is_done_once(make, dinas, operation):  # noqa: F811
    path, body = ELSEWHERE[operation](make)
    sent = {} if body is None else {"json": body}
    dinas.send("POST", path, expect=200, **sent)
    before = stored()
    assert dinas.send("POST", path, expect=409, **sent)["detail"]
    assert stored() == before


def stored():
    """Return how many rows every table has."""
    return {
        each.name: database.session.scalar(select(func.count()).select_from(each))
        for each in database.metadata.sorted_tables
    }
