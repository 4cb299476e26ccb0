"""What a person reads of the own enrollment: where it stands, what it asks of her, what ended it and what she
can do next.

Plain values in, sentences out; the first page and "Pendaftaran saya" say the same.
"""

from dataclasses import dataclass
from datetime import date

from app.core.choices import Choice
from app.core.dates import long_date
from app.core.text import Text, _
from app.courses.acts import BatchState
from app.enrollments.rules import OFFER_LASTS, EnrollmentStatus, SeatEnd

S = EnrollmentStatus
ENDINGS: dict[SeatEnd, Text] = {
    SeatEnd.CANCELLED: _("Angkatan ini dibatalkan, sehingga pendaftaran Anda berakhir."),
    SeatEnd.OVER: _("Angkatan ini sudah berakhir dan Anda belum mendapat tempat."),
    SeatEnd.FAILED: _("Menurut rapat kelulusan, Anda belum lulus."),
    SeatEnd.DEFERRED: _(
        "Menurut rapat kelulusan, hasil Anda ditunda. Panitia memberi tahu rapat susulannya."
    ),
    SeatEnd.ATTENDED: _(
        "Menurut rapat kelulusan, Anda telah mengikuti diklat ini, tetapi belum lulus. Sertifikat Anda"
        " menerangkan telah mengikuti; untuk memegang jenjangnya, ikuti lagi diklat jenjang ini."
    ),
    SeatEnd.REVOKED: _("Sertifikat Anda dari diklat ini dicabut."),
    SeatEnd.MERGED: _("Data Anda tercatat dua kali dan sudah disatukan; pendaftaran ini tidak diteruskan."),
    SeatEnd.ABSENT: _("Anda tercatat tidak pernah hadir, sehingga tempatnya dilepas."),
    SeatEnd.NOT_SERVING: _("Menurut catatan kami Anda tidak lagi bertugas, sehingga pendaftaran berakhir."),
}
SERVED_AGAIN = _("Menurut catatan kami waktu itu Anda tidak bertugas, sehingga pendaftaran berakhir.")
ENDED_SENTENCES: dict[EnrollmentStatus, Text] = {
    S.REJECTED: _("Pendaftaran Anda belum dapat diterima."),
    S.LAPSED: _(
        "Tawaran tempat tidak dijawab sampai batas waktunya, sehingga tempatnya tidak disimpan lagi untuk"
        " Anda."
    ),
    S.WITHDRAWN: _("Keikutsertaan Anda dibatalkan."),
}
ELSEWHERE = _("Bapak/Ibu dapat mendaftar pada angkatan lain.")
ELSEWHERE_AGAIN = _("Bapak/Ibu dapat mendaftar lagi pada angkatan lain.")
ELSEWHERE_TOO = _("Bapak/Ibu juga dapat mendaftar pada angkatan lain.")
FURTHER = _("Diklat berikutnya yang dibuka")  # the name of the fact
WITHOUT_NEXT = frozenset({SeatEnd.DEFERRED, SeatEnd.ATTENDED, SeatEnd.MERGED, SeatEnd.NOT_SERVING})


class Ask(Choice):
    """What is asked of the person now; the label stands on the button."""

    ANSWER_OFFER = "answer_offer", _("Jawab tawaran")
    ANSWER_CALL = "answer_call", _("Jawab undangan")
    COMPLETE = "complete", _("Lengkapi dan kirim kembali")


@dataclass(frozen=True)
class OwnFacts:
    """One enrollment as its person reads it, in plain values."""

    status: EnrollmentStatus
    state: BatchState  # of its batch
    starts_on: date
    ends_on: date
    today: date
    ended_as: SeatEnd | None = None
    is_lapsed: bool = False  # an offer that was not answered in time, whether or not it was written down
    takes_applications: bool = False
    offer_ends: str = ""
    note: str = ""  # what was written with the decision
    ended_reason: str = ""
    contact: str = ""
    is_forgotten: bool = False  # long over, and nothing of it was recorded
    serves_again: bool = (
        False  # it ended because she served no longer, and she does: that was a mistake, or is over
    )
    days: str = ""  # of the batch, in words
    agreed_to: str = ""  # the days to which she had agreed before the batch moved: her answer counts no more
    hindrance: Text | None = None  # why the seat could not be taken today any more: its office decides
    held_by: str | None = (
        None  # the certificate by which the tier is held meanwhile, where the result was put off
    )

    @property
    def is_over(self) -> bool:
        return self.ended_as is not None or self.is_lapsed or self.status in ENDED_SENTENCES


