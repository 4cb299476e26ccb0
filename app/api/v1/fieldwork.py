"""Hosts, visits and placements."""

from typing import Any, ClassVar

from apiflask.fields import Enum

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Among, RegionCode, Schema, Truth, Words, amount, day, row_id
from app.api.listing import listed
from app.api.places import region_of
from app.api.schemas import COUNT, row
from app.api.unknown import unknown
from app.api.versions import changes, still_to_change, version_read
from app.auth.rules import Permission
from app.core.errors import RuleViolation
from app.core.text import _
from app.courses import queries as courses
from app.courses.models import Batch
from app.fieldwork import queries, services
from app.fieldwork.models import Host, HostVisit
from app.fieldwork.rules import ANSWERS, MOST_VISITORS, HostKind, VisitStatus
from app.organisers import queries as organisers

P = Permission


class HostIn(Schema):
    organiser = row_id(required=True)
    region = RegionCode(required=True)
    name = Words(200, required=True)
    kind = Enum(HostKind, by_value=True, required=True)
    visitors_per_day = amount(1, MOST_VISITORS, required=True)
    address = Words(300, load_default="")
    phone = Words(40, load_default="")


@changes(Host)
class HostChange(Schema):
    """What is left out stays as it is."""

    version = version_read()
    region = RegionCode()
    name = Words(200, least=1)
    kind = Enum(HostKind, by_value=True)
    visitors_per_day = amount(1, MOST_VISITORS)
    address = Words(300)
    phone = Words(40)


class VisitIn(Schema):
    host = row_id(required=True)
    visits_on = day(required=True)
    requested_places = amount(1, MOST_VISITORS, required=True)
    note = Words(500, lines=True, load_default="")
    more = Truth(
        load_default=False,
        metadata={"description": "Benar: minta tambahan pada permohonan yang sudah ada untuk hari itu."},
    )


class VisitAnswerIn(Schema):
    called: ClassVar = {"answer": "status", "reason": "note"}

    status = Among([*dict(ANSWERS), VisitStatus.CANCELLED], required=True)
    granted_places = amount(0, MOST_VISITORS, load_default=None)
    other_date = day(load_default=None)
    note = Words(500, lines=True, load_default="")
    confirm = Truth(
        load_default=False,
        metadata={"description": "Benar: peserta yang disebut jawaban 422 kehilangan tempatnya."},
    )


class AnewIn(Schema):
    moving = amount(0, 100_000, load_default=None)


@bp.get("/hosts")
@allowed(P.HOST_EDIT)
@listed("Host")
@bp.doc(summary="Lokasi PKL", security="token")
def list_hosts() -> Any:
    return {"items": [to.host(row) for row in queries.list_hosts(caller().reach(P.HOST_EDIT))], "next": None}


@bp.get("/hosts/<int:host_id>")
@allowed(P.HOST_EDIT, on=queries.get_host)
@answers("Host")
@bp.doc(summary="Satu lokasi PKL", security="token")
def show_host(host: Host) -> Any:
    return to.host(host)


@bp.post("/hosts")
@allowed(P.HOST_EDIT)
@bp.input(HostIn)
@answers("Host")
@bp.doc(summary="Catat lokasi PKL", security="token")
@effect
def draft_host(json_data: dict[str, Any]) -> Any:
    facts = dict(json_data)
    organiser = organisers.get_organiser(facts.pop("organiser"))
    if organiser is None or not caller().can(P.HOST_EDIT, organiser):
        raise unknown("organiser_id")
    region = region_of(facts.pop("region"), "region")
    return to.host(services.draft_host(organiser, region=region, by=caller(), **facts))


@bp.patch("/hosts/<int:host_id>")
@allowed(P.HOST_EDIT, on=queries.get_host)
@bp.input(HostChange)
@answers("Host")
@bp.doc(summary="Perbaiki lokasi PKL; yang tidak disebut tetap", security="token")
@effect
def change_host(host: Host, json_data: dict[str, Any]) -> Any:
    facts = still_to_change(queries.lock_host(host.id), json_data)
    if "region" in facts:
        facts["region"] = region_of(facts["region"], "region")
    services.change_host(host, **facts, by=caller())
    return to.host(host)


