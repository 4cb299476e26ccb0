"""Two kabupaten with one row of every kind in each, people of every role, and the ids that fill the addresses
of routes.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import String, case, func, select, update
from sqlalchemy.orm import Mapper

from app.audit import services as audit
from app.auth.models import AccessToken, Grant, SignIn, User
from app.auth.rules import Role
from app.certificates.document import facts_digest
from app.certificates.models import Certificate
from app.core import clock, crypto
from app.core.models import EncryptedText
from app.core.scopes import ScopeKind
from app.core.unit_of_work import atomic
from app.courses.models import Subject
from app.courses.rules import BatchStatus
from app.enrollments.models import Attendee
from app.enrollments.rules import EnrollmentStatus
from app.extensions import db
from app.fieldwork.rules import VisitStatus
from app.notifications.models import Notice
from app.notifications.rules import PersonKind
from app.organisers.queries import list_names
from app.petitions.models import Petition
from app.petitions.rules import PetitionKind, Told
from app.trainees.models import Merge
from app.trainees.rules import TraineeStatus
from tests.factories import Factories

CANARY = "KANARI-7F3A"
UNKNOWN_ID = 2_000_000_000
# What an address says that is no row of a jurisdiction: shared reference data, or a part that means nothing
# without its row.
SHARED = frozenset(
    {
        "tier_id",
        "tier_code",
        "version",
        "curriculum_id",
        "block",
        "day",
        "group",
        "token",
        "filename",
    }
)
# Texts that no person types: keys, digests, what the program itself chooses or has to read back.
NOT_TYPED = frozenset(
    {
        "code",
        "zone",
        "number_pattern",
        "password_hash",
        "blind_index",
        "nik_index",
        "nik_masked",
        "nik",
        "folded_name",
        "token_digest",
        "facts_digest",
        "action",
        "subject_type",
        "scope_code",
        "actor_role",
        "request_id",
        "outcome",
        "salt",
        "commitment",
        "details",
        "previous_digest",
        "digest",
        "secret",
        "message_id",
        "recipient",
        "operation",
        "fingerprint",
        "key",
        "actor",
        "what",
        "letter",
    }
)
ONLY_WHERE_SET = frozenset(
    {"revoked_reason", "decided_label", "approved_label"}
)  # a rule of the table ties them to something else
REFERENCE = frozenset(
    {
        "regions",
        "region_successions",
        "tiers",
        "curricula",
        "subjects",
        "events",
        "tries",
        "idempotency_records",
    }
)
KEPT_FACTS = frozenset(
    {"kind", "code", "birth_date", "starts_on", "ends_on", "issued_on", "tier", "orientation"}
)


@dataclass
class Person:
    """Somebody with a browser and a token for programs."""

    name: str
    user_id: int
    session: str
    bearer: str


@dataclass
class Home:
    """One kabupaten: ids by the name that addresses give them."""

    region: str
    desa: str
    ids: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Both kabupaten, and who asks."""

    own: Home
    foreign: Home
    unknown: Home
    people: dict[str, Person] = field(default_factory=dict)

    def fill(self, names: set[str], home: Home, only: str | None = None) -> dict[str, Any]:
        """Return values for the parts of an address, from one home (or only that part from it, the others
        being own).
        """
        untaught = names - set(self.own.ids)
        assert not untaught, (
            f"addresses have new parts {sorted(untaught)}: teach them in tests/security/world.py"
        )
        return {
            name: (home if only in (None, name) and name not in SHARED else self.own).ids[name]
            for name in names
        }


