"""States of a batch and kinds of sessions; what a batch needs to open; hours against the curriculum; clashes;
what deserves a warning.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from app.core.choices import Choice
from app.core.text import Text, _


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
    BatchStatus.OPEN: frozenset(
        {BatchStatus.CLOSED, BatchStatus.RUNNING, BatchStatus.FINISHED, BatchStatus.CANCELLED}
    ),
    BatchStatus.CLOSED: frozenset(
        {BatchStatus.OPEN, BatchStatus.RUNNING, BatchStatus.FINISHED, BatchStatus.CANCELLED}
    ),
    BatchStatus.RUNNING: frozenset({BatchStatus.FINISHED, BatchStatus.CANCELLED}),
    BatchStatus.FINISHED: frozenset(
        {BatchStatus.CANCELLED}
    ),  # only one that was never held: the table of acts
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


def takes_applications(
    status: BatchStatus, *, closes_on: date | None, starts_on: date, ends_on: date, today: date
) -> bool:
    """Say whether people may apply today: registration is open and neither its last day nor the batch is
    over.
    """
    return status is BatchStatus.OPEN and today <= min(last_day_to_apply(closes_on, starts_on), ends_on)


def refusal_to_open(closes_on: date | None, starts_on: date, ends_on: date, today: date) -> Text | None:
    """Say why opening would let nobody in, or None: the last day to apply has passed."""
    if today > ends_on:
        return _(
            "Hari terakhir angkatan ini sudah lewat. Bila belum dilaksanakan, ubah dahulu tanggalnya. Bila"
            " sudah dilaksanakan, buat angkatan baru dengan tanggal yang sama: yang dibuat sesudah hari"
            " terakhirnya dicatat sebagai diklat yang sudah berlangsung."
        )
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
    """Say why a batch cannot begin on this day, or None: its code and its certificates carry the year of its
    diklat. `is_new`: there is no batch yet.
    """
    if starts_on.year == year:
        return None
    text = (
        _(
            "Diklat ini diselenggarakan pada tahun %(year)d, dan kode angkatannya memuat tahun itu. Pakai"
            " diklat tahunnya sendiri.",
            year=year,
        )
        if is_new
        else _(
            "Diklat ini diselenggarakan pada tahun %(year)d, dan kode angkatannya memuat tahun itu. "
            "Untuk tahun lain, batalkan angkatan ini dan buat angkatan baru.",
            year=year,
        )
    )
    return Refusal(text, "starts_on")


def refusal_to_become_record(
    starts_on: date, ends_on: date, *, entered_on: date, people: int
) -> Refusal | None:
    """Say why a batch that people ask for cannot be moved to days before it was entered, or None: it would be
    a record of the past, which the calendar does not close, and whoever waits there would wait for ever.
    """
    if not people or entered_on <= ends_on:
        return None
    return Refusal(
        _(
            "Tanggal itu sudah lewat ketika angkatan ini dicatat, padahal sudah ada %(people)d orang yang"
            " mendaftar. Batalkan angkatan ini, lalu catat diklat yang sudah lewat sebagai angkatan baru.",
            people=people,
        ),
        "starts_on" if entered_on > starts_on else "ends_on",
    )


def refusal_to_be_over(
    starts_on: date, ends_on: date, *, today: date, people: int, has_days_behind: bool
) -> Refusal | None:
    """Say why a batch that people ask for cannot be moved to days that are all over, or None: the calendar
    would begin and end it at once. `has_days_behind`: it is over already, or presence is entered: then its
    days are put right.
    """
    if not people or has_days_behind or ends_on >= today:
        return None
    return Refusal(
        _(
            "Tanggal itu seluruhnya sudah lewat, padahal ada %(people)d orang yang mendaftar atau mendapat"
            " tempat: pendaftaran mereka akan langsung berakhir. Periksa bulan dan tahunnya. Bila diklat ini"
            " sungguh sudah berlangsung pada tanggal itu, isi dahulu kehadirannya; bila tidak jadi, batalkan"
            " angkatan ini.",
            people=people,
        ),
        "starts_on",
    )


def refusal_to_wait_again(starts_on: date, today: date) -> Refusal | None:
    """Say why a batch that somebody has begun, or of which something is recorded, cannot begin on a later day
    than today, or None.
    """
    if starts_on <= today:
        return None
    return Refusal(
        _(
            "Angkatan ini sudah dimulai oleh petugas atau sudah berisi kehadiran; hari pertamanya tidak dapat"
            " sesudah hari ini. Bila diklatnya ditunda, batalkan angkatan ini dan buat angkatan baru."
        ),
        "starts_on",
    )


def refusal_of_hours_to_finish(planned: int, wanted: int, seats: int) -> Text | None:
    """Say why the days cannot be declared finished yet, or None: the schedule is closed by it, and no
    graduation could follow.
    """
    if not seats or planned == wanted:
        return None
    return _(
        "Jadwal memuat %(planned)d dari %(wanted)d JP. Lengkapi jadwal dahulu; sesudah selesai jadwal"
        " ditutup.",
        planned=planned,
        wanted=wanted,
    )


WORDS_TO_OPEN = ("venue", "audience", "contact_name", "contact_phone")  # of these facts, those that are texts


def missing_to_open(
    *,
    starts_on: date | None,
    ends_on: date | None,
    venue: str,
    quota: int | None,
    audience: str,
    contact_name: str,
    contact_phone: str,
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
        return Refusal(
            _("Satu angkatan paling lama %(days)d hari. Periksa tahunnya.", days=MOST_DAYS), "ends_on"
        )
    if closes_on is not None and closes_on > ends_on:
        return Refusal(
            _("Batas pendaftaran tidak boleh sesudah hari terakhir angkatan."), "registration_closes_on"
        )
    return None


def refusal_of_quota(quota: int, taken: int) -> Refusal | None:
    """Say why this is no number of seats: none at all, or fewer than are given."""
    if quota < 1:
        return Refusal(_("Kuota paling sedikit 1."), "quota")
    if quota < taken:
        return Refusal(
            _("%(taken)d tempat sudah diberikan; kuota tidak dapat lebih kecil dari itu.", taken=taken),
            "quota",
        )
    return None


def batch_code(organiser_code: str, letter: str, year: int, ordinal: int) -> str:
    """Write the code of a batch: TAPIN-D-2026-01."""
    return f"{organiser_code}-{letter}-{year}-{ordinal:02}"


MARK_IS_NO_CONDITION = _("Nilai akhir tidak menjadi syarat: nilai berapa pun tidak mengubah hasilnya.")
MARK_RULE = _("Nilai akhir di bawah nilai lulus: tidak lulus. Nilai akhir belum diisi: ditunda.")


def warnings_of_dates(announced_days: int | None, days: int, dates: str) -> list[Text]:
    """Warn where the announcement and the calendar disagree; neither is corrected."""
    if announced_days is None or announced_days == days:
        return []
    return [
        _(
            "Diumumkan %(announced)d hari, tanggalnya %(days)d hari: %(dates)s.",
            announced=announced_days,
            days=days,
            dates=dates,
        )
    ]


def warnings_of_hours(planned: int, wanted: int, short: Mapping[str, tuple[int, int]]) -> list[Text]:
    """Warn where the schedule holds other JP than the curriculum; `short` is subject → (planned, wanted)
    where they differ.
    """
    if planned == wanted and not short:
        return []
    named = "; ".join(f"{subject} {has}/{wants}" for subject, (has, wants) in short.items())
    return [
        _(
            "Jadwal memuat %(planned)d JP, kurikulum %(wanted)d JP (%(named)s).",
            planned=planned,
            wanted=wanted,
            named=named,
        )
    ]


def describe_lacking_hours(scheduled: int, curriculum: int) -> Text | None:
    """Say what a schedule that lacks JP of the curriculum holds up, or None: said where JP go, and where they
    are asked for.
    """
    if scheduled >= curriculum:
        return None
    return _(
        "Jadwal memuat %(done)d dari %(all)d JP kurikulum. Kelulusan baru dapat diusulkan sesudah %(missing)d"
        " JP itu dijadwalkan.",
        done=scheduled,
        all=curriculum,
        missing=curriculum - scheduled,
    )
