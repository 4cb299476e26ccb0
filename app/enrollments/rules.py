"""States of an enrollment and the moves between them; who may ask; when a seat can be given."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.core.choices import Choice
from app.core.dates import long_date
from app.core.reasons import refusal_of_reason
from app.core.text import Text, _, shortlist
from app.courses.acts import BatchState
from app.courses.rules import Admission
from app.trainees.rules import TraineeStatus


class EnrollmentStatus(Choice):
    """Present, graduated and certified are not states: they are read from what happened."""

    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Diajukan")
    RETURNED = "returned", _("Dikembalikan")
    VERIFIED = "verified", _("Diverifikasi")
    ACCEPTED = "accepted", _("Diterima")
    WAITLISTED = "waitlisted", _("Cadangan")
    REJECTED = "rejected", _("Ditolak")
    OFFERED = "offered", _("Ditawari tempat")
    LAPSED = "lapsed", _("Tawaran lewat waktu")
    CALLED = "called", _("Diundang")
    CONFIRMED = "confirmed", _("Menyatakan hadir")
    WITHDRAWN = "withdrawn", _("Batal")


S = EnrollmentStatus
TRANSITIONS: dict[EnrollmentStatus, frozenset[EnrollmentStatus]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.RETURNED, S.VERIFIED, S.ACCEPTED, S.WAITLISTED, S.REJECTED, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.VERIFIED: frozenset({S.RETURNED, S.ACCEPTED, S.WAITLISTED, S.REJECTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.CALLED, S.CONFIRMED, S.WITHDRAWN}),
    S.WAITLISTED: frozenset({S.OFFERED, S.ACCEPTED, S.REJECTED, S.WITHDRAWN}),
    S.REJECTED: frozenset(),
    S.OFFERED: frozenset({S.ACCEPTED, S.LAPSED, S.WITHDRAWN}),
    S.LAPSED: frozenset({S.OFFERED}),
    S.CALLED: frozenset({S.CONFIRMED, S.WITHDRAWN}),
    S.CONFIRMED: frozenset({S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}
SEATED = frozenset({S.ACCEPTED, S.CALLED, S.CONFIRMED})  # holds a seat
HOLDING = SEATED | {S.OFFERED}  # a seat is kept for them
OWN_ANSWERS = {
    S.OFFERED: S.ACCEPTED,
    S.ACCEPTED: S.CONFIRMED,
    S.CALLED: S.CONFIRMED,
    S.RETURNED: S.SUBMITTED,
}  # what a volunteer may say
ENDED = frozenset({S.REJECTED, S.LAPSED, S.WITHDRAWN})
ACTIVE = frozenset(EnrollmentStatus) - ENDED
CORRECTABLE = {
    "phone": _("Nomor HP"),
    "address": _("Alamat rumah"),
    "birth_place": _("Tempat lahir"),
}  # by herself, in a returned one
TO_DECIDE = frozenset({S.SUBMITTED, S.VERIFIED})
BEFORE_SEAT = TO_DECIDE | {S.WAITLISTED, S.RETURNED}
WAITS_FOR_PERSON = frozenset(OWN_ANSWERS)
GRADUATING = frozenset({BatchState.PROPOSED, BatchState.APPROVED, BatchState.CERTIFIED, BatchState.FINISHED})
NOT_SERVING = frozenset(
    {TraineeStatus.DECEASED, TraineeStatus.RESIGNED, TraineeStatus.MOVED, TraineeStatus.INACTIVE}
)


class SeatEnd(Choice):
    """What ended an enrollment that nobody withdrew, rejected or let lapse.

    Its status stays what it was; the person may ask again.
    """

    CANCELLED = "cancelled", _("Angkatan dibatalkan")
    OVER = "over", _("Angkatan sudah berakhir")
    FAILED = "failed", _("Tidak lulus")
    DEFERRED = "deferred", _("Kelulusan ditunda")
    ATTENDED = "attended", _("Telah mengikuti")
    REVOKED = "revoked", _("Sertifikat dicabut")
    MERGED = "merged", _("Data digabungkan")
    ABSENT = "absent", _("Tidak pernah hadir")
    NOT_SERVING = "not_serving", _("Tidak lagi bertugas")


PASSED = _("Lulus")  # what the seat is called that an approved meeting has ended for nobody
# What somebody did in a batch stays done: these leave presence, placement and papers as they are, and the
# days taken.
STAYS_ATTENDEE = frozenset({SeatEnd.FAILED, SeatEnd.DEFERRED, SeatEnd.ATTENDED, SeatEnd.REVOKED})


class AttendeeKind(Choice):
    """Who takes part in a batch."""

    TRAINEE = "trainee", _("Peserta")
    FACILITATOR = "facilitator", _("Pengajar")
    GUEST = "guest", _("Tamu")


@dataclass(frozen=True)
class Asking:
    """All that decides whether somebody may ask for a seat, or take one, in plain values.

    `waived`: an officer lets the prerequisite pass, or records late who took part; `by_office`: the office of
    the batch asks.
    """

    state: BatchState
    takes_applications: bool  # registration is open today: neither its last day nor the batch is over
    is_record: bool  # the batch was entered after its last day
    starts_on: date
    ends_on: date
    standing: TraineeStatus
    is_in_region: bool
    region_name: str
    duty_name: str
    tier_label: str
    missing_tier: str | None = None  # label of the prerequisite that is not held on the first day
    helping_course: str | None = None  # the nearest open course that would give it, in words
    asks_missing: bool = False  # an enrollment in a course that would give it is in force
    enrolled_as: Text | None = None  # what the enrollment in force in this batch is called
    seated_in: str | None = None  # code of another batch of this tier where a seat is in force
    holds: str | None = None  # number of a certificate of this tier, or of one above it, that is in force
    busy_in: str | None = None  # another batch on overlapping days where a seat is in force, in words
    waived: bool = False
    by_office: bool = False


def already_so(asking: Asking) -> Text | None:
    """Say in which way the person has already what is asked for, or None."""
    if asking.enrolled_as is not None:
        return _("Sudah terdaftar pada angkatan ini (%(status)s).", status=asking.enrolled_as)
    return already_seated(asking)


def already_seated(asking: Asking) -> Text | None:
    """Say in which other batch of this tier the person has a seat, or that the tier is held; None otherwise:
    one seat a tier.
    """
    if asking.holds is not None:
        return _(
            "Sudah memegang sertifikat nomor %(number)s yang mencakup jenjang %(tier)s.",
            number=asking.holds,
            tier=asking.tier_label,
        )
    if asking.seated_in is not None:
        return _(
            "Sudah mendapat tempat pada diklat %(tier)s, angkatan %(batch)s.",
            tier=asking.tier_label,
            batch=asking.seated_in,
        )
    return None


def refusal_to_enroll(asking: Asking) -> Text | None:
    """Say why this person cannot ask for a seat in this batch, and what would help; None when it can be
    asked.
    """
    return next(iter(reasons_not_to_enroll(asking)), None)


def reasons_not_to_enroll(asking: Asking) -> list[Text]:
    """Return everything that stands in the way, the batch first, then the person."""
    reasons = [
        refusal_by_batch(asking),
        refusal_by_person(asking),
        refusal_by_days(asking),
        refusal_by_prerequisite(asking),
    ]
    return [reason for reason in reasons if reason is not None]


def refusal_by_batch(asking: Asking) -> Text | None:
    """Say why nobody can ask for a seat here now, or None.

    People may ask while registration is open; the office also during the days of the batch, and afterwards
    with a reason: for somebody who took part and was not entered in time.
    """
    state = asking.state
    if state is BatchState.CANCELLED:
        return _("Angkatan ini dibatalkan.")
    if state is BatchState.DRAFT:
        return _("Pendaftaran angkatan ini belum dibuka.")
    if state is BatchState.FINISHED:
        return _("Angkatan ini sudah dinyatakan selesai; pesertanya tidak dapat ditambah lagi.")
    if state in GRADUATING:
        return _("Kelulusan angkatan ini sudah diusulkan; pesertanya tidak dapat ditambah lagi.")
    if asking.is_record and asking.by_office:
        return (
            None
            if asking.takes_applications or state is BatchState.OPEN
            else _("Pendaftaran angkatan ini sudah ditutup.")
        )
    if asking.is_record or state is BatchState.OVER:
        if asking.by_office:
            return (
                None
                if asking.waived
                else _(
                    "Angkatan ini sudah berakhir pada %(day)s. Yang sungguh hadir dapat dicatat dengan"
                    " menulis alasannya.",
                    day=long_date(asking.ends_on),
                )
            )
        return _("Angkatan ini sudah berakhir pada %(day)s.", day=long_date(asking.ends_on))
    if asking.takes_applications or (asking.by_office and state is BatchState.RUNNING):
        return None
    if state is BatchState.OPEN:
        return _("Batas pendaftaran angkatan ini sudah lewat.")
    return _("Pendaftaran angkatan ini sudah ditutup.")


def refusal_by_person(asking: Asking) -> Text | None:
    """Say why this person cannot take part in a course of this organiser, or None."""
    if asking.standing in NOT_SERVING:
        return _(
            "Tercatat %(status)s; hanya PSM aktif dan calon PSM yang dapat mengikuti diklat.",
            status=asking.standing.label,
        )
    if not asking.is_in_region:
        return _(
            "Wilayah tugas %(duty)s di luar wilayah %(region)s, penyelenggara diklat ini.",
            duty=asking.duty_name,
            region=asking.region_name,
        )
    return None


def refusal_by_days(asking: Asking) -> Text | None:
    """Say in which other batch the person sits on the same days, or None."""
    return (
        None
        if asking.busy_in is None
        else _("Pada tanggal itu mempunyai tempat di %(batch)s.", batch=asking.busy_in)
    )


def refusal_by_prerequisite(asking: Asking) -> Text | None:
    """Say which certificate is missing for this tier and what would help, or None; also None when an officer
    lets it pass.
    """
    if asking.missing_tier is None or asking.waived:
        return None
    tier, missing = asking.tier_label, asking.missing_tier
    way = _(
        "Punya sertifikat lama? Laporkan. Belum punya? Ikuti diklat %(missing)s lebih dahulu.",
        missing=missing,
    )
    if asking.asks_missing:
        way = _("Sudah terdaftar pada diklat %(missing)s: ikuti sampai lulus.", missing=missing)
    elif asking.helping_course:
        course = asking.helping_course
        way = _(
            "Punya sertifikat lama? Laporkan. Belum punya? Diklat %(missing)s terdekat: %(course)s.",
            missing=missing,
            course=course,
        )
    return _(
        "Belum dapat mengikuti diklat %(tier)s karena belum ada sertifikat %(missing)s yang tercatat dan"
        " berlaku pada hari pertama. %(way)s",
        tier=tier,
        missing=missing,
        way=str(way),
    )


def is_waivable(asking: Asking) -> bool:
    """Say whether the missing prerequisite is all that stands in the way: then an officer may let it pass,
    with a reason.
    """
    return already_so(asking) is None and reasons_not_to_enroll(asking) == [refusal_by_prerequisite(asking)]


def refusal_of_seat(asking: Asking) -> Text | None:
    """Say why this person cannot take a seat even if one is free, or None: not serving, elsewhere, without
    the tier below.
    """
    return refusal_by_person(asking) or refusal_by_days(asking) or refusal_by_prerequisite(asking)


def waived_by(asking: Asking, override_reason: str | None) -> Asking:
    """Return the same facts with what an officer's reason lets pass."""
    return replace(asking, waived=asking.waived or override_reason is not None)