@dataclass(frozen=True)
class Story:
    """What is said of one enrollment: a sentence, the reason, what is asked, whether another batch is the way
    on.
    """

    sentence: Text
    reason: str = ""
    ask: Ask | None = None
    is_over: bool = False
    leads_on: bool = False  # another batch of the tier is worth naming
    may_ask_again: bool = False  # in this very batch
    is_settled: bool = False  # nothing is waited for any more
    is_awaited: bool = False  # it is over, and a further meeting decides
    is_up_to_her: bool = False  # nothing is asked with a button, but the sentence tells her what to do
    may_cancel: bool = False  # and that is to cancel


def story_of(facts: OwnFacts) -> Story:
    """Return what a person reads of the own enrollment today."""
    if facts.is_over:
        return _ending(facts)
    if facts.hindrance is not None:
        sentence = _(
            "Keikutsertaan Anda sedang diputuskan panitia. %(why)s Hubungi narahubung: %(contact)s.",
            why=str(facts.hindrance),
            contact=facts.contact or "–",
        )
        return Story(sentence, is_up_to_her=True)
    return _waiting(facts) if facts.status in _WAITING else _seated(facts)


def _ending(facts: OwnFacts) -> Story:
    if facts.held_by is not None:
        return Story(
            _(
                "Hasil Anda pada diklat ini ditunda. Jenjangnya sudah Anda miliki dengan sertifikat nomor"
                " %(number)s, jadi tidak ada rapat susulan lagi.",
                number=facts.held_by,
            ),
            is_over=True,
            is_settled=True,
        )
    lapsed = facts.is_lapsed or facts.status is S.LAPSED
    if facts.serves_again:
        sentence, reason = SERVED_AGAIN, facts.ended_reason
    elif facts.ended_as is not None:
        sentence, reason = ENDINGS[facts.ended_as], facts.ended_reason
    else:
        sentence, reason = ENDED_SENTENCES[S.LAPSED if lapsed else facts.status], "" if lapsed else facts.note
    return Story(
        sentence,
        reason,
        is_over=True,
        is_awaited=facts.ended_as is SeatEnd.DEFERRED,
        leads_on=facts.serves_again or facts.ended_as not in WITHOUT_NEXT,
        may_ask_again=facts.takes_applications
        and (facts.serves_again or (facts.ended_as is None and facts.status is not S.REJECTED)),
    )


_WAITING = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED, S.VERIFIED, S.WAITLISTED, S.OFFERED})


def _waiting(facts: OwnFacts) -> Story:
    if facts.status is S.OFFERED:
        return Story(_offered(facts), ask=Ask.ANSWER_OFFER)
    if facts.status is S.RETURNED:
        if facts.takes_applications or (
            facts.state in {BatchState.OPEN, BatchState.CLOSED} and facts.today < facts.starts_on
        ):
            return Story(_("Pendaftaran Anda dikembalikan untuk dilengkapi."), facts.note, ask=Ask.COMPLETE)
        return Story(
            _(
                "Pendaftaran Anda dikembalikan, sementara diklatnya sudah dimulai. Hubungi narahubung:"
                " %(contact)s.",
                contact=facts.contact or "–",
            ),
            facts.note,
            is_up_to_her=True,
        )
    return Story(
        {
            S.DRAFT: _("Pendaftaran Anda belum dikirim."),
            S.SUBMITTED: _("Pendaftaran Anda sudah kami terima dan sedang diperiksa."),
            S.VERIFIED: _("Data Anda sudah diperiksa. Tempat diputuskan oleh panitia."),
            S.WAITLISTED: _("Anda tercatat sebagai cadangan."),
        }[facts.status]
    )


