"""The words of the mails about an enrollment: what was decided, the facts of the batch, and where the answer
is given.
"""

from collections.abc import Iterable

from app.core import clock
from app.core.dates import clock_time, date_range, local_moment, long_date, roman
from app.core.text import Text, _
from app.courses.models import Batch
from app.courses.queries import begins_at
from app.enrollments.models import Enrollment
from app.enrollments.rules import SeatEnd
from app.enrollments.wording import ELSEWHERE, FURTHER, WITHOUT_NEXT
from app.notifications.mails import Link, Mail
from app.trainees.rules import TraineeStatus


def accepted(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Tell that a seat was given: when, where, what to bring, whom to call."""
    batch = enrollment.batch
    return _mail(
        enrollment,
        _("Anda diterima: %(course)s", course=batch.course.title),
        _("Bapak/Ibu diterima sebagai peserta."),
        _come(batch)
        or _(
            "Mohon menyatakan kesediaan hadir pada halaman Pendaftaran Anda, atau hubungi narahubung bila"
            " berhalangan."
        ),
        facts=facts_for_participants(batch),
        sender=sender,
        base_url=base_url,
    )


def _come(batch: Batch) -> Text | None:
    """Return what is asked of a participant from the first day on: to be there in time, at once, or nothing
    any more; None before it.
    """
    today = clock.today(batch.zone)
    if today < batch.starts_on:
        return None
    if today > batch.ends_on:
        return _(
            "Diklat ini sudah berakhir pada %(day)s. Bila catatan ini keliru, hubungi narahubung.",
            day=long_date(batch.ends_on),
        )
    begins = begins_at(batch)
    if begins is not None and clock.now() < begins:
        return _(
            "Diklat dimulai hari ini, %(day)s, pukul %(hour)s. Mohon hadir, atau hubungi narahubung bila"
            " berhalangan.",
            day=long_date(batch.starts_on),
            hour=clock_time(begins.time()),
        )
    if begins is None and today == batch.starts_on:
        return _(
            "Diklat dimulai hari ini, %(day)s. Mohon hadir, atau hubungi narahubung bila berhalangan.",
            day=long_date(today),
        )
    return _("Diklatnya sudah dimulai. Mohon segera hadir, atau hubungi narahubung bila berhalangan.")


def restored(
    enrollment: Enrollment,
    reason: str,
    stands_as: Text,
    was_mistake: bool,
    asks: bool,
    *,
    sender: str,
    base_url: str,
) -> Mail:
    """Tell that an enrollment which had ended is in force again: by mistake, or because things are otherwise
    now.
    """
    again = (
        _(
            "Mohon menyatakan kesediaan hadir pada halaman Pendaftaran Anda, atau hubungi narahubung bila"
            " berhalangan."
        ),
    )
    return _mail(
        enrollment,
        _("Pendaftaran Anda berlaku lagi: %(course)s", course=enrollment.batch.course.title),
        (
            _("Pendaftaran Bapak/Ibu keliru diakhiri dan sudah dikembalikan. Mohon maaf.")
            if was_mistake
            else _("Pendaftaran Bapak/Ibu, yang sudah berakhir, diberlakukan lagi.")
        ),
        _("Statusnya sekarang: %(status)s.", status=str(stands_as).lower()),
        *(again if asks else ()),
        facts=((_("Alasan"), reason), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


def invited(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Invite somebody who has a seat, and ask whether she will come."""
    batch = enrollment.batch
    return _mail(
        enrollment,
        _("Undangan: %(course)s", course=batch.course.title),
        _("Bapak/Ibu diundang mengikuti %(course)s.", course=batch.course.title),
        _come(batch)
        or _(
            "Mohon menjawab pada halaman Pendaftaran Anda, atau kepada narahubung, apakah Bapak/Ibu bersedia"
            " hadir."
        ),
        facts=facts_for_participants(batch),
        sender=sender,
        base_url=base_url,
    )


def waitlisted(
    enrollment: Enrollment, position: int | None, is_full: bool, *, sender: str, base_url: str
) -> Mail:
    """Tell the place among the cadangan, and that all seats are given only where they are."""
    batch = enrollment.batch
    place = (_("Bapak/Ibu cadangan ke-%(position)d.", position=position),) if position else ()
    return _mail(
        enrollment,
        _("Anda menjadi cadangan: %(course)s", course=batch.course.title),
        (
            _("Semua tempat (%(quota)d) sudah terisi.", quota=batch.quota)
            if is_full
            else _("Bapak/Ibu dicatat sebagai cadangan.")
        ),
        *place,
        _("Bila ada tempat untuk Bapak/Ibu, kami menawarkannya."),
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
    """Write what has to be corrected before the enrollment can be looked at again."""
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
        (
            _(
                "Mohon dijawab paling lambat %(moment)s pada halaman Pendaftaran Anda: Bersedia hadir atau"
                " Tidak bisa hadir.",
                moment=local_moment(enrollment.offer_ends_at, enrollment.batch.zone),
            )
            if enrollment.offer_ends_at
            else _(
                "Mohon dijawab dalam 24 jam sesudah kabar ini, pada halaman Pendaftaran Anda atau kepada yang"
                " menyampaikannya."
            )
        ),
        sender=sender,
        base_url=base_url,
    )


def reminded(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Ask once more whether somebody will come: the first day is near and nothing was answered."""
    batch = enrollment.batch
    return _mail(
        enrollment,
        _("Mohon dijawab: %(course)s", course=batch.course.title),
        _(
            "Diklat Bapak/Ibu dimulai pada %(day)s, dan kami belum menerima jawaban apakah Bapak/Ibu bersedia"
            " hadir.",
            day=long_date(batch.starts_on),
        ),
        _("Mohon menjawab pada halaman Pendaftaran Anda, atau hubungi narahubung bila berhalangan."),
        facts=(*facts_of(batch), (_("Yang perlu dibawa"), batch.to_bring)),
        sender=sender,
        base_url=base_url,
    )


def lapsed(enrollment: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Tell that the offered seat is kept no longer."""
    return _mail(
        enrollment,
        _("Tawaran tempat sudah lewat waktu: %(course)s", course=enrollment.batch.course.title),
        _("Kami belum menerima jawaban sampai batas waktunya, sehingga tempatnya tidak kami simpan lagi."),
        _("Selama pendaftaran masih dibuka, Bapak/Ibu dapat mendaftar lagi, atau menghubungi narahubung."),
        sender=sender,
        base_url=base_url,
    )


def released(enrollment: Enrollment, why: Text | str, *, sender: str, base_url: str) -> Mail:
    """Tell that a seat that was offered goes to the next one, and that the place among the cadangan stays."""
    return _mail(
        enrollment,
        _("Tawaran tempat ditarik: %(course)s", course=enrollment.batch.course.title),
        _("Tempat yang kami tawarkan diberikan kepada cadangan berikutnya."),
        _(
            "Bapak/Ibu tetap tercatat sebagai cadangan. Bila keadaannya berubah, tempat dapat ditawarkan"
            " lagi."
        ),
        facts=((_("Sebabnya"), why), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


def withdrawn(enrollment: Enrollment, reason: str, *, sender: str, base_url: str) -> Mail:
    """Tell that the office ended the enrollment, and why."""
    return _mail(
        enrollment,
        _("Keikutsertaan dibatalkan: %(course)s", course=enrollment.batch.course.title),
        _("Keikutsertaan Bapak/Ibu dicatat batal. Bila ini keliru, hubungi narahubung."),
        facts=((_("Alasan"), reason), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


ENDINGS: dict[SeatEnd, Text] = {
    SeatEnd.CANCELLED: _("Angkatan ini dibatalkan, sehingga pendaftaran Bapak/Ibu berakhir."),
    SeatEnd.OVER: _("Angkatan ini sudah berakhir dan Bapak/Ibu tidak sempat mendapat tempat."),
    SeatEnd.FAILED: _("Menurut rapat kelulusan, Bapak/Ibu belum lulus."),
    SeatEnd.DEFERRED: _(
        "Menurut rapat kelulusan, hasil Bapak/Ibu ditunda. Panitia memberi tahu rapat susulannya."
    ),
    SeatEnd.ATTENDED: _("Menurut rapat kelulusan, Bapak/Ibu tercatat telah mengikuti diklat."),
    SeatEnd.REVOKED: _("Sertifikat Bapak/Ibu dari diklat ini dicabut."),
    SeatEnd.MERGED: _(
        "Data Bapak/Ibu tercatat dua kali dan sudah disatukan; pendaftaran ini tidak diteruskan."
    ),
    SeatEnd.ABSENT: _("Bapak/Ibu tercatat tidak pernah hadir, sehingga tempatnya dilepas."),
    SeatEnd.NOT_SERVING: _(
        "Menurut catatan kami Bapak/Ibu tidak lagi bertugas, sehingga pendaftaran berakhir."
    ),
}


def ended(enrollment: Enrollment, next_batch: Batch | None, *, sender: str, base_url: str) -> Mail:
    """Tell what ended the enrollment, why, and where to ask next."""
    assert enrollment.ended_as is not None
    leads_on = enrollment.ended_as not in WITHOUT_NEXT
    return _mail(
        enrollment,
        _("%(end)s: %(course)s", end=enrollment.ended_as.label, course=enrollment.batch.course.title),
        ENDINGS[enrollment.ended_as],
        *((ELSEWHERE,) if leads_on else ()),
        facts=(
            (_("Alasan"), enrollment.ended_reason),
            *facts_of(enrollment.batch),
            *_further(next_batch if leads_on else None),
        ),
        sender=sender,
        base_url=base_url,
    )


def _further(batch: Batch | None) -> tuple[tuple[Text, object], ...]:
    return ((FURTHER, when_and_where(batch)),) if batch is not None else ()


def when_and_where(batch: Batch) -> Text:
    """Return days and place of a batch that can be asked next."""
    return _("%(days)s, %(venue)s", days=date_range(batch.starts_on, batch.ends_on), venue=batch.venue)


def joined(enrollment: Enrollment, ended: Enrollment, stands_as: Text, *, sender: str, base_url: str) -> Mail:
    """Tell that two records of one person are one now, and which enrollment goes on."""
    if enrollment.batch_id == ended.batch_id:
        goes_on = _(
            "Pendaftaran Bapak/Ibu pada angkatan ini tetap berlaku: %(stands)s.",
            stands=str(stands_as).lower(),
        )
    else:
        goes_on = _(
            "Pendaftaran pada angkatan %(other)s tidak diteruskan. "
            "Pendaftaran Bapak/Ibu pada angkatan ini tetap berlaku: %(stands)s.",
            other=ended.batch.code,
            stands=str(stands_as).lower(),
        )
    subject = _("Data Bapak/Ibu disatukan: %(course)s", course=enrollment.batch.course.title)
    opening = _("Data Bapak/Ibu tercatat dua kali dan sudah disatukan.")
    return _mail(enrollment, subject, opening, goes_on, sender=sender, base_url=base_url)


def joined_with_past(enrollment: Enrollment, kept: Enrollment, *, sender: str, base_url: str) -> Mail:
    """Tell that two records of one person are one now, and that this enrollment ended because she took part
    in another diklat before.
    """
    return _mail(
        enrollment,
        _("Data Bapak/Ibu disatukan: %(course)s", course=enrollment.batch.course.title),
        _("Data Bapak/Ibu tercatat dua kali dan sudah disatukan."),
        _(
            "Pendaftaran pada angkatan ini tidak diteruskan, karena Bapak/Ibu tercatat sudah mengikuti"
            " %(course)s pada %(days)s. Bila itu keliru, hubungi narahubung.",
            course=kept.batch.course.title,
            days=date_range(kept.batch.starts_on, kept.batch.ends_on),
        ),
        sender=sender,
        base_url=base_url,
    )


def parted(enrollment: Enrollment, stands_as: Text, why: str = "", *, sender: str, base_url: str) -> Mail:
    """Tell that the record stands for itself again, and how its enrollment stands now."""
    return _mail(
        enrollment,
        _("Penggabungan data dibatalkan: %(course)s", course=enrollment.batch.course.title),
        _(
            "Data Bapak/Ibu pernah digabungkan dengan data lain. Penggabungan itu dibatalkan: kedua data"
            " berdiri sendiri lagi."
        ),
        _("Pendaftaran Bapak/Ibu pada angkatan ini berlaku: %(stands)s.", stands=str(stands_as).lower()),
        facts=(*(((_("Alasan"), why),) if why else ()), *facts_of(enrollment.batch)),
        sender=sender,
        base_url=base_url,
    )


def of_another(batch: Batch, name: str, *, sender: str) -> Mail:
    """Tell somebody whose record was joined with another one by mistake that news of a batch was about the
    other person.
    """
    return Mail(
        subject=_("Penggabungan data dibatalkan: %(course)s", course=batch.course.title),
        name=name,
        opening=(
            _(
                "Data Bapak/Ibu pernah keliru digabungkan dengan data orang lain, dan penggabungan itu sudah"
                " dibatalkan. Mohon maaf."
            ),
            _(
                "Kabar tentang diklat ini yang Bapak/Ibu terima selama itu adalah milik orang lain dan tidak"
                " berlaku bagi Bapak/Ibu."
            ),
        ),
        facts=facts_of(batch),
        contact=batch.contact,
        sender=sender,
        why=_(
            "Anda menerima surat ini karena pernah menerima kabar tentang angkatan %(code)s.", code=batch.code
        ),
    )


def resumed(
    enrollment: Enrollment,
    status: TraineeStatus,
    stands_as: Text,
    without_seat: bool,
    *,
    sender: str,
    base_url: str,
) -> Mail:
    """Tell that a standing was recorded by mistake, and that the enrollment is in force again: with the seat,
    or in front of who waits.
    """
    queued = _(
        "Tempat Bapak/Ibu sementara itu sudah diberikan atau ditawarkan. Bila ada tempat, Bapak/Ibu"
        " didahulukan."
    )
    return _mail(
        enrollment,
        _("Pendaftaran Anda berlaku lagi: %(course)s", course=enrollment.batch.course.title),
        _(
            "Status %(status)s pada data Bapak/Ibu keliru dicatat dan sudah dibetulkan. Mohon maaf.",
            status=str(status.label),
        ),
        _("Pendaftaran Bapak/Ibu pada angkatan ini berlaku lagi: %(stands)s.", stands=str(stands_as).lower()),
        *((queued,) if without_seat else ()),
        sender=sender,
        base_url=base_url,
    )


def goes_on(enrollment: Enrollment, stands_as: Text, *, sender: str, base_url: str) -> Mail:
    """Tell that the batch is not over after all, and that the enrollment is in force again."""
    batch = enrollment.batch
    return _mail(
        enrollment,
        _("Pendaftaran Anda berlaku lagi: %(course)s", course=batch.course.title),
        _(
            "Waktu angkatan ini berubah menjadi %(days)s, sehingga pendaftaran Bapak/Ibu berlaku lagi.",
            days=date_range(batch.starts_on, batch.ends_on),
        ),
        _("Statusnya sekarang: %(status)s.", status=str(stands_as).lower()),
        sender=sender,
        base_url=base_url,
    )


def not_resumed(
    enrollment: Enrollment,
    status: TraineeStatus,
    why: Text,
    next_batch: Batch | None,
    *,
    sender: str,
    base_url: str,
) -> Mail:
    """Tell that a standing was recorded by mistake, and that the enrollment cannot go on."""
    return _mail(
        enrollment,
        _("Status Anda dibetulkan: %(course)s", course=enrollment.batch.course.title),
        _(
            "Status %(status)s pada data Bapak/Ibu keliru dicatat dan sudah dibetulkan. Mohon maaf.",
            status=str(status.label),
        ),
        _("Pendaftaran pada angkatan ini tidak dapat diteruskan. Untuk keterangan, hubungi narahubung."),
        facts=((_("Sebabnya"), why), *facts_of(enrollment.batch), *_further(next_batch)),
        sender=sender,
        base_url=base_url,
    )


def changed(
    enrollment: Enrollment,
    changes: list[tuple[Text, str, str]],
    reasons: Iterable[str],
    asked_again: bool,
    *,
    sender: str,
    base_url: str,
) -> Mail:
    """Tell what was changed of the batch, and why where somebody said so: each thing as it was, and as it is
    now; who had agreed to other days is asked again.
    """
    batch = enrollment.batch
    again = (
        (_come(batch) or _("Mohon dijawab lagi apakah Bapak/Ibu bersedia hadir pada tanggal yang baru."),)
        if asked_again
        else ()
    )
    return _mail(
        enrollment,
        _("Ada perubahan: %(course)s", course=enrollment.batch.course.title),
        _("Ada perubahan pada diklat yang Bapak/Ibu ikuti atau daftari."),
        *again,
        facts=(
            *((what, describe_difference(before, now)) for what, before, now in changes),
            *((_("Alasan"), reason) for reason in reasons),
            *facts_of(enrollment.batch),
        ),
        sender=sender,
        base_url=base_url,
    )


def describe_difference(before: str, now: str) -> Text | str:
    """Say something as it was and as it is; what is new stands alone."""
    return _("semula %(before)s, menjadi %(now)s", before=before, now=now or "–") if before else now


def changed_again(enrollment: Enrollment, is_asked: bool, *, sender: str, base_url: str) -> Mail:
    """Tell what holds now of a batch that was changed more than once before anybody told it."""
    batch = enrollment.batch
    again = (
        (_come(batch) or _("Mohon dijawab apakah Bapak/Ibu bersedia hadir pada tanggal ini."),)
        if is_asked
        else ()
    )
    return _mail(
        enrollment,
        _("Ada perubahan: %(course)s", course=batch.course.title),
        _("Ada perubahan pada diklat yang Bapak/Ibu ikuti atau daftari. Yang berlaku sekarang:"),
        *again,
        facts=facts_for_participants(batch),
        sender=sender,
        base_url=base_url,
    )


def facts_for_participants(batch: Batch) -> tuple[tuple[Text, object], ...]:
    """Return the same for whoever has a seat: also what is given, and what to bring."""
    return (
        *facts_of(batch),
        (_("Yang Anda terima"), batch.provided),
        (_("Yang perlu dibawa"), batch.to_bring),
    )


def facts_of(batch: Batch) -> tuple[tuple[Text, object], ...]:
    """Return what a participant must know of a batch: what, when, where."""
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
        (_("Waktu"), date_range(batch.starts_on, batch.ends_on)),
        (_("Tempat"), batch.venue),
    )


def _mail(
    enrollment: Enrollment,
    subject: Text,
    *opening: Text,
    sender: str,
    base_url: str,
    facts: tuple[tuple[Text, object], ...] | None = None,
) -> Mail:
    batch = enrollment.batch
    return Mail(
        subject=subject,
        name=enrollment.name,
        opening=opening,
        facts=facts_of(batch) if facts is None else facts,
        button=Link(_("Buka Pendaftaran Anda"), f"{base_url}/me/enrollments"),
        contact=batch.contact,
        sender=sender,
        why=_("Anda menerima surat ini karena mendaftar pada angkatan %(code)s.", code=batch.code),
    )
