"""Place, change and cancel sessions; give whoever teaches one the right to see it."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any, TypedDict, Unpack

from app.audit import services as audit
from app.auth import services as auth
from app.auth.rules import Role
from app.core import clock
from app.core.actor import Actor
from app.core.dates import clock_time, long_date
from app.core.errors import Conflict, RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses import lines, messages, ports, queries
from app.courses.acts import Act
from app.courses.models import Batch, Subject, TrainingSession
from app.courses.rules import BatchStatus, SessionKind
from app.courses.services.booking import plan_of, raise_refusal, refuse_double_booking
from app.courses.services.guarding import lock_for
from app.courses.session_rules import (
    SessionPlan,
    describe_cancelling,
    find_clash,
    is_same,
    refusal_of_hours,
    refusal_of_session,
    refusal_to_move_session,
)
from app.extensions import db


class SessionFacts(TypedDict, total=False):
    """What can be said of a session; kind, day and times must be said when it is placed."""

    kind: SessionKind
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    subject_id: int | None
    lesson_hours: int
    group: int | None
    place: str
    facilitator_id: int | None
    office: str


@atomic()
def schedule_session(batch: Batch, *, by: Actor, **facts: Unpack[SessionFacts]) -> TrainingSession:
    """Place a session; raise outside the batch's days, where JP do not fit the time or the curriculum, or
    somebody is busy then.
    """
    batch = lock_for(Act.CHANGE_SCHEDULE, batch)
    values: dict[str, Any] = {"title": "", **facts}
    plan = _plan(batch, SessionPlan(**values))
    _refuse_plan(batch, plan)
    session = TrainingSession(batch_id=batch.id, recorded_by_id=by.id, **asdict(plan))
    db.session.add(session)
    db.session.flush()
    audit.record("session.scheduled", session, by=by)
    _let_teach(session, by=by)
    messages.session_given(session)
    _notify_participants(batch, session, {}, about_of(session), by=by)
    return session


@atomic()
def change_session(
    session: TrainingSession, *, by: Actor, keep_presence: bool | None = None, **changes: Unpack[SessionFacts]
) -> None:
    """Change what is said, under the same checks; a replaced facilitator loses the session, the new one sees
    it; who is concerned is told of what differs.

    A session with presence that is moved, or given other JP, needs `keep_presence`: whether the presence goes
    along (people were there at the new time) or is cleared, to be entered anew.
    """
    batch = lock_for(Act.CHANGE_SCHEDULE, session.batch_id)
    _refuse_cancelled(session)
    before = plan_of(session)
    plan = _plan(batch, SessionPlan(**{**asdict(before), **changes}))
    _refuse_plan(batch, plan, except_for=session)
    _carry_presence(session, batch, before, plan, keep_presence, by=by)
    taught, text = session.facilitator, lines.facts_of_session(session)
    if plan.facilitator_id != before.facilitator_id:
        _no_longer_teach(session, by=by)
    for name, value in asdict(plan).items():
        setattr(session, name, value)
    db.session.flush()
    db.session.refresh(session)
    changed = {
        name: [str(was), str(asdict(plan)[name])]
        for name, was in asdict(before).items()
        if was != asdict(plan)[name]
    }
    audit.record("session.changed", session, by=by, details=changed)
    if plan.facilitator_id != before.facilitator_id:
        _let_teach(session, by=by)
        messages.session_taken(session, taught, text)
        messages.session_given(session)
    elif text != lines.facts_of_session(session):
        messages.session_changed(session, lines.known_of_session(session, text))
    about = ports.AboutSession(
        practice_days(before.kind, before.held_on) | practice_days(plan.kind, plan.held_on)
    )
    _notify_participants(batch, session, text, about, by=by)


@atomic()
def cancel_session(session: TrainingSession, *, by: Actor, reason: str, confirm: bool = True) -> None:
    """Take a session out of the schedule; it stays to be read, its JP count no more; who is concerned is
    told.

    Raises without a reason of some words: everybody who is told reads it; and where presence is entered and
    `confirm` is False, for whoever asks has not read what is lost with it.
    """
    batch = lock_for(Act.CHANGE_SCHEDULE, session.batch_id)
    _refuse_cancelled(session)
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    entered = ports.presence_of(session.id)
    if entered and not confirm:
        lost = [
            *describe_cancelling(session.lesson_hours, entered),
            queries.describe_missing_hours(batch, without=session),
        ]
        raise RuleViolation(_("%(lost)s", lost=" ".join(str(each) for each in lost if each)), field="confirm")
    session.cancelled_at = clock.now()
    _no_longer_teach(session, by=by)
    audit.record("session.cancelled", session, by=by, note=reason)
    messages.session_cancelled(session, reason)
    _notify_participants(
        batch, session, lines.facts_of_session(session), about_of(session, reason.strip()), by=by
    )


def about_of(session: TrainingSession, reason: str = "") -> ports.AboutSession:
    """Return what is told of one session apart from the difference: why, and its day where it holds field
    practice.
    """
    return ports.AboutSession(practice_days(session.kind, session.held_on), reason)


def practice_days(kind: SessionKind, day: date) -> frozenset[date]:
    """Return the day of a session of field practice; of another kind none."""
    return frozenset({day}) if kind is SessionKind.FIELD_PRACTICE else frozenset()


def _notify_participants(
    batch: Batch,
    session: TrainingSession,
    before: Mapping[Text, str],
    about: ports.AboutSession,
    *,
    by: Actor,
) -> None:
    """Tell whoever takes part, and the host of a day of field practice, of what differs from before; nothing
    was, where it is new.

    Nobody is told while the plan is a draft, of a record, and of a day that lies in the past.
    """
    past = session.held_on < clock.today(batch.zone)
    known = lines.known_of_session(session, before, about.reason)
    differences = lines.differences_since(batch, known)
    if not differences or batch.status is BatchStatus.DRAFT or queries.is_record(batch) or past:
        return
    for follower in ports.followers:
        follower.batch_changed(batch.id, differences, moved_days=0, by=by, about=replace(about, known=known))


def _carry_presence(
    session: TrainingSession,
    batch: Batch,
    before: SessionPlan,
    plan: SessionPlan,
    keep: bool | None,
    *,
    by: Actor,
) -> None:
    """Say what becomes of the presence of a session that is moved: it goes along, or is cleared; raise where
    nothing was said.
    """
    measured = ("held_on", "starts_at", "ends_at", "lesson_hours", "group", "kind")
    if all(getattr(before, name) == getattr(plan, name) for name in measured):
        return
    refusal = refusal_to_move_session(
        ports.presence_of(session.id), is_kept=keep, held_on=plan.held_on, today=clock.today(batch.zone)
    )
    raise_refusal(refusal)
    if keep is False:
        for store in ports.presence_stores:
            store.clear(session.id, reason=str(_("Sesi dipindahkan.")), by=by)


def _refuse_cancelled(session: TrainingSession) -> None:
    db.session.refresh(session)
    if session.cancelled_at is not None:
        raise Conflict(_("Sesi ini sudah dibatalkan."))


def _plan(batch: Batch, plan: SessionPlan) -> SessionPlan:
    """Return the plan with the name of its subject where it has no title of its own; raise when the subject
    is not of the curriculum.
    """
    if plan.subject_id is None:
        return plan
    subject = db.session.get(Subject, plan.subject_id)
    if subject is None or subject.curriculum_id != batch.course.curriculum_id:
        raise RuleViolation(_("Mata diklat ini bukan bagian kurikulum angkatan."), field="subject_id")
    return SessionPlan(**{**asdict(plan), "title": plan.title.strip() or subject.name})


def _refuse_plan(batch: Batch, plan: SessionPlan, *, except_for: TrainingSession | None = None) -> None:
    """Raise the first reason why this session cannot stand in the schedule."""
    raise_refusal(
        refusal_of_session(
            plan, first=batch.starts_on, last=batch.ends_on, lesson_minutes=batch.course.lesson_minutes
        )
    )
    others = [each for each in queries.list_sessions(batch) if except_for is None or each.id != except_for.id]
    if except_for is None and any(is_same(plan, each) for each in others):
        raise Conflict(_("Sesi ini sudah ada pada jadwal."))
    if plan.subject_id is not None:
        subject = db.session.get_one(Subject, plan.subject_id)
        hours = [(each.group, each.lesson_hours) for each in others if each.subject_id == subject.id]
        allowed = subject.theory_hours + subject.practice_hours
        raise_refusal(refusal_of_hours(subject.name, allowed, [*hours, (plan.group, plan.lesson_hours)]))
    clash = find_clash(plan, others)
    if clash:
        raise RuleViolation(
            _(
                "Bertabrakan dengan “%(title)s”, %(day)s pukul %(from)s–%(to)s.",
                title=clash.title,
                day=long_date(clash.held_on),
                **{"from": clock_time(clash.starts_at), "to": clock_time(clash.ends_at)},
            ),
            field="starts_at",
        )
    if plan.facilitator_id is not None:
        facilitator = queries.get_facilitator(plan.facilitator_id)
        if facilitator is None or facilitator.organiser_id != batch.course.organiser_id:
            raise RuleViolation(
                _("Pengajar ini tidak ada dalam daftar pengajar penyelenggara."), field="facilitator_id"
            )
        refuse_double_booking(
            plan.facilitator_id, batch.zone, [plan], except_for=[except_for.id] if except_for else ()
        )


def _let_teach(session: TrainingSession, *, by: Actor) -> None:
    """Give the facilitator's account its right to the session, in the same transaction."""
    user = session.facilitator and session.facilitator.user
    if user is not None:
        auth.grant_role(user, Role.TRAINER, scope_kind=ScopeKind.SESSION, scope_id=session.id, by=by)


def _no_longer_teach(session: TrainingSession, *, by: Actor) -> None:
    for grant in queries.list_session_grants(session):
        auth.revoke_role(grant, by=by)
