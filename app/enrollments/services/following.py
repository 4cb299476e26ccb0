"""What decisions below mean for seats: about a batch (cancelled, changed) and about a person (standing,
place, identity).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.audit import services as audit
from app.core.actor import Actor
from app.core.dates import date_range
from app.core.text import Text, _, shortlist
from app.courses import ports as courses_ports
from app.courses.lines import known_of_batch
from app.courses.queries import is_over as batch_is_over
from app.courses.queries import lock_batch
from app.courses.rules import BatchStatus
from app.enrollments import messages, queries, rules
from app.enrollments.models import Enrollment
from app.enrollments.rules import (
    BEFORE_SEAT,
    HOLDING,
    NOT_SERVING,
    SEATED,
    EnrollmentStatus,
    SeatEnd,
    waiting_order,
)
from app.enrollments.services.ending import end, end_all
from app.enrollments.services.parting import notify_both, resume_both
from app.enrollments.services.queue import serve_elsewhere, serve_queue, waits_for_first_day
from app.enrollments.services.resuming import resume_after_mistake, resume_over
from app.extensions import db
from app.notifications import services as notifications
from app.notifications.rules import PersonKind
from app.trainees.models import Trainee
from app.trainees.queries import lock_trainees
from app.trainees.rules import TraineeStatus


class Seats:
    """Follows decisions about batches."""

    def batch_cancelled(self, batch_id: int, *, reason: str, by: Actor) -> None:
        batch = lock_batch(batch_id)
        people = [held.trainee_id for held in queries.list_in_force(batch_id)]
        end_all(batch, SeatEnd.CANCELLED, by=by, reason=reason)
        for held in queries.list_ended(batch_id, None, SeatEnd.OVER):
            if messages.is_untold(held):  # that it is over; that it was called off, and why, is told instead
                end(held, SeatEnd.CANCELLED, by=by, reason=reason)
        serve_elsewhere(batch, people, by)

    def batch_changed(
        self,
        batch_id: int,
        changes: Sequence[courses_ports.Change],
        *,
        moved_days: int,
        by: Actor,
        about: courses_ports.AboutSession | None = None,
    ) -> None:
        batch = lock_batch(batch_id)
        other_days = next((was for what, was, _now in changes if what == courses_ports.DAYS), None)
        told = resume_over(batch, by) if other_days else set()
        for held in queries.list_in_force(batch_id):
            if held.id not in told and not queries.is_over(held):
                asked_again = (
                    other_days is not None
                    and held.status is EnrollmentStatus.CONFIRMED
                    and waits_for_first_day(batch)
                )
                if asked_again:  # who agreed to other days has not agreed to these
                    held.status = EnrollmentStatus.ACCEPTED
                    audit.record(
                        queries.ASKED_AGAIN,
                        held,
                        by=by,
                        details={"days": other_days},
                        person_id=held.trainee_id,
                    )
                known = (
                    about.known
                    if about and about.known
                    else replace(known_of_batch(changes), asks=asked_again)
                )
                if (
                    messages.plan_changed(held, known, of_session=about is not None)
                    and held.status is EnrollmentStatus.ACCEPTED
                ):
                    held.status = EnrollmentStatus.CONFIRMED
                    audit.record(queries.NOT_ASKED_AGAIN, held, by=by, person_id=held.trainee_id)
        serve_queue(batch, by)
        seated = [held.trainee_id for held in queries.list_in_force(batch_id) if held.status in SEATED]
        serve_elsewhere(batch, seated, by)  # other days may leave them free for another batch

    def refusal_of_days(self, batch_id: int, starts_on: date, ends_on: date) -> Text | None:
        seated = [held for held in queries.list_in_force(batch_id) if held.status in SEATED]
        family = queries.family_of([held.trainee_id for held in seated])
        busy = {
            seat.person_id: seat.code
            for seat in queries.seats_of(family, used=True)
            if seat.batch_id != batch_id and seat.overlaps(starts_on, ends_on)
        }
        names = [
            f"{held.name} ({busy[family[held.trainee_id]]})"
            for held in seated
            if family[held.trainee_id] in busy
        ]
        if not names:
            return None
        return _(
            "Pada tanggal itu sudah mempunyai tempat di angkatan lain: %(names)s. Batalkan salah satunya"
            " dahulu.",
            names=shortlist(names, 5),
        )

    def concerned(
        self, batch_id: int, about: courses_ports.AboutSession | None = None
    ) -> list[tuple[Text, int]]:
        held = [each for each in queries.list_enrollments_in_force(batch_id) if not queries.is_over(each)]
        waiting = sum(each.status is EnrollmentStatus.WAITLISTED for each in held)
        return [
            (_("peserta yang mendapat tempat"), sum(each.status in HOLDING for each in held)),
            (_("cadangan"), waiting),
            (
                _("pendaftar yang menunggu keputusan"),
                sum(each.status in BEFORE_SEAT - {EnrollmentStatus.WAITLISTED} for each in held),
            ),
        ]


class People:
    """Follows decisions about people."""

    def hold(self, trainee_ids: Collection[int]) -> None:
        """Hold, before the people, the batches in which they have an enrollment in force or one that may come
        back.
        """
        for batch_id in queries.batches_asked_by(trainee_ids, queries.MAY_COME_BACK):
            lock_batch(batch_id)

    def follow(self, trainee_id: int, by: Actor) -> None:
        """End what somebody who serves no longer has asked for in batches that have not begun; serve every
        queue concerned.

        What has begun stays as it is: what somebody did there is decided by the office.
        """
        db.session.flush()
        family = queries.family_of([trainee_id])
        if any(record.status is TraineeStatus.DECEASED for record in queries.lock_people([trainee_id])):
            notifications.overtake(PersonKind.TRAINEE, family)
        for batch_id in queries.batches_asked_by([trainee_id]):
            batch = lock_batch(batch_id)
            for held in queries.list_in_force(batch_id, family):
                has_begun = not waits_for_first_day(batch) and batch.status is not BatchStatus.DRAFT
                if counting(held.trainee).status in NOT_SERVING and (
                    held.status not in SEATED or not has_begun
                ):
                    end(held, SeatEnd.NOT_SERVING, by=by, reason=str(counting(held.trainee).status.label))
            serve_queue(batch, by)

    def take_back(self, trainee_id: int, status: TraineeStatus, since: datetime, by: Actor) -> None:
        """Put in force again what a mistaken standing had ended, where the batch waits for its first day and
        a seat is free; tell.
        """
        resume_after_mistake(trainee_id, status, since, by)
        self.follow(trainee_id, by)

    def merge(self, duplicate_id: int, canonical_id: int, by: Actor) -> None:
        """End the weaker of two enrollments of one person: in one batch, or waiting for a tier in which the
        other has a seat.
        """
        db.session.flush()
        records = [duplicate_id, canonical_id]
        mine = [
            held
            for batch_id in queries.batches_asked_by(records)
            for held in queries.list_in_force(batch_id, records)
        ]
        ended: list[tuple[Enrollment, Enrollment]] = []
        for held in mine:
            others = (other for other in mine if other.trainee_id != held.trainee_id and other.is_in_force)
            if kept := next((other for other in others if _is_stronger(other, held)), None):
                end(held, SeatEnd.MERGED, by=by, reason=str(_kept_words(held, kept)), tell=False)
                ended.append((held, kept))
        self.follow(canonical_id, by)
        for held, kept in ended:
            messages.records_joined(held, kept)

    def undo_merge(self, duplicate_id: int, canonical_id: int, since: datetime, by: Actor) -> None:
        """Put in force again what the merge had ended, and let the news of each go to whom it is about."""
        ended = resume_both(duplicate_id, canonical_id, since, by)
        for person_id in (duplicate_id, canonical_id):
            self.follow(person_id, by)
        notify_both(duplicate_id, canonical_id, since, ended)


def refusal_to_merge(duplicate_id: int, canonical_id: int) -> Text | None:
    """Say why two records cannot be one person's: both hold seats that no one person can have, or one may
    still earn a second result.
    """
    if both := queries.seats_that_exclude(duplicate_id, canonical_id):
        return rules.refusal_to_merge(*both)
    code = queries.put_off_beside(duplicate_id, canonical_id)
    return rules.refusal_to_merge(code, code, is_put_off=True) if code else None


def counting(trainee: Trainee) -> Trainee:
    """Return the record that counts for this person."""
    return lock_trainees([trainee.canonical_id])[trainee.canonical_id] if trainee.canonical_id else trainee


def _kept_words(held: Enrollment, kept: Enrollment) -> Text:
    """Say which enrollment goes on in place of one that ended."""
    if batch_is_over(kept.batch):
        return _(
            "Tercatat sudah mengikuti diklat jenjang ini: angkatan %(code)s, %(days)s.",
            code=kept.batch.code,
            days=date_range(kept.batch.starts_on, kept.batch.ends_on),
        )
    if held.batch_id == kept.batch_id:
        return _("Pendaftaran yang lain pada angkatan ini tetap berlaku.")
    return _("Tempat di angkatan %(code)s tetap berlaku.", code=kept.batch.code)


def _is_stronger(other: Enrollment, held: Enrollment) -> bool:
    """Say whether the other enrollment of the same person makes this one superfluous: a seat before a place
    in the queue, that before a request, and of two of a kind the earlier one.
    """
    if other.batch_id != held.batch_id:
        return other.tier_id == held.tier_id and other.status in SEATED and held.status not in SEATED
    return _rank(other) < _rank(held)


def _rank(held: Enrollment) -> tuple[Any, ...]:
    is_waiting = held.status is EnrollmentStatus.WAITLISTED
    return (
        held.status not in HOLDING,
        not is_waiting,
        waiting_order(held.waiting_since or held.submitted_at, held.id),
    )
