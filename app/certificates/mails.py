"""The words of the mails about a certificate, from its frozen copy; the one about its issue leads straight to
its page.
"""

from app.certificates.models import Certificate
from app.certificates.rules import CertificateKind, check_address
from app.core.dates import long_date
from app.core.text import Text, _
from app.enrollments.mails import facts_of
from app.enrollments.models import Enrollment
from app.notifications.mails import Link, Mail


def issued(certificate: Certificate, *, base_url: str) -> Mail:
    """Tell the holder where the certificate is kept, and say thank you."""
    return _mail(
        certificate,
        _("Sertifikat Anda sudah terbit: %(course)s", course=certificate.facts["course"]),
        (
            _("Selamat, Bapak/Ibu dinyatakan lulus. Sertifikat Bapak/Ibu sudah terbit.")
            if certificate.kind is CertificateKind.COMPLETION
            else _("Sertifikat Bapak/Ibu sudah terbit.")
        ),
        facts=((_("Nomor"), certificate.number), (_("Ditetapkan"), long_date(certificate.issued_on))),
        button=_page(certificate, base_url),
        links=(_check(certificate, base_url),),
        closing=(_("Terima kasih atas pengabdian Bapak/Ibu."),),
    )


def revoked(certificate: Certificate, *, base_url: str) -> Mail:
    """Tell the holder that the certificate no longer holds, since when and why."""
    return _mail(
        certificate,
        _("Sertifikat Anda dicabut: %(number)s", number=certificate.number),
        _(
            "Sertifikat Bapak/Ibu dicabut dan tidak berlaku lagi sejak %(day)s.",
            day=long_date(certificate.revoked_on),
        ),
        facts=((_("Nomor"), certificate.number), (_("Alasan"), certificate.revoked_reason)),
        links=(_check(certificate, base_url),),
        closing=(
            _("Bapak/Ibu dapat mendaftar lagi pada diklat jenjang ini."),
            _("Bila ada pertanyaan, hubungi %(organiser)s.", organiser=certificate.facts["organiser"]),
        ),
    )


def reinstated(certificate: Certificate, reason: str, *, base_url: str) -> Mail:
    """Tell the holder that the certificate was revoked by mistake and holds again."""
    return _mail(
        certificate,
        _("Sertifikat Anda berlaku: %(number)s", number=certificate.number),
        _(
            "Sertifikat Bapak/Ibu pernah keliru dicabut. Pencabutan itu sudah ditarik kembali: sertifikatnya"
            " berlaku, seperti tidak pernah dicabut. Mohon maaf."
        ),
        facts=((_("Nomor"), certificate.number), (_("Alasan"), reason)),
        button=_page(certificate, base_url),
        links=(_check(certificate, base_url),),
    )


def replaced(certificate: Certificate, old: Certificate, reason: str, *, base_url: str) -> Mail:
    """Tell the holder of the new certificate, why there is one, and that the old sheet no longer holds."""
    return _mail(
        certificate,
        _("Sertifikat Anda diganti: %(course)s", course=certificate.facts["course"]),
        _("Sertifikat Bapak/Ibu diganti dengan yang baru. Lembar yang lama tidak berlaku lagi."),
        facts=((_("Nomor lama"), old.number), (_("Nomor baru"), certificate.number), (_("Alasan"), reason)),
        button=_page(certificate, base_url),
        links=(_check(certificate, base_url),),
    )


def to_be_replaced(certificate: Certificate, old: Certificate | None = None, *, base_url: str) -> Mail:
    """Tell the holder of a certificate that was written while records were joined by mistake that it will be
    replaced, and that the one before it holds no longer.
    """
    return _mail(
        certificate,
        _("Sertifikat Anda akan diganti: %(course)s", course=certificate.facts["course"]),
        _(
            "Sertifikat atas nama Bapak/Ibu terbit ketika data Bapak/Ibu keliru digabungkan dengan data orang"
            " lain, sehingga yang tercetak bukan data Bapak/Ibu. Sertifikatnya akan diganti dan Bapak/Ibu"
            " akan dikabari. Mohon maaf."
        ),
        facts=(
            (_("Nomor"), certificate.number),
            *(((_("Nomor lama, tidak berlaku lagi"), old.number),) if old else ()),
        ),
        closing=(_("Bila ada pertanyaan, hubungi %(organiser)s.", organiser=certificate.facts["organiser"]),),
    )


def prerequisite_lost(
    enrollment: Enrollment, certificate: Certificate, name: str, *, sender: str, base_url: str
) -> Mail:
    """Ask an officer to decide about somebody of a batch whose certificate of the tier below was revoked."""
    batch, person = enrollment.batch, " ".join(enrollment.name.split())
    return Mail(
        subject=_("Perlu diputuskan: %(name)s, %(course)s", name=person, course=batch.course.title),
        name=name,
        opening=(
            _(
                "Sertifikat %(tier)s %(name)s dicabut, sehingga syarat diklat ini tidak terpenuhi lagi pada"
                " hari pertamanya.",
                tier=certificate.facts["tier_label"].lower(),
                name=person,
            ),
            _("Putuskan: tetap ikut dengan alasan, atau batalkan."),
        ),
        facts=(
            (_("Peserta"), person),
            (_("Sertifikat yang dicabut"), certificate.number),
            (_("Alasan"), certificate.revoked_reason),
            (_("Dicabut sejak"), long_date(certificate.revoked_on)),
            *facts_of(batch),
        ),
        button=Link(_("Buka pendaftarannya"), f"{base_url}/enrollments/{enrollment.id}"),
        sender=sender,
        why=_(
            "Anda menerima surat ini karena memutuskan pendaftaran pada angkatan %(code)s.", code=batch.code
        ),
    )


def _page(certificate: Certificate, base_url: str) -> Link:
    return Link(_("Lihat dan bagikan sertifikat"), f"{base_url}/me/certificates/{certificate.id}")


def _check(certificate: Certificate, base_url: str) -> Link:
    return Link(_("Siapa pun dapat memeriksanya di alamat ini"), check_address(base_url, certificate.code))


def _mail(
    certificate: Certificate,
    subject: Text,
    opening: Text,
    *,
    facts: tuple[tuple[Text, object], ...],
    button: Link | None = None,
    links: tuple[Link, ...] = (),
    closing: tuple[Text, ...] = (),
) -> Mail:
    copy = certificate.facts
    course = _(
        "%(course)s, Angkatan %(ordinal)s Tahun %(year)s",
        course=copy["course"],
        ordinal=copy["batch_ordinal"],
        year=copy["year"],
    )
    return Mail(
        subject=subject,
        name=certificate.trainee.called,
        opening=(opening,),
        facts=((_("Diklat"), course), *facts),
        button=button,
        links=links,
        closing=closing,
        sender=copy["organiser"],
        why=_("Anda menerima surat ini karena mengikuti diklat tersebut."),
    )
