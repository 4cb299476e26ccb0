"""States of a batch and kinds of sessions; what a batch needs to open; hours against the curriculum; clashes; what deserves a warning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple, Protocol, TypeVar

from app.core.choices import Choice
from app.core.dates import day_date, long_date
from app.core.text import Text, _, shortlist


class CourseKind(Choice):
    """What sort of course it is; only a diklat leads up the ladder."""

    DIKLAT = "diklat", _("Diklat")
    BIMTEK = "bimtek", _("Bimtek")
    ORIENTATION = "orientation", _("Orientasi lapangan")
    MEETING = "meeting", _("Rapat koordinasi")


class BatchStatus(Choice):
    """The life of a batch."""

    DRAFT = "draft", _("Draf")
    OPEN = "open", _("Pendaftaran dibuka")
    CLOSED = "closed", _("Pendaftaran ditutup")
    RUNNING = "running", _("Berlangsung")
    FINISHED = "finished", _("Selesai")
    CANCELLED = "cancelled", _("Dibatalkan")


TRANSITIONS: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.DRAFT: frozenset({BatchStatus.OPEN, BatchStatus.CANCELLED}),
    BatchStatus.OPEN: frozenset({BatchStatus.CLOSED, BatchStatus.RUNNING, BatchStatus.FINISHED, BatchStatus.CANCELLED}),
    BatchStatus.CLOSED: frozenset({BatchStatus.OPEN, BatchStatus.RUNNING, BatchStatus.FINISHED, BatchStatus.CANCELLED}),
    BatchStatus.RUNNING: frozenset({BatchStatus.FINISHED, BatchStatus.CANCELLED}),
    BatchStatus.FINISHED: frozenset({BatchStatus.CANCELLED}),  # only one that was never held: the table of acts
    BatchStatus.CANCELLED: frozenset(),
}


class GraduationStage(Choice):
    """How far the result of a batch is; it stands on the batch and closes what others rely on."""

    NONE = "none", _("Belum diusulkan")
    PROPOSED = "proposed", _("Diusulkan")
    APPROVED = "approved", _("Disetujui")
    CERTIFIED = "certified", _("Sertifikat terbit")


class Admission(Choice):
    """How a seat is given."""

    MANUAL = "manual", _("Diputuskan panitia")
    AUTOMATIC = "automatic", _("Otomatis selama masih ada tempat")


class SessionKind(Choice):
    """What happens in a session; only the last three carry JP."""

    CEREMONY = "ceremony", _("Upacara dan acara")
    MATERIAL = "material", _("Materi")
    FIELD_PRACTICE = "field_practice", _("Praktik kerja lapangan (PKL)")
    DISCUSSION = "discussion", _("Diskusi")


class SubjectKind(Choice):
    """How a subject is learned."""

    THEORY = "theory", _("Teori")
    PRACTICE = "practice", _("Praktik")
    FIELD_PRACTICE = "field_practice", _("PKL")


ALREADY: dict[BatchStatus, Text] = {
    BatchStatus.DRAFT: _("Angkatan ini masih draf."),
    BatchStatus.OPEN: _("Pendaftaran angkatan ini sudah dibuka."),
    BatchStatus.CLOSED: _("Pendaftaran angkatan ini sudah ditutup."),
    BatchStatus.RUNNING: _("Angkatan ini sudah dimulai."),
    BatchStatus.FINISHED: _("Angkatan ini sudah selesai."),
    BatchStatus.CANCELLED: _("Angkatan ini sudah dibatalkan."),
}
MOVES: dict[BatchStatus, Text] = {
    BatchStatus.OPEN: _("dibuka pendaftarannya"),
    BatchStatus.CLOSED: _("ditutup pendaftarannya"),
    BatchStatus.RUNNING: _("dimulai"),
    BatchStatus.FINISHED: _("diselesaikan"),
    BatchStatus.CANCELLED: _("dibatalkan"),
}
ENDED = frozenset({BatchStatus.FINISHED, BatchStatus.CANCELLED})
UNSEEN = frozenset({BatchStatus.DRAFT})  # not for the public
MOST_DAYS = 366  # of one batch
MOST_SEATS = 5000
MOST_HOURS = 24  # JP of one session


class Refusal(NamedTuple):
    """A reason and the field it belongs to."""

    reason: Text
    field: str | None = None


def refusal_to_move(status: BatchStatus, to: BatchStatus) -> Text | None:
    """Say why a batch cannot move to this state, or None when the table allows it."""
    if to in TRANSITIONS[status]:
        return None
    return _("Angkatan yang berstatus %(status)s tidak dapat %(move)s.", status=status.label, move=MOVES[to])


def last_day_to_apply(closes_on: date | None, starts_on: date) -> date:
    """Return the last day on which people may apply: the day set, else the first day of the batch."""
    return closes_on if closes_on is not None else starts_on


def takes_applications(status: BatchStatus, *, closes_on: date | None, starts_on: date, ends_on: date, today: date) -> bool:
    """Say whether people may apply today: registration is open and neither its last day nor the batch is over."""
    return status is BatchStatus.OPEN and today <= min(last_day_to_apply(closes_on, starts_on), ends_on)


def refusal_to_open(closes_on: date | None, starts_on: date, ends_on: date, today: date) -> Text | None:
    """Say why opening would let nobody in, or None: the last day to apply has passed."""
    if today > ends_on:
        return _("Angkatan ini sudah berakhir. Ubah dahulu tanggalnya bila angkatan ini belum dilaksanakan.")
    if today > last_day_to_apply(closes_on, starts_on):
        return _("Batas pendaftarannya sudah lewat. Ubah dahulu batas pendaftaran pada rencana angkatan.")
    return None


def refusal_to_start(today: date, starts_on: date) -> Text | None:
    """Say why a batch cannot start today at its venue."""
    return _("Angkatan baru dapat dimulai pada hari pertamanya.") if today < starts_on else None


def refusal_to_finish(today: date, ends_on: date) -> Text | None:
    """Say why a batch cannot be finished today at its venue."""
    return _("Angkatan baru dapat diselesaikan pada hari terakhirnya.") if today < ends_on else None


def refusal_of_year(starts_on: date, year: int, *, is_new: bool = False) -> Refusal | None:
    """Say why a batch cannot begin on this day, or None: its code and its certificates carry the year of its diklat. `is_new`: there
    is no batch yet."""
    if starts_on.year == year:
        return None
    said = (
        _(
            "Diklat ini diselenggarakan pada tahun %(year)d, dan kode angkatannya memuat tahun itu. Pakai diklat tahunnya sendiri.",
            year=year,
        )
        if is_new
        else _(
            "Diklat ini diselenggarakan pada tahun %(year)d, dan kode angkatannya memuat tahun itu. "
            "Untuk tahun lain, batalkan angkatan ini dan buat angkatan baru.",
            year=year,
        )
    )
    return Refusal(said, "starts_on")


def refusal_to_become_record(starts_on: date, ends_on: date, *, entered_on: date, people: int) -> Refusal | None:
    """Say why a batch that people ask for cannot be moved to days before it was entered, or None: it would be a record of the
    past, which the calendar does not close, and whoever waits there would wait for ever."""
    if not people or entered_on <= ends_on:
        return None
    return Refusal(
        _(
            "Tanggal itu sudah lewat ketika angkatan ini dicatat, padahal sudah ada %(people)d orang yang mendaftar. "
            "Batalkan angkatan ini, lalu catat diklat yang sudah lewat sebagai angkatan baru.",
            people=people,
        ),
        "starts_on" if entered_on > starts_on else "ends_on",
    )


def refusal_to_move_session(entered: int, *, is_kept: bool | None, held_on: date, today: date) -> Refusal | None:
    """Say why a session with presence cannot be moved, or None. `is_kept`: whether the presence goes along (True), is cleared
    (False), or nothing was said (None)."""
    if not entered:
        return None
    if is_kept is None:
        return Refusal(
            _(
                "Sesi ini sudah mempunyai %(count)d catatan kehadiran. Pilih: kehadiran ikut pindah, atau dikosongkan dan diisi lagi.",
                count=entered,
            ),
            "presence",
        )
    if is_kept and held_on > today:
        return Refusal(_("Kehadiran tidak dapat ikut pindah ke hari yang belum tiba. Pilih dikosongkan."), "presence")
    return None


def said_of_cancelling(lesson_hours: int, entered: int) -> list[Text]:
    """Say what is lost with a session that is cancelled: its JP, its presence, and that it does not come back."""
    said = [_("Sesi yang dibatalkan tidak dapat dipulihkan; jadwalkan sesi baru bila perlu.")]
    if lesson_hours:
        said.insert(0, _("%(n)d JP sesi ini tidak dihitung lagi.", n=lesson_hours))
    if entered:
        said.insert(0, _("%(n)d catatan kehadiran sesi ini tidak dihitung lagi.", n=entered))
    return said


def refusal_of_hours_to_finish(planned: int, wanted: int, seats: int) -> Text | None:
    """Say why the days cannot be declared finished yet, or None: the schedule is closed by it, and no graduation could follow."""
    if not seats or planned == wanted:
        return None
    return _(
        "Jadwal memuat %(planned)d dari %(wanted)d JP. Lengkapi jadwal dahulu; sesudah selesai jadwal ditutup.",
        planned=planned,
        wanted=wanted,
    )


def refusal_of_unheld(*, was_held: bool) -> Text | None:
    """Say why a batch without any presence cannot be declared finished, and the two ways there are, or None."""
    if was_held:
        return None
    return _("Belum ada kehadiran yang diisi. Isi kehadirannya dahulu, atau batalkan angkatan bila tidak jadi dilaksanakan.")


def missing_to_open(
    *, starts_on: date | None, ends_on: date | None, venue: str, quota: int | None, audience: str, contact_name: str, contact_phone: str
) -> list[Text]:
    """Name each of the five facts without which nobody can apply: dates, place, seats, for whom, contact."""
    facts = (
        (_("tanggal"), starts_on and ends_on),
        (_("tempat"), venue.strip()),
        (_("kuota"), quota),
        (_("untuk siapa"), audience.strip()),
        (_("narahubung dan nomornya"), contact_name.strip() and contact_phone.strip()),
    )
    return [name for name, known in facts if not known]


def refusal_of_dates(starts_on: date, ends_on: date, closes_on: date | None) -> Refusal | None:
    """Say what is wrong with the dates of a batch."""
    if ends_on < starts_on:
        return Refusal(_("Tanggal selesai tidak boleh sebelum tanggal mulai."), "ends_on")
    if (ends_on - starts_on).days >= MOST_DAYS:
        return Refusal(_("Satu angkatan paling lama %(days)d hari. Periksa tahunnya.", days=MOST_DAYS), "ends_on")
    if closes_on is not None and closes_on > ends_on:
        return Refusal(_("Batas pendaftaran tidak boleh sesudah hari terakhir angkatan."), "registration_closes_on")
    return None


def refusal_of_quota(quota: int, taken: int) -> Refusal | None:
    """Say why this is no number of seats: none at all, or fewer than are given."""
    if quota < 1:
        return Refusal(_("Kuota paling sedikit 1."), "quota")
    if quota < taken:
        return Refusal(_("%(taken)d tempat sudah diberikan; kuota tidak dapat lebih kecil dari itu.", taken=taken), "quota")
    return None


def batch_code(organiser_code: str, letter: str, year: int, ordinal: int) -> str:
    """Write the code of a batch: TAPIN-D-2026-01."""
    return f"{organiser_code}-{letter}-{year}-{ordinal:02}"


MARK_IS_NO_CONDITION = _("Nilai akhir tidak menjadi syarat: nilai berapa pun tidak mengubah hasilnya.")
MARK_RULE = _("Nilai akhir di bawah nilai lulus: tidak lulus. Nilai akhir belum diisi: ditunda.")


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
    """Say what is wrong with a session by itself: outside the batch, times out of order, JP that do not fit, JP of a ceremony."""
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
                "%(hours)d JP perlu %(needed)d menit, sedangkan sesi ini %(minutes)d menit (1 JP = %(each)d menit).",
                hours=plan.lesson_hours, needed=plan.lesson_hours * lesson_minutes, minutes=minutes, each=lesson_minutes,
            ),
            "lesson_hours",
        )  # fmt: skip
    return None


def hours_for_one(hours: Iterable[tuple[int | None, int]]) -> int:
    """Return the JP one participant can sit: those for all, and those of the fullest parallel group. Takes (group, JP) pairs."""
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
            "Mata diklat “%(subject)s” hanya %(allowed)d JP dalam kurikulum; dengan sesi ini menjadi %(total)d JP.",
            subject=subject, allowed=allowed, total=total,
        ),
        "lesson_hours",
    )  # fmt: skip


class Slot(Protocol):
    """A session as far as clashes are concerned."""

    title: str
    held_on: date
    starts_at: time
    ends_at: time
    group: int | None


S = TypeVar("S", bound=Slot)


def find_clash(plan: SessionPlan, others: Iterable[S]) -> S | None:
    """Return a session of the same batch at the same time for the same people: same group, or either of them for all."""
    for other in others:
        for_the_same = plan.group is None or other.group is None or plan.group == other.group
        if for_the_same and plan.held_on == other.held_on and plan.starts_at < other.ends_at and other.starts_at < plan.ends_at:
            return other
    return None


def overlap(begins: datetime, ends: datetime, other_begins: datetime, other_ends: datetime) -> bool:
    """Say whether two stretches of time share a moment."""
    return begins < other_ends and other_begins < ends


def warnings_of_dates(announced_days: int | None, days: int, dates: str) -> list[Text]:
    """Warn where the announcement and the calendar disagree; neither is corrected."""
    if announced_days is None or announced_days == days:
        return []
    return [_("Diumumkan %(announced)d hari, tanggalnya %(days)d hari: %(dates)s.", announced=announced_days, days=days, dates=dates)]


def warnings_of_hours(planned: int, wanted: int, short: Mapping[str, tuple[int, int]]) -> list[Text]:
    """Warn where the schedule holds other JP than the curriculum; `short` is subject → (planned, wanted) where they differ."""
    if planned == wanted and not short:
        return []
    named = "; ".join(f"{subject} {has}/{wants}" for subject, (has, wants) in short.items())
    return [_("Jadwal memuat %(planned)d JP, kurikulum %(wanted)d JP (%(named)s).", planned=planned, wanted=wanted, named=named)]


def said_of_lacking_hours(scheduled: int, curriculum: int) -> Text | None:
    """Say what a schedule that lacks JP of the curriculum holds up, or None: said where JP go, and where they are asked for."""
    if scheduled >= curriculum:
        return None
    return _(
        "Jadwal memuat %(done)d dari %(all)d JP kurikulum. Kelulusan baru dapat diusulkan sesudah %(missing)d JP itu dijadwalkan.",
        done=scheduled,
        all=curriculum,
        missing=curriculum - scheduled,
    )


FIXED_HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)}  # those that have the same date each year


def hints_on_days(days: Iterable[date], *, closes_on: date | None = None, today: date | None = None) -> list[Text]:
    """Return what deserves a second look where days are planned, and refuses nothing: Sundays, holidays, a deadline that has passed."""
    free = [day for day in sorted(set(days)) if day.weekday() == 6 or (day.month, day.day) in FIXED_HOLIDAYS]
    hints = [_("Hari libur: %(days)s. Periksa apakah memang hari itu.", days=shortlist(map(day_date, free), 3, "; "))] if free else []
    if closes_on is not None and today is not None and closes_on < today:
        hints.append(_("Batas pendaftaran %(day)s sudah lewat. Ubah sebelum pendaftaran dibuka.", day=long_date(closes_on)))
    return hints
