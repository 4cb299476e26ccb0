"""The words of the mails about a graduation."""

from app.assessment.models import Graduation
from app.core.dates import long_date
from app.core.text import Text, _
from app.notifications.mails import Link, Mail


def proposed(graduation: Graduation, name: str, *, met: int, unmet: int, sender: str, base_url: str) -> Mail:
    """Ask somebody who may approve, with the figures the meeting decided on."""
    batch = graduation.batch
    return Mail(
        subject=_("Menunggu persetujuan: kelulusan %(course)s", course=batch.course.title),
        name=name,
        opening=(
            _("%(proposer)s mengusulkan kelulusan dan memohon persetujuan Bapak/Ibu.", proposer=graduation.proposed_label),
            _("%(met)d orang memenuhi semua syarat, %(unmet)d orang tidak.", met=met, unmet=unmet)
            if unmet
            else _("%(met)d orang memenuhi semua syarat.", met=met),
        ),
        facts=(*_facts(graduation), (_("Rapat kelulusan"), long_date(graduation.held_on))),
        button=Link(_("Lihat dan setujui"), _address(graduation, base_url)),
        sender=sender,
        why=_("Anda menerima surat ini karena berwenang menyetujui kelulusan diklat."),
    )


def approved(graduation: Graduation, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell the proposer that certificates can be issued."""
    return _decided(
        graduation,
        name,
        (_("Kelulusan disetujui oleh %(approver)s. Sertifikat dapat diterbitkan.", approver=graduation.approved_label),),
        _facts(graduation),
        sender=sender,
        base_url=base_url,
    )


def returned(graduation: Graduation, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell the proposer what is to be mended."""
    return _decided(
        graduation,
        name,
        (_("Usulan kelulusan dikembalikan untuk diperbaiki."),),
        ((_("Yang perlu diperbaiki"), graduation.return_reason), *_facts(graduation)),
        sender=sender,
        base_url=base_url,
    )


def _decided(
    graduation: Graduation, name: str, opening: tuple[Text, ...], facts: tuple[tuple[Text, object], ...], *, sender: str, base_url: str
) -> Mail:
    return Mail(
        subject=_("Kelulusan %(course)s: %(status)s", course=graduation.batch.course.title, status=graduation.status.label),
        name=name,
        opening=opening,
        facts=facts,
        button=Link(_("Buka hasil rapat"), _address(graduation, base_url)),
        sender=sender,
        why=_("Anda menerima surat ini karena mengusulkan kelulusan tersebut."),
    )


def _facts(graduation: Graduation) -> tuple[tuple[Text, object], ...]:
    batch = graduation.batch
    return (
        (_("Diklat"), _("%(course)s, Angkatan %(ordinal)s (%(code)s)", course=batch.course.title, ordinal=batch.ordinal, code=batch.code)),
    )


def _address(graduation: Graduation, base_url: str) -> str:
    return f"{base_url}/graduations/{graduation.id}"
