"""The words of the mails to trainees about their own record.

No NIK, no address: a mail is read by others too.
"""

from app.core.text import _
from app.notifications.mails import Link, Mail


def nik_known(name: str, *, has_account: bool, base_url: str) -> Mail:
    """Tell the owner of a known NIK that somebody tried to register with it, and how the record is opened."""
    if has_account:
        how = (
            _("Anda sudah mempunyai akun. Masuk dengan NIK Anda."),
            _(
                "Bila lupa kata sandi atau kodenya, tunggu: dinas sosial memeriksa pendaftaran itu, lalu"
                " membantu Anda masuk lagi."
            ),
        )
    else:
        how = (
            _("Data Anda sudah tercatat di dinas sosial, tetapi belum mempunyai akun."),
            _(
                "Dinas sosial memeriksa pendaftaran itu, lalu membuka akun dengan kode yang dicatat saat"
                " mendaftar."
            ),
        )
    return Mail(
        subject=_("Pendaftaran dengan NIK Anda"),
        name=name,
        opening=(_("Baru saja ada yang mendaftar dengan NIK Anda."), *how),
        button=Link(_("Masuk"), f"{base_url}/sign-in") if has_account else None,
        closing=(
            _(
                "Bila bukan Anda yang mendaftar, beri tahu dinas sosial kabupaten/kota Anda. Belum ada data"
                " yang berubah."
            ),
        ),
        why=_("Anda menerima surat ini karena alamat email ini tercatat pada data Anda."),
    )
