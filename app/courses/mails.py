"""The words of what those who teach are told: a session given, taken, changed or cancelled, each with the
difference.
"""

from app.core.dates import clock_time, day_date, roman
from app.core.text import Text, _
from app.courses.models import Batch, TrainingSession
from app.courses.ports import Change
from app.notifications.mails import Mail


def session_given(session: TrainingSession, name: str, *, sender: str, base_url: str) -> Mail:
    """Ask somebody to teach a session."""
    return _mail(
        session,
        name,
        _("Anda diminta mengajar: %(title)s", title=session.title),
        _("Bapak/Ibu dicatat sebagai pengajar sesi ini."),
        sender,
    )


def session_taken(
    session: TrainingSession, name: str, was: tuple[str, str], *, sender: str, base_url: str
) -> Mail:
    """Tell somebody that another one teaches the session; `was`: when and where it was to be, as this person
    knew it.
    """
    return _mail(
        session,
        name,
        _("Pengajar diganti: %(title)s", title=session.title),
        _("Sesi ini tidak lagi dicatat atas nama Bapak/Ibu. Terima kasih atas kesediaannya."),
        sender,
        was=was,
    )


def session_changed(
    session: TrainingSession, name: str, changes: list[Change], *, sender: str, base_url: str
) -> Mail:
    """Tell what was changed of a session: each thing as it was, and as it is now."""
    return _mail(
        session,
        name,
        _("Sesi berubah: %(title)s", title=session.title),
        _("Sesi yang Bapak/Ibu ajarkan berubah."),
        sender,
        tuple(
            (what, _("semula %(before)s, menjadi %(now)s", before=before or "–", now=now or "–"))
            for what, before, now in changes
        ),
    )


def session_cancelled(
    session: TrainingSession, name: str, was: tuple[str, str], reason: str, *, sender: str, base_url: str
) -> Mail:
    """Tell that a session is not held; `was`: when and where it was to be, as this person knew it."""
    return _mail(
        session,
        name,
        _("Sesi dibatalkan: %(title)s", title=session.title),
        _("Sesi yang Bapak/Ibu ajarkan dibatalkan."),
        sender,
        ((_("Alasan"), reason),),
        was=was,
    )


def when_of(session: TrainingSession) -> str:
    """Return 'Selasa, 24 Mei 2011, 09.00–10.30'."""
    return f"{day_date(session.held_on)}, {clock_time(session.starts_at)}–{clock_time(session.ends_at)}"


def course_of(batch: Batch) -> Text:
    """Return which diklat, which angkatan."""
    return _(
        "%(course)s, Angkatan %(ordinal)s (%(code)s)",
        course=batch.course.title,
        ordinal=roman(batch.ordinal),
        code=batch.code,
    )


def _mail(
    session: TrainingSession,
    name: str,
    subject: Text,
    opening: Text,
    sender: str,
    more: tuple[tuple[Text, object], ...] = (),
    was: tuple[str, str] | None = None,
) -> Mail:
    batch = session.batch
    when, place = was if was else (when_of(session), session.place)
    facts = (
        *more,
        (_("Sesi"), session.title),
        (_("Waktu"), when),
        (_("Tempat"), place or batch.venue),
        (_("Diklat"), course_of(batch)),
    )
    return Mail(
        subject=subject,
        name=name,
        opening=(opening,),
        facts=facts,
        contact=batch.contact,
        sender=sender,
        why=_("Anda menerima surat ini karena tercatat sebagai pengajar angkatan %(code)s.", code=batch.code),
    )