def _offered(facts: OwnFacts) -> Text:
    """Say until when the offered seat is kept; from the first day on, when she cannot decline alone any more,
    whom to call.
    """
    hours = int(OFFER_LASTS.total_seconds()) // 3600
    text = _(
        "Ada tempat untuk Anda. Mohon segera dijawab; tempatnya disimpan %(hours)d jam sejak Anda dikabari.",
        hours=hours,
    )
    if facts.offer_ends:
        text = _("Ada tempat untuk Anda. Mohon dijawab paling lambat %(moment)s.", moment=facts.offer_ends)
    if facts.today < facts.starts_on:
        return text
    return _(
        "%(said)s Bila tidak bisa hadir, hubungi narahubung: %(contact)s.",
        said=str(text),
        contact=facts.contact or "–",
    )


def _seated(facts: OwnFacts) -> Story:
    """Whoever has a seat: asked until the day before the first one, then nothing is asked any more."""
    if facts.state is BatchState.PROPOSED:
        return Story(_("Diklat sudah selesai. Hasilnya sedang diputuskan."))
    if facts.state in {BatchState.APPROVED, BatchState.CERTIFIED}:
        return Story(
            _("Rapat kelulusan sudah memutuskan hasilnya. Sertifikat diterbitkan oleh penyelenggara.")
        )
    if facts.is_forgotten:
        return Story(
            _(
                "Diklat ini sudah lewat, %(day)s, dan kehadirannya belum dicatat. Bila Anda tidak"
                " mengikutinya, batalkan pendaftaran ini agar dapat ikut angkatan lain; bila ikut, hubungi"
                " narahubung: %(contact)s.",
                day=long_date(facts.ends_on),
                contact=facts.contact or "–",
            ),
            is_up_to_her=True,
            may_cancel=True,
        )
    if facts.state in {BatchState.OVER, BatchState.FINISHED} or facts.today > facts.ends_on:
        return Story(_("Diklat sudah berakhir. Hasilnya menunggu rapat kelulusan."))
    if facts.today > facts.starts_on:
        return Story(_("Diklat Anda sedang berlangsung."))
    if facts.status is S.CONFIRMED:
        return Story(
            _(
                "Anda menyatakan hadir. Mohon hadir pada hari pertama, %(day)s.",
                day=long_date(facts.starts_on),
            )
        )
    if facts.today == facts.starts_on:
        return Story(
            _(
                "Diklat Anda dimulai hari ini. Bila berhalangan, hubungi narahubung: %(contact)s.",
                contact=facts.contact or "–",
            )
        )
    if facts.agreed_to and facts.agreed_to != facts.days:
        sentence = _(
            "Tanggalnya berubah dari %(before)s menjadi %(now)s. Jawaban Anda yang lalu tidak berlaku lagi; "
            "mohon dijawab lagi: apakah Anda bersedia hadir?",
            before=facts.agreed_to,
            now=facts.days,
        )
        return Story(sentence, ask=Ask.ANSWER_CALL)
    return Story(_("Anda diterima sebagai peserta. Apakah Anda bersedia hadir?"), ask=Ask.ANSWER_CALL)


def speaks_of_further_meeting(text: str) -> bool:
    """Say whether a text to be told says something about other batches."""
    return any(_is_elsewhere(line) or _is_further(line) for line in text.split("\n"))


def with_further(text: str, may_ask: bool, when: Text | str | None) -> str:
    """Return a text to be told with what it says about other batches as it is now: that others can be asked,
    where she may, and the days and place of the next one, where there is one.
    """
    parts = [
        f"{FURTHER}: {when}" if _is_further(line) else line
        for line in text.split("\n")
        if may_ask or not _is_elsewhere(line)
    ]
    return "\n".join(line for line in parts if (may_ask and when) or not _is_further(line))


def _is_elsewhere(line: str) -> bool:
    return line in {str(ELSEWHERE), str(ELSEWHERE_AGAIN), str(ELSEWHERE_TOO)}


def _is_further(line: str) -> bool:
    return line.startswith(f"{FURTHER}: ")
