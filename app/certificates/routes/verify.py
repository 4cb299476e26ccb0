"""The public check: a code opens every printed fact and what the sheet is worth today.

No account, no script, no cache.
"""

import json
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from app.certificates import checking, queries
from app.certificates.document import grouped_code
from app.certificates.models import Certificate
from app.certificates.routes.blueprint import bp
from app.certificates.routes.sheets import address_of
from app.certificates.routes.wording import rows_of
from app.certificates.rules import (
    TONES,
    Verdict,
    codes_in,
    read_number,
    refusal_of_code,
)
from app.core import clock
from app.core.text import _
from app.organisers.queries import get_organiser, names_by_unit
from app.web.access import public

LONGEST_SHOWN = 120  # as much as a report takes


@bp.get("/v/")
@bp.get("/V/", endpoint="ask_for_code_by_qr")
@public
def ask_for_code() -> Any:
    """Take the code that stands below the QR; a complete one goes to its own address, anything else is
    answered here.
    """
    typed = request.args.get("code", "").strip()
    if not typed:
        empty = _closed(
            Response(
                render_template("certificates/ask_for_code.html"), content_type="text/html; charset=utf-8"
            )
        )
        del empty.headers[
            "X-Robots-Tag"
        ]  # the empty form may be found: it is where a village secretary should arrive
        return empty
    codes = codes_in(typed)
    known = [each.code for each in queries.list_by_code(codes)]
    if len(known) > 1:
        return _several(typed, known)
    if not known and (number := read_number(typed)) is not None:
        return _number(typed, number)
    code = next(iter(known or codes), None)
    if code is None or (not known and len(codes) > 1):
        return _unknown(typed)
    return _closed(redirect(url_for("certificates.verify_certificate", code=code), 302))


@bp.get("/V/<code>", endpoint="verify_certificate_by_qr", strict_slashes=False)
@bp.get("/v/<code>", strict_slashes=False)
@public
def verify_certificate(code: str) -> Any:
    """Say what the certificate with this code is worth; a code that nobody has is unknown, never forged."""
    certificate = checking.find_typed(code)
    if certificate is None:
        return _unknown(code)
    if code != certificate.code and not _wants_json():
        return _closed(redirect(url_for("certificates.verify_certificate", code=certificate.code), 302))
    return _known(certificate)


def _known(certificate: Certificate) -> Response:
    if _wants_json():
        return _json(checking.describe_to_programs(certificate))
    verdict, sealed = checking.verdict_today(certificate)
    successor = checking.successor_of(certificate, verdict)
    page = render_template(
        "certificates/verify_certificate.html",
        verdict=verdict,
        tone=TONES[verdict],
        certificate=certificate,
        rows=rows_of(certificate.facts) if sealed else [],
        successor=successor,
        replaced_on=(
            clock.local_day(certificate.superseded_at, certificate.batch.zone)
            if certificate.superseded_at
            else None
        ),
        last=queries.last_of_chain(certificate),
        serves_in=checking.desa_named(certificate, verdict),
        checked_at=clock.now(),
        address=address_of(certificate),
    )
    return _closed(Response(page, content_type="text/html; charset=utf-8"))


def _unknown(typed: str) -> Response:
    """Answer a code that nobody has; from an address that has tried many, not for a while.

    What is no code yet is told so, and is no guess.
    """
    if not _wants_json() and (incomplete := refusal_of_code(typed)):
        return _page_of(typed, incomplete=incomplete)
    wait = checking.count_unknown()
    status = 429 if wait else 404
    sentence = checking.describe_wait(wait)
    if _wants_json() and wait:
        problem = {
            "type": "about:blank",
            "title": str(_("Terlalu banyak percobaan")),
            "status": 429,
            "detail": str(sentence),
        }
        answer = _json(problem, status, kind="application/problem+json")
    elif _wants_json():
        answer = _json(
            {
                "verdict": Verdict.UNKNOWN.value,
                "number": None,
                "facts": None,
                "revoked_on": None,
                "superseded_by": None,
            },
            status,
        )
    else:
        answer = _page_of(typed, status, sentence=sentence if wait else None)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _number(typed: str, number: str) -> Response:
    """Answer the number of a certificate: alike for numbers that were given and for others, with the offices
    that give such numbers.

    It is no guess at a code, so it does not count as one.
    """
    offices = names_by_unit(number.split("/"), clock.now().date())
    if _wants_json():
        return _unknown(typed)
    issuer = get_organiser(offices[0].organiser_id) if len(offices) == 1 else None
    return _page_of(typed, offices=offices, region=issuer.region.code if issuer else None)


def _several(typed: str, codes: list[str]) -> Response:
    """Answer a text that holds the codes of several certificates: each can be opened."""
    return (
        _unknown(typed)
        if _wants_json()
        else _page_of(typed, 200, codes=[(code, grouped_code(code)) for code in codes])
    )


def _page_of(typed: str, status: int = 404, **more: Any) -> Response:
    page = render_template(
        "certificates/unknown_code.html",
        verdict=Verdict.UNKNOWN,
        unknown=checking.UNKNOWN,
        typed=typed[:LONGEST_SHOWN],
        checked_at=clock.now(),
        **more,
    )
    return _closed(Response(page, status, content_type="text/html; charset=utf-8"))


def _wants_json() -> bool:
    wanted = request.accept_mimetypes
    return wanted["application/json"] > wanted["text/html"]


def _json(answer: dict[str, Any], status: int = 200, kind: str = "application/json") -> Response:
    return _closed(Response(json.dumps(answer, ensure_ascii=False), status, content_type=kind))


def _closed(response: Any) -> Response:
    """Keep the answer out of search engines, caches and the Referer of what is opened next."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers.add("Vary", "Accept")
    return response