def may_take_seat(asking: Asking) -> bool:
    """Say whether this person could take a free seat: what makes somebody of the queue the next one."""
    return already_seated(asking) is None and refusal_of_seat(asking) is None


def full(quota: int) -> Text:
    """Say that there is no seat left."""
    return _("Semua tempat (%(quota)d) sudah terisi.", quota=quota)


def refusal_to_move(status: EnrollmentStatus, to: EnrollmentStatus) -> Text | None:
    """Say why an enrollment cannot pass from one state to another, or None; the table of
    transitions decides.
    """
    if to in TRANSITIONS[status]:
        return None
    if status is to or status in ENDED or (status in SEATED and to in {S.ACCEPTED, S.WAITLISTED, S.REJECTED}):
        return _("Pendaftaran ini sudah diputuskan: %(status)s.", status=status.label)
    return _("Pendaftaran yang %(status)s tidak dapat menjadi %(to)s.", status=status.label, to=to.label)


def refusal_to_answer(status: EnrollmentStatus, to: EnrollmentStatus) -> Text | None:
    """Say why the person cannot give this answer about the own enrollment, or None: a request is not one's
    own to decide.
    """
    return (
        None
        if OWN_ANSWERS.get(status) is to
        else _("Pendaftaran Anda %(status)s; jawaban ini tidak dapat diberikan.", status=status.label)
    )


