"""The life of a batch: which steps are done, which one is next, what blocks it. Plain values in, sentences out."""

from dataclasses import dataclass
from datetime import date, time

from app.assessment.rules import GraduationStatus
from app.auth.rules import Permission
from app.core.choices import Choice
from app.core.dates import day_date
from app.core.text import Text, _
from app.courses.rules import BatchStatus

NOON = time(12, 30)


class StepState(Choice):
    """Where a step of the rail stands."""

    DONE = "done", _("selesai")
    NOW = "now", _("sekarang")
    LATER = "todo", _("nanti")
    BLOCKED = "blocked", _("tertahan")


@dataclass(frozen=True)
class Progress:
    """What has happened in a batch so far, in figures."""

    status: BatchStatus
    quota: int
    starts_on: date
    ends_on: date
    today: date
    planned_hours: int  # JP of the curriculum
    scheduled_hours: int  # JP of sessions not cancelled
    awaiting: int  # enrollments that wait for a decision
    seated: int
    has_fieldwork: bool  # field practice stands in the schedule
    visits_waiting: int
    places_granted: int
    placed: int
    first_missing: tuple[date, time] | None  # first session that is over and has no presence yet
    presence_complete: bool
    graduation: GraduationStatus | None
    graduated: int  # people whom the meeting gives a certificate
    certificates: int
    candidates: int  # certified people who are still calon PSM

    @property
    def live(self) -> bool:
        return self.status is not BatchStatus.CANCELLED


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now: a sentence, a button, where it leads and who may press it."""

    sentence: Text
    button: Text
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class Step:
    """One stop on the rail."""

    label: Text
    state: StepState
    note: Text | None
    endpoint: str


def next_step(p: Progress) -> NextStep | None:
    """Return what blocks the next step of a batch, or None when nothing is left to do."""
    if not p.live:
        return None
    for find in (_planning, _seats, _days, _result):
        step = find(p)
        if step:
            return step
    return None


def _planning(p: Progress) -> NextStep | None:
    if p.status is not BatchStatus.DRAFT:
        return None
    if p.scheduled_hours < p.planned_hours:
        sentence = _("Jadwal baru memuat %(done)d dari %(all)d JP.", done=p.scheduled_hours, all=p.planned_hours)
        return NextStep(sentence, _("Susun jadwal"), "courses.show_schedule", Permission.COURSE_EDIT)
    return NextStep(
        _("Jadwal sudah lengkap. Pendaftaran belum dibuka."),
        _("Periksa dan buka pendaftaran"),
        "courses.show_schedule",
        Permission.COURSE_EDIT,
    )


def _seats(p: Progress) -> NextStep | None:
    if p.awaiting and p.status in (BatchStatus.OPEN, BatchStatus.CLOSED):
        return NextStep(
            _("%(n)d pendaftaran menunggu keputusan.", n=p.awaiting), _("Periksa pendaftaran"), "enrollments.list_enrollments",
            Permission.ENROLLMENT_DECIDE,
        )  # fmt: skip
    if p.status is BatchStatus.OPEN:
        free = p.quota - p.seated
        if free > 0:
            sentence = _("%(n)d dari %(all)d tempat masih kosong.", n=free, all=p.quota)
            return NextStep(sentence, _("Lengkapi peserta"), "enrollments.list_enrollments", Permission.ENROLLMENT_MAKE)
        return NextStep(_("Semua tempat sudah terisi."), _("Tutup pendaftaran"), "courses.show_schedule", Permission.COURSE_EDIT)
    return None


def _days(p: Progress) -> NextStep | None:
    if p.has_fieldwork and p.status in (BatchStatus.CLOSED, BatchStatus.RUNNING) and p.placed < p.seated:
        if p.places_granted >= p.seated:
            sentence, button = _("%(n)d peserta belum masuk kelompok PKL.", n=p.seated - p.placed), _("Bagi rata ke kelompok")
        elif p.visits_waiting:
            sentence, button = _("Lokasi PKL belum menjawab permohonan."), _("Lihat permohonan PKL")
        else:
            sentence, button = _("Tempat PKL kurang untuk %(n)d peserta.", n=p.seated - p.places_granted), _("Minta lokasi PKL")
        return NextStep(sentence, button, "fieldwork.show_fieldwork", Permission.VISIT_PLAN)
    if p.status is BatchStatus.CLOSED and p.today >= p.starts_on:
        return NextStep(_("Hari pertama sudah tiba."), _("Mulai angkatan"), "courses.show_schedule", Permission.COURSE_EDIT)
    if p.status is BatchStatus.RUNNING and p.first_missing:
        half = _("pagi") if p.first_missing[1] < NOON else _("siang")
        sentence = _("Daftar hadir %(day)s, %(half)s, belum diisi.", day=day_date(p.first_missing[0]), half=half)
        return NextStep(sentence, _("Isi daftar hadir"), "attendance.show_attendance", Permission.ATTENDANCE_RECORD)
    return None


def _result(p: Progress) -> NextStep | None:
    if p.status not in (BatchStatus.RUNNING, BatchStatus.FINISHED) or p.today < p.ends_on or not p.seated:
        return None
    if p.status is BatchStatus.RUNNING and p.presence_complete:
        return NextStep(
            _("Hari terakhir sudah lewat dan daftar hadir lengkap."), _("Nyatakan selesai"), "courses.show_schedule", Permission.COURSE_EDIT
        )
    if p.graduation in (None, GraduationStatus.RETURNED):
        return NextStep(
            _("Kelulusan %(n)d peserta belum diusulkan.", n=p.seated), _("Buka lembar kelulusan"), "assessment.show_graduation",
            Permission.GRADUATION_PROPOSE,
        )  # fmt: skip
    if p.graduation is GraduationStatus.PROPOSED:
        return NextStep(
            _("Usulan kelulusan menunggu persetujuan pejabat lain."), _("Buka usulan"), "assessment.show_graduation",
            Permission.GRADUATION_APPROVE,
        )  # fmt: skip
    if p.certificates < p.graduated:
        left = p.graduated - p.certificates
        return NextStep(
            _("%(n)d sertifikat belum terbit.", n=left),
            _("Terbitkan sertifikat"),
            "certificates.list_certificates",
            Permission.CERTIFICATE_ISSUE,
        )
    if p.candidates:
        return NextStep(
            _("%(n)d lulusan masih calon PSM; mereka baru terhitung setelah ada SK.", n=p.candidates), _("Tetapkan sebagai PSM (SK)"),
            "workspace.appoint_graduates", Permission.APPOINTMENT_MAKE,
        )  # fmt: skip
    return None


def rail(p: Progress) -> list[Step]:
    """Return the steps of a batch in the order of life, each with its state and a figure."""
    if not p.live:
        return [Step(_("Dibatalkan"), StepState.BLOCKED, None, "courses.show_schedule")]
    done = {
        "plan": p.status is not BatchStatus.DRAFT,
        "seats": p.status not in (BatchStatus.DRAFT, BatchStatus.OPEN) and not p.awaiting,
        "fieldwork": not p.has_fieldwork or bool(p.seated and p.placed >= p.seated),
        "presence": p.presence_complete,
        "graduation": p.graduation is GraduationStatus.APPROVED,
        "certificates": p.graduation is GraduationStatus.APPROVED and p.certificates >= p.graduated,
    }
    notes = {
        "plan": _("%(done)d dari %(all)d JP", done=p.scheduled_hours, all=p.planned_hours),
        "seats": _("%(done)d dari %(all)d tempat", done=p.seated, all=p.quota),
        "fieldwork": _("%(done)d dari %(all)d ditempatkan", done=p.placed, all=p.seated) if p.seated else None,
        "presence": None,
        "graduation": p.graduation.label if p.graduation else None,
        "certificates": _("%(done)d terbit", done=p.certificates),
    }
    stops = [
        ("plan", _("Rencana dan jadwal"), "courses.show_schedule"),
        ("seats", _("Peserta"), "enrollments.list_enrollments"),
        *([("fieldwork", _("PKL"), "fieldwork.show_fieldwork")] if p.has_fieldwork else []),
        ("presence", _("Kehadiran"), "attendance.show_attendance"),
        ("graduation", _("Nilai dan kelulusan"), "assessment.show_graduation"),
        ("certificates", _("Sertifikat"), "certificates.list_certificates"),
    ]
    first_open = next((name for name, _label, _endpoint in stops if not done[name]), None)
    return [
        Step(label, StepState.DONE if done[name] else StepState.NOW if name == first_open else StepState.LATER, notes[name], endpoint)
        for name, label, endpoint in stops
    ]
