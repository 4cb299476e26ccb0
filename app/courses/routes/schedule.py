"""Jadwal: the agenda of a batch by day in JP, the totals against the curriculum, and the
sessions one by one.
"""

from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.core import clock
from app.core.text import Text, _
from app.courses import ports, queries, services
from app.courses.acts import Act
from app.courses.forms import ChangeSessionForm, ReasonForm, SessionForm
from app.courses.models import Batch, TrainingSession
from app.courses.reference import RUNDOWNS, days_of
from app.courses.routes.blueprint import bp
from app.courses.routes.life import STATUSES, describe_after, refusal_now
from app.courses.rules import BatchStatus
from app.courses.session_rules import describe_cancelling, hints_on_days, hours_for_one
from app.extensions import db
from app.web.access import requires
from app.web.forms import ActionForm, values_of


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
        (
            day,
            rows,
            hours_for_one((each.group, each.lesson_hours) for each in rows if each.cancelled_at is None),
        )
        for day, grouped in groupby(sessions, key=lambda each: each.held_on)
        for rows in [list(grouped)]
    ]
    may_edit = current_user.can(Permission.COURSE_EDIT, batch)
    refusals = {act: refusal_now(act, batch) for act in STATUSES} if may_edit else {}
    refusal_to_schedule = queries.refusal_to_act(Act.CHANGE_SCHEDULE, batch)
    page = render_template(
        "courses/show_schedule.html",
        batch=batch,
        form=form,
        days=days,
        totals=totals,
        planned=hours_for_one((each.group, each.lesson_hours) for each in held),
        wanted=sum(total.wanted for total in totals),
        warnings=queries.readiness(batch),
        model_days=_model_days(batch) if not held else None,
        batch_days=(batch.ends_on - batch.starts_on).days + 1,
        may_edit=may_edit,
        may_schedule=may_edit and refusal_to_schedule is None,
        refusal_to_schedule=refusal_to_schedule,
        refusal_to_change=queries.refusal_to_act(Act.CHANGE_PLAN, batch),
        moves=[act for act, refusal in refusals.items() if _is_offered(act, batch, refusal)],
        refused=[
            refusal for act, refusal in refusals.items() if refusal and not _is_offered(act, batch, refusal)
        ],
    )
    return page, form.status


def _model_days(batch: Batch) -> int | None:
    """Return how many days the model rundown of the tier takes, or None where there is none."""
    tier_code = batch.course.tier.code
    return days_of(tier_code) if tier_code in RUNDOWNS else None


def _is_offered(act: Act, batch: Batch, refusal: Text | None) -> bool:
    """Say whether the button of a move stands on the page: opening also while facts are missing, for its page
    names them.
    """
    is_open_to_complete = (
        act is Act.OPEN and batch.status is BatchStatus.DRAFT and queries.refusal_to_act(act, batch) is None
    )
    return refusal is None or is_open_to_complete


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
    form.offer(
        batch,
        queries.list_subjects(batch.course.curriculum),
        queries.list_facilitators(batch.course.organiser),
    )


@bp.route("/batches/<int:batch_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_batch)
def schedule_session(batch: Batch) -> Any:
    """A new session; whoever takes part is told of it."""
    batch_id = batch.id
    told = (
        []
        if _reaches_nobody(batch)
        else [(count, words) for words, count in ports.concerned(batch.id, ports.AboutSession())]
    )
    form = SessionForm()
    _offer(form, batch)
    answer = form.carry_out(
        lambda: services.schedule_session(batch, by=current_user, **form.facts),
        to=lambda _session: _to(batch),
        saying=lambda session: describe_after(
            batch_id, _("Sesi tersimpan."), hints_on_days([session.held_on])
        ),
    )
    return answer or (
        render_template(
            "courses/schedule_session.html",
            batch=batch,
            form=form,
            told=told,
            refusal=queries.refusal_to_act(Act.CHANGE_SCHEDULE, batch),
        ),
        form.status,
    )


@bp.route("/sessions/<int:session_id>/edit", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_session)
def change_session(session: TrainingSession) -> Any:
    """Change a session; where presence is entered, say what becomes of it."""
    batch, batch_id, entered, had = (
        session.batch,
        session.batch_id,
        ports.presence_of(session.id),
        session.lesson_hours,
    )
    form, before = ChangeSessionForm(obj=session), ports.warnings_of(batch_id)
    _offer(form, batch)
    form.ask_of_presence(entered)
    form.over(lambda: values_of(session, form))

    def decide() -> None:
        queries.lock_batch(batch_id)
        db.session.refresh(session)
        form.refuse_stale()
        services.change_session(session, by=current_user, keep_presence=form.keep_presence, **form.facts)

    answer = form.carry_out(
        decide,
        to=lambda _none: _to(batch),
        saying=lambda _none: describe_after(
            batch_id,
            (
                _with_missing(batch, _("Sesi tersimpan."))
                if session.lesson_hours < had
                else _("Sesi tersimpan.")
            ),
            ports.warnings_since(batch_id, before),
        ),
    )
    return answer or (
        render_template(
            "courses/change_session.html",
            batch=batch,
            session=session,
            form=form,
            entered=entered,
            told=_notified_of(session),
            refusal=queries.refusal_to_act(Act.CHANGE_SCHEDULE, batch),
        ),
        form.status,
    )


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@requires(Permission.COURSE_EDIT, on=queries.get_session)
def cancel_session(session: TrainingSession) -> Any:
    """Take a session out of the schedule, with the reason."""
    batch, batch_id = session.batch, session.batch_id
    form, before = ReasonForm(), ports.warnings_of(batch_id)
    answer = form.carry_out(
        lambda: services.cancel_session(session, reason=form.reason.data, by=current_user),
        to=lambda _none: _to(batch),
        saying=lambda _none: describe_after(
            batch_id, _with_missing(batch, _("Sesi dibatalkan.")), ports.warnings_since(batch_id, before)
        ),
    )
    return answer or (
        render_template(
            "courses/cancel_session.html",
            batch=batch,
            session=session,
            form=form,
            lost=describe_cancelling(session.lesson_hours, ports.presence_of(session.id)),
            holds_up=queries.describe_missing_hours(batch, without=session) if session.lesson_hours else None,
            strays=ports.warnings_since(batch_id, before, without=session.id),
            told=_notified_of(session),
            refusal=queries.refusal_to_act(Act.CHANGE_SCHEDULE, batch),
        ),
        form.status,
    )


def _with_missing(batch: Batch, words: Text) -> Text:
    """Say, after what was done, what the schedule holds up now where it lacks JP."""
    missing = queries.describe_missing_hours(batch)
    return _("%(words)s %(missing)s", words=words, missing=missing) if missing else words


def _notified_of(session: TrainingSession) -> list[tuple[int, Text]]:
    """Return who would be told of a change of this session, in numbers; nobody of a draft, a record, or a day
    that has passed.
    """
    batch = session.batch
    if _reaches_nobody(batch) or session.held_on < clock.today(batch.zone):
        return []
    told = [(count, words) for words, count in ports.concerned(batch.id, services.about_of(session))]
    return [*told, *([(1, _("pengajar sesi ini"))] if session.facilitator_id else [])]


def _reaches_nobody(batch: Batch) -> bool:
    return batch.status is BatchStatus.DRAFT or queries.is_record(batch)