def build() -> World:
    """Make everything; the rows of the foreign kabupaten carry the canary in every text."""
    make = Factories()
    make.tier("pratama")
    curriculum = make.curriculum()
    world = World(
        Home("63.05", "63.05.06.2001"), Home("33.74", "33.74.01.1001"), Home("33.99", "33.99.01.1001")
    )
    world.people["stranger"] = person(make, "stranger", Role.KABUPATEN_DINAS, "33.74")
    furnish(make, world.own, curriculum, batch_status=BatchStatus.OPEN, officer_name="Petugas Rajin")
    before = highest_ids()
    furnish(make, world.foreign, curriculum, batch_status=BatchStatus.RUNNING, officer_name=CANARY)
    write_everywhere(lambda _column: CANARY, since=before)
    world.unknown.ids = {
        name: (
            value
            if name in SHARED
            else (
                "AAAAAAAAAAAAA"
                if name == "code"
                else (
                    "ZZZ-D-2026-99"
                    if name == "batch_code"
                    else "33.99"
                    if name == "region_code"
                    else UNKNOWN_ID
                )
            )
        )
        for name, value in world.own.ids.items()
    }
    own = world.own.ids
    for name, role, region, scope in (
        ("dinas", Role.KABUPATEN_DINAS, "63.05", None),
        ("committee", Role.COMMITTEE, "63.05", None),
        ("signer", Role.SIGNER, "63.05", None),
        ("tksk", Role.TKSK, "63.05.06", None),
        ("ipsm", Role.IPSM_OFFICER, "63.05", None),
        ("auditor", Role.AUDITOR, "63.05", None),
        ("administrator", Role.ADMINISTRATOR, "63.05", None),
        ("trainer", Role.TRAINER, "63.05", (ScopeKind.SESSION, own["session_id"])),
        ("mentor", Role.MENTOR, "63.05", (ScopeKind.BATCH, own["batch_id"])),
        ("host_contact", Role.HOST_CONTACT, "63.05", (ScopeKind.HOST, own["host_id"])),
        ("provinsi", Role.PROVINSI_DINAS, "63", None),
    ):
        world.people[name] = person(make, name, role, region, scope=scope)
    for name, account in (("volunteer", "account"), ("graduate", "graduate_user")):
        world.people[name] = signed(db.session.get_one(User, world.own.more[account]), name)
    world.own.ids["sign_in_id"] = other_sign_in(world.people["dinas"].user_id)
    world.own.ids["token_id"] = other_token(world.people["dinas"].user_id)
    db.session.remove()
    return world


