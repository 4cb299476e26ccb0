"""What every decision about an enrollment does: hold the batch, then the rows, refuse, move, seat, record."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import inspect

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, DomainError, NotFound, RuleViolation
from app.core.text import _
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.courses.rules import Admission, BatchStatus
from app.enrollments import messages, ports, queries, rules
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import AttendeeKind, EnrollmentStatus
from app.extensions import db

S = EnrollmentStatus


def hold(enrollment: Enrollment) -> tuple[Batch, Enrollment]:
    """Lock the batch, then the enrollment; both are read anew, so that the decision is about what is true now."""
    enrollment_id = id_of(enrollment)
    batch = lock_batch(enrollment.batch_id)
    return batch, queries.lock_enrollment(enrollment_id)


def hold_many(batch: Batch, ids: Collection[int]) -> tuple[Batch, list[Enrollment]]:
    """Lock the batch, then these enrollments of it; raise NotFound when one belongs elsewhere, RuleViolation for an empty choice."""
    held_batch = lock_batch(id_of(batch))
    chosen = queries.lock_enrollments(held_batch.id, set(ids))
    if not ids:
        raise RuleViolation(_("Pilih sedikitnya satu pendaftaran."))
    if len(chosen) != len(set(ids)):
        raise NotFound(_("Salah satu pendaftaran bukan bagian dari angkatan ini."))
    return held_batch, chosen


def move(held: Enrollment, to: EnrollmentStatus, by: Actor, *, reason: str = "", needs_reason: bool = False) -> Enrollment:
    """Pass to another state, with who decided and when; refuse what the table does not allow, or a reason that says nothing."""
    refuse_move(held, to)
    if needs_reason and (refusal := rules.refusal_of_reason(reason)):
        raise RuleViolation(refusal, field="reason")
    before, held.status = held.status, to
    if reason:
        held.note = reason.strip()
    decided(held, by)
    record(f"enrollment.{to.value}", held, by, note=reason, details={"before": before.value})
    return held


def refuse_move(held: Enrollment, to: EnrollmentStatus) -> None:
    """Raise Conflict for what was decided before, RuleViolation for any other move that the table does not know."""
    if refusal := rules.refusal_to_move(held.status, to):
        raise (Conflict if rules.is_already_so(held.status, to) else RuleViolation)(refusal)


def refuse_change(batch: Batch) -> None:
    """Raise RuleViolation when the participants of this batch cannot change any more."""
    refusal = rules.refusal_to_seat(batch.status) or ports.refusal_to_change(batch.id)
    if refusal:
        raise RuleViolation(refusal)


def refuse(refusals: list[tuple[str, DomainError | None]], *, name_them: bool) -> None:
    """Raise the refusals there are, as one: a conflict when all of them are conflicts."""
    found = [(name, refusal) for name, refusal in refusals if refusal is not None]
    if not found:
        return
    if not name_them:
        raise found[0][1]
    kind = Conflict if all(isinstance(refusal, Conflict) for _name, refusal in found) else RuleViolation
    lines = " ".join(f"{name}: {refusal.reason}" for name, refusal in found)
    raise kind(_("Tidak ada yang disimpan. %(lines)s", lines=lines))


def seat(enrollment: Enrollment) -> None:
    """Make the attendee of a seat; somebody who had left comes back as the same attendee, with all that happened before."""
    attendee = queries.find_attendee(enrollment.batch.id, enrollment.trainee.id)
    if attendee is None:
        db.session.add(Attendee(batch=enrollment.batch, kind=AttendeeKind.TRAINEE, trainee=enrollment.trainee, joined_at=clock.now()))
    else:
        attendee.left_at = None


def decided(held: Enrollment, by: Actor) -> None:
    """Keep who decided, and when."""
    held.decided_at, held.decided_by_id, held.decided_label = clock.now(), by.id, by.label


def record(action: str, held: Enrollment, by: Actor, *, note: str = "", details: dict[str, Any] | None = None) -> None:
    """Record an act about one enrollment and its person."""
    audit.record(action, held, by=by, note=note, details=details, person_id=held.trainee_id)


def offer(held: Enrollment, by: Actor) -> Enrollment:
    """Keep a seat for somebody who waits, and tell."""
    move(held, S.OFFERED, by)
    messages.seat_offered(held)
    return held


def offer_what_is_free(batch: Batch, by: Actor) -> None:
    """Offer free seats to the first of the queue, where admission is automatic and the batch still takes people."""
    if batch.admission is not Admission.AUTOMATIC or batch.status not in {BatchStatus.OPEN, BatchStatus.CLOSED}:
        return
    db.session.flush()
    free = batch.quota - queries.count_seats(batch.id)
    for enrollment_id in queries.queue_of(batch.id)[: max(0, free)]:
        offer(queries.lock_enrollment(enrollment_id), by)


def id_of(row: Any) -> int:
    """Return the number of a row without reading it again."""
    return inspect(row).identity[0]
