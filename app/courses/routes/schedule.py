"""Jadwal: the agenda of a batch by day in JP, the totals against the curriculum, and the sessions one by one."""

from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core.text import _
from app.courses import queries, services
from app.courses.forms import ReasonForm, SessionForm
from app.courses.models import Batch, TrainingSession
from app.courses.reference import RUNDOWNS, days_of
from app.courses.routes.blueprint import bp
from app.courses.rules import ENDED, TRANSITIONS, hours_for_one
from app.web.access import requires
from app.web.forms import ActionForm


@bp.route("/batches/<int:batch_id>/sessions")
@requires(Permission.COURSE_SEE, on=queries.get_batch)
def show_schedule(batch: Batch) -> Any:
    """The agenda by day, what it adds up to, what deserves a warning."""
    return _schedule(batch, ActionForm())


def _schedule(batch: Batch, form: ActionForm) -> Any:
    sessions = queries.list_sessions(batch, cancelled=True)
    held = [each for each in sessions if each.cancelled_at is None]
    totals = queries.list_subject_totals(batch, held)
    days = [
        (day, rows, hours_for_one((each.group, each.lesson_hours) for each in rows if each.cancelled_at is None))
        for day, grouped in groupby(sessions, key=lambda each: each.held_on)
        for rows in [list(grouped)]
    ]
    tier_code = batch.course.tier.code
    page = render_template(
        "courses/show_schedule.html",
        batch=batch,
        form=form,
        days=days,
        totals=totals,
        planned=hours_for_one((each.group, each.lesson_hours) for each in held),
        wanted=sum(total.wanted for total in totals),
        warnings=queries.readiness(batch),
        model_days=days_of(tier_code) if tier_code in RUNDOWNS and not held else None,
        may_edit=current_user.can(Permission.COURSE_EDIT, batch) and batch.status not in ENDED,
        next_states={state.value for state in TRANSITIONS[batch.status]} if current_user.can(Permission.COURSE_EDIT, batch) else set(),
    )
    return page, form.status


@bp.route("/batches/<int:batch_id>/copy-rundown", methods=["POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def copy_rundown(batch: Batch) -> Any:
    """Place the model rundown."""
    form = ActionForm()
    answer = form.carry_out(
        lambda: len(services.copy_rundown(batch, by=current_user)),
        to=lambda _count: _to(batch),
        saying=lambda count: _("%(count)d sesi disalin dari model. Sesuaikan seperlunya.", count=count),
    )
    return answer or _schedule(batch, form)


def _to(batch: Batch) -> str:
    return url_for("courses.show_schedule", batch_id=batch.id)


def _offer(form: SessionForm, batch: Batch) -> None:
    form.offer(batch, queries.list_subjects(batch.course.curriculum), queries.list_facilitators(batch.course.organiser))


@bp.route("/batches/<int:batch_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def schedule_session(batch: Batch) -> Any:
    """A new session."""
    form = SessionForm()
    _offer(form, batch)
    answer = form.carry_out(
        lambda: services.schedule_session(batch, by=current_user, **form.facts), to=lambda _session: _to(batch), saying=_("Sesi tersimpan.")
    )
    return answer or (render_template("courses/schedule_session.html", batch=batch, form=form), form.status)


@bp.route("/sessions/<int:session_id>/edit", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_session)
def change_session(session: TrainingSession) -> Any:
    """Change a session."""
    batch = session.batch
    form = SessionForm(obj=session)
    _offer(form, batch)
    answer = form.carry_out(
        lambda: services.change_session(session, by=current_user, **form.facts), to=lambda _none: _to(batch), saying=_("Sesi tersimpan.")
    )
    return answer or (render_template("courses/change_session.html", batch=batch, session=session, form=form), form.status)


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_session)
def cancel_session(session: TrainingSession) -> Any:
    """Take a session out of the schedule, with the reason."""
    batch = session.batch
    form = ReasonForm()
    answer = form.carry_out(
        lambda: services.cancel_session(session, reason=form.reason.data, by=current_user),
        to=lambda _none: _to(batch),
        saying=_("Sesi dibatalkan."),
    )
    return answer or (render_template("courses/cancel_session.html", batch=batch, session=session, form=form), form.status)
