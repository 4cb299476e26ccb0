"""First pages by role, each beginning with the next thing to do; the event log; the two pages that machines ask."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import text

from app.audit import queries as audit
from app.auth.rules import Permission, Role
from app.core import clock, heartbeat
from app.core.scopes import ScopeKind
from app.core.text import _
from app.courses import queries as courses
from app.dashboard import queries, rules
from app.dashboard.rules import Waiting
from app.extensions import db
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
            url = url_for(step.endpoint, batch_id=batch.id)
            waiting.append(Waiting(step.sentence, step.button, url, _("%(title)s, %(code)s", title=batch.course.title, code=batch.code)))
    sessions = queries.list_named_sessions(current_user.reach(Permission.ATTENDANCE_RECORD).ids.get(ScopeKind.SESSION, frozenset()))
    visits = queries.list_open_visits(current_user.reach(Permission.VISIT_ANSWER).ids.get(ScopeKind.HOST, frozenset()))
    waiting = [*(waiting_visit(visit) for visit in visits), *waiting_sessions(sessions), *waiting]
    kecamatan = [str(code) for role, kind, code in current_user.grants_in_force() if role is Role.TKSK and kind is ScopeKind.REGION]
    return render_template(
        "dashboard/staff_home.html",
        waiting=waiting,
        rows=rows,
        sessions=[session for session, _recorded in sessions],
        kecamatan=queries.list_kecamatan(kecamatan) if kecamatan else [],
    )


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
    waiting = None
    for enrollment in enrollments:
        batch = enrollment.batch
        sentence = rules.own_sentence(enrollment.status, starts_on=batch.starts_on, today=clock.today(batch.zone))
        earned = any(certificate.batch_id == batch.id for certificate in certificates)
        if sentence and not earned and clock.today(batch.zone) <= batch.ends_on:
            url = url_for("enrollments.list_own_enrollments")
            waiting = Waiting(
                sentence, _("Lihat pendaftaran saya"), url, _("%(title)s, %(place)s", title=batch.course.title, place=batch.venue)
            )
            break
    if waiting is None and certificates:
        waiting = Waiting(rules.CERTIFIED_SENTENCE, _("Buka sertifikat saya"), url_for("certificates.list_own_certificates"))
    if waiting is None:
        waiting = Waiting(rules.JOIN_SENTENCE, _("Lihat diklat yang dibuka"), url_for("courses.list_open_batches"))
    return render_template(
        "dashboard/volunteer_home.html",
        trainee=trainee,
        waiting=waiting,
        enrollments=enrollments[:SHOWN_ON_HOME],
        certificates=certificates,
    )


@bp.get("/events")
@requires(Permission.AUDIT_SEE)
def list_events() -> Any:
    """Riwayat perubahan: what was done within one's own region."""
    page = audit.page_of_events(current_user.reach(Permission.AUDIT_SEE), after=request.args.get("after"))
    return render_template("dashboard/list_events.html", page=page)


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
