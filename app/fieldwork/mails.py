"""The words of the mails between committee and host."""

from collections.abc import Sequence
from datetime import date

from app.core.dates import day_date, roman
from app.core.text import Text, _
from app.courses.ports import Change
from app.enrollments.mails import describe_difference, facts_of
from app.fieldwork.models import Host, HostVisit
from app.fieldwork.rules import VisitStatus
from app.fieldwork.wording import describe_seat_change
from app.notifications.mails import Link, Mail


def requested(
    visit: HostVisit, name: str, *, sender: str, base_url: str, instead_of: Sequence[date] = ()
) -> Mail:
    """Ask the contact of the host for an answer; `instead_of`: the days of earlier requests that this one
    replaces.
    """
    earlier: tuple[Text, ...] = ()
    if instead_of:
        days = ", ".join(day_date(day) for day in instead_of)
        earlier = (
            _(
                "Permohonan ini mengikuti usulan Bapak/Ibu dan menggantikan permohonan untuk %(days)s.",
                days=days,
            ),
        )
    return Mail(
        subject=_("Permohonan lokasi PKL: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _(
                "Kami memohon izin praktik kerja lapangan (PKL) bagi peserta diklat di %(host)s.",
                host=visit.host.name,
            ),
            *earlier,
            _(
                "Mohon jawaban Bapak/Ibu: menerima, menerima sebagian, mengusulkan tanggal lain, atau belum"
                " dapat menerima."
            ),
        ),
        facts=(*_facts(visit), *visit.notes),
        button=_answer_button(visit, base_url),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def more_requested(visit: HostVisit, name: str, *, sender: str, base_url: str, before: int) -> Mail:
    """Ask the contact for more places on the same day; `before`: how many were asked for or
    given until now.
    """
    kept = _(
        "Tempat yang sudah Bapak/Ibu berikan tetap berlaku: %(number)s orang.", number=visit.granted_places
    )
    return Mail(
        subject=_("Permohonan tambahan tempat PKL: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _(
                "Peserta diklat bertambah, sehingga kami memohon tambahan tempat PKL di %(host)s.",
                host=visit.host.name,
            ),
            *((kept,) if visit.granted_places else ()),
            _(
                "Mohon jawaban Bapak/Ibu untuk jumlah yang baru: menerima, atau menerima sebagian dengan"
                " jumlahnya."
            ),
        ),
        facts=(*_facts(visit, people=describe_seat_change(before, visit.requested_places)), *visit.notes),
        button=_answer_button(visit, base_url),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def answered(
    visit: HostVisit,
    name: str,
    *,
    sender: str,
    base_url: str,
    before: tuple[VisitStatus, int] | None = None,
    lost: Sequence[str] = (),
    written_by: str | None = None,
) -> Mail:
    """Tell whoever asked (and the panitia) what the host answered; `before`: the answer that this one
    changes; `written_by`: the officer who wrote it down for the host.
    """
    opening = _("%(host)s sudah menjawab permohonan PKL.", host=visit.host.name)
    if written_by:
        opening = _("%(name)s mencatat jawaban atas nama %(host)s.", name=written_by, host=visit.host.name)
    elif before:
        opening = _("%(host)s mengubah jawabannya atas permohonan PKL.", host=visit.host.name)
    return Mail(
        subject=_("Jawaban %(host)s: %(answer)s", host=visit.host.name, answer=visit.status.label),
        name=name,
        opening=(opening,),
        facts=(*_answer(visit, before), (_("Harus dibagi lagi"), _people(lost)), *_facts(visit)),
        button=Link(_("Buka pembagian PKL"), f"{base_url}/batches/{visit.batch_id}/placements"),
        sender=sender,
        why=_(
            "Anda menerima surat ini karena mengirim permohonan tersebut atau menjadi panitia angkatan ini."
        ),
    )


