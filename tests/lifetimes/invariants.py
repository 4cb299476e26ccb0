"""What must be true after every act, read from the rows themselves and not by the functions that decided."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.core import clock
from app.courses.acts import BatchState
from app.courses.models import Batch
from app.courses.queries import is_record, may_apply_to, state_of
from app.courses.rules import Admission
from app.enrollments import eligibility, rules
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.queries import is_over
from app.enrollments.rules import ENDED, SEATED, STAYS_ATTENDEE, EnrollmentStatus, SeatEnd
from app.extensions import db
from app.notifications.models import Notice
from app.trainees.models import Qualification, Trainee
from app.trainees.queries import recount, stored_counts
from app.trainees.rules import TraineeStatus

S = EnrollmentStatus
BEFORE_FIRST_DAY = {BatchState.OPEN, BatchState.CLOSED}
SERVED = {TraineeStatus.ACTIVE, TraineeStatus.CANDIDATE}
CHANGED = (
    "batches",
    "training_sessions",
    "trainees",
    "duty_posts",
    "standings",
    "appointments",
    "merges",
    "qualifications",
    "workforce_counts",
    "enrollments",
    "attendees",
    "attendances",
    "placements",
    "marks",
    "graduations",
    "graduation_results",
    "certificates",
    "counters",
    "notices",
    "messages",
    "events",
)


def digest() -> str:
    """Return one value for all rows that an act could change."""
    connection = db.session.connection()
    read = [sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"'))) for name in CHANGED]
    return hashlib.sha256(repr(read).encode()).hexdigest()


@dataclass(frozen=True)
class Seen:
    """The rows of a moment, in plain values."""

    now: datetime
    enrollments: list[Row[Any]]
    batches: dict[int, Batch]
    people: dict[int, Trainee]

    def person(self, trainee_id: int) -> int:
        return self.people[trainee_id].canonical_id or trainee_id

    def seated(self) -> list[Row[Any]]:
        return [each for each in self.enrollments if each.status in SEATED and each.ended_as is None]

    def taken(self, batch_id: int) -> int:
        kept = sum(
            each.status is S.OFFERED
            and each.ended_as is None
            and (each.offer_ends_at is None or each.offer_ends_at > self.now)
            for each in self.enrollments
            if each.batch_id == batch_id
        )
        return kept + sum(each.batch_id == batch_id for each in self.seated())


def look() -> Seen:
    """Read the rows as they are."""
    db.session.expire_all()
    e = Enrollment
    columns = (
        e.id,
        e.batch_id,
        e.trainee_id,
        e.tier_id,
        e.status,
        e.ended_as,
        e.ended_at,
        e.decided_at,
        e.decided_by_id,
        e.offer_ends_at,
        e.waiting_since,
        e.override_reason,
    )
    return Seen(
        now=clock.now(),
        enrollments=list(db.session.execute(select(*columns).order_by(e.id))),
        batches={batch.id: batch for batch in db.session.scalars(select(Batch))},
        people={person.id: person for person in db.session.scalars(select(Trainee))},
    )


def no_batch_is_overbooked(seen: Seen) -> None:
    """Never more seats in force, answers still awaited included, than the quota of a batch that is not over
    or decided.
    """
    for batch in seen.batches.values():
        if state_of(batch) in BEFORE_FIRST_DAY | {BatchState.RUNNING}:
            assert seen.taken(batch.id) <= batch.quota, (
                f"{batch.code}: {seen.taken(batch.id)} seats of {batch.quota}"
            )


def nobody_has_two_seats(seen: Seen) -> None:
    """Never two seats in force of one person in a tier, nor on days in common; duplicates are one person."""
    own: dict[int, list[Row[Any]]] = defaultdict(list)
    for each in seen.seated():
        own[seen.person(each.trainee_id)].append(each)
    for person, seats in own.items():
        for one, other in ((a, b) for a in seats for b in seats if a.id < b.id):
            first, second = seen.batches[one.batch_id], seen.batches[other.batch_id]
            assert one.tier_id != other.tier_id, (
                f"person {person}: {first.code} and {second.code} in one tier"
            )
            apart = first.ends_on < second.starts_on or second.ends_on < first.starts_on
            assert apart, f"person {person}: {first.code} and {second.code} on days in common"


def waiting_beside_a_free_seat(seen: Seen) -> set[int]:
    """Return the batches that give seats by themselves, wait for their first day, have a free seat and
    somebody waiting who may take it: whatever freed the seat should have offered it.
    """
    found = set()
    for batch in seen.batches.values():
        if (
            batch.admission is not Admission.AUTOMATIC
            or state_of(batch) not in BEFORE_FIRST_DAY
            or is_record(batch)
        ):
            continue
        if seen.taken(batch.id) >= batch.quota:
            continue
        waits = {
            each.trainee_id: each
            for each in seen.enrollments
            if each.batch_id == batch.id and each.status is S.WAITLISTED and each.ended_as is None
        }
        if not waits:
            continue
        facts = eligibility.facts_of_asking(batch, [seen.people[key] for key in waits])
        if any(
            rules.may_take_seat(rules.waived_by(facts[key], each.override_reason))
            for key, each in waits.items()
        ):
            found.add(batch.id)
    return found


def nobody_is_without_a_way(seen: Seen, batch_id: int) -> None:
    """Everybody who serves can ask in this batch while it takes applications, or reads why not, and the
    reason is in force.
    """
    serving = [each for each in seen.people.values() if each.canonical_id is None and each.status in SERVED]
    batch = seen.batches[batch_id]
    facts = eligibility.facts_of_asking(batch, serving)
    for person in serving:
        asking = facts[person.id]
        said = [rules.already_so(asking), *rules.reasons_not_to_enroll(asking)]
        assert all(str(reason).strip() for reason in said if reason is not None)
        if not may_apply_to(batch) and not any(said):
            raise AssertionError(f"{person.name} may ask in {batch.code}, which takes no applications")
        _reasons_are_in_force(seen, batch, person, asking)


def _reasons_are_in_force(seen: Seen, batch: Batch, person: Trainee, asking: rules.Asking) -> None:
    mine = [
        each
        for each in seen.enrollments
        if seen.person(each.trainee_id) == person.id and each.ended_as is None
    ]
    seats = [seen.batches[each.batch_id] for each in mine if each.status in SEATED]
    if asking.enrolled_as is not None:
        asked = [each for each in mine if each.batch_id == batch.id and each.status not in ENDED]
        assert any(
            each.status is not S.OFFERED or each.offer_ends_at is None or each.offer_ends_at > seen.now
            for each in asked
        )
    if asking.seated_in is not None:
        assert asking.seated_in in {
            each.code for each in seats if each.course.tier_id == batch.course.tier_id
        }
    if asking.busy_in is not None:
        used = [
            each
            for each in seen.enrollments
            if seen.person(each.trainee_id) == person.id and each.ended_as in STAYS_ATTENDEE
        ]
        taken = [*seats, *(seen.batches[each.batch_id] for each in used)]
        assert any(each.starts_on <= batch.ends_on and batch.starts_on <= each.ends_on for each in taken)
    if asking.holds is not None:
        family = [each.id for each in seen.people.values() if seen.person(each.id) == person.id]
        held = select(Qualification).where(
            Qualification.trainee_id.in_(family), Qualification.number == asking.holds
        )
        assert any(
            each.held_to is None or each.held_to >= batch.starts_on for each in db.session.scalars(held)
        )


def counts_are_right(_seen: Seen) -> None:
    """The kept counts are those of a recount."""
    assert stored_counts() == recount()


def seats_have_attendees(seen: Seen) -> None:
    """Whoever has a seat takes part; whoever takes part has a seat, or had one that ends without leaving."""
    here = {
        (each.batch_id, each.trainee_id)
        for each in db.session.scalars(
            select(Attendee).where(Attendee.left_at.is_(None), Attendee.trainee_id.is_not(None))
        )
    }
    seated = {(each.batch_id, each.trainee_id) for each in seen.seated()}
    stays = {(each.batch_id, each.trainee_id) for each in seen.enrollments if each.ended_as in STAYS_ATTENDEE}
    assert seated <= here, f"seats without attendee: {sorted(seated - here)}"
    assert here <= seated | stays, f"attendees without seat: {sorted(here - seated - stays)}"


def ends_of(seen: Seen) -> dict[tuple[int, Any], Row[Any]]:
    """Return every end of an enrollment by its number and moment, except those that the person made."""
    found = {}
    for each in seen.enrollments:
        if each.ended_as is None and each.status not in ENDED:
            continue
        own = {seen.people[each.trainee_id].user_id, seen.people[seen.person(each.trainee_id)].user_id} - {
            None
        }
        if each.ended_as is None and each.status is S.WITHDRAWN and each.decided_by_id in own:
            continue
        found[each.id, each.ended_at if each.ended_as is not None else each.decided_at] = each
    return found


def was_notified(seen: Seen, each: Row[Any], at: datetime) -> bool:
    """Say whether the person stands among those told, or to be told, since an enrollment ended; nobody writes
    to the dead.

    A person is told by the record that counts; of a merge, about the enrollment that goes on, in whatever
    batch.
    """
    person = seen.person(each.trainee_id)
    if seen.people[person].status is TraineeStatus.DECEASED:
        return True
    told = [Notice.person_id.in_([each.trainee_id, person]), Notice.created_at >= at]
    if each.ended_as is not SeatEnd.MERGED:
        told.append(Notice.batch_id == each.batch_id)
    return db.session.scalar(select(Notice.id).where(*told).limit(1)) is not None


def calendar_is_written_down(seen: Seen) -> None:
    """After the worker's round: no offer stands that was not answered in time, nobody waits for
    what is over.
    """
    for each in seen.enrollments:
        assert (
            each.status is not S.OFFERED
            or each.ended_as is not None
            or each.offer_ends_at is None
            or each.offer_ends_at > seen.now
        )
    held = select(Enrollment).where(Enrollment.ended_as.is_(None), Enrollment.status.not_in(ENDED))
    assert not [each.id for each in db.session.scalars(held) if is_over(each)]
    for batch in seen.batches.values():
        assert is_record(batch) or may_apply_to(batch) == (batch.status.value == "open"), (
            f"{batch.code} is still {batch.status}"
        )


ALWAYS = (no_batch_is_overbooked, nobody_has_two_seats, counts_are_right, seats_have_attendees)
