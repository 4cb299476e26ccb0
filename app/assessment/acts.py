"""When a meeting may be held, proposed, approved, returned, withdrawn, taken back; and what stands in the way
of each.
"""

from datetime import date

from app.assessment.rules import GraduationStatus, block_name
from app.core.dates import day_date
from app.core.text import Text, _, shortlist


def refusal_of_day(
    held_on: date, *, last_session: date | None, today: date, previous: date | None = None
) -> Text | None:
    """Say why the meeting cannot have been held on this day, or None.

    `previous`: the meeting that a supplementary one follows.
    """
    if last_session is None:
        return _("Jadwal belum berisi sesi; kelulusan belum dapat dibahas.")
    if previous is not None and held_on < previous:
        return _("Rapat susulan tidak dapat mendahului rapat sebelumnya, %(day)s.", day=day_date(previous))
    if held_on < last_session:
        return _("Rapat kelulusan tidak dapat mendahului hari terakhir jadwal.")
    return _("Tanggal rapat belum tiba.") if held_on > today else None


def refusal_before_the_end(session: str, begins: str) -> Text:
    """Say that a graduation cannot be proposed while a session is still to come, whatever was
    entered of it.
    """
    return _(
        "Sesi terakhir, %(session)s, baru dimulai %(begins)s. Kelulusan diusulkan sesudah itu.",
        session=session,
        begins=begins,
    )


def refusal_to_propose(
    *, planned: set[int], curriculum: int, missing_blocks: list[tuple[date, bool]]
) -> Text | None:
    """Say why the graduation cannot be proposed yet, or None.

    `planned` holds the JP scheduled for each person, `missing_blocks` (day, is morning) of every half day
    whose presence is not entered.
    """
    if not planned:
        return _("Belum ada peserta yang diterima; tidak ada yang dapat diluluskan.")
    if planned != {curriculum}:
        scheduled = " atau ".join(str(hours) for hours in sorted(planned))
        return _(
            "Jadwal memuat %(planned)s JP, kurikulum %(curriculum)s JP. Lengkapi jadwal dahulu.",
            planned=scheduled,
            curriculum=curriculum,
        )
    if missing_blocks:
        return _(
            "Kehadiran belum lengkap: %(blocks)s.",
            blocks="; ".join(block_name(*block) for block in missing_blocks),
        )
    return None


def nobody_deferred(closed: Text | str) -> Text:
    """Say, after why the batch is closed, whom a further meeting could be about."""
    return _(
        "%(closed)s Rapat susulan hanya membahas peserta yang ditunda, dan tidak ada yang ditunda.",
        closed=str(closed),
    )


def only_deferred(closed: Text | str, names: list[str]) -> Text:
    """Say, after why the batch is closed, whose marks can still be entered."""
    return _(
        "%(closed)s Yang masih dapat diisi hanya peserta yang ditunda: %(names)s.",
        closed=str(closed),
        names=", ".join(names),
    )


def refusal_of_second_seat(name: str, code: str) -> Text:
    """Say why somebody who was put off cannot pass any more: a seat of the same tier was given elsewhere
    meanwhile.
    """
    return _(
        "%(name)s sudah mendapat tempat di angkatan %(code)s. Batalkan tempat itu dahulu, atau tunda lagi.",
        name=name,
        code=code,
    )


def refusal_of_mark_day(*, starts_on: date, today: date) -> Text | None:
    """Say why no mark can be entered yet, or None: of whatever kind, from the first day on."""
    if today >= starts_on:
        return None
    return _("Nilai diisi mulai hari pertama diklat, %(day)s.", day=day_date(starts_on))


def refusal_to_approve(
    status: GraduationStatus, *, proposed_by: int, approved_by: int | None, people: int, decided: int
) -> Text | None:
    """Say why this person cannot approve, or None. Whoever proposed cannot approve, in whatever role."""
    if status is not GraduationStatus.PROPOSED:
        return _("Kelulusan ini sudah berstatus %(status)s.", status=status.label)
    if approved_by is None:
        return _("Kelulusan hanya dapat disetujui oleh seorang pejabat dengan akunnya sendiri.")
    if approved_by == proposed_by:
        return _("Kelulusan ini Anda usulkan sendiri; pejabat lain yang menyetujuinya.")
    if decided < people:
        return _("%(number)s peserta belum mempunyai hasil. Usulkan ulang.", number=people - decided)
    return None


def refusal_to_give_back(status: GraduationStatus) -> Text | None:
    """Say why a proposal cannot be given back any more, or None."""
    return (
        None
        if status is GraduationStatus.PROPOSED
        else _("Kelulusan ini sudah berstatus %(status)s.", status=status.label)
    )


def refusal_to_withdraw(*, proposed_by: int, by: int | None) -> Text | None:
    """Say why this person cannot take the proposal back, or None: it is one's own; anybody else's is given
    back by who approves.
    """
    if by == proposed_by:
        return None
    return _(
        "Usulan ini diajukan orang lain. Pengusulnya dapat menariknya, dan pejabat penyetuju dapat"
        " mengembalikannya."
    )


def refusal_to_take_back(
    status: GraduationStatus,
    *,
    proposed_by: int,
    by: int | None,
    later: tuple[date, bool] | None,
    certificate_numbers: list[str],
) -> Text | None:
    """Say why an approval cannot be taken back, or None.

    `later`: day of a further meeting and whether it is approved; `certificate_numbers`: of
    certificates that were issued by it.
    """
    if status is not GraduationStatus.APPROVED:
        return _(
            "Rapat ini berstatus %(status)s; tidak ada persetujuan yang dapat ditarik.", status=status.label
        )
    if certificate_numbers:
        numbers = shortlist(certificate_numbers, 3)
        return _(
            "Sertifikat sudah terbit dari rapat ini (%(numbers)s). Ganti atau cabut sertifikat yang keliru.",
            numbers=numbers,
        )
    if later:
        way = _("Tarik dahulu persetujuannya.") if later[1] else _("Kembalikan dahulu usulannya.")
        return _("Rapat susulan %(day)s melanjutkan rapat ini. %(way)s", day=day_date(later[0]), way=str(way))
    if by is None or by == proposed_by:
        return _("Persetujuan hanya dapat ditarik oleh pejabat penyetuju, bukan oleh pengusulnya.")
    return None
