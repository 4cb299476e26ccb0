"""What a form or a program names inside its body is checked like what it names in the address, and
counts once.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, text

from app.core.models import UTCDateTime
from app.extensions import db
from tests.security.submissions import OWN, PROGRAMS, Submission
from tests.security.walker import Answer, Walker, routes
from tests.security.world import World

EVERY = [*OWN, *PROGRAMS]
SENTINEL = "1999-09-09"
EXTRAS = {
    "id": "999999",
    "role": "pusat",
    "roles": "pusat",
    "is_admin": "1",
    "is_staff": "1",
    "is_active": "1",
    "is_superuser": "true",
    "permissions": "*",
    "status": "ESKALASI",
    "quota_used": "987654",
    "user_id": "987654",
    "organiser_id_": "987654",
    "approved_by_id": "987654",
    "approved_by": "987654",
    "approved_at": SENTINEL,
    "approved_label": "ESKALASI",
    "proposed_by_id": "987654",
    "created_at": SENTINEL,
    "recorded_at": SENTINEL,
    "updated_at": SENTINEL,
    "recorded_by_id": "987654",
    "decided_by_id": "987654",
    "decided_label": "ESKALASI",
    "decided_at": SENTINEL,
    "submitted_at": SENTINEL,
    "held_from": SENTINEL,
    "held_to": SENTINEL,
    "region_id": "987654",
    "scope_id": "987654",
    "scope_kind": "region",
    "granted_by_id": "987654",
    "canonical_id_": "987654",
    "nik_index": "ESKALASI",
    "nik_masked": "ESKALASI",
    "password_hash": "ESKALASI",
    "disabled_at": SENTINEL,
    "code": "ESKALASI",
    "sequence": "987654",
    "facts": "ESKALASI",
    "facts_digest": "ESKALASI",
    "revoked_at": SENTINEL,
    "superseded_by_id": "987654",
    "frozen_at": SENTINEL,
    "contact_user_id": "987654",
    "lesson_minutes": "987654",
    "attendance_threshold": "1",
    "granted_places_": "987654",
    "answered_by_id": "987654",
    "year": "1999",
    "ordinal": "987654",
    "folded_name": "ESKALASI",
    "duty_region_id": "987654",
    "override_reason_": "ESKALASI",
    "frozen": "1",
    "populate": "1",
    "home_region_id": "987654",
}
DONE = (200, 201, 303)
# Made anew at each try: moments, secrets, and numbers that come from them.
ANEW = frozenset({"record", "token_digest", "message_id", "code", "facts", "facts_digest", "body"})


def send(
    walker: Walker, world: World, submission: Submission, facts: dict[str, Any], key: str = "", **options: Any
) -> Answer:
    """Send what a submission says, as its person."""
    person = world.people[submission.person]
    if submission.is_api:
        headers = {"Idempotency-Key": key} if key else {}
        return walker.send(
            person, submission.method, submission.path(world), json=facts, headers=headers, **options
        )
    return walker.send(
        person,
        "POST",
        submission.path(world),
        data=facts | ({"idempotency_key": key} if key else {}),
        **options,
    )


def said(answer: Answer) -> str:
    """Return what a page or a program was told, in short."""
    page = BeautifulSoup(answer.body, "html.parser")
    told = [
        each.get_text(" ", strip=True) for each in page.select(".error-summary, .field-error, .alert, h1")
    ]
    return f"{answer.status} {told or answer.body[:600]}"


def stored(walker: Walker) -> dict[str, list[Any]]:
    """Return every row, without what is made anew at each try."""
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in ("regions", "events", "idempotency_records", "tries", "sign_ins", "person_keys"):
            continue
        columns = [
            each for each in table.columns if not isinstance(each.type, UTCDateTime) and each.name not in ANEW
        ]
        found[table.name] = [
            tuple(row)
            for row in walker.connection.execute(select(*columns).order_by(*table.primary_key.columns))
        ]
    return found


def moments(walker: Walker) -> list[datetime]:
    """Return every moment that is stored."""
    found = []
    for table in db.metadata.sorted_tables:
        columns = [each for each in table.columns if isinstance(each.type, UTCDateTime)]
        if columns:
            found += [
                value
                for row in walker.connection.execute(select(*columns))
                for value in row
                if value is not None
            ]
    return found


def rewind_ids(walker: Walker) -> None:
    """Let the next rows take the ids that were rolled back: PostgreSQL does not take a sequence back by
    itself.
    """
    if walker.connection.dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        own = "id" in table.columns and walker.connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name}
        )
        if own:
            last = walker.connection.scalar(select(func.coalesce(func.max(table.c.id), 0)))
            walker.connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :next, false)"),
                {"table": table.name, "next": last + 1},
            )


@pytest.mark.parametrize("submission", EVERY, ids=str)
def test_a_valid_submission_is_done(walker, world, submission):
    """The control of the tests below."""
    answer = send(walker, world, submission, submission.facts(world))
    assert answer.status in DONE, said(answer)
    assert answer.changed


@pytest.mark.parametrize("submission", [each for each in EVERY if each.crossed], ids=str)
def test_one_foreign_row_in_the_body_refuses_all_of_it(walker, world, submission):
    for number, crossed in enumerate(submission.crossed):
        answer = send(walker, world, submission, crossed(world))
        quiet = submission.name in (
            "record block",
            "mark",
            "propose",
        )  # a field that no row of the page has is no field: defaults are kept
        foreign = touched(walker, world, submission, crossed)
        assert not foreign, f"variant {number}: {answer.status} {foreign}"
        assert quiet or (answer.status in (404, 422) and answer.changed == []), (
            f"variant {number}: {answer.status} {answer.changed}"
        )


def touched(walker: Walker, world: World, submission: Submission, crossed: Any) -> list[str]:
    """Return the tables in which a crossed submission changes or adds a row that names a foreign person."""
    learners = {world.foreign.more["learner"], world.foreign.more["done_attendee"]}
    tables = [table for table in db.metadata.sorted_tables if "attendee_id" in table.columns]

    def read() -> dict[str, list[Any]]:
        return {
            t.name: walker.connection.execute(select(t).where(t.c.attendee_id.in_(learners))).all()
            for t in tables
        }

    before, savepoint = read(), walker.connection.begin_nested()
    send(walker, world, submission, crossed(world), keep=True)
    after = read()
    savepoint.rollback()
    return [name for name, rows in after.items() if rows != before[name]]


@pytest.mark.parametrize("submission", OWN, ids=str)
def test_fields_that_no_form_has_change_nothing(walker, world, submission):
    facts = submission.facts(world)
    outcomes = []
    for extra in ({}, {name: value for name, value in EXTRAS.items() if name not in facts}):
        rewind_ids(walker)
        savepoint = walker.connection.begin_nested()
        answer = send(walker, world, submission, {**extra, **facts}, keep=True)
        outcomes.append((answer.status, stored(walker)))
        assert not [each for each in moments(walker) if each < datetime(2000, 1, 1, tzinfo=UTC)]
        savepoint.rollback()
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("submission", PROGRAMS, ids=str)
def test_a_program_is_told_of_fields_that_nobody_knows(walker, world, submission):
    facts = submission.facts(world)
    for name, value in EXTRAS.items():
        if name in ("id", "role", "status", "user_id", "created_at", "approved_by_id") and name not in facts:
            answer = send(walker, world, submission, {**facts, name: value})
            assert (answer.status, answer.changed) == (422, []), name


def test_no_form_falls_over_extra_fields(app, walker, world):
    fallen = []
    for route in routes(app, "POST"):
        path = walker.path(route, world.fill(set(route.names), world.own))
        for name in ("dinas", "signer"):
            answer = walker.send(
                world.people[name], "POST", path, **({"json": EXTRAS} if route.is_api else {"data": EXTRAS})
            )
            if answer.status >= 500:
                fallen.append(f"{name} {route}: {answer.status}")
    assert not fallen, "\n".join(fallen)


@pytest.mark.parametrize("submission", EVERY, ids=str)
def test_pressing_twice_is_pressing_once(walker, world, keeping, submission):
    facts, key = submission.facts(world), uuid4().hex
    first = send(walker, world, submission, facts, key, keep=True)
    kept = stored(walker)
    again = send(walker, world, submission, facts, key, keep=True)
    assert first.status in DONE, said(first)
    assert (again.status, again.headers.get("Location"), again.masked) == (
        first.status,
        first.headers.get("Location"),
        first.masked,
    ), said(again)
    assert stored(walker) == kept


@pytest.mark.parametrize("submission", PROGRAMS, ids=str)
def test_one_key_for_two_wishes_is_refused(walker, world, keeping, submission):
    key, others = (
        uuid4().hex,
        {
            "name": "Lain",
            "number": "Lain",
            "reason": "Lain",
            "venue": "Lain",
            "title": "Lain",
            "note": "Lain",
        },
    )
    facts = submission.facts(world)
    assert send(walker, world, submission, facts, key, keep=True).status in DONE
    kept = stored(walker)
    other = {**facts, **{name: value for name, value in others.items() if name in facts}}
    if other == facts:
        other = different(facts)
    assert send(walker, world, submission, other, key, keep=True).status == 422
    assert stored(walker) == kept


def different(facts: dict[str, Any]) -> dict[str, Any]:
    """Return another wish of the same shape."""
    name, value = next(iter(facts.items()))
    if isinstance(value, list):
        return {
            **facts,
            name: (
                [{**value[0], "note": "Lain"} if "outcome" in value[0] or "status" in value[0] else value[0]]
                * 2
            ),
        }
    return {
        **facts,
        name: (
            SENTINEL
            if isinstance(value, str) and value[:2] == "20"
            else value + 1
            if isinstance(value, int)
            else "remedial"
        ),
    }
