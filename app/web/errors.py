"""Everything that goes wrong becomes one page (or one problem document for programs) in Indonesian, with a
number to quote.
"""

import json
import logging
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError

from app.core.errors import DomainError, TooManyTries
from app.core.text import Text, _
from app.core.unit_of_work import is_transient

log = logging.getLogger(__name__)

SENTENCES: dict[int, tuple[Text, Text]] = {
    400: (
        _("Permintaan tidak dapat dibaca"),
        _("Alamat atau isian yang dikirim tidak lengkap. Kembali dan coba sekali lagi."),
    ),
    401: (_("Masuk dahulu"), _("Anda perlu masuk untuk melihat bagian ini.")),
    403: (
        _("Halaman sudah kedaluwarsa"),
        _("Halaman ini terlalu lama terbuka, atau Anda masuk lagi sesudahnya. Muat ulang, lalu kirim lagi."),
    ),
    404: (_("Halaman tidak ditemukan"), _("Alamat ini tidak ada, atau tidak terbuka untuk akun Anda.")),
    405: (_("Cara ini tidak dapat dipakai"), _("Buka halaman ini dari menu, bukan dari alamatnya.")),
    409: (
        _("Tidak cocok dengan yang tersimpan"),
        _("Data ini baru saja diubah. Muat ulang halaman, lalu periksa."),
    ),
    413: (_("Kiriman terlalu besar"), _("Berkas atau isian ini terlalu besar. Kirim yang lebih kecil.")),
    415: (_("Bentuk kiriman tidak dikenal"), _("Isi kiriman harus dalam bentuk JSON.")),
    422: (_("Belum dapat dilakukan"), _("Ada isian yang belum sesuai.")),
    429: (_("Terlalu banyak percobaan"), _("Tunggu sebentar, lalu coba lagi.")),
    500: (
        _("Terjadi kesalahan di pihak kami"),
        _("Isian Anda belum tersimpan. Coba lagi; bila tetap gagal, sebutkan nomor di bawah."),
    ),
    503: (_("Sedang sibuk"), _("Sistem sedang melayani banyak orang. Coba lagi beberapa detik lagi.")),
}

NOT_FOUND_BY_VISITORS = _(
    "Alamat ini tidak ada. Periksa penulisannya, atau masuk dahulu bila halaman ini bagian dari akun Anda."
)

# What a program reads instead: it has neither menu nor page, and does not go back.
FOR_PROGRAMS: dict[int, tuple[Text, Text]] = {
    400: (
        _("Permintaan tidak dapat dibaca"),
        _("Alamatnya atau isi kiriman tidak dapat dibaca. Isi dikirim sebagai JSON yang utuh dalam UTF-8."),
    ),
    401: (
        _("Token diperlukan"),
        _(
            "Token tidak ada, keliru, atau sudah berakhir. Buat token lewat POST /api/v1/tokens, lalu kirim"
            " pada header Authorization sesudah kata Bearer."
        ),
    ),
    404: (_("Tidak ditemukan"), _("Alamat ini tidak ada, atau tidak terbuka untuk akun Anda.")),
    405: (
        _("Cara ini tidak dapat dipakai"),
        _("Alamat ini tidak mengenal cara itu. Yang dikenal disebut header Allow."),
    ),
    409: (_("Tidak cocok dengan yang tersimpan"), _("Data ini baru saja diubah. Baca lagi, lalu periksa.")),
    415: (_("Bentuk kiriman tidak dikenal"), _("Kirim sebagai application/json.")),
    500: (
        _("Terjadi kesalahan di pihak kami"),
        _("Tidak ada yang tersimpan. Coba lagi; bila tetap gagal, sebutkan reference."),
    ),
}


def init_errors(app: Flask) -> None:
    """Register the answers to every kind of failure."""
    app.register_error_handler(DomainError, on_refusal)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(IntegrityError, lambda _error: failure(409))
    app.register_error_handler(DBAPIError, on_database_error)
    app.register_error_handler(UnicodeError, lambda _error: failure(400))
    app.register_error_handler(Exception, on_exception)
    app.after_request(name_the_address)


def on_refusal(refusal: DomainError, *, errors: Any = None) -> Response:
    """Answer a refusal that no form has shown."""
    answer = failure(refusal.status, detail=str(refusal.reason), errors=errors)
    if isinstance(refusal, TooManyTries):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def on_http_error(error: HTTPException) -> Any:
    """Answer what Flask and its extensions raise; redirects pass."""
    if error.code is None or error.code < 400:
        return error
    if (
        isinstance(error, SecurityError) and not for_programs()
    ):  # a host that is not ours: no address of ours can be written on a page
        return Response(str(SENTENCES[400][1]), 400, content_type="text/plain; charset=utf-8")
    answer = failure(403 if isinstance(error, CSRFError) else error.code)
    if error.response is None:
        for name, value in error.get_headers():
            if name in ("Allow", "Content-Range", "Retry-After", "WWW-Authenticate"):
                answer.headers[name] = value
    return answer


def on_database_error(error: DBAPIError) -> Any:
    """Answer a busy database with 503 and a time to come back, anything else with 500."""
    if is_transient(error) or error.connection_invalidated:
        answer = failure(503)
        answer.headers["Retry-After"] = "2"
        return answer
    return on_exception(error)


def on_exception(error: Exception) -> Any:
    """Log a fault with its number and show the number."""
    log.error("request %s failed", getattr(g, "request_id", "-"), exc_info=error)
    return failure(500)


def for_programs() -> bool:
    """Return whether a program asks, by the address."""
    return request.path.startswith("/api/")


def name_the_address(answer: Response) -> Response:
    """Write the page of a redirect in Indonesian, too.

    Programs are sent nowhere: an address that only resembles one (`//`) is none.
    """
    if 300 <= answer.status_code < 400 and answer.location and answer.mimetype == "text/html":
        if for_programs():
            return failure(404)
        answer.set_data(
            current_app.jinja_env.get_template("errors/_moved.html").render(address=answer.location)
        )
    return answer


def sentence_of(status: int, *, is_program: bool = False) -> tuple[Text, Text]:
    """Return title and sentence of a failure, for people or for programs; a status without words of its own
    has those of its kind.
    """
    known = status if status in SENTENCES else (400 if status < 500 else 500)
    return (FOR_PROGRAMS.get(known) if is_program else None) or SENTENCES[known]


def failure(status: int, *, detail: str | None = None, errors: Any = None) -> Response:
    """Return the page, or for /api/ the problem document (RFC 9457), of a failure."""
    title, sentence = sentence_of(status, is_program=for_programs())
    if status == 404 and sentence is SENTENCES[404][1] and not current_user.is_authenticated:
        sentence = NOT_FOUND_BY_VISITORS
    reference = getattr(g, "request_id", None) if status >= 500 else None
    if for_programs():
        problem = {
            "type": "about:blank",
            "title": str(title),
            "status": status,
            "detail": detail or str(sentence),
        }
        problem |= {"errors": errors} if errors else {}
        problem |= {"reference": reference} if reference else {}
        return Response(
            json.dumps(problem, ensure_ascii=False), status, content_type="application/problem+json"
        )
    page = render_template(
        "errors/error.html", title=title, message=detail or sentence, what_next=None, reference=reference
    )
    return Response(page, status, content_type="text/html; charset=utf-8")
