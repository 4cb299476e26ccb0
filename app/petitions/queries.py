"""What waits for an answer, and what somebody who asked can be told."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.core import clock, crypto
from app.core.scopes import Reach
from app.extensions import db
from app.petitions.models import Petition
from app.petitions.rules import ANSWERED_BY, FOLLOWED_FOR, PetitionKind
from app.regions.models import Region
from app.trainees.models import Trainee
from app.trainees.queries import same_person_ids

SHOWN_AT_MOST = 100


def get_petition(petition_id: int) -> Petition | None:
    """Return what was asked, with whom it is about."""
    return db.session.get(Petition, petition_id, options=[joinedload(Petition.trainee), joinedload(Petition.region)])


def lock_petition(petition_id: int) -> Petition:
    """Hold it until the answer is kept."""
    held = select(Petition).where(Petition.id == petition_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(held).one()


def list_waiting(reach: Callable[[str], Reach]) -> list[Petition]:
    """Return what waits for somebody, the oldest first: of each kind what lies where its permission reaches."""
    counting, place = aliased(Trainee), aliased(Region)
    query = (
        select(Petition)
        .outerjoin(Trainee, Petition.trainee_id == Trainee.id)
        .outerjoin(counting, Trainee.canonical_id == counting.id)
        .outerjoin(place, place.id == func.coalesce(counting.duty_region_id, Trainee.duty_region_id))
        .outerjoin(Region, Petition.region_id == Region.id)
    )
    reached = []
    for kind, permission in ANSWERED_BY.items():
        within = reach(permission)
        where = or_(within.clause(region_code=place.scope_code), within.clause(region_code=Region.scope_code))
        reached.append(and_(Petition.kind == kind, where))
    query = query.where(Petition.answered_at.is_(None), or_(*reached)).options(joinedload(Petition.trainee), joinedload(Petition.region))
    return list(db.session.scalars(query.order_by(Petition.asked_at, Petition.id).limit(SHOWN_AT_MOST)))


def find_open(open_key: str) -> Petition | None:
    """Return what waits under this key."""
    return db.session.scalar(select(Petition).where(Petition.open_key == open_key))


def count_open_of(trainee: Trainee, kind: PetitionKind) -> int:
    """Count what of one kind waits about a person."""
    same = Petition.trainee_id.in_(same_person_ids(trainee)), Petition.kind == kind, Petition.answered_at.is_(None)
    return db.session.scalar(select(func.count(Petition.id)).where(*same)) or 0


def list_open_of(trainee: Trainee, kind: PetitionKind) -> list[Petition]:
    """Return what of one kind waits about a person, the last first."""
    same = Petition.trainee_id.in_(same_person_ids(trainee)), Petition.kind == kind, Petition.answered_at.is_(None)
    return list(db.session.scalars(select(Petition).where(*same).order_by(Petition.id.desc())))


def last_answered_of(trainee: Trainee, kind: PetitionKind, since: datetime) -> Petition | None:
    """Return what of one kind was answered last about a person, since a moment."""
    same = Petition.trainee_id.in_(same_person_ids(trainee)), Petition.kind == kind, Petition.answered_at > since
    return db.session.scalar(select(Petition).where(*same).order_by(Petition.answered_at.desc(), Petition.id.desc()).limit(1))


def follow_index(nik: str, code: str) -> str:
    """Return what the table knows a claimant by: her NIK and her code together."""
    return crypto.blind_index(f"{nik} {code}", context="petitions.follow")


def find_followed(nik: str, code: str) -> Petition | None:
    """Return the last claim of whoever holds this NIK and this code, while it waits or was answered not long ago."""
    recent = or_(Petition.answered_at.is_(None), Petition.answered_at > clock.now() - FOLLOWED_FOR)
    query = select(Petition).where(Petition.follow_index == follow_index(nik, code), recent)
    return db.session.scalar(query.order_by(Petition.id.desc()).limit(1))
