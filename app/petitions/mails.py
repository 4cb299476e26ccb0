"""The words of the mails about what somebody asked of the office.

No NIK, no address: a mail is read by others too.
"""

from app.core.text import _
from app.notifications.mails import Link, Mail
from app.petitions.rules import Answer, PetitionKind


def answered(
    name: str, kind: PetitionKind, answer: Answer, words: str, *, by: str, sender: str, base_url: str
) -> Mail:
    """Tell the person whom it is about how the office has answered."""
    values = {
        Answer.OPENED: _(
            "Akun Anda dibuka dengan kode yang Anda catat saat mendaftar. Masuk dengan NIK dan kode itu."
        ),
        Answer.CORRECTED: _(
            "Nama Anda diganti sesuai permintaan. Sertifikat yang memuat nama lama diganti oleh dinas."
        ),
    }
    return Mail(
        subject=_("Jawaban atas permintaan Anda: %(kind)s", kind=str(kind.label)),
        name=name,
        opening=(values.get(answer, _("%(who)s sudah menjawab permintaan Anda.", who=" ".join(by.split()))),),
        facts=((_("Jawaban"), words),),
        button=Link(_("Masuk"), f"{base_url}/sign-in"),
        closing=(_("Bila bukan Anda yang meminta, segera hubungi dinas sosial kabupaten/kota Anda."),),
        sender=sender,
        why=_("Anda menerima surat ini karena alamat email ini tercatat pada data Anda."),
    )
