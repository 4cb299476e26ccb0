"""What every answer carries: a request number, a policy that lets nothing foreign run, no caching of personal
pages.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter

from app.core import tracing

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
IN_PRODUCTION = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """An id that the database can hold.

    A larger number is read as 0, the id of no row: unknown to every method of its address.
    """

    def to_python(self, value: str) -> int:
        digits = value.lstrip("0")
        number = int(digits or "0") if len(digits) <= len(str(LARGEST_ID)) else 0
        return number if number <= LARGEST_ID else 0


def headers_of_all(*, production: bool) -> dict[str, str]:
    """Return what every answer carries, the static files among them, which no view answers."""
    return {**ALWAYS, **(IN_PRODUCTION if production else {})}


def headers_of_files(*, production: bool) -> Callable[[Any, str, str], None]:
    """Return the function by which static files get their headers: once, when the file is found."""

    def add(headers: Any, _path: str, _address: str) -> None:
        for name, value in headers_of_all(production=production).items():
            headers[name] = value

    return add


def init_headers(app: Flask, *, production: bool) -> None:
    """Register the checks before and the headers after every request."""
    app.url_map.converters["int"] = RowId

    @app.before_request
    def number_the_request() -> None:
        g.request_id = secrets.token_hex(6)
        tracing.request_id.set(g.request_id)

    @app.before_request
    def refuse_null_characters() -> None:
        of_api = request.path.startswith("/api/")  # the API answers with the name of the parameter
        arguments = [] if of_api else request.args.lists()
        texts = [request.path, *(text for name, values in arguments for text in [name, *values])]
        if any("\0" in text for text in texts):
            raise BadRequest

    @app.teardown_request
    def forget_the_number(_error: BaseException | None) -> None:
        tracing.request_id.set(None)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in headers_of_all(production=production).items():
            headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            headers.setdefault(
                "Cache-Control", "private, no-cache" if shows_a_form_again(response) else "no-store"
            )
            headers.add("Vary", "Cookie")
        if getattr(g, "request_id", None):
            headers.setdefault("X-Request-Id", g.request_id)
        return response


def shows_a_form_again(response: Response) -> bool:
    """Return whether this answers a form with the form or with a refusal: going back to it later, a browser
    shows it as it was.

    It cannot ask for such a page again, so it shows an error (ERR_CACHE_MISS) where `no-store` forbade
    it to store the page. What it stores it forgets at signing out. Pages that show a secret after a press are
    none of these.
    """
    if request.method != "POST" or response.mimetype != "text/html":
        return False
    return response.status_code >= 400 or (response.status_code == 200 and bool(g.get("form_shown_again")))


def safe_filename(name: str) -> str:
    """Return a name that survives every header and file system."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:150] or "berkas"


def shown_pdf(content: bytes, name: str) -> Response:
    """Answer with a PDF that the browser shows, and saves under this name."""
    answer = Response(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{safe_filename(name)}"'
    return answer
