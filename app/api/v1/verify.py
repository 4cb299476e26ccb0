"""Check a certificate by its code: for everybody, as the public page does."""

from typing import Any

from app.api.access import refuse_unknown_parameters
from app.api.blueprint import bp
from app.api.description import answers
from app.certificates import checking
from app.certificates.rules import refusal_of_code
from app.core.errors import NotFound, TooManyTries
from app.web.access import public


@bp.get("/verify/<code>")
@public
@answers("Verified")
@bp.doc(
    summary="Periksa sertifikat dengan kodenya, tanpa token",
    description=(
        "Kode dibaca seperti pada halaman pemeriksaan: huruf kecil, spasi, dan tanda hubung tidak mengapa."
        " Jawabannya sama dengan JSON pada alamat di kode QR (/v/KODE). Kode yang tidak dikenal: 404; terlalu"
        " banyak dari satu alamat: 429."
    ),
)
def verify_certificate(code: str) -> Any:
    refuse_unknown_parameters()
    certificate = checking.find_typed(code)
    if certificate is not None:
        return checking.describe_to_programs(certificate)
    if refusal := refusal_of_code(code):
        raise NotFound(refusal)
    if wait := checking.count_unknown():
        raise TooManyTries(checking.describe_wait(wait), retry_after=wait)
    raise NotFound(checking.UNKNOWN)