def is_already_so(status: EnrollmentStatus, to: EnrollmentStatus) -> bool:
    """Say whether a refused move is a conflict with what was decided before (409), not a rule (422)."""
    return to not in TRANSITIONS[status] and (status is to or status in ENDED or status in SEATED)


def refusal_to_accept(status: EnrollmentStatus, *, seats_left: int, quota: int) -> Text | None:
    """Say why this enrollment cannot get a seat, or None when it can; who was offered a seat has one kept."""
    refusal = refusal_to_move(status, S.ACCEPTED)
    if refusal:
        return refusal
    return full(quota) if seats_left < 1 and status is not S.OFFERED else None


def end_by_calendar(status: EnrollmentStatus, state: BatchState, *, is_late_entry: bool) -> SeatEnd | None:
    """Return what the batch's own end made of an enrollment that has no seat: nobody waits for a batch that
    is over.

    `is_late_entry`: the office records, with its reason, somebody who took part.
    """
    if state is BatchState.CANCELLED:
        return SeatEnd.CANCELLED
    waits = status in BEFORE_SEAT or status in {S.OFFERED, S.DRAFT}
    return SeatEnd.OVER if waits and not is_late_entry and state in GRADUATING | {BatchState.OVER} else None


def has_lapsed(status: EnrollmentStatus, offer_ends_at: datetime | None, now: datetime) -> bool:
    """Say whether an offer was not answered in time; the seat is free again from that moment on."""
    return status is S.OFFERED and offer_ends_at is not None and offer_ends_at <= now


