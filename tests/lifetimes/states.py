"""One batch of Tapin in every state of its life, with a row for each door.

Somebody asks, waits, is offered a seat, sits, was put off; there are presence, marks, visits, a meeting and a
certificate. A state that would not have a row of itself (a certificate of a draft) has one all the same, so
that every door is tried everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.assessment import services as assessment
from app.assessment.rules import GraduationStatus, ResultOutcome
from app.auth.models import User
from app.auth.rules import Role
from app.core import clock
from app.core.scopes import ScopeKind
from app.courses import queries
from app.courses.acts import BatchState, Standing
from app.courses.models import Batch, Subject
from app.courses.rules import BatchStatus, GraduationStage, SessionKind
from app.enrollments.models import Enrollment
from app.enrollments.rules import EnrollmentStatus, SeatEnd
from app.extensions import db
from app.fieldwork.rules import VisitStatus, proposal
from app.notifications.models import Notice
from app.notifications.rules import PersonKind
from app.trainees.rules import TraineeStatus
from tests.factories import Factories
from tests.security.conftest import one_transaction
from tests.security.walker import Walker
from tests.security.world import Home, World, attendee_of, person, signed

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)  # a Monday at ten in Rantau
AHEAD, BEGUN, PAST = 7, -1, -10  # first day of the four, counted from today
ASKING = ("asking", "second", "waiting", "offered", "returned")
ACCOUNTS = ("offered", "returned", "seated", "newcomer", "host_contact")
S, B, G = BatchState, BatchStatus, GraduationStage


@dataclass(frozen=True)
class Way:
    """One way in which a batch comes into a state: what is stored, and where its days lie."""

    name: str
    state: BatchState
    status: BatchStatus
    first_day: int
    stage: GraduationStage = G.NONE
    is_put_off: bool = True  # where a meeting has decided, it has put one person off

    def __str__(self) -> str:
        return self.name


WAYS = (
    Way("draft", S.DRAFT, B.DRAFT, AHEAD),
    Way("open", S.OPEN, B.OPEN, AHEAD),
    Way("closed", S.CLOSED, B.CLOSED, AHEAD),
    Way("running", S.RUNNING, B.RUNNING, BEGUN),
    Way("running, stored as open", S.RUNNING, B.OPEN, BEGUN),
    Way("running, stored as closed", S.RUNNING, B.CLOSED, BEGUN),
    Way("over", S.OVER, B.RUNNING, PAST),
    Way("over, stored as open", S.OVER, B.OPEN, PAST),
    Way("finished", S.FINISHED, B.FINISHED, PAST),
    Way("proposed", S.PROPOSED, B.RUNNING, PAST, G.PROPOSED),
    Way("approved", S.APPROVED, B.RUNNING, PAST, G.APPROVED),
    Way("approved, stored as finished", S.APPROVED, B.FINISHED, PAST, G.APPROVED),
    Way("approved, nobody put off", S.APPROVED, B.RUNNING, PAST, G.APPROVED, is_put_off=False),
    Way("certified", S.CERTIFIED, B.RUNNING, PAST, G.CERTIFIED),
    Way("certified, stored as finished", S.CERTIFIED, B.FINISHED, PAST, G.CERTIFIED),
    Way("cancelled", S.CANCELLED, B.CANCELLED, AHEAD),
)


@dataclass
class Scene:
    """A batch that has come some way, and somebody who walks to its doors."""

    way: Way
    world: World
    standing: Standing
    walker: Walker = field(init=False)


@contextmanager
def scene_of(app: Flask, way: Way) -> Iterator[Scene]:
    """Build the batch in a transaction that is rolled back at the end; the clock starts at one moment."""
    clock.start_at(NOW)
    try:
        with one_transaction(app) as connection:
            with app.app_context():
                scene = build(way)
                db.session.remove()
            scene.walker = Walker(app, connection, scene.world)
            yield scene
    finally:
        clock.start_at(None)


def build(way: Way) -> Scene:
    """Make the batch with all its people and papers; then let it come to its state."""
    make = Factories()
    home = Home("63.05", "63.05.06.2001")
    world = World(home, home, home)
    organiser = make.organiser()
    today = clock.today(organiser.region.zone)
    course = make.course(organiser)
    begins = today + timedelta(days=way.first_day)
    entered = clock.now() - timedelta(days=60)
    batch = make.batch(course, status=B.RUNNING, starts_on=begins, recorded_at=entered)
    subject = db.session.scalar(select(Subject.id).where(Subject.curriculum_id == course.curriculum_id))
    session = make.session(batch, subject_id=subject, lesson_hours=4, starts_at=time(8), ends_at=time(11))
    closing = make.session(
        batch,
        title="Penutupan",
        kind=SessionKind.CEREMONY,
        lesson_hours=0,
        held_on=batch.ends_on,
        starts_at=time(15),
        ends_at=time(16),
    )
    account = {name: make.user(None) for name in ACCOUNTS}
    asking = {name: make.trainee(user=account.get(name)) for name in ASKING}
    rows = {
        "asking": make.enrollment(batch, asking["asking"]),
        "second": make.enrollment(batch, asking["second"]),
        "waiting": make.enrollment(
            batch,
            asking["waiting"],
            status=EnrollmentStatus.WAITLISTED,
            waiting_since=entered,
        ),
        "offered": make.enrollment(
            batch,
            asking["offered"],
            status=EnrollmentStatus.OFFERED,
            offer_ends_at=clock.now() + timedelta(hours=12),
        ),
        "returned": make.enrollment(batch, asking["returned"], status=EnrollmentStatus.RETURNED),
        "seated": make.enrollment(
            batch,
            make.trainee(user=account["seated"]),
            status=EnrollmentStatus.ACCEPTED,
        ),
        "called": make.enrollment(batch, make.trainee(), status=EnrollmentStatus.CALLED),
        "put_off": make.enrollment(batch, make.trainee(), status=EnrollmentStatus.CONFIRMED),
        "retired": make.enrollment(
            batch,
            make.trainee(status=TraineeStatus.INACTIVE),
            status=EnrollmentStatus.ACCEPTED,
        ),
    }
    rows["withdrawn"] = make.enrollment(batch, make.trainee(), status=EnrollmentStatus.CALLED)
    attendee_of(rows["withdrawn"]).left_at = clock.now()
    rows["withdrawn"].status = EnrollmentStatus.WITHDRAWN
    seated = {name: attendee_of(rows[name]) for name in ("seated", "called", "put_off", "retired")}
    host, other_host = make.host(organiser), make.host(organiser)
    visit, asked = (
        make.visit(batch, host),
        make.visit(batch, other_host, status=VisitStatus.REQUESTED, granted_places=0),
    )
    third_host = make.host(organiser)
    proposed = make.visit(
        batch,
        third_host,
        status=VisitStatus.OTHER_DATE,
        granted_places=0,
        answer_note=proposal(batch.starts_on + timedelta(days=3), "Aula dipakai"),
    )
    for attendee in seated.values():
        make.attendance(session, attendee)
        make.mark(attendee)
    make.placement(visit, seated["called"])
    make.placement(visit, seated["put_off"], group=2)
    free = make.trainee()
    untold = {"person_kind": PersonKind.TRAINEE, "person_id": free.id, "name": free.name}
    notice = Notice(batch_id=batch.id, subject="Jadwal berubah", text="Sesi pindah.", **untold)
    db.session.add(notice)
    db.session.commit()
    newcomer = make.trainee(user=account["newcomer"], phone="+6281200000001", address="Jalan Melati 1")
    facilitator = make.facilitator(organiser)
    for name, role in (("dinas", Role.KABUPATEN_DINAS), ("signer", Role.SIGNER)):
        world.people[name] = person(make, name, role, "63.05")
    for each in (host, other_host):
        make.grant(account["host_contact"], Role.HOST_CONTACT, scope=(ScopeKind.HOST, each.id))
    for name, user in account.items():
        world.people[name] = signed(user, name)
    graduation = meeting(make, way, batch, seated, world)
    certificate = make.certificate(seated["called"], issued_on=min(batch.ends_on, today))
    arrive(way, batch, world)
    home.ids |= {
        "organiser_id": organiser.id,
        "course_id": course.id,
        "batch_id": batch.id,
        "batch_code": batch.code,
        "session_id": session.id,
        "block": session.block,
        "enrollment_id": rows["asking"].id,
        "attendee_id": seated["seated"].id,
        "visit_id": visit.id,
        "group": 1,
        "host_id": host.id,
        "graduation_id": graduation,
        "certificate_id": certificate.id,
        "trainee_id": free.id,
        "notice_id": notice.id,
    }
    home.more |= {f"enrollment {name}": row.id for name, row in rows.items()}
    home.more |= {
        "closing": closing.id,
        "asked_visit": asked.id,
        "proposed_visit": proposed.id,
        "accepted_visit": visit.id,
        "second_enrollment": rows["second"].id,
        "free": free.id,
        "facilitator": facilitator.id,
        "subject": subject,
        "starts_on": batch.starts_on,
        "today": today,
        "newcomer": newcomer.id,
        "learner": seated["seated"].id,
        "put_off": seated["put_off"].id,
        "done_attendee": seated["seated"].id,
    }
    assert queries.state_of(batch) is way.state, f"{way}: the batch is {queries.state_of(batch)}"
    return Scene(way, world, queries.standing_of(batch))


def meeting(make: Factories, way: Way, batch: Batch, seated: dict[str, Any], world: World) -> int:
    """Let the meeting be proposed and decided as far as the state says; else one was returned."""
    if way.stage is G.NONE:
        row = make.graduation(batch, *seated.values(), approved=False)
        row.status, row.return_reason = GraduationStatus.RETURNED, "Lengkapi dahulu"
        batch.graduation_stage = G.NONE
        db.session.commit()
        return row.id
    outcomes = {seated["put_off"].id: ResultOutcome.DEFERRED} if way.is_put_off else {}
    notes = dict.fromkeys(outcomes, "Laporan PKL belum diserahkan")
    dinas, signer = (db.session.get_one(User, world.people[name].user_id) for name in ("dinas", "signer"))
    row = assessment.propose_graduation(
        batch,
        held_on=batch.ends_on,
        outcomes=outcomes,
        notes=notes,
        by=dinas,
    )
    graduation_id = row.id
    if way.stage is not G.PROPOSED:
        assessment.approve_graduation(row, by=signer)
    return graduation_id


def arrive(way: Way, batch: Batch, world: World) -> None:
    """Store what the state is read from; a batch that was called off has ended what waited for it."""
    batch.status, batch.graduation_stage = way.status, way.stage
    batch.approved_label = None
    if way.stage in {G.APPROVED, G.CERTIFIED}:
        batch.approved_label = db.session.get_one(User, world.people["signer"].user_id).name
    if way.state is S.CANCELLED:
        for row in db.session.scalars(select(Enrollment).where(Enrollment.batch_id == batch.id)):
            row.ended_as, row.ended_at = SeatEnd.CANCELLED, clock.now()
            row.ended_reason = "Anggaran dialihkan"
    db.session.commit()
