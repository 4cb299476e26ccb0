"""States of a visit and the moves between them; places per host and date; what may be asked and answered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.choices import Choice
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
TRANSITIONS: dict[VisitStatus, frozenset[VisitStatus]] = {
    V.REQUESTED: frozenset({V.AWAITING_PERMISSION, V.ACCEPTED, V.PARTLY_ACCEPTED, V.OTHER_DATE, V.DECLINED, V.CANCELLED}),
    V.AWAITING_PERMISSION: frozenset({V.ACCEPTED, V.PARTLY_ACCEPTED, V.OTHER_DATE, V.DECLINED, V.CANCELLED}),
    V.ACCEPTED: frozenset({V.PARTLY_ACCEPTED, V.DECLINED, V.CANCELLED}),
    V.PARTLY_ACCEPTED: frozenset({V.ACCEPTED, V.PARTLY_ACCEPTED, V.DECLINED, V.CANCELLED}),
    V.OTHER_DATE: frozenset({V.CANCELLED}),
    V.DECLINED: frozenset(),
    V.CANCELLED: frozenset(),
}
USABLE = frozenset({V.ACCEPTED, V.PARTLY_ACCEPTED})
PENDING = frozenset({V.REQUESTED, V.AWAITING_PERMISSION})
STANDING = USABLE | PENDING  # keeps places that another batch cannot have

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
NAMES_SHOWN_BEFORE = timedelta(days=1)  # a host reads the names of its visitors from the day before


@dataclass(frozen=True)
class Claim:
    """Places of a host on one day that one visit keeps: what was granted, or what was asked while no answer is given."""

    status: VisitStatus
    requested: int
    granted: int

    @property
    def places(self) -> int:
        """Return how many places it keeps; a visit that ended keeps none."""
        if self.status in USABLE:
            return self.granted
        return self.requested if self.status in PENDING else 0


def places_left(visitors_per_day: int, claims: list[Claim]) -> int:
    """Return how many trainees a host can still take on a day; never below zero."""
    return max(0, visitors_per_day - sum(claim.places for claim in claims))


def busiest_day(visits: Iterable[tuple[date, VisitStatus, int, int]]) -> int:
    """Return the most places kept on one day; takes (day, status, requested, granted) of each visit."""
    kept: Counter[date] = Counter()
    for day, status, requested, granted in visits:
        kept[day] += Claim(status, requested, granted).places
    return max(kept.values(), default=0)


def refusal_to_request(visits_on: date, starts_on: date, ends_on: date, *, requested: int, left: int, is_cancelled: bool) -> Text | None:
    """Say why a batch cannot ask for these places on this day, or None when it can."""
    if is_cancelled:
        return _("Angkatan ini dibatalkan; lokasi PKL tidak dapat diminta lagi.")
    if not starts_on <= visits_on <= ends_on:
        return _("Tanggal kunjungan harus di antara hari pertama dan hari terakhir angkatan.")
    if requested < 1:
        return _("Minta paling sedikit 1 tempat.")
    if requested > left:
        return _("Pada tanggal itu tersisa %(left)s tempat bagi peserta; yang diminta %(requested)s.", left=left, requested=requested)
    return None


def refusal_to_answer(
    status: VisitStatus, answer: VisitStatus, *, requested: int, granted: int | None, left: int, note: str
) -> Text | None:
    """Say why this answer cannot be given, or None. `left` counts the places that other visits of the day leave."""
    if answer not in TRANSITIONS[status]:
        return _("Kunjungan ini sudah berstatus %(status)s; jawaban itu tidak dapat diberikan lagi.", status=status.label)
    if answer is V.PARTLY_ACCEPTED and (granted is None or not 1 <= granted < requested):
        return _("Untuk menerima sebagian, isi jumlah dari 1 sampai %(most)s orang.", most=requested - 1)
    if answer is V.OTHER_DATE and not note.strip():
        return _("Tulis tanggal yang diusulkan.")
    if answer in USABLE and places_granted(answer, requested=requested, granted=granted) > left:
        return _("Pada tanggal itu tersisa %(left)s tempat; kunjungan lain sudah memakai selebihnya.", left=left)
    return None


def places_granted(answer: VisitStatus, *, requested: int, granted: int | None) -> int:
    """Return how many places an answer gives."""
    if answer is V.ACCEPTED:
        return requested
    return (granted or 0) if answer is V.PARTLY_ACCEPTED else 0


def refusal_to_place(status: VisitStatus, *, granted: int, placed: int, same_batch: bool, group: int) -> Text | None:
    """Say why one more person cannot practise at this visit, or None. `placed` leaves out the person who moves."""
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
