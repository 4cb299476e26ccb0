"""What waits for an answer, and what somebody who asked can be told."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.auth.models import User
from app.auth.queries import get_user, has_link_since, is_anybody, roles_by_user
from app.auth.rules import NameKind, Permission
from app.core import clock, crypto
from app.core.dates import long_date
from app.core.phones import shown_phone
from app.core.scopes import NATION, Reach, owner
from app.extensions import db
from app.petitions.models import Petition
from app.petitions.rules import ANSWERED_BY, FOLLOWED_FOR, Answer, PetitionKind
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WIB
from app.trainees.models import Trainee
from app.trainees.phones import list_by_phone
from app.trainees.queries import account_of, same_person_ids, trainee_of

SHOWN_AT_MOST = 100
HALF = 32  # characters of an index that holds two


def get_petition(petition_id: int) -> Petition | None:
    """Return what was asked, with whom it is about."""
    return db.session.get(
        Petition, petition_id, options=[joinedload(Petition.trainee), joinedload(Petition.region)]
    )


def lock_petition(petition_id: int) -> Petition:
    """Hold it until the answer is kept."""
    held = (
        select(Petition)
        .where(Petition.id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(held).one()


def list_waiting(reach: Callable[[str], Reach]) -> list[Petition]:
    """Return what waits for somebody, the oldest first: of each kind what lies where its
    permission reaches.
    """
    return _listed(reach, Petition.answered_at.is_(None))


def count_waiting(reach: Callable[[str], Reach]) -> int:
    """Count what waits for somebody."""
    waiting = _reached(select(func.count(Petition.id)).select_from(Petition), reach)
    return db.session.scalar(waiting.where(Petition.answered_at.is_(None))) or 0


def list_expected(reach: Callable[[str], Reach]) -> list[Petition]:
    """Return the claims answered with a sentence alone whose sender is still to come, the oldest first."""
    return _listed(
        reach, Petition.secret_hash.is_not(None), Petition.answered_at > clock.now() - FOLLOWED_FOR
    )


def list_rivals_of(petition: Petition) -> list[Petition]:
    """Return the other claims of the same person that are still to be answered, the first sent first."""
    if petition.kind is not PetitionKind.CLAIM or petition.trainee is None:
        return []
    open_or_expected = or_(
        Petition.answered_at.is_(None),
        and_(Petition.secret_hash.is_not(None), Petition.answered_at > clock.now() - FOLLOWED_FOR),
    )
    same = (
        Petition.trainee_id.in_(same_person_ids(petition.trainee)),
        Petition.kind == PetitionKind.CLAIM,
        Petition.id != petition.id,
    )
    query = select(Petition).where(*same, open_or_expected).options(joinedload(Petition.region))
    return list(db.session.scalars(query.order_by(Petition.id)))


def list_of_same_phone(petition: Petition) -> list[Petition]:
    """Return the other requests for a way in that wait and were asked for with the same number."""
    phone = petition.said.phone
    if petition.kind is not PetitionKind.CODE or not phone:
        return []
    others = {
        each.id for person in list_by_phone(phone) for each in list_open_of(person, PetitionKind.CODE)
    } - {petition.id}
    waiting = [each for each in map(get_petition, sorted(others)) if each is not None]
    return [each for each in waiting if each.said.phone == phone]


def has_link(petition: Petition) -> bool:
    """Return whether a link was made since somebody asked for a way in."""
    account = account_of(petition.person) if petition.person else None
    return account is not None and has_link_since(account.id, petition.asked_at)


def list_sharing(petition: Petition, by: User) -> list[tuple[Trainee | None, Petition | None]]:
    """Return the others who are recorded with the number by which a way in was asked for, with what waits
    about each; None for somebody out of an officer's sight.
    """
    phone = petition.said.phone
    if petition.kind is not PetitionKind.CODE or not phone or petition.person is None:
        return []
    others = [each for each in list_by_phone(phone) if each.id != petition.person.id]
    seen = [each if by.can(Permission.TRAINEE_SEE, each) else None for each in others]
    return [
        (each, next(iter(list_open_of(each, PetitionKind.CODE)), None) if each else None) for each in seen
    ]


@dataclass(frozen=True)
class Asker:
    """Who asked something while signed in: called what, holding what, reached how; `person` where she is
    recorded and in sight.
    """

    name: str
    roles: list[str]
    phone: str | None
    email: str | None
    person: Trainee | None


def asker_of(petition: Petition, by: User) -> Asker | None:
    """Return who asked this for others, or as a report, while she was signed in."""
    account = (
        get_user(petition.asked_by_id)
        if petition.asked_by_id and petition.kind in (PetitionKind.CORRECTION, PetitionKind.REPORT)
        else None
    )
    if account is None:
        return None
    own = trainee_of(account.id)
    grants = roles_by_user([account], clock.today(WIB))[account.id]
    roles = [
        f"{grant.role.label}, {grant.region.full_name}" if grant.region else str(grant.role.label)
        for grant in grants
    ]
    seen = own if own is not None and by.can(Permission.TRAINEE_SEE, own) else None
    return Asker(account.name, roles, seen.phone if seen else None, account.email, seen)


def list_wishes_of(trainee_ids: Collection[int]) -> list[int]:
    """Return the batches that these records of one person asked for with a registration that waited, and that
    was answered not long ago.
    """
    answered = (
        Petition.answered_at > clock.now() - FOLLOWED_FOR,
        Petition.secret_hash.is_(None),
        Petition.batch_id.is_not(None),
    )
    mine = Petition.trainee_id.in_(trainee_ids), Petition.kind == PetitionKind.CLAIM
    return [
        batch_id
        for batch_id in db.session.scalars(select(Petition.batch_id).where(*mine, *answered).distinct())
        if batch_id
    ]


def has_account_in_use(person: Trainee) -> bool:
    """Return whether somebody signs in already: an account that is open and has a password."""
    account = account_of(person)
    return account is not None and account.is_active and account.password_hash is not None


def has_closed_account(person_id: int) -> bool:
    """Return whether an account of this person was closed."""
    own = or_(Trainee.id == person_id, Trainee.canonical_id == person_id), User.disabled_at.is_not(None)
    return (
        db.session.scalar(select(User.id).join(Trainee, Trainee.user_id == User.id).where(*own).limit(1))
        is not None
    )


def list_asked_by(user_id: int) -> list[Petition]:
    """Return what somebody who was signed in has reported, or proposed of others, the last first: what waits,
    and what was answered not long ago.
    """
    kinds = Petition.kind.in_([PetitionKind.CORRECTION, PetitionKind.REPORT])
    query = select(Petition).where(Petition.asked_by_id == user_id, kinds, _is_recent())
    return list(
        db.session.scalars(
            query.options(joinedload(Petition.trainee)).order_by(Petition.id.desc()).limit(SHOWN_AT_MOST)
        )
    )


def list_own(user_id: int, person: Trainee | None) -> list[Petition]:
    """Return what somebody has asked for herself, the last first: what waits, and what was answered not long
    ago; of names the last.
    """
    found = list_asked_by(user_id)
    if person is not None:
        own = (
            Petition.trainee_id.in_(same_person_ids(person)),
            Petition.kind == PetitionKind.NAME,
            _is_recent(),
        )
        query = select(Petition).where(
            *own, or_(Petition.answer.is_(None), Petition.answer != Answer.WITHDRAWN)
        )
        found += list(db.session.scalars(query.order_by(Petition.id.desc()).limit(1)))
    return sorted(found, key=lambda each: each.id, reverse=True)


def _is_recent() -> ColumnElement[bool]:
    return or_(Petition.answered_at.is_(None), Petition.answered_at > clock.now() - FOLLOWED_FOR)


def list_answered(reach: Callable[[str], Reach], most: int = 10) -> list[Petition]:
    """Return what was answered not long ago where somebody could have answered it, the last first; not whose
    sender is still to come.
    """
    query = _reached(_rows(), reach).where(
        Petition.answered_at > clock.now() - FOLLOWED_FOR, Petition.secret_hash.is_(None)
    )
    return list(
        db.session.scalars(query.order_by(Petition.answered_at.desc(), Petition.id.desc()).limit(most))
    )


def _listed(reach: Callable[[str], Reach], *states: ColumnElement[bool]) -> list[Petition]:
    query = _reached(_rows(), reach).where(*states)
    return list(db.session.scalars(query.order_by(Petition.asked_at, Petition.id).limit(SHOWN_AT_MOST)))


def _rows() -> Select[Any]:
    return select(Petition).options(joinedload(Petition.trainee), joinedload(Petition.region))


def _reached(query: Select[Any], reach: Callable[[str], Reach]) -> Select[Any]:
    """Narrow a query of petitions to those that lie within reach: of each kind where its
    permission reaches.
    """
    counting, place = aliased(Trainee), aliased(Region)
    query = (
        query.outerjoin(Trainee, Petition.trainee_id == Trainee.id)
        .outerjoin(counting, Trainee.canonical_id == counting.id)
        .outerjoin(place, place.id == func.coalesce(counting.duty_region_id, Trainee.duty_region_id))
        .outerjoin(Region, Petition.region_id == Region.id)
    )
    reached = []
    for kind, permission in ANSWERED_BY.items():
        within = reach(permission)
        where = or_(within.clause(region_code=place.scope_code), within.clause(region_code=Region.scope_code))
        reached.append(and_(Petition.kind == kind, where))
    return query.where(or_(*reached))


def receiver_of(region: Region) -> Region | None:
    """Return the region whose office reads a report about a certificate of this place: its kabupaten or kota,
    else the provinsi, else the nation; None where nobody does.
    """
    own = owner(region.scope_code)
    for code in dict.fromkeys((own, own[:2], NATION)):
        if is_anybody(ANSWERED_BY[PetitionKind.REPORT], code):
            return find_region(code)
    return None


def find_open(open_key: str) -> Petition | None:
    """Return what waits under this key."""
    return db.session.scalar(select(Petition).where(Petition.open_key == open_key))


def facts_of(person: Trainee) -> dict[str, str]:
    """Return what is recorded of somebody, as it is read."""
    return {
        "name": person.name,
        "birth_date": long_date(person.birth_date) if person.birth_date else "",
        "sex": str(person.sex.label) if person.sex else "",
        "desa": person.duty_region.place_name,
        "phone": shown_phone(person.phone) if person.phone else "",
        "address": person.address or "",
    }


def count_open_of(trainee: Trainee, kind: PetitionKind) -> int:
    """Count what of one kind waits about a person."""
    same = (
        Petition.trainee_id.in_(same_person_ids(trainee)),
        Petition.kind == kind,
        Petition.answered_at.is_(None),
    )
    return db.session.scalar(select(func.count(Petition.id)).where(*same)) or 0


def list_open_of(trainee: Trainee, kind: PetitionKind) -> list[Petition]:
    """Return what of one kind waits about a person, the last first."""
    same = (
        Petition.trainee_id.in_(same_person_ids(trainee)),
        Petition.kind == kind,
        Petition.answered_at.is_(None),
    )
    return list(db.session.scalars(select(Petition).where(*same).order_by(Petition.id.desc())))


def last_answered_of(trainee: Trainee, kind: PetitionKind, since: datetime) -> Petition | None:
    """Return what of one kind was answered last about a person, since a moment."""
    same = (
        Petition.trainee_id.in_(same_person_ids(trainee)),
        Petition.kind == kind,
        Petition.answered_at > since,
    )
    return db.session.scalar(
        select(Petition).where(*same).order_by(Petition.answered_at.desc(), Petition.id.desc()).limit(1)
    )


def follow_index(code: str, nik: str = "") -> str:
    """Return what the table knows by the code that its sender holds, however it is grouped: a claim also by
    the NIK she typed.
    """
    held = "".join(character for character in code if character.isalnum())
    return _half(held, "petitions.code") + _half(f"{nik} {held}", "petitions.follow")


def _half(text: str, context: str) -> str:
    return crypto.blind_index(text, context=context)[:HALF]


def _list_followed(kind: PetitionKind, code: str) -> list[Petition]:
    """Return what of one kind was asked with this code, the last first, while it waits or was answered not
    long ago.
    """
    start = follow_index(code)[:HALF]
    same_code = Petition.kind == kind, Petition.follow_index >= start, Petition.follow_index < start + "~"
    recent = or_(Petition.answered_at.is_(None), Petition.answered_at > clock.now() - FOLLOWED_FOR)
    return list(db.session.scalars(select(Petition).where(*same_code, recent).order_by(Petition.id.desc())))


def find_followed(kind: NameKind, name: str, code: str) -> Petition | None:
    """Return the last claim of whoever holds this code and signs in by the NIK or the phone that she typed
    with it.
    """
    wanted = follow_index(code, name)
    claims = _list_followed(PetitionKind.CLAIM, code)
    return next(
        (
            each
            for each in claims
            if each.follow_index == wanted or (kind is NameKind.PHONE and each.said.phone == name)
        ),
        None,
    )


def find_reported(code: str) -> Petition | None:
    """Return the report of this number."""
    return next(iter(_list_followed(PetitionKind.REPORT, code)), None)
