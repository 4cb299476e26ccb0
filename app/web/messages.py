"""The sentences of WTForms in Indonesian: the library brings none."""

from typing import Any

from app.core.text import _

SENTENCES = {
    "This field is required.": _("Bagian ini wajib diisi."),
    "Invalid input.": _("Isian ini tidak dapat dibaca."),
    "Invalid email address.": _("Alamat email ini tidak lengkap. Contoh: nama@contoh.id"),
    "Invalid URL.": _("Alamat ini tidak lengkap."),
    "Invalid Choice: could not coerce.": _("Pilihan ini tidak dikenal. Pilih dari daftar."),
    "Not a valid choice.": _("Pilihan ini tidak ada dalam daftar."),
    "Not a valid choice": _("Pilihan ini tidak ada dalam daftar."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _(
        "Salah satu pilihan tidak dikenal. Pilih dari daftar."
    ),
    "'%(value)s' is not a valid choice for this field.": _("'%(value)s' tidak ada dalam daftar."),
    "Not a valid datetime value.": _("Tanggal dan jam ini tidak dapat dibaca."),
    "Not a valid date value.": _("Tanggal ini tidak dapat dibaca. Contoh: 24-05-2011 atau 24 Mei 2011."),
    "Not a valid time value.": _("Jam ini tidak dapat dibaca. Contoh: 08.00"),
    "Not a valid integer value.": _("Isi dengan angka bulat. Contoh: 30 atau 1.500."),
    "Not a valid decimal value.": _("Isi dengan angka."),
    "Not a valid float value.": _("Isi dengan angka."),
    "Number must be at least %(min)s.": _("Angka paling kecil %(min)s."),
    "Number must be at most %(max)s.": _("Angka paling besar %(max)s."),
    "Number must be between %(min)s and %(max)s.": _("Isi dengan angka dari %(min)s sampai %(max)s."),
    "Date must be at least %(min)s.": _("Tanggal paling awal %(min)s."),
    "Date must be at most %(max)s.": _("Tanggal paling akhir %(max)s."),
    "Date must be between %(min)s and %(max)s.": _("Isi dengan tanggal dari %(min)s sampai %(max)s."),
    "Not a valid week value.": _("Minggu ini tidak dapat dibaca."),
    "Invalid IP address.": _("Alamat ini tidak lengkap."),
    "Invalid Mac address.": _("Alamat ini tidak lengkap."),
    "Invalid UUID.": _("Isian ini tidak dapat dibaca."),
    "Invalid value, must be one of: %(values)s.": _("Pilihan ini tidak dikenal. Pilih dari daftar."),
    "Invalid value, can't be any of: %(values)s.": _("Isian ini tidak dapat dipakai. Isi dengan yang lain."),
    "This field cannot be edited.": _("Isian ini tidak dapat diubah."),
    "This field is disabled and cannot have a value.": _("Isian ini tidak dapat diubah."),
    "File does not have an approved extension.": _("Jenis berkas ini tidak dapat dipakai."),
    "File does not have an approved extension: {extensions}": _(
        "Jenis berkas ini tidak dapat dipakai. Kirim berkas {extensions}."
    ),
    "Field must be equal to %(other_name)s.": _("Isian ini harus sama dengan isian sebelumnya."),
    "The CSRF token has expired.": _(
        "Halaman ini sudah terlalu lama terbuka. Isian Anda masih ada; tekan tombolnya sekali lagi."
    ),
    "The CSRF token is missing.": _(
        "Halaman ini sudah terlalu lama terbuka. Isian Anda masih ada; tekan tombolnya sekali lagi."
    ),
    "The CSRF tokens do not match.": _(
        "Halaman ini sudah terlalu lama terbuka. Isian Anda masih ada; tekan tombolnya sekali lagi."
    ),
}
COUNTED = {
    "Field must be at least %(min)d character long.": _("Isi paling sedikit %(min)d huruf atau angka."),
    "Field cannot be longer than %(max)d character.": _("Isi paling banyak %(max)d huruf atau angka."),
    "Field must be exactly %(max)d character long.": _("Isi tepat %(max)d huruf atau angka."),
    "Field must be between %(min)d and %(max)d characters long.": _(
        "Isi %(min)d sampai %(max)d huruf atau angka."
    ),
    "'%(value)s' is not a valid choice for this field.": _("'%(value)s' tidak ada dalam daftar."),
    "'%(value)s' are not valid choices for this field.": _("'%(value)s' tidak ada dalam daftar."),
    "Field must be at least %(min)d characters long.": _("Isi paling sedikit %(min)d huruf atau angka."),
    "Field cannot be longer than %(max)d characters.": _("Isi paling banyak %(max)d huruf atau angka."),
    "Field must be exactly %(max)d characters long.": _("Isi tepat %(max)d huruf atau angka."),
}


class _Translations:
    def gettext(self, sentence: str) -> str:
        return str(SENTENCES.get(sentence) or COUNTED.get(sentence) or sentence)

    def ngettext(self, singular: str, plural: str, _number: int) -> str:
        return str(COUNTED.get(singular) or COUNTED.get(plural) or plural)


_TRANSLATIONS = _Translations()


def translations() -> Any:
    """Return the catalogue that WTForms asks for a sentence."""
    return _TRANSLATIONS
