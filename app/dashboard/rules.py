"""The next thing of each person, chosen from what waits; plain values in, sentences out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from app.core.dates import long_date
from app.core.text import Text, _
from app.enrollments.wording import Story
from app.trainees.rules import Held, highest_rank

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody: a sentence, a button, an address, by when."""

    sentence: Text
    button: Text
    url: str
    note: Text | str | None = None
    due: date | None = None
    is_rare: bool = False  # of a record of the past: after everything else of its day
    is_first: bool = False  # before all else, whatever the day


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return what waits with the overdue and what is due today in front; of one day, in the order given."""
    return sorted(waiting, key=lambda each: (not each.is_first, each.due or date.max, each.is_rare))


def now_and_later(waiting: Sequence[Waiting], today: date) -> tuple[list[Waiting], list[Waiting]]:
    """Return what is due within the next days, and what comes later; the first thing of all is always among
    the former.
    """
    soon = [
        each
        for number, each in enumerate(waiting)
        if number == 0 or each.due is None or each.due <= today + SOON
    ]
    return soon, list(waiting[len(soon) :])


CERTIFIED_SENTENCE = _("Selamat! Sertifikat Anda sudah terbit.")
ATTENDED_SENTENCE = _("Sertifikat keikutsertaan Anda sudah terbit.")
NOTHING_NOW = _("Tidak ada yang perlu Anda lakukan saat ini.")
NEWS_FOR = timedelta(days=60)  # a certificate is news
JOIN_SENTENCE = _("Anda belum terdaftar di diklat mana pun.")


def describe_newest(
    number: str, *, is_attended: bool, replaced: str | None, issued_on: date, today: date
) -> Text:
    """Return what the first page says of the newest certificate: what it stands in for, that it is there,
    later nothing any more.
    """
    if today > issued_on + NEWS_FOR:
        return NOTHING_NOW
    if replaced is not None:
        return _(
            "Sertifikat Anda sudah diganti: yang berlaku sekarang nomor %(new)s. Lembar lama nomor %(old)s"
            " tidak berlaku lagi.",
            new=number,
            old=replaced,
        )
    return ATTENDED_SENTENCE if is_attended else CERTIFIED_SENTENCE


class Told(Protocol):
    """An enrollment as far as the first page chooses among several."""

    @property
    def story(self) -> Story: ...

    @property
    def is_earned(self) -> bool: ...

    @property
    def has_seat(self) -> bool: ...

    @property
    def moment(self) -> datetime: ...


T = TypeVar("T", bound=Told)


SHOWN_FOR = timedelta(days=14)  # what has ended stands on top of the first page


def newest_to_show(own: Sequence[T], now: datetime) -> T | None:
    """Return which of the enrollments the first page speaks of: the one that asks for an answer, then a seat
    in force, then what else is in force, then whatever happened last, while it is news or still awaits a
    meeting; None when there is nothing to say, or the last thing was a certificate.
    """
    own = [each for each in own if not each.story.is_settled]
    in_force = [each for each in own if not each.story.is_over and not each.is_earned]
    asks = next((each for each in own if each.story.ask), None)
    seated = next((each for each in in_force if each.has_seat), None)
    first = asks or seated or next(iter(in_force), None)
    if first is not None:
        return first
    last = max(own, key=lambda each: each.moment, default=None)
    if last is None or last.is_earned or (last.moment < now - SHOWN_FOR and not last.story.is_awaited):
        return None
    return last


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
    refused: str | None = None  # why it has refused a request of this person before


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
    revoked: Text | None = None  # that a certificate of this tier was revoked, and why
    attended: str | None = (
        None  # number of a certificate that says of this tier that it was attended, not passed
    )


@dataclass(frozen=True)
class Rung:
    """What a volunteer reads about one tier; `batch_id` is the course that one tap leads to."""

    rank: int
    label: str
    state: RungState
    sentence: Text
    notes: tuple[Text, ...] = ()
    batch_id: int | None = None
    old_of: str | None = None  # the tier of which an old certificate can be reported


def ladder(
    facts: Sequence[RungFacts], held: Iterable[Held], *, today: date, hindrance: Text | None = None
) -> list[Rung]:
    """Return each tier with what is held, or what is missing and what would make it possible; `hindrance`
    stands against all.
    """
    by_rank, held = {each.rank: each for each in facts}, list(held)
    return [_rung(each, by_rank, held, today, hindrance) for each in facts]


def _rung(
    own: RungFacts,
    by_rank: Mapping[int, RungFacts],
    held: Sequence[Held],
    today: date,
    hindrance: Text | None,
) -> Rung:
    label = own.label.lower()
    if highest_rank(held, today) >= own.rank:
        sentence = (
            _("Sertifikat nomor %(number)s.", number=own.number)
            if own.number
            else _("Tercakup dalam sertifikat Anda yang lebih tinggi.")
        )
        return Rung(own.rank, own.label, RungState.HELD, sentence)
    revoked = (*((own.revoked,) if own.revoked else ()), *_attended(own))
    if own.enrolled:
        sentence = _(
            "Anda terdaftar di %(course)s: %(status)s.",
            course=own.enrolled_in,
            status=str(own.enrolled).lower(),
        )
        return Rung(own.rank, own.label, RungState.RUNNING, sentence, revoked)
    if hindrance:
        return Rung(own.rank, own.label, RungState.MISSING, hindrance, revoked)
    if (
        own.below is not None
        and highest_rank(held, own.course.starts_on if own.course else today) < own.below
    ):
        return _missing(own, by_rank, held, today, revoked)
    if own.course:
        notes = (*revoked, *_refused(own.course))
        return Rung(
            own.rank, own.label, RungState.OPEN, _next(own.course), notes, batch_id=own.course.batch_id
        )
    sentence = _(
        "Anda memenuhi syarat. Belum ada diklat %(tier)s yang dibuka untuk wilayah Anda.", tier=label
    )
    ask = _("Diklat yang dibuka akan tampil di sini. Jadwalnya dapat ditanyakan kepada dinas sosial.")
    return Rung(own.rank, own.label, RungState.READY, sentence, (*revoked, ask))


def _attended(own: RungFacts) -> tuple[Text, ...]:
    """Say of a certificate that gives no tier what it is."""
    if own.attended is None:
        return ()
    text = _(
        "Sertifikat Anda nomor %(number)s menerangkan telah mengikuti diklat %(tier)s, belum lulus:"
        " jenjangnya belum Anda pegang.",
        number=own.attended,
        tier=own.label.lower(),
    )
    return (text,)


def _refused(course: NextCourse) -> tuple[Text, ...]:
    """Say that this course has refused the person before, and what can be done."""
    if course.refused is None:
        return ()
    return (
        _("Pendaftaran Anda pada angkatan ini pernah ditolak: %(reason)s.", reason=course.refused or "–"),
        _("Daftarlah lagi bila keadaannya sudah lain; bila ragu, tanyakan dahulu kepada narahubungnya."),
    )


def _missing(
    own: RungFacts,
    by_rank: Mapping[int, RungFacts],
    held: Sequence[Held],
    today: date,
    revoked: tuple[Text, ...],
) -> Rung:
    """Return a rung whose tier below is not held: never, not any more, or not long enough for the next
    course.
    """
    below = by_rank[own.below or 0]
    label = below.label.lower()
    if own.course and highest_rank(held, today) >= below.rank:
        sentence = _(
            "Sertifikat %(below)s Anda tidak lagi berlaku pada hari pertama diklat berikutnya, %(day)s.",
            below=label,
            day=long_date(own.course.starts_on),
        )
        ask = _("Tanyakan kepada dinas sosial bagaimana memperbaruinya.")
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (*revoked, ask))
    sentence = _("Belum ada sertifikat %(below)s yang tercatat atas nama Anda.", below=label)
    if below.attended:
        sentence = _(
            "Sertifikat %(below)s Anda menerangkan telah mengikuti, belum lulus; untuk jenjang ini Anda perlu"
            " lulus diklat %(below)s.",
            below=label,
        )
    if below.revoked:
        sentence = _(
            "Sertifikat %(below)s Anda tidak berlaku lagi, sehingga jenjang ini belum dapat diikuti.",
            below=label,
        )
    old = None if below.attended else label
    if below.enrolled:
        after = _("Dapat diikuti setelah Anda lulus diklat %(below)s.", below=label)
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (*revoked, after))
    if below.below is not None and highest_rank(held, today) < below.below:
        first = by_rank[below.below].label.lower()
        order = _(
            "Urutannya: %(first)s, lalu %(below)s, lalu %(own)s.",
            first=first,
            below=label,
            own=own.label.lower(),
        )
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (*revoked, order))
    if below.course is None:
        none = _("Belum ada diklat %(below)s yang dibuka untuk wilayah Anda.", below=label)
        return Rung(own.rank, own.label, RungState.MISSING, sentence, (*revoked, none), old_of=old)
    helping = _("Yang membantu: %(course)s", course=str(_next(below.course)))
    return Rung(
        own.rank, own.label, RungState.MISSING, sentence, (*revoked, helping), below.course.batch_id, old
    )


def _next(course: NextCourse) -> Text:
    return _(
        "%(title)s, mulai %(day)s, di %(place)s.",
        title=course.title,
        day=long_date(course.starts_on),
        place=course.place,
    )