def furnish(
    make: Factories, home: Home, curriculum: Any, *, batch_status: BatchStatus, officer_name: str
) -> None:
    """Put one row of every kind into a kabupaten."""
    region = home.region
    accounts = db.session.scalar(select(func.max(User.id))) or 0
    organiser = make.organiser(region)
    course = make.course(organiser, curriculum=curriculum)
    today = clock.today(organiser.region.zone)
    batch = make.batch(course, status=batch_status, starts_on=today + timedelta(days=7))
    subject = db.session.scalar(select(Subject.id).where(Subject.curriculum_id == curriculum.id))
    session = make.session(batch, subject_id=subject)
    facilitator = make.facilitator(organiser)
    account = make.user(None, region)
    trainee = make.trainee(
        home.desa, user=account, email="warga@contoh.id", phone="+6281200000001", address="Jalan Melati 1"
    )
    candidate = make.trainee(home.desa, TraineeStatus.CANDIDATE)
    duplicate = make.trainee(home.desa)
    other = make.trainee(home.desa)
    for each, name in ((trainee, "enrollment_id"), (other, "second_enrollment")):
        home.more[name] = make.enrollment(batch, each).id
    home.ids["enrollment_id"] = home.more["enrollment_id"]
    attendee = make.attendee(batch, make.trainee(home.desa))
    make.attendance(session, attendee)
    make.mark(attendee)
    host = make.host(organiser, region)
    visit = make.visit(batch, host, status=VisitStatus.REQUESTED, granted_places=0)
    accepted = make.visit(batch, host)
    placement = make.placement(accepted, attendee)
    make.attendee(batch, make.trainee(home.desa))  # without a place: there is somebody to divide
    met = make.batch(
        course,
        status=BatchStatus.FINISHED,
        starts_on=today - timedelta(days=15),
        ends_on=today - timedelta(days=14),
    )
    graduation = make.graduation(met, make.attendee(met, make.trainee(home.desa)), approved=False)
    notice = Notice(
        batch_id=batch.id,
        person_kind=PersonKind.TRAINEE,
        person_id=trainee.id,
        name=trainee.name,
        subject="Kabar",
        text="Kabar",
    )
    db.session.add(notice)
    past = make.batch(
        course,
        status=BatchStatus.FINISHED,
        starts_on=today - timedelta(days=30),
        ends_on=today - timedelta(days=27),
    )
    graduate = make.trainee(home.desa, user=make.user(None, region))
    make.session(past)
    earned = make.enrollment(past, graduate, status=EnrollmentStatus.CONFIRMED)
    certificate = make.certificate(attendee_of(earned))
    bad = make.enrollment(past, make.trainee(home.desa), status=EnrollmentStatus.CONFIRMED)
    make.certificate(
        attendee_of(bad),
        revoked_at=clock.now(),
        revoked_on=today - timedelta(days=1),
        revoked_reason="Salah cetak",
        revoked_by_id=1,
    )
    make.qualification(graduate, held_from=today - timedelta(days=27))
    running = make.batch(course, status=BatchStatus.RUNNING, starts_on=today, ends_on=today)
    half_day = make.session(running)
    learner = make.attendee(running, make.trainee(home.desa))
    yesterday = today - timedelta(days=1)
    done = make.batch(course, status=BatchStatus.FINISHED, starts_on=yesterday, ends_on=yesterday)
    meeting_of = make.attendee(done, make.trainee(home.desa))
    make.attendance(make.session(done, lesson_hours=4), meeting_of)
    passed = make.batch(
        course,
        status=BatchStatus.FINISHED,
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=8),
    )
    winner = make.attendee(passed, make.trainee(home.desa))
    make.attendance(make.session(passed, lesson_hours=4), winner)
    make.graduation(passed, winner)
    proposed = make.batch(
        course,
        status=BatchStatus.FINISHED,
        starts_on=today - timedelta(days=5),
        ends_on=today - timedelta(days=4),
    )
    hopeful = make.attendee(proposed, make.trainee(home.desa))
    make.attendance(make.session(proposed, lesson_hours=4), hopeful)
    proposal = make.graduation(proposed, hopeful, approved=False)
    free = make.trainee(home.desa)
    merge = Merge(
        duplicate_id=duplicate.id, canonical_id=trainee.id, merged_at=clock.now(), reason="Dua kartu"
    )
    db.session.add(merge)
    duplicate.canonical_id = trainee.id
    petition = Petition(
        kind=PetitionKind.NAME, trainee_id=trainee.id, told=Told(name=f"{trainee.name} B").as_text()
    )
    db.session.add(petition)
    db.session.commit()
    signer = make.signer(organiser, name="Drs. Ketiga")
    officer = make.user(Role.COMMITTEE, region, name=officer_name)
    target, over = (
        make.target(region),
        {"taken_back_at": clock.now(), "ended_on": today, "end_reason": "Ada yang tertinggal"},
    )
    survey = make.survey(region, **over)
    with atomic():
        audit.record("batch.opened", batch, by=officer)
    draft = make.batch(course, status=BatchStatus.DRAFT, starts_on=today + timedelta(days=90))
    place = {"region_id": make.region(region).id}  # also of those whom the factory of graduations makes
    db.session.execute(update(User).where(User.id > accounts).values(place))
    db.session.execute(
        update(Grant)
        .where(Grant.user_id > accounts, Grant.region_id.is_not(None))
        .values(place | {"scope_id": place["region_id"]})
    )
    db.session.commit()
    home.ids |= {
        "organiser_id": organiser.id,
        "course_id": course.id,
        "batch_id": batch.id,
        "batch_code": batch.code,
        "session_id": session.id,
        "block": f"{batch.starts_on.isoformat()}-1",
        "day": batch.starts_on.isoformat(),
        "trainee_id": trainee.id,
        "attendee_id": attendee.id,
        "host_id": host.id,
        "visit_id": visit.id,
        "group": 1,
        "graduation_id": graduation.id,
        "certificate_id": certificate.id,
        "code": certificate.code,
        "merge_id": merge.id,
        "petition_id": petition.id,
        "signer_id": signer.id,
        "name_id": list_names(organiser)[0].id,
        "user_id": officer.id,
        "grant_id": grant_of(officer).id,
        "appointment_id": make.appointment(region=region).id,
        "region_code": region,
        "tier_id": curriculum.tier_id,
        "tier_code": curriculum.tier.code,
        "version": curriculum.version,
        "curriculum_id": curriculum.id,
        "token": "x" * 43,
        "filename": "favicon.svg",
        "notice_id": notice.id,
        "target_id": target.id,
        "survey_id": survey.id,
        "facilitator_id": facilitator.id,
        "sign_in_id": other_sign_in(officer.id),
        "token_id": other_token(officer.id),
    }
    home.more |= {
        "facilitator": facilitator.id,
        "candidate": candidate.id,
        "other": other.id,
        "duplicate": duplicate.id,
        "graduate": graduate.id,
        "draft_batch": draft.id,
        "past_batch": past.id,
        "accepted_visit": accepted.id,
        "placement": placement.id,
        "account": account.id,
        "running": running.id,
        "running_block": f"{today.isoformat()}-1",
        "learner": learner.id,
        "half_day": half_day.id,
        "done": done.id,
        "done_attendee": meeting_of.id,
        "passed": passed.id,
        "free": free.id,
        "today": today,
        "proposed": proposal.id,
        "region_id": place["region_id"],
        "subject": subject,
        "starts_on": batch.starts_on,
        "graduate_user": graduate.user_id,
    }


