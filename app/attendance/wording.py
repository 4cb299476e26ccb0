"""What is said of the JP of somebody: whether they are enough, or how many may still be missed.

Plain values in, a sentence out.
"""

from typing import NamedTuple

from app.attendance.rules import Hours
from app.core.dates import time_span
from app.core.text import Text, _


class Sentence(NamedTuple):
    """A sentence and, where it is a verdict, how it is marked."""

    text: Text
    tone: str = ""


def describe_hours(hours: Hours, *, threshold: int, lesson_minutes: int) -> Sentence:
    """Say how somebody who takes part stands to the threshold."""
    left = hours.still_to_miss(threshold)
    if hours.still_open <= 0:
        enough = hours.has_passed(threshold)
        return (
            Sentence(_("Memenuhi syarat kehadiran"), "ok")
            if enough
            else Sentence(_("Kurang dari syarat kehadiran"), "stop")
        )
    if not hours.can_still_pass(threshold):
        return Sentence(_("Tidak dapat memenuhi syarat lagi"), "stop")
    if not left:
        return Sentence(_("Harus hadir pada semua sesi yang tersisa"))
    return Sentence(
        _(
            "Masih boleh tidak hadir %(hours)d JP (%(time)s)",
            hours=left,
            time=time_span(left * lesson_minutes),
        )
    )
