"""The menu and the tabs of a batch: label, endpoint, permission; and which tone a state has.

The one place that says so.
"""

from typing import Any

from flask import request, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.scopes import ScopeKind
from app.core.text import _
from app.courses.acts import BatchState
from app.courses.models import Batch
from app.courses.queries import state_to_read
from app.trainees.models import Trainee
from app.trainees.rules import TraineeStatus

P = Permission


# What a reader opens once a month stands behind "Lainnya": the daily things keep one line on a desk.
RARE = {
    "fieldwork.list_hosts",
    "organisers.list_organisers",
    "auth.list_users",
    "dashboard.list_events",
    "courses.list_curricula",
}
STAFF_MENU = (
    (_("Tugas saya"), "dashboard.home", None),
    (_("Rencana"), "courses.list_courses", P.COURSE_SEE),
    (_("PSM"), "trainees.list_trainees", P.TRAINEE_SEE),
    (_("Sertifikat"), "certificates.list_register", P.CERTIFICATE_SEE),
    (_("Cakupan"), "coverage.choose_region", P.COVERAGE_SEE),
    (_("Lokasi PKL"), "fieldwork.list_hosts", P.HOST_EDIT),
    (_("Kurikulum"), "courses.list_curricula", P.COURSE_EDIT),
    (_("Penyelenggara"), "organisers.list_organisers", P.ORGANISER_EDIT),
    (_("Pengguna"), "auth.list_users", P.USER_MANAGE),
    (_("Riwayat"), "dashboard.list_events", P.AUDIT_SEE),
)
OWN_MENU = (
    (_("Beranda saya"), "dashboard.home"),
    (_("Diklat yang dibuka"), "courses.list_open_batches"),
    (_("Pendaftaran saya"), "enrollments.list_own_enrollments"),
    (_("Sertifikat saya"), "certificates.list_own_certificates"),
    (_("Data saya"), "trainees.show_own_data"),
)
PUBLIC_MENU = (
    (_("Diklat yang dibuka"), "courses.list_open_batches"),
    (_("Periksa sertifikat"), "certificates.ask_for_code"),
)
TABS = (
    ("overview", _("Ringkasan"), "workspace.show_batch", P.COURSE_SEE),
    ("schedule", _("Jadwal"), "courses.show_schedule", P.COURSE_SEE),
    ("participants", _("Peserta"), "enrollments.list_enrollments", P.ENROLLMENT_SEE),
    ("attendance", _("Kehadiran"), "attendance.show_attendance", P.ATTENDANCE_SEE),
    ("fieldwork", _("PKL"), "fieldwork.show_fieldwork", P.COURSE_SEE),
    ("graduation", _("Nilai & Kelulusan"), "assessment.show_graduation", P.GRADUATION_SEE),
    ("certificates", _("Sertifikat"), "certificates.list_certificates", P.CERTIFICATE_SEE),
)
BATCH_TONES = {
    BatchState.DRAFT: "neutral",
    BatchState.OPEN: "ok",
    BatchState.CLOSED: "wait",
    BatchState.RUNNING: "attention",
    BatchState.OVER: "attention",
    BatchState.PROPOSED: "wait",
    BatchState.APPROVED: "ok",
    BatchState.CERTIFIED: "ok",
    BatchState.FINISHED: "neutral",
    BatchState.CANCELLED: "stop",
}
STANDING_TONES = {
    TraineeStatus.CANDIDATE: "wait",
    TraineeStatus.ACTIVE: "ok",
    TraineeStatus.DECEASED: "neutral",
}


def init_navigation(app: Any) -> None:
    """Make the menu, the tabs and the tones known to all templates."""
    app.context_processor(
        lambda: {
            "nav_items": menu(),
            "account_url": url_for("auth.show_account"),
            "sign_in_url": url_for("auth.sign_in"),
        }
    )
    app.jinja_env.globals.update(
        batch_tabs=batch_tabs,
        batch_state=state_to_read,
        batch_tone=lambda batch: BATCH_TONES[state_to_read(batch)],
        standing_tone=standing_tone,
    )


def menu() -> list[dict[str, Any]]:
    """Return what this reader may open, in the order of life."""
    if not current_user.is_authenticated:
        entries = list(PUBLIC_MENU)
    elif current_user.is_staff:
        entries = [
            (label, endpoint)
            for label, endpoint, permission in STAFF_MENU
            if permission is None or current_user.can(permission)
        ]
        named_for = current_user.reach(P.ATTENDANCE_RECORD).ids
        if named_for.get(ScopeKind.SESSION):
            entries.append((_("Sesi saya"), "attendance.list_own_sessions"))
        if current_user.reach(P.VISIT_ANSWER).ids.get(ScopeKind.HOST):
            entries.append((_("Kunjungan PKL"), "fieldwork.list_my_visits"))
    else:
        entries = list(OWN_MENU)
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "active": request.endpoint == endpoint,
            "rare": endpoint in RARE,
        }
        for label, endpoint in entries
    ]


def batch_tabs(batch: Batch, active: str) -> list[tuple[Any, str, bool]]:
    """Return the tabs of a batch that this reader may open; a batch without field practice has
    no such tab.
    """
    return [
        (label, url_for(endpoint, batch_id=batch.id), name == active)
        for name, label, endpoint, permission in TABS
        if current_user.can(permission, batch)
        and (name != "fieldwork" or batch.course.fieldwork_required or active == name)
    ]


def standing_tone(trainee: Trainee) -> str:
    """Return how a standing is marked."""
    return STANDING_TONES.get(trainee.status, "stop")
