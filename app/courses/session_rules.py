"""What a session may be: its hours, its day, its place in the curriculum, and what stands in its way."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol, TypeVar

from app.core.dates import day_date, long_date
from app.core.text import Text, _, shortlist
from app.courses.rules import Refusal, SessionKind


def refusal_to_move_session(
    entered: int, *, is_kept: bool | None, held_on: date, today: date
) -> Refusal | None:
    """Say why a session with presence cannot be moved, or None.

    `is_kept`: whether the presence goes along (True), is cleared (False), or nothing was said (None).
    """
    if not entered:
        return None
    if is_kept is None:
        return Refusal(
            _(
                "Sesi ini sudah mempunyai %(count)d catatan kehadiran. Pilih: kehadiran ikut pindah, atau"
                " dikosongkan dan diisi lagi.",
                count=entered,
            ),
            "presence",
        )
    if is_kept and held_on > today:
        return Refusal(
            _("Kehadiran tidak dapat ikut pindah ke hari yang belum tiba. Pilih dikosongkan."), "presence"
        )
    return None


def describe_cancelling(lesson_hours: int, entered: int) -> list[Text]:
    """Say what is lost with a session that is cancelled: its JP, its presence, and that it does not come
    back.
    """
    parts = [_("Sesi yang dibatalkan tidak dapat dipulihkan; jadwalkan sesi baru bila perlu.")]
    if lesson_hours:
        parts.insert(0, _("%(n)d JP sesi ini tidak dihitung lagi.", n=lesson_hours))
    if entered:
        parts.insert(0, _("%(n)d catatan kehadiran sesi ini tidak dihitung lagi.", n=entered))
    return parts


def refusal_of_unheld(*, was_held: bool) -> Text | None:
    """Say why a batch without any presence cannot be declared finished, and the two ways there
    are, or None.
    """
    if was_held:
        return None
    return _(
        "Belum ada kehadiran yang diisi. Isi kehadirannya dahulu, atau batalkan angkatan bila tidak jadi"
        " dilaksanakan."
    )


@dataclass(frozen=True)
class SessionPlan:
    """What somebody wants a session to be, in plain values."""

    kind: SessionKind
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    subject_id: int | None = None
    lesson_hours: int = 0
    group: int | None = None
    place: str = ""
    facilitator_id: int | None = None
    office: str = ""


def minutes_between(starts_at: time, ends_at: time) -> int:
    """Return the minutes from one time of a day to another."""
    return (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute


def refusal_of_session(plan: SessionPlan, *, first: date, last: date, lesson_minutes: int) -> Refusal | None:
    """Say what is wrong with a session by itself: outside the batch, times out of order, JP that do not fit,
    JP of a ceremony.
    """
    if not plan.title.strip():
        return Refusal(_("Isi nama sesi, atau pilih mata diklatnya."), "title")
    if not first <= plan.held_on <= last:
        return Refusal(_("Hari sesi harus di antara hari pertama dan hari terakhir angkatan."), "held_on")
    if plan.ends_at <= plan.starts_at:
        return Refusal(_("Jam selesai harus sesudah jam mulai."), "ends_at")
    if plan.lesson_hours < 0:
        return Refusal(_("JP tidak boleh kurang dari nol."), "lesson_hours")
    if plan.kind is SessionKind.CEREMONY and (plan.lesson_hours or plan.subject_id):
        return Refusal(_("Upacara dan acara tidak memuat JP dan mata diklat."), "lesson_hours")
    if plan.lesson_hours and plan.subject_id is None:
        return Refusal(_("Sesi yang ber-JP harus menyebut mata diklatnya."), "subject_id")
    minutes = minutes_between(plan.starts_at, plan.ends_at)
    if plan.lesson_hours * lesson_minutes > minutes:
        return Refusal(
            _(
                "%(hours)d JP perlu %(needed)d menit, sedangkan sesi ini %(minutes)d menit (1 JP = %(each)d"
                " menit).",
                hours=plan.lesson_hours,
                needed=plan.lesson_hours * lesson_minutes,
                minutes=minutes,
                each=lesson_minutes,
            ),
            "lesson_hours",
        )
    return None


def hours_for_one(hours: Iterable[tuple[int | None, int]]) -> int:
    """Return the JP one participant can sit: those for all, and those of the fullest parallel group.

    Takes (group, JP) pairs.
    """
    by_group: dict[int | None, int] = defaultdict(int)
    for group, lesson_hours in hours:
        by_group[group] += lesson_hours
    together = by_group.pop(None, 0)
    return together + max(by_group.values(), default=0)


def refusal_of_hours(subject: str, allowed: int, hours: Iterable[tuple[int | None, int]]) -> Refusal | None:
    """Say why a subject cannot have these sessions: more JP than the curriculum gives it."""
    total = hours_for_one(hours)
    if total <= allowed:
        return None
    return Refusal(
        _(
            "Mata diklat “%(subject)s” hanya %(allowed)d JP dalam kurikulum; dengan sesi ini menjadi"
            " %(total)d JP.",
            subject=subject,
            allowed=allowed,
            total=total,
        ),
        "lesson_hours",
    )


class Slot(Protocol):
    """A session as far as clashes are concerned."""

    kind: SessionKind
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    group: int | None


S = TypeVar("S", bound=Slot)


def find_clash(plan: SessionPlan, others: Iterable[S]) -> S | None:
    """Return a session of the same batch at the same time for the same people: same group, or either of them
    for all.
    """
    for other in others:
        for_the_same = plan.group is None or other.group is None or plan.group == other.group
        if (
            for_the_same
            and plan.held_on == other.held_on
            and plan.starts_at < other.ends_at
            and other.starts_at < plan.ends_at
        ):
            return other
    return None


def is_same(plan: SessionPlan, other: S) -> bool:
    """Say whether a session is planned that there is already: of the same name and group, at
    the same time.
    """
    return all(
        getattr(plan, name) == getattr(other, name)
        for name in ("kind", "title", "group", "held_on", "starts_at", "ends_at")
    )


def overlap(begins: datetime, ends: datetime, other_begins: datetime, other_ends: datetime) -> bool:
    """Say whether two stretches of time share a moment."""
    return begins < other_ends and other_begins < ends


FIXED_HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)}  # those that have the same date each year


def hints_on_days(
    days: Iterable[date], *, closes_on: date | None = None, today: date | None = None
) -> list[Text]:
    """Return what deserves a second look where days are planned, and refuses nothing: Sundays, holidays, a
    deadline that has passed.
    """
    free = [day for day in sorted(set(days)) if day.weekday() == 6 or (day.month, day.day) in FIXED_HOLIDAYS]
    hints = (
        [
            _(
                "Hari libur: %(days)s. Periksa apakah memang hari itu.",
                days=shortlist(map(day_date, free), 3, "; "),
            )
        ]
        if free
        else []
    )
    if closes_on is not None and today is not None and closes_on < today:
        hints.append(
            _(
                "Batas pendaftaran %(day)s sudah lewat. Ubah sebelum pendaftaran dibuka.",
                day=long_date(closes_on),
            )
        )
    return hints
