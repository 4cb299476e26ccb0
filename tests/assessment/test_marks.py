"""Entering marks: all or nothing, every change with its old value, closed by an approval."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.assessment import queries, services
from app.assessment.models import Mark
from app.assessment.rules import MarkKind
from app.audit.models import Event
from app.auth.rules import Role
from app.core import clock
from app.core.errors import RuleViolation
from app.regions.rules import WITA


@pytest.fixture
def officer(make):
    return make.user(Role.COMMITTEE)


def marks(batch):
    return {key: dict(values) for key, values in queries.marks_by_attendee(batch).items()}


def test_marks_are_entered_corrected_and_taken_away(make, officer, db):
    batch = make.batch(starts_on=clock.today(WITA))
    one, two = make.attendee(batch), make.attendee(batch)
    assert (
        services.record_marks(
            batch, MarkKind.FINAL, {one.id: Decimal("72.5"), two.id: Decimal(80)}, by=officer
        )
        == 2
    )
    assert (
        services.record_marks(
            batch, MarkKind.FINAL, {one.id: Decimal("72.50"), two.id: Decimal(81)}, by=officer
        )
        == 1
    )
    assert services.record_marks(batch, MarkKind.PRETEST, {one.id: Decimal(40)}, by=officer) == 1
    assert services.record_marks(batch, MarkKind.FINAL, {one.id: None}, by=officer) == 1
    assert marks(batch) == {one.id: {MarkKind.PRETEST: Decimal(40)}, two.id: {MarkKind.FINAL: Decimal(81)}}
    people = db.session.scalars(
        select(Event.person_id).where(Event.action == "mark.recorded").order_by(Event.id)
    ).all()
    assert people == [one.trainee_id, two.trainee_id, two.trainee_id, one.trainee_id, one.trainee_id]


def test_one_person_of_another_batch_refuses_the_whole_entry(make, officer, db):
    batch = make.batch(starts_on=clock.today(WITA))
    own, stranger = make.attendee(batch), make.attendee()
    with pytest.raises(RuleViolation, match="bukan peserta angkatan ini"):
        services.record_marks(
            batch, MarkKind.FINAL, {own.id: Decimal(80), stranger.id: Decimal(80)}, by=officer
        )
    assert db.session.scalars(select(Mark)).all() == []


@pytest.mark.parametrize("value", ["-0.01", "100.01", "70.005", "NaN", "Infinity"])
def test_what_is_no_mark_refuses_the_whole_entry(make, officer, db, value):
    batch = make.batch(starts_on=clock.today(WITA))
    one, two = make.attendee(batch), make.attendee(batch)
    with pytest.raises(RuleViolation, match="dari 0 sampai 100") as refused:
        services.record_marks(
            batch, MarkKind.FINAL, {one.id: Decimal(80), two.id: Decimal(value)}, by=officer
        )
    assert refused.value.field == f"mark_{two.id}"
    assert db.session.scalars(select(Mark)).all() == []


def test_an_approved_graduation_closes_marks(make, officer):
    batch = make.batch(starts_on=clock.today(WITA))
    one = make.attendee(batch)
    make.graduation(batch, one)
    with pytest.raises(RuleViolation, match="sudah disetujui"):
        services.record_marks(batch, MarkKind.POSTTEST, {one.id: Decimal(80)}, by=officer)
    assert marks(batch) == {}


@pytest.mark.parametrize("kind", MarkKind)
@pytest.mark.parametrize(("hour", "is_refused"), [(15, True), (16, False)])  # 23.00 and 00.00 at the venue
def test_no_mark_is_older_than_the_first_day(make, officer, browser, at, kind, hour, is_refused):
    at(2026, 5, 3, hour)
    batch = make.batch(starts_on=date(2026, 5, 4))
    person = make.attendee(batch)
    browser.sign_in(officer)
    page = browser.get("assessment.record_marks", batch_id=batch.id, kind=kind.value)
    assert ("Nilai diisi mulai hari pertama diklat, Senin, 4 Mei 2026." in page.text) is is_refused
    if is_refused:
        with pytest.raises(RuleViolation, match="mulai hari pertama"):
            services.record_marks(batch, kind, {person.id: Decimal(80)}, by=officer)
    else:
        services.record_marks(batch, kind, {person.id: Decimal(80)}, by=officer)
    assert bool(marks(batch)) is not is_refused
