"""Sends what each door takes, in one state of a batch, and compares the answer with the table of acts."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from app.assessment.acts import refusal_to_give_back
from app.assessment.rules import GraduationStatus
from app.courses import acts
from app.courses.acts import Act, BatchState
from app.courses.rules import ALREADY, BatchStatus
from app.enrollments import services as enrollments
from tests.lifetimes.doors import DOORS, Door, Elsewhere, Reading
from tests.lifetimes.states import Scene
from tests.security.walker import Answer, Route, routes

# The table as the suite knows it: what a test changes in the application's own is not changed here.
NOT_OPEN = "tidak terbuka untuk akun Anda"
TABLE = {act: frozenset(states) for act, states in acts.ALLOWED.items()}
FOR_DEFERRED, ALREADY_SO = frozenset(acts.FOR_DEFERRED), dict(acts.ALREADY)
DECIDED = frozenset({BatchState.APPROVED, BatchState.CERTIFIED})
WRITING = ("POST", "PUT", "PATCH", "DELETE")
# What a refused act must leave as it was even where the rest of what was sent is kept.
GUARDED = frozenset(
    {
        "batches",
        "training_sessions",
        "enrollments",
        "attendees",
        "attendances",
        "host_visits",
        "placements",
        "marks",
        "graduations",
        "graduation_results",
        "certificates",
        "qualifications",
        "notices",
    },
)
_SUMMARY = re.compile(r'<div class="error-summary".*?</div>', re.DOTALL)
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_HIDDEN = re.compile(r"<input[^>]*type=\"hidden\"[^>]*>")
_PART = {name: re.compile(rf'{name}="([^"]*)"') for name in ("name", "value")}


@dataclass(frozen=True)
class Case:
    """One door in one state: what was expected, what came back, and whether the table would let it pass."""

    route: str
    door: Door
    way: str
    state: BatchState
    is_allowed: bool
    answer: Answer
    fault: str  # empty when the answer is right

    @property
    def is_done(self) -> bool:
        return self.answer.status < 400 and bool(GUARDED & set(self.answer.changed))

    @property
    def is_for_deferred(self) -> bool:
        """Say whether it goes on only for people whom the meeting has put off."""
        return self.is_allowed and self.state not in TABLE[self.door.act]

    def __str__(self) -> str:
        said = f" ({self.door.said})" if self.door.said else ""
        return f"{self.route}{said}, {self.way}, {self.door.act.value}: {self.fault}"


def written(app: Flask) -> list[Route]:
    """Return every route that writes."""
    return routes(app, *WRITING)


def not_in_the_table(app: Flask) -> list[str]:
    """Return the routes that write and have no line in the table of doors."""
    return [str(route) for route in written(app) if str(route) not in DOORS]


def not_in_the_application(app: Flask) -> list[str]:
    """Return the lines of the table of doors that no route answers."""
    return sorted(set(DOORS) - {str(route) for route in written(app)})


def doors(app: Flask, only: Act | None = None) -> Iterator[tuple[Route, Door, bool]]:
    """Return every door about a batch with its route, and whether it only reads."""
    for route in written(app):
        entry = DOORS.get(str(route))
        if entry is None or isinstance(entry, Elsewhere):
            continue
        for door in (entry.door,) if isinstance(entry, Reading) else entry:
            if only in (None, door.act):
                yield route, door, isinstance(entry, Reading)


def walk(app: Flask, scene: Scene, only: Act | None = None) -> list[Case]:
    """Try every door (or those of one act) in the state of this scene."""
    cases = []
    for route, door, reads in doors(app, only):
        answer = send(scene, route, door)
        allowed = is_allowed(scene, door)
        fault = fault_of_reading(answer) if reads else fault_of(scene, route, door, answer, allowed=allowed)
        cases.append(Case(str(route), door, str(scene.way), scene.way.state, allowed, answer, fault))
    return cases


def send(scene: Scene, route: Route, door: Door, *, keep: bool = False) -> Answer:
    """Send what the door takes as the person who may, in a savepoint; `keep` keeps what it did."""
    world, walker = scene.world, scene.walker
    own = {**world.own.more, **world.own.ids}
    path = walker.path(route, {name: own[door.at.get(name, name)] for name in route.names})
    if door.query:
        path += "?" + urlencode({name: own[key] for name, key in door.query.items()})
    who = world.people[door.by] if door.by else None
    body = door.body(world)
    if route.is_api and door.as_shown:
        read = json.loads(walker.send(who, "GET", path).body)
        body = {**body, "version": read["version"] if "version" in read else read["versions"][body["kind"]]}
    if route.is_api:
        return walker.send(who, route.method, path, json=body, keep=keep)
    headers = {"Cookie": f"{walker.cookie(who)}; {registration(walker.app)}"} if door.goes_on else None
    if door.as_shown:
        body = {**hidden_fields(walker.send(who, "GET", path)), **body}
    return walker.send(who, route.method, path, data=body, headers=headers, keep=keep)


def hidden_fields(page: Answer) -> dict[str, str]:
    """Return what the form of a page carries unseen, except what each request has of its own."""
    found = {}
    for tag in _HIDDEN.findall(page.body):
        name, value = (_PART[part].search(tag) for part in ("name", "value"))
        if name and name[1] not in ("csrf_token", "idempotency_key"):
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def registration(app: Flask) -> str:
    """Return the cookie of somebody new who has answered every question."""
    with app.app_context():
        draft = enrollments.answered(
            enrollments.new_draft(),
            nik="6305065203689777",
            birth_date="1968-03-12",
            sex="female",
            name="Siti Rahmah",
            desa="63.05.06.2001",
            phone="+6281234567890",
            address="RT 02",
        )
        return f"{app.config['SESSION_COOKIE_NAME']}-registration={enrollments.seal(draft)}"


def is_allowed(scene: Scene, door: Door) -> bool:
    """Say whether the table lets this pass; after the approval some goes on for people who were put off."""
    state = scene.way.state
    goes_on = door.act in FOR_DEFERRED and state in DECIDED and scene.way.is_put_off
    return state in TABLE[door.act] or (goes_on and door.about_deferred)


def refusal_of(scene: Scene, act: Act) -> str:
    """Return the sentence that the table gives for an act it does not let pass, whatever it lets pass now."""
    with scene.walker.app.app_context():
        said = acts.WAITS_FOR.get((act, acts.state_of(scene.standing))) or acts.describe_standing(
            scene.standing
        )
        return f"{said} {act.label}"


def fault_of(scene: Scene, route: Route, door: Door, answer: Answer, *, allowed: bool) -> str:
    """Say what is wrong with an answer, or nothing."""
    sentence, said, status = refusal_of(scene, door.act), sentences(answer), answer.status
    if status >= 500:
        return f"{status}"
    if scene.way.state in door.unseen and not door.goes_on:
        return "" if (status, answer.changed) == (404, []) else f"{status} {said}, expected 404"
    if allowed:
        unknown = status == 404 and (not said or NOT_OPEN in said[0])
        refused = sentence in said or unknown or status in (400, 401, 403, 405)
        return f"{status} {said}, though the table allows it" if refused else ""
    if door.goes_on:
        changed = sorted(GUARDED & set(answer.changed))
        return f"{status}, changed {changed}" if status != 303 or changed else ""
    if answer.changed:
        return f"{status}, changed {answer.changed}, expected: {sentence}"
    if door.as_shown and scene.way.is_put_off and scene.way.state in DECIDED and status < 400:
        return ""  # the page shows only those who were put off; what is sent about others is not read
    if ALREADY_SO.get(door.act) is scene.way.state:
        already = [str(ALREADY[BatchStatus(scene.way.state.value)])]
        is_right = status == 409 and said in ([sentence], already)
        return "" if is_right else f"{status} {said}, expected 409: {already[0]}"
    if door.act is Act.DECIDE_GRADUATION:  # about the proposal that was given back, which is so for good
        given_back = str(refusal_to_give_back(GraduationStatus.RETURNED))
        return "" if (status, said) == (409, [given_back]) else f"{status} {said}, expected 409: {given_back}"
    if scene.way.state in DECIDED and door.act in FOR_DEFERRED:
        said = [each[: len(sentence)] for each in said]  # behind it may stand who was put off
    return "" if (status, said) == (422, [sentence]) else f"{status} {said}, expected: {sentence}"


def fault_of_reading(answer: Answer) -> str:
    """Say what is wrong with the answer of an address that only reads."""
    is_right = answer.status in (200, 422) and not answer.changed
    return "" if is_right else f"{answer.status}, changed {answer.changed}"


def sentences(answer: Answer) -> list[str]:
    """Return every sentence by which a page or a program is refused."""
    if answer.path.startswith("/api/"):
        problem: Any = answer_json(answer)
        more = [str(problem["errors"])] if problem.get("errors") else []
        return [problem["detail"], *more] if "detail" in problem else []
    found = _SUMMARY.search(answer.body)
    items = _ITEM.findall(found[0]) if found else []
    return [" ".join(html.unescape(_TAG.sub("", item)).split()) for item in items]


def answer_json(answer: Answer) -> Any:
    found = json.loads(answer.body) if answer.status >= 400 else {}
    return found if isinstance(found, dict) else {}


def in_lines(cases: Iterable[Case]) -> str:
    """Return what is wrong, one line a case."""
    return "\n".join(str(case) for case in cases)
