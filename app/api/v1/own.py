"""What somebody finds and does about her own: enrollments, certificates, sessions, visits."""

from typing import Any

from flask import current_app

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import ALSO_BYTES, PNG, answers, as_attachment
from app.api.fields import Among, Schema, reason_given
from app.api.listing import listed
from app.attendance import own as attendance
from app.certificates import delivery as sheets
from app.certificates import queries as certificates
from app.certificates.models import Certificate
from app.enrollments import queries, services
from app.enrollments.models import Enrollment
from app.enrollments.rules import OWN_ANSWERS, EnrollmentStatus
from app.fieldwork import queries as fieldwork
from app.trainees.queries import same_person_ids, trainee_of


class OwnAnswerIn(Schema):
    answer = Among([each for each in EnrollmentStatus if each in OWN_ANSWERS.values()], required=True)


class WithdrawIn(Schema):
    reason = reason_given()


def _own() -> list[Enrollment]:
    person = trainee_of(caller().id)
    return queries.enrollments_of(same_person_ids(person)) if person else []


def own_enrollment(enrollment_id: int) -> Enrollment | None:
    """Return one of the caller's own enrollments; those of others are unknown."""
    return next((each for each in _own() if each.id == enrollment_id), None)


def own_certificate(certificate_id: int) -> Certificate | None:
    """Return one of the caller's own certificates; those of others are unknown."""
    return certificates.find_own(certificate_id, caller().id or 0)


@bp.get("/me/enrollments")
@allowed(None)
@listed("Enrollment")
@bp.doc(summary="Pendaftaran sendiri, yang terbaru dahulu", security="token")
def list_own_enrollments() -> Any:
    return {"items": to.enrollment_list(_own()), "next": None}


@bp.get("/me/certificates")
@allowed(None)
@listed("Certificate")
@bp.doc(summary="Sertifikat sendiri, yang terbaru dahulu", security="token")
def list_own_certificates() -> Any:
    return {
        "items": [to.certificate(row) for row in certificates.certificates_of_user(caller().id)],
        "next": None,
    }


@bp.get("/me/certificates/<int:certificate_id>/picture")
@allowed(None, on=own_certificate)
@answers({"type": "string", "contentMediaType": PNG[0]}, media=PNG)
@bp.doc(
    summary="Halaman depan sertifikat sendiri sebagai gambar PNG", description=ALSO_BYTES, security="token"
)
def draw_own_certificate(certificate: Certificate) -> Any:
    picture = sheets.sheet_picture(certificate, base_url=current_app.config["SETTINGS"].base_url)
    return as_attachment(picture, PNG, sheets.sheet_filename(certificate, ".png"))


@bp.get("/me/sessions")
@allowed(None)
@listed("Session")
@bp.doc(
    summary="Sesi yang diajar atau diisi kehadirannya oleh pemilik token, yang terakhir dahulu",
    security="token",
)
def list_own_sessions() -> Any:
    return {"items": to.session_list(attendance.list_own_sessions(caller().id)), "next": None}


@bp.get("/me/visits")
@allowed(None)
@listed("Visit")
@bp.doc(summary="Permohonan PKL kepada lokasi yang dijawab pemilik token", security="token")
def list_own_visits() -> Any:
    return {"items": [to.visit(row) for row in fieldwork.list_visits_of(caller())], "next": None}


@bp.post("/me/enrollments/<int:enrollment_id>/answer")
@allowed(None, on=own_enrollment)
@bp.input(OwnAnswerIn)
@answers("Enrollment")
@bp.doc(summary="Jawab tawaran atau undangan, atau kirim kembali yang sudah dilengkapi", security="token")
@effect
def answer_own_enrollment(enrollment: Enrollment, json_data: dict[str, Any]) -> Any:
    return to.enrollment(services.answer_own(enrollment, json_data["answer"], by=caller()))


@bp.post("/me/enrollments/<int:enrollment_id>/withdraw")
@allowed(None, on=own_enrollment)
@bp.input(WithdrawIn)
@answers("Enrollment")
@bp.doc(summary="Tidak bisa hadir: batalkan pendaftaran sendiri", security="token")
@effect
def withdraw_own_enrollment(enrollment: Enrollment, json_data: dict[str, Any]) -> Any:
    return to.enrollment(services.withdraw(enrollment, reason=json_data["reason"], by=caller()))
