"""Hosts, visits with the places they keep, placements, and the rights that visits give."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from app.attendance.models import Attendance
from app.attendance.rules import THERE
from app.auth.models import Grant, User
from app.auth.rules import Role
from app.core import clock
from app.core.scopes import NATION, Reach, ScopeKind
from app.courses.models import Batch, Course, TrainingSession
from app.courses.rules import SessionKind
from app.enrollments.models import Attendee
from app.extensions import db
from app.fieldwork.models import ClientGroup, Host, HostVisit, Placement
from app.fieldwork.rules import STANDING, USABLE, Claim, VisitStatus, places_left, takes_part
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.rules import WIB
from app.trainees.models import Trainee


def get_host(host_id: int) -> Host | None:
    """Return the host with all that its page shows."""
    shown = (
        joinedload(Host.organiser).joinedload(Organiser.region),
        joinedload(Host.region),
        joinedload(Host.contact_user),
    )
    return db.session.get(Host, host_id, options=shown)


def lock_host(host_id: int) -> Host:
    """Hold the host's row: places of its days are given while it is held."""
    query = select(Host).where(Host.id == host_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def list_hosts(within: Reach) -> list[Host]:
    """Return the hosts reached, by name of region and own name."""
    reached = within.clause(region_code=Region.scope_code, host=Host.id) | within.clause(
        region_code=_kept_in(), organiser=Host.organiser_id
    )
    return _hosts(reached)


def list_hosts_for(batch: Batch) -> list[Host]:
    """Return whom a batch may ask: the hosts its organiser keeps and all that lie in the same provinsi."""
    organiser = batch.course.organiser
    provinsi = organiser.region.scope_code[:2]
    near = true() if provinsi == NATION else Region.scope_code.like(f"{provinsi}.%")
    return _hosts(or_(near, Host.organiser_id == organiser.id))


def find_host(organiser: Organiser, name: str) -> Host | None:
    """Return the host that the organiser keeps under this name, in any case of letters."""
    same = Host.organiser_id == organiser.id, func.lower(Host.name) == name.strip().lower()
    return db.session.scalar(select(Host).where(*same))


def list_client_groups(host: Host) -> list[ClientGroup]:
    """Return whom the host cares for."""
    return list(
        db.session.scalars(select(ClientGroup).where(ClientGroup.host_id == host.id).order_by(ClientGroup.id))
    )


def get_visit(visit_id: int) -> HostVisit | None:
    """Return the visit with all that its page shows."""
    return db.session.get(HostVisit, visit_id, options=_visit_shown())


def lock_visit(visit_id: int) -> HostVisit:
    """Hold the visit's row while it is answered or filled."""
    query = (
        select(HostVisit)
        .where(HostVisit.id == visit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def lock_visits(batch: Batch) -> list[HostVisit]:
    """Hold all visits of a batch, in order of id."""
    query = select(HostVisit).where(HostVisit.batch_id == batch.id).order_by(HostVisit.id)
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def list_visits(batch: Batch) -> list[HostVisit]:
    """Return the visits of a batch by day, with their hosts."""
    query = (
        select(HostVisit)
        .where(HostVisit.batch_id == batch.id)
        .options(joinedload(HostVisit.host).joinedload(Host.contact_user))
    )
    return list(db.session.scalars(query.order_by(HostVisit.visits_on, HostVisit.id)))


def list_visits_of(contact: User) -> list[HostVisit]:
    """Return the requests to all hosts whose contact this account is, the nearest day first."""
    query = (
        select(HostVisit)
        .join(HostVisit.host)
        .where(Host.contact_user_id == contact.id)
        .options(*_visit_shown())
    )
    return list(db.session.scalars(query.order_by(HostVisit.visits_on.desc(), HostVisit.id)))


def list_standing_visits(host: Host, *, since: date) -> list[HostVisit]:
    """Return the visits of a host from a day on that keep places, by day."""
    standing = HostVisit.host_id == host.id, HostVisit.visits_on >= since, HostVisit.status.in_(STANDING)
    query = select(HostVisit).where(*standing).options(*_visit_shown())
    return list(db.session.scalars(query.order_by(HostVisit.visits_on, HostVisit.id)))


def list_batches_visiting(host: Host, *, since: date) -> list[Batch]:
    """Return the batches that this host receives from a day on."""
    visiting = select(HostVisit.batch_id).where(
        HostVisit.host_id == host.id, HostVisit.visits_on >= since, HostVisit.status.in_(USABLE)
    )
    return list(db.session.scalars(select(Batch).where(Batch.id.in_(visiting)).order_by(Batch.id)))


def list_claims(host: Host, day: date, *, without: int | None = None) -> list[Claim]:
    """Return what visits of the host keep of one day, leaving one visit out."""
    query = select(HostVisit.status, HostVisit.requested_places, HostVisit.granted_places)
    query = query.where(HostVisit.host_id == host.id, HostVisit.visits_on == day)
    if without is not None:
        query = query.where(HostVisit.id != without)
    return [Claim(*row) for row in db.session.execute(query)]


def count_places_left(host: Host, day: date, *, without: int | None = None) -> int:
    """Count the trainees that the host can still take on a day."""
    return places_left(host.visitors_per_day, list_claims(host, day, without=without))


def find_standing_visit(batch: Batch, host: Host, day: date) -> HostVisit | None:
    """Return what the batch already asked of this host for this day and still stands."""
    same = HostVisit.batch_id == batch.id, HostVisit.host_id == host.id, HostVisit.visits_on == day
    return db.session.scalar(select(HostVisit).where(*same, HostVisit.status.in_(STANDING)))


def list_days_of_practice(batch: Batch) -> list[date]:
    """Return the days of the batch that hold field practice."""
    practice = _field_practice(TrainingSession.batch_id == batch.id)
    return list(
        db.session.scalars(
            select(TrainingSession.held_on).where(*practice).distinct().order_by(TrainingSession.held_on)
        )
    )


def get_attendee(attendee_id: int) -> Attendee | None:
    """Return a participant with the batch."""
    return db.session.get(
        Attendee, attendee_id, options=[joinedload(Attendee.batch), joinedload(Attendee.trainee)]
    )


def list_placements(batch: Batch) -> list[Placement]:
    """Return who practises where, by visit, group and name; without those who left before."""
    query = _placements().where(HostVisit.batch_id == batch.id)
    return _there(
        list(
            db.session.scalars(
                query.order_by(HostVisit.visits_on, HostVisit.id, Placement.group, Trainee.folded_name)
            )
        )
    )


def list_placements_at(visit_ids: Iterable[int]) -> list[Placement]:
    """Return who practises at these visits, by visit, group and name; without those who left before."""
    query = _placements().where(Placement.visit_id.in_(sorted(visit_ids)))
    return _there(
        list(db.session.scalars(query.order_by(Placement.visit_id, Placement.group, Trainee.folded_name)))
    )


def list_departed(batch: Batch) -> list[Placement]:
    """Return the places at visits to come that people who left still hold."""
    query = (
        _placements()
        .where(HostVisit.batch_id == batch.id, Attendee.left_at.is_not(None))
        .order_by(Placement.id)
    )
    placements: list[Placement] = list(db.session.scalars(query))
    return [placement for placement in placements if is_to_come(placement.visit)]


def placement_of(attendee: Attendee) -> Placement | None:
    """Return where somebody practises."""
    return db.session.scalar(select(Placement).where(Placement.attendee_id == attendee.id))


def mentor_of(visit: HostVisit, group: int) -> str:
    """Return the name of the pembimbing lapangan of a group; empty when none is named."""
    query = select(Placement.mentor_name).where(Placement.visit_id == visit.id, Placement.group == group)
    return db.session.scalar(query.limit(1)) or ""


def count_placed(visit: HostVisit, *, without: int | None = None) -> int:
    """Count the people placed at a visit, leaving one attendee out; who left before does not count."""
    return sum(placement.attendee_id != without for placement in list_placements_at([visit.id]))


def count_placed_at(visit_ids: Iterable[int]) -> dict[int, int]:
    """Count the people placed at each of these visits; who left before does not count."""
    return Counter(placement.visit_id for placement in list_placements_at(visit_ids))


def was_present(attendee: Attendee, day: date) -> bool:
    """Say whether somebody was seen at the field practice of a day."""
    seen = Attendance.attendee_id == attendee.id, Attendance.status.in_(sorted(THERE))
    practice = _field_practice(TrainingSession.held_on == day)
    query = select(func.count(Attendance.id)).join(
        TrainingSession, TrainingSession.id == Attendance.session_id
    )
    return bool(db.session.scalar(query.where(*seen, *practice)))


def is_seen(visit: HostVisit) -> bool:
    """Say whether anybody who is placed at a visit is recorded as present at the field practice
    of its day.
    """
    placed = select(Placement.attendee_id).where(Placement.visit_id == visit.id)
    practice = _field_practice(
        TrainingSession.held_on == visit.visits_on, TrainingSession.batch_id == visit.batch_id
    )
    seen = select(Attendance.id).join(TrainingSession, TrainingSession.id == Attendance.session_id)
    return (
        db.session.scalar(
            seen.where(Attendance.attendee_id.in_(placed), Attendance.status.in_(THERE), *practice).limit(1)
        )
        is not None
    )


def received_by(session: TrainingSession, user_id: int) -> set[int] | None:
    """Return whom somebody receives at the field practice of a session as contact of a host, by attendee;
    None where the right to the session is another one, or nobody of the batch is placed.
    """
    named = Grant.user_id == user_id, Grant.scope_kind == ScopeKind.SESSION, Grant.scope_id == session.id
    roles = set(db.session.scalars(select(Grant.role).where(*named, *Grant.valid_on(clock.today(WIB)))))
    placements = list_placements(session.batch) if roles == {Role.HOST_CONTACT} else []
    if not placements:
        return None
    here = {
        visit.id
        for visit in list_visits(session.batch)
        if visit.host.contact_user_id == user_id and visit.status in USABLE
    }
    return {
        each.attendee_id
        for each in placements
        if each.visit_id in here and each.visit.visits_on == session.held_on
    }


def find_proposals(batch: Batch, host: Host) -> list[HostVisit]:
    """Return the requests to which the host proposed another day, and which nobody has taken up or back."""
    same = (
        HostVisit.batch_id == batch.id,
        HostVisit.host_id == host.id,
        HostVisit.status == VisitStatus.OTHER_DATE,
    )
    return list(db.session.scalars(select(HostVisit).where(*same).order_by(HostVisit.id)))


def list_committee(batch: Batch) -> list[User]:
    """Return the accounts of the panitia of a batch."""
    organiser = batch.course.organiser
    here = or_(
        and_(Grant.scope_kind == ScopeKind.REGION, Grant.region_id == organiser.region_id),
        and_(Grant.scope_kind == ScopeKind.ORGANISER, Grant.scope_id == organiser.id),
        and_(Grant.scope_kind == ScopeKind.BATCH, Grant.scope_id == batch.id),
    )
    held = select(Grant.user_id).where(Grant.role == Role.COMMITTEE, here, *Grant.valid_on(clock.today(WIB)))
    return list(
        db.session.scalars(
            select(User).where(User.id.in_(held), User.disabled_at.is_(None)).order_by(User.id)
        )
    )


def is_record(batch: Batch) -> bool:
    """Say whether a batch was entered after its last day: its past days are written down, not planned."""
    return batch.recorded_at.astimezone(ZoneInfo(batch.zone)).date() > batch.ends_on


def is_to_come(visit: HostVisit) -> bool:
    """Say whether the day of a visit is not past at the place of the batch."""
    return visit.visits_on >= clock.today(visit.batch.zone)


def wanted_grants(batch: Batch) -> set[tuple[int, int]]:
    """Return (user, session) for each contact of an accepted visit and each session of field practice on its
    day.
    """
    query = (
        select(Host.contact_user_id, TrainingSession.id)
        .select_from(HostVisit)
        .join(HostVisit.host)
        .join(
            TrainingSession,
            (TrainingSession.batch_id == HostVisit.batch_id)
            & (TrainingSession.held_on == HostVisit.visits_on),
        )
        .where(
            HostVisit.batch_id == batch.id,
            HostVisit.status.in_(USABLE),
            Host.contact_user_id.is_not(None),
            *_field_practice(),
        )
    )
    return {(user_id, session_id) for user_id, session_id in db.session.execute(query) if user_id is not None}


def list_session_grants(batch: Batch) -> list[Grant]:
    """Return the grants in force that contacts of hosts hold for sessions of this batch."""
    sessions = select(TrainingSession.id).where(TrainingSession.batch_id == batch.id)
    held = (
        Grant.role == Role.HOST_CONTACT,
        Grant.scope_kind == ScopeKind.SESSION,
        Grant.scope_id.in_(sessions),
    )
    return list(
        db.session.scalars(select(Grant).where(*held, *Grant.valid_on(clock.today(WIB))).order_by(Grant.id))
    )


def list_host_grants(host: Host) -> list[Grant]:
    """Return the grants in force of the contact of a host."""
    held = Grant.role == Role.HOST_CONTACT, Grant.scope_kind == ScopeKind.HOST, Grant.scope_id == host.id
    return list(
        db.session.scalars(select(Grant).where(*held, *Grant.valid_on(clock.today(WIB))).order_by(Grant.id))
    )


def _hosts(chosen: ColumnElement[bool]) -> list[Host]:
    query = select(Host).join(Host.region).where(chosen)
    shown = contains_eager(Host.region), joinedload(Host.organiser), joinedload(Host.contact_user)
    return list(
        db.session.scalars(query.options(*shown).order_by(Region.scope_code, func.lower(Host.name), Host.id))
    )


def _kept_in() -> ScalarSelect[str]:
    kept = (
        select(Region.scope_code)
        .join(Organiser, Organiser.region_id == Region.id)
        .where(Organiser.id == Host.organiser_id)
    )
    return kept.correlate(Host).scalar_subquery()


def _field_practice(*more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (TrainingSession.kind == SessionKind.FIELD_PRACTICE, TrainingSession.cancelled_at.is_(None), *more)


def _placements() -> Select[tuple[Placement]]:
    return (
        select(Placement)
        .join(Placement.visit)
        .join(Placement.attendee)
        .join(Attendee.trainee)
        .join(Trainee.duty_region)
        .options(
            contains_eager(Placement.visit).joinedload(HostVisit.batch),
            contains_eager(Placement.attendee)
            .contains_eager(Attendee.trainee)
            .contains_eager(Trainee.duty_region),
        )
    )


def _there(placements: list[Placement]) -> list[Placement]:
    return [placement for placement in placements if _is_there(placement)]


def _is_there(placement: Placement) -> bool:
    visit = placement.visit
    zone = visit.batch.zone
    return takes_part(placement.attendee.left_at, visit.visits_on, zone, clock.today(zone))


def _visit_shown() -> tuple[Any, ...]:
    course = joinedload(HostVisit.batch).joinedload(Batch.course)
    return joinedload(HostVisit.host), course.joinedload(Course.organiser).joinedload(Organiser.region)
