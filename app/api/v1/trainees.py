"""People, their SK, and merging of records."""

from typing import Any, ClassVar

from apiflask.fields import Enum, List
from marshmallow.validate import Length

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import (
    Among,
    PageQuery,
    RegionCode,
    Schema,
    Truth,
    Words,
    as_page,
    day,
    reason_given,
    row_id,
)
from app.api.listing import listed
from app.api.places import region_of
from app.api.unknown import unknown
from app.api.versions import changes, still_to_change, version_read
from app.auth.rules import Permission
from app.core.errors import RuleViolation
from app.core.text import _
from app.organisers import queries as organisers
from app.trainees import ports, queries, services
from app.trainees.models import Appointment, Merge, Trainee
from app.trainees.rules import CHANGED_TO, Sex

P = Permission


class TraineeIn(Schema):
    name = Words(200, required=True)
    nik = Words(30, load_default=None)
    duty_region = RegionCode(required=True)
    home_region = RegionCode(load_default=None)
    birth_place = Words(80, load_default=None)
    birth_date = day(load_default=None)
    sex = Enum(Sex, by_value=True, load_default=None)
    phone = Words(30, load_default=None)
    email = Words(200, load_default=None)
    address = Words(300, load_default=None)
    member_number = Words(40, load_default=None)


def why_nik_differs() -> Words:
    """Return the field for the reason why a NIK that says another birth date or sex is right nevertheless."""
    return Words(
        300,
        load_default="",
        metadata={"description": "Alasan, bila tanggal lahir atau jenis kelamin berbeda dengan NIK"},
    )


class NewcomerIn(TraineeIn):
    nik_reason = why_nik_differs()
    another_person = Truth(
        load_default=False,
        metadata={"description": "Benar: bukan orang yang sudah tercatat dengan nama itu."},
    )


@changes(Trainee)
class CorrectionIn(Schema):
    """What is left out stays as it is, null clears; a NIK as it is shown (masked) stays too.

    Name and desa tugas are never empty.
    """

    version = version_read()
    nik_reason = why_nik_differs()
    name = Words(200, least=1)
    nik = Words(30, allow_none=True)
    duty_region = RegionCode()
    home_region = RegionCode(allow_none=True)
    birth_place = Words(80, allow_none=True)
    birth_date = day(allow_none=True)
    sex = Enum(Sex, by_value=True, allow_none=True)
    phone = Words(30, allow_none=True)
    email = Words(200, allow_none=True)
    address = Words(300, allow_none=True)
    member_number = Words(40, allow_none=True)


class MoveIn(Schema):
    called: ClassVar = {"duty_region": "region"}

    region = RegionCode(required=True)
    starts_on = day(required=True)


class StandingIn(Schema):
    status = Among(CHANGED_TO, required=True)
    starts_on = day(required=True)
    reason = reason_given(300)


class MistakeIn(Schema):
    reason = reason_given(300)


class MergeIn(Schema):
    called: ClassVar = {"canonical_id": "canonical"}

    canonical = row_id(required=True)
    reason = reason_given(300)
    despite_differences = Truth(
        load_default=False,
        metadata={
            "description": (
                "Benar: kedua data berbeda (NIK, lahir, kelamin, nama, atau desa dan HP), dan alasannya"
                " menjelaskan."
            )
        },
    )


class UndoMergeIn(Schema):
    back = List(
        Words(40),
        load_default=None,
        allow_none=True,
        metadata={
            "description": (
                "Isian yang dibetulkan selama digabungkan (mis. name, phone) dan ikut kembali bersama data"
                " ganda; tanpa ini: yang diminta pemiliknya sendiri."
            )
        },
    )


@changes(Appointment)
class AppointmentChanges(Schema):
    version = version_read()
    number = Words(120, least=1)
    signer_name = Words(200, least=1)


class AppointmentIn(Schema):
    organiser = row_id(required=True)
    number = Words(120, required=True)
    dated_on = day(required=True)
    signer_name = Words(200, required=True)
    trainees = List(row_id(), required=True, validate=Length(1, 1000))
    before_training = Truth(
        load_default=False, metadata={"description": "Benar: diangkat sebelum pelatihan pertamanya."}
    )


def person(trainee_id: int, permission: Permission) -> Trainee:
    """Return somebody within reach; raise NotFound otherwise."""
    trainee = queries.get_trainee(trainee_id)
    if trainee is None or not caller().can(permission, trainee):
        raise unknown("trainee_id")
    return trainee


