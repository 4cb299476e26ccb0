"""What is said of visits and places: changes, losses, what is open."""

from collections.abc import Sequence
from datetime import date

from app.core.dates import day_date
from app.core.text import Text, _
from app.fieldwork.rules import VisitStatus


def describe_notes(
    status: VisitStatus, note: str, answer_note: str, answer_note_by: str, remark: str
) -> list[tuple[Text, str]]:
    """Return what was written about a visit, each with who said it: the committee, whoever answered, and what
    became of it.
    """
    by = f" ({answer_note_by})" if answer_note_by else ""
    became = _("Alasan pembatalan") if status is VisitStatus.CANCELLED else _("Keterangan")
    parts = [(_("Catatan panitia"), note), (_("Catatan jawaban%(by)s", by=by), answer_note), (became, remark)]
    return [(who, words) for who, words in parts if words]


def describe_seat_change(before: int, after: int) -> Text | None:
    """Say how the places of a visit changed; None when they did not."""
    if before == after:
        return None
    return _("semula %(before)s tempat, menjadi %(after)s", before=before, after=after)


def describe_loss(placed: int, names: Sequence[str], *, with_names: bool) -> Text:
    """Say in numbers what an answer with fewer places does to the people who are placed."""
    whom = ": " + ", ".join(names) if with_names else ""
    if len(names) == placed:
        return _(
            "%(placed)s orang sudah ditempatkan; semuanya kehilangan tempat dan harus dibagi lagi%(whom)s.",
            placed=placed,
            whom=whom,
        )
    return _(
        "%(placed)s orang sudah ditempatkan; %(lost)s di antaranya kehilangan tempat dan harus dibagi"
        " lagi%(whom)s.",
        placed=placed,
        lost=len(names),
        whom=whom,
    )


def describe_unsettled(without: Sequence[str], asked: Sequence[tuple[str, date, VisitStatus]]) -> list[Text]:
    """Say who has no place of field practice, and which requests stand open: (host, day, state)."""
    parts = []
    if without:
        words = _(
            "%(number)s orang tidak tercatat di lokasi PKL yang menerima; pada sertifikatnya tidak tertulis"
            " lokasi PKL: %(names)s.",
            number=len(without),
            names=", ".join(without),
        )
        parts.append(words)
    for host, day, status in asked:
        parts.append(
            _(
                "Permohonan ke %(host)s untuk %(day)s: %(status)s.",
                host=host,
                day=day_date(day),
                status=str(status.label).lower(),
            )
        )
    return parts


def describe_coming(placed: int, granted: int) -> Text:
    """Say how many people come to a visit that was accepted, of how many places."""
    if not placed:
        return _("%(granted)s tempat, peserta belum dibagi", granted=granted)
    if placed == granted:
        return _("%(placed)s orang ditempatkan", placed=placed)
    return _("%(placed)s orang ditempatkan (%(granted)s tempat)", placed=placed, granted=granted)
