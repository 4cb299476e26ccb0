"""When whoever made an enrollment may take it back; when one that has ended may be in force again."""

from app.core.text import Text, _
from app.courses.acts import BatchState
from app.enrollments.rules import GRADUATING, SEATED, TO_DECIDE, EnrollmentStatus, SeatEnd, end_by_calendar

DECIDED_BY_MISTAKE = frozenset({EnrollmentStatus.WITHDRAWN, EnrollmentStatus.REJECTED})
UNDECIDED = TO_DECIDE | {EnrollmentStatus.DRAFT, EnrollmentStatus.RETURNED}


def refusal_to_take_back(status: EnrollmentStatus, name: str, label: Text, contact: str) -> Text | None:
    """Say whom to ask where somebody who enrolled another person cannot take it back alone any more, since it
    is decided; or None.
    """
    if status in UNDECIDED:
        return None
    return _(
        "Pendaftaran %(name)s sudah diputuskan: %(label)s. Mintalah narahubung angkatannya membatalkannya:"
        " %(contact)s.",
        name=name,
        label=str(label).lower(),
        contact=contact or "–",
    )


def may_be_restored(
    status: EnrollmentStatus, ended_as: SeatEnd | None, *, state: BatchState, serves: bool
) -> bool:
    """Say whether the office may put an enrollment in force again.

    Withdrawn, rejected or recorded as never there: by mistake. Ended with the batch, and it goes on after
    all. Ended because the person served no longer, and she does: that was a mistake, or is over.
    """
    if ended_as is None:
        return status in DECIDED_BY_MISTAKE
    if ended_as is SeatEnd.ABSENT:
        return status in SEATED
    return goes_on(status, state) if ended_as is SeatEnd.OVER else ended_as is SeatEnd.NOT_SERVING and serves


def refusal_to_restore(ended_as: SeatEnd | None, *, serves: bool) -> Text:
    """Say what would help where an enrollment may not be put in force again."""
    if ended_as is SeatEnd.NOT_SERVING and not serves:
        return _("Orang ini tercatat tidak bertugas. Bila keliru, batalkan dahulu statusnya.")
    if ended_as is SeatEnd.OVER:
        return _(
            "Angkatan ini sudah berakhir. Bila diperpanjang, pendaftarannya berlaku lagi dengan sendirinya."
        )
    return _(
        "Yang dapat dikembalikan hanya yang dibatalkan, ditolak, dilepas karena dicatat tidak pernah hadir, "
        "atau berakhir karena status yang sudah dibetulkan."
    )


def goes_on(status: EnrollmentStatus, state: BatchState) -> bool:
    """Say whether a batch in this state leaves an enrollment in force: one that was ended with it may come
    back.
    """
    return end_by_calendar(status, state, is_late_entry=False) is None


def refusal_by_state(state: BatchState, cancelled_because: str = "") -> Text:
    """Say of a batch that waits for its first day no longer what it does instead."""
    if state is BatchState.CANCELLED:
        if cancelled_because:
            return _("Angkatan ini sudah dibatalkan: %(reason)s.", reason=cancelled_because.rstrip(". "))
        return _("Angkatan ini sudah dibatalkan.")
    if state is BatchState.RUNNING:
        return _("Angkatan ini sudah dimulai.")
    if state in GRADUATING and state is not BatchState.FINISHED:
        return _("Hasil angkatan ini sudah diputuskan atau sedang diusulkan.")
    return _("Angkatan ini sudah berakhir.")
