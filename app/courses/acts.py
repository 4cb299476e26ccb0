"""What may still change: one table of acts by the state of a batch, asked by pages, API, commands and worker
alike.

The state is read from what stands on the batch and from the calendar at its venue, never from whether a
worker ran.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.core.choices import Choice
from app.core.dates import long_date
from app.core.text import Text, _
from app.courses.rules import BatchStatus, GraduationStage


class BatchState(Choice):
    """Where a batch is in its life."""

    DRAFT = "draft", _("Draf")
    OPEN = "open", _("Pendaftaran dibuka")
    CLOSED = "closed", _("Pendaftaran ditutup")
    RUNNING = "running", _("Berlangsung")
    OVER = "over", _("Sudah berakhir")
    FINISHED = "finished", _("Selesai, menunggu kelulusan")
    PROPOSED = "proposed", _("Kelulusan diusulkan")
    APPROVED = "approved", _("Kelulusan disetujui")
    CERTIFIED = "certified", _("Sertifikat terbit")
    CANCELLED = "cancelled", _("Dibatalkan")


class Act(Choice):
    """Everything that writes about a batch; the label says what is not possible when it is refused."""

    OPEN = "open", _("Pendaftaran tidak dapat dibuka.")
    CLOSE = "close", _("Pendaftaran tidak dapat ditutup.")
    START = "start", _("Angkatan tidak dapat dimulai.")
    FINISH = "finish", _("Angkatan tidak dapat dinyatakan selesai.")
    CANCEL = "cancel", _("Angkatan tidak dapat dibatalkan.")
    CHANGE_PLAN = "change_plan", _("Rencananya tidak dapat diubah.")
    CHANGE_SCHEDULE = "change_schedule", _("Jadwalnya tidak dapat diubah.")
    ENROLL = "enroll", _("Pendaftaran tidak dapat diterima.")
    SORT = "sort", _("Pendaftaran tidak dapat diperiksa lagi.")
    SEAT = "seat", _("Tempat tidak dapat diberikan.")
    CALL = "call", _("Undangan tidak dapat dikirim lagi.")
    ANSWER = "answer", _("Jawaban tidak dapat diberikan lagi.")
    WITHDRAW = "withdraw", _("Keikutsertaan tidak dapat dibatalkan.")
    NOTIFY = "notify", _("Catatan pemberitahuan tidak dapat diubah.")
    RECORD_ATTENDANCE = "record_attendance", _("Kehadiran tidak dapat diisi.")
    PLAN_VISIT = "plan_visit", _("Lokasi PKL tidak dapat diminta atau diubah.")
    ANSWER_VISIT = "answer_visit", _("Jawaban lokasi PKL tidak dapat diubah.")
    PLACE = "place", _("Pembagian PKL tidak dapat diubah.")
    RECORD_MARK = "record_mark", _("Nilai tidak dapat diisi.")
    PROPOSE = "propose", _("Kelulusan tidak dapat diusulkan.")
    DECIDE_GRADUATION = "decide_graduation", _("Tidak ada usulan kelulusan yang menunggu.")
    TAKE_BACK_APPROVAL = "take_back_approval", _("Tidak ada persetujuan kelulusan yang dapat ditarik.")
    ISSUE = "issue", _("Sertifikat belum dapat diterbitkan.")
    REVOKE = "revoke", _("Sertifikat tidak dapat dicabut.")
    REPLACE = "replace", _("Sertifikat tidak dapat diganti.")


S = BatchState
_PLANNED = frozenset({S.DRAFT, S.OPEN, S.CLOSED})
_LIVE = frozenset({S.OPEN, S.CLOSED, S.RUNNING, S.OVER})
_DECIDED = frozenset({S.APPROVED, S.CERTIFIED})

ALLOWED: dict[Act, frozenset[BatchState]] = {
    Act.OPEN: frozenset({S.DRAFT, S.CLOSED}),
    Act.CLOSE: frozenset({S.OPEN, S.RUNNING}),
    Act.START: frozenset({S.CLOSED, S.RUNNING}),
    Act.FINISH: frozenset({S.RUNNING, S.OVER, S.APPROVED, S.CERTIFIED}),
    Act.CANCEL: _PLANNED | {S.RUNNING, S.OVER},
    Act.CHANGE_PLAN: _PLANNED | {S.RUNNING, S.OVER},
    Act.CHANGE_SCHEDULE: _PLANNED | {S.RUNNING, S.OVER},
    Act.ENROLL: _LIVE,
    Act.SORT: _LIVE,
    Act.SEAT: _LIVE,
    Act.CALL: frozenset({S.OPEN, S.CLOSED}),
    Act.ANSWER: frozenset({S.OPEN, S.CLOSED, S.RUNNING}),
    Act.WITHDRAW: _LIVE,
    Act.NOTIFY: frozenset(S),
    Act.RECORD_ATTENDANCE: _LIVE | {S.FINISHED, S.PROPOSED},
    Act.PLAN_VISIT: _PLANNED | {S.RUNNING, S.OVER},
    Act.ANSWER_VISIT: _PLANNED | {S.RUNNING, S.OVER},
    Act.PLACE: _LIVE,
    Act.RECORD_MARK: _LIVE | {S.FINISHED, S.PROPOSED},
    Act.PROPOSE: frozenset({S.RUNNING, S.OVER, S.FINISHED, S.PROPOSED}),
    Act.DECIDE_GRADUATION: frozenset({S.PROPOSED}) | _DECIDED,
    Act.TAKE_BACK_APPROVAL: _DECIDED,
    Act.ISSUE: _DECIDED,
    Act.REVOKE: _DECIDED,
    Act.REPLACE: _DECIDED,
}
NEWS_FOR = timedelta(
    days=365
)  # after the last day; those of 2011 have had their certificate on paper for years
# After the approval these go on for people whom the meeting has put off, and for nobody else.
FOR_DEFERRED: frozenset[Act] = frozenset({Act.RECORD_ATTENDANCE, Act.RECORD_MARK, Act.PROPOSE})
# What is waited for, where that is the very thing that comes next: to take the proposal back would lead away
# from it.
WAITS_FOR: dict[tuple[Act, BatchState], Text] = {
    (Act.ISSUE, S.PROPOSED): _(
        "Kelulusan angkatan ini sedang diusulkan; usulannya disetujui pejabat penyetuju dahulu."
    ),
}
# A batch that was declared finished and has no presence at all was perhaps never held: it can still be called
# off.
FOR_UNHELD: dict[Act, BatchState] = {Act.CANCEL: S.FINISHED}
ALREADY: dict[Act, BatchState] = {
    Act.OPEN: S.OPEN,
    Act.CLOSE: S.CLOSED,
    Act.FINISH: S.FINISHED,
    Act.CANCEL: S.CANCELLED,
}


@dataclass(frozen=True)
class Standing:
    """What the state of a batch is read from, in plain values."""

    status: BatchStatus
    stage: GraduationStage
    starts_on: date
    ends_on: date
    today: date  # at the venue
    entered_on: date  # the day the batch was entered, at the venue
    approved_by: str | None = None

    @property
    def is_record(self) -> bool:
        """Say whether the batch was entered after its last day: a record of the past, which the calendar does
        not close.
        """
        return self.entered_on > self.ends_on

    @property
    def is_news(self) -> bool:
        """Say whether its results and certificates are news to its people: not what is entered long after the
        last day.
        """
        return self.entered_on <= self.ends_on + NEWS_FOR

    @property
    def is_over(self) -> bool:
        return self.today > self.ends_on


def state_of(standing: Standing) -> BatchState:
    """Return the state of a batch; what people decided comes first, then the calendar, then the stored
    status.
    """
    status, stage = standing.status, standing.stage
    if status in (BatchStatus.CANCELLED, BatchStatus.DRAFT):
        return S(status.value)  # type: ignore[call-arg]
    if stage is not GraduationStage.NONE:
        return S(stage.value)  # type: ignore[call-arg]
    if status is BatchStatus.FINISHED:
        return S.FINISHED
    if standing.is_record or standing.today < standing.starts_on:
        return S(status.value)  # type: ignore[call-arg]
    return S.OVER if standing.is_over else S.RUNNING


def state_to_read(standing: Standing) -> BatchState:
    """Return the state as people and programs read it: nobody applies to days that have passed, and they do
    not go on, though a record of the past still takes people by its stored status.
    """
    state = state_of(standing)
    return S.OVER if standing.is_over and state in {S.OPEN, S.CLOSED, S.RUNNING} else state


def describe_standing(standing: Standing) -> Text:
    """Return the sentence that says where a batch stands and, where it helps, what would open it again."""
    state = state_of(standing)
    return {
        S.DRAFT: _("Angkatan ini masih draf."),
        S.OPEN: _("Pendaftaran angkatan ini sedang dibuka."),
        S.CLOSED: _("Pendaftaran angkatan ini sudah ditutup."),
        S.RUNNING: _("Angkatan ini sedang berlangsung."),
        S.OVER: _("Angkatan ini sudah berakhir pada %(day)s.", day=long_date(standing.ends_on)),
        S.PROPOSED: _(
            "Kelulusan angkatan ini sedang diusulkan; minta pejabat penyetuju mengembalikan usulannya dahulu."
        ),
        S.APPROVED: _(
            "Kelulusan angkatan ini sudah disetujui oleh %(name)s.", name=standing.approved_by or "–"
        ),
        S.CERTIFIED: _("Sertifikat angkatan ini sudah terbit."),
        S.FINISHED: _("Angkatan ini sudah dinyatakan selesai."),
        S.CANCELLED: _("Angkatan ini sudah dibatalkan."),
    }[state]


def refusal_to_act(
    act: Act, standing: Standing, *, about_deferred: bool = False, never_held: bool = False
) -> Text | None:
    """Say why an act is not possible in the present state of the batch, or None when the table allows it.

    `about_deferred`: the act is only about people whose result was put off. `never_held`: no presence is
    entered at all.
    """
    state = state_of(standing)
    if never_held and FOR_UNHELD.get(act) is state:
        return None
    if state in ALLOWED[act] or (about_deferred and act in FOR_DEFERRED and state in _DECIDED):
        return None
    text = WAITS_FOR.get((act, state)) or describe_standing(standing)
    return _("%(state)s %(act)s", state=str(text), act=str(act.label))


def is_already(act: Act, standing: Standing) -> bool:
    """Say whether the act was done before: a conflict (409), not a rule (422)."""
    return ALREADY.get(act) is state_of(standing)
