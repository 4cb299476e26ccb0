"""Regions, organisers, tiers, curricula: list and show."""

from typing import Any

from app.api import serializers as to
from app.api.access import allowed, caller
from app.api.blueprint import bp
from app.api.description import answers
from app.api.listing import listed
from app.api.unknown import unknown
from app.auth.rules import Permission
from app.courses import lines as course_lines
from app.courses import queries as courses
from app.organisers import queries as organisers
from app.organisers.models import Organiser
from app.regions import queries as regions
from app.regions.rules import is_code


@bp.get("/regions")
@allowed(None)
@listed("Region")
@bp.doc(summary="Provinsi", security="token")
def list_regions() -> Any:
    return {"items": [to.region(row) for row in regions.list_provinsi()], "next": None}


@bp.get("/regions/<region_code>")
@allowed(None)
@answers("RegionWithChildren")
@bp.doc(summary="Satu wilayah dengan wilayah di bawahnya", security="token")
def show_region(region_code: str) -> Any:
    row = regions.find_region(region_code) if is_code(region_code) else None
    if row is None:
        raise unknown("region_code")
    return {**to.region(row), "children": [to.region(child) for child in regions.list_children(row)]}


@bp.get("/organisers")
@allowed(Permission.ORGANISER_SEE)
@listed("Organiser")
@bp.doc(summary="Penyelenggara dalam jangkauan", security="token")
def list_organisers() -> Any:
    return {
        "items": [
            to.organiser(row) for row in organisers.list_organisers(caller().reach(Permission.ORGANISER_SEE))
        ],
        "next": None,
    }


@bp.get("/organisers/<int:organiser_id>")
@allowed(Permission.ORGANISER_SEE, on=organisers.get_organiser)
@answers("Organiser")
@bp.doc(summary="Satu penyelenggara", security="token")
def show_organiser(organiser: Organiser) -> Any:
    return to.organiser(organiser)


@bp.get("/tiers")
@allowed(None)
@listed("Tier")
@bp.doc(summary="Jenjang, dari yang terendah", security="token")
def list_tiers() -> Any:
    return {"items": [to.tier(row) for row in courses.list_tiers()], "next": None}


@bp.get("/tiers/<int:tier_id>")
@allowed(None, on=courses.get_tier)
@answers("Tier")
@bp.doc(summary="Satu jenjang", security="token")
def show_tier(tier: Any) -> Any:
    return to.tier(tier)


@bp.get("/curricula")
@allowed(None)
@listed("Curriculum")
@bp.doc(summary="Kurikulum dan versinya", security="token")
def list_curricula() -> Any:
    rows = course_lines.list_curricula(caller().reach(Permission.COURSE_SEE))
    return {"items": [to.curriculum(row.curriculum) for row in rows], "next": None}


@bp.get("/curricula/<int:curriculum_id>")
@allowed(None, on=courses.get_curriculum)
@answers("CurriculumWithSubjects")
@bp.doc(summary="Satu kurikulum dengan mata diklatnya", security="token")
def show_curriculum(curriculum: Any) -> Any:
    return {
        **to.curriculum(curriculum),
        "subjects": [to.subject(row) for row in courses.list_subjects(curriculum)],
    }