def is_to_be_reminded(
    status: EnrollmentStatus, *, starts_on: date, today: date, told_on: date, before: timedelta
) -> bool:
    """Say whether somebody with a seat who has not answered is reminded today: in the last days before the
    first one, unless the seat was given, or the invitation sent, only today.
    """
    return status in SEATED - {S.CONFIRMED} and told_on < today < starts_on <= today + before


def refusal_to_pass_over(names: list[str], reason: str | None) -> Text | None:
    """Say who waits longer and would come later, or None when nobody does or the reason is given."""
    if not names or (reason and refusal_of_reason(reason) is None):
        return None
    return _(
        "%(names)s menunggu lebih dahulu sebagai cadangan. Dahulukan, atau tulis alasan melewatinya.",
        names=shortlist(names, 5),
    )


def refusal_of_own_withdrawal(
    starts_on: date, today: date, contact: str, *, is_forgotten: bool = False
) -> Text | None:
    """Say why somebody cannot withdraw alone any more, and whom to call, or None: until the day before the
    first day, and again once the batch is long over and nothing of it was recorded.
    """
    if today < starts_on or is_forgotten:
        return None
    return _(
        "Diklat sudah dimulai. Beri tahu panitia, mereka mencatatnya: %(contact)s.", contact=contact or "–"
    )


def refusal_to_accept_many(chosen: int, *, seats_left: int, quota: int) -> Text | None:
    """Say why so many cannot all get a seat, or None; they are accepted together or not at all."""
    if chosen <= seats_left:
        return None
    if seats_left < 1:
        return full(quota)
    return _(
        "Anda memilih %(chosen)d orang, padahal tinggal %(left)d tempat.", chosen=chosen, left=seats_left
    )


def refusal_to_merge(one: str, other: str, *, is_put_off: bool = False) -> Text:
    """Say that two records cannot be one person's while both hold a seat: in one batch, in one tier, or on
    overlapping days; or while one that is put off could bring a second result in one batch.
    """
    first = str(
        _(
            "Batalkan salah satu lebih dahulu; bila diklatnya sudah selesai, pejabat mencabut salah satu"
            " sertifikatnya."
        )
    )
    if is_put_off:
        return _(
            "Keduanya mengikuti angkatan %(batch)s, dan hasil yang satu masih ditunda. Putuskan dahulu dalam"
            " rapat susulan bahwa yang ditunda tidak lulus, dengan catatan data ganda; sesudah disetujui,"
            " gabungkan.",
            batch=one,
        )
    if one == other:
        return _("Keduanya mempunyai tempat pada angkatan %(batch)s. %(first)s", batch=one, first=first)
    return _(
        "Yang satu mempunyai tempat pada angkatan %(one)s, yang lain pada angkatan %(other)s, pada jenjang"
        " atau tanggal yang sama. %(first)s",
        one=one,
        other=other,
        first=first,
    )


