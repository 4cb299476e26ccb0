"""What a presence is worth in JP."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from math import ceil

from app.core.choices import Choice
from app.core.text import Text, _


class Presence(Choice):
    """How somebody was there, or was not."""

    PRESENT = "present", _("Hadir")
    LATE = "late", _("Terlambat")
    EXCUSED = "excused", _("Izin")
    SICK = "sick", _("Sakit")
    ABSENT = "absent", _("Tanpa keterangan")


THERE = frozenset({Presence.PRESENT, Presence.LATE})


class HalfDay(Choice):
    """What the sessions of a half day say of one person together."""

    PRESENT = "present", _("hadir")
    PARTLY = "partly", _("hadir sebagian")
    EXCUSED = "excused", _("izin")
    SICK = "sick", _("sakit")
    ABSENT = "absent", _("tanpa keterangan")
    AWAY = "away", _("tidak hadir")  # of several kinds
    INCOMPLETE = "incomplete", _("belum lengkap")
    EMPTY = "empty", _("belum diisi")


AWAY_AS = {Presence.EXCUSED: HalfDay.EXCUSED, Presence.SICK: HalfDay.SICK, Presence.ABSENT: HalfDay.ABSENT}


def kind_of_half_day(said: Collection[Presence], *, is_lacking: bool) -> HalfDay:
    """Return as what somebody is counted in a half day: as one thing, whatever its sessions say;
    `is_lacking`: one of them is silent.
    """
    if is_lacking or not said:
        return HalfDay.INCOMPLETE if said else HalfDay.EMPTY
    there = [status in THERE for status in said]
    if any(there):
        return HalfDay.PRESENT if all(there) else HalfDay.PARTLY
    return AWAY_AS[next(iter(said))] if len(set(said)) == 1 else HalfDay.AWAY


@dataclass(frozen=True)
class Entry:
    """What is said about one attendee, of a session or of a half day."""

    status: Presence
    minutes_late: int = 0
    note: str = ""

    def __str__(self) -> str:
        """Return it as people say it: 'Terlambat 20 menit (ban bocor)'."""
        late = f" {_('%(minutes)d menit', minutes=self.minutes_late)}" if self.minutes_late else ""
        return f"{self.status.label}{late}" + (f" ({self.note})" if self.note else "")


def hours_for(
    session_hours: int,
    *,
    lesson_minutes: int,
    status: Presence,
    minutes_late: int = 0,
    excused_counts: bool = False,
) -> int:
    """Return the JP of one presence: all when present, less each JP begun before arrival when late, none else
    (izin where it counts).
    """
    if status is Presence.PRESENT or (status is Presence.EXCUSED and excused_counts):
        return session_hours
    if status is Presence.LATE:
        return max(0, session_hours - ceil(minutes_late / lesson_minutes))
    return 0


def hours_needed(planned: int, threshold: int) -> int:
    """Return the least JP that pass: the threshold in percent of the planned JP, rounded up."""
    return -(-planned * threshold // 100)


def has_passed(attended: int, planned: int, threshold: int) -> bool:
    """Say whether enough was attended; nothing planned is nothing attended."""
    return planned > 0 and attended * 100 >= threshold * planned


@dataclass(frozen=True)
class Hours:
    """JP of one attendee: planned in the own group, attended, lost in what is already entered; the rest is
    still to come.
    """

    planned: int
    attended: int
    lost: int = 0

    @property
    def still_open(self) -> int:
        """Return the JP whose presence is not entered yet."""
        return self.planned - self.attended - self.lost

    @property
    def is_begun(self) -> bool:
        """Say whether anything is known of these JP."""
        return self.attended > 0 or self.lost > 0

    @property
    def percent(self) -> int:
        """Return the share attended, rounded down, so that it never looks better than it is."""
        return self.attended * 100 // self.planned if self.planned else 0

    def has_passed(self, threshold: int) -> bool:
        return has_passed(self.attended, self.planned, threshold)

    def still_to_miss(self, threshold: int) -> int:
        return hours_still_to_miss(self.lost, self.planned, threshold)

    def can_still_pass(self, threshold: int) -> bool:
        return can_still_pass(self.lost, self.planned, threshold)


def hours_still_to_miss(lost: int, planned: int, threshold: int) -> int:
    """Return how many more JP may be missed without failing; never below zero."""
    return max(0, planned - hours_needed(planned, threshold) - lost)


def can_still_pass(lost: int, planned: int, threshold: int) -> bool:
    """Say whether attending everything that is left would be enough."""
    return has_passed(planned - lost, planned, threshold)


def minutes_missed(starts_at: time, ends_at: time, *, first_start: time, minutes_late: int) -> int:
    """Return the minutes of one session missed by somebody who came so late to a half day that began at
    `first_start`.
    """
    missed = minutes_between(first_start, starts_at)
    return max(0, min(minutes_late - missed, minutes_between(starts_at, ends_at)))


def share_of(entry: Entry, starts_at: time, ends_at: time, *, first_start: time) -> Entry:
    """Return what somebody's half day means for one session of it: who came late to the first may be in time
    for the next.
    """
    if entry.status is not Presence.LATE:
        return entry
    missed = minutes_missed(starts_at, ends_at, first_start=first_start, minutes_late=entry.minutes_late)
    return Entry(Presence.LATE, missed, entry.note) if missed else Entry(Presence.PRESENT, 0, entry.note)


def half_day_of(lines: list[tuple[time, time, Entry]], *, first_start: time) -> Entry | None:
    """Return the half day that these sessions were entered as, the opposite of `share_of`; None when they
    differ otherwise.
    """
    late = [(starts_at, entry) for starts_at, _ends_at, entry in lines if entry.status is Presence.LATE]
    first = lines[0][2]
    whole = first
    if late:
        starts_at, entry = late[-1]
        whole = Entry(Presence.LATE, minutes_between(first_start, starts_at) + entry.minutes_late, entry.note)
    same = all(
        share_of(whole, starts, ends, first_start=first_start) == entry for starts, ends, entry in lines
    )
    return whole if same else None


def minutes_between(first: time, last: time) -> int:
    """Return the minutes from one time of a day to a later one."""
    return (last.hour - first.hour) * 60 + last.minute - first.minute


@dataclass(frozen=True)
class Practice:
    """The field practice of one person: its sessions (of the own group), those where she was, and the JP."""

    sessions: int = 0
    there: int = 0
    attended: int = 0
    planned: int = 0
    open: int = 0  # sessions whose presence is not recorded yet

    @property
    def may_be_done(self) -> bool:
        """Say whether recording the rest may still show that she took part."""
        return not self.is_done and self.open > 0 and self.there + self.open == self.sessions

    @property
    def is_done(self) -> bool:
        """Say whether she took part: there in every session, with some JP.

        What coming late has cost, the rule of JP judges.
        """
        return self.attended > 0 and self.there == self.sessions


def practice_of(presences: Iterable[tuple[Presence | None, int, int]]) -> Practice:
    """Add the field-practice sessions of one person up: (presence or None, JP attended, JP planned) of each.

    An izin that counts as JP is still no practice.
    """
    own = list(presences)
    there = [attended for presence, attended, _planned in own if presence in THERE]
    return Practice(len(own), len(there), sum(there), sum(planned for _presence, _attended, planned in own))


def refusal_of_entry(status: Presence, minutes_late: int, *, longest: int) -> Text | None:
    """Say what is wrong with one line of a daftar hadir, or None; `longest`: minutes of what it is about.

    Who missed all of them was not there.
    """
    if status is Presence.LATE and not 1 <= minutes_late < longest:
        return _(
            "Isi berapa menit terlambat, dari 1 sampai %(most)d. Yang tidak ikut sama sekali bukan"
            " terlambat.",
            most=longest - 1,
        )
    return refusal_of_minutes(str(status.label)) if status is not Presence.LATE and minutes_late else None


def refusal_of_minutes(chosen: str) -> Text:
    """Ask what is meant where minutes are written beside anything but Terlambat."""
    return _(
        "Menit terlambat terisi, tetapi yang dipilih “%(chosen)s”. Pilih Terlambat, atau kosongkan menitnya.",
        chosen=chosen,
    )


def refusal_to_record(*, held_on: date, today: date, is_cancelled: bool) -> Text | None:
    """Say why the presence of a session cannot be entered (now), or None; what the batch allows is asked
    apart.
    """
    if is_cancelled:
        return _("Sesi ini dibatalkan; kehadirannya tidak diisi.")
    if held_on > today:
        return _("Kehadiran diisi pada hari sesi berlangsung atau sesudahnya.")
    return None


def may_have_presence(held_on: date, left_on: date | None) -> bool:
    """Say whether somebody may have been in a session of that day: whoever left has no part in the days after
    it.
    """
    return left_on is None or held_on <= left_on


def is_in_group(attendee_group: int | None, session_group: int | None) -> bool:
    """Say whether a session is one of this attendee's: held for all, or for the own parallel group."""
    return session_group is None or session_group == attendee_group
