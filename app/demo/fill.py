"""The Tapin of the demo, made through the services as an office would: one finished diklat of 2011, one open,
one of the provinsi.
"""

import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.assessment import services as assessment
from app.attendance import queries as attendance_queries
from app.attendance import services as attendance
from app.auth import services as auth
from app.auth.models import User
from app.auth.rules import NameKind, Role
from app.certificates import services as certificates
from app.certificates.models import Certificate
from app.core import clock
from app.core.actor import SYSTEM
from app.core.scopes import ScopeKind
from app.core.unit_of_work import atomic
from app.courses import queries as course_queries
from app.courses import services as courses
from app.courses.models import Batch
from app.coverage import services as coverage
from app.demo.people import CANDIDATES, PARTICIPANTS, Person
from app.enrollments import services as enrollments
from app.extensions import db
from app.fieldwork import services as fieldwork
from app.fieldwork.rules import HostKind, VisitStatus
from app.organisers import queries as organiser_queries
from app.organisers import services as organisers
from app.organisers.models import Organiser
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WITA, Level
from app.trainees import services as trainees
from app.trainees.models import Trainee
from app.trainees.rules import Sex, sample_nik

ACCOUNTS = "demo-accounts.json"
FIRST_DAY, LAST_DAY = date(2011, 5, 24), date(2011, 5, 27)
SERVING_SINCE = date(2011, 1, 3)
PASS_MARK = Decimal(60)  # of the diklat of the provinsi; the courses of Tapin ask for no mark


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to the demo, and what to look at first."""

    role: str
    sign_in: str
    password: str
    look_at: str


@dataclass(frozen=True)
class Filled:
    """What the demo holds now."""

    organisers: int
    trainees: int
    batches: int
    certificates: int
    seconds: float


def fill_tapin(*, data_dir: Path) -> Filled:
    """Make the demo in one transaction, all or nothing; a second call finds the first one's work and changes
    nothing.
    """
    start = time.monotonic()
    tapin = organiser_queries.find_organiser_by_code("TAPIN")
    if tapin is None:
        accounts = _fill()
        path = data_dir / ACCOUNTS
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            json.dump([asdict(account) for account in accounts], file, ensure_ascii=False, indent=1)
    return _counted(time.monotonic() - start)


def accounts_of(data_dir: Path) -> list[Account]:
    """Return the accounts of the demo of this installation; none where there is no demo."""
    path = data_dir / ACCOUNTS
    return [Account(**entry) for entry in json.loads(path.read_text())] if path.exists() else []


def _counted(seconds: float) -> Filled:
    offices, people, batches, certificate_count = (
        db.session.query(model).count() for model in (Organiser, Trainee, Batch, Certificate)
    )
    return Filled(offices, people, batches, certificate_count, seconds=round(seconds, 1))


@atomic()
def _fill() -> list[Account]:
    courses.load_reference(by=SYSTEM)
    tapin = _office("TAPIN", "63.05", Level.KABUPATEN, "Rantau", "Kepala Dinas Sosial Kabupaten Tapin")
    kalsel = _office(
        "KALSEL", "63", Level.PROVINSI, "Banjarbaru", "Kepala Dinas Sosial Provinsi Kalimantan Selatan"
    )
    people = _People()
    dinas = people.open(
        "Ratna Dewi", "dinas", Role.KABUPATEN_DINAS, "63.05", "rencana, peserta, kelulusan, cakupan Tapin"
    )
    committee = people.open(
        "Panitia Tapin", "panitia", Role.COMMITTEE, "63.05", "angkatan dari jadwal sampai daftar hadir"
    )
    signer = people.open(
        "Dra. Rusmini, M.Si.", "kabid", Role.SIGNER, "63.05", "menyetujui kelulusan, menerbitkan sertifikat"
    )
    trainer = people.open("Drs. Hairul Anwar", "pengajar", None, "63.05", "sesi yang diajarkannya")
    host_contact = people.open(
        "Ibu Kartini", "panti", None, "63.72", "permohonan PKL, kehadiran pada hari kunjungan"
    )
    people.open("Rudiansyah", "tksk", Role.TKSK, "63.05.06", "kecamatannya: Candi Laras Utara")
    provinsi = people.open(
        "Bidang Dayasos Provinsi",
        "provinsi",
        Role.PROVINSI_DINAS,
        "63",
        "diklat madya; membaca seluruh Kalimantan Selatan",
    )
    people.open("Direktorat Pemberdayaan", "pusat", Role.PUSAT, "00", "membaca seluruh Indonesia")
    people.open("Auditor Inspektorat", "auditor", Role.AUDITOR, "63.05", "riwayat perubahan")
    people.open("Ketua IPSM Tapin", "ipsm", Role.IPSM_OFFICER, "63.05", "PSM dan cakupan")
    people.open("Administrator", "admin", Role.ADMINISTRATOR, "00", "pengguna dan penyelenggara")
    host = fieldwork.draft_host(
        tapin,
        region=_region("63.72"),
        name="Panti Perlindungan Lanjut Usia Budi Luhur",
        kind=HostKind.PANTI,
        visitors_per_day=40,
        by=dinas,
        client_groups=[("Lanjut usia telantar", 110)],
        contact_user=host_contact,
    )
    teacher = courses.add_facilitator(
        tapin, name=trainer.name, by=dinas, institution="Dinas Sosial Provinsi", user=trainer
    )
    coverage.set_target(_region("63.05"), per_desa=1, starts_on=SERVING_SINCE, by=dinas)

    first = _plan(tapin, FIRST_DAY, dinas, announced_days=3)
    for session in [each for each in course_queries.list_sessions(first) if each.lesson_hours][-4:-2]:
        courses.change_session(session, by=dinas, facilitator_id=teacher.id)
    courses.open_batch(first, by=dinas)
    seated = [_register(person, number, dinas) for number, person in enumerate(PARTICIPANTS)]
    coverage.state_complete(_region("63.05"), complete_on=SERVING_SINCE, by=dinas)
    trainees.appoint(tapin, "188.45/012/KUM/2011", SERVING_SINCE, "Bupati Tapin", seated, dinas)
    asked = enrollments.enroll_many(first, seated, by=committee)
    enrollments.accept_many(first, [enrollment.id for enrollment in asked], by=committee)
    courses.close_batch(first, by=dinas)
    visit = fieldwork.request_visit(
        first, host, visits_on=FIRST_DAY + timedelta(days=2), requested_places=len(seated), by=committee
    )
    fieldwork.answer_visit(visit, VisitStatus.ACCEPTED, by=host_contact, granted_places=len(seated))
    fieldwork.spread_evenly(first, by=committee)
    courses.start_batch(first, by=dinas)
    for block in attendance_queries.blocks_of(first):
        attendance.record_block(first, block.name, {}, by=committee)
    courses.finish_batch(first, by=dinas)
    graduation = assessment.propose_graduation(
        first, held_on=LAST_DAY, minutes="Rapat di aula dinas, dihadiri panitia dan pengajar.", by=dinas
    )
    assessment.approve_graduation(graduation, by=signer)
    certificates.issue_for_batch(first, issued_on=LAST_DAY, by=signer)
    people.open_volunteer(seated[0], "sertifikatnya dari diklat 2011")

    soon = clock.today(WITA) + timedelta(days=21)
    second = _plan(tapin, soon, dinas)
    courses.open_batch(second, by=dinas)
    asking = [
        _register(person, len(PARTICIPANTS) + number, dinas) for number, person in enumerate(CANDIDATES)
    ]
    enrollments.enroll_many(second, asking, by=committee)
    people.open_volunteer(asking[0], "pendaftaran yang sedang diperiksa")

    rungs = course_queries.newest_curriculum(_tier("madya"))
    assert rungs is not None
    courses.set_pass_mark_of_curriculum(
        rungs, PASS_MARK, reason="Contoh: dinas provinsi memberi ujian akhir", by=SYSTEM
    )
    madya = courses.plan_batch(
        kalsel,
        _tier("madya"),
        starts_on=soon + timedelta(days=21),
        venue="Aula Dinas Sosial Provinsi, Banjarbaru",
        venue_region=_region("63.72"),
        by=provinsi,
    )
    courses.open_batch(madya, by=provinsi)
    enrollments.enroll_many(madya, seated[1:4], by=provinsi)
    return people.accounts


def _region(code: str) -> Region:
    region = find_region(code)
    assert region is not None, f"region {code} is not loaded"
    return region


def _tier(code: str) -> Any:
    tier = course_queries.get_tier_by_code(code)
    assert tier is not None
    return tier


def _office(code: str, region_code: str, level: Level, seat: str, position: str) -> Organiser:
    region = _region(region_code)
    organiser = organisers.register_organiser(
        code=code,
        unit=f"DINSOS-{code}",
        level=level,
        region=region,
        seat=seat,
        name=f"Dinas Sosial {region.full_name}",
        government=f"Pemerintah {region.full_name}",
        starts_on=date(2009, 1, 1),
        by=SYSTEM,
        phone="0517-000000",
    )
    organisers.appoint_signer(
        organiser,
        name="Drs. H. Zainal Ilmi, M.AP.",
        position=position,
        starts_on=date(2009, 1, 1),
        by=SYSTEM,
        rank="Pembina Utama Muda",
        nip="196203041988031005",
    )
    organisers.appoint_signer(
        organiser,
        name="Dra. Rusmini, M.Si.",
        position="Kepala Bidang Pemberdayaan Potensi Kesejahteraan Sosial",
        starts_on=date(2009, 1, 1),
        by=SYSTEM,
        rank="Pembina",
        nip="196805121994032007",
        is_second=True,
    )
    return organiser


def _plan(organiser: Organiser, starts_on: date, by: User, *, announced_days: int | None = None) -> Batch:
    batch = courses.plan_batch(
        organiser,
        _tier("dasar"),
        starts_on=starts_on,
        venue="Aula Dinas Sosial Kabupaten Tapin, Rantau",
        venue_region=organiser.region,
        by=by,
    )
    facts: dict[str, Any] = {
        "contact_name": "Ratna Dewi",
        "contact_phone": "0812-0000-0101",
        "provided": "Uang transport dan makan ditanggung panitia.",
    }
    if announced_days is not None:
        facts["announced_days"] = announced_days
    courses.change_batch(batch, by=by, **facts)
    courses.copy_rundown(batch, by=by, fieldwork_place="Banjarbaru")
    return batch


def _register(person: Person, number: int, by: User) -> Trainee:
    born = date.fromisoformat(person.born)
    sex = Sex.FEMALE if person.is_woman else Sex.MALE
    desa = _region(person.desa)
    return trainees.register_trainee(
        trainees.TraineeData(
            name=person.name,
            duty_region=desa,
            nik=sample_nik(person.desa[:8], born, sex, 9001 + number),
            birth_place="Rantau",
            birth_date=born,
            sex=sex,
            phone=f"0812000{20000 + number}",
            home_region=desa,
            duty_since=SERVING_SINCE,
        ),
        by=by,
    )


class _People:
    """Opens the accounts of the demo, each with a password of its own that is printed once more by every
    `make run`.
    """

    def __init__(self) -> None:
        self.accounts: list[Account] = []

    def open(self, name: str, word: str, role: Role | None, region: str, look_at: str) -> User:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        email = f"{word}@contoh.id"
        place = _region(region)
        user = auth.open_account(name, password=password, names={}, email=email, region=place, by=SYSTEM)
        if role is not None:
            auth.grant_role(user, role, scope_kind=ScopeKind.REGION, scope_id=place.id, by=SYSTEM)
        label = str(role.label) if role else {"pengajar": "Pengajar", "panti": "Narahubung lokasi PKL"}[word]
        self.accounts.append(Account(label, email, password, look_at))
        return user

    def open_volunteer(self, trainee: Trainee, look_at: str) -> None:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        user = auth.open_account(
            trainee.name,
            password=password,
            names={NameKind.NIK: trainee.nik or "", NameKind.PHONE: trainee.phone or ""},
            region=trainee.duty_region,
            by=SYSTEM,
        )
        trainee.user_id = user.id
        self.accounts.append(
            Account(
                "PSM" if trainee.status == "active" else "Calon PSM", str(trainee.phone), password, look_at
            )
        )
