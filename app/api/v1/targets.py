"""Targets of a region, and the statements that everybody who serves there is recorded."""

from typing import Any, ClassVar

from app.api import serializers as to
from app.api.access import allowed, caller, effect
from app.api.blueprint import bp
from app.api.description import answers
from app.api.fields import Schema, Words, amount, day, reason_given
from app.api.listing import listed
from app.api.schemas import VERSION
from app.api.versions import version_read
from app.auth.rules import Permission
from app.core.errors import Conflict, RuleViolation
from app.core.text import _
from app.core.versions import digest_of
from app.courses.queries import list_tiers
from app.coverage import lines, queries, services
from app.coverage.models import Survey, Target
from app.coverage.queries import Place
from app.coverage.rules import PER_DESA_MOST, REASON_MOST
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import lock_region

P = Permission


class TargetIn(Schema):
    called: ClassVar = {"tier_rank": "tier"}

    version = version_read()
    per_desa = amount(0, PER_DESA_MOST, required=True)
    tier = Words(
        20,
        required=True,
        allow_none=True,
        metadata={"description": "Jenjang terendah yang dihitung; null: PSM aktif mana pun."},
    )
    starts_on = day(required=True)


class SurveyIn(Schema):
    complete_on = day(required=True)


class EndSurveyIn(Schema):
    reason = reason_given(REASON_MOST)


def target_of(place: Place, target_id: int) -> Target | None:
    """Return one of a region's own targets."""
    return next((each for each in queries.list_targets(place.region) if each.id == target_id), None)


def survey_of(place: Place, survey_id: int) -> Survey | None:
    """Return one of the statements about a region itself."""
    return next((each for each in queries.list_surveys(place.region) if each.id == survey_id), None)


@bp.get("/coverage/<region_code>/targets")
@allowed(P.TARGET_SET, on=queries.find_own_place)
@listed("Target", version=VERSION)
@bp.doc(
    summary="Target yang pernah ditetapkan untuk wilayah ini sendiri, yang terakhir dahulu", security="token"
)
def list_targets(place: Place) -> Any:
    return {"items": to.target_list(place.region), "next": None, "version": _version_of(place.region)}


@bp.post("/coverage/<region_code>/targets")
@allowed(P.TARGET_SET, on=queries.find_own_place)
@bp.input(TargetIn)
@answers("Target")
@bp.doc(summary="Tetapkan target setiap desa/kelurahan mulai suatu tanggal", security="token")
@effect
def set_target(place: Place, json_data: dict[str, Any]) -> Any:
    region = place.region
    lock_region(region.id)
    if json_data["version"] and json_data["version"] != _version_of(region):
        sentence = _(
            "Target wilayah ini berubah sejak Anda membacanya. Baca lagi daftarnya, lalu kirim dengan version"
            " yang baru."
        )
        raise Conflict(sentence, field="version")
    ranks = {None: 0} | {tier.code: tier.rank for tier in list_tiers()}
    if json_data["tier"] not in ranks:
        raise RuleViolation(_("Jenjang ini tidak dikenal."), field="tier")
    facts = {"tier_rank": ranks[json_data["tier"]], "starts_on": json_data["starts_on"]}
    return _shown(region, services.set_target(region, json_data["per_desa"], by=caller(), **facts).id)


@bp.post("/coverage/<region_code>/targets/<int:target_id>/withdraw")
@allowed(P.TARGET_SET, on=queries.find_own_place, inside=target_of)
@answers("Target")
@bp.doc(
    summary=(
        "Cabut target: yang belum berlaku seolah-olah tidak pernah ada, yang berlaku digantikan target"
        " wilayah di atasnya"
    ),
    security="token",
)
@effect
def withdraw_target(place: Place, target: Target) -> Any:
    services.withdraw_target(place.region, target.id, by=caller())
    return _shown(place.region, target.id)


@bp.get("/coverage/<region_code>/surveys")
@allowed(P.TARGET_SET, on=queries.find_own_place)
@listed("Survey")
@bp.doc(
    summary="Pernyataan bahwa pendataan wilayah ini lengkap, juga yang sudah dicabut; yang terakhir dahulu",
    security="token",
)
def list_surveys(place: Place) -> Any:
    return {"items": [to.survey(row) for row in queries.list_surveys(place.region)], "next": None}


@bp.post("/coverage/<region_code>/surveys")
@allowed(P.TARGET_SET, on=queries.find_own_place)
@bp.input(SurveyIn)
@answers("Survey")
@bp.doc(
    summary="Nyatakan pendataan lengkap: desa/kelurahan tanpa catatan dihitung tanpa PSM", security="token"
)
@effect
def state_complete(place: Place, json_data: dict[str, Any]) -> Any:
    return to.survey(services.state_complete(place.region, by=caller(), **json_data))


@bp.post("/coverage/<region_code>/surveys/<int:survey_id>/withdraw")
@allowed(P.TARGET_SET, on=queries.find_own_place, inside=survey_of)
@bp.input(EndSurveyIn)
@answers("Survey")
@bp.doc(summary="Cabut pernyataan mulai hari ini; angka sampai kemarin tetap", security="token")
@effect
def take_back_survey(place: Place, survey: Survey, json_data: dict[str, Any]) -> Any:
    lock_region(place.region.id)
    db.session.refresh(survey)
    if survey.taken_back_at is not None:
        raise Conflict(_("Pernyataan ini sudah dicabut."))
    services.take_back_survey(place.region, json_data["reason"], by=caller())
    return to.survey(survey)


def _version_of(region: Region) -> str:
    return digest_of(lines.targets_shown(region))


def _shown(region: Region, target_id: int) -> dict[str, Any]:
    return next(each for each in to.target_list(region) if each["id"] == target_id)
