"""Asking hosts for places, answering for them, taking a request back."""

from collections.abc import Sequence
from datetime import date

from app.audit.services import record
from app.auth.rules import Permission
from app.core import clock
from app.core.actor import Actor
from app.core.dates import day_date
from app.core.errors import Conflict, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.queries import refusal_to_act
from app.courses.services import lock_for
from app.extensions import db
from app.fieldwork import messages, queries
from app.fieldwork.models import Host, HostVisit, Placement
from app.fieldwork.rules import (
    BATCH_OVER,
    PENDING,
    STANDING,
    UNSETTLED,
    USABLE,
    Answer,
    VisitStatus,
    names_are_shown,
    places_granted,
    proposal,
    proposed_day,
    refusal_after_visit,
    refusal_of_loss,
    refusal_of_past,
    refusal_of_reason,
    refusal_to_answer,
    refusal_to_cancel,
    refusal_to_request,
)
from app.fieldwork.services.holding import (
    LONGEST_NOTE,
    asked_of,
    beyond,
    give_sessions,
    hold,
    lift,
    overview_of,
    places_of,
    refusal_to_change,
    refuse,
    take_places,
)
from app.fieldwork.wording import describe_loss


@atomic()
def request_visit(
    batch: Batch,
    host: Host,
    *,
    visits_on: date,
    requested_places: int,
    by: Actor,
    note: str = "",
    more: bool = False,
) -> HostVisit:
    """Ask a host for places on a day of the batch; refuses more than other visits of that day leave.

    Where the host had proposed another day, this request takes the place of the earlier one. A host that was
    asked for the day already is asked for `requested_places` on top where `more` says so; what it granted
    stays. Raises Conflict otherwise.
    """
    batch = lock_for(Act.PLAN_VISIT, batch)
    host = queries.lock_host(host.id)
    standing = queries.find_standing_visit(batch, host, visits_on) if more else None
    if standing is not None:
        return _ask_for_more(batch, queries.lock_visit(standing.id), requested_places, by=by, note=note)
    return _request(batch, host, visits_on=visits_on, places=requested_places, by=by, note=note)


@atomic()
def ask_again(
    visit: HostVisit, *, by: Actor, visits_on: date | None = None, read: date | None = None
) -> HostVisit:
    """Ask the host for the day it proposed (or the one given), for as many places as before; the old request
    ends.

    Where more people have no place by now, it is asked for these too, as far as it has room. Raises Conflict
    where the host proposes another day by now than the one that was `read`.
    """
    batch, host, visit = hold(visit, Act.PLAN_VISIT)
    if visit.status is not VisitStatus.OTHER_DATE:
        reason = _(
            "Permohonan ini sudah berstatus %(status)s; tidak ada usulan tanggal yang menunggu.",
            status=visit.status.label,
        )
        raise Conflict(reason)
    day = visits_on or proposed_day(visit.answer_note)
    if read is not None and read != day:
        raise Conflict(
            _(
                "Lokasi kini mengusulkan tanggal lain: %(day)s. Periksa, lalu minta lagi.",
                day=day_date(day) if day else "–",
            )
        )
    if day is None:
        raise RuleViolation(
            _("Tanggal usulannya tidak terbaca pada catatan; pilih tanggalnya."), field="visits_on"
        )
    lacking = min(overview_of(batch).missing, queries.count_places_left(host, day))
    places = max(visit.requested_places, lacking)
    return _request(batch, host, visits_on=day, places=places, by=by, note=visit.note)


