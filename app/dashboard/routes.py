"""First pages by role, each beginning with the next thing to do; the event log; the two pages that machines ask."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text

from app.attendance import queries as attendance
from app.audit import queries as audit
from app.auth.rules import RIGHTS, Permission, Role
from app.core import clock, heartbeat
from app.core.dates import date_range
from app.core.scopes import ScopeKind
from app.core.text import Text, _
from app.courses import queries as courses
from app.courses.queries import is_over
from app.coverage import queries as coverage
from app.dashboard import queries, rules
from app.dashboard.acts import said_of, subject_of
from app.dashboard.rules import Waiting
from app.enrollments.eligibility import next_batches
from app.enrollments.models import Enrollment
from app.enrollments.rules import ENDED, NOT_SERVING
from app.extensions import db
from app.regions.models import Region
from app.regions.queries import find_region
from app.regions.rules import WIB, Level, level_of
from app.trainees.models import Trainee
from app.trainees.queries import qualifications_of
from app.trainees.rules import Held
from app.web.access import public, requires
from app.workspace import queries as workspace
from app.workspace import rules as life

bp = Blueprint("dashboard", __name__)

SHOWN_ON_HOME = 5


@bp.get("/")
@public
def home() -> Any:
    """Lead each reader to the own first page."""
    if not current_user.is_authenticated:
        return render_template("dashboard/public_home.html", batches=courses.list_open_batches()[:SHOWN_ON_HOME])
    trainee = queries.own_record(current_user.id)
    if current_user.is_staff or trainee is None:
        return staff_home()
    return volunteer_home(trainee)


def staff_home() -> Any:
    """Tugas saya: one queue of what waits for this person, then the batches, sessions and visits behind it."""
    batches = workspace.list_current_batches(current_user.reach(Permission.COURSE_SEE))
    waiting, rows = [], []
    for batch in batches:
        step = life.next_step(workspace.progress_of(batch))
        rows.append((batch, step))
        if step and current_user.can(step.permission, batch):
            waiting.append(
                Waiting(
                    step.sentence,
                    step.button,
                    address_of_step(step, batch),
                    _("%(title)s, %(code)s", title=batch.course.title, code=batch.code),
                )
            )
    sessions = queries.list_named_sessions(current_user.reach(Permission.ATTENDANCE_RECORD).ids.get(ScopeKind.SESSION, frozenset()))
    hosts = current_user.reach(Permission.VISIT_ANSWER).ids.get(ScopeKind.HOST, frozenset())
    visits = queries.list_open_visits(hosts)
    waiting = [*(waiting_visit(visit) for visit in visits), *waiting_sessions(sessions), *waiting]
    kecamatan = [str(code) for role, kind, code in current_user.grants_in_force() if role is Role.TKSK and kind is ScopeKind.REGION]
    return render_template(
        "dashboard/staff_home.html",
        waiting=waiting,
        untrained=untrained_places(),
        rows=rows,
        sessions=[session for session, _recorded in sessions],
        tiers={tier.rank: tier.label for tier in courses.list_tiers()} if kecamatan else {},
        visits=queries.list_coming_visits(hosts, clock.today(WIB)),
        kecamatan=[(each, queries.desa_with_people(each, clock.today(each.zone))) for each in queries.list_kecamatan(kecamatan)]
        if kecamatan
        else [],
    )


def untrained_places() -> list[tuple[Region, int]]:
    """Return each kabupaten/kota that this person looks after, with the number of its desa without trained PSM."""
    reach = current_user.reach(Permission.COVERAGE_SEE)
    places: list[tuple[Region, int]] = []
    for role, kind, code in sorted(current_user.grants_in_force()):
        if kind is ScopeKind.REGION and Permission.COVERAGE_SEE in RIGHTS[role] and level_of(str(code)) is Level.KABUPATEN:
            region = find_region(str(code))
            if region and region not in [place for place, _count in places]:
                places.append((region, coverage.coverage_of(region, None, reach).total.untrained))
    return places


def address_of_step(step: life.NextStep, batch: Any) -> str:
    """Return where a step is taken: of presence the half day itself, of all else the page of the batch."""
    if step.endpoint == "attendance.show_attendance":
        block = attendance.next_block(attendance.blocks_of(batch), clock.today(batch.zone))
        if block:
            return url_for("attendance.record_block", batch_id=batch.id, block=block.name)
    return url_for(step.endpoint, batch_id=batch.id)


def waiting_visit(visit: Any) -> Waiting:
    """Return the request that a host has to answer."""
    sentence = _("%(title)s memohon tempat PKL untuk %(n)d peserta.", title=visit.batch.course.title, n=visit.requested_places)
    return Waiting(
        sentence, _("Jawab permohonan"), url_for("fieldwork.answer_visit", visit_id=visit.id), _("%(host)s", host=visit.host.name)
    )


def waiting_sessions(sessions: list[tuple[Any, int]]) -> list[Waiting]:
    """Return the first session that has begun and has no presence yet."""
    for session, recorded in sessions:
        if not recorded and session.lesson_hours and session.begins <= clock.now():
            sentence = _("Kehadiran sesi “%(title)s” belum dicatat.", title=session.title)
            url = url_for("attendance.record_session", session_id=session.id)
            return [Waiting(sentence, _("Catat kehadiran"), url, _("%(title)s", title=session.batch.course.title))]
    return []


def volunteer_home(trainee: Any) -> Any:
    """Beranda saya: where the running application stands, and what was earned."""
    certificates = queries.own_certificates(trainee)
    enrollments = queries.own_enrollments(trainee)
    earned_in = {certificate.batch_id for certificate in certificates}
    waiting = None
    for enrollment in enrollments:
        batch = enrollment.batch
        sentence = rules.own_sentence(enrollment.status, starts_on=batch.starts_on, today=clock.today(batch.zone))
        if sentence and batch.id not in earned_in and not is_over(batch):
            url = url_for("enrollments.list_own_enrollments")
            waiting = Waiting(
                sentence, _("Lihat pendaftaran saya"), url, _("%(title)s, %(place)s", title=batch.course.title, place=batch.venue)
            )
            break
    if waiting is None and certificates:
        newest = url_for("certificates.show_own_certificate", certificate_id=certificates[0].id)
        waiting = Waiting(rules.CERTIFIED_SENTENCE, _("Buka sertifikat saya"), newest)
    if waiting is None:
        waiting = Waiting(rules.JOIN_SENTENCE, _("Lihat diklat yang dibuka"), url_for("courses.list_open_batches"))
    return render_template(
        "dashboard/volunteer_home.html",
        trainee=trainee,
        waiting=waiting,
        journey=[journey_step(each, earned_in) for each in enrollments[:SHOWN_ON_HOME]],
        certificates=certificates,
        rungs=[(each, *rung_link(each)) for each in own_ladder(trainee, enrollments)],
    )


def journey_step(enrollment: Enrollment, earned_in: set[int]) -> dict[str, Any]:
    """Return one diklat of a volunteer as the time line shows it: earned, over, or where it stands."""
    batch = enrollment.batch
    earned = batch.id in earned_in
    over = earned or enrollment.status in ENDED or is_over(batch)
    return {
        "title": batch.course.title,
        "when": date_range(batch.starts_on, batch.ends_on),
        "note": _("Sertifikat sudah terbit") if earned else enrollment.status.label,
        "state": "done" if over else "now",
    }


def own_ladder(trainee: Trainee, enrollments: list[Enrollment]) -> list[rules.Rung]:
    """Return the rungs as this volunteer stands on them."""
    today = clock.today(trainee.duty_region.zone)
    qualifications = qualifications_of(trainee)
    held = [Held(each.tier.rank, each.held_from, each.held_to) for each in qualifications]
    numbers = {each.tier_id: each.number for each, facts in zip(qualifications, held, strict=True) if facts.holds_on(today)}
    running = {each.tier_id: each for each in reversed(enrollments) if each.status not in ENDED}
    nearest = next_batches(trainee)
    facts = []
    for tier in courses.list_tiers():
        asked, batch = running.get(tier.id), nearest.get(tier.id)
        facts.append(
            rules.RungFacts(
                tier.rank,
                tier.label,
                below=tier.prerequisite.rank if tier.prerequisite else None,
                number=numbers.get(tier.id),
                enrolled=asked and asked.status.label,
                enrolled_in=asked.batch.course.title if asked else "",
                course=batch and rules.NextCourse(batch.id, batch.course.title, batch.starts_on, batch.venue),
            )
        )
    not_serving = trainee.status in NOT_SERVING
    hindrance = _("Status Anda %(status)s. Tanyakan kepada dinas sosial bila itu keliru.", status=str(trainee.status.label).lower())
    return rules.ladder(facts, held, today=today, hindrance=hindrance if not_serving else None)


def rung_link(rung: rules.Rung) -> tuple[str | None, Text | None]:
    """Return where one tap on a rung leads, and its words."""
    state = rules.RungState
    if rung.state is state.HELD:
        return url_for("certificates.list_own_certificates"), _("Buka sertifikat saya")
    if rung.state is state.RUNNING:
        return url_for("enrollments.list_own_enrollments"), _("Lihat pendaftaran saya")
    if rung.batch_id is not None:
        words = _("Lihat diklat ini") if rung.state is state.OPEN else _("Lihat diklat yang membantu")
        return url_for("courses.show_sheet", batch_id=rung.batch_id), words
    return None, None


@bp.get("/events")
@requires(Permission.AUDIT_SEE)
def list_events() -> Any:
    """Riwayat perubahan: what was done within one's own region."""
    page = audit.page_of_events(current_user.reach(Permission.AUDIT_SEE), after=request.args.get("after"))
    return render_template("dashboard/list_events.html", page=page, said_of=said_of, subject_of=subject_of)


@bp.get("/healthz")
@public
def show_health() -> Any:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def show_readiness() -> Any:
    """The database answers and the worker is alive: 200, else 503 naming what is not."""
    db.session.execute(text("SELECT 1"))
    alive = heartbeat.worker_is_alive(current_app.config["SETTINGS"].data_dir)
    body = {"database": "ok", "worker": "ok" if alive else "silent"}
    return (body, 200) if alive else (body, 503, {"Retry-After": "5"})
