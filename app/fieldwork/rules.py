"""States of a visit and the moves between them; places per host and date; what may be asked and answered;
what is next.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.core.choices import Choice
from app.core.dates import MONTHS, date_range, day_date
from app.core.text import Text, _


class HostKind(Choice):
    """What sort of place it is."""

    PANTI = "panti", _("Panti")
    UPT = "upt", _("UPT/UPTD")
    SENTRA = "sentra", _("Sentra Kemensos")
    LKS = "lks", _("Lembaga kesejahteraan sosial")
    OTHER = "other", _("Lainnya")


class VisitStatus(Choice):
    """What a host answered."""

    REQUESTED = "requested", _("Menunggu jawaban")
    AWAITING_PERMISSION = "awaiting_permission", _("Menunggu disposisi")
    ACCEPTED = "accepted", _("Diterima")
    PARTLY_ACCEPTED = "partly_accepted", _("Diterima sebagian")
    OTHER_DATE = "other_date", _("Mengusulkan tanggal lain")
    DECLINED = "declined", _("Belum dapat menerima")
    CANCELLED = "cancelled", _("Dibatalkan")


V = VisitStatus
_ANSWERED = frozenset({V.ACCEPTED, V.PARTLY_ACCEPTED, V.OTHER_DATE, V.DECLINED})
TRANSITIONS: dict[VisitStatus, frozenset[VisitStatus]] = {
    V.REQUESTED: _ANSWERED | {V.AWAITING_PERMISSION, V.CANCELLED},
    V.AWAITING_PERMISSION: _ANSWERED | {V.CANCELLED},
    V.ACCEPTED: (_ANSWERED - {V.ACCEPTED}) | {V.CANCELLED},
    V.PARTLY_ACCEPTED: _ANSWERED | {V.CANCELLED},
    V.OTHER_DATE: _ANSWERED | {V.AWAITING_PERMISSION, V.CANCELLED},
    V.DECLINED: (_ANSWERED - {V.DECLINED}) | {V.AWAITING_PERMISSION},
    V.CANCELLED: frozenset(),
}
USABLE = frozenset({V.ACCEPTED, V.PARTLY_ACCEPTED})
PENDING = frozenset({V.REQUESTED, V.AWAITING_PERMISSION})
STANDING = (
    USABLE | PENDING
)  # keeps places that another batch cannot have; asked anew when the dates of the batch move
UNSETTLED = STANDING | {V.OTHER_DATE}  # ends when the batch is cancelled

ANSWERS: tuple[tuple[VisitStatus, Text], ...] = (  # verbs on the buttons of the host, in this order
    (V.ACCEPTED, _("Terima")),
    (V.PARTLY_ACCEPTED, _("Terima sebagian")),
    (V.OTHER_DATE, _("Usulkan tanggal lain")),
    (V.AWAITING_PERMISSION, _("Menunggu disposisi")),
    (V.DECLINED, _("Belum dapat menerima")),
)
TONES = {
    V.REQUESTED: "wait",
    V.AWAITING_PERMISSION: "wait",
    V.ACCEPTED: "ok",
    V.PARTLY_ACCEPTED: "ok",
    V.OTHER_DATE: "attention",
    V.DECLINED: "stop",
    V.CANCELLED: "neutral",
}
MOST_VISITORS = 2000  # of one host on one day
BATCH_OVER = _("Angkatannya sudah selesai; permohonan ini tidak perlu dijawab lagi.")
NAMES_SHOWN_BEFORE = timedelta(days=1)  # a host reads the names of its visitors from the day before


@dataclass(frozen=True)
class Claim:
    """Places of a host on one day that one visit keeps: what was granted, or what was asked while no answer
    is given.
    """

    status: VisitStatus
    requested: int
    granted: int

    @property
    def places(self) -> int:
        """Return how many places it keeps; a visit that ended keeps none."""
        if self.status in USABLE:
            return self.granted
        return self.requested if self.status in PENDING else 0


def has_session(day: date, groups: Collection[int], practice: Collection[tuple[date, int | None]]) -> bool:
    """Say whether a visit of this day has its session: field practice for everybody, or for a group that is
    placed there.

    `practice`: day and group of each session of field practice; one without a group is for everybody.
    """
    here = {group for held_on, group in practice if held_on == day}
    return None in here or bool(here if not groups else here.intersection(groups))


def places_left(visitors_per_day: int, claims: list[Claim]) -> int:
    """Return how many trainees a host can still take on a day; never below zero."""
    return max(0, visitors_per_day - sum(claim.places for claim in claims))


def busiest_day(visits: Iterable[tuple[date, VisitStatus, int, int]]) -> int:
    """Return the most places kept on one day; takes (day, status, requested, granted) of each visit."""
    kept: Counter[date] = Counter()
    for day, status, requested, granted in visits:
        kept[day] += Claim(status, requested, granted).places
    return max(kept.values(), default=0)


class Refusal(NamedTuple):
    """A reason, the field it belongs to, and whether it says that something is so already (409)."""

    reason: Text
    field: str | None = None
    is_conflict: bool = False


@dataclass(frozen=True)
class Asked:
    """A visit as it stands, in plain values."""

    status: VisitStatus
    visits_on: date
    requested: int
    granted: int = 0
    answer_note: str = ""
    asks_for_more: bool = False  # places were given, and more were asked for since
    has_session: bool = (
        True  # its day holds a session of field practice for it; False: that was called off or moved
    )
    is_seen: bool = False  # somebody who is placed there is recorded as present on its day

    def took_place(self, today: date) -> bool:
        """Say whether the accepted day is past, and field practice was held on it."""
        return self.status in USABLE and self.visits_on < today and self.has_session


@dataclass(frozen=True)
class Answer:
    """What a host says: the answer with the number, the day and the note that were typed."""

    status: VisitStatus
    granted: int | None = None
    other_date: date | None = None
    note: str = ""


def refusal_to_request(
    visits_on: date,
    starts_on: date,
    ends_on: date,
    *,
    requested: int,
    left: int,
    today: date,
    is_record: bool = False,
    practice: Collection[date] = (),
) -> Refusal | None:
    """Say why a batch cannot ask for these places on this day, or None when it can.

    `is_record`: the batch was entered after its last day, so that its past days may be written down.
    `practice`: the days that hold field practice; while there are none, the schedule says nothing of the day.
    """
    if not starts_on <= visits_on <= ends_on:
        return Refusal(
            _("Tanggal kunjungan harus di antara hari pertama dan hari terakhir angkatan."), "visits_on"
        )
    if visits_on < today and not is_record:
        return Refusal(_("Tanggal itu sudah lewat; pilih hari ini atau sesudahnya."), "visits_on")
    if practice and visits_on not in practice:
        reason = _(
            "Tidak ada sesi PKL pada %(day)s; sesi PKL pada %(days)s. Pilih hari yang ada sesinya, atau"
            " jadwalkan dahulu sesi PKL pada hari itu.",
            day=day_date(visits_on),
            days=", ".join(day_date(day) for day in sorted(practice)),
        )
        return Refusal(reason, "visits_on")
    if requested < 1:
        return Refusal(_("Minta paling sedikit 1 tempat."), "requested_places")
    if requested > left:
        reason = _(
            "Pada tanggal itu tersisa %(left)s tempat bagi peserta; yang diminta %(requested)s.",
            left=left,
            requested=requested,
        )
        return Refusal(reason, "requested_places")
    return None


def refusal_after_visit(visit: Asked, today: date) -> Refusal | None:
    """Say that a visit took place: nobody answers or withdraws it any more."""
    if not visit.took_place(today):
        return None
    return Refusal(
        _(
            "Kunjungan ini sudah berlangsung pada %(day)s; jawabannya tidak dapat diubah lagi.",
            day=day_date(visit.visits_on),
        )
    )


def refusal_to_answer(
    visit: Asked,
    answer: Answer,
    *,
    left: int,
    today: date,
    starts_on: date,
    ends_on: date,
    is_doubled: bool = False,
    is_record: bool = False,
    by_office: bool = False,
) -> Refusal | None:
    """Say why this answer cannot be given, or None.

    `left` counts the places that other visits of the day leave; `is_doubled`: the batch asked this host again
    for the day; `is_record`: the batch was entered after its last day, so that visits of its past days may be
    written down. `by_office`: the panitia writes it, which may put an answer right when the day is over.
    """
    status = answer.status
    if status not in dict(ANSWERS):
        return Refusal(_("Lokasi PKL tidak dapat menjawab “%(answer)s”.", answer=status.label), "answer")
    return (
        refusal_after_visit(visit, today)
        or _contradiction(visit, answer)
        or _already(visit, answer)
        or (None if is_record else refusal_of_past(visit, today, by_office=by_office, answer=status))
        or refusal_of_loss(visit, places_granted(status, requested=visit.requested, granted=answer.granted))
        or _refusal_of_proposal(visit, answer, today, starts_on, ends_on)
        or (
            _refusal_of_places(visit, answer, left, starts_on, ends_on, is_doubled)
            if status in USABLE
            else None
        )
    )


def refusal_to_cancel(visit: Asked, today: date) -> Refusal | None:
    """Say why the committee cannot take a request back, or None."""
    if over := refusal_after_visit(visit, today) or refusal_of_loss(visit, 0):
        return over
    if V.CANCELLED in TRANSITIONS[visit.status]:
        return None
    return Refusal(
        _(
            "Kunjungan ini sudah berstatus %(status)s; tidak ada yang perlu dibatalkan.",
            status=visit.status.label,
        ),
        is_conflict=True,
    )


def _contradiction(visit: Asked, answer: Answer) -> Refusal | None:
    """Say that a typed number or day belongs to another answer."""
    typed, asked = answer.granted, visit.requested
    if answer.status is V.ACCEPTED and typed is not None and typed != asked:
        if 0 < typed < asked:
            reason = _(
                "Anda mengetik %(typed)s orang, sedangkan yang diminta %(asked)s. Jawab “Terima sebagian”"
                " untuk %(typed)s orang, atau kosongkan angkanya untuk menerima semua.",
                typed=typed,
                asked=asked,
            )
        else:
            reason = _(
                "Anda mengetik %(typed)s orang, sedangkan yang diminta %(asked)s. Kosongkan angkanya untuk"
                " menerima semua.",
                typed=typed,
                asked=asked,
            )
        return Refusal(reason, "granted_places")
    if answer.status not in USABLE and typed:
        reason = _(
            "Anda mengetik %(typed)s orang, sedangkan jawabannya “%(answer)s”. Jawab “Terima sebagian”, atau"
            " kosongkan angkanya.",
            typed=typed,
            answer=answer.status.label,
        )
        return Refusal(reason, "granted_places")
    if answer.status is not V.OTHER_DATE and answer.other_date is not None:
        reason = _("Anda mengisi tanggal usulan. Jawab “Usulkan tanggal lain”, atau kosongkan tanggalnya.")
        return Refusal(reason, "other_date")
    return None


def _already(visit: Asked, answer: Answer) -> Refusal | None:
    """Say that this answer stands already, or that the table of states does not lead to it."""
    same_number = answer.status is not V.PARTLY_ACCEPTED or answer.granted == visit.granted
    same_words = answer.status is not V.OTHER_DATE or answer.note == visit.answer_note
    if answer.status is visit.status and same_number and same_words and not visit.asks_for_more:
        return Refusal(
            _("Jawaban ini sudah tercatat: %(answer)s.", answer=said(visit.status, visit.granted)),
            is_conflict=True,
        )
    if answer.status not in TRANSITIONS[visit.status]:
        reason = _(
            "Kunjungan ini sudah berstatus %(status)s; jawaban itu tidak dapat diberikan lagi.",
            status=visit.status.label,
        )
        return Refusal(reason, is_conflict=True)
    return None


def _refusal_of_proposal(
    visit: Asked, answer: Answer, today: date, starts_on: date, ends_on: date
) -> Refusal | None:
    if answer.status is not V.OTHER_DATE:
        return None
    proposed = answer.other_date or proposed_day(answer.note)
    if answer.other_date is None and not answer.note.strip():
        return Refusal(_("Tulis tanggal yang diusulkan."), "other_date")
    if answer.other_date is not None and answer.other_date < today:
        return Refusal(_("Tanggal yang diusulkan sudah lewat; pilih hari ini atau sesudahnya."), "other_date")
    if answer.other_date == visit.visits_on:
        return Refusal(_("Itu tanggal yang diminta. Pilih tanggal lain, atau jawab “Terima”."), "other_date")
    if proposed is not None and not starts_on <= proposed <= ends_on:
        days = date_range(starts_on, ends_on)
        reason = _(
            "Diklatnya berlangsung %(days)s. Usulkan hari di antaranya, atau jawab “Belum dapat menerima”.",
            days=days,
        )
        return Refusal(reason, "other_date" if answer.other_date else "note")
    return None


def refusal_of_past(
    visit: Asked, today: date, *, by_office: bool, answer: VisitStatus | None = None
) -> Refusal | None:
    """Say that the day is over: the host answers no more; the office may still write down that people were
    received.
    """
    if visit.visits_on >= today or (by_office and (answer is None or answer in USABLE)):
        return None
    day = day_date(visit.visits_on)
    if by_office:
        return Refusal(
            _(
                "Hari kunjungan itu, %(day)s, sudah lewat; yang masih dapat dicatat hanya berapa orang yang"
                " diterima.",
                day=day,
            )
        )
    return Refusal(
        _(
            "Hari kunjungan itu, %(day)s, sudah lewat. Bila pesertanya Anda terima, sampaikan kepada panitia"
            " agar dicatat.",
            day=day,
        )
    )


def refusal_of_loss(visit: Asked, places: int) -> Refusal | None:
    """Say that a visit at which people were seen is not given up, nor made smaller."""
    if not visit.is_seen or places >= visit.granted:
        return None
    return Refusal(
        _(
            "Kehadiran peserta pada kunjungan ini sudah dicatat, sehingga tempatnya tidak dapat ditarik lagi."
            " Bila keliru, hubungi panitia."
        )
    )


def _refusal_of_places(
    visit: Asked, answer: Answer, left: int, starts_on: date, ends_on: date, is_doubled: bool
) -> Refusal | None:
    number = answer.granted
    if answer.status is V.PARTLY_ACCEPTED and (number is None or not 1 <= number < visit.requested):
        reason = _(
            "Untuk menerima sebagian, isi jumlah dari 1 sampai %(most)s orang.", most=visit.requested - 1
        )
        return Refusal(reason, "granted_places")
    if is_doubled:
        reason = _("Panitia sudah meminta lokasi ini lagi untuk tanggal itu; jawab permohonan yang baru.")
        return Refusal(reason, is_conflict=True)
    if not starts_on <= visit.visits_on <= ends_on:
        days = date_range(starts_on, ends_on)
        reason = _(
            "Angkatan ini sekarang berlangsung %(days)s; minta panitia mengirim permohonan baru.", days=days
        )
        return Refusal(reason)
    if places_granted(answer.status, requested=visit.requested, granted=number) > left:
        reason = _(
            "Pada tanggal itu tersisa %(left)s tempat; kunjungan lain sudah memakai selebihnya.", left=left
        )
        return Refusal(reason, "granted_places")
    return None


def said(status: VisitStatus, granted: int) -> str:
    """Return an answer with its number: 'Diterima sebagian, 20 orang'."""
    return str(
        _("%(answer)s, %(granted)s orang", answer=status.label, granted=granted) if granted else status.label
    )


def refusal_of_reason(reason: str) -> Text | None:
    """Say that taking places from people wants a reason of some words."""
    if len(reason.split()) >= 2 and len(reason.strip()) >= 8:
        return None
    return _("Tulis alasannya dengan beberapa kata, agar yang kehilangan tempat dan lokasi PKL memahaminya.")


_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", re.IGNORECASE)


def proposal(day: date, note: str) -> str:
    """Write the day that a host proposes in front of its note."""
    return str(_("Diusulkan %(day)s. %(note)s", day=day_date(day), note=note)).strip()


def proposed_day(note: str) -> date | None:
    """Read the first day that a note names, '16 Oktober 2026'; None when it names none."""
    found = _DAY.search(note)
    if found is None:
        return None
    month = [name.casefold() for name in MONTHS].index(found[2].casefold()) + 1
    try:
        return date(int(found[3]), month, int(found[1]))
    except ValueError:
        return None


def places_granted(answer: VisitStatus, *, requested: int, granted: int | None) -> int:
    """Return how many places an answer gives."""
    if answer is V.ACCEPTED:
        return requested
    return (granted or 0) if answer is V.PARTLY_ACCEPTED else 0


def refusal_to_place(
    status: VisitStatus, *, granted: int, placed: int, same_batch: bool, group: int, has_left: bool = False
) -> Text | None:
    """Say why one more person cannot practise at this visit, or None.

    `placed` leaves out the person who moves.
    """
    if has_left:
        return _("Orang ini tidak lagi mengikuti angkatan ini.")
    if not same_batch:
        return _("Kunjungan ini milik angkatan lain.")
    if status not in USABLE:
        return _("Lokasi ini belum menerima kunjungan; peserta belum dapat ditempatkan di sini.")
    if group < 1:
        return _("Nomor kelompok dimulai dari 1.")
    if placed >= granted:
        return _("Ke-%(granted)s tempat di lokasi ini sudah terisi.", granted=granted)
    return None


def names_are_shown(status: VisitStatus, visits_on: date, today: date) -> bool:
    """Say whether the host may read who comes: an accepted visit, from the day before."""
    return status in USABLE and today >= visits_on - NAMES_SHOWN_BEFORE


def takes_part(left_at: datetime | None, visits_on: date, zone: str, today: date) -> bool:
    """Say whether somebody counts at a visit: who left does not, unless the visit took place before that or
    on that day.
    """
    if left_at is None:
        return True
    return visits_on < today and left_at.astimezone(ZoneInfo(zone)).date() >= visits_on
