"""Who is to be told what about a batch, and that it was done."""

from typing import Any

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.listing import listed
from app.auth.rules import Permission
from app.core.errors import Conflict
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.workspace import queries, services
from app.workspace.queries import BatchNotice

P = Permission


@bp.get("/batches/<int:batch_id>/notices")
@allowed(P.ENROLLMENT_DECIDE, on=courses.get_batch)
@listed("Notice")
@bp.doc(
    summary="Pemberitahuan satu angkatan",
    description=(
        "Siapa dikabari apa. Yang belum dikabari di depan (`told_at` kosong), dengan nomor HP dan teks untuk"
        " disampaikan; dengan `by_mail` suratnya masih dalam pengiriman."
    ),
    security="token",
)
def list_notices(batch: Batch) -> Any:
    items = [to.notice(row.notice, row.phone, batch.zone, row.text) for row in queries.list_tellings(batch)]
    return {"items": items, "next": None}


@bp.post("/notices/<int:notice_id>/told")
@allowed(P.ENROLLMENT_DECIDE, on=queries.get_notice)
@answers("Notice")
@bp.doc(
    summary="Catat bahwa seseorang sudah dikabari",
    description="Yang pertama mencatat tetap tercatat; sesudah itu 409.",
    security="token",
)
@effect
def mark_told(found: BatchNotice) -> Any:
    if not services.mark_told(found.batch, [found.notice.id], by=caller()):
        raise Conflict(_("Sudah dicatat dikabari oleh %(name)s.", name=found.notice.told_label or "–"))
    (telling,) = queries.tellings_of(found.batch, [found.notice])
    return to.notice(telling.notice, telling.phone, found.batch.zone)
