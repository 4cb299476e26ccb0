"""What a code is worth today, said alike by the page, its JSON and the API; how often codes that nobody has
are answered.
"""

from typing import Any

from flask import request

from app.certificates import delivery, queries
from app.certificates.document import public_lines
from app.certificates.models import Certificate
from app.certificates.rules import (
    UNKNOWN_CODES_PER_ADDRESS,
    UNKNOWN_CODES_WINDOW,
    Verdict,
    network_of,
    read_code,
    verdict_of,
)
from app.core import throttle
from app.core.dates import wait_words
from app.core.errors import TooManyTries
from app.core.text import Text, _

UNKNOWN = _("Kode ini tidak ada di register. Periksa kembali penulisannya.")

# What a program is told of a certificate, by the name in the frozen copy.
PUBLIC_FACTS = (
    "name",
    "course",
    "course_title",
    "tier",
    "batch",
    "lesson_hours",
    "starts_on",
    "ends_on",
    "place",
    "fieldwork_place",
    "issued_on",
    "issued_at_place",
    "organiser",
    "government",
    "grade",
    "kind",
    "member_number",
    "position",
    "duty_desa",
    "duty_kecamatan",
)


def find_typed(typed: str) -> Certificate | None:
    """Return the certificate whose code was typed, however it is written."""
    code = read_code(typed)
    return queries.find_by_code(code) if code else None


def verdict_today(certificate: Certificate) -> tuple[Verdict, bool]:
    """Return what a certificate is worth today, and whether the stored facts are those of the
    day of issue.
    """
    sealed = delivery.is_sealed(certificate)
    return (
        verdict_of(
            revoked_on=certificate.revoked_on,
            is_superseded=certificate.superseded_by is not None,
            is_sealed=sealed,
        ),
        sealed,
    )


def successor_of(certificate: Certificate, verdict: Verdict) -> Certificate | None:
    """Return the last certificate of the line that page and program name, or None: there is none, or it is
    revoked like this one.
    """
    last = queries.last_of_chain(certificate)
    return None if last is certificate or (verdict is Verdict.REVOKED and last.revoked_on) else last


def desa_named(certificate: Certificate, verdict: Verdict) -> str | None:
    """Return where the holder of a valid certificate serves."""
    desa = queries.desa_served(certificate) if verdict is Verdict.VALID else None
    return desa.full_name if desa else None


def describe_to_programs(certificate: Certificate) -> dict[str, Any]:
    """Return what a program is told of a known certificate."""
    verdict, sealed = verdict_today(certificate)
    successor = successor_of(certificate, verdict)
    return {
        "verdict": verdict.value,
        "number": certificate.number,
        "facts": public_facts(certificate.facts) if sealed else None,
        "printed": printed_for_all(certificate.facts) if sealed else [],
        "revoked_on": certificate.revoked_on.isoformat() if certificate.revoked_on else None,
        "superseded_by": successor.number if successor else None,
        "serves_in": desa_named(certificate, verdict),
    }


def public_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a program may know: what is printed, without birth date and place."""
    return {
        **{name: facts[name] for name in PUBLIC_FACTS},
        "signer": facts["signer"]["name"],
        "signer_position": facts["signer"]["position"],
    }


def printed_for_all(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is printed but birth, label by label in the order of the paper: what the page shows, to be
    compared line by line.
    """
    return [{"label": str(each.label), "lines": list(each.lines)} for each in public_lines(facts)]


def count_unknown() -> int:
    """Count a wrong code by the address of this request; return 0 when it may be answered, else the seconds
    until it may.

    Only wrong codes count and only their answer is withheld: a certificate in somebody's hand is answered
    even where a stranger behind the same address guesses. What keeps guessing hopeless are the 65 bits of a
    code.
    """
    address = network_of(request.remote_addr)
    try:
        throttle.check(
            "unknown code", address, at_most=UNKNOWN_CODES_PER_ADDRESS, within=UNKNOWN_CODES_WINDOW
        )
    except TooManyTries as refusal:
        return refusal.retry_after
    throttle.count("unknown code", address)
    return 0


def describe_wait(wait: int) -> Text:
    """Say when the next code that nobody has is answered."""
    return _(
        "Terlalu banyak kode yang tidak dikenal dari alamat ini. Coba lagi dalam %(wait)s.",
        wait=wait_words(wait),
    )
