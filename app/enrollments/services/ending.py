"""What ends an enrollment, said once: it frees the seat, keeps what happened, tells the person why and where
to ask next.
"""

from app.core import clock
from app.core.actor import Actor
from app.courses.models import Batch
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import STAYS_ATTENDEE, SeatEnd
from app.enrollments.services.holding import leave, record
from app.extensions import db


def end(held: Enrollment, end_as: SeatEnd, *, by: Actor, reason: str = "", tell: bool = True) -> None:
    """End one enrollment of a batch that is held; its status stays what it was.

    Told to the person, unless somebody else tells.
    """
    held.ended_as, held.ended_at, held.ended_reason = end_as, clock.now(), reason.strip()[:500] or None
    if end_as not in STAYS_ATTENDEE:
        leave(held, by)
    db.session.flush()
    record(
        "enrollment.ended",
        held,
        by,
        note=reason,
        details={"status": held.status.value, "ended_as": end_as.value},
    )
    if tell:
        messages.enrollment_ended(held)


def end_all(batch: Batch, end_as: SeatEnd, *, by: Actor, reason: str = "") -> int:
    """End everything in force in a batch that is held; returns how many."""
    ended = queries.list_in_force(batch.id)
    for held in ended:
        end(held, end_as, by=by, reason=reason)
    return len(ended)
