"""What every decision about an enrollment does: hold the batch, ask the table of acts, hold the rows, refuse,
move, seat, record.
"""

from collections.abc import Collection
from typing import Any

from app.audit import services as audit
from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict, DomainError, NotFound, RuleViolation
from app.core.text import _
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import id_of
from app.courses.services import lock_for
from app.enrollments import ports, queries, rules
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import AttendeeKind, EnrollmentStatus
from app.extensions import db
from app.notifications import services as notifications
from app.notifications.rules import PersonKind
from app.trainees.queries import same_person_ids

S = EnrollmentStatus


def hold(enrollment: Enrollment, act: Act) -> tuple[Batch, Enrollment]:
    """Lock the batch, then the enrollment; both are read anew, so that the decision is about what is true
    now.

    Raises what the table of acts refuses, and Conflict for an enrollment that something has ended.
    """
    enrollment_id = id_of(enrollment)
    batch = lock_for(act, enrollment.batch_id)
    held = queries.lock_enrollment(enrollment_id)
    refuse_ended(held)
    return batch, held


def hold_many(batch: Batch, ids: Collection[int], act: Act) -> tuple[Batch, list[Enrollment]]:
    """Lock the batch, then these enrollments of it; raise NotFound when one belongs elsewhere, RuleViolation
    for an empty choice.
    """
    held_batch = lock_for(act, batch)
    chosen = queries.lock_enrollments(held_batch.id, set(ids))
    if not ids:
        raise RuleViolation(_("Pilih sedikitnya satu pendaftaran."))
    if len(chosen) != len(set(ids)):
        raise NotFound(_("Salah satu pendaftaran bukan bagian dari angkatan ini."))
    for held in chosen:
        refuse_ended(held)
    return held_batch, chosen


def refuse_ended(held: Enrollment) -> None:
    """Raise Conflict, with what ended it, for an enrollment that is in force no longer."""
    end = queries.end_of(held)
    if end is not None:
        raise Conflict(
            _("Pendaftaran %(name)s sudah berakhir: %(end)s.", name=held.name, end=str(end.label).lower())
        )


def move(
    held: Enrollment, to: EnrollmentStatus, by: Actor, *, reason: str = "", needs_reason: bool = False
) -> Enrollment:
    """Pass to another state, with who decided and when; refuse what the table does not allow, or a reason
    that says nothing.
    """
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
    """Raise Conflict for what was decided before, RuleViolation for any other move that the table does not
    know.
    """
    if refusal := rules.refusal_to_move(held.status, to):
        raise (Conflict if rules.is_already_so(held.status, to) else RuleViolation)(refusal)


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
    """Make the attendee of a seat; somebody who had left comes back as the same attendee, with all that
    happened before.

    Whoever had left before the first day has the seat only from now on.
    """
    attendee = queries.find_attendee(enrollment.batch.id, enrollment.trainee.id)
    if attendee is None:
        db.session.add(
            Attendee(
                batch=enrollment.batch,
                kind=AttendeeKind.TRAINEE,
                trainee=enrollment.trainee,
                joined_at=clock.now(),
            )
        )
        return
    if (
        attendee.left_at is not None
        and clock.local_day(attendee.left_at, enrollment.batch.zone) < enrollment.batch.starts_on
    ):
        attendee.joined_at = clock.now()
    attendee.left_at = None


def leave(enrollment: Enrollment, by: Actor) -> None:
    """Let the attendee of a seat leave; what happened so far stays, what is planned for them (a PKL place) is
    freed.
    """
    attendee = queries.find_attendee(enrollment.batch_id, enrollment.trainee_id)
    if attendee is None or attendee.left_at is not None:
        return
    attendee.left_at = clock.now()
    db.session.flush()
    ports.attendee_left(attendee.id, by)


def decided(held: Enrollment, by: Actor) -> None:
    """Keep who decided, and when."""
    held.decided_at, held.decided_by_id, held.decided_label = clock.now(), by.id, by.label


def undecided(held: Enrollment) -> None:
    """Wait for a decision: nobody has made one yet."""
    held.decided_at = held.decided_by_id = held.decided_label = None


def record(
    action: str, held: Enrollment, by: Actor, *, note: str = "", details: dict[str, Any] | None = None
) -> None:
    """Record an act about one enrollment and its person.

    What she was not told yet about the batch is overtaken by it.
    """
    notifications.overtake(PersonKind.TRAINEE, same_person_ids(held.trainee), batch_id=held.batch_id)
    audit.record(action, held, by=by, note=note, details=details, person_id=held.trainee_id)
