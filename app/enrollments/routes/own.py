"""What a volunteer does: may I join, enrol, see where I stand, answer, withdraw."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from app.core.text import Text, _
from app.courses.queries import get_batch, is_over
from app.courses.rules import BatchStatus
from app.enrollments import eligibility, queries, rules, services
from app.enrollments.forms import OwnAnswerForm, OwnContactForm, OwnWithdrawForm
from app.enrollments.models import Enrollment
from app.enrollments.routes.blueprint import bp
from app.enrollments.rules import EnrollmentStatus
from app.trainees.models import Trainee
from app.trainees.queries import same_person_ids, trainee_of
from app.trainees.rules import shown_phone
from app.web.access import ask_to_sign_in, public, signed_in

S = EnrollmentStatus


@bp.route("/batches/<int:batch_id>/enroll", methods=["GET", "POST"])
@public
def enroll_self(batch_id: int) -> Any:
    """May I join, what is missing; known: Periksa data Anda and the button; signed out, and it can be joined: the first question."""
    batch = get_batch(batch_id)
    if batch is None or batch.status is BatchStatus.DRAFT:
        abort(404)
    if not current_user.is_authenticated:
        if request.method == "POST":
            return ask_to_sign_in()
        if rules.refusal_by_batch(eligibility.facts_of_newcomer(batch)) is None:
            return redirect(url_for("enrollments.register_self", batch=batch.id), 303)
    person = trainee_of(current_user.id) if current_user.is_authenticated else None
    form = OwnContactForm(phone=person and person.phone and shown_phone(person.phone), address=person and person.address)
    if person is not None:
        answer = form.carry_out(
            lambda: services.enroll_oneself(batch, person, phone=form.phone.checked, address=form.address.checked, by=current_user),
            to=url_for("enrollments.list_own_enrollments"),
            saying=_what_became,
        )
        if answer:
            return answer
    elif form.is_submitted():
        form.status = 422
    facts = eligibility.facts_of_asking(batch, [person])[person.id] if person else eligibility.facts_of_newcomer(batch)
    page = render_template(
        "enrollments/enroll_self.html",
        batch=batch,
        form=form,
        person=person,
        conflict=rules.already_so(facts),
        reasons=rules.reasons_not_to_enroll(facts) if person else [each for each in [rules.refusal_by_batch(facts)] if each],
        taken=queries.count_seats(batch.id),
        waiting=len(queries.queue_of(batch.id)),
    )
    return page, form.status


def _what_became(enrollment: Enrollment) -> Text:
    if enrollment.status is S.ACCEPTED:
        return _("Anda diterima. Sampai bertemu di %(venue)s.", venue=enrollment.batch.venue)
    if enrollment.status is S.WAITLISTED:
        return _(
            "Ke-%(quota)d tempat sudah terisi. Anda cadangan ke-%(position)d. "
            "Bila ada yang batal, kami menawarkan tempatnya kepada Anda.",
            quota=enrollment.batch.quota, position=queries.position_in_queue(enrollment),
        )  # fmt: skip
    return _("Pendaftaran Anda terkirim. Panitia akan memeriksanya.")


@bp.route("/me/enrollments")
@signed_in
def list_own_enrollments() -> Any:
    """My applications, where each stands, and the next thing to do."""
    mine = _own_enrollments()
    return render_template(
        "enrollments/list_own_enrollments.html",
        mine=mine,
        next_one=next((each for each in mine if each.status in rules.WAITS_FOR_PERSON and not is_over(each.batch)), None),
        positions=queries.positions({each.batch_id for each in mine if each.status is S.WAITLISTED}),
        tone_of=rules.tone_of,
        ended=rules.ENDED,
        has_record=bool(mine) or _own_record() is not None,
    )


@bp.route("/me/enrollments/answer", methods=["GET", "POST"])
@signed_in
def answer_own_enrollment() -> Any:
    """Take an offered seat, say that I will come, or send a mended enrollment again."""
    form = OwnAnswerForm()
    enrollment = _own_running(form.batch.data or request.args.get("batch", ""))
    answer = form.carry_out(
        lambda: services.answer_own(enrollment, form.chosen, by=current_user),
        to=url_for("enrollments.list_own_enrollments"),
        saying=_("Terima kasih. Jawaban Anda tersimpan."),
    )
    return answer or (
        render_template("enrollments/answer_own_enrollment.html", enrollment=enrollment, form=form, answers=rules.OWN_ANSWERS),
        form.status,
    )


@bp.route("/me/enrollments/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_own_enrollment() -> Any:
    """Say that I cannot come; the seat becomes free for somebody else."""
    form = OwnWithdrawForm()
    enrollment = _own_running(form.batch.data or request.args.get("batch", ""))
    form.batch.data = enrollment.batch.code
    answer = form.carry_out(
        lambda: services.withdraw(enrollment, reason=form.reason.data, by=current_user),
        to=url_for("enrollments.list_own_enrollments"),
        saying=_("Terima kasih sudah memberi tahu. Pendaftaran Anda dibatalkan."),
    )
    return answer or (render_template("enrollments/withdraw_own_enrollment.html", enrollment=enrollment, form=form), form.status)


def _own_record() -> Trainee | None:
    return trainee_of(current_user.id)


def _own_enrollments() -> list[Enrollment]:
    person = _own_record()
    return queries.enrollments_of(same_person_ids(person)) if person else []


def _own_running(code: str) -> Enrollment:
    """Return the own enrollment that has not ended in the batch of this code; all else is unknown."""
    found = next((each for each in _own_enrollments() if each.batch.code == code and each.status not in rules.ENDED), None)
    return found or abort(404)
