"""Ask something of the office, and answer it."""

from app.petitions.services.answering import answer_petition, answers_for, hand_out_code, may_record_anew
from app.petitions.services.asking import (
    ask_for_code,
    ask_for_name,
    claim_record,
    connect_ports,
    report_certificate,
    said_of_claim,
    settle,
)

__all__ = [
    "answer_petition",
    "answers_for",
    "ask_for_code",
    "ask_for_name",
    "claim_record",
    "connect_ports",
    "hand_out_code",
    "may_record_anew",
    "report_certificate",
    "said_of_claim",
    "settle",
]
