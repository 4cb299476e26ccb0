"""Courses, batches and their sessions."""

from typing import Any

from apiflask.fields import Enum, String
from marshmallow.validate import OneOf
from sqlalchemy import select

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import (
    LocalTime,
    PageQuery,
    RegionCode,
    Schema,
    Truth,
    Words,
    amount,
    as_page,
    day,
    reason_given,
    row_id,
    score,
)
from app.api.listing import listed
from app.api.places import batch_to_follow, batch_to_read, region_of
from app.api.schemas import COUNT, row
from app.api.unknown import unknown
from app.api.versions import changes, still_to_change, version_read
from app.auth.rules import Permission
from app.core.errors import Conflict, RuleViolation
from app.core.scores import write_score
from app.core.text import _
from app.courses import lines, ports, queries, services
from app.courses.models import Batch, Course, Curriculum, TrainingSession
from app.courses.rules import MOST_DAYS, MOST_HOURS, MOST_SEATS, Admission, SessionKind
from app.extensions import db
from app.organisers import queries as organisers
from app.organisers.models import Organiser
from app.regions.models import Region

P = Permission


class CourseIn(Schema):
    organiser = row_id(required=True)
    tier = Words(20, required=True)
    year = amount(1945, 2200, required=True)
    title = Words(200, load_default="")
    lower_tier_reason = Words(500, load_default=None)


@changes(Course)
class PassMarkIn(Schema):
    version = version_read()
    pass_mark = score()
    reason = reason_given()


class CurriculumMarkIn(Schema):
    """The `version` of a curriculum is its edition, so the one fact that changes says itself
    what was read.
    """

    pass_mark = score()
    before = score(required=False, described="Nilai lulus yang dibaca; bila kini lain: 409.")
    reason = reason_given()


class BatchIn(Schema):
    """What is left out of audience, contact and what to bring is as in a batch that a page makes: from the
    model of its tier.
    """

    course = row_id(required=True)
    starts_on = day(required=True)
    ends_on = day(required=True)
    quota = amount(1, MOST_SEATS, required=True)
    venue = Words(200, required=True)
    venue_region = RegionCode(required=True)
    audience = Words(300)
    contact_name = Words(120)
    contact_phone = Words(40)
    provided = Words(2000, lines=True)
    to_bring = Words(2000, lines=True)
    admission = Enum(Admission, by_value=True, load_default=Admission.MANUAL)
    registration_closes_on = day(load_default=None)
    announced_days = amount(1, MOST_DAYS, load_default=None)


@changes(Batch)
class BatchChange(Schema):
    version = version_read()
    starts_on = day()
    ends_on = day()
    quota = amount(1, MOST_SEATS)
    venue = Words(200, least=1)
    venue_region = RegionCode()
    audience = Words(300)
    contact_name = Words(120)
    contact_phone = Words(40)
    provided = Words(2000, lines=True)
    to_bring = Words(2000, lines=True)
    admission = Enum(Admission, by_value=True)
    registration_closes_on = day(allow_none=True)
    announced_days = amount(1, MOST_DAYS, allow_none=True)


class SessionIn(Schema):
    kind = Enum(SessionKind, by_value=True, required=True)
    title = Words(200, load_default="")
    held_on = day(required=True)
    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)
    lesson_hours = amount(0, MOST_HOURS, load_default=0)
    subject_id = row_id(load_default=None)
    facilitator_id = row_id(load_default=None)
    place = Words(200, load_default="")
    office = Words(200, load_default="")


@changes(TrainingSession)
class SessionChange(Schema):
    version = version_read()
    title = Words(200)
    held_on = day()
    starts_at = LocalTime()
    ends_at = LocalTime()
    lesson_hours = amount(0, MOST_HOURS)
    facilitator_id = row_id(allow_none=True)
    place = Words(200)
    office = Words(200)
    presence = String(
        validate=OneOf(("keep", "clear")),
        metadata={
            "description": (
                "Kehadiran yang sudah diisi: ikut pindah (keep) atau dikosongkan (clear). Wajib bila ada."
            )
        },
    )


class Reason(Schema):
    reason = reason_given()


class CancelSessionIn(Reason):
    confirm = Truth(
        load_default=False,
        metadata={"description": "Benar: kehadiran sesi ini tidak dihitung lagi. Wajib bila ada."},
    )


def session_of(batch: Batch, session_id: int) -> TrainingSession | None:
    """Return a session of this batch."""
    session = queries.get_session(session_id)
    return session if session is not None and session.batch_id == batch.id else None


