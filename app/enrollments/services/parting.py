"""Two records that were taken for one person stand for themselves again: seats come back, and news goes to
whom it is about.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from app.core.actor import Actor
from app.core.text import _
from app.courses.acts import BatchState
from app.courses.queries import lock_batch, state_of
from app.enrollments import messages, queries
from app.enrollments.models import Enrollment
from app.enrollments.rules import STAYS_ATTENDEE, EnrollmentStatus, SeatEnd
from app.enrollments.services.ending import end
from app.enrollments.services.holding import record
from app.enrollments.services.resuming import reason_of_cancelling, resume_parted
from app.extensions import db
from app.notifications import services as notifications
from app.notifications.queries import list_since
from app.notifications.rules import PersonKind
from app.trainees.queries import is_oneself, lock_trainees

DECIDED = frozenset({BatchState.APPROVED, BatchState.CERTIFIED})  # what the meeting said is told by others
NOTIFIED_BY_OTHERS = STAYS_ATTENDEE | {SeatEnd.MERGED, SeatEnd.NOT_SERVING}


def resume_both(duplicate_id: int, canonical_id: int, since: datetime, by: Actor) -> set[int]:
    """Put in force again what the merge had ended, or the standing of the other record since, unless the
    person has another enrollment in that batch. Returns the ids of what had ended.
    """
    pair = [duplicate_id, canonical_id]
    ended = {held.id for held in queries.list_ended_by_standing(pair, since)} | _resume_merged(pair, by)
    for one, other in (pair, pair[::-1]):
        resume_parted(one, other, since, by)
    return ended


def _resume_merged(pair: Collection[int], by: Actor) -> set[int]:
    ended = queries.list_ended_by_merge(pair)
    for held in ended:
        batch = lock_batch(held.batch_id)
        family = queries.family_of([held.trainee_id])
        others = queries.list_in_force(batch.id, family)
        if not others and _went_another_way(held, queries.enrollments_of(family)):
            continue
        if not others:
            held.ended_as = held.ended_at = held.ended_reason = None
            record("enrollment.resumed", held, by)
            if state_of(batch) is BatchState.CANCELLED:  # meanwhile: everybody else in it was told then
                end(held, SeatEnd.CANCELLED, by=by, reason=reason_of_cancelling(batch))
            elif queries.end_of(held) is SeatEnd.OVER:  # what came of it is no news any more
                end(held, SeatEnd.OVER, by=by, tell=False)
        elif all(
            other.trainee_id == held.trainee_id for other in others
        ):  # asked again meanwhile: that one counts
            held.status, held.ended_as, held.ended_at, held.ended_reason = (
                EnrollmentStatus.WITHDRAWN,
                None,
                None,
                None,
            )
            held.note = str(_("Digantikan pendaftaran yang baru pada angkatan ini."))
    db.session.flush()
    return {held.id for held in ended}


def _went_another_way(held: Enrollment, own: Iterable[Enrollment]) -> bool:
    """Say whether the same person took part in that batch by another enrollment, or asked anew after this
    one: what came of that counts.
    """
    others = (each for each in own if each.batch_id == held.batch_id and each.id != held.id)
    return any(queries.had_seat(each) or each.id > held.id for each in others)


def notify_both(duplicate_id: int, canonical_id: int, since: datetime, ended: Collection[int]) -> None:
    """Tell how it stands to those who were told otherwise meanwhile, or whose enrollment had ended; nobody
    else hears of a merge that nobody had told.
    """
    own = queries.enrollments_of([duplicate_id, canonical_id])
    tiers = {held.tier_id for held in own if held.id in ended}
    told = {held.id: held for held in own if held.tier_id in tiers and not queries.is_over(held)}
    told |= {held.id: held for held in _hand_over(duplicate_id, canonical_id, since)}
    told |= {held.id: held for held in own if _was_withdrawn_by_the_other(held, since)}
    for held in told.values():
        _notify(held)


def _was_withdrawn_by_the_other(held: Enrollment, since: datetime) -> bool:
    """Say whether an enrollment was withdrawn meanwhile from the account of the other record: its own person
    has heard nothing of it.
    """
    if held.status is not EnrollmentStatus.WITHDRAWN or held.decided_at is None or held.decided_at < since:
        return False
    if held.decided_by_id is None or is_oneself(held.trainee, held.decided_by_id):
        return False
    about = [messages.about(held.id)]
    return not list_since(
        PersonKind.TRAINEE, [held.trainee_id], held.decided_at, batch_id=held.batch_id, about=about
    )


def _hand_over(duplicate_id: int, canonical_id: int, since: datetime) -> list[Enrollment]:
    """Take from the record that counted what it was to be told, or was told, of the other one's enrollments;
    returns these.
    """
    mine = _by_batch(queries.enrollments_of([duplicate_id]))
    theirs = _by_batch(queries.enrollments_of(queries.family_of([canonical_id])))
    found = []
    for batch_id, rows in sorted(mine.items()):
        others = theirs.get(batch_id, [])
        is_alone = not others or (any(map(queries.had_seat, rows)) and not any(map(queries.had_seat, others)))
        about = [] if is_alone else [messages.about(held.id) for held in rows]
        news = list_since(PersonKind.TRAINEE, [canonical_id], since, batch_id=batch_id, about=about)
        if not news:
            continue
        notifications.overtake(PersonKind.TRAINEE, [canonical_id], batch_id=batch_id, about=about)
        if any(notice.told_at is not None or notice.message_id is not None for notice in news):
            messages.news_of_another(rows[0], lock_trainees([canonical_id])[canonical_id])
        found.append(next((held for held in rows if not queries.is_over(held)), rows[0]))
    return found


def _by_batch(enrollments: Iterable[Enrollment]) -> dict[int, list[Enrollment]]:
    found: dict[int, list[Enrollment]] = {}
    for held in enrollments:
        found.setdefault(held.batch_id, []).append(held)
    return found


def _notify(held: Enrollment) -> None:
    """Tell one person of the parting and how the own enrollment stands now, unless others tell what came of
    it.
    """
    is_over = queries.is_over(held)
    if (is_over and held.ended_as in NOTIFIED_BY_OTHERS) or (not is_over and state_of(held.batch) in DECIDED):
        return
    notifications.overtake(
        PersonKind.TRAINEE, [held.trainee_id], batch_id=held.batch_id, about=[messages.about(held.id)]
    )
    messages.records_parted(held)
