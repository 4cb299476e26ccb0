"""The words of the mails about accounts.

A link for one use stands in the invitation and the reset, nowhere else.
"""

from app.core.text import Text, _
from app.notifications.mails import Link, Mail


def invitation(name: str, link: str, *, product: str, days: int) -> Mail:
    """Invite somebody to set a first password."""
    return Mail(
        subject=_("Undangan masuk ke %(product)s", product=product),
        name=name,
        opening=(
            _(
                "Anda diundang memakai %(product)s, tempat dinas sosial mengurus diklat dan sertifikat PSM.",
                product=product,
            ),
            _("Buka tautan berikut untuk menetapkan kata sandi."),
        ),
        button=Link(_("Tetapkan kata sandi"), link),
        closing=(
            _(
                "Tautan ini berlaku %(days)s hari dan hanya dapat dipakai satu kali. Jangan teruskan kepada"
                " orang lain.",
                days=days,
            ),
            _("Bila Anda tidak mengenal undangan ini, abaikan surat ini."),
        ),
        why=_("Anda menerima surat ini karena dinas sosial membukakan akun dengan alamat email Anda."),
    )


def reset(name: str, link: str, *, product: str, minutes: int) -> Mail:
    """Send the link by which a forgotten password is replaced."""
    return Mail(
        subject=_("Kata sandi baru untuk %(product)s", product=product),
        name=name,
        opening=(
            _(
                "Kami menerima permintaan kata sandi baru untuk akun %(product)s Anda. Buka tautan berikut"
                " untuk menetapkannya.",
                product=product,
            ),
        ),
        button=Link(_("Tetapkan kata sandi baru"), link),
        closing=(
            _(
                "Tautan ini berlaku %(minutes)s menit dan hanya dapat dipakai satu kali. Jangan teruskan"
                " kepada orang lain.",
                minutes=minutes,
            ),
            _("Bila Anda tidak memintanya, abaikan surat ini: kata sandi Anda tidak berubah."),
        ),
        why=_account(),
    )


def email_changed(name: str, *, product: str) -> Mail:
    """Tell the former address that the account has moved to another one."""
    return Mail(
        subject=_("Email akun %(product)s Anda diganti", product=product),
        name=name,
        opening=(
            _(
                "Email akun %(product)s Anda baru saja diganti. Sejak sekarang surat untuk akun itu tidak"
                " lagi dikirim ke alamat ini.",
                product=product,
            ),
        ),
        closing=(_("Bila bukan Anda yang menggantinya, segera hubungi dinas sosial yang mengundang Anda."),),
        why=_account(),
    )


def _account() -> Text:
    return _("Anda menerima surat ini karena ada akun dengan alamat email ini.")
