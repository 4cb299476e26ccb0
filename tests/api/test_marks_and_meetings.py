"""Marks and meetings for programs: a mark is read as on the page, a stale proposal says so, a conflict names
whose line it is.
"""

from datetime import date
from decimal import Decimal

import pytest

from app.assessment import queries, services
from app.assessment.rules import MarkKind
from app.attendance.rules import Presence
from app.attendance.services import Entry, record_presences
from app.auth.rules import Role
from tests.assessment.conftest import build, scene  # noqa: F401 - a batch as it stands when the meeting sits


@pytest.mark.parametrize("value", ["59.995", "75.555", "1e2", "101", "-1", 59.995, "abc"])
def test_what_is_no_mark_on_the_page_is_none_here(scene, program, value):  # noqa: F811
    key, at = scene.others[0].id, f"/batches/{scene.batch.id}/assessments"
    refused = program(scene.proposer).send(
        "POST", at, expect=422, json={"kind": "final", "marks": [{"attendee": key, "value": value}]}
    )
    assert "paling banyak dua angka di belakang koma" in str(refused) or "Tulis bilangan" in str(refused)
    assert queries.marks_by_attendee(scene.batch) == {}


@pytest.mark.parametrize(
    ("value", "stored"), [("59.99", "59.99"), ("59,99", "59.99"), (72.5, "72.5"), (100, "100"), ("7", "7")]
)
def test_a_mark_is_read_as_on_the_page(scene, program, value, stored):  # noqa: F811
    key, at = scene.others[0].id, f"/batches/{scene.batch.id}/assessments"
    program(scene.proposer).send(
        "POST", at, expect=200, json={"kind": "final", "marks": [{"attendee": key, "value": value}]}
    )
    assert queries.marks_by_attendee(scene.batch)[key][MarkKind.FINAL] == Decimal(stored)


def test_a_meeting_says_what_it_was_judged_by_and_that_it_is_overtaken(scene, program):  # noqa: F811
    office, path = program(scene.proposer), f"/batches/{scene.batch.id}/graduation"
    assert "Belum ada rapat kelulusan" in str(office.send("GET", path, expect=404))
    services.propose_graduation(scene.batch, held_on=date(2011, 5, 27), by=scene.proposer)
    shown = office.send("GET", path, expect=200)
    assert (shown["is_overtaken"], shown["asked"]["pass_mark"], shown["asked"]["attendance_threshold"]) == (
        False,
        None,
        85,
    )
    record_presences(scene.practice, {scene.others[0].id: Entry(Presence.ABSENT)}, by=scene.proposer)
    assert office.send("GET", path, expect=200)["is_overtaken"] is True


def test_a_conflict_names_whose_line_says_what(scene, program, make):  # noqa: F811
    person, at = scene.others[0], f"/batches/{scene.batch.id}/assessments"
    services.record_marks(scene.batch, MarkKind.FINAL, {person.id: Decimal(40)}, by=scene.proposer)
    body = {"kind": "final", "marks": [{"attendee": person.id, "value": "50"}]}
    clash = program(make.user(Role.KABUPATEN_DINAS)).send("POST", at, expect=409, json=body)
    assert f"sudah terisi dengan isi lain: Peserta 01 40 (oleh {scene.proposer.name})" in clash["detail"]
