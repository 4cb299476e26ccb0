"""The pass mark: asked for by a version of a curriculum, and by each course that took its copy."""

from decimal import Decimal

from app.audit import services as audit
from app.core.actor import Actor
from app.core.errors import RuleViolation
from app.core.reasons import refusal_of_reason
from app.core.scores import SCORE_STEP, is_score, write_score
from app.core.text import _
from app.core.unit_of_work import atomic
from app.courses import lines, ports
from app.courses.models import Course, Curriculum


@atomic()
def set_pass_mark(course: Course, pass_mark: Decimal | None, *, reason: str, by: Actor) -> bool:
    """Set the final mark that passes in this course (0 to 100, more than 0), or ask for none; return whether
    it changed.

    It holds for every batch whose graduation is not approved yet; a proposal that waits is overtaken where
    somebody's result would be another. What was approved stays. Raises RuleViolation on anything that is no
    mark, and without a reason of words.
    """
    wanted = _read(pass_mark, reason)
    held = lines.lock_course(course.id)
    if not _put(held, wanted, "course.pass_mark_set", reason, by):
        return False
    for batch_id in lines.list_batch_ids(held):
        for tell in ports.condition_followers:
            tell(batch_id, by)
    return True


@atomic()
def set_pass_mark_of_curriculum(
    curriculum: Curriculum, pass_mark: Decimal | None, *, reason: str, by: Actor
) -> bool:
    """Set the final mark that passes in courses drafted from now on, or ask for none; return whether it
    changed.

    Courses that exist keep what they ask for. Raises RuleViolation as for a course.
    """
    wanted = _read(pass_mark, reason)
    return _put(lines.lock_curriculum(curriculum.id), wanted, "curriculum.pass_mark_set", reason, by)


def _put(held: Course | Curriculum, wanted: Decimal | None, action: str, reason: str, by: Actor) -> bool:
    """Let a row that is held ask for this mark, and record it; return whether it asked for another one
    before.
    """
    if held.pass_mark == wanted:
        return False
    details = {"before": write_score(held.pass_mark), "after": write_score(wanted)}
    held.pass_mark = wanted
    audit.record(action, held, by=by, note=reason.strip(), details=details)
    return True


def _read(pass_mark: Decimal | None, reason: str) -> Decimal | None:
    """Return the mark as it is stored."""
    if pass_mark is not None and not (is_score(pass_mark) and pass_mark > 0):
        raise RuleViolation(
            _("Nilai lulus lebih dari 0 sampai 100. Kosongkan bila nilai tidak menjadi syarat kelulusan."),
            field="pass_mark",
        )
    if refusal := refusal_of_reason(reason):
        raise RuleViolation(refusal, field="reason")
    return None if pass_mark is None else pass_mark.quantize(SCORE_STEP)