@bp.get("/courses")
@allowed(P.COURSE_SEE)
@listed("Course")
@bp.doc(summary="Diklat dalam jangkauan", security="token")
def list_courses() -> Any:
    within = caller().reach(P.COURSE_SEE).clause(region_code=Region.scope_code, organiser=Organiser.id)
    query = (
        select(Course)
        .join(Organiser, Course.organiser_id == Organiser.id)
        .join(Region, Organiser.region_id == Region.id)
        .where(within)
    )
    return {"items": [to.course(row) for row in db.session.scalars(query.order_by(Course.id))], "next": None}


@bp.get("/courses/<int:course_id>")
@allowed(P.COURSE_SEE, on=lines.get_course)
@answers("Course")
@bp.doc(summary="Satu diklat", security="token")
def show_course(course: Course) -> Any:
    return to.course(course)


@bp.post("/courses")
@allowed(P.COURSE_EDIT)
@bp.input(CourseIn)
@answers("Course")
@bp.doc(summary="Rencanakan diklat", security="token")
@effect
def draft_course(json_data: dict[str, Any]) -> Any:
    organiser = organisers.get_organiser(json_data["organiser"])
    if organiser is None or not caller().can(P.COURSE_EDIT, organiser):
        raise unknown("organiser_id")
    tier = queries.get_tier_by_code(json_data["tier"])
    curriculum = queries.newest_curriculum(tier) if tier else None
    if tier is None or curriculum is None:
        raise RuleViolation(_("Jenjang ini tidak dikenal."), field="tier")
    facts = {name: json_data[name] for name in ("year", "title", "lower_tier_reason")}
    return to.course(services.draft_course(organiser, tier, curriculum, by=caller(), **facts))


@bp.put("/courses/<int:course_id>/pass-mark")
@allowed(P.COURSE_EDIT, on=lines.get_course)
@bp.input(PassMarkIn)
@answers("Course")
@bp.doc(summary="Tetapkan nilai lulus diklat; null: nilai tidak menjadi syarat", security="token")
@effect
def change_pass_mark(course: Course, json_data: dict[str, Any]) -> Any:
    facts = still_to_change(lines.lock_course(course.id), json_data)
    services.set_pass_mark(course, facts["pass_mark"], reason=facts["reason"], by=caller())
    return {**to.course(course), "undecided_batches": [batch.id for batch in lines.undecided_batches(course)]}


@bp.put("/curricula/<int:curriculum_id>/pass-mark")
@allowed(P.CURRICULUM_EDIT, on=queries.get_curriculum)
@bp.input(CurriculumMarkIn)
@answers("Curriculum")
@bp.doc(
    summary=(
        "Tetapkan nilai lulus bagi diklat yang direncanakan mulai sekarang; null: nilai tidak menjadi syarat"
    ),
    security="token",
)
@effect
def change_curriculum_pass_mark(curriculum: Curriculum, json_data: dict[str, Any]) -> Any:
    lines.lock_curriculum(curriculum.id)
    if json_data.get("before", curriculum.pass_mark) != curriculum.pass_mark:
        now = write_score(curriculum.pass_mark) or "–"
        raise Conflict(
            _("Nilai lulus kurikulum ini kini %(now)s, diubah sejak Anda membacanya.", now=now),
            field="before",
        )
    services.set_pass_mark_of_curriculum(
        curriculum, json_data["pass_mark"], reason=json_data["reason"], by=caller()
    )
    return to.curriculum(curriculum)


@bp.get("/batches")
@allowed(None)
@bp.input(PageQuery, location="query")
@listed("Batch")
@bp.doc(
    summary="Angkatan dalam jangkauan; bagi yang tidak merencanakan diklat: yang sedang dibuka",
    security="token",
)
def list_batches(query_data: dict[str, Any]) -> Any:
    if caller().can(P.COURSE_SEE):
        return as_page(queries.page_of_batches(caller().reach(P.COURSE_SEE), **query_data), to.batch)
    return as_page(queries.page_of_open_batches(**query_data), to.batch)


@bp.get("/batches/<int:batch_id>")
@allowed(None, on=batch_to_read)
@answers("Batch")
@bp.doc(summary="Satu angkatan", security="token")
def show_batch(batch: Batch) -> Any:
    return to.batch(batch)


@bp.post("/batches")
@allowed(P.COURSE_EDIT)
@bp.input(BatchIn)
@answers("Batch")
@bp.doc(summary="Rencanakan angkatan", security="token")
@effect
def draft_batch(json_data: dict[str, Any]) -> Any:
    course = lines.get_course(json_data.pop("course"))
    if course is None or not caller().can(P.COURSE_EDIT, course):
        raise unknown("course_id")
    region = region_of(json_data.pop("venue_region"), "venue_region")
    facts = {**services.model_of(course, region), **json_data}
    return to.batch(services.draft_batch(course, venue_region=region, by=caller(), **facts))


