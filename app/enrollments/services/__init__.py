"""Asking for seats, giving them, keeping them for somebody, taking them back. Every move holds the batch first, then reads anew."""

from app.enrollments.services.asking import enroll, enroll_many, may_enroll, may_see, submit_enrollment
from app.enrollments.services.deciding import (
    accept_and_waitlist,
    accept_enrollment,
    accept_many,
    answer_own,
    call_enrollment,
    confirm_enrollment,
    end_absent,
    offer_seat,
    refusal_of_absence,
    reject_enrollment,
    restore_enrollment,
    return_enrollment,
    verify_enrollment,
    waitlist_enrollment,
    waitlist_many,
    withdraw,
)
from app.enrollments.services.following import connect_ports
from app.enrollments.services.joining import Draft, after_sending, answered, enroll_oneself, join, new_draft, seal, unseal
from app.enrollments.services.queue import eligible_queue, keep_up, keep_up_all, serve_queue, waits_for_first_day
from app.enrollments.services.reminding import list_batches_to_remind, remind
from app.enrollments.services.results import end_seats, resume_seats

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
    "eligible_queue",
    "end_absent",
    "end_seats",
    "enroll",
    "enroll_many",
    "enroll_oneself",
    "join",
    "keep_up",
    "keep_up_all",
    "list_batches_to_remind",
    "may_enroll",
    "may_see",
    "new_draft",
    "offer_seat",
    "refusal_of_absence",
    "reject_enrollment",
    "remind",
    "restore_enrollment",
    "resume_seats",
    "return_enrollment",
    "seal",
    "serve_queue",
    "submit_enrollment",
    "unseal",
    "verify_enrollment",
    "waitlist_enrollment",
    "waitlist_many",
    "waits_for_first_day",
    "withdraw",
]