@bp.get("/trainees")
@allowed(P.TRAINEE_SEE)
@bp.input(PageQuery, location="query")
@listed("Trainee")
@bp.doc(summary="PSM dan calon PSM dalam jangkauan", security="token")
def list_trainees(query_data: dict[str, Any]) -> Any:
    return as_page(queries.page_of_trainees(caller().reach(P.TRAINEE_SEE), **query_data), to.trainee)


@bp.get("/trainees/<int:trainee_id>")
@allowed(P.TRAINEE_SEE, on=queries.get_trainee)
@answers("Trainee")
@bp.doc(summary="Satu orang", security="token")
def show_trainee(trainee: Trainee) -> Any:
    return shown(trainee)


def shown(trainee: Trainee) -> dict[str, Any]:
    """Return somebody as the caller may read it: for those who may correct, with everything that a correction
    takes.
    """
    return to.trainee_to_edit(trainee) if caller().can(P.TRAINEE_EDIT, trainee) else to.trainee(trainee)


@bp.post("/trainees")
@allowed(P.TRAINEE_REGISTER)
@bp.input(NewcomerIn)
@answers("Trainee")
@bp.doc(summary="Daftarkan calon PSM", security="token")
@effect
def register_trainee(json_data: dict[str, Any]) -> Any:
    facts = dict(json_data)
    asked = {name: facts.pop(name) for name in ("another_person", "nik_reason")}
    for name in ("duty_region", "home_region"):
        facts[name] = region_of(facts[name], name) if facts[name] else None
    return to.trainee_to_edit(services.register_trainee(services.TraineeData(**facts), by=caller(), **asked))


def _correction(method: str, name: str, summary: str) -> None:
    """Register the correction of a person; PUT is what PATCH was called first, and does the same."""

    @bp.route("/trainees/<int:trainee_id>", methods=[method], endpoint=name)
    @allowed(P.TRAINEE_EDIT, on=queries.get_trainee)
    @bp.input(CorrectionIn)
    @answers("Trainee")
    @bp.doc(summary=summary, deprecated=method == "PUT", security="token")
    @effect
    def correct(trainee: Trainee, json_data: dict[str, Any]) -> Any:
        facts = still_to_change(queries.lock_trainee(trainee.id), json_data)
        nik_reason = facts.pop("nik_reason")
        if trainee.home_region is not None and facts.get("home_region") == trainee.home_region.code:
            del facts["home_region"]  # as it was read: a desa that is no more stays
        if facts.get("home_region"):
            facts["home_region"] = region_of(facts["home_region"], "home_region")
        place = facts.pop("duty_region", None)
        if (
            place is not None
            and region_of(place, "duty_region").id != trainee.duty_region_id
            and trainee.canonical_id is None
        ):
            raise RuleViolation(
                _("Desa tugas diubah lewat POST /api/v1/trainees/%(id)d/move.", id=trainee.id),
                field="duty_region",
            )
        return shown(services.correct_facts(trainee, facts, by=caller(), nik_reason=nik_reason))


_correction(
    "PATCH", "correct_trainee", "Perbaiki data seseorang: yang tidak disebut tetap, null mengosongkan"
)
_correction("PUT", "put_trainee", "Sama dengan PATCH, bagi program yang sudah memakainya")


@bp.post("/trainees/<int:trainee_id>/move")
@allowed(P.TRAINEE_EDIT, on=queries.get_trainee)
@bp.input(MoveIn)
@answers("Trainee")
@bp.doc(summary="Pindahkan desa tugas", security="token")
@effect
def move_duty(trainee: Trainee, json_data: dict[str, Any]) -> Any:
    region = region_of(json_data["region"], "region")
    services.move_duty(trainee, region, json_data["starts_on"], caller())
    return to.trainee(trainee)


@bp.post("/trainees/<int:trainee_id>/standing")
@allowed(P.TRAINEE_EDIT, on=queries.get_trainee)
@bp.input(StandingIn)
@answers("Trainee")
@bp.doc(summary="Ubah status seseorang", security="token")
@effect
def change_standing(trainee: Trainee, json_data: dict[str, Any]) -> Any:
    services.change_standing(
        trainee, json_data["status"], json_data["starts_on"], json_data["reason"], caller()
    )
    return to.trainee(trainee)