@bp.patch("/batches/<int:batch_id>")
@allowed(P.COURSE_EDIT, on=queries.get_batch)
@bp.input(BatchChange)
@answers("Batch")
@bp.doc(summary="Ubah angkatan", security="token")
@effect
def change_batch(batch: Batch, json_data: dict[str, Any]) -> Any:
    queries.lock_batch(batch.id)
    facts = still_to_change(batch, json_data)
    if "venue_region" in facts:
        facts["venue_region"] = region_of(facts["venue_region"], "venue_region")
    services.change_batch(batch, by=caller(), **facts)
    return to.batch(batch)


def _state_change(name: str, act: Any, summary: str) -> None:
    """Register one POST of the life of a batch."""

    @bp.post(f"/batches/<int:batch_id>/{name}", endpoint=f"{name}_batch")
    @allowed(P.COURSE_EDIT, on=queries.get_batch)
    @answers("Batch")
    @bp.doc(summary=summary, security="token")
    @effect
    def change_state(batch: Batch) -> Any:
        act(batch, by=caller())
        return to.batch(batch)


_state_change("open", services.open_batch, "Buka pendaftaran")
_state_change("close", services.close_batch, "Tutup pendaftaran")
_state_change("start", services.start_batch, "Mulai angkatan")
_state_change("finish", services.finish_batch, "Nyatakan selesai")


@bp.post("/batches/<int:batch_id>/cancel")
@allowed(P.COURSE_EDIT, on=queries.get_batch)
@bp.input(Reason)
@answers("Batch")
@bp.doc(summary="Batalkan angkatan", security="token")
@effect
def cancel_batch(batch: Batch, json_data: dict[str, Any]) -> Any:
    services.cancel_batch(batch, reason=json_data["reason"], by=caller())
    return to.batch(batch)


@bp.get("/batches/<int:batch_id>/sessions")
@allowed(None, on=batch_to_follow)
@listed("Session")
@bp.doc(summary="Sesi satu angkatan", security="token")
def list_sessions(batch: Batch) -> Any:
    return {"items": to.session_list(queries.list_sessions(batch, cancelled=True)), "next": None}


@bp.post("/batches/<int:batch_id>/copy-rundown")
@allowed(P.COURSE_EDIT, on=queries.get_batch)
@answers(row(sessions=COUNT))
@bp.doc(summary="Isi jadwal yang masih kosong dengan model jadwal jenjangnya", security="token")
@effect
def copy_rundown(batch: Batch) -> Any:
    return {"sessions": len(services.copy_rundown(batch, by=caller()))}


@bp.post("/batches/<int:batch_id>/sessions")
@allowed(P.COURSE_EDIT, on=queries.get_batch)
@bp.input(SessionIn)
@answers("Session")
@bp.doc(summary="Jadwalkan sesi", security="token")
@effect
def schedule_session(batch: Batch, json_data: dict[str, Any]) -> Any:
    return to.session(services.schedule_session(batch, by=caller(), **json_data))


@bp.get("/batches/<int:batch_id>/sessions/<int:session_id>")
@allowed(None, on=batch_to_follow, inside=session_of)
@answers("Session")
@bp.doc(summary="Satu sesi", security="token")
def show_session(_batch: Batch, session: TrainingSession) -> Any:
    return to.session(session)


@bp.patch("/batches/<int:batch_id>/sessions/<int:session_id>")
@allowed(P.COURSE_EDIT, on=queries.get_batch, inside=session_of)
@bp.input(SessionChange)
@answers("Session")
@bp.doc(summary="Ubah sesi", security="token")
@effect
def change_session(batch: Batch, session: TrainingSession, json_data: dict[str, Any]) -> Any:
    keep = {"keep": True, "clear": False}.get(json_data.pop("presence", ""))
    queries.lock_batch(batch.id)
    db.session.refresh(session)
    before = ports.warnings_of(batch.id)
    services.change_session(session, by=caller(), keep_presence=keep, **still_to_change(session, json_data))
    return {**to.session(session), "warnings": [str(each) for each in ports.warnings_since(batch.id, before)]}


@bp.post("/batches/<int:batch_id>/sessions/<int:session_id>/cancel")
@allowed(P.COURSE_EDIT, on=queries.get_batch, inside=session_of)
@bp.input(CancelSessionIn)
@answers("Session")
@bp.doc(summary="Batalkan sesi", security="token")
@effect
def cancel_session(batch: Batch, session: TrainingSession, json_data: dict[str, Any]) -> Any:
    before = ports.warnings_of(batch.id)
    services.cancel_session(session, by=caller(), **json_data)
    return {**to.session(session), "warnings": [str(each) for each in ports.warnings_since(batch.id, before)]}
