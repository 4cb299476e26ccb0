"""Organisers, what they were called and who signed for them on a day."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.names import fold_name
from app.core.scopes import Reach
from app.extensions import db
from app.organisers.models import Organiser, OrganiserName, Signer
from app.organisers.rules import choose_signer
from app.regions.models import Region
from app.regions.rules import Level


def get_organiser(organiser_id: int) -> Organiser | None:
    """Return the organiser with its region."""
    return db.session.get(Organiser, organiser_id, options=[joinedload(Organiser.region)])


def find_organiser_by_code(code: str) -> Organiser | None:
    """Return the organiser of this code, in any case of letters."""
    return db.session.scalar(
        select(Organiser).where(Organiser.code == code.strip().upper()).options(joinedload(Organiser.region))
    )


def find_office_at(region_id: int) -> Organiser | None:
    """Return the office that has its seat at a region, the first recorded."""
    return db.session.scalar(
        select(Organiser).where(Organiser.region_id == region_id).order_by(Organiser.id).limit(1)
    )


def find_by_unit(unit: str, region_id: int) -> Organiser | None:
    """Return an office of another region that writes this unit in its numbers, in any case of letters."""
    other = func.upper(Organiser.unit) == unit.upper(), Organiser.region_id != region_id
    return db.session.scalar(select(Organiser).where(*other).order_by(Organiser.id).limit(1))


def find_called(name: str, government: str, region_id: int) -> Organiser | None:
    """Return an office of another region that is, or was, called so, however it is written: by a name that
    says where it is, or under the same government. A bare "Dinas Sosial" is everybody's.
    """
    query = (
        select(OrganiserName, Organiser)
        .join(Organiser, Organiser.id == OrganiserName.organiser_id)
        .options(joinedload(Organiser.region))
    )
    for row, other in db.session.execute(
        query.where(Organiser.region_id != region_id).order_by(OrganiserName.id)
    ):
        names_place = fold_name(other.region.name) in fold_name(name)
        if fold_name(row.name) == fold_name(name) and (
            names_place or fold_name(row.government) == fold_name(government)
        ):
            return other
    return None


def lock_organiser(organiser_id: int) -> Organiser:
    """Hold the organiser's row until the decision is made."""
    query = (
        select(Organiser)
        .where(Organiser.id == organiser_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def list_organisers(within: Reach) -> list[Organiser]:
    """Return the organisers reached, by region code."""
    reached = within.clause(region_code=Region.scope_code, organiser=Organiser.id)
    query = select(Organiser).join(Organiser.region).where(reached).options(joinedload(Organiser.region))
    return list(db.session.scalars(query.order_by(Region.scope_code, Organiser.code)))


def seated_at(region_ids: Collection[int]) -> dict[int, list[str]]:
    """Return, by region, the codes of the offices that have their seat there."""
    found: dict[int, list[str]] = {}
    for region_id, code in db.session.execute(
        select(Organiser.region_id, Organiser.code).where(Organiser.region_id.in_(region_ids))
    ):
        found.setdefault(region_id, []).append(code)
    return found


def list_publishing() -> list[Organiser]:
    """Return the offices that have opened their figures of coverage to everybody, by name of their region."""
    query = (
        select(Organiser)
        .join(Organiser.region)
        .where(Organiser.publishes_coverage, Region.level == Level.KABUPATEN)
    )
    return list(
        db.session.scalars(query.options(joinedload(Organiser.region)).order_by(Region.name, Organiser.id))
    )


def publishes(region: Region) -> bool:
    """Return whether an office of this very region has opened its figures of coverage to everybody."""
    return (
        db.session.scalar(
            select(Organiser.id)
            .where(Organiser.region_id == region.id, Organiser.publishes_coverage)
            .limit(1)
        )
        is not None
    )


def name_on(organiser: Organiser, day: date) -> OrganiserName | None:
    """Return what the office was called on a day; None before its first name."""
    return names_on([organiser.id], day).get(organiser.id)


def names_on(organiser_ids: Iterable[int], day: date) -> dict[int, OrganiserName]:
    """Return what each of these offices was called on a day, by id of the organiser."""
    query = select(OrganiserName).where(
        OrganiserName.organiser_id.in_(sorted(organiser_ids)), OrganiserName.starts_on <= day
    )
    return {name.organiser_id: name for name in db.session.scalars(query.order_by(OrganiserName.starts_on))}


def sender_on(organiser: Organiser, day: date) -> str:
    """Return the name under which the office writes on a day; empty before its first name."""
    name = name_on(organiser, day)
    return name.name if name else ""


def list_names(organiser: Organiser) -> list[OrganiserName]:
    """Return every name the office had, newest first."""
    query = select(OrganiserName).where(OrganiserName.organiser_id == organiser.id)
    return list(db.session.scalars(query.order_by(OrganiserName.starts_on.desc())))


def names_by_unit(units: Iterable[str], day: date, most: int = 3) -> list[OrganiserName]:
    """Return what the offices are called that write one of these units in their numbers, in any case of
    letters.
    """
    wanted = sorted({unit.upper() for unit in units if unit})
    ids = db.session.scalars(
        select(Organiser.id).where(func.upper(Organiser.unit).in_(wanted)).order_by(Organiser.id).limit(most)
    )
    return sorted(names_on(ids, day).values(), key=lambda name: name.name)


def get_name(name_id: int) -> OrganiserName | None:
    """Return one name of an office."""
    return db.session.get(OrganiserName, name_id)


def list_signers(organiser: Organiser) -> list[Signer]:
    """Return everybody who ever signed for the office, newest term first."""
    query = select(Signer).where(Signer.organiser_id == organiser.id)
    return list(
        db.session.scalars(query.order_by(Signer.is_second, Signer.starts_on.desc(), Signer.id.desc()))
    )


def get_signer(signer_id: int) -> Signer | None:
    """Return one term of a signer."""
    return db.session.get(Signer, signer_id)


def signer_on(organiser: Organiser, day: date, second: bool = False) -> Signer | None:
    """Return who signs on a day, the acting one first; `second` asks for the back page."""
    return choose_signer(list_signers(organiser), day, second=second)
