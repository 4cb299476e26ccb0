"""Ask something of the office, and answer it."""

from app.petitions.services.answering import (
    answer_petition,
    answers_for,
    forget_old,
    hand_out_code,
    lines_of,
    may_judge,
    may_record_anew,
    phone_is_taken,
)
from app.petitions.services.asking import (
    ask_for_code,
    ask_for_name,
    claim_record,
    connect_ports,
    report_certificate,
    said_of_claim,
    settle,
    suggest_correction,
)

__all__ = [
    "answer_petition",
    "answers_for",
    "ask_for_code",
    "ask_for_name",
    "claim_record",
    "connect_ports",
    "forget_old",
    "hand_out_code",
    "lines_of",
    "may_judge",
    "may_record_anew",
    "phone_is_taken",
    "report_certificate",
    "said_of_claim",
    "settle",
    "suggest_correction",
]
