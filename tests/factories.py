"""Rows for tests: the smallest valid one; keywords vary it.

They write rows directly, services are what is tested.

NIK are made up: serials from 9000 on, which the samples of this project keep for themselves.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.assessment.models import Graduation, GraduationResult, Mark
from app.assessment.rules import SEAT_ENDS, GraduationStatus, MarkKind, ResultOutcome
from app.attendance.models import Attendance
from app.attendance.rules import Presence
from app.auth.models import Grant, SignInName, User
from app.auth.rules import NameKind, Role
from app.certificates.document import facts_digest
from app.certificates.models import Certificate
from app.certificates.rules import CertificateKind
from app.core import clock, crypto
from app.core.names import fold_name
from app.core.scopes import ScopeKind
from app.courses.models import Batch, Course, Curriculum, Facilitator, Subject, Tier, TrainingSession
from app.courses.rules import Admission, BatchStatus, CourseKind, GraduationStage, SessionKind, SubjectKind
from app.coverage.models import Survey, Target
from app.enrollments.models import Attendee, Enrollment
from app.enrollments.rules import SEATED, AttendeeKind, EnrollmentStatus, SeatEnd
from app.extensions import db
from app.fieldwork.models import ClientGroup, Host, HostVisit, Placement
from app.fieldwork.rules import HostKind, VisitStatus
from app.organisers.models import Organiser, OrganiserName, Signer
from app.regions.models import Region
from app.trainees.models import (
    Appointment,
    DutyPost,
    Qualification,
    Standing,
    Trainee,
    TraineeWord,
    WorkforceCount,
)
from app.trainees.rules import Sex, Source, TraineeStatus, mask_nik, words_of

TAPIN, BANJARBARU, SEMARANG, KALSEL = "63.05", "63.72", "33.74", "63"
LONG_AGO = date(2010, 1, 4)
TIERS = {
    "dasar": ("D", 1, "Dasar", "kabupaten", None, 1),
    "madya": ("M", 2, "Madya", "provinsi", "dasar", 2),
    "pratama": ("P", 3, "Pratama", "nation", "madya", 3),
}


P = ParamSpec("P")
T = TypeVar("T")


def in_letters(number: int) -> str:
    """Return a number in letters (0: A, 27: Ab), for names: those of people have no figures."""
    first, last = divmod(number, 26)
    return (in_letters(first - 1) if first else "") + chr(ord("A" if not first else "a") + last)


def committed(
    factory: Callable[Concatenate["Factories", P], T],
) -> Callable[Concatenate["Factories", P], T]:
    """Commit what a factory wrote once, after the outermost one: a refusal in the test does not roll it back.
    What is loaded stays loaded.
    """

    @wraps(factory)
    def make(self: "Factories", *args: P.args, **kwargs: P.kwargs) -> T:
        self.depth += 1
        try:
            made = factory(self, *args, **kwargs)
        finally:
            self.depth -= 1
        if self.depth == 0 and self.is_written:
            self.is_written = False
            session = db.session()
            session.expire_on_commit = False
            try:
                session.commit()
            finally:
                session.expire_on_commit = True
        return made

    return make


class Factories:
    """make.batch(), make.enrollment(): each returns a committed row."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.depth = 0
        self.is_written = False

    def _save(self, row: Any) -> Any:
        """Write a row; the factory that was called commits it."""
        db.session.add(row)
        return self._flush(row)

    @committed
    def _flush(self, row: Any) -> Any:
        self.is_written = True
        db.session.flush()
        return row

    @committed
    def region(self, code: str = TAPIN) -> Region:
        """Return a region of the small Indonesia."""
        return db.session.scalars(select(Region).where(Region.code == code, Region.valid_to.is_(None))).one()

    @committed
    def user(
        self,
        role: Role | None = None,
        region: str | Region = TAPIN,
        *,
        scope: tuple[ScopeKind, int] | None = None,
        name: str | None = None,
        email: str | None = None,
        password_hash: str | None = None,
        ends_on: date | None = None,
    ) -> User:
        """An account, with a role in a region (or in the scope given) when one is named."""
        place = self.region(region) if isinstance(region, str) else region
        number = next(self.numbers)
        user = self._save(
            User(
                name=name or f"Pengguna {number}",
                email=email or f"pengguna{number}@contoh.id",
                password_hash=password_hash,
                region=place,
            )
        )
        index = crypto.blind_index(user.email.lower(), context=f"sign-in {NameKind.EMAIL}")
        self._save(SignInName(user_id=user.id, kind=NameKind.EMAIL, blind_index=index))
        if role is not None:
            self.grant(user, role, place, scope=scope, ends_on=ends_on)
        return user

    @committed
    def grant(
        self,
        user: User,
        role: Role,
        region: Region | None = None,
        *,
        scope: tuple[ScopeKind, int] | None = None,
        ends_on: date | None = None,
    ) -> Grant:
        """A role in force."""
        if scope is not None:
            return self._save(
                Grant(user_id=user.id, role=role, scope_kind=scope[0], scope_id=scope[1], ends_on=ends_on)
            )
        return self._save(
            Grant(
                user_id=user.id,
                role=role,
                scope_kind=ScopeKind.REGION,
                scope_id=region.id,
                region_id=region.id,
                ends_on=ends_on,
            )
        )

    @committed
    def organiser(self, region: str = TAPIN, **values: Any) -> Organiser:
        """The office of a region, with a name and both signers since long ago; made once a region."""
        place = self.region(region)
        known = db.session.scalar(select(Organiser).where(Organiser.region_id == place.id))
        if known and not values:
            return known
        code = {"63.05": "TAPIN", "63.72": "BJB", "33.74": "SMG", "63": "KALSEL", "00": "PUSAT"}.get(
            region, f"O{next(self.numbers)}"
        )
        defaults = {
            "code": code,
            "unit": f"DINSOS-{code}",
            "level": place.level,
            "region": place,
            "seat": "Rantau",
        }
        organiser = self._save(
            Organiser(
                **{
                    **defaults,
                    "number_pattern": "{sequence:03}/DIKLAT-{tier}/{unit}/{month}/{year}",
                    **values,
                }
            )
        )
        name, government = f"Dinas Sosial {place.full_name}", f"Pemerintah {place.full_name}"
        self._save(
            OrganiserName(organiser_id=organiser.id, name=name, government=government, starts_on=LONG_AGO)
        )
        self.signer(
            organiser,
            name="Dra. Rusmini, M.Si.",
            position=f"Kepala Dinas Sosial {place.full_name}",
            nip="196501011990032001",
        )
        self.signer(
            organiser, name="H. Syamsul, S.Sos.", position="Kepala Bidang Pemberdayaan Sosial", is_second=True
        )
        return organiser

    @committed
    def signer(self, organiser: Organiser, **values: Any) -> Signer:
        """Somebody who signs."""
        return self._save(
            Signer(
                **{
                    "organiser_id": organiser.id,
                    "name": "Pejabat",
                    "position": "Kepala",
                    "starts_on": LONG_AGO,
                    **values,
                }
            )
        )

    @committed
    def tier(self, code: str = "dasar") -> Tier:
        """A rung of the ladder; made once, with the rungs below it."""
        known = db.session.scalar(select(Tier).where(Tier.code == code))
        if known:
            return known
        letter, rank, label, level, below, psks = TIERS[code]
        prerequisite = self.tier(below) if below else None
        title = f"Pendidikan dan Pelatihan {label} Pekerja Sosial Masyarakat"
        return self._save(
            Tier(
                code=code,
                letter=letter,
                rank=rank,
                label=label,
                title=title,
                level=level,
                prerequisite=prerequisite,
                psks_code=psks,
            )
        )

    @committed
    def curriculum(self, tier: Tier | None = None, hours: int = 4) -> Curriculum:
        """A curriculum of one subject with that many JP of theory."""
        tier = tier or self.tier()
        curriculum = self._save(
            Curriculum(tier=tier, version=next(self.numbers), title=f"Kurikulum {tier.label}")
        )
        self._save(
            Subject(
                curriculum_id=curriculum.id,
                position=1,
                name="Kebijakan",
                kind=SubjectKind.THEORY,
                theory_hours=hours,
            )
        )
        return curriculum

    @committed
    def course(self, organiser: Organiser | None = None, tier: str = "dasar", **values: Any) -> Course:
        """A diklat of Tapin's dinas."""
        organiser = organiser or self.organiser()
        rung = self.tier(tier)
        defaults = {
            "organiser": organiser,
            "tier": rung,
            "curriculum": values.get("curriculum") or self.curriculum(rung),
            "kind": CourseKind.DIKLAT,
            "title": f"Diklat {rung.label} PSM",
            "year": 2026,
            "attendance_threshold": 85,
            "lesson_minutes": 45,
            "fieldwork_required": False,
        }
        return self._save(Course(**{**defaults, **values}))

    @committed
    def batch(self, course: Course | None = None, **values: Any) -> Batch:
        """An open batch of thirty seats, next week, in the hall of the dinas."""
        course = course or self.course()
        number = next(self.numbers)
        begins = values.get("starts_on") or clock.today(course.organiser.region.zone) + timedelta(days=7)
        defaults = {
            "course": course,
            "ordinal": number,
            "code": f"{course.organiser.code}-{course.tier.letter}-{begins.year}-{number:02}",
            "status": BatchStatus.OPEN,
            "quota": 30,
            "starts_on": begins,
            "ends_on": begins + timedelta(days=3),
            "venue": "Aula Dinas Sosial, Rantau",
            "venue_region": course.organiser.region,
            "zone": course.organiser.region.zone,
            "audience": "Calon PSM dan PSM",
            "contact_name": "Ibu Ratna",
            "contact_phone": "0812-0000-0001",
            "admission": Admission.MANUAL,
        }
        return self._save(Batch(**{**defaults, **values}))

    @committed
    def session(self, batch: Batch | None = None, **values: Any) -> TrainingSession:
        """Two JP of material on the first morning."""
        batch = batch or self.batch()
        defaults = {
            "batch": batch,
            "kind": SessionKind.MATERIAL,
            "title": "Kebijakan",
            "held_on": batch.starts_on,
            "starts_at": time(9, 15),
            "ends_at": time(10, 45),
            "lesson_hours": 2,
        }
        return self._save(TrainingSession(**{**defaults, **values}))

    @committed
    def facilitator(self, organiser: Organiser | None = None, **values: Any) -> Facilitator:
        """Somebody who teaches."""
        return self._save(
            Facilitator(
                **{
                    "organiser": organiser or self.organiser(),
                    "name": f"Pengajar {next(self.numbers)}",
                    **values,
                }
            )
        )

    @committed
    def trainee(
        self,
        desa: str = "63.05.06.2001",
        status: TraineeStatus = TraineeStatus.ACTIVE,
        since: date = LONG_AGO,
        **values: Any,
    ) -> Trainee:
        """A PSM aktif of Keladan by an SK of long ago (or of the standing given), counted."""
        number = next(self.numbers)
        place = self.region(desa)
        name = values.pop("name", f"Siti Nomor {in_letters(number)}")
        nik = values.pop("nik", f"{desa[:8].replace('.', '')}410185{9000 + number:04}")
        defaults = {
            "name": name,
            "folded_name": fold_name(name),
            "nik": nik,
            "nik_index": nik and crypto.blind_index(nik, context="trainees.nik"),
            "nik_masked": nik and mask_nik(nik),
            "birth_place": "Rantau",
            "birth_date": date(1985, 1, 1),
            "sex": Sex.FEMALE,
            "status": status,
            "duty_region": place,
            "home_region": place,
        }
        trainee = self._save(Trainee(**{**defaults, **values}))
        for word in words_of(name):
            db.session.add(TraineeWord(trainee_id=trainee.id, word=word))
        self._save(DutyPost(trainee_id=trainee.id, region_id=place.id, starts_on=since))
        appointment = (
            self.appointment(dated_on=since, region=desa[:5]) if status is TraineeStatus.ACTIVE else None
        )
        self._save(
            Standing(
                trainee_id=trainee.id,
                status=status,
                starts_on=since,
                appointment_id=appointment and appointment.id,
            )
        )
        self._count(place.id, status, 0, 1)
        return trainee

    def _count(self, region_id: int, status: TraineeStatus, rank: int, people: int) -> None:
        row = db.session.get(WorkforceCount, (region_id, status, rank))
        if row is None:
            self._save(WorkforceCount(region_id=region_id, status=status, top_rank=rank, people=people))
        else:
            row.people += people
            self._flush(row)

    @committed
    def appointment(self, dated_on: date = LONG_AGO, region: str = TAPIN, **values: Any) -> Appointment:
        """An SK."""
        defaults = {
            "organiser": self.organiser(region),
            "number": f"SK-{next(self.numbers)}",
            "dated_on": dated_on,
            "signer_name": "Bupati",
        }
        return self._save(Appointment(**{**defaults, **values}))

    @committed
    def qualification(
        self, trainee: Trainee, tier: str = "dasar", held_from: date = LONG_AGO, **values: Any
    ) -> Qualification:
        """A tier held, counted when it is in force."""
        rung = self.tier(tier)
        number = next(self.numbers)
        held = db.session.scalars(
            select(Tier.rank)
            .join(Qualification)
            .where(Qualification.trainee_id == trainee.id, Qualification.held_to.is_(None))
        )
        before = max(held, default=0)
        defaults = {
            "trainee": trainee,
            "tier": rung,
            "held_from": held_from,
            "source": Source.RECOGNISED,
            "source_id": number,
        }
        row = self._save(Qualification(**{**defaults, "number": f"{number:03}", **values}))
        if row.held_to is None and rung.rank > before:
            self._count(trainee.duty_region_id, trainee.status, before, -1)
            self._count(trainee.duty_region_id, trainee.status, rung.rank, 1)
        return row

    @committed
    def enrollment(
        self, batch: Batch | None = None, trainee: Trainee | None = None, **values: Any
    ) -> Enrollment:
        """A submitted enrollment; a seated one comes with its attendee, who had the seat before the first day
        unless said otherwise.
        """
        batch = batch or self.batch()
        status, joined_at = values.pop("status", EnrollmentStatus.SUBMITTED), values.pop("joined_at", None)
        decided = {"decided_at": clock.now(), "decided_label": "Panitia"} if status in SEATED else {}
        defaults = {
            "batch": batch,
            "trainee": trainee or self.trainee(),
            "tier": batch.course.tier,
            "submitted_at": clock.now(),
            **decided,
        }
        row = self._save(Enrollment(**{**defaults, "status": status, **values}))
        if status in SEATED:
            before = datetime.combine(batch.starts_on, time.min, ZoneInfo(batch.zone)) - timedelta(days=1)
            joined_at = joined_at or min(clock.now(), before)
            self._save(
                Attendee(batch=batch, kind=AttendeeKind.TRAINEE, trainee=row.trainee, joined_at=joined_at)
            )
        return row

    @committed
    def attendee(self, batch: Batch | None = None, trainee: Trainee | None = None) -> Attendee:
        """An accepted participant."""
        row = self.enrollment(batch, trainee, status=EnrollmentStatus.ACCEPTED)
        return db.session.scalars(
            select(Attendee).where(Attendee.batch_id == row.batch_id, Attendee.trainee_id == row.trainee_id)
        ).one()

    @committed
    def attendance(
        self, session: TrainingSession, attendee: Attendee, status: Presence = Presence.PRESENT, **values: Any
    ) -> Attendance:
        """A presence."""
        return self._save(Attendance(session=session, attendee=attendee, status=status, **values))

    @committed
    def host(self, organiser: Organiser | None = None, region: str = BANJARBARU, **values: Any) -> Host:
        """A home in Banjarbaru, entered by Tapin, that takes forty trainees a day."""
        defaults = {
            "organiser": organiser or self.organiser(),
            "region": self.region(region),
            "name": f"Panti Budi {next(self.numbers)}",
            "kind": HostKind.PANTI,
            "visitors_per_day": 40,
        }
        host = self._save(Host(**{**defaults, **values}))
        self._save(ClientGroup(host_id=host.id, name="Lanjut usia telantar", clients=110))
        return host

    @committed
    def visit(self, batch: Batch | None = None, host: Host | None = None, **values: Any) -> HostVisit:
        """An accepted visit of thirty on the third day."""
        batch = batch or self.batch()
        defaults = {
            "batch": batch,
            "host": host or self.host(batch.course.organiser),
            "visits_on": batch.starts_on + timedelta(days=2),
            "requested_places": 30,
            "granted_places": 30,
            "status": VisitStatus.ACCEPTED,
            "answered_at": clock.now(),
        }
        return self._save(HostVisit(**{**defaults, **values}))

    @committed
    def placement(self, visit: HostVisit, attendee: Attendee, group: int = 1, **values: Any) -> Placement:
        """A place in the first group."""
        return self._save(Placement(visit=visit, attendee=attendee, group=group, **values))

    @committed
    def mark(self, attendee: Attendee, value: Any = 80, kind: MarkKind = MarkKind.FINAL) -> Mark:
        """A final mark."""
        return self._save(Mark(attendee=attendee, kind=kind, value=value))

    @committed
    def graduation(
        self,
        batch: Batch,
        *attendees: Attendee,
        approved: bool = True,
        outcome: ResultOutcome = ResultOutcome.PASSED,
        held_on: date | None = None,
        is_supplementary: bool = False,
    ) -> Graduation:
        """A meeting that decided the same of everybody named, proposed by one account and approved by
        another; seats as it decided.
        """
        proposer, approver = self.user(Role.KABUPATEN_DINAS), self.user(Role.SIGNER)
        row = Graduation(
            batch=batch,
            held_on=held_on or batch.ends_on,
            status=GraduationStatus.PROPOSED,
            proposed_at=clock.now(),
            proposed_by_id=proposer.id,
            proposed_label=proposer.name,
            is_supplementary=is_supplementary,
        )
        if approved:
            row.status, row.approved_at, row.approved_by_id = (
                GraduationStatus.APPROVED,
                clock.now(),
                approver.id,
            )
            row.approved_label = approver.name
        if not is_supplementary:
            batch.graduation_stage = GraduationStage.APPROVED if approved else GraduationStage.PROPOSED
            batch.approved_label = row.approved_label
        self._save(row)
        for attendee in attendees:
            self._save(
                GraduationResult(
                    graduation=row,
                    attendee=attendee,
                    outcome=outcome,
                    suggested=outcome,
                    attended_hours=4,
                    planned_hours=4,
                    reasons=[],
                )
            )
            if approved:
                self._end_seat(attendee, SEAT_ENDS.get(outcome))
        return row

    def _end_seat(self, attendee: Attendee, end: SeatEnd | None) -> None:
        own = Enrollment.batch_id == attendee.batch_id, Enrollment.trainee_id == attendee.trainee_id
        for held in db.session.scalars(select(Enrollment).where(*own)):
            held.ended_as, held.ended_at = end, clock.now() if end else None
            self._flush(held)

    @committed
    def certificate(self, attendee: Attendee | None = None, **values: Any) -> Certificate:
        """A certificate in force with the facts of its attendee."""
        attendee = attendee or self.attendee()
        batch, number = attendee.batch, next(self.numbers)
        issued = values.get("issued_on") or min(batch.ends_on, clock.today(batch.zone))
        text = f"{number:03}/DIKLAT-D/DINSOS/{issued.year}"
        facts = {
            "kind": "completion",
            "number": text,
            "code": "",
            "name": attendee.name,
            "birth_place": "Rantau",
            "birth_date": "1985-01-01",
            "member_number": None,
            "position": "Pekerja Sosial Masyarakat",
            "duty_desa": "Desa Keladan",
            "duty_kecamatan": "Kecamatan Candi Laras Utara",
            "institution": None,
            "grade": None,
            "course": batch.course.title,
            "course_title": batch.course.tier.title,
            "tier": batch.course.tier.code,
            "tier_label": batch.course.tier.label,
            "batch": batch.code,
            "batch_ordinal": "I",
            "year": batch.starts_on.year,
            "lesson_hours": 4,
            "starts_on": batch.starts_on.isoformat(),
            "ends_on": batch.ends_on.isoformat(),
            "place": batch.venue,
            "fieldwork_place": None,
            "issued_on": issued.isoformat(),
            "issued_at_place": "Rantau",
            "organiser": "Dinas Sosial Kabupaten Tapin",
            "government": "Pemerintah Kabupaten Tapin",
            "legal_basis": [],
            "signer": {
                "name": "Dra. Rusmini, M.Si.",
                "position": "Kepala Dinas",
                "prefix": None,
                "rank": None,
                "nip": None,
            },
            "second_signer": None,
            "subjects": [{"name": "Kebijakan", "theory_hours": 4, "practice_hours": 0}],
            "layout": {"orientation": "landscape"},
        }
        code = crypto.new_code()
        facts["code"] = code
        defaults = {
            "attendee": attendee,
            "trainee": attendee.trainee,
            "batch": batch,
            "organiser": batch.course.organiser,
            "tier": batch.course.tier,
            "kind": CertificateKind.COMPLETION,
            "year": issued.year,
            "sequence": number,
            "number": text,
            "code": code,
            "facts": facts,
            "facts_digest": facts_digest(facts),
            "issued_on": issued,
        }
        batch.graduation_stage = GraduationStage.CERTIFIED
        return self._save(Certificate(**{**defaults, **values}))

    @committed
    def survey(self, region: str = TAPIN, complete_on: date = LONG_AGO, **values: Any) -> Survey:
        """That everybody there is recorded: who has nobody is empty, and not unknown."""
        return self._save(Survey(region=self.region(region), complete_on=complete_on, **values))

    @committed
    def target(
        self, region: str = TAPIN, per_desa: int = 1, starts_on: date = LONG_AGO, **values: Any
    ) -> Target:
        """How many PSM each desa should have."""
        return self._save(
            Target(region=self.region(region), per_desa=per_desa, starts_on=starts_on, **values)
        )