@bp.post("/trainees/<int:trainee_id>/standing/take-back")
@allowed(P.TRAINEE_EDIT, on=queries.get_trainee)
@bp.input(MistakeIn)
@answers("Trainee")
@bp.doc(summary="Batalkan status yang keliru dicatat; status sebelumnya berlaku lagi", security="token")
@effect
def take_back_standing(trainee: Trainee, json_data: dict[str, Any]) -> Any:
    services.take_back_standing(trainee, json_data["reason"], caller())
    return to.trainee(trainee)


@bp.post("/trainees/<int:trainee_id>/merge")
@allowed(P.TRAINEE_MERGE, on=queries.get_trainee)
@bp.input(MergeIn)
@answers("Merge")
@bp.doc(
    summary="Gabungkan data ini, sebagai data ganda, ke data yang dipertahankan (canonical)", security="token"
)
@effect
def merge_trainees(trainee: Trainee, json_data: dict[str, Any]) -> Any:
    merge = services.merge_trainees(
        trainee,
        person(json_data["canonical"], P.TRAINEE_MERGE),
        json_data["reason"],
        caller(),
        despite_differences=json_data["despite_differences"],
    )
    return to.merge(merge)


@bp.get("/merges")
@allowed(P.TRAINEE_MERGE)
@bp.input(PageQuery, location="query")
@listed("Merge")
@bp.doc(
    summary="Penggabungan data, yang terakhir di depan; nomornya dipakai untuk memisahkan kembali",
    security="token",
)
def list_merges(query_data: dict[str, Any]) -> Any:
    return as_page(queries.page_of_merges(caller().reach(P.TRAINEE_MERGE), **query_data), to.merge)


@bp.post("/merges/<int:merge_id>/undo")
@allowed(P.TRAINEE_MERGE, on=queries.get_merge)
@bp.input(UndoMergeIn)
@answers("Merge")
@bp.doc(
    summary="Pisahkan kembali; means: artinya bagi sertifikat yang terbit selama digabungkan",
    security="token",
)
@effect
def undo_merge(merge: Merge, json_data: dict[str, Any]) -> Any:
    means = [str(text) for text in ports.effects_of_undoing_merge(merge.id)]
    services.undo_merge(merge, caller(), json_data["back"])
    return {**to.merge(merge), "means": means}


@bp.get("/appointments")
@allowed(P.TRAINEE_SEE)
@listed("Appointment")
@bp.doc(summary="SK penetapan PSM", security="token")
def list_appointments() -> Any:
    return as_page(queries.page_of_appointments(caller().reach(P.TRAINEE_SEE)), to.appointment)


@bp.get("/appointments/<int:appointment_id>")
@allowed(P.TRAINEE_SEE, on=queries.get_appointment)
@answers("AppointmentWithNames")
@bp.doc(summary="Satu SK dengan daftar namanya", security="token")
def show_appointment(appointment: Appointment) -> Any:
    people = queries.list_appointed(appointment, caller().reach(P.TRAINEE_SEE))
    return {**to.appointment(appointment), "trainees": [to.trainee(row) for row in people]}


@bp.post("/appointments")
@allowed(P.APPOINTMENT_MAKE)
@bp.input(AppointmentIn)
@answers("Appointment")
@bp.doc(summary="Tetapkan calon PSM menjadi PSM aktif", security="token")
@effect
def make_appointment(json_data: dict[str, Any]) -> Any:
    organiser = organisers.get_organiser(json_data["organiser"])
    if organiser is None or not caller().can(P.APPOINTMENT_MAKE, organiser):
        raise unknown("organiser_id")
    people = [person(trainee_id, P.TRAINEE_SEE) for trainee_id in json_data["trainees"]]
    made = services.appoint(
        organiser,
        json_data["number"],
        json_data["dated_on"],
        json_data["signer_name"],
        people,
        caller(),
        before_training=json_data["before_training"],
    )
    return to.appointment(made)


@bp.patch("/appointments/<int:appointment_id>")
@allowed(P.APPOINTMENT_MAKE, on=queries.get_appointment)
@bp.input(AppointmentChanges)
@answers("Appointment")
@bp.doc(summary="Perbaiki nomor atau penanda tangan SK; yang tidak disebut tetap", security="token")
@effect
def correct_appointment(appointment: Appointment, json_data: dict[str, Any]) -> Any:
    sent = still_to_change(queries.lock_appointment(appointment.id), json_data)
    facts = {"number": appointment.number, "signer_name": appointment.signer_name, **sent}
    return to.appointment(services.correct_appointment(appointment, **facts, by=caller()))
