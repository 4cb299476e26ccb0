"""The words of the mails about a graduation."""

from collections.abc import Sequence

from app.assessment.models import Graduation, GraduationResult
from app.assessment.rules import EARNING, ResultOutcome, describe_outcomes, meeting_name
from app.core.dates import long_date, roman
from app.core.text import Text, _, shortlist
from app.courses.models import Batch
from app.enrollments.mails import when_and_where
from app.enrollments.wording import ELSEWHERE_AGAIN, ELSEWHERE_TOO, FURTHER
from app.notifications.mails import Link, Mail


def proposed(graduation: Graduation, name: str, *, counts: str, sender: str, base_url: str) -> Mail:
    """Ask somebody who may approve, with the figures the meeting decided on."""
    batch = graduation.batch
    return Mail(
        subject=_("Menunggu persetujuan: kelulusan %(course)s", course=batch.course.title),
        name=name,
        opening=(
            _(
                "%(proposer)s mengusulkan kelulusan dan memohon persetujuan Bapak/Ibu.",
                proposer=graduation.proposed_label,
            ),
            _("Hasil rapat: %(counts)s.", counts=counts),
        ),
        facts=(*_facts(graduation), _meeting(graduation)),
        button=Link(_("Lihat dan setujui"), _address(graduation, base_url)),
        sender=sender,
        why=_("Anda menerima surat ini karena berwenang menyetujui kelulusan diklat."),
    )


def approved(
    graduation: Graduation, name: str, *, outcomes: Sequence[ResultOutcome], sender: str, base_url: str
) -> Mail:
    """Tell the proposer what was approved, and for how many certificates can be issued."""
    earning = sum(outcome in EARNING for outcome in outcomes)
    text = _(
        "Hasil rapat disetujui oleh %(approver)s: %(counts)s.",
        approver=graduation.approved_label,
        counts=describe_outcomes(outcomes),
    )
    return _decided(
        graduation,
        name,
        (text, *([_("Sertifikat dapat diterbitkan bagi %(n)d orang.", n=earning)] if earning else [])),
        _facts(graduation),
        sender=sender,
        base_url=base_url,
    )


def returned(graduation: Graduation, name: str, *, sender: str, base_url: str) -> Mail:
    """Write to the proposer what has to be corrected."""
    return _decided(
        graduation,
        name,
        (_("Usulan kelulusan dikembalikan untuk diperbaiki."),),
        ((_("Yang perlu diperbaiki"), graduation.return_reason), *_facts(graduation)),
        sender=sender,
        base_url=base_url,
    )


def overtaken(
    graduation: Graduation, name: str, *, changes: Sequence[Text], sender: str, base_url: str
) -> Mail:
    """Tell the proposer that figures changed and the proposal is to be made anew."""
    return Mail(
        subject=_("Perlu diusulkan ulang: kelulusan %(course)s", course=graduation.batch.course.title),
        name=name,
        opening=(
            _(
                "Data atau syarat berubah sejak kelulusan diusulkan, sehingga usulannya belum dapat"
                " disetujui."
            ),
            _("Periksa datanya, lalu usulkan ulang. Keputusan rapat yang sudah ditulis tetap terisi."),
        ),
        facts=((_("Yang berubah"), shortlist(changes, 5, " ")), *_facts(graduation)),
        button=Link(_("Usulkan ulang"), f"{base_url}/batches/{graduation.batch_id}/graduation/propose"),
        sender=sender,
        why=_("Anda menerima surat ini karena mengusulkan kelulusan tersebut."),
    )


