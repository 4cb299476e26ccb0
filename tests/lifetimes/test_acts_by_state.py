"""Every address that writes is tried in every state of a batch and compared with the table of acts.

The table is app/courses/acts.py. A route that is added without a line in `doors.py` fails here; so does a
service that forgets to ask the table.
"""

from collections import Counter

import pytest
from apiflask import APIFlask

from app.courses import acts
from app.courses.acts import Act, BatchState
from app.courses.services import guarding
from tests.lifetimes.doors import DOORS, PENDING, Elsewhere, Reading
from tests.lifetimes.states import WAYS, scene_of
from tests.lifetimes.walking import (
    TABLE,
    doors,
    in_lines,
    not_in_the_application,
    not_in_the_table,
    walk,
    written,
)

PARTS_OF_A_BATCH = frozenset(
    {
        "batch_id",
        "batch_code",
        "session_id",
        "block",
        "enrollment_id",
        "attendee_id",
        "visit_id",
        "graduation_id",
        "certificate_id",
    }
)
# Where a control looks: much is allowed in the one, little in the other.
CALM = [way for way in WAYS if way.name in ("running", "approved")]


@pytest.fixture(scope="module")
def cases(app):
    """Every door in every state, walked once."""
    found = []
    for way in WAYS:
        with scene_of(app, way) as scene:
            found += walk(app, scene)
    return found


def test_every_address_that_writes_has_its_line(app):
    assert not not_in_the_table(app)
    assert not not_in_the_application(app)


def test_an_address_that_names_a_batch_or_what_belongs_to_one_is_a_door(app):
    elsewhere = {name: entry for name, entry in DOORS.items() if isinstance(entry, Elsewhere)}
    about = {str(route) for route in written(app) if route.names & PARTS_OF_A_BATCH}
    named = about & set(elsewhere)
    assert named == {name for name, entry in elsewhere.items() if entry.names_a_batch}
    assert all(entry.reason for entry in elsewhere.values())


def test_every_act_and_every_state_is_walked(app):
    reached = {door.act for _route, door, reads in doors(app) if not reads}
    assert reached == set(Act)
    assert {way.state for way in WAYS} == set(BatchState)


def test_the_answers_are_those_of_the_table(cases):
    wrong = [case for case in cases if case.fault and case.route not in PENDING]
    assert not wrong, f"{len(wrong)} of {len(cases)} cases:\n{in_lines(wrong)}"


def test_what_is_pending_is_still_needed(cases):
    faulty = {case.route for case in cases if case.fault}
    assert not set(PENDING) - faulty, "these ask the table by now: take them off the list"


def test_every_door_is_gone_through_somewhere(cases):
    """The control of what is sent: a body that is refused everywhere for another reason proves nothing."""
    writing = [case for case in cases if not isinstance(DOORS[case.route], Reading)]
    tried = {(case.route, case.door.said): case.door for case in writing}
    done = {(case.route, case.door.said) for case in cases if case.is_done}
    never = {key for key, door in tried.items() if door.never_done}
    assert set(tried) - done == never, sorted((set(tried) - done) ^ never)


def test_what_goes_on_for_people_who_were_put_off_is_done_after_the_approval(cases):
    put_off = [case for case in cases if case.is_for_deferred]
    doors_for_them = {(case.route, case.door.said) for case in put_off}
    done = {(case.route, case.door.said) for case in put_off if case.is_done}
    assert {case.door.act for case in put_off} == acts.FOR_DEFERRED
    assert not [key for key in doors_for_them - done if key[0] not in PENDING]


def test_the_walk_says_how_much_it_tried(cases, capsys):
    by_state = Counter(case.way for case in cases)
    addresses = sum(not isinstance(entry, Elsewhere) for entry in DOORS.values())
    assert set(by_state.values()) == {len(cases) // len(WAYS)}
    refused = sum(not case.is_allowed for case in cases)
    each = len(cases) // len(WAYS)
    said = f"{len(DOORS)} addresses write, {addresses} about a batch: {each} doors, "
    said += f"{len(WAYS)} ways into {len(BatchState)} states, {len(cases)} cases, {refused} to be refused"
    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201 - who reads the run wants to know how much was tried
    assert refused > len(cases) // 4


def faults(app, way, act):
    with scene_of(app, way) as scene:
        return [case for case in walk(app, scene, act) if case.fault and case.route not in PENDING]


@pytest.mark.parametrize("way", CALM, ids=str)
def test_an_act_that_the_application_allows_otherwise_is_found(app, monkeypatch, way):
    """The control of the comparison: the suite keeps the table as it was, one line of the other is turned."""
    other = frozenset(BatchState) - TABLE[Act.CHANGE_PLAN]
    monkeypatch.setattr(acts, "ALLOWED", {**acts.ALLOWED, Act.CHANGE_PLAN: other})

    assert {case.route for case in faults(app, way, Act.CHANGE_PLAN)} == {
        "POST courses.change_batch",
        "PATCH api.change_batch",
    }


def test_a_service_that_does_not_ask_is_found(app, monkeypatch):
    monkeypatch.setattr(guarding, "refuse_to_act", lambda *_args, **_more: None)
    cancelled = next(way for way in WAYS if way.state is BatchState.CANCELLED)

    found = {case.route for case in faults(app, cancelled, Act.CHANGE_SCHEDULE)}
    assert {
        "POST courses.schedule_session",
        "PATCH api.change_session",
        "POST courses.cancel_session",
    } <= found


def test_an_address_that_is_not_in_the_table_is_found():
    strange = APIFlask("strange")

    def close_early(batch_id: int) -> str:
        return str(batch_id)

    close_early.access = "course:edit"
    strange.add_url_rule(
        "/batches/<int:batch_id>/close-early",
        "courses.close_early",
        close_early,
        methods=["POST"],
    )
    for rule in list(strange.url_map.iter_rules()):
        strange.view_functions[rule.endpoint].__dict__.setdefault("access", "public")

    assert not_in_the_table(strange) == ["POST courses.close_early"]
    assert set(not_in_the_application(strange)) == set(DOORS)
