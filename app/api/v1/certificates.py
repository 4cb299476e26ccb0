"""Certificates: issued for a batch, shown, revoked, replaced, handed out as PDF."""

from typing import Any

from flask import current_app

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import ALSO_BYTES, PDF, answers, as_attachment
from app.api.fields import PageQuery, Schema, Truth, Words, as_page, day, reason_given, row_id
from app.api.listing import listed
from app.auth.rules import Permission
from app.certificates import delivery, queries, services
from app.certificates.models import Certificate
from app.core.errors import Conflict
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.web.access import public

P = Permission


class IssueIn(Schema):
    issued_on = day(required=True)


class RevokeIn(Schema):
    reason = reason_given()
    revoked_on = day(required=True)


class ReinstateIn(Schema):
    reason = reason_given()


class ReplaceIn(Schema):
    reason = reason_given()
    issued_on = day(required=True)
    confirm = Truth(
        load_default=False,
        metadata={"description": "Benar: terbitkan juga bila isinya sama dengan yang lama."},
    )


class FindQuery(PageQuery):
    number = Words(160, load_default=None)
    organiser = row_id(strict=False, load_default=None)


@bp.get("/batches/<int:batch_id>/certificates")
@allowed(P.CERTIFICATE_SEE, on=courses.get_batch)
@listed("Certificate")
@bp.doc(summary="Sertifikat satu angkatan", security="token")
def list_certificates(batch: Batch) -> Any:
    return {"items": [to.certificate(row) for row in queries.certificates_of_batch(batch)], "next": None}


@bp.post("/batches/<int:batch_id>/certificates")
@allowed(P.CERTIFICATE_ISSUE, on=courses.get_batch)
@bp.input(IssueIn)
@answers("Issued")
@bp.doc(
    summary="Terbitkan sertifikat",
    description=(
        "already: yang sudah terbit sebelumnya; parked: yang tertahan, dengan sebabnya. Semuanya sudah"
        " terbit: 409."
    ),
    security="token",
)
@effect
def issue_certificates(batch: Batch, json_data: dict[str, Any]) -> Any:
    report = services.issue_for_batch(batch, issued_on=json_data["issued_on"], by=caller())
    if report.already and not report.issued and not report.parked:
        raise Conflict(
            _("Sertifikat angkatan ini sudah terbit semua: %(count)d lembar.", count=len(report.already))
        )
    return {
        "issued": [to.certificate(row) for row in report.issued],
        "already": [to.certificate(row) for row in report.already],
        "parked": [
            {"trainee": row.trainee.id, "name": row.name, "reason": str(row.reason)} for row in report.parked
        ],
    }


@bp.get("/certificates")
@allowed(P.CERTIFICATE_SEE)
@bp.input(FindQuery, location="query")
@listed("Certificate")
@bp.doc(summary="Register dalam jangkauan, juga menurut nomor", security="token")
def find_certificates(query_data: dict[str, Any]) -> Any:
    within = caller().reach(P.CERTIFICATE_SEE)
    page = queries.page_of_certificates(
        within,
        number=query_data["number"],
        organiser_id=query_data["organiser"],
        after=query_data["after"],
        per_page=query_data["per_page"],
    )
    return as_page(page, to.certificate)


def certificate_to_read(certificate_id: int) -> Certificate | None:
    """Return a certificate within reach, or one of the caller's own."""
    readable = queries.get_readable(certificate_id)
    if readable is not None and caller().can(P.CERTIFICATE_SEE, readable):
        return readable.certificate
    return queries.find_own(certificate_id, caller().id)


@bp.get("/certificates/<int:certificate_id>")
@allowed(None, on=certificate_to_read)
@answers("Certificate")
@bp.doc(summary="Satu sertifikat, bagi pemiliknya dan petugas yang berhak", security="token")
def show_certificate(certificate: Certificate) -> Any:
    return to.certificate(certificate)


@bp.get("/certificates/<int:certificate_id>/pdf")
@allowed(None, on=certificate_to_read)
@answers({"type": "string", "contentMediaType": "application/pdf"}, media=PDF)
@bp.doc(
    summary="Berkas PDF, bagi pemiliknya dan petugas yang berhak",
    description=ALSO_BYTES,
    security="token",
)
def download_certificate(certificate: Certificate) -> Any:
    sheet = delivery.sheet_pdf(certificate, base_url=current_app.config["SETTINGS"].base_url)
    return as_attachment(sheet, PDF, delivery.sheet_filename(certificate))


@bp.post("/certificates/<int:certificate_id>/revoke")
@allowed(P.CERTIFICATE_REVOKE, on=queries.get_certificate)
@bp.input(RevokeIn)
@answers("Certificate")
@bp.doc(summary="Cabut sertifikat", security="token")
@effect
def revoke_certificate(certificate: Certificate, json_data: dict[str, Any]) -> Any:
    return to.certificate(services.revoke_certificate(certificate, by=caller(), **json_data))


@bp.post("/certificates/<int:certificate_id>/reinstate")
@allowed(P.CERTIFICATE_REVOKE, on=queries.get_certificate)
@bp.input(ReinstateIn)
@answers("Certificate")
@bp.doc(summary="Tarik kembali pencabutan sertifikat yang keliru", security="token")
@effect
def reinstate_certificate(certificate: Certificate, json_data: dict[str, Any]) -> Any:
    return to.certificate(services.reinstate_certificate(certificate, by=caller(), **json_data))


@bp.post("/certificates/<int:certificate_id>/replace")
@allowed(P.CERTIFICATE_REVOKE, on=queries.get_certificate)
@bp.input(ReplaceIn)
@answers("Certificate")
@bp.doc(summary="Ganti sertifikat", security="token")
@effect
def replace_certificate(certificate: Certificate, json_data: dict[str, Any]) -> Any:
    return to.certificate(services.replace_certificate(certificate, by=caller(), **json_data))


@bp.get("/openapi.json")
@public
@bp.doc(hide=True)
def describe() -> Any:
    return current_app.spec  # type: ignore[attr-defined]
