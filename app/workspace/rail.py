"""The steps of a batch in the order of its life, read from the same list of duties as everything else."""

from dataclasses import dataclass

from app.core.choices import Choice
from app.core.text import Text, _
from app.courses.acts import Act
from app.workspace.rules import CLOSED, DECIDED, PAGES, GraduationStatus, Progress, S, Stop, duties


class StepState(Choice):
    """Where a step of the rail stands."""

    DONE = "done", _("selesai")
    NOW = "now", _("sekarang")
    LATER = "todo", _("nanti")
    BLOCKED = "blocked", _("tertahan")


@dataclass(frozen=True)
class Step:
    """One stop on the rail."""

    label: Text
    state: StepState
    note: Text | None
    endpoint: str


def rail(p: Progress) -> list[Step]:
    """Return the steps of a batch in the order of life; the one of the first duty is now."""
    if p.state is S.CANCELLED:
        return [Step(_("Dibatalkan"), StepState.BLOCKED, None, PAGES[Stop.PLAN])]
    done, notes = _done(p), _notes(p)
    stops = [stop for stop in Stop if stop is not Stop.FIELDWORK or p.fieldwork_on]
    first = next((duty.stop for duty in duties(p) if not done[duty.stop]), None)
    now = first or next(
        (stop for stop in stops if not done[stop] and not (stop is Stop.FIELDWORK and _is_missed(p))), None
    )
    if _is_empty(p):  # nothing goes on any more, and nothing of it was held
        states = {stop: StepState.DONE if done[stop] else StepState.BLOCKED for stop in stops}
        return [Step(stop.label, states[stop], notes[stop], PAGES[stop]) for stop in stops]
    return [
        Step(
            stop.label,
            StepState.DONE if done[stop] else StepState.NOW if stop is now else StepState.LATER,
            notes[stop],
            PAGES[stop],
        )
        for stop in stops
    ]


def _is_empty(p: Progress) -> bool:
    """Say whether a batch has ended and nobody took part."""
    return p.state is S.OVER and not p.seated


def _done(p: Progress) -> dict[Stop, bool]:
    """Say which steps are over: done, or no longer possible since the result is approved."""
    is_decided, is_closed = p.state in DECIDED, p.state in CLOSED
    approved = is_decided and p.graduation is not GraduationStatus.PROPOSED
    return {
        Stop.PLAN: is_closed or (p.state is not S.DRAFT and p.is_scheduled),
        Stop.SEATS: (
            is_decided
            or (
                p.state not in (S.DRAFT, S.OPEN)
                and not (_is_empty(p) or p.awaiting or p.unfit or p.next_waiting)
            )
        ),
        Stop.FIELDWORK: not _is_missed(p) and not _is_empty(p) and (is_closed or _is_practised(p)),
        Stop.PRESENCE: is_decided or p.presence_complete,
        Stop.GRADUATION: approved and not p.deferred,
        Stop.CERTIFICATES: approved and not p.uncertified,
    }


def _is_missed(p: Progress) -> bool:
    """Say whether field practice is over, by its day or with the batch, and nobody was placed
    or seen there.
    """
    is_over = p.fieldwork_on is not None and (p.today > p.fieldwork_on or p.state in CLOSED)
    return is_over and bool(p.attending) and not p.placed and not p.was_practised


def _is_practised(p: Progress) -> bool:
    """Say whether there is no field practice, or it is over, or everybody has a place on its day."""
    is_done = (
        p.fieldwork_on is None or p.today > p.fieldwork_on or bool(p.attending and p.placed >= p.attending)
    )
    return is_done and (p.fieldwork_on is None or p.stray is None)


def _describe_placed(p: Progress) -> Text | None:
    if _is_missed(p):
        return (
            _("hari PKL lewat, tidak ada yang ditempatkan")
            if p.fieldwork_on and p.today > p.fieldwork_on
            else _("tidak ada yang ditempatkan")
        )
    if p.was_practised and not p.placed:
        return _("kehadiran tercatat tanpa penempatan")
    if p.placed < p.attending:
        return _("%(n)d dari %(all)d peserta belum ditempatkan", n=p.attending - p.placed, all=p.attending)
    return _("%(done)d dari %(all)d ditempatkan", done=p.placed, all=p.attending) if p.attending else None


def _describe_planned(p: Progress) -> Text:
    """Say how many JP are missing, or that all have their session."""
    if p.is_scheduled:
        return _("%(done)d dari %(all)d JP", done=p.scheduled_hours, all=p.planned_hours)
    return _(
        "%(n)d dari %(all)d JP belum dijadwalkan", n=p.planned_hours - p.scheduled_hours, all=p.planned_hours
    )


def _describe_seated(p: Progress) -> Text:
    """Say what the seats still wait for: people to be decided about, those who qualify no more, seats that
    are empty; else how many, or that nobody took part.
    """
    if _is_empty(p):
        return _("berakhir tanpa peserta")
    if p.awaiting and p.allows(Act.SORT):
        return _("%(n)d pendaftaran menunggu keputusan", n=p.awaiting)
    if p.unfit and p.state not in DECIDED:
        return _("%(n)d peserta tidak lagi memenuhi syarat", n=p.unfit)
    if p.seated < p.quota and p.state in (S.DRAFT, S.OPEN):
        return _("%(n)d dari %(all)d tempat masih kosong", n=p.quota - p.seated, all=p.quota)
    return _("%(done)d dari %(all)d tempat terisi", done=p.seated, all=p.quota)


def _notes(p: Progress) -> dict[Stop, Text | None]:
    return {
        Stop.PLAN: _describe_planned(p),
        Stop.SEATS: _describe_seated(p),
        Stop.FIELDWORK: _describe_placed(p),
        Stop.PRESENCE: None,
        Stop.GRADUATION: p.graduation.label if p.graduation else None,
        Stop.CERTIFICATES: _("%(done)d berlaku", done=p.certificates),
    }
