"""Asking for seats, giving them, keeping them for somebody, taking them back. Every move holds the batch first, then reads anew."""

from app.core.text import Text
from app.courses import ports as courses_ports
from app.enrollments import queries, rules
from app.enrollments.services.asking import enroll, enroll_many, may_enroll, may_see, submit_enrollment
from app.enrollments.services.deciding import (
    accept_and_waitlist,
    accept_enrollment,
    accept_many,
    answer_own,
    call_enrollment,
    confirm_enrollment,
    lapse_offer,
    offer_seat,
    reject_enrollment,
    return_enrollment,
    verify_enrollment,
    waitlist_enrollment,
    waitlist_many,
    withdraw,
)
from app.enrollments.services.joining import Draft, after_sending, answered, enroll_oneself, join, new_draft, seal, unseal
from app.trainees import ports as trainees_ports

__all__ = [
    "Draft",
    "accept_and_waitlist",
    "accept_enrollment",
    "accept_many",
    "after_sending",
    "answer_own",
    "answered",
    "call_enrollment",
    "confirm_enrollment",
    "connect_ports",
    "enroll",
    "enroll_many",
    "enroll_oneself",
    "join",
    "lapse_offer",
    "may_enroll",
    "may_see",
    "new_draft",
    "offer_seat",
    "refusal_to_merge",
    "reject_enrollment",
    "return_enrollment",
    "seal",
    "submit_enrollment",
    "unseal",
    "verify_enrollment",
    "waitlist_enrollment",
    "waitlist_many",
    "withdraw",
]


def connect_ports() -> None:
    """Answer what lower packages ask: seats taken of a batch, and whether two people sit in one batch."""
    if queries.seats_by_batch not in courses_ports.SEAT_COUNTERS:
        courses_ports.SEAT_COUNTERS.append(queries.seats_by_batch)
    if refusal_to_merge not in trainees_ports.seat_holders:
        trainees_ports.seat_holders.append(refusal_to_merge)


def refusal_to_merge(duplicate_id: int, canonical_id: int) -> Text | None:
    """Say why two records cannot be one person's: both hold a seat in one batch."""
    return rules.refusal_to_merge(queries.batch_seating_both(duplicate_id, canonical_id))
