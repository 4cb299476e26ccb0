"""The words of the mails about an enrollment: what was decided, the facts of the batch, and where the answer is given."""

from app.core.dates import date_range
from app.core.text import Text, _
from app.courses.models import Batch
from app.enrollments.models import Enrollment
from app.notifications.mails import Link, Mail


def accepted(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Tell that a seat was given: when, where, what to bring, whom to call."""
    batch = enrollment.batch
    return _mail(
        enrollment,
        _("Anda diterima: %(course)s", course=batch.course.title),
        _("Bapak/Ibu diterima sebagai peserta."),
        _("Mohon menyatakan kesediaan hadir pada halaman Pendaftaran Anda, atau hubungi narahubung bila berhalangan."),
        facts=(*facts_of(batch), (_("Yang Anda terima"), batch.provided), (_("Yang perlu dibawa"), batch.to_bring)),
        sender=sender,
        base_url=base_url,
    )


def waitlisted(enrollment: Enrollment, position: int | None, *, sender: str, base_url: str) -> Mail:
    """Tell the place among the cadangan."""
    batch = enrollment.batch
    place = (_("Bapak/Ibu cadangan ke-%(position)d.", position=position),) if position else ()
    return _mail(
        enrollment,
        _("Anda menjadi cadangan: %(course)s", course=batch.course.title),
        _("Semua tempat (%(quota)d) sudah terisi.", quota=batch.quota),
        *place,
        _("Bila ada yang batal, kami menawarkan tempatnya kepada Bapak/Ibu."),
        sender=sender,
        base_url=base_url,
    )


def rejected(enrollment: Enrollment, reason: str, *, sender: str, base_url: str) -> Mail:
    """Tell that no seat is given, and why."""
    return _mail(
        enrollment,
        _("Pendaftaran belum dapat diterima: %(course)s", course=enrollment.batch.course.title),
        _("Terima kasih telah mendaftar. Pendaftaran Bapak/Ibu belum dapat diterima."),
        facts=((_("Alasan"), reason), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


def returned(enrollment: Enrollment, reason: str, *, sender: str, base_url: str) -> Mail:
    """Tell what has to be mended before the enrollment can be looked at again."""
    return _mail(
        enrollment,
        _("Pendaftaran perlu dilengkapi: %(course)s", course=enrollment.batch.course.title),
        _("Pendaftaran Bapak/Ibu perlu dilengkapi, lalu dikirim kembali."),
        facts=((_("Yang perlu dilengkapi"), reason), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


def offered(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Tell that a seat became free and is kept."""
    return _mail(
        enrollment,
        _("Ada tempat untuk Anda: %(course)s", course=enrollment.batch.course.title),
        _("Ada tempat yang kosong dan kami menyimpannya untuk Bapak/Ibu."),
        _("Mohon dijawab dalam 24 jam pada halaman Pendaftaran Anda: Bersedia hadir atau Tidak bisa hadir."),
        sender=sender,
        base_url=base_url,
    )


def facts_of(batch: Batch) -> tuple[tuple[Text, object], ...]:
    """Return what a participant must know of a batch: what, when, where."""
    return (
        (_("Diklat"), _("%(course)s, Angkatan %(ordinal)s (%(code)s)", course=batch.course.title, ordinal=batch.ordinal, code=batch.code)),
        (_("Waktu"), date_range(batch.starts_on, batch.ends_on)),
        (_("Tempat"), batch.venue),
    )


def contact_of(batch: Batch) -> str:
    """Return whom to ask about a batch; empty where nobody is named."""
    return ", ".join(part for part in (batch.contact_name, batch.contact_phone) if part)


def _mail(
    enrollment: Enrollment, subject: Text, *opening: Text, sender: str, base_url: str, facts: tuple[tuple[Text, object], ...] | None = None
) -> Mail:
    batch = enrollment.batch
    return Mail(
        subject=subject,
        name=enrollment.trainee.name,
        opening=opening,
        facts=facts_of(batch) if facts is None else facts,
        button=Link(_("Buka Pendaftaran Anda"), f"{base_url}/me/enrollments"),
        contact=contact_of(batch),
        sender=sender,
        why=_("Anda menerima surat ini karena mendaftar pada angkatan %(code)s.", code=batch.code),
    )
