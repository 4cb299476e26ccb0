"""What becomes of the visits when the dates of a batch move, or when it is called off."""

from datetime import date, timedelta

from app.audit.services import record
from app.auth.services import revoke_role
from app.core.actor import Actor
from app.core.dates import day_date
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses.models import Batch
from app.courses.queries import lock_batch
from app.fieldwork import messages, queries
from app.fieldwork.models import HostVisit
from app.fieldwork.rules import (
    BATCH_OVER,
    STANDING,
    UNSETTLED,
    USABLE,
    VisitStatus,
)
from app.fieldwork.services.holding import beyond, give_sessions, hold_all, lift, take_places
from app.fieldwork.services.visits import end_visit


@atomic()
def follow_moved_batch(batch: Batch, days: timedelta, by: Actor) -> list[HostVisit]:
    """Ask the hosts anew after a batch moved by `days`, its sessions with it: nothing is moved without them.

    Returns the visits asked.

    A visit follows the session of field practice: where the sessions stay (`days` is zero), so does the
    visit, with its answer and the people placed; only one that lies outside the new days is asked for the
    nearest day of practice. A visit still to come becomes a request for the new day, for the places that were
    asked as far as the host has room then; people placed within these stay placed. Where the host has no room
    it is cancelled. The contacts are told. Called in the decision that moves the dates.
    """
    batch = lock_batch(batch.id)
    visits = hold_all(batch, STANDING)
    wanted = {
        visit.id: visit.visits_on + days if days else _nearest_day(batch, visit.visits_on) for visit in visits
    }
    moving = [visit for visit in visits if wanted[visit.id] != visit.visits_on]
    for visit in sorted(
        moving, key=lambda each: each.visits_on, reverse=days > timedelta()
    ):  # clear of the own ones
        _ask_anew(visit, wanted[visit.id], by=by)
    give_sessions(batch, by=by)
    return moving


@atomic()
def end_visits_of_cancelled_batch(batch: Batch, reason: str, by: Actor) -> list[HostVisit]:
    """Cancel every visit still to come of a batch that is called off, and end the rights of the contacts;
    returns these visits.

    Called in the decision that cancels the batch. A visit that took place stays as it was; a request
    ends whatever its day.
    """
    batch = lock_batch(batch.id)
    visits = hold_all(batch, UNSETTLED, of_any_day=UNSETTLED - USABLE)
    for visit in visits:
        end_visit(visit, reason=reason, lost=queries.list_placements_at([visit.id]), by=by, with_batch=True)
    lift(queries.list_departed(batch))
    for grant in queries.list_session_grants(batch):
        revoke_role(grant, by=by)
    return visits


@atomic()
def end_requests_of_past_batch(batch_id: int, by: Actor) -> None:
    """End every request of a batch that is over to which no host has given places.

    A host whose day is to come is told.

    Called in the decision that declares the days finished, or approves the result.
    """
    batch = lock_batch(batch_id)
    for visit in hold_all(batch, frozenset(), of_any_day=UNSETTLED - USABLE):
        lost = queries.list_placements_at([visit.id])
        end_visit(
            visit,
            reason=str(BATCH_OVER),
            lost=lost,
            by=by,
            with_batch=True,
            is_notified=queries.is_to_come(visit),
        )


def _nearest_day(batch: Batch, day: date) -> date:
    """Return a day that lies within the batch as it is; else the nearest day of field practice, or of the
    batch where it has none.
    """
    if batch.starts_on <= day <= batch.ends_on:
        return day
    days = queries.list_days_of_practice(batch) or [batch.starts_on, batch.ends_on]
    return min(days, key=lambda each: abs(each - day))


def _ask_anew(visit: HostVisit, day: date, *, by: Actor) -> None:
    """Turn a visit into a request for another day, for as many of the places that were asked as the host has
    room for.
    """
    before, places = visit.visits_on, visit.requested_places
    asked = min(places, queries.count_places_left(visit.host, day, without=visit.id))
    lost = beyond(queries.list_placements_at([visit.id]), asked)
    semula = str(_("Semula tanggal %(day)s.", day=day_date(before)))
    if not asked:
        full = _("Tanggal angkatan berubah; pada %(day)s lokasi ini penuh.", day=day_date(day))
        end_visit(visit, reason=f"{semula} {full}", lost=lost, by=by)
        return
    take_places(
        visit, lost, reason=str(_("Tanggal diklat berubah, dan tempat di lokasi ini berkurang.")), by=by
    )
    details = {
        "before": before.isoformat(),
        "after": day.isoformat(),
        "places": asked,
        "placements_lifted": len(lost),
    }
    visit.visits_on, visit.status, visit.granted_places = day, VisitStatus.REQUESTED, 0
    visit.requested_places, visit.remark = asked, semula
    visit.answered_at = visit.answered_by_id = None
    record("visit.moved", visit, by=by, details=details)
    messages.visit_moved(visit, before=before, places=places)
