"""Look-ups of regions. `find` looks among the valid ones by code; `get` takes the id and finds retired ones
too.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from app.core.scopes import NATION, contains
from app.extensions import db
from app.regions.models import Region, RegionSuccession
from app.regions.rules import Level, ancestor_codes, is_code

VALID = Region.valid_to.is_(None)


def get_region(region_id: int) -> Region | None:
    """Return the region of this id, valid or retired."""
    return db.session.get(Region, region_id)


def lies_in(column: Any, code: str) -> ColumnElement[bool]:
    """Return the condition that a code lies in a region, the region itself included."""
    return true() if code == NATION else or_(column == code, lies_below(column, code))


def lies_below(column: Any, code: str) -> ColumnElement[bool]:
    """Return the condition that a code lies under another: a range, so that both engines use the index; '/'
    follows '.'.
    """
    return true() if code == NATION else and_(column > f"{code}.", column < f"{code}/")


def find_region(code: str) -> Region | None:
    """Return the valid region of this code."""
    return db.session.scalar(select(Region).where(Region.code == code, VALID)) if is_code(code) else None


def find_latest(code: str) -> Region | None:
    """Return the region of this code: the one that stands today, else the last that did."""
    if not is_code(code):
        return None
    latest = Region.valid_to.is_(None).desc(), Region.valid_to.desc()
    return db.session.scalars(select(Region).where(Region.code == code).order_by(*latest).limit(1)).first()


def list_latest(codes: Iterable[str]) -> list[Region]:
    """Return the regions of these codes: the valid one, else the last that was, by code."""
    found: dict[str, Region] = {}
    for region in db.session.scalars(
        select(Region).where(Region.code.in_(sorted(codes))).order_by(Region.valid_to.desc())
    ):
        if region.code not in found or region.valid_to is None:
            found[region.code] = region
    return [found[code] for code in sorted(found)]


def current_region(region: Region) -> Region | None:
    """Return the valid region that stands where this one stands today: itself, its successor, or what holds
    all successors.
    """
    return region if region.valid_to is None else find_region(region.scope_code)


def list_children(region: Region) -> list[Region]:
    """Return the valid regions one level down, by name."""
    return _by_name(select(Region).where(Region.parent_id == region.id, VALID))


def list_children_of(code: str) -> list[Region]:
    """Return the valid regions below the valid one of this code, by name; nothing for a code that is none."""
    region = find_region(code)
    return list_children(region) if region else []


def offered_among(regions: list[Region], codes: Iterable[str] | None) -> list[Region]:
    """Return those of these regions that lie in one of the codes or lead to one; all of them
    without codes.
    """
    if codes is None:
        return regions
    wanted = set(codes)
    return [
        each
        for each in regions
        if any(contains(code, each.code) or contains(each.code, code) for code in wanted)
    ]


def list_provinsi() -> list[Region]:
    """Return all provinsi, by name."""
    return _by_name(select(Region).where(Region.level == Level.PROVINSI, VALID))


def list_desa(region: Region) -> list[Region]:
    """Return the valid desa and kelurahan inside a region (itself, if it is one), by code."""
    desa = select(Region).where(Region.level == Level.DESA, VALID).order_by(Region.code)
    if region.code != NATION:
        # a range of codes, so that the index on (level, code) is used on both engines; '/' follows '.'
        desa = desa.where(
            or_(
                Region.code == region.code,
                and_(Region.code > f"{region.code}.", Region.code < f"{region.code}/"),
            )
        )
    return list(db.session.scalars(desa))


def ancestors(region: Region) -> list[Region]:
    """Return the regions that hold this one, from provinsi down; itself and the nation are not among them."""
    codes = ancestor_codes(region.code)
    if not codes:
        return []
    if region.valid_to is None:
        return list(
            db.session.scalars(select(Region).where(Region.code.in_(codes), VALID).order_by(Region.code))
        )
    held: list[Region] = []
    parent = region.parent
    while parent is not None and parent.level is not Level.NATION:
        held.insert(0, parent)
        parent = parent.parent
    return held


def region_name_path(region: Region) -> str:
    """Return the name with those of what holds it, nearest first: 'Desa Miawa, Kecamatan Piani, Kabupaten
    Tapin, …'.
    """
    return ", ".join(each.full_name for each in [region, *reversed(ancestors(region))])


def list_descendants(region: Region) -> list[Region]:
    """Return all valid regions below this one, highest level first."""
    inside = Region.code > f"{region.code}.", Region.code < f"{region.code}/"
    below = (
        select(Region).where(*inside, VALID)
        if region.code != NATION
        else select(Region).where(Region.code != NATION, VALID)
    )
    return sorted(db.session.scalars(below), key=lambda each: (len(each.code), each.code))


def successors(region: Region) -> list[Region]:
    """Return the regions that took this one's place, by code."""
    took = (
        select(Region)
        .join(RegionSuccession, RegionSuccession.new_id == Region.id)
        .where(RegionSuccession.old_id == region.id)
    )
    return list(db.session.scalars(took.order_by(Region.code, Region.id)))


def count_by_level() -> dict[str, int]:
    """Count the valid regions of each level."""
    counted = dict(
        db.session.execute(select(Region.level, func.count()).where(VALID).group_by(Region.level)).all()
    )
    return {str(level): counted.get(level, 0) for level in Level}


def lock_region(region_id: int) -> Region | None:
    """Hold a region."""
    held = (
        select(Region)
        .where(Region.id == region_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(held)


def _by_name(query: Select[tuple[Region]]) -> list[Region]:
    """Sort here: the two engines order letters differently."""
    return sorted(db.session.scalars(query), key=lambda region: (region.name.casefold(), region.code))
