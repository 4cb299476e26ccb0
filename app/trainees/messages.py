"""What people are told by mail. No NIK, no address: a mail is read by others too."""

from app.core.text import _
from app.notifications import services as notifications
from app.trainees.models import Trainee


def nik_known(trainee: Trainee, base_url: str) -> None:
    """Tell the owner of a known NIK that somebody tried to register with it, and how the record is opened."""
    if not trainee.email:
        return
    if trainee.user_id is None:
        how = _(
            "Data Anda sudah tercatat di dinas sosial, tetapi belum mempunyai akun. Hubungi dinas sosial kabupaten/kota Anda dan"
            " sebutkan email ini; petugas akan membukakan akun Anda."
        )
    else:
        how = _(
            "Anda sudah mempunyai akun. Masuk di %(url)s/sign-in dengan NIK, nomor HP, atau email. Bila lupa kata sandi, atur ulang"
            " di halaman itu.",
            url=base_url,
        )
    opening = _("Yth. %(name)s,\n\nbaru saja ada yang mendaftar dengan NIK Anda.", name=trainee.name)
    closing = _("Bila bukan Anda yang mendaftar, abaikan pesan ini. Tidak ada data yang berubah.")
    notifications.enqueue(trainee.email, _("Pendaftaran dengan NIK Anda"), f"{opening}\n\n{how}\n\n{closing}")
