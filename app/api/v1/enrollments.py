"""Seats: asked, decided, withdrawn."""

from collections.abc import Callable
from typing import Any, ClassVar

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Schema, Words, row_id
from app.api.listing import listed
from app.api.places import NO_BATCH_OR_PERSON, batch_to_enroll
from app.auth.rules import Permission
from app.core.errors import NotFound, RuleViolation
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.enrollments import queries, services
from app.enrollments.models import Enrollment
from app.trainees import queries as trainees
from app.workspace import services as workspace

P = Permission


class EnrollmentIn(Schema):
    trainee = row_id(load_default=None)
    override_reason = Words(500, lines=True, load_default=None)


class Remark(Schema):
    called: ClassVar = {"note": "reason"}

    reason = Words(500, lines=True, load_default="")


@bp.get("/batches/<int:batch_id>/enrollments")
@allowed(P.ENROLLMENT_SEE, on=courses.get_batch)
@listed("Enrollment")
@bp.doc(summary="Pendaftaran satu angkatan", security="token")
def list_enrollments(batch: Batch) -> Any:
    return {"items": to.enrollment_list(queries.list_enrollments(batch)), "next": None}


@bp.post("/batches/<int:batch_id>/enrollments")
@allowed(None, on=batch_to_enroll)
@bp.input(EnrollmentIn)
@answers("Enrollment")
@bp.doc(summary="Daftarkan diri, atau seseorang dalam jangkauan", security="token")
@effect
def enroll(batch: Batch, json_data: dict[str, Any]) -> Any:
    named = json_data["trainee"]
    trainee = trainees.trainee_of(caller().id) if named is None else trainees.get_trainee(named)
    if trainee is None and named is None:
        raise RuleViolation(
            _("Sebutkan siapa yang didaftarkan: akun ini bukan akun seorang PSM."), field="trainee"
        )
    if trainee is None:
        raise NotFound(NO_BATCH_OR_PERSON)
    return to.enrollment(
        services.enroll(batch, trainee, by=caller(), override_reason=json_data["override_reason"])
    )


def enrollment_in_sight(enrollment_id: int) -> Enrollment | None:
    """Return an enrollment of a batch within reach, or one that the caller made for another person."""
    found = queries.get_enrollment(enrollment_id)
    return (
        found
        if found and (caller().can(P.ENROLLMENT_SEE, found) or services.has_made(found, caller()))
        else None
    )


def enrollment_to_withdraw(enrollment_id: int) -> Enrollment | None:
    """Return an enrollment that the caller decides about, or has made for another person."""
    found = queries.get_enrollment(enrollment_id)
    return found if found and services.may_withdraw(found, caller()) else None


@bp.get("/enrollments/<int:enrollment_id>")
@allowed(None, on=enrollment_in_sight)
@answers("Enrollment")
@bp.doc(summary="Satu pendaftaran", security="token")
def show_enrollment(enrollment: Enrollment) -> Any:
    return to.enrollment(enrollment)


def _move(name: str, act: Callable[[Enrollment, str], Any], summary: str) -> None:
    """Register one POST by which the office of the batch moves an enrollment."""

    @bp.post(f"/enrollments/<int:enrollment_id>/{name}", endpoint=f"{name}_enrollment")
    @allowed(P.ENROLLMENT_DECIDE, on=queries.get_enrollment)
    @bp.input(Remark)
    @answers("Enrollment")
    @bp.doc(summary=summary, security="token")
    @effect
    def move(enrollment: Enrollment, json_data: dict[str, Any]) -> Any:
        act(enrollment, json_data["reason"])
        return to.enrollment(enrollment)


_move("submit", lambda row, _reason: services.submit_enrollment(row, by=caller()), "Ajukan kembali")
_move(
    "return",
    lambda row, reason: services.return_enrollment(row, reason=reason, by=caller()),
    "Kembalikan untuk dilengkapi",
)
_move("verify", lambda row, _reason: services.verify_enrollment(row, by=caller()), "Nyatakan terverifikasi")
_move("accept", lambda row, reason: services.accept_enrollment(row, note=reason, by=caller()), "Terima")
_move("waitlist", lambda row, _reason: services.waitlist_enrollment(row, by=caller()), "Jadikan cadangan")
_move("reject", lambda row, reason: services.reject_enrollment(row, reason=reason, by=caller()), "Tolak")
_move("offer", lambda row, reason: services.offer_seat(row, note=reason, by=caller()), "Tawarkan tempat")
_move(
    "absent",
    lambda row, reason: services.end_absent(row, reason=reason, by=caller()),
    "Catat tidak pernah hadir",
)
_move(
    "restore",
    lambda row, reason: services.restore_enrollment(row, reason=reason, by=caller()),
    "Berlakukan lagi pendaftaran yang keliru diakhiri",
)
_move(
    "keep",
    lambda row, reason: workspace.keep_enrollment(row, reason=reason, by=caller()),
    "Tetap diikutkan walau syaratnya kurang",
)
_move("call", lambda row, _reason: services.call_enrollment(row, by=caller()), "Undang")
_move("confirm", lambda row, _reason: services.confirm_enrollment(row, by=caller()), "Catat kesediaan hadir")


@bp.post("/enrollments/<int:enrollment_id>/withdraw")
@allowed(None, on=enrollment_to_withdraw)
@bp.input(Remark)
@answers("Enrollment")
@bp.doc(summary="Batalkan; yang mendaftarkan orang lain: selama belum diputuskan", security="token")
@effect
def withdraw_enrollment(enrollment: Enrollment, json_data: dict[str, Any]) -> Any:
    return to.enrollment(services.withdraw(enrollment, reason=json_data["reason"], by=caller()))