def withdrawn(graduation: Graduation, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell somebody who was asked to approve that the proposal was taken back."""
    return Mail(
        subject=_("Usulan ditarik: kelulusan %(course)s", course=graduation.batch.course.title),
        name=name,
        opening=(
            _(
                "%(proposer)s menarik usulan kelulusan ini. Tidak ada yang perlu disetujui.",
                proposer=graduation.proposed_label,
            ),
        ),
        facts=((_("Alasan"), graduation.return_reason), *_facts(graduation)),
        button=Link(_("Buka hasil rapat"), _address(graduation, base_url)),
        sender=sender,
        why=_("Anda menerima surat ini karena berwenang menyetujui kelulusan diklat."),
    )


def taken_back(graduation: Graduation, name: str, *, by: str, sender: str, base_url: str) -> Mail:
    """Tell whoever has proposed or approved that the approval was taken back, and why."""
    return _decided(
        graduation,
        name,
        (
            _(
                "%(name)s menarik persetujuan atas hasil rapat ini. Data dan nilai dapat diperbaiki, lalu"
                " diusulkan lagi.",
                name=by,
            ),
            _("Peserta yang sudah dikabari hasilnya diberi tahu bahwa hasil itu ditarik."),
        ),
        ((_("Alasan"), graduation.return_reason), *_facts(graduation)),
        sender=sender,
        base_url=base_url,
    )


RESULTS: dict[ResultOutcome, tuple[Text, ...]] = {
    ResultOutcome.PASSED: (
        _("Selamat, Bapak/Ibu dinyatakan lulus."),
        _("Sertifikat diterbitkan oleh penyelenggara; Bapak/Ibu diberi tahu bila sudah terbit."),
    ),
    ResultOutcome.ATTENDED: (
        _("Bapak/Ibu dinyatakan telah mengikuti diklat ini, belum lulus."),
        _("Bapak/Ibu menerima sertifikat keikutsertaan."),
        ELSEWHERE_AGAIN,
    ),
    ResultOutcome.DEFERRED: (
        _("Kelulusan Bapak/Ibu ditunda."),
        _("Hasilnya dibahas lagi dalam rapat susulan. Tanyakan kepada narahubung apa yang perlu dilengkapi."),
        ELSEWHERE_TOO,
    ),
    ResultOutcome.FAILED: (
        _("Bapak/Ibu belum lulus."),
        ELSEWHERE_AGAIN,
    ),
}


def result(told: GraduationResult, next_batch: Batch | None, *, sender: str, base_url: str) -> Mail:
    """Tell a participant what the meeting decided about her, why, and what is next."""
    graduation = told.graduation
    batch = graduation.batch
    further = ((FURTHER, when_and_where(next_batch)),) if next_batch is not None else ()
    return Mail(
        subject=_("Hasil diklat: %(course)s", course=batch.course.title),
        name=told.attendee.name,
        opening=RESULTS[told.outcome],
        facts=(
            (_("Keputusan"), told.outcome.label),
            (_("Alasan"), told.said),
            *_facts(graduation),
            _meeting(graduation),
            *further,
        ),
        button=Link(_("Buka Pendaftaran Anda"), f"{base_url}/me/enrollments"),
        contact=batch.contact,
        sender=sender,
        why=_("Anda menerima surat ini karena mengikuti angkatan %(code)s.", code=batch.code),
    )


def result_taken_back(told: GraduationResult, *, sender: str, base_url: str) -> Mail:
    """Tell a participant that the result she was told does not hold, and what is next.

    Why is not said: it may be about somebody else.
    """
    batch = told.graduation.batch
    return Mail(
        subject=_("Hasil diklat ditarik kembali: %(course)s", course=batch.course.title),
        name=told.attendee.name,
        opening=(
            _(
                "Hasil yang dikabarkan kepada Bapak/Ibu (%(outcome)s) ditarik kembali dan dibahas lagi.",
                outcome=told.outcome.label,
            ),
            _("Bapak/Ibu diberi tahu lagi sesudah hasilnya diputuskan. Mohon maaf atas kekeliruan ini."),
        ),
        facts=_facts(told.graduation),
        button=Link(_("Buka Pendaftaran Anda"), f"{base_url}/me/enrollments"),
        contact=batch.contact,
        sender=sender,
        why=_("Anda menerima surat ini karena mengikuti angkatan %(code)s.", code=batch.code),
    )


def _decided(
    graduation: Graduation,
    name: str,
    opening: tuple[Text, ...],
    facts: tuple[tuple[Text, object], ...],
    *,
    sender: str,
    base_url: str,
) -> Mail:
    return Mail(
        subject=_(
            "Kelulusan %(course)s: %(status)s",
            course=graduation.batch.course.title,
            status=graduation.status.label,
        ),
        name=name,
        opening=opening,
        facts=facts,
        button=Link(_("Buka hasil rapat"), _address(graduation, base_url)),
        sender=sender,
        why=_("Anda menerima surat ini karena mengusulkan atau menyetujui kelulusan tersebut."),
    )


def _meeting(graduation: Graduation) -> tuple[Text, object]:
    return meeting_name(is_supplementary=graduation.is_supplementary), long_date(graduation.held_on)


def _facts(graduation: Graduation) -> tuple[tuple[Text, object], ...]:
    batch = graduation.batch
    return (
        (
            _("Diklat"),
            _(
                "%(course)s, Angkatan %(ordinal)s (%(code)s)",
                course=batch.course.title,
                ordinal=roman(batch.ordinal),
                code=batch.code,
            ),
        ),
    )


def _address(graduation: Graduation, base_url: str) -> str:
    return f"{base_url}/graduations/{graduation.id}"
