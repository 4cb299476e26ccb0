"""The words of the mails between committee and host."""

from app.core.dates import day_date
from app.core.text import Text, _
from app.enrollments.mails import contact_of
from app.fieldwork.models import HostVisit
from app.notifications.mails import Link, Mail


def requested(visit: HostVisit, name: str, *, sender: str, base_url: str) -> Mail:
    """Ask the contact of the host for an answer."""
    return Mail(
        subject=_("Permohonan lokasi PKL: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _("Kami memohon izin praktik kerja lapangan (PKL) bagi peserta diklat di %(host)s.", host=visit.host.name),
            _("Mohon jawaban Bapak/Ibu: menerima, menerima sebagian, mengusulkan tanggal lain, atau belum dapat menerima."),
        ),
        facts=_facts(visit),
        button=Link(_("Jawab permohonan"), f"{base_url}/visits/{visit.id}/answer"),
        contact=contact_of(visit.batch),
        sender=sender,
        why=_host(visit),
    )


def answered(visit: HostVisit, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell whoever asked what the host answered."""
    granted = _("%(granted)d dari %(requested)d orang", granted=visit.granted_places, requested=visit.requested_places)
    return Mail(
        subject=_("Jawaban %(host)s: %(answer)s", host=visit.host.name, answer=visit.status.label),
        name=name,
        opening=(_("%(host)s sudah menjawab permohonan PKL.", host=visit.host.name),),
        facts=(
            (_("Jawaban"), visit.status.label),
            (_("Tempat yang diberikan"), granted if visit.granted_places else None),
            (_("Catatan"), visit.note),
            *_facts(visit),
        ),
        button=Link(_("Buka pembagian PKL"), f"{base_url}/batches/{visit.batch_id}/placements"),
        sender=sender,
        why=_("Anda menerima surat ini karena mengirim permohonan tersebut."),
    )


def cancelled(visit: HostVisit, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell the contact that nobody comes."""
    return Mail(
        subject=_("Kunjungan PKL dibatalkan: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(_("Panitia membatalkan kunjungan PKL ke %(host)s. Tidak ada yang perlu disiapkan.", host=visit.host.name),),
        facts=_facts(visit),
        closing=(_("Terima kasih atas kesediaan Bapak/Ibu."),),
        contact=contact_of(visit.batch),
        sender=sender,
        why=_host(visit),
    )


def _facts(visit: HostVisit) -> tuple[tuple[Text, object], ...]:
    batch = visit.batch
    return (
        (_("Diklat"), _("%(course)s, Angkatan %(ordinal)s (%(code)s)", course=batch.course.title, ordinal=batch.ordinal, code=batch.code)),
        (_("Lokasi PKL"), visit.host.name),
        (_("Tanggal"), day_date(visit.visits_on)),
        (_("Jumlah peserta"), visit.requested_places),
    )


def _host(visit: HostVisit) -> Text:
    return _("Anda menerima surat ini sebagai narahubung %(host)s.", host=visit.host.name)
