"""Decisions taken on the pages that read across: who was told, who keeps a seat although a rule says
otherwise.
"""

from collections.abc import Collection

from app.audit import services as audit
from app.audit.queries import history_of
from app.core import clock
from app.core.actor import Actor
from app.core.dates import long_date
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.text import Text, _
from app.core.unit_of_work import atomic
from app.courses.acts import Act
from app.courses.models import Batch
from app.courses.services import lock_for
from app.enrollments import queries as enrollments
from app.enrollments.models import Enrollment
from app.enrollments.rules import refusal_of_reason
from app.notifications import services as notifications
from app.notifications.queries import list_notices
from app.workspace.news import texts_of_today
from app.workspace.queries import list_unfit


@atomic()
def mark_told(batch: Batch, notice_ids: Collection[int], *, by: Actor) -> int:
    """Keep that somebody told these people of a batch; returns how many were not ticked before.

    What later news has overtaken since it was read is not ticked: the page shows what holds instead. Raises
    NotFound for a notice of another batch, Conflict when nothing of what was read needs to be told any more.
    """
    held = lock_for(Act.NOTIFY, batch)
    notices = [each for each in list_notices(held.id, overtaken=True) if each.id in set(notice_ids)]
    if len(notices) != len(set(notice_ids)):
        raise NotFound(_("Salah satu pemberitahuan bukan bagian dari angkatan ini."))
    told = [each for each in notices if each.told_at is None and each.overtaken_at is None]
    if notices and all(each.overtaken_at is not None for each in notices):
        raise Conflict(_("Kabar ini sudah tidak berlaku. Lihat kabar yang baru pada daftar."))
    for key, text in texts_of_today(held, told).items():  # what was told stays on record as it was read
        next(each for each in told if each.id == key).text = text
    changed = notifications.mark_told(told, by=by)
    if changed:
        audit.record("batch.people_told", held, by=by, details={"notices": sorted(each.id for each in told)})
    return changed


@atomic()
def keep_enrollment(enrollment: Enrollment, *, reason: str, by: Actor) -> Enrollment:
    """Let somebody keep what was given although a condition is not met any more; the reason is kept as of
    every exception.
    """
    batch_id, enrollment_id = enrollment.batch_id, enrollment.id
    lock_for(Act.SEAT, batch_id)
    held = enrollments.lock_enrollment(enrollment_id)
    if enrollments.is_over(held):
        raise Conflict(_("Pendaftaran %(name)s sudah berakhir.", name=held.name))
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    if held.override_reason is not None:
        raise Conflict(_describe_exception(held, held.override_reason))
    if held.id not in {each.id for each, _refusal in list_unfit(held.batch)}:
        raise Conflict(
            _("%(name)s memenuhi semua syarat; tidak ada yang perlu dikecualikan.", name=held.name)
        )
    held.override_reason = reason.strip()
    audit.record("enrollment.kept", held, by=by, note=reason.strip(), person_id=held.trainee_id)
    return held


def _describe_exception(held: Enrollment, reason: str) -> Text:
    """Say that an exception is noted, when, and why."""
    name, reason = held.trainee.name, reason.rstrip(". ")
    kept = [event.at for event in history_of(held) if event.action == "enrollment.kept"]
    if not kept:
        return _("%(name)s sudah dikecualikan. Alasannya: %(reason)s.", name=name, reason=reason)
    day = long_date(clock.local_day(kept[-1], held.batch.zone))
    return _(
        "%(name)s sudah dikecualikan pada %(day)s. Alasannya: %(reason)s.", name=name, day=day, reason=reason
    )
