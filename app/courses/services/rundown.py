"""The model rundown of a tier, copied into the empty schedule of a batch."""

from datetime import timedelta

from app.audit import services as audit
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses import queries, reference
from app.courses.acts import Act
from app.courses.models import Batch, Subject, TrainingSession
from app.courses.rules import SessionKind
from app.courses.services.booking import plan_of, raise_refusal
from app.courses.services.guarding import lock_for
from app.courses.session_rules import refusal_of_hours, refusal_of_session
from app.extensions import db

_OTHER_CURRICULUM = _("Kurikulum diklat ini berbeda dari model jadwal. Susun jadwalnya sendiri.")


@atomic()
def copy_rundown(batch: Batch, *, by: Actor, fieldwork_place: str = "") -> list[TrainingSession]:
    """Place the model rundown of the tier from the first day of the batch on.

    Raises when the batch is shorter, has sessions, or follows another curriculum.
    """
    batch = lock_for(Act.CHANGE_SCHEDULE, batch)
    tier = batch.course.tier
    rows = reference.RUNDOWNS.get(tier.code, ())
    if not rows:
        raise RuleViolation(_("Belum ada model jadwal untuk diklat %(tier)s.", tier=tier.label.lower()))
    if queries.list_sessions(batch):
        raise Conflict(
            _("Jadwal angkatan ini sudah berisi. Model hanya dapat disalin ke jadwal yang kosong.")
        )
    days, needed = (batch.ends_on - batch.starts_on).days + 1, reference.days_of(tier.code)
    if days < needed:
        raise RuleViolation(
            _(
                "Model jadwal memerlukan %(needed)d hari, angkatan ini %(days)d hari. Ubah dahulu"
                " tanggalnya.",
                needed=needed,
                days=days,
            )
        )
    subjects = {subject.position: subject for subject in queries.list_subjects(batch.course.curriculum)}
    sessions = [_from_row(batch, row, subjects, fieldwork_place) for row in rows]
    _refuse_other_curriculum(batch, sessions, list(subjects.values()))
    for session in sessions:
        session.recorded_by_id = by.id
    db.session.add_all(sessions)
    audit.record("rundown.copied", batch, by=by, details={"sessions": len(sessions)})
    return sessions


def _from_row(
    batch: Batch, row: reference.RundownRow, subjects: dict[int, Subject], fieldwork_place: str
) -> TrainingSession:
    subject = subjects.get(row.subject or 0)
    if row.subject and subject is None:
        raise RuleViolation(_OTHER_CURRICULUM)
    return TrainingSession(
        batch_id=batch.id,
        subject_id=subject and subject.id,
        kind=row.kind,
        title=row.title,
        held_on=batch.starts_on + timedelta(days=row.day - 1),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        lesson_hours=row.lesson_hours,
        place=fieldwork_place if row.kind is SessionKind.FIELD_PRACTICE else "",
        office=row.office,
    )


def _refuse_other_curriculum(batch: Batch, sessions: list[TrainingSession], subjects: list[Subject]) -> None:
    for subject in subjects:
        hours = [(None, each.lesson_hours) for each in sessions if each.subject_id == subject.id]
        if refusal_of_hours(subject.name, subject.theory_hours + subject.practice_hours, hours):
            raise RuleViolation(_OTHER_CURRICULUM)
    for session in sessions:
        raise_refusal(
            refusal_of_session(
                plan_of(session),
                first=batch.starts_on,
                last=batch.ends_on,
                lesson_minutes=batch.course.lesson_minutes,
            )
        )
