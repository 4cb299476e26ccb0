"""The batch workspace with its list of duties, the people to be told, those who do not qualify any more; the
person page.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from app.auth.rules import Permission
from app.certificates.queries import Readable, is_renamed
from app.core import clock
from app.core.errors import RuleViolation
from app.core.phones import shown_phone
from app.core.text import Text, _
from app.courses import queries as courses
from app.courses.acts import Act
from app.courses.models import Batch
from app.enrollments import eligibility
from app.enrollments.queries import label_of
from app.notifications.queries import list_lapsed
from app.trainees import queries as trainees
from app.trainees import services
from app.trainees.alike import doubted_of
from app.trainees.models import Trainee
from app.web.access import requires
from app.workspace import queries, rail, rules
from app.workspace import services as workspace_services
from app.workspace.forms import AppointGraduatesForm, KeepForm, NotifiedForm
from app.workspace.rules import Duty

bp = Blueprint("workspace", __name__)


@dataclass(frozen=True)
class ShownDuty:
    """A duty as a reader of its batch sees it."""

    sentence: Text
    button: Text
    url: str
    when: Text | None
    is_late: bool
    blocked: Text | None
    may_act: bool


def shown(duty: Duty, batch: Batch, progress: rules.Progress) -> ShownDuty:
    """Return a duty with its address and whether this reader may do it."""
    may_act = may_do(duty, batch)
    return ShownDuty(
        duty.sentence_for(may_act),
        duty.button,
        address_of(duty, batch),
        rules.describe_when(duty.due, progress.today, progress.recorded_on),
        rules.is_late(duty.due, progress.today, progress.recorded_on),
        duty.blocked,
        may_act,
    )


def may_do(duty: Duty, batch: Batch) -> bool:
    """Say whether this reader may do what is to be done."""
    return bool(current_user.can(duty.permission, batch)) and (
        duty.not_by is None or duty.not_by != current_user.id
    )


def address_of(duty: Duty, batch: Batch) -> str:
    """Return the page on which a duty is done."""
    return url_for(duty.endpoint, **(duty.values or {"batch_id": batch.id}))


@bp.get("/batches/<int:batch_id>/workspace")
@requires(Permission.COURSE_SEE, on=courses.get_batch)
def show_batch(batch: Batch) -> Any:
    """Ringkasan: the life of a batch and everything that is still to be done: what this reader can do in
    front, each in its order.
    """
    progress = queries.progress_of(batch)
    duties = [shown(duty, batch, progress) for duty in rules.duties(progress)]
    steps = [
        {
            "label": step.label,
            "state": step.state.value,
            "note": step.note,
            "url": url_for(step.endpoint, batch_id=batch.id),
        }
        for step in rail.rail(progress)
    ]
    return render_template(
        "workspace/show_batch.html",
        batch=batch,
        progress=progress,
        steps=steps,
        duties=sorted(duties, key=lambda each: not each.may_act),
        may_tell=current_user.can(Permission.ENROLLMENT_DECIDE, batch),
    )


@bp.route("/batches/<int:batch_id>/notices", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=courses.get_batch)
def list_notices(batch: Batch) -> Any:
    """Belum dikabari: who is to be told what, with the number, the text, and a tick each."""
    form = NotifiedForm()
    answer = form.carry_out(
        lambda: workspace_services.mark_told(batch, form.chosen, by=current_user),
        to=url_for("workspace.list_notices", batch_id=batch.id),
        saying=lambda count: _("%(n)d dicatat sudah dikabari.", n=count),
    )
    if answer:
        return answer
    tellings = queries.list_tellings(batch)
    untold = [each for each in tellings if each.notice.told_at is None and each.notice.message_id is None]
    page = render_template(
        "workspace/list_notices.html",
        batch=batch,
        form=form,
        people=queries.by_person(untold),
        ids=[each.notice.id for each in untold],
        silence=queries.describe_silence(batch),
        sending=[
            each for each in tellings if each.notice.told_at is None and each.notice.message_id is not None
        ],
        told=[each for each in tellings if each.notice.told_at is not None],
        lapsed=list_lapsed(batch.id),
    )
    return page, form.status


@bp.route("/batches/<int:batch_id>/unfit", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_DECIDE, on=courses.get_batch)
def list_unfit(batch: Batch) -> Any:
    """Tidak lagi memenuhi syarat: each by name with the reason, and the choice: end the seat, or keep it with
    a reason.
    """
    people = eligibility.list_unfit(batch)
    form = KeepForm()

    def decide() -> None:
        held = next((each for each, _refusal in people if str(each.id) == form.enrollment.data), None)
        if held is None:
            gone = _("Orang ini tidak ada lagi dalam daftar. Periksa daftar di bawah.")
            raise RuleViolation(courses.refusal_to_act(Act.SEAT, batch) or gone)
        workspace_services.keep_enrollment(held, reason=form.reason.data, by=current_user)

    answer = form.carry_out(
        decide,
        to=url_for("workspace.list_unfit", batch_id=batch.id),
        saying=_("Tersimpan: tetap diikutkan, dengan alasannya."),
    )
    form.reason.id = f"reason-{form.enrollment.data or ''}"  # each person has a field of its own
    return answer or (
        render_template(
            "workspace/list_unfit.html",
            batch=batch,
            people=people,
            form=form,
            label_of=label_of,
            are_all_fit=queries.are_all_fit(batch),
            refusal_to_keep=courses.refusal_to_act(Act.SEAT, batch),
            refusal_to_end=courses.refusal_to_act(Act.WITHDRAW, batch),
        ),
        form.status,
    )


@bp.route("/batches/<int:batch_id>/appointment", methods=["GET", "POST"])
@requires(Permission.APPOINTMENT_MAKE, on=courses.get_batch)
def appoint_graduates(batch: Batch) -> Any:
    """Tetapkan sebagai PSM: one SK for the graduates of a batch who are still calon PSM,
    proposed as a whole.
    """
    graduates = queries.list_graduates_to_appoint(batch)
    organiser = batch.course.organiser
    outside = services.reasons_not_to_appoint(graduates, None, current_user)
    form = AppointGraduatesForm(trainees=[each.id for each in graduates if each.id not in outside])
    answer = form.carry_out(
        lambda: services.appoint(
            organiser,
            form.number.data or "",
            form.dated_on.data or clock.today(batch.zone),
            form.signer_name.data or "",
            trainees.list_trainees_by_id(form.trainees.ticked),
            current_user,
            before_training=form.before_training.data,
        ),
        to=lambda made: url_for("trainees.show_appointment", appointment_id=made.id),
        saying=lambda made: services.describe_appointment(made, form.trainees.ticked),
    )
    if answer:
        return answer
    ticked = [
        each
        for each in trainees.list_trainees_by_id(form.trainees.ticked)
        if current_user.can(Permission.TRAINEE_SEE, each)
    ]
    reasons = services.reasons_not_to_appoint(ticked, form.dated_on.data, current_user)
    form.trainees.offer({*graduates, *ticked}, outside | reasons)
    form.point_at_rows(reasons)
    page = render_template(
        "workspace/appoint_graduates.html",
        batch=batch,
        form=form,
        proposed=len(graduates) - len(outside),
        elsewhere=len(outside),
    )
    return page, form.status


@bp.get("/trainees/<int:trainee_id>")
@requires(Permission.TRAINEE_SEE, on=trainees.get_trainee)
def show_trainee(trainee: Trainee) -> Any:
    """Lembar PSM: one person's whole life as far as diklat goes; a record that was merged away says where
    that is.
    """
    if trainee.canonical_id is not None:
        person = trainees.canonical(trainee)
        return render_template(
            "workspace/show_duplicate.html",
            trainee=trainee,
            person=person,
            may_see=current_user.can(Permission.TRAINEE_SEE, person),
            may_merge=current_user.can(Permission.TRAINEE_MERGE, trainee)
            and current_user.can(Permission.TRAINEE_MERGE, person),
            office=trainees.office_over(
                current_user.reach(Permission.TRAINEE_SEE).areas, trainee.duty_region
            ),
        )
    life, merges = queries.life_of(trainee), trainees.merges_into(trainee)
    return render_template(
        "workspace/show_trainee.html",
        trainee=trainee,
        life=life,
        record_of_periods={
            period: trainees.record_of_period(period, merges) for period in (*life.standings, *life.posts)
        },
        doubted=doubted_of(trainee, current_user),
        misnamed=[each for each in life.certificates if is_renamed(each)],
        readable={
            each.id
            for each in life.certificates
            if current_user.can(Permission.CERTIFICATE_SEE, Readable(each))
        },
        label_of=label_of,
        phone=shown_phone(trainee.phone) if trainee.phone else None,
        merges=[(each, current_user.can(Permission.TRAINEE_MERGE, each)) for each in merges],
        may_edit=current_user.can(Permission.TRAINEE_EDIT, trainee),
        may_suggest=current_user.can(Permission.TRAINEE_REGISTER, trainee),
        may_see_nik=current_user.can(Permission.NIK_SEE, trainee),
    )
