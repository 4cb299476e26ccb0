"""The next thing of each person, chosen from what waits; plain values in, sentences out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.dates import long_date
from app.core.text import Text, _
from app.enrollments.rules import EnrollmentStatus
from app.trainees.rules import Held, highest_rank


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody: a sentence, a button, an address."""

    sentence: Text
    button: Text
    url: str
    note: Text | None = None


S = EnrollmentStatus
OWN_SENTENCES = {
    S.DRAFT: _("Pendaftaran Anda belum dikirim."),
    S.SUBMITTED: _("Pendaftaran Anda sudah kami terima dan sedang diperiksa."),
    S.RETURNED: _("Pendaftaran Anda dikembalikan untuk dilengkapi."),
    S.VERIFIED: _("Data Anda sudah diperiksa. Tempat diputuskan oleh panitia."),
    S.WAITLISTED: _("Anda tercatat sebagai cadangan."),
    S.OFFERED: _("Ada tempat untuk Anda. Mohon segera dijawab."),
}
SEATED_SENTENCE = _("Anda diterima sebagai peserta. Mohon hadir pada hari pertama.")
RUNNING_SENTENCE = _("Diklat Anda sedang berlangsung.")
CERTIFIED_SENTENCE = _("Selamat! Sertifikat Anda sudah terbit.")
JOIN_SENTENCE = _("Anda belum terdaftar di diklat mana pun.")


def own_sentence(status: EnrollmentStatus, *, starts_on: date, today: date) -> Text | None:
    """Return what a volunteer is told about the running application; None when it has ended."""
    if status in OWN_SENTENCES:
        return OWN_SENTENCES[status]
    if status in (S.ACCEPTED, S.CALLED, S.CONFIRMED):
        return SEATED_SENTENCE if today < starts_on else RUNNING_SENTENCE
    return None


class RungState(StrEnum):
    """How somebody stands to one tier of the ladder."""

    HELD = "held"
    RUNNING = "running"
    OPEN = "open"
    READY = "ready"  # nothing is missing but a course
    MISSING = "missing"


@dataclass(frozen=True)
class NextCourse:
    """A course that somebody could apply to."""

    batch_id: int
    title: str
    starts_on: date
    place: str


@dataclass(frozen=True)
class RungFacts:
    """One tier as it concerns one person; `below` is the rank that has to be held first."""

    rank: int
    label: str
    below: int | None = None
    number: str | None = None  # of the certificate that gives it
    enrolled: Text | None = None  # the state of an application that has not ended
    enrolled_in: str = ""
    course: NextCourse | None = None


@dataclass(frozen=True)
class Rung:
    """What a volunteer reads about one tier; `batch_id` is the course that one tap leads to."""

    rank: int
    label: str
    state: RungState
    sentence: Text
    notes: tuple[Text, ...] = ()
    batch_id: int | None = None


def ladder(facts: Sequence[RungFacts], held: Iterable[Held], *, today: date, hindrance: Text | None = None) -> list[Rung]:
    """Return each tier with what is held, or what is missing and what would make it possible; `hindrance` stands against all."""
    by_rank, held = {each.rank: each for each in facts}, list(held)
    return [_rung(each, by_rank, held, today, hindrance) for each in facts]


def _rung(own: RungFacts, by_rank: Mapping[int, RungFacts], held: Sequence[Held], today: date, hindrance: Text | None) -> Rung:
    label = own.label.lower()
    if highest_rank(held, today) >= own.rank:
        sentence = (
            _("Sertifikat nomor %(number)s.", number=own.number) if own.number else _("Tercakup dalam sertifikat Anda yang lebih tinggi.")
        )
        return Rung(own.rank, own.label, RungState.HELD, sentence)
    if own.enrolled:
        sentence = _("Anda terdaftar di %(course)s: %(status)s.", course=own.enrolled_in, status=str(own.enrolled).lower())
        return Rung(own.rank, own.label, RungState.RUNNING, sentence)
    if hindrance:
        return Rung(own.rank, own.label, RungState.MISSING, hindrance)
    if own.below is not None and highest_rank(held, own.course.starts_on if own.course else today) < own.below:
        return _missing(own, by_rank, held, today)
    if own.course:
        return Rung(own.rank, own.label, RungState.OPEN, _next(own.course), batch_id=own.course.batch_id)
    sentence = _("Anda memenuhi syarat. Belum ada diklat %(tier)s yang dibuka untuk wilayah Anda.", tier=label)
    ask = _("Diklat yang dibuka akan tampil di sini. Jadwalnya dapat ditanyakan kepada dinas sosial.")
    return Rung(own.rank, own.label, RungState.READY, sentence, (ask,))


def _missing(own: RungFacts, by_rank: Mapping[int, RungFacts], held: Sequence[Held], today: date) -> Rung:
    below = by_rank[own.below or 0]
    label = below.label.lower()
    sentence = _("Belum ada sertifikat %(below)s yang tercatat atas nama Anda.", below=label)
    old = _("Punya sertifikat %(below)s lama? Tunjukkan kepada dinas sosial agar dicatat.", below=label)
    if below.enrolled:
        after = _("Dapat diikuti setelah Anda lulus diklat %(below)s.", below=label)
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (after,))
    if below.below is not None and highest_rank(held, today) < below.below:
        first = by_rank[below.below].label.lower()
        order = _("Urutannya: %(first)s, lalu %(below)s, lalu %(own)s.", first=first, below=label, own=own.label.lower())
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (order,))
    if below.course is None:
        none = _("Belum ada diklat %(below)s yang dibuka untuk wilayah Anda.", below=label)
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (none, old))
    helping = _("Yang membantu: %(course)s", course=str(_next(below.course)))
    return Rung(own.rank, own.label, RungState.MISSING, sentence, (helping, old), below.course.batch_id)


def _next(course: NextCourse) -> Text:
    return _("%(title)s, mulai %(day)s, di %(place)s.", title=course.title, day=long_date(course.starts_on), place=course.place)