def status_on_asking(
    admission: Admission, *, has_started: bool, seats_left: int, waiting: int
) -> EnrollmentStatus:
    """Return what an enrollment becomes at once: a request, or where admission is automatic a seat, or a
    place behind those who wait.

    From the first day on seats are given by hand only.
    """
    if admission is Admission.MANUAL or has_started:
        return S.SUBMITTED
    return S.ACCEPTED if seats_left > waiting else S.WAITLISTED


def waiting_order(waiting_since: datetime | None, enrollment_id: int) -> tuple[float, int]:
    """Return the key by which cadangan are called: who waits longest first, ties by the number of the
    enrollment.
    """
    return (waiting_since.timestamp() if waiting_since else float("inf"), enrollment_id)


def tone_of(status: EnrollmentStatus) -> str:
    """Return how the mark of a status looks."""
    return {
        S.ACCEPTED: "ok",
        S.CALLED: "ok",
        S.CONFIRMED: "ok",
        S.SUBMITTED: "wait",
        S.VERIFIED: "wait",
        S.WAITLISTED: "wait",
        S.OFFERED: "attention",
        S.RETURNED: "attention",
        S.REJECTED: "stop",
        S.LAPSED: "stop",
        S.WITHDRAWN: "stop",
    }.get(status, "neutral")


class Question(Choice):
    """What somebody who is new is asked, one a page, in this order; the label is the question."""

    NIK = "nik", _("Berapa NIK Anda?")
    BIRTH = "birth", _("Apakah ini benar?")
    NAME = "name", _("Siapa nama lengkap Anda?")
    DESA = "desa", _("Di desa atau kelurahan mana Anda bertugas?")
    CONTACT = "contact", _("Bagaimana kami menghubungi Anda?")
    CHECK = "check", _("Periksa data Anda")


QUESTIONS = tuple(Question)
OFFER_LASTS = timedelta(hours=24)  # as the person who is offered a seat reads it
DRAFT_LASTS = timedelta(
    days=3
)  # on her own phone, sealed; longer would be a danger on a phone that is shared
SENT_LASTS = timedelta(hours=1)  # how long the thanks with the sign-in code can be opened again
SIGN_IN_CODE_LENGTH = 10  # digits: 33 bits, tried at most 100 times in a quarter of an hour


def is_answered(question: Question, known: Collection[str]) -> bool:
    """Say whether a question needs not be asked any more, given the names of what is known; the check is
    never done with.
    """
    needed = {
        Question.NIK: {"nik"},
        Question.BIRTH: {"birth_date", "sex"},
        Question.NAME: {"name"},
        Question.DESA: {"desa"},
        Question.CONTACT: {"phone"},
    }
    return question in needed and needed[question] <= set(known)


def next_question(known: Collection[str]) -> Question:
    """Return the first question that is still open; the check when there is none."""
    return next(each for each in QUESTIONS if not is_answered(each, known))


def question_before(question: Question) -> Question | None:
    """Return what was asked before, None for the first."""
    place = QUESTIONS.index(question)
    return QUESTIONS[place - 1] if place else None


def refusal_to_newcomer(asking: Asking) -> Text | None:
    """Say why somebody who is new cannot ask for a seat along with her registration, or None; what she is,
    she cannot know yet.
    """
    if refusal := refusal_by_batch(asking):
        return refusal
    if asking.missing_tier is None:
        return None
    return _(
        "Diklat %(tier)s untuk PSM yang sudah memegang sertifikat %(missing)s. Data Anda tetap kami catat."
        " Setelah itu, tunjukkan sertifikat %(missing)s Anda kepada dinas sosial, lalu daftarlah pada diklat"
        " ini.",
        tier=asking.tier_label,
        missing=asking.missing_tier,
    )
