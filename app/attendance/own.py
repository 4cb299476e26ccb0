"""The sessions of somebody who teaches or receives them, also those that are hers no more, with what became
of them.
"""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.audit.models import Event
from app.audit.queries import details_of
from app.auth.models import Grant
from app.auth.rules import Role
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.courses.models import Batch, Facilitator, TrainingSession
from app.extensions import db

CANCELLED = "session.cancelled"  # the event that keeps why


def list_own_sessions(user_id: int) -> list[TrainingSession]:
    """Return the sessions somebody teaches, or was ever given by name; the last days first, at most two
    hundred.
    """
    given = select(Grant.scope_id).where(Grant.user_id == user_id, Grant.scope_kind == ScopeKind.SESSION)
    mine = (
        select(TrainingSession)
        .outerjoin(Facilitator, TrainingSession.facilitator_id == Facilitator.id)
        .where(or_(TrainingSession.id.in_(given), Facilitator.user_id == user_id))
        .options(
            joinedload(TrainingSession.batch).joinedload(Batch.course),
            joinedload(TrainingSession.facilitator),
        )
        .order_by(TrainingSession.held_on.desc(), TrainingSession.starts_at, TrainingSession.id)
    )
    return list(db.session.scalars(mine.limit(200)))


def was_given(session: TrainingSession, user_id: int) -> bool:
    """Say whether somebody was ever given this session by name."""
    named = Grant.user_id == user_id, Grant.scope_kind == ScopeKind.SESSION, Grant.scope_id == session.id
    return db.session.scalar(select(Grant.id).where(*named).limit(1)) is not None


def describe_over(
    sessions: Collection[TrainingSession], kept: Collection[int], user_id: int
) -> dict[int, Text]:
    """Return, by session, what became of those that somebody does not hold any more: called off and why, or
    who teaches now.

    `kept`: the sessions whose presence is still entered by this account.
    """
    taught = {
        grant.scope_id
        for grant in db.session.scalars(
            select(Grant).where(
                Grant.user_id == user_id, Grant.scope_kind == ScopeKind.SESSION, Grant.role == Role.TRAINER
            )
        )
    }
    reasons = reasons_of_cancelling([each.id for each in sessions if each.cancelled_at is not None])
    values: dict[int, Text] = {}
    for session in sessions:
        teacher = session.facilitator
        if session.cancelled_at is not None:
            values[session.id] = _describe_cancelled(reasons.get(session.id, ""))
        elif session.id in kept or (teacher is not None and teacher.user_id == user_id):
            continue
        elif teacher is not None and session.id in taught:
            values[session.id] = _("Sesi ini sekarang diajar %(name)s.", name=teacher.name)
        elif session.id in taught:
            values[session.id] = _("Sesi ini tidak lagi Anda ajar; pengajarnya belum ditunjuk.")
        else:
            values[session.id] = _("Kehadiran sesi ini tidak lagi Anda isi.")
    return values


def describe_cancelled(session: TrainingSession) -> Text | None:
    """Say that a session was called off, and why; None of one that is held."""
    return (
        _describe_cancelled(reasons_of_cancelling([session.id]).get(session.id, ""))
        if session.cancelled_at is not None
        else None
    )


def _describe_cancelled(reason: str) -> Text:
    if not reason:
        return _("Sesi ini dibatalkan.")
    return _("Sesi ini dibatalkan. Alasan: %(reason)s.", reason=reason.strip().rstrip("."))


def reasons_of_cancelling(session_ids: Collection[int]) -> dict[int, str]:
    """Return, by session, why it was called off."""
    about = (
        Event.action == CANCELLED,
        Event.subject_type == TrainingSession.__name__,
        Event.subject_id.in_(session_ids),
    )
    events = list(db.session.scalars(select(Event).where(*about))) if session_ids else []
    told = details_of(events)
    return {event.subject_id or 0: (told[event.id] or {}).get("note") or "" for event in events}