@atomic()
def answer_visit(
    visit: HostVisit,
    status: VisitStatus,
    *,
    by: Actor,
    granted_places: int | None = None,
    other_date: date | None = None,
    note: str = "",
    confirm: bool = False,
) -> None:
    """Write down what the host answers; accepting gives the contact the sessions of that day.

    Refuses what the table of states does not know, a visit that took place, a typed number that contradicts
    the answer, and more places than other visits leave. An answer with fewer places than people placed says
    first whom it lifts, and wants `confirm` and a note; those placed first, in the order of the groups, stay.
    """
    batch, host, visit = hold(visit, Act.ANSWER_VISIT)
    words = proposal(other_date, note) if other_date and status is VisitStatus.OTHER_DATE else note
    doubled = (
        visit.status not in STANDING and queries.find_standing_visit(batch, host, visit.visits_on) is not None
    )
    refuse(
        refusal_to_answer(
            asked_of(visit),
            Answer(status, granted_places, other_date, words),
            left=queries.count_places_left(host, visit.visits_on, without=visit.id),
            today=clock.today(batch.zone),
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            is_doubled=doubled,
            is_record=queries.is_record(batch),
            by_office=by.can(Permission.VISIT_PLAN, visit),
        )
    )
    if len(words) > LONGEST_NOTE:
        raise RuleViolation(_("Catatan paling panjang %(most)s huruf.", most=LONGEST_NOTE), field="note")
    granted = places_granted(status, requested=visit.requested_places, granted=granted_places)
    lost = _confirmed_loss(visit, granted, reason=note, confirm=confirm, field="note", by=by)
    before = visit.status, visit.granted_places
    visit.status, visit.granted_places = status, granted
    visit.answer_note, visit.answer_note_by = words, _written_by(visit, by)
    visit.answered_at, visit.answered_by_id = clock.now(), by.id
    lift(queries.list_departed(batch))
    take_places(visit, lost, reason=note.strip(), by=by)
    give_sessions(batch, by=by)
    details = {
        "before": before[0].value,
        "after": status.value,
        "places": granted,
        "placements_lifted": len(lost),
    }
    record("visit.answered", visit, by=by, note=words, details=details)
    changed = None if before[0] in PENDING else before
    messages.visit_answered(
        visit, by=by, before=changed, lost=[placement.attendee.name for placement in lost]
    )


@atomic()
def cancel_visit(visit: HostVisit, *, by: Actor, reason: str = "", confirm: bool = False) -> None:
    """Take a request or a visit back; refuses one that took place.

    Where people are placed it wants `confirm` and a reason.
    """
    batch, _host, visit = hold(visit, Act.PLAN_VISIT)
    refuse(refusal_to_cancel(asked_of(visit), clock.today(batch.zone)))
    lift(queries.list_departed(batch))
    lost = _confirmed_loss(visit, 0, reason=reason, confirm=confirm, field="reason", by=by)
    end_visit(visit, reason=reason.strip(), lost=lost, by=by)
    give_sessions(batch, by=by)


def refusal_to_reopen(visit: HostVisit, by: Actor) -> Text | None:
    """Say why an answer cannot be given or changed at all now, or None."""
    asked, today = asked_of(visit), clock.today(visit.batch.zone)
    over = refusal_after_visit(asked, today)
    if over is None and not queries.is_record(visit.batch):
        over = refusal_of_past(asked, today, by_office=by.can(Permission.VISIT_PLAN, visit))
    if over is None and visit.granted_places == visit.requested_places:
        over = refusal_of_loss(asked, 0)
    return refusal_of_batch(visit, by) or (over.reason if over else None)


def refusal_of_batch(visit: HostVisit, by: Actor) -> Text | None:
    """Say that the batch takes no answer any more, or None: to the committee as of all it plans, to a host of
    its own request.
    """
    if by.can(Permission.VISIT_PLAN, visit):
        return refusal_to_change(visit.batch)
    refusal = refusal_to_act(Act.ANSWER_VISIT, visit.batch)
    if refusal is None or visit.status is VisitStatus.CANCELLED:
        return None
    return BATCH_OVER if visit.status in UNSETTLED - USABLE else refusal


def describe_loss_of(visit: HostVisit, by: Actor) -> Text | None:
    """Say who would lose a place if the whole visit fell away; None when nobody is placed."""
    lost = queries.list_placements_at([visit.id])
    return _describe_loss(visit, lost, len(lost), by) if lost else None


