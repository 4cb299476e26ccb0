"""What a session is in plain values, and whether somebody already teaches at that time."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.dates import clock_time, day_date
from app.core.errors import RuleViolation
from app.core.text import _
from app.courses import queries
from app.courses.models import TrainingSession
from app.courses.rules import Refusal
from app.courses.session_rules import SessionPlan, overlap


def raise_refusal(refusal: Refusal | None) -> None:
    """Raise the refusal with its field, where there is one."""
    if refusal:
        raise RuleViolation(refusal.reason, field=refusal.field)


def plan_of(session: TrainingSession, *, held_on: date | None = None) -> SessionPlan:
    """Return what a session is, in plain values; on another day when one is given."""
    values = {field.name: getattr(session, field.name) for field in fields(SessionPlan)}
    return SessionPlan(
        **{
            **values,
            "held_on": held_on or values["held_on"],
            "lesson_hours": values["lesson_hours"] or 0,
            "place": values["place"] or "",
            "office": values["office"] or "",
        }
    )


def refuse_double_booking(
    facilitator_id: int,
    zone: str,
    slots: Iterable[SessionPlan],
    *,
    except_for: Iterable[int] = (),
    field: str = "facilitator_id",
) -> None:
    """Raise when somebody would teach at two places at once.

    Held sessions of all organisers count, compared in true time across zones.
    """
    wanted = [(plan, *_moments(plan, zone)) for plan in slots]
    if not wanted:
        return
    people = queries.lock_facilitators_like(facilitator_id)
    first, last = min(plan.held_on for plan, *_times in wanted), max(plan.held_on for plan, *_times in wanted)
    day = timedelta(days=1)
    left_out = set(except_for)
    for busy in queries.list_busy_sessions([person.id for person in people], first - day, last + day):
        busy_begins, busy_ends = _moments(plan_of(busy), busy.batch.zone)
        for _plan_of, begins, ends in wanted:
            if busy.id not in left_out and overlap(begins, ends, busy_begins, busy_ends):
                raise RuleViolation(
                    _(
                        "%(name)s pada waktu itu mengajar “%(title)s” di angkatan %(code)s, %(day)s pukul"
                        " %(from)s–%(to)s, %(venue)s.",
                        name=people[0].name,
                        title=busy.title,
                        code=busy.batch.code,
                        day=day_date(busy.held_on),
                        venue=busy.place or busy.batch.venue,
                        **{"from": clock_time(busy.starts_at), "to": clock_time(busy.ends_at)},
                    ),
                    field=field,
                )


def _moments(plan: SessionPlan, zone: str) -> tuple[datetime, datetime]:
    there = ZoneInfo(zone)
    return datetime.combine(plan.held_on, plan.starts_at, there), datetime.combine(
        plan.held_on, plan.ends_at, there
    )