def written_down(
    visit: HostVisit, name: str, *, sender: str, base_url: str, before: tuple[VisitStatus, int] | None = None
) -> Mail:
    """Tell the contact which answer the panitia wrote down for the host."""
    return Mail(
        subject=_("Jawaban atas nama %(host)s: %(answer)s", host=visit.host.name, answer=visit.status.label),
        name=name,
        opening=(
            _("Panitia mencatat jawaban atas nama %(host)s.", host=visit.host.name),
            _("Bila tidak sesuai, Bapak/Ibu dapat mengubahnya sebelum hari kunjungan."),
        ),
        facts=(*_answer(visit, before), *_facts(visit)),
        button=_answer_button(visit, base_url),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def cancelled(
    visit: HostVisit, name: str, *, sender: str, base_url: str, reason: str = "", places: int | None = None
) -> Mail:
    """Tell the contact that nobody comes; `places`: how many were given or asked until now."""
    return Mail(
        subject=_("Kunjungan PKL dibatalkan: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _(
                "Panitia membatalkan kunjungan PKL ke %(host)s. Tidak ada yang perlu disiapkan.",
                host=visit.host.name,
            ),
        ),
        facts=(
            (_("Alasan"), reason),
            *_facts(visit, people=None if places is None else describe_seat_change(places, 0)),
        ),
        closing=(_("Terima kasih atas kesediaan Bapak/Ibu."),),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def guest_left(visit: HostVisit, name: str, *, sender: str, base_url: str, guest: str, placed: int) -> Mail:
    """Tell the contact that one of those who were placed does not come, and how many come now."""
    return Mail(
        subject=_("Peserta PKL berkurang: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(_("Peserta yang datang ke %(host)s berkurang.", host=visit.host.name),),
        facts=(
            (_("Yang tidak jadi datang"), " ".join(guest.split())),
            *_facts(
                visit,
                people=_(
                    "sekarang %(placed)s orang, dari %(places)s tempat",
                    placed=placed,
                    places=visit.granted_places,
                ),
            ),
        ),
        closing=(_("Bila tempatnya diisi peserta lain, jumlahnya tampil pada halaman Kunjungan PKL."),),
        button=Link(_("Buka Kunjungan PKL"), f"{base_url}/me/visits"),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def moved(visit: HostVisit, name: str, *, sender: str, base_url: str, before: date, places: int) -> Mail:
    """Tell the contact that the dates of the batch moved, and ask for an answer for the new day."""
    day = _("semula %(before)s, menjadi %(after)s", before=day_date(before), after=day_date(visit.visits_on))
    return Mail(
        subject=_("Tanggal kunjungan PKL berubah: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _(
                "Tanggal diklat berubah, sehingga kunjungan PKL ke %(host)s ikut berubah.",
                host=visit.host.name,
            ),
            _(
                "Mohon jawaban Bapak/Ibu untuk tanggal yang baru; jawaban untuk tanggal semula tidak berlaku"
                " lagi."
            ),
        ),
        facts=(
            *_facts(visit, day=day, people=describe_seat_change(places, visit.requested_places)),
            (_("Catatan panitia"), visit.note),
        ),
        button=_answer_button(visit, base_url),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def contact_ended(host: Host, name: str, *, sender: str) -> Mail:
    """Tell somebody who answered for a host that this is over, and who does it now."""
    now = host.contact_user.name if host.contact_user else None
    after = (
        _("Permohonan dan kunjungan sekarang dijawab oleh %(name)s.", name=now)
        if now
        else _("Penggantinya belum ditunjuk.")
    )
    return Mail(
        subject=_("Anda bukan lagi narahubung %(host)s", host=host.name),
        name=name,
        opening=(
            _("Bapak/Ibu tidak lagi tercatat sebagai narahubung %(host)s.", host=host.name),
            after,
            _(
                "Tautan pada surat permohonan yang lama tidak terbuka lagi bagi Bapak/Ibu. Terima kasih atas"
                " kesediaannya."
            ),
        ),
        sender=sender,
        why=_(
            "Anda menerima surat ini karena sebelumnya tercatat sebagai narahubung %(host)s.", host=host.name
        ),
    )


def plan_changed(
    visit: HostVisit, name: str, *, sender: str, base_url: str, changes: Sequence[Change], reason: str
) -> Mail:
    """Tell the contact what was changed of the diklat or of its session of field practice, and why where
    somebody said so.
    """
    return Mail(
        subject=_("Ada perubahan: %(course)s", course=visit.batch.course.title),
        name=name,
        opening=(
            _("Ada perubahan pada diklat yang pesertanya Bapak/Ibu terima."),
            _(
                "Jawaban atas permohonan PKL tetap; bila tidak cocok lagi, Bapak/Ibu dapat mengubahnya"
                " sebelum hari kunjungan."
            ),
        ),
        facts=(
            *((what, describe_difference(before, now)) for what, before, now in changes),
            (_("Alasan"), reason),
            *_facts(visit),
        ),
        button=_answer_button(visit, base_url),
        contact=visit.batch.contact,
        sender=sender,
        why=_host(visit),
    )


def place_given(visit: HostVisit, name: str, *, sender: str, base_url: str) -> Mail:
    """Tell a participant whose place was called off where the field practice is now."""
    return _to_participant(
        visit,
        name,
        _("Tempat PKL Anda: %(course)s", course=visit.batch.course.title),
        _("Praktik kerja lapangan (PKL) Bapak/Ibu di %(host)s pada %(day)s.", **_where(visit)),
        _("Kabar sebelumnya bahwa tempatnya dibatalkan tidak berlaku lagi."),
        facts=facts_of(visit.batch),
        sender=sender,
        base_url=base_url,
    )


def place_lost(visit: HostVisit, name: str, reason: str, *, sender: str, base_url: str) -> Mail:
    """Tell a participant that the place of field practice is called off, and why."""
    return _to_participant(
        visit,
        name,
        _("Tempat PKL Anda dibatalkan: %(course)s", course=visit.batch.course.title),
        _("Praktik kerja lapangan (PKL) Bapak/Ibu di %(host)s pada %(day)s dibatalkan.", **_where(visit)),
        _(
            "Diklatnya sendiri tidak dibatalkan. Tempat yang baru tampil pada “Pendaftaran saya” begitu"
            " panitia menetapkannya."
        ),
        facts=((_("Alasan"), reason), *facts_of(visit.batch)),
        sender=sender,
        base_url=base_url,
    )


def _to_participant(
    visit: HostVisit,
    name: str,
    subject: Text,
    *opening: Text,
    facts: tuple[tuple[Text, object], ...],
    sender: str,
    base_url: str,
) -> Mail:
    return Mail(
        subject=subject,
        name=name,
        opening=opening,
        facts=facts,
        button=Link(_("Buka Pendaftaran saya"), f"{base_url}/me/enrollments"),
        contact=visit.batch.contact,
        sender=sender,
        why=_("Anda menerima surat ini karena mengikuti diklat tersebut."),
    )


def _where(visit: HostVisit) -> dict[str, object]:
    return {"host": visit.host.name, "day": day_date(visit.visits_on)}


def _answer(visit: HostVisit, before: tuple[VisitStatus, int] | None) -> tuple[tuple[Text, object], ...]:
    answer: Text = visit.status.label
    granted = _(
        "%(granted)d dari %(requested)d orang", granted=visit.granted_places, requested=visit.requested_places
    )
    places = granted if visit.granted_places else None
    if before and before[0] is not visit.status:
        answer = _("%(after)s (semula %(before)s)", after=visit.status.label, before=before[0].label)
    if before and (change := describe_seat_change(before[1], visit.granted_places)):
        places = change
    return (_("Jawaban"), answer), (_("Tempat yang diberikan"), places), *visit.notes


def _people(names: Sequence[str]) -> Text | None:
    return (
        _(
            "%(number)s orang: %(names)s",
            number=len(names),
            names=", ".join(" ".join(name.split()) for name in names),
        )
        if names
        else None
    )


def _answer_button(visit: HostVisit, base_url: str) -> Link:
    return Link(_("Jawab permohonan"), f"{base_url}/visits/{visit.id}/answer")


def _facts(
    visit: HostVisit, *, day: Text | None = None, people: Text | None = None
) -> tuple[tuple[Text, object], ...]:
    batch = visit.batch
    course = _(
        "%(course)s, Angkatan %(ordinal)s (%(code)s)",
        course=batch.course.title,
        ordinal=roman(batch.ordinal),
        code=batch.code,
    )
    return (
        (_("Diklat"), course),
        (_("Lokasi PKL"), visit.host.name),
        (_("Tanggal"), day or day_date(visit.visits_on)),
        (_("Jumlah peserta"), people or visit.requested_places),
    )


def _host(visit: HostVisit) -> Text:
    return _("Anda menerima surat ini sebagai narahubung %(host)s.", host=visit.host.name)