def _request(
    batch: Batch, host: Host, *, visits_on: date, places: int, by: Actor, note: str = ""
) -> HostVisit:
    """Ask for places while batch and host are held; what the host had proposed another day for
    ends with it.
    """
    if queries.find_standing_visit(batch, host, visits_on):
        reason = _(
            "Lokasi ini sudah diminta untuk tanggal itu. Minta tambahan pada permohonan itu, atau pilih"
            " tanggal atau lokasi lain."
        )
        raise Conflict(reason, field="more")
    proposals = queries.find_proposals(batch, host)
    is_proposed = visits_on in {
        proposed_day(earlier.answer_note) for earlier in proposals
    }  # the session follows when the host agrees
    left, today = queries.count_places_left(host, visits_on), clock.today(batch.zone)
    refuse(
        refusal_to_request(
            visits_on,
            batch.starts_on,
            batch.ends_on,
            requested=places,
            left=left,
            today=today,
            is_record=queries.is_record(batch),
            practice=[] if is_proposed else queries.list_days_of_practice(batch),
        )
    )
    for earlier in proposals:
        earlier.status = VisitStatus.CANCELLED
        record("visit.cancelled", earlier, by=by, details={"asked_again_for": visits_on.isoformat()})
    visit = HostVisit(
        batch=batch,
        host=host,
        visits_on=visits_on,
        requested_places=places,
        status=VisitStatus.REQUESTED,
        note=note,
        recorded_by_id=by.id,
    )
    db.session.add(visit)
    db.session.flush()
    record("visit.requested", visit, by=by, details={"places": places})
    messages.visit_requested(visit, instead_of=[earlier.visits_on for earlier in proposals])
    return visit


def _ask_for_more(batch: Batch, visit: HostVisit, places: int, *, by: Actor, note: str = "") -> HostVisit:
    """Raise the number that a standing visit asks for, while batch and host are held: by so many above what
    it keeps now.
    """
    left = queries.count_places_left(visit.host, visit.visits_on, without=visit.id)
    granted = visit.granted_places if visit.status in USABLE else 0
    before = granted if granted and not visit.asks_for_more else visit.requested_places
    refuse(
        refusal_to_request(
            visit.visits_on,
            batch.starts_on,
            batch.ends_on,
            requested=places,
            left=max(0, left - before),
            today=clock.today(batch.zone),
            is_record=queries.is_record(batch),
            practice=queries.list_days_of_practice(batch),
        )
    )
    visit.requested_places, visit.note = before + places, note or visit.note
    if visit.status in USABLE:
        visit.status, visit.answered_at, visit.answered_by_id = VisitStatus.PARTLY_ACCEPTED, None, None
    record(
        "visit.asked_for_more",
        visit,
        by=by,
        details={"before": before, "after": visit.requested_places, "granted": granted},
    )
    messages.more_requested(visit, before=before)
    return visit


def _written_by(visit: HostVisit, by: Actor) -> str:
    """Return whose words a note of an answer is: the host's, or of whoever wrote it down for the host."""
    if by.id is not None and by.id == visit.host.contact_user_id:
        return visit.host.name
    return str(_("%(name)s, atas nama lokasi", name=by.label))[:200]


def _confirmed_loss(
    visit: HostVisit, places: int, *, reason: str, confirm: bool, field: str, by: Actor
) -> list[Placement]:
    """Return whom a visit with this many places does not keep; raise until somebody confirms it, with a
    reason.
    """
    placements = queries.list_placements_at([visit.id])
    lost = beyond(placements, places)
    if lost and not confirm:
        raise RuleViolation(_describe_loss(visit, lost, len(placements), by), field="confirm")
    if lost and (refusal := refusal_of_reason(reason)):
        raise RuleViolation(refusal, field=field)
    return lost


def _describe_loss(visit: HostVisit, lost: list[Placement], placed: int, by: Actor) -> Text:
    """Say who loses a place; the host reads names from the day before, the planners always."""
    today = clock.today(visit.batch.zone)
    shown = by.can(Permission.VISIT_PLAN, visit) or names_are_shown(visit.status, visit.visits_on, today)
    return describe_loss(placed, [placement.attendee.name for placement in lost], with_names=shown)


def end_visit(
    visit: HostVisit,
    *,
    reason: str,
    lost: Sequence[Placement],
    by: Actor,
    with_batch: bool = False,
    is_notified: bool = True,
) -> None:
    """End a visit and free the places given there.

    `is_notified`: whether the contact and those who were placed get a mail.
    `with_batch`: the whole batch ends; the people are told of that.
    """
    before, places = visit.status, places_of(visit)
    visit.status, visit.granted_places, visit.remark = (
        VisitStatus.CANCELLED,
        0,
        (reason or visit.remark)[:LONGEST_NOTE],
    )
    visit.answered_at, visit.answered_by_id = clock.now(), by.id
    if with_batch:
        lift(lost)
    else:
        take_places(visit, lost, reason=reason, by=by)
    details = {"before": before.value, "places": places, "placements_lifted": len(lost)}
    record("visit.cancelled", visit, by=by, note=reason, details=details)
    if is_notified:
        messages.visit_cancelled(visit, reason=reason, places=places)