def attendee_of(enrollment: Any) -> Any:
    """Return the attendee that a seated enrollment became."""
    mine = Attendee.batch_id == enrollment.batch_id, Attendee.trainee_id == enrollment.trainee_id
    return db.session.scalars(select(Attendee).where(*mine)).one()


def grant_of(user: User) -> Any:
    """Return the one grant of an account."""
    return db.session.scalars(select(Grant).where(Grant.user_id == user.id)).one()


def other_sign_in(user_id: int) -> int:
    """Add a further browser of an account; return its row."""
    row = SignIn(token_digest=crypto.token_digest(crypto.new_token()), user_id=user_id, device="Firefox")
    db.session.add(row)
    db.session.commit()
    return row.id


def other_token(user_id: int) -> int:
    """Add the token of a program of an account; return its row."""
    row = AccessToken(token_digest=crypto.token_digest(crypto.new_token()), user_id=user_id, label="rekap")
    db.session.add(row)
    db.session.commit()
    return row.id


def person(make: Factories, name: str, role: Role, region: str, *, scope: Any = None) -> Person:
    """Make an account with a role and sign it in."""
    return signed(make.user(role, region, scope=scope), name)


def signed(user: User, name: str) -> Person:
    """Sign an account in, with a browser and with a token."""
    session, bearer = crypto.new_token(), crypto.new_token()
    db.session.add(SignIn(token_digest=crypto.token_digest(session), user_id=user.id, device="test"))
    db.session.add(AccessToken(token_digest=crypto.token_digest(bearer), user_id=user.id, label="test"))
    db.session.commit()
    return Person(name, user.id, session, bearer)


def mappers() -> list[Mapper[Any]]:
    """Return the tables of rows that people make, each with one id."""
    everything = [mapper for mapper in db.Model.registry.mappers if mapper.local_table.name not in REFERENCE]
    return sorted(
        (each for each in everything if "id" in each.columns), key=lambda each: each.local_table.name
    )


def highest_ids() -> dict[str, int]:
    """Return the last id of each table."""
    return {
        each.local_table.name: db.session.scalar(select(func.max(each.columns["id"]))) or 0
        for each in mappers()
    }


def typed_columns(mapper: Mapper[Any]) -> list[Any]:
    """Return the attributes that hold words which people type."""
    unique = {column.name for index in mapper.local_table.indexes if index.unique for column in index.columns}
    unique |= {column.name for column in mapper.local_table.columns if column.unique}
    unique |= {
        column.name
        for constraint in mapper.local_table.constraints
        if type(constraint).__name__ == "UniqueConstraint"
        for column in constraint.columns
    }
    return [
        attribute
        for attribute in mapper.column_attrs
        if (column := attribute.columns[0]).name not in NOT_TYPED | unique
        and (
            isinstance(column.type, EncryptedText)
            or (isinstance(column.type, String) and type(column.type).__name__ != "Enum")
        )
        and not column.type.__class__.__name__.startswith("Choice")
        and getattr(column.type, "enums", None) is None
    ]


def write_everywhere(text_for: Any, since: dict[str, int]) -> int:
    """Write a text into every typed column of the rows made since; return how many columns there are."""
    columns = 0
    for mapper in mappers():
        name = mapper.local_table.name
        found = typed_columns(mapper)
        if not found:
            continue
        values = {}
        for attribute in found:
            column = attribute.columns[0]
            text = text_for(f"{name}.{attribute.key}")[: getattr(column.type, "length", None) or 500]
            if attribute is Petition.told.property:  # several texts in one column
                text = Told(name=text, was=text, phone=text, address=text, about=text, words=text).as_text()
            values[attribute.key] = (
                case((column.is_not(None), text)) if attribute.key in ONLY_WHERE_SET else text
            )
        columns += len(values)
        db.session.execute(
            update(mapper.class_).where(mapper.columns["id"] > since.get(name, 0)).values(values)
        )
    for certificate in db.session.scalars(
        select(Certificate).where(Certificate.id > since.get("certificates", 0))
    ):
        certificate.facts = rewritten(certificate.facts, text_for)
        certificate.facts_digest = facts_digest(certificate.facts)
    db.session.commit()
    db.session.expire_all()
    return columns


def rewritten(value: Any, text_for: Any, name: str = "") -> Any:
    """Return a frozen copy with every typed text replaced."""
    if isinstance(value, dict):
        return {key: rewritten(each, text_for, key) for key, each in value.items()}
    if isinstance(value, list):
        return [rewritten(each, text_for, name) for each in value]
    return text_for(f"facts.{name}") if isinstance(value, str) and name not in KEPT_FACTS else value