@bp.get("/batches/<int:batch_id>/visits")
@allowed(P.COURSE_SEE, on=courses.get_batch)
@listed("Visit")
@bp.doc(summary="Kunjungan PKL satu angkatan", security="token")
def list_visits(batch: Batch) -> Any:
    return {"items": [to.visit(row) for row in queries.list_visits(batch)], "next": None}


@bp.post("/batches/<int:batch_id>/visits")
@allowed(P.VISIT_PLAN, on=courses.get_batch)
@bp.input(VisitIn)
@answers("Visit")
@bp.doc(summary="Mohon tempat PKL", security="token")
@effect
def request_visit(batch: Batch, json_data: dict[str, Any]) -> Any:
    facts = dict(json_data)
    host_id = facts.pop("host")
    host = next((row for row in queries.list_hosts_for(batch) if row.id == host_id), None)
    if host is None:
        raise unknown("host_id")
    return to.visit(services.request_visit(batch, host, by=caller(), **facts))


@bp.post("/visits/<int:visit_id>/answer")
@allowed(P.VISIT_ANSWER, on=queries.get_visit)
@bp.input(VisitAnswerIn)
@answers("Visit")
@bp.doc(summary="Jawab permohonan PKL", security="token")
@effect
def answer_visit(visit: HostVisit, json_data: dict[str, Any]) -> Any:
    """Save an answer; where people lose their place it wants `confirm` and a note."""
    facts = dict(json_data)
    status = facts.pop("status")
    if status is not VisitStatus.CANCELLED:
        services.answer_visit(visit, status, by=caller(), **facts)
    elif caller().can(P.VISIT_PLAN, visit):
        services.cancel_visit(visit, reason=facts["note"], confirm=facts["confirm"], by=caller())
    else:
        reason = _(
            "Hanya panitia yang dapat membatalkan permohonan; lokasi PKL menjawab “Belum dapat menerima”."
        )
        raise RuleViolation(reason, field="status")
    return to.visit(visit)


@bp.post("/visits/<int:visit_id>/ask-again")
@allowed(P.VISIT_PLAN, on=queries.get_visit)
@answers("Visit")
@bp.doc(summary="Mohon tempat PKL untuk tanggal yang diusulkan", security="token")
@effect
def ask_again(visit: HostVisit) -> Any:
    return to.visit(services.ask_again(visit, by=caller()))


@bp.get("/batches/<int:batch_id>/placements")
@allowed(P.COURSE_SEE, on=courses.get_batch)
@listed("Placement")
@bp.doc(summary="Penempatan PKL satu angkatan", security="token")
def list_placements(batch: Batch) -> Any:
    return {"items": [to.placement(row) for row in queries.list_placements(batch)], "next": None}


@bp.post("/batches/<int:batch_id>/placements/plan")
@allowed(P.VISIT_PLAN, on=courses.get_batch)
@answers(row(groups=COUNT))
@bp.doc(summary="Bagi rata ke kelompok", security="token")
@effect
def plan_placements(batch: Batch) -> Any:
    return {"groups": services.spread_evenly(batch, by=caller())}


@bp.post("/batches/<int:batch_id>/placements/divide-anew")
@allowed(P.VISIT_PLAN, on=courses.get_batch)
@bp.input(AnewIn)
@answers(row(groups=COUNT))
@bp.doc(summary="Bagi ulang dari awal", security="token")
@effect
def divide_anew(batch: Batch, json_data: dict[str, Any]) -> Any:
    """Deal everybody anew; `moving` is how many people move, and a refusal says the number."""
    return {"groups": services.divide_anew(batch, by=caller(), moving=json_data["moving"])}
