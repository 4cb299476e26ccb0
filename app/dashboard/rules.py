"""The next thing of each person, chosen from what waits; plain values in, sentences out."""

from dataclasses import dataclass
from datetime import date

from app.core.text import Text, _
from app.enrollments.rules import EnrollmentStatus


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
