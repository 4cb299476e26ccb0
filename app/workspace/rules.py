"""The life of a batch: what is still to be done, by when, by whom; how far each step is.

Plain values in, sentences out.

What is done, and what cannot be done any more, is no duty; the next thing, the first pages and the rail read
the same list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.assessment.rules import GIVEN_BACK, GraduationStatus
from app.auth.rules import Permission
from app.core.choices import Choice
from app.core.dates import day_date, long_date
from app.core.text import Text, _
from app.courses.acts import ALLOWED, Act, BatchState
from app.courses.rules import BatchStatus, describe_lacking_hours

NOON = time(12, 30)
OPENED_BEFORE = timedelta(days=30)  # before the first day: registration is open
PLANNED_BEFORE = HOSTS_ASKED_BEFORE = timedelta(
    days=14
)  # before the first day all JP have their session; before the PKL, asked
ANSWERED_WITHIN = timedelta(days=3)  # an application is decided
FINISHED_AFTER = timedelta(days=30)  # after the last day

S = BatchState
BEFORE_RESULT = frozenset({S.OPEN, S.CLOSED, S.RUNNING, S.OVER})
TAKING_PART = frozenset({S.OPEN, S.CLOSED, S.RUNNING})
DECIDED = frozenset({S.APPROVED, S.CERTIFIED})
CLOSED = DECIDED | {S.FINISHED}  # plan and seats are closed; of a finished batch the result is still to come


class Stop(Choice):
    """A step of the rail."""

    PLAN = "plan", _("Rencana dan jadwal")
    SEATS = "seats", _("Peserta")
    FIELDWORK = "fieldwork", _("PKL")
    PRESENCE = "presence", _("Kehadiran")
    GRADUATION = "graduation", _("Nilai dan kelulusan")
    CERTIFICATES = "certificates", _("Sertifikat")


PAGES: dict[Stop, str] = {
    Stop.PLAN: "courses.show_schedule",
    Stop.SEATS: "enrollments.list_enrollments",
    Stop.FIELDWORK: "fieldwork.show_fieldwork",
    Stop.PRESENCE: "attendance.show_attendance",
    Stop.GRADUATION: "assessment.show_graduation",
    Stop.CERTIFICATES: "certificates.list_certificates",
}


@dataclass(frozen=True)
class Progress:
    """What has happened in a batch so far, in figures."""

    state: BatchState
    status: BatchStatus  # as it was entered; the state is what counts
    quota: int
    starts_on: date
    ends_on: date
    applies_until: date  # last day on which people may apply
    today: date
    planned_hours: int  # JP of the curriculum
    scheduled_hours: int  # JP of sessions not cancelled, for one participant
    recorded_on: date = date.min  # the day it was entered: nothing was late before
    is_record: bool = False  # entered after its last day
    refusal_to_open: Text | None = None  # why registration cannot be opened now
    awaiting: int = 0  # enrollments that wait for a decision
    awaiting_since: date | None = None
    seated: int = 0
    offered: int = 0  # of them, who has not taken the seat yet
    next_waiting: tuple[int, str, int] | None = (
        None  # who waits and could take a free seat: enrollment, name, place in the queue
    )
    unfit: int = 0  # seats and requests of people who do not qualify any more
    untold: int = 0  # people whom nobody has told yet
    untold_since: date | None = None
    fieldwork_on: date | None = None  # first day of field practice in the schedule
    visits_waiting: int = 0
    places_granted: int = 0
    placed: int = 0
    was_practised: bool = False  # somebody was seen at the field practice
    stray: Text | None = None  # a visit on a day without a session of field practice
    entered: int = 0  # presences
    is_begun: bool = False  # any presence is entered, of whomever
    first_missing: tuple[date, time] | None = (
        None  # first half day up to today that is not entered for everybody
    )
    presence_complete: bool = False
    graduation: GraduationStatus | None = None  # the newest meeting
    meeting_id: int | None = None  # its number
    meeting_on: date | None = None  # the day of the proposal that waits
    proposed_by: int | None = None  # the account that proposed it
    proposed_as: str = ""  # what the proposal decides: 28 lulus, 2 tidak lulus
    is_overtaken: bool = False  # it waits, but the figures of today are others
    approvers: tuple[str, ...] = ()  # names of those who may approve it
    deferred: int = 0  # people whom the meeting has put off
    deferred_on: date | None = None  # the day of that meeting
    earned: int = 0  # people to whom an approved meeting gives a certificate
    uncertified: int = 0  # those of them who never had one
    uncertified_since: date | None = None  # the day of the first meeting that decided so about one of them
    certificates: int = 0  # in force
    misnamed: tuple[int, ...] = ()  # of them, those that print what is not their holder's
    candidates: int = 0  # certified people who are still calon PSM

    @property
    def attending(self) -> int:
        """Return how many take part: an offer is a seat, not yet a participant."""
        return self.seated - self.offered

    @property
    def is_scheduled(self) -> bool:
        """Say whether the schedule holds all JP of the curriculum."""
        return self.scheduled_hours >= self.planned_hours

    def allows(self, act: Act) -> bool:
        """Say whether the table of acts allows this now."""
        return self.state in ALLOWED[act]


@dataclass(frozen=True)
class Duty:
    """One thing that is still to be done: a sentence, a button, where it leads, who may press it, by what
    day, what blocks it.
    """

    sentence: Text
    button: Text
    endpoint: str
    permission: Permission
    due: date
    stop: Stop
    blocked: Text | None = None
    values: Mapping[str, int] = field(default_factory=dict)  # of the address, besides the batch
    not_by: int | None = None  # the account that cannot do it, in whatever role
    to_others: Text | None = None  # the sentence for whoever cannot do it
    is_first: bool = False  # before all else, whatever the day

    def sentence_for(self, may_act: bool) -> Text:
        """Return what is said to somebody who may do it, or who may not."""
        return self.sentence if may_act else self.to_others or self.sentence


def duties(p: Progress) -> list[Duty]:
    """Return everything that is still to be done in a batch, what is due first in front; of one day, in the
    order of life.
    """
    found = [duty for find in FINDERS for duty in find(p)]
    return sorted(found, key=lambda duty: (not duty.is_first, duty.due))


def next_step(p: Progress) -> Duty | None:
    """Return the first of the duties, or None when nothing is left to do."""
    return next(iter(duties(p)), None)


def is_late(due: date, today: date, recorded_on: date = date.min) -> bool:
    """Say whether the day on which something was due has passed, and the batch was there on that day."""
    return recorded_on <= due < today


def describe_when(due: date, today: date, recorded_on: date = date.min) -> Text | None:
    """Return by when something is to be done, as it is read today; None where that day had passed before the
    batch was entered.
    """
    if due == today:
        return _("Hari ini")
    if is_late(due, today, recorded_on):
        return _("Seharusnya %(day)s", day=long_date(due))
    return _("Paling lambat %(day)s", day=long_date(due)) if due > today else None


def _day(p: Progress, due: date) -> date:
    """Return when something is due: for a record of the past nothing has been waiting all those years."""
    return max(due, p.today) if p.is_record else due


def _planning(p: Progress) -> Iterator[Duty]:
    """The plan: JP that are missing, registration that is not open, a batch that nobody held."""
    edit = Permission.COURSE_EDIT
    opened = _day(p, p.starts_on - OPENED_BEFORE)
    passed = p.state is S.DRAFT and p.today > p.ends_on and not p.is_record
    if passed:
        sentence = _(
            "Angkatan ini masih draf, padahal tanggalnya sudah lewat. Ubah tanggalnya, atau batalkan."
        )
        yield Duty(sentence, _("Ubah angkatan"), "courses.change_batch", edit, p.ends_on, Stop.PLAN)
        return
    if p.state is S.OVER and not p.seated:
        sentence = _("Angkatan ini sudah berakhir tanpa peserta. Batalkan bila tidak jadi dilaksanakan.")
        yield Duty(
            sentence, _("Batalkan angkatan"), "courses.cancel_batch", edit, _day(p, p.ends_on), Stop.PLAN
        )
        return
    if p.allows(Act.CHANGE_SCHEDULE) and not p.is_scheduled:
        due = opened if p.state is S.DRAFT else _day(p, p.starts_on - PLANNED_BEFORE)
        sentence = _(
            "Jadwal baru memuat %(done)d dari %(all)d JP.", done=p.scheduled_hours, all=p.planned_hours
        )
        if p.today >= p.starts_on:
            sentence = describe_lacking_hours(p.scheduled_hours, p.planned_hours) or sentence
        yield Duty(sentence, _("Susun jadwal"), PAGES[Stop.PLAN], edit, due, Stop.PLAN)
    if p.state is S.DRAFT:
        if p.refusal_to_open is not None:
            yield Duty(
                _("Pendaftaran belum dibuka."),
                _("Lengkapi data angkatan"),
                "courses.change_batch",
                edit,
                opened,
                Stop.PLAN,
                blocked=p.refusal_to_open,
            )
        else:
            sentence = (
                _("Jadwal sudah lengkap. Pendaftaran belum dibuka.")
                if p.is_scheduled
                else _("Pendaftaran belum dibuka.")
            )
            yield Duty(sentence, _("Buka pendaftaran"), "courses.open_batch", edit, opened, Stop.PLAN)


def _seats(p: Progress) -> Iterator[Duty]:
    """The people: who waits for a decision, who does not qualify any more, seats that are empty."""
    if p.awaiting and p.allows(Act.SORT):
        due = _day(p, (p.awaiting_since or p.today) + ANSWERED_WITHIN) if p.awaiting_since else p.today
        yield Duty(
            _("%(n)d pendaftaran menunggu keputusan.", n=p.awaiting),
            _("Periksa pendaftaran"),
            PAGES[Stop.SEATS],
            Permission.ENROLLMENT_DECIDE,
            due,
            Stop.SEATS,
        )
    if p.unfit:
        yield Duty(
            _("%(n)d peserta tidak lagi memenuhi syarat.", n=p.unfit),
            _("Lihat nama dan putuskan"),
            "workspace.list_unfit",
            Permission.ENROLLMENT_DECIDE,
            _day(p, p.starts_on),
            Stop.SEATS,
        )
    if p.next_waiting:
        enrollment_id, name, place = p.next_waiting
        yield Duty(
            _(
                "Tawarkan tempat kepada %(name)s (cadangan ke-%(place)d): ada tempat kosong.",
                name=name,
                place=place,
            ),
            _("Tawarkan tempat"),
            "enrollments.offer_seat",
            Permission.ENROLLMENT_DECIDE,
            p.today,
            Stop.SEATS,
            values={"enrollment_id": enrollment_id},
        )
    if p.state is not S.OPEN or p.today > p.applies_until:
        return
    free = p.quota - p.seated
    if free > 0:
        sentence = _("%(n)d dari %(all)d tempat masih kosong.", n=free, all=p.quota)
        yield Duty(
            sentence,
            _("Lengkapi peserta"),
            PAGES[Stop.SEATS],
            Permission.ENROLLMENT_MAKE,
            p.applies_until,
            Stop.SEATS,
        )
    else:
        yield Duty(
            _("Semua tempat sudah terisi."),
            _("Tutup pendaftaran"),
            "courses.close_batch",
            Permission.COURSE_EDIT,
            p.applies_until,
            Stop.SEATS,
        )


def _notices_to_pass_on(p: Progress) -> Iterator[Duty]:
    """Those whom no mail reaches: somebody has to tell them, also that a batch is called off."""
    if p.untold:
        yield Duty(
            _("%(n)d orang belum dikabari.", n=p.untold),
            _("Buka daftar dan kabari"),
            "workspace.list_notices",
            Permission.ENROLLMENT_DECIDE,
            p.untold_since or p.today,
            Stop.SEATS,
        )


def _fieldwork(p: Progress) -> Iterator[Duty]:
    """Field practice, until its day has passed; a visit to come on a day without field practice."""
    if p.stray is not None and p.state in TAKING_PART:
        due = max(p.today, (p.fieldwork_on or p.starts_on) - HOSTS_ASKED_BEFORE)
        yield Duty(
            p.stray, _("Buka jadwal"), PAGES[Stop.PLAN], Permission.COURSE_EDIT, _day(p, due), Stop.FIELDWORK
        )
    if p.fieldwork_on is None or p.today > p.fieldwork_on or p.placed >= p.attending:
        return
    due = p.fieldwork_on - HOSTS_ASKED_BEFORE
    if p.state not in TAKING_PART or (p.state is S.OPEN and p.today < due):
        return
    if p.places_granted >= p.attending:
        sentence, button = (
            _("%(n)d peserta belum masuk kelompok PKL.", n=p.attending - p.placed),
            _("Bagi rata ke kelompok"),
        )
    elif p.visits_waiting:
        sentence, button = _("Lokasi PKL belum menjawab permohonan."), _("Lihat permohonan PKL")
    else:
        sentence, button = (
            _("Tempat PKL kurang untuk %(n)d peserta.", n=p.attending - p.places_granted),
            _("Minta lokasi PKL"),
        )
    yield Duty(sentence, button, PAGES[Stop.FIELDWORK], Permission.VISIT_PLAN, _day(p, due), Stop.FIELDWORK)


def _presence(p: Progress) -> Iterator[Duty]:
    """Presence that is not entered up to today."""
    if not p.allows(Act.RECORD_ATTENDANCE):
        return
    unscheduled = p.state is S.OVER and bool(p.seated) and not p.scheduled_hours
    if p.first_missing is None and not unscheduled:
        return
    day, begins = p.first_missing or (p.ends_on, NOON)
    half = _("pagi") if begins < NOON else _("siang")
    sentence = _("Daftar hadir %(day)s, %(half)s, belum diisi.", day=day_date(day), half=half)
    never = p.today > p.ends_on and not p.entered and not p.is_begun
    if never:
        sentence = _("Angkatan ini sudah berakhir, kehadiran belum diisi.")
    if never and not p.is_record:
        sentence = _(
            "Angkatan ini sudah berakhir, kehadiran belum diisi. Isi daftar hadirnya, atau batalkan bila"
            " tidak jadi dilaksanakan."
        )
    yield Duty(
        sentence,
        _("Isi daftar hadir"),
        PAGES[Stop.PRESENCE],
        Permission.ATTENDANCE_RECORD,
        _day(p, day),
        Stop.PRESENCE,
        blocked=_("Susun dahulu jadwalnya.") if unscheduled else None,
    )
    if never and not p.is_record:
        yield Duty(
            _("Belum ada kehadiran sama sekali. Bila angkatan ini tidak jadi dilaksanakan, batalkan."),
            _("Batalkan angkatan"),
            "courses.cancel_batch",
            Permission.COURSE_EDIT,
            _day(p, p.ends_on),
            Stop.PRESENCE,
        )


def _result(p: Progress) -> Iterator[Duty]:
    """The meeting, its approval, and the meeting for whoever was put off."""
    due, page, stop = _day(p, p.ends_on), PAGES[Stop.GRADUATION], Stop.GRADUATION
    if p.state is not S.CANCELLED and p.graduation is GraduationStatus.PROPOSED:
        yield _waiting_proposal(p, _day(p, p.meeting_on or p.ends_on))
        return
    is_held = p.today >= p.ends_on and p.seated and p.presence_complete and p.is_scheduled
    if p.state in BEFORE_RESULT | {S.FINISHED} and is_held and p.graduation in {None, *GIVEN_BACK}:
        sentence = _("Kelulusan %(n)d peserta belum diusulkan.", n=p.seated)
        if p.graduation is GraduationStatus.RETURNED:
            sentence = _("Usulan kelulusan dikembalikan. Perbaiki, lalu usulkan lagi.")
        if p.graduation is GraduationStatus.WITHDRAWN:
            sentence = _("Usulan kelulusan ditarik. Perbaiki, lalu usulkan lagi.")
        if p.graduation is GraduationStatus.TAKEN_BACK:
            sentence = _("Persetujuan kelulusan ditarik. Perbaiki, lalu usulkan lagi.")
        yield Duty(sentence, _("Buka lembar kelulusan"), page, Permission.GRADUATION_PROPOSE, due, stop)
    if p.state in DECIDED and p.deferred:
        sentence = _("Rapat susulan untuk %(n)d orang yang kelulusannya ditunda.", n=p.deferred)
        yield Duty(
            sentence,
            _("Buka lembar kelulusan"),
            page,
            Permission.GRADUATION_PROPOSE,
            _day(p, p.deferred_on or p.ends_on),
            stop,
        )


def _waiting_proposal(p: Progress, due: date) -> Duty:
    """The proposal that waits: to be approved by another person, or to be made anew where today's figures
    have overtaken it.
    """
    if p.is_overtaken:
        return Duty(
            _("Data berubah sejak kelulusan diusulkan. Usulkan ulang."),
            _("Usulkan ulang"),
            "assessment.propose_graduation",
            Permission.GRADUATION_PROPOSE,
            p.today,
            Stop.GRADUATION,
            is_first=True,
            to_others=_(
                "Data berubah sejak kelulusan diusulkan; usulannya menunggu diusulkan ulang oleh panitia."
            ),
        )
    waits = _("Usulan kelulusan menunggu persetujuan %(names)s.", names=", ".join(p.approvers))
    if not p.approvers:
        waits = _(
            "Usulan kelulusan menunggu persetujuan, dan belum ada pejabat lain yang dapat menyetujuinya."
        )
    return Duty(
        _("Setujui hasil rapat (%(counts)s).", counts=p.proposed_as),
        _("Baca dan setujui"),
        "assessment.show_meeting",
        Permission.GRADUATION_APPROVE,
        due,
        Stop.GRADUATION,
        values={"graduation_id": p.meeting_id or 0},
        not_by=p.proposed_by,
        to_others=waits,
    )


def _certificates_and_decree(p: Progress) -> Iterator[Duty]:
    """Certificates, the SK of those who are still calon PSM, and the word that a batch is finished: last,
    when all else is done.
    """
    if p.state not in DECIDED:
        return
    due, stop = _day(p, p.ends_on), Stop.CERTIFICATES
    if p.misnamed:
        sentence = _(
            "%(n)d sertifikat memuat nama atau data yang keliru dan perlu diganti.", n=len(p.misnamed)
        )
        to_replace, values = Permission.CERTIFICATE_REVOKE, {"certificate_id": p.misnamed[0]}
        yield Duty(
            sentence,
            _("Ganti sertifikat"),
            "certificates.replace_certificate",
            to_replace,
            p.today,
            stop,
            values=values,
        )
        seen = _(
            "%(n)d sertifikat memuat nama atau data yang keliru; pejabat penandatangan yang menggantinya.",
            n=len(p.misnamed),
        )
        yield Duty(
            seen,
            _("Lihat sertifikatnya"),
            "certificates.show_certificate",
            Permission.TRAINEE_EDIT,
            p.today,
            stop,
            values=values,
        )
    if p.uncertified:
        sentence, to_issue = (
            _("%(n)d sertifikat belum terbit.", n=p.uncertified),
            Permission.CERTIFICATE_ISSUE,
        )
        since = _day(p, p.uncertified_since or p.ends_on)
        yield Duty(sentence, _("Terbitkan sertifikat"), PAGES[stop], to_issue, since, stop)
    if p.candidates:
        sentence = _(
            "%(n)d lulusan masih calon PSM; baru terhitung sebagai PSM setelah ada SK.", n=p.candidates
        )
        yield Duty(
            sentence,
            _("Tetapkan sebagai PSM (SK)"),
            "workspace.appoint_graduates",
            Permission.APPOINTMENT_MAKE,
            due,
            stop,
        )
    waits = p.uncertified or p.deferred or p.graduation is GraduationStatus.PROPOSED
    if p.status is not BatchStatus.FINISHED and p.allows(Act.FINISH) and not waits and p.today >= p.ends_on:
        sentence, due = (
            _("Semua hasil angkatan ini sudah ada. Nyatakan angkatan ini selesai."),
            _day(p, p.ends_on + FINISHED_AFTER),
        )
        yield Duty(sentence, _("Nyatakan selesai"), "courses.finish_batch", Permission.COURSE_EDIT, due, stop)


FINDERS: tuple[Callable[[Progress], Iterator[Duty]], ...] = (
    _planning,
    _seats,
    _notices_to_pass_on,
    _fieldwork,
    _presence,
    _result,
    _certificates_and_decree,
)
